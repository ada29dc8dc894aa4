/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Every event of the table through the deeds: after each the money is summed, the books are
 * audited, and nothing is left on hold when an order is over.
 */
#include "order_sums.h"

/* --- the answer ------------------------------------------------------------------------------ */

static void an_answer_of_each_kind(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = lesson(test, 60);
    const int64_t declined = asked(test, offer), withdrawn = asked(test, offer),
                  expired = asked(test, offer), accepted = asked(test, offer);

    assert_int_equal(act(test, test->daniel, declined, ORDER_DO_ACCEPT), NO_ORDER_NOT_YOURS);
    assert_int_equal(act(test, test->chloe, declined, ORDER_DO_ACCEPT), NO_ORDER_NOT_YOURS);
    does(test, test->bruno, declined, ORDER_DO_DECLINE, ORDER_DECLINED);
    does(test, test->daniel, withdrawn, ORDER_DO_WITHDRAW, ORDER_CANCELLED);
    does(test, test->bruno, accepted, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    pass(test, 49 * ORDER_HOUR);
    assert_int_equal(state_of(test, expired), ORDER_EXPIRED);
    sums_hold(test, expired);
    assert_int_equal(act(test, test->bruno, expired, ORDER_DO_ACCEPT), NO_ORDER_NOT_IN_STATE);
    assert_int_equal(balance(test, test->daniel, CHART_TIME, HOURS), 0);
}

static void a_counter_offer_is_taken_at_its_price(void **state)
{
    struct test_world *test = *state;
    const int64_t order = asked(test, lesson(test, 60));
    struct order_act_form form = act_form(order, ORDER_DO_COUNTER);

    form.counter_price[0] = 90;
    form.counter_starts_ns = now_of(test) + 3 * ORDER_DAY;
    does_with(test, test->bruno, &form, ORDER_COUNTERED);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_AGREE), NO_ORDER_NOT_YOURS);
    does(test, test->daniel, order, ORDER_DO_AGREE, ORDER_ACCEPTED);
    assert_int_equal(look(test, order).row.starts_ns, form.counter_starts_ns);
    does(test, test->bruno, order, ORDER_DO_DELIVER, ORDER_DELIVERED);
    does(test, test->daniel, order, ORDER_DO_CONFIRM, ORDER_COMPLETED);
    assert_int_equal(balance(test, test->bruno, CHART_TIME, HOURS), 90);
}

static void a_counter_offer_may_be_left(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = lesson(test, 60);
    const int64_t declined = asked(test, offer), left = asked(test, offer);
    struct order_act_form form = act_form(declined, ORDER_DO_COUNTER);

    form.counter_price[0] = 601;
    does_with(test, test->bruno, &form, ORDER_COUNTERED);
    assert_int_equal(act(test, test->daniel, declined, ORDER_DO_AGREE), NO_FLOOR_WOULD_BE_PASSED);
    assert_int_equal(state_of(test, declined), ORDER_COUNTERED);
    does(test, test->daniel, declined, ORDER_DO_WITHDRAW, ORDER_CANCELLED);
    form.order = left;
    does_with(test, test->bruno, &form, ORDER_COUNTERED);
    pass(test, 49 * ORDER_HOUR);
    assert_int_equal(state_of(test, left), ORDER_EXPIRED);
    sums_hold(test, left);
}

/* Counter-offers are not declined when the last piece goes: the second to agree is told. */
static void the_last_piece_is_not_promised_by_two_counter_offers(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, EURO, 1000, 1, ORDER_SALE);
    const int64_t first = asked(test, offer), second = asked(test, offer);
    struct order_act_form form = act_form(first, ORDER_DO_COUNTER);

    form.counter_price[0] = 900;
    does_with(test, test->bruno, &form, ORDER_COUNTERED);
    form.order = second;
    does_with(test, test->bruno, &form, ORDER_COUNTERED);
    does(test, test->daniel, first, ORDER_DO_AGREE, ORDER_ACCEPTED);
    assert_int_equal(act(test, test->daniel, second, ORDER_DO_AGREE), NO_STOCK_TOO_SMALL);
    assert_int_equal(state_of(test, second), ORDER_COUNTERED);
    does(test, test->bruno, first, ORDER_DO_CANCEL, ORDER_CANCELLED);
    does(test, test->daniel, second, ORDER_DO_AGREE, ORDER_ACCEPTED);
}

