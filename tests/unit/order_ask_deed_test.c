/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Asking, as a member and as a visitor; forms that come twice, and pages that are old.
 */
#include "order_sums.h"

/* --- twice is once --------------------------------------------------------------------------- */

static void a_form_sent_twice_does_it_once(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = lesson(test, 60);
    struct order_request_form request = {
        .lines = {{offer, 0, 1}}, .lines_n = 1, .seen_a = 60, .seen_b = -1};
    struct order_act_form accept, message;

    assert_int_equal(ask_with(test, test->daniel, &request), YES);
    const int64_t order = request.order;

    assert_int_equal(ask_with(test, test->daniel, &request), YES);
    assert_int_equal(request.order, order);
    assert_int_equal(ask_with(test, test->chloe, &request), NO_ALREADY_DONE_DIFFERENTLY);
    accept = act_form(order, ORDER_DO_ACCEPT);
    accept.seen_events_n = look(test, order).row.events_n;
    assert_int_equal(act_with(test, test->bruno, &accept), YES);
    assert_int_equal(act_with(test, test->bruno, &accept), YES);
    assert_int_equal(look(test, order).row.events_n, accept.seen_events_n + 1);
    message = act_form(order, ORDER_DO_MESSAGE);
    message.seen_events_n = look(test, order).row.events_n;
    message.note = S("At ten?");
    assert_int_equal(act_with(test, test->daniel, &message), YES);
    assert_int_equal(act_with(test, test->daniel, &message), YES);
    assert_int_equal(look(test, order).row.events_n, message.seen_events_n + 1);
    message.note = S("Or eleven?");
    assert_int_equal(act_with(test, test->daniel, &message), YES);
    assert_int_equal(look(test, order).row.events_n, message.seen_events_n + 2);
}

static void an_old_page_is_told(void **state)
{
    struct test_world *test = *state;
    const int64_t order = asked(test, lesson(test, 60));
    struct order_act_form accept = act_form(order, ORDER_DO_ACCEPT),
                          message = act_form(order, ORDER_DO_MESSAGE);

    accept.seen_events_n = look(test, order).row.events_n;
    message.note = S("Please.");
    assert_int_equal(act_with(test, test->daniel, &message), YES);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_WITHDRAW), YES);
    assert_int_equal(act_with(test, test->bruno, &accept), NO_CONFLICT);
}

static void a_message_makes_no_page_old(void **state)
{
    struct test_world *test = *state;
    const int64_t order = asked(test, lesson(test, 60));
    struct order_act_form accept = act_form(order, ORDER_DO_ACCEPT),
                          message = act_form(order, ORDER_DO_MESSAGE);

    accept.seen_events_n = look(test, order).row.events_n;
    message.note = S("Please.");
    assert_int_equal(act_with(test, test->daniel, &message), YES);
    assert_int_equal(act_with(test, test->bruno, &accept), YES);
}

/* --- asking ---------------------------------------------------------------------------------- */

static void asking_is_refused_for_its_reason(void **state)
{
    struct test_world *test = *state;
    const int64_t bread = put_offer(test, test->bruno, EURO, 620, 2, ORDER_SALE),
                  cake = put_offer(test, test->bruno, EURO, 450, 9, ORDER_SALE),
                  other = put_offer(test, test->chloe, EURO, 450, 9, ORDER_SALE);
    struct order_request_form form = {.lines_n = 2, .seen_a = -1, .seen_b = -1};
    int64_t order;

    assert_int_equal(ask(test, test->daniel, bread, 3, &order), NO_STOCK_TOO_SMALL);
    assert_int_equal(ask(test, test->daniel, bread, 0, &order), NO_BAD_FIELDS);
    assert_int_equal(ask(test, test->daniel, 99999, 1, &order), NO_OFFER_NOT_OPEN);
    assert_int_equal(ask(test, 0, bread, 1, &order), NO_NOT_SIGNED_IN);
    assert_int_equal(ask_at(test, test->daniel, bread, 1, 1, &order), NO_BAD_FIELDS);
    form.lines[0] = (struct order_ask_line){bread, 0, 2};
    form.lines[1] = (struct order_ask_line){other, 0, 1};
    assert_int_equal(ask_with(test, test->daniel, &form), NO_PROVIDERS_DIFFER);
    form.lines[1].offer = cake;
    form.seen_a = 1689;
    assert_int_equal(ask_with(test, test->daniel, &form), NO_PRICE_CHANGED);
    form.seen_a = 1690;
    assert_int_equal(ask_with(test, test->daniel, &form), YES);
    assert_int_equal(look(test, form.order).lines_n, 2);
    assert_int_equal(look(test, form.order).facts.deal.parts[0].price, 1690);
}

