/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/ledger_in.h"

#include "base/time.h"
#include "store/sql_ledger.h"

/* The sums of a few months at a time: entries come in the order of their days, nearly. */
struct again {
    struct ctx *ctx;
    struct book_month months[BOOK_MONTHS];
    size_t months_n;
};

static no write_months(struct again *again)
{
    for (size_t i = 0; i < again->months_n; i++) {
        const struct book_month *m = &again->months[i];

        TRY(sql_month_add(again->ctx->db, m->currency, m->year, m->month, m->code, m->amount,
                          m->n));
    }
    again->months_n = 0;
    return YES;
}

static no add_move(void *again_, const struct sql_month_move *move)
{
    struct again *again = again_;
    const int64_t amount = book_month_amount(move->flags, move->amount);
    const struct civil day = time_civil_of_days(move->book_date);

    if (amount == 0)
        return YES;
    for (size_t i = 0; i < again->months_n; i++) {
        struct book_month *m = &again->months[i];

        if (m->currency != move->currency || m->code != move->code || m->year != day.year ||
            m->month != day.month)
            continue;
        m->n++;
        return __builtin_add_overflow(m->amount, amount, &m->amount) ? NO_SUM_WOULD_OVERFLOW : YES;
    }
    if (again->months_n == BOOK_MONTHS)
        TRY(write_months(again));
    again->months[again->months_n++] =
        (struct book_month){(int32_t)move->currency, day.year, day.month, move->code, amount, 1};
    return YES;
}

no ledger_months_rebuild(struct ctx *ctx)
{
    struct again again = {.ctx = ctx};

    TRY(sql_month_forget(ctx->db));
    TRY(sql_month_moves(ctx->db, add_move, &again));
    return write_months(&again);
}

/* --- marks
 * ----------------------------------------------------------------------------------------- */

/* Goes back along one chain; the marks it leaves are those that the ledger would have left, or
 * better. */
static no mark_account(void *ctx_, const struct ledger_account *account)
{
    struct ctx *ctx = ctx_;
    int64_t n = account->transfers_n, seq = account->last_seq;
    int64_t debits = account->debits_posted, credits = account->credits_posted;

    for (; n > 0; n--) {
        struct ledger_transfer t;

        if (n % BOOK_MARK == 0)
            TRY(sql_mark_put(ctx->db, account->id, n, seq, debits, credits));
        TRY(sql_transfer_get(ctx->db, ctx->arena, seq, &t));
        const bool is_debit = t.debit == account->id;

        if (!is_debit && t.credit != account->id)
            return NO_STORE_BROKEN;
        if ((t.flags & (LEDGER_PENDING | LEDGER_VOID)) == 0)
            *(is_debit ? &debits : &credits) -= t.amount;
        seq = is_debit ? t.debit_prev : t.credit_prev;
    }
    return YES;
}

no ledger_marks_rebuild(struct ctx *ctx)
{
    TRY(sql_mark_forget(ctx->db));
    return sql_account_each(ctx->db, mark_account, ctx);
}

static no rebuild(struct ctx *ctx, void *unused)
{
    (void)unused;
    TRY(ledger_months_rebuild(ctx));
    return ledger_marks_rebuild(ctx);
}

no deed_ledger_rebuild(struct ctx *ctx)
{
    return deed_run(ctx, rebuild, NULL);
}
