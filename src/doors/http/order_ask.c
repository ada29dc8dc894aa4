/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Asking for an offer: one page, whose total stands beside the button. What was typed is never
 * lost: the page that says no is the page that was sent.
 */
#include "doors/http/order.h"

#include "base/utf8.h"
#include "deeds/house.h"
#include "doors/http/rooms.h"
#include "pages/page_order_ask.h"
#include "rules/fee.h"
#include "rules/offer.h"

#include <assert.h>

static const struct frame_label labels[] = {
    {"quantity", T_order_quantity}, {"variant", T_order_variant}, {"pay", T_order_pay_with},
    {"date", T_order_when},         {"note", T_order_words},      {"name", T_order_your_name},
    {"email", T_order_your_email},  {NULL, T_order_what},
};

/* The form as it was read: what is asked, and what the page had shown of it. */
struct ask {
    struct order_ask_view view;
    struct order_request_form form;
    int64_t variant, pay;
    int64_t sum_a, sum_b; /* of the lines, at today's prices */
};

/* --- reading --------------------------------------------------------------------------------- */

static int64_t number_at(const struct http_req *req, const char *name, size_t n, int64_t otherwise)
{
    int64_t value;

    return str_to_int64(str_trim(http_field_at(req, name, n)), &value) ? value : otherwise;
}

static bool same_seen(str text, int64_t offer, int64_t variant, int64_t *a, int64_t *b)
{
    str parts[4], rest = text;
    int64_t ids[2];

    for (size_t i = 0; i < 3; i++)
        if (!str_cut(rest, ':', &parts[i], &rest))
            return false;
    parts[3] = rest;
    return str_to_int64(parts[0], &ids[0]) && str_to_int64(parts[1], &ids[1]) && ids[0] == offer &&
           ids[1] == variant && str_to_int64(parts[2], a) && str_to_int64(parts[3], b);
}

/* What the page showed for one piece of this line; false when it did not. */
static bool find_seen(const struct http_req *req, int64_t offer, int64_t variant, int64_t *a,
                      int64_t *b)
{
    for (size_t i = 0; i < http_field_count(req, "seen"); i++)
        if (same_seen(http_field_at(req, "seen", i), offer, variant, a, b))
            return true;
    return false;
}

static str seen_text(struct http_req *req, int64_t offer, int64_t variant, int64_t a, int64_t b)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 64);
    buf_printf(&out, "%lld:%lld:%lld:%lld", (long long)offer, (long long)variant, (long long)a,
               (long long)b);
    return buf_str(&out);
}

/* Adds pieces * each; what does not fit is the deed's to refuse. */
static void add_up(int64_t *sum, int64_t each, int64_t pieces)
{
    int64_t product;

    if (*sum < 0 || __builtin_mul_overflow(each, pieces, &product) ||
        __builtin_add_overflow(*sum, product, sum))
        *sum = -1;
}

static void add_line(struct http_req *req, struct ask *ask, int64_t offer, int64_t variant,
                     int64_t pieces, int64_t a, int64_t b)
{
    struct order_request_form *form = &ask->form;
    int64_t seen_a = 0, seen_b = 0;

    if (form->lines_n == ORDER_LINES_MAX)
        return;
    form->lines[form->lines_n++] = (struct order_ask_line){offer, variant, pieces};
    if (pieces < 1 || pieces > ORDER_QUANTITY_MAX)
        return;
    add_up(&ask->sum_a, a, pieces);
    add_up(&ask->sum_b, b, pieces);
    if (!find_seen(req, offer, variant, &seen_a, &seen_b)) {
        form->seen_a = form->seen_b = -1;
        return;
    }
    add_up(&form->seen_a, seen_a, pieces);
    add_up(&form->seen_b, seen_b, pieces);
}

static const struct sql_offer_variant *chosen_variant(const struct ask *ask)
{
    for (size_t i = 0; i < ask->view.variants_n; i++)
        if (ask->view.variants[i].id == ask->variant)
            return &ask->view.variants[i];
    return NULL;
}

