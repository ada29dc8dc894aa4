/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/statement.h"

#include "base/buf.h"
#include "deeds/ledger.h"
#include "deeds/receipt.h"
#include "store/sql_ledger.h"
#include "store/sql_statement.h"

#include <assert.h>

/* One step of the chain: the account as it was after the transfer at `position`. */
struct step {
    int64_t position, seq, debits, credits;
};

struct walk {
    struct ctx *ctx;
    const struct ledger_account *account;
    struct step at;
    struct statement_line *lines;
    size_t lines_n;
};

static bool may_see(const struct ctx *ctx, int64_t owner)
{
    return owner == 0 || ctx->actor.console || ctx->actor.clock || ctx->actor.member == owner ||
           actor_has(ctx, ROLE_ACCOUNTANT | ROLE_AUDITOR);
}

/* --- one line ------------------------------------------------------------------------------------
 */

static no read_other(struct ctx *ctx, int64_t account, int64_t *other, str *name, str *handle)
{
    struct sql_statement_owner row;

    TRY(sql_statement_owner_get(ctx->db, ctx->arena, account, &row));
    *other = row.owner;
    *name = row.name;
    *handle = row.handle;
    return YES;
}

static int64_t order_of(uint32_t cause, int64_t cause_id)
{
    return cause == CAUSE_ORDER || cause == CAUSE_CORRECTION ? cause_id : 0;
}

static no read_note(struct ctx *ctx, const struct sql_statement_entry *entry, str *note)
{
    struct sql_entry_note row = {.body = STR_NONE};

    if (entry->cause == CAUSE_CORRECTION) {
        *note = entry->label; /* the reason that the accountant gave */
        return YES;
    }
    if (entry->cause == CAUSE_SEND) {
        const no answer = sql_entry_note_get(ctx->db, ctx->arena, entry->id, &row);

        if (answer != YES && answer != NO_NOT_FOUND)
            return answer;
    }
    *note = row.body;
    return YES;
}

static no read_place(struct ctx *ctx, int64_t entry, int64_t *place)
{
    const no answer = view_receipt_place(ctx, entry, place);

    if (answer == NO_NOT_FOUND)
        *place = -1;
    return answer == NO_NOT_FOUND ? YES : answer;
}

static no add_line(struct walk *walk, const struct ledger_transfer *t, bool is_debit)
{
    struct statement_line *line = &walk->lines[walk->lines_n];
    const int sign = ledger_sign(walk->account->nature);
    struct sql_statement_entry entry;
    struct ctx *ctx = walk->ctx;

    TRY(sql_statement_entry_get(ctx->db, ctx->arena, t->entry, &entry));
    *line = (struct statement_line){.position = walk->at.position,
                                    .seq = t->seq,
                                    .entry = t->entry,
                                    .num = entry.num,
                                    .booked_ns = entry.booked_ns,
                                    .journal = entry.journal,
                                    .year = entry.year,
                                    .book_date = entry.book_date,
                                    .code = t->code,
                                    .cause = entry.cause,
                                    .correction = (t->flags & LEDGER_CORRECTION) != 0,
                                    .piece_ref = entry.piece_ref,
                                    .order = order_of(entry.cause, entry.cause_id),
                                    .amount = is_debit ? -sign * t->amount : sign * t->amount,
                                    .balance = sign * (walk->at.credits - walk->at.debits)};
    TRY(read_note(ctx, &entry, &line->note));
    TRY(read_place(ctx, t->entry, &line->place));
    TRY(read_other(ctx, is_debit ? t->credit : t->debit, &line->other, &line->other_name,
                   &line->other_handle));
    walk->lines_n++;
    return YES;
}

/* --- the walk
 * ------------------------------------------------------------------------------------- */

/* Steps from the transfer at walk->at to the one before. `wanted`: its line too. */
static no step_back(struct walk *walk, bool wanted)
{
    struct ledger_transfer t;
    struct step *at = &walk->at;

    TRY(sql_transfer_get(walk->ctx->db, walk->ctx->arena, at->seq, &t));
    const bool is_debit = t.debit == walk->account->id;
    const bool moves = (t.flags & (LEDGER_PENDING | LEDGER_VOID)) == 0;

    if (!is_debit && t.credit != walk->account->id)
        return NO_STORE_BROKEN;
    if (wanted && moves)
        TRY(add_line(walk, &t, is_debit));
    if (moves)
        *(is_debit ? &at->debits : &at->credits) -= t.amount;
    at->seq = is_debit ? t.debit_prev : t.credit_prev;
    at->position--;
    return YES;
}

