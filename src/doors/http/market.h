/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A search as its address says it, and back: every link of the market is the present search with
 * one thing changed.
 */
#ifndef DOORS_HTTP_MARKET_H
#define DOORS_HTTP_MARKET_H

#include "deeds/market_search.h"
#include "deeds/place.h"
#include "doors/http/http.h"
#include "pages/market.h"

enum { MARKET_KM_USUAL = 10 };

struct market_ask {
    bool needs;
    str q, near, max, paid, category; /* as typed; paid: a currency's code; category: its slug */
    enum market_kind kind;
    int64_t km; /* 0: anywhere; -1: not said */
    enum market_sort sort;
    bool sort_said;
    int64_t page, until;
};

/* Reads the query; what is not understood is taken as not said. */
void market_ask_read(struct http_req *req, bool needs, struct market_ask *ask);
/* "/fr/market?q=...": only what is said, in a fixed order, so that equal searches have one address.
 */
url market_ask_url(struct http_req *req, const struct market_ask *ask);
/* "services"; empty for everything. */
str market_kind_word(enum market_kind kind);

#endif