static void read_first_line(struct http_req *req, struct ask *ask, bool sent)
{
    const struct sql_offer *offer = &ask->view.offer;
    int64_t pieces = 1;

    if (http_field_present(req, "quantity") && http_field_int(req, "quantity", &pieces) != YES) {
        pieces = 1;
        if (sent)
            (void)deed_wrong(&req->ctx, "quantity", NO_FIELD_NOT_A_NUMBER);
    }
    if (ask->view.variants_n > 0 && chosen_variant(ask) == NULL) {
        if (sent)
            (void)deed_wrong(&req->ctx, "variant", NO_FIELD_NOT_A_CHOICE);
        ask->variant = ask->view.variants[0].id;
    }
    const struct sql_offer_variant *variant = chosen_variant(ask);

    add_line(req, ask, offer->id, variant == NULL ? 0 : variant->id, pieces,
             variant == NULL ? offer->a_minor : variant->a_minor,
             variant == NULL ? offer->b_minor : variant->b_minor);
}

/* Further offers of the same person; those left at nothing are not asked for. */
static void read_also(struct http_req *req, struct ask *ask)
{
    for (size_t i = 0; i < http_field_count(req, "also") && i < ORDER_LINES_MAX; i++) {
        const int64_t offer = number_at(req, "also", i, 0);
        const int64_t pieces = number_at(req, "also_quantity", i, 0);

        for (size_t n = 0; n < ask->view.also_n && pieces > 0; n++)
            if (ask->view.also[n].offer == offer)
                add_line(req, ask, offer, 0, pieces, ask->view.also[n].a_minor,
                         ask->view.also[n].b_minor);
    }
}

static void read_ask(struct http_req *req, struct ask *ask, bool sent)
{
    const struct sql_offer *offer = &ask->view.offer;
    struct order_request_form *form = &ask->form;

    *form = (struct order_request_form){.uid = frame_uid(req), .note = http_field(req, "note")};
    form->note = form->note.ptr == NULL ? S("") : str_trim(form->note);
    ask->variant = number_at(req, "variant", 0, 0);
    ask->pay = number_at(req, "pay", 0, offer->a_currency);
    ask->sum_a = ask->sum_b = 0;
    read_first_line(req, ask, sent);
    read_also(req, ask);
    if (offer->price_mode == PRICE_EITHER && ask->pay == offer->b_currency)
        form->seen_a = form->seen_b;
    if (offer->price_mode != PRICE_BOTH)
        form->seen_b = -1;
    form->pay_with = offer->price_mode == PRICE_EITHER ? ask->pay : 0;
    const no answer = order_date_read(req, http_field(req, "date"), &form->starts_ns);

    if (answer != YES && sent)
        (void)deed_wrong(&req->ctx, "date", answer);
}

/* --- the page -------------------------------------------------------------------------------- */

static bool is_member(const struct http_req *req)
{
    return actor_has(&req->ctx, ROLE_MEMBER);
}

static bool is_inside(const struct http_req *req, int64_t currency)
{
    const struct house_unit *unit = house_unit(ctx_house(&req->ctx), currency);

    return unit != NULL && unit->unit.kind != UNIT_FIAT;
}

static void fill_variants(struct http_req *req, const struct ask *ask, struct order_ask_page *model)
{
    const struct sql_offer *offer = &ask->view.offer;
    struct ask_variant *list = arena_take_many(req->ctx.arena, ask->view.variants_n, sizeof *list);

    for (size_t i = 0; list != NULL && i < ask->view.variants_n; i++) {
        const struct sql_offer_variant *v = &ask->view.variants[i];

        list[i] =
            (struct ask_variant){.id = frame_digits(req, v->id),
                                 .label = v->label,
                                 .seen = seen_text(req, offer->id, v->id, v->a_minor, v->b_minor),
                                 .a = order_money_of(req, offer->a_currency, v->a_minor),
                                 .b = order_money_of(req, offer->b_currency, v->b_minor),
                                 .has_a = offer->a_currency != 0,
                                 .has_b = offer->b_currency != 0,
                                 .chosen = v->id == ask->variant,
                                 .gone = v->stock >= 0 && v->stock <= v->claimed};
    }
    model->variants = list;
    model->variants_n = list == NULL ? 0 : ask->view.variants_n;
}

