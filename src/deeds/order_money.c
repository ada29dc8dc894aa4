/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/house.h"
#include "deeds/ledger.h"
#include "deeds/order_in.h"

#include "rules/fee.h"

#include <assert.h>

/* The legs of one journal's entry, and where the number of each hold has to be written. */
struct sheet {
    enum ledger_journal journal;
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    int64_t *hold_seq[LEDGER_LEGS_MAX];
    size_t legs_n;
};
enum { SHEETS_MAX = 4 };
struct sheets {
    struct sheet sheet[SHEETS_MAX];
    size_t sheets_n;
};

static struct sheet *sheet_for(struct sheets *sheets, enum ledger_journal journal)
{
    for (size_t i = 0; i < sheets->sheets_n; i++)
        if (sheets->sheet[i].journal == journal)
            return &sheets->sheet[i];
    assert(sheets->sheets_n < SHEETS_MAX);
    sheets->sheet[sheets->sheets_n].journal = journal;
    return &sheets->sheet[sheets->sheets_n++];
}

static struct ledger_leg *add_leg(struct sheet *sheet, enum ledger_kind kind, uint32_t code)
{
    assert(sheet->legs_n < LEDGER_LEGS_MAX);
    struct ledger_leg *leg = &sheet->legs[sheet->legs_n++];

    *leg = (struct ledger_leg){.kind = kind, .code = code};
    return leg;
}

static int64_t member_of(const struct order *order, enum order_who who)
{
    return who == ORDER_BUYER ? order->row.buyer : who == ORDER_PROVIDER ? order->row.provider : 0;
}

static int64_t *hold_of(struct order *order, const struct order_move *move)
{
    struct sql_order_part *part = &order->parts[move->part];

    return move->leg == ORDER_LEG_PROVIDER ? &part->hold_provider
           : move->leg == ORDER_LEG_FEE    ? &part->hold_fee
                                           : &part->hold_deposit;
}

static uint32_t code_of(const struct order_move *move)
{
    return move->leg == ORDER_LEG_FEE       ? CODE_FEE
           : move->leg == ORDER_LEG_DEPOSIT ? CODE_DEPOSIT
                                            : CODE_PRICE;
}

static enum ledger_journal journal_of(const struct order_part *part)
{
    return part->unit_kind == UNIT_TIME   ? JOURNAL_TIME
           : part->unit_kind == UNIT_FIAT ? JOURNAL_DIRECT
                                          : JOURNAL_CREDIT;
}

static no between(struct ctx *ctx, struct order *order, const struct order_move *move,
                  struct ledger_leg *leg)
{
    const int32_t currency = order->facts.deal.parts[move->part].currency;

    leg->amount = move->amount;
    leg->currency = currency;
    TRY(ledger_purse_of(ctx, member_of(order, move->from), currency, &leg->debit));
    return ledger_purse_of(ctx, member_of(order, move->to), currency, &leg->credit);
}

/* The co-op's due from the provider, cut into the strata that the members decided. */
static no fee_due(struct ctx *ctx, struct order *order, const struct order_move *move,
                  struct sheets *sheets)
{
    const int32_t currency = order->facts.deal.parts[move->part].currency;
    const struct fee_params params = house_fee(ctx_house(ctx), currency);
    struct sheet *sheet = sheet_for(sheets, JOURNAL_SALES);
    struct fee_split strata;
    int64_t owes;

    TRY(fee_strata_of(move->amount, &params, &strata));
    TRY(ledger_account_of(ctx, order->row.provider, CHART_MEMBER_OWES, currency, &owes));
    const struct {
        int64_t amount;
        int32_t number;
        uint32_t code;
    } cuts[] = {{strata.running, CHART_FEE_RUNNING, CODE_FEE_RUNNING},
                {strata.reserve, CHART_FEE_RESERVE, CODE_FEE_RESERVE},
                {strata.solidarity, CHART_FEE_SOLIDARITY, CODE_FEE_SOLIDARITY}};

    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        if (cuts[i].amount == 0)
            continue;
        struct ledger_leg *leg = add_leg(sheet, LEDGER_LEG_PLAIN, cuts[i].code);

