/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Planning an entry: one row per refusal in the order of no.def, then what a yes writes, the life
 * of holds, limits of both natures and the two questions to the book.
 */
#include "cm.h"
#include "rules/ledger.h"

#include <string.h>

#define NOW INT64_C(1000000000000)
#define LATER (NOW + 1000)
#define DAY 20000

/* The facts of every row: 1 and 2 are purses, 3 a bank account, 4 in another currency, 5 closed,
 * 6 frozen, 7 and 9 nearly full, 8 a purse past its floor. Holds 11.. are on 1 -> 2, for 40. */
static const struct ledger_account accounts[] = {
    {.id = 1,
     .currency = 1,
     .nature = LEDGER_MEMO,
     .credits_posted = 100,
     .debits_pending = 40,
     .has_floor = true,
     .floor = -50,
     .has_ceiling = true,
     .ceiling = 500,
     .last_seq = 20},
    {.id = 2,
     .currency = 1,
     .nature = LEDGER_LIABILITY,
     .credits_pending = 40,
     .has_floor = true,
     .has_ceiling = true,
     .ceiling = 120,
     .last_seq = 19},
    {.id = 3,
     .currency = 1,
     .nature = LEDGER_ASSET,
     .debits_posted = 100,
     .has_floor = true,
     .has_ceiling = true,
     .ceiling = 300},
    {.id = 4, .currency = 2, .nature = LEDGER_MEMO},
    {.id = 5, .currency = 1, .nature = LEDGER_MEMO, .closed_ns = 7},
    {.id = 6, .currency = 1, .nature = LEDGER_MEMO, .flags = LEDGER_FROZEN},
    {.id = 7, .currency = 1, .nature = LEDGER_MEMO, .credits_posted = (INT64_C(1) << 62) - 10},
    {.id = 8,
     .currency = 1,
     .nature = LEDGER_MEMO,
     .debits_posted = 90,
     .has_floor = true,
     .floor = -50,
     .has_ceiling = true,
     .ceiling = -80},
    {.id = 9,
     .currency = 1,
     .nature = LEDGER_MEMO,
     .debits_posted = LEDGER_SUM_MAX - 10,
     .debits_pending = 5},
};
enum { ACCOUNTS = sizeof accounts / sizeof accounts[0] };

#define ON_1_2 .debit = 1, .credit = 2, .amount = 40, .currency = 1
static const struct ledger_hold holds[] = {
    {.seq = 11, ON_1_2},
    {.seq = 12, ON_1_2, .state = LEDGER_HOLD_POSTED},
    {.seq = 13, ON_1_2, .state = LEDGER_HOLD_VOIDED},
    {.seq = 14, ON_1_2, .state = LEDGER_HOLD_EXPIRED},
    {.seq = 15, ON_1_2, .expires_ns = NOW},
    {.seq = 16, ON_1_2, .expires_ns = LATER},
};
enum { HOLDS = sizeof holds / sizeof holds[0] };

static const struct ledger_head head = {
    .seq = 20, .entry = 9, .booked_ns = NOW - 5, .num = 3, .open_from = DAY, .soft_from = DAY - 30};

static no plan_legs(struct ledger_plan *plan, const struct ledger_leg *legs, size_t legs_n)
{
    const struct ledger_request request = {.journal = 1,
                                           .year = 2026,
                                           .book_date = DAY,
                                           .now_ns = NOW,
                                           .legs = legs,
                                           .legs_n = legs_n};

    return ledger_plan_entry(plan, &request, accounts, ACCOUNTS, holds, HOLDS, &head);
}

#define PLAIN(d, c, a)                                            \
    {                                                             \
        .debit = (d), .credit = (c), .amount = (a), .currency = 1 \
    }
#define HOLD(d, c, a)                                                                      \
    {                                                                                      \
        .kind = LEDGER_LEG_HOLD, .debit = (d), .credit = (c), .amount = (a), .currency = 1 \
    }
#define POST(h, a)                                          \
    {                                                       \
        .kind = LEDGER_LEG_POST, .hold = (h), .amount = (a) \
    }
#define VOID_(h)                             \
    {                                        \
        .kind = LEDGER_LEG_VOID, .hold = (h) \
    }
