/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * str, arena, buf, log and no.def.
 */
#include "cm.h"

#include "base/arena.h"
#include "base/log.h"
#include "base/no.h"

#include <string.h>
#include <unistd.h>

static void str_compares(void **state)
{
    (void)state;
    assert_true(str_eq(S("abc"), str_of("abc")));
    assert_true(str_eq(STR_NONE, S("")));
    assert_true(str_eq(str_of(NULL), STR_NONE));
    assert_false(str_eq(S("abc"), S("abd")));
    assert_true(str_eq_nocase(S("Content-Type"), S("content-type")));
    assert_false(str_eq_nocase(S("[a"), S("{a")));
    assert_true(str_cmp(S("ab"), S("abc")) < 0);
    assert_true(str_cmp(S("b"), S("abc")) > 0);
    assert_int_equal(str_cmp(S("abc"), S("abc")), 0);
    assert_true(str_cmp(S("\xc3"), S("a")) > 0);
    assert_true(str_starts(S("filon"), S("fil")) && str_starts(S("filon"), STR_NONE));
    assert_false(str_starts(S("fi"), S("fil")));
    assert_true(str_ends(S("a.csv"), S(".csv")) && !str_ends(S("csv"), S(".csv")));
}

static void str_cuts(void **state)
{
    str head, rest;

    (void)state;
    assert_true(str_cut(S("a=b=c"), '=', &head, &rest));
    assert_str(head, "a");
    assert_str(rest, "b=c");
    assert_false(str_cut(S("abc"), '=', &head, &rest));
    assert_str(head, "abc");
    assert_int_equal(rest.len, 0);
    assert_str(str_trim(S(" \t a b\r\n")), "a b");
    assert_int_equal(str_trim(S("  ")).len, 0);
    assert_str(str_sub(S("abcdef"), 2, 3), "cde");
    assert_str(str_sub(S("abc"), 1, SIZE_MAX), "bc");
    assert_int_equal(str_sub(S("abc"), 3, 1).len, 0);
    assert_int_equal(str_find(S("a needle"), S("need")), 2);
    assert_int_equal(str_find(S("nee"), S("need")), 3);
    assert_int_equal(str_find_char(S("abc"), 'c'), 2);
    assert_int_equal(str_find_char(STR_NONE, 'c'), 0);
}

static void str_numbers(void **state)
{
    static const char *const wrong[] = {"",
                                        "-",
                                        "+1",
                                        " 1",
                                        "1 ",
                                        "1.0",
                                        "0x1",
                                        "--1",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "1e3"};
    int64_t n = 7;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(str_to_int64(str_of(wrong[i]), &n));
    assert_int_equal(n, 7);
    assert_true(str_to_int64(S("-9223372036854775808"), &n) && n == INT64_MIN);
    assert_true(str_to_int64(S("9223372036854775807"), &n) && n == INT64_MAX);
    assert_true(str_to_int64(S("-0"), &n) && n == 0);
}

static void str_hexes(void **state)
{
    uint8_t bytes[3] = {9, 9, 9};
    char hex[6];

    (void)state;
    assert_true(str_unhex(S("00fFa1"), bytes, 3));
    str_hex(bytes, 3, hex);
    assert_str(((str){hex, 6}), "00ffa1");
    assert_false(str_unhex(S("00ff"), bytes, 3));
    assert_false(str_unhex(S("00ffg1"), bytes, 3));
    assert_int_equal(bytes[1], 255);
}

static void arena_gives_and_forgets(void **state)
{
    struct arena arena;

    (void)state;
    assert_true(arena_init(&arena, 1024));
    char *first = arena_take(&arena, 1);
    char *second = arena_take(&arena, 1);
    assert_int_equal((uintptr_t)first % 16, 0);
    assert_ptr_equal(second, first + 16);
    *second = 'x';
    const size_t mark = arena_mark(&arena);
    assert_str(arena_str(&arena, S("copy")), "copy");
    assert_string_equal(arena_cstr(&arena, S("c")), "c");
    arena_rewind(&arena, mark);
    assert_int_equal(arena.used, mark);
    arena_reset(&arena);
    assert_ptr_equal(arena_take(&arena, 32), first);
    assert_int_equal(first[16], 0);
    arena_release(&arena);
    assert_null(arena.start);
}

static void dirty_memory_is_cleared_or_ended(void **state)
{
    char block[256] __attribute__((aligned(16)));
    const char none[32] = {0};
    struct arena arena;
    struct buf text;

    (void)state;
    memset(block, 'x', sizeof block);
    arena_init_on(&arena, block, sizeof block);
    assert_memory_equal(arena_take(&arena, 32), none, 32);
    assert_memory_equal(arena_take_raw(&arena, 32), block + 64, 32);
    assert_string_equal(arena_str(&arena, S("copy")).ptr, "copy");
    buf_init(&text, &arena, 16);
    buf_put(&text, S("y"));
    assert_string_equal(arena_cstr(&arena, buf_str(&text)), "y");
    assert_null(arena_take_raw(&arena, sizeof block));
    assert_true(arena_overflowed(&arena));
}

static void arena_overflow_is_sticky(void **state)
{
    _Alignas(16) char block[64];
    struct arena arena;

    (void)state;
    arena_init_on(&arena, block, sizeof block);
    assert_non_null(arena_take(&arena, 48));
    assert_non_null(arena_take(&arena, 0));
    assert_null(arena_take(&arena, 17));
    assert_true(arena_overflowed(&arena));
    assert_non_null(arena_take(&arena, 16));
    assert_true(arena_overflowed(&arena));
    assert_int_equal(arena_str(&arena, S("abc")).len, 0);
    assert_string_equal(arena_cstr(&arena, S("abc")), "");
    arena_reset(&arena);
    assert_false(arena_overflowed(&arena));
    assert_null(arena_take_many(&arena, SIZE_MAX / 2, 3));
    assert_true(arena_overflowed(&arena));
    arena_reset(&arena);
    assert_null(arena_take(&arena, SIZE_MAX));
}

