/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The ledger's answers, one row per refusal in the order of no.def, then the life of holds, both
 * natures of limits, reversal, closing, cutting, canonical bytes and the chart.
 */
#include "cm.h"
#include "rules/chart.h"
#include "rules/ledger.h"

#include <string.h>

#define NOW INT64_C(1000000000000)
#define LATER (NOW + 1000)
#define DAY 20000

/* The facts of every row: 1 and 2 are purses, 3 a bank account, 4 in another currency, 5 closed,
 * 6 frozen, 7 nearly full, 8 a purse past its floor. Holds 11.. are on 1 -> 2, for 40. */
static const struct ledger_account accounts[] = {
    {.id = 1, .currency = 1, .nature = LEDGER_MEMO, .credits_posted = 100, .debits_pending = 40,
     .has_floor = true, .floor = -50, .has_ceiling = true, .ceiling = 500, .last_seq = 20},
    {.id = 2, .currency = 1, .nature = LEDGER_LIABILITY, .credits_pending = 40, .has_floor = true,
     .has_ceiling = true, .ceiling = 120, .last_seq = 19},
    {.id = 3, .currency = 1, .nature = LEDGER_ASSET, .debits_posted = 100, .has_floor = true,
     .has_ceiling = true, .ceiling = 300},
    {.id = 4, .currency = 2, .nature = LEDGER_MEMO},
    {.id = 5, .currency = 1, .nature = LEDGER_MEMO, .closed_ns = 7},
    {.id = 6, .currency = 1, .nature = LEDGER_MEMO, .flags = LEDGER_FROZEN},
    {.id = 7, .currency = 1, .nature = LEDGER_MEMO, .credits_posted = (INT64_C(1) << 62) - 10},
    {.id = 8, .currency = 1, .nature = LEDGER_MEMO, .debits_posted = 90, .has_floor = true,
     .floor = -50, .has_ceiling = true, .ceiling = -80},
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
    const struct ledger_request request = {.journal = 1, .year = 2026, .book_date = DAY,
                                           .now_ns = NOW, .legs = legs, .legs_n = legs_n};

    return ledger_plan_entry(plan, &request, accounts, ACCOUNTS, holds, HOLDS, &head);
}

#define PLAIN(d, c, a) {.debit = (d), .credit = (c), .amount = (a), .currency = 1}
#define HOLD(d, c, a)                                                                    \
    {.kind = LEDGER_LEG_HOLD, .debit = (d), .credit = (c), .amount = (a), .currency = 1}
#define POST(h, a) {.kind = LEDGER_LEG_POST, .hold = (h), .amount = (a)}
#define VOID_(h) {.kind = LEDGER_LEG_VOID, .hold = (h)}
#define EXPIRE(h) {.kind = LEDGER_LEG_EXPIRE, .hold = (h)}
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
    {NO_HOLD_EXPIRED, 1, {{.kind = LEDGER_LEG_HOLD, .debit = 1, .credit = 2, .amount = 9999,
                           .currency = 1, .expires_ns = NOW}}},
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
    struct ledger_request request = {.book_date = DAY - 1, .now_ns = NOW - 5 -
                                     LEDGER_CLOCK_SLACK_NS - 1, .legs = &refused, .legs_n = 1};
    struct ledger_plan plan;

    (void)state;
#define ANSWER() ledger_plan_entry(&plan, &request, accounts, ACCOUNTS, holds, HOLDS, &head)
    assert_int_equal(ANSWER(), NO_SUM_WOULD_OVERFLOW);
    request.legs = &leg;
    assert_int_equal(ANSWER(), NO_PERIOD_CLOSED);
    request.accountant = true;
    assert_int_equal(ANSWER(), NO_CLOCK_WENT_BACK);
    request.now_ns++;
    assert_int_equal(ANSWER(), YES);
    assert_true(plan.entry.booked_ns == head.booked_ns + 1);
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
    struct ledger_account a = {.nature = LEDGER_ASSET, .debits_posted = 100, .credits_posted = 30,
                               .debits_pending = 5, .credits_pending = 7};

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

