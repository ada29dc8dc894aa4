/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The auditor finds nothing in a good book, and every single change of it. The book is written by
 * hand (no call of the ledger), so that ledger and auditor cannot be wrong together.
 */
#include "cm.h"
#include "rules/ledger_audit.h"

#include <string.h>

enum { ACCOUNTS = 4, ENTRIES = 4, TRANSFERS = 7, FINDINGS = 32 };

struct book {
    struct ledger_account accounts[ACCOUNTS];
    struct ledger_transfer transfers[TRANSFERS];
    int64_t entry_id[ENTRIES], booked[ENTRIES];
    int64_t floor_1; /* of account 1, from before entry 1 */
    bool zero_sum;
};

/* Currency 1: purses 1 and 2, common purse 3. Account 4 is alone in currency 2, never moved.
 *   entry 1: 1 pays 2 50; 1 pays 3 5      entry 2: hold 30 of 2 for 1, hold 10 of 2 for 3
 *   entry 3: 20 of the 30 are posted      entry 4: the 10 lapse; 2 holds 7 for 3, open at the end
 */
static const struct book good = {
    .accounts = {{.id = 1,
                  .currency = 1,
                  .nature = LEDGER_MEMO,
                  .debits_posted = 55,
                  .credits_posted = 20,
                  .last_seq = 5,
                  .transfers_n = 4},
                 {.id = 2,
                  .currency = 1,
                  .nature = LEDGER_MEMO,
                  .credits_posted = 50,
                  .debits_posted = 20,
                  .debits_pending = 7,
                  .last_seq = 7,
                  .transfers_n = 6},
                 {.id = 3,
                  .currency = 1,
                  .nature = LEDGER_MEMO,
                  .credits_posted = 5,
                  .credits_pending = 7,
                  .last_seq = 7,
                  .transfers_n = 4},
                 {.id = 4, .currency = 2, .nature = LEDGER_ASSET}},
    .transfers = {{.seq = 1, .entry = 1, .debit = 1, .credit = 2, .amount = 50, .currency = 1},
                  {.seq = 2,
                   .entry = 1,
                   .debit = 1,
                   .credit = 3,
                   .amount = 5,
                   .currency = 1,
                   .debit_prev = 1},
                  {.seq = 3,
                   .entry = 2,
                   .debit = 2,
                   .credit = 1,
                   .amount = 30,
                   .currency = 1,
                   .flags = LEDGER_PENDING,
                   .debit_prev = 1,
                   .credit_prev = 2},
                  {.seq = 4,
                   .entry = 2,
                   .debit = 2,
                   .credit = 3,
                   .amount = 10,
                   .currency = 1,
                   .flags = LEDGER_PENDING,
                   .expires_ns = 9,
                   .debit_prev = 3,
                   .credit_prev = 2},
                  {.seq = 5,
                   .entry = 3,
                   .debit = 2,
                   .credit = 1,
                   .amount = 20,
                   .currency = 1,
                   .flags = LEDGER_POST,
                   .pending_seq = 3,
                   .debit_prev = 4,
                   .credit_prev = 3},
                  {.seq = 6,
                   .entry = 4,
                   .debit = 2,
                   .credit = 3,
                   .amount = 10,
                   .currency = 1,
                   .flags = LEDGER_VOID | LEDGER_EXPIRED,
                   .pending_seq = 4,
                   .debit_prev = 5,
                   .credit_prev = 4},
                  {.seq = 7,
                   .entry = 4,
                   .debit = 2,
                   .credit = 3,
                   .amount = 7,
                   .currency = 1,
                   .flags = LEDGER_PENDING,
                   .debit_prev = 6,
                   .credit_prev = 6}},
    .entry_id = {1, 2, 3, 4},
    .booked = {5, 6, 8, 10},
    .floor_1 = -55,
    .zero_sum = true,
};

struct findings {
    struct ledger_finding list[FINDINGS];
    size_t n;
};

static void note(void *self, const struct ledger_finding *finding)
{
    struct findings *findings = self;

    assert_true(findings->n < FINDINGS);
    findings->list[findings->n++] = *finding;
}

static bool audit_in(const struct book *book, size_t folds_n, size_t holds_n,
                     struct findings *findings)
{
    struct ledger_fold folds[ACCOUNTS + 1];
    struct ledger_hold holds[TRANSFERS];
    struct ledger_audit audit;
    size_t t = 0;

    findings->n = 0;
    ledger_audit_init(&audit, folds, folds_n, holds, holds_n, note, findings);
    ledger_audit_currency(&audit, 1, book->zero_sum);
    ledger_audit_limits(&audit, 1, LEDGER_MEMO, &book->floor_1, NULL);
    for (size_t e = 0; e < ENTRIES; e++) {
        ledger_audit_entry(&audit, book->entry_id[e], book->booked[e]);
        for (; t < TRANSFERS && (good.transfers[t].entry == (int64_t)e + 1); t++)
            ledger_audit_transfer(&audit, &book->transfers[t]);
    }
    for (size_t a = 0; a < ACCOUNTS; a++)
        ledger_audit_account(&audit, &book->accounts[a]);
    const bool clean = ledger_audit_finish(&audit);
    assert_int_equal(audit.faults_n, findings->n);
    return clean;
}

static bool audit(const struct book *book, struct findings *findings)
{
    return audit_in(book, ACCOUNTS + 1, TRANSFERS, findings);
}

