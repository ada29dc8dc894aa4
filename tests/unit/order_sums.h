/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Acts on orders, each followed by the sums that must hold after it.
 */
#ifndef TESTS_ORDER_SUMS_H
#define TESTS_ORDER_SUMS_H

#include "order_deeds.h"

/* --- sums ------------------------------------------------------------------------------------ */

struct sums {
    int64_t posted[4], pending[4]; /* by currency: credits - debits, all accounts */
};

static inline no sum_account(void *sums_, const struct ledger_account *account)
{
    struct sums *sums = sums_;

    assert_in_range(account->currency, 1, 3);
    sums->posted[account->currency] += account->credits_posted - account->debits_posted;
    sums->pending[account->currency] += account->credits_pending - account->debits_pending;
    return YES;
}

/* Nothing is made or lost in any unit, and who looks at one order sees its parts whole. */
static inline void sums_hold(struct test_world *test, int64_t order)
{
    const struct order seen = look(test, order);
    const bool over = order_is_over(seen.row.state);
    struct sums sums = {{0}, {0}};
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(sql_account_each(ctx.db, sum_account, &sums), YES);
    test_done(&ctx);
    for (int i = EURO; i <= CREDIT; i++) {
        assert_int_equal(sums.posted[i], 0);
        assert_int_equal(sums.pending[i], 0);
    }
    for (size_t i = 0; i < seen.facts.deal.parts_n; i++) {
        const struct sql_order_part *part = &seen.parts[i];

        assert_true(!over || (part->hold_provider == 0 && part->hold_fee == 0 && !part->held));
        assert_true(part->to_provider + part->to_coop <= part->price + part->fee_buyer);
        assert_int_equal(part->held, part->hold_provider != 0);
    }
}

static inline void does(struct test_world *test, int64_t who, int64_t order, enum order_event event,
                        enum order_state then)
{
    const no answer = act(test, who, order, event);

    if (answer != YES)
        fail_msg("%s: %s", order_event_name(event), no_line(answer)->name);
    assert_string_equal(order_state_name(state_of(test, order)), order_state_name(then));
    sums_hold(test, order);
}

static inline void does_with(struct test_world *test, int64_t who, struct order_act_form *form,
                             enum order_state then)
{
    const no answer = act_with(test, who, form);

    if (answer != YES)
        fail_msg("%s: %s", order_event_name(form->event), no_line(answer)->name);
    assert_string_equal(order_state_name(state_of(test, form->order)), order_state_name(then));
    sums_hold(test, form->order);
}

static inline int64_t asked(struct test_world *test, int64_t offer)
{
    int64_t order;

    assert_int_equal(ask(test, test->daniel, offer, 1, &order), YES);
    sums_hold(test, order);
    return order;
}

static inline int64_t lesson(struct test_world *test, int64_t minutes)
{
    return put_offer(test, test->bruno, HOURS, minutes, -1, ORDER_EXCHANGE);
}

#endif
