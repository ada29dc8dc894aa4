/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * From rows of the store to what cards and prices show: used by the market, by offers, by profiles.
 */
#ifndef DOORS_HTTP_MARKET_CARD_H
#define DOORS_HTTP_MARKET_CARD_H

#include "deeds/house.h"
#include "deeds/market_search.h"
#include "doors/http/http.h"
#include "pages/market.h"

/* A card; distance_m -1: its place is said instead; number 0: none. Strings in the arena. */
void market_card_fill(struct http_req *req, const struct sql_market_card *row, int64_t distance_m,
                      int64_t number, struct market_card *card);
/* The same for several, numbered from `first` (0: not numbered); NULL when the arena is full. */
const struct market_card *market_cards_fill(struct http_req *req,
                                            const struct sql_market_card *rows,
                                            const int64_t *distances_m, size_t n, int64_t first);
struct price_tag market_price_tag(const struct house *house, int64_t kind, int64_t mode,
                                  int64_t per, int64_t a_currency, int64_t a_minor,
                                  int64_t b_currency, int64_t b_minor);
/* Who gets what of the first price; false when there is none (free, on request). */
bool market_split(const struct house *house, const struct price_tag *price,
                  struct fee_split *split);
/* The photo of this size ("card", "page"), or the category's drawn picture. */
url market_picture(struct http_req *req, int64_t photo, int64_t category, const char *size);
/* "900 m", "2.9 km" / "2,9 km". */
str market_distance(struct http_req *req, int64_t metres);
/* "4.9" / "4,9": the mean of reviews; empty without any. */
str market_stars(struct http_req *req, int64_t stars_sum, int64_t reviews_n);
/* The key with its one number put in: "14 left". */
str market_counted(struct http_req *req, enum lang_key key, int64_t n);
/* In the language of the request. */
str market_category_name(const struct http_req *req, int64_t category);
enum lang_key market_kind_key(int64_t order_kind);

#endif
