/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * GET /offer/:id, POST /offer/:id/status, GET /account/offers.
 */
#include "deeds/offer.h"

#include "base/time.h"
#include "base/utf8.h"
#include "deeds/market_search.h"
#include "doors/http/frame.h"
#include "doors/http/market.h"
#include "doors/http/market_card.h"
#include "doors/http/rooms.h"
#include "pages/page_offer.h"
#include "rules/geo.h"

enum { NEAR_SHOWN = 3, NEAR_STEPS = 3, NEAR_METRES = 25000, MINE_MAX = 500 };

/* --- words --- */

static enum lang_key cancel_key(int64_t cancel)
{
    return cancel == ORDER_STRICT     ? T_cancel_strict
           : cancel == ORDER_MODERATE ? T_cancel_moderate
                                      : T_cancel_flexible;
}

/* "9", "9.5": basis points as people write a share. */
static str percent(struct http_req *req, int64_t bp)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 12);
    buf_put_int(&out, bp / 100);
    if (bp % 100 != 0) {
        buf_put_char(&out, req->ctx.lang == LANG_FR ? ',' : '.');
        buf_put_int(&out, bp % 100 / 10);
        if (bp % 10 != 0)
            buf_put_int(&out, bp % 10);
    }
    return buf_str(&out);
}

/* "March 2024": the date without its day. */
static str month_of(struct http_req *req, int64_t at_ns)
{
    const str date = frame_date(req, at_ns);
    str day, rest;

    return at_ns > 0 && str_cut(date, ' ', &day, &rest) ? rest : date;
}

static enum market_kind chip_of(int64_t kind)
{
    switch (kind) {
    case ORDER_SERVICE:
    case ORDER_SLOT:
        return MARKET_SERVICES;
    case ORDER_RENTAL:
        return MARKET_RENTALS;
    case ORDER_EXCHANGE:
    case ORDER_GIFT:
        return MARKET_HOURS;
    default:
        return MARKET_GOODS;
    }
}

static void fill_crumbs(struct http_req *req, const struct offer_view *view,
                        struct offer_page *page)
{
    const struct house_category *category =
        house_category(ctx_house(&req->ctx), view->row.category);
    struct market_ask ask = {
        .needs = page->need, .kind = chip_of(view->row.kind), .km = -1, .page = 1};

    page->kind = frame_text(req, market_kind_key(view->row.kind));
    page->kind_url = market_ask_url(req, &ask);
    ask = (struct market_ask){.needs = page->need, .km = -1, .page = 1};
    if (category != NULL) {
        ask.category = category->slug;
        page->category = category->name[req->ctx.lang];
    }
    page->category_url = market_ask_url(req, &ask);
}

static no fill_where(struct http_req *req, const struct offer_view *view, struct offer_page *page)
{
    struct place_home home;
    struct buf out;

    page->where = view->row.place;
    TRY(view_place_home(&req->ctx, &home));
    if (page->mine || (home.lat == 0 && home.lon == 0) ||
        (view->row.lat == 0 && view->row.lon == 0))
        return YES;
    const str away = market_distance(
        req, geo_distance_m(home.lat, home.lon, (int32_t)view->row.lat, (int32_t)view->row.lon));

    buf_init(&out, req->ctx.arena, 64);
    buf_put(&out, view->row.place);
    buf_put(&out, S(" · "));
    buf_put(&out, away);
    page->where = buf_str(&out);
    return YES;
}

/* --- parts of the page --- */

static void fill_photos(struct http_req *req, const struct offer_view *view,
                        struct offer_page *page)
{
    struct offer_photo_line *lines = arena_take_many(req->ctx.arena, view->photos_n, sizeof *lines);

    page->picture = market_picture(req, view->row.photo, view->row.category, "page");
    if (view->photos_n > 0)
        page->picture_alt = view->photos[0].alt;
    for (size_t i = 1; lines != NULL && i < view->photos_n; i++)
        lines[page->photos_n++] =
            (struct offer_photo_line){.picture = market_picture(req, view->photos[i].id, 0, "card"),
                                      .alt = view->photos[i].alt};
    page->photos = lines;
}

static void fill_core(struct http_req *req, struct offer_page *page)
{
    const struct house *house = ctx_house(&req->ctx);
    struct fee_split split;

    page->has_core = market_split(house, &page->price, &split);
    if (!page->has_core)
        return;
    const struct fee_params fee = house_fee(house, page->price.a.unit.id);

    core_sample_draw(&page->core, &split, page->price.a.unit, S("core"),
                     page->need ? frame_text(req, T_core_whoever) : page->who);
    page->fee_percent = percent(req, fee.running_bp + fee.reserve_bp + fee.solidarity_bp);
    for (size_t i = 0; i < house->params_n; i++)
        if (str_starts(house->params[i].name, S("fee.")) &&
            house->params[i].decided_by > page->decided_by)
            page->decided_by = house->params[i].decided_by;
}

static void fill_reviews(struct http_req *req, const struct offer_view *view,
                         struct offer_page *page)
{
    struct offer_review_line *lines =
        arena_take_many(req->ctx.arena, view->reviews_n, sizeof *lines);

