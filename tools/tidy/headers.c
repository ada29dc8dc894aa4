/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tidy/tidy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPDX "SPDX-License-Identifier: AGPL-3.0-or-later"

static bool ends_with_any(const struct file *file, const char *const *ends)
{
    for (; *ends != NULL; ends++)
        if (path_ends(file, *ends))
            return true;
    return false;
}

static bool is_source(const struct file *file)
{
    static const char *const code[] = {".c", ".h", ".def", ".mjs", ".js", ".sh", NULL};
    static const char *const more[] = {".sql", ".html", ".css", ".po", NULL};

    /* Pages and words below tests/ are input of a test, and as that test needs them. */
    return str_starts(file->text, S("#!")) || ends_with_any(file, code) ||
           (!str_starts(str_of(file->path), S("tests/")) && ends_with_any(file, more));
}

static void check_licence(struct tidy *tidy, const struct file *file)
{
    str rest = file->text, line;

    for (size_t at = 0; at < 3 && next_line(&rest, &line); at++)
        if (str_find(line, S(SPDX)) < line.len)
            return;
    tidy_say(tidy, file->path, 1, "does not open with " SPDX);
}

/* The comment that carries the licence goes on to say what the file promises. */
static void check_contract(struct tidy *tidy, const struct file *file)
{
    const str comment = str_sub(file->text, 0, str_find(file->text, S("*/")));
    const size_t from = str_find(comment, S(SPDX));
    size_t letters = 0;

    for (size_t i = from + sizeof SPDX - 1; i < comment.len; i++)
        letters += is_name_char(comment.ptr[i]);
    if (letters < 20)
        tidy_say(tidy, file->path, 1,
                 "a header opens with its contract, in the comment of the licence");
}

/* gcc's "src/x.h:3:10: error: what" becomes our line. */
static void say_compiler_line(struct tidy *tidy, str line)
{
    static const str mark = {" error: ", 8};
    str path, rest, number, what;
    int64_t at = 0;
    const size_t error = str_find(line, mark);

    if (error == line.len || !str_cut(line, ':', &path, &rest) ||
        !str_cut(rest, ':', &number, &rest))
        return;
    (void)str_to_int64(number, &at);
    what = str_sub(line, error + mark.len, line.len);
    tidy_say(tidy, arena_cstr(&tidy->arena, path), (size_t)at, "a header compiles alone: %.*s",
             STR_ARGS(what));
}

/* One call of the compiler for all: each header is a translation unit of its own. */
static void check_alone(struct tidy *tidy)
{
    const char *compiler = getenv("CC");
    struct buf command;
    size_t headers = 0;
    char line[1024];
    const size_t found = tidy->found;

    buf_init(&command, &tidy->arena, 1 << 16);
    buf_printf(&command, "%s -std=c17 -D_GNU_SOURCE -Isrc -I/usr/include/libxml2 ",
               compiler == NULL ? "gcc" : compiler);
    buf_printf(&command, "-I%s/../gen -fsyntax-only -x c",
               tidy->objects == NULL ? "build/obj" : tidy->objects);
    for (size_t i = 0; i < tidy->files_n; i++)
        if (path_ends(&tidy->files[i], ".h") &&
            str_starts(str_of(tidy->files[i].path), S("src/"))) {
            buf_printf(&command, " '%s'", tidy->files[i].path);
            headers++;
        }
    buf_put(&command, S(" 2>&1"));
    if (headers == 0)
        return;
    FILE *out = popen(arena_cstr(&tidy->arena, buf_str(&command)), "r");
    if (out == NULL) {
        tidy_say(tidy, "src", 0, "the compiler cannot be called");
        return;
    }
    while (fgets(line, sizeof line, out) != NULL)
        say_compiler_line(tidy, str_trim(str_of(line)));
    if (pclose(out) != 0 && tidy->found == found)
        tidy_say(tidy, "src", 0, "a header does not compile alone");
}

void headers_check(struct tidy *tidy)
{
    for (size_t i = 0; i < tidy->files_n; i++) {
        const struct file *file = &tidy->files[i];

        if (is_source(file))
            check_licence(tidy, file);
        if (path_ends(file, ".h"))
            check_contract(tidy, file);
    }
    check_alone(tidy);
}
