/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tidy/tidy.h"

#include <stdio.h>
#include <stdlib.h>

static _Noreturn void refuse(const char *path, size_t line)
{
    fprintf(stderr,
            "%s:%zu: function PATH NAME LINES reason, file PATH LINES reason, or cycle PATH PATH "
            "reason\n",
            path, line);
    exit(2);
}

void ratchet_read(struct tidy *tidy, const char *path)
{
    str text = tree_read_file(tidy, path), line, word;

    for (size_t at = 1; next_line(&text, &line); at++) {
        struct ratchet *ratchet = &tidy->ratchets[tidy->ratchets_n];
        int64_t limit = 0;

        if (str_starts(line, S("#")) || !next_word(&line, &ratchet->what))
            continue;
        ratchet->line = at;
        if (tidy->ratchets_n == RULES_MAX || !next_word(&line, &ratchet->path))
            refuse(path, at);
        if (!str_eq(ratchet->what, S("file")) && !next_word(&line, &ratchet->name))
            refuse(path, at);
        if (!str_eq(ratchet->what, S("cycle")) &&
            (!next_word(&line, &word) || !str_to_int64(word, &limit) || limit <= 0))
            refuse(path, at);
        if (str_trim(line).len == 0)
            refuse(path, at);
        ratchet->limit = (size_t)limit;
        tidy->ratchets_n++;
    }
}

bool ratchet_allows(struct tidy *tidy, const char *what, const char *path, str name, size_t measure)
{
    for (size_t i = 0; i < tidy->ratchets_n; i++) {
        struct ratchet *ratchet = &tidy->ratchets[i];

        if (str_eq(ratchet->what, str_of(what)) && str_eq(ratchet->path, str_of(path)) &&
            str_eq(ratchet->name, name)) {
            ratchet->used = true;
            return measure <= ratchet->limit;
        }
    }
    return false;
}

void ratchet_check(struct tidy *tidy)
{
    for (size_t i = 0; i < tidy->ratchets_n; i++)
        if (!tidy->ratchets[i].used)
            tidy_say(tidy, "tools/tidy.ratchet", tidy->ratchets[i].line,
                     "is no longer needed; take it out");
}

/* The name before the parentheses that end at code[at]. */
static str function_name(str code, size_t at)
{
    size_t depth = 0, end;

    do {
        depth += code.ptr[at] == ')';
        depth -= code.ptr[at] == '(';
    } while (depth > 0 && at-- > 0);
    if (depth > 0)
        return STR_NONE;
    while (at > 0 && !is_name_char(code.ptr[at - 1]))
        at--;
    end = at;
    while (at > 0 && is_name_char(code.ptr[at - 1]))
        at--;
    return str_sub(code, at, end - at);
}

/* The end of a preprocessor line and of those that a backslash adds to it. */
static size_t directive_end(str code, size_t at)
{
    while (at < code.len && !(code.ptr[at] == '\n' && code.ptr[at - 1] != '\\'))
        at++;
    return at;
}

/* An outermost { after ) opens a function; it is measured from brace to brace. */
static void check_functions(struct tidy *tidy, const struct file *file)
{
    const str code = file->code;
    size_t depth = 0, start = 0, line = 1, last = 0;
    str name = STR_NONE;

    for (size_t at = 0; at < code.len; at++) {
        const char c = code.ptr[at];

        if (c == '#' && (at == 0 || code.ptr[at - 1] == '\n')) {
            const size_t end = directive_end(code, at);

            line += line_at(code, end) - line_at(code, at);
            at = end;
        }
        if (at < code.len && code.ptr[at] == '\n')
            line++;
        if (c == '{' && depth++ == 0) {
            start = line;
            name = code.ptr[last] == ')' ? function_name(code, last) : STR_NONE;
        }
        if (c == '}' && depth > 0 && --depth == 0 && name.len > 0 &&
            line - start + 1 > FUNCTION_LINES_MAX &&
            !ratchet_allows(tidy, "function", file->path, name, line - start + 1))
            tidy_say(tidy, file->path, start, "%.*s has %zu lines, more than %d", STR_ARGS(name),
                     line - start + 1, FUNCTION_LINES_MAX);
        if (c != ' ' && c != '\n' && c != '\t' && at < code.len && code.ptr[at] == c)
            last = at;
    }
}

/* Columns are code points: a French comment is not longer for its accents. */
static size_t columns(str line)
{
    size_t n = 0;

    for (size_t i = 0; i < line.len; i++)
        n += ((unsigned char)line.ptr[i] & 0xC0) != 0x80;
    return n;
}

static void check_columns(struct tidy *tidy, const struct file *file)
{
    str rest = file->text, line;

    for (size_t at = 1; next_line(&rest, &line); at++)
        /* An address cannot be broken. */
        if (columns(line) > COLUMNS_MAX && str_find(line, S("://")) == line.len)
            tidy_say(tidy, file->path, at, "%zu columns, more than %d", columns(line), COLUMNS_MAX);
}

static bool is_measured(const struct file *file)
{
    static const char *const ends[] = {".c", ".h", ".html", ".css", ".mjs", ".js"};

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (path_ends(file, ends[i]))
            return true;
    return false;
}

void lengths_check(struct tidy *tidy)
{
    for (size_t i = 0; i < tidy->files_n; i++) {
        const struct file *file = &tidy->files[i];

        if (is_measured(file) && file->lines > FILE_LINES_MAX &&
            !ratchet_allows(tidy, "file", file->path, STR_NONE, file->lines))
            tidy_say(tidy, file->path, 0, "%zu lines, more than %d", file->lines, FILE_LINES_MAX);
        if (path_ends(file, ".c") || path_ends(file, ".h")) {
            check_columns(tidy, file);
            check_functions(tidy, file);
        }
    }
}
