/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What backups and restores need of the store: a copy in two files, the way back, and the register
 * as it is in the copy (docs/install.md, Backups).
 */
#ifndef DEEDS_BACKUP_H
#define DEEDS_BACKUP_H

#include "deeds/ctx.h"
#include "rules/tree.h"

struct backup_store {
    int64_t schema; /* the last migration */
    uint64_t register_size;
    struct tree_hash root;
};

/* Copies the store to `path`, and the openings of the register to `private_path`: one state, while
 * the server runs (store/db_part.h has the nos). */
no view_backup_copy(struct ctx *ctx, const char *path, const char *private_path,
                    struct backup_store *store) MUST_USE;
/* A copy that nobody has open: checks it, and puts the openings back. NO_STORE_BROKEN. */
no backup_check_file(const char *path) MUST_USE;
no backup_join(const char *path, const char *private_path) MUST_USE;

/* The root over the first `size` entries, from the entries themselves. NO_NOT_FOUND when there are
 * fewer; NO_REGISTER_DAMAGED when one is missing. */
no view_register_root(struct ctx *ctx, uint64_t size, struct tree_hash *root) MUST_USE;

#endif
