/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Paying from person to person: four lines to copy, the code that fills them in, or cash; and the
 * receipt.
 */
#include "doors/http/order.h"

#include "deeds/house.h"
#include "doors/http/rooms.h"
#include "pages/page_order_pay.h"
#include "wire/epcqr.h"
#include "wire/iban.h"
#include "wire/rf.h"

static bool has_button(const struct order_view *view, enum order_event event)
{
    for (size_t i = 0; i < view->next_n; i++)
        if (view->next[i] == event)
            return true;
    return false;
}

static const struct order_part *direct_part(const struct order_view *view)
{
    for (size_t i = 0; i < view->order.facts.deal.parts_n; i++)
        if (view->order.facts.deal.parts[i].funding == ORDER_DIRECT)
            return &view->order.facts.deal.parts[i];
    return NULL;
}

static str amount_plain(struct http_req *req, money amount)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 24);
    money_put_plain(&out, amount);
    return buf_str(&out);
}

static str iban_shown(struct http_req *req, const struct iban *iban)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 48);
    iban_put(&out, iban);
    return buf_str(&out);
}

/* Only in euro, where the code exists; without it the four lines do. */
static html code_of(struct http_req *req, const struct order_view *view, money amount)
{
    const struct epcqr transfer = {.bic = view->provider.bic,
                                   .name = view->provider.name,
                                   .iban = view->provider.iban,
                                   .amount_cents = amount.minor,
                                   .reference = view->order.row.reference};
    struct buf payload, svg;

    buf_init(&payload, req->ctx.arena, EPCQR_SIZE_MAX);
    buf_init(&svg, req->ctx.arena, 8 * 1024);
    if (!str_eq(str_of(amount.unit.code), S("EUR")) || epcqr_write(&payload, &transfer) != YES ||
        epcqr_svg(&svg, buf_str(&payload)) != YES || buf_failed(&svg))
        return (html){S("")};
    return (html){buf_str(&svg)};
}

static void fill_account(struct http_req *req, const struct order_view *view,
                         struct order_pay_page *model)
{
    struct iban iban;

    if (view->me != ORDER_BUYER || iban_check(view->provider.iban, &iban) != IBAN_GOOD)
        return;
    model->has_iban = true;
    model->iban = iban_shown(req, &iban);
    model->iban_plain = arena_str(req->ctx.arena, iban_str(&iban));
    model->qr = code_of(req, view, model->amount);
}

no http_order_pay(struct http_req *req)
{
    const struct order_part *part;
    struct order_pay_page model;
    struct order_view view;
    struct page page;
    struct buf out;
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    TRY(view_order(&req->ctx, id, &view));
    part = direct_part(&view);
    if (part == NULL || view.order.facts.accepted_ns == 0 ||
        (view.me != ORDER_BUYER && view.me != ORDER_PROVIDER))
        return NO_NOT_FOUND;
    model = (struct order_pay_page){.id = frame_digits(req, id),
                                    .title = view.order.row.title,
                                    .provider = view.provider.name,
                                    .name = view.provider.name,
                                    .reference = view.order.row.reference,
                                    .amount =
                                        order_money_of(req, part->currency, order_part_total(part)),
                                    .said = view.order.facts.pay_said,
                                    .seen = view.order.facts.pay_seen,
                                    .mine = view.me == ORDER_BUYER,
                                    .events_seen = view.order.row.events_n,
                                    .can_say = has_button(&view, ORDER_DO_PAY_SAID),
                                    .can_see = has_button(&view, ORDER_DO_PAY_SEEN)};
    model.amount_plain = amount_plain(req, model.amount);
    if (view.order.facts.timer_event == ORDER_DO_PAY_TIMEOUT)
        model.until = frame_moment(req, view.order.facts.timer_ns);
    fill_account(req, &view, &model);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_order_pay(&out, &page, &model, frame_text(req, T_order_pay));
    return http_html(req, 200, &out);
}

no http_order_receipt(struct http_req *req)
{
    struct order_receipt_page model;
    struct order_page parts = {0};
    struct order_view view;
    struct page page;
    struct buf out;
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    TRY(view_order(&req->ctx, id, &view));
    order_page_parts(req, &view, &parts);
    model = (struct order_receipt_page){.id = frame_digits(req, id),
                                        .reference = view.order.row.reference,
                                        .title = view.order.row.title,
                                        .buyer = view.buyer.name,
                                        .provider = view.provider.name,
                                        .asked = frame_moment(req, view.order.facts.requested_ns),
                                        .coop = ctx_house(&req->ctx)->name,
                                        .state = order_state_key(view.order.row.state),
                                        .lines = parts.lines,
                                        .lines_n = parts.lines_n,
                                        .parts = parts.parts,
                                        .parts_n = parts.parts_n,
                                        .over = order_is_over(view.order.row.state)};
    if (view.order.facts.ended_ns > 0)
        model.ended = frame_moment(req, view.order.facts.ended_ns);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_order_receipt(&out, &page, &model, frame_text(req, T_order_receipt));
    return http_html(req, 200, &out);
}
