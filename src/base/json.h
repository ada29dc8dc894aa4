/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * JSON in by jansson (duplicates refused, depth and size capped), out by our own writer that only
 * appends. Money travels as integers or strings, never as JSON reals.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* A parsed document, in the arena: what a reader of settings and commands needs, no more. */
/* JSON_REAL only in documents of others (json_parse_foreign). */
enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_TEXT, JSON_LIST, JSON_OBJECT, JSON_REAL };
struct json {
    enum json_kind kind;
    bool truth;
    int64_t number;
    str text;                 /* JSON_TEXT; the digits of a JSON_REAL */
    str name;                 /* of a member of an object */
    const struct json *items; /* members or elements */
    size_t items_n;
};
enum { JSON_SIZE_MAX = 256 * 1024, JSON_DEPTH_MAX = 64 };

/* Any value at the root. NO_BAD_REQUEST with *line set where it is not JSON (RFC 8259), has a
 * duplicate name, a real number, an integer past int64_t, a NUL, bytes that are not UTF-8 or more
 * than JSON_DEPTH_MAX levels; NO_TOO_LARGE past JSON_SIZE_MAX or the arena; NO_OUT_OF_MEMORY when
 * jansson finds none. */
no json_parse(struct arena *arena, str text, const struct json **root, int *line) MUST_USE;
/* The same for documents that other houses wrote (federation: places, focal points): a real number
 * is a JSON_REAL whose text is its shortest decimal, as RFC 8785 section 3.2.2.3 writes it. */
no json_parse_foreign(struct arena *arena, str text, const struct json **root, int *line) MUST_USE;
/* A member by name or NULL (also when `object` is NULL or no object); and typed shortcuts with a
 * default, also for a member of another kind. */
const struct json *json_get(const struct json *object, str name);
str json_text_of(const struct json *object, str name, str otherwise);
int64_t json_int_of(const struct json *object, str name, int64_t otherwise);
bool json_bool_of(const struct json *object, str name, bool otherwise);

/* Writing: the caller opens and closes; commas are ours. Start with {.out = buf}. Texts are escaped
 * as RFC 8785 section 3.2.2.2 does, so a document written in the order of its names is canonical;
 * bytes that are not UTF-8 become U+FFFD. Not made for the inside of an HTML script: '<' stays. */
struct json_out {
    struct buf *out;
    bool comma;
};
void json_open(struct json_out *j, char bracket);  /* '{' or '[' */
void json_close(struct json_out *j, char bracket); /* '}' or ']' */
void json_name(struct json_out *j, str name);
void json_text(struct json_out *j, str value);
void json_int(struct json_out *j, int64_t value);
void json_bool(struct json_out *j, bool value);
void json_nothing(struct json_out *j); /* null */

#endif
