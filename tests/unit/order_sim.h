/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A small world for orders: two purses, the co-op's, open holds and debts, kept by applying the
 * moves of each plan in their order. It knows nothing of the table, so it can find it wrong.
 */
#ifndef TESTS_ORDER_SIM_H
#define TESTS_ORDER_SIM_H

#include "cm.h"

#include "rules/order.h"

enum { OMAR = 12, NADIA = 11, EVE = 13 }; /* buyer, provider, mediator */
#define DAY0 (20000 * ORDER_DAY)

enum { SIM_BUYER, SIM_PROVIDER, SIM_COOP, SIM_BANK, SIM_PURSES };

struct sim {
    struct order_facts facts;
    struct order_plan plan; /* the last */
    int64_t now_ns;
    /* What each has or may claim, per part; the sum is always 0. */
    int64_t net[ORDER_PARTS_MAX][SIM_PURSES];
    int64_t hold[ORDER_PARTS_MAX][ORDER_LEGS];
    int64_t debt[ORDER_PARTS_MAX]; /* of the provider to the buyer, less the reverse, not seen */
};

static inline int sim_purse(enum order_who who)
{
    if (who == ORDER_BUYER)
        return SIM_BUYER;
    if (who == ORDER_PROVIDER)
        return SIM_PROVIDER;
    if (who == ORDER_BANK)
        return SIM_BANK;
    assert_int_equal(who, ORDER_COOP);
    return SIM_COOP;
}

static inline void sim_pass(struct sim *sim, const struct order_move *move)
{
    sim->net[move->part][sim_purse(move->from)] -= move->amount;
    sim->net[move->part][sim_purse(move->to)] += move->amount;
}

static inline void sim_move(struct sim *sim, const struct order_move *move)
{
    int64_t *hold = &sim->hold[move->part][move->leg];

    assert_true(move->amount > 0 && move->part >= 0 && move->part < ORDER_PARTS_MAX);
    assert_true(move->from != move->to);
    switch (move->what) {
    case ORDER_HOLD:
        assert_int_equal(*hold, 0);
        *hold = move->amount;
        break;
    case ORDER_POST:
        assert_true(move->amount <= *hold);
        *hold = 0;
        sim_pass(sim, move);
        break;
    case ORDER_VOID:
        assert_int_equal(move->amount, *hold);
        *hold = 0;
        break;
    case ORDER_OWE:
        sim->debt[move->part] += move->from == ORDER_PROVIDER ? move->amount : -move->amount;
        sim_pass(sim, move);
        break;
    case ORDER_OWE_SEEN:
        sim->debt[move->part] -= move->from == ORDER_PROVIDER ? move->amount : -move->amount;
        break;
    case ORDER_PAY:
    case ORDER_RECEIPT:
    case ORDER_FEE_DUE:
        sim_pass(sim, move);
        break;
    }
}

static inline no sim_try(struct sim *sim, const struct order_act *act)
{
    const no answer = order_plan(&sim->plan, &sim->facts, act);

    if (answer != YES)
        return answer;
    for (size_t i = 0; i < sim->plan.moves_n; i++)
        sim_move(sim, &sim->plan.moves[i]);
    assert_int_equal(sim->plan.from, sim->facts.state);
    assert_int_equal(sim->plan.to, sim->plan.after.state);
    assert_int_equal(sim->plan.timer_ns, sim->plan.after.timer_ns);
    assert_int_equal(sim->plan.timer_event, sim->plan.after.timer_event);
    sim->facts = sim->plan.after;
    sim->now_ns = act->now_ns;
    return YES;
}

static inline int64_t sim_member(enum order_who who)
{
    return who == ORDER_BUYER      ? OMAR
           : who == ORDER_PROVIDER ? NADIA
           : who == ORDER_MEDIATOR ? EVE
                                   : 0;
}

/* An act with nothing in it; the code is right. */
static inline struct order_act sim_act(const struct sim *sim, enum order_event event,
                                       enum order_who who)
{
    return (struct order_act){.event = event,
                              .who = who,
                              .member = sim_member(who),
                              .now_ns = sim->now_ns,
                              .code_right = true};
}

/* Plays it; it has to succeed. */
static inline void sim_do(struct sim *sim, enum order_event event, enum order_who who)
{
    const struct order_act act = sim_act(sim, event, who);
    const no answer = sim_try(sim, &act);

    if (answer != YES)
        print_error("%s by %d in %s: %s\n", order_event_name(event), (int)who,
                    order_state_name(sim->facts.state), no_line(answer)->name);
    assert_int_equal(answer, YES);
}

static inline no sim_no(struct sim *sim, enum order_event event, enum order_who who)
{
    const struct order_act act = sim_act(sim, event, who);

    return sim_try(sim, &act);
}

/* The clock plays the order's timer when it is due. */
static inline void sim_tick(struct sim *sim)
{
    assert_true(sim->facts.timer_ns > 0 && sim->facts.timer_event != ORDER_NOTHING);
    if (sim->now_ns < sim->facts.timer_ns)
        sim->now_ns = sim->facts.timer_ns;
    sim_do(sim, sim->facts.timer_event, ORDER_CLOCK);
}

