/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/house.h"
#include "deeds/ledger_in.h"
#include "rules/chart.h"
#include "store/sql_ledger.h"

void ledger_purse_limits(struct ctx *ctx, int64_t currency, struct ledger_account *account)
{
    const struct house *house = ctx_house(ctx);
    const struct house_unit *unit = house_unit(house, currency);
    struct buf name;

    buf_init(&name, ctx->arena, 64);
    buf_printf(&name, "limit.%s.floor", unit->unit.code);
    account->has_floor = true;
    account->floor = house_param(house, buf_str(&name), 0);
    buf_clear(&name);
    buf_printf(&name, "limit.%s.ceiling", unit->unit.code);
    account->ceiling = house_param(house, buf_str(&name), INT64_MAX);
    account->has_ceiling = account->ceiling != INT64_MAX;
    if (!account->has_ceiling)
        account->ceiling = 0;
}

/* The limits of a new account, from the entry that comes next on: the audit reads them there. */
static no limits_known(struct ctx *ctx, const struct ledger_account *a)
{
    struct ledger_head head;

    if (ctx->book == NULL || !ctx->book->head_known)
        TRY(sql_ledger_head_get(ctx->db, ctx->arena, 0, 0, &head));
    else
        head = ctx->book->head;
    return sql_limit_change_put(ctx->db, a->id, a->has_floor, a->floor, a->has_ceiling, a->ceiling,
                                head.entry, 0, ctx->now_ns);
}

no ledger_account_of(struct ctx *ctx, int64_t owner, int32_t number, int64_t currency,
                     int64_t *account)
{
    struct ledger_account row;
    const no found = sql_account_find(ctx->db, ctx->arena, owner, number, (int32_t)currency, &row);

    if (found == YES) {
        *account = row.id;
        return YES;
    }
    if (found != NO_NOT_FOUND)
        return found;
    const struct chart_line *line = chart_find(number);
    struct ledger_account opened = {.owner = owner};

    if (line == NULL || house_unit(ctx_house(ctx), currency) == NULL)
        return NO_ACCOUNT_UNKNOWN;
    if (owner != 0 && (number == CHART_TIME || number == CHART_CREDIT))
        ledger_purse_limits(ctx, currency, &opened);
    const uid name = ledger_new_uid(ctx);

    TRY(sql_account_open(ctx->db, name.bytes, (int32_t)currency, number, owner, line->nature,
                         owner == 0 ? LEDGER_SYSTEM : LEDGER_AUXILIARY, opened.has_floor,
                         opened.floor, opened.has_ceiling, opened.ceiling, ctx->now_ns,
                         &opened.id));
    *account = opened.id;
    return limits_known(ctx, &opened);
}

no ledger_purse_of(struct ctx *ctx, int64_t owner, int64_t currency, int64_t *account)
{
    const struct house_unit *unit = house_unit(ctx_house(ctx), currency);

    if (unit == NULL)
        return NO_ACCOUNT_UNKNOWN;
    const int32_t number = unit->unit.kind == UNIT_FIAT   ? CHART_DIRECT
                           : unit->unit.kind == UNIT_TIME ? CHART_TIME
                                                          : CHART_CREDIT;

    return ledger_account_of(ctx, owner, number, currency, account);
}
