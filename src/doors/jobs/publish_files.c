/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Bundles come from the rows of the store, tiles of level 0 from the bundles as they lie on disk,
 * and each level above from the full tiles below. So the root over the tiles, compared with the
 * frontier of the store, checks every byte that was written on the way.
 */
#include "doors/jobs/publish_in.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- one file ----------------------------------------------------------------------------------
 */

struct bundling {
    struct buf *out;
    int64_t next;
};

static no put_entry(void *self, const struct register_row *row)
{
    struct bundling *bundling = self;

    if (row->idx != bundling->next++)
        return NO_REGISTER_DAMAGED;
    tile_bundle_put(bundling->out, row->body);
    return buf_failed(bundling->out) ? NO_OUT_OF_MEMORY : YES;
}

static no make_bundle(struct ctx *ctx, const struct tile *tile, struct buf *out)
{
    const int64_t first = (int64_t)tile->index * TILE_WIDTH;
    struct bundling bundling = {out, first};

    TRY(view_register_rows(ctx, first, first + tile->width, put_entry, &bundling));
    return bundling.next == first + tile->width ? YES : NO_REGISTER_DAMAGED;
}

static no make_leaves(struct publisher *p, const struct tile *tile, struct buf *out)
{
    const struct tile of = {true, 0, tile->width, tile->index};
    struct tile_bundle bundle = {0};
    struct tree_hash leaf;
    str entry;

    TRY(log_files_tile(&p->files, &p->scratch, &of, &bundle.bytes));
    for (unsigned i = 0; i < tile->width; i++) {
        TRY(tile_bundle_next(&bundle, &entry));
        tree_leaf(&p->sha, entry, &leaf);
        buf_put_bytes(out, leaf.bytes, sizeof leaf.bytes);
    }
    return buf_failed(out) ? NO_OUT_OF_MEMORY : YES;
}

static no make_nodes(struct publisher *p, const struct tile *tile, struct buf *out)
{
    struct tree_hash hashes[TILE_WIDTH], root;

    for (unsigned i = 0; i < tile->width; i++) {
        const struct tile below = {false, (uint8_t)(tile->level - 1), TILE_WIDTH,
                                   tile->index * TILE_WIDTH + i};
        const size_t mark = arena_mark(&p->scratch);
        str bytes;

        TRY(log_files_tile(&p->files, &p->scratch, &below, &bytes));
        memcpy(hashes, bytes.ptr, sizeof hashes);
        arena_rewind(&p->scratch, mark);
        tree_over(&p->sha, hashes, TILE_WIDTH, &root);
        buf_put_bytes(out, root.bytes, sizeof root.bytes);
    }
    return buf_failed(out) ? NO_OUT_OF_MEMORY : YES;
}

static no write_tile(struct publisher *p, struct ctx *ctx, const struct tile *tile)
{
    const size_t mark = arena_mark(&p->scratch);
    struct buf path, bytes;

    buf_init(&path, &p->scratch, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, tile);
    buf_init(&bytes, &p->scratch, tile->entries ? 64 << 10 : TILE_SIZE);
    if (tile->entries)
        TRY(make_bundle(ctx, tile, &bytes));
    else if (tile->level == 0)
        TRY(make_leaves(p, tile, &bytes));
    else
        TRY(make_nodes(p, tile, &bytes));
    TRY(log_file_put(&p->folder, buf_str(&path), buf_str(&bytes)));
    arena_rewind(&p->scratch, mark);
    return YES;
}

/* --- all that are new --------------------------------------------------------------------------
 */

no publish_write(struct publisher *p, struct ctx *ctx, uint64_t from, uint64_t to)
{
    struct tile_walk walk = {.from = from, .to = to};
    struct tile tile;

    while (tile_walk_next(&walk, &tile)) {
        TRY(write_tile(p, ctx, &tile));
        if (atomic_load(&p->stopping))
            return NO_STOPPING;
    }
    return YES;
}

