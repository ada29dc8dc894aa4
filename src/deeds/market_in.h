/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The market's own: one search while it runs.
 */
#ifndef DEEDS_MARKET_IN_H
#define DEEDS_MARKET_IN_H

#include "deeds/market_match.h"

enum { MARKET_HITS_ROOM = MARKET_NEAREST_MAX + MARKET_HITS_MAX + 1 };

struct hit {
    int64_t offer, distance_m;
    int64_t price;  /* in the books' money; -1: not for that */
    int64_t rating; /* mean in hundredths, only when sorted by it */
    bool in_title;
};

struct search {
    struct ctx *ctx;
    const struct market_query *query;
    struct market_words words;
    struct market_asks asks;
    int64_t books;    /* the currency of the books */
    int64_t radius_m; /* 0: anywhere */
    int64_t until;    /* the newest offer that counts */
    struct hit *hits;
    size_t hits_n;   /* that pass */
    size_t seen_n;   /* that the store answered */
    bool words_told; /* the index was not asked for all words: the rows tell */
    bool more;       /* there are others than `hits` */
};

/* Adds the row to the hits when it has everything that was asked. */
no market_take(void *search, const struct sql_market_hit *row);

/* < 0: a before b. */
typedef int market_order(const struct search *search, const struct hit *a, const struct hit *b);
void market_rank(struct search *search, market_order *order);
/* By distance, unknown last; equally far: the newer first. */
market_order market_by_distance;

enum market_walked {
    MARKET_WALK_DONE,
    MARKET_WALK_TOO_FEW, /* in 25 km, where no circle was asked, or one too large to walk */
    MARKET_WALK_IN_DOUBT /* much fewer than expected have everything: better ask for the words */
};
/* The MARKET_NEAREST_MAX nearest into `hits`, or all within the circle when these are fewer. When
 * it is not done, nothing was found out. `whole`: everything is asked of the index, and there is no
 * doubt. */
no market_walk(struct search *search, bool whole, enum market_walked *walked) MUST_USE;

#endif
