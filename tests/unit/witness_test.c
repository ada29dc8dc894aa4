/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The texts between a register and a witness. What is decided on them: witness_rule_test.c.
 */
#include "cm.h"
#include "golden.h"
#include "tlog_data.h"

#include "wire/witness.h"

static char room[4 << 20];

#define HASH_LINE "qFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=\n"

static struct buf fresh(struct arena *arena)
{
    struct buf out;

    arena_init_on(arena, room, sizeof room);
    buf_init(&out, arena, 0);
    return out;
}

static void golden_is_read_and_written(void **state)
{
    struct witness_request request;
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    assert_int_equal(witness_request_parse(S(GOLDEN_REQUEST), &request), YES);
    assert_int_equal(request.old, 1);
    assert_int_equal(request.hashes_n, 2);
    assert_memory_equal(request.hashes[0], "\xba\x6e\xa0\x76", 4);
    assert_memory_equal(request.hashes[1], "\x4d\x0f\xb4\xab", 4);
    assert_str(request.note, GOLDEN_NOTE);
    witness_request_put(&out, &request);
    assert_str(buf_str(&out), GOLDEN_REQUEST);
}

static void forms(void **state)
{
    static const struct {
        const char *body;
        no answer;
    } rows[] = {
        {"old 0\n\nx", YES},
        {"old 9223372036854775807\n" HASH_LINE "\nx\n", YES},
        {"", NO_WITNESS_REQUEST_MALFORMED},
        {"old 0\n", NO_WITNESS_REQUEST_MALFORMED},
        {"old 0\n\n", NO_WITNESS_REQUEST_MALFORMED},
        {"old\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"old \n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"old  0\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"old 00\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"old -1\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"old 9223372036854775808\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"old 0\r\n\r\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"Old 0\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"\nold 0\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"0\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"old 0\nx\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"old 0\nqFW9\n\nx", NO_WITNESS_REQUEST_MALFORMED},
        {"old 1\n" HASH_LINE "x", NO_WITNESS_REQUEST_MALFORMED},
        {"old 1\n" HASH_LINE, NO_WITNESS_REQUEST_MALFORMED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct witness_request request = {.old = 77};
        struct arena arena;
        struct buf out = fresh(&arena);

        if (witness_request_parse(str_of(rows[i].body), &request) != rows[i].answer)
            fail_msg("row %zu", i);
        if (rows[i].answer != YES) {
            assert_int_equal(request.old, 77);
            continue;
        }
        witness_request_put(&out, &request);
        assert_str(buf_str(&out), rows[i].body);
    }
}

static void bounds(void **state)
{
    struct witness_request request;
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    buf_put(&out, S("old 1\n"));
    for (int i = 0; i < WITNESS_HASHES_MAX; i++)
        buf_put(&out, S(HASH_LINE));
    const size_t len = out.len;

    buf_put(&out, S("\nx"));
    assert_int_equal(witness_request_parse(buf_str(&out), &request), YES);
    assert_int_equal(request.hashes_n, WITNESS_HASHES_MAX);
    out.len = len;
    buf_put(&out, S(HASH_LINE "\nx"));
    assert_int_equal(witness_request_parse(buf_str(&out), &request), NO_WITNESS_REQUEST_MALFORMED);
    buf_clear(&out);
    buf_put(&out, S("old 1\n\n"));
    while (out.len < WITNESS_BODY_MAX)
        buf_put_char(&out, 'x');
    assert_int_equal(witness_request_parse(buf_str(&out), &request), YES);
    buf_put_char(&out, 'x');
    assert_int_equal(witness_request_parse(buf_str(&out), &request), NO_WITNESS_REQUEST_MALFORMED);
}

static void sizes(void **state)
{
    static const char *const wrong[] = {
        "", "\n", "5", "5\n\n", " 5\n", "5 \n", "05\n", "-5\n", "5\r\n", "conflict\n", "5\n6\n",
    };
    struct arena arena;
    struct buf out = fresh(&arena);
    uint64_t size = 77;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(witness_size_parse(str_of(wrong[i]), &size));
    assert_int_equal(size, 77);
    witness_size_put(&out, 5);
    assert_str(buf_str(&out), "5\n");
    assert_true(witness_size_parse(buf_str(&out), &size));
    assert_int_equal(size, 5);
}

/* --- the answer 200 -------------------------------------------------------------------------- */

static void only_the_witness_asked_is_kept(void **state)
{
    static const struct {
        const char *body;
        no answer;
    } rows[] = {
        {GOLDEN_WITNESS_LINE, YES},
        {GOLDEN_LINE GOLDEN_WITNESS_LINE, YES},
        {GOLDEN_WITNESS_LINE "\xe2\x80\x94 other.example tB6/OwAA\n", YES},
        {GOLDEN_WITNESS_LINE GOLDEN_WITNESS_LINE, YES},
        {"", NO_WITNESS_ANSWER_WRONG},
        {"\n", NO_WITNESS_ANSWER_WRONG},
        {GOLDEN_LINE, NO_WITNESS_ANSWER_WRONG},
        {"\n" GOLDEN_WITNESS_LINE, NO_WITNESS_ANSWER_WRONG},
        {GOLDEN_WITNESS_LINE "\n", NO_WITNESS_ANSWER_WRONG},
        {GOLDEN_WITNESS_LINE "thank you\n", NO_WITNESS_ANSWER_WRONG},
        {GOLDEN_WITNESS_LINE "x", NO_WITNESS_ANSWER_WRONG},
        {GOLDEN_COSIGNED, NO_WITNESS_ANSWER_WRONG},
        {GOLDEN_WITNESS_LINE "\xe2\x80\x94 coop2.example/witness tB6/OwAA\n",
         NO_WITNESS_ANSWER_WRONG},
    };
    const struct note_key witness = golden_key(GOLDEN_WITNESS_VKEY);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t found[COSIGNATURE_SIZE] = {7};

        if (witness_cosignature_find(str_of(rows[i].body), S(GOLDEN_TEXT), &witness, found) !=
            rows[i].answer)
            fail_msg("row %zu", i);
        if (rows[i].answer == YES)
            assert_int_equal(cosignature_time_s(found), GOLDEN_TIME);
        else
            assert_int_equal(found[0], 7);
    }
    assert_int_equal(witness_cosignature_find(S(GOLDEN_WITNESS_LINE), S("x" GOLDEN_TEXT), &witness,
                                              (uint8_t[COSIGNATURE_SIZE]){0}),
                     NO_WITNESS_ANSWER_WRONG);
}

static void every_flip_of_an_answer_is_noticed(void **state)
{
    const struct note_key witness = golden_key(GOLDEN_WITNESS_VKEY);
    char body[] = GOLDEN_WITNESS_LINE;

    (void)state;
    for (size_t bit = 0; bit < 8 * (sizeof body - 1); bit++) {
        uint8_t found[COSIGNATURE_SIZE];

        body[bit / 8] ^= (char)(1 << bit % 8);
        assert_int_equal(
            witness_cosignature_find((str){body, sizeof body - 1}, S(GOLDEN_TEXT), &witness, found),
            NO_WITNESS_ANSWER_WRONG);
        body[bit / 8] ^= (char)(1 << bit % 8);
    }
}

static void the_latest_of_several(void **state)
{
    static const uint64_t times[][3] = {{1, 2, 3}, {3, 2, 1}, {2, 3, 1}, {2, 3, 3}};
    const struct sign_pair pair = golden_pair(GOLDEN_WITNESS_SEED);
    const struct note_key witness = golden_key(GOLDEN_WITNESS_VKEY);

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        uint8_t found[COSIGNATURE_SIZE];
        struct arena arena;
        struct buf out = fresh(&arena);

        for (int n = 0; n < 3; n++)
            assert_int_equal(note_cosign(&out, S(GOLDEN_TEXT), &witness, &pair, times[i][n]), YES);
        assert_int_equal(witness_cosignature_find(buf_str(&out), S(GOLDEN_TEXT), &witness, found),
                         YES);
        assert_int_equal(cosignature_time_s(found), 3);
    }
}

