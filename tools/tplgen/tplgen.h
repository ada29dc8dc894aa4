/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * tplgen: src/pages/ROOM.html and src/pages/lang/{en,fr}.po become C. The language is described in
 * docs/templates.md; the files here:
 *   main.c     arguments, files in, files out
 *   words.c    .po files and the checks between them
 *   lang.c     writes lang.h and lang.c
 *   scan.c     a room: its templates, its pieces, its two files of C
 *   place.c    where in the HTML we are
 *   expr.c     the dot rule
 *   block.c    if, for, let, call, end
 *   value.c    what writes a value: {x} {raw:} {tk:} {asset:} {icon:}
 *   message.c  {t:}
 *   emit.c     literals, white space, C strings
 * The first mistake ends the program: `file:line: what`, exit 1. All memory is one arena.
 */
#ifndef TPLGEN_H
#define TPLGEN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/lang.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    FORMS = 2,
    ROOMS_MAX = 256,
    TEMPLATES_MAX = 4096,
    VARS_MAX = 64,
    DEPTH_MAX = 32,
    PLACE_NAME = 32
};

/* One key: its text in each language; a plural has two forms, else text[lang][1] is empty. */
struct message {
    str key;
    bool plural;
    str text[LANG_COUNT][FORMS];
    int line[LANG_COUNT]; /* 0 = not in that language */
};

struct words {
    const char *path[LANG_COUNT];
    struct message *items; /* sorted by key after words_check */
    size_t n, cap;
};

struct template
{
    str name, params; /* params: text between the parentheses */
    size_t room;
    int line;
};

struct room {
    const char *path;
    str name, source;
};

struct tool {
    struct arena arena;
    const char *out_dir, *icons, *assets; /* the last two may be NULL */
    struct words words;
    struct room rooms[ROOMS_MAX];
    size_t rooms_n;
    struct template templates[TEMPLATES_MAX];
    size_t templates_n;
};

