/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/order_in.h"

#include "rules/offer.h"
#include "store/sql_offer.h"

/* What a line's claim on its offer has come to; stored. */
enum claim { CLAIM_NONE = 0, CLAIM_PENDING = 1, CLAIM_FIRM = 2, CLAIM_USED = 3 };

static no claims_of_line(struct ctx *ctx, const struct sql_order_line *line,
                         struct offer_claims *claims)
{
    struct sql_offer offer;
    struct sql_offer_variant variant;

    if (line->variant != 0) {
        TRY(sql_offer_variant_get(ctx->db, ctx->arena, line->variant, &variant));
        *claims = (struct offer_claims){.stock = variant.stock, .firm = variant.claimed};
        return YES;
    }
    TRY(sql_offer_get(ctx->db, ctx->arena, line->offer, &offer));
    *claims = (struct offer_claims){.stock = offer.stock, .firm = offer.claimed};
    return YES;
}

static no claim(struct ctx *ctx, const struct sql_order_line *line, int64_t pieces)
{
    return line->variant != 0 ? sql_offer_variant_claim(ctx->db, line->variant, pieces)
                              : sql_offer_claim(ctx->db, line->offer, pieces);
}

static no use(struct ctx *ctx, const struct sql_order_line *line)
{
    return line->variant != 0 ? sql_offer_variant_use(ctx->db, line->variant, line->quantity)
                              : sql_offer_use(ctx->db, line->offer, line->quantity);
}

/* Takes every line's pieces for good, or says which cannot be had: then the whole act is undone
 * with its savepoint. */
static no firm(struct ctx *ctx, struct order *order)
{
    for (size_t i = 0; i < order->lines_n; i++) {
        struct sql_order_line *line = &order->lines[i];
        struct offer_claims claims;

        if (line->claim == CLAIM_FIRM)
            continue;
        TRY(claims_of_line(ctx, line, &claims));
        TRY(offer_claim_check(&claims, OFFER_OPEN, OFFER_CLAIM_FIRM, line->quantity));
        TRY(claim(ctx, line, line->quantity));
        line->claim = CLAIM_FIRM;
    }
    return sql_order_line_claim(ctx->db, order->row.id, CLAIM_FIRM);
}

static no release(struct ctx *ctx, struct order *order)
{
    for (size_t i = 0; i < order->lines_n; i++)
        if (order->lines[i].claim == CLAIM_FIRM)
            TRY(claim(ctx, &order->lines[i], -order->lines[i].quantity));
    return sql_order_line_claim(ctx->db, order->row.id, CLAIM_NONE);
}

/* Sold and done things leave the stock; a lent thing comes back to it. */
static no used(struct ctx *ctx, struct order *order)
{
    if (order->row.kind == ORDER_RENTAL || order->row.kind == ORDER_SLOT)
        return release(ctx, order);
    for (size_t i = 0; i < order->lines_n; i++)
        if (order->lines[i].claim == CLAIM_FIRM)
            TRY(use(ctx, &order->lines[i]));
    return sql_order_line_claim(ctx->db, order->row.id, CLAIM_USED);
}

/* Whether a request can still be met: each of its lines has its pieces left. */
static no can_be_met(struct ctx *ctx, const struct order *order, bool *met)
{
    *met = true;
    for (size_t i = 0; i < order->lines_n && *met; i++) {
        struct offer_claims claims;

        TRY(claims_of_line(ctx, &order->lines[i], &claims));
        *met = claims.stock == OFFER_STOCK_UNLIMITED ||
               offer_claim_left(&claims) >= order->lines[i].quantity;
    }
    return YES;
}

static no decline_if_hopeless(struct ctx *ctx, int64_t id)
{
    struct order other;
    int64_t entry = 0;
    bool met;
    const struct order_act act = {
        .event = ORDER_DO_DECLINE, .who = ORDER_CLOCK, .now_ns = ctx->now_ns};

    TRY(order_read(ctx, id, &other));
    TRY(can_be_met(ctx, &other, &met));
    return met ? YES : order_do(ctx, &other, &act, STR_NONE, &entry);
}

/* Requests that compete for what has just been promised to another are declined by the clock at
 * once, so nobody waits in vain. */
static no decline_others(struct ctx *ctx, const struct order *order)
{
    for (size_t i = 0; i < order->lines_n; i++) {
        struct offer_claims claims;
        struct sql_id *ids;
        size_t ids_n;

        TRY(claims_of_line(ctx, &order->lines[i], &claims));
        if (claims.stock == OFFER_STOCK_UNLIMITED)
            continue;
        TRY(sql_order_of_offer_in_state(ctx->db, ctx->arena, order->lines[i].offer, ORDER_REQUESTED,
                                        order->row.id, &ids, &ids_n));
        for (size_t n = 0; n < ids_n; n++) {
            const size_t mark = arena_mark(ctx->arena);

            TRY(decline_if_hopeless(ctx, ids[n].id));
            arena_rewind(ctx->arena, mark);
        }
    }
    return YES;
}

no order_move_stock(struct ctx *ctx, struct order *order, const struct order_plan *plan)
{
    switch (plan->availability) {
    case ORDER_AVAIL_NONE:
    case ORDER_AVAIL_IN_USE:
        return YES;
    case ORDER_AVAIL_SOFT:
    case ORDER_AVAIL_PENDING:
        return sql_order_line_claim(ctx->db, order->row.id, CLAIM_PENDING);
    case ORDER_AVAIL_FIRM:
    case ORDER_AVAIL_MOVE:
        TRY(firm(ctx, order));
        return decline_others(ctx, order);
    case ORDER_AVAIL_USED:
        return used(ctx, order);
    case ORDER_AVAIL_RELEASE:
        return release(ctx, order);
    }
    return YES;
}
