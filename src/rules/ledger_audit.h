/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The ledger's auditor: folds the whole book again, transfer by transfer, with code of its own (it
 * calls nothing of ledger.c), and compares the result with what the accounts say. Order of calls:
 *
 *   init -> { entry -> { transfer } }, with limits() where a limit changed, in the order of writing
 *        -> account, one by one, each once -> finish
 *
 * The memory is the caller's: one fold per account id, room for the open holds. Source: specs
 * ledger 1.1, I1-I9.
 */
#ifndef RULES_LEDGER_AUDIT_H
#define RULES_LEDGER_AUDIT_H

#include "rules/ledger.h"

enum ledger_fault {
    LEDGER_FAULT_NONE = 0,
    LEDGER_FAULT_SUMS_DIFFER,     /* I1 debits and credits of a currency differ */
    LEDGER_FAULT_FIELDS_DIFFER,   /* I2 an account's sums or count are not its transfers' */
    LEDGER_FAULT_GAP,             /* I3 seq or entry id is not the one before plus 1 */
    LEDGER_FAULT_CLOCK,           /* I4 booked_ns does not increase */
    LEDGER_FAULT_LIMIT,           /* I5 a transfer passed the limit of its day */
    LEDGER_FAULT_HOLD_NOT_OPEN,   /* I6 resolved twice, or never taken */
    LEDGER_FAULT_HOLD_DIFFERS,    /* I6 resolved on other accounts, or for more */
    LEDGER_FAULT_PENDING_DIFFERS, /* I6 pending fields are not the sum of the open holds */
    LEDGER_FAULT_NOT_ZERO,        /* I7 balances of a zero-sum currency do not add up to 0 */
    LEDGER_FAULT_CHAIN,           /* I9 debit_prev, credit_prev or last_seq */
    LEDGER_FAULT_TRANSFER,        /* one that cannot be: amount, accounts, flags, currency */
    LEDGER_FAULT_ACCOUNT,         /* beyond the folds, shown twice, or moved and never shown */
    LEDGER_FAULT_NO_ROOM,         /* not the book's: more holds or currencies than room */
    LEDGER_FAULTS
};

/* What is wrong and where; ids that do not apply are 0. `expected` is what the fold says,
 * `found` what is written. */
struct ledger_finding {
    enum ledger_fault fault;
    int64_t entry, seq, account, expected, found;
    int32_t currency;
};

/* One account as the transfers tell it; zeroed by ledger_audit_init. */
struct ledger_fold {
    int64_t debits, credits, debits_held, credits_held, last_seq, transfers_n;
    int64_t floor, ceiling;
    int32_t currency;
    uint8_t nature, limits; /* nature 0 = not known yet; limits: 1 floor, 2 ceiling */
    bool seen;              /* shown by ledger_audit_account() */
};

enum { LEDGER_AUDIT_CURRENCIES = 64 };

struct ledger_audit_sum {
    int32_t currency;
    bool zero_sum;
    /* Modulo 2^64: only ever compared for equality. */
    uint64_t debits, credits, debits_pending, credits_pending, balance;
};

struct ledger_audit {
    struct ledger_fold *folds; /* indexed by account id; [0] unused */
    size_t folds_n;
    struct ledger_hold *holds; /* ascending by seq; resolved ones are squeezed out when full */
    size_t holds_n, holds_cap;
    struct ledger_audit_sum sums[LEDGER_AUDIT_CURRENCIES];
    size_t sums_n;
    int64_t entry, seq, booked_ns; /* the last ones fed */
    int64_t entries_n, transfers_n, faults_n;
    void (*report)(void *self, const struct ledger_finding *finding);
    void *self;
};

/* Starts an audit of an empty book. `folds` has highest account id + 1 places; `holds` at least
 * one place more than holds are ever open at once (twice that is fast). `report` is called once
 * per finding, in order; it may be NULL: faults_n counts. */
void ledger_audit_init(struct ledger_audit *audit, struct ledger_fold *folds, size_t folds_n,
                       struct ledger_hold *holds, size_t holds_cap,
                       void (*report)(void *self, const struct ledger_finding *finding),
                       void *self);

/* A currency, before the first account in it; zero_sum asks for I7. */
void ledger_audit_currency(struct ledger_audit *audit, int32_t currency, bool zero_sum);
/* The nature and limits of an account from here on (NULL = none): call when it is opened and at
 * each change of limit, between the entries where it happened. An account never announced is not
 * checked for I5. */
void ledger_audit_limits(struct ledger_audit *audit, int64_t account, enum ledger_nature nature,
                         const int64_t *floor, const int64_t *ceiling);
/* The next entry (I3, I4), then its transfers in order of seq (I3, I5, I6, I9). */
void ledger_audit_entry(struct ledger_audit *audit, int64_t entry, int64_t booked_ns);
void ledger_audit_transfer(struct ledger_audit *audit, const struct ledger_transfer *transfer);
/* Compares one stored account with its fold (I2, I6, I9) and adds it to its currency's sums. */
void ledger_audit_account(struct ledger_audit *audit, const struct ledger_account *account);
/* After the last transfer: whether the book left this hold open. */
bool ledger_audit_hold_is_open(struct ledger_audit *audit, int64_t seq);
/* Compares the sums (I1, I7) and looks for accounts that were never shown. True when the whole
 * audit found nothing. */
bool ledger_audit_finish(struct ledger_audit *audit);

/* "SUMS_DIFFER": stable, for --json and message keys. Asserts on an unknown one. */
const char *ledger_fault_name(enum ledger_fault fault);

#endif
