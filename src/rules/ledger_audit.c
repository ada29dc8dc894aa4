/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The auditor. It shares types with ledger.c and nothing else: signs, limits and the life of holds
 * are said here a second time on purpose, so that one mistake does not hide the other.
 */
#include "rules/ledger_audit.h"

#include <assert.h>
#include <string.h>

enum { FLOOR_KNOWN = 1, CEILING_KNOWN = 2 };

static void found(struct ledger_audit *audit, struct ledger_finding finding)
{
    finding.entry = finding.entry ? finding.entry : audit->entry;
    audit->faults_n++;
    if (audit->report)
        audit->report(audit->self, &finding);
}

static struct ledger_fold *fold_of(struct ledger_audit *audit, int64_t account)
{
    if (account < 1 || (uint64_t)account >= audit->folds_n)
        return NULL;
    return &audit->folds[account];
}

/* --- the book in order ------------------------------------------------------------------------ */

void ledger_audit_init(struct ledger_audit *audit, struct ledger_fold *folds, size_t folds_n,
                       struct ledger_hold *holds, size_t holds_cap,
                       void (*report)(void *self, const struct ledger_finding *finding), void *self)
{
    memset(audit, 0, sizeof *audit);
    memset(folds, 0, folds_n * sizeof *folds);
    audit->folds = folds;
    audit->folds_n = folds_n;
    audit->holds = holds;
    audit->holds_cap = holds_cap;
    audit->report = report;
    audit->self = self;
}

void ledger_audit_limits(struct ledger_audit *audit, int64_t account, enum ledger_nature nature,
                         const int64_t *floor, const int64_t *ceiling)
{
    struct ledger_fold *fold = fold_of(audit, account);

    assert(nature >= LEDGER_ASSET && nature <= LEDGER_MEMO);
    if (!fold) {
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_ACCOUNT, .account = account});
        return;
    }
    fold->nature = (uint8_t)nature;
    fold->limits = (uint8_t)((floor ? FLOOR_KNOWN : 0) | (ceiling ? CEILING_KNOWN : 0));
    fold->floor = floor ? *floor : 0;
    fold->ceiling = ceiling ? *ceiling : 0;
}

void ledger_audit_entry(struct ledger_audit *audit, int64_t entry, int64_t booked_ns)
{
    if (entry != audit->entry + 1)
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_GAP,
                                             .entry = entry,
                                             .expected = audit->entry + 1,
                                             .found = entry});
    if (booked_ns <= audit->booked_ns)
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_CLOCK,
                                             .entry = entry,
                                             .expected = audit->booked_ns + 1,
                                             .found = booked_ns});
    audit->entry = entry;
    audit->booked_ns = booked_ns;
    audit->entries_n++;
}

/* --- holds ------------------------------------------------------------------------------------ */

/* Resolved holds stay in place, marked, until room is needed: one pass then takes them all out. */
static void squeeze_holds(struct ledger_audit *audit)
{
    size_t kept = 0;

    for (size_t i = 0; i < audit->holds_n; i++)
        if (audit->holds[i].state == LEDGER_HOLD_OPEN)
            audit->holds[kept++] = audit->holds[i];
    audit->holds_n = kept;
}

static void take_hold(struct ledger_audit *audit, const struct ledger_transfer *t)
{
    if (audit->holds_n == audit->holds_cap)
        squeeze_holds(audit);
    if (audit->holds_n == audit->holds_cap) {
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_NO_ROOM, .seq = t->seq});
        return;
    }
    audit->holds[audit->holds_n++] = (struct ledger_hold){.seq = t->seq,
                                                          .debit = t->debit,
                                                          .credit = t->credit,
                                                          .amount = t->amount,
                                                          .currency = t->currency,
                                                          .state = LEDGER_HOLD_OPEN,
                                                          .expires_ns = t->expires_ns};
}

