/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/tile.h"

#include <assert.h>

enum { WIDTH_BITS = 8, LEVELS = 8, GROUP = 1000, GROUPS_MAX = 6 };
/* INT64_MAX entries are 2^55 bundles. */
static const uint64_t index_max = (uint64_t)INT64_MAX >> WIDTH_BITS;

/* --- paths --- */

static void put_group(struct buf *out, unsigned group)
{
    const char digits[3] = {(char)('0' + group / 100), (char)('0' + group / 10 % 10),
                            (char)('0' + group % 10)};

    buf_put_bytes(out, digits, sizeof digits);
}

static void put_index(struct buf *out, uint64_t index)
{
    unsigned groups[GROUPS_MAX], n = 0;

    for (; index >= GROUP; index /= GROUP)
        groups[n++] = (unsigned)(index % GROUP);
    if (n > 0)
        buf_put_char(out, 'x');
    put_group(out, (unsigned)index);
    while (n > 0) {
        buf_put(out, n > 1 ? S("/x") : S("/"));
        put_group(out, groups[--n]);
    }
}

void tile_path_write(struct buf *out, const struct tile *tile)
{
    assert(tile->level <= TILE_LEVEL_MAX && tile->index <= index_max);
    assert(tile->width >= 1 && tile->width <= TILE_WIDTH);
    buf_put(out, S("tile/"));
    if (tile->entries)
        buf_put(out, S("entries"));
    else
        buf_put_int(out, tile->level);
    buf_put_char(out, '/');
    put_index(out, tile->index);
    if (tile->width == TILE_WIDTH)
        return;
    buf_put(out, S(".p/"));
    buf_put_int(out, tile->width);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A path being read: what is left of it. */
static bool take(str *rest, str word)
{
    if (!str_starts(*rest, word))
        return false;
    *rest = str_sub(*rest, word.len, SIZE_MAX);
    return true;
}

/* One to three digits without a zero before them, at most `max`. */
static bool take_number(str *rest, unsigned max, unsigned *number)
{
    unsigned made = 0;
    size_t n = 0;

    while (n < 3 && n < rest->len && is_digit(rest->ptr[n]))
        made = made * 10 + (unsigned)(rest->ptr[n++] - '0');
    if (n == 0 || (n > 1 && rest->ptr[0] == '0') || made > max)
        return false;
    *rest = str_sub(*rest, n, SIZE_MAX);
    *number = made;
    return true;
}

static bool take_group(str *rest, unsigned *group)
{
    if (rest->len < 3 || !is_digit(rest->ptr[0]) || !is_digit(rest->ptr[1]) ||
        !is_digit(rest->ptr[2]))
        return false;
    *group = (unsigned)(rest->ptr[0] - '0') * 100 + (unsigned)(rest->ptr[1] - '0') * 10 +
             (unsigned)(rest->ptr[2] - '0');
    *rest = str_sub(*rest, 3, SIZE_MAX);
    return true;
}

static bool take_index(str *rest, uint64_t *index)
{
    uint64_t made = 0;
    unsigned group;
    bool more = true;

    for (unsigned n = 0; more; n++) {
        more = take(rest, S("x"));
        if (!take_group(rest, &group) || (more && !take(rest, S("/"))))
            return false;
        /* Zeros before the first digit would be a second name; 2^55 has six groups. */
        if ((more && n == 0 && group == 0) || n == GROUPS_MAX)
            return false;
        made = made * GROUP + group;
    }
    *index = made;
    return made <= index_max;
}

no tile_path_parse(str path, struct tile *tile)
{
    struct tile read = {.width = TILE_WIDTH};
    unsigned level = 0, width = TILE_WIDTH;

    if (!take(&path, S("tile/")))
        return NO_NOT_FOUND;
    read.entries = take(&path, S("entries"));
    if (!read.entries && !take_number(&path, TILE_LEVEL_MAX, &level))
        return NO_NOT_FOUND;
    if (!take(&path, S("/")) || !take_index(&path, &read.index))
        return NO_NOT_FOUND;
    if (take(&path, S(".p/")) && (!take_number(&path, TILE_WIDTH - 1, &width) || width == 0))
        return NO_NOT_FOUND;
    if (path.len > 0)
        return NO_NOT_FOUND;
    read.level = (uint8_t)level;
    read.width = (uint16_t)width;
    *tile = read;
    return YES;
}

/* --- which tiles there are --- */

/* Nodes of a tree that its tiles of this level hold. */
static uint64_t hashes_at(uint64_t size, unsigned level)
{
    return level < LEVELS ? size >> (WIDTH_BITS * level) : 0;
}

unsigned tile_width(uint64_t size, unsigned level, uint64_t index)
{
    const uint64_t hashes = hashes_at(size, level), full = hashes >> WIDTH_BITS;

    if (index < full)
        return TILE_WIDTH;
    return index == full ? (unsigned)(hashes % TILE_WIDTH) : 0;
}

bool tile_is_within(const struct tile *tile, uint64_t size)
{
    return tile->width <= tile_width(size, tile->level, tile->index);
}

bool tile_walk_next(struct tile_walk *walk, struct tile *tile)
{
    assert(walk->from <= walk->to && walk->to <= INT64_MAX);
    for (; walk->step <= LEVELS; walk->step++, walk->done = 0) {
        const unsigned level = walk->step == 0 ? 0 : walk->step - 1;
        const uint64_t before = hashes_at(walk->from, level), now = hashes_at(walk->to, level);
        const uint64_t index = (before >> WIDTH_BITS) + walk->done;
        const unsigned width = tile_width(walk->to, level, index);

        if (before == now || width == 0)
            continue;
        walk->done++;
        *tile = (struct tile){walk->step == 0, (uint8_t)level, (uint16_t)width, index};
        return true;
    }
    return false;
}

struct tile_span tile_span_of_node(unsigned level, uint64_t index)
{
    assert(level < TILE_LEVEL_MAX);
    const unsigned up = level % WIDTH_BITS;
    const uint64_t hash = index << up;
    struct tile_span span = {.first = (uint16_t)(hash % TILE_WIDTH), .count = (uint16_t)(1u << up)};

    span.tile = (struct tile){.level = (uint8_t)(level / WIDTH_BITS),
                              .width = (uint16_t)(span.first + span.count),
                              .index = hash >> WIDTH_BITS};
    return span;
}

/* --- bundles --- */

void tile_bundle_put(struct buf *out, str entry)
{
    assert(entry.len <= TILE_ENTRY_SIZE_MAX);
    const uint8_t size[2] = {(uint8_t)(entry.len >> 8), (uint8_t)(entry.len & 0xff)};

    buf_put_bytes(out, size, sizeof size);
    buf_put(out, entry);
}

no tile_bundle_next(struct tile_bundle *bundle, str *entry)
{
    const size_t left = bundle->bytes.len - bundle->at;

    if (left == 0)
        return NO_NOT_FOUND;
    if (left < 2 || bundle->count == TILE_WIDTH)
        return NO_REGISTER_DAMAGED;
    const uint8_t *size = (const uint8_t *)bundle->bytes.ptr + bundle->at;
    const size_t len = (size_t)size[0] << 8 | size[1];

    if (left - 2 < len)
        return NO_REGISTER_DAMAGED;
    *entry = str_sub(bundle->bytes, bundle->at + 2, len);
    bundle->at += 2 + len;
    bundle->count++;
    return YES;
}

no tile_bundle_check(str bytes, unsigned width)
{
    struct tile_bundle bundle = {.bytes = bytes};
    no answer = YES;
    str entry;

    while (answer == YES)
        answer = tile_bundle_next(&bundle, &entry);
    return answer == NO_NOT_FOUND && bundle.count == width ? YES : NO_REGISTER_DAMAGED;
}
