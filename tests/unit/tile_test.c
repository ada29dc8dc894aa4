/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Tiles and bundles: their names, which there are, their bytes.
 */
#include "cm.h"
#include "tlog_data.h"

#include "wire/tile.h"

static struct arena arena;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 8u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

static str path_of(const struct tile *tile)
{
    struct buf out;

    buf_init(&out, &arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&out, tile);
    assert_false(buf_failed(&out));
    assert_true(out.len <= TILE_PATH_SIZE_MAX);
    return buf_str(&out);
}

static void check_tile(const struct tile *got, const struct tile *wanted)
{
    assert_int_equal(got->entries, wanted->entries);
    assert_int_equal(got->level, wanted->level);
    assert_int_equal(got->width, wanted->width);
    assert_int_equal(got->index, wanted->index);
}

/* --- paths ----------------------------------------------------------------------------------- */

/* The bundle that holds entry `index` of a log of `size`. */
static struct tile bundle_of(uint64_t index, uint64_t size)
{
    return (struct tile){.entries = true,
                         .width = (uint16_t)tile_width(size, 0, index / TILE_WIDTH),
                         .index = index / TILE_WIDTH};
}

static void path_vectors_hold(void **state)
{
    struct tlog_rows rows = tlog_open(&arena, "tile-path");
    size_t written = 0, refused = 0;

    (void)state;
    while (tlog_next(&rows)) {
        const str path = tlog_text(&rows, "path"), kind = tlog_text(&rows, "kind");
        struct tile tile = {.width = 1}, read;

        if (str_eq(kind, S("parse"))) {
            assert_str(tlog_text(&rows, "expect"), "reject");
            assert_int_equal(tile_path_parse(path, &tile), NO_NOT_FOUND);
            refused++;
            continue;
        }
        if (str_eq(kind, S("entries"))) {
            tile = bundle_of(tlog_number(&rows, "index"), tlog_number(&rows, "size"));
        } else {
            const uint64_t width = tlog_number(&rows, "w");

            assert_str(kind, "tile");
            tile = (struct tile){.level = (uint8_t)tlog_number(&rows, "level"),
                                 .width = (uint16_t)(width == 0 ? TILE_WIDTH : width),
                                 .index = tlog_number(&rows, "n")};
        }
        if (!str_eq(path_of(&tile), path))
            fail_msg("%.*s", (int)path.len, path.ptr);
        assert_int_equal(tile_path_parse(path, &read), YES);
        check_tile(&read, &tile);
        written++;
    }
    print_message("# tile-path: %zu written and read, %zu refused\n", written, refused);
    assert_int_equal(written, 7);
    assert_int_equal(refused, 8);
}

