/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Many entries of one deed: the same book as one by one, whatever is refused, undone or corrected
 * in between, and sums of months that a fresh count agrees with.
 */
#include "deeds/audit.h"
#include "store/sql_ledger.h"

#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { OWNERS = 1500, ENTRIES = 3000 };

static no post(struct ctx *ctx, int64_t from, int64_t to, int64_t amount, uint32_t code,
               struct ledger_done *done)
{
    struct ledger_leg leg = {.amount = amount, .currency = 1, .code = code};

    TRY(ledger_account_of(ctx, from, CHART_DIRECT, 1, &leg.debit));
    TRY(ledger_account_of(ctx, to, CHART_DIRECT, 1, &leg.credit));
    return ledger_post(
        ctx,
        &(struct ledger_ask){
            .journal = JOURNAL_DIRECT, .cause = CAUSE_BENCH, .legs = &leg, .legs_n = 1},
        done);
}

static no post_many(struct ctx *ctx, void *unused)
{
    (void)unused;
    TRY(ledger_batch_open(ctx));
    for (int64_t i = 0; i < ENTRIES; i++) {
        const size_t mark = arena_mark(ctx->arena);
        struct ledger_done done;

        TRY(post(ctx, i % OWNERS + 1, (i * 7 + 1) % OWNERS + 2, i + 1, CODE_DIRECT, &done));
        if (i % 100 == 99)
            TRY(ledger_reverse(ctx, done.entry, S("wrong"), &done));
        arena_rewind(ctx->arena, mark);
    }
    return ledger_batch_close(ctx);
}

static no post_two_and_refuse(struct ctx *ctx, void *unused)
{
    struct ledger_done done;

    (void)unused;
    TRY(post(ctx, 1, 2, 100, CODE_DIRECT, &done));
    TRY(post(ctx, 2, 3, 100, CODE_DIRECT, &done));
    return NO_CONFLICT;
}

static no post_around_a_refusal(struct ctx *ctx, void *unused)
{
    struct ledger_done done;

    TRY(ledger_batch_open(ctx));
    TRY(ledger_batch_open(ctx)); /* pairs may nest */
    TRY(post(ctx, 1, 2, 5, CODE_DIRECT, &done));
    assert_int_equal(deed_try(ctx, post_two_and_refuse, unused), NO_CONFLICT);
    TRY(post(ctx, 2, 1, 7, CODE_REFUND, &done));
    TRY(ledger_batch_close(ctx));
    return ledger_batch_close(ctx);
}

static no post_and_leave_open(struct ctx *ctx, void *unused)
{
    struct ledger_done done;

    (void)unused;
    TRY(ledger_batch_open(ctx));
    TRY(post(ctx, 1, 2, 5, CODE_DIRECT, &done));
    return NO_CONFLICT;
}

static no post_the_same_twice(struct ctx *ctx, void *unused)
{
    struct ledger_leg leg = {.amount = 5, .currency = 1, .code = CODE_DIRECT};
    struct ledger_ask ask = {.uid = {{1, 2, 3}},
                             .journal = JOURNAL_DIRECT,
                             .cause = CAUSE_BENCH,
                             .legs = &leg,
                             .legs_n = 1};
    struct ledger_done first, again;

    (void)unused;
    TRY(ledger_account_of(ctx, 1, CHART_DIRECT, 1, &leg.debit));
    TRY(ledger_account_of(ctx, 2, CHART_DIRECT, 1, &leg.credit));
    TRY(ledger_batch_open(ctx));
    TRY(ledger_post(ctx, &ask, &first));
    TRY(ledger_post(ctx, &ask, &again));
    assert_true(again.again && again.entry == first.entry);
    leg.amount = 6;
    assert_int_equal(ledger_post(ctx, &ask, &again), NO_ALREADY_DONE_DIFFERENTLY);
    return ledger_batch_close(ctx);
}

static no rebuild(struct ctx *ctx, void *unused)
{
    (void)unused;
    return ledger_months_rebuild(ctx);
}

static no run(struct test_world *test, no (*deed)(struct ctx *, void *))
{
    struct ctx ctx;

    arena_reset(&test->arena);
    test_as(test, &ctx, 0, 0);
    ctx.actor.console = true;
    const no answer = deed_run(&ctx, deed, NULL);

    test_done(&ctx);
    return answer;
}

static int64_t month_sum(struct test_world *test, int64_t code, int64_t *n)
{
    struct sql_ledger_month *rows;
    struct ctx ctx;
    size_t rows_n;
    int64_t sum = 0;

    *n = 0;
    test_as(test, &ctx, 0, 0);
    assert_int_equal(sql_month_list(ctx.db, ctx.arena, &rows, &rows_n), YES);
    test_done(&ctx);
    for (size_t i = 0; i < rows_n; i++)
        if (rows[i].code == code) {
            assert_int_equal(rows[i].currency, 1);
            assert_in_range(rows[i].month, 1, 12);
            sum += rows[i].amount;
            *n += rows[i].n;
        }
    return sum;
}

static void many_entries_are_one_book(void **state)
{
    struct test_world *test = *state;
    int64_t expected = 0, n, again_n;

    assert_int_equal(run(test, post_many), YES);
    for (int64_t i = 0; i < ENTRIES; i++)
        expected += i % 100 == 99 ? 0 : i + 1;
    assert_int_equal(month_sum(test, CODE_DIRECT, &n), expected);
    assert_int_equal(run(test, rebuild), YES);
    assert_int_equal(month_sum(test, CODE_DIRECT, &again_n), expected);
    assert_int_equal(again_n, n);
}

static void a_refusal_inside_undoes_only_itself(void **state)
{
    struct test_world *test = *state;
    int64_t n;

    assert_int_equal(run(test, post_around_a_refusal), YES);
    assert_int_equal(month_sum(test, CODE_DIRECT, &n), 5);
    assert_int_equal(n, 1);
    assert_int_equal(month_sum(test, CODE_REFUND, &n), 7);
}

static void a_refused_deed_may_leave_its_batch_open(void **state)
{
    struct test_world *test = *state;
    int64_t n;

    assert_int_equal(run(test, post_and_leave_open), NO_CONFLICT);
    assert_int_equal(month_sum(test, CODE_DIRECT, &n), 0);
    assert_int_equal(run(test, post_around_a_refusal), YES);
}

static void twice_is_once_in_a_batch(void **state)
{
    struct test_world *test = *state;
    int64_t n;

    assert_int_equal(run(test, post_the_same_twice), YES);
    assert_int_equal(month_sum(test, CODE_DIRECT, &n), 5);
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
        cmocka_unit_test_setup_teardown(many_entries_are_one_book, open_world, close_world),
        cmocka_unit_test_setup_teardown(a_refusal_inside_undoes_only_itself, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(a_refused_deed_may_leave_its_batch_open, open_world,
                                        close_world),
        cmocka_unit_test_setup_teardown(twice_is_once_in_a_batch, open_world, close_world),
    };

    return cmocka_run_group_tests_name("ledger_batch", tests, NULL, NULL);
}
