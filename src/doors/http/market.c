/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * GET / , /market, /needs: the search and what it found.
 */
#include "deeds/house.h"
#include "doors/http/frame.h"
#include "doors/http/market_card.h"
#include "doors/http/market_in.h"
#include "doors/http/rooms.h"
#include "pages/page_market.h"

enum { NEEDS_SHOWN = 3 };

/* --- from the address to the query --- */

static void link_places(struct making *m, const struct place_answer *answer)
{
    struct arena *arena = m->req->ctx.arena;
    struct market_link *links = arena_take_many(arena, answer->choices_n, sizeof *links);

    for (size_t i = 0; links != NULL && i < answer->choices_n; i++) {
        struct market_ask ask = m->ask;

        ask.near = place_label(arena, &answer->choices[i], true);
        ask.page = 1;
        links[i] = (struct market_link){.href = market_ask_url(m->req, &ask), .text = ask.near};
        m->page.places_n++;
    }
    m->page.places = links;
}

/* The place of the profile and of the co-op are known without the gazetteer. */
static bool is_home(const struct making *m)
{
    return m->ask.near.len > 0 && str_eq_nocase(m->ask.near, m->centre.name);
}

static no find_place(struct making *m)
{
    struct place_answer answer;

    TRY(view_place_home(&m->req->ctx, &m->centre));
    if (m->ask.near.len == 0)
        return YES;
    m->page.place = MARKET_PLACE_FOUND;
    if (is_home(m))
        return YES;
    TRY(view_place_find(&m->req->ctx, m->ask.near, &answer));
    if (answer.found == PLACE_SEVERAL) {
        m->page.place = MARKET_PLACE_SEVERAL;
        link_places(m, &answer);
    } else if (answer.found != PLACE_FOUND) {
        m->page.place = MARKET_PLACE_UNKNOWN;
    } else {
        m->centre = (struct place_home){place_label(m->req->ctx.arena, &answer.place, false),
                                        (int32_t)answer.place.lat, (int32_t)answer.place.lon};
    }
    return YES;
}

static void read_filters(struct making *m)
{
    const struct house *house = ctx_house(&m->req->ctx);
    const struct house_category *category = house_category_by_slug(house, m->ask.category);
    const struct house_unit *paid = house_unit_by_code(house, m->ask.paid);
    int64_t max;

    m->query.category = category == NULL ? 0 : category->id;
    m->query.currency = paid == NULL ? 0 : paid->unit.id;
    m->query.price_max = -1;
    if (m->ask.max.len == 0 || house->units_n == 0)
        return;
    if (money_parse(m->ask.max, house->units[0].unit, &max) == YES && max >= 0)
        m->query.price_max = max;
    else
        m->page.max_wrong = true;
}

static void read_circle(struct making *m)
{
    const bool found = m->page.place == MARKET_PLACE_FOUND;
    const bool typed = m->page.place != MARKET_PLACE_NONE;
    int64_t km = m->ask.km;

    m->query.has_place = m->centre.lat != 0 || m->centre.lon != 0;
    m->query.lat = m->centre.lat;
    m->query.lon = m->centre.lon;
    if (km < 0)
        km = found ? MARKET_KM_USUAL : 0;
    if ((typed && !found) || !m->query.has_place)
        km = 0;
    m->query.radius_m = km * 1000;
    m->query.sort = m->ask.sort;
    if (!m->ask.sort_said && found)
        m->query.sort = MARKET_NEAREST;
}

static void make_query(struct making *m, int64_t side)
{
    m->query = (struct market_query){.side = side,
                                     .words = m->ask.q,
                                     .kind = m->ask.kind,
                                     .page = m->ask.page,
                                     .until = m->ask.page > 1 ? m->ask.until : 0,
                                     .size = MARKET_PAGE_SIZE};
    read_filters(m);
    read_circle(m);
}

/* --- the page --- */

static str page_title(const struct making *m)
{
    struct buf out;
    const str text = frame_text(m->req, T_market_title_near);
    const size_t at = str_find(text, S("{place}"));

    if (m->query.category > 0)
        return market_category_name(m->req, m->query.category);
    if (m->ask.needs)
        return frame_text(m->req, T_need_title);
    if (m->page.place != MARKET_PLACE_FOUND)
        return frame_text(m->req, T_market_title);
    buf_init(&out, m->req->ctx.arena, 64);
    buf_put(&out, str_sub(text, 0, at));
    buf_put(&out, m->centre.name);
    buf_put(&out, str_sub(text, at + 7, text.len));
    return buf_str(&out);
}

