/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/market_match.h"

#include "rules/geo.h"
#include "rules/order.h"

enum {
    SAMPLE = 300, /* of the newest that have it: their span of numbers tells how frequent it is */
    /* What a walk to the nearest costs, in ns, measured with a million offers: each number of a
     * list that is read whole at each look; of several lists at once; each offer of the cells, for
     * each list in which it is looked up; each row. Three looks are usual, and circles are round
     * and cells are not. */
    NS_NUMBER = 8,
    NS_OF_SEVERAL = 24,
    NS_LOOKED_UP = 100,
    NS_ROW = 3000,
    LOOKS = 3,
    OFFERS_WALKED = MARKET_NEAREST_MAX * 3 / 2, /* when each has everything that is asked */
    OFFERS_LEAST = 2000
};

/* --- what is asked --- */

void market_put_token(struct buf *match, char letter, int64_t number)
{
    buf_put_char(match, letter);
    buf_put_int(match, number);
}

static void add(struct market_asks *asks, str text, bool typed)
{
    if (asks->n < MARKET_ASKS_MAX && text.len > 0)
        asks->list[asks->n++] = (struct market_ask){.text = text, .typed = typed};
}

static void add_any(struct arena *arena, struct market_asks *asks, char letter,
                    const int32_t *numbers, size_t n)
{
    struct buf match;

    buf_init(&match, arena, 32);
    for (size_t i = 0; i < n; i++) {
        buf_put(&match, i > 0 ? S(" OR ") : S("("));
        market_put_token(&match, letter, numbers[i]);
    }
    buf_put_char(&match, ')');
    if (n > 0)
        add(asks, buf_str(&match), false);
}

static void add_one(struct arena *arena, struct market_asks *asks, char letter, int64_t number,
                    bool typed)
{
    struct buf match;

    buf_init(&match, arena, 24);
    market_put_token(&match, letter, number);
    add(asks, buf_str(&match), typed);
}

static void add_kind(struct arena *arena, struct market_asks *asks, enum market_kind kind)
{
    static const int32_t services[] = {ORDER_SERVICE, ORDER_SLOT},
                         hours[] = {ORDER_EXCHANGE, ORDER_GIFT};

    switch (kind) {
    case MARKET_SERVICES:
        add_any(arena, asks, 'k', services, 2);
        return;
    case MARKET_GOODS:
        add_one(arena, asks, 'k', ORDER_SALE, false);
        return;
    case MARKET_RENTALS:
        add_one(arena, asks, 'k', ORDER_RENTAL, false);
        return;
    case MARKET_HOURS:
        add_any(arena, asks, 'k', hours, 2);
        return;
    case MARKET_ALL:
    case MARKET_KINDS:
        return;
    }
}

static void add_bands(struct arena *arena, struct market_asks *asks, int64_t price_max)
{
    int32_t bands[MARKET_BANDS + 1];
    size_t n = 0;

    for (int32_t band = 0; band <= market_band(price_max); band++)
        bands[n++] = band;
    add_any(arena, asks, 'p', bands, n);
}

/* Offers are nearly all there is: with words, asking for them too would only read a long list, and
 * the rows tell. */
static void add_all(struct arena *arena, struct market_asks *asks, const struct market_query *query,
                    const struct market_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        add(asks, words->list[i], true);
    if (words->n == 0 || query->side != MARKET_OFFERS)
        add_one(arena, asks, 's', query->side, true);
    add_kind(arena, asks, query->kind);
    if (query->category > 0)
        add_one(arena, asks, 'c', query->category, false);
    if (query->currency > 0)
        add_one(arena, asks, 'u', query->currency, false);
    if (query->price_max >= 0)
        add_bands(arena, asks, query->price_max);
}

/* --- how frequent it is --- */

/* Among how many of the newest numbers there are SAMPLE that have it; 0: there are not so many. */
static no span_of(struct ctx *ctx, str text, int64_t until, int64_t *span)
{
    struct sql_market_id nth;
    const no answer = sql_market_nth(ctx->db, ctx->arena, text, until, SAMPLE - 1, &nth);

    *span = answer == YES ? until - nth.id + 1 : 0;
    return answer == NO_NOT_FOUND ? YES : answer;
}

/* Against the span of the whole side: numbers of offers that are no longer open do not count. */
static no measure(struct ctx *ctx, const struct market_asks *asks, struct market_ask *ask)
{
    int64_t span;

    TRY(span_of(ctx, ask->text, asks->until, &span));
    ask->thousand = span == 0                 ? 0
                    : span <= asks->side_span ? MARKET_THOUSAND
                                              : asks->side_span * MARKET_THOUSAND / span;
    return YES;
}

