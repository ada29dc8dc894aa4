/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the files of doors/log/audit*.c share.
 */
#ifndef DOORS_LOG_AUDIT_IN_H
#define DOORS_LOG_AUDIT_IN_H

#include "doors/log/audit.h"
#include "rules/tree.h"

enum { AUDIT_LEVELS = 8 };

/* The tile at the right edge of a level. */
struct level {
    struct tree_hash hashes[TILE_WIDTH];
    unsigned count;
    uint64_t index;
};

/* About 80 kB. */
struct log_auditing {
    struct log_audit *audit;
    struct log_files files;
    struct policy *policy;
    struct hash_sha256_ctx sha;
    struct tree_frontier tree;
    struct level levels[AUDIT_LEVELS];
    struct buf bundle;
    size_t ends[TILE_WIDTH]; /* of its entries */
    uint64_t *kept;          /* sizes of checkpoints/, ascending */
    size_t kept_n, kept_room, kept_at;
    struct tree_hash root; /* of the last checkpoint */
};

void audit_say(struct log_auditing *auditing, const char *what, str file, int64_t expected,
               int64_t found);

/* --- audit_kept.c --- */

/* Reads policy, checkpoint and the list of kept ones. */
no audit_begin(struct log_auditing *auditing) MUST_USE;
/* Compares those whose size the walk has reached. */
no audit_kept(struct log_auditing *auditing) MUST_USE;
/* At the end: the last checkpoint, and kept ones that are larger. */
no audit_last(struct log_auditing *auditing) MUST_USE;

#endif
