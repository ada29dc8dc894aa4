/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as the path of a tile and as a bundle: what is read is written back the same. The first
 * sixteen bytes are two sizes, between which every new file has a path of its own.
 */
#include "wire/tile.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_path(struct arena *arena, str path)
{
    struct tile tile;
    struct buf out;

    if (tile_path_parse(path, &tile) != YES)
        return;
    buf_init(&out, arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&out, &tile);
    assert(str_eq(buf_str(&out), path) && path.len <= TILE_PATH_SIZE_MAX);
}

static void check_bundle(struct arena *arena, str bytes)
{
    struct tile_bundle bundle = {.bytes = bytes};
    struct buf out;
    no answer;
    str entry;

    buf_init(&out, arena, bytes.len + 1);
    while ((answer = tile_bundle_next(&bundle, &entry)) == YES)
        tile_bundle_put(&out, entry);
    assert(bundle.count <= TILE_WIDTH);
    assert(str_eq(buf_str(&out), str_sub(bytes, 0, out.len)));
    assert((answer == NO_NOT_FOUND) == (out.len == bytes.len));
    assert((answer == NO_NOT_FOUND) == (tile_bundle_check(bytes, bundle.count) == YES));
}

static void check_walk(struct arena *arena, uint64_t from, uint64_t more)
{
    const uint64_t start = from & INT64_MAX;
    const uint64_t end = more <= INT64_MAX - start ? start + more : INT64_MAX;
    struct tile_walk walk = {.from = start, .to = end};
    struct tile tile;

    for (int i = 0; i < 50 && tile_walk_next(&walk, &tile); i++) {
        struct buf out;

        assert(tile_is_within(&tile, end) && !tile_is_within(&tile, start));
        assert(tile.width == tile_width(end, tile.level, tile.index));
        buf_init(&out, arena, TILE_PATH_SIZE_MAX);
        tile_path_write(&out, &tile);
        check_path(arena, buf_str(&out));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char block[1 << 20];
    const str text = {(const char *)data, size};
    struct arena arena;
    uint64_t sizes[2];

    arena_init_on(&arena, block, sizeof block);
    check_path(&arena, text);
    check_bundle(&arena, text);
    if (size >= sizeof sizes) {
        memcpy(sizes, data, sizeof sizes);
        check_walk(&arena, sizes[0], sizes[1] >> (sizes[0] % 64));
    }
    assert(!arena_overflowed(&arena));
    return 0;
}
