/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What one file src/store/sql/ROOM.sql says, and the C that is written from it. A line `--: ` is a
 * directive:
 *
 *   --: include "rules/ledger.h"
 *   --: row account(int id, str name, blob16 uid, bool closed)      defines struct sql_account
 *   --: row struct ledger_account(int id, i32 unit.id)              an existing type; fields by
 * member path
 *   --: account_get(int id) -> one account                          the SQL follows, up to `;`
 *
 * Types: int bool str blob blob16 blob32 i32 u32 and `enum x`. Results: none, changed, int, one
 * ROW, many ROW, each ROW. A directive goes on over the next `--:` lines while it is not complete.
 * `:name` is a parameter. A statement that must differ is written twice, after the lines `--
 * sqlite` and `-- postgres`. Other comments right above a directive become its C comment; comments
 * inside the SQL are dropped.
 */
#ifndef SQLGEN_ROOM_H
#define SQLGEN_ROOM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    INCLUDES_MAX = 32,
    ROWS_MAX = 96,
    STATEMENTS_MAX = 320,
    FIELDS_MAX = 64,
    /* A C17 compiler need not take a longer string, and -Wpedantic says so. */
    SQL_SIZE_MAX = 4095,
};

enum type {
    TYPE_INT,
    TYPE_BOOL,
    TYPE_STR,
    TYPE_BLOB,
    TYPE_BLOB16,
    TYPE_BLOB32,
    TYPE_I32,
    TYPE_U32,
    TYPE_ENUM
};

struct field {
    enum type type;
    str enum_name; /* "enum order_state", of TYPE_ENUM */
    str name;      /* "id", or in an existing struct "unit.id" */
};

struct fields {
    struct field at[FIELDS_MAX];
    size_t n;
};

struct row {
    str name, comment;
    bool existing; /* the struct is another header's: struct NAME, not struct sql_NAME */
    bool used;
    struct fields fields;
};

enum result { RESULT_NONE, RESULT_CHANGED, RESULT_INT, RESULT_ONE, RESULT_MANY, RESULT_EACH };

struct statement {
    str name, comment;
    struct fields params;
    enum result result;
    const struct row *row; /* of one, many, each; else NULL */
    str sqlite, postgres;
};

struct room {
    str name;
    str includes[INCLUDES_MAX];
    size_t includes_n;
    struct row rows[ROWS_MAX];
    size_t rows_n;
    struct statement statements[STATEMENTS_MAX];
    size_t statements_n;
};

/* The first thing that is wrong in a file. */
struct fault {
    int line;
    char what[200];
};

/* Reads the text of a file into *room, which points into `text` and `arena`. NO_BAD_REQUEST with
 * *fault filled. */
no room_read(struct arena *arena, str name, str text, struct room *room,
             struct fault *fault) MUST_USE;

/* Reads one statement's SQL from the start of `text` up to its `;`: both dialects, parameters
 * numbered in the order of `params`, comments and indentation dropped. *end is the offset after the
 * `;`, *lines how many newlines were passed; both are set on a no too. NO_BAD_REQUEST with
 * fault->what filled. */
struct sql {
    str sqlite, postgres;
    size_t end;
    int lines;
};
no sql_read(struct arena *arena, str text, const struct fields *params, struct sql *sql,
            struct fault *fault) MUST_USE;

/* The generated files. */
void room_write_header(struct buf *out, const struct room *room);
void room_write_code(struct buf *out, const struct room *room);
/* `const struct db_text *const db_rooms[]` of the rooms named, in that order. */
void rooms_write(struct buf *out, const str *names, size_t names_n);

/* A lower-case C name; with `path`, several joined by dots. */
bool is_name(str s, bool path);
/* Fills fault->what like printf and answers NO_BAD_REQUEST. */
no fault_say(struct fault *fault, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
