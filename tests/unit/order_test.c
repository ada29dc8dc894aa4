/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Who may do what and when, row by row. The money of the rows: order_money_test.c.
 */
#include "order_sim.h"

#include "rules/order_in.h"

#include <string.h>

/* --- who may do what --- */

/* The permissions of specs/market.md 3.4 once more, written as people read them: B buyer, P
 * provider, M mediator, K clock, C co-op, for an order that the buyer opened. */
static const struct {
    enum order_state state;
    enum order_event event;
    const char *kinds; /* s sale, t slot, r rental, x exchange, g gift, v service */
    const char *who;
} may[] = {
    {ORDER_NEW, ORDER_DO_DRAFT, "strxgv", "B"},
    {ORDER_NEW, ORDER_DO_REQUEST, "strxgv", "B"},
    {ORDER_DRAFT, ORDER_DO_REQUEST, "strxgv", "B"},
    {ORDER_DRAFT, ORDER_DO_WITHDRAW, "strxgv", "B"},
    {ORDER_DRAFT, ORDER_DO_TIMEOUT, "strxgv", "K"},
    {ORDER_REQUESTED, ORDER_DO_ACCEPT, "strxgv", "P"},
    {ORDER_REQUESTED, ORDER_DO_COUNTER, "strxgv", "P"},
    {ORDER_REQUESTED, ORDER_DO_DECLINE, "strxgv", "PK"},
    {ORDER_REQUESTED, ORDER_DO_WITHDRAW, "strxgv", "B"},
    {ORDER_REQUESTED, ORDER_DO_TIMEOUT, "strxgv", "K"},
    {ORDER_REQUESTED, ORDER_DO_MESSAGE, "strxgv", "BP"},
    {ORDER_COUNTERED, ORDER_DO_AGREE, "strxgv", "B"},
    {ORDER_COUNTERED, ORDER_DO_DECLINE, "strxgv", "PK"},
    {ORDER_COUNTERED, ORDER_DO_WITHDRAW, "strxgv", "B"},
    {ORDER_COUNTERED, ORDER_DO_TIMEOUT, "strxgv", "K"},
    {ORDER_COUNTERED, ORDER_DO_MESSAGE, "strxgv", "BP"},
    {ORDER_ACCEPTED, ORDER_DO_START, "strxgv", "P"},
    {ORDER_ACCEPTED, ORDER_DO_DELIVER, "sxgv", "P"},
    {ORDER_ACCEPTED, ORDER_DO_NO_SHOW, "strxgv", "BP"},
    {ORDER_ACCEPTED, ORDER_DO_CANCEL, "strxgv", "BP"},
    {ORDER_ACCEPTED, ORDER_DO_DISPUTE, "strxgv", "BP"},
    {ORDER_ACCEPTED, ORDER_DO_PAY_SAID, "strxgv", "B"},
    {ORDER_ACCEPTED, ORDER_DO_PAY_SEEN, "strxgv", "P"},
    {ORDER_ACCEPTED, ORDER_DO_PAY_TIMEOUT, "strxgv", "K"},
    {ORDER_ACCEPTED, ORDER_DO_LAPSE, "strxgv", "K"},
    {ORDER_ACCEPTED, ORDER_DO_MESSAGE, "strxgv", "BP"},
    {ORDER_STARTED, ORDER_DO_DELIVER, "stxgv", "PK"},
    {ORDER_STARTED, ORDER_DO_DELIVER, "r", "P"},
    {ORDER_STARTED, ORDER_DO_OVERDUE, "r", "K"},
    {ORDER_STARTED, ORDER_DO_DISPUTE, "strxgv", "BP"},
    {ORDER_STARTED, ORDER_DO_PAY_SAID, "strxgv", "B"},
    {ORDER_STARTED, ORDER_DO_PAY_SEEN, "strxgv", "P"},
    {ORDER_STARTED, ORDER_DO_MESSAGE, "strxgv", "BP"},
    {ORDER_DELIVERED, ORDER_DO_CONFIRM, "strxgv", "B"},
    {ORDER_DELIVERED, ORDER_DO_SILENCE, "strxgv", "K"},
    {ORDER_DELIVERED, ORDER_DO_DISPUTE, "strxgv", "BP"},
    {ORDER_DELIVERED, ORDER_DO_PAY_SAID, "strxgv", "B"},
    {ORDER_DELIVERED, ORDER_DO_PAY_SEEN, "strxgv", "P"},
    {ORDER_DELIVERED, ORDER_DO_MESSAGE, "strxgv", "BP"},
    {ORDER_DISPUTED, ORDER_DO_SETTLE_AGREE, "strxgv", "BP"},
    {ORDER_DISPUTED, ORDER_DO_SETTLE_PROPOSE, "strxgv", "BP"},
    {ORDER_DISPUTED, ORDER_DO_PAY_SEEN, "strxgv", "P"},
    {ORDER_DISPUTED, ORDER_DO_DECIDE, "strxgv", "M"},
    {ORDER_DISPUTED, ORDER_DO_PANEL_SILENT, "strxgv", "K"},
    {ORDER_DISPUTED, ORDER_DO_MESSAGE, "strxgv", "BPM"},
    {ORDER_COMPLETED, ORDER_DO_GOODWILL, "strxgv", "PC"},
    {ORDER_COMPLETED, ORDER_DO_CHARGEBACK, "strxgv", "K"},
    {ORDER_COMPLETED, ORDER_DO_DEBT_SEEN, "strxgv", "BP"},
    {ORDER_COMPLETED, ORDER_DO_MESSAGE, "strxgv", "BP"},
    {ORDER_DECLINED, ORDER_DO_MESSAGE, "strxgv", "BP"},
    {ORDER_EXPIRED, ORDER_DO_MESSAGE, "strxgv", "BP"},
    {ORDER_CANCELLED, ORDER_DO_DEBT_SEEN, "strxgv", "BP"},
    {ORDER_CANCELLED, ORDER_DO_MESSAGE, "strxgv", "BP"},
};

