/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A machine whose clock ran ahead and was put right (docs/decisions/0041): the book goes on, on the
 * right day, in the order of writing, and says how far it is ahead.
 */
#include "deeds/audit.h"
#include "store/sql_ledger.h"

#include "cm.h"
#include "world.h"

#include "base/time.h"

static const int64_t jump_ns = 400 * S_PER_DAY * NS_PER_S;

struct scene {
    struct test_world test;
    struct ctx ctx;
};

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    test_found(&scene->test);
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;

    test_world_close(&scene->test);
    free(scene);
    return 0;
}

struct sent {
    int64_t now_ns; /* the deed's */
    struct ledger_entry entry;
};

/* One minute from Amina to Bruno. */
static no send_now(struct ctx *ctx, void *given)
{
    const struct house_unit *hours = house_unit_of_kind(ctx_house(ctx), UNIT_TIME);
    struct sent *sent = given;
    struct ledger_done done;
    int64_t from, to;

    TRY(ledger_purse_of(ctx, 1, hours->unit.id, &from));
    TRY(ledger_purse_of(ctx, 2, hours->unit.id, &to));
    const struct ledger_leg leg = {
        .debit = from, .credit = to, .currency = hours->unit.id, .amount = 1, .code = CODE_SEND};
    const struct ledger_ask ask = {.journal = JOURNAL_TIME,
                                   .cause = CAUSE_SEND,
                                   .label = S("hours"),
                                   .piece_ref = S("T"),
                                   .legs = &leg,
                                   .legs_n = 1};

    TRY(ledger_post(ctx, &ask, &done));
    sent->now_ns = ctx->now_ns;
    return sql_entry_get(ctx->db, ctx->arena, done.entry, &sent->entry);
}

static struct sent send_minute(struct scene *scene)
{
    struct sent sent;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_run(&ctx, send_now, &sent), YES);
    test_done(&ctx);
    return sent;
}

static struct audit_report audit(struct scene *scene)
{
    struct audit_report report = {0};
    int64_t ahead_ns;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_audit(&ctx, &report), YES);
    assert_int_equal(report.findings_n, 0);
    assert_int_equal(view_clock_ahead(&ctx, &ahead_ns), YES);
    assert_true(ahead_ns == report.clock.ahead_ns);
    test_done(&ctx);
    return report;
}

static int32_t day_of(struct scene *scene, int64_t ns)
{
    return house_day(scene->test.world->house(scene->test.world->self), ns);
}

static void the_book_goes_on_after_a_clock_that_ran_ahead(void **state)
{
    struct scene *scene = *state;
    const struct sent before = send_minute(scene);

    assert_int_equal(audit(scene).clock.entries_n, 0);
    world_shift_clock(scene->test.real, jump_ns);
    const struct sent ahead = send_minute(scene);

    assert_true(ahead.entry.book_date - before.entry.book_date >= 399);
    world_shift_clock(scene->test.real, -jump_ns);
    /* at once in the same program, and after a start */
    struct sent last = ahead;

    for (int64_t i = 1; i <= 2; i++) {
        const struct sent now = send_minute(scene);

        assert_true(now.now_ns < ahead.now_ns - jump_ns / 2);
        assert_int_equal(now.entry.id, last.entry.id + 1);
        assert_true(now.entry.booked_ns == last.entry.booked_ns + 1);
        assert_int_equal(now.entry.book_date, day_of(scene, now.now_ns));
        assert_int_equal(now.entry.year, before.entry.year);
        assert_int_equal(now.entry.num, before.entry.num + i);
        last = now;
        test_world_reopen(&scene->test);
    }
    const struct audit_clock clock = audit(scene).clock;

    assert_int_equal(clock.since_entry, ahead.entry.id);
    assert_true(clock.since_ns == ahead.entry.booked_ns);
    assert_int_equal(clock.entries_n, 3);
    assert_true(clock.ahead_ns > jump_ns - 600 * NS_PER_S && clock.ahead_ns <= jump_ns);
    /* and when time has caught up, it is its own again */
    world_shift_clock(scene->test.real, jump_ns + 60 * NS_PER_S);
    const struct sent after = send_minute(scene);

    assert_true(after.entry.booked_ns == after.now_ns);
    assert_int_equal(audit(scene).clock.entries_n, 0);
}

static void a_small_correction_is_smoothed(void **state)
{
    struct scene *scene = *state;
    const struct sent first = send_minute(scene);

    world_shift_clock(scene->test.real, -NS_PER_S / 2);
    const struct sent second = send_minute(scene);

    assert_true(second.now_ns > first.now_ns);
    assert_true(second.entry.booked_ns > first.entry.booked_ns);
    assert_int_equal(audit(scene).clock.entries_n, 0);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(the_book_goes_on_after_a_clock_that_ran_ahead),
        IN_SCENE(a_small_correction_is_smoothed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
