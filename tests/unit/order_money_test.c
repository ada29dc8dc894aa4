/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The money of an order: each end to the cent, then any path at all (specs/market.md 3.6).
 */
#include "order_sim.h"

/* --- the usual ways --- */

/* 38.00 direct: nothing is held; the provider sees it; the contribution is due at the end. */
static void direct_to_the_end(void **state)
{
    struct sim sim = sim_new(ORDER_SERVICE, ORDER_DIRECT);

    (void)state;
    sim_bring(&sim, ORDER_ACCEPTED);
    assert_int_equal(sim.facts.timer_event, ORDER_DO_PAY_TIMEOUT);
    assert_int_equal(sim.facts.timer_ns, sim.now_ns + 5 * ORDER_DAY);
    sim_net(&sim, 0, 0, 0, 0);
    sim.now_ns += ORDER_DAY;
    sim_do(&sim, ORDER_DO_PAY_SAID, ORDER_BUYER);
    assert_int_equal(sim.plan.moves_n, 0);
    assert_int_equal(sim.plan.notice, ORDER_TELL_PAID);
    assert_int_equal(sim.facts.timer_ns, sim.now_ns + 5 * ORDER_DAY); /* now to be seen */
    assert_int_equal(sim_no(&sim, ORDER_DO_PAY_SAID, ORDER_BUYER), NO_ORDER_NOT_IN_STATE);
    sim_do(&sim, ORDER_DO_PAY_SEEN, ORDER_PROVIDER);
    assert_int_equal(sim.plan.moves_n, 1);
    assert_int_equal(sim.plan.moves[0].what, ORDER_RECEIPT);
    assert_int_equal(sim.facts.timer_event, ORDER_DO_LAPSE);
    assert_int_equal(sim_no(&sim, ORDER_DO_PAY_SEEN, ORDER_PROVIDER), NO_ORDER_NOT_IN_STATE);
    sim_net(&sim, 0, -3800, 3800, 0);
    sim_do(&sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
    sim_do(&sim, ORDER_DO_CONFIRM, ORDER_BUYER);
    assert_int_equal(sim.plan.moves_n, 1);
    assert_int_equal(sim.plan.moves[0].what, ORDER_FEE_DUE);
    sim_net(&sim, 0, -3800, 3458, 342);
    sim_check(&sim);
}

static void internal_to_the_end(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_INTERNAL);

    (void)state;
    sim.facts.deal.parts[0].fee_buyer = 50;
    sim_do(&sim, ORDER_DO_REQUEST, ORDER_BUYER);
    assert_int_equal(sim.hold[0][ORDER_LEG_PROVIDER], 3458);
    assert_int_equal(sim.hold[0][ORDER_LEG_FEE], 392);
    sim_do(&sim, ORDER_DO_ACCEPT, ORDER_PROVIDER);
    assert_int_equal(sim.plan.moves_n, 0);
    assert_int_equal(sim.plan.availability, ORDER_AVAIL_FIRM);
    assert_int_equal(sim_no(&sim, ORDER_DO_PAY_SAID, ORDER_BUYER), NO_ORDER_NOT_IN_STATE);
    sim_do(&sim, ORDER_DO_START, ORDER_PROVIDER);
    sim_do(&sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
    assert_int_equal(sim.plan.availability, ORDER_AVAIL_USED);
    assert_int_equal(sim.facts.timer_ns, sim.now_ns + 72 * ORDER_HOUR);
    sim_tick(&sim);
    assert_int_equal(sim.facts.state, ORDER_COMPLETED);
    sim_net(&sim, 0, -3850, 3458, 392);
    sim_check(&sim);
}

/* Euro outside and hours inside, in one order. */
static void two_units_in_one_order(void **state)
{
    struct sim sim = sim_new(ORDER_SERVICE, ORDER_DIRECT);

    (void)state;
    sim_add_hours(&sim);
    sim_bring(&sim, ORDER_DELIVERED);
    assert_int_equal(sim.hold[1][ORDER_LEG_PROVIDER], 90);
    sim_do(&sim, ORDER_DO_PAY_SAID, ORDER_BUYER);
    sim_do(&sim, ORDER_DO_CONFIRM, ORDER_BUYER); /* said and not contested: received */
    sim_net(&sim, 0, -3800, 3458, 342);
    sim_net(&sim, 1, -90, 90, 0);
    assert_int_equal(sim.debt[0], 0);
    assert_true(sim.facts.pay_seen);
    sim_check(&sim);
}

static void a_gift_moves_nothing(void **state)
{
    struct sim sim = sim_new(ORDER_GIFT, ORDER_INTERNAL);

    (void)state;
    sim_bring(&sim, ORDER_COMPLETED);
    assert_int_equal(sim.plan.moves_n, 0);
    assert_int_equal(sim_no(&sim, ORDER_DO_GOODWILL, ORDER_PROVIDER), NO_ORDER_NOT_IN_STATE);
}

/* --- not paid --- */

static void unpaid_is_cancelled_without_fee(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_DIRECT);

    (void)state;
    sim_add_hours(&sim);
    sim_bring(&sim, ORDER_ACCEPTED);
    sim_tick(&sim);
    assert_int_equal(sim.facts.state, ORDER_CANCELLED);
    assert_int_equal(sim.plan.availability, ORDER_AVAIL_RELEASE);
    sim_net(&sim, 0, 0, 0, 0);
    sim_net(&sim, 1, 0, 0, 0);
    sim_check(&sim);
}