static str also_typed(const struct http_req *req, int64_t offer)
{
    for (size_t i = 0; i < http_field_count(req, "also"); i++)
        if (number_at(req, "also", i, 0) == offer)
            return http_field_at(req, "also_quantity", i);
    return S("0");
}

static void fill_also(struct http_req *req, const struct ask *ask, struct order_ask_page *model)
{
    const struct sql_offer *offer = &ask->view.offer;
    struct ask_also *list = arena_take_many(req->ctx.arena, ask->view.also_n, sizeof *list);

    for (size_t i = 0; list != NULL && i < ask->view.also_n; i++) {
        const struct sql_order_also *o = &ask->view.also[i];

        list[i] = (struct ask_also){.id = frame_digits(req, o->offer),
                                    .title = o->title,
                                    .seen = seen_text(req, o->offer, 0, o->a_minor, o->b_minor),
                                    .quantity = also_typed(req, o->offer),
                                    .a = order_money_of(req, offer->a_currency, o->a_minor),
                                    .b = order_money_of(req, offer->b_currency, o->b_minor),
                                    .has_a = offer->a_currency != 0,
                                    .has_b = offer->b_currency != 0};
    }
    model->also = list;
    model->also_n = list == NULL ? 0 : ask->view.also_n;
    model->also_open = ask->form.lines_n > 1;
}

static no add_pay(struct http_req *req, const struct ask *ask, int64_t currency, int64_t sum,
                  struct ask_pay *list, size_t *n)
{
    struct order_purse purse = {0};
    const bool inside = is_inside(req, currency);

    if (currency == 0 || (inside && !is_member(req)))
        return YES;
    if (inside)
        TRY(view_order_purse(&req->ctx, currency, &purse));
    list[(*n)++] = (struct ask_pay){.value = frame_digits(req, currency),
                                    .amount = order_money_of(req, currency, sum),
                                    .chosen = currency == ask->pay,
                                    .purse = inside,
                                    .balance = order_money_of(req, currency, purse.balance),
                                    .available = order_money_of(req, currency, purse.available)};
    return YES;
}

static no fill_pays(struct http_req *req, const struct ask *ask, struct order_ask_page *model)
{
    const struct sql_offer *offer = &ask->view.offer;
    struct ask_pay *list = arena_take_many(req->ctx.arena, 2, sizeof *list);
    size_t n = 0;

    if (list == NULL)
        return NO_TOO_LARGE;
    TRY(add_pay(req, ask, offer->a_currency, ask->sum_a, list, &n));
    TRY(add_pay(req, ask, offer->b_currency, ask->sum_b, list, &n));
    if (n == 1)
        list[0].chosen = true;
    model->pays = list;
    model->pays_n = n;
    for (size_t i = 0; i < n; i++)
        model->outside = model->outside || !list[i].purse;
    return YES;
}

static no fill_totals(struct http_req *req, const struct ask *ask, struct order_ask_page *model)
{
    const struct sql_offer *offer = &ask->view.offer;
    const bool either = offer->price_mode == PRICE_EITHER;
    const bool second = either && ask->pay == offer->b_currency;
    money *totals = arena_take_many(req->ctx.arena, 2, sizeof *totals);
    size_t n = 0;

    if (totals == NULL)
        return NO_TOO_LARGE;
    if (offer->a_currency != 0 && !second)
        totals[n++] = order_money_of(req, offer->a_currency, ask->sum_a);
    if (offer->b_currency != 0 && (!either || second))
        totals[n++] = order_money_of(req, offer->b_currency, ask->sum_b);
    model->totals = totals;
    model->totals_n = n;
    return YES;
}