/* --- reversal, closing, limits, lines --------------------------------------------------------- */

static void reverses_once_and_only_what_can_be(void **state)
{
    const struct ledger_entry original = {.id = 9};
    const struct ledger_transfer moved[] = {
        {.seq = 18, .entry = 9, .debit = 1, .credit = 2, .amount = 5, .currency = 1, .code = 3,
         .flags = LEDGER_OPENING | LEDGER_IMPORT},
        {.seq = 11, .entry = 9, .debit = 1, .credit = 2, .amount = 40, .currency = 1,
         .flags = LEDGER_PENDING},
        {.seq = 19, .entry = 9, .debit = 3, .credit = 1, .amount = 6, .currency = 1,
         .flags = LEDGER_POST, .pending_seq = 2}};
    const struct ledger_transfer voided = {.seq = 19, .entry = 9, .flags = LEDGER_VOID};
    const struct ledger_transfer expired = {.entry = 9, .flags = LEDGER_VOID | LEDGER_EXPIRED};
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    struct ledger_request r = {.book_date = DAY, .now_ns = NOW};
    struct ledger_hold hold = holds[0];

    (void)state;
    assert_int_equal(ledger_plan_reversal(&r, legs, NULL, 3, moved, 3, holds, HOLDS),
                     NO_ENTRY_UNKNOWN);
    assert_int_equal(ledger_plan_reversal(&r, legs, &original, 3, moved, 3, holds, HOLDS),
                     NO_ALREADY_REVERSED);
    assert_int_equal(ledger_plan_reversal(&r, legs, &original, 0, moved, 3, holds, 0),
                     NO_HOLD_UNKNOWN);
    assert_int_equal(ledger_plan_reversal(&r, legs, &original, 0, &voided, 1, NULL, 0),
                     NO_HOLD_ALREADY_VOIDED);
    assert_int_equal(ledger_plan_reversal(&r, legs, &original, 0, &expired, 1, NULL, 0),
                     NO_HOLD_EXPIRED);
    static const no answers[] = {YES, NO_HOLD_ALREADY_POSTED, NO_HOLD_ALREADY_VOIDED,
                                 NO_HOLD_EXPIRED};
    for (int s = LEDGER_HOLD_EXPIRED; s >= LEDGER_HOLD_OPEN; s--) {
        assert_null(r.legs);
        hold.state = (enum ledger_hold_state)s;
        assert_int_equal(ledger_plan_reversal(&r, legs, &original, 0, moved, 3, &hold, 1),
                         answers[s]);
    }
    assert_int_equal(r.corrects, 9);
    assert_int_equal(r.legs_n, 3);
    assert_int_equal(legs[0].debit, 1); /* last leg first, sides swapped */
    assert_int_equal(legs[0].credit, 3);
    assert_int_equal(legs[0].kind, LEDGER_LEG_PLAIN);
    assert_int_equal(legs[1].kind, LEDGER_LEG_VOID);
    assert_int_equal(legs[1].debit, 1);
    assert_int_equal(legs[2].debit, 2);
    assert_int_equal(legs[2].code, 3);
    assert_int_equal(legs[2].marks, LEDGER_OPENING | LEDGER_CORRECTION);
}

