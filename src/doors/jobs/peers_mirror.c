/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A copy of another co-op's files. A bundle is kept when its entries have the fingerprints of the
 * tile beside it; the tiles are believed when they have the root that was signed, and only then
 * does the copy say that it reaches so far.
 */
#include "doors/jobs/peers_in.h"
#include "rules/tree.h"

#include <string.h>

static no bundle_holds(struct peer_look *look, const struct tile *tile, str bytes)
{
    struct tile_bundle bundle = {.bytes = bytes};
    struct tile beside = *tile;
    struct tree_hash leaf;
    str hashes, entry;

    beside.entries = false;
    TRY(log_files_tile(&look->web, &look->all->scratch, &beside, &hashes));
    for (unsigned i = 0; i < tile->width; i++) {
        TRY(tile_bundle_next(&bundle, &entry));
        tree_leaf(&look->all->sha, entry, &leaf);
        if (memcmp(leaf.bytes, hashes.ptr + (size_t)i * HASH_SIZE, HASH_SIZE) != 0)
            return NO_REGISTER_DAMAGED;
    }
    return YES;
}

static no copy_tile(struct peer_look *look, const struct tile *tile)
{
    const size_t mark = arena_mark(&look->all->scratch);
    struct buf path;
    str bytes;

    TRY(log_files_tile(&look->web, &look->all->scratch, tile, &bytes));
    if (tile->entries)
        TRY(bundle_holds(look, tile, bytes));
    buf_init(&path, &look->all->scratch, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, tile);
    TRY(log_file_put(&look->folder, buf_str(&path), bytes));
    arena_rewind(&look->all->scratch, mark);
    return atomic_load(&look->all->stopping) ? NO_STOPPING : YES;
}

no peers_mirror(struct peer_look *look, uint64_t from, const struct checkpoint *to)
{
    struct tile_walk walk = {.from = from, .to = to->size};
    struct log_nodes nodes;
    struct tree_hash root;
    struct tile tile;

    while (tile_walk_next(&walk, &tile))
        TRY(copy_tile(look, &tile));
    log_nodes_init(&nodes, &look->kept, &look->all->scratch, &look->all->sha, to->size);
    const struct tree_source source = log_nodes_source(&nodes);

    TRY(tree_root_build(&look->all->sha, &source, to->size, &root));
    return memcmp(root.bytes, to->root, HASH_SIZE) == 0 ? YES : NO_REGISTER_DAMAGED;
}
