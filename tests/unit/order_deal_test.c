/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What an order may say, what is frozen with it, and what a page shows of it.
 */
#include "order_sim.h"

#include <string.h>

/* --- deals and terms --- */

static void deals_that_cannot_be(void **state){static const struct {enum order_kind kind;
struct order_deal deal;
no why;
}
rows[] =
    {
#define PART {UNIT_FIAT, 1, 100, 0, 9, 0, ORDER_DIRECT}
        {ORDER_SALE, {.quantity = 1, .parts_n = 1, .parts = {PART}}, YES},
        {ORDER_SALE, {.quantity = 1}, YES},
        {ORDER_SALE, {.quantity = 0}, NO_FIELD_OUT_OF_RANGE},
        {ORDER_SALE, {.quantity = ORDER_QUANTITY_MAX + 1}, NO_FIELD_OUT_OF_RANGE},
        {ORDER_SALE, {.quantity = 1, .parts_n = 3, .parts = {PART}}, NO_FIELD_OUT_OF_RANGE},
        {ORDER_GIFT, {.quantity = 1, .parts_n = 1, .parts = {PART}}, NO_FIELD_WRONG},
        {ORDER_SALE, {.quantity = 1, .parts_n = 2, .parts = {PART, PART}}, NO_FIELD_WRONG},
        {ORDER_SLOT, {.quantity = 1, .parts_n = 1, .parts = {PART}}, NO_FIELD_WRONG},
        {ORDER_SLOT, {.quantity = 1, .starts_ns = 5, .ends_ns = 5}, NO_FIELD_WRONG},
        {ORDER_SLOT, {.quantity = 1, .starts_ns = 5, .ends_ns = 6}, YES},
        {ORDER_SLOT, {.quantity = 1, .starts_ns = 5, .ends_ns = 4}, NO_FIELD_OUT_OF_RANGE},
        {ORDER_SALE, {.quantity = 1, .starts_ns = -5}, NO_FIELD_OUT_OF_RANGE},
        {ORDER_SALE, {.quantity = 1, .starts_ns = 5, .ends_ns = INT64_MAX}, NO_FIELD_OUT_OF_RANGE},
        {ORDER_SALE, {.quantity = 1, .ends_ns = 5}, NO_FIELD_WRONG},
#undef PART
#define ONE(...) {ORDER_SALE, {.quantity = 1, .parts_n = 1, .parts = {{__VA_ARGS__}}}
        ONE(0, 1, 100, 0, 9, 0, ORDER_DIRECT),
        NO_FIELD_WRONG},
    ONE(UNIT_KINDS, 1, 100, 0, 9, 0, ORDER_DIRECT), NO_FIELD_WRONG
}
, ONE(UNIT_FIAT, 1, -1, 0, 0, 0, ORDER_DIRECT), NO_FIELD_OUT_OF_RANGE
}
, ONE(UNIT_FIAT, 1, 100, -1, 0, 0, ORDER_DIRECT), NO_FIELD_OUT_OF_RANGE
}
, ONE(UNIT_FIAT, 1, 100, 0, -1, 0, ORDER_DIRECT), NO_FIELD_OUT_OF_RANGE
}
, ONE(UNIT_FIAT, 1, 100, 0, 101, 0, ORDER_DIRECT), NO_FIELD_OUT_OF_RANGE
}
, ONE(UNIT_FIAT, 1, 100, 0, 0, -1, ORDER_INTERNAL), NO_FIELD_OUT_OF_RANGE
}
, ONE(UNIT_FIAT, 1, FEE_PRICE_MAX, 0, 0, 0, ORDER_DIRECT), YES
}
, ONE(UNIT_FIAT, 1, FEE_PRICE_MAX, 1, 0, 0, ORDER_DIRECT), NO_FIELD_OUT_OF_RANGE
}
, ONE(UNIT_FIAT, 1, INT64_MAX, INT64_MAX, 0, 0, ORDER_DIRECT), NO_FIELD_OUT_OF_RANGE
}
, ONE(UNIT_FIAT, 1, 0, 0, 0, 0, ORDER_DIRECT), NO_FIELD_WRONG
}
, ONE(UNIT_FIAT, 1, 0, 0, 0, 5000, ORDER_INTERNAL), YES
}
, ONE(UNIT_FIAT, 1, 100, 0, 9, 50, ORDER_DIRECT), NO_PAYMENT_NOT_OFFERED
}
, ONE(UNIT_TIME, 1, 100, 0, 0, 0, ORDER_DIRECT), NO_PAYMENT_NOT_OFFERED
}
, ONE(UNIT_MUTUAL, 1, 100, 0, 0, 0, ORDER_PSP), NO_PAYMENT_NOT_OFFERED
}
, ONE(UNIT_FIAT, 1, 100, 0, 0, 0, (enum order_funding)0), NO_PAYMENT_NOT_OFFERED
}
, ONE(UNIT_FIAT, 1, 100, 0, 0, 0, (enum order_funding)4), NO_PAYMENT_NOT_OFFERED
}
,
#undef ONE
}
;

