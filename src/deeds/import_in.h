/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the importers share; for deeds/import*.c alone.
 */
#ifndef DEEDS_IMPORT_IN_H
#define DEEDS_IMPORT_IN_H

#include "base/hash.h"
#include "deeds/house.h"
#include "deeds/import.h"
#include "rules/offer.h"
#include "wire/csv.h"
#include "wire/rate.h"

struct import_category {
    char name[128];
    str fold; /* of its name, in `name`: the arena is rewound after each line */
    int64_t id;
};

/* Names that this file has used: the first eight bytes of their SHA-256, 0 = free. */
struct import_seen {
    uint64_t *keys;
    size_t room, used;
};

struct import_job {
    struct import_form *form;
    const struct house *house;
    const struct house_unit *books; /* the money of prices here */
    unsigned exponent;              /* decimals of the file's prices */
    bool converts;
    struct rate rate;
    struct import_refused *lines;
    struct import_seen seen;
    struct import_category made[IMPORT_CATEGORIES_MAX];
    size_t made_n;
    int64_t *reindex; /* offers in a category that the house will know only after the commit */
    size_t reindex_n, reindex_room;
    struct sql_import_member seller;
    int64_t done_at; /* of the file, when progress was told last */
};

/* --- one pass over a file --- */

/* One line as its parser gives it. `next` answers as airbnb_next; `take` is a deed of its own: what
 * it refuses is that line alone. */
struct import_pass {
    struct import_job *job;
    no (*next)(struct import_pass *pass, struct ctx *ctx, struct csv_wrong *wrong);
    no (*take)(struct ctx *ctx, void *pass);
    const struct csv_reader *csv;
    void *file, *row, *self;
    bool quiet;    /* a later pass: what the parser refuses is noted already */
    bool counts;   /* a pass whose lines are counted as added, changed or same */
    uint32_t line; /* set by `next` */
    enum import_did {
        IMPORT_ADDED,
        IMPORT_CHANGED,
        IMPORT_SAME,
        IMPORT_SKIPPED
    } did; /* by `take` */
};
/* YES when the file was read to its end, or to where it is cut (which is noted as a line). */
no import_pass(struct ctx *ctx, struct import_pass *pass) MUST_USE;
void import_refuse(struct import_job *job, uint32_t line, const char *field, no why);

/* --- what is written --- */

struct import_offer {
    str key; /* source_key */
    int64_t member, kind, per, stock, category;
    enum offer_status status; /* of a new one */
    enum offer_price_mode mode;
    int64_t minor; /* in the money of the books */
    str title, body, place;
    int32_t lat, lon; /* exact: rounded here */
    bool reindex;     /* its category is a new one */
};
/* Adds it, writes it anew or leaves it: what a member or a facilitator did to its status stays. */
no import_put_offer(struct ctx *ctx, struct import_job *job, const struct import_offer *offer,
                    enum import_did *did, int64_t *id) MUST_USE;
/* Notes `key` as used in this file; `field` is refused with NO_FIELD_TAKEN when it was already. */
no import_first(struct ctx *ctx, struct import_job *job, str key, const char *field) MUST_USE;
/* A price of the file in the money of the books; `field` is refused past OFFER_PRICE_MAX. */
no import_price(struct ctx *ctx, const struct import_job *job, int64_t minor, const char *field,
                int64_t *converted) MUST_USE;
/* A title of 3 to 120 characters: a longer one is cut, a shorter one gets `more` behind it. */
str import_title(struct ctx *ctx, str title, str more);
/* A text of at most `points` characters, cut at the end. */
str import_text(struct ctx *ctx, str text, size_t points);
/* A free handle made of a name; `suffix` (letters and digits) is put behind it when that is taken.
 */
no import_handle(struct ctx *ctx, str name, str suffix, str *handle) MUST_USE;
/* 16 unpredictable bytes with the time in front. */
uid import_uid(struct ctx *ctx);
void import_hash(str canonical, uint8_t hash[HASH_SIZE]);
/* Whether a stored hash is this one. */
bool import_hash_is(str stored, const uint8_t hash[HASH_SIZE]);
/* Notes that an offer must be indexed once more when the house knows its new category. */
void import_reindex(struct ctx *ctx, struct import_job *job, int64_t offer);

/* --- one for each source --- */

no import_listings(struct ctx *ctx, struct import_job *job) MUST_USE;
no import_products(struct ctx *ctx, struct import_job *job) MUST_USE;
no import_members(struct ctx *ctx, struct import_job *job) MUST_USE;

#endif
