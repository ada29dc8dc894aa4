/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Statements: both parties' and the co-op's agree to the cent, every page of a long history says
 * the same balances as a fold from the first line, holds stand apart, nobody reads another's.
 */
#include "deeds/audit.h"
#include "deeds/statement.h"
#include "store/sql_ledger.h"

#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { EUR = 1, HOUR = 2, MANY = 1000 };

struct move {
    int64_t from, to, amount;
    int32_t number;
    int64_t currency;
    uint32_t code;
    enum ledger_kind kind;
    int64_t hold;
    struct ledger_done done;
};

static no post_move(struct ctx *ctx, void *move_)
{
    struct move *move = move_;
    struct ledger_leg leg = {.kind = move->kind,
                             .amount = move->amount,
                             .currency = (int32_t)move->currency,
                             .code = move->code,
                             .hold = move->hold};

    TRY(ledger_account_of(ctx, move->from, move->number, move->currency, &leg.debit));
    TRY(ledger_account_of(ctx, move->to, move->number, move->currency, &leg.credit));
    return ledger_post(
        ctx,
        &(struct ledger_ask){
            .journal = JOURNAL_TIME, .cause = CAUSE_BENCH, .legs = &leg, .legs_n = 1},
        &move->done);
}

static no do_deed(struct test_world *test, no (*deed)(struct ctx *, void *), void *form)
{
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    ctx.actor.console = true;
    const no answer = deed_run(&ctx, deed, form);

    test_done(&ctx);
    return answer;
}

static void hours(struct test_world *test, int64_t from, int64_t to, int64_t minutes)
{
    struct move move = {.from = from,
                        .to = to,
                        .amount = minutes,
                        .number = CHART_TIME,
                        .currency = HOUR,
                        .code = CODE_SEND};

    assert_int_equal(do_deed(test, post_move, &move), YES);
}

static no read_as(struct test_world *test, int64_t member, uint32_t roles,
                  const struct statement_ask *ask, struct statement *out)
{
    struct ctx ctx;

    test_as(test, &ctx, member, roles);
    const no answer = view_statement(&ctx, ask, out);

    test_done(&ctx);
    return answer;
}

static struct statement_ask ask_of(int64_t owner, int32_t number, int64_t currency)
{
    return (struct statement_ask){
        .owner = owner, .number = number, .currency = currency, .count = 50};
}

/* --- nothing yet -------------------------------------------------------------------------------
 */

static void nothing_was_booked_yet(void **state)
{
    struct test_world *test = *state;
    const struct statement_ask ask = ask_of(test->amina, CHART_TIME, HOUR);
    struct statement out;

    assert_int_equal(read_as(test, test->amina, ROLE_MEMBER, &ask, &out), YES);
    assert_false(out.exists);
    assert_int_equal(out.lines_n, 0);
}

static void nobody_reads_another_s(void **state)
{
    struct test_world *test = *state;
    const struct statement_ask ask = ask_of(test->amina, CHART_TIME, HOUR);
    struct statement out;

    hours(test, test->amina, test->bruno, 60);
    assert_int_equal(read_as(test, test->bruno, ROLE_MEMBER, &ask, &out), NO_NOT_ALLOWED);
    assert_int_equal(read_as(test, 0, 0, &ask, &out), NO_NOT_ALLOWED);
    assert_int_equal(read_as(test, test->bruno, ROLE_FACILITATOR, &ask, &out), NO_NOT_ALLOWED);
    assert_int_equal(read_as(test, test->bruno, ROLE_ACCOUNTANT, &ask, &out), YES);
    assert_int_equal(read_as(test, test->bruno, ROLE_AUDITOR, &ask, &out), YES);
}

/* --- both sides --------------------------------------------------------------------------------
 */

