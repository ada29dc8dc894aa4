/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any path at all, from a seed: random terms, prices, parts, people and hours. Whatever happens, no
 * cent is made or lost, a terminal order holds nothing, and the clock alone ends every order.
 */
#include "order_sim.h"

static uint64_t seed = 20261123;

static int64_t upto(int64_t n)
{
    return (int64_t)(chance_next(&seed) % (uint64_t)(n + 1));
}

static int64_t some_amount(void)
{
    return upto(INT64_C(1) << upto(45));
}

static struct order_part some_part(int32_t currency)
{
    const bool euro = currency == 1;
    struct order_part part = {.unit_kind = euro ? UNIT_FIAT : UNIT_TIME, .currency = currency};

    part.price = some_amount() + 1;
    part.fee_provider = upto(3) == 0 ? 0 : upto(part.price);
    part.fee_buyer = upto(2) == 0 ? some_amount() : 0;
    part.funding = euro ? (enum order_funding)(1 + upto(2)) : ORDER_INTERNAL;
    part.deposit = part.funding != ORDER_DIRECT && upto(2) == 0 ? some_amount() : 0;
    return part;
}

static struct order_deal some_deal(enum order_kind kind, int64_t now_ns)
{
    const bool dated = kind == ORDER_SLOT || kind == ORDER_RENTAL || upto(2) == 0;
    struct order_deal deal = {.quantity = 1 + upto(9)};

    deal.parts_n = kind == ORDER_GIFT ? 0 : (size_t)upto(2);
    if (deal.parts_n > 0)
        deal.parts[0] = some_part(upto(1) == 0 ? 1 : 3);
    if (deal.parts_n > 1)
        deal.parts[1] = some_part(4 - deal.parts[0].currency);
    if (dated) {
        deal.starts_ns = now_ns + 1 + upto(50 * ORDER_DAY);
        deal.ends_ns = deal.starts_ns + 1 + upto(5 * ORDER_DAY);
    }
    return deal;
}

static void some_terms(struct order_terms *terms, enum order_kind kind)
{
    order_terms_default(terms, kind, (enum order_cancel_choice)(1 + upto(2)));
    terms->steps[0].refund_bp = (int32_t)(5000 + upto(5000));
    terms->steps[1].refund_bp = (int32_t)upto(5000);
    if (terms->steps_n > 2)
        terms->steps[2].refund_bp = (int32_t)upto(terms->steps[1].refund_bp);
    terms->pay_at_delivery = upto(3) == 0;
    terms->provider_penalty_bp = upto(1) == 0 ? 0 : (int32_t)upto(10000);
    terms->panel_refund_bp = (int32_t)upto(10000);
    terms->panel_refund_delivered_bp = (int32_t)upto(10000);
    terms->overdue_bp = (int32_t)upto(10000);
    terms->overdue_days_max = (int32_t)upto(5);
}

static struct sim some_order(void)
{
    const enum order_kind kind = (enum order_kind)(1 + upto(ORDER_KINDS - 2));
    struct sim sim = {.now_ns = DAY0};

    sim.facts.kind = kind;
    sim.facts.opened_by = upto(3) == 0 ? ORDER_PROVIDER : ORDER_BUYER;
    sim.facts.buyer = OMAR;
    sim.facts.provider = NADIA;
    sim.facts.instant = upto(3) == 0;
    sim.facts.deal = some_deal(kind, DAY0);
    some_terms(&sim.facts.terms, kind);
    return sim;
}

/* A split that is whole most of the time. */
static struct order_split some_split(const struct order_part *part)
{
    const int64_t whole = order_part_total(part);
    struct order_split split = {.refund = upto(whole)};

    split.provider = upto(whole - split.refund);
    split.fee = whole - split.refund - split.provider + (upto(9) == 0 ? 1 : 0);
    if (upto(1) == 0 && split.fee > part->fee_buyer + part->fee_provider) {
        split.refund += split.fee - part->fee_buyer - part->fee_provider;
        split.fee = part->fee_buyer + part->fee_provider;
    }
    split.deposit_kept = upto(2) == 0 ? upto(part->deposit) : 0;
    return split;
}

static struct order_act some_act(const struct sim *sim)
{
    static const enum order_who who[] = {ORDER_BUYER,    ORDER_PROVIDER, ORDER_BUYER,
                                         ORDER_PROVIDER, ORDER_MEDIATOR, ORDER_CLOCK,
                                         ORDER_COOP,     ORDER_REMOTE};
    struct order_act act =
        sim_act(sim, (enum order_event)(1 + upto(ORDER_EVENTS - 2)), who[upto(7)]);

    act.stands_for = upto(1) == 0 ? ORDER_BUYER : ORDER_PROVIDER;
    act.code_right = upto(4) != 0;
    act.received = upto(1) == 0;
    act.part = (int32_t)upto(2) - (upto(9) == 0 ? 1 : 0);
    act.amount = some_amount();
    if (act.event == ORDER_DO_COUNTER)
        act.deal = some_deal(sim->facts.kind, sim->now_ns);
    if (act.event == ORDER_DO_DELIVER && upto(1) == 0) {
        act.deal = sim->facts.deal;
        for (size_t i = 0; i < act.deal.parts_n; i++)
            act.deal.parts[i].price += upto(act.deal.parts[i].price / 4);
    }
    for (size_t i = 0; i < sim->facts.deal.parts_n; i++)
        act.split[i] = some_split(&sim->facts.deal.parts[i]);
    return act;
}

