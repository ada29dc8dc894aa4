/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/money.h"

#include "base/time.h"
#include "deeds/house.h"
#include "deeds/ledger.h"
#include "store/sql_ledger.h"
#include "store/sql_money.h"

int64_t money_coop(const struct money_sum *sum)
{
    return sum->total - sum->work;
}

static no read_years(struct ctx *ctx, struct money_view *view)
{
    struct sql_money_year *rows;
    size_t rows_n;

    TRY(sql_money_years(ctx->db, ctx->arena, view->currency, &rows, &rows_n));
    for (size_t i = 0; i < rows_n && i < MONEY_YEARS_MAX; i++)
        view->years[view->years_n++] = (int32_t)rows[i].year;
    return YES;
}

/* What one code of one month adds. `total` is what was paid: of euros the whole price went directly
 * to the provider, who owes the co-op its part; inside the co-op the part is paid beside it. */
static void add_code(struct money_sum *sum, const struct sql_ledger_month *row, bool fiat)
{
    switch ((enum ledger_code)row->code) {
    case CODE_PRICE:
        sum->payments_n += fiat ? 0 : row->n;
        sum->total += row->amount;
        return;
    case CODE_DIRECT:
        sum->payments_n += row->n;
        sum->total += row->amount;
        return;
    case CODE_REFUND:
        sum->total -= row->amount;
        return;
    case CODE_FEE:
        sum->total += row->amount;
        sum->running += row->amount; /* cut into strata once the month is whole */
        return;
    case CODE_FEE_RUNNING:
        sum->running += row->amount;
        return;
    case CODE_FEE_RESERVE:
        sum->reserve += row->amount;
        return;
    case CODE_FEE_SOLIDARITY:
        sum->solidarity += row->amount;
        return;
    case CODE_DEPOSIT:
    case CODE_PENALTY:
    case CODE_DEBT:
    case CODE_SEND:
    case CODE_GIFT:
        return;
    }
}

/* The co-op's part of hours and credits is kept whole: here it is cut as the members decided. */
static no finish(struct money_view *view, struct money_sum *sum, bool fiat)
{
    struct fee_split split;

    if (!fiat && sum->running > 0) {
        TRY(fee_strata_of(sum->running, &view->fee, &split));
        sum->running = split.running;
        sum->reserve = split.reserve;
        sum->solidarity = split.solidarity;
    }
    sum->work = sum->total - sum->running - sum->reserve - sum->solidarity;
    return YES;
}

static void add_sum(struct money_sum *to, const struct money_sum *from)
{
    to->total += from->total;
    to->work += from->work;
    to->running += from->running;
    to->reserve += from->reserve;
    to->solidarity += from->solidarity;
    to->payments_n += from->payments_n;
}

static no read_months(struct ctx *ctx, struct money_view *view, bool fiat)
{
    struct sql_ledger_month *rows;
    size_t rows_n;

    TRY(sql_month_of_year(ctx->db, ctx->arena, view->currency, view->year, &rows, &rows_n));
    for (size_t i = 0; i < rows_n; i++) {
        add_code(&view->months[rows[i].month - 1], &rows[i], fiat);
        if (rows[i].code == CODE_SEND)
            view->sent += rows[i].amount;
    }
    for (size_t i = 0; i < MONEY_MONTHS; i++) {
        TRY(finish(view, &view->months[i], fiat));
        add_sum(&view->year_sum, &view->months[i]);
    }
    return YES;
}

no view_money(struct ctx *ctx, int64_t currency, int32_t year, struct money_view *out)
{
    const struct house *house = ctx_house(ctx);
    const struct house_unit *unit = house_unit(house, currency);
    struct money_view view = {.currency = currency, .year = year};
    struct ledger_head head;

    if (unit == NULL)
        return NO_NOT_FOUND;
    TRY(read_years(ctx, &view));
    if (view.year == 0)
        view.year = view.years_n > 0 ? view.years[0] : time_civil(ctx->now_ns, &house->zone).year;
    view.fee = house_fee(house, currency);
    TRY(read_months(ctx, &view, unit->unit.kind == UNIT_FIAT));
    TRY(sql_ledger_head_get(ctx->db, ctx->arena, 0, 0, &head));
    view.entries_n = head.entry;
    view.last_ns = head.booked_ns;
    *out = view;
    return YES;
}
