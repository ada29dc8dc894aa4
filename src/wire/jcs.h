/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Entries of the register: JSON in one form only, RFC 8785 (JCS) restricted to what has no two
 * spellings anywhere. The bytes are fingerprinted as they are; nobody who verifies ever writes
 * them again, so what enters must already be the one form.
 *
 * The form: 2 to 65,535 bytes of UTF-8; the root an object; at most 8 levels of objects and lists
 * (the root is the first) and 1,024 members in all; names [a-z][a-z0-9_]{0,31}, each once, in the
 * order of their bytes; values are texts, integers within +-(2^53 - 1), true, false, lists and
 * objects; no null, fraction, exponent, -0, zero before a digit, or blank. In a text \" \\ \b \f \n
 * \r \t, other bytes below 0x20 as \u00xx in small letters, everything else as itself.
 */
#ifndef WIRE_JCS_H
#define WIRE_JCS_H

#include "base/arena.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JCS_SIZE_MAX = 65535, JCS_DEPTH_MAX = 8, JCS_MEMBERS_MAX = 1024, JCS_NAME_SIZE_MAX = 32 };
#define JCS_INT_MAX INT64_C(9007199254740991)

/* --- checking -------------------------------------------------------------------------------- */

enum jcs_flaw {
    JCS_GOOD,
    JCS_SIZE,       /* below 2 or past 65,535 bytes */
    JCS_NOT_OBJECT, /* the root */
    JCS_SYNTAX,     /* no JSON, cut, or a blank between two tokens */
    JCS_DEPTH,
    JCS_MEMBERS,
    JCS_NAME,    /* of a member: characters or length */
    JCS_ORDER,   /* a name that is not behind the one before it, or there twice */
    JCS_VALUE,   /* null, or no value */
    JCS_INTEGER, /* fraction, exponent, -0, a zero before a digit */
    JCS_RANGE,   /* past 2^53 - 1 */
    JCS_ESCAPE,  /* in a text: not the spelling of RFC 8785 */
    JCS_UTF8,
    JCS_AFTER /* bytes behind the root */
};

/* The first flaw, and the byte (from 0) where it was met; JCS_GOOD for exactly the form above: that
 * is, for what comes out the same when it is parsed and written in order again. */
enum jcs_flaw jcs_check(str entry, size_t *at);
/* A flaw in a few English words, for operators: "names out of order". */
str jcs_flaw_text(enum jcs_flaw flaw);
/* The same as a no: NO_ENTRY_NOT_CANONICAL. */
no jcs_entry_check(str entry) MUST_USE;

/* --- reading an entry that was checked ------------------------------------------------------- */

/* A value, as its place in the entry, which must live as long and must have passed jcs_check: only
 * then can it be read without looking twice. */
enum jcs_kind { JCS_NONE, JCS_TEXT, JCS_INT, JCS_BOOL, JCS_LIST, JCS_OBJECT };
struct jcs {
    enum jcs_kind kind;
    str written; /* whole, with its quotes or brackets */
};

/* The root object. */
struct jcs jcs_root(str entry);
/* A member by name; JCS_NONE when `object` has none or is no object. */
struct jcs jcs_get(struct jcs object, str name);
/* The values of a list or the members of an object in turn; start with {.of = value}. False after
 * the last, and at once for other kinds. `name` is STR_NONE in lists. */
struct jcs_walk {
    struct jcs of;
    size_t at;
};
bool jcs_next(struct jcs_walk *walk, str *name, struct jcs *value);

/* Typed; each says false, and leaves `out` alone, when the value is of another kind. */
bool jcs_int(struct jcs value, int64_t *out);
bool jcs_bool(struct jcs value, bool *out);
/* A text. Escapes are undone in `arena`; a text without any points into the entry. STR_NONE and
 * true when the arena is full. */
bool jcs_text(struct jcs value, struct arena *arena, str *out);
/* The same for texts that have no escape, which needs no arena; false for the others too. */
bool jcs_plain(struct jcs value, str *out);
/* Exactly `len` bytes in small hexadecimal letters: fingerprints have one spelling. */
bool jcs_hex(struct jcs value, uint8_t *out, size_t len);

/* The members that every entry of version 1 has. */
enum { JCS_VERSION = 1, JCS_ID_SIZE = 16, JCS_KIND_SIZE_MAX = 32 };
struct jcs_head {
    str kind;                /* "k": spelt like a name */
    int64_t at;              /* seconds since 1970, 0 or more */
    uint8_t id[JCS_ID_SIZE]; /* the same id twice is the same entry twice */
};
/* Reads `k` `at` `id`, and that `v` is 1. NO_ENTRY_NOT_CANONICAL when one is missing or of another
 * shape. */
no jcs_head_read(str entry, struct jcs_head *head) MUST_USE;

#endif
