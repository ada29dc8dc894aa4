/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Private to the market's handlers: one page being put together, in market.c, and its lists, in
 * market_fill.c.
 */
#ifndef DOORS_HTTP_MARKET_IN_H
#define DOORS_HTTP_MARKET_IN_H

#include "doors/http/market.h"

/* One page being put together. */
struct making {
    struct http_req *req;
    struct market_ask ask;
    struct market_query query;
    struct market_found found;
    struct place_home centre;
    struct market_page page;
};

/* Links: chips, numbered pages, a wider circle, categories. Each fills its part of m->page. */
void market_fill_chips(struct making *m);
void market_fill_pages(struct making *m);
void market_fill_wider(struct making *m);
no market_fill_categories(struct making *m) MUST_USE;
/* The choices of the filter. */
void market_fill_distances(struct making *m);
void market_fill_sorts(struct making *m);
void market_fill_currencies(struct making *m);
/* The order of the list in words. */
enum lang_key market_rule(const struct market_query *query);
/* The plan of the cards that m->page has. */
no market_fill_plan(struct making *m) MUST_USE;

#endif
