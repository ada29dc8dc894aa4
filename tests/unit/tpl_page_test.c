/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What compiled templates write: tests/unit/tpl/hello.html, with words of its own.
 */
#include "cm.h"

#include "pages/page_hello.h"

#define N "\u202f"

static char block[1 << 18];
static struct arena arena;
static const struct page en = {.lang = LANG_EN, .path = {"/a&b", 4}}, fr = {.lang = LANG_FR};

static const str tags[] = {{"x<y", 3}, {"z", 1}};
static const struct card cards[] = {
    {.name = {"<first>", 7}, .tags = tags, .tags_n = 2},
    {.name = {"second", 6}},
};
static const struct owner owner = {{"O'Neil", 6}};
static const struct view view = {
    .name = {"\"><script>'&", 12},
    .bio = {{"<em>bio</em>", 12}},
    .site = {{"https://x.example/?a&b", 22}},
    .price = {123450, {1, UNIT_FIAT, 2, "EUR"}},
    .cards = cards,
    .cards_n = 2,
    .owner = &owner,
    .key = T_zero_key,
};

static struct buf *fresh(struct buf *out)
{
    arena_init_on(&arena, block, sizeof block);
    buf_init(out, &arena, 0);
    return out;
}

static void values_are_escaped_by_place(void **state)
{
    struct buf out;

    (void)state;
    page_places(fresh(&out), &en, &view, 48213);
    assert_str(
        buf_str(&out),
        "<p title=\"&#34;&gt;&lt;script&gt;&#39;&amp;\" data-price=\"1234.50\" "
        "aria-label=\"€1,234.50\">"
        "\"&gt;&lt;script&gt;'&amp;|48,213|€1,234.50</p>\n"
        "<a href=\"/o/%22%3E%3Cscript%3E%27%26\?n=48213\" rel='&#34;&gt;&lt;script&gt;&#39;&amp;'>"
        "<em>bio</em></a>\n"
        "<a href=\"https://x.example/?a&amp;b\">O'Neil</a> <b>/a&amp;b</b>");
}

static void branches_are_taken(void **state)
{
    static const struct {
        int64_t number;
        const char *wanted;
    } rows[] = {
        {0, "<i class=\"a\" id=\"x\" dir=\"ltr\">x</i>\n<s>no</s>\n<p>end</p>"},
        {1, "<i class=\"a\" hidden dir=\"ltr\">x</i>\n<u>yes</u>\n<p>end</p>"},
        {2, "<i class=\"a b\" lang=\"fr\" dir=\"ltr\">x</i>\n<s>no</s>\n<p>end</p>"},
        {3, "<i class=\"a b\" id=\"x\" dir=\"ltr\">x</i>\n<u>yes</u>\n<p>end</p>"},
    };
    struct buf out;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        page_branches(fresh(&out), &en, rows[i].number);
        assert_str(buf_str(&out), rows[i].wanted);
    }
}

static void loops_nest_and_call(void **state)
{
    const struct view nothing = {.cards_n = 0};
    struct buf out;

    (void)state;
    page_loops(fresh(&out), &en, &view);
    assert_str(buf_str(&out), "0\n<i>x&lt;y</i>\n<i>z</i>\n<li>1 &lt;first&gt;</li>\n"
                              "1\n<b>none</b>\n<li>2 second</li>\n");
    page_loops(fresh(&out), &en, &nothing);
    assert_str(buf_str(&out), "<p>nothing</p>\n");
}

