/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The way out of the platforms: listings, products and people as another house's export has them
 * become offers and members here. One file is one deed, all or nothing, unless what is good may
 * stay without the rest. What came is known by what it was called there, so that a second run
 * changes nothing, and a later export changes only what changed. What a later export no longer
 * names stays as it is. No address in a file is ever fetched.
 */
#ifndef DEEDS_IMPORT_H
#define DEEDS_IMPORT_H

#include "base/id.h"
#include "deeds/ctx.h"
#include "store/sql_import.h"

enum import_source { IMPORT_AIRBNB, IMPORT_WOOCOMMERCE, IMPORT_MEMBERS, IMPORT_SOURCES };

enum {
    IMPORT_FILE_MAX = 64 << 20,
    IMPORT_LISTED_MAX = 10000,  /* refused lines that are named one by one */
    IMPORT_CATEGORIES_MAX = 60, /* made by one file */
    IMPORT_LINES_MAX = 3000000,
};

/* A line that did not come in, as an editor counts lines; `field` is the file's column in English,
 * NULL for the whole line. */
struct import_refused {
    uint32_t line;
    const char *field;
    no why;
};

struct import_form {
    enum import_source source;
    str bytes;
    str rate;     /* "SEK=0.088"; empty = none */
    str currency; /* of the file's prices; empty = the rate's, or not known */
    str seller;   /* woocommerce: handle of whose shop it is; empty = the first facilitator */
    bool admit;   /* members: they are members at once, and get a letter; else not reached yet */
    bool no_letters;
    bool dry_run; /* everything is done, counted and undone */
    bool keep_good;
    void (*progress)(void *self, int64_t done, int64_t of); /* bytes, now and then; may be NULL */
    void *self;
    /* answer; also when the deed refuses for NO_FILE_LINES_REFUSED */
    int64_t added, changed, same, refused; /* offers (variants are counted too), or members */
    const struct import_refused *lines;    /* the first IMPORT_LISTED_MAX of `refused` */
    size_t lines_n;
    bool without_prices; /* nobody said which money the prices are in: they were left out */
    bool in_books;       /* prices were read as the co-op's own money */
};

/* NO_NOT_ALLOWED (the console and facilitators only), NO_NOT_FOUNDED, NO_TOO_LARGE. Of the whole
 * file: NO_FILE_NOT_UTF8, NO_FILE_NOT_CSV, NO_FILE_CUT, NO_FILE_HEADER_UNKNOWN (lines[0] says
 * where). NO_RATE_MISSING: `currency` is not the co-op's. NO_BAD_FIELDS: rate, currency, seller.
 * NO_FILE_LINES_REFUSED: without keep_good, nothing was changed. In a dry run the answer is the one
 * that a real run would give. */
no deed_import(struct ctx *ctx, struct import_form *form) MUST_USE;

/* "inside-airbnb", "woocommerce", "members"; false for another word. */
const char *import_source_name(enum import_source source);
bool import_source_of(str name, enum import_source *source);

/* --- the desk: a file waits between its dry run and its coming in --- */

struct import_keep_form {
    struct import_form *form;
    str name; /* of the file */
    uid uid;  /* answer: names it */
};
no deed_import_keep(struct ctx *ctx, struct import_keep_form *form) MUST_USE;
/* The form as it was kept, not a dry run, and the file's name; NO_NOT_FOUND when it is another's or
 * gone. Takes as much of the arena as the file is long. */
no view_import_kept(struct ctx *ctx, uid file, struct import_form *form, str *name) MUST_USE;
no deed_import_forget(struct ctx *ctx, uid file) MUST_USE;

/* Who has this handle, for whom an import is named. NO_NOT_FOUND, NO_NOT_ALLOWED. */
no view_import_member(struct ctx *ctx, str handle, struct sql_import_member *member) MUST_USE;

/* The newest runs. NO_NOT_ALLOWED. */
no view_import_runs(struct ctx *ctx, int64_t most, struct sql_import_run **runs,
                    size_t *runs_n) MUST_USE;

#endif