#define EXPIRE(h)                              \
    {                                          \
        .kind = LEDGER_LEG_EXPIRE, .hold = (h) \
    }
#define BIG (INT64_C(1) << 53)

/* Each row is refused by its line; where two rules are broken, by the earlier of them. */
static const struct {
    no answer;
    size_t legs_n;
    struct ledger_leg legs[3];
} rows[] = {
    {NO_AMOUNT_NOT_POSITIVE, 1, {PLAIN(99, 99, 0)}},
    {NO_AMOUNT_NOT_POSITIVE, 1, {HOLD(1, 2, -1)}},
    {NO_AMOUNT_NOT_POSITIVE, 1, {POST(11, -1)}},
    {NO_AMOUNT_NOT_POSITIVE, 2, {PLAIN(99, 1, 1), PLAIN(1, 2, 0)}}, /* over all legs */
    {NO_AMOUNT_TOO_LARGE, 1, {PLAIN(99, 99, BIG)}},
    {NO_ACCOUNT_UNKNOWN, 1, {PLAIN(99, 1, 1)}},
    {NO_ACCOUNT_UNKNOWN, 1, {PLAIN(1, 0, 1)}},
    {NO_ACCOUNTS_SAME, 1, {PLAIN(5, 5, 1)}},
    {NO_CURRENCY_DIFFERS, 1, {PLAIN(1, 4, 1)}},
    {NO_CURRENCY_DIFFERS, 1, {PLAIN(4, 5, 1)}},
    {NO_CURRENCY_DIFFERS, 1, {{.debit = 1, .credit = 2, .amount = 1}}},
    {NO_ENTRY_EMPTY, 0, {PLAIN(0, 0, 0)}},
    {NO_ACCOUNT_CLOSED, 1, {PLAIN(5, 6, 1)}},
    {NO_ACCOUNT_CLOSED, 2, {PLAIN(6, 1, 1), PLAIN(1, 5, 1)}},
    {NO_ACCOUNT_FROZEN, 1, {PLAIN(1, 6, 9999)}},
    {NO_HOLD_UNKNOWN, 1, {POST(10, 1)}},
    {NO_HOLD_UNKNOWN, 2, {HOLD(1, 2, 1), POST(21, 1)}}, /* a hold of the same entry is no fact */
    {NO_HOLD_ALREADY_POSTED, 1, {POST(12, 99)}},
    {NO_HOLD_ALREADY_POSTED, 1, {EXPIRE(12)}},
    {NO_HOLD_ALREADY_POSTED, 2, {POST(11, 1), VOID_(11)}},
    {NO_HOLD_ALREADY_VOIDED, 1, {VOID_(13)}},
    {NO_HOLD_ALREADY_VOIDED, 2, {VOID_(11), POST(11, 1)}},
    {NO_HOLD_EXPIRED, 1, {POST(14, 1)}},
    {NO_HOLD_EXPIRED, 1, {POST(15, 99)}},
    {NO_HOLD_EXPIRED, 1, {VOID_(15)}},
    {NO_HOLD_EXPIRED, 2, {EXPIRE(15), VOID_(15)}},
    {NO_HOLD_EXPIRED,
     1,
     {{.kind = LEDGER_LEG_HOLD,
       .debit = 1,
       .credit = 2,
       .amount = 9999,
       .currency = 1,
       .expires_ns = NOW}}},
    {NO_HOLD_DIFFERS, 1, {{.kind = LEDGER_LEG_POST, .hold = 11, .debit = 3, .amount = 99}}},
    {NO_HOLD_DIFFERS, 1, {{.kind = LEDGER_LEG_POST, .hold = 11, .credit = 3, .amount = 1}}},
    {NO_HOLD_DIFFERS, 1, {{.kind = LEDGER_LEG_VOID, .hold = 11, .amount = 39}}},
    {NO_HOLD_DIFFERS, 1, {EXPIRE(11)}}, /* never expires */
    {NO_HOLD_DIFFERS, 1, {EXPIRE(16)}}, /* not yet */
    {NO_HOLD_TOO_SMALL, 1, {POST(11, 41)}},
    {NO_FLOOR_WOULD_BE_PASSED, 1, {PLAIN(1, 2, 111)}}, /* the ceiling of 2 as well */
    {NO_FLOOR_WOULD_BE_PASSED, 1, {HOLD(1, 3, 111)}},
    {NO_FLOOR_WOULD_BE_PASSED, 1, {PLAIN(1, 3, 101)}}, /* an asset is paid out by credits */
    {NO_FLOOR_WOULD_BE_PASSED, 1, {PLAIN(8, 1, 1)}},
    {NO_FLOOR_WOULD_BE_PASSED, 2, {PLAIN(2, 1, 10), PLAIN(3, 2, 10)}}, /* spends what comes later */
    {NO_CEILING_WOULD_BE_PASSED, 1, {PLAIN(1, 2, 81)}},
    {NO_CEILING_WOULD_BE_PASSED, 1, {HOLD(3, 2, 81)}},
    {NO_CEILING_WOULD_BE_PASSED, 1, {PLAIN(3, 6 + 1, 201)}}, /* an asset is filled by debits */
    {NO_SUM_WOULD_OVERFLOW, 1, {PLAIN(1, 7, 11)}},
    {NO_SUM_WOULD_OVERFLOW, 1, {HOLD(1, 7, 11)}},
    {NO_SUM_WOULD_OVERFLOW, 1, {PLAIN(9, 1, 6)}},
    {NO_SUM_WOULD_OVERFLOW, 1, {HOLD(9, 1, 6)}},
};

