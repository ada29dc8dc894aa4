/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a search asks of the index of words: words of people and tokens of the house (cell, kind,
 * category, currency, price band; deeds/market_words.h), all of which an offer must have. Only
 * digits and folded letters stand in it, so nothing that was typed can change its meaning.
 *
 * The index reads a list of offers for each thing that is asked, so asking for what nearly every
 * offer has costs a long list and saves nothing: the rows of the offers tell the same. Hence each
 * thing is measured first.
 */
#ifndef DEEDS_MARKET_MATCH_H
#define DEEDS_MARKET_MATCH_H

#include "deeds/market_search.h"
#include "deeds/market_words.h"

enum {
    MARKET_ASKS_MAX = MARKET_WORDS_MAX + 6, /* side, kind, category, currency, bands, cells */
    MARKET_THOUSAND = 1000
};

/* One thing that is asked. */
struct market_ask {
    str text;         /* "bike", "c7", "(p0 OR p1)" */
    int64_t thousand; /* of thousand offers (or needs) of the asked side so many have it */
    bool typed;       /* a word of people, or the side */
};

struct market_asks {
    struct market_ask list[MARKET_ASKS_MAX]; /* rarest first; then the cells */
    size_t n;
    int64_t until;     /* the newest offer that counts */
    int64_t side_span; /* 0: so few are of the asked side that nothing was measured */
};

/* Everything that was asked, but not where. NO_TOO_LARGE: the arena is full. */
no market_asks_of(struct arena *arena, const struct market_query *query,
                  const struct market_words *words, struct market_asks *asks) MUST_USE;
/* How frequent each is among the offers up to `until`; then they stand rarest first. */
no market_asks_measure(struct ctx *ctx, int64_t side, int64_t until,
                       struct market_asks *asks) MUST_USE;
/* And that it must lie in a cell which the asked circle touches, when these are not too many. */
void market_asks_where(struct arena *arena, const struct market_query *query,
                       struct market_asks *asks);
/* How many of the list, from the rarest, the index should be asked for when the nearest are sought:
 * its lists are read whole at each look, what is not asked costs more rows. */
size_t market_asks_worth(const struct market_asks *asks);
/* Of a thousand offers so many have the asks `from` .. `to` - 1, if these are independent. */
int64_t market_asks_share(const struct market_asks *asks, size_t from, size_t to);
/* About how many have all that was typed, and all that is asked. */
int64_t market_asks_typed(const struct market_asks *asks);
int64_t market_asks_all(const struct market_asks *asks);

/* The first `n` of the list, or those that were typed, and `cells` unless empty. In the arena. */
str market_match(struct arena *arena, const struct market_asks *asks, size_t n, str cells);
str market_match_typed(struct arena *arena, const struct market_asks *asks);

/* "g123" or "h123": the token of a cell. */
void market_put_token(struct buf *match, char letter, int64_t number);

#endif
