/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The nearest first: cell after cell, as far as it is to their nearest corner, until no cell that
 * is left can hold a place nearer than the last one wanted. A cell that holds many is split into
 * its fine cells. So a search costs what the nearest few cost, in a village and in the middle of a
 * city with half a million offers.
 */
#include "deeds/market_in.h"

#include "rules/geo.h"

enum {
    SPOTS_MAX = GEO_CELLS_MAX + 30 * GEO_FINES,
    WALK_M = 25000,
    SPLIT = 3000,      /* a cell with more offers is read in parts */
    ROWS = 1500,       /* that a look should read */
    FIRST = 4,         /* fine cells of the first look, where each look reads long lists; */
    FIRST_SELDOM = 16, /* when less than */
    SELDOM = 10,       /* of a thousand have everything */
    SPREAD = 3,
    TOLD = 8, /* after fewer hits at most three times the cells of the last look */
    BATCH_MAX = 64,
    DOUBT = 2000,
    LITTLE = 4, /* after so many rows a quarter of what was expected is too little */
};

struct spot {
    int64_t near_m;
    int32_t cell;
    bool fine;
};

struct walk {
    struct search *search;
    struct spot *spots; /* nearest first */
    size_t spots_n, next;
    size_t batch;   /* cells of the next look */
    size_t first;   /* at least, of the first look among fine cells */
    size_t asked_n; /* things asked of the index, rarest first; the rows tell about the others */
    size_t rows_n, passed_n;
    bool doubt;
};

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* --- where --- */

static void add_spot(struct walk *walk, int32_t cell, bool fine)
{
    const struct market_query *query = walk->search->query;
    const struct spot spot = {.near_m = fine ? geo_fine_cell_near_m(query->lat, query->lon, cell)
                                             : geo_cell_near_m(query->lat, query->lon, cell),
                              .cell = cell,
                              .fine = fine};
    size_t at = walk->spots_n;

    if (spot.near_m > walk->search->radius_m)
        return;
    for (; at > walk->next && walk->spots[at - 1].near_m > spot.near_m; at--)
        walk->spots[at] = walk->spots[at - 1];
    walk->spots[at] = spot;
    walk->spots_n++;
}

/* A cell becomes its parts, each in its place; false when there is no room for them. */
static bool split(struct walk *walk, size_t at)
{
    int32_t parts[GEO_FINES];

    if (walk->spots[at].fine || walk->spots_n + GEO_FINES > SPOTS_MAX)
        return false;
    geo_cell_split(walk->spots[at].cell, parts);
    walk->spots_n--;
    for (size_t i = at; i < walk->spots_n; i++)
        walk->spots[i] = walk->spots[i + 1];
    for (size_t i = 0; i < GEO_FINES; i++)
        add_spot(walk, parts[i], true);
    if (walk->batch < walk->first)
        walk->batch = walk->first;
    return true;
}