/* --- main.c --- */
_Noreturn void fail_at(const char *path, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* For printf's %.*s. */
#define STR_ARGS(s) (int)(s).len, (s).len == 0 ? "" : (s).ptr
/* The whole file, zero-terminated; false when it cannot be read. */
bool file_read(struct tool *tool, const char *path, str *text);
/* Writes OUT_DIR/name unless it already says exactly that. */
void file_write(struct tool *tool, const char *name, const struct buf *text);

/* --- words.c --- */
void words_read(struct tool *tool, enum lang lang, const char *path);
/* Sorts; refuses a key of one language only, different placeholders, one plural and one not. */
void words_check(struct tool *tool);
const struct message *words_find(const struct words *words, str key);
/* The placeholder at text[at] ("{n}") into *name, its length with braces; 0 when none is there. */
size_t words_placeholder(str text, size_t at, str *name);
bool words_has_placeholder(const struct message *message, str name);

/* --- lang.c --- */
void lang_write(struct tool *tool);
/* T_market_found: writes the enum name of a key. */
void lang_put_enum(struct buf *out, str key);

/* --- place.c --- */
enum place_at {
    AT_TEXT,
    AT_TAG_NAME,
    AT_TAG,
    AT_ATTR_NAME,
    AT_ATTR_EQUALS,
    AT_VALUE,
    AT_VALUE_BARE,
    AT_AFTER_VALUE,
    AT_CLOSE_TAG,
    AT_COMMENT,
    AT_DECLARATION
};
enum place_raw { RAW_NONE, RAW_SCRIPT, RAW_STYLE, RAW_TITLE, RAW_TEXTAREA };

struct place {
    enum place_at at;
    enum place_raw raw;
    int pre; /* depth of <pre> */
    char quote;
    char tag[PLACE_NAME], attr[PLACE_NAME]; /* lower case, cut */
    int line;                               /* where the tag or the value began */
};

/* Which macro of pages/put.h fits. */
enum put { PUT_IS_TEXT, PUT_IS_ATTR, PUT_IS_VALUE, PUT_IS_URL };

/* One byte of markup further; `rest` starts with that byte. */
void place_step(struct place *place, const char *path, int line, str rest);
/* A value is wanted here: which macro; fails where none may stand. */
enum put place_put(const struct place *place, const char *path, int line);
/* A block ({if}, {for}, {end}...) stands here: closes an open tag or attribute name; fails where
 * none may stand. */
void place_block(struct place *place, const char *path, int line);
/* Two branches of a block meet: false when they end in different places; else *a holds for both. */
bool place_merge(struct place *a, const struct place *b);
bool place_keeps_space(const struct place *place);
/* "inside the value of \"href\"" and the like, for messages. */
const char *place_name(const struct place *place);

/* --- one template being compiled --- */
enum var_kind { VAR_VALUE, VAR_POINTER, VAR_ITEM, VAR_INDEX };
struct var {
    str name;
    enum var_kind kind;
};

enum block_kind { BLOCK_IF, BLOCK_FOR };
struct block {
    enum block_kind kind;
    int line;
    bool has_else;
    size_t vars_n;           /* to go back to at the end */
    struct place start, end; /* end: of the branches so far */
    bool ended, fresh_start, fresh_end;
    str count; /* FOR: the C expression, for {empty} */
};

struct work {
    struct tool *tool;
    const struct room *room;
    size_t room_index;
    int line;           /* of the directive being compiled */
    struct buf *out;    /* C code of the room */
    struct buf literal; /* markup not yet written */
    struct place place;
    bool fresh; /* nothing visible since the last line break written */
    struct var vars[VARS_MAX];
    size_t vars_n;
    struct block blocks[DEPTH_MAX];
    size_t depth;
    bool uses[ROOMS_MAX]; /* rooms whose templates are called */
};

_Noreturn void fail_here(const struct work *work, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* --- scan.c --- */
/* Finds the templates of a room (first pass), and compiles them (second pass). */
void scan_templates(struct tool *tool, size_t room);
void scan_compile(struct tool *tool, size_t room);

/* --- emit.c --- */
/* One byte of markup, white space shortened, place followed; rest starts with it. */
void emit_markup(struct work *work, int line, str rest);
void emit_literal(struct work *work, str text);
/* Writes the pending markup as calls of buf_put. */
void emit_flush(struct work *work);
/* `#line` for the compiler's messages, after a flush. */
void emit_line(struct work *work);
/* "..." with C escapes, no line breaks inside; and buf_put(out, S(..)) in pieces a compiler must
 * accept. */
void emit_c_string(struct buf *out, str text);
void emit_buf_put(struct buf *out, const char *indent, str text);
/* HTML escapes as put.c does them, for words known at build time. */
void emit_escaped(struct buf *out, str text, enum put put);

/* --- expr.c --- */
/* C of an expression under the dot rule. `whole`: it is put or printed, so a loop variable alone is
 * its value. */
str expr_c(struct work *work, str expr, bool whole);
/* The same for {expr}: only names, members, indexes; its root must be known. */
str expr_path_c(struct work *work, str expr);
void expr_add_var(struct work *work, str name, enum var_kind kind);
/* Parameters of a template become variables. */
void expr_add_params(struct work *work, str params);
/* Cuts at blanks (or at `separator`) outside brackets and quotes; false when nothing is left. */
bool expr_next(str *rest, char separator, str *piece);
bool is_name_char(char c);
bool is_name(str s);

/* --- block.c --- */
/* True when `directive` was one of if elif else for empty let call end; `done` is set by the {end}
 * of the template. */
bool block_compile(struct work *work, str directive, bool *done);

/* --- value.c --- */
void value_compile(struct work *work, str directive);
/* The words of a key with its values: {t:KEY name=expr...}, in message.c. */
void value_message(struct work *work, str directive);
/* "PUT_TEXT" and its sisters. */
const char *value_macro(enum put put);

#endif