static const char kind_letters[ORDER_KINDS] = {' ', 's', 't', 'r', 'x', 'g', 'v'};
static const struct {
    enum order_who who;
    char letter;
} people[] = {{ORDER_BUYER, 'B'},
              {ORDER_PROVIDER, 'P'},
              {ORDER_MEDIATOR, 'M'},
              {ORDER_CLOCK, 'K'},
              {ORDER_COOP, 'C'}};
enum { PEOPLE = sizeof people / sizeof people[0], MAY = sizeof may / sizeof may[0] };

/* Who may, by the list above; NULL: no row. */
static const char *who_may(enum order_kind kind, enum order_state state, enum order_event event)
{
    for (size_t i = 0; i < MAY; i++)
        if (may[i].state == state && may[i].event == event &&
            strchr(may[i].kinds, kind_letters[kind]) != NULL)
            return may[i].who;
    return NULL;
}

static void check_one(const struct sim *from, enum order_event event, size_t person)
{
    struct sim sim = *from;
    const char *who = who_may(sim.facts.kind, sim.facts.state, event);
    const struct order_act act = sim_act(&sim, event, people[person].who);
    const no answer = order_plan(&sim.plan, &sim.facts, &act);

    if (who == NULL)
        assert_int_equal(answer, NO_ORDER_NOT_IN_STATE);
    else if (strchr(who, people[person].letter) == NULL)
        assert_int_equal(answer, NO_ORDER_NOT_YOURS);
    else
        assert_int_not_equal(answer, NO_ORDER_NOT_YOURS);
}

/* 6 kinds x 12 states x 28 events x 5 people. */
static void only_the_people_of_the_row(void **state)
{
    (void)state;
    for (int k = ORDER_SALE; k < ORDER_KINDS; k++)
        for (int s = ORDER_NEW; s < ORDER_STATES; s++) {
            struct sim sim = sim_new((enum order_kind)k, ORDER_DIRECT);

            sim_bring(&sim, (enum order_state)s);
            assert_int_equal(sim.facts.state, s);
            sim_check(&sim);
            for (int e = ORDER_DO_DRAFT; e < ORDER_EVENTS; e++)
                for (size_t p = 0; p < PEOPLE; p++)
                    check_one(&sim, (enum order_event)e, p);
        }
}

