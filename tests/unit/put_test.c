/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a value looks like in each place of a page, with the strings an attacker would send.
 */
#include "cm.h"

#include "pages/put.h"

#include <string.h>

#define N "\u202f"

static char block[1 << 16];
static const struct page en = {.lang = LANG_EN}, fr = {.lang = LANG_FR};

static struct buf fresh(struct arena *arena)
{
    struct buf out;

    arena_init_on(arena, block, sizeof block);
    buf_init(&out, arena, 0);
    return out;
}

/* Each string in the three places that escape. */
static const struct {
    str in;
    const char *text, *attr, *url;
} strings[] = {
    {{"", 0}, "", "", ""},
    {{NULL, 0}, "", "", ""},
    {{"plain", 5}, "plain", "plain", "plain"},
    {{"<script>alert(1)</script>", 25},
     "&lt;script&gt;alert(1)&lt;/script&gt;",
     "&lt;script&gt;alert(1)&lt;/script&gt;",
     "%3Cscript%3Ealert%281%29%3C%2Fscript%3E"},
    {{"\" onload=\"x", 11}, "\" onload=\"x", "&#34; onload=&#34;x", "%22%20onload%3D%22x"},
    {{"' onload='x", 11}, "' onload='x", "&#39; onload=&#39;x", "%27%20onload%3D%27x"},
    {{"javascript:alert(1)", 19},
     "javascript:alert(1)",
     "javascript:alert(1)",
     "javascript%3Aalert%281%29"},
    {{"//evil.example/?a=b&c#d", 23},
     "//evil.example/?a=b&amp;c#d",
     "//evil.example/?a=b&amp;c#d",
     "%2F%2Fevil.example%2F%3Fa%3Db%26c%23d"},
    {{"&lt;", 4}, "&amp;lt;", "&amp;lt;", "%26lt%3B"},
    {{"a\0b", 3},
     "a\xEF\xBF\xBD"
     "b",
     "a\xEF\xBF\xBD"
     "b",
     "a%00b"},
    {{"été 50 %", 10}, "été 50 %", "été 50 %", "%C3%A9t%C3%A9%2050%20%25"},
    {{"-._~Az09", 8}, "-._~Az09", "-._~Az09", "-._~Az09"},
    {{"\r\nSet-Cookie: x", 15},
     "\r\nSet-Cookie: x",
     "\r\nSet-Cookie: x",
     "%0D%0ASet-Cookie%3A%20x"},
};

static void strings_are_escaped_by_place(void **state)
{
    struct arena arena;

    (void)state;
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        struct buf out = fresh(&arena);

        PUT_TEXT(&out, &en, strings[i].in);
        assert_str(buf_str(&out), strings[i].text);
        buf_clear(&out);
        PUT_ATTR(&out, &en, strings[i].in);
        assert_str(buf_str(&out), strings[i].attr);
        buf_clear(&out);
        PUT_VALUE(&out, &en, strings[i].in);
        assert_str(buf_str(&out), strings[i].attr);
        buf_clear(&out);
        PUT_URL(&out, &en, strings[i].in);
        assert_str(buf_str(&out), strings[i].url);
    }
}

/* All 256 bytes: what may end a text, a quoted value or an address never comes out bare. */
static void no_byte_escapes(void **state)
{
    struct arena arena;

    (void)state;
    for (int c = 0; c < 256; c++) {
        const char byte = (char)c;
        struct buf out = fresh(&arena);

        PUT_TEXT(&out, &en, ((str){&byte, 1}));
        assert_true(str_find_char(buf_str(&out), '<') == out.len &&
                    str_find_char(buf_str(&out), '>') == out.len);
        buf_clear(&out);
        PUT_ATTR(&out, &en, ((str){&byte, 1}));
        for (const char *bad = "<>\"'"; *bad != '\0'; bad++)
            assert_true(str_find_char(buf_str(&out), *bad) == out.len);
        buf_clear(&out);
        PUT_URL(&out, &en, ((str){&byte, 1}));
        assert_true(out.len == 1 || (out.len == 3 && out.ptr[0] == '%'));
        for (const char *bad = "<>\"'&/?#: \n"; *bad != '\0'; bad++)
            assert_true(str_find_char(buf_str(&out), *bad) == out.len);
    }
}

static void markup_and_addresses_pass(void **state)
{
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    PUT_TEXT(&out, &en, ((html){S("<b>\"&amp;\"</b>")}));
    assert_str(buf_str(&out), "<b>\"&amp;\"</b>");
    buf_clear(&out);
    PUT_URL(&out, &en, ((url){S("/offer/12?a=b&c=\"'<")}));
    assert_str(buf_str(&out), "/offer/12?a=b&amp;c=&#34;&#39;&lt;");
    buf_clear(&out);
    PUT_TEXT(&out, &en, ((url){S("/a?b&c'")}));
    assert_str(buf_str(&out), "/a?b&amp;c'");
}

