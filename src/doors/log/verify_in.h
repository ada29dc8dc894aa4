/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the files of doors/log/verify*.c share.
 */
#ifndef DOORS_LOG_VERIFY_IN_H
#define DOORS_LOG_VERIFY_IN_H

#include "doors/log/verify.h"
#include "rules/tree.h"

enum { WALK_LEVELS = 8, WALK_KEPT = 4096 };
#define WALK_NO_STOP UINT64_MAX

/* The tile at the right edge of a level, as it follows from the entries so far. */
struct walk_level {
    uint64_t index;
    unsigned count;
    struct tree_hash hashes[TILE_WIDTH];
};

/* The walk over all entries. About 200 kB. */
struct walk {
    struct log_verify *verify;
    struct hash_sha256_ctx *sha;
    struct tree_source source; /* the nodes of the right edge */
    struct walk_level levels[WALK_LEVELS];
    uint64_t size;                /* entries so far */
    int64_t at_s;                 /* of the last entry */
    str bundle;                   /* the one at hand, */
    size_t ends[TILE_WIDTH];      /* and where its entries end */
    struct policy_verdict *olds;  /* one for each */
    uint64_t stop;                /* the next size at which a checkpoint is compared */
    uint64_t kept[2 * WALK_KEPT]; /* sizes of the next ones in checkpoints/, ascending */
    size_t kept_n, kept_at;
    bool kept_more; /* there are larger ones than fit */
    no fork;        /* seen on the way: stands only if the rest is sound */
    char fork_where[LOG_WHERE_MAX];
};

/* Says where a no comes from; the first one stays. */
no walk_no(struct log_verify *verify, no why, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* --- verify_tile.c --- */

/* One more fingerprint of a level; a tile that becomes full is compared, and goes up as one. */
no walk_push(struct walk *walk, unsigned level, const struct tree_hash *hash) MUST_USE;
/* The tiles at the right edge that are not full. */
no walk_edge(struct walk *walk) MUST_USE;
no walk_node(void *walk, unsigned level, uint64_t index, struct tree_hash *out) MUST_USE;

/* --- verify_stop.c --- */

/* Weighs the olds against the policy and this checkpoint, and finds the first stop. */
no walk_stops_begin(struct walk *walk) MUST_USE;
/* At walk->stop == walk->size: compares what was said of this size, finds the next. */
no walk_stop(struct walk *walk) MUST_USE;
/* Sizes in checkpoints/ from `from` on; for the walk, and once before it for the largest. */
no walk_list_kept(struct walk *walk, uint64_t from, uint64_t *largest) MUST_USE;
/* That a kept one is larger than the checkpoint, when its signature holds. */
no walk_check_larger(struct walk *walk, uint64_t kept) MUST_USE;

#endif