static void refuses_in_order_of_precedence(void **state)
{
    struct ledger_plan plan, untouched;
    no last = YES;

    (void)state;
    memset(&plan, 0x5a, sizeof plan);
    memcpy(&untouched, &plan, sizeof plan);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const no answer = plan_legs(&plan, rows[i].legs, rows[i].legs_n);
        if (answer != rows[i].answer)
            fail_msg("row %zu: %s, not %s", i, no_line(answer)->name,
                     no_line(rows[i].answer)->name);
        assert_true(rows[i].answer >= last);
        last = rows[i].answer;
        assert_memory_equal(&plan, &untouched, sizeof plan);
    }
}

static void refuses_more_than_64_legs(void **state)
{
    struct ledger_leg legs[LEDGER_LEGS_MAX + 1];
    struct ledger_plan plan;

    (void)state;
    for (size_t i = 0; i <= LEDGER_LEGS_MAX; i++)
        legs[i] = (struct ledger_leg)PLAIN(1, 2, 1);
    assert_int_equal(plan_legs(&plan, legs, LEDGER_LEGS_MAX + 1), NO_ENTRY_TOO_LONG);
    assert_int_equal(plan_legs(&plan, legs, LEDGER_LEGS_MAX), YES);
    assert_int_equal(plan.transfers_n, LEDGER_LEGS_MAX);
    legs[LEDGER_LEGS_MAX].currency = 2;
    assert_int_equal(plan_legs(&plan, legs, LEDGER_LEGS_MAX + 1), NO_CURRENCY_DIFFERS);
    legs[LEDGER_LEGS_MAX] = (struct ledger_leg)PLAIN(1, 5, 1);
    assert_int_equal(plan_legs(&plan, legs, LEDGER_LEGS_MAX + 1), NO_ENTRY_TOO_LONG);
}

static void asks_the_book_last(void **state)
{
    const struct ledger_leg leg = PLAIN(1, 2, 1), refused = PLAIN(1, 7, 11);
    struct ledger_request request = {.book_date = DAY - 1,
                                     .now_ns = NOW - 5 - LEDGER_CLOCK_SLACK_NS - 1,
                                     .legs = &refused,
                                     .legs_n = 1};
    struct ledger_plan plan;

    (void)state;
#define ANSWER() ledger_plan_entry(&plan, &request, accounts, ACCOUNTS, holds, HOLDS, &head)
    assert_int_equal(ANSWER(), NO_SUM_WOULD_OVERFLOW);
    request.legs = &leg;
    assert_int_equal(ANSWER(), NO_PERIOD_CLOSED);
    request.accountant = true;
    /* A clock that went back, by a second or by years, neither refuses nor turns the book back. */
    for (int i = 0; i < 2; i++, request.now_ns = 1) {
        assert_int_equal(ANSWER(), YES);
        assert_true(plan.entry.booked_ns == head.booked_ns + 1);
    }
    request.book_date = DAY - 31;
    assert_int_equal(ANSWER(), NO_PERIOD_CLOSED);
    request.book_date = DAY - 30;
    request.now_ns = NOW;
    assert_int_equal(ANSWER(), YES);
    assert_true(plan.entry.booked_ns == NOW);
#undef ANSWER
}

