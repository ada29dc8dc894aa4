/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/journal.h"

#include "base/utf8.h"
#include "deeds/ledger.h"
#include "deeds/member.h"
#include "store/sql_ledger.h"
#include "store/sql_money.h"

#include <assert.h>

static bool knows_names(const struct ctx *ctx)
{
    return ctx->actor.console || actor_has(ctx, ROLE_ACCOUNTANT | ROLE_AUDITOR);
}

/* --- entries with their legs
 * ----------------------------------------------------------------------- */

static no read_side(struct ctx *ctx, int64_t account, struct journal_side *side)
{
    struct sql_journal_side row;

    TRY(sql_journal_side_get(ctx->db, ctx->arena, account, &row));
    *side = (struct journal_side){.account = account,
                                  .owner = row.owner,
                                  .number = row.number,
                                  .name = knows_names(ctx) ? row.name : S("")};
    return YES;
}

/* Adds the entry, unless it does not touch the number that is asked for. */
static no add_entry(struct ctx *ctx, const struct ledger_entry *row, int32_t only,
                    struct journal_entry *list, size_t *list_n)
{
    struct ledger_transfer *transfers;
    size_t n;
    bool touches = only == 0;

    TRY(sql_transfer_range(ctx->db, ctx->arena, row->first_seq,
                           row->first_seq + row->transfers_n - 1, &transfers, &n));
    struct journal_leg *legs = arena_take_many(ctx->arena, n, sizeof *legs);

    if (legs == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++) {
        const struct ledger_transfer *t = &transfers[i];

        legs[i] = (struct journal_leg){.seq = t->seq,
                                       .amount = t->amount,
                                       .currency = t->currency,
                                       .code = t->code,
                                       .flags = t->flags};
        TRY(read_side(ctx, t->debit, &legs[i].debit));
        TRY(read_side(ctx, t->credit, &legs[i].credit));
        touches = touches || legs[i].debit.number == only || legs[i].credit.number == only;
    }
    if (!touches)
        return YES;
    struct journal_entry *entry = &list[(*list_n)++];

    *entry = (struct journal_entry){*row, legs, n};
    if (!knows_names(ctx))
        entry->entry.label = entry->entry.piece_ref = S("");
    return YES;
}

static no last_number(struct ctx *ctx, const struct journal_ask *ask, int64_t *last)
{
    struct ledger_head head;
    no answer;

    *last = 0;
    if (ask->journal == 0) {
        TRY(sql_ledger_head_get(ctx->db, ctx->arena, 0, 0, &head));
        *last = head.entry;
        return YES;
    }
    answer = sql_journal_head_num(ctx->db, ask->journal, ask->year, last);
    return answer == NO_NOT_FOUND ? YES : answer;
}

no view_journal(struct ctx *ctx, const struct journal_ask *ask, struct journal_page *out)
{
    struct journal_page page = {.last = 0};
    struct ledger_entry *rows;
    size_t rows_n;

    assert(ask->count > 0 && ask->count <= JOURNAL_COUNT_MAX);
    TRY(last_number(ctx, ask, &page.last));
    page.upto = ask->upto > 0 && ask->upto < page.last ? ask->upto : page.last;
    page.from = page.upto > (int64_t)ask->count ? page.upto - (int64_t)ask->count + 1 : 1;
    if (ask->journal == 0)
        TRY(sql_entries_between(ctx->db, ctx->arena, page.from, page.upto, &rows, &rows_n));
    else
        TRY(sql_journal_entries(ctx->db, ctx->arena, ask->journal, ask->year, page.from, page.upto,
                                &rows, &rows_n));
    struct journal_entry *list = arena_take_many(ctx->arena, rows_n, sizeof *list);

    if (list == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < rows_n; i++)
        TRY(add_entry(ctx, &rows[i], ask->only, list, &page.entries_n));
    page.entries = list;
    *out = page;
    return YES;
}

no view_journal_entry(struct ctx *ctx, int64_t id, struct journal_entry *entry,
                      int64_t *corrected_by)
{
    struct ledger_entry row;
    size_t n = 0;

    if (!knows_names(ctx))
        return NO_NOT_ALLOWED;
    TRY(sql_entry_get(ctx->db, ctx->arena, id, &row));
    TRY(add_entry(ctx, &row, 0, entry, &n));
    const no answer = sql_entry_correction_of(ctx->db, id, corrected_by);

    if (answer == NO_NOT_FOUND)
        *corrected_by = 0;
    return answer == NO_NOT_FOUND ? YES : answer;
}