static void finds_nothing_in_a_good_book(void **state)
{
    struct findings findings;

    (void)state;
    assert_true(audit(&good, &findings));
    assert_true(audit_in(&good, ACCOUNTS + 1, 2, &findings)); /* squeezes as it goes */
    assert_false(audit_in(&good, ACCOUNTS + 1, 1, &findings));
    assert_int_equal(findings.list[0].fault, LEDGER_FAULT_NO_ROOM);
    assert_false(audit_in(&good, ACCOUNTS, TRANSFERS, &findings));
    assert_int_equal(findings.list[0].fault, LEDGER_FAULT_ACCOUNT);
    assert_int_equal(findings.list[0].account, 4);
}

/* Every number of every transfer, entry and account, one more and one less. What no sum depends on
 * (code, times, the amount of a hold that was since posted in part) is the register's business:
 * those bytes are hashed. */
static void finds_every_change_of_a_number(void **state)
{
    struct book book;
    struct findings findings;
#define TRY_BOTH(place)                                              \
    for (int by = -1; by <= 1; by += 2) {                            \
        book = good;                                                 \
        book.place += by;                                            \
        if (audit(&book, &findings))                                 \
            fail_msg("%s, item %zu, %+d: not found", #place, i, by); \
    }

    (void)state;
    for (size_t i = 0; i < TRANSFERS; i++) {
        TRY_BOTH(transfers[i].seq)
        TRY_BOTH(transfers[i].entry)
        TRY_BOTH(transfers[i].debit)
        TRY_BOTH(transfers[i].credit)
        if (i != 2)
            TRY_BOTH(transfers[i].amount)
        TRY_BOTH(transfers[i].currency)
        TRY_BOTH(transfers[i].pending_seq)
        TRY_BOTH(transfers[i].debit_prev)
        TRY_BOTH(transfers[i].credit_prev)
    }
    for (size_t i = 0; i < ENTRIES; i++)
        TRY_BOTH(entry_id[i])
    for (size_t i = 0; i < ACCOUNTS; i++) {
        TRY_BOTH(accounts[i].id)
        TRY_BOTH(accounts[i].debits_posted)
        TRY_BOTH(accounts[i].credits_posted)
        TRY_BOTH(accounts[i].debits_pending)
        TRY_BOTH(accounts[i].credits_pending)
        TRY_BOTH(accounts[i].last_seq)
        TRY_BOTH(accounts[i].transfers_n)
    }
#undef TRY_BOTH
    for (size_t i = 0; i < TRANSFERS; i++)
        for (uint32_t bit = LEDGER_PENDING; bit <= LEDGER_EXPIRED; bit *= 2) {
            book = good;
            book.transfers[i].flags ^= bit;
            /* An expiry that says it was a plain void changes no sum: the register sees it. */
            if (audit(&book, &findings) && !(i == 5 && bit == LEDGER_EXPIRED))
                fail_msg("flag %u of transfer %zu: not found", bit, i);
        }
}

static bool has(const struct findings *findings, enum ledger_fault fault, int64_t seq,
                int64_t account)
{
    for (size_t i = 0; i < findings->n; i++)
        if (findings->list[i].fault == fault && findings->list[i].seq == seq &&
            findings->list[i].account == account)
            return true;
    return false;
}

static void names_what_is_wrong_and_where(void **state)
{
    struct findings f;
    struct book b;

    (void)state;
#define WRONG(change, fault, seq, account) \
    b = good;                              \
    change;                                \
    assert_false(audit(&b, &f));           \
    assert_true(has(&f, fault, seq, account))
    WRONG(b.accounts[0].debits_posted++, LEDGER_FAULT_SUMS_DIFFER, 0, 0);
    WRONG(b.accounts[0].debits_posted++, LEDGER_FAULT_FIELDS_DIFFER, 0, 1);
    assert_int_equal(f.list[0].expected, 55);
    assert_int_equal(f.list[0].found, 56);
    WRONG(b.transfers[2].seq = 9, LEDGER_FAULT_GAP, 9, 0);
    WRONG(b.booked[2] = b.booked[1], LEDGER_FAULT_CLOCK, 0, 0);
    assert_int_equal(f.list[0].entry, 3);
    WRONG(b.floor_1 = -54, LEDGER_FAULT_LIMIT, 2, 1);
    assert_int_equal(f.list[0].expected, -54);
    assert_int_equal(f.list[0].found, -55);
    WRONG(b.transfers[4].pending_seq = 2, LEDGER_FAULT_HOLD_NOT_OPEN, 5, 0);
    WRONG(b.transfers[5].pending_seq = 3, LEDGER_FAULT_HOLD_NOT_OPEN, 6, 0); /* a second time */
    WRONG(b.transfers[4].amount = 31, LEDGER_FAULT_HOLD_DIFFERS, 5, 0);
    WRONG(b.accounts[1].debits_pending = 0, LEDGER_FAULT_PENDING_DIFFERS, 0, 2);
    WRONG(b.accounts[2].nature = LEDGER_ASSET, LEDGER_FAULT_NOT_ZERO, 0, 0);
    assert_int_equal(f.list[0].currency, 1);
    WRONG(b.transfers[1].debit_prev = 0, LEDGER_FAULT_CHAIN, 2, 1);
    WRONG(b.accounts[2].last_seq = 6, LEDGER_FAULT_CHAIN, 0, 3);
    WRONG(b.transfers[0].amount = 0, LEDGER_FAULT_TRANSFER, 1, 0);
    WRONG(b.accounts[3].id = 1, LEDGER_FAULT_ACCOUNT, 0, 1);
#undef WRONG
    for (int i = 0; i < LEDGER_FAULTS; i++)
        assert_non_null(ledger_fault_name((enum ledger_fault)i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_nothing_in_a_good_book),
        cmocka_unit_test(finds_every_change_of_a_number),
        cmocka_unit_test(names_what_is_wrong_and_where),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