static void books_on_the_first_open_day(void **state)
{
    int32_t day = 7;

    (void)state;
    assert_int_equal(ledger_book_date(&day, DAY - 40, true, true, &head), NO_PERIOD_CLOSED);
    assert_int_equal(day, 7);
    assert_int_equal(ledger_book_date(&day, DAY - 40, false, false, &head), YES);
    assert_int_equal(day, DAY);
    assert_int_equal(ledger_book_date(&day, DAY - 40, false, true, &head), YES);
    assert_int_equal(day, DAY - 30);
    assert_int_equal(ledger_book_date(&day, DAY - 2, true, true, &head), YES);
    assert_int_equal(day, DAY - 2);
    assert_int_equal(ledger_book_date(&day, DAY + 2, true, false, &head), YES);
    assert_int_equal(day, DAY + 2);
}

/* --- what a yes writes ------------------------------------------------------------------------ */

static void numbers_and_chains_transfers(void **state)
{
    const struct ledger_leg legs[] = {PLAIN(1, 2, 30), HOLD(2, 3, 10), POST(11, 25)};
    struct ledger_plan plan;

    (void)state;
    assert_int_equal(plan_legs(&plan, legs, 3), YES);
    assert_int_equal(plan.entry.id, 10);
    assert_int_equal(plan.entry.num, 4);
    assert_int_equal(plan.entry.first_seq, 21);
    assert_int_equal(plan.entry.transfers_n, 3);
    assert_int_equal(plan.transfers_n, 3);
    assert_int_equal(plan.transfers[0].debit_prev, 20);
    assert_int_equal(plan.transfers[0].credit_prev, 19);
    assert_int_equal(plan.transfers[1].debit_prev, 21);
    assert_int_equal(plan.transfers[1].credit_prev, 0);
    assert_int_equal(plan.transfers[1].flags, LEDGER_PENDING);
    assert_int_equal(plan.transfers[2].seq, 23);
    assert_int_equal(plan.transfers[2].debit_prev, 21);
    assert_int_equal(plan.transfers[2].credit_prev, 22);
    assert_int_equal(plan.transfers[2].pending_seq, 11);
    assert_int_equal(plan.transfers[2].flags, LEDGER_POST);
    assert_int_equal(plan.accounts_n, 3); /* only those touched */
    assert_int_equal(plan.accounts[0].debits_posted, 55);
    assert_int_equal(plan.accounts[0].debits_pending, 0);
    assert_int_equal(plan.accounts[0].last_seq, 23);
    assert_int_equal(plan.accounts[0].transfers_n, 2);
    assert_int_equal(plan.accounts[1].transfers_n, 3);
    assert_int_equal(plan.accounts[1].credits_posted, 55);
    assert_int_equal(plan.accounts[1].debits_pending, 10);
    assert_int_equal(plan.holds_n, 2);
    assert_int_equal(plan.holds[0].seq, 22);
    assert_int_equal(plan.holds[0].state, LEDGER_HOLD_OPEN);
    assert_int_equal(plan.holds[1].seq, 11);
    assert_int_equal(plan.holds[1].state, LEDGER_HOLD_POSTED);
    assert_int_equal(plan.holds[1].resolved_by, 23);
}

