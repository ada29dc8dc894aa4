/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a search asks of the index of words: words of people and tokens of the house (cell, kind,
 * category, currency, price band; deeds/market_words.h), all of which an offer must have. Only
 * digits and folded letters stand in it, so nothing that was typed can change its meaning.
 */
#ifndef DEEDS_MARKET_MATCH_H
#define DEEDS_MARKET_MATCH_H

#include "deeds/market_search.h"
#include "deeds/market_words.h"

/* The words alone, with the side where that narrows anything. In the arena. */
str market_match_words(struct arena *arena, const struct market_query *query,
                       const struct market_words *words);
/* Everything that was asked, within `radius_m` of the query's point (0 = anywhere). In the arena.
 * `whole` false: where the circle is so small that fine cells cover it, words and cells alone; the
 * rows then answer the rest. */
str market_match(struct arena *arena, const struct market_query *query,
                 const struct market_words *words, int64_t radius_m, bool whole);

#endif
