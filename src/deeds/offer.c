/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/offer.h"

#include "deeds/house.h"
#include "deeds/market_search.h"
#include "deeds/member.h"
#include "deeds/offer_index.h"
#include "store/sql_member.h"

/* --- status ------------------------------------------------------------------------------------
 */

static no set_status(struct ctx *ctx, void *form_)
{
    const struct offer_status_form *form = form_;
    struct sql_offer row;

    TRY(sql_offer_get(ctx->db, ctx->arena, form->offer, &row));
    const bool mine = ctx->actor.member != 0 && row.member == ctx->actor.member;
    const bool moderation = actor_has(ctx, ROLE_FACILITATOR);

    if (!mine && !(moderation && (form->to == OFFER_REMOVED || row.status == OFFER_REMOVED)))
        return NO_NOT_ALLOWED;
    TRY(offer_status_check((enum offer_status)row.status, form->to, moderation));
    if (row.status == (int64_t)form->to)
        return YES;
    TRY(sql_offer_set_status(ctx->db, row.id, form->to, ctx->now_ns));
    return offer_index(ctx, row.id);
}

no deed_offer_status(struct ctx *ctx, struct offer_status_form *form)
{
    return deed_run(ctx, set_status, form);
}

/* --- one offer whole --- */

no view_offer(struct ctx *ctx, int64_t offer, int64_t reviews, struct offer_view *view)
{
    *view = (struct offer_view){0};
    TRY(sql_offer_get(ctx->db, ctx->arena, offer, &view->row));
    TRY(sql_offer_who(ctx->db, ctx->arena, view->row.member, &view->who));
    TRY(sql_offer_variant_list(ctx->db, ctx->arena, offer, &view->variants, &view->variants_n));
    if (view->row.photo > 0)
        TRY(sql_market_photo_list(ctx->db, ctx->arena, offer, &view->photos, &view->photos_n));
    if (view->row.reviews_n > 0)
        TRY(sql_market_review_list(ctx->db, ctx->arena, offer, reviews, &view->reviews,
                                   &view->reviews_n));
    view->has_profile = view->who.status == MEMBER_ACTIVE && (view->who.roles & ROLE_MEMBER) != 0;
    view->mine = ctx->actor.member != 0 && ctx->actor.member == view->row.member;
    return YES;
}

no view_offer_mine(struct ctx *ctx, int64_t most, struct sql_market_card **cards, size_t *cards_n)
{
    return sql_market_mine(ctx->db, ctx->arena, ctx->actor.member, most, cards, cards_n);
}

/* --- an offer as its form --- */

static str as_field(struct ctx *ctx, int64_t currency, int64_t minor)
{
    struct buf out;

    buf_init(&out, ctx->arena, 24);
    money_put_field(&out, house_money(ctx_house(ctx), currency, minor));
    return buf_str(&out);
}

static void fill_amounts(struct ctx *ctx, const struct sql_offer *row, struct offer_form *form)
{
    for (enum offer_unit unit = OFFER_IN_MONEY; unit < OFFER_UNITS; unit++) {
        const struct house_unit *known = offer_unit(ctx_house(ctx), unit);
        const int64_t currency = known == NULL ? -1 : known->unit.id;

        form->amounts[unit] = S("");
        if (row->a_currency == currency)
            form->amounts[unit] = as_field(ctx, currency, row->a_minor);
        else if (row->b_currency == currency)
            form->amounts[unit] = as_field(ctx, currency, row->b_minor);
    }
    form->both = row->price_mode == PRICE_BOTH;
}

no view_offer_form(struct ctx *ctx, int64_t offer, struct offer_form *form)
{
    struct sql_offer row;
    struct buf stock;

    TRY(sql_offer_get(ctx->db, ctx->arena, offer, &row));
    if (ctx->actor.member == 0 || row.member != ctx->actor.member)
        return NO_NOT_ALLOWED;
    if (row.status != OFFER_OPEN && row.status != OFFER_PAUSED)
        return NO_OFFER_NOT_OPEN;
    *form = (struct offer_form){.id = row.id,
                                .seen_ns = row.updated_ns,
                                .side = row.side,
                                .kind = row.kind,
                                .category = row.category,
                                .per = row.per,
                                .cancel = row.cancel,
                                .title = row.title,
                                .body = row.body,
                                .place = row.place,
                                .stock = S("")};
    buf_init(&stock, ctx->arena, 16);
    if (row.stock >= 0) {
        buf_put_int(&stock, row.stock);
        form->stock = buf_str(&stock);
    }
    form->stock_seen = form->stock;
    fill_amounts(ctx, &row, form);
    return YES;
}