(void)state;
for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(order_deal_check(rows[i].kind, &rows[i].deal), rows[i].why);
/* And a request looks at it. */
struct sim sim = sim_new(ORDER_SALE, ORDER_DIRECT);
sim.facts.deal.quantity = 0;
assert_int_equal(sim_no(&sim, ORDER_DO_REQUEST, ORDER_BUYER), NO_FIELD_OUT_OF_RANGE);
sim.facts.deal.quantity = 1;
sim.facts.terms.panel_ttl = 0;
assert_int_equal(sim_no(&sim, ORDER_DO_REQUEST, ORDER_BUYER), NO_FIELD_OUT_OF_RANGE);
}

static void terms_that_cannot_be(void **state)
{
    (void)state;
    for (int k = ORDER_SALE; k < ORDER_KINDS; k++)
        for (int c = ORDER_FLEXIBLE; c <= ORDER_STRICT; c++) {
            struct order_terms terms;

            order_terms_default(&terms, (enum order_kind)k, (enum order_cancel_choice)c);
            assert_int_equal(order_terms_check(&terms), YES);
        }
    struct order_terms good, bad;
    order_terms_default(&good, ORDER_SALE, ORDER_MODERATE);
#define BAD(change) \
    bad = good;     \
    bad.change;     \
    assert_int_equal(order_terms_check(&bad), NO_FIELD_OUT_OF_RANGE)
    BAD(draft_ttl = 0);
    BAD(accept_ttl = -1);
    BAD(pay_ttl = 401 * ORDER_DAY);
    BAD(confirm_silence = 0);
    BAD(panel_refund_bp = 10001);
    BAD(provider_penalty_bp = -1);
    BAD(overdue_days_max = -1);
    BAD(steps_n = 5);
    BAD(steps[1].hours = 120);
    BAD(steps[1].refund_bp = 10001);
    BAD(steps[2].hours = -1);
    BAD(steps[0].refund_bp = 4000); /* later must not be kinder */
#undef BAD
}

static void the_schedule(void **state)
{
    static const struct {
        enum order_cancel_choice choice;
        int64_t hours_before;
        int32_t bp;
    } rows[] = {
        {ORDER_FLEXIBLE, 24, 10000}, {ORDER_FLEXIBLE, 23, 5000},   {ORDER_FLEXIBLE, 0, 5000},
        {ORDER_FLEXIBLE, -3, 5000},  {ORDER_MODERATE, 120, 10000}, {ORDER_MODERATE, 119, 5000},
        {ORDER_MODERATE, 24, 5000},  {ORDER_MODERATE, 23, 0},      {ORDER_STRICT, 336, 10000},
        {ORDER_STRICT, 335, 5000},   {ORDER_STRICT, 168, 5000},    {ORDER_STRICT, 167, 0},
    };
    struct order_terms terms;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        order_terms_default(&terms, ORDER_SLOT, rows[i].choice);
        assert_int_equal(order_refund_bp(&terms, DAY0, DAY0 - rows[i].hours_before * ORDER_HOUR),
                         rows[i].bp);
    }
    order_terms_default(&terms, ORDER_SLOT, ORDER_MODERATE);
    assert_int_equal(order_refund_bp(&terms, DAY0, DAY0 - 120 * ORDER_HOUR + 1), 5000);
    assert_int_equal(order_refund_bp(&terms, 0, DAY0), 10000);
}

/* --- for the pages --- */

static void check_buttons(const struct sim *from)
{
    const enum order_who who[] = {ORDER_BUYER, ORDER_PROVIDER, ORDER_MEDIATOR, ORDER_COOP};
    const struct order_wait wait = order_waits_for(&from->facts);
    bool hoped = false;

    for (size_t w = 0; w < 4; w++) {
        enum order_event events[ORDER_EVENTS];
        const size_t n =
            order_next_events(&from->facts, who[w], from->now_ns, events, ORDER_EVENTS);

        for (size_t i = 0; i < n; i++) {
            struct sim sim = *from;
            struct order_act act = sim_act(&sim, events[i], who[w]);

            act.deal = events[i] == ORDER_DO_COUNTER ? sim.facts.deal : act.deal;
            act.amount = 1;
            for (size_t p = 0; p < sim.facts.deal.parts_n; p++)
                act.split[p].refund = order_part_total(&sim.facts.deal.parts[p]);
            assert_int_equal(sim_try(&sim, &act), YES);
            for (size_t j = 0; j < i; j++)
                assert_int_not_equal(events[j], events[i]);
            if (events[i] == ORDER_DO_MESSAGE)
                assert_int_equal(i, n - 1);
            hoped = hoped || (who[w] == wait.who && events[i] == wait.event);
        }
        assert_int_equal(order_next_events(&from->facts, who[w], from->now_ns, events, 1),
                         n > 0 ? 1 : 0);
    }
    if (wait.who != ORDER_NOBODY) {
        assert_true(hoped);
        assert_int_equal(wait.until_ns, from->facts.timer_ns);
        assert_int_equal(wait.otherwise, from->facts.timer_event);
    } else {
        assert_true(order_is_over(from->facts.state));
    }
}