static void resolves_holds_in_three_ways(void **state)
{
    const struct ledger_leg whole = POST(11, 0), nothing = VOID_(16), late = EXPIRE(15);
    struct ledger_plan plan;

    (void)state;
    assert_int_equal(plan_legs(&plan, &whole, 1), YES);
    assert_int_equal(plan.transfers[0].amount, 40);
    assert_int_equal(plan.accounts[1].credits_posted, 40);
    assert_int_equal(plan_legs(&plan, &nothing, 1), YES);
    assert_int_equal(plan.transfers[0].amount, 40);
    assert_int_equal(plan.accounts[0].debits_posted, 0);
    assert_int_equal(plan.accounts[0].debits_pending, 0);
    assert_int_equal(plan_legs(&plan, &late, 1), YES);
    assert_int_equal(plan.transfers[0].flags, LEDGER_VOID | LEDGER_EXPIRED);
    assert_int_equal(plan.holds[0].state, LEDGER_HOLD_EXPIRED);
}

/* A frozen or closed account still drains: voids and expiries pass, posts do not. */
static void drains_holds_of_frozen_accounts(void **state)
{
    struct ledger_account two[2] = {accounts[0], accounts[1]};
    const struct ledger_leg release = VOID_(11), post = POST(11, 1);
    struct ledger_request request = {
        .book_date = DAY, .now_ns = NOW, .legs = &release, .legs_n = 1};
    struct ledger_plan plan;

    (void)state;
    two[0].flags = LEDGER_FROZEN;
    two[1].closed_ns = 5;
    assert_int_equal(ledger_plan_entry(&plan, &request, two, 2, holds, HOLDS, &head), YES);
    request.legs = &post;
    assert_int_equal(ledger_plan_entry(&plan, &request, two, 2, holds, HOLDS, &head),
                     NO_ACCOUNT_CLOSED);
}

/* Account 8 stands at -90, below its floor of -50 and below its ceiling of -80. */
static void lowered_limits_seize_nothing(void **state)
{
    const struct ledger_leg up = PLAIN(1, 8, 5), over = PLAIN(1, 8, 11);
    struct ledger_account high = accounts[7];
    struct ledger_plan plan;

    (void)state;
    assert_int_equal(plan_legs(&plan, &up, 1), YES); /* still below the floor, but nearer */
    assert_int_equal(plan_legs(&plan, &over, 1), NO_CEILING_WOULD_BE_PASSED);
    assert_int_equal(ledger_available(&high), 0);
    assert_int_equal(ledger_room(&high), 10);
    high.floor = -100;
    assert_int_equal(ledger_available(&high), 10);
    high.flags = LEDGER_FROZEN;
    assert_int_equal(ledger_available(&high), 0);
    assert_int_equal(ledger_room(&high), 0);
}

static void reads_balances_in_their_nature(void **state)
{
    struct ledger_account a = {.nature = LEDGER_ASSET,
                               .debits_posted = 100,
                               .credits_posted = 30,
                               .debits_pending = 5,
                               .credits_pending = 7};

    (void)state;
    assert_int_equal(ledger_balance(&a), 70);
    assert_int_equal(ledger_lowest(&a), 63);
    assert_int_equal(ledger_highest(&a), 75);
    assert_true(ledger_available(&a) == INT64_MAX && ledger_room(&a) == INT64_MAX);
    a.nature = LEDGER_INCOME;
    assert_int_equal(ledger_balance(&a), -70);
    assert_int_equal(ledger_lowest(&a), -75);
    assert_int_equal(ledger_highest(&a), -63);
    a.has_floor = a.has_ceiling = true;
    a.floor = INT64_MIN;
    a.ceiling = INT64_MAX;
    assert_true(ledger_available(&a) > 0 && ledger_room(&a) == INT64_MAX);
    for (int nature = LEDGER_ASSET; nature <= LEDGER_EXPENSE; nature++)
        assert_int_equal(ledger_sign((enum ledger_nature)nature),
                         nature == LEDGER_ASSET || nature == LEDGER_EXPENSE ? -1 : 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_in_order_of_precedence),
        cmocka_unit_test(refuses_more_than_64_legs),
        cmocka_unit_test(asks_the_book_last),
        cmocka_unit_test(books_on_the_first_open_day),
        cmocka_unit_test(numbers_and_chains_transfers),
        cmocka_unit_test(resolves_holds_in_three_ways),
        cmocka_unit_test(drains_holds_of_frozen_accounts),
        cmocka_unit_test(lowered_limits_seize_nothing),
        cmocka_unit_test(reads_balances_in_their_nature),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
