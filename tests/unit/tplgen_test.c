/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Everything tplgen refuses, with the line it names. What it writes is tested in tpl_page_test.c.
 */
#include "tool.h"

static struct tool_folder folder;

#define EN_HEAD                                                                 \
    "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n" \
    "\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n"
#define FR_HEAD                                                                 \
    "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n" \
    "\"Plural-Forms: nplurals=2; plural=(n > 1);\\n\"\n"
#define GOOD                                                                         \
    "msgid \"a.b\"\nmsgstr \"x {n} y\"\nmsgid \"c\"\nmsgid_plural \"c\"\nmsgstr[0] " \
    "\"one\"\nmsgstr[1] \"{n}\"\n"

static int generate(const char *en, const char *fr, const char *html)
{
    char tool[] = TPLGEN, i[] = "-i", icons[] = "icons", a[] = "-a", assets[] = "assets",
         out[] = "out";
    char en_po[] = "en.po", fr_po[] = "fr.po", room[] = "room.html";
    char *argv[] = {tool, i, icons, a, assets, out, en_po, fr_po, room, NULL};

    tool_put(&folder, "en.po", en, strlen(en));
    tool_put(&folder, "fr.po", fr, strlen(fr));
    tool_put(&folder, "room.html", html, strlen(html));
    return tool_run(&folder, argv);
}

static void refuses(const char *en, const char *fr, const char *html, const char *wanted)
{
    const int status = generate(en, fr, html);

    if (status != 1 || strstr(folder.said, wanted) == NULL) {
        print_error("html   %s\nwanted %s\ngot    %d %s\n", html, wanted, status, folder.said);
        fail();
    }
}

