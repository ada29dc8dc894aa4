/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The thin thread: found, offer, request, accept, deliver, confirm, through the real writer and
 * file; then who has what.
 */
#include "deeds/audit.h"
#include "store/sql_ledger.h"

#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct offer_seed {
    int64_t member, currency, minor, stock, id;
    enum order_kind kind;
};

static no seed_offer(struct ctx *ctx, void *seed_)
{
    struct offer_seed *seed = seed_;
    uint8_t name[16];

    ctx->world->chance(ctx->world->self, name, sizeof name);
    return sql_offer_add(ctx->db, name, seed->member, 1, seed->kind, OFFER_OPEN,
                         S("Cargo-bike move"), S("I carry."), LANG_EN, 1, seed->currency,
                         seed->minor, 0, 0, seed->minor == 0 ? PRICE_FREE : PRICE_ONE, PER_WHOLE,
                         seed->stock, ORDER_FLEXIBLE, S("Lyon"), 45748000, 4847000, 0, STR_NONE,
                         S(""), 0, ctx->now_ns, &seed->id);
}

static int64_t put_offer(struct test_world *test, int64_t member, int64_t currency, int64_t minor,
                         int64_t stock, enum order_kind kind)
{
    struct offer_seed seed = {member, currency, minor, stock, 0, kind};
    struct ctx ctx;

    test_as(test, &ctx, member, ROLE_MEMBER);
    assert_int_equal(deed_run(&ctx, seed_offer, &seed), YES);
    test_done(&ctx);
    return seed.id;
}

static no ask(struct test_world *test, int64_t member, int64_t offer, int64_t quantity,
              int64_t *order)
{
    struct order_request_form form = {
        .lines = {{offer, 0, quantity}}, .lines_n = 1, .seen_a = -1, .seen_b = -1};
    struct ctx ctx;

    test_as(test, &ctx, member, ROLE_MEMBER);
    test->world->chance(test->world->self, form.uid.bytes, sizeof form.uid.bytes);
    const no answer = deed_order_request(&ctx, &form);

    test_done(&ctx);
    *order = form.order;
    return answer;
}

static no act(struct test_world *test, int64_t member, int64_t order, enum order_event event)
{
    struct order_act_form form = {.order = order,
                                  .event = event,
                                  .seen_events_n = -1,
                                  .counter_price = {-1, -1},
                                  .actual_price = {-1, -1}};
    struct ctx ctx;

    test_as(test, &ctx, member, ROLE_MEMBER);
    const no answer = deed_order_act(&ctx, &form);

    test_done(&ctx);
    return answer;
}

static int64_t balance(struct test_world *test, int64_t owner, int32_t number, int32_t currency)
{
    struct ledger_account account;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    const no found = sql_account_find(ctx.db, ctx.arena, owner, number, currency, &account);

    test_done(&ctx);
    return found == YES ? ledger_balance(&account) : 0;
}

static void hours_are_held_then_paid(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, 2, 90, -1, ORDER_EXCHANGE);
    int64_t order;

    assert_int_equal(ask(test, test->daniel, offer, 1, &order), YES);
    assert_int_equal(balance(test, test->daniel, CHART_TIME, 2), 0);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_ACCEPT), YES);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_ACCEPT), NO_ORDER_NOT_IN_STATE);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_DELIVER), YES);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_CONFIRM), YES);
    assert_int_equal(balance(test, test->daniel, CHART_TIME, 2), -90);
    assert_int_equal(balance(test, test->bruno, CHART_TIME, 2), 90);
}

static void euros_go_directly_and_the_fee_becomes_due(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, 1, 3800, 5, ORDER_SERVICE);
    int64_t order;

    assert_int_equal(ask(test, test->daniel, offer, 1, &order), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_ACCEPT), YES);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_PAY_SAID), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_PAY_SEEN), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_DELIVER), YES);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_CONFIRM), YES);
    assert_int_equal(balance(test, test->daniel, CHART_DIRECT, 1), -3800);
    assert_int_equal(balance(test, test->bruno, CHART_DIRECT, 1), 3800);
    assert_int_equal(balance(test, test->bruno, CHART_MEMBER_OWES, 1), 342);
    assert_int_equal(balance(test, 0, CHART_FEE_RUNNING, 1), 198);
    assert_int_equal(balance(test, 0, CHART_FEE_RESERVE, 1), 87);
    assert_int_equal(balance(test, 0, CHART_FEE_SOLIDARITY, 1), 57);
}

static void the_last_piece_goes_to_one(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, 1, 1000, 1, ORDER_SALE);
    int64_t first, second;

    assert_int_equal(ask(test, test->daniel, offer, 1, &first), YES);
    assert_int_equal(ask(test, test->chloe, offer, 1, &second), YES);
    assert_int_equal(act(test, test->bruno, first, ORDER_DO_ACCEPT), YES);
    assert_int_equal(act(test, test->bruno, second, ORDER_DO_ACCEPT), NO_ORDER_NOT_IN_STATE);
}

static void a_purse_stops_at_its_floor(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, 2, 601, -1, ORDER_EXCHANGE);
    int64_t order;

    assert_int_equal(ask(test, test->chloe, offer, 1, &order), NO_FLOOR_WOULD_BE_PASSED);
    assert_int_equal(ask(test, test->bruno, offer, 1, &order), NO_ORDER_OWN_OFFER);
}

static int open_world(void **state)
{
    static struct test_world test;

    test_world_open(&test);
    test_found(&test);
    *state = &test;
    return 0;
}

static void complain(void *self, const struct audit_finding *finding)
{
    (void)self;
    (void)fprintf(stderr, "%s account %lld expected %lld found %lld\n", finding->what,
                  (long long)finding->account, (long long)finding->expected,
                  (long long)finding->found);
}

/* Whatever a test did, the audit must agree with it. */
static int close_world(void **state)
{
    struct test_world *test = *state;
    struct audit_report report = {.say = complain};
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    const no answer = view_audit(&ctx, &report);

    test_done(&ctx);
    test_world_close(test);
    return answer == YES && report.findings_n == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hours_are_held_then_paid, open_world, close_world),
        cmocka_unit_test_setup_teardown(euros_go_directly_and_the_fee_becomes_due, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(the_last_piece_goes_to_one, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_purse_stops_at_its_floor, open_world, close_world),
    };

    return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