static void both_parties_agree(void **state)
{
    struct test_world *test = *state;
    struct statement_ask mine = ask_of(test->amina, CHART_TIME, HOUR);
    struct statement_ask theirs = ask_of(test->bruno, CHART_TIME, HOUR);
    struct statement a, b;

    hours(test, test->amina, test->bruno, 90);
    hours(test, test->bruno, test->amina, 30);
    assert_int_equal(read_as(test, test->amina, ROLE_MEMBER, &mine, &a), YES);
    assert_int_equal(read_as(test, test->bruno, ROLE_MEMBER, &theirs, &b), YES);
    assert_int_equal(a.lines_n, 2);
    assert_int_equal(b.lines_n, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(a.lines[i].amount, -b.lines[i].amount);
        assert_int_equal(a.lines[i].balance, -b.lines[i].balance);
        assert_int_equal(a.lines[i].seq, b.lines[i].seq);
    }
    assert_int_equal(a.lines[0].amount, 30);
    assert_int_equal(a.lines[0].balance, -60);
    assert_int_equal(a.lines[0].other, test->bruno);
    assert_true(str_eq(a.lines[0].other_name, S("Bruno L.")));
    assert_int_equal(ledger_balance(&a.account), a.lines[0].balance);
}

/* What members owe the co-op is, to the cent, what it has earned. */
static void the_co_op_agrees_with_its_members(void **state)
{
    struct test_world *test = *state;
    const int64_t members[] = {test->amina, test->bruno, test->chloe};
    int64_t owed = 0, sum = 0;
    struct statement out;

    for (int64_t i = 0; i < 30; i++) {
        const int64_t member = members[i % 3];
        struct move move = {.from = member,
                            .to = 0,
                            .amount = 7 * i + 1,
                            .number = CHART_MEMBER_OWES,
                            .currency = EUR,
                            .code = CODE_FEE_RUNNING};

        owed += move.amount;
        assert_int_equal(do_deed(test, post_move, &move), YES);
    }
    for (size_t i = 0; i < 3; i++) {
        const struct statement_ask ask = ask_of(members[i], CHART_MEMBER_OWES, EUR);

        assert_int_equal(read_as(test, members[i], ROLE_MEMBER, &ask, &out), YES);
        assert_int_equal(out.lines_n, 10);
        assert_true(out.lines[0].amount > 0); /* an asset: more is more owed */
        assert_int_equal(out.lines[0].other, 0);
        sum += out.lines[0].balance;
    }
    assert_int_equal(sum, owed);
    const struct statement_ask coop = ask_of(0, CHART_MEMBER_OWES, EUR);

    assert_int_equal(read_as(test, 0, 0, &coop, &out), YES);
    assert_int_equal(out.lines[0].balance, -owed);
}

/* --- a long history ----------------------------------------------------------------------------
 */

static no post_many(struct ctx *ctx, void *test_)
{
    struct test_world *test = test_;

    TRY(ledger_batch_open(ctx));
    for (int64_t i = 0; i < MANY; i++) {
        struct move move = {.from = i % 3 == 0 ? test->bruno : test->amina,
                            .to = i % 3 == 0 ? test->amina : test->bruno,
                            .amount = i % 5 + 1,
                            .number = CHART_DIRECT,
                            .currency = EUR,
                            .code = CODE_DIRECT};

        TRY(post_move(ctx, &move));
    }
    return ledger_batch_close(ctx);
}

/* Every page, of several lengths: its balances are those of a fold from the first line. */
static void check_pages(struct test_world *test, size_t count)
{
    int64_t balance[MANY + 1] = {0}, seen = 0;
    struct statement_ask ask = ask_of(test->amina, CHART_DIRECT, EUR);
    struct statement out;

    for (int64_t i = 0; i < MANY; i++)
        balance[i + 1] = balance[i] + (i % 3 == 0 ? i % 5 + 1 : -(i % 5 + 1));
    ask.count = count;
    for (int64_t upto = MANY; upto > 0; upto -= (int64_t)count) {
        const size_t mark = arena_mark(&test->arena);

        ask.upto = upto;
        assert_int_equal(read_as(test, test->amina, ROLE_MEMBER, &ask, &out), YES);
        for (size_t i = 0; i < out.lines_n; i++) {
            assert_int_equal(out.lines[i].position, upto - (int64_t)i);
            assert_int_equal(out.lines[i].balance, balance[out.lines[i].position]);
            seen++;
        }
        arena_rewind(&test->arena, mark);
    }
    assert_int_equal(seen, MANY);
}

