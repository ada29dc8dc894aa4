/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The demonstration could have happened: its audit is clean, every state is there, nobody and
 * nothing is named twice, and the same seed tells the same story.
 */
#include "cm.h"

#include "deeds/audit.h"
#include "deeds/demo.h"
#include "doors/cli/demo.h"
#include "store/sql_test_demo.h"

#include "world.h"

static struct test_world test;
static const struct demo_size usual = {0};

static int make_demo(void **state)
{
    struct ctx ctx;

    (void)state;
    test_world_open(&test);
    world_ctx(test.real, &test.arena, &ctx);
    ctx.lang = LANG_FR;
    ctx.db = ctx.world->reader_take(ctx.world->self);
    const no answer = demo_make(&ctx, &usual, false);

    test_done(&ctx);
    return answer == YES ? 0 : -1;
}

static int end_demo(void **state)
{
    (void)state;
    test_world_close(&test);
    return 0;
}

static int64_t count_of(no (*statement)(struct db *, int64_t *))
{
    struct ctx ctx;
    int64_t n = -1;

    test_as(&test, &ctx, 0, 0);
    assert_int_equal(statement(ctx.db, &n), YES);
    test_done(&ctx);
    return n;
}

static void complain(void *self, const struct audit_finding *finding)
{
    (void)self;
    print_error("%s order %lld account %lld\n", finding->what, (long long)finding->order,
                (long long)finding->account);
}

static void assert_audit(int64_t orders_at_least)
{
    struct audit_report report = {.say = complain};
    struct ctx ctx;

    test_as(&test, &ctx, 0, 0);
    assert_int_equal(view_audit(&ctx, &report), YES);
    test_done(&ctx);
    assert_int_equal(report.findings_n, 0);
    assert_true(report.orders_n >= orders_at_least);
}

static void audit_is_clean(void **state)
{
    (void)state;
    assert_audit(400);
}

static void people_and_offers_are_as_promised(void **state)
{
    (void)state;
    assert_int_equal(count_of(sql_test_demo_members), 40);
    assert_true(count_of(sql_test_demo_offers) >= 120);
    assert_int_equal(count_of(sql_test_demo_names_twice), 0);
    assert_int_equal(count_of(sql_test_demo_titles_twice), 0);
    assert_true(count_of(sql_test_demo_trades) >= 30);
    assert_true(count_of(sql_test_demo_spots) >= 60);
}

static void every_state_is_there(void **state)
{
    (void)state;
    for (int64_t at = ORDER_REQUESTED; at < ORDER_STATES; at++) {
        int64_t n = 0;
        struct ctx ctx;

        test_as(&test, &ctx, 0, 0);
        assert_int_equal(sql_test_demo_in_state(ctx.db, at, &n), YES);
        test_done(&ctx);
        if (n == 0)
            print_error("nothing is %s\n", order_state_name((enum order_state)at));
        assert_true(n > 0);
    }
    for (int64_t currency = 1; currency <= 3; currency++) {
        int64_t n = 0;
        struct ctx ctx;

        test_as(&test, &ctx, 0, 0);
        assert_int_equal(sql_test_demo_in_currency(ctx.db, currency, &n), YES);
        test_done(&ctx);
        assert_true(n > 20);
    }
}

static void people_to_sign_in_as_have_lived(void **state)
{
    static const struct {
        const char *handle;
        uint32_t role;
    } people[] = {{"nadia", ROLE_MEMBER},       {"ines", ROLE_CLIENT},
                  {"salome", ROLE_FACILITATOR}, {"karim", ROLE_ACCOUNTANT},
                  {"calvet", ROLE_AUDITOR},     {"odile", ROLE_MEDIATOR}};
    struct sql_member member;
    struct ctx ctx;

    (void)state;
    test_as(&test, &ctx, 0, 0);
    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        assert_int_equal(sql_member_by_handle(ctx.db, ctx.arena, str_of(people[i].handle), &member),
                         YES);
        assert_int_equal(member.status, 2);
        assert_true((member.roles & people[i].role) != 0);
    }
    test_done(&ctx);
    assert_true(count_of(sql_test_demo_running_of_nadia) >= 5);
    assert_true(count_of(sql_test_demo_disputes_with_mediator) >= 2);
    assert_true(count_of(sql_test_demo_reviews) >= 300);
    assert_true(count_of(sql_test_demo_messages) >= 100);
    assert_int_equal(count_of(sql_test_demo_letters_waiting), 0);
    assert_int_equal(count_of(sql_test_demo_imported), 9);
    assert_int_equal(count_of(sql_test_demo_asking), 2);
}

static void nothing_happened_tomorrow(void **state)
{
    struct ctx ctx;
    int64_t late = -1;

    (void)state;
    test_as(&test, &ctx, 0, 0);
    assert_int_equal(sql_test_demo_after(ctx.db, ctx.now_ns, &late), YES);
    test_done(&ctx);
    assert_int_equal(late, 0);
}

/* --- large data --- */

static void large_data_is_as_sound(void **state)
{
    const struct demo_size size = {.members = 300, .offers = 1500, .orders = 400};
    struct demo_mass mass = {.seed = 1};
    struct demo_batch batch = {.mass = &mass, .n = 100};
    struct ctx ctx;

    (void)state;
    test_world_close(&test);
    test_world_open(&test);
    world_ctx(test.real, &test.arena, &ctx);
    ctx.db = ctx.world->reader_take(ctx.world->self);
    assert_int_equal(demo_make(&ctx, &size, false), YES);
    assert_int_equal(deed_demo_offers(&ctx, &batch), NO_NOT_FOUND);
    ctx.actor = (struct actor){.member = 1, .roles = ROLE_MEMBER | ROLE_FACILITATOR};
    assert_int_equal(deed_demo_members(&ctx, &batch), NO_NOT_ALLOWED);
    assert_int_equal(deed_demo_quiet(&ctx), NO_NOT_ALLOWED);
    test_done(&ctx);
    assert_int_equal(count_of(sql_test_demo_members), 340);
    assert_audit(800);
}

static void a_real_co_op_is_not_a_demonstration(void **state)
{
    struct demo_mass mass = {.seed = 1};
    struct demo_batch batch = {.mass = &mass, .n = 100};
    struct ctx ctx;

    (void)state;
    test_world_close(&test);
    test_world_open(&test);
    test_found(&test);
    world_ctx(test.real, &test.arena, &ctx);
    ctx.db = ctx.world->reader_take(ctx.world->self);
    assert_int_equal(deed_demo_members(&ctx, &batch), NO_NOT_ALLOWED);
    assert_int_equal(deed_demo_quiet(&ctx), NO_NOT_ALLOWED);
    assert_int_equal(demo_make(&ctx, &usual, false), NO_ALREADY_FOUNDED);
    test_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(audit_is_clean),
        cmocka_unit_test(people_and_offers_are_as_promised),
        cmocka_unit_test(every_state_is_there),
        cmocka_unit_test(people_to_sign_in_as_have_lived),
        cmocka_unit_test(nothing_happened_tomorrow),
        cmocka_unit_test(large_data_is_as_sound),
        cmocka_unit_test(a_real_co_op_is_not_a_demonstration),
    };

    return cmocka_run_group_tests(tests, make_demo, end_demo);
}
