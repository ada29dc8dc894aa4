/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The journals, page by page, with every leg; the trial balance; and the only correction there is:
 * an entry that undoes another. Names of people are for the accountant and the auditor; everybody
 * else reads numbers of accounts.
 */
#ifndef DEEDS_JOURNAL_H
#define DEEDS_JOURNAL_H

#include "deeds/ctx.h"
#include "rules/chart.h"
#include "rules/ledger.h"

enum { JOURNAL_COUNT_MAX = 2000, JOURNAL_REASON_MAX = 120 };

struct journal_side {
    int64_t account, owner; /* owner 0 = the co-op */
    int32_t number;
    str name; /* of the owner; empty for the co-op and for who may not know */
};
struct journal_leg {
    struct journal_side debit, credit;
    int64_t seq, amount;
    int32_t currency;
    uint32_t code, flags;
};
struct journal_entry {
    struct ledger_entry entry; /* piece_ref and label are empty for who may not know */
    const struct journal_leg *legs;
    size_t legs_n;
};

struct journal_ask {
    int32_t journal; /* 0 = all journals, in the order they were booked */
    int32_t year;    /* of one journal; 0 with all */
    int64_t upto;    /* newest number (of all: entry id) wanted; 0 = the newest there is */
    size_t count;    /* at most JOURNAL_COUNT_MAX */
    int32_t only;    /* only entries that touch this number of the chart; 0 = any */
};
struct journal_page {
    int64_t last; /* newest number there is */
    int64_t upto, from;
    const struct journal_entry *entries; /* newest first */
    size_t entries_n;
};
no view_journal(struct ctx *ctx, const struct journal_ask *ask, struct journal_page *page) MUST_USE;
/* One entry, and what corrects it (0 = nothing does). NO_NOT_FOUND; NO_NOT_ALLOWED for who is
 * neither accountant nor auditor. */
no view_journal_entry(struct ctx *ctx, int64_t id, struct journal_entry *entry,
                      int64_t *corrected_by) MUST_USE;

/* Journals that have entries: newest year first. */
struct journal_known {
    int32_t journal, year;
    int64_t entries_n;
};
no view_journals(struct ctx *ctx, const struct journal_known **list, size_t *list_n) MUST_USE;
/* The journal in which entries of this number are booked. */
int32_t journal_of_number(int32_t number);

/* Sums of every number of the chart that has an account; debits equal credits in each currency, and
 * so do the pending ones. */
struct trial_line {
    int32_t currency, number;
    const struct chart_line *chart;
    int64_t accounts_n, debits, credits, debits_pending, credits_pending;
    int64_t debit_balance, credit_balance; /* one of them is 0 */
};
/* NO_NOT_ALLOWED for who is neither accountant nor auditor. */
no view_trial_balance(struct ctx *ctx, const struct trial_line **lines, size_t *lines_n) MUST_USE;

/* The accountant undoes an entry, saying why. NO_NOT_ALLOWED; wrong fields: `reason`. Then what
 * ledger_reverse says: ALREADY_REVERSED, HOLD_..., FLOOR_WOULD_BE_PASSED ...; ORDERS_RUNNING: what
 * a running order has booked is settled in the order. NO_NOT_FOUND. */
struct journal_reverse_form {
    int64_t entry;
    str reason;
    int64_t made; /* answer: the new entry */
};
no deed_journal_reverse(struct ctx *ctx, struct journal_reverse_form *form) MUST_USE;

#endif