static void numbers_are_grouped_in_text(void **state)
{
    static const struct {
        int64_t n;
        const char *en, *fr, *plain;
    } rows[] = {
        {0, "0", "0", "0"},
        {999, "999", "999", "999"},
        {1000, "1,000", "1" N "000", "1000"},
        {48213, "48,213", "48" N "213", "48213"},
        {-5,
         "\u2212"
         "5",
         "\u2212"
         "5",
         "-5"},
        {INT64_MIN,
         "\u2212"
         "9,223,372,036,854,775,808",
         "\u2212"
         "9" N "223" N "372" N "036" N "854" N "775" N "808",
         "-9223372036854775808"},
    };
    struct arena arena;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf out = fresh(&arena);

        PUT_TEXT(&out, &en, rows[i].n);
        assert_str(buf_str(&out), rows[i].en);
        buf_clear(&out);
        PUT_TEXT(&out, &fr, rows[i].n);
        assert_str(buf_str(&out), rows[i].fr);
        buf_clear(&out);
        PUT_ATTR(&out, &fr, rows[i].n);
        PUT_URL(&out, &fr, S("/"));
        PUT_URL(&out, &fr, rows[i].n);
        assert_true(str_starts(buf_str(&out), str_of(rows[i].plain)) &&
                    str_ends(buf_str(&out), str_of(rows[i].plain)));
    }
}

static void every_integer_type_has_a_line(void **state)
{
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    PUT_TEXT(&out, &en, (uint8_t)255);
    PUT_TEXT(&out, &en, (int16_t)-1);
    PUT_TEXT(&out, &en, (uint32_t)4294967295U);
    PUT_TEXT(&out, &en, (size_t)7);
    PUT_ATTR(&out, &en, UINT64_MAX);
    assert_str(buf_str(&out), "255\u2212"
                              "14,294,967,295718446744073709551615");
}

static void money_is_written_by_place_and_language(void **state)
{
    const money eur = {123450, {1, UNIT_FIAT, 2, "EUR"}};
    const money odd = {100, {2, UNIT_MUTUAL, 2, "<\"&"}};
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    PUT_TEXT(&out, &en, eur);
    PUT_ATTR(&out, &fr, eur);
    PUT_VALUE(&out, &fr, eur);
    assert_str(buf_str(&out), "€1,234.50"
                              "1" N "234,50" N "€"
                              "1234.50");
    buf_clear(&out);
    PUT_ATTR(&out, &en, odd);
    assert_str(buf_str(&out), "1.00 &lt;&#34;&amp;");
}

static void uids_are_36_characters(void **state)
{
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    PUT_URL(&out, &en, ((uid){{0x01, 0x23}}));
    assert_str(buf_str(&out), "01230000-0000-0000-0000-000000000000");
}

static void a_full_arena_is_said(void **state)
{
    char small[64];
    struct arena arena;
    struct buf out;

    (void)state;
    arena_init_on(&arena, small, sizeof small);
    buf_init(&out, &arena, 16);
    for (int i = 0; i < 64; i++)
        PUT_TEXT(&out, &en, S("<&>"));
    assert_true(buf_failed(&out));
}

static void assets_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; asset_at(i) != NULL; i++) {
        const struct asset *asset = asset_at(i);

        assert_ptr_equal(asset_find(asset->name), asset);
        assert_ptr_equal(asset_find_hashed(asset->hash12, asset->name), asset);
        assert_null(asset_find_hashed(S("000000000000"), asset->name));
        assert_true(str_eq(asset_url(asset->name).s, asset->path));
        assert_true(asset->gzip.len < asset->body.len || asset->gzip.len == 0);
    }
    assert_non_null(asset_find(S("migrate/0001-found.sql")));
    assert_null(asset_find(S("css/none.css")));
    assert_str(asset_url(S("css/none.css")).s, "/a/unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_escaped_by_place),
        cmocka_unit_test(no_byte_escapes),
        cmocka_unit_test(markup_and_addresses_pass),
        cmocka_unit_test(numbers_are_grouped_in_text),
        cmocka_unit_test(every_integer_type_has_a_line),
        cmocka_unit_test(money_is_written_by_place_and_language),
        cmocka_unit_test(uids_are_36_characters),
        cmocka_unit_test(a_full_arena_is_said),
        cmocka_unit_test(assets_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
