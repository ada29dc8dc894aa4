/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/log/verify_in.h"

#include <stdio.h>
#include <string.h>

/* --- one file -------------------------------------------------------------------------------- */

/* The bytes that follow from the entries. */
static str wanted_of(const struct walk *walk, const struct tile *tile)
{
    const struct walk_level *level = &walk->levels[tile->level];

    if (tile->entries)
        return str_sub(walk->bundle, 0, walk->ends[tile->width - 1]);
    return (str){(const char *)level->hashes, (size_t)tile->width * HASH_SIZE};
}

static no compare(struct walk *walk, const struct tile *tile)
{
    struct log_verify *verify = walk->verify;
    const size_t mark = arena_mark(verify->arena);
    struct buf path;
    str bytes = STR_NONE;
    no answer = log_files_tile(verify->files, verify->arena, tile, &bytes);

    if (answer == NO_NOT_FOUND || (answer == YES && !str_eq(bytes, wanted_of(walk, tile))))
        answer = NO_REGISTER_DAMAGED;
    if (answer != YES) {
        buf_init(&path, verify->arena, TILE_PATH_SIZE_MAX);
        tile_path_write(&path, tile);
        answer = walk_no(verify, answer, "%.*s", (int)path.len, path.ptr);
    }
    verify->files_n++;
    arena_rewind(verify->arena, mark);
    return answer;
}

/* --- the partial ones that lie beside it ----------------------------------------------------- */

struct widths {
    bool there[TILE_WIDTH];
};

static void note_width(void *self, str name)
{
    struct widths *widths = self;
    int64_t width;
    char spelt[8];

    if (!str_to_int64(name, &width) || width < 1 || width >= TILE_WIDTH)
        return;
    (void)snprintf(spelt, sizeof spelt, "%d", (int)width);
    widths->there[width] = str_eq(name, str_of(spelt));
}

/* Those of the tile's own width and above are not here: the tile itself has been compared, and what
 * is wider is newer than the checkpoint. */
static no compare_partial(struct walk *walk, const struct tile *tile)
{
    struct log_verify *verify = walk->verify;
    const size_t mark = arena_mark(verify->arena);
    struct tile partial = *tile;
    struct widths widths = {0};
    struct buf path;

    partial.width = 1;
    buf_init(&path, verify->arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, &partial);
    const str folder = str_sub(buf_str(&path), 0, path.len - S("/1").len);
    no answer = log_files_list(verify->files, verify->arena, folder, note_width, &widths);

    arena_rewind(verify->arena, mark);
    if (answer != YES)
        return walk_no(verify, answer, "tile");
    for (partial.width = 1; partial.width < tile->width && answer == YES; partial.width++)
        if (widths.there[partial.width])
            answer = compare(walk, &partial);
    return answer;
}

static no compare_all(struct walk *walk, struct tile tile)
{
    TRY(compare(walk, &tile));
    TRY(compare_partial(walk, &tile));
    if (tile.level > 0)
        return YES;
    tile.entries = true; /* the bundle itself was read to come here */
    return compare_partial(walk, &tile);
}

/* --- the right edge -------------------------------------------------------------------------- */

static struct tile tile_of(const struct walk *walk, unsigned level)
{
    return (struct tile){.level = (uint8_t)level,
                         .width = (uint16_t)walk->levels[level].count,
                         .index = walk->levels[level].index};
}

no walk_push(struct walk *walk, unsigned level, const struct tree_hash *hash)
{
    struct tree_hash up = *hash;

    for (; level < WALK_LEVELS; level++) {
        struct walk_level *here = &walk->levels[level];

        here->hashes[here->count++] = up;
        if (here->count < TILE_WIDTH)
            return YES;
        TRY(compare_all(walk, tile_of(walk, level)));
        tree_over(walk->sha, here->hashes, TILE_WIDTH, &up);
        here->count = 0;
        here->index++;
    }
    return YES;
}

no walk_edge(struct walk *walk)
{
    for (unsigned level = 0; level < WALK_LEVELS; level++)
        if (walk->levels[level].count > 0)
            TRY(compare_all(walk, tile_of(walk, level)));
    return YES;
}

no walk_node(void *self, unsigned level, uint64_t index, struct tree_hash *out)
{
    struct walk *walk = self;
    const struct tile_span span = tile_span_of_node(level, index);
    const struct walk_level *here = &walk->levels[span.tile.level];

    if (span.tile.index != here->index || span.tile.width > here->count)
        return NO_NOT_FOUND;
    tree_over(walk->sha, here->hashes + span.first, span.count, out);
    return YES;
}