/* --- the work -------------------------------------------------------------------------------- */

static void both_prices_are_paid_together(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer_of(test, (struct seed){.member = test->bruno,
                                                           .a_currency = EURO,
                                                           .a_minor = 2000,
                                                           .b_currency = HOURS,
                                                           .b_minor = 30,
                                                           .mode = PRICE_BOTH,
                                                           .stock = -1,
                                                           .kind = ORDER_SERVICE});
    const int64_t order = asked(test, offer);

    does(test, test->bruno, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->daniel, order, ORDER_DO_PAY_SAID, ORDER_ACCEPTED);
    does(test, test->bruno, order, ORDER_DO_PAY_SEEN, ORDER_ACCEPTED);
    does(test, test->bruno, order, ORDER_DO_START, ORDER_STARTED);
    does(test, test->bruno, order, ORDER_DO_DELIVER, ORDER_DELIVERED);
    does(test, test->daniel, order, ORDER_DO_CONFIRM, ORDER_COMPLETED);
    assert_int_equal(balance(test, test->bruno, CHART_TIME, HOURS), 30);
    assert_int_equal(balance(test, test->bruno, CHART_DIRECT, EURO), 2000);
    assert_int_equal(balance(test, test->bruno, CHART_MEMBER_OWES, EURO), 180);
}

static void an_exchange_may_take_a_fifth_more(void **state)
{
    struct test_world *test = *state;
    const int64_t order = asked(test, lesson(test, 100));
    struct order_act_form form = act_form(order, ORDER_DO_DELIVER);

    does(test, test->bruno, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    form.actual_price[0] = 121;
    assert_int_equal(act_with(test, test->bruno, &form), NO_FIELD_OUT_OF_RANGE);
    form.actual_price[0] = 120;
    does_with(test, test->bruno, &form, ORDER_DELIVERED);
    does(test, test->daniel, order, ORDER_DO_CONFIRM, ORDER_COMPLETED);
    assert_int_equal(balance(test, test->bruno, CHART_TIME, HOURS), 120);
}

static void a_gift_moves_nothing(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, 0, 0, 1, ORDER_GIFT);
    const int64_t order = asked(test, offer);

    does(test, test->bruno, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->bruno, order, ORDER_DO_DELIVER, ORDER_DELIVERED);
    does(test, test->daniel, order, ORDER_DO_CONFIRM, ORDER_COMPLETED);
    assert_int_equal(look(test, order).facts.deal.parts_n, 0);
}

static void a_debt_is_struck_out_once(void **state)
{
    struct test_world *test = *state;
    const int64_t order = asked(test, put_offer(test, test->bruno, EURO, 1000, 1, ORDER_SERVICE));

    does(test, test->bruno, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->bruno, order, ORDER_DO_DELIVER, ORDER_DELIVERED);
    does(test, test->daniel, order, ORDER_DO_CONFIRM, ORDER_COMPLETED);
    assert_int_equal(look(test, order).facts.paid[0].owed_provider, 1000);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_DEBT_SEEN), NO_ORDER_NOT_IN_STATE);
    does(test, test->bruno, order, ORDER_DO_DEBT_SEEN, ORDER_COMPLETED);
    assert_int_equal(look(test, order).facts.paid[0].owed_provider, 0);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_DEBT_SEEN), NO_ORDER_NOT_IN_STATE);
    assert_int_equal(balance(test, test->bruno, CHART_DIRECT, EURO), 1000);
    assert_int_equal(balance(test, test->bruno, CHART_DEBT, EURO), 0);
}

