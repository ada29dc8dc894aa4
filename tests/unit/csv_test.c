/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/no.h"
#include "wire/csv.h"

#include <string.h>

static struct arena arena;
static struct csv_reader reader;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 32u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* A whole file as one line of text: fields by '|', rows by "/", the line each begins on before it.
 */
static str shown(str text)
{
    struct csv_wrong wrong = {0};
    struct csv_row row;
    struct buf out;
    no answer;

    buf_init(&out, &arena, 0);
    answer = csv_open(&reader, text, &wrong);
    while (answer == YES && (answer = csv_next(&reader, &arena, &row, &wrong)) == YES) {
        buf_printf(&out, "%s%u:", out.len > 0 ? "/" : "", row.line);
        for (size_t i = 0; i < row.count; i++) {
            buf_put(&out, i > 0 ? S("|") : STR_NONE);
            buf_put(&out, row.fields[i]);
        }
        buf_put(&out, row.cut ? S("~") : STR_NONE);
    }
    if (answer != NO_NOT_FOUND)
        buf_printf(&out, "!%s@%u", no_line(answer)->name, wrong.line);
    return buf_str(&out);
}

static void rows_are_read(void **state)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {
        {"a,b\n1,2\n", "1:a|b/2:1|2"},
        {"a,b\r\n1,2\r\n", "1:a|b/2:1|2"},
        {"a,b\r1,2\r", "1:a|b/2:1|2"},
        {"a,b\n1,2", "1:a|b/2:1|2~"},
        {"\xef\xbb\xbf"
         "a,b\n",
         "1:a|b"},
        {"a;b\n1,5;2\n", "1:a|b/2:1,5|2"},
        {"a\tb\n1\t2\n", "1:a|b/2:1|2"},
        {"\"a;b;c\",d\n", "1:a;b;c|d"},
        {"sep=;\na,b,c\n1;2\n", "2:a,b,c/3:1|2"},
        {"SEP=\t\na\tb\n", "2:a|b"},
        {"sep=x\n", "1:sep=x"},
        {"a,b\n\"x\",\"y\"\n", "1:a|b/2:x|y"},
        {"a,b\n\"x \"\"y\"\" z\",\n", "1:a|b/2:x \"y\" z|"},
        {"a,b\n\"\"\"\",\"\"\n", "1:a|b/2:\"|"},
        {"a,b\n\"one\ntwo\r\nthree\",2\n3,4\n", "1:a|b/2:one\ntwo\r\nthree|2/5:3|4"},
        {"a,b\n5\" pipe,x\n", "1:a|b/2:5\" pipe|x"},
        {"a,b\n \"x\",y\n", "1:a|b/2: \"x\"|y"},
        {"a,b\n,\n", "1:a|b/2:|"},
        {"a,b\n\n  \n1,2\n", "1:a|b/4:1|2"},
        {"\n\na,b\n", "3:a|b"},
        {"\r\n \r\na;b\r\n", "3:a|b"},
        {"name\nAnna\n\"\"\n", "1:name/2:Anna/3:"},
        {"é,ł\n日本,👍\n", "1:é|ł/2:日本|👍"},
        {"a,", "1:a|~"},
        {"a,b\n\"x\"", "1:a|b/2:x~"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_str(shown(str_of(cases[i].text)), cases[i].wanted);
}

#define BYTES(literal)               \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static void bad_files_are_refused(void **state)
{
    static const struct {
        str text;
        const char *wanted;
    } cases[] = {
        {BYTES(""), "!FILE_NOT_CSV@1"},
        {BYTES(" \r\n\t\n"), "!FILE_NOT_CSV@1"},
        {BYTES("\xef\xbb\xbf"), "!FILE_NOT_CSV@1"},
        {BYTES("a,b\nc\0,d\n"), "!FILE_NOT_CSV@2"},
        {BYTES("\x89PNG\r\n\x1a\n\0\0"), "!FILE_NOT_CSV@2"},
        {BYTES("PK\3\4xlsx"), "!FILE_NOT_CSV@1"},
        {BYTES("a\x1b[31m,b\n"), "!FILE_NOT_CSV@1"},
        {{"\xff\xfe"
          "a\0,\0",
          6},
         "!FILE_NOT_UTF8@1"},
        {BYTES("\xfe\xff\0a"), "!FILE_NOT_UTF8@1"},
        {BYTES("a,b\ncaf\xe9,1\n"), "!FILE_NOT_UTF8@2"},
        {BYTES("a,b\n\"x\n\xc0\xaf\",1\n"), "!FILE_NOT_UTF8@3"},
        {BYTES("a,b\n1,\xed\xa0\x80\n"), "!FILE_NOT_UTF8@2"},
        {BYTES("a,b\n1,caf\xc3"), "!FILE_CUT@2"},
        {BYTES("a,b\n1,\xf0\x9f\x91"), "!FILE_CUT@2"},
        {BYTES("a,b\n1,\x80"), "!FILE_NOT_UTF8@2"},
        {BYTES("a,b\n1,\xc3\n"), "!FILE_NOT_UTF8@2"},
        {BYTES("a,b\n1,2\n\"x,3\n4,5\n"), "1:a|b/2:1|2!FILE_CUT@3"},
        {BYTES("a,b\n\""), "1:a|b!FILE_CUT@2"},
        {BYTES("a,b\n\"x\"y,2\n"), "1:a|b!FILE_NOT_CSV@2"},
        {BYTES("a,b\n\"x\n\"y,2\n"), "1:a|b!FILE_NOT_CSV@3"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_str(shown(cases[i].text), cases[i].wanted);
}

static void huge_things_have_limits(void **state)
{
    struct buf text;
    struct csv_wrong wrong;
    struct csv_row row;

    (void)state;
    arena_reset(&arena);
    buf_init(&text, &arena, 4u << 20);
    for (int i = 0; i < CSV_COLUMNS_MAX; i++)
        buf_put(&text, i > 0 ? S(",x") : S("x"));
    buf_put(&text, S("\n"));
    assert_int_equal(csv_open(&reader, buf_str(&text), &wrong), YES);
    assert_int_equal(csv_next(&reader, &arena, &row, &wrong), YES);
    assert_int_equal(row.count, CSV_COLUMNS_MAX);
    text.len--;
    buf_put(&text, S(",x\n"));
    assert_int_equal(csv_open(&reader, buf_str(&text), &wrong), YES);
    assert_int_equal(csv_next(&reader, &arena, &row, &wrong), NO_FILE_NOT_CSV);
    assert_int_equal(wrong.line, 1);

    for (int quoted = 0; quoted < 2; quoted++) {
        for (size_t over = 0; over < 2; over++) {
            buf_clear(&text);
            buf_put(&text, quoted ? S("a,b\n1,\"") : S("a,b\n1,"));
            for (size_t i = 0; i < CSV_FIELD_MAX + over; i++)
                buf_put_char(&text, 'x');
            buf_put(&text, quoted ? S("\"\n") : S("\n"));
            assert_int_equal(csv_open(&reader, buf_str(&text), &wrong), YES);
            assert_int_equal(csv_next(&reader, &arena, &row, &wrong), YES);
            assert_int_equal(csv_next(&reader, &arena, &row, &wrong),
                             over ? NO_FIELD_TOO_LONG : YES);
            /* After a fault the file is over. */
            assert_int_equal(csv_next(&reader, &arena, &row, &wrong), NO_NOT_FOUND);
        }
    }
}

static void a_full_arena_is_said(void **state)
{
    char block[64];
    struct arena small;
    struct csv_wrong wrong;
    struct csv_row row;
    const str text =
        S("a\n\"0123456789012345678901234567890123456789 \"\" 0123456789012345678901234567890\"\n");

    (void)state;
    arena_init_on(&small, block, sizeof block);
    assert_int_equal(csv_open(&reader, text, &wrong), YES);
    assert_int_equal(csv_next(&reader, &small, &row, &wrong), YES);
    assert_int_equal(csv_next(&reader, &small, &row, &wrong), NO_OUT_OF_MEMORY);
}

static void headers_are_found_by_name(void **state)
{
    static const struct {
        const char *names;
        int wanted;
    } cases[] = {
        {"en stock", 0},
        {"in stock|en stock", 0},
        {"valeur s de l attribut 1", 1},
        {"prix|price", 2},
        {"e mail", 3},
        {"adhesion", 4},
        {"stock", -1},
        {"", -1},
        {"courriel|adhesion|e mail", 4},
        {"nom de l attribut 2", 5},
    };
    struct csv_wrong wrong;
    struct csv_head head;
    struct csv_row row;

    (void)state;
    assert_int_equal(
        csv_open(&reader,
                 S(" En stock\u00a0? ;Valeur(s) de l\u2019attribut 1;PRIX;E-mail;Adhésion;"
                   "Nom de l'attribut 2\n1; 2 ;3\n1;2;3;4;5;6;\n1;2;3;4;5;6;7\n1;2"),
                 &wrong),
        YES);
    assert_int_equal(csv_head_read(&reader, &arena, &head, &wrong), YES);
    assert_int_equal(head.count, 6);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(csv_head_find(&head, cases[i].names), cases[i].wanted);

    assert_int_equal(csv_next(&reader, &arena, &row, &wrong), YES);
    assert_int_equal(csv_row_fits(&row, &head), NO_FIELD_MISSING);
    assert_str(csv_field(&row, 1), "2");
    assert_str(csv_field(&row, 4), "");
    assert_str(csv_field(&row, CSV_NO_COLUMN), "");
    assert_int_equal(csv_next(&reader, &arena, &row, &wrong), YES);
    assert_int_equal(csv_row_fits(&row, &head), YES);
    assert_int_equal(csv_next(&reader, &arena, &row, &wrong), YES);
    assert_int_equal(csv_row_fits(&row, &head), NO_FIELD_WRONG);
    assert_int_equal(csv_next(&reader, &arena, &row, &wrong), YES);
    assert_int_equal(csv_row_fits(&row, &head), NO_FILE_CUT);
}

static void rows_are_written(void **state)
{
    static const struct {
        const char *field, *exact, *spreadsheet;
    } cases[] = {
        {"a", "a", "a"},
        {"a b", "a b", "a b"},
        {"", "", ""},
        {"a,b", "\"a,b\"", "\"a,b\""},
        {"a;b", "\"a;b\"", "\"a;b\""},
        {"say \"hi\"", "\"say \"\"hi\"\"\"", "\"say \"\"hi\"\"\""},
        {"\"", "\"\"\"\"", "\"\"\"\""},
        {"two\nlines", "\"two\nlines\"", "\"two\nlines\""},
        {" edge", "\" edge\"", "\" edge\""},
        {"=1+1", "=1+1", "'=1+1"},
        {"=HYPERLINK(\"x\")", "\"=HYPERLINK(\"\"x\"\")\"", "\"'=HYPERLINK(\"\"x\"\")\""},
        {"@SUM(A1)", "@SUM(A1)", "'@SUM(A1)"},
        {"+33 6 12", "+33 6 12", "'+33 6 12"},
        {"-2+3", "-2+3", "'-2+3"},
        {"-", "-", "'-"},
        {"-12.50", "-12.50", "-12.50"},
        {"-12,50", "\"-12,50\"", "\"-12,50\""},
        {"+5", "+5", "+5"},
        {"\tx", "\"\tx\"", "\"'\tx\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const str fields[] = {S("1"), str_of(cases[i].field)};
        char wanted[80];
        struct buf out;

        for (int style = CSV_EXACT; style <= CSV_SPREADSHEET; style++) {
            buf_init(&out, &arena, 0);
            csv_put_row(&out, ',', (enum csv_style)style, fields, 2);
            (void)snprintf(wanted, sizeof wanted, "1,%s\r\n",
                           style == CSV_EXACT ? cases[i].exact : cases[i].spreadsheet);
            assert_str(buf_str(&out), wanted);
        }
    }
}

/* parse∘write = identity, over random tables made of everything that could go wrong. */
static void reading_undoes_writing(void **state)
{
    static const char *const pieces[] = {"a",  "\"", ",", ";", "\t",           "\n",   "\r\n",
                                         "\r", " ",  "é", "=", "\xef\xbb\xbf", "sep="};
    uint64_t seed = 20261123;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        const size_t columns = 1 + chance_next(&seed) % 4, rows = 1 + chance_next(&seed) % 4;
        const char separator = ",;\t"[chance_next(&seed) % 3];
        str cells[4][4];
        struct csv_wrong wrong;
        struct csv_row row;
        struct buf out;

        arena_reset(&arena);
        buf_init(&out, &arena, 1 << 16);
        for (size_t r = 0; r < rows; r++) {
            for (size_t c = 0; c < columns; c++) {
                struct buf cell;

                buf_init(&cell, &arena, 0);
                for (uint64_t n = chance_next(&seed) % 4; n > 0; n--)
                    buf_put(&cell, str_of(pieces[chance_next(&seed) % 13]));
                cells[r][c] = buf_str(&cell);
            }
            csv_put_row(&out, separator, CSV_EXACT, cells[r], columns);
        }
        const no opened = csv_open(&reader, buf_str(&out), &wrong);

        /* A table of nothing but blanks is no file; it has no header either. */
        if (opened == NO_FILE_NOT_CSV)
            continue;
        assert_int_equal(opened, YES);
        for (size_t r = 0; r < rows; r++) {
            assert_int_equal(csv_next(&reader, &arena, &row, &wrong), YES);
            assert_int_equal(row.count, columns);
            for (size_t c = 0; c < columns; c++)
                assert_true(str_eq(row.fields[c], cells[r][c]));
        }
        assert_int_equal(csv_next(&reader, &arena, &row, &wrong), NO_NOT_FOUND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(huge_things_have_limits),
        cmocka_unit_test(a_full_arena_is_said),
        cmocka_unit_test(headers_are_found_by_name),
        cmocka_unit_test(rows_are_written),
        cmocka_unit_test(reading_undoes_writing),
    };

    return cmocka_run_group_tests_name("csv", tests, start, stop);
}
