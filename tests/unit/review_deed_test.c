/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Reviews through their deeds: sealed until both wrote or the time is over, counted once.
 */
#include "deeds/review.h"
#include "rules/review.h"

#include "order_deeds.h"

static int64_t finished_order(struct test_world *test, int64_t offer)
{
    int64_t order;

    assert_int_equal(ask(test, test->daniel, offer, 1, &order), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_ACCEPT), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_DELIVER), YES);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_CONFIRM), YES);
    return order;
}

static no write_as(struct test_world *test, int64_t member, int64_t order, int32_t stars, str text,
                   bool *published)
{
    struct review_form form = {.order = order, .stars = stars, .text = text};
    struct ctx ctx;

    test_as(test, &ctx, member, ROLE_MEMBER);
    const no answer = deed_review_write(&ctx, &form);

    test_done(&ctx);
    *published = form.published;
    return answer;
}

static struct reviews of_offer(struct test_world *test, int64_t offer)
{
    struct reviews reviews;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(view_reviews_of_offer(&ctx, offer, 1, &reviews), YES);
    test_done(&ctx);
    return reviews;
}

static struct reviews of_member(struct test_world *test, int64_t member)
{
    struct reviews reviews;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(view_reviews_of_member(&ctx, member, 1, &reviews), YES);
    test_done(&ctx);
    return reviews;
}

static struct sql_offer offer_row(struct test_world *test, int64_t id)
{
    struct sql_offer offer;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(sql_offer_get(ctx.db, ctx.arena, id, &offer), YES);
    test_done(&ctx);
    return offer;
}

static void both_open_together(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, HOURS, 60, -1, ORDER_EXCHANGE);
    const int64_t order = finished_order(test, offer);
    bool published;

    assert_int_equal(write_as(test, test->daniel, order, 5, S("On time."), &published), YES);
    assert_false(published);
    assert_int_equal(of_offer(test, offer).total, 0);
    assert_int_equal(of_member(test, test->bruno).total, 0);
    assert_int_equal(offer_row(test, offer).reviews_n, 0);
    assert_int_equal(write_as(test, test->bruno, order, 4, S(""), &published), YES);
    assert_true(published);
    const struct reviews reviews = of_offer(test, offer);

    assert_int_equal(reviews.total, 1);
    assert_int_equal(reviews.mean_centi, 500);
    assert_true(str_eq(reviews.lines[0].body, S("On time.")));
    assert_int_equal(reviews.lines[0].author, test->daniel);
    assert_int_equal(of_member(test, test->daniel).mean_centi, 400);
    assert_int_equal(of_member(test, test->daniel).lines[0].offer, 0);
    assert_int_equal(offer_row(test, offer).reviews_n, 1);
    assert_int_equal(offer_row(test, offer).stars_sum, 5);
}

static void the_clock_opens_what_stayed_alone(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, HOURS, 60, -1, ORDER_EXCHANGE);
    const int64_t order = finished_order(test, offer);
    bool published;

    assert_int_equal(write_as(test, test->daniel, order, 2, S("Late."), &published), YES);
    pass(test, REVIEW_WINDOW_NS - 60 * ORDER_SECOND);
    assert_int_equal(of_offer(test, offer).total, 0);
    pass(test, 61 * ORDER_SECOND);
    assert_int_equal(of_offer(test, offer).mean_centi, 200);
    pass(test, ORDER_DAY);
    assert_int_equal(offer_row(test, offer).reviews_n, 1);
    assert_int_equal(write_as(test, test->bruno, order, 1, S("Revenge."), &published), NO_TOO_LATE);
}

static void nobody_writes_twice_or_for_others(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, HOURS, 60, -1, ORDER_EXCHANGE);
    const int64_t order = finished_order(test, offer);
    bool published;

    assert_int_equal(write_as(test, test->daniel, order, 6, S(""), &published), NO_BAD_FIELDS);
    assert_int_equal(write_as(test, test->daniel, order, 0, S(""), &published), NO_BAD_FIELDS);
    assert_int_equal(write_as(test, test->daniel, order, 3, S("\xff"), &published), NO_BAD_FIELDS);
    assert_int_equal(write_as(test, test->daniel, order, 3, S("A."), &published), YES);
    assert_int_equal(write_as(test, test->daniel, order, 3, S("A."), &published), YES);
    assert_int_equal(write_as(test, test->daniel, order, 4, S("A."), &published),
                     NO_ALREADY_REVIEWED);
    assert_int_equal(write_as(test, test->chloe, order, 4, S("A."), &published),
                     NO_ORDER_NOT_YOURS);
    assert_int_equal(write_as(test, 0, order, 4, S("A."), &published), NO_NOT_SIGNED_IN);
    assert_int_equal(write_as(test, test->bruno, order + 1, 4, S("A."), &published), NO_NOT_FOUND);
}

static void an_order_that_runs_has_no_review(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, HOURS, 60, -1, ORDER_EXCHANGE);
    int64_t order;
    bool published;

    assert_int_equal(ask(test, test->daniel, offer, 1, &order), YES);
    assert_int_equal(write_as(test, test->daniel, order, 3, S(""), &published),
                     NO_ORDER_NOT_IN_STATE);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_DECLINE), YES);
    assert_int_equal(write_as(test, test->daniel, order, 3, S(""), &published),
                     NO_ORDER_NOT_IN_STATE);
}

/* A sealed text is seen by who wrote it and by nobody else. */
static void the_seal_holds_on_the_order(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, HOURS, 60, -1, ORDER_EXCHANGE);
    const int64_t order = finished_order(test, offer);
    struct review_state mine, theirs;
    struct ctx ctx;
    bool published;

    assert_int_equal(write_as(test, test->daniel, order, 1, S("Broke it."), &published), YES);
    test_as(test, &ctx, test->daniel, ROLE_MEMBER);
    assert_int_equal(view_review_of_order(&ctx, order, &mine), YES);
    ctx.actor.member = test->bruno;
    assert_int_equal(view_review_of_order(&ctx, order, &theirs), YES);
    ctx.actor.member = test->chloe;
    assert_int_equal(view_review_of_order(&ctx, order, &theirs), NO_ORDER_NOT_YOURS);
    test_done(&ctx);
    assert_true(mine.wrote && !mine.may_write && str_eq(mine.mine.body, S("Broke it.")));
    assert_true(!theirs.wrote && theirs.may_write && !theirs.other_wrote_open);
    assert_int_equal(theirs.theirs.stars, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(both_open_together),
        IN_WORLD(the_clock_opens_what_stayed_alone),
        IN_WORLD(nobody_writes_twice_or_for_others),
        IN_WORLD(an_order_that_runs_has_no_review),
        IN_WORLD(the_seal_holds_on_the_order),
    };

    return cmocka_run_group_tests_name("review deeds", tests, NULL, NULL);
}