/* The list and the table have the same rows. */
static void every_row_is_listed(void **state)
{
    size_t n;
    const struct order_row *rows = order_rows(&n);

    (void)state;
    for (size_t i = 0; i < n; i++) {
        bool listed = false;

        for (int k = ORDER_SALE; k < ORDER_KINDS; k++)
            if ((rows[i].kinds >> k & 1) != 0)
                listed = who_may((enum order_kind)k, (enum order_state)rows[i].from,
                                 (enum order_event)rows[i].event) != NULL;
        assert_true(listed);
        assert_true(rows[i].who != 0 && rows[i].to <= ORDER_BY_SPLIT);
        /* No way out of an end, and every state that is not one has a clock. */
        if (order_is_over((enum order_state)rows[i].from))
            assert_int_equal(rows[i].to, ORDER_STAYS);
        if (rows[i].to < ORDER_STATES)
            assert_int_equal(rows[i].timer == ORDER_TIMER_NONE,
                             order_is_over((enum order_state)rows[i].to));
    }
}

/* A member who is not that person is refused, for every row of people. */
static void only_the_person(void **state)
{
    (void)state;
    for (size_t i = 0; i < MAY; i++)
        for (size_t p = 0; p < 3; p++) {
            struct sim sim = sim_new(ORDER_SERVICE, ORDER_DIRECT);

            if (strchr(may[i].who, people[p].letter) == NULL || strchr(may[i].kinds, 'v') == NULL)
                continue;
            sim_bring(&sim, may[i].state);
            struct order_act act = sim_act(&sim, may[i].event, people[p].who);

            act.member = p == 2 ? 0 : EVE;
            assert_int_equal(sim_try(&sim, &act), NO_ORDER_NOT_YOURS);
            act.member = p == 2 ? OMAR : p == 0 ? NADIA : OMAR;
            assert_int_equal(sim_try(&sim, &act),
                             p == 2 ? NO_MEDIATOR_IS_PARTY : NO_ORDER_NOT_YOURS);
        }
}

static void the_mediator_is_the_named_one(void **state)
{
    struct sim sim = sim_new(ORDER_SERVICE, ORDER_INTERNAL);

    (void)state;
    sim_bring(&sim, ORDER_DISPUTED);
    struct order_act act = sim_act(&sim, ORDER_DO_DECIDE, ORDER_MEDIATOR);

    act.split[0] = (struct order_split){.refund = 3800};
    sim.facts.mediator = 99;
    assert_int_equal(sim_try(&sim, &act), NO_ORDER_NOT_YOURS);
    sim.facts.mediator = EVE;
    assert_int_equal(sim_try(&sim, &act), YES);
}

static void nobody_orders_from_themselves(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_DIRECT);

    (void)state;
    sim.facts.provider = OMAR;
    assert_int_equal(sim_no(&sim, ORDER_DO_DRAFT, ORDER_BUYER), NO_ORDER_OWN_OFFER);
    assert_int_equal(sim_no(&sim, ORDER_DO_REQUEST, ORDER_BUYER), NO_ORDER_OWN_OFFER);
}

/* --- another co-op, another opener --- */

static void another_coop_stands_for_a_party(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_DIRECT);
    struct order_act act = sim_act(&sim, ORDER_DO_REQUEST, ORDER_REMOTE);

    (void)state;
    act.stands_for = ORDER_PROVIDER;
    assert_int_equal(sim_try(&sim, &act), NO_ORDER_NOT_YOURS);
    act.stands_for = ORDER_BUYER;
    assert_int_equal(sim_try(&sim, &act), YES);
    act.event = ORDER_DO_TIMEOUT;
    act.stands_for = ORDER_CLOCK;
    assert_int_equal(sim_try(&sim, &act), NO_ORDER_NOT_YOURS);
    sim_bring(&sim, ORDER_NEW);
    sim_do(&sim, ORDER_DO_ACCEPT, ORDER_PROVIDER);
    sim_do(&sim, ORDER_DO_DISPUTE, ORDER_PROVIDER);
    act.event = ORDER_DO_DECIDE;
    act.stands_for = ORDER_MEDIATOR;
    assert_int_equal(sim_try(&sim, &act), NO_ORDER_NOT_YOURS);
}

