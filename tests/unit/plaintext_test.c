/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/no.h"
#include "base/utf8.h"
#include "wire/entities.h"
#include "wire/plaintext.h"

#include <string.h>

static struct arena arena;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 64u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void html_becomes_words(void **state)
{
    static const struct {
        const char *html, *wanted;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"  a \t b  ", "a b"},
        {"<p>One.</p><p>Two.</p>", "One.\n\nTwo."},
        {"<p>One.</p>\n\n\n\n<p>Two.</p>", "One.\n\nTwo."},
        {"One.\nTwo.\r\nThree.\rFour.", "One.\nTwo.\nThree.\nFour."},
        {"One.\n\n\n\nTwo.", "One.\n\nTwo."},
        {"a<br>b<br/>c<BR />d", "a\nb\nc\nd"},
        {"a<b>b</b><i class=x>c</i>", "abc"},
        {"<ul><li>one</li><li>two</li></ul>after", "- one\n- two\n\nafter"},
        {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
        {"x<script>alert('<p>')</script>y", "xy"},
        {"x<SCRIPT src=a>1 < 2</Script >y", "xy"},
        {"x<style>p { color: red }</style>y", "xy"},
        {"x<script>never closed", "x"},
        {"x</script>y", "xy"},
        {"x<!-- <p>no</p> -->y", "xy"},
        {"x<!-- never closed", "x"},
        {"x<!DOCTYPE html>y<?php echo 1 ?>z", "xyz"},
        {"<a href=\"a>b\" title='c>d'>link</a>", "link"},
        {"<img alt=\"a\"b\">x", "x"},
        {"1 < 2 && 3 > 2", "1 < 2 && 3 > 2"},
        {"a <3 b", "a <3 b"},
        {"<", "<"},
        {"</", "</"},
        {"x<p", "x"},
        {"x<p class=\"never closed", "x"},
        {"&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"},
        {"caf&eacute; &amp; th&#233; &#xE9;t&#XE9;", "café & thé été"},
        {"5&nbsp;&euro;", "5 €"},
        {"l&#146;&oelig;uf &hellip;", "l\u2019œuf …"},
        {"&amp;amp;", "&amp;"},
        {"&unknown; &amp &; & &#; &#x; &#xZ;", "&unknown; &amp &; & &#; &#x; &#xZ;"},
        {"&#0;&#xD800;&#x110000;&#99999999999;", "\ufffd\ufffd\ufffd\ufffd9;"},
        {"&#233 t&#233", "é té"},
        {"a&#10;b", "a\nb"},
        {"a&#7;b\x01"
         "c\x7f"
         "d",
         "abcd"},
        {"a\u202e"
         "b\u2066"
         "c",
         "abc"},
        {"日本 <b>語</b> 👍", "日本 語 👍"},
        {"<p>&nbsp;</p><p>x</p>", "x"},
        {"<div>a</div><div>b</div>", "a\nb"},
        {"<h2>Title</h2>Text", "Title\n\nText"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        str text;

        assert_int_equal(plaintext_of_html(&arena, str_of(cases[i].html), &text), YES);
        assert_str(text, cases[i].wanted);
    }
}

static void a_title_is_one_line(void **state)
{
    static const struct {
        const char *line, *wanted;
    } cases[] = {
        {"  Cosy\r\n flat \t by\u2028the sea ", "Cosy flat by the sea"},
        {"a\u202e"
         "b\x01"
         "c",
         "abc"},
        {"1 < 2 &amp; <b>", "1 < 2 &amp; <b>"},
        {"e\u0301te\u0301", "été"},
        {"\n\t ", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        str text;

        assert_int_equal(plaintext_line(&arena, str_of(cases[i].line), &text), YES);
        assert_str(text, cases[i].wanted);
    }
}

/* What makes parsers slow: each must take a moment, not minutes. The test's own time limit is the
 * judge. */
static void hostile_text_is_linear(void **state)
{
    static const char *const pieces[] = {"<",       "<!--",     "<a ",       "&",
                                         "&#1",     "<script>", "</script ", "<p><li>",
                                         "<a b=\"", "&lt;&lt",  "\xc2\xa0",  "<a b='c' "};

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct buf html;
        str text;

        arena_reset(&arena);
        buf_init(&html, &arena, PLAINTEXT_SIZE_MAX + 64);
        while (html.len + strlen(pieces[i]) <= PLAINTEXT_SIZE_MAX)
            buf_put(&html, str_of(pieces[i]));
        assert_int_equal(plaintext_of_html(&arena, buf_str(&html), &text), YES);
        assert_true(utf8_clean(text, true));
        assert_true(text.len <= html.len + html.len / 2);
    }
}

static void limits_are_said(void **state)
{
    struct buf html;
    struct arena small;
    char block[512];
    str text;

    (void)state;
    arena_reset(&arena);
    buf_init(&html, &arena, PLAINTEXT_SIZE_MAX + 64);
    while (html.len < PLAINTEXT_SIZE_MAX)
        buf_put_char(&html, 'x');
    assert_int_equal(plaintext_of_html(&arena, buf_str(&html), &text), YES);
    assert_int_equal(text.len, PLAINTEXT_SIZE_MAX);
    buf_put_char(&html, 'x');
    assert_int_equal(plaintext_of_html(&arena, buf_str(&html), &text), NO_FIELD_TOO_LONG);
    arena_init_on(&small, block, sizeof block);
    assert_int_equal(plaintext_of_html(&small, str_sub(buf_str(&html), 0, 4096), &text),
                     NO_OUT_OF_MEMORY);
    arena_init_on(&small, block, sizeof block);
    assert_int_equal(plaintext_line(&small, str_sub(buf_str(&html), 0, 4096), &text),
                     NO_OUT_OF_MEMORY);
}

/* The table is searched by halves: every name must be where the search looks. */
static void entities_are_found(void **state)
{
    static const struct {
        const char *name;
        uint32_t point;
    } cases[] = {
        {"&AElig;", 0xc6}, {"&zwnj;", 0x200c}, {"&thetasym;", 0x3d1}, {"&amp;", '&'},
        {"&apos;", '\''},  {"&Zeta;", 0x396},  {"&yuml;", 0xff},      {"&ouml;", 0xf6},
        {"&Ouml;", 0xd6},  {"&nbsp;", 0xa0},   {"&eacute;", 0xe9},    {"&trade;", 0x2122},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t point = 0;

        assert_int_equal(entities_read(str_of(cases[i].name), &point), strlen(cases[i].name));
        assert_int_equal(point, cases[i].point);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_becomes_words),     cmocka_unit_test(a_title_is_one_line),
        cmocka_unit_test(hostile_text_is_linear), cmocka_unit_test(limits_are_said),
        cmocka_unit_test(entities_are_found),
    };

    return cmocka_run_group_tests_name("plaintext", tests, start, stop);
}
