/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/log/files.h"

#include <string.h>

void log_nodes_init(struct log_nodes *nodes, struct log_files *files, struct arena *arena,
                    struct hash_sha256_ctx *sha, uint64_t size)
{
    *nodes = (struct log_nodes){.files = files, .arena = arena, .sha = sha, .size = size};
}

static no read_tile(struct log_nodes *nodes, const struct tile *tile, struct tree_hash *to)
{
    const size_t mark = arena_mark(nodes->arena);
    str bytes;
    const no answer = log_files_tile(nodes->files, nodes->arena, tile, &bytes);

    if (answer == YES)
        memcpy(to, bytes.ptr, bytes.len);
    arena_rewind(nodes->arena, mark);
    return answer;
}

/* The tile's fingerprints, read now or before; the oldest gives way. */
static no tile_of(struct log_nodes *nodes, const struct tile *wanted,
                  const struct tree_hash **hashes)
{
    struct tile tile = *wanted;

    tile.width = (uint16_t)tile_width(nodes->size, tile.level, tile.index);
    if (tile.width < wanted->width)
        return NO_NOT_FOUND;
    for (size_t i = 0; i < LOG_NODES_KEPT; i++)
        if (nodes->kept[i].width > 0 && nodes->kept[i].level == tile.level &&
            nodes->kept[i].index == tile.index) {
            *hashes = nodes->hashes[i];
            return YES;
        }
    const unsigned at = nodes->next++ % LOG_NODES_KEPT;

    nodes->kept[at].width = 0;
    TRY(read_tile(nodes, &tile, nodes->hashes[at]));
    nodes->kept[at] = tile;
    *hashes = nodes->hashes[at];
    return YES;
}

static no node(void *self, unsigned level, uint64_t index, struct tree_hash *out)
{
    struct log_nodes *nodes = self;
    const struct tile_span span = tile_span_of_node(level, index);
    const struct tree_hash *hashes;

    TRY(tile_of(nodes, &span.tile, &hashes));
    tree_over(nodes->sha, hashes + span.first, span.count, out);
    return YES;
}

struct tree_source log_nodes_source(struct log_nodes *nodes)
{
    return (struct tree_source){.node = node, .self = nodes};
}