static str range_of(const struct making *m)
{
    const int64_t from = (m->found.page - 1) * MARKET_PAGE_SIZE + 1;
    struct buf out;

    if (m->found.page < 2)
        return STR_NONE;
    buf_init(&out, m->req->ctx.arena, 24);
    buf_put_int(&out, from);
    buf_put(&out, S("–"));
    buf_put_int(&out, from + (int64_t)m->found.cards_n - 1);
    return buf_str(&out);
}

static void fill_texts(struct making *m)
{
    struct market_page *page = &m->page;

    page->needs = m->ask.needs;
    page->q = m->ask.q;
    page->near = m->ask.near.len > 0 ? m->ask.near : page->first_page ? m->centre.name : STR_NONE;
    page->max = m->ask.max;
    page->kind = market_kind_word(m->ask.kind);
    page->category = m->query.category > 0 ? m->ask.category : STR_NONE;
    page->place_name = m->centre.name;
    page->title = page_title(m);
    page->rule = market_rule(&m->query);
    page->total = m->found.total;
    page->at_least = m->found.at_least;
    page->km = m->query.radius_m / 1000;
    page->range = range_of(m);
    page->may_publish = actor_has(&m->req->ctx, ROLE_MEMBER);
    page->searched = m->ask.q.len > 0 || m->query.radius_m > 0 || m->ask.kind != MARKET_ALL ||
                     m->query.price_max >= 0 || m->query.currency > 0 || m->query.category > 0;
    page->filter_open = page->max_wrong || m->ask.max.len > 0 || m->ask.paid.len > 0 ||
                        m->ask.sort_said || m->ask.km >= 0;
}

static no fill_needs(struct making *m)
{
    const struct market_query query = {.side = MARKET_NEEDS,
                                       .has_place = m->query.has_place,
                                       .lat = m->query.lat,
                                       .lon = m->query.lon,
                                       .price_max = -1,
                                       .sort = MARKET_NEWEST,
                                       .page = 1,
                                       .size = NEEDS_SHOWN};
    struct market_found found;

    TRY(view_market_search(&m->req->ctx, &query, &found));
    m->page.need_list = market_cards_fill(m->req, found.cards, found.distances_m, found.cards_n, 0);
    m->page.need_list_n = m->page.need_list == NULL ? 0 : found.cards_n;
    return YES;
}

static no fill(struct making *m)
{
    const int64_t first = (m->found.page - 1) * MARKET_PAGE_SIZE + 1;

    fill_texts(m);
    market_fill_chips(m);
    market_fill_pages(m);
    market_fill_distances(m);
    market_fill_sorts(m);
    market_fill_currencies(m);
    m->page.cards =
        market_cards_fill(m->req, m->found.cards, m->found.distances_m, m->found.cards_n, first);
    m->page.cards_n = m->page.cards == NULL ? 0 : m->found.cards_n;
    if (m->page.cards_n == 0) {
        market_fill_wider(m);
        TRY(market_fill_categories(m));
    }
    if (m->ask.needs)
        return YES;
    TRY(market_fill_plan(m));
    return fill_needs(m);
}

static no show(struct http_req *req, bool needs, bool first_page)
{
    struct making m = {.req = req, .page = {.first_page = first_page}};
    struct page page;
    struct buf out;

    if (ctx_house(&req->ctx)->state == HOUSE_FOUNDING)
        return http_redirect(req, S("/found"));
    market_ask_read(req, needs, &m.ask);
    TRY(find_place(&m));
    make_query(&m, needs ? MARKET_NEEDS : MARKET_OFFERS);
    TRY(view_market_search(&req->ctx, &m.query, &m.found));
    TRY(fill(&m));
    frame_page(req, &page);
    frame_buf(req, &out);
    if (needs)
        page_needs(&out, &page, &m.page);
    else
        page_market(&out, &page, &m.page);
    return http_html(req, 200, &out);
}

no http_home(struct http_req *req)
{
    return show(req, false, true);
}

no http_market(struct http_req *req)
{
    return show(req, false, false);
}

no http_needs(struct http_req *req)
{
    return show(req, true, false);
}
