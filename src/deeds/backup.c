/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/backup.h"

#include "deeds/register.h"
#include "store/db_part.h"

static no copy(struct ctx *ctx, const char *path, const char *private_path,
               struct backup_store *store)
{
    struct hash_sha256_ctx sha;
    struct tree_frontier head;

    TRY(db_version(ctx->db, &store->schema));
    TRY(view_register_head(ctx, &head));
    hash_sha256_init(&sha);
    tree_frontier_root(&sha, &head, &store->root);
    hash_sha256_release(&sha);
    store->register_size = head.size;
    return db_copy_parted(ctx->db, path, private_path);
}

no view_backup_copy(struct ctx *ctx, const char *path, const char *private_path,
                    struct backup_store *store)
{
    TRY(db_snapshot(ctx->db));
    const no answer = copy(ctx, path, private_path, store);

    db_snapshot_end(ctx->db);
    return answer;
}

no backup_check_file(const char *path)
{
    return db_check_file(path);
}

no backup_join(const char *path, const char *private_path)
{
    return db_join(path, private_path);
}

struct root_walk {
    struct hash_sha256_ctx sha;
    struct tree_frontier tree;
};

static no push(void *walk_, const struct register_row *row)
{
    struct root_walk *walk = walk_;
    struct tree_hash leaf;

    if (row->idx != (int64_t)walk->tree.size)
        return NO_REGISTER_DAMAGED;
    tree_leaf(&walk->sha, row->body, &leaf);
    tree_frontier_push(&walk->sha, &walk->tree, &leaf);
    return YES;
}

no view_register_root(struct ctx *ctx, uint64_t size, struct tree_hash *root)
{
    struct root_walk walk = {.tree = {.size = 0}};

    if (size > (uint64_t)INT64_MAX)
        return NO_NOT_FOUND;
    hash_sha256_init(&walk.sha);
    no answer = view_register_rows(ctx, 0, (int64_t)size, push, &walk);

    if (answer == YES && walk.tree.size < size)
        answer = NO_NOT_FOUND;
    if (answer == YES)
        tree_frontier_root(&walk.sha, &walk.tree, root);
    hash_sha256_release(&walk.sha);
    return answer;
}