/* A button that is shown works, and the one who is waited for has it. */
static void buttons_work(void **state)
{
    (void)state;
    for (int k = ORDER_SALE; k < ORDER_KINDS; k++)
        for (int f = ORDER_INTERNAL; f <= ORDER_PSP; f++)
            for (int s = ORDER_NEW; s < ORDER_STATES; s++) {
                struct sim sim = sim_new((enum order_kind)k, (enum order_funding)f);

                sim_bring(&sim, (enum order_state)s);
                /* The hand-over is near: the start may be waited for. */
                if (s == ORDER_ACCEPTED && sim.facts.deal.starts_ns != 0)
                    sim.now_ns = sim.facts.deal.starts_ns - ORDER_HOUR;
                check_buttons(&sim);
            }
}

static void who_is_waited_for(void **state)
{
    struct sim sim = sim_new(ORDER_SERVICE, ORDER_DIRECT);

    (void)state;
#define WAITS(someone, something)                                       \
    assert_int_equal(order_waits_for(&sim.facts).who, ORDER_##someone); \
    assert_int_equal(order_waits_for(&sim.facts).event, ORDER_DO_##something)
    WAITS(BUYER, REQUEST);
    sim_do(&sim, ORDER_DO_REQUEST, ORDER_BUYER);
    WAITS(PROVIDER, ACCEPT);
    sim_do(&sim, ORDER_DO_ACCEPT, ORDER_PROVIDER);
    WAITS(BUYER, PAY_SAID);
    sim_do(&sim, ORDER_DO_PAY_SAID, ORDER_BUYER);
    WAITS(PROVIDER, PAY_SEEN);
    sim_do(&sim, ORDER_DO_PAY_SEEN, ORDER_PROVIDER);
    WAITS(PROVIDER, DELIVER);
    sim_do(&sim, ORDER_DO_DELIVER, ORDER_PROVIDER);
    WAITS(BUYER, CONFIRM);
    sim_do(&sim, ORDER_DO_DISPUTE, ORDER_BUYER);
    WAITS(MEDIATOR, DECIDE);
    struct order_act act = sim_act(&sim, ORDER_DO_SETTLE_PROPOSE, ORDER_PROVIDER);
    act.split[0] = (struct order_split){.refund = 1000, .provider = 2600, .fee = 200};
    assert_int_equal(sim_try(&sim, &act), YES);
    WAITS(BUYER, SETTLE_AGREE);
    assert_int_equal(sim_no(&sim, ORDER_DO_SETTLE_AGREE, ORDER_PROVIDER), NO_ORDER_NOT_YOURS);
    sim_do(&sim, ORDER_DO_SETTLE_AGREE, ORDER_BUYER);
    WAITS(BUYER, DEBT_SEEN);
    sim_do(&sim, ORDER_DO_DEBT_SEEN, ORDER_BUYER);
    assert_int_equal(order_waits_for(&sim.facts).who, ORDER_NOBODY);
#undef WAITS
}

static void names_are_whole(void **state)
{
    (void)state;
    for (int s = 0; s < ORDER_STATES; s++)
        assert_true(strlen(order_state_name((enum order_state)s)) > 2);
    for (int e = 0; e < ORDER_EVENTS; e++)
        assert_true(strlen(order_event_name((enum order_event)e)) > 2);
    for (int k = 1; k < ORDER_KINDS; k++)
        assert_true(strlen(order_kind_name((enum order_kind)k)) > 2);
    assert_string_equal(order_event_name(ORDER_DO_PANEL_SILENT), "panel_silent");
    assert_string_equal(order_event_name(ORDER_DO_MESSAGE), "message");
    assert_string_equal(order_state_name(ORDER_CANCELLED), "cancelled");
    assert_string_equal(order_kind_name(ORDER_SERVICE), "service");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deals_that_cannot_be), cmocka_unit_test(terms_that_cannot_be),
        cmocka_unit_test(the_schedule),         cmocka_unit_test(buttons_work),
        cmocka_unit_test(who_is_waited_for),    cmocka_unit_test(names_are_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
