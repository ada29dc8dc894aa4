/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Sixty-four people at once: what there is of a thing is promised once, whoever is quickest; one
 * form sent by sixty-four threads is one order.
 */
#include "order_deeds.h"

#include <pthread.h>

enum { THREADS = 64, PIECES = 5 };

struct racer {
    struct test_world *test;
    pthread_barrier_t *start;
    struct arena arena;
    struct order_request_form ask;
    struct order_act_form act;
    int64_t member;
    no answer;
};

static void racer_as(struct racer *racer, struct ctx *ctx)
{
    test_as(racer->test, ctx, racer->member, ROLE_MEMBER);
    ctx->arena = &racer->arena;
    test_done(ctx);
    (void)pthread_barrier_wait(racer->start);
    ctx->db = ctx->world->reader_take(ctx->world->self);
}

static void *asks(void *racer_)
{
    struct racer *racer = racer_;
    struct ctx ctx;

    racer_as(racer, &ctx);
    racer->answer = deed_order_request(&ctx, &racer->ask);
    test_done(&ctx);
    return NULL;
}

static void *acts(void *racer_)
{
    struct racer *racer = racer_;
    struct ctx ctx;

    racer_as(racer, &ctx);
    racer->answer = deed_order_act(&ctx, &racer->act);
    test_done(&ctx);
    return NULL;
}

static void race(struct racer *racers, void *(*run)(void *))
{
    pthread_t threads[THREADS];
    pthread_barrier_t start;

    assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
    for (size_t i = 0; i < THREADS; i++) {
        racers[i].start = &start;
        assert_int_equal(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    (void)pthread_barrier_destroy(&start);
}

static struct racer *racers_open(struct test_world *test)
{
    const int64_t members[] = {test->daniel, test->chloe, test->amina};
    struct racer *racers = calloc(THREADS, sizeof *racers);

    assert_non_null(racers);
    for (size_t i = 0; i < THREADS; i++) {
        racers[i].test = test;
        racers[i].member = members[i % 3];
        assert_true(arena_init(&racers[i].arena, 4 << 20));
    }
    return racers;
}

static void racers_close(struct racer *racers)
{
    for (size_t i = 0; i < THREADS; i++)
        arena_release(&racers[i].arena);
    free(racers);
}

static void all_ask_for(struct test_world *test, struct racer *racers, int64_t offer)
{
    for (size_t i = 0; i < THREADS; i++) {
        racers[i].ask = (struct order_request_form){
            .lines = {{offer, 0, 1 + (int64_t)(i % 2)}}, .lines_n = 1, .seen_a = -1, .seen_b = -1};
        test->world->chance(test->world->self, racers[i].ask.uid.bytes, 16);
    }
    race(racers, asks);
}

static int64_t claimed_of(struct test_world *test, int64_t id)
{
    struct sql_offer offer;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(sql_offer_get(ctx.db, ctx.arena, id, &offer), YES);
    test_done(&ctx);
    return offer.claimed;
}

/* How many pieces the accepted ones have together. */
static int64_t promised(struct test_world *test, const struct racer *racers)
{
    int64_t pieces = 0;

    for (size_t i = 0; i < THREADS; i++)
        if (state_of(test, racers[i].ask.order) == ORDER_ACCEPTED)
            pieces += racers[i].ask.lines[0].quantity;
    return pieces;
}

static void five_pieces_are_promised_once(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, EURO, 1000, PIECES, ORDER_SALE);
    struct racer *racers = racers_open(test);
    size_t accepted = 0;

    all_ask_for(test, racers, offer);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(racers[i].answer, YES);
        racers[i].member = test->bruno;
        racers[i].act = act_form(racers[i].ask.order, ORDER_DO_ACCEPT);
    }
    race(racers, acts);
    for (size_t i = 0; i < THREADS; i++)
        accepted += racers[i].answer == YES;
    assert_in_range(accepted, 3, PIECES);
    assert_int_equal(promised(test, racers), PIECES);
    assert_int_equal(claimed_of(test, offer), PIECES);
    for (size_t i = 0; i < THREADS; i++)
        assert_true(state_of(test, racers[i].ask.order) != ORDER_REQUESTED);
    racers_close(racers);
}

static void pieces_come_back_when_orders_fall(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, EURO, 1000, 2 * THREADS, ORDER_SALE);
    struct racer *racers = racers_open(test);

    all_ask_for(test, racers, offer);
    for (size_t i = 0; i < THREADS; i++) {
        racers[i].member = test->bruno;
        racers[i].act = act_form(racers[i].ask.order, ORDER_DO_ACCEPT);
    }
    race(racers, acts);
    assert_int_equal(claimed_of(test, offer), THREADS + THREADS / 2);
    for (size_t i = 0; i < THREADS; i++)
        racers[i].act.event = i % 4 == 0 ? ORDER_DO_DELIVER : ORDER_DO_CANCEL;
    race(racers, acts);
    assert_int_equal(claimed_of(test, offer), 0);
    racers_close(racers);
}

static void one_form_is_one_order(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, HOURS, 9, -1, ORDER_EXCHANGE);
    struct racer *racers = racers_open(test);

    for (size_t i = 0; i < THREADS; i++) {
        racers[i].member = test->daniel;
        racers[i].ask = (struct order_request_form){
            .lines = {{offer, 0, 1}}, .lines_n = 1, .seen_a = -1, .seen_b = -1, .uid = {{7}}};
    }
    race(racers, asks);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(racers[i].answer, YES);
        assert_int_equal(racers[i].ask.order, racers[0].ask.order);
        racers[i].member = test->bruno;
        racers[i].act = act_form(racers[0].ask.order, ORDER_DO_ACCEPT);
        racers[i].act.seen_events_n = 1;
    }
    race(racers, acts);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(racers[i].answer, YES);
    assert_int_equal(look(test, racers[0].ask.order).row.events_n, 2);
    racers_close(racers);
}

/* Ten hours below zero at most, whoever holds them first. */
static void a_purse_is_never_spent_twice(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, HOURS, 60, -1, ORDER_EXCHANGE);
    struct racer *racers = racers_open(test);
    size_t held = 0;

    all_ask_for(test, racers, offer);
    for (size_t i = 0; i < THREADS; i++) {
        held += racers[i].answer == YES ? (size_t)racers[i].ask.lines[0].quantity : 0;
        assert_true(racers[i].answer == YES || racers[i].answer == NO_FLOOR_WOULD_BE_PASSED);
    }
    assert_int_equal(held, 3 * 10);
    racers_close(racers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(five_pieces_are_promised_once),
        IN_WORLD(pieces_come_back_when_orders_fall),
        IN_WORLD(one_form_is_one_order),
        IN_WORLD(a_purse_is_never_spent_twice),
    };

    return cmocka_run_group_tests_name("order races", tests, NULL, NULL);
}