/* Sent and not seen: no cancelling by the buyer; the clock asks for a mediation. */
static void a_payment_under_way(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_DIRECT);

    (void)state;
    sim_bring(&sim, ORDER_ACCEPTED);
    sim_do(&sim, ORDER_DO_PAY_SAID, ORDER_BUYER);
    assert_int_equal(sim_no(&sim, ORDER_DO_CANCEL, ORDER_BUYER), NO_TOO_EARLY);
    struct sim other = sim;
    struct order_act act = sim_act(&other, ORDER_DO_CANCEL, ORDER_PROVIDER);
    act.received = true; /* it did arrive: now it is owed back */
    assert_int_equal(sim_try(&other, &act), YES);
    assert_int_equal(other.debt[0], 3800);
    sim_net(&other, 0, 0, 0, 0);
    sim_check(&other);
    assert_int_equal(sim_no(&other, ORDER_DO_DEBT_SEEN, ORDER_PROVIDER), NO_ORDER_NOT_IN_STATE);
    sim_do(&other, ORDER_DO_DEBT_SEEN, ORDER_BUYER);
    assert_int_equal(other.debt[0], 0);
    assert_int_equal(sim_no(&other, ORDER_DO_DEBT_SEEN, ORDER_BUYER), NO_ORDER_NOT_IN_STATE);
    sim_check(&other);

    other = sim;
    sim_do(&other, ORDER_DO_CANCEL, ORDER_PROVIDER); /* it never came */
    assert_int_equal(other.debt[0], 0);

    sim_tick(&sim);
    assert_int_equal(sim.facts.state, ORDER_DISPUTED);
    sim_tick(&sim); /* a silent panel records no debt that nobody saw */
    assert_int_equal(sim.facts.state, ORDER_CANCELLED);
    sim_net(&sim, 0, 0, 0, 0);
    assert_int_equal(sim.debt[0], 0);
}

static void cash_on_the_spot(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_DIRECT);

    (void)state;
    sim.facts.terms.pay_at_delivery = true;
    sim_bring(&sim, ORDER_ACCEPTED);
    assert_int_equal(sim.facts.timer_event, ORDER_DO_LAPSE);
    struct sim never = sim;
    sim_tick(&never);
    assert_int_equal(never.facts.state, ORDER_CANCELLED);
    sim_net(&never, 0, 0, 0, 0);
    struct sim said = sim;
    sim_do(&said, ORDER_DO_PAY_SAID, ORDER_BUYER);
    assert_int_equal(said.facts.timer_event, ORDER_DO_LAPSE);
    sim_tick(&said);
    assert_int_equal(said.facts.state, ORDER_DISPUTED);
    sim_do(&sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
    struct sim unpaid = sim;
    sim_do(&sim, ORDER_DO_PAY_SEEN, ORDER_PROVIDER);
    assert_int_equal(sim.facts.timer_event, ORDER_DO_SILENCE);
    sim_tick(&sim);
    sim_net(&sim, 0, -3800, 3458, 342);
    /* Delivered, never paid, nobody complained: the buyer owes it. */
    sim_tick(&unpaid);
    assert_int_equal(unpaid.debt[0], -3800);
    sim_net(&unpaid, 0, -3800, 3458, 342);
    sim_do(&unpaid, ORDER_DO_DEBT_SEEN, ORDER_PROVIDER);
    assert_int_equal(unpaid.debt[0], 0);
    sim_check(&unpaid);
}