/* Most early ends are skipped, so that walks get far. */
static bool too_short(const struct order_act *act)
{
    return upto(9) != 0 && (act->event == ORDER_DO_WITHDRAW || act->event == ORDER_DO_DECLINE ||
                            act->event == ORDER_DO_CANCEL || act->event == ORDER_DO_MESSAGE ||
                            act->event == ORDER_DO_DISPUTE);
}

/* The clock alone, until the end; then nothing is held. */
static void drains(const struct sim *from)
{
    struct sim sim = *from;

    for (int i = 0; i < 12 && sim.facts.state != ORDER_NEW && !order_is_over(sim.facts.state);
         i++) {
        sim_tick(&sim);
        sim_check(&sim);
    }
    assert_true(sim.facts.state == ORDER_NEW || order_is_over(sim.facts.state));
}

/* What may be done again and again: words, splits, days, refunds (each of its own amount). */
static bool repeats(enum order_event event)
{
    return event == ORDER_DO_MESSAGE || event == ORDER_DO_SETTLE_PROPOSE ||
           event == ORDER_DO_GOODWILL || event == ORDER_DO_CHARGEBACK;
}

static void twice_is_once(const struct sim *after, const struct order_act *act)
{
    struct sim again = *after;

    if (repeats(act->event))
        return;
    if (act->event == ORDER_DO_OVERDUE && act->now_ns >= again.facts.timer_ns)
        return; /* a late clock plays the days one after the other */
    assert_int_not_equal(order_plan(&again.plan, &again.facts, act), YES);
}

/* payout + refund + fee = what was held or paid, in each part. */
static void ended_whole(const struct sim *sim)
{
    for (size_t i = 0; i < sim->facts.deal.parts_n; i++) {
        const int64_t *net = sim->net[i];
        const struct order_part *part = &sim->facts.deal.parts[i];
        const int64_t most = order_part_total(part) + part->deposit;

        assert_int_equal(net[SIM_BUYER] + net[SIM_PROVIDER] + net[SIM_COOP] + net[SIM_BANK], 0);
        if (sim->facts.paid[i].refunded > 0)
            continue;
        assert_true(net[SIM_BUYER] >= -most);
        assert_true(net[SIM_COOP] >= 0);
        assert_true(net[SIM_COOP] <= part->fee_buyer + part->fee_provider);
        assert_int_equal(sim->facts.paid[i].to_coop, net[SIM_COOP]);
        if (sim->facts.terms.provider_penalty_bp == 0)
            assert_int_equal(sim->facts.paid[i].to_provider, net[SIM_PROVIDER]);
    }
}

static void any_path(void **state)
{
    int reached[ORDER_STATES] = {0}, played[ORDER_EVENTS] = {0};

    (void)state;
    for (int round = 0; round < 60000; round++) {
        struct sim sim = some_order();
        const int steps = 1 + (int)upto(400);

        for (int step = 0; step < steps; step++) {
            struct order_act act = some_act(&sim);

            if (too_short(&act))
                continue;
            if (upto(29) == 0)
                sim.now_ns += upto(3 * ORDER_DAY);
            if (upto(99) == 0 && sim.facts.timer_ns != 0)
                act = (struct order_act){.event = sim.facts.timer_event,
                                         .who = ORDER_CLOCK,
                                         .now_ns = sim.facts.timer_ns};
            if (act.now_ns < sim.now_ns)
                act.now_ns = sim.now_ns;
            if (sim_try(&sim, &act) != YES)
                continue;
            sim_check(&sim);
            played[act.event]++;
            if (sim.plan.from != sim.plan.to)
                drains(&sim);
            twice_is_once(&sim, &act);
            if (order_is_over(sim.facts.state))
                ended_whole(&sim);
        }
        reached[sim.facts.state]++;
        drains(&sim);
    }
    /* The walk went everywhere, or it proves nothing. */
    for (int s = ORDER_DRAFT; s < ORDER_STATES; s++)
        assert_true(reached[s] > 0);
    for (int e = ORDER_DO_DRAFT; e < ORDER_EVENTS; e++) {
        if (played[e] == 0)
            print_error("%s was never played\n", order_event_name((enum order_event)e));
        assert_true(played[e] > 0);
    }
}

/* For any price, share and fees: the parts are whole, none negative, the remainder is the buyer's.
 */
static void any_share(void **state)
{
    (void)state;
    for (int i = 0; i < 500000; i++) {
        const struct order_part part = some_part(1);
        const int32_t bp = (int32_t)upto(10000);
        const struct order_split split = order_split_at(&part, bp);
        const int64_t whole = order_part_total(&part);

        assert_true(split.refund >= 0 && split.provider >= 0 && split.fee >= 0);
        assert_int_equal(split.refund + split.provider + split.fee, whole);
        assert_true(split.fee <= part.fee_buyer + part.fee_provider);
        assert_true(split.provider <= order_part_to_provider(&part));
        assert_true(split.refund >= whole / 10000 * bp);
        if (bp == 10000)
            assert_int_equal(split.refund, whole);
        if (bp == 0)
            assert_int_equal(split.provider, order_part_to_provider(&part));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_share),
        cmocka_unit_test(any_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