static void one_side_did_not_come(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = lesson(test, 60);
    const int64_t starts = now_of(test) + ORDER_DAY;
    int64_t his, hers;

    assert_int_equal(ask_at(test, test->daniel, offer, 1, starts, &his), YES);
    assert_int_equal(ask_at(test, test->daniel, offer, 1, starts, &hers), YES);
    does(test, test->bruno, his, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->bruno, hers, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    assert_int_equal(act(test, test->daniel, his, ORDER_DO_NO_SHOW), NO_TOO_EARLY);
    pass(test, ORDER_DAY + 2 * ORDER_HOUR);
    does(test, test->daniel, his, ORDER_DO_NO_SHOW, ORDER_CANCELLED);
    assert_int_equal(balance(test, test->bruno, CHART_TIME, HOURS), 0);
    does(test, test->bruno, hers, ORDER_DO_NO_SHOW, ORDER_CANCELLED);
    assert_int_equal(balance(test, test->bruno, CHART_TIME, HOURS), 30);
}

/* A need is answered by whoever does the work; the one who published it accepts, and pays. */
static void a_need_is_an_order_with_the_sides_turned(void **state)
{
    struct test_world *test = *state;
    const int64_t need = put_offer_of(test, (struct seed){.member = test->daniel,
                                                          .a_currency = HOURS,
                                                          .a_minor = 60,
                                                          .stock = -1,
                                                          .kind = ORDER_EXCHANGE,
                                                          .side = 2});
    struct order_request_form form = {
        .lines = {{need, 0, 1}}, .lines_n = 1, .seen_a = -1, .seen_b = -1};
    struct ctx ctx;
    int64_t order;

    test_as(test, &ctx, test->bruno, ROLE_CLIENT);
    assert_int_equal(deed_order_request(&ctx, &form), NO_NOT_ALLOWED);
    test_done(&ctx);
    assert_int_equal(ask(test, test->daniel, need, 1, &order), NO_ORDER_OWN_OFFER);
    assert_int_equal(ask(test, test->bruno, need, 1, &order), YES);
    assert_int_equal(look(test, order).row.buyer, test->daniel);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_ACCEPT), NO_ORDER_NOT_YOURS);
    assert_false(look(test, order).facts.paid[0].held);
    does(test, test->daniel, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    assert_true(look(test, order).facts.paid[0].held);
    does(test, test->bruno, order, ORDER_DO_DELIVER, ORDER_DELIVERED);
    does(test, test->daniel, order, ORDER_DO_CONFIRM, ORDER_COMPLETED);
    assert_int_equal(balance(test, test->bruno, CHART_TIME, HOURS), 60);
    assert_int_equal(balance(test, test->daniel, CHART_TIME, HOURS), -60);
}

/* --- cancelling ------------------------------------------------------------------------------ */

/* What the provider keeps of 100 minutes when the buyer cancels `before` the start. */
static int64_t kept_when_cancelled(struct test_world *test, enum order_cancel_choice choice,
                                   int64_t before)
{
    const int64_t offer = put_offer_of(test, (struct seed){.member = test->bruno,
                                                           .a_currency = HOURS,
                                                           .a_minor = 100,
                                                           .stock = -1,
                                                           .kind = ORDER_EXCHANGE,
                                                           .cancel = choice});
    const int64_t had = balance(test, test->bruno, CHART_TIME, HOURS);
    int64_t order;

    assert_int_equal(ask_at(test, test->daniel, offer, 1, now_of(test) + before, &order), YES);
    does(test, test->bruno, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->daniel, order, ORDER_DO_CANCEL, ORDER_CANCELLED);
    return balance(test, test->bruno, CHART_TIME, HOURS) - had;
}

static void cancelling_costs_what_the_schedule_says(void **state)
{
    static const struct {
        enum order_cancel_choice choice;
        int64_t hours, kept;
    } rows[] = {
        {ORDER_FLEXIBLE, 25, 0},         {ORDER_FLEXIBLE, 23, 50},
        {ORDER_FLEXIBLE, 1, 50},         {ORDER_MODERATE, 121, 0},
        {ORDER_MODERATE, 119, 50},       {ORDER_MODERATE, 25, 50},
        {ORDER_MODERATE, 23, 100},       {ORDER_STRICT, 14 * 24 + 1, 0},
        {ORDER_STRICT, 14 * 24 - 1, 50}, {ORDER_STRICT, 7 * 24 + 1, 50},
        {ORDER_STRICT, 7 * 24 - 1, 100},
    };
    struct test_world *test = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int64_t kept = kept_when_cancelled(test, rows[i].choice, rows[i].hours * ORDER_HOUR);

        if (kept != rows[i].kept)
            fail_msg("row %zu: kept %lld, not %lld", i, (long long)kept, (long long)rows[i].kept);
    }
}

static void a_provider_who_cancels_keeps_nothing(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, EURO, 1000, 3, ORDER_SALE);
    const int64_t order = asked(test, offer);
    struct order_act_form form = act_form(order, ORDER_DO_CANCEL);

    does(test, test->bruno, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->daniel, order, ORDER_DO_PAY_SAID, ORDER_ACCEPTED);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_CANCEL), NO_TOO_EARLY);
    form.received = true;
    does_with(test, test->bruno, &form, ORDER_CANCELLED);
    assert_int_equal(look(test, order).facts.paid[0].owed_buyer, 1000);
    does(test, test->daniel, order, ORDER_DO_DEBT_SEEN, ORDER_CANCELLED);
    assert_int_equal(balance(test, test->daniel, CHART_DIRECT, EURO), 0);
}

