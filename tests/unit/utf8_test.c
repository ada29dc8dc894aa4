/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/utf8.h"

#include <string.h>

static struct arena arena;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Each wrong sequence alone, and at every place of a text that the fast path reads by eights. */
static void invalid_is_seen(void **state)
{
    static const char *const wrong[] = {
        "\x80", /* continuation alone */
        "\xbf",
        "\xc3",
        "\xc3(",
        "\xc0\xaf",
        "\xc1\xbf",
        "\xe0\x80\xaf", /* overlong '/' */
        "\xe0\x9f\xbf",
        "\xf0\x80\x80\xaf",
        "\xf0\x8f\xbf\xbf",
        "\xed\xa0\x80", /* surrogates */
        "\xed\xbf\xbf",
        "\xed\xa0\x80\xed\xb0\x80",
        "\xf4\x90\x80\x80", /* past U+10FFFF */
        "\xf5\x80\x80\x80",
        "\xfe",
        "\xff",
        "\xe2\x82",
        "\xe2(\x82",
        "\xe2\x82(",
        "\xf0\x9f\x98",
        "\xf0(\x9f\x98",
        "\xf0\x9f(\x98",
        "\xf0\x9f\x98(",
        "\xf8\x88\x80\x80\x80",
    };
    char text[40];

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const size_t len = strlen(wrong[i]);

        assert_false(utf8_valid(str_of(wrong[i])));
        for (size_t at = 0; at + len <= sizeof text; at++) {
            memset(text, 'a', sizeof text);
            assert_true(utf8_valid((str){text, sizeof text}));
            memcpy(text + at, wrong[i], len);
            if (utf8_valid((str){text, sizeof text}))
                fail_msg("row %zu at %zu passed", i, at);
        }
    }
}

static void put_one(struct buf *buf, uint32_t point)
{
    buf_clear(buf);
    utf8_put(buf, point);
}

/* Every code point there is, written and read again. */
static void every_point_is_valid(void **state)
{
    struct buf buf;

    (void)state;
    arena_reset(&arena);
    buf_init(&buf, &arena, 16);
    for (uint32_t point = 0; point < 0x110000; point++) {
        size_t at = 0;

        if (point >= 0xd800 && point < 0xe000)
            continue;
        put_one(&buf, point);
        if (!utf8_valid(buf_str(&buf)) || utf8_next(buf_str(&buf), &at) != point || at != buf.len ||
            utf8_count(buf_str(&buf)) != 1)
            fail_msg("U+%04X", point);
    }
    put_one(&buf, 0xd800);
    assert_str(buf_str(&buf), "\ufffd");
    put_one(&buf, 0x110000);
    assert_str(buf_str(&buf), "\ufffd");
}

static void points_are_counted(void **state)
{
    size_t at = 0;

    (void)state;
    assert_true(utf8_valid(STR_NONE));
    assert_true(utf8_valid(S("Un été à la crèche, naïf comme l’œuf 😀")));
    assert_int_equal(utf8_count(S("été 😀")), 5);
    assert_str(utf8_head(S("été 😀"), 3), "été");
    assert_str(utf8_head(S("été"), 9), "été");
    assert_int_equal(utf8_head(S("été"), 0).len, 0);
    assert_int_equal(utf8_next(S("\xe2\x82"), &at), 0xfffd);
    assert_int_equal(at, 1);
}

static void clean_has_no_controls(void **state)
{
    static const char *const wrong[] = {
        "\x01",   "a\x1b[31m", "\x7f",       "\xc2\x85",   "\u2028", "\u2029", "\u202e", "\u2066",
        "\ufdd0", "\ufffe",    "\U0001ffff", "\U0010fffe", "\xff",   "a\rb",   "\r",
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_false(utf8_clean(str_of(wrong[i]), true));
        assert_false(utf8_clean(str_of(wrong[i]), false));
    }
    assert_false(utf8_clean(S("a\0b"), true));
    assert_true(utf8_clean(S("a\tb\nc\r\nd"), true));
    assert_false(utf8_clean(S("a\nb"), false));
    assert_false(utf8_clean(S("a\tb"), false));
    assert_true(utf8_clean(S("L’été\u00a0: 😀 \u200d \ufffd"), false));
    assert_true(utf8_clean(STR_NONE, false));
}

