/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The money of an order that went wrong, came back, or took longer, to the cent.
 */
#include "order_sim.h"

/* --- disputes --- */

static void splits_are_whole(void **state)
{
    static const struct {
        struct order_split split;
        no why;
        enum order_state to;
    } rows[] = {
        {{3800, 0, 0, 0}, YES, ORDER_CANCELLED},
        {{0, 3458, 342, 0}, YES, ORDER_COMPLETED},
        {{0, 3800, 0, 0}, YES, ORDER_COMPLETED}, /* more than price - fee: the co-op waives */
        {{3458, 0, 342, 0}, YES, ORDER_CANCELLED},
        {{1, 3458, 341, 0}, YES, ORDER_COMPLETED},
        {{0, 3457, 343, 0}, NO_FEE_TOO_HIGH, 0},
        {{0, 3457, 342, 0}, NO_SPLIT_NOT_WHOLE, 0},
        {{1, 3458, 342, 0}, NO_SPLIT_NOT_WHOLE, 0},
        {{3801, 0, -1, 0}, NO_SPLIT_NOT_WHOLE, 0},
        {{-1, 3801, 0, 0}, NO_SPLIT_NOT_WHOLE, 0},
        {{3800, 0, 0, 1}, NO_SPLIT_NOT_WHOLE, 0},
        {{INT64_MAX, INT64_MAX, 3802, 0}, NO_SPLIT_NOT_WHOLE, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int f = ORDER_INTERNAL; f <= ORDER_PSP; f++) {
            struct sim sim = sim_new(ORDER_SALE, (enum order_funding)f);

            sim_bring(&sim, ORDER_ACCEPTED);
            if (f == ORDER_DIRECT)
                sim_do(&sim, ORDER_DO_PAY_SEEN, ORDER_PROVIDER);
            sim_do(&sim, ORDER_DO_DISPUTE, ORDER_BUYER);
            struct order_act act = sim_act(&sim, ORDER_DO_DECIDE, ORDER_MEDIATOR);
            struct order_act propose = sim_act(&sim, ORDER_DO_SETTLE_PROPOSE, ORDER_BUYER);

            act.split[0] = propose.split[0] = rows[i].split;
            struct sim other = sim;
            assert_int_equal(sim_try(&other, &propose), rows[i].why);
            assert_int_equal(sim_try(&sim, &act), rows[i].why);
            if (rows[i].why != YES)
                continue;
            assert_int_equal(sim.facts.state, rows[i].to);
            assert_int_equal(sim.plan.availability, rows[i].to == ORDER_COMPLETED
                                                        ? ORDER_AVAIL_USED
                                                        : ORDER_AVAIL_RELEASE);
            sim_net(&sim, 0, rows[i].split.refund - 3800, rows[i].split.provider,
                    rows[i].split.fee);
            sim_check(&sim);
            sim_do(&other, ORDER_DO_SETTLE_AGREE, ORDER_PROVIDER);
            assert_int_equal(other.facts.state, ORDER_COMPLETED);
            assert_memory_equal(other.net, sim.net, sizeof sim.net);
            sim_check(&other);
        }
}

/* A deposit that was put off cannot be kept. */
static void a_deposit_not_taken_yet(void **state)
{
    struct sim sim = sim_new(ORDER_RENTAL, ORDER_INTERNAL);

    (void)state;
    sim.facts.deal.parts[0].deposit = 700;
    sim.facts.deal.starts_ns += 40 * ORDER_DAY;
    sim.facts.deal.ends_ns += 40 * ORDER_DAY;
    sim_bring(&sim, ORDER_DISPUTED);
    struct order_act act = sim_act(&sim, ORDER_DO_DECIDE, ORDER_MEDIATOR);
    act.split[0] = (struct order_split){.refund = 3800, .deposit_kept = 1};
    assert_int_equal(sim_try(&sim, &act), NO_SPLIT_NOT_WHOLE);
    act.split[0].deposit_kept = 0;
    assert_int_equal(sim_try(&sim, &act), YES);
    sim_net(&sim, 0, 0, 0, 0);
}

/* Sent, not seen: the mediator finds out whether it arrived. */
static void a_decision_on_an_unseen_payment(void **state)
{
    (void)state;
    for (int received = 0; received < 2; received++) {
        struct sim sim = sim_new(ORDER_SERVICE, ORDER_DIRECT);

        sim_bring(&sim, ORDER_DELIVERED);
        sim_do(&sim, ORDER_DO_PAY_SAID, ORDER_BUYER);
        sim_do(&sim, ORDER_DO_DISPUTE, ORDER_PROVIDER);
        struct order_act act = sim_act(&sim, ORDER_DO_DECIDE, ORDER_MEDIATOR);
        act.split[0] = (struct order_split){.refund = 800, .provider = 2800, .fee = 200};
        act.received = received == 1;
        assert_int_equal(sim_try(&sim, &act), YES);
        assert_int_equal(sim.plan.availability, ORDER_AVAIL_NONE);
        assert_int_equal(sim.debt[0], received == 1 ? 800 : -3000);
        sim_net(&sim, 0, -3000, 2800, 200);
        sim_check(&sim);
    }
}

static void what_silence_of_the_panel_means(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_INTERNAL);

    (void)state;
    sim_bring(&sim, ORDER_DISPUTED);
    assert_int_equal(sim.facts.timer_ns, sim.now_ns + 60 * ORDER_DAY);
    sim_tick(&sim);
    assert_int_equal(sim.facts.state, ORDER_CANCELLED); /* a sale not received: refunded */
    sim_net(&sim, 0, 0, 0, 0);
    sim = sim_new(ORDER_SERVICE, ORDER_INTERNAL);
    sim_bring(&sim, ORDER_DELIVERED);
    sim_do(&sim, ORDER_DO_DISPUTE, ORDER_BUYER);
    sim_tick(&sim);
    assert_int_equal(sim.facts.state, ORDER_COMPLETED);
    sim_net(&sim, 0, -1900, 1729, 171);
    sim_check(&sim);
}

