/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The plans around an entry: reversal, closing, limits, an accountant's lines, canonical bytes.
 */
#include "cm.h"
#include "rules/ledger.h"

#define BIG (INT64_C(1) << 53)

static const struct ledger_account past_floor = {
    .id = 8, .currency = 1, .nature = LEDGER_MEMO, .debits_posted = 90, .has_floor = true};
static const struct ledger_account closed = {.id = 5, .nature = LEDGER_MEMO, .closed_ns = 7};
static const struct ledger_hold open_hold = {
    .seq = 11, .debit = 1, .credit = 2, .amount = 40, .currency = 1};

/* --- reversal, closing, limits, lines --------------------------------------------------------- */

static void reverses_once_and_only_what_can_be(void **state)
{
    const struct ledger_entry original = {.id = 9};
    const struct ledger_transfer moved[] = {{.seq = 18,
                                             .entry = 9,
                                             .debit = 1,
                                             .credit = 2,
                                             .amount = 5,
                                             .currency = 1,
                                             .code = 3,
                                             .flags = LEDGER_OPENING | LEDGER_IMPORT},
                                            {.seq = 11,
                                             .entry = 9,
                                             .debit = 1,
                                             .credit = 2,
                                             .amount = 40,
                                             .currency = 1,
                                             .flags = LEDGER_PENDING},
                                            {.seq = 19,
                                             .entry = 9,
                                             .debit = 3,
                                             .credit = 1,
                                             .amount = 6,
                                             .currency = 1,
                                             .flags = LEDGER_POST,
                                             .pending_seq = 2}};
    const struct ledger_transfer voided = {.seq = 19, .entry = 9, .flags = LEDGER_VOID};
    const struct ledger_transfer expired = {.entry = 9, .flags = LEDGER_VOID | LEDGER_EXPIRED};
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    struct ledger_request r = {.book_date = 20000, .now_ns = 5};
    struct ledger_hold hold = open_hold;

    (void)state;
    assert_int_equal(ledger_plan_reversal(&r, legs, NULL, 3, moved, 3, &open_hold, 1),
                     NO_ENTRY_UNKNOWN);
    assert_int_equal(ledger_plan_reversal(&r, legs, &original, 3, moved, 3, &open_hold, 1),
                     NO_ALREADY_REVERSED);
    assert_int_equal(ledger_plan_reversal(&r, legs, &original, 0, moved, 3, &open_hold, 0),
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
    struct ledger_account out = {.id = 77}, a = {.id = 1,
                                                 .nature = LEDGER_MEMO,
                                                 .credits_posted = 5,
                                                 .credits_pending = 1,
                                                 .flags = LEDGER_FROZEN,
                                                 .closed_ns = 3};

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
    struct ledger_account out, a = past_floor;

    (void)state;
    assert_int_equal(ledger_plan_limits(&out, &a, &high, &low), NO_FIELD_OUT_OF_RANGE);
    assert_int_equal(ledger_plan_limits(&out, &a, NULL, &far), NO_FIELD_OUT_OF_RANGE);
    assert_int_equal(ledger_plan_limits(&out, &closed, NULL, NULL), NO_ACCOUNT_CLOSED);
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
    const struct ledger_leg leg = {.debit = 1, .credit = 2, .amount = 30, .currency = 1},
                            other = {.debit = 1, .credit = 2, .amount = 31, .currency = 1};
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
    const struct ledger_entry entry = {.id = 1,
                                       .journal = 2,
                                       .year = 2026,
                                       .num = 3,
                                       .book_date = -1,
                                       .label = S("x"),
                                       .booked_ns = 4};
    const struct ledger_transfer t = {
        .seq = 1, .entry = 1, .debit = 258, .credit = 2, .amount = 3, .currency = 1};
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reverses_once_and_only_what_can_be),
        cmocka_unit_test(closes_only_what_is_empty),
        cmocka_unit_test(sets_limits),
        cmocka_unit_test(cuts_lines_into_legs),
        cmocka_unit_test(bytes_say_what_was_asked_and_no_more),
        cmocka_unit_test(entry_bytes_never_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