/* The end of the chain, or a mark at or after `upto`. */
static no enter(struct walk *walk, int64_t upto)
{
    const struct ledger_account *a = walk->account;
    struct sql_account_mark mark;

    walk->at = (struct step){a->transfers_n, a->last_seq, a->debits_posted, a->credits_posted};
    if (upto == a->transfers_n)
        return YES;
    const no answer = sql_mark_after(walk->ctx->db, walk->ctx->arena, a->id, upto, &mark);

    if (answer == NO_NOT_FOUND)
        return YES;
    TRY(answer);
    if (mark.n < a->transfers_n)
        walk->at = (struct step){mark.n, mark.seq, mark.debits_posted, mark.credits_posted};
    return YES;
}

static no read_lines(struct ctx *ctx, const struct statement_ask *ask, struct statement *out)
{
    const int64_t n = out->account.transfers_n;
    struct walk walk = {.ctx = ctx, .account = &out->account};

    out->upto = ask->upto > 0 && ask->upto < n ? ask->upto : n;
    out->from = out->upto > (int64_t)ask->count ? out->upto - (int64_t)ask->count + 1 : 1;
    walk.lines = arena_take_many(ctx->arena, ask->count, sizeof *walk.lines);
    if (walk.lines == NULL)
        return NO_TOO_LARGE;
    TRY(enter(&walk, out->upto));
    while (walk.at.position >= out->from && walk.at.position > 0)
        TRY(step_back(&walk, walk.at.position <= out->upto));
    out->lines = walk.lines;
    out->lines_n = walk.lines_n;
    return YES;
}

/* --- what is held
 * --------------------------------------------------------------------------------- */

static no read_holds(struct ctx *ctx, struct statement *out)
{
    const int sign = ledger_sign(out->account.nature);
    struct sql_statement_hold *rows;
    size_t rows_n;

    if (out->account.debits_pending == 0 && out->account.credits_pending == 0)
        return YES;
    TRY(sql_statement_holds(ctx->db, ctx->arena, out->account.id, STATEMENT_HOLDS_MAX, &rows,
                            &rows_n));
    struct statement_hold *holds = arena_take_many(ctx->arena, rows_n, sizeof *holds);

    if (holds == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < rows_n; i++) {
        const bool is_debit = rows[i].debit == out->account.id;
        struct sql_statement_entry entry;
        str handle;

        TRY(sql_statement_entry_get(ctx->db, ctx->arena, rows[i].entry, &entry));
        holds[i] = (struct statement_hold){.seq = rows[i].seq,
                                           .amount = is_debit ? -sign * rows[i].amount
                                                              : sign * rows[i].amount,
                                           .expires_ns = rows[i].expires_ns,
                                           .order = order_of(entry.cause, entry.cause_id),
                                           .code = rows[i].code};
        TRY(read_other(ctx, is_debit ? rows[i].credit : rows[i].debit, &holds[i].other,
                       &holds[i].other_name, &handle));
    }
    out->holds = holds;
    out->holds_n = rows_n;
    return YES;
}

no view_statement(struct ctx *ctx, const struct statement_ask *ask, struct statement *out)
{
    struct statement statement = {.exists = false};

    assert(ask->count > 0 && ask->count <= STATEMENT_COUNT_MAX);
    if (!may_see(ctx, ask->owner))
        return NO_NOT_ALLOWED;
    const no found = sql_account_find(ctx->db, ctx->arena, ask->owner, ask->number,
                                      (int32_t)ask->currency, &statement.account);

    if (found != YES && found != NO_NOT_FOUND)
        return found;
    if (found == YES) {
        statement.exists = true;
        TRY(read_lines(ctx, ask, &statement));
        if (!ask->no_holds)
            TRY(read_holds(ctx, &statement));
    }
    *out = statement;
    return YES;
}

no view_accounts(struct ctx *ctx, int64_t owner, const struct ledger_account **accounts,
                 size_t *accounts_n)
{
    struct ledger_account *rows;

    if (!may_see(ctx, owner))
        return NO_NOT_ALLOWED;
    TRY(sql_account_of_owner(ctx->db, ctx->arena, owner, &rows, accounts_n));
    *accounts = rows;
    return YES;
}

/* --- names
 * ---------------------------------------------------------------------------------------- */

const char *ledger_journal_code(int32_t journal)
{
    static const char *const codes[] = {
        [JOURNAL_OPENING] = "AN", [JOURNAL_SALES] = "VE", [JOURNAL_BANK] = "BQ",
        [JOURNAL_GENERAL] = "OD", [JOURNAL_TIME] = "HE",  [JOURNAL_CREDIT] = "CR",
        [JOURNAL_DIRECT] = "PD"};

    return journal >= JOURNAL_OPENING && journal <= JOURNAL_DIRECT ? codes[journal] : "??";
}

str statement_reference(struct arena *arena, int32_t journal, int32_t year, int64_t num)
{
    struct buf out;

    buf_init(&out, arena, 24);
    buf_printf(&out, "%s %d-", ledger_journal_code(journal), (int)year);
    buf_put_int(&out, num);
    return buf_str(&out);
}