    for (size_t i = 0; lines != NULL && i < view->reviews_n; i++)
        lines[page->shown.list_n++] =
            (struct offer_review_line){.name = view->reviews[i].name,
                                       .date = frame_date(req, view->reviews[i].published_ns),
                                       .body = view->reviews[i].body,
                                       .stars = view->reviews[i].stars};
    page->shown.list = lines;
    page->more_reviews =
        view->reviews_n == OFFER_REVIEWS_SHOWN && view->row.reviews_n > OFFER_REVIEWS_SHOWN;
}

static void fill_variants(struct http_req *req, const struct offer_view *view,
                          struct offer_page *page)
{
    struct offer_variant_line *lines =
        arena_take_many(req->ctx.arena, view->variants_n, sizeof *lines);
    bool chosen = false;

    for (size_t i = 0; lines != NULL && i < view->variants_n; i++) {
        const struct sql_offer_variant *row = &view->variants[i];
        const struct offer_claims claims = {.stock = row->stock, .firm = row->claimed};
        const bool gone = offer_claim_left(&claims) == 0;

        lines[page->variants_n++] = (struct offer_variant_line){
            .id = row->id,
            .label = row->label,
            .left = row->stock < 0 ? STR_NONE
                                   : market_counted(req, T_market_left, offer_claim_left(&claims)),
            .price = market_price_tag(ctx_house(&req->ctx), view->row.kind, view->row.price_mode,
                                      view->row.per, view->row.a_currency, row->a_minor,
                                      view->row.b_currency, row->b_minor),
            .gone = gone,
            .chosen = !gone && !chosen};
        chosen = chosen || !gone;
    }
    page->variants = lines;
    if (view->variants_n > 0 && !chosen)
        page->none_left = true;
}

static struct offer_payment payment(money amount, bool chosen)
{
    const struct offer_payment rows[UNIT_KINDS] = {
        [UNIT_FIAT] = {.what = T_offer_pay_money, .hint = T_offer_pay_money_hint},
        [UNIT_TIME] = {.what = T_offer_pay_hours, .hint = T_offer_pay_hours_hint},
        [UNIT_MUTUAL] = {.what = T_offer_pay_credit, .hint = T_offer_pay_credit_hint},
        [UNIT_POINTS] = {.what = T_offer_pay_credit, .hint = T_offer_pay_credit_hint},
    };
    struct offer_payment made = rows[amount.unit.kind < UNIT_KINDS ? amount.unit.kind : UNIT_FIAT];

    made.currency = amount.unit.id;
    made.amount = amount;
    made.chosen = chosen;
    return made;
}

static void fill_payments(struct http_req *req, struct offer_page *page)
{
    struct offer_payment *list = arena_take_many(req->ctx.arena, 2, sizeof *list);

    if (list == NULL || page->price.mode != PRICE_EITHER)
        return;
    list[0] = payment(page->price.a, true);
    list[1] = payment(page->price.b, false);
    page->payments = list;
    page->payments_n = 2;
}

static void fill_stock(struct http_req *req, const struct offer_view *view, struct offer_page *page)
{
    const struct offer_claims claims = {.stock = view->row.stock, .firm = view->row.claimed};
    const int64_t left = offer_claim_left(&claims);

    if (view->variants_n == 0 && view->row.stock >= 0) {
        page->left = market_counted(req, T_market_left, left);
        page->none_left = left == 0;
    }
    page->quantity_max = left < ORDER_QUANTITY_MAX ? left : ORDER_QUANTITY_MAX;
    page->has_quantity = !page->need && view->row.kind != ORDER_GIFT && page->quantity_max > 1;
}

/* What it is made of, in the order of the page. */
static no fill(struct http_req *req, const struct offer_view *view, struct offer_page *page)
{
    const struct sql_offer *row = &view->row;

    *page = (struct offer_page){.id = row->id,
                                .title = row->title,
                                .body = row->body,
                                .who = view->who.name,
                                .handle = view->has_profile ? view->who.handle : S(""),
                                .initials = utf8_initials(req->ctx.arena, view->who.name),
                                .lang = row->lang == LANG_FR ? S("fr") : S("en"),
                                .need = row->side == MARKET_NEEDS,
                                .mine = view->mine,
                                .paused = row->status == OFFER_PAUSED,
                                .stars = market_stars(req, row->stars_sum, row->reviews_n),
                                .reviews_n = row->reviews_n,
                                .cancel = cancel_key(row->cancel),
                                .trade = view->who.trade,
                                .college = view->who.college,
                                .since = month_of(req, view->who.joined_ns),
                                .jobs_n = view->who.jobs_n};
    page->withdrawn = row->status == OFFER_WITHDRAWN || row->status == OFFER_REMOVED;
    page->can_remove = actor_has(&req->ctx, ROLE_FACILITATOR) && !page->mine && !page->withdrawn;
    page->price = market_price_tag(ctx_house(&req->ctx), row->kind, row->price_mode, row->per,
                                   row->a_currency, row->a_minor, row->b_currency, row->b_minor);
    fill_crumbs(req, view, page);
    TRY(fill_where(req, view, page));
    fill_photos(req, view, page);
    fill_stock(req, view, page);
    fill_variants(req, view, page);
    fill_payments(req, page);
    fill_core(req, page);
    fill_reviews(req, view, page);
    page->orderable =
        row->status == OFFER_OPEN && row->price_mode != PRICE_ON_REQUEST && !page->none_left;
    return YES;
}