        leg->debit = owes;
        leg->amount = cuts[i].amount;
        leg->currency = currency;
        TRY(ledger_account_of(ctx, 0, cuts[i].number, currency, &leg->credit));
    }
    return YES;
}

/* A debt between two members is a memo on accounts of its own; received, it is struck out and noted
 * as paid directly. */
static no debt(struct ctx *ctx, struct order *order, const struct order_move *move,
               struct sheet *sheet)
{
    const int32_t currency = order->facts.deal.parts[move->part].currency;
    struct ledger_leg *leg = add_leg(sheet, LEDGER_LEG_PLAIN, CODE_DEBT);
    const bool seen = move->what == ORDER_OWE_SEEN;

    leg->amount = move->amount;
    leg->currency = currency;
    TRY(ledger_account_of(ctx, member_of(order, move->from), CHART_DEBT, currency,
                          seen ? &leg->credit : &leg->debit));
    TRY(ledger_account_of(ctx, member_of(order, move->to), CHART_DEBT, currency,
                          seen ? &leg->debit : &leg->credit));
    if (!seen)
        return YES;
    return between(ctx, order, move, add_leg(sheet, LEDGER_LEG_PLAIN, CODE_DIRECT));
}

static no add_move(struct ctx *ctx, struct order *order, const struct order_move *move,
                   struct sheets *sheets)
{
    const struct order_part *part = &order->facts.deal.parts[move->part];
    struct sheet *sheet = move->what == ORDER_FEE_DUE ? NULL : sheet_for(sheets, journal_of(part));
    struct ledger_leg *leg;

    switch (move->what) {
    case ORDER_HOLD:
        sheet->hold_seq[sheet->legs_n] = hold_of(order, move);
        return between(ctx, order, move, add_leg(sheet, LEDGER_LEG_HOLD, code_of(move)));
    case ORDER_POST:
        leg = add_leg(sheet, LEDGER_LEG_POST, code_of(move));
        leg->hold = *hold_of(order, move);
        leg->amount = move->amount;
        *hold_of(order, move) = 0;
        return YES;
    case ORDER_VOID:
        leg = add_leg(sheet, LEDGER_LEG_VOID, code_of(move));
        leg->hold = *hold_of(order, move);
        *hold_of(order, move) = 0;
        return YES;
    case ORDER_PAY:
        return between(ctx, order, move, add_leg(sheet, LEDGER_LEG_PLAIN, CODE_REFUND));
    case ORDER_RECEIPT:
        return between(ctx, order, move, add_leg(sheet, LEDGER_LEG_PLAIN, CODE_DIRECT));
    case ORDER_FEE_DUE:
        return fee_due(ctx, order, move, sheets);
    case ORDER_OWE:
    case ORDER_OWE_SEEN:
        return debt(ctx, order, move, sheet);
    }
    assert(false && "a movement the order room does not know");
    return NO_STORE_BROKEN;
}

static no post_sheet(struct ctx *ctx, struct order *order, const struct sheet *sheet,
                     int64_t *entry)
{
    struct ledger_done done;

    TRY(ledger_post(ctx,
                    &(struct ledger_ask){.journal = sheet->journal,
                                         .cause = CAUSE_ORDER,
                                         .cause_id = order->row.id,
                                         .piece_ref = order->row.reference,
                                         .label = str_of(order_kind_name(order->row.kind)),
                                         .legs = sheet->legs,
                                         .legs_n = sheet->legs_n},
                    &done));
    for (size_t i = 0; i < sheet->legs_n; i++)
        if (sheet->hold_seq[i] != NULL)
            *sheet->hold_seq[i] = done.first_seq + (int64_t)i;
    *entry = done.entry;
    return YES;
}

no order_move_money(struct ctx *ctx, struct order *order, const struct order_plan *plan,
                    int64_t *entry)
{
    if (plan->moves_n == 0)
        return YES;
    struct sheets *sheets = arena_take(ctx->arena, sizeof *sheets);

    if (sheets == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < plan->moves_n; i++)
        TRY(add_move(ctx, order, &plan->moves[i], sheets));
    for (size_t i = 0; i < sheets->sheets_n; i++)
        TRY(post_sheet(ctx, order, &sheets->sheet[i], entry));
    return YES;
}