/* Nothing is held, and nobody's cent is missing. */
static inline void sim_check(const struct sim *sim)
{
    for (size_t i = 0; i < ORDER_PARTS_MAX; i++) {
        const struct order_paid *paid = &sim->facts.paid[i];
        int64_t sum = 0, held = 0;

        for (size_t p = 0; p < SIM_PURSES; p++)
            sum += sim->net[i][p];
        for (size_t l = 0; l < ORDER_LEGS; l++)
            held += sim->hold[i][l];
        assert_int_equal(sum, 0);
        assert_int_equal(held != 0, paid->held || paid->deposit_held);
        assert_int_equal(sim->debt[i], paid->owed_buyer - paid->owed_provider);
        if (!order_is_over(sim->facts.state))
            continue;
        assert_int_equal(held, 0);
        assert_int_equal(sim->facts.timer_ns, 0);
    }
}

static inline void sim_net(const struct sim *sim, size_t part, int64_t buyer, int64_t provider,
                           int64_t coop)
{
    assert_int_equal(sim->net[part][SIM_BUYER], buyer);
    assert_int_equal(sim->net[part][SIM_PROVIDER], provider);
    assert_int_equal(sim->net[part][SIM_COOP], coop);
}

/* 38.00 euro of one piece, contribution 3.42, no date. */
static inline struct sim sim_new(enum order_kind kind, enum order_funding funding)
{
    struct sim sim = {.now_ns = DAY0};
    struct order_facts *facts = &sim.facts;

    facts->kind = kind;
    facts->opened_by = ORDER_BUYER;
    facts->buyer = OMAR;
    facts->provider = NADIA;
    facts->deal.quantity = 1;
    order_terms_default(&facts->terms, kind, ORDER_MODERATE);
    if (kind != ORDER_GIFT) {
        facts->deal.parts_n = 1;
        facts->deal.parts[0] = (struct order_part){.unit_kind = UNIT_FIAT,
                                                   .currency = 1,
                                                   .price = 3800,
                                                   .fee_provider = 342,
                                                   .funding = funding};
    }
    if (kind == ORDER_SLOT || kind == ORDER_RENTAL) {
        facts->deal.starts_ns = DAY0 + 10 * ORDER_DAY;
        facts->deal.ends_ns = DAY0 + 12 * ORDER_DAY;
    }
    return sim;
}

/* A second part, in hours: 90 minutes. */
static inline void sim_add_hours(struct sim *sim)
{
    sim->facts.deal.parts[sim->facts.deal.parts_n++] = (struct order_part){
        .unit_kind = UNIT_TIME, .currency = 3, .price = 90, .funding = ORDER_INTERNAL};
}

/* Brings a new order to a state by the usual way. */
static inline void sim_bring(struct sim *sim, enum order_state state)
{
    const bool coded = sim->facts.kind == ORDER_SLOT || sim->facts.kind == ORDER_RENTAL;

    if (state == ORDER_NEW)
        return;
    if (state == ORDER_DRAFT) {
        sim_do(sim, ORDER_DO_DRAFT, sim->facts.opened_by);
        return;
    }
    sim_do(sim, ORDER_DO_REQUEST, sim->facts.opened_by);
    const enum order_who opener = sim->facts.opened_by;
    const enum order_who answerer = opener == ORDER_BUYER ? ORDER_PROVIDER : ORDER_BUYER;

    if (state == ORDER_REQUESTED)
        return;
    if (state == ORDER_DECLINED) {
        sim_do(sim, ORDER_DO_DECLINE, answerer);
        return;
    }
    if (state == ORDER_EXPIRED) {
        sim_tick(sim);
        return;
    }
    if (state == ORDER_COUNTERED) {
        struct order_act act = sim_act(sim, ORDER_DO_COUNTER, answerer);

        act.deal = sim->facts.deal;
        assert_int_equal(sim_try(sim, &act), YES);
        return;
    }
    sim_do(sim, ORDER_DO_ACCEPT, answerer);
    if (state == ORDER_ACCEPTED)
        return;
    if (state == ORDER_CANCELLED) {
        sim_do(sim, ORDER_DO_CANCEL, ORDER_PROVIDER);
        return;
    }
    if (state == ORDER_DISPUTED) {
        sim_do(sim, ORDER_DO_DISPUTE, ORDER_BUYER);
        return;
    }
    if (coded || state == ORDER_STARTED) {
        if (sim->facts.deal.starts_ns != 0)
            sim->now_ns = sim->facts.deal.starts_ns;
        sim_do(sim, ORDER_DO_START, ORDER_PROVIDER);
    }
    if (state == ORDER_STARTED)
        return;
    sim_do(sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
    if (state == ORDER_COMPLETED)
        sim_do(sim, ORDER_DO_CONFIRM, ORDER_BUYER);
}

#endif