/* --- withdrawn --- */

/* Alike and near; else alike anywhere; else whatever is new: always somewhere to go. */
static struct market_query near_query(const struct offer_view *view, int step)
{
    const bool placed = view->row.lat != 0 || view->row.lon != 0;

    return (struct market_query){.side = view->row.side,
                                 .has_place = placed,
                                 .lat = (int32_t)view->row.lat,
                                 .lon = (int32_t)view->row.lon,
                                 .radius_m = placed && step == 0 ? NEAR_METRES : 0,
                                 .category = step < NEAR_STEPS - 1 ? view->row.category : 0,
                                 .price_max = -1,
                                 .sort = MARKET_NEAREST,
                                 .page = 1,
                                 .size = NEAR_SHOWN};
}

static no fill_near(struct http_req *req, const struct offer_view *view, struct offer_page *page)
{
    struct market_found found = {0};

    for (int step = 0; step < NEAR_STEPS && found.cards_n < NEAR_SHOWN; step++) {
        const struct market_query query = near_query(view, step);

        TRY(view_market_search(&req->ctx, &query, &found));
    }
    page->near = market_cards_fill(req, found.cards, found.distances_m, found.cards_n, 0);
    page->near_n = page->near == NULL ? 0 : found.cards_n;
    return YES;
}

no http_offer(struct http_req *req)
{
    struct offer_view view;
    struct offer_page model;
    struct page page;
    struct buf out;
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    TRY(view_offer(&req->ctx, id,
                   str_eq(http_field(req, "reviews"), S("all")) ? OFFER_REVIEWS_ALL
                                                                : OFFER_REVIEWS_SHOWN,
                   &view));
    TRY(fill(req, &view, &model));
    if (model.withdrawn)
        TRY(fill_near(req, &view, &model));
    frame_page(req, &page);
    frame_buf(req, &out);
    if (model.withdrawn)
        page_offer_gone(&out, &page, &model);
    else
        page_offer(&out, &page, &model);
    return http_html(req, model.withdrawn ? no_line(NO_GONE)->http : 200, &out);
}

/* --- status --- */

no http_offer_status(struct http_req *req)
{
    static const struct {
        const char *word;
        enum offer_status to;
        enum lang_key said;
    } words[] = {
        {"open", OFFER_OPEN, T_offer_now_open},
        {"paused", OFFER_PAUSED, T_offer_now_paused},
        {"withdrawn", OFFER_WITHDRAWN, T_offer_now_withdrawn},
        {"removed", OFFER_REMOVED, T_offer_now_removed},
    };
    struct offer_status_form form;
    const str to = http_field(req, "to");

    TRY(http_param_id(req, "id", &form.offer));
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!str_eq(to, str_of(words[i].word)))
            continue;
        form.to = words[i].to;
        TRY(deed_offer_status(&req->ctx, &form));
        frame_flash(req, PAGE_FLASH_DONE, words[i].said);
        return form.to == OFFER_REMOVED ? http_redirect(req, S("/market"))
                                        : http_redirect(req, S("/account/offers"));
    }
    return NO_BAD_REQUEST;
}

/* --- one's own --- */

static enum lang_key status_key(int64_t status)
{
    return status == OFFER_OPEN        ? T_offer_status_open
           : status == OFFER_PAUSED    ? T_offer_status_paused
           : status == OFFER_WITHDRAWN ? T_offer_status_withdrawn
                                       : T_offer_status_removed;
}

no http_offers_mine(struct http_req *req)
{
    struct sql_market_card *rows;
    struct offer_mine_page model = {0};
    struct page page;
    struct buf out;
    size_t rows_n;

    TRY(view_offer_mine(&req->ctx, MINE_MAX, &rows, &rows_n));
    struct offer_mine_line *lines = arena_take_many(req->ctx.arena, rows_n, sizeof *lines);

    for (size_t i = 0; lines != NULL && i < rows_n; i++)
        lines[model.list_n++] = (struct offer_mine_line){
            .id = rows[i].id,
            .title = rows[i].title,
            .status = status_key(rows[i].status),
            .open = rows[i].status == OFFER_OPEN,
            .paused = rows[i].status == OFFER_PAUSED,
            .over = rows[i].status == OFFER_WITHDRAWN || rows[i].status == OFFER_REMOVED,
            .need = rows[i].side == MARKET_NEEDS,
            .price = market_price_tag(ctx_house(&req->ctx), rows[i].kind, rows[i].price_mode,
                                      rows[i].per, rows[i].a_currency, rows[i].a_minor,
                                      rows[i].b_currency, rows[i].b_minor)};
    model.list = lines;
    frame_page(req, &page);
    frame_buf(req, &out);
    page_offers_mine(&out, &page, &model);
    return http_html(req, 200, &out);
}