/* A need is answered by its provider: the same table with the roles of opener and answerer. */
static void the_provider_may_open(void **state)
{
    struct sim sim = sim_new(ORDER_EXCHANGE, ORDER_INTERNAL);

    (void)state;
    sim.facts.opened_by = ORDER_PROVIDER;
    sim.facts.instant = true; /* never instant: the buyer has to say yes to pay */
    assert_int_equal(sim_no(&sim, ORDER_DO_REQUEST, ORDER_BUYER), NO_ORDER_NOT_YOURS);
    sim_do(&sim, ORDER_DO_REQUEST, ORDER_PROVIDER);
    assert_int_equal(sim.plan.to, ORDER_REQUESTED);
    assert_int_equal(sim.plan.tell, ORDER_BUYER);
    assert_int_equal(sim.plan.moves_n, 0);
    assert_int_equal(sim_no(&sim, ORDER_DO_ACCEPT, ORDER_PROVIDER), NO_ORDER_NOT_YOURS);
    assert_int_equal(order_waits_for(&sim.facts).who, ORDER_BUYER);
    sim_do(&sim, ORDER_DO_ACCEPT, ORDER_BUYER);
    assert_int_equal(sim.plan.moves_n, 2);
    sim_check(&sim);
}

static void instant_offers(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_INTERNAL);

    (void)state;
    sim.facts.instant = true;
    sim_do(&sim, ORDER_DO_DRAFT, ORDER_BUYER);
    assert_int_equal(sim.plan.availability, ORDER_AVAIL_SOFT);
    sim_do(&sim, ORDER_DO_REQUEST, ORDER_BUYER);
    assert_int_equal(sim.plan.to, ORDER_ACCEPTED);
    assert_int_equal(sim.plan.availability, ORDER_AVAIL_FIRM);
    assert_int_equal(sim.plan.tell, ORDER_BUYER | ORDER_PROVIDER);
    assert_int_equal(sim.facts.requested_ns, DAY0);
    assert_int_equal(sim.facts.accepted_ns, DAY0);
}

/* --- time --- */

static void the_time_to_answer(void **state)
{
    struct sim sim = sim_new(ORDER_SERVICE, ORDER_DIRECT);

    (void)state;
    sim_do(&sim, ORDER_DO_REQUEST, ORDER_BUYER);
    assert_int_equal(sim.facts.timer_ns, DAY0 + 48 * ORDER_HOUR);
    sim.now_ns = DAY0 + 48 * ORDER_HOUR - 1;
    assert_int_equal(sim_no(&sim, ORDER_DO_TIMEOUT, ORDER_CLOCK), NO_TOO_EARLY);
    struct sim late = sim;
    late.now_ns++;
    assert_int_equal(sim_no(&late, ORDER_DO_ACCEPT, ORDER_PROVIDER), NO_TOO_LATE);
    assert_int_equal(sim_no(&late, ORDER_DO_COUNTER, ORDER_PROVIDER), NO_TOO_LATE);
    sim_do(&late, ORDER_DO_DECLINE, ORDER_PROVIDER);
    sim_do(&sim, ORDER_DO_ACCEPT, ORDER_PROVIDER);

    /* Two hours before a start at the latest, but never less than a quarter of an hour. */
    sim = sim_new(ORDER_SLOT, ORDER_DIRECT);
    sim.facts.deal.starts_ns = DAY0 + 5 * ORDER_HOUR;
    sim_do(&sim, ORDER_DO_REQUEST, ORDER_BUYER);
    assert_int_equal(sim.facts.timer_ns, DAY0 + 3 * ORDER_HOUR);
    sim = sim_new(ORDER_SLOT, ORDER_DIRECT);
    sim.facts.deal.starts_ns = DAY0 + ORDER_HOUR;
    sim_do(&sim, ORDER_DO_REQUEST, ORDER_BUYER);
    assert_int_equal(sim.facts.timer_ns, DAY0 + 15 * ORDER_MINUTE);
    sim = sim_new(ORDER_SLOT, ORDER_DIRECT);
    sim.now_ns = sim.facts.deal.starts_ns;
    assert_int_equal(sim_no(&sim, ORDER_DO_REQUEST, ORDER_BUYER), NO_TOO_LATE);
    assert_int_equal(sim_no(&sim, ORDER_DO_DRAFT, ORDER_BUYER), NO_TOO_LATE);
}

