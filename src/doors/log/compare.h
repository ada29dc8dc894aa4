/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Two checkpoints of one register, whose signatures hold already: does one continue the other
 * (register 4.5)? Two sizes can only be compared with a proof, and that comes from tiles.
 */
#ifndef DOORS_LOG_COMPARE_H
#define DOORS_LOG_COMPARE_H

#include "doors/log/files.h"
#include "wire/checkpoint.h"

enum log_pair {
    LOG_SAME,       /* one size, one root: the same checkpoint, however often it was signed */
    LOG_CONSISTENT, /* the larger begins with the smaller */
    LOG_FORKED,     /* both were signed and they exclude each other: evidence */
    LOG_UNPROVEN    /* two sizes, and the tiles belong to neither, or there are none */
};

/* What makes it certain, beside the two notes: how the larger begins (LOG_CONSISTENT, LOG_FORKED
 * with two sizes), and the root that it had at the smaller's size. */
struct log_pair_proof {
    struct tree_proof proof;
    struct tree_hash root;
};

/* `files` may be NULL. `scratch` is rewound. LOG_FORKED is never said because of tiles alone: of
 * two sizes only when a proof under the larger one's signed root gives another root for the
 * smaller. The nos of log_files_tile, but a tile that is missing or damaged is LOG_UNPROVEN.
 * `proof` may be NULL.
 */
no log_compare(struct log_files *files, struct arena *scratch, const struct checkpoint *a,
               const struct checkpoint *b, enum log_pair *pair,
               struct log_pair_proof *proof) MUST_USE;

#endif