static void paths_are_written_and_read(void **state)
{
    static const struct {
        struct tile tile;
        const char *path;
    } cases[] = {
        {{false, 0, 256, 0}, "tile/0/000"},
        {{false, 0, 1, 0}, "tile/0/000.p/1"},
        {{false, 7, 127, 0}, "tile/7/000.p/127"},
        {{false, 63, 255, 999}, "tile/63/999.p/255"},
        {{false, 1, 256, 1000}, "tile/1/x001/000"},
        {{true, 0, 256, 1234067}, "tile/entries/x001/x234/067"},
        {{true, 0, 9, 999999}, "tile/entries/x999/999.p/9"},
        {{true, 0, 10, 1000000}, "tile/entries/x001/x000/000.p/10"},
        {{false, 10, 255, (uint64_t)INT64_MAX >> 8}, "tile/10/x036/x028/x797/x018/x963/967.p/255"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tile read;

        assert_str(path_of(&cases[i].tile), cases[i].path);
        assert_int_equal(tile_path_parse(str_of(cases[i].path), &read), YES);
        check_tile(&read, &cases[i].tile);
    }
}

static void other_paths_are_refused(void **state)
{
    static const char *const paths[] = {
        "",
        "tile",
        "tile/",
        "/tile/0/000",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile//000",
        "tile/entry/000",
        "tile/Entries/000",
        "tile/entries",
        "tile/entries000",
        "tile/entries/000.",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/00",
        "tile/0/000.p/1/",
        "tile/0/000.p/1 ",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/1000",
        "tile/0/000.P/1",
        "tile/0/x000",
        "tile/0/x001",
        "tile/0/x001/",
        "tile/0/x001/x002",
        "tile/0/X001/002",
        "tile/0/001/002",
        "tile/0/x000/x001/002",
        "tile/0/x001/02",
        "tile/0/x1/002",
        "tile/0/x036/x028/x797/x018/x963/968",
        "tile/0/x001/x000/x000/x000/x000/x000/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/000?x",
        "tile/0/\xd9\xa0\xd9\xa0\xd9\xa0",
        "tile/0/../000",
    };
    struct tile tile = {.level = 9, .width = 77};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (tile_path_parse(str_of(paths[i]), &tile) != NO_NOT_FOUND)
            fail_msg("%s", paths[i]);
    assert_int_equal(tile_path_parse((str){"tile/0/000\0", 11}, &tile), NO_NOT_FOUND);
    assert_int_equal(tile.width, 77);
}

/* Whatever one byte of a good path is changed to: refused, or another path that is written so. */
static void a_touched_path_is_refused_or_another(void **state)
{
    static const char *const paths[] = {"tile/0/000.p/17", "tile/63/x001/x234/067",
                                        "tile/entries/x999/999.p/255"};
    size_t read = 0;

    (void)state;
    for (size_t p = 0; p < sizeof paths / sizeof paths[0]; p++) {
        char text[64];
        const size_t len = strlen(paths[p]);

        memcpy(text, paths[p], len);
        for (size_t i = 0; i < len; i++)
            for (int c = 0; c < 256; c++) {
                struct tile tile;

                text[i] = (char)c;
                arena_reset(&arena);
                if (tile_path_parse((str){text, len}, &tile) == YES) {
                    assert_true(str_eq(path_of(&tile), (str){text, len}));
                    read++;
                }
                text[i] = paths[p][i];
            }
    }
    assert_true(read > 100);
}

/* --- which tiles there are ------------------------------------------------------------------- */

static void widths_are_known(void **state)
{
    static const struct {
        uint64_t size;
        unsigned level;
        uint64_t index;
        unsigned wanted;
    } cases[] = {
        {0, 0, 0, 0},
        {1, 0, 0, 1},
        {255, 0, 0, 255},
        {256, 0, 0, 256},
        {256, 0, 1, 0},
        {256, 1, 0, 1},
        {255, 1, 0, 0},
        {70000, 0, 272, 256},
        {70000, 0, 273, 112},
        {70000, 0, 274, 0},
        {70000, 1, 0, 256},
        {70000, 1, 1, 17},
        {70000, 2, 0, 1},
        {70000, 3, 0, 0},
        {70000, 63, 0, 0},
        {70000, 0, UINT64_MAX, 0},
        {INT64_MAX, 7, 0, 127},
        {INT64_MAX, 8, 0, 0},
        {INT64_MAX, 0, (uint64_t)INT64_MAX >> 8, 255},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(tile_width(cases[i].size, cases[i].level, cases[i].index),
                         cases[i].wanted);
    assert_true(tile_is_within(&(struct tile){false, 1, 17, 1}, 70000));
    assert_true(tile_is_within(&(struct tile){false, 1, 3, 1}, 70000));
    assert_false(tile_is_within(&(struct tile){false, 1, 18, 1}, 70000));
    assert_false(tile_is_within(&(struct tile){false, 0, 1, 274}, 70000));
    assert_false(tile_is_within(&(struct tile){true, 0, 1, 0}, 0));
}

/* The definition: a file is new when its width at the new size is more than at the old. */
static size_t check_walk(uint64_t from, uint64_t to)
{
    struct tile_walk walk = {.from = from, .to = to};
    struct tile tile;
    size_t found = 0;

    for (unsigned step = 0; step <= 8; step++) {
        const unsigned level = step == 0 ? 0 : step - 1;
        const uint64_t last = level == 0 ? to / 256 : level == 1 ? to / 65536 : 0;

        for (uint64_t index = level == 0 ? from / 256 : 0; index <= last; index++) {
            const unsigned width = tile_width(to, level, index);

            if (width <= tile_width(from, level, index))
                continue;
            assert_true(tile_walk_next(&walk, &tile));
            check_tile(&tile, &(struct tile){step == 0, (uint8_t)level, (uint16_t)width, index});
            found++;
        }
    }
    assert_false(tile_walk_next(&walk, &tile));
    assert_false(tile_walk_next(&walk, &tile));
    return found;
}

static void a_walk_finds_what_is_new(void **state)
{
    static const uint64_t edges[] = {0,   1,   2,   255,   256,   257,   511,   512,    513,
                                     600, 767, 768, 65535, 65536, 65537, 70000, 131072, 16777217};

    (void)state;
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        for (size_t j = i; j < sizeof edges / sizeof edges[0]; j++)
            assert_int_equal(check_walk(edges[i], edges[j]) == 0, i == j);
    assert_int_equal(check_walk(0, 70000), 274 + 274 + 2 + 1);
    assert_int_equal(check_walk(70000, 70001), 2);
    for (uint64_t n = 0; n < 800; n++)
        check_walk(n, n + 1 + n % 300);
    /* The largest sizes, that no walk would come to the end of. */
    struct tile_walk walk = {.from = INT64_MAX - 1, .to = INT64_MAX};
    struct tile tile;

    assert_true(tile_walk_next(&walk, &tile));
    check_tile(&tile, &(struct tile){true, 0, 255, (uint64_t)INT64_MAX >> 8});
    assert_true(tile_walk_next(&walk, &tile));
    check_tile(&tile, &(struct tile){false, 0, 255, (uint64_t)INT64_MAX >> 8});
    assert_false(tile_walk_next(&walk, &tile));
}

static void nodes_are_found_in_tiles(void **state)
{
    static const struct {
        unsigned level;
        uint64_t index;
        struct tile_span wanted;
    } cases[] = {
        {0, 0, {{false, 0, 1, 0}, 0, 1}},
        {0, 255, {{false, 0, 256, 0}, 255, 1}},
        {0, 256, {{false, 0, 1, 1}, 0, 1}},
        {1, 0, {{false, 0, 2, 0}, 0, 2}},
        {7, 0, {{false, 0, 128, 0}, 0, 128}},
        {7, 1, {{false, 0, 256, 0}, 128, 128}},
        {7, 3, {{false, 0, 256, 1}, 128, 128}},
        {8, 0, {{false, 1, 1, 0}, 0, 1}},
        {10, 70, {{false, 1, 28, 1}, 24, 4}},
        {62, 0, {{false, 7, 64, 0}, 0, 64}},
        {0, INT64_MAX - 1, {{false, 0, 255, (uint64_t)INT64_MAX >> 8}, 254, 1}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct tile_span got = tile_span_of_node(cases[i].level, cases[i].index);

        check_tile(&got.tile, &cases[i].wanted.tile);
        assert_int_equal(got.first, cases[i].wanted.first);
        assert_int_equal(got.count, cases[i].wanted.count);
    }
}

/* --- bundles --------------------------------------------------------------------------------- */

static void bundles_are_read_strictly(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        unsigned width;
        no wanted;
    } cases[] = {
        {"", 0, 0, YES},
        {"", 0, 1, NO_REGISTER_DAMAGED},
        {"\0\0", 2, 1, YES},
        {"\0\0", 2, 0, NO_REGISTER_DAMAGED},
        {"\0\0\0\0", 4, 2, YES},
        {"\0", 1, 1, NO_REGISTER_DAMAGED},
        {"\0\1a", 3, 1, YES},
        {"\0\1a", 3, 2, NO_REGISTER_DAMAGED},
        {"\0\2a", 3, 1, NO_REGISTER_DAMAGED},
        {"\1\0a", 3, 1, NO_REGISTER_DAMAGED},
        {"\0\1ab", 4, 1, NO_REGISTER_DAMAGED},
        {"\0\1a\0\2bc", 7, 2, YES},
        {"\0\1a\0\2bc", 7, 1, NO_REGISTER_DAMAGED},
        {"\377\377a", 3, 1, NO_REGISTER_DAMAGED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(tile_bundle_check((str){cases[i].bytes, cases[i].len}, cases[i].width),
                         cases[i].wanted);
    /* Where it is cut the reader stays. */
    struct tile_bundle bundle = {.bytes = (str){"\0\2a", 3}};
    str entry = S("untouched");

    assert_int_equal(tile_bundle_next(&bundle, &entry), NO_REGISTER_DAMAGED);
    assert_int_equal(bundle.at, 0);
    assert_str(entry, "untouched");
}

static void bundles_come_back(void **state)
{
    static char large[TILE_ENTRY_SIZE_MAX];
    const str entries[] = {S("{}"), STR_NONE, {large, 255}, {large, 256}, {large, sizeof large}};
    struct tile_bundle bundle = {.at = 0};
    struct buf out;
    str entry = S("untouched");

    (void)state;
    memset(large, 'z', sizeof large);
    buf_init(&out, &arena, 0);
    for (size_t i = 0; i < 5; i++)
        tile_bundle_put(&out, entries[i]);
    assert_false(buf_failed(&out));
    assert_int_equal(out.len, 5 * 2 + 2 + 255 + 256 + 65535);
    assert_memory_equal(out.ptr, "\0\2{}\0\0\0\377z", 9);
    bundle.bytes = buf_str(&out);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(tile_bundle_next(&bundle, &entry), YES);
        assert_true(str_eq(entry, entries[i]));
    }
    assert_int_equal(bundle.count, 5);
    assert_int_equal(tile_bundle_next(&bundle, &entry), NO_NOT_FOUND);
    assert_int_equal(tile_bundle_check(buf_str(&out), 5), YES);
    /* Cut anywhere but between two entries it is damaged. */
    for (size_t cut = 1; cut < out.len; cut += cut < 600 ? 1 : 4999) {
        const str part = str_sub(buf_str(&out), 0, cut);

        assert_int_equal(tile_bundle_check(part, 5), NO_REGISTER_DAMAGED);
    }
}

static void a_bundle_has_256_entries_at_most(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, &arena, 0);
    for (int i = 0; i < 256; i++)
        tile_bundle_put(&out, S("{}"));
    assert_int_equal(tile_bundle_check(buf_str(&out), 256), YES);
    tile_bundle_put(&out, S("{}"));
    assert_int_equal(tile_bundle_check(buf_str(&out), 257), NO_REGISTER_DAMAGED);
    assert_int_equal(tile_bundle_check(buf_str(&out), 256), NO_REGISTER_DAMAGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(path_vectors_hold, fresh),
        cmocka_unit_test_setup(paths_are_written_and_read, fresh),
        cmocka_unit_test_setup(other_paths_are_refused, fresh),
        cmocka_unit_test_setup(a_touched_path_is_refused_or_another, fresh),
        cmocka_unit_test(widths_are_known),
        cmocka_unit_test(a_walk_finds_what_is_new),
        cmocka_unit_test(nodes_are_found_in_tiles),
        cmocka_unit_test(bundles_are_read_strictly),
        cmocka_unit_test_setup(bundles_come_back, fresh),
        cmocka_unit_test_setup(a_bundle_has_256_entries_at_most, fresh),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
