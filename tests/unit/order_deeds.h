/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Orders through their deeds, for tests: an offer, a request, acts, and what everybody has after.
 */
#ifndef TESTS_ORDER_DEEDS_H
#define TESTS_ORDER_DEEDS_H

#include "deeds/audit.h"
#include "deeds/clock.h"
#include "store/sql_ledger.h"

#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { EURO = 1, HOURS = 2, CREDIT = 3 };

struct seed {
    int64_t member, a_currency, a_minor, b_currency, b_minor, stock, id;
    enum order_kind kind;
    enum offer_price_mode mode;
    enum order_cancel_choice cancel;
    int64_t side;
};

static no seed_offer(struct ctx *ctx, void *seed_)
{
    struct seed *seed = seed_;
    uint8_t name[16];

    ctx->world->chance(ctx->world->self, name, sizeof name);
    return sql_offer_add(ctx->db, name, seed->member, seed->side, seed->kind, OFFER_OPEN,
                         S("Cargo-bike move"), S("I carry."), LANG_EN, 1, seed->a_currency,
                         seed->a_minor, seed->b_currency, seed->b_minor, seed->mode, PER_WHOLE,
                         seed->stock, seed->cancel, S("Lyon"), 45748000, 4847000, 0, STR_NONE,
                         S(""), 0, ctx->now_ns, &seed->id);
}

static inline int64_t put_offer_of(struct test_world *test, struct seed seed)
{
    struct ctx ctx;

    if (seed.side == 0)
        seed.side = 1;
    if (seed.cancel == 0)
        seed.cancel = ORDER_FLEXIBLE;
    if (seed.mode == PRICE_FREE && seed.a_minor > 0)
        seed.mode = PRICE_ONE;
    test_as(test, &ctx, seed.member, ROLE_MEMBER);
    assert_int_equal(deed_run(&ctx, seed_offer, &seed), YES);
    test_done(&ctx);
    return seed.id;
}

static inline int64_t put_offer(struct test_world *test, int64_t member, int64_t currency,
                                int64_t minor, int64_t stock, enum order_kind kind)
{
    return put_offer_of(test, (struct seed){.member = member,
                                            .a_currency = currency,
                                            .a_minor = minor,
                                            .stock = stock,
                                            .kind = kind});
}

static inline no ask_with(struct test_world *test, int64_t member, struct order_request_form *form)
{
    struct ctx ctx;

    if (uid_is_zero(form->uid))
        test->world->chance(test->world->self, form->uid.bytes, sizeof form->uid.bytes);
    test_as(test, &ctx, member, ROLE_MEMBER);
    const no answer = deed_order_request(&ctx, form);

    test_done(&ctx);
    return answer;
}

static inline no ask_at(struct test_world *test, int64_t member, int64_t offer, int64_t quantity,
                        int64_t starts_ns, int64_t *order)
{
    struct order_request_form form = {.lines = {{offer, 0, quantity}},
                                      .lines_n = 1,
                                      .seen_a = -1,
                                      .seen_b = -1,
                                      .starts_ns = starts_ns};
    const no answer = ask_with(test, member, &form);

    *order = form.order;
    return answer;
}

static inline no ask(struct test_world *test, int64_t member, int64_t offer, int64_t quantity,
                     int64_t *order)
{
    return ask_at(test, member, offer, quantity, 0, order);
}

static inline uint32_t roles_of(const struct test_world *test, int64_t member)
{
    return member == test->chloe   ? ROLE_MEMBER | ROLE_MEDIATOR
           : member == test->amina ? ROLE_MEMBER | ROLE_FACILITATOR
                                   : ROLE_MEMBER;
}

static inline struct order_act_form act_form(int64_t order, enum order_event event)
{
    return (struct order_act_form){.order = order,
                                   .event = event,
                                   .seen_events_n = -1,
                                   .counter_price = {-1, -1},
                                   .actual_price = {-1, -1}};
}

static inline no act_with(struct test_world *test, int64_t member, struct order_act_form *form)
{
    struct ctx ctx;

    test_as(test, &ctx, member, roles_of(test, member));
    const no answer = deed_order_act(&ctx, form);

    test_done(&ctx);
    return answer;
}

static inline no act(struct test_world *test, int64_t member, int64_t order, enum order_event event)
{
    struct order_act_form form = act_form(order, event);

    return act_with(test, member, &form);
}

static inline int64_t balance(struct test_world *test, int64_t owner, int32_t number,
                              int32_t currency)
{
    struct ledger_account account;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    const no found = sql_account_find(ctx.db, ctx.arena, owner, number, currency, &account);

    test_done(&ctx);
    return found == YES ? ledger_balance(&account) : 0;
}

/* The order as it stands, in the test's arena. */
static inline struct order look(struct test_world *test, int64_t id)
{
    struct order order;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(order_read(&ctx, id, &order), YES);
    test_done(&ctx);
    return order;
}

static inline enum order_state state_of(struct test_world *test, int64_t id)
{
    return look(test, id).row.state;
}

/* Time passes, then the clock has its round. */
static inline void pass(struct test_world *test, int64_t ns)
{
    struct ctx ctx;

    world_shift_clock(test->real, ns);
    test_as(test, &ctx, 0, 0);
    assert_int_equal(deed_clock_round(&ctx), YES);
    test_done(&ctx);
}

static inline int64_t now_of(const struct test_world *test)
{
    return test->world->now_ns(test->world->self);
}

static inline void complain(void *self, const struct audit_finding *finding)
{
    (void)self;
    (void)fprintf(stderr, "%s order %lld account %lld offer %lld expected %lld found %lld\n",
                  finding->what, (long long)finding->order, (long long)finding->account,
                  (long long)finding->offer, (long long)finding->expected,
                  (long long)finding->found);
}

static inline void audit_agrees(struct test_world *test)
{
    struct audit_report report = {.say = complain};
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(view_audit(&ctx, &report), YES);
    test_done(&ctx);
    assert_int_equal(report.findings_n, 0);
}

static inline int open_world(void **state)
{
    static struct test_world test;

    test_world_open(&test);
    test_found(&test);
    *state = &test;
    return 0;
}

/* Whatever a test did, the audit must agree with it. */
static inline int close_world(void **state)
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

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

#endif