static void fill_share(struct http_req *req, struct order_ask_page *model)
{
    struct fee_split split;
    money total;

    if (model->totals_n == 0)
        return;
    total = model->totals[0];
    const struct fee_params params = house_fee(ctx_house(&req->ctx), total.unit.id);

    if (total.minor <= 0 || fee_split(total.minor, &params, &split) != YES || split.fee == 0)
        return;
    model->has_share = true;
    model->share =
        (struct order_share){.total = total,
                             .work = order_money_of(req, total.unit.id, split.provider),
                             .running = order_money_of(req, total.unit.id, split.running),
                             .reserve = order_money_of(req, total.unit.id, split.reserve),
                             .solidarity = order_money_of(req, total.unit.id, split.solidarity)};
    split_bar_draw(&model->share.bar, &split);
}

static str typed(const struct http_req *req, const char *name, str otherwise)
{
    const str value = http_field(req, name);

    return value.ptr == NULL ? otherwise : value;
}

/* An offer in hours alone is between members; one that takes either can be paid outside. */
static bool only_inside(const struct http_req *req, const struct sql_offer *offer)
{
    const bool a = is_inside(req, offer->a_currency), b = is_inside(req, offer->b_currency);

    return offer->price_mode == PRICE_EITHER ? a && b : a || b;
}

static void fill_closed(struct http_req *req, const struct ask *ask, struct order_ask_page *model)
{
    const struct order_ask_view *view = &ask->view;

    model->members_only =
        view->open && !is_member(req) && view->offer.side == 1 && only_inside(req, &view->offer);
    model->closed = !view->open || model->members_only;
    if (model->members_only)
        model->notice =
            frame_text(req, view->offer.side == 2 ? T_order_need_members : T_order_members_only);
    else if (view->offer.member == req->ctx.actor.member)
        model->notice = frame_text(req, T_order_own);
    else if (!view->open)
        model->notice = frame_text(req, T_order_closed);
    if (view->instead.offer > 0) {
        model->instead_id = frame_digits(req, view->instead.offer);
        model->instead_title = view->instead.title;
    }
}

static void fill_fields(struct http_req *req, const struct ask *ask, struct order_ask_page *model)
{
    const struct order_ask_view *view = &ask->view;
    const struct sql_offer *offer = &view->offer;
    char text[36];

    uid_write(ask->form.uid, text);
    *model = (struct order_ask_page){
        .title = offer->title,
        .offer = frame_digits(req, offer->id),
        .provider = view->owner.name,
        .worker = offer->side == 2 ? frame_text(req, T_order_you) : view->owner.name,
        .place = offer->place,
        .uid = arena_str(req->ctx.arena, (str){text, sizeof text}),
        .seen = seen_text(req, offer->id, 0, offer->a_minor, offer->b_minor),
        .need = offer->side == 2,
        .visitor = req->ctx.actor.member == 0,
        .several = offer->kind == ORDER_SALE || offer->stock >= 0 || offer->per != PER_WHOLE,
        .quantity = typed(req, "quantity", S("1")),
        .date = typed(req, "date", S("")),
        .date_min = order_date_field(req, req->ctx.now_ns),
        .note = typed(req, "note", S("")),
        .name = typed(req, "name", S("")),
        .email = typed(req, "email", S("")),
        .cancel = order_cancel_key(offer->cancel),
        .left = view->left,
        .accept_hours = view->terms.accept_ttl / ORDER_HOUR};
}

