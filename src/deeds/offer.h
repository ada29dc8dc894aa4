/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Publishing offers and needs: the form as it was typed becomes a row, or each wrong field is
 * named. Looking at one offer whole.
 */
#ifndef DEEDS_OFFER_H
#define DEEDS_OFFER_H

#include "base/id.h"
#include "deeds/ctx.h"
#include "deeds/place.h"
#include "rules/offer.h"
#include "store/sql_market.h"
#include "store/sql_offer.h"

enum { OFFER_PLACE_MAX = 120, OFFER_REVIEWS_SHOWN = 5, OFFER_REVIEWS_ALL = 200 };

/* Which amounts a form has: in the money of the books, in hours, in credits. */
enum offer_unit { OFFER_IN_MONEY, OFFER_IN_HOURS, OFFER_IN_CREDIT, OFFER_UNITS };

struct offer_form {
    uid uid;    /* from the page: publishing twice is publishing once */
    int64_t id; /* 0 = a new one */
    int64_t
        seen_ns;  /* of an edit: updated_ns when the page was made; another one now: NO_CONFLICT */
    int64_t side; /* MARKET_OFFERS, MARKET_NEEDS; of a new one */
    int64_t kind, category, per, cancel; /* -1 or any other number that is no choice: named */
    str title, body, place,
        stock;      /* place empty: the member's, then the co-op's; stock empty: not counted */
    str stock_seen; /* as the page showed it: left as it is, it does not undo a sale */
    str amounts[OFFER_UNITS]; /* empty = not in this unit; at most two */
    bool both;                /* two amounts: both together; else either of the two */
    /* answer */
    int64_t offer;
};

/* What the form would publish, nothing written. Wrong fields: kind title body category price hours
 * credit per stock place cancel. NO_NOT_ALLOWED, NO_NOT_FOUND, NO_OFFER_NOT_OPEN (withdrawn). */
no view_offer_check(struct ctx *ctx, const struct offer_form *form, struct sql_offer *row) MUST_USE;
/* The same, written and indexed. NO_CONFLICT: edited meanwhile. */
no deed_offer_save(struct ctx *ctx, struct offer_form *form) MUST_USE;
/* An offer as the form to edit it; strings in the arena. NO_NOT_ALLOWED unless it is the actor's.
 */
no view_offer_form(struct ctx *ctx, int64_t offer, struct offer_form *form) MUST_USE;

/* Opens, pauses, withdraws (by the owner); removes and gives back (by a facilitator).
 * NO_NOT_FOUND, NO_NOT_ALLOWED, NO_OFFER_NOT_OPEN. */
struct offer_status_form {
    int64_t offer;
    enum offer_status to;
};
no deed_offer_status(struct ctx *ctx, struct offer_status_form *form) MUST_USE;

/* One offer with everything its page shows. */
struct offer_view {
    struct sql_offer row;
    struct sql_offer_who who;
    struct sql_offer_variant *variants;
    size_t variants_n;
    struct sql_market_review *reviews; /* published ones, newest first */
    size_t reviews_n;
    struct sql_market_photo *photos;
    size_t photos_n;
    bool mine, has_profile; /* not who was only imported: nobody is there to answer */
};
/* With at most `reviews` reviews. NO_NOT_FOUND. A withdrawn one is answered too: its page says so.
 */
no view_offer(struct ctx *ctx, int64_t offer, int64_t reviews, struct offer_view *view) MUST_USE;
/* What the actor has published, at most `most`. */
no view_offer_mine(struct ctx *ctx, int64_t most, struct sql_market_card **cards,
                   size_t *cards_n) MUST_USE;

/* The currency of a form's amount; NULL when the co-op has none of this kind. */
const struct house_unit *offer_unit(const struct house *house, enum offer_unit unit);
/* The form's name of an amount: "price", "hours", "credit". */
const char *offer_unit_field(enum offer_unit unit);

#endif