/* --- disputes -------------------------------------------------------------------------------- */

static int64_t disputed(struct test_world *test, int64_t minutes)
{
    const int64_t order = asked(test, lesson(test, minutes));

    does(test, test->bruno, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->bruno, order, ORDER_DO_DELIVER, ORDER_DELIVERED);
    does(test, test->daniel, order, ORDER_DO_DISPUTE, ORDER_DISPUTED);
    return order;
}

static no mediate(struct test_world *test, int64_t who, uint32_t roles, int64_t order)
{
    struct order_mediate_form form = {.order = order};
    struct ctx ctx;

    test_as(test, &ctx, who, roles);
    const no answer = deed_order_mediate(&ctx, &form);

    test_done(&ctx);
    return answer;
}

static void a_mediator_decides_with_a_reason(void **state)
{
    struct test_world *test = *state;
    const int64_t order = disputed(test, 100);
    struct order_act_form form = act_form(order, ORDER_DO_DECIDE);

    form.split[0] = order_split_back(&look(test, order).facts.deal.parts[0], 40);
    form.note = S("Both had a part in it.");
    assert_int_equal(act_with(test, test->chloe, &form), NO_ORDER_NOT_YOURS);
    assert_int_equal(mediate(test, test->amina, ROLE_MEMBER, order), NO_NOT_ALLOWED);
    assert_int_equal(mediate(test, test->daniel, ROLE_MEDIATOR, order), NO_MEDIATOR_IS_PARTY);
    assert_int_equal(mediate(test, test->chloe, ROLE_MEDIATOR, order), YES);
    assert_int_equal(mediate(test, test->amina, ROLE_MEDIATOR, order), NO_CONFLICT);
    form.note = S(" ");
    assert_int_equal(act_with(test, test->chloe, &form), NO_BAD_FIELDS);
    form.note = S("Both had a part in it.");
    form.split[0].refund++;
    assert_int_equal(act_with(test, test->chloe, &form), NO_SPLIT_NOT_WHOLE);
    form.split[0].refund--;
    does_with(test, test->chloe, &form, ORDER_COMPLETED);
    assert_int_equal(balance(test, test->bruno, CHART_TIME, HOURS), 60);
    assert_int_equal(balance(test, test->daniel, CHART_TIME, HOURS), -60);
    assert_int_equal(mediate(test, test->chloe, ROLE_MEDIATOR, order), NO_ORDER_NOT_IN_STATE);
}

static void two_people_settle(void **state)
{
    struct test_world *test = *state;
    const int64_t order = disputed(test, 100);
    struct order_act_form form = act_form(order, ORDER_DO_SETTLE_PROPOSE);

    form.split[0] = order_split_back(&look(test, order).facts.deal.parts[0], 100);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_SETTLE_AGREE), NO_ORDER_NOT_IN_STATE);
    does_with(test, test->daniel, &form, ORDER_DISPUTED);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_SETTLE_AGREE), NO_ORDER_NOT_YOURS);
    does(test, test->bruno, order, ORDER_DO_SETTLE_AGREE, ORDER_COMPLETED);
    assert_int_equal(balance(test, test->daniel, CHART_TIME, HOURS), 0);
}

static void a_gesture_is_a_new_entry(void **state)
{
    struct test_world *test = *state;
    const int64_t order = asked(test, lesson(test, 100));
    struct order_act_form form = act_form(order, ORDER_DO_GOODWILL);

    does(test, test->bruno, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->bruno, order, ORDER_DO_DELIVER, ORDER_DELIVERED);
    does(test, test->daniel, order, ORDER_DO_CONFIRM, ORDER_COMPLETED);
    form.amount = 101;
    assert_int_equal(act_with(test, test->bruno, &form), NO_FIELD_OUT_OF_RANGE);
    form.amount = 30;
    assert_int_equal(act_with(test, test->daniel, &form), NO_ORDER_NOT_YOURS);
    does_with(test, test->bruno, &form, ORDER_COMPLETED);
    assert_int_equal(balance(test, test->bruno, CHART_TIME, HOURS), 70);
    form.amount = 71;
    assert_int_equal(act_with(test, test->bruno, &form), NO_FIELD_OUT_OF_RANGE);
}

