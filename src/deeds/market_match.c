/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/market_match.h"

#include "rules/geo.h"
#include "rules/order.h"

enum { FINE_MAX = 81 /* each cell costs its own look into the index */ };

static void open_and(struct buf *match)
{
    if (match->len > 0)
        buf_put(match, S(" AND "));
}

static void put_token(struct buf *match, char letter, int64_t number)
{
    buf_put_char(match, letter);
    buf_put_int(match, number);
}

static void put_any(struct buf *match, char letter, const int32_t *numbers, size_t n)
{
    open_and(match);
    buf_put_char(match, '(');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_put(match, S(" OR "));
        put_token(match, letter, numbers[i]);
    }
    buf_put_char(match, ')');
}

static void put_kind(struct buf *match, enum market_kind kind)
{
    static const int32_t services[] = {ORDER_SERVICE, ORDER_SLOT}, goods[] = {ORDER_SALE},
                         rentals[] = {ORDER_RENTAL}, hours[] = {ORDER_EXCHANGE, ORDER_GIFT};

    switch (kind) {
    case MARKET_SERVICES:
        put_any(match, 'k', services, 2);
        return;
    case MARKET_GOODS:
        put_any(match, 'k', goods, 1);
        return;
    case MARKET_RENTALS:
        put_any(match, 'k', rentals, 1);
        return;
    case MARKET_HOURS:
        put_any(match, 'k', hours, 2);
        return;
    case MARKET_ALL:
    case MARKET_KINDS:
        return;
    }
}

static void put_bands(struct buf *match, int64_t price_max)
{
    int32_t bands[MARKET_BANDS + 1];
    size_t n = 0;

    for (int32_t band = 0; band <= market_band(price_max); band++)
        bands[n++] = band;
    put_any(match, 'p', bands, n);
}

/* Only cells of the asked circle; further than they reach, the distance alone decides. False: the
 * circle is so small that fine cells cover it. */
static bool put_cells(struct buf *match, const struct market_query *query, int64_t radius_m)
{
    int32_t cells[GEO_CELLS_MAX];
    size_t n = geo_fine_cells_around(query->lat, query->lon, radius_m, cells, FINE_MAX);

    if (n > 0) {
        put_any(match, 'h', cells, n);
        return false;
    }
    n = geo_cells_around(query->lat, query->lon, radius_m, cells, GEO_CELLS_MAX);
    if (n > 0)
        put_any(match, 'g', cells, n);
    return true;
}

/* Offers are nearly all there is: with other words, asking for them too would only read a long list
 * for nothing, and take_hit looks anyway. */
str market_match_words(struct arena *arena, const struct market_query *query,
                       const struct market_words *words)
{
    struct buf match;

    buf_init(&match, arena, 512);
    for (size_t i = 0; i < words->n; i++) {
        open_and(&match);
        buf_put(&match, words->list[i]);
    }
    if (words->n == 0 || query->side != MARKET_OFFERS) {
        open_and(&match);
        put_token(&match, 's', query->side);
    }
    return buf_str(&match);
}

str market_match(struct arena *arena, const struct market_query *query,
                 const struct market_words *words, int64_t radius_m, bool whole)
{
    struct buf match;

    buf_init(&match, arena, 512);
    buf_put(&match, market_match_words(arena, query, words));
    if (radius_m > 0 && !put_cells(&match, query, radius_m) && !whole)
        return buf_str(&match);
    put_kind(&match, query->kind);
    if (query->category > 0) {
        open_and(&match);
        put_token(&match, 'c', query->category);
    }
    if (query->currency > 0) {
        open_and(&match);
        put_token(&match, 'u', query->currency);
    }
    if (query->price_max >= 0)
        put_bands(&match, query->price_max);
    return buf_str(&match);
}
