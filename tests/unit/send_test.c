/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Sending hours and credits: to whom, how much, why; limits at the minute and at the cent; once.
 */
#include "deeds/audit.h"
#include "deeds/send.h"
#include "deeds/statement.h"

#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct send_form form_of(uint8_t key, const char *to, const char *unit, const char *amount)
{
    struct send_form form = {
        .to = str_of(to), .unit = str_of(unit), .amount = str_of(amount), .why = S("")};

    form.uid.bytes[0] = key;
    return form;
}

static no send(struct test_world *test, int64_t member, struct send_form *form, struct ctx *out)
{
    test_as(test, out, member, ROLE_MEMBER);
    const no answer = deed_send(out, form);

    test_done(out);
    return answer;
}

/* The one field that is wrong, and why; YES when it was sent. */
static no wrong(struct test_world *test, const char *to, const char *unit, const char *amount,
                const char *field)
{
    struct send_form form = form_of(99, to, unit, amount);
    struct ctx ctx;
    const no answer = send(test, test->daniel, &form, &ctx);

    if (answer != NO_BAD_FIELDS)
        return answer;
    for (size_t i = 0; i < ctx.wrongs_n; i++)
        if (strcmp(ctx.wrongs[i].field, field) == 0)
            return ctx.wrongs[i].why;
    return NO_BAD_FIELDS;
}

static int64_t balance(struct test_world *test, int64_t member, int32_t number, int64_t currency)
{
    const struct statement_ask ask = {
        .owner = member, .number = number, .currency = currency, .count = 10};
    struct statement out;
    struct ctx ctx;

    test_as(test, &ctx, member, ROLE_MEMBER);
    assert_int_equal(view_statement(&ctx, &ask, &out), YES);
    test_done(&ctx);
    return out.exists ? ledger_balance(&out.account) : 0;
}

static void sends_hours_with_a_note(void **state)
{
    struct test_world *test = *state;
    struct send_form form = form_of(1, "@bruno-l", "HOUR", "1 h 30");
    const struct statement_ask ask = {
        .owner = test->bruno, .number = CHART_TIME, .currency = 2, .count = 10};
    struct statement out;
    struct ctx ctx;

    form.why = S("Repairing my bike");
    assert_int_equal(send(test, test->daniel, &form, &ctx), YES);
    assert_int_equal(balance(test, test->daniel, CHART_TIME, 2), -90);
    test_as(test, &ctx, test->bruno, ROLE_MEMBER);
    assert_int_equal(view_statement(&ctx, &ask, &out), YES);
    test_done(&ctx);
    assert_int_equal(out.lines[0].amount, 90);
    assert_int_equal(out.lines[0].other, test->daniel);
    assert_true(str_eq(out.lines[0].note, S("Repairing my bike")));
}

static void twice_is_once(void **state)
{
    struct test_world *test = *state;
    struct send_form form = form_of(1, "bruno-l", "FIL", "12.50");
    struct ctx ctx;

    assert_int_equal(send(test, test->daniel, &form, &ctx), YES);
    const int64_t entry = form.entry;

    form.entry = 0;
    assert_int_equal(send(test, test->daniel, &form, &ctx), YES);
    assert_int_equal(form.entry, entry);
    assert_int_equal(balance(test, test->daniel, CHART_CREDIT, 3), -1250);
    form.amount = S("12.51");
    assert_int_equal(send(test, test->daniel, &form, &ctx), NO_ALREADY_DONE_DIFFERENTLY);
    assert_int_equal(balance(test, test->bruno, CHART_CREDIT, 3), 1250);
}

static void the_floor_holds_at_the_cent(void **state)
{
    struct test_world *test = *state;
    struct send_form form = form_of(1, "bruno-l", "FIL", "200.01");
    struct ctx ctx;

    assert_int_equal(wrong(test, "bruno-l", "FIL", "200.01", "amount"), NO_FLOOR_WOULD_BE_PASSED);
    form.amount = S("200.00");
    assert_int_equal(send(test, test->daniel, &form, &ctx), YES);
    assert_int_equal(wrong(test, "bruno-l", "FIL", "0.01", "amount"), NO_FLOOR_WOULD_BE_PASSED);
    assert_int_equal(wrong(test, "bruno-l", "HOUR", "10:01", "amount"), NO_FLOOR_WOULD_BE_PASSED);
    assert_int_equal(balance(test, test->daniel, CHART_CREDIT, 3), -20000);
}

/* Bruno may hold 100 h; ten members at their floor bring him there, not a minute more. */
static void the_ceiling_holds_at_the_minute(void **state)
{
    struct test_world *test = *state;
    struct ctx ctx;

    for (uint8_t i = 0; i < 10; i++) {
        struct send_form form = form_of((uint8_t)(10 + i), "bruno-l", "HOUR", "10 h");
        const int64_t member = i == 9 ? test->daniel : 1000 + i;

        assert_int_equal(send(test, member, &form, &ctx), YES);
    }
    assert_int_equal(balance(test, test->bruno, CHART_TIME, 2), 6000);
    struct send_form one = form_of(30, "bruno-l", "HOUR", "0:01");

    assert_int_equal(send(test, 2000, &one, &ctx), NO_BAD_FIELDS);
    assert_int_equal(ctx.wrongs[0].why, NO_CEILING_WOULD_BE_PASSED);
}

