/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "golden.h"
#include "tlog_data.h"

#include "wire/lines.h"

static char room[1 << 20];

#define ROOT "qFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=\n"
#define NOTHING "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

static void decimals_are_written_in_one_way(void **state)
{
    static const struct {
        const char *digits;
        bool good;
        uint64_t number;
    } rows[] = {
        {"0", true, 0},
        {"1", true, 1},
        {"10", true, 10},
        {"9223372036854775807", true, LINES_NUMBER_MAX},
        {"9223372036854775808", false, 0},
        {"9999999999999999999", false, 0},
        {"18446744073709551617", false, 0},
        {"", false, 0},
        {"00", false, 0},
        {"01", false, 0},
        {"-0", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1e3", false, 0},
        {"0x1", false, 0},
        {"1_0", false, 0},
        {"\xd9\xa1", false, 0}, /* ARABIC-INDIC DIGIT ONE */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t number = 77;

        if (lines_number(str_of(rows[i].digits), &number) != rows[i].good)
            fail_msg("\"%s\"", rows[i].digits);
        assert_int_equal(number, rows[i].good ? rows[i].number : 77);
    }
}

static void golden_is_read_and_written(void **state)
{
    struct checkpoint checkpoint;
    struct arena arena;
    struct buf out;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    buf_init(&out, &arena, 0);
    assert_int_equal(checkpoint_parse(S(GOLDEN_TEXT), &checkpoint), YES);
    assert_str(checkpoint.origin, "coop.example/log");
    assert_int_equal(checkpoint.size, 3);
    assert_memory_equal(checkpoint.root, "\xa8\x55\xbd\xf0\x52\x9d\xcb\x2e", 8);
    assert_int_equal(checkpoint.more.len, 0);
    assert_int_equal(checkpoint_put(&out, &checkpoint), YES);
    assert_str(buf_str(&out), GOLDEN_TEXT);
}

/* What is refused beyond the public vectors, and left untouched. */
static void refuses(void **state)
{
    static const char *const wrong[] = {
        "",
        "\n",
        "log\n3\n",
        "log\n3\n\n",
        "log\n3\nqFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ\n",
        "log\n3\nqFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=",
        "log\n3\n" NOTHING "\n",
        "log\n3\n" NOTHING "\nmore\n",
        "log\n3\n" NOTHING "more\n\n",
        "log\n3\n" NOTHING "more",
        "log\n03\n" ROOT,
        "log\n3 \n" ROOT,
        "log\n\n" ROOT,
        "log\n9223372036854775808\n" ROOT,
        "log\r\n3\n" ROOT,
        "lo\tg\n3\n" ROOT,
        "lo\xffg\n3\n" ROOT,
        "log\n3\n" ROOT "\x01\n",
        "log\n3\n" ROOT "\xc0\x80\n",
        "log\n0\n" ROOT,
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct checkpoint checkpoint = {.size = 77};

        if (checkpoint_parse(str_of(wrong[i]), &checkpoint) != NO_CHECKPOINT_MALFORMED)
            fail_msg("row %zu", i);
        assert_int_equal(checkpoint.size, 77);
    }
}

/* A witness answers a wrong root of size 0 with 422, not as malformed. */
static void reading_leaves_the_root_of_nothing_to_the_rule(void **state)
{
    struct checkpoint checkpoint;

    (void)state;
    assert_int_equal(checkpoint_read(S("log\n0\n" ROOT), &checkpoint), YES);
    assert_int_equal(checkpoint.size, 0);
    assert_int_equal(checkpoint_parse(S("log\n0\n" NOTHING), &checkpoint), YES);
    assert_int_equal(checkpoint_read(S("log\n00\n" ROOT), &checkpoint), NO_CHECKPOINT_MALFORMED);
}

static void bounds(void **state)
{
    char text[CHECKPOINT_TEXT_MAX + 2];
    struct checkpoint checkpoint;
    const size_t rest = strlen("\n3\n" ROOT);

    (void)state;
    memset(text, 'o', sizeof text);
    memcpy(text + 255, "\n3\n" ROOT, rest);
    assert_int_equal(checkpoint_parse((str){text, 255 + rest}, &checkpoint), YES);
    assert_int_equal(checkpoint.origin.len, 255);
    memset(text + 255 + rest, 'x', sizeof text - 255 - rest);
    text[CHECKPOINT_TEXT_MAX - 1] = '\n';
    assert_int_equal(checkpoint_parse((str){text, CHECKPOINT_TEXT_MAX}, &checkpoint), YES);
    assert_int_equal(checkpoint.more.len, CHECKPOINT_TEXT_MAX - 255 - rest);
    text[CHECKPOINT_TEXT_MAX - 1] = 'x';
    text[CHECKPOINT_TEXT_MAX] = '\n';
    assert_int_equal(checkpoint_parse((str){text, CHECKPOINT_TEXT_MAX + 1}, &checkpoint),
                     NO_CHECKPOINT_MALFORMED);
    memset(text, 'o', sizeof text);
    memcpy(text + 256, "\n3\n" ROOT, rest);
    assert_int_equal(checkpoint_parse((str){text, 256 + rest}, &checkpoint),
                     NO_CHECKPOINT_MALFORMED);
}

static void writes_nothing_that_reading_refuses(void **state)
{
    static char long_origin[257];
    struct checkpoint wrong[] = {
        {.origin = S(""), .size = 1},
        {.origin = S("a\nb"), .size = 1},
        {.origin = S("a\tb"), .size = 1},
        {.origin = S("\xff"), .size = 1},
        {.origin = {long_origin, 256}, .size = 1},
        {.origin = S("a"), .size = UINT64_MAX},
        {.origin = S("a"), .size = 0},
    };
    struct arena arena;
    struct buf out;

    (void)state;
    memset(long_origin, 'o', sizeof long_origin);
    arena_init_on(&arena, room, sizeof room);
    buf_init(&out, &arena, 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(checkpoint_put(&out, &wrong[i]), NO_CHECKPOINT_MALFORMED);
        assert_int_equal(buf_str(&out).len, 0);
    }
    wrong[4].origin.len = 255;
    assert_int_equal(checkpoint_put(&out, &wrong[4]), YES);
}

static void public_bodies(void **state)
{
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    struct tlog_rows rows = tlog_open(&arena, "checkpoint-body");

    while (tlog_next(&rows)) {
        const str expect = tlog_text(&rows, "expect"), id = tlog_text(&rows, "id");
        const str body = tlog_base64(&arena, tlog_text(&rows, "body_b64"));
        struct checkpoint checkpoint = {.size = 0};
        struct buf out;
        const no answer = checkpoint_parse(body, &checkpoint);

        if ((answer == YES) != str_starts(expect, S("accept")))
            fail_msg("%.*s", (int)id.len, id.ptr);
        if (answer != YES)
            continue;
        assert_int_equal(checkpoint.more.len > 0, str_eq(expect, S("accept-with-extension")));
        buf_init(&out, &arena, 0);
        checkpoint.more = STR_NONE;
        assert_int_equal(checkpoint_put(&out, &checkpoint), YES);
        assert_true(str_starts(body, buf_str(&out)));
    }
    assert_int_equal(rows.count, 12);
}

/* --- cosignatures ---------------------------------------------------------------------------- */

static void golden_cosignature(void **state)
{
    const struct sign_pair pair = golden_pair(GOLDEN_WITNESS_SEED);
    uint8_t made[COSIGNATURE_SIZE];

    (void)state;
    assert_int_equal(cosignature_make(&pair, GOLDEN_TIME, S(GOLDEN_TEXT), made), YES);
    assert_int_equal(cosignature_time_s(made), GOLDEN_TIME);
    assert_true(cosignature_holds(pair.public_key, made, S(GOLDEN_TEXT)));
    assert_memory_equal(made, "\0\0\0\0\x69\x55\xb9\0\x1b\xf1\x8a\x73", 12);
    for (size_t bit = 0; bit < 8 * COSIGNATURE_SIZE; bit++) {
        made[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(cosignature_holds(pair.public_key, made, S(GOLDEN_TEXT)));
        made[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void cosignature_is_of_every_byte(void **state)
{
    const struct sign_pair pair = golden_pair(GOLDEN_WITNESS_SEED);
    char text[] = GOLDEN_TEXT "more\n";
    uint8_t made[COSIGNATURE_SIZE];

    (void)state;
    assert_int_equal(cosignature_make(&pair, GOLDEN_TIME, str_of(text), made), YES);
    assert_true(cosignature_holds(pair.public_key, made, str_of(text)));
    assert_false(cosignature_holds(pair.public_key, made, S(GOLDEN_TEXT)));
    for (size_t bit = 0; bit < 8 * strlen(GOLDEN_TEXT "more\n"); bit++) {
        text[bit / 8] ^= (char)(1 << bit % 8);
        assert_false(cosignature_holds(pair.public_key, made, (str){text, sizeof text - 1}));
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
}

static void cosigns_only_checkpoints(void **state)
{
    const struct sign_pair pair = golden_pair(GOLDEN_WITNESS_SEED);
    uint8_t made[COSIGNATURE_SIZE] = {1, 2, 3};

    (void)state;
    assert_int_equal(cosignature_make(&pair, 1, S("a text\n"), made), NO_CHECKPOINT_MALFORMED);
    assert_int_equal(cosignature_make(&pair, 1, S("log\n0\n" ROOT), made), NO_CHECKPOINT_MALFORMED);
    assert_int_equal(cosignature_make(&pair, LINES_NUMBER_MAX + 1, S(GOLDEN_TEXT), made),
                     NO_CHECKPOINT_MALFORMED);
    assert_memory_equal(made, "\1\2\3\0", 4);
    assert_int_equal(cosignature_make(&pair, LINES_NUMBER_MAX, S(GOLDEN_TEXT), made), YES);
    assert_int_equal(cosignature_time_s(made), LINES_NUMBER_MAX);
    assert_true(cosignature_holds(pair.public_key, made, S(GOLDEN_TEXT)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_written_in_one_way),
        cmocka_unit_test(golden_is_read_and_written),
        cmocka_unit_test(refuses),
        cmocka_unit_test(reading_leaves_the_root_of_nothing_to_the_rule),
        cmocka_unit_test(bounds),
        cmocka_unit_test(writes_nothing_that_reading_refuses),
        cmocka_unit_test(public_bodies),
        cmocka_unit_test(golden_cosignature),
        cmocka_unit_test(cosignature_is_of_every_byte),
        cmocka_unit_test(cosigns_only_checkpoints),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