static void closes_only_what_is_empty(void **state)
{
    struct ledger_account out = {.id = 77}, a = {.id = 1, .nature = LEDGER_MEMO,
                                                 .credits_posted = 5, .credits_pending = 1,
                                                 .flags = LEDGER_FROZEN, .closed_ns = 3};

    (void)state;
    assert_int_equal(ledger_plan_close(&out, &a, 9), NO_ACCOUNT_CLOSED);
    a.closed_ns = 0;
    assert_int_equal(ledger_plan_close(&out, &a, 9), NO_ACCOUNT_FROZEN);
    a.flags = 0;
    assert_int_equal(ledger_plan_close(&out, &a, 9), NO_ACCOUNT_HAS_HOLDS);
    a.credits_pending = 0;
    a.debits_pending = 1;
    assert_int_equal(ledger_plan_close(&out, &a, 9), NO_ACCOUNT_HAS_HOLDS);
    a.debits_pending = 0;
    assert_int_equal(ledger_plan_close(&out, &a, 9), NO_ACCOUNT_NOT_EMPTY);
    assert_int_equal(out.id, 77);
    a.debits_posted = 5;
    assert_int_equal(ledger_plan_close(&out, &a, 9), YES);
    assert_int_equal(out.closed_ns, 9);
}

static void sets_limits(void **state)
{
    const int64_t low = -5, high = 5, far = LEDGER_SUM_MAX + 1;
    struct ledger_account out, a = accounts[7];

    (void)state;
    assert_int_equal(ledger_plan_limits(&out, &a, &high, &low), NO_FIELD_OUT_OF_RANGE);
    assert_int_equal(ledger_plan_limits(&out, &a, NULL, &far), NO_FIELD_OUT_OF_RANGE);
    assert_int_equal(ledger_plan_limits(&out, &accounts[4], NULL, NULL), NO_ACCOUNT_CLOSED);
    assert_int_equal(ledger_plan_limits(&out, &a, &low, NULL), YES); /* it stands at -90 */
    assert_true(out.has_floor && out.floor == -5 && !out.has_ceiling);
    assert_int_equal(ledger_plan_limits(&out, &a, &low, &low), YES);
}

static void cuts_lines_into_legs(void **state)
{
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    struct ledger_line many[LEDGER_LEGS_MAX + 2] = {{.account = 1, .debit = 65}};
    const struct ledger_line lines[] = {{1, 100, 0}, {2, 0, 30}, {3, 0, 90}, {4, 20, 0}};
    const struct ledger_line both = {1, 5, 5}, none = {1, 0, 0}, big = {1, BIG, 0};
    size_t n = 99;

    (void)state;
    assert_int_equal(ledger_cut_lines(legs, &n, &both, 1, 1, 0), NO_AMOUNT_NOT_POSITIVE);
    assert_int_equal(ledger_cut_lines(legs, &n, &none, 1, 1, 0), NO_AMOUNT_NOT_POSITIVE);
    assert_int_equal(ledger_cut_lines(legs, &n, &big, 1, 1, 0), NO_AMOUNT_TOO_LARGE);
    assert_int_equal(ledger_cut_lines(legs, &n, lines, 0, 1, 0), NO_ENTRY_EMPTY);
    assert_int_equal(ledger_cut_lines(legs, &n, lines, 3, 1, 0), NO_ENTRY_NOT_BALANCED);
    for (int64_t i = 1; i <= 65; i++)
        many[i] = (struct ledger_line){.account = i + 1, .credit = 1};
    assert_int_equal(ledger_cut_lines(legs, &n, many, 66, 1, 0), NO_ENTRY_TOO_LONG);
    assert_int_equal(n, 99);
    assert_int_equal(ledger_cut_lines(legs, &n, lines, 4, 1, 7), YES);
    assert_int_equal(n, 3);
    static const int64_t expected[3][3] = {{1, 2, 30}, {1, 3, 70}, {4, 3, 20}};
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(legs[i].debit, expected[i][0]);
        assert_int_equal(legs[i].credit, expected[i][1]);
        assert_int_equal(legs[i].amount, expected[i][2]);
        assert_int_equal(legs[i].code, 7);
    }
}

/* --- bytes, chart ----------------------------------------------------------------------------- */

static str request_bytes(struct arena *arena, const struct ledger_request *request)
{
    struct buf out;

    buf_init(&out, arena, 0);
    ledger_request_bytes(&out, request);
    assert_false(buf_failed(&out));
    return buf_str(&out);
}