static no rebuild(struct ctx *ctx, void *unused)
{
    (void)unused;
    return ledger_marks_rebuild(ctx);
}

static void old_pages_know_their_balances(void **state)
{
    struct test_world *test = *state;

    assert_int_equal(do_deed(test, post_many, test), YES);
    check_pages(test, 50);
    check_pages(test, 1);
    check_pages(test, MANY);
    assert_int_equal(do_deed(test, rebuild, NULL), YES);
    check_pages(test, 37);
}

/* --- holds -------------------------------------------------------------------------------------
 */

static void holds_stand_apart(void **state)
{
    struct test_world *test = *state;
    struct statement_ask mine = ask_of(test->amina, CHART_TIME, HOUR);
    struct statement_ask theirs = ask_of(test->bruno, CHART_TIME, HOUR);
    struct move move = {.from = test->amina,
                        .to = test->bruno,
                        .amount = 120,
                        .number = CHART_TIME,
                        .currency = HOUR,
                        .code = CODE_PRICE,
                        .kind = LEDGER_LEG_HOLD};
    struct statement out;

    assert_int_equal(do_deed(test, post_move, &move), YES);
    assert_int_equal(read_as(test, test->amina, ROLE_MEMBER, &mine, &out), YES);
    assert_int_equal(out.lines_n, 0);
    assert_int_equal(out.holds_n, 1);
    assert_int_equal(out.holds[0].amount, -120);
    assert_int_equal(out.holds[0].other, test->bruno);
    assert_int_equal(ledger_available(&out.account), 480);
    assert_int_equal(read_as(test, test->bruno, ROLE_MEMBER, &theirs, &out), YES);
    assert_int_equal(out.holds[0].amount, 120);

    move.kind = LEDGER_LEG_POST;
    move.hold = move.done.first_seq;
    move.amount = 100;
    assert_int_equal(do_deed(test, post_move, &move), YES);
    assert_int_equal(read_as(test, test->amina, ROLE_MEMBER, &mine, &out), YES);
    assert_int_equal(out.holds_n, 0);
    assert_int_equal(out.lines_n, 1);
    assert_int_equal(out.lines[0].amount, -100);
    assert_int_equal(out.lines[0].balance, -100);
}

struct undo {
    int64_t entry;
};

static no reverse(struct ctx *ctx, void *undo_)
{
    const struct undo *undo = undo_;
    struct ledger_done done;

    return ledger_reverse(ctx, undo->entry, S("entered twice"), &done);
}

static void a_correction_says_why(void **state)
{
    struct test_world *test = *state;
    const struct statement_ask ask = ask_of(test->amina, CHART_TIME, HOUR);
    struct undo undo = {.entry = 1};
    struct statement out;

    hours(test, test->amina, test->bruno, 90);
    assert_int_equal(do_deed(test, reverse, &undo), YES);
    assert_int_equal(do_deed(test, reverse, &undo), NO_ALREADY_REVERSED);
    assert_int_equal(read_as(test, test->amina, ROLE_MEMBER, &ask, &out), YES);
    assert_int_equal(out.lines_n, 2);
    assert_true(out.lines[0].correction);
    assert_true(str_eq(out.lines[0].note, S("entered twice")));
    assert_int_equal(out.lines[0].balance, 0);
}

static void references_are_those_of_the_journals(void **state)
{
    struct test_world *test = *state;

    assert_true(str_eq(statement_reference(&test->arena, JOURNAL_TIME, 2026, 12), S("HE 2026-12")));
    assert_string_equal(ledger_journal_code(0), "??");
    assert_string_equal(ledger_journal_code(8), "??");
}

/* --- every test in a world of its own, which the audit must find clean -------------------------
 */

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
    (void)fprintf(stderr, "%s account %lld\n", finding->what, (long long)finding->account);
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

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_was_booked_yet),
        TEST(nobody_reads_another_s),
        TEST(both_parties_agree),
        TEST(the_co_op_agrees_with_its_members),
        TEST(old_pages_know_their_balances),
        TEST(holds_stand_apart),
        TEST(a_correction_says_why),
        TEST(references_are_those_of_the_journals),
    };

    return cmocka_run_group_tests_name("statement", tests, NULL, NULL);
}