/* --- which there are
 * ------------------------------------------------------------------------------- */

no view_journals(struct ctx *ctx, const struct journal_known **out, size_t *out_n)
{
    struct sql_journal_head *rows;
    size_t rows_n;

    TRY(sql_journal_heads(ctx->db, ctx->arena, &rows, &rows_n));
    struct journal_known *list = arena_take_many(ctx->arena, rows_n, sizeof *list);

    if (list == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < rows_n; i++)
        list[i] =
            (struct journal_known){(int32_t)rows[i].journal, (int32_t)rows[i].year, rows[i].num};
    *out = list;
    *out_n = rows_n;
    return YES;
}

int32_t journal_of_number(int32_t number)
{
    switch (number) {
    case CHART_MEMBER_OWES:
    case CHART_FEE_RUNNING:
    case CHART_FEE_RESERVE:
    case CHART_FEE_SOLIDARITY:
        return JOURNAL_SALES;
    case CHART_TIME:
        return JOURNAL_TIME;
    case CHART_CREDIT:
        return JOURNAL_CREDIT;
    case CHART_DIRECT:
    case CHART_DEBT:
        return JOURNAL_DIRECT;
    default:
        return number / 1000 == 512 ? JOURNAL_BANK : JOURNAL_GENERAL;
    }
}

/* --- the trial balance
 * ----------------------------------------------------------------------------- */

no view_trial_balance(struct ctx *ctx, const struct trial_line **out, size_t *out_n)
{
    struct sql_ledger_sum *rows;
    size_t rows_n;

    if (!knows_names(ctx))
        return NO_NOT_ALLOWED;
    TRY(sql_ledger_sums(ctx->db, ctx->arena, &rows, &rows_n));
    struct trial_line *lines = arena_take_many(ctx->arena, rows_n, sizeof *lines);

    if (lines == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < rows_n; i++) {
        const int64_t over = rows[i].debits_posted - rows[i].credits_posted;

        lines[i] = (struct trial_line){.currency = rows[i].currency,
                                       .number = rows[i].number,
                                       .chart = chart_find(rows[i].number),
                                       .accounts_n = rows[i].accounts_n,
                                       .debits = rows[i].debits_posted,
                                       .credits = rows[i].credits_posted,
                                       .debits_pending = rows[i].debits_pending,
                                       .credits_pending = rows[i].credits_pending,
                                       .debit_balance = over > 0 ? over : 0,
                                       .credit_balance = over < 0 ? -over : 0};
    }
    *out = lines;
    *out_n = rows_n;
    return YES;
}

/* --- corrections
 * ----------------------------------------------------------------------------------- */

/* What a running order has booked is undone by the order: its holds and its state belong together.
 */
static no check_order(struct ctx *ctx, int64_t id)
{
    struct ledger_entry row;
    int64_t running = 0;

    TRY(sql_entry_get(ctx->db, ctx->arena, id, &row));
    if ((row.cause == CAUSE_ORDER || row.cause == CAUSE_CORRECTION) && row.cause_id > 0)
        TRY(sql_journal_order_running(ctx->db, row.cause_id, &running));
    return running > 0 ? NO_ORDERS_RUNNING : YES;
}

static no reverse(struct ctx *ctx, void *form_)
{
    struct journal_reverse_form *form = form_;
    const str reason = utf8_tidy_line(ctx->arena, form->reason);
    struct ledger_done done;

    if (!actor_has(ctx, ROLE_ACCOUNTANT))
        return NO_NOT_ALLOWED;
    if (!member_check_line(ctx, "reason", form->reason, JOURNAL_REASON_MAX, true))
        return NO_BAD_FIELDS;
    if (reason.len > LEDGER_TEXT_MAX)
        return deed_wrong_bound(ctx, "reason", NO_FIELD_TOO_LONG, JOURNAL_REASON_MAX);
    TRY(check_order(ctx, form->entry));
    TRY(ledger_reverse(ctx, form->entry, reason, &done));
    form->made = done.entry;
    return YES;
}

no deed_journal_reverse(struct ctx *ctx, struct journal_reverse_form *form)
{
    return deed_run(ctx, reverse, form);
}