static no show(struct http_req *req, struct ask *ask, str notice, int status)
{
    struct order_ask_page model;
    struct page page;
    struct buf out;
    str title;

    fill_fields(req, ask, &model);
    fill_variants(req, ask, &model);
    fill_also(req, ask, &model);
    TRY(fill_pays(req, ask, &model));
    if (model.pays_n == 1 && ask->view.offer.price_mode == PRICE_EITHER)
        (void)str_to_int64(model.pays[0].value, &ask->pay);
    TRY(fill_totals(req, ask, &model));
    fill_share(req, &model);
    fill_closed(req, ask, &model);
    if (notice.len > 0)
        model.notice = notice;
    frame_errors(req, labels, &model.errors);
    frame_page(req, &page);
    frame_buf(req, &out);
    title = order_title(req, ask->view.offer.title, status >= 400);
    page_order_ask(&out, &page, &model, title);
    return http_html(req, status, &out);
}

static no read_view(struct http_req *req, struct ask *ask)
{
    int64_t offer;

    TRY(http_param_id(req, "id", &offer));
    return view_order_ask(&req->ctx, offer, &ask->view);
}

no http_order_ask(struct http_req *req)
{
    struct ask ask;

    TRY(read_view(req, &ask));
    read_ask(req, &ask, false);
    return show(req, &ask, STR_NONE, ask.view.open ? 200 : 409);
}

/* --- sending it ------------------------------------------------------------------------------ */

static enum lang_key why_key(no why)
{
    return why == NO_STOCK_TOO_SMALL         ? T_order_stock_now
           : why == NO_FLOOR_WOULD_BE_PASSED ? T_order_not_enough
                                             : T_order_closed;
}

/* The same page again, with today's prices and pieces, and everything that was typed. */
static no refuse(struct http_req *req, struct ask *ask, no why)
{
    const bool own_words =
        why == NO_STOCK_TOO_SMALL || why == NO_FLOOR_WOULD_BE_PASSED || why == NO_OFFER_NOT_OPEN;
    str notice;

    if (no_is_fault(why) || why == NO_NOT_FOUND)
        return why;
    TRY(read_view(req, ask));
    const size_t wrongs_n = req->ctx.wrongs_n;

    read_ask(req, ask, false);
    req->ctx.wrongs_n = wrongs_n;
    if (why == NO_STOCK_TOO_SMALL && ask->view.instead.offer == 0)
        (void)!view_order_instead(&req->ctx, &ask->view.offer, &ask->view.instead);
    notice = why == NO_BAD_FIELDS ? STR_NONE
             : own_words          ? frame_text(req, why_key(why))
                                  : frame_no_text(req, why);
    return show(req, ask, notice, no_line(why)->http);
}

static no ask_as_visitor(struct http_req *req, struct ask *ask)
{
    struct order_guest_form form = {
        .name = typed(req, "name", S("")), .email = typed(req, "email", S("")), .ask = ask->form};
    struct page page;
    struct buf out;

    /* It writes a letter to whatever address was typed. */
    TRY(http_rate_also(req, HTTP_RATE_SIGN_IN));
    const no answer = deed_order_guest(&req->ctx, &form);

    if (answer != YES)
        return refuse(req, ask, answer);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_order_ask_sent(&out, &page, frame_digits(req, ask->view.offer.id), form.email,
                        frame_text(req, T_order_letter_sent));
    return http_html(req, 200, &out);
}

no http_order_ask_do(struct http_req *req)
{
    struct ask ask;
    struct buf path;

    TRY(read_view(req, &ask));
    const bool counts = str_eq(http_field(req, "step"), S("count"));

    read_ask(req, &ask, !counts);
    if (counts)
        return show(req, &ask, STR_NONE, 200);
    if (req->ctx.wrongs_n > 0)
        return refuse(req, &ask, NO_BAD_FIELDS);
    if (req->ctx.actor.member == 0)
        return ask_as_visitor(req, &ask);
    const no answer = deed_order_request(&req->ctx, &ask.form);

    if (answer != YES)
        return refuse(req, &ask, answer);
    frame_flash(req, PAGE_FLASH_DONE, T_order_done_asked);
    buf_init(&path, req->ctx.arena, 32);
    buf_printf(&path, "/orders/%lld", (long long)ask.form.order);
    return http_redirect(req, buf_str(&path));
}
