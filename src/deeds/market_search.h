/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Finding offers and needs: words, place, kind, category, price, currency. Of many hits the newest
 * 2,000 are taken, or the nearest 120 when the nearest are asked for, and ranked here; the store
 * never ranks (design/stack.md section 2, rule b). Which are taken does not depend on the page, so
 * no offer is on two pages.
 */
#ifndef DEEDS_MARKET_SEARCH_H
#define DEEDS_MARKET_SEARCH_H

#include "deeds/ctx.h"
#include "store/sql_market.h"

enum { MARKET_HITS_MAX = 2000, MARKET_NEAREST_MAX = 120 };
enum { MARKET_PAGE_SIZE = 12, MARKET_TYPED_MAX = 200 };
enum { MARKET_OFFERS = 1, MARKET_NEEDS = 2 }; /* offer.side */

/* What the chips of the market say. SERVICES: fixed price or a slot; HOURS: exchange and gift. */
enum market_kind {
    MARKET_ALL,
    MARKET_SERVICES,
    MARKET_GOODS,
    MARKET_RENTALS,
    MARKET_HOURS,
    MARKET_KINDS
};
/* NEAREST without a place is NEWEST. With words, NEAREST and NEWEST put titles that have all of
 * them first. RATED: by mean of reviews, at least one; ties by newer. */
enum market_sort { MARKET_NEAREST, MARKET_NEWEST, MARKET_CHEAPEST, MARKET_RATED, MARKET_SORTS };

struct market_query {
    int64_t side;   /* MARKET_OFFERS, MARKET_NEEDS */
    str words;      /* as typed; may be empty */
    bool has_place; /* distances are said from here */
    int32_t lat, lon;
    int64_t radius_m; /* 0: anywhere; else only within, and has_place */
    enum market_kind kind;
    int64_t category;  /* 0: any */
    int64_t price_max; /* in the money of the books; -1: any. Free ones always pass */
    int64_t currency;  /* only what can be paid in it; 0: any */
    enum market_sort sort;
    int64_t page;  /* from 1; past the last is the last */
    int64_t until; /* the newest offer that page 1 knew, so that pages never shift; 0: now */
    int64_t size;  /* cards of a page, 1 .. MARKET_PAGE_SIZE * 2 */
};

struct market_found {
    struct sql_market_card *cards;
    int64_t *distances_m; /* of each card; -1 when not known */
    size_t cards_n;
    int64_t total; /* exact unless at_least */
    bool at_least;
    int64_t page, pages_n, until;
};

/* NO_TOO_LARGE: the arena is full. Words longer than MARKET_TYPED_MAX bytes are cut. */
no view_market_search(struct ctx *ctx, const struct market_query *query,
                      struct market_found *found) MUST_USE;

/* Open offers or needs of a category (0: all) and kind, from the counts that are kept. */
no view_market_count(struct ctx *ctx, int64_t side, enum market_kind kind, int64_t category,
                     int64_t *n) MUST_USE;

#endif
