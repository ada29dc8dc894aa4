/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * How a register lies in files: tiles of fingerprints and bundles of entries (C2SP tlog-tiles).
 * Paths, which tiles a tree of some size has, where a node is, and the bytes of a bundle. Files are
 * written once; a tile that is not full yet is a file of its own for each width that was published.
 *
 * A tile of level L and index N holds up to 256 fingerprints of 32 bytes, those of the tree's nodes
 * of level 8*L from N*256 on. A bundle holds the entries themselves, as many as the tile of level 0
 * beside it has fingerprints. Sizes are numbers of entries, at most INT64_MAX.
 */
#ifndef WIRE_TILE_H
#define WIRE_TILE_H

#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TILE_WIDTH = 256, /* of a full tile */
    TILE_LEVEL_MAX = 63,
    TILE_HASH_SIZE = 32,
    TILE_SIZE = TILE_WIDTH * TILE_HASH_SIZE,
    TILE_PATH_SIZE_MAX = 64,
    TILE_ENTRY_SIZE_MAX = 65535
};

struct tile {
    bool entries;   /* a bundle; level is then 0 */
    uint8_t level;  /* 0 to TILE_LEVEL_MAX; nothing lies above 7 */
    uint16_t width; /* 1 to TILE_WIDTH */
    uint64_t index;
};

/* --- paths ----------------------------------------------------------------------------------- */

/* "tile/0/x001/x234/067", "tile/1/000.p/17", "tile/entries/000": digits in groups of three, all but
 * the last after an x; no slash at the start. */
void tile_path_write(struct buf *out, const struct tile *tile);
/* Exactly the paths that tile_path_write writes, of an index that a size can have. NO_NOT_FOUND for
 * any other text. */
no tile_path_parse(str path, struct tile *tile) MUST_USE;

/* --- which tiles there are ------------------------------------------------------------------- */

/* How many fingerprints the tile of this level and index has in a tree of `size` entries; 0 when
 * there is no such tile. For bundles ask level 0. */
unsigned tile_width(uint64_t size, unsigned level, uint64_t index);
/* Whether a tree of `size` has this tile or, narrower, had it at an earlier size. */
bool tile_is_within(const struct tile *tile, uint64_t size);

/* The files that are new when a register grows from one size to another, in the order in which they
 * are written: bundles, then tiles level by level, each from left to right. From 0: all that a tree
 * has. Start with {.from = a, .to = b}, a <= b; false after the last. */
struct tile_walk {
    uint64_t from, to;
    uint64_t done; /* of this level */
    unsigned step; /* 0 bundles, 1 + L the tiles of level L */
};
bool tile_walk_next(struct tile_walk *walk, struct tile *tile);

/* Where the node of a tree (level and index as in rules/tree.h) is: the root over `count`
 * fingerprints of a tile, from the one numbered `first` on. `tile.width` is the least that has
 * them. */
struct tile_span {
    struct tile tile;
    uint16_t first, count; /* count is 1, 2, 4 .. 128 */
};
struct tile_span tile_span_of_node(unsigned level, uint64_t index);

/* --- bundles --------------------------------------------------------------------------------- */

/* Appends one entry: its length in two bytes, the larger first, and its bytes. Asserts the length,
 * 0 to TILE_ENTRY_SIZE_MAX. */
void tile_bundle_put(struct buf *out, str entry);

/* Reads a bundle entry by entry; start with {.bytes = file}. */
struct tile_bundle {
    str bytes;
    size_t at;
    unsigned count; /* entries read */
};
/* The next entry, which points into the bundle. NO_NOT_FOUND at the end; NO_REGISTER_DAMAGED when
 * the bundle is cut within an entry or has more than TILE_WIDTH. */
no tile_bundle_next(struct tile_bundle *bundle, str *entry) MUST_USE;
/* That a bundle has exactly `width` entries and nothing else. NO_REGISTER_DAMAGED. */
no tile_bundle_check(str bytes, unsigned width) MUST_USE;

#endif