static void lines_without_end(void **state)
{
    const struct note_key witness = golden_key(GOLDEN_WITNESS_VKEY);
    uint8_t found[COSIGNATURE_SIZE];
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    buf_put(&out, S(GOLDEN_WITNESS_LINE));
    for (int i = 1; i < NOTE_LINES_MAX; i++)
        buf_put(&out, S("\xe2\x80\x94 other.example tB6/OwAA\n"));
    assert_int_equal(witness_cosignature_find(buf_str(&out), S(GOLDEN_TEXT), &witness, found), YES);
    buf_put(&out, S("\xe2\x80\x94 other.example tB6/OwAA\n"));
    assert_int_equal(witness_cosignature_find(buf_str(&out), S(GOLDEN_TEXT), &witness, found),
                     NO_WITNESS_ANSWER_WRONG);
}

static void golden_file(void **state)
{
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    assert_str(tlog_file(&arena, "golden/log/add-checkpoint.body"), GOLDEN_REQUEST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_is_read_and_written),
        cmocka_unit_test(forms),
        cmocka_unit_test(bounds),
        cmocka_unit_test(sizes),
        cmocka_unit_test(only_the_witness_asked_is_kept),
        cmocka_unit_test(every_flip_of_an_answer_is_noticed),
        cmocka_unit_test(the_latest_of_several),
        cmocka_unit_test(lines_without_end),
        cmocka_unit_test(golden_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
