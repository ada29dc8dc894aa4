/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What tools/embed writes and refuses. That the table is found again is in put_test.c.
 */
#include "tool.h"

static struct tool_folder folder;

static int setup(void **state)
{
    (void)state;
    tool_folder_make(&folder);
    tool_put(&folder, "out/keep", "", 0);
    tool_put(&folder, "assets/keep", "", 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    tool_folder_remove(&folder);
    return 0;
}

static int embed(char *a, char *b, char *c)
{
    char tool[] = EMBED, out[] = "out/assets.c";
    char *argv[] = {tool, out, a, b, c, NULL};

    return tool_run(&folder, argv);
}

static void put(const char *name, const char *text)
{
    tool_put(&folder, name, text, strlen(text));
}

static void writes_sorted_names_types_and_hashes(void **state)
{
    static char code[TOOL_TEXT];
    char script[] = "assets/b.js", picture[] = "assets/a.svg", schema[] = "migrate/1.sql";

    (void)state;
    put("assets/b.js", "abc"); /* SHA-256 of "abc": ba7816bf 8f01cfea ... (FIPS 180-2 B.1) */
    put("assets/a.svg", "");
    assert_int_equal(embed(script, picture, NULL), 0);
    (void)tool_get(&folder, "out/assets.c", code);
    assert_non_null(strstr(code, "{\"b.js\", 4}, {\"text/javascript; charset=utf-8\", 30}"));
    assert_non_null(strstr(code, "{\"ba7816bf8f01\", 12}"));
    assert_non_null(strstr(code, "{\"/a/ba7816bf8f01/b.js\", 20}"));
    assert_true(strstr(code, "\"a.svg\"") < strstr(code, "\"b.js\""));
    put("migrate/1.sql", "x");
    assert_int_equal(embed(schema, NULL, NULL), 1);
    assert_non_null(strstr(folder.said, "is not below assets/"));
}

static void links_in_styles_become_hashed(void **state)
{
    static char bytes[TOOL_TEXT];
    char style[] = "assets/filon.css", font[] = "assets/x.woff2", other[] = "assets/a.css";

    (void)state;
    put("assets/x.woff2", "abc");
    put("assets/filon.css", "/* url(none.png) */a{b:url(\"x.woff2\") url( './x.woff2#f' ) url(#p) "
                            "url(data:x) url(a.css)}");
    put("assets/a.css", "c{d:url(x.woff2)}");
    assert_int_equal(embed(style, font, other), 0);
    const size_t len = tool_get(&folder, "out/assets.bin", bytes);
    assert_true(len > 0);
    assert_non_null(strstr(bytes, "c{d:url(\"/a/ba7816bf8f01/x.woff2\")}"));
    assert_non_null(strstr(bytes + 1,
                           "/* url(none.png) */a{b:url(\"/a/ba7816bf8f01/x.woff2\") "
                           "url(\"/a/ba7816bf8f01/x.woff2#f\") url(#p) url(data:x) url(\"/a/"));
}

static void broken_links_are_refused(void **state)
{
    static const struct {
        const char *css, *wanted;
    } rows[] = {
        {"a{b:url(none.png)}", "url(none.png) is not an asset"},
        {"a{b:url(../../x)}", "url(../../x) leaves assets/"},
        {"@import url(filon.css);", "imports itself"},
        {"a{b:url(", NULL},
    };
    char style[] = "assets/filon.css", missing[] = "assets/missing";

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put("assets/filon.css", rows[i].css);
        assert_int_equal(embed(style, NULL, NULL), rows[i].wanted == NULL ? 0 : 1);
        if (rows[i].wanted != NULL && strstr(folder.said, rows[i].wanted) == NULL)
            fail_msg("wanted %s, got %s", rows[i].wanted, folder.said);
    }
    assert_int_equal(embed(missing, NULL, NULL), 1);
    put("assets/a b", "");
    char blank[] = "assets/a b";
    assert_int_equal(embed(blank, NULL, NULL), 1);
    put("assets/filon.css", "");
    assert_int_equal(embed(style, style, NULL), 1);
    assert_non_null(strstr(folder.said, "has the name of another asset"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_sorted_names_types_and_hashes),
        cmocka_unit_test(links_in_styles_become_hashed),
        cmocka_unit_test(broken_links_are_refused),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