static void words_follow_language_and_number(void **state)
{
    static const struct {
        int64_t n;
        const char *en, *fr;
    } rows[] = {
        {0, "0 offers from €1,234.50\n", "0 offre\n"},
        {1, "One offer\n", "1 offre\n"},
        {2, "2 offers from €1,234.50\n", "2 offres dès 1" N "234,50" N "€\n"},
        {-1,
         "\u2212"
         "1 offers from €1,234.50\n",
         "\u2212"
         "1 offre\n"},
        {1000, "1,000 offers from €1,234.50\n", "1" N "000 offres dès 1" N "234,50" N "€\n"},
    };
    static const char en_head[] =
        "<p title=\"Hello &lt;you&gt; &amp; &#34;&#34;&gt;&lt;script&gt;&#39;&amp;&#34;\">"
        "Hello &lt;you&gt; &amp; \"\"&gt;&lt;script&gt;'&amp;\"</p>\n";
    static const char fr_head[] =
        "<p title=\"Bonjour" N ": «" N "&#34;&gt;&lt;script&gt;&#39;&amp;" N "»" N "! 9" N "%" N
        "; oui" N "?\">"
        "Bonjour" N ": «" N "\"&gt;&lt;script&gt;'&amp;" N "»" N "! 9" N "%" N "; oui" N "?</p>\n";
    struct buf out;
    char wanted[1024];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        page_words(fresh(&out), &en, &view, rows[i].n);
        (void)snprintf(wanted, sizeof wanted, "%s%s%s", en_head, rows[i].en,
                       "a {b} c? Menu\n<q cite=\"it%27s%20%3Cz%3E\">it's &lt;z&gt;</q>");
        assert_str(buf_str(&out), wanted);
        page_words(fresh(&out), &fr, &view, rows[i].n);
        (void)snprintf(wanted, sizeof wanted, "%s%s%s", fr_head, rows[i].fr,
                       "un {b} c Menu\n<q cite=\"c%27est%20%3Cz%3E\">c'est &lt;z&gt;</q>");
        assert_str(buf_str(&out), wanted);
    }
}

static void the_rest_is_written(void **state)
{
    struct buf out;

    (void)state;
    page_rest(fresh(&out), &en, &view, 2);
    assert_str(buf_str(&out),
               "4 &lt;first&gt; 123,450 &lt;many&gt; {x}?\?/\n"
               "<svg class=\"ico\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">"
               "<path d=\"M20 6 9 17l-5-5\" /><circle r=\"1\"/></svg>\n"
               "<script>if (a < b) { f(\"{\"); }</script>\n"
               "<style>p > a { color: red }</style>\n"
               "<title>\"&gt;&lt;script&gt;'&amp; <b></title>\n"
               "<pre>\n   kept\n     2\n</pre>\n"
               "<textarea name=\"t\">\n \"&gt;&lt;script&gt;'&amp;</textarea> end");
}

static void keys_are_found_by_name(void **state)
{
    enum lang_key key = T_COUNT;

    (void)state;
    for (enum lang_key k = 0; k < T_COUNT; k++) {
        assert_true(lang_key_find(lang_key_name(k), &key));
        assert_int_equal(key, k);
    }
    assert_true(lang_key_find(S("hello.same-word"), &key) && key == T_hello_same_word);
    key = T_zero_key;
    assert_false(lang_key_find(S("hello"), &key));
    assert_false(lang_key_find(S(""), &key));
    assert_false(lang_key_find(S("zz"), &key));
    assert_int_equal(key, T_zero_key);
    assert_str(lang_text(LANG_FR, T_hello_title),
               "Bonjour" N ": «" N "{name}" N "»" N "! 9" N "%" N "; oui" N "?");
    assert_str(lang_text_n(LANG_EN, T_hello_found, 0), "{n} offers from {price}");
    assert_str(lang_text_n(LANG_FR, T_hello_found, 0), "{n} offre");
    assert_str(lang_text_n(LANG_FR, T_zero_key, 5), "c'est <z>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_escaped_by_place),
        cmocka_unit_test(branches_are_taken),
        cmocka_unit_test(loops_nest_and_call),
        cmocka_unit_test(words_follow_language_and_number),
        cmocka_unit_test(the_rest_is_written),
        cmocka_unit_test(keys_are_found_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
