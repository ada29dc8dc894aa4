/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tidy/tidy.h"

#include <stdio.h>
#include <unistd.h>

/* The word at code[at], as long as names go; empty inside a longer name. */
static str name_at(str code, size_t at)
{
    size_t len = 0;

    if (at > 0 && is_name_char(code.ptr[at - 1]))
        return STR_NONE;
    while (at + len < code.len && is_name_char(code.ptr[at + len]))
        len++;
    return str_sub(code, at, len);
}

/* A member called `time` or `free` is a noun, not the function of libc. */
static bool is_member(str code, size_t at)
{
    return (at >= 1 && code.ptr[at - 1] == '.') ||
           (at >= 2 && code.ptr[at - 1] == '>' && code.ptr[at - 2] == '-');
}

static bool is_banned(const struct ban *ban, str code, size_t at, str name)
{
    for (size_t i = 0; i < ban->words.n; i++) {
        str word = ban->words.item[i];
        const bool call = str_ends(word, S("("));

        if (call)
            word.len--;
        if (str_eq(word, name) &&
            (!call || (at + name.len < code.len && code.ptr[at + name.len] == '(')))
            return true;
    }
    return false;
}

static void check_bans(struct tidy *tidy, const struct file *file, const struct ban *ban)
{
    const str code = file->code;

    if (!path_fits(file->path, &ban->in) || path_fits(file->path, &ban->but))
        return;
    for (size_t at = 0; at < code.len;) {
        const str name = name_at(code, at);

        if (name.len > 0 && !is_member(code, at) && is_banned(ban, code, at, name))
            tidy_say(tidy, file->path, line_at(code, at), "%.*s is banned here: %.*s",
                     STR_ARGS(name), STR_ARGS(ban->because));
        at += name.len > 0 ? name.len : 1;
    }
}

static bool is_allowed(const struct tidy *tidy, str what, const char *path)
{
    for (size_t i = 0; i < tidy->floors.allows_n; i++)
        if (str_eq(tidy->floors.allow[i].what, what) &&
            path_fits(path, &tidy->floors.allow[i].paths))
            return true;
    return false;
}

/* Crude on purpose: what a person writes who forgets where SQL lives. */
static bool looks_like_sql(str text)
{
    static const char *const starts[] = {"SELECT ",      "INSERT ",        "DELETE FROM",
                                         "CREATE TABLE", "CREATE INDEX",   "ALTER TABLE",
                                         "DROP TABLE",   "WITH RECURSIVE", "REPLACE INTO",
                                         "BEGIN",        "SAVEPOINT",      "PRAGMA "};

    text = str_trim(text);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (str_starts(text, str_of(starts[i])))
            return true;
    return str_starts(text, S("UPDATE ")) && str_find(text, S(" SET ")) < text.len;
}

static bool looks_like_html(str text)
{
    static const char *const tags[] = {"a",     "article", "body", "br", "button", "circle", "div",
                                       "form",  "g",       "h1",   "h2", "head",   "html",   "img",
                                       "input", "li",      "main", "p",  "path",   "rect",   "span",
                                       "svg",   "table",   "td",   "th", "tr",     "ul"};

    for (size_t at = 0; at + 1 < text.len; at++) {
        if (text.ptr[at] != '<')
            continue;
        const size_t from = at + 1 + (text.ptr[at + 1] == '/');
        const str name = name_at(text, from);
        /* "<div" may go on in the next literal; "<a" at an end is rather "less than a". */
        const char after = from + name.len < text.len ? text.ptr[from + name.len]
                           : name.len > 1             ? '>'
                                                      : 'x';

        for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
            if (str_eq(name, str_of(tags[i])) && (after == '>' || after == ' ' || after == '/'))
                return true;
    }
    return false;
}

static void check_literals(struct tidy *tidy, const struct file *file)
{
    const bool sql = is_allowed(tidy, S("sql"), file->path),
               html = is_allowed(tidy, S("html"), file->path);

    for (size_t i = 0; i < file->literals_n; i++) {
        const struct literal *literal = &file->literals[i];

        if (!sql && looks_like_sql(literal->text))
            tidy_say(tidy, file->path, literal->line, "SQL in C; statements live in src/store/sql");
        if (!html && looks_like_html(literal->text))
            tidy_say(tidy, file->path, literal->line, "HTML in C; markup lives in src/pages");
    }
}

/* The folder that this tree happens to stand in is nobody's business. */
static void check_machine_paths(struct tidy *tidy, const struct file *file, str here)
{
    static const char *const homes[] = {"/ho"
                                        "me/",
                                        "/ro"
                                        "ot/",
                                        "/Us"
                                        "ers/"};
    str rest = file->text, line;

    for (size_t at = 1; next_line(&rest, &line); at++) {
        bool found = here.len > 4 && str_find(line, here) < line.len;

        for (size_t i = 0; i < sizeof homes / sizeof homes[0] && !path_ends(file, ".md"); i++)
            found = found || str_find(line, str_of(homes[i])) < line.len;
        if (found)
            tidy_say(tidy, file->path, at, "a path of the machine it was written on");
    }
}

void words_check(struct tidy *tidy)
{
    char folder[4096];
    str here = str_of(getcwd(folder, sizeof folder - 1));
    char slashed[4097];

    snprintf(slashed, sizeof slashed, "%.*s/", STR_ARGS(here));
    for (size_t i = 0; i < tidy->files_n; i++) {
        const struct file *file = &tidy->files[i];

        check_machine_paths(tidy, file, str_of(slashed));
        if (!path_is_c(file))
            continue;
        for (size_t ban = 0; ban < tidy->floors.bans_n; ban++)
            check_bans(tidy, file, &tidy->floors.ban[ban]);
        if (str_starts(str_of(file->path), S("src/")))
            check_literals(tidy, file);
    }
}
