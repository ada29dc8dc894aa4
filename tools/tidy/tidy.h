/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * tidy: the style as a test. Silent and 0 when the tree is the house; else `file:line: what` and 1.
 * It runs from the root of the tree: `tidy [OBJECTS]`, OBJECTS being the folder of object files
 * (build/obj). tree.c     reads the files               strip.c    C without its comments and
 * strings floors.c   tools/floors.txt              includes.c who includes what, and cycles words.c
 * banned words, strings         lengths.c  functions, files, lines; tools/tidy.ratchet headers.c
 * SPDX, contracts, alone        objects.c  ELF: purity, globals, what nobody uses lang.c messages
 * of refusals, keys All memory is one arena that the end of the program gives back.
 */
#ifndef TIDY_H
#define TIDY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FLOORS_MAX = 16,
    WORDS_MAX = 64,
    RULES_MAX = 256,
    FUNCTION_LINES_MAX = 70,
    FILE_LINES_MAX = 500,
    COLUMNS_MAX = 100
};

/* Words of one clause of floors.txt. */
struct list {
    str item[WORDS_MAX];
    size_t n;
};

struct floor {
    str name;
    struct list may, system;
};

/* One file, or a pattern of files, that wraps a library. */
struct wrapper {
    str path;
    struct list system, calls;
};

struct ban {
    struct list words, in, but;
    str because;
};

struct allow {
    str what;
    struct list paths;
};

struct floors {
    struct floor floor[FLOORS_MAX];
    struct wrapper wrapper[RULES_MAX];
    struct ban ban[RULES_MAX];
    struct allow allow[RULES_MAX];
    size_t floors_n, wrappers_n, bans_n, allows_n;
    struct list pure, runtime;
};

/* A string literal of C, without its quotes. */
struct literal {
    str text;
    size_t line;
};

/* A file of the tree. `code` is C with comments and literals blanked, as long as `text`; empty for
 * other files. */
struct file {
    const char *path;
    str text, code;
    struct literal *literals;
    size_t lines, literals_n;
};

struct ratchet {
    str what, path,
        name; /* "function", "file", "cycle"; name: of the function or the other end of the cycle */
    size_t limit, line;
    bool used;
};

struct tidy {
    struct arena arena;
    struct floors floors;
    struct file *files;
    struct ratchet ratchets[RULES_MAX];
    const char *objects; /* NULL: no object files are looked at */
    size_t files_n, files_cap, ratchets_n, found;
};

/* For printf's %.*s. */
#define STR_ARGS(s) (int)(s).len, (s).len == 0 ? "" : (s).ptr

/* --- main.c --- */
/* A finding: printed at once, counted. `line` 0 = the file as a whole. */
void tidy_say(struct tidy *tidy, const char *path, size_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Something a person should look at; not counted. */
void tidy_warn(const char *path, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The arena's memory, or the end of the program. */
void *tidy_take(struct tidy *tidy, size_t size);

/* --- tree.c --- */
/* Reads src tools tests bench assets docs and the scripts of the root into tidy->files, in order of
 * path. */
void tree_read(struct tidy *tidy);
/* The whole of one file; STR_NONE when it cannot be read. */
str tree_read_file(struct tidy *tidy, const char *path);
const struct file *tree_find(const struct tidy *tidy, str path);
bool path_ends(const struct file *file, const char *suffix);
bool path_is_c(const struct file *file); /* .c, .h, .def */
/* A file, a folder above it, or a pattern with a star. */
bool path_fits(const char *path, const struct list *patterns);
/* Takes the next line off *rest; false at the end. */
bool next_line(str *rest, str *line);
/* Takes the next word, cut at blanks. */
bool next_word(str *rest, str *word);
bool list_has(const struct list *list, str word);

/* --- strip.c --- */
void strip_c(struct tidy *tidy, struct file *file);
/* The line of a position, from 1. */
size_t line_at(str text, size_t position);
bool is_name_char(char c);

/* --- the checks --- */
void floors_read(struct tidy *tidy, const char *path);
/* The floor of "src/FLOOR/..."; NULL elsewhere. */
const struct floor *floor_of(const struct tidy *tidy, const char *path);
/* Whether a `file` line lets this file include that header or call that symbol (zero-terminated).
 */
enum wrapped { WRAPPED_HEADER, WRAPPED_CALL };
bool wrapper_allows(const struct tidy *tidy, const char *path, enum wrapped what, str name);
void includes_check(struct tidy *tidy);
void words_check(struct tidy *tidy);
void ratchet_read(struct tidy *tidy, const char *path);
/* True when the ratchet allows `measure`; marks its line as used. */
bool ratchet_allows(struct tidy *tidy, const char *what, const char *path, str name,
                    size_t measure);
void lengths_check(struct tidy *tidy);
void ratchet_check(struct tidy *tidy);
void headers_check(struct tidy *tidy);
void objects_check(struct tidy *tidy);
void lang_check(struct tidy *tidy);

#endif
