/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * tools/tidy must find each kind of slip, once, in a small tree that is otherwise clean, with the
 * floors of the house.
 */
#include "cm.h"

#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LICENCE "/* SPDX-License-Identifier: AGPL-3.0-or-later */\n"
#define CONTRACT                                                                        \
    "/* SPDX-License-Identifier: AGPL-3.0-or-later\n *\n * A header that says what it " \
    "promises.\n */\n"
#define CLEAN_HEADER \
    CONTRACT "#ifndef G_H\n#define G_H\nint rate_double_price(int price);\n#endif\n"
#define LINES_10                                                                                   \
    "    n++;\n    n++;\n    n++;\n    n++;\n    n++;\n    n++;\n    n++;\n    n++;\n    n++;\n  " \
    "  n++;\n"
#define LINES_70 LINES_10 LINES_10 LINES_10 LINES_10 LINES_10 LINES_10 LINES_10
#define EMPTY_100                                                                                  \
    "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n" \
    "\n\n\n\n"                                                                                     \
    "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n" \
    "\n\n\n\n"
#define EMPTY_500 EMPTY_100 EMPTY_100 EMPTY_100 EMPTY_100 EMPTY_100

#define COLUMNS_10 "xxxxxxxxxx"
#define COLUMNS_90                                                                          \
    COLUMNS_10 COLUMNS_10 COLUMNS_10 COLUMNS_10 COLUMNS_10 COLUMNS_10 COLUMNS_10 COLUMNS_10 \
        COLUMNS_10

/* A tree in a folder of its own, and the program that reads it. */
struct tree {
    char root[64], tidy[512], out[1 << 16];
    int status;
};

static void tree_path(const struct tree *tree, const char *path, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", tree->root, path);
    for (char *at = out + strlen(tree->root) + 1; *at != '\0'; at++)
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(out, 0700);
            *at = '/';
        }
}