/* Halving: transfers come in order of seq, so holds do. */
static struct ledger_hold *open_hold(struct ledger_audit *audit, int64_t seq)
{
    size_t low = 0, high = audit->holds_n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (audit->holds[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == audit->holds_n || audit->holds[low].seq != seq ||
        audit->holds[low].state != LEDGER_HOLD_OPEN)
        return NULL;
    return &audit->holds[low];
}

bool ledger_audit_hold_is_open(struct ledger_audit *audit, int64_t seq)
{
    return open_hold(audit, seq) != NULL;
}

/* Ends a hold and returns what it had reserved; 0 with a finding when there was none. */
static int64_t end_hold(struct ledger_audit *audit, const struct ledger_transfer *t)
{
    struct ledger_hold *hold = open_hold(audit, t->pending_seq);
    const bool posts = t->flags & LEDGER_POST;

    if (!hold) {
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_HOLD_NOT_OPEN,
                                             .seq = t->seq,
                                             .found = t->pending_seq});
        return 0;
    }
    const bool same =
        hold->debit == t->debit && hold->credit == t->credit && hold->currency == t->currency;
    const bool fits = posts ? t->amount <= hold->amount : t->amount == hold->amount;
    const bool in_time = !(t->flags & LEDGER_EXPIRED) || hold->expires_ns > 0;
    if (!same || !fits || !in_time)
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_HOLD_DIFFERS,
                                             .seq = t->seq,
                                             .expected = hold->amount,
                                             .found = t->amount});
    hold->state = LEDGER_HOLD_VOIDED; /* anything but open */
    return same ? hold->amount : 0;
}

/* --- transfers -------------------------------------------------------------------------------- */

static bool transfer_possible(const struct ledger_transfer *t)
{
    const uint32_t kind = t->flags & (LEDGER_PENDING | LEDGER_POST | LEDGER_VOID);
    const bool one_kind = (kind & (kind - 1)) == 0; /* also for none: 0 & anything */
    const bool resolves = kind & (LEDGER_POST | LEDGER_VOID);

    return one_kind && t->amount > 0 && t->amount <= MONEY_MAX && t->debit != t->credit &&
           t->currency != 0 && resolves == (t->pending_seq != 0) && t->pending_seq < t->seq &&
           (!(t->flags & LEDGER_EXPIRED) || kind == LEDGER_VOID) &&
           (t->expires_ns == 0 || kind == LEDGER_PENDING);
}

/* The balance with all that is reserved against it, and with all that is reserved for it. */
static void band(const struct ledger_fold *fold, int64_t *low, int64_t *high)
{
    if (fold->nature == LEDGER_ASSET || fold->nature == LEDGER_EXPENSE) {
        *low = fold->debits - fold->credits - fold->credits_held;
        *high = fold->debits + fold->debits_held - fold->credits;
    } else {
        *low = fold->credits - fold->debits - fold->debits_held;
        *high = fold->credits + fold->credits_held - fold->debits;
    }
}

static void check_limit(struct ledger_audit *audit, int64_t seq, int64_t account,
                        const struct ledger_fold *before, const struct ledger_fold *after)
{
    int64_t low_before, high_before, low, high;

    if (!after->limits)
        return;
    band(before, &low_before, &high_before);
    band(after, &low, &high);
    if (after->limits & FLOOR_KNOWN && low < after->floor && low < low_before)
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_LIMIT,
                                             .seq = seq,
                                             .account = account,
                                             .expected = after->floor,
                                             .found = low});
    if (after->limits & CEILING_KNOWN && high > after->ceiling && high > high_before)
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_LIMIT,
                                             .seq = seq,
                                             .account = account,
                                             .expected = after->ceiling,
                                             .found = high});
}

static void step_chain(struct ledger_audit *audit, const struct ledger_transfer *t, int64_t account,
                       int64_t prev, struct ledger_fold *fold)
{
    if (prev != fold->last_seq)
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_CHAIN,
                                             .seq = t->seq,
                                             .account = account,
                                             .expected = fold->last_seq,
                                             .found = prev});
    if (fold->transfers_n && fold->currency != t->currency)
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_TRANSFER,
                                             .seq = t->seq,
                                             .account = account,
                                             .expected = fold->currency,
                                             .found = t->currency});
    fold->currency = t->currency;
    fold->last_seq = t->seq;
    fold->transfers_n++;
}