static no start(struct walk *walk, bool *possible)
{
    struct search *search = walk->search;
    const struct market_query *query = search->query;
    int32_t cells[GEO_CELLS_MAX];
    size_t n = 0;

    search->radius_m = query->radius_m;
    if (query->radius_m > 0)
        n = geo_cells_around(query->lat, query->lon, query->radius_m, cells, GEO_CELLS_MAX);
    if (n == 0) {
        search->radius_m = WALK_M;
        n = geo_cells_around(query->lat, query->lon, WALK_M, cells, GEO_CELLS_MAX);
    }
    walk->spots = arena_take_many(search->ctx->arena, SPOTS_MAX, sizeof *walk->spots);
    if (walk->spots == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        add_spot(walk, cells[i], false);
    *possible = n > 0;
    return YES;
}

static bool is_near(const struct walk *walk, size_t at)
{
    return at < walk->spots_n && walk->spots[at].near_m <= walk->search->radius_m;
}

/* Cells that may still hold one of the nearest. */
static size_t left(const struct walk *walk)
{
    size_t n = 0;

    while (is_near(walk, walk->next + n))
        n++;
    return n;
}

/* --- one look --- */

static str cells_of(const struct walk *walk, size_t at, size_t n)
{
    struct buf cells;

    buf_init(&cells, walk->search->ctx->arena, 16 * (n + 1));
    for (size_t i = at; i < at + n; i++) {
        buf_put(&cells, i > at ? S(" OR ") : S("("));
        market_put_token(&cells, walk->spots[i].fine ? 'h' : 'g', walk->spots[i].cell);
    }
    buf_put_char(&cells, ')');
    return buf_str(&cells);
}

static str match_of(const struct walk *walk, size_t n)
{
    return market_match(walk->search->ctx->arena, &walk->search->asks, walk->asked_n,
                        cells_of(walk, walk->next, n));
}

/* Offers that have not what is asked are looked up too, so all that are there are counted. */
static no is_crowded(const struct walk *walk, size_t at, size_t n, bool *crowded)
{
    struct ctx *ctx = walk->search->ctx;
    const str cells = cells_of(walk, at, n);
    struct sql_market_id past;

    if (arena_overflowed(ctx->arena))
        return NO_TOO_LARGE;
    const no answer = sql_market_nth(ctx->db, ctx->arena, cells, walk->search->until, SPLIT, &past);

    *crowded = answer == YES;
    return answer == NO_NOT_FOUND ? YES : answer;
}

/* How many cells to read: the next ones of one size, at most a batch. A crowded cell among fine
 * ones is split on the way. */
static no next_run(struct walk *walk, size_t *n)
{
    const bool fine = walk->spots[walk->next].fine;

    *n = 1;
    while (*n < walk->batch && is_near(walk, walk->next + *n)) {
        const size_t at = walk->next + *n;
        bool crowded;

        if (walk->spots[at].fine == fine) {
            ++*n;
            continue;
        }
        if (!fine)
            return YES;
        TRY(is_crowded(walk, at, 1, &crowded));
        if (!crowded || !split(walk, at))
            return YES;
    }
    return YES;
}

/* How many cells to read next, after `n` of them gave `passed` hits. */
static void plan(struct walk *walk, size_t n, size_t passed)
{
    const struct search *search = walk->search;
    size_t batch = BATCH_MAX;

    if (search->seen_n > 0)
        batch = least(batch, n * ROWS / search->seen_n);
    if (search->hits_n >= MARKET_NEAREST_MAX)
        batch = least(batch, left(walk));
    else if (passed < TOLD)
        batch = least(batch, n * SPREAD);
    else
        batch = least(batch, n * (MARKET_NEAREST_MAX - search->hits_n) / passed + 1);
    walk->batch = batch < 1 ? 1 : batch;
}

/* Words that are frequent, but not together, would make the rows of a whole city be read. */
static void doubt(struct walk *walk, size_t passed)
{
    const struct search *search = walk->search;
    const int64_t share = market_asks_share(&search->asks, walk->asked_n, search->asks.n);

    walk->rows_n += search->seen_n;
    walk->passed_n += passed;
    walk->doubt =
        search->hits_n < MARKET_NEAREST_MAX && walk->rows_n > DOUBT &&
        (int64_t)walk->passed_n * LITTLE * MARKET_THOUSAND < (int64_t)walk->rows_n * share;
}

/* Only the nearest are kept; what is farther than the last of them is not looked at any more. */
static void keep_nearest(struct search *search)
{
    if (search->hits_n < MARKET_NEAREST_MAX)
        return;
    market_rank(search, market_by_distance);
    search->hits_n = MARKET_NEAREST_MAX;
    search->radius_m = search->hits[MARKET_NEAREST_MAX - 1].distance_m;
    search->more = true;
}

/* Reads the next `n` cells; false, and nothing is changed, when they hold too many. */
static no read_cells(struct walk *walk, size_t n, bool *fits)
{
    struct search *search = walk->search;
    const size_t before = search->hits_n;
    const str match = match_of(walk, n);
    bool crowded = false;

    if (arena_overflowed(search->ctx->arena))
        return NO_TOO_LARGE;
    if (!walk->spots[walk->next].fine)
        TRY(is_crowded(walk, walk->next, n, &crowded));
    *fits = !crowded;
    if (crowded)
        return YES;
    search->seen_n = 0;
    TRY(sql_market_find_all(search->ctx->db, match, search->until, MARKET_HITS_MAX + 1, market_take,
                            search));
    *fits = search->seen_n <= MARKET_HITS_MAX;
    if (!*fits) {
        search->hits_n = before;
        return YES;
    }
    const size_t passed = search->hits_n - before;

    walk->next += n;
    doubt(walk, passed);
    keep_nearest(search);
    plan(walk, n, passed);
    return YES;
}

/* More than two thousand in one fine cell (or nowhere to put the parts of a cell): its newest. */
static no read_newest(struct walk *walk)
{
    struct search *search = walk->search;

    TRY(sql_market_find(search->ctx->db, match_of(walk, 1), search->until, MARKET_HITS_MAX, 0,
                        market_take, search));
    walk->next++;
    search->more = true;
    keep_nearest(search);
    return YES;
}

static no look(struct walk *walk)
{
    struct arena *arena = walk->search->ctx->arena;
    const size_t mark = arena_mark(arena);
    size_t n;
    bool fits;

    TRY(next_run(walk, &n));
    walk->search->words_told = walk->asked_n < walk->search->asks.n;
    TRY(read_cells(walk, n, &fits));
    if (!fits && n > 1)
        walk->batch = n / 4 + 1;
    else if (!fits && !split(walk, walk->next)) {
        if (walk->asked_n == walk->search->asks.n)
            TRY(read_newest(walk));
        walk->asked_n = walk->search->asks.n;
    }
    arena_rewind(arena, mark);
    return YES;
}

static size_t first_of(const struct market_asks *asks, size_t asked_n)
{
    if (asked_n == 0)
        return 1;
    return market_asks_share(asks, 0, asks->n) < SELDOM ? FIRST_SELDOM : FIRST;
}

no market_walk(struct search *search, bool whole, enum market_walked *walked)
{
    const struct market_asks *asks = &search->asks;
    struct walk walk = {
        .search = search, .batch = 1, .asked_n = whole ? asks->n : market_asks_worth(asks)};
    bool possible;

    walk.first = first_of(asks, walk.asked_n);
    search->hits_n = 0;
    search->more = false;
    TRY(start(&walk, &possible));
    const bool everywhere = possible && search->radius_m == search->query->radius_m;

    while (!walk.doubt && is_near(&walk, walk.next))
        TRY(look(&walk));
    search->words_told = false;
    *walked = walk.doubt                                           ? MARKET_WALK_IN_DOUBT
              : everywhere || search->hits_n == MARKET_NEAREST_MAX ? MARKET_WALK_DONE
                                                                   : MARKET_WALK_TOO_FEW;
    return YES;
}
