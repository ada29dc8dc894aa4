/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The lists of a market page: links, choices, the plan.
 */
#include "deeds/house.h"
#include "doors/http/frame.h"
#include "doors/http/market_in.h"

enum {
    PLAN_NAMES_ASKED = 40,
    CHIPS_MAX = 8,
    KM_WIDEST = 25,
    PAGE_LINKS_MAX = 9,
    CITY_METRES = 5000, /* a plan wider than this names towns, not their quarters */
};

/* --- links --- */

void market_fill_chips(struct making *m)
{
    static const enum lang_key names[MARKET_KINDS] = {
        [MARKET_ALL] = T_market_all,     [MARKET_SERVICES] = T_market_services,
        [MARKET_GOODS] = T_market_goods, [MARKET_RENTALS] = T_market_rentals,
        [MARKET_HOURS] = T_market_hours,
    };
    struct market_link *chips = arena_take_many(m->req->ctx.arena, CHIPS_MAX, sizeof *chips);
    size_t n = 0;

    if (chips == NULL)
        return;
    for (enum market_kind kind = MARKET_ALL; kind < MARKET_KINDS; kind++) {
        struct market_ask ask = {
            .q = m->ask.q, .near = m->ask.near, .km = m->ask.km, .kind = kind, .page = 1};

        chips[n++] = (struct market_link){.href = market_ask_url(m->req, &ask),
                                          .text = frame_text(m->req, names[kind]),
                                          .current = !m->ask.needs && m->query.category == 0 &&
                                                     m->ask.kind == kind};
    }
    const struct market_ask needs = {
        .needs = true, .q = m->ask.q, .near = m->ask.near, .km = m->ask.km, .page = 1};

    chips[n++] = (struct market_link){.href = market_ask_url(m->req, &needs),
                                      .text = frame_text(m->req, T_need_needs),
                                      .current = m->ask.needs};
    m->page.chips = chips;
    m->page.chips_n = n;
}

static url page_url(const struct making *m, int64_t page)
{
    struct market_ask ask = m->ask;

    ask.page = page;
    ask.until = m->found.until;
    return market_ask_url(m->req, &ask);
}

/* First, last, and those around the present one; a gap where some are left out. */
static bool page_shown(const struct market_found *found, int64_t page)
{
    return page == 1 || page == found->pages_n ||
           (page >= found->page - 1 && page <= found->page + 1) || (found->page <= 2 && page <= 3);
}

void market_fill_pages(struct making *m)
{
    struct market_link *links = arena_take_many(m->req->ctx.arena, PAGE_LINKS_MAX, sizeof *links);
    bool gap = false;
    size_t n = 0;

    for (int64_t page = 1; links != NULL && page <= m->found.pages_n && n < PAGE_LINKS_MAX;
         page++) {
        if (page_shown(&m->found, page)) {
            links[n++] = (struct market_link){.href = page_url(m, page),
                                              .text = frame_digits(m->req, page),
                                              .current = page == m->found.page};
            gap = false;
        } else if (!gap) {
            links[n++] = (struct market_link){.text = S("…"), .gap = true};
            gap = true;
        }
    }
    m->page.pages = links;
    m->page.pages_n = n;
    if (m->found.page < m->found.pages_n)
        m->page.next = page_url(m, m->found.page + 1);
}

void market_fill_wider(struct making *m)
{
    struct market_ask ask = m->ask;

    if (m->query.radius_m == 0)
        return;
    ask.page = 1;
    ask.km = m->query.radius_m < KM_WIDEST * 1000 ? KM_WIDEST : 0;
    m->page.wider = market_ask_url(m->req, &ask);
}

no market_fill_categories(struct making *m)
{
    const struct house *house = ctx_house(&m->req->ctx);
    struct market_link *links =
        arena_take_many(m->req->ctx.arena, house->categories_n, sizeof *links);

    for (size_t i = 0; links != NULL && i < house->categories_n; i++) {
        const struct house_category *category = &house->categories[i];
        const struct market_ask ask = {
            .needs = m->ask.needs, .category = category->slug, .km = -1, .page = 1};
        int64_t n;

        TRY(view_market_count(&m->req->ctx, m->query.side, MARKET_ALL, category->id, &n));
        if (n > 0)
            links[m->page.categories_n++] = (struct market_link){
                .href = market_ask_url(m->req, &ask), .text = category->name[m->req->ctx.lang]};
    }
    m->page.categories = links;
    return YES;
}

/* --- choices of the filter --- */

static struct market_choices choices(struct market_choice *list, size_t n)
{
    return (struct market_choices){list, list == NULL ? 0 : n};
}

static str with_km(struct http_req *req, int64_t km)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 16);
    buf_put_int(&out, km);
    buf_put(&out, S("\xc2\xa0km"));
    return buf_str(&out);
}