static void counter_offers(void **state)
{
    struct sim sim = sim_new(ORDER_SLOT, ORDER_INTERNAL);

    (void)state;
    sim_do(&sim, ORDER_DO_REQUEST, ORDER_BUYER);
    struct order_act act = sim_act(&sim, ORDER_DO_COUNTER, ORDER_PROVIDER);

    act.deal = sim.facts.deal;
    act.deal.parts[0].fee_provider = 9999;
    assert_int_equal(sim_try(&sim, &act), NO_FIELD_OUT_OF_RANGE);
    act.deal = sim.facts.deal;
    act.deal.starts_ns = DAY0;
    assert_int_equal(sim_try(&sim, &act), NO_TOO_LATE);
    act.deal.starts_ns = DAY0 + 4 * ORDER_DAY;
    act.deal.parts[0].price = 5000;
    act.deal.parts[0].fee_provider = 450;
    assert_int_equal(sim_try(&sim, &act), YES);
    assert_int_equal(sim.plan.moves_n, 0);
    assert_int_equal(sim.plan.availability, ORDER_AVAIL_NONE);
    assert_int_equal(sim.facts.deal.parts[0].price, 3800);
    assert_int_equal(sim.hold[0][ORDER_LEG_PROVIDER], 3458);
    assert_int_equal(sim_no(&sim, ORDER_DO_ACCEPT, ORDER_PROVIDER), NO_ORDER_NOT_IN_STATE);
    struct sim late = sim;
    late.now_ns = late.facts.timer_ns;
    assert_int_equal(sim_no(&late, ORDER_DO_AGREE, ORDER_BUYER), NO_TOO_LATE);
    sim_tick(&late);
    assert_int_equal(late.facts.state, ORDER_EXPIRED);
    sim_net(&late, 0, 0, 0, 0);
    sim_do(&sim, ORDER_DO_AGREE, ORDER_BUYER);
    assert_int_equal(sim.plan.availability, ORDER_AVAIL_MOVE);
    assert_int_equal(sim.facts.deal.starts_ns, DAY0 + 4 * ORDER_DAY);
    assert_int_equal(sim.hold[0][ORDER_LEG_PROVIDER], 4550);
    assert_int_equal(sim.hold[0][ORDER_LEG_FEE], 450);
    sim_check(&sim);
}

static void starting_needs_the_code_and_the_hour(void **state)
{
    struct sim sim = sim_new(ORDER_SLOT, ORDER_INTERNAL);

    (void)state;
    sim_bring(&sim, ORDER_ACCEPTED);
    sim.now_ns = sim.facts.deal.starts_ns - 2 * ORDER_HOUR - 1;
    assert_int_equal(sim_no(&sim, ORDER_DO_START, ORDER_PROVIDER), NO_TOO_EARLY);
    sim.now_ns++;
    struct order_act act = sim_act(&sim, ORDER_DO_START, ORDER_PROVIDER);
    act.code_right = false;
    assert_int_equal(sim_try(&sim, &act), NO_CODE_WRONG);
    sim_do(&sim, ORDER_DO_START, ORDER_PROVIDER);
    assert_int_equal(sim.plan.availability, ORDER_AVAIL_IN_USE);
    assert_int_equal(sim.facts.timer_ns, sim.facts.deal.ends_ns + 24 * ORDER_HOUR);
    assert_int_equal(sim_no(&sim, ORDER_DO_DELIVER, ORDER_CLOCK), NO_TOO_EARLY);
    sim_tick(&sim);
    assert_int_equal(sim.facts.state, ORDER_DELIVERED);
    /* A sale needs no code. */
    sim = sim_new(ORDER_SALE, ORDER_INTERNAL);
    sim_bring(&sim, ORDER_ACCEPTED);
    act = sim_act(&sim, ORDER_DO_START, ORDER_PROVIDER);
    act.code_right = false;
    assert_int_equal(sim_try(&sim, &act), YES);
}