static void folds_are_found(void **state)
{
    static const struct {
        const char *text, *folded;
    } rows[] = {
        {"été", "ete"},
        {"Été", "ete"},
        {"E\u0301te\u0301", "ete"},
        {"ÉLÉGANT naïf", "elegant naif"},
        {"cœur", "coeur"},
        {"CŒUR", "coeur"},
        {"Ǽther", "aether"},
        {"straße", "strasse"},
        {"STRASSE", "strasse"},
        {"STRAẞE", "strasse"},
        {"Ελλάδα", "ελλαδα"},
        {"ΕΛΛΆΣ", "ελλασ"},
        {"ς", "σ"},
        {"ﬁn", "fin"},
        {"ﬄ", "ffl"},
        {"Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"},
        {"ｶﾞ", "カ"},
        {"½", "1\u20442"},
        {"№ 5", "no 5"},
        {"İstanbul", "istanbul"},
        {"ısı", "isi"},
        {"Łódź", "lodz"},
        {"Ångström", "angstrom"},
        {"\u212bngström", "angstrom"},
        {"smørrebrød", "smorrebrod"},
        {"Đà Nẵng", "da nang"},
        {"Þór", "thor"},
        {"l’atelier", "l'atelier"},
        {"co\u00adop", "coop"},
        {"a\u200bb", "ab"},
        {"1\u202f234\u00a0€", "1 234 €"},
        {"한국", "한국"},
        {"\u1112\u1161\u11ab\u1100\u116e\u11a8", "한국"},
        {"Йод", "иод"},
        {"x²", "x2"},
        {"a\xff"
         "b\xc3",
         "a b "},
        {"", ""},
        {"e-mail", "e-mail"},
        {"e\u2011mail", "e-mail"},
        {"\ufdfa", "صلى الله عليه وسلم"},
        {"Ⅷ", "viii"},
        {"ĳ", "ij"},
        {"ŉ", "'n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        arena_reset(&arena);
        assert_str(utf8_fold(&arena, str_of(rows[i].text)), rows[i].folded);
    }
}

/* Folding twice is folding once, whatever two points stand together. */
static void folding_twice_changes_nothing(void **state)
{
    uint64_t seed = 20261121;

    (void)state;
    for (uint32_t point = 1; point < 0x110000; point++) {
        struct buf buf;

        arena_reset(&arena);
        buf_init(&buf, &arena, 16);
        utf8_put(&buf, point);
        utf8_put(&buf, (uint32_t)(chance_next(&seed) % 0x11200));
        const str once = utf8_fold(&arena, buf_str(&buf));
        const str twice = utf8_fold(&arena, once);

        if (!utf8_valid(once) || !str_eq(once, twice))
            fail_msg("U+%04X: %.*s / %.*s", point, (int)once.len, once.ptr, (int)twice.len,
                     twice.ptr);
    }
}

static void a_full_arena_is_said(void **state)
{
    _Alignas(16) char block[64];
    struct arena small;

    (void)state;
    arena_init_on(&small, block, sizeof block);
    assert_null(utf8_fold(&small, S("ﷺﷺﷺﷺﷺﷺﷺﷺﷺﷺ")).ptr);
    assert_true(arena_overflowed(&small));
    arena_reset(&small);
    assert_null(utf8_tidy_line(&small, S("éééééééééééééééééééé")).ptr);
    arena_reset(&small);
    (void)arena_take(&small, 64);
    assert_null(utf8_initials(&small, S("Nadia")).ptr);
}

static void join_word(void *self, str word)
{
    buf_put(self, word);
    buf_put_char(self, '|');
}

static void words_are_cut(void **state)
{
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"l'atelier de 3 velos", "l|atelier|de|3|velos|"},
        {"porte-monnaie, etc.", "porte|monnaie|etc|"},
        {"", ""},
        {" ,;!? ", ""},
        {"a", "a|"},
        {"ελλαδα 한국", "ελλαδα|한국|"},
        {"10 € le kg", "10|le|kg|"},
        {"a\xff"
         "b",
         "a|b|"},
        {"0123456789012345678901234567890123456789012345678901234567890123456789",
         "0123456789012345678901234567890123456789012345678901234567890123|"},
        {"a日日日日日日日日日日日日日日日日日日日日日日日日日日",
         "a日日日日日日日日日日日日日日日日日日日日日|"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf buf;

        arena_reset(&arena);
        buf_init(&buf, &arena, 0);
        utf8_words(str_of(rows[i].text), join_word, &buf);
        assert_str(buf_str(&buf), rows[i].words);
    }
}

static void names_have_initials(void **state)
{
    static const struct {
        const char *name, *initials;
    } rows[] = {
        {"Nadia B.", "NB"},
        {"Amina", "A"},
        {"élodie durand", "ÉD"},
        {"Jean Pierre Martin", "JM"},
        {"Café de la Gare", "CG"},
        {"L'Atelier", "LA"},
        {"4 saisons", "4S"},
        {"", ""},
        {"😀", ""},
        {"  Zoé  ", "Z"},
        {"E\u0301lodie", "E"},
        {"a-b", "AB"},
        {"\u0301 Amina", "A"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_str(utf8_initials(&arena, str_of(rows[i].name)), rows[i].initials);
}

static void lines_are_tidied(void **state)
{
    static const struct {
        const char *typed, *line;
    } rows[] = {
        {"  a  b\t\r\nc ", "a b c"},
        {"", ""},
        {" \u00a0\u3000 ", ""},
        {"e\u0301te\u0301", "été"},
        {"1\u202f234\u00a0€", "1 234 €"},
        {"a\xff"
         "b",
         "a\ufffdb"},
        {"\u1112\u1161\u11ab", "한"},
        {"cœur ﬁ", "cœur ﬁ"},
        {"q\u0323\u0307", "q\u0323\u0307"},
        {"q\u0307\u0323", "q\u0323\u0307"},
        {"a\u2028b", "a b"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        arena_reset(&arena);
        assert_str(utf8_tidy_line(&arena, str_of(rows[i].typed)), rows[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invalid_is_seen),      cmocka_unit_test(every_point_is_valid),
        cmocka_unit_test(points_are_counted),   cmocka_unit_test(clean_has_no_controls),
        cmocka_unit_test(folds_are_found),      cmocka_unit_test(folding_twice_changes_nothing),
        cmocka_unit_test(a_full_arena_is_said), cmocka_unit_test(words_are_cut),
        cmocka_unit_test(names_have_initials),  cmocka_unit_test(lines_are_tidied),
    };

    return cmocka_run_group_tests_name("utf8", tests, start, stop);
}