void market_fill_distances(struct making *m)
{
    static const int64_t kms[] = {2, 5, 10, 25};
    enum { N = sizeof kms / sizeof kms[0] };
    struct market_choice *list = arena_take_many(m->req->ctx.arena, N + 1, sizeof *list);

    if (list == NULL)
        return;
    for (size_t i = 0; i < N; i++)
        list[i] = (struct market_choice){.value = frame_digits(m->req, kms[i]),
                                         .text = with_km(m->req, kms[i]),
                                         .chosen = m->query.radius_m == kms[i] * 1000};
    list[N] = (struct market_choice){.value = S("0"),
                                     .text = frame_text(m->req, T_market_anywhere),
                                     .chosen = m->query.radius_m == 0};
    m->page.distances = choices(list, N + 1);
}

void market_fill_sorts(struct making *m)
{
    static const struct {
        const char *value;
        enum lang_key text;
    } sorts[MARKET_SORTS] = {
        [MARKET_NEAREST] = {"near", T_market_sort_nearest},
        [MARKET_NEWEST] = {"new", T_market_sort_newest},
        [MARKET_CHEAPEST] = {"price", T_market_sort_price},
        [MARKET_RATED] = {"rated", T_market_sort_rated},
    };
    struct market_choice *list = arena_take_many(m->req->ctx.arena, MARKET_SORTS, sizeof *list);

    for (size_t i = 0; list != NULL && i < MARKET_SORTS; i++)
        list[i] = (struct market_choice){.value = str_of(sorts[i].value),
                                         .text = frame_text(m->req, sorts[i].text),
                                         .chosen = m->query.sort == (enum market_sort)i};
    m->page.sorts = choices(list, MARKET_SORTS);
}

void market_fill_currencies(struct making *m)
{
    const struct house *house = ctx_house(&m->req->ctx);
    struct market_choice *list =
        arena_take_many(m->req->ctx.arena, house->units_n + 1, sizeof *list);

    if (list == NULL)
        return;
    list[0] = (struct market_choice){.value = S(""),
                                     .text = frame_text(m->req, T_market_paid_any),
                                     .chosen = m->query.currency == 0};
    for (size_t i = 0; i < house->units_n; i++)
        list[i + 1] =
            (struct market_choice){.value = str_of(house->units[i].unit.code),
                                   .text = house->units[i].name[m->req->ctx.lang],
                                   .chosen = m->query.currency == house->units[i].unit.id};
    m->page.currencies = choices(list, house->units_n + 1);
}

enum lang_key market_rule(const struct market_query *query)
{
    switch (query->sort) {
    case MARKET_NEAREST:
        return query->words.len > 0 ? T_market_rule_nearest_words : T_market_rule_nearest;
    case MARKET_CHEAPEST:
        return T_market_rule_price;
    case MARKET_RATED:
        return T_market_rule_rated;
    case MARKET_NEWEST:
    case MARKET_SORTS:
        break;
    }
    return query->words.len > 0 ? T_market_rule_newest_words : T_market_rule_newest;
}

/* --- the plan --- */

static size_t fill_spots(const struct making *m, struct plan_spot *spots)
{
    size_t n = 0;

    for (size_t i = 0; i < m->found.cards_n; i++)
        if (m->found.distances_m[i] >= 0)
            spots[n++] = (struct plan_spot){.lat = (int32_t)m->found.cards[i].lat,
                                            .lon = (int32_t)m->found.cards[i].lon,
                                            .number = m->page.cards[i].number};
    return n;
}

static no fill_names(struct making *m, int64_t radius_m, struct plan_spot *names, size_t *names_n)
{
    struct sql_place *rows;
    size_t rows_n;

    TRY(view_place_around(&m->req->ctx, m->centre.lat, m->centre.lon, market_plan_reach(radius_m),
                          PLAN_NAMES_ASKED, &rows, &rows_n));
    for (size_t i = 0; i < rows_n; i++) {
        const str label = place_label(m->req->ctx.arena, &rows[i], false);
        const bool quarter = label.len < rows[i].name.len;

        if (!(quarter && radius_m > CITY_METRES))
            names[(*names_n)++] = (struct plan_spot){
                .lat = (int32_t)rows[i].lat, .lon = (int32_t)rows[i].lon, .name = label};
    }
    return YES;
}

no market_fill_plan(struct making *m)
{
    struct plan_spot spots[MARKET_PAGE_SIZE * 2];
    struct plan_spot names[PLAN_NAMES_ASKED];
    size_t names_n = 0;

    m->page.has_plan = m->query.has_place;
    if (!m->page.has_plan)
        return YES;
    const size_t spots_n = fill_spots(m, spots);
    const int64_t radius_m = market_plan_radius(m->centre.lat, m->centre.lon, spots, spots_n);

    TRY(fill_names(m, radius_m, names, &names_n));
    market_plan_draw(&m->page.plan, m->centre.name, m->centre.lat, m->centre.lon, radius_m, spots,
                     spots_n, names, names_n);
    return YES;
}