/* False when it would leave 0..2^62: a book made of such numbers is not followed. */
static bool add(int64_t *sum, int64_t *held, int64_t moved, int64_t reserved)
{
    int64_t new_sum, new_held;

    if (__builtin_add_overflow(*sum, moved, &new_sum) ||
        __builtin_add_overflow(*held, reserved, &new_held) || new_held < 0 ||
        new_sum > LEDGER_SUM_MAX || new_held > LEDGER_SUM_MAX - new_sum)
        return false;
    *sum = new_sum;
    *held = new_held;
    return true;
}

static void fold_transfer(struct ledger_audit *audit, const struct ledger_transfer *t,
                          struct ledger_fold *debit, struct ledger_fold *credit)
{
    const struct ledger_fold debit_before = *debit, credit_before = *credit;
    const bool holds = t->flags & LEDGER_PENDING, frees = t->pending_seq != 0;
    const int64_t moved = t->flags & (LEDGER_PENDING | LEDGER_VOID) ? 0 : t->amount;
    const int64_t reserved = holds ? t->amount : frees ? -end_hold(audit, t) : 0;

    if (holds)
        take_hold(audit, t);
    if (!add(&debit->debits, &debit->debits_held, moved, reserved) ||
        !add(&credit->credits, &credit->credits_held, moved, reserved))
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_TRANSFER, .seq = t->seq});
    check_limit(audit, t->seq, t->debit, &debit_before, debit);
    check_limit(audit, t->seq, t->credit, &credit_before, credit);
    step_chain(audit, t, t->debit, t->debit_prev, debit);
    step_chain(audit, t, t->credit, t->credit_prev, credit);
}

void ledger_audit_transfer(struct ledger_audit *audit, const struct ledger_transfer *transfer)
{
    struct ledger_fold *debit = fold_of(audit, transfer->debit);
    struct ledger_fold *credit = fold_of(audit, transfer->credit);

    if (transfer->seq != audit->seq + 1)
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_GAP,
                                             .seq = transfer->seq,
                                             .expected = audit->seq + 1,
                                             .found = transfer->seq});
    if (transfer->entry != audit->entry || !transfer_possible(transfer))
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_TRANSFER,
                                             .seq = transfer->seq,
                                             .expected = audit->entry,
                                             .found = transfer->entry});
    audit->seq = transfer->seq;
    audit->transfers_n++;
    if (!debit || !credit)
        found(audit,
              (struct ledger_finding){.fault = LEDGER_FAULT_ACCOUNT,
                                      .seq = transfer->seq,
                                      .account = debit ? transfer->credit : transfer->debit});
    else if (transfer->amount > 0 && transfer->amount <= MONEY_MAX && debit != credit)
        fold_transfer(audit, transfer, debit, credit);
}

/* --- the accounts as they are stored ---------------------------------------------------------- */

static struct ledger_audit_sum *sum_of(struct ledger_audit *audit, int32_t currency)
{
    for (size_t i = 0; i < audit->sums_n; i++)
        if (audit->sums[i].currency == currency)
            return &audit->sums[i];
    if (audit->sums_n == LEDGER_AUDIT_CURRENCIES) {
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_NO_ROOM, .currency = currency});
        return NULL;
    }
    audit->sums[audit->sums_n] = (struct ledger_audit_sum){.currency = currency};
    return &audit->sums[audit->sums_n++];
}

void ledger_audit_currency(struct ledger_audit *audit, int32_t currency, bool zero_sum)
{
    struct ledger_audit_sum *sum = sum_of(audit, currency);

    if (sum)
        sum->zero_sum = zero_sum;
}

static void compare(struct ledger_audit *audit, enum ledger_fault fault, int64_t account,
                    int64_t expected, int64_t written)
{
    if (expected != written)
        found(audit,
              (struct ledger_finding){
                  .fault = fault, .account = account, .expected = expected, .found = written});
}

static void add_to_sums(struct ledger_audit *audit, const struct ledger_account *account)
{
    const bool grows_by_debit =
        account->nature == LEDGER_ASSET || account->nature == LEDGER_EXPENSE;
    struct ledger_audit_sum *sum = sum_of(audit, account->currency);

    if (!sum)
        return;
    const uint64_t debits = (uint64_t)account->debits_posted;
    const uint64_t credits = (uint64_t)account->credits_posted;
    sum->debits += debits;
    sum->credits += credits;
    sum->debits_pending += (uint64_t)account->debits_pending;
    sum->credits_pending += (uint64_t)account->credits_pending;
    sum->balance += grows_by_debit ? debits - credits : credits - debits;
}