static void tree_put(const struct tree *tree, const char *path, const char *text)
{
    char full[512];

    tree_path(tree, path, full, sizeof full);
    FILE *file = fopen(full, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void tree_run(const struct tree *tree, const char *command)
{
    char line[1200];

    snprintf(line, sizeof line, "cd %s && %s", tree->root, command);
    assert_int_equal(0, system(line));
}

static void tree_init(struct tree *tree)
{
    char self[512] = {0}, line[600];

    memset(tree, 0, sizeof *tree);
    snprintf(tree->root, sizeof tree->root, "/tmp/tidy-test-XXXXXX");
    assert_non_null(mkdtemp(tree->root));
    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    snprintf(tree->tidy, sizeof tree->tidy, "%.480s/../tools/tidy", dirname(self));
    tree_put(tree, "tools/x", "");
    snprintf(line, sizeof line, "cp tools/floors.txt %s/tools/", tree->root);
    assert_int_equal(0, system(line));
    tree_put(tree, "src/rules/rate.h", CLEAN_HEADER);
    tree_put(tree, "src/rules/rate.c",
             LICENCE "#include \"rules/rate.h\"\nint rate_double_price(int price)\n{\n    return 2 "
                     "* price;\n}\n");
}

static void tree_release(struct tree *tree)
{
    char line[128];

    snprintf(line, sizeof line, "rm -rf %s", tree->root);
    assert_int_equal(0, system(line));
}

static void tree_tidy(struct tree *tree, const char *objects)
{
    char line[700];

    snprintf(line, sizeof line, "cd %s && %s %s 2>&1", tree->root, tree->tidy, objects);
    FILE *out = popen(line, "r");
    assert_non_null(out);
    tree->out[fread(tree->out, 1, sizeof tree->out - 1, out)] = '\0';
    tree->status = WEXITSTATUS(pclose(out));
}

struct slip {
    const char *path, *text, *finding; /* finding NULL: nothing is said */
};

static void check_slip(const struct slip *slip)
{
    struct tree tree;

    tree_init(&tree);
    tree_put(&tree, slip->path, slip->text);
    tree_tidy(&tree, "");
    if (slip->finding == NULL ? tree.status != 0 || tree.out[0] != '\0'
                              : tree.status != 1 || strstr(tree.out, slip->finding) == NULL) {
        print_error("%s: wanted \"%s\"\ngot %d: %s\n", slip->path,
                    slip->finding == NULL ? "" : slip->finding, tree.status, tree.out);
        tree_release(&tree);
        fail();
    }
    tree_release(&tree);
}

static void check_slips(const struct slip *slips, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_slip(&slips[i]);
}
#define CHECK_SLIPS(slips) check_slips((slips), sizeof(slips) / sizeof *(slips))

static void a_clean_tree_is_silent(void **state)
{
    struct tree tree;

    (void)state;
    tree_init(&tree);
    tree_tidy(&tree, "");
    assert_string_equal("", tree.out);
    assert_int_equal(0, tree.status);
    tree_release(&tree);
}

static void floors_are_held(void **state)
{
    static const struct slip slips[] = {
        {"src/rules/a.c", LICENCE "#include \"store/db.h\"\n",
         "src/rules/a.c:2: rules may not include \"store/db.h\""},
        {"src/doors/http/a.c", LICENCE "#include \"store/db.h\"\n",
         "doors may not include \"store/db.h\""},
        {"src/pages/a.c", LICENCE "#include \"deeds/ctx.h\"\n", "pages may not include"},
        {"src/rules/a.c", LICENCE "#include <stdio.h>\n",
         "src/rules/a.c:2: rules may not include <stdio.h>"},
        {"src/deeds/a.c", LICENCE "# include <time.h>\n", "deeds may not include <time.h>"},
        {"src/base/a.c", LICENCE "#include <jansson.h>\n", "base may not include <jansson.h>"},
        {"src/base/json.c", LICENCE "#include <jansson.h>\n", NULL},
        {"src/rules/a.c", LICENCE "#include \"rate.h\"\n", "is not written from src/"},
        {"src/rules/a.c", LICENCE "#include \"rules/rate_in.h\"\n", "is private to its room"},
        {"src/rules/rate_more.c", LICENCE "#include \"rules/rate_in.h\"\n", NULL},
        {"src/attic/a.c", LICENCE, "stands on no floor"},
        {"src/rules/a.c", LICENCE "/* #include \"store/db.h\" */\n", NULL},
        {"src/rules/b.c", LICENCE "#include \"rules/sign_in.h\"\n", NULL},
    };

    (void)state;
    CHECK_SLIPS(slips);
}

static void circles_are_found(void **state)
{
    struct tree tree;

    (void)state;
    tree_init(&tree);
    tree_put(&tree, "src/rules/a.h", CONTRACT "#ifndef A\n#define A\n#endif\n");
    tree_put(&tree, "src/rules/b.h",
             CONTRACT "#ifndef B\n#define B\n#include \"rules/a.h\"\n#endif\n");
    tree_tidy(&tree, "");
    assert_int_equal(0, tree.status);
    tree_put(&tree, "src/rules/a.c", LICENCE "#include \"rules/b.h\"\n");
    tree_tidy(&tree, "");
    assert_int_equal(1, tree.status);
    assert_non_null(strstr(tree.out, "in a circle: rules/a -> rules/b -> rules/a"));
    /* One room may know itself; who shows both knows both. */
    tree_put(&tree, "src/rules/b_more.h",
             CONTRACT "#ifndef C\n#define C\n#include \"rules/b.h\"\n#endif\n");
    tree_put(&tree, "src/rules/b_in.h",
             CONTRACT "#ifndef D\n#define D\n#include \"rules/b_more.h\"\n#endif\n");
    tree_put(&tree, "src/rules/c.h",
             CONTRACT "#ifndef E\n#define E\n#include \"rules/b.h\"\n#endif\n");
    tree_put(&tree, "src/rules/b_view.h",
             CONTRACT "#ifndef F\n#define F\n#include \"rules/c.h\"\n#endif\n");
    tree_put(&tree, "tools/tidy.ratchet", "cycle rules/b rules/a they are one subject\n");
    tree_tidy(&tree, "");
    assert_string_equal("", tree.out);
    tree_release(&tree);
}

static void banned_words_are_found(void **state)
{
    static const struct slip slips[] = {
        {"src/doors/http/a.c", LICENCE "void f(void)\n{\n    strcpy(a, b);\n}\n",
         "a.c:4: strcpy is banned here"},
        {"src/deeds/a.c", LICENCE "void *f(void)\n{\n    return malloc(3);\n}\n",
         "malloc is banned here"},
        {"src/base/arena.c", LICENCE "void *f(void)\n{\n    return malloc(3);\n}\n", NULL},
        {"src/main/a.c", LICENCE "void *f(void)\n{\n    return malloc(3);\n}\n", NULL},
        {"src/rules/a.c", LICENCE "static double rate;\n", "double is banned here"},
        {"src/doors/cli/order.c", LICENCE "static float rate;\n", "float is banned here"},
        {"src/doors/cli/clock.c", LICENCE "static float rate;\n", NULL},
        {"src/deeds/a.c", LICENCE "long f(void)\n{\n    return time(0);\n}\n",
         "time is banned here"},
        {"src/deeds/a.c", LICENCE "long f(struct s *s)\n{\n    return s->time(0) + s->free;\n}\n",
         NULL},
        {"src/deeds/a.c", LICENCE "void f(void)\n{\n    exit(1);\n}\n", "exit is banned here"},
        {"src/doors/cli/a.c", LICENCE "void f(void)\n{\n    exit(1);\n}\n", NULL},
        {"src/deeds/a.c", LICENCE "/* malloc(1) */ const char *f = \"malloc(1) //\";\n", NULL},
        {"src/deeds/a.c", LICENCE "char c = '\"'; void *p = calloc(1, 2); char d = '\"';\n",
         "calloc is banned here"},
    };

    (void)state;
    CHECK_SLIPS(slips);
}

static void sql_html_and_homes_are_found(void **state)
{
    static const struct slip slips[] = {
        {"src/deeds/a.c", LICENCE "const char *q =\n    \"SELECT a FROM b\";\n",
         "src/deeds/a.c:3: SQL in C"},
        {"src/deeds/a.c", LICENCE "const char *q = \"UPDATE a SET b = 1\";\n", "SQL in C"},
        {"src/deeds/a.c", LICENCE "const char *q = \"Select a size\";\n", NULL},
        {"src/store/db_sqlite.c", LICENCE "const char *q = \"PRAGMA x\";\n", NULL},
        {"src/doors/http/a.c", LICENCE "const char *h = \"x <div class=y>\";\n",
         "a.c:2: HTML in C"},
        {"src/doors/http/a.c", LICENCE "const char *h = \"</table>\";\n", "HTML in C"},
        {"src/doors/http/a.c", LICENCE "const char *h = \"usage: import KIND <file> <a\";\n", NULL},
        {"src/doors/http/a.c",
         LICENCE "const char *p = \"/ho"
                 "me/ada/x\";\n",
         "a path of the machine"},
    };

    (void)state;
    CHECK_SLIPS(slips);
}

static void lengths_are_held(void **state)
{
    static const struct slip slips[] = {
        {"src/rules/a.c", LICENCE "static int f(int n)\n{\n" LINES_70 "    return n;\n}\n",
         "a.c:3: f has 73 lines, more"},
        {"src/rules/a.c", LICENCE "static int f(int n)\n{\n" LINES_10 "    return n;\n}\n", NULL},
        {"src/rules/a.c", LICENCE "static const int t[] = {\n" LINES_70 "};\n", NULL},
        {"src/rules/a.c", LICENCE EMPTY_500, "src/rules/a.c: 501 lines, more than 500"},
        {"src/pages/a.html", "{# SPDX-License-Identifier: AGPL-3.0-or-later #}\n" EMPTY_500,
         "a.html: 501 lines"},
        {"assets/css/a.css", LICENCE EMPTY_500, "a.css: 501 lines"},
        {"src/rules/a.c", LICENCE "/* " COLUMNS_90 "xxxxx */\n", "a.c:2: 101 columns"},
        {"src/rules/a.c", LICENCE "/* " COLUMNS_90 "xxx\xc3\xa9 */\n", NULL},
    };

    (void)state;
    CHECK_SLIPS(slips);
}

static void the_ratchet_turns_one_way(void **state)
{
    struct tree tree;

    (void)state;
    tree_init(&tree);
    tree_put(&tree, "src/rules/a.c",
             LICENCE "static int f(int n)\n{\n" LINES_70 "    return n;\n}\n");
    tree_put(&tree, "tools/tidy.ratchet", "function src/rules/a.c f 73 a table of cases\n");
    tree_tidy(&tree, "");
    assert_string_equal("", tree.out);
    tree_put(&tree, "src/rules/a.c",
             LICENCE "static int f(int n)\n{\n" LINES_70 "\n    return n;\n}\n");
    tree_tidy(&tree, "");
    assert_non_null(strstr(tree.out, "f has 74 lines"));
    tree_put(&tree, "src/rules/a.c", LICENCE "static int f(int n)\n{\n    return n;\n}\n");
    tree_tidy(&tree, "");
    assert_non_null(strstr(tree.out, "tools/tidy.ratchet:1: is no longer needed"));
    tree_put(&tree, "tools/tidy.ratchet", "function src/rules/a.c f 73\n");
    tree_tidy(&tree, "");
    assert_int_equal(2, tree.status);
    tree_release(&tree);
}

static void headers_and_licences_are_checked(void **state)
{
    static const struct slip slips[] = {
        {"src/rules/a.c", "int f;\n", "src/rules/a.c:1: does not open with SPDX"},
        {"tests/a", "#!/bin/sh\necho\n", "tests/a:1: does not open with SPDX"},
        {"src/rules/a.h", LICENCE "int f(void);\n",
         "src/rules/a.h:1: a header opens with its contract"},
        {"src/rules/a.h", CONTRACT "#ifndef A\n#define A\nuint8_t f(void);\n#endif\n",
         "src/rules/a.h:7: a header compiles alone"},
        {"src/rules/a.h",
         CONTRACT "#ifndef A\n#define A\n#include <stdint.h>\nuint8_t f(void);\n#endif\n", NULL},
    };

    (void)state;
    CHECK_SLIPS(slips);
}

static void refusals_have_messages(void **state)
{
    struct tree tree;

    (void)state;
    tree_init(&tree);
    tree_put(&tree, "src/base/no.def", LICENCE "NO_(TOO_LATE, 1, REFUSAL, 409, NEVER)\n");
    tree_put(&tree, "src/pages/lang/en.po",
             "# SPDX-License-Identifier: AGPL-3.0-or-later\nmsgid \"no.TOO_LATE\"\nmsgstr \"Too "
             "late\"\n");
    tree_put(&tree, "src/pages/lang/fr.po", "# SPDX-License-Identifier: AGPL-3.0-or-later\n");
    tree_tidy(&tree, "");
    assert_non_null(
        strstr(tree.out, "src/base/no.def:2: no message no.TOO_LATE in src/pages/lang/fr.po"));
    assert_null(strstr(tree.out, "in src/pages/lang/en.po"));
    tree_put(&tree, "src/pages/lang/en.po",
             "# SPDX-License-Identifier: AGPL-3.0-or-later\nmsgid \"no.TOO_LATE\"\nmsgstr "
             "\"x\"\nmsgid \"a.b\"\n");
    tree_tidy(&tree, "");
    assert_non_null(strstr(tree.out, "warning: nothing shows a.b"));
    tree_release(&tree);
}

/* Compiles `path` of the tree to where the Makefile would. */
static void tree_compile(const struct tree *tree, const char *path)
{
    char object[256], line[700];

    snprintf(object, sizeof object, "build/obj/%s", path + 4);
    object[strlen(object) - 1] = 'o';
    tree_path(tree, object, line, sizeof line);
    snprintf(line, sizeof line, "gcc -O2 -w -fPIE -Isrc -c -o %s %s", object, path);
    tree_run(tree, line);
}

static void check_object(const char *path, const char *text, const char *finding)
{
    struct tree tree;

    tree_init(&tree);
    tree_compile(&tree, "src/rules/rate.c");
    tree_put(&tree, path, text);
    tree_compile(&tree, path);
    tree_tidy(&tree, "build/obj");
    if (finding == NULL ? tree.status != 0
                        : tree.status != 1 || strstr(tree.out, finding) == NULL) {
        print_error("wanted \"%s\"\ngot %d: %s\n", finding == NULL ? "" : finding, tree.status,
                    tree.out);
        tree_release(&tree);
        fail();
    }
    tree_release(&tree);
}

static void the_linker_proves_purity(void **state)
{
    (void)state;
    check_object("src/rules/a.c",
                 LICENCE "#include <string.h>\n#include \"rules/rate.h\"\n#include <assert.h>\n"
                         "int f(char *a, int n)\n{\n    assert(n > 0);\n    memset(a, 1, n);\n"
                         "    return rate_double_price(n);\n}\n",
                 NULL);
    check_object("src/rules/a.c",
                 LICENCE "int puts(const char *);\nint f(void)\n{\n    return puts(\"x\");\n}\n",
                 "src/rules/a.c: calls puts, which rules may not");
    check_object(
        "src/wire/a.c",
        LICENCE
        "int rate_double_price(int);\nint f(void)\n{\n    return rate_double_price(1);\n}\n",
        "calls rate_double_price, which wire may not");
    check_object("src/wire/qr.c",
                 LICENCE "int QRcode_x(int);\nint f(void)\n{\n    return QRcode_x(1);\n}\n", NULL);
    check_object("src/doors/a.c",
                 LICENCE "int puts(const char *);\nint f(void)\n{\n    return puts(\"x\");\n}\n",
                 NULL);
}

static void globals_are_found(void **state)
{
    static const char *const globals[] = {
        "int counted;\n",
        "int counted = 3;\n",
        "int f(void)\n{\n    static int counted;\n    return counted++;\n}\n",
        "_Thread_local int counted;\nint f(void)\n{\n    return counted++;\n}\n",
        "int counted __attribute__((common));\n",
    };
    char text[512];

    (void)state;
    for (size_t i = 0; i < sizeof globals / sizeof globals[0]; i++) {
        snprintf(text, sizeof text, LICENCE "%s", globals[i]);
        check_object("src/doors/a.c", text, "is a variable that outlives its function");
        check_object("src/main/a.c", text, NULL);
    }
    check_object(
        "src/doors/a.c",
        LICENCE "const int table[] = {1, 2};\nconst char *const names[] = {\"a\", \"b\"};\n", NULL);
}

static void dead_files_are_pointed_out(void **state)
{
    struct tree tree;

    (void)state;
    tree_init(&tree);
    tree_compile(&tree, "src/rules/rate.c");
    tree_tidy(&tree, "build/obj");
    assert_int_equal(0, tree.status);
    assert_non_null(strstr(tree.out, "src/rules/rate.c: warning: nobody uses anything of it"));
    tree_put(&tree, "src/main/main.c",
             LICENCE
             "#include \"rules/rate.h\"\nint main(void)\n{\n    return rate_double_price(1);\n}\n");
    tree_compile(&tree, "src/main/main.c");
    tree_tidy(&tree, "build/obj");
    assert_string_equal("", tree.out);
    tree_release(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clean_tree_is_silent),
        cmocka_unit_test(floors_are_held),
        cmocka_unit_test(circles_are_found),
        cmocka_unit_test(banned_words_are_found),
        cmocka_unit_test(sql_html_and_homes_are_found),
        cmocka_unit_test(lengths_are_held),
        cmocka_unit_test(the_ratchet_turns_one_way),
        cmocka_unit_test(headers_and_licences_are_checked),
        cmocka_unit_test(refusals_have_messages),
        cmocka_unit_test(the_linker_proves_purity),
        cmocka_unit_test(globals_are_found),
        cmocka_unit_test(dead_files_are_pointed_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
