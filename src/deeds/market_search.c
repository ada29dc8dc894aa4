/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/market_search.h"

#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/market_in.h"
#include "rules/geo.h"
#include "rules/offer.h"
#include "rules/review.h"

#include <assert.h>

enum {
    FREQUENT = 2 * MARKET_HITS_MAX, /* no use in looking whether all that have the words fit */
    SELDOM = MARKET_HITS_MAX / 2,   /* all that have everything will fit, wherever they are */
    NOT_FOR_BOOKS = -1
};

/* --- what the store answers --------------------------------------------------------------------
 */

static int64_t price_of(const struct search *search, const struct sql_market_hit *row)
{
    if (row->price_mode == PRICE_FREE)
        return 0;
    if (row->price_mode == PRICE_ON_REQUEST)
        return NOT_FOR_BOOKS;
    if (row->a_currency == search->books)
        return row->a_minor;
    return row->b_currency == search->books ? row->b_minor : NOT_FOR_BOOKS;
}

static int64_t distance_of(const struct market_query *query, int64_t lat, int64_t lon)
{
    if (!query->has_place || (lat == 0 && lon == 0))
        return -1;
    return geo_distance_m(query->lat, query->lon, (int32_t)lat, (int32_t)lon);
}

static bool of_kind(enum market_kind kind, int64_t order_kind)
{
    switch (kind) {
    case MARKET_SERVICES:
        return order_kind == ORDER_SERVICE || order_kind == ORDER_SLOT;
    case MARKET_GOODS:
        return order_kind == ORDER_SALE;
    case MARKET_RENTALS:
        return order_kind == ORDER_RENTAL;
    case MARKET_HOURS:
        return order_kind == ORDER_EXCHANGE || order_kind == ORDER_GIFT;
    case MARKET_ALL:
    case MARKET_KINDS:
        break;
    }
    return true;
}

/* `text` has a space before each of its words. */
static bool has_word(str text, str word)
{
    for (size_t at = 0; at + word.len < text.len; at++)
        if (text.ptr[at] == ' ' && text.ptr[at + 1] == word.ptr[0] &&
            (at + 1 + word.len == text.len || text.ptr[at + 1 + word.len] == ' ') &&
            str_eq(str_sub(text, at + 1, word.len), word))
            return true;
    return false;
}

static bool has_words(str text, const struct market_words *words)
{
    for (size_t i = 0; i < words->n; i++)
        if (!has_word(text, words->list[i]))
            return false;
    return true;
}

static bool passes(const struct search *search, const struct sql_market_hit *row,
                   const struct hit *hit)
{
    const struct market_query *query = search->query;

    return row->side == query->side && of_kind(query->kind, row->kind) &&
           (query->category == 0 || row->category == query->category) &&
           (query->currency == 0 || row->a_currency == query->currency ||
            row->b_currency == query->currency) &&
           (search->radius_m == 0 ||
            (hit->distance_m >= 0 && hit->distance_m <= search->radius_m)) &&
           (query->price_max < 0 || (hit->price >= 0 && hit->price <= query->price_max)) &&
           (!search->words_told || has_words(row->words, &search->words));
}

no market_take(void *self, const struct sql_market_hit *row)
{
    struct search *search = self;
    struct hit hit = {.offer = row->offer,
                      .distance_m = distance_of(search->query, row->lat, row->lon),
                      .price = price_of(search, row)};

    search->seen_n++;
    if (!passes(search, row, &hit))
        return YES;
    assert(search->hits_n < MARKET_HITS_ROOM);
    hit.in_title = search->words.n > 0 && has_words(row->title, &search->words);
    search->hits[search->hits_n++] = hit;
    return YES;
}

static no collect(struct search *search, str match)
{
    if (arena_overflowed(search->ctx->arena))
        return NO_TOO_LARGE;
    search->hits_n = search->seen_n = 0;
    TRY(sql_market_find(search->ctx->db, match, search->until, MARKET_HITS_MAX + 1, 0, market_take,
                        search));
    search->more = search->seen_n > MARKET_HITS_MAX;
    if (search->hits_n > MARKET_HITS_MAX)
        search->hits_n = MARKET_HITS_MAX;
    return YES;
}

/* When few offers have the words, their rows answer the rest of the question, and the long lists of
 * cells and prices need not be read. */
static no collect_typed(struct search *search, bool *done)
{
    TRY(collect(search, market_match_typed(search->ctx->arena, &search->asks)));
    *done = !search->more;
    return YES;
}

static no collect_asked(struct search *search, bool *done)
{
    const struct market_asks *asks = &search->asks;

    TRY(collect(search, market_match(search->ctx->arena, asks, asks->n, STR_NONE)));
    *done = !search->more;
    return YES;
}