static void no_shows_wait_for_the_grace(void **state)
{
    struct sim sim = sim_new(ORDER_SLOT, ORDER_INTERNAL);

    (void)state;
    sim_bring(&sim, ORDER_ACCEPTED);
    sim.now_ns = sim.facts.deal.starts_ns + 15 * ORDER_MINUTE - 1;
    assert_int_equal(sim_no(&sim, ORDER_DO_NO_SHOW, ORDER_BUYER), NO_TOO_EARLY);
    assert_int_equal(sim_no(&sim, ORDER_DO_NO_SHOW, ORDER_PROVIDER), NO_TOO_EARLY);
    sim.now_ns++;
    sim_do(&sim, ORDER_DO_NO_SHOW, ORDER_PROVIDER);
    assert_int_equal(sim.facts.state, ORDER_CANCELLED);
    assert_true(sim.plan.reviews_open);
    /* While a payment is under way, it takes a mediation. */
    sim = sim_new(ORDER_SLOT, ORDER_DIRECT);
    sim_bring(&sim, ORDER_ACCEPTED);
    sim_do(&sim, ORDER_DO_PAY_SAID, ORDER_BUYER);
    sim.now_ns = sim.facts.deal.starts_ns + ORDER_DAY;
    assert_int_equal(sim_no(&sim, ORDER_DO_NO_SHOW, ORDER_BUYER), NO_TOO_EARLY);
    sim_do(&sim, ORDER_DO_NO_SHOW, ORDER_PROVIDER);
    sim = sim_new(ORDER_SALE, ORDER_INTERNAL); /* no date, no no-show */
    sim_bring(&sim, ORDER_ACCEPTED);
    assert_int_equal(sim_no(&sim, ORDER_DO_NO_SHOW, ORDER_BUYER), NO_ORDER_NOT_IN_STATE);
}

static void the_window_of_disputes(void **state)
{
    struct sim sim = sim_new(ORDER_RENTAL, ORDER_INTERNAL);

    (void)state;
    sim.facts.terms.dispute_window = ORDER_DAY;
    sim_bring(&sim, ORDER_DELIVERED);
    assert_int_equal(sim.facts.timer_ns, sim.now_ns + 72 * ORDER_HOUR);
    struct sim late = sim;
    late.now_ns += ORDER_DAY;
    assert_int_equal(sim_no(&late, ORDER_DO_DISPUTE, ORDER_PROVIDER), NO_TOO_LATE);
    sim_tick(&late);
    assert_int_equal(late.facts.state, ORDER_COMPLETED);
    assert_true(late.plan.reviews_open);
    sim.now_ns += ORDER_DAY - 1;
    sim_do(&sim, ORDER_DO_DISPUTE, ORDER_PROVIDER);
    assert_int_equal(sim.facts.disputed_from, ORDER_DELIVERED);
    assert_int_equal(sim.plan.tell, ORDER_BUYER | ORDER_PROVIDER | ORDER_COOP);
    sim.now_ns = sim.facts.timer_ns - 1;
    assert_int_equal(sim_no(&sim, ORDER_DO_PANEL_SILENT, ORDER_CLOCK), NO_TOO_EARLY);
}

/* Only the timer that is set: a clock that plays another event is wrong, not early. */
static void the_clock_plays_its_own_timer(void **state)
{
    struct sim sim = sim_new(ORDER_SALE, ORDER_DIRECT);

    (void)state;
    sim_bring(&sim, ORDER_ACCEPTED);
    sim.now_ns += 400 * ORDER_DAY;
    assert_int_equal(sim.facts.timer_event, ORDER_DO_PAY_TIMEOUT);
    assert_int_equal(sim_no(&sim, ORDER_DO_LAPSE, ORDER_CLOCK), NO_ORDER_NOT_IN_STATE);
    sim_tick(&sim);
    assert_int_equal(sim.facts.state, ORDER_CANCELLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_people_of_the_row),
        cmocka_unit_test(every_row_is_listed),
        cmocka_unit_test(only_the_person),
        cmocka_unit_test(the_mediator_is_the_named_one),
        cmocka_unit_test(nobody_orders_from_themselves),
        cmocka_unit_test(another_coop_stands_for_a_party),
        cmocka_unit_test(the_provider_may_open),
        cmocka_unit_test(instant_offers),
        cmocka_unit_test(the_time_to_answer),
        cmocka_unit_test(counter_offers),
        cmocka_unit_test(starting_needs_the_code_and_the_hour),
        cmocka_unit_test(no_shows_wait_for_the_grace),
        cmocka_unit_test(the_window_of_disputes),
        cmocka_unit_test(the_clock_plays_its_own_timer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