static void buf_grows(void **state)
{
    struct arena arena;
    struct buf buf;

    (void)state;
    assert_true(arena_init(&arena, 64 * 1024));
    buf_init(&buf, &arena, 1);
    const char *start = buf.ptr;
    for (int i = 0; i < 1000; i++)
        buf_put(&buf, S("0123456789"));
    assert_int_equal(buf.len, 10000);
    assert_ptr_equal(buf.ptr, start);
    (void)arena_take(&arena, 1);
    for (int i = 0; i < 1000; i++)
        buf_put(&buf, S("0123456789"));
    assert_int_equal(buf_str(&buf).len, 20000);
    for (size_t i = 0; i < buf.len; i++)
        assert_int_equal(buf.ptr[i], '0' + i % 10);
    buf_clear(&buf);
    buf_put_int(&buf, INT64_MIN);
    buf_put_char(&buf, ' ');
    buf_put_int(&buf, 0);
    buf_printf(&buf, " %s", "x");
    assert_str(buf_str(&buf), "-9223372036854775808 0 x");
    buf_clear(&buf);
    buf_printf(&buf, "%*d", 1000, 5);
    assert_int_equal(buf.len, 1000);
    arena_release(&arena);
}

static void buf_says_when_full(void **state)
{
    _Alignas(16) char block[512];
    struct arena arena;
    struct buf buf;

    (void)state;
    arena_init_on(&arena, block, sizeof block);
    buf_init(&buf, &arena, 0);
    for (int i = 0; i < 100 && !buf_failed(&buf); i++)
        buf_put(&buf, S("0123456789"));
    assert_true(buf_failed(&buf));
    assert_true(arena_overflowed(&arena));
    assert_int_equal(buf.len % 10, 0);
    buf_put_char(&buf, 'x');
    assert_int_equal(buf.len % 10, 0);
}

static void no_lines_are_sane(void **state)
{
    const struct no_line *line, *other;

    (void)state;
    assert_int_equal(no_line(YES)->http, 200);
    for (unsigned i = 0; (line = no_line_at(i)) != NULL; i++) {
        assert_true((int)line->code >= 100 && (int)line->code < 1000);
        assert_ptr_equal(no_line(line->code), line);
        assert_true(line->http >= 400 && line->http < 600);
        /* A fault is the server's, a refusal never. */
        assert_int_equal(line->http >= 500, line->kind == NO_KIND_FAULT);
        assert_int_equal(no_is_fault(line->code), line->kind == NO_KIND_FAULT);
        for (const char *c = line->name; *c != '\0'; c++)
            assert_true((*c >= 'A' && *c <= 'Z') || *c == '_' || (*c >= '0' && *c <= '9'));
        for (unsigned j = 0; j < i; j++) {
            other = no_line_at(j);
            assert_int_not_equal(line->code, other->code);
            assert_string_not_equal(line->name, other->name);
        }
    }
    assert_null(no_line_at(100000));
}

/* What `log_line` wrote, by putting a pipe in the place of stderr. */
static size_t logged(char *text, size_t size, enum log_level level, const char *what,
                     const char *value)
{
    const int kept = dup(STDERR_FILENO);
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
    log_line(level, "test", what, "name", value, NULL);
    assert_int_equal(dup2(kept, STDERR_FILENO), STDERR_FILENO);
    close(kept);
    close(ends[1]);
    const ssize_t len = read(ends[0], text, size - 1);
    close(ends[0]);
    assert_true(len > 0);
    text[len] = '\0';
    return (size_t)len;
}

static void log_escapes_and_cuts(void **state)
{
    static char text[8192], longest[5000];

    (void)state;
    logged(text, sizeof text, LOG_WARN, "a b", "c\"\\\n\x1b[\xc3\xa9\xff\xc2\x85\u2028");
    assert_string_equal(text, "level=warn room=test what=\"a b\" "
                              "name=\"c\\\"\\\\\\n\\u001b[\xc3\xa9\\xff\\u0085\\u2028\"\n");
    logged(text, sizeof text, LOG_ERROR, "x", NULL);
    assert_string_equal(text, "level=error room=test what=\"x\" name=\"\"\n");
    for (size_t len = 4000; len < sizeof longest - 1; len++) {
        memset(longest, 'y', len);
        longest[len] = '\0';
        const size_t written = logged(text, sizeof text, LOG_INFO, "x", longest);
        assert_true(written <= 4096);
        assert_true(strchr(text, '\n') == text + written - 1);
        if (len > 4070)
            assert_string_equal(text + written - 11, "\" cut=true\n");
    }
    memset(longest, 'y', 4500);
    assert_true(logged(text, sizeof text, LOG_INFO, longest, "x") <= 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(str_compares),
        cmocka_unit_test(str_cuts),
        cmocka_unit_test(str_numbers),
        cmocka_unit_test(str_hexes),
        cmocka_unit_test(arena_gives_and_forgets),
        cmocka_unit_test(dirty_memory_is_cleared_or_ended),
        cmocka_unit_test(arena_overflow_is_sticky),
        cmocka_unit_test(buf_grows),
        cmocka_unit_test(buf_says_when_full),
        cmocka_unit_test(no_lines_are_sane),
        cmocka_unit_test(log_escapes_and_cuts),
    };

    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