/* Paid and never delivered: all of it is owed back, no contribution. */
static void paid_and_lapsed(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_DIRECT);

    (void)state;
    sim_bring(&sim, ORDER_ACCEPTED);
    sim_do(&sim, ORDER_DO_PAY_SEEN, ORDER_PROVIDER);
    sim_tick(&sim);
    assert_int_equal(sim.facts.state, ORDER_CANCELLED);
    assert_int_equal(sim.debt[0], 3800);
    sim_net(&sim, 0, 0, 0, 0);
}

/* --- cancelled --- */

/* Price 38.01, fee of the buyer 0.33, of the provider 3.42, half kept: k = 19.00, kf = 0.16,
 * fp' = 1.71; every remainder goes to the buyer. */
static void the_schedule_to_the_cent(void **state)
{
    static const struct {
        int64_t hours, buyer, provider, coop;
    } rows[] = {
        {120, 0, 0, 0}, {119, -1916, 1729, 187}, {1, -3834, 3459, 375}, {-2, -3834, 3459, 375}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sim sim = sim_new(ORDER_SLOT, ORDER_INTERNAL);

        sim.facts.deal.parts[0].price = 3801;
        sim.facts.deal.parts[0].fee_buyer = 33;
        sim.facts.deal.parts[0].deposit = 700;
        sim_bring(&sim, ORDER_ACCEPTED);
        assert_int_equal(sim.hold[0][ORDER_LEG_DEPOSIT], 700);
        sim.now_ns = sim.facts.deal.starts_ns - rows[i].hours * ORDER_HOUR;
        sim_do(&sim, ORDER_DO_CANCEL, ORDER_BUYER);
        sim_net(&sim, 0, rows[i].buyer, rows[i].provider, rows[i].coop);
        sim_check(&sim);
    }
}

static void cancelled_when_paid_outside(void **state)
{
    struct sim sim = sim_new(ORDER_SLOT, ORDER_DIRECT);

    (void)state;
    sim_bring(&sim, ORDER_ACCEPTED);
    struct sim unpaid = sim;
    sim_do(&sim, ORDER_DO_PAY_SEEN, ORDER_PROVIDER);
    sim.now_ns = unpaid.now_ns = sim.facts.deal.starts_ns - 30 * ORDER_HOUR;
    sim_do(&sim, ORDER_DO_CANCEL, ORDER_BUYER);
    assert_int_equal(sim.debt[0], 1900);
    sim_net(&sim, 0, -1900, 1729, 171);
    /* Unpaid: what the provider would have kept is owed; no contribution on what never came. */
    sim_do(&unpaid, ORDER_DO_CANCEL, ORDER_BUYER);
    assert_int_equal(unpaid.debt[0], -1729);
    sim_net(&unpaid, 0, -1729, 1729, 0);
}

static void the_provider_cancels(void **state)
{
    struct sim sim = sim_new(ORDER_SLOT, ORDER_INTERNAL);

    (void)state;
    sim.facts.terms.provider_penalty_bp = 1000;
    sim_bring(&sim, ORDER_ACCEPTED);
    struct sim absent = sim;
    sim.now_ns = sim.facts.deal.starts_ns - ORDER_HOUR;
    sim_do(&sim, ORDER_DO_CANCEL, ORDER_PROVIDER);
    assert_int_equal(sim.debt[0], 380);
    sim_net(&sim, 0, 380, -380, 0);
    absent.now_ns = absent.facts.deal.starts_ns + ORDER_DAY;
    sim_do(&absent, ORDER_DO_NO_SHOW, ORDER_BUYER);
    sim_net(&absent, 0, 380, -380, 0);
    sim_check(&absent);
}

static void the_buyer_does_not_come(void **state)
{
    struct sim sim = sim_new(ORDER_SLOT, ORDER_INTERNAL);

    (void)state;
    sim.facts.terms.steps[2].refund_bp = 1000;
    sim_bring(&sim, ORDER_ACCEPTED);
    sim.now_ns = sim.facts.deal.starts_ns + ORDER_HOUR;
    sim_do(&sim, ORDER_DO_NO_SHOW, ORDER_PROVIDER);
    sim_net(&sim, 0, -3420, 3113, 307);
}

/* --- rental --- */

