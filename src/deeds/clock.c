/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/clock.h"

#include "deeds/ledger.h"
#include "deeds/order.h"
#include "deeds/register_house.h"
#include "deeds/review.h"
#include "store/sql_ledger.h"

enum { AT_ONCE = 100 };

static no expire(struct ctx *ctx, void *n)
{
    return ledger_expire(ctx, AT_ONCE, n);
}

static no open_reviews(struct ctx *ctx)
{
    struct review_clock_form form = {.most = AT_ONCE};
    int64_t due;

    TRY(sql_review_due_n(ctx->db, ctx->now_ns, &due));
    while (due > 0) {
        const size_t mark = arena_mark(ctx->arena);

        TRY(deed_review_clock(ctx, &form));
        arena_rewind(ctx->arena, mark);
        due = form.published == AT_ONCE;
    }
    return YES;
}

no deed_clock_round(struct ctx *ctx)
{
    struct order_clock_form orders = {.most = AT_ONCE};
    int64_t expired = 0, due = 0;

    /* Asked of the reader first: a quiet second costs no write. */
    TRY(sql_order_due_n(ctx->db, ctx->now_ns, &due));
    while (due > 0) {
        const size_t mark = arena_mark(ctx->arena);

        TRY(deed_order_clock(ctx, &orders));
        arena_rewind(ctx->arena, mark);
        due = orders.played == AT_ONCE;
    }
    TRY(sql_hold_expired_n(ctx->db, ctx->now_ns, &due));
    if (due > 0)
        TRY(deed_run(ctx, expire, &expired));
    TRY(open_reviews(ctx));
    return deed_register_close(ctx);
}