/* --- afterwards --- */

static void goodwill(void **state)
{
    (void)state;
    for (int f = ORDER_INTERNAL; f <= ORDER_PSP; f++) {
        struct sim sim = sim_new(ORDER_SALE, (enum order_funding)f);

        sim_bring(&sim, ORDER_ACCEPTED);
        if (f == ORDER_DIRECT)
            sim_do(&sim, ORDER_DO_PAY_SEEN, ORDER_PROVIDER);
        sim_do(&sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
        sim_do(&sim, ORDER_DO_CONFIRM, ORDER_BUYER);
        struct order_act act = sim_act(&sim, ORDER_DO_GOODWILL, ORDER_PROVIDER);
        act.amount = 3801;
        assert_int_equal(sim_try(&sim, &act), NO_FIELD_OUT_OF_RANGE);
        act.amount = 0;
        assert_int_equal(sim_try(&sim, &act), NO_FIELD_OUT_OF_RANGE);
        act.amount = 1000;
        act.part = 1;
        assert_int_equal(sim_try(&sim, &act), NO_FIELD_WRONG);
        act.part = 0;
        assert_int_equal(sim_try(&sim, &act), YES);
        assert_int_equal(sim.debt[0], f == ORDER_DIRECT ? 1000 : 0);
        sim_net(&sim, 0, -2800, 2458, 342);
        act.who = ORDER_COOP;
        act.amount = 2800;
        assert_int_equal(sim_try(&sim, &act), YES);
        sim_net(&sim, 0, 0, 2458, -2458);
        assert_int_equal(sim_try(&sim, &act), NO_ORDER_NOT_IN_STATE); /* nothing left */
        assert_int_equal(sim.facts.state, ORDER_COMPLETED);
        sim_check(&sim);
    }
}

static void chargebacks(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_INTERNAL);

    (void)state;
    sim_bring(&sim, ORDER_COMPLETED);
    assert_int_equal(sim_no(&sim, ORDER_DO_CHARGEBACK, ORDER_CLOCK), NO_ORDER_NOT_IN_STATE);
    sim = sim_new(ORDER_SALE, ORDER_PSP);
    sim_add_hours(&sim);
    sim_bring(&sim, ORDER_COMPLETED);
    struct order_act act = sim_act(&sim, ORDER_DO_CHARGEBACK, ORDER_CLOCK);
    act.part = 1;
    act.amount = 90;
    assert_int_equal(sim_try(&sim, &act), NO_FIELD_WRONG);
    act.part = 0;
    act.amount = 3800;
    assert_int_equal(sim_try(&sim, &act), YES);
    assert_int_equal(sim.net[0][SIM_BANK], 3800);
    assert_int_equal(sim_try(&sim, &act), NO_ORDER_NOT_IN_STATE);
}

/* --- an exchange that took longer --- */

static void actual_minutes(void **state)
{
    static const struct {
        int64_t price, fee;
        no why;
    } rows[] = {{90, 9, YES},
                {108, 10, YES},
                {72, 7, YES},
                {109, 9, NO_FIELD_OUT_OF_RANGE},
                {71, 7, NO_FIELD_OUT_OF_RANGE},
                {108, 12, NO_FIELD_OUT_OF_RANGE},
                {90, 10, NO_FIELD_OUT_OF_RANGE}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim sim = sim_new(ORDER_EXCHANGE, ORDER_DIRECT);

        sim_add_hours(&sim);
        sim.facts.deal.parts[1].fee_provider = 9;
        sim_bring(&sim, ORDER_ACCEPTED);
        struct order_act act = sim_act(&sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
        act.deal = sim.facts.deal;
        act.deal.parts[1].price = rows[i].price;
        act.deal.parts[1].fee_provider = rows[i].fee;
        assert_int_equal(sim_try(&sim, &act), rows[i].why);
        if (rows[i].why != YES)
            continue;
        assert_int_equal(sim.hold[1][ORDER_LEG_PROVIDER], rows[i].price - rows[i].fee);
        sim_tick(&sim);
        sim_net(&sim, 1, -rows[i].price, rows[i].price - rows[i].fee, rows[i].fee);
        sim_net(&sim, 0, -3800, 3458, 342);
        sim_check(&sim);
    }
    struct sim sim = sim_new(ORDER_EXCHANGE, ORDER_DIRECT);
    sim_bring(&sim, ORDER_ACCEPTED);
    struct order_act act = sim_act(&sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
    act.deal = sim.facts.deal;
    act.deal.parts[0].price = 3900; /* paid outside is paid */
    assert_int_equal(sim_try(&sim, &act), NO_FIELD_WRONG);
    act.deal.parts[0].price = 3800;
    act.deal.parts[0].currency = 2;
    assert_int_equal(sim_try(&sim, &act), NO_FIELD_WRONG);
    sim.facts.kind = ORDER_SERVICE; /* a fixed price is fixed */
    act.deal = sim.facts.deal;
    assert_int_equal(sim_try(&sim, &act), NO_FIELD_WRONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_are_whole),
        cmocka_unit_test(a_deposit_not_taken_yet),
        cmocka_unit_test(a_decision_on_an_unseen_payment),
        cmocka_unit_test(what_silence_of_the_panel_means),
        cmocka_unit_test(goodwill),
        cmocka_unit_test(chargebacks),
        cmocka_unit_test(actual_minutes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