static void rarest_first(struct market_asks *asks)
{
    for (size_t i = 1; i < asks->n; i++) {
        const struct market_ask moved = asks->list[i];
        size_t at = i;

        for (; at > 0 && moved.thousand < asks->list[at - 1].thousand; at--)
            asks->list[at] = asks->list[at - 1];
        asks->list[at] = moved;
    }
}

no market_asks_of(struct arena *arena, const struct market_query *query,
                  const struct market_words *words, struct market_asks *asks)
{
    *asks = (struct market_asks){.n = 0};
    add_all(arena, asks, query, words);
    return arena_overflowed(arena) ? NO_TOO_LARGE : YES;
}

no market_asks_measure(struct ctx *ctx, int64_t side, int64_t until, struct market_asks *asks)
{
    struct market_asks whole = {.n = 0};

    add_one(ctx->arena, &whole, 's', side, true);
    if (arena_overflowed(ctx->arena))
        return NO_TOO_LARGE;
    asks->until = until;
    TRY(span_of(ctx, whole.list[0].text, until, &asks->side_span));
    for (size_t i = 0; i < asks->n && asks->side_span > 0; i++)
        TRY(measure(ctx, asks, &asks->list[i]));
    rarest_first(asks);
    return YES;
}

void market_asks_where(struct arena *arena, const struct market_query *query,
                       struct market_asks *asks)
{
    int32_t cells[GEO_CELLS_MAX];
    size_t n = 0;

    if (query->radius_m > 0)
        n = geo_cells_around(query->lat, query->lon, query->radius_m, cells, GEO_CELLS_MAX);
    add_any(arena, asks, 'g', cells, n);
}

/* --- what is worth asking --- */

static int64_t offers_n(const struct market_asks *asks)
{
    return asks->side_span == 0 ? 0 : asks->until * SAMPLE / asks->side_span;
}

int64_t market_asks_share(const struct market_asks *asks, size_t from, size_t to)
{
    int64_t million = (int64_t)MARKET_THOUSAND * MARKET_THOUSAND;

    for (size_t i = from; i < to; i++)
        million = million * asks->list[i].thousand / MARKET_THOUSAND;
    return million / MARKET_THOUSAND;
}

static int64_t cost_of_asking(const struct market_asks *asks, size_t n)
{
    const int64_t all = market_asks_share(asks, 0, asks->n), some = market_asks_share(asks, 0, n);
    const int64_t walked =
        OFFERS_LEAST + (int64_t)OFFERS_WALKED * MARKET_THOUSAND / (all < 1 ? 1 : all);
    int64_t cost = walked * some / MARKET_THOUSAND * NS_ROW;

    for (size_t i = 0; i < n; i++) {
        const bool several = asks->list[i].text.ptr[0] == '(';

        cost += walked * NS_LOOKED_UP + offers_n(asks) / MARKET_THOUSAND * asks->list[i].thousand *
                                            LOOKS * (several ? NS_OF_SEVERAL : NS_NUMBER);
    }
    return cost;
}

size_t market_asks_worth(const struct market_asks *asks)
{
    size_t best = asks->n;

    for (size_t n = asks->n; n-- > 0;)
        if (cost_of_asking(asks, n) < cost_of_asking(asks, best))
            best = n;
    return best;
}

int64_t market_asks_typed(const struct market_asks *asks)
{
    int64_t n = offers_n(asks);

    for (size_t i = 0; i < asks->n; i++)
        if (asks->list[i].typed)
            n = n * asks->list[i].thousand / MARKET_THOUSAND;
    return n;
}

int64_t market_asks_all(const struct market_asks *asks)
{
    return offers_n(asks) * market_asks_share(asks, 0, asks->n) / MARKET_THOUSAND;
}

/* --- the question --- */

static void put_and(struct buf *match, str text)
{
    if (match->len > 0 && text.len > 0)
        buf_put(match, S(" AND "));
    buf_put(match, text);
}

str market_match(struct arena *arena, const struct market_asks *asks, size_t n, str cells)
{
    struct buf match;

    buf_init(&match, arena, 256);
    for (size_t i = 0; i < n; i++)
        put_and(&match, asks->list[i].text);
    put_and(&match, cells);
    return buf_str(&match);
}

str market_match_typed(struct arena *arena, const struct market_asks *asks)
{
    struct buf match;

    buf_init(&match, arena, 256);
    for (size_t i = 0; i < asks->n; i++)
        if (asks->list[i].typed)
            put_and(&match, asks->list[i].text);
    return buf_str(&match);
}