void ledger_audit_account(struct ledger_audit *audit, const struct ledger_account *account)
{
    struct ledger_fold *fold = fold_of(audit, account->id);
    const int64_t id = account->id;

    audit->entry = 0; /* the book has ended: findings name the account */
    if (!fold || fold->seen) {
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_ACCOUNT, .account = id});
        return;
    }
    fold->seen = true;
    compare(audit, LEDGER_FAULT_FIELDS_DIFFER, id, fold->debits, account->debits_posted);
    compare(audit, LEDGER_FAULT_FIELDS_DIFFER, id, fold->credits, account->credits_posted);
    compare(audit, LEDGER_FAULT_FIELDS_DIFFER, id, fold->transfers_n, account->transfers_n);
    if (fold->transfers_n)
        compare(audit, LEDGER_FAULT_FIELDS_DIFFER, id, fold->currency, account->currency);
    if (fold->nature)
        compare(audit, LEDGER_FAULT_FIELDS_DIFFER, id, fold->nature, (int64_t)account->nature);
    compare(audit, LEDGER_FAULT_PENDING_DIFFERS, id, fold->debits_held, account->debits_pending);
    compare(audit, LEDGER_FAULT_PENDING_DIFFERS, id, fold->credits_held, account->credits_pending);
    compare(audit, LEDGER_FAULT_CHAIN, id, fold->last_seq, account->last_seq);
    add_to_sums(audit, account);
}

static void compare_sums(struct ledger_audit *audit, const struct ledger_audit_sum *sum)
{
    const uint64_t pairs[2][2] = {{sum->debits, sum->credits},
                                  {sum->debits_pending, sum->credits_pending}};

    for (size_t i = 0; i < 2; i++)
        if (pairs[i][0] != pairs[i][1])
            found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_SUMS_DIFFER,
                                                 .currency = sum->currency,
                                                 .expected = (int64_t)pairs[i][0],
                                                 .found = (int64_t)pairs[i][1]});
    if (sum->zero_sum && sum->balance != 0)
        found(audit, (struct ledger_finding){.fault = LEDGER_FAULT_NOT_ZERO,
                                             .currency = sum->currency,
                                             .found = (int64_t)sum->balance});
}

bool ledger_audit_finish(struct ledger_audit *audit)
{
    audit->entry = 0;
    for (size_t i = 0; i < audit->sums_n; i++)
        compare_sums(audit, &audit->sums[i]);
    for (size_t i = 1; i < audit->folds_n; i++)
        if (audit->folds[i].transfers_n && !audit->folds[i].seen)
            found(audit,
                  (struct ledger_finding){.fault = LEDGER_FAULT_ACCOUNT, .account = (int64_t)i});
    return audit->faults_n == 0;
}

const char *ledger_fault_name(enum ledger_fault fault)
{
    static const char *const names[LEDGER_FAULTS] = {
        [LEDGER_FAULT_NONE] = "NONE",
        [LEDGER_FAULT_SUMS_DIFFER] = "SUMS_DIFFER",
        [LEDGER_FAULT_FIELDS_DIFFER] = "FIELDS_DIFFER",
        [LEDGER_FAULT_GAP] = "GAP",
        [LEDGER_FAULT_CLOCK] = "CLOCK",
        [LEDGER_FAULT_LIMIT] = "LIMIT",
        [LEDGER_FAULT_HOLD_NOT_OPEN] = "HOLD_NOT_OPEN",
        [LEDGER_FAULT_HOLD_DIFFERS] = "HOLD_DIFFERS",
        [LEDGER_FAULT_PENDING_DIFFERS] = "PENDING_DIFFERS",
        [LEDGER_FAULT_NOT_ZERO] = "NOT_ZERO",
        [LEDGER_FAULT_CHAIN] = "CHAIN",
        [LEDGER_FAULT_TRANSFER] = "TRANSFER",
        [LEDGER_FAULT_ACCOUNT] = "ACCOUNT",
        [LEDGER_FAULT_NO_ROOM] = "NO_ROOM",
    };

    assert(fault < LEDGER_FAULTS);
    return names[fault];
}
