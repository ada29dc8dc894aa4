/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The statement of one account: what moved, with whom, why, and what was there after each line. It
 * walks the account's own chain from a mark near the page that is asked for, so that it costs the
 * same whatever the history. Source: screens.md /account/statement, specs ledger I9.
 */
#ifndef DEEDS_STATEMENT_H
#define DEEDS_STATEMENT_H

#include "deeds/ctx.h"
#include "rules/ledger.h"

enum { STATEMENT_HOLDS_MAX = 100, STATEMENT_COUNT_MAX = 2000 };

/* Amounts are signed as the balance is: more than 0 adds to it. Of 411000 (what is owed to the
 * co-op) and of every asset, more is more owed. */
struct statement_line {
    int64_t position; /* in the account's chain, from 1 */
    int64_t seq, entry, num, booked_ns;
    int64_t place; /* in the register; -1 = not there */
    int32_t journal, year, book_date;
    uint32_t code, cause; /* enum ledger_code, enum ledger_cause */
    bool correction;
    str piece_ref, note; /* note: what the sender wrote */
    int64_t order;       /* 0 = none */
    int64_t other;       /* member on the other side; 0 = the co-op */
    str other_name, other_handle;
    int64_t amount, balance; /* balance after it */
};

/* An amount that is reserved: less than 0 leaves this account when it is paid out. */
struct statement_hold {
    int64_t seq, amount, expires_ns, order, other;
    uint32_t code;
    str other_name;
};

struct statement_ask {
    int64_t owner; /* member, 0 = the co-op */
    int32_t number;
    int64_t currency;
    int64_t upto;  /* newest position wanted; 0 = the newest there is */
    size_t count;  /* positions, at most STATEMENT_COUNT_MAX */
    bool no_holds; /* of a page that does not show them */
};

struct statement {
    bool exists; /* false: nothing was ever booked; everything else is 0 */
    struct ledger_account account;
    int64_t upto, from; /* positions looked at; lines are those that moved something */
    const struct statement_line *lines; /* newest first */
    size_t lines_n;
    const struct statement_hold *holds; /* newest first, at most STATEMENT_HOLDS_MAX */
    size_t holds_n;
};

/* Of oneself; of anybody for the accountant, the auditor and the console; the co-op's own are
 * everybody's. NO_NOT_ALLOWED, NO_TOO_LARGE. */
no view_statement(struct ctx *ctx, const struct statement_ask *ask,
                  struct statement *statement) MUST_USE;

/* What a member has in every currency: his accounts, ascending by currency and number. Same
 * permissions. */
no view_accounts(struct ctx *ctx, int64_t owner, const struct ledger_account **accounts,
                 size_t *accounts_n) MUST_USE;

/* "HE 2026-12": journal, year, number. In the arena. */
str statement_reference(struct arena *arena, int32_t journal, int32_t year, int64_t num);
/* AN, VE, BQ, OD, HE, CR, PD; "??" for what is none. */
const char *ledger_journal_code(int32_t journal);

#endif