static struct sim rented(int64_t ahead_ns)
{
    struct sim sim = sim_new(ORDER_RENTAL, ORDER_INTERNAL);

    sim.facts.deal.parts[0].deposit = 10000;
    sim.facts.deal.starts_ns = DAY0 + ahead_ns;
    sim.facts.deal.ends_ns = sim.facts.deal.starts_ns + ORDER_DAY;
    return sim;
}

static void deposits_are_not_taken_a_year_ahead(void **state)
{
    struct sim sim = rented(30 * ORDER_DAY);

    (void)state;
    sim_bring(&sim, ORDER_ACCEPTED);
    assert_int_equal(sim.hold[0][ORDER_LEG_DEPOSIT], 10000);
    sim = rented(30 * ORDER_DAY + 1);
    sim_bring(&sim, ORDER_ACCEPTED);
    assert_int_equal(sim.hold[0][ORDER_LEG_DEPOSIT], 0);
    sim.now_ns = sim.facts.deal.starts_ns;
    sim_do(&sim, ORDER_DO_START, ORDER_PROVIDER);
    assert_int_equal(sim.hold[0][ORDER_LEG_DEPOSIT], 10000);
    sim_do(&sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
    assert_int_equal(sim.plan.availability, ORDER_AVAIL_RELEASE);
    sim_do(&sim, ORDER_DO_CONFIRM, ORDER_BUYER);
    sim_net(&sim, 0, -3800, 3458, 342);
    sim_check(&sim);
}

static void late_days_come_out_of_the_deposit(void **state)
{
    struct sim sim = rented(ORDER_DAY);

    (void)state;
    sim.facts.terms.overdue_bp = 1500;
    sim_bring(&sim, ORDER_STARTED);
    assert_int_equal(sim.facts.timer_ns, sim.facts.deal.ends_ns + ORDER_DAY);
    for (int day = 1; day <= 2; day++) {
        sim_tick(&sim);
        assert_int_equal(sim.facts.state, ORDER_STARTED);
        assert_int_equal(sim.plan.moves_n, 0);
        assert_int_equal(sim.facts.paid[0].late_claim, day * 1500);
        assert_int_equal(sim.facts.timer_ns, sim.facts.deal.ends_ns + (day + 1) * ORDER_DAY);
    }
    struct sim lost = sim;
    struct sim late = sim; /* the clock slept: it plays each day once, and gains none */
    late.now_ns = late.facts.timer_ns + 36 * ORDER_HOUR;
    sim_tick(&late);
    assert_int_equal(late.facts.timer_ns, late.facts.deal.ends_ns + 4 * ORDER_DAY);
    sim_do(&sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
    sim_tick(&sim);
    sim_net(&sim, 0, -6800, 6458, 342);
    for (int day = 3; day <= 10; day++)
        sim_tick(&lost);
    assert_int_equal(lost.facts.paid[0].late_claim, 10000); /* never more than the deposit */
    sim_tick(&lost);
    assert_int_equal(lost.facts.state, ORDER_DISPUTED);
    struct order_act act = sim_act(&lost, ORDER_DO_DECIDE, ORDER_MEDIATOR);
    act.split[0] = (struct order_split){.provider = 3458, .fee = 342, .deposit_kept = 10001};
    assert_int_equal(sim_try(&lost, &act), NO_SPLIT_NOT_WHOLE);
    act.split[0].deposit_kept = 10000;
    assert_int_equal(sim_try(&lost, &act), YES);
    assert_int_equal(lost.plan.availability, ORDER_AVAIL_RELEASE);
    sim_net(&lost, 0, -13800, 13458, 342);
    sim_check(&lost);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(direct_to_the_end),
        cmocka_unit_test(internal_to_the_end),
        cmocka_unit_test(two_units_in_one_order),
        cmocka_unit_test(a_gift_moves_nothing),
        cmocka_unit_test(unpaid_is_cancelled_without_fee),
        cmocka_unit_test(a_payment_under_way),
        cmocka_unit_test(cash_on_the_spot),
        cmocka_unit_test(paid_and_lapsed),
        cmocka_unit_test(the_schedule_to_the_cent),
        cmocka_unit_test(cancelled_when_paid_outside),
        cmocka_unit_test(the_provider_cancels),
        cmocka_unit_test(the_buyer_does_not_come),
        cmocka_unit_test(deposits_are_not_taken_a_year_ahead),
        cmocka_unit_test(late_days_come_out_of_the_deposit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