static no collect_nearest(struct search *search, bool *done)
{
    enum market_walked walked;

    TRY(market_walk(search, false, &walked));
    if (walked == MARKET_WALK_IN_DOUBT) {
        search->radius_m = search->query->radius_m;
        TRY(collect_typed(search, done));
        if (*done)
            return YES;
        TRY(market_walk(search, true, &walked));
    }
    if (walked == MARKET_WALK_TOO_FEW)
        search->radius_m = search->query->radius_m;
    *done = walked == MARKET_WALK_DONE;
    return YES;
}

static no collect_best(struct search *search)
{
    const struct market_query *query = search->query;
    bool done = false;

    TRY(market_asks_measure(search->ctx, query->side, search->until, &search->asks));
    if (market_asks_typed(&search->asks) < FREQUENT)
        TRY(collect_typed(search, &done));
    else if (market_asks_all(&search->asks) < SELDOM)
        TRY(collect_asked(search, &done));
    if (!done && query->sort == MARKET_NEAREST)
        TRY(collect_nearest(search, &done));
    if (done)
        return YES;
    market_asks_where(search->ctx->arena, query, &search->asks);
    return collect_asked(search, &done);
}

/* --- ranking ------------------------------------------------------------------------------------
 */

/* < 0: a before b. Every order ends with the newer first, so none depends on chance. */
static int by_number(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int far_last(int64_t a, int64_t b)
{
    if ((a < 0) != (b < 0))
        return a < 0 ? 1 : -1;
    return by_number(a, b);
}

int market_by_distance(const struct search *search, const struct hit *a, const struct hit *b)
{
    const int order = far_last(a->distance_m, b->distance_m);

    (void)search;
    return order != 0 ? order : by_number(b->offer, a->offer);
}

static int as_asked(const struct search *search, const struct hit *a, const struct hit *b)
{
    const enum market_sort sort = search->query->sort;
    int order = 0;

    if ((sort == MARKET_NEAREST || sort == MARKET_NEWEST) && a->in_title != b->in_title)
        return a->in_title ? -1 : 1;
    if (sort == MARKET_NEAREST)
        return market_by_distance(search, a, b);
    if (sort == MARKET_CHEAPEST)
        order = far_last(a->price, b->price);
    else if (sort == MARKET_RATED)
        order = by_number(b->rating, a->rating);
    return order != 0 ? order : by_number(b->offer, a->offer);
}

/* Shell's sort: two thousand hits, no second block of memory. */
void market_rank(struct search *search, market_order *order)
{
    struct hit *hits = search->hits;

    for (size_t gap = search->hits_n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
        for (size_t i = gap; i < search->hits_n; i++) {
            const struct hit moved = hits[i];
            size_t at = i;

            for (; at >= gap && order(search, &moved, &hits[at - gap]) < 0; at -= gap)
                hits[at] = hits[at - gap];
            hits[at] = moved;
        }
}

static no rate(struct search *search)
{
    for (size_t i = 0; i < search->hits_n; i++) {
        struct sql_market_rating row;

        TRY(sql_market_rating_get(search->ctx->db, search->ctx->arena, search->hits[i].offer,
                                  &row));
        search->hits[i].rating = review_mean_centi(row.stars_sum, row.reviews_n);
    }
    return YES;
}

/* --- the page -----------------------------------------------------------------------------------
 */

static void count_pages(struct market_found *found, const struct market_query *query, int64_t shown)
{
    found->pages_n = (shown + query->size - 1) / query->size;
    found->page = query->page < 1 ? 1 : query->page;
    if (found->page > found->pages_n)
        found->page = found->pages_n < 1 ? 1 : found->pages_n;
}

static no put_cards(const struct search *search, struct market_found *found, size_t from)
{
    struct ctx *ctx = search->ctx;
    const size_t left = search->hits_n > from ? search->hits_n - from : 0;
    const size_t n = left < (size_t)search->query->size ? left : (size_t)search->query->size;

    found->cards = arena_take_many(ctx->arena, n, sizeof *found->cards);
    found->distances_m = arena_take_many(ctx->arena, n, sizeof *found->distances_m);
    if (found->cards == NULL || found->distances_m == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++) {
        const no answer = sql_market_card_get(ctx->db, ctx->arena, search->hits[from + i].offer,
                                              &found->cards[found->cards_n]);

        if (answer == NO_NOT_FOUND)
            continue; /* went between the two looks */
        TRY(answer);
        found->distances_m[found->cards_n++] = search->hits[from + i].distance_m;
    }
    return YES;
}

static no search_ranked(struct search *search, struct market_found *found)
{
    const struct market_query *query = search->query;

    TRY(collect_best(search));
    found->at_least = search->more;
    found->total = (int64_t)search->hits_n;
    if (query->sort == MARKET_RATED)
        TRY(rate(search));
    market_rank(search, as_asked);
    count_pages(found, query, found->total);
    return put_cards(search, found, (size_t)((found->page - 1) * query->size));
}

static no count_newest(const struct search *search, struct market_found *found)
{
    const struct market_query *query = search->query;

    TRY(view_market_count(search->ctx, query->side, query->kind, query->category, &found->total));
    count_pages(found, query, found->total < MARKET_HITS_MAX ? found->total : MARKET_HITS_MAX);
    return YES;
}

/* Nothing asked at all, as on the first page: one statement, and no look into the index of words.
 */
static no list_newest(const struct search *search, struct market_found *found)
{
    const struct market_query *query = search->query;
    struct ctx *ctx = search->ctx;
    const int64_t until = query->until > 0 ? query->until : INT64_MAX;

    TRY(count_newest(search, found));
    TRY(sql_market_newest(ctx->db, ctx->arena, query->side, until, query->size,
                          (found->page - 1) * query->size, &found->cards, &found->cards_n));
    found->distances_m = arena_take_many(ctx->arena, found->cards_n, sizeof *found->distances_m);
    if (found->distances_m == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < found->cards_n; i++)
        found->distances_m[i] = distance_of(query, found->cards[i].lat, found->cards[i].lon);
    found->until = query->until > 0 ? query->until : found->cards_n > 0 ? found->cards[0].id : 0;
    return YES;
}

/* The newest, when nothing has to be measured or ranked: only one page is read, so the first page
 * of a co-op costs the same with a hundred offers and with a million. */
static no search_newest(struct search *search, struct market_found *found)
{
    const struct market_query *query = search->query;

    TRY(count_newest(search, found));
    search->hits_n = 0;
    TRY(sql_market_find(
        search->ctx->db, market_match(search->ctx->arena, &search->asks, search->asks.n, STR_NONE),
        search->until, query->size, (found->page - 1) * query->size, market_take, search));
    return put_cards(search, found, 0);
}

static bool needs_ranking(const struct market_query *query, const struct search *search)
{
    return search->words.n > 0 || query->radius_m > 0 || query->price_max >= 0 ||
           query->currency > 0 || query->sort != MARKET_NEWEST;
}

/* What is published while somebody turns the pages is not on them. */
static no bound(struct search *search, struct market_found *found)
{
    const int64_t asked = search->query->until;
    struct sql_market_id last;

    TRY(sql_market_last(search->ctx->db, search->ctx->arena, &last));
    search->until = asked > 0 && asked < last.id ? asked : last.id;
    found->until = search->until;
    return YES;
}

no view_market_search(struct ctx *ctx, const struct market_query *query_,
                      struct market_found *found)
{
    struct market_query query = *query_;
    const struct house *house = ctx_house(ctx);
    struct search search = {.ctx = ctx, .query = &query, .radius_m = query.radius_m};

    assert(query.size > 0 && (query.radius_m == 0 || query.has_place));
    *found = (struct market_found){0};
    search.books = house->units_n > 0 ? house->units[0].unit.id : 0;
    if (query.sort == MARKET_NEAREST && !query.has_place)
        query.sort = MARKET_NEWEST;
    market_words_of(ctx->arena, str_sub(query.words, 0, MARKET_TYPED_MAX), &search.words);
    if (search.words.n == 0 && str_trim(query.words).len > 0) {
        found->page = 1;
        return YES; /* nothing but signs: no offer has that */
    }
    /* Room for two thousand hits is only taken where there can be any. */
    if (!needs_ranking(&query, &search) && query.kind == MARKET_ALL && query.category == 0)
        return list_newest(&search, found);
    search.hits = arena_take_many(ctx->arena, MARKET_HITS_ROOM, sizeof *search.hits);
    if (search.hits == NULL)
        return NO_TOO_LARGE;
    TRY(market_asks_of(ctx->arena, &query, &search.words, &search.asks));
    TRY(bound(&search, found));
    return needs_ranking(&query, &search) ? search_ranked(&search, found)
                                          : search_newest(&search, found);
}

/* --- counts --------------------------------------------------------------------------------------
 */

no view_market_count(struct ctx *ctx, int64_t side, enum market_kind kind, int64_t category,
                     int64_t *n)
{
    struct sql_market_count *rows;
    size_t rows_n;
    int64_t sum = 0;

    TRY(sql_market_count_list(ctx->db, ctx->arena, side, &rows, &rows_n));
    for (size_t i = 0; i < rows_n; i++)
        if (of_kind(kind, rows[i].kind) && (category == 0 || rows[i].category == category))
            sum += rows[i].n;
    *n = sum;
    return YES;
}
