/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * tplgen [-i ICONS] [-a ASSETS] OUT_DIR en.po fr.po FILE.html...
 */
#include "tplgen/tplgen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY = 256 << 20, PATH_LONGEST = 4096 };

void fail_at(const char *path, int line, const char *format, ...)
{
    va_list args;

    (void)fprintf(stderr, "%s:%d: ", path, line);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    exit(1);
}

void fail_here(const struct work *work, const char *format, ...)
{
    char what[1024];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    fail_at(work->room->path, work->line, "%s", what);
}

bool file_read(struct tool *tool, const char *path, str *text)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return false;
    struct buf buf;
    char piece[65536];
    size_t got;

    buf_init(&buf, &tool->arena, sizeof piece);
    while ((got = fread(piece, 1, sizeof piece, file)) > 0)
        buf_put_bytes(&buf, piece, got);
    const bool good = !ferror(file);
    (void)fclose(file);
    *text = arena_str(&tool->arena, buf_str(&buf));
    return good && !buf_failed(&buf) && !arena_overflowed(&tool->arena);
}

void file_write(struct tool *tool, const char *name, const struct buf *text)
{
    char path[PATH_LONGEST];
    str before;

    if (buf_failed(text))
        fail_at(name, 1, "out of memory");
    if (snprintf(path, sizeof path, "%s/%s", tool->out_dir, name) >= (int)sizeof path)
        fail_at(name, 1, "the path is too long");
    if (file_read(tool, path, &before) && str_eq(before, buf_str(text)))
        return;
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        fail_at(path, 1, "cannot be written");
    const bool good = fwrite(text->ptr, 1, text->len, file) == text->len;
    if (fclose(file) != 0 || !good)
        fail_at(path, 1, "cannot be written");
}

/* src/pages/plot.svg.html is the room "plot.svg". */
static void add_room(struct tool *tool, const char *path)
{
    if (tool->rooms_n == ROOMS_MAX)
        fail_at(path, 1, "more than %d rooms", ROOMS_MAX);
    struct room *room = &tool->rooms[tool->rooms_n];
    const char *slash = strrchr(path, '/');
    str name = str_of(slash == NULL ? path : slash + 1);

    if (!str_ends(name, S(".html")))
        fail_at(path, 1, "not a .html file");
    name.len -= strlen(".html");
    *room = (struct room){.path = path, .name = name};
    if (!file_read(tool, path, &room->source))
        fail_at(path, 1, "cannot be read");
    scan_templates(tool, tool->rooms_n++);
}

int main(int argc, char **argv)
{
    struct arena arena;
    int option;

    if (!arena_init(&arena, MEMORY))
        fail_at("tplgen", 1, "out of memory");
    struct tool *tool = arena_take(&arena, sizeof *tool);
    if (tool == NULL)
        fail_at("tplgen", 1, "out of memory");
    while ((option = getopt(argc, argv, "+i:a:")) != -1) {
        if (option == '?')
            return 2;
        *(option == 'i' ? &tool->icons : &tool->assets) = optarg;
    }
    if (argc - optind < 3) {
        (void)fputs("tplgen [-i ICONS] [-a ASSETS] OUT_DIR en.po fr.po FILE.html...\n", stderr);
        return 2;
    }
    tool->arena = arena; /* the tool itself is its first piece */
    tool->out_dir = argv[optind];
    words_read(tool, LANG_EN, argv[optind + 1]);
    words_read(tool, LANG_FR, argv[optind + 2]);
    words_check(tool);
    for (int i = optind + 3; i < argc; i++)
        add_room(tool, argv[i]);
    for (size_t i = 0; i < tool->rooms_n; i++)
        scan_compile(tool, i);
    lang_write(tool);
    arena = tool->arena;
    arena_release(&arena);
    return 0;
}