static void every_field_may_be_wrong(void **state)
{
    static const struct {
        const char *to, *unit, *amount, *field;
        no why;
    } rows[] = {
        {"", "HOUR", "1", "to", NO_FIELD_MISSING},
        {"  ", "HOUR", "1", "to", NO_FIELD_MISSING},
        {"nobody-at-all", "HOUR", "1", "to", NO_FIELD_UNKNOWN_MEMBER},
        {"@", "HOUR", "1", "to", NO_FIELD_UNKNOWN_MEMBER},
        {"daniel-n", "HOUR", "1", "to", NO_ACCOUNTS_SAME},
        {"\xff\xfe", "HOUR", "1", "to", NO_FIELD_NOT_UTF8},
        {"bru\x01no", "HOUR", "1", "to", NO_FIELD_CONTROL_CHARS},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
         "HOUR", "1", "to", NO_FIELD_TOO_LONG},
        {"bruno-l", "", "1", "unit", NO_FIELD_NOT_A_CHOICE},
        {"bruno-l", "EUR", "1", "unit", NO_FIELD_NOT_A_CHOICE},
        {"bruno-l", "XXX", "1", "unit", NO_FIELD_NOT_A_CHOICE},
        {"bruno-l", "HOUR", "", "amount", NO_FIELD_MISSING},
        {"bruno-l", "HOUR", "x", "amount", NO_FIELD_NOT_AN_AMOUNT},
        {"bruno-l", "HOUR", "\xff", "amount", NO_FIELD_NOT_UTF8},
        {"bruno-l", "FIL", "1.234", "amount", NO_FIELD_NOT_AN_AMOUNT},
        {"bruno-l", "HOUR", "0", "amount", NO_AMOUNT_NOT_POSITIVE},
        {"bruno-l", "HOUR", "-1", "amount", NO_AMOUNT_NOT_POSITIVE},
        {"bruno-l", "FIL", "90071992547409.92", "amount", NO_AMOUNT_TOO_LARGE},
    };
    struct test_world *test = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(wrong(test, rows[i].to, rows[i].unit, rows[i].amount, rows[i].field),
                         rows[i].why);
    assert_int_equal(balance(test, test->daniel, CHART_TIME, 2), 0);
}

static void a_reason_has_its_bounds(void **state)
{
    static const struct {
        const char *why;
        no answer;
    } rows[] = {{"\xc3", NO_FIELD_NOT_UTF8}, {"a\x02", NO_FIELD_CONTROL_CHARS}};
    struct test_world *test = *state;
    struct send_form form = form_of(1, "bruno-l", "HOUR", "1");
    char long_text[SEND_WHY_MAX + 2];
    struct ctx ctx;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        form.why = str_of(rows[i].why);
        assert_int_equal(send(test, test->daniel, &form, &ctx), NO_BAD_FIELDS);
        assert_int_equal(ctx.wrongs[0].why, rows[i].answer);
    }
    memset(long_text, 'a', sizeof long_text);
    form.why = (str){long_text, SEND_WHY_MAX + 1};
    assert_int_equal(send(test, test->daniel, &form, &ctx), NO_BAD_FIELDS);
    form.why.len = SEND_WHY_MAX;
    assert_int_equal(send(test, test->daniel, &form, &ctx), YES);
}

static void only_members_send(void **state)
{
    struct test_world *test = *state;
    struct send_form form = form_of(1, "bruno-l", "HOUR", "1");
    struct ctx ctx;

    test_as(test, &ctx, test->daniel, ROLE_CLIENT);
    assert_int_equal(deed_send(&ctx, &form), NO_NOT_ALLOWED);
    test_done(&ctx);
    test_as(test, &ctx, 0, 0);
    assert_int_equal(deed_send(&ctx, &form), NO_NOT_ALLOWED);
    test_done(&ctx);
}

static int open_world(void **state)
{
    static struct test_world test;

    test_world_open(&test);
    test_found(&test);
    *state = &test;
    return 0;
}

static int close_world(void **state)
{
    struct test_world *test = *state;
    struct audit_report report = {.say = NULL};
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
        TEST(sends_hours_with_a_note),     TEST(twice_is_once),
        TEST(the_floor_holds_at_the_cent), TEST(the_ceiling_holds_at_the_minute),
        TEST(every_field_may_be_wrong),    TEST(a_reason_has_its_bounds),
        TEST(only_members_send),
    };

    return cmocka_run_group_tests_name("send", tests, NULL, NULL);
}