/* Bundles have no length that is known beforehand: one that is there was written whole. */
static bool is_there(struct publisher *p, const struct tile *tile)
{
    const size_t mark = arena_mark(&p->scratch);
    struct stat info;
    struct buf path;

    buf_init(&path, &p->scratch, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, tile);
    const bool there =
        fstatat(p->folder.fd, arena_cstr(&p->scratch, buf_str(&path)), &info, 0) == 0 &&
        S_ISREG(info.st_mode) &&
        (tile->entries ? info.st_size > 0 : info.st_size == (off_t)tile->width * TILE_HASH_SIZE);

    arena_rewind(&p->scratch, mark);
    return there;
}

no publish_mend(struct publisher *p, struct ctx *ctx, uint64_t size)
{
    struct tile_walk walk = {.to = size};
    struct tile tile;

    while (tile_walk_next(&walk, &tile)) {
        struct tile full = tile;

        full.width = TILE_WIDTH;
        if (!is_there(p, &tile) && !is_there(p, &full))
            TRY(write_tile(p, ctx, &tile));
        if (atomic_load(&p->stopping))
            return NO_STOPPING;
    }
    return YES;
}

/* --- what they hold ----------------------------------------------------------------------------
 */

no publish_root(struct publisher *p, uint64_t size, struct tree_hash *root)
{
    struct log_nodes nodes;

    log_nodes_init(&nodes, &p->files, &p->scratch, &p->sha, size);
    const struct tree_source source = log_nodes_source(&nodes);

    return tree_root_build(&p->sha, &source, size, root);
}

no publish_frontier(struct publisher *p, uint64_t size, struct tree_frontier *frontier)
{
    struct log_nodes nodes;
    uint64_t first = 0;
    size_t n = 0;

    log_nodes_init(&nodes, &p->files, &p->scratch, &p->sha, size);
    const struct tree_source source = log_nodes_source(&nodes);

    frontier->size = size;
    for (unsigned level = TREE_HEIGHT_MAX; level-- > 0;) {
        if ((size >> level & 1) == 0)
            continue;
        TRY(source.node(source.self, level, first >> level, &frontier->roots[n++]));
        first += UINT64_C(1) << level;
    }
    return YES;
}

no publish_proof(struct publisher *p, uint64_t from, uint64_t to, struct tree_proof *proof)
{
    struct log_nodes nodes;

    log_nodes_init(&nodes, &p->files, &p->scratch, &p->sha, to);
    const struct tree_source source = log_nodes_source(&nodes);

    return tree_consistency_build(&p->sha, &source, from, to, proof);
}

/* --- partial files that are full since ---------------------------------------------------------
 */

struct sweeping {
    struct publisher *p;
    str folder;
};

static void sweep_one(void *self, str name)
{
    struct sweeping *sweeping = self;
    struct buf path;

    if (name.ptr[0] == '.')
        return;
    buf_init(&path, &sweeping->p->scratch, 128);
    buf_put(&path, sweeping->folder);
    buf_put_char(&path, '/');
    buf_put(&path, name);
    (void)unlinkat(sweeping->p->folder.fd, arena_cstr(&sweeping->p->scratch, buf_str(&path)), 0);
}

static void sweep_tile(struct publisher *p, const struct tile *tile)
{
    const size_t mark = arena_mark(&p->scratch);
    struct buf path;

    buf_init(&path, &p->scratch, 128);
    tile_path_write(&path, tile);
    buf_put(&path, S(".p"));
    struct sweeping sweeping = {p, buf_str(&path)};

    if (log_files_list(&p->files, &p->scratch, sweeping.folder, sweep_one, &sweeping) == YES)
        (void)unlinkat(p->folder.fd, arena_cstr(&p->scratch, sweeping.folder), AT_REMOVEDIR);
    arena_rewind(&p->scratch, mark);
}

void publish_sweep(struct publisher *p, uint64_t size)
{
    struct tile_walk walk = {.from = p->swept, .to = size};
    struct tile tile;

    while (tile_walk_next(&walk, &tile))
        if (tile.width == TILE_WIDTH)
            sweep_tile(p, &tile);
    p->swept = size;
}
