/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tidy/tidy.h"

#include <fnmatch.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>

str tree_read_file(struct tidy *tidy, const char *path)
{
    FILE *in = fopen(path, "rb");
    str text = STR_NONE;
    long size = -1;

    if (in == NULL)
        return STR_NONE;
    if (fseek(in, 0, SEEK_END) == 0)
        size = ftell(in);
    if (size > 0 && fseek(in, 0, SEEK_SET) == 0) {
        char *bytes = tidy_take(tidy, (size_t)size + 1);

        text = (str){bytes, fread(bytes, 1, (size_t)size, in)};
    }
    fclose(in);
    return text;
}

bool path_ends(const struct file *file, const char *suffix)
{
    return str_ends(str_of(file->path), str_of(suffix));
}

bool path_is_c(const struct file *file)
{
    return path_ends(file, ".c") || path_ends(file, ".h") || path_ends(file, ".def");
}

bool path_fits(const char *path, const struct list *patterns)
{
    for (size_t i = 0; i < patterns->n; i++) {
        const str pattern = patterns->item[i];
        const size_t len = strlen(path);

        if (len >= pattern.len && memcmp(path, pattern.ptr, pattern.len) == 0 &&
            (len == pattern.len || path[pattern.len] == '/'))
            return true;
        /* The words of floors.txt are copied with a zero behind them. */
        if (str_find_char(pattern, '*') < pattern.len && fnmatch(pattern.ptr, path, 0) == 0)
            return true;
    }
    return false;
}

bool next_line(str *rest, str *line)
{
    if (rest->len == 0)
        return false;
    (void)str_cut(*rest, '\n', line, rest);
    return true;
}

bool next_word(str *rest, str *word)
{
    *rest = str_trim(*rest);
    if (rest->len == 0)
        return false;
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t')
        len++;
    *word = str_sub(*rest, 0, len);
    *rest = str_sub(*rest, len, rest->len - len);
    return true;
}

bool list_has(const struct list *list, str word)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->item[i], word) || str_eq(list->item[i], S("*")))
            return true;
    return false;
}

static void add_file(struct tidy *tidy, const char *path)
{
    if (tidy->files_n == tidy->files_cap) {
        const size_t cap = tidy->files_cap == 0 ? 1024 : 2 * tidy->files_cap;
        struct file *more = tidy_take(tidy, cap * sizeof *more);

        if (tidy->files_n > 0)
            memcpy(more, tidy->files, tidy->files_n * sizeof *more);
        tidy->files = more;
        tidy->files_cap = cap;
    }
    struct file *file = &tidy->files[tidy->files_n++];
    *file = (struct file){.path = arena_cstr(&tidy->arena, str_of(path))};
    file->text = tree_read_file(tidy, file->path);
    for (size_t i = 0; i < file->text.len; i++)
        file->lines += file->text.ptr[i] == '\n';
    if (path_is_c(file))
        strip_c(tidy, file);
}

/* What tidy understands; pictures, fonts and data are not its business. */
static bool is_ours(const char *name)
{
    static const char *const ends[] = {".c",   ".h",    ".def",     ".sql",    ".html", ".css",
                                       ".mjs", ".js",   ".po",      ".sh",     ".md",   ".txt",
                                       ".1",   ".json", ".ratchet", ".example"};

    if (strchr(name, '.') == NULL)
        return true; /* scripts */
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (str_ends(str_of(name), str_of(ends[i])))
            return true;
    return false;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool is_skipped(const FTSENT *entry)
{
    return strcmp(entry->fts_name, "node_modules") == 0 || strcmp(entry->fts_name, "out") == 0 ||
           strcmp(entry->fts_path, "assets/data") == 0 ||
           strcmp(entry->fts_path, "tests/data") == 0;
}

void tree_read(struct tidy *tidy)
{
    static const char *const tops[] = {"Makefile", "assets", "bench", "check", "docs",
                                       "src",      "start",  "tests", "tools"};

    for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++) {
        char top[32];
        snprintf(top, sizeof top, "%s", tops[i]);
        char *const from[] = {top, NULL};
        FTS *walk = fts_open(from, FTS_PHYSICAL | FTS_NOCHDIR, by_name);

        if (walk == NULL)
            continue;
        for (FTSENT *entry = fts_read(walk); entry != NULL; entry = fts_read(walk)) {
            if (entry->fts_info == FTS_D && is_skipped(entry))
                (void)fts_set(walk, entry, FTS_SKIP);
            else if (entry->fts_info == FTS_F && is_ours(entry->fts_name))
                add_file(tidy, entry->fts_path);
        }
        fts_close(walk);
    }
}

const struct file *tree_find(const struct tidy *tidy, str path)
{
    for (size_t i = 0; i < tidy->files_n; i++)
        if (str_eq(str_of(tidy->files[i].path), path))
            return &tidy->files[i];
    return NULL;
}