/* A facilitator may give back from the co-op's own purse, as far as it goes. */
static void the_coop_may_make_a_gesture(void **state)
{
    struct test_world *test = *state;
    const int64_t order = asked(test, put_offer(test, test->bruno, EURO, 1000, 1, ORDER_SERVICE));
    struct order_act_form form = act_form(order, ORDER_DO_GOODWILL);

    does(test, test->bruno, order, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->bruno, order, ORDER_DO_PAY_SEEN, ORDER_ACCEPTED);
    does(test, test->bruno, order, ORDER_DO_DELIVER, ORDER_DELIVERED);
    does(test, test->daniel, order, ORDER_DO_CONFIRM, ORDER_COMPLETED);
    form.amount = 300;
    assert_int_equal(act_with(test, test->chloe, &form), NO_ORDER_NOT_YOURS);
    does_with(test, test->amina, &form, ORDER_COMPLETED);
    assert_int_equal(balance(test, test->daniel, CHART_DIRECT, EURO), -700);
    assert_int_equal(look(test, order).facts.paid[0].refunded, 300);
}

/* --- the clock ------------------------------------------------------------------------------- */

static void the_clock_drains_every_state(void **state)
{
    struct test_world *test = *state;
    const int64_t time = lesson(test, 30);
    const int64_t euro = put_offer(test, test->bruno, EURO, 1000, 20, ORDER_SERVICE);
    struct order_act_form counter = act_form(0, ORDER_DO_COUNTER);
    int64_t orders[9];

    for (size_t i = 0; i < 9; i++)
        orders[i] = asked(test, i < 6 ? time : euro);
    counter.order = orders[1];
    does_with(test, test->bruno, &counter, ORDER_COUNTERED);
    for (size_t i = 2; i < 9; i++)
        does(test, test->bruno, orders[i], ORDER_DO_ACCEPT, ORDER_ACCEPTED);
    does(test, test->bruno, orders[3], ORDER_DO_START, ORDER_STARTED);
    does(test, test->bruno, orders[4], ORDER_DO_DELIVER, ORDER_DELIVERED);
    does(test, test->daniel, orders[5], ORDER_DO_DISPUTE, ORDER_DISPUTED);
    does(test, test->daniel, orders[7], ORDER_DO_PAY_SAID, ORDER_ACCEPTED);
    does(test, test->bruno, orders[8], ORDER_DO_PAY_SEEN, ORDER_ACCEPTED);
    for (int day = 0; day < 400; day += 5) {
        arena_rewind(&test->arena, 0);
        pass(test, 5 * ORDER_DAY);
    }
    for (size_t i = 0; i < 9; i++) {
        if (!order_is_over(state_of(test, orders[i])))
            fail_msg("order %zu is left %s", i, order_state_name(state_of(test, orders[i])));
        sums_hold(test, orders[i]);
    }
    assert_int_equal(state_of(test, orders[3]), ORDER_COMPLETED);
    assert_int_equal(state_of(test, orders[4]), ORDER_COMPLETED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(an_answer_of_each_kind),
        IN_WORLD(a_counter_offer_is_taken_at_its_price),
        IN_WORLD(a_counter_offer_may_be_left),
        IN_WORLD(the_last_piece_is_not_promised_by_two_counter_offers),
        IN_WORLD(both_prices_are_paid_together),
        IN_WORLD(an_exchange_may_take_a_fifth_more),
        IN_WORLD(a_gift_moves_nothing),
        IN_WORLD(a_debt_is_struck_out_once),
        IN_WORLD(one_side_did_not_come),
        IN_WORLD(a_need_is_an_order_with_the_sides_turned),
        IN_WORLD(the_coop_may_make_a_gesture),
        IN_WORLD(cancelling_costs_what_the_schedule_says),
        IN_WORLD(a_provider_who_cancels_keeps_nothing),
        IN_WORLD(a_mediator_decides_with_a_reason),
        IN_WORLD(two_people_settle),
        IN_WORLD(a_gesture_is_a_new_entry),
        IN_WORLD(the_clock_drains_every_state),
    };

    return cmocka_run_group_tests_name("order deeds", tests, NULL, NULL);
}
