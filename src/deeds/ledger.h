/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The only way money moves: a deed asks for ONE entry, the rule plans it, the store keeps it, and
 * before the deed goes on the entry is read back and compared. Everything here runs inside a deed
 * (ctx->writing).
 */
#ifndef DEEDS_LEDGER_H
#define DEEDS_LEDGER_H

#include "base/id.h"
#include "deeds/ctx.h"
#include "rules/ledger.h"

/* Journals; the numbers are stored for ever. The two-letter codes are those of the accounting
 * files. */
enum ledger_journal {
    JOURNAL_OPENING = 1, /* AN */
    JOURNAL_SALES = 2,   /* VE: contributions of the co-op */
    JOURNAL_BANK = 3,    /* BQ */
    JOURNAL_GENERAL = 4, /* OD */
    JOURNAL_TIME = 5,    /* HE: hours */
    JOURNAL_CREDIT = 6,  /* CR: exchange credits */
    JOURNAL_DIRECT = 7,  /* PD: euros paid directly between members, class 8 */
};
enum ledger_cause {
    CAUSE_ORDER = 1,
    CAUSE_SEND = 2, /* a member sends hours or credits to another */
    CAUSE_CORRECTION = 3,
    CAUSE_FOUNDING = 4,
    CAUSE_IMPORT = 5,
    CAUSE_EXPIRY = 6,
    CAUSE_BENCH = 7,
    CAUSE_LEAVE = 8, /* a member leaves and gives what remains; cause_id = member */
};
/* What a leg is; stored in transfer.code. */
enum ledger_code {
    CODE_PRICE = 1,
    CODE_FEE_RUNNING = 2,
    CODE_FEE_RESERVE = 3,
    CODE_FEE_SOLIDARITY = 4,
    CODE_DEPOSIT = 5,
    CODE_REFUND = 6,
    CODE_PENALTY = 7,
    CODE_DIRECT = 8, /* paid outside, said by who received it */
    CODE_DEBT = 9,
    CODE_SEND = 10,
    CODE_FEE = 11,  /* held for the co-op, strata not cut yet */
    CODE_GIFT = 12, /* to the common purse */
};

/* Chart numbers of the accounts that deeds name (rules/chart.h has the whole chart). */
enum {
    CHART_MEMBER_OWES = 411000,
    CHART_FEE_RUNNING = 708201,
    CHART_FEE_RESERVE = 708202,
    CHART_FEE_SOLIDARITY = 708203,
    CHART_TIME = 801000,
    CHART_CREDIT = 802000,
    CHART_DIRECT = 803000,
    CHART_DEBT = 804000,
};

struct ledger_ask {
    uid uid; /* zero: one is made */
    enum ledger_journal journal;
    enum ledger_cause cause;
    int64_t cause_id;     /* the order, the import ...; 0 = none */
    str piece_ref, label; /* at most LEDGER_TEXT_MAX bytes; never a person's name */
    const struct ledger_leg *legs;
    size_t legs_n;
    int64_t corrects;
};
struct ledger_done {
    int64_t entry, first_seq; /* leg i is transfer first_seq + i */
    bool again; /* the same entry had been asked for before: nothing was written now */
};

/* Books one entry. NO_ALREADY_DONE_DIFFERENTLY: this uid was used for another body.
 * NO_STORE_BROKEN: what was read back is not what was planned. Everything that ledger_plan_entry
 * says. */
no ledger_post(struct ctx *ctx, const struct ledger_ask *ask, struct ledger_done *done) MUST_USE;

/* Around many entries of one deed (an import, a payout, the clock): accounts, heads and sums of
 * months are then read and written once. Between the two only this room knows the balances: do not
 * read accounts from the store. Nested pairs count as one; deed_try settles what is open and
 * forgets what it undoes; a deed that refuses need not close. Takes some 400 KiB of ctx->arena:
 * NO_TOO_LARGE. */
no ledger_batch_open(struct ctx *ctx) MUST_USE;
no ledger_batch_close(struct ctx *ctx) MUST_USE;
/* For deed_try alone: writes and checks what is open; how often it is open; forgets it, because it
 * was undone, and is as open again as it was: who refused did not close what it opened. */
no ledger_batch_settle(struct ctx *ctx) MUST_USE;
int ledger_batch_depth(const struct ctx *ctx);
void ledger_batch_forget(struct ctx *ctx, int depth);

/* The account of an owner (0 = the co-op) in a currency; opened on first use, with the limits the
 * members decided for purses of hours and credits (limit.CODE.floor, limit.CODE.ceiling).
 * NO_ACCOUNT_UNKNOWN: no such number in the chart. */
no ledger_account_of(struct ctx *ctx, int64_t owner, int32_t number, int64_t currency,
                     int64_t *account) MUST_USE;
/* The purse of a member in a unit of time or credit, or the direct account in a fiat one. */
no ledger_purse_of(struct ctx *ctx, int64_t owner, int64_t currency, int64_t *account) MUST_USE;

/* The limits that the members decided for a purse that is opened now: fills has_floor, floor,
 * has_ceiling, ceiling. A ceiling that was not decided is none; a purse always has a floor. */
void ledger_purse_limits(struct ctx *ctx, int64_t currency, struct ledger_account *account);

/* Undoes an entry with a new one. ENTRY_UNKNOWN, ALREADY_REVERSED, and what ledger_plan_reversal
 * says. */
no ledger_reverse(struct ctx *ctx, int64_t entry, str reason, struct ledger_done *done) MUST_USE;
/* Writes the expiry of every hold whose time has passed (at most `most`); *n how many. The clock's
 * deed. */
no ledger_expire(struct ctx *ctx, int64_t most, int64_t *n) MUST_USE;

/* Makes again what is derived, the sums of months and the marks on the accounts' chains: one deed,
 * some seconds for a million entries. */
no deed_ledger_rebuild(struct ctx *ctx) MUST_USE;
/* Its two halves. Inside a deed. */
no ledger_months_rebuild(struct ctx *ctx) MUST_USE;
no ledger_marks_rebuild(struct ctx *ctx) MUST_USE;

#endif