static void bytes_say_what_was_asked_and_no_more(void **state)
{
    const struct ledger_leg leg = PLAIN(1, 2, 30), other = PLAIN(1, 2, 31);
    struct ledger_request a = {.label = S("ab"), .piece_ref = S("c"), .legs = &leg, .legs_n = 1};
    struct ledger_request b = a;
    char block[4096];
    struct arena arena;

    (void)state;
    arena_init_on(&arena, block, sizeof block);
    const str first = request_bytes(&arena, &a);
    b.now_ns = 5;
    b.book_date = 6;
    b.year = 7;
    assert_true(str_eq(request_bytes(&arena, &b), first)); /* a retry next year is the same */
    b.label = S("a");
    b.piece_ref = S("bc");
    assert_false(str_eq(request_bytes(&arena, &b), first)); /* texts cannot run into each other */
    b = a;
    b.legs = &other;
    assert_false(str_eq(request_bytes(&arena, &b), first));
    b = a;
    b.uid.bytes[15] = 1;
    assert_false(str_eq(request_bytes(&arena, &b), first));
    assert_int_equal(first.len, 23 + 16 + 4 + 5 + 6 + 8 + 4 + 8 + 8 + 8 + 4 * 4 + 5 * 8);
}

static void entry_bytes_never_change(void **state)
{
    const struct ledger_entry entry = {.id = 1, .journal = 2, .year = 2026, .num = 3,
                                       .book_date = -1, .label = S("x"), .booked_ns = 4};
    const struct ledger_transfer t = {.seq = 1, .entry = 1, .debit = 258, .credit = 2,
                                      .amount = 3, .currency = 1};
    static const char tail[] = {0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2};
    char block[2048];
    struct arena arena;
    struct buf out;

    (void)state;
    arena_init_on(&arena, block, sizeof block);
    buf_init(&out, &arena, 1024);
    ledger_entry_bytes(&out, &entry, &t, 1);
    const str all = buf_str(&out);
    const size_t header = 21 + 8 + 16 + 32 + 4 + 4 + 8;
    assert_int_equal(all.len, header + 4 + 4 + 5 + 8 + 4 + 8 + 8 + 8 + 8 + 9 * 8 + 3 * 4);
    assert_memory_equal(all.ptr, "filon ledger entry 1\n", 21);
    assert_memory_equal(all.ptr + header, "\xff\xff\xff\xff\0\0\0\0\0\0\0\1x", 13);
    assert_memory_equal(all.ptr + all.len - 9 * 8 - 3 * 4, tail, sizeof tail);
}

static void chart_is_ascending_and_complete(void **state)
{
    static const int32_t needed[] = {411000, 467100, 471000, 512000, 530000, 580000, 708201,
                                     708202, 708203, 801000, 802000, 803000, 101300, 106100};

    (void)state;
    for (size_t i = 0; chart_at(i); i++) {
        const struct chart_line *line = chart_at(i);
        assert_ptr_equal(chart_find(line->number), line);
        assert_ptr_equal(chart_find_key(str_of(line->neutral)), line);
        assert_true(i == 0 || chart_at(i - 1)->number < line->number);
        assert_true(line->label_fr[0] && line->label_en[0]);
        (void)ledger_sign(line->nature);
    }
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        assert_non_null(chart_find(needed[i]));
    assert_null(chart_find(101301));
    assert_null(chart_find(0));
    assert_null(chart_find(999999));
    assert_int_equal(chart_class(708201), 7);
    assert_int_equal(chart_class(70820), 0);
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
        cmocka_unit_test(reverses_once_and_only_what_can_be),
        cmocka_unit_test(closes_only_what_is_empty),
        cmocka_unit_test(sets_limits),
        cmocka_unit_test(cuts_lines_into_legs),
        cmocka_unit_test(bytes_say_what_was_asked_and_no_more),
        cmocka_unit_test(entry_bytes_never_change),
        cmocka_unit_test(chart_is_ascending_and_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