static int setup(void **state)
{
    (void)state;
    tool_folder_make(&folder);
    tool_put(&folder, "out/keep", "", 0);
    tool_put(&folder, "icons/check.svg", "<path/>", 7);
    tool_put(&folder, "assets/a.css", "", 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tool_folder_remove(&folder);
    return 0;
}

/* The body of a template on line 2 (line 1 is {template}), and the refusal it gets. */
static const struct {
    const char *body, *wanted;
} bodies[] = {
    {"{t:nope}", "room.html:2: unknown key \"nope\""},
    {"{t:a.b}", "room.html:2: key \"a.b\" wants {n}"},
    {"{t:a.b n=v m=v}", "room.html:2: key \"a.b\" has no placeholder {m}"},
    {"{t:a.b n=v n=v}", "room.html:2: {n} is given twice"},
    {"{t:a.b v}", "room.html:2: \"v\" is not name=expression"},
    {"{t:c}", "room.html:2: key \"c\" is a plural and wants n="},
    {"{if v}\n{if v}", "room.html:2: unclosed {if}"},
    {"{if v}", "room.html:1: unclosed {template t}"},
    {"{for x in p.xs}\n{if v}", "room.html:2: unclosed {for}"},
    {"{for x of p.xs}{end}", "room.html:2: a loop is written"},
    {"{for v in p.xs}{end}", "room.html:2: the name \"v\" is taken"},
    {"{for page in p.xs}{end}", "room.html:2: the name \"page\" is taken"},
    {"{let out = 1}", "room.html:2: the name \"out\" is taken"},
    {"{let 2x = 1}", "room.html:2: \"2x\" is not a name"},
    {"{let x}", "room.html:2: a name is given by"},
    {"{if v}{let y = 1}{end}{y}", "room.html:2: unknown name \"y\""},
    {"\n{x}", "room.html:3: unknown name \"x\""},
    {"{v + 1}", "room.html:2: unknown directive {v + 1}"},
    {"{nope:x}", "room.html:2: unknown directive {nope:}"},
    {"{nope x}", "room.html:2: unknown directive {nope x}"},
    {"{}", "room.html:2: unknown directive {}"},
    {"{3}", "room.html:2: unknown directive {3}"},
    {"{if }{end}", "room.html:2: an expression is missing"},
    {"{else}", "room.html:2: {else} without a block"},
    {"{elif v}", "room.html:2: {elif} without a block"},
    {"{empty}", "room.html:2: {empty} without a block"},
    {"{if v}{empty}{end}", "room.html:2: {empty} without {for}"},
    {"{if v}{else}{else}{end}", "room.html:2: {else} without {if}"},
    {"{if v}{else}{elif v}{end}", "room.html:2: {elif} without {if}"},
    {"{call nope()}", "room.html:2: unknown template \"nope\""},
    {"{call t(p, v}", "room.html:2: a call is written"},
    {"{call t[p]}", "room.html:2: unknown template"},
    {"<p title=\"{call t(p, v)}\">",
     "room.html:2: a call is forbidden in the value of an attribute"},
    {"<textarea>{call t(p, v)}", "room.html:2: a call is forbidden"},
    {"{icon:nope}", "room.html:2: there is no icons/nope.svg"},
    {"{icon:../x}", "room.html:2: \"../x\" is not a file name"},
    {"<p title=\"{icon:check}\">", "room.html:2: an icon is forbidden in the value"},
    {"{asset:b.css}", "room.html:2: there is no assets/b.css"},
    {"{asset:a\"b}", "room.html:2: "},
    /* places */
    {"<script>\nlet a = {v};</script>", "room.html:3: an expression is forbidden inside <script>"},
    {"<SCRIPT>{v}</SCRIPT>", "room.html:2: an expression is forbidden inside <script>"},
    {"<script>\"</p>\"{v}</script>", "room.html:2: an expression is forbidden inside <script>"},
    {"<style>a{v}</style>", "room.html:2: an expression is forbidden inside <style>"},
    {"<script>{if v}1{end}</script>", "room.html:2: a block is forbidden inside <script>"},
    {"<p onclick=\"f({v})\">", "room.html:2: an expression is forbidden in attribute onclick"},
    {"<p ONCLICK='{t:a.b n=v}'>", "room.html:2: an expression is forbidden in attribute onclick"},
    {"<p style=\"width:{v}px\">", "room.html:2: an expression is forbidden in attribute style"},
    {"<iframe srcdoc=\"{v}\">", "room.html:2: an expression is forbidden in attribute srcdoc"},
    {"<p title={v}>", "room.html:2: an expression is forbidden in an attribute without quotes"},
    {"<p title=a{v}>", "room.html:2: an expression is forbidden in an attribute without quotes"},
    {"<p title=a{if v}b{end}>", "room.html:2: a block is forbidden in an attribute without quotes"},
    {"<p {v}>", "room.html:2: an expression is forbidden inside a tag"},
    {"<p data-{v}=\"x\">", "room.html:2: an expression is forbidden in the name of an attribute"},
    {"<h{v}>", "room.html:2: an expression is forbidden in the name of a tag"},
    {"<{v}>", "room.html:2: an expression is forbidden in the name of a tag"},
    {"<{if v}b{end}>", "room.html:2: a block is forbidden in the name of a tag"},
    {"</h{v}>", "room.html:2: an expression is forbidden in an end tag"},
    {"<!-- {v} -->", "room.html:2: an expression is forbidden in an HTML comment"},
    {"<!doctype {v}>", "room.html:2: an expression is forbidden in a <! declaration"},
    /* quotes */
    {"<p title=\"x>\ntext</p>", "room.html:2: unclosed quote of attribute title"},
    {"<p title=\"x>", "room.html:2: unclosed quote of attribute title"},
    {"<p title=x\">", "room.html:2: unclosed quote of attribute title"},
    {"<p title=\"x\"class=\"y\">", "room.html:2: a space is missing before attribute c"},
    {"<p title=\"x\"{if v}class=\"y\"{end}>", "room.html:2: a space is missing before attribute c"},
    {"<p \"x\">", "room.html:2: unclosed quote of an attribute"},
    {"<p title=>", "room.html:2: attribute title has no value"},
    {"<p title=\"{if v}\">{end}", "room.html:2: a branch of the block of line 2 ends"},
    {"{if v}<p title=\"{else}<p>{end}", "room.html:2: a branch of the block of line 2 ends"},
    {"{for x in p.xs}<p {end}>", "room.html:2: a branch of the block of line 2 ends"},
    {"<p", "room.html:3: the template ends inside a tag"},
    {"<title>", "room.html:3: the template ends inside a raw element"},
    /* braces */
    {"a } b", "room.html:2: } alone"},
    {"{# never closed", "room.html:2: unclosed {#"},
    {"{v", "room.html:2: unclosed {"},
};

static void bodies_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        char html[512];

        (void)snprintf(html, sizeof html, "{template t(const struct p *p, int64_t v)}\n%s\n{end}\n",
                       bodies[i].body);
        refuses(EN_HEAD GOOD, FR_HEAD GOOD, html, bodies[i].wanted);
    }
}

