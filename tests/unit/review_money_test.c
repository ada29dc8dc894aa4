/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a hostile reading of the money found: each test failed before its repair.
 */
#include "order_deeds.h"

#include "base/time.h"
#include "deeds/ledger_in.h"

/* The sums of months stand under their currency, year and month, not in some other order. */
static void months_are_found_by_their_currency(void **state)
{
    struct test_world test;
    struct sql_ledger_month *rows;
    size_t n;
    struct ctx ctx;
    int64_t order;

    (void)state;
    test_world_open(&test);
    test_found(&test);
    const int64_t offer = put_offer(&test, test.bruno, HOURS, 60, -1, ORDER_SERVICE);

    assert_int_equal(ask(&test, test.daniel, offer, 1, &order), YES);
    assert_int_equal(act(&test, test.bruno, order, ORDER_DO_ACCEPT), YES);
    assert_int_equal(act(&test, test.bruno, order, ORDER_DO_DELIVER), YES);
    assert_int_equal(act(&test, test.daniel, order, ORDER_DO_CONFIRM), YES);
    test_as(&test, &ctx, 0, 0);
    const struct civil now = time_civil(ctx.now_ns, &ctx_house(&ctx)->zone);

    assert_int_equal(sql_month_of_year(ctx.db, ctx.arena, HOURS, now.year, &rows, &n), YES);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rows[i].currency, HOURS);
        assert_int_equal(rows[i].year, now.year);
        assert_int_equal(rows[i].month, now.month);
    }
    test_done(&ctx);
    test_world_close(&test);
}

/* The last piece goes to one of many who asked; the others are declined in the same deed, in the
 * memory of one request. */
static void many_requests_do_not_stick_the_offer(void **state)
{
    enum { ASKERS = 60 };
    struct test_world test;
    struct arena small;
    struct ctx ctx;
    int64_t orders[ASKERS];

    (void)state;
    test_world_open(&test);
    test_found(&test);
    const int64_t offer = put_offer(&test, test.bruno, HOURS, 1, 1, ORDER_SALE);

    for (size_t i = 0; i < ASKERS; i++)
        assert_int_equal(ask(&test, test.daniel, offer, 1, &orders[i]), YES);
    assert_true(arena_init(&small, 1 << 20)); /* as the server gives one request */
    test_as(&test, &ctx, test.bruno, ROLE_MEMBER);
    ctx.arena = &small;
    struct order_act_form form = act_form(orders[0], ORDER_DO_ACCEPT);

    assert_int_equal(deed_order_act(&ctx, &form), YES);
    test_done(&ctx);
    arena_release(&small);
    assert_int_equal(look(&test, orders[ASKERS - 1]).row.state, ORDER_DECLINED);
    test_world_close(&test);
}

static no open_and_refuse(struct ctx *ctx, void *form)
{
    (void)form;
    TRY(ledger_batch_open(ctx));
    return NO_CONFLICT;
}

static no try_one(struct ctx *ctx, void *form)
{
    const no answer = deed_try(ctx, open_and_refuse, form);

    return answer == NO_CONFLICT ? YES : answer;
}

static no try_in_batch(struct ctx *ctx, void *form)
{
    TRY(ledger_batch_open(ctx));
    TRY(try_one(ctx, form));
    return ledger_batch_close(ctx);
}

/* A deed that refuses need not close what it opened: whoever tried it goes on. */
static void a_refused_batch_closes_itself(void **state)
{
    struct test_world test;
    struct ctx ctx;

    (void)state;
    test_world_open(&test);
    test_found(&test);
    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(deed_run(&ctx, try_one, NULL), YES);
    assert_int_equal(deed_run(&ctx, try_in_batch, NULL), YES);
    test_done(&ctx);
    test_world_close(&test);
}

static no spoil(struct ctx *ctx, void *seq)
{
    int64_t changed;

    return sql_hold_resolve(ctx->db, *(const int64_t *)seq, LEDGER_HOLD_VOIDED, 1, &changed);
}

/* A hold that the table calls released and the book does not would stick its order for ever. */
static void the_audit_reads_the_holds(void **state)
{
    struct audit_report report = {.say = NULL};
    struct test_world test;
    struct ctx ctx;
    int64_t order;

    (void)state;
    test_world_open(&test);
    test_found(&test);
    const int64_t offer = put_offer(&test, test.bruno, HOURS, 60, 3, ORDER_SERVICE);

    assert_int_equal(ask(&test, test.daniel, offer, 1, &order), YES);
    int64_t seq = look(&test, order).parts[0].hold_provider;

    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(view_audit(&ctx, &report), YES);
    assert_int_equal(report.findings_n, 0);
    assert_int_equal(deed_run(&ctx, spoil, &seq), YES);
    assert_int_equal(view_audit(&ctx, &report), YES);
    assert_int_equal(report.findings_n, 3); /* its state, its row, and how many are open */
    test_done(&ctx);
    test_world_close(&test);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_are_found_by_their_currency),
        cmocka_unit_test(many_requests_do_not_stick_the_offer),
        cmocka_unit_test(a_refused_batch_closes_itself),
        cmocka_unit_test(the_audit_reads_the_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