static void either_price_and_only_between_members(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer_of(test, (struct seed){.member = test->bruno,
                                                           .a_currency = EURO,
                                                           .a_minor = 3800,
                                                           .b_currency = HOURS,
                                                           .b_minor = 120,
                                                           .mode = PRICE_EITHER,
                                                           .stock = -1,
                                                           .kind = ORDER_SERVICE});
    struct order_request_form form = {
        .lines = {{offer, 0, 1}}, .lines_n = 1, .seen_a = 120, .seen_b = -1, .pay_with = HOURS};
    struct ctx ctx;

    assert_int_equal(ask_with(test, test->daniel, &form), YES);
    assert_int_equal(look(test, form.order).facts.deal.parts[0].currency, HOURS);
    form = (struct order_request_form){
        .lines = {{offer, 0, 1}}, .lines_n = 1, .seen_a = -1, .seen_b = -1, .pay_with = CREDIT};
    assert_int_equal(ask_with(test, test->daniel, &form), NO_PAYMENT_NOT_OFFERED);
    form.pay_with = HOURS;
    test_as(test, &ctx, test->daniel, ROLE_CLIENT);
    assert_int_equal(deed_order_request(&ctx, &form), NO_PAYMENT_NOT_OFFERED);
    test_done(&ctx);
}

static void a_visitor_asks_by_letter(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, EURO, 1000, 3, ORDER_SALE);
    struct order_guest_form form = {
        .name = S("Ines M."),
        .email = S("ines@example.org"),
        .ask = {.lines = {{offer, 0, 2}}, .lines_n = 1, .seen_a = 2000, .seen_b = -1}};
    struct ctx ctx;

    test->world->chance(test->world->self, form.ask.uid.bytes, 16);
    test_as(test, &ctx, 0, 0);
    assert_int_equal(deed_order_guest(&ctx, &form), YES);
    assert_int_equal(ctx.actor.member, 0);
    form.email = S("not an address");
    assert_int_equal(deed_order_guest(&ctx, &form), NO_BAD_FIELDS);
    test_done(&ctx);
    const struct order order = look(test, form.ask.order);

    assert_int_equal(order.row.state, ORDER_DRAFT);
    assert_int_equal(act(test, test->bruno, order.row.id, ORDER_DO_ACCEPT), NO_ORDER_NOT_IN_STATE);
    does(test, order.row.buyer, order.row.id, ORDER_DO_REQUEST, ORDER_REQUESTED);
    does(test, test->bruno, order.row.id, ORDER_DO_ACCEPT, ORDER_ACCEPTED);
}

static void a_draft_nobody_sends_falls_away(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, EURO, 1000, 3, ORDER_SALE);
    struct order_request_form form = {
        .lines = {{offer, 0, 1}}, .lines_n = 1, .seen_a = -1, .seen_b = -1, .draft = true};

    assert_int_equal(ask_with(test, test->daniel, &form), YES);
    assert_int_equal(state_of(test, form.order), ORDER_DRAFT);
    pass(test, 3 * ORDER_DAY);
    assert_int_equal(state_of(test, form.order), ORDER_EXPIRED);
    sums_hold(test, form.order);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(a_form_sent_twice_does_it_once),        IN_WORLD(an_old_page_is_told),
        IN_WORLD(a_message_makes_no_page_old),           IN_WORLD(asking_is_refused_for_its_reason),
        IN_WORLD(either_price_and_only_between_members), IN_WORLD(a_visitor_asks_by_letter),
        IN_WORLD(a_draft_nobody_sends_falls_away),
    };

    return cmocka_run_group_tests_name("order asking deeds", tests, NULL, NULL);
}