static void files_are_refused(void **state)
{
    static const struct {
        const char *html, *wanted;
    } rows[] = {
        {"<p>\n", "room.html:1: text outside a template"},
        {"{# x #}\n{v}\n", "room.html:2: unknown directive {v} outside a template"},
        {"{include <stdio.h>}\n", "room.html:1: unknown directive {include <stdio.h>}"},
        {"{template t}\n{end}\n", "room.html:1: a template is written"},
        {"{template t(int)}\n{end}\n", "room.html:1: parameter \"int\" has no type or no name"},
        {"{template t(int *)}\n{end}\n", "room.html:1: parameter \"int *\" has no type or no name"},
        {"{template t(int a, int a)}\n{end}\n", "room.html:1: the name \"a\" is taken"},
        {"{template t()}\n{end}\n{template t()}\n{end}\n",
         "room.html:3: template \"t\" is already in room.html"},
        {"{template t()}\n<p>\n", "room.html:1: unclosed {template t}"},
        {"{template t()}\n{template u()}\n{end}\n", "room.html:1: unclosed {template t}"},
        {"{template t()}\n{end}\n{end}\n",
         "room.html:3: unknown directive {end} outside a template"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        refuses(EN_HEAD GOOD, FR_HEAD GOOD, rows[i].html, rows[i].wanted);
}

static void words_are_refused(void **state)
{
    static const struct {
        const char *en, *fr, *wanted;
    } rows[] = {
        {"", "", "en.po:1: there is no header entry"},
        {"msgid \"\"\nmsgstr \"Plural-Forms: plural=(n != 1)\"\n", FR_HEAD,
         "en.po:1: the header has no charset=UTF-8"},
        {FR_HEAD, FR_HEAD, "en.po:1: the header has no \"plural=(n != 1)\""},
        {EN_HEAD GOOD, FR_HEAD, "en.po:5: key \"a.b\" is missing in fr.po"},
        {EN_HEAD, FR_HEAD GOOD, "fr.po:5: key \"a.b\" is missing in en.po"},
        {EN_HEAD "msgid \"k\"\nmsgstr \"{a}\"\n", FR_HEAD "\nmsgid \"k\"\nmsgstr \"{b}\"\n",
         "fr.po:6: key \"k\" has no {a}, the other language has"},
        {EN_HEAD "msgid \"k\"\nmsgstr \"a\"\n", FR_HEAD "msgid \"k\"\nmsgstr \"{b}\"\n",
         "en.po:5: key \"k\" has no {b}"},
        {EN_HEAD "msgid \"k\"\nmsgstr \"{{a}}\"\n", FR_HEAD "msgid \"k\"\nmsgstr \"{a}\"\n",
         "en.po:5: key \"k\" has no {a}"},
        {EN_HEAD GOOD, FR_HEAD "msgid \"a.b\"\nmsgstr \"{n}\"\nmsgid \"c\"\nmsgstr \"x\"\n",
         "fr.po:7: key \"c\" is a plural in one language only"},
        {EN_HEAD GOOD GOOD, FR_HEAD GOOD, "en.po:11: key \"a.b\" is there twice"},
        {EN_HEAD "msgid \"k\"\nmsgstr \"\"\n", FR_HEAD, "en.po:5: key \"k\" has no words"},
        {EN_HEAD "msgid \"k\"\nmsgid_plural \"k\"\nmsgstr[0] \"x\"\n", FR_HEAD,
         "en.po:5: key \"k\" has no words"},
        {EN_HEAD "msgid \"k\"\nmsgid_plural \"l\"\nmsgstr[0] \"x\"\nmsgstr[1] \"x\"\n", FR_HEAD,
         "en.po:5: msgid_plural of \"k\" is another key"},
        {EN_HEAD "msgid \"two words\"\nmsgstr \"x\"\n", FR_HEAD,
         "en.po:5: \"two words\" is not a key"},
        {EN_HEAD "#, fuzzy\nmsgid \"k\"\nmsgstr \"x\"\n", FR_HEAD, "en.po:5: a fuzzy entry"},
        {EN_HEAD "msgid \"k\"\nmsgstr \"{\"\n", FR_HEAD, "en.po:5: a brace alone in key \"k\""},
        {EN_HEAD "msgid \"k\"\nmsgstr \"{a b}\"\n", FR_HEAD, "en.po:5: a brace alone"},
        {EN_HEAD "msgid \"k\"\nmsgstr \"a}\"\n", FR_HEAD, "en.po:5: a brace alone"},
        {EN_HEAD "msgid \"k\"\nmsgstr \"a\"b\"\n", FR_HEAD, "en.po:6: a quote inside a text"},
        {EN_HEAD "msgid \"k\"\nmsgstr \"a\\q\"\n", FR_HEAD, "en.po:6: unknown escape \\q"},
        {EN_HEAD "msgid \"k\"\nmsgstr \"a\\\"\n", FR_HEAD, "en.po:6: unknown escape"},
        {EN_HEAD "msgid \"k\"\nmsgstr x\n", FR_HEAD, "en.po:6: a quoted text is expected"},
        {EN_HEAD "msgctxt \"k\"\n", FR_HEAD, "en.po:5: unknown line"},
        {"msgstr \"k\"\n", FR_HEAD, "en.po:1: out of order"},
        {EN_HEAD "msgid \"k.a\"\nmsgstr \"x\"\nmsgid \"k-a\"\nmsgstr \"x\"\n",
         FR_HEAD "msgid \"k.a\"\nmsgstr \"x\"\nmsgid \"k-a\"\nmsgstr \"x\"\n",
         "en.po:7: key \"k-a\" has the C name of \"k.a\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        refuses(rows[i].en, rows[i].fr, "{template t()}\n{end}\n", rows[i].wanted);
}

/* A file that would not change is left alone, so that make has nothing to do. */
static void same_files_are_not_written(void **state)
{
    struct timespec before[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
    char path[TOOL_PATH];
    struct stat now;

    (void)state;
    assert_int_equal(generate(EN_HEAD GOOD, FR_HEAD GOOD, "{template t(int64_t v)}\n{v}\n{end}\n"),
                     0);
    static const char *const names[] = {"lang.h", "lang.c", "page_room.h", "page_room.c"};
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(path, sizeof path, "%s/out/%s", folder.path, names[i]);
        assert_int_equal(utimensat(AT_FDCWD, path, before, 0), 0);
    }
    assert_int_equal(generate(EN_HEAD GOOD, FR_HEAD GOOD, "{template t(int64_t v)}\n{v} \n{end}\n"),
                     0);
    for (size_t i = 0; i < 4; i++) {
        (void)snprintf(path, sizeof path, "%s/out/%s", folder.path, names[i]);
        assert_int_equal(stat(path, &now), 0);
        assert_int_equal(now.st_mtime, 1000);
    }
    assert_int_equal(
        generate(EN_HEAD GOOD, FR_HEAD GOOD, "{template t(int64_t v)}\n<b>{v}\n{end}\n"), 0);
    assert_int_equal(stat(path, &now), 0);
    assert_true(now.st_mtime > 1000);
}

/* Longer than a C compiler must take in one string, with characters of two bytes at every cut. */
static void long_markup_is_cut_between_characters(void **state)
{
    static char html[TOOL_TEXT], code[TOOL_TEXT];
    size_t len = 0, pieces = 0;

    (void)state;
    len += (size_t)snprintf(html, sizeof html, "{template t()}\nx");
    for (int i = 0; i < 6000; i++)
        len += (size_t)snprintf(html + len, sizeof html - len, "é");
    (void)snprintf(html + len, sizeof html - len, "\n{end}\n");
    assert_int_equal(generate(EN_HEAD, FR_HEAD, html), 0);
    (void)tool_get(&folder, "out/page_room.c", code);
    for (const char *at = code; (at = strstr(at, "S(\"")) != NULL; at++) {
        const size_t piece = strcspn(at + 3, "\"");

        pieces++;
        assert_true(piece <= 4000 && (at[3] == 'x' || (unsigned char)at[3] == 0xC3));
    }
    assert_int_equal(pieces, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_refused),
        cmocka_unit_test(files_are_refused),
        cmocka_unit_test(words_are_refused),
        cmocka_unit_test(same_files_are_not_written),
        cmocka_unit_test(long_markup_is_cut_between_characters),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
