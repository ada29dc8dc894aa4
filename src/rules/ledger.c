/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Reading accounts, and the plans around an entry: its day, its reversal, an account's limits and
 * its end. Planning the entry itself is ledger_plan.c.
 */
#include "rules/ledger.h"

#include <assert.h>

/* --- reading an account ----------------------------------------------------------------------- */

int ledger_sign(enum ledger_nature nature)
{
    switch (nature) {
    case LEDGER_ASSET:
    case LEDGER_EXPENSE:
        return -1;
    case LEDGER_LIABILITY:
    case LEDGER_EQUITY:
    case LEDGER_INCOME:
    case LEDGER_MEMO:
        return 1;
    }
    assert(false && "a nature that is not one");
    return 0;
}

/* Both sums are in 0..2^62, so the difference fits. */
int64_t ledger_balance(const struct ledger_account *account)
{
    return ledger_sign(account->nature) * (account->credits_posted - account->debits_posted);
}

int64_t ledger_lowest(const struct ledger_account *account)
{
    const bool by_credit = ledger_sign(account->nature) > 0;

    return ledger_balance(account) -
           (by_credit ? account->debits_pending : account->credits_pending);
}

int64_t ledger_highest(const struct ledger_account *account)
{
    const bool by_credit = ledger_sign(account->nature) > 0;

    return ledger_balance(account) +
           (by_credit ? account->credits_pending : account->debits_pending);
}

static bool takes_no_part(const struct ledger_account *account)
{
    return account->closed_ns || account->flags & LEDGER_FROZEN;
}

/* a - b, 0 when negative, INT64_MAX when it does not fit. */
static int64_t gap(int64_t a, int64_t b)
{
    int64_t difference;

    if (a <= b)
        return 0;
    return __builtin_sub_overflow(a, b, &difference) ? INT64_MAX : difference;
}

int64_t ledger_available(const struct ledger_account *account)
{
    if (takes_no_part(account))
        return 0;
    return account->has_floor ? gap(ledger_lowest(account), account->floor) : INT64_MAX;
}

int64_t ledger_room(const struct ledger_account *account)
{
    if (takes_no_part(account))
        return 0;
    return account->has_ceiling ? gap(account->ceiling, ledger_highest(account)) : INT64_MAX;
}

/* --- the day ---------------------------------------------------------------------------------- */

no ledger_book_date(int32_t *book_date, int32_t asked, bool exact, bool accountant,
                    const struct ledger_head *head)
{
    const int32_t first = accountant ? head->soft_from : head->open_from;

    assert(head->soft_from <= head->open_from);
    if (asked < first && exact)
        return NO_PERIOD_CLOSED;
    *book_date = asked < first ? first : asked;
    return YES;
}

/* --- the reversal of an entry ----------------------------------------------------------------- */

static const struct ledger_hold *hold_of(const struct ledger_hold *holds, size_t holds_n,
                                         int64_t seq)
{
    for (size_t i = 0; i < holds_n; i++)
        if (holds[i].seq == seq)
            return &holds[i];
    return NULL;
}

/* A hold is undone by releasing it, and only while open: what resolved it is another entry. */
static no reverse_hold(struct ledger_leg *leg, const struct ledger_transfer *transfer,
                       const struct ledger_hold *hold)
{
    if (!hold)
        return NO_HOLD_UNKNOWN;
    if (hold->state == LEDGER_HOLD_POSTED)
        return NO_HOLD_ALREADY_POSTED;
    if (hold->state == LEDGER_HOLD_VOIDED)
        return NO_HOLD_ALREADY_VOIDED;
    if (hold->state == LEDGER_HOLD_EXPIRED)
        return NO_HOLD_EXPIRED;
    *leg = (struct ledger_leg){.kind = LEDGER_LEG_VOID,
                               .debit = transfer->debit,
                               .credit = transfer->credit,
                               .amount = transfer->amount,
                               .currency = transfer->currency,
                               .hold = transfer->seq};
    return YES;
}

static no reverse_transfer(struct ledger_leg *leg, const struct ledger_transfer *transfer,
                           const struct ledger_hold *holds, size_t holds_n)
{
    const uint32_t kept = LEDGER_OPENING | LEDGER_CLOSING;

    if (transfer->flags & LEDGER_EXPIRED)
        return NO_HOLD_EXPIRED;
    if (transfer->flags & LEDGER_VOID)
        return NO_HOLD_ALREADY_VOIDED;
    if (transfer->flags & LEDGER_PENDING)
        TRY(reverse_hold(leg, transfer, hold_of(holds, holds_n, transfer->seq)));
    else
        *leg = (struct ledger_leg){.kind = LEDGER_LEG_PLAIN,
                                   .debit = transfer->credit,
                                   .credit = transfer->debit,
                                   .amount = transfer->amount,
                                   .currency = transfer->currency};
    leg->code = transfer->code;
    leg->event_ns = transfer->event_ns;
    leg->marks = (transfer->flags & kept) | LEDGER_CORRECTION;
    return YES;
}

