/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/once.h"

#include "store/sql_coop.h"

#include "cm.h"
#include "world.h"

struct count {
    int64_t runs, made;
    no answer;
};

static no counted(struct ctx *ctx, void *count_)
{
    struct count *count = count_;

    count->runs++;
    count->made = 40 + count->runs;
    TRY(sql_param_set(ctx->db, S("test.once"), count->runs, 0, ctx->now_ns));
    return count->answer;
}

static struct test_world test;

static no ask(uint8_t key, int64_t member, const char *body, struct count *count, int64_t *value)
{
    const struct once once = {.key = {{key, 7}}, .body = str_of(body), .result = &count->made};
    struct ctx ctx;

    test_as(&test, &ctx, member, ROLE_MEMBER);
    const no answer = deed_once(&ctx, &once, counted, count);

    *value = -1;
    (void)(sql_param_get(ctx.db, S("test.once"), value) == YES);
    test_done(&ctx);
    return answer;
}

static void a_yes_is_done_once(void **state)
{
    struct count count = {.answer = YES};
    int64_t value;

    (void)state;
    assert_int_equal(ask(1, test.amina, "a", &count, &value), YES);
    count.made = 0;
    assert_int_equal(ask(1, test.amina, "a", &count, &value), YES);
    assert_int_equal(count.runs, 1);
    assert_int_equal(count.made, 41);
    assert_int_equal(ask(1, test.amina, "b", &count, &value), NO_ALREADY_DONE_DIFFERENTLY);
    assert_int_equal(ask(1, test.bruno, "b", &count, &value),
                     YES); /* another's key is another key */
    assert_int_equal(count.runs, 2);
}

static void a_no_stays_a_no_and_leaves_nothing(void **state)
{
    struct count count = {.answer = NO_STOCK_TOO_SMALL, .runs = 100};
    int64_t before, after;

    (void)state;
    assert_int_equal(ask(1, test.amina, "a", &(struct count){.answer = YES}, &before), YES);
    assert_int_equal(ask(2, test.amina, "a", &count, &after), NO_STOCK_TOO_SMALL);
    assert_int_equal(after, before); /* what the refused deed wrote is undone */
    count.answer = YES;
    assert_int_equal(ask(2, test.amina, "a", &count, &after), NO_STOCK_TOO_SMALL);
    assert_int_equal(count.runs, 101);
}

static void wrong_fields_and_faults_are_not_kept(void **state)
{
    struct count count = {.answer = NO_BAD_FIELDS};
    int64_t value;

    (void)state;
    assert_int_equal(ask(3, test.amina, "a", &count, &value), NO_BAD_FIELDS);
    count.answer = NO_IO_FAILED;
    assert_int_equal(ask(3, test.amina, "a", &count, &value), NO_IO_FAILED);
    count.answer = YES;
    assert_int_equal(ask(3, test.amina, "a", &count, &value), YES);
}

static int open_world(void **state)
{
    (void)state;
    test_world_open(&test);
    test_found(&test);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    test_world_close(&test);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_yes_is_done_once),
        cmocka_unit_test(a_no_stays_a_no_and_leaves_nothing),
        cmocka_unit_test(wrong_fields_and_faults_are_not_kept),
    };

    return cmocka_run_group_tests_name("once", tests, open_world, close_world);
}
