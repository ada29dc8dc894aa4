/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tidy/tidy.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One line of floors.txt being read. `because` ends the clauses: the rest of the line is prose. */
struct reading {
    struct tidy *tidy;
    const char *path;
    size_t line;
};

static _Noreturn void refuse(const struct reading *reading, const char *what)
{
    fprintf(stderr, "%s:%zu: %s\n", reading->path, reading->line, what);
    exit(2);
}

static void add(const struct reading *reading, struct list *list, str word)
{
    if (list->n == WORDS_MAX)
        refuse(reading, "too many words");
    list->item[list->n++] = arena_str(&reading->tidy->arena, word);
}

struct clause {
    const char *name;
    struct list *list;
};

/* Words go to `first` until a word names another clause. */
static void read_clauses(const struct reading *reading, str rest, struct list *first,
                         const struct clause *clauses, str *because)
{
    struct list *list = first;
    str word;

    while (next_word(&rest, &word)) {
        bool named = false;

        if (because != NULL && str_eq(word, S("because"))) {
            *because = arena_str(&reading->tidy->arena, str_trim(rest));
            return;
        }
        for (const struct clause *clause = clauses; clause->name != NULL; clause++)
            if (str_eq(word, str_of(clause->name))) {
                list = clause->list;
                named = true;
            }
        if (named)
            continue;
        if (list == NULL)
            refuse(reading, "a word before its clause");
        add(reading, list, word);
    }
}

static void read_floor(const struct reading *reading, struct floors *floors, str rest)
{
    struct floor *floor = &floors->floor[floors->floors_n];
    const struct clause clauses[] = {
        {"may", &floor->may}, {"system", &floor->system}, {NULL, NULL}};

    if (floors->floors_n == FLOORS_MAX || !next_word(&rest, &floor->name))
        refuse(reading, "floor NAME may FLOOR... system HEADER...");
    floors->floors_n++;
    read_clauses(reading, rest, NULL, clauses, NULL);
}

static void read_wrapper(const struct reading *reading, struct floors *floors, str rest)
{
    struct wrapper *file = &floors->wrapper[floors->wrappers_n];
    const struct clause clauses[] = {
        {"system", &file->system}, {"calls", &file->calls}, {NULL, NULL}};
    str word;

    if (floors->wrappers_n == RULES_MAX || !next_word(&rest, &word))
        refuse(reading, "file PATH system HEADER... calls SYMBOL...");
    floors->wrappers_n++;
    file->path = arena_str(&reading->tidy->arena, word);
    read_clauses(reading, rest, NULL, clauses, NULL);
}

static void read_ban(const struct reading *reading, struct floors *floors, str rest)
{
    struct ban *ban = &floors->ban[floors->bans_n];
    const struct clause clauses[] = {{"in", &ban->in}, {"but", &ban->but}, {NULL, NULL}};

    if (floors->bans_n == RULES_MAX)
        refuse(reading, "too many bans");
    floors->bans_n++;
    read_clauses(reading, rest, &ban->words, clauses, &ban->because);
    if (ban->because.len == 0)
        refuse(reading, "a ban says because");
    if (ban->in.n == 0)
        add(reading, &ban->in, S("src"));
}

static void read_allow(const struct reading *reading, struct floors *floors, str rest)
{
    struct allow *allow = &floors->allow[floors->allows_n];
    const struct clause none[] = {{NULL, NULL}};
    str because = STR_NONE;

    if (floors->allows_n == RULES_MAX || !next_word(&rest, &allow->what))
        refuse(reading, "allow sql|html PATH... because REASON");
    floors->allows_n++;
    read_clauses(reading, rest, &allow->paths, none, &because);
    if (because.len == 0)
        refuse(reading, "an allowance says because");
}

void floors_read(struct tidy *tidy, const char *path)
{
    struct reading reading = {.tidy = tidy, .path = path};
    struct floors *floors = &tidy->floors;
    const struct clause none[] = {{NULL, NULL}};
    str text = tree_read_file(tidy, path), line, word;

    if (text.len == 0)
        refuse(&reading, "cannot be read: tidy runs from the root of the tree");
    while (next_line(&text, &line)) {
        reading.line++;
        if (str_starts(line, S("#")) || !next_word(&line, &word))
            continue;
        if (str_eq(word, S("floor")))
            read_floor(&reading, floors, line);
        else if (str_eq(word, S("file")))
            read_wrapper(&reading, floors, line);
        else if (str_eq(word, S("ban")))
            read_ban(&reading, floors, line);
        else if (str_eq(word, S("allow")))
            read_allow(&reading, floors, line);
        else if (str_eq(word, S("pure")))
            read_clauses(&reading, line, &floors->pure, none, NULL);
        else if (str_eq(word, S("runtime")))
            read_clauses(&reading, line, &floors->runtime, none, NULL);
        else
            refuse(&reading, "a word that floors.txt does not know");
    }
}

const struct floor *floor_of(const struct tidy *tidy, const char *path)
{
    str floor, rest = str_of(path), top;

    if (!str_cut(rest, '/', &top, &rest) || !str_eq(top, S("src")) ||
        !str_cut(rest, '/', &floor, &rest))
        return NULL;
    for (size_t i = 0; i < tidy->floors.floors_n; i++)
        if (str_eq(tidy->floors.floor[i].name, floor))
            return &tidy->floors.floor[i];
    return NULL;
}

bool wrapper_allows(const struct tidy *tidy, const char *path, enum wrapped what, str name)
{
    for (size_t i = 0; i < tidy->floors.wrappers_n; i++) {
        const struct wrapper *wrapper = &tidy->floors.wrapper[i];
        const struct list paths = {.item = {wrapper->path}, .n = 1};
        const struct list *names = what == WRAPPED_HEADER ? &wrapper->system : &wrapper->calls;

        if (!path_fits(path, &paths))
            continue;
        for (size_t at = 0; at < names->n; at++)
            if (fnmatch(names->item[at].ptr, name.ptr, 0) == 0)
                return true;
    }
    return false;
}