no ledger_plan_reversal(struct ledger_request *request, struct ledger_leg legs[LEDGER_LEGS_MAX],
                        const struct ledger_entry *original, int64_t reversed_by,
                        const struct ledger_transfer *transfers, size_t transfers_n,
                        const struct ledger_hold *holds, size_t holds_n)
{
    struct ledger_leg undone[LEDGER_LEGS_MAX];

    if (!original)
        return NO_ENTRY_UNKNOWN;
    if (reversed_by)
        return NO_ALREADY_REVERSED;
    assert(transfers_n > 0 && transfers_n <= LEDGER_LEGS_MAX);
    for (size_t i = 0; i < transfers_n; i++) {
        assert(transfers[i].entry == original->id);
        TRY(reverse_transfer(&undone[transfers_n - 1 - i], &transfers[i], holds, holds_n));
    }
    /* From here on it must succeed. */
    for (size_t i = 0; i < transfers_n; i++)
        legs[i] = undone[i];
    request->corrects = original->id;
    request->legs = legs;
    request->legs_n = transfers_n;
    return YES;
}

/* --- an account's limits and its end ---------------------------------------------------------- */

no ledger_plan_close(struct ledger_account *closed, const struct ledger_account *account,
                     int64_t now_ns)
{
    assert(now_ns > 0);
    if (account->closed_ns)
        return NO_ACCOUNT_CLOSED;
    if (account->flags & LEDGER_FROZEN)
        return NO_ACCOUNT_FROZEN;
    if (account->debits_pending || account->credits_pending)
        return NO_ACCOUNT_HAS_HOLDS;
    if (ledger_balance(account) != 0)
        return NO_ACCOUNT_NOT_EMPTY;
    *closed = *account;
    closed->closed_ns = now_ns;
    return YES;
}

static bool limit_possible(const int64_t *limit)
{
    return !limit || (*limit >= -LEDGER_SUM_MAX && *limit <= LEDGER_SUM_MAX);
}

no ledger_plan_limits(struct ledger_account *limited, const struct ledger_account *account,
                      const int64_t *floor, const int64_t *ceiling)
{
    if (account->closed_ns)
        return NO_ACCOUNT_CLOSED;
    if (!limit_possible(floor) || !limit_possible(ceiling) ||
        (floor && ceiling && *floor > *ceiling))
        return NO_FIELD_OUT_OF_RANGE;
    *limited = *account;
    limited->has_floor = floor != NULL;
    limited->floor = floor ? *floor : 0;
    limited->has_ceiling = ceiling != NULL;
    limited->ceiling = ceiling ? *ceiling : 0;
    return YES;
}

/* --- an accountant's entry -------------------------------------------------------------------- */

static no check_lines(const struct ledger_line *lines, size_t lines_n)
{
    int64_t debits = 0, credits = 0;

    for (size_t i = 0; i < lines_n; i++)
        if (lines[i].debit < 0 || lines[i].credit < 0 || !lines[i].debit == !lines[i].credit)
            return NO_AMOUNT_NOT_POSITIVE;
    for (size_t i = 0; i < lines_n; i++)
        if (lines[i].debit > MONEY_MAX || lines[i].credit > MONEY_MAX)
            return NO_AMOUNT_TOO_LARGE;
    if (lines_n == 0)
        return NO_ENTRY_EMPTY;
    /* n lines need at most n - 1 legs; more lines than that are too long whatever they say. */
    if (lines_n > 2 * LEDGER_LEGS_MAX)
        return NO_ENTRY_TOO_LONG;
    for (size_t i = 0; i < lines_n; i++) {
        debits += lines[i].debit; /* 128 * 2^53 fits */
        credits += lines[i].credit;
    }
    return debits == credits ? YES : NO_ENTRY_NOT_BALANCED;
}

no ledger_cut_lines(struct ledger_leg legs[LEDGER_LEGS_MAX], size_t *legs_n,
                    const struct ledger_line *lines, size_t lines_n, int32_t currency,
                    uint32_t code)
{
    size_t debit = 0, credit = 0, cut = 0;
    int64_t debit_left = 0, credit_left = 0;

    TRY(check_lines(lines, lines_n));
    for (;;) {
        while (debit_left == 0 && debit < lines_n)
            debit_left = lines[debit++].debit;
        while (credit_left == 0 && credit < lines_n)
            credit_left = lines[credit++].credit;
        if (debit_left == 0) /* both ran out together: the sums are equal */
            break;
        if (cut == LEDGER_LEGS_MAX)
            return NO_ENTRY_TOO_LONG;
        const int64_t amount = debit_left < credit_left ? debit_left : credit_left;
        legs[cut++] = (struct ledger_leg){.kind = LEDGER_LEG_PLAIN,
                                          .debit = lines[debit - 1].account,
                                          .credit = lines[credit - 1].account,
                                          .amount = amount,
                                          .currency = currency,
                                          .code = code};
        debit_left -= amount;
        credit_left -= amount;
    }
    *legs_n = cut;
    return YES;
}
