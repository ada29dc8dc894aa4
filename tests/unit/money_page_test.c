/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The public money of a year and the books behind it: every sum agrees with the accounts to the
 * cent, drawings hold whatever the figures, names are for those who keep the books, an entry is
 * undone once and says why.
 */
#include "deeds/journal.h"
#include "deeds/money.h"
#include "deeds/rules.h"
#include "deeds/statement.h"
#include "pages/money.h"

#include "order_deeds.h"

static const struct unit euro = {1, UNIT_FIAT, 2, "EUR"};

/* --- the year ------------------------------------------------------------------------------------
 */

static struct money_view money_of(struct test_world *test, int64_t currency, int32_t year)
{
    struct money_view view;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(view_money(&ctx, currency, year, &view), YES);
    test_done(&ctx);
    return view;
}

static void check_sums(const struct money_view *view)
{
    int64_t total = 0, work = 0;

    for (size_t i = 0; i < MONEY_MONTHS; i++) {
        const struct money_sum *m = &view->months[i];

        assert_int_equal(m->work + m->running + m->reserve + m->solidarity, m->total);
        total += m->total;
        work += m->work;
    }
    assert_int_equal(total, view->year_sum.total);
    assert_int_equal(work, view->year_sum.work);
}

/* One euro order from the request to the end. */
static int64_t trade(struct test_world *test, int64_t minor)
{
    const int64_t offer = put_offer(test, test->bruno, EURO, minor, -1, ORDER_SERVICE);
    int64_t order;

    assert_int_equal(ask(test, test->daniel, offer, 1, &order), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_ACCEPT), YES);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_PAY_SAID), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_PAY_SEEN), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_DELIVER), YES);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_CONFIRM), YES);
    return order;
}

static void nothing_yet(void **state)
{
    const struct money_view view = money_of(*state, EURO, 0);
    struct money_view other;
    struct ctx ctx;

    assert_int_equal(view.year_sum.total, 0);
    assert_int_equal(view.years_n, 0);
    assert_int_equal(view.fee.running_bp, 520);
    assert_true(view.year >= 2024);
    test_as(*state, &ctx, 0, 0);
    assert_int_equal(view_money(&ctx, 99, 0, &other), NO_NOT_FOUND);
    test_done(&ctx);
}

static void a_year_agrees_with_the_accounts(void **state)
{
    struct test_world *test = *state;

    for (int64_t i = 0; i < 12; i++)
        (void)trade(test, 1003 + 777 * i);
    const struct money_view view = money_of(test, EURO, 0);
    const struct money_sum *year = &view.year_sum;

    check_sums(&view);
    assert_int_equal(view.years_n, 1);
    assert_int_equal(year->payments_n, 12);
    assert_int_equal(year->total, balance(test, test->bruno, CHART_DIRECT, EURO));
    assert_int_equal(year->total, -balance(test, test->daniel, CHART_DIRECT, EURO));
    assert_int_equal(money_coop(year), balance(test, test->bruno, CHART_MEMBER_OWES, EURO));
    assert_int_equal(year->running, balance(test, 0, CHART_FEE_RUNNING, EURO));
    assert_int_equal(year->reserve, balance(test, 0, CHART_FEE_RESERVE, EURO));
    assert_int_equal(year->solidarity, balance(test, 0, CHART_FEE_SOLIDARITY, EURO));
    assert_int_equal(money_of(test, EURO, view.year - 1).year_sum.total, 0);
}

static void hours_count_once_they_are_paid(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, HOURS, 90, -1, ORDER_EXCHANGE);
    int64_t order;

    assert_int_equal(ask(test, test->daniel, offer, 1, &order), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_ACCEPT), YES);
    assert_int_equal(money_of(test, HOURS, 0).year_sum.total, 0);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_DELIVER), YES);
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_CONFIRM), YES);
    const struct money_view view = money_of(test, HOURS, 0);

    check_sums(&view);
    assert_int_equal(view.year_sum.total, 90);
    assert_int_equal(view.year_sum.work, 90);
}

/* --- drawings ------------------------------------------------------------------------------------
 */

static int64_t tenths_of(str share)
{
    int64_t tenths = 0;

    for (size_t i = 0; i < share.len; i++)
        if (share.ptr[i] != '.' && share.ptr[i] != ',')
            tenths = tenths * 10 + share.ptr[i] - '0';
    return tenths;
}

static const struct fee_params decided = {520, 230, 150};
static const str names[3] = {{"a", 1}, {"b", 1}, {"c", 1}};

static void check_core(struct arena *arena, struct fee_split year)
{
    struct money_core core;
    int64_t shares, y = 0, zoom = 0, list = 0;

    year.price = year.provider + year.running + year.reserve + year.solidarity;
    money_core_draw(&core, arena, LANG_EN, &year, &decided, euro, names);
    shares = tenths_of(core.work_share);
    assert_true(core.work_h >= 1 && core.work_h <= 600);
    for (size_t i = 0; i < core.strata_n; i++) {
        const struct money_stratum *s = &core.strata[i];

        shares += tenths_of(s->share);
        assert_true(s->h >= 1 && s->y > y && s->zoom_y >= zoom && s->list_y >= list);
        assert_true(s->zoom_h >= 40 && s->list_h >= 36);
        y = s->y + s->h;
        zoom = s->zoom_y + s->zoom_h;
        list = s->list_y + s->list_h;
    }
    assert_int_equal(shares, 1000);
    assert_true(y <= 640 && zoom <= 596 && list <= core.thin_height);
}

static void a_core_sample_always_sums_to_a_hundred(void **state)
{
    struct test_world *test = *state;
    const int64_t most = INT64_C(1) << 50;
    struct money_core core;

    check_core(
        &test->arena,
        (struct fee_split){.provider = 3458, .running = 198, .reserve = 87, .solidarity = 57});
    check_core(&test->arena, (struct fee_split){.provider = 1});
    check_core(&test->arena, (struct fee_split){.provider = most, .solidarity = 1});
    check_core(&test->arena, (struct fee_split){.running = most, .reserve = most});
    for (int64_t i = 0; i < 500; i++)
        check_core(&test->arena, (struct fee_split){.provider = i * 7919 % 10007,
                                                    .running = i * 104729 % 997 + 1,
                                                    .reserve = i * 31 % 13,
                                                    .solidarity = i % 3});
    money_core_draw(&core, &test->arena, LANG_FR, &(struct fee_split){.price = 0}, &decided, euro,
                    names);
    assert_true(core.empty && core.strata_n == 3);
    assert_true(str_eq(core.work_share, S("91,0")));
    assert_true(str_eq(core.work_whole, S("91")));
    money_core_draw(&core, &test->arena, LANG_EN, &(struct fee_split){.price = -5, .provider = -5},
                    &(struct fee_params){0}, euro, names);
    assert_true(core.empty && !core.has_fee);
}

static void months_fit_their_plot(void **state)
{
    static const str month_names[12];
    const int64_t tops[] = {0, 1, 99, 100, 12345, 999999, 6250000, INT64_C(1) << 50};
    struct test_world *test = *state;
    struct money_plot plot;

    for (size_t i = 0; i < sizeof tops / sizeof tops[0]; i++) {
        const int64_t totals[12] = {tops[i], 0, tops[i] / 2, 0, 0, -tops[i]};
        const int64_t coop[12] = {tops[i] / 10, 0, tops[i]};

        money_plot_draw(&plot, &test->arena, LANG_EN, totals, coop, euro, month_names);
        assert_int_equal(plot.any, tops[i] > 0);
        for (size_t k = 0; k < 12; k++) {
            const struct money_month *m = &plot.months[k];

            assert_true(!m->any || (m->work_y >= 20 && m->work_y + m->work_h <= 262));
            assert_true(!m->any || (m->work_w >= 1 && m->end <= 340));
        }
    }
}

/* --- journals ------------------------------------------------------------------------------------
 */

static no journal_as(struct test_world *test, uint32_t roles, const struct journal_ask *ask_for,
                     struct journal_page *page)
{
    struct ctx ctx;

    test_as(test, &ctx, test->daniel, roles);
    const no answer = view_journal(&ctx, ask_for, page);

    test_done(&ctx);
    return answer;
}

static void names_are_for_those_who_keep_the_books(void **state)
{
    struct test_world *test = *state;
    const struct journal_ask all = {.count = 50};
    struct journal_page page;

    (void)trade(test, 3800);
    assert_int_equal(journal_as(test, ROLE_MEMBER, &all, &page), YES);
    assert_int_equal(page.entries_n, 2);
    for (size_t i = 0; i < page.entries_n; i++) {
        assert_int_equal(page.entries[i].entry.piece_ref.len, 0);
        for (size_t k = 0; k < page.entries[i].legs_n; k++)
            assert_int_equal(page.entries[i].legs[k].debit.name.len, 0);
    }
    assert_int_equal(journal_as(test, ROLE_ACCOUNTANT, &all, &page), YES);
    assert_true(page.entries[0].legs[0].debit.name.len > 0);
    assert_true(page.entries[0].entry.piece_ref.len > 0);
}

static void pages_and_lines_of_a_journal(void **state)
{
    struct test_world *test = *state;
    struct journal_ask ask_for = {.journal = JOURNAL_DIRECT, .count = 3};
    struct journal_page page;

    for (int i = 0; i < 7; i++)
        (void)trade(test, 3800);
    ask_for.year = money_of(test, EURO, 0).year;
    for (int64_t upto = 7, seen = 0; upto > 0; upto -= 3) {
        ask_for.upto = upto;
        assert_int_equal(journal_as(test, ROLE_MEMBER, &ask_for, &page), YES);
        assert_int_equal(page.last, 7);
        for (size_t i = 0; i < page.entries_n; i++, seen++)
            assert_int_equal(page.entries[i].entry.num, 7 - seen);
    }
    ask_for.upto = 0;
    ask_for.only = CHART_FEE_RUNNING;
    assert_int_equal(journal_as(test, ROLE_MEMBER, &ask_for, &page), YES);
    assert_int_equal(page.entries_n, 0);
    ask_for.journal = JOURNAL_SALES;
    assert_int_equal(journal_as(test, ROLE_MEMBER, &ask_for, &page), YES);
    assert_int_equal(page.entries_n, 3);
    ask_for.year = 1999;
    assert_int_equal(journal_as(test, ROLE_MEMBER, &ask_for, &page), YES);
    assert_int_equal(page.entries_n, 0);
    assert_int_equal(journal_of_number(CHART_FEE_RESERVE), JOURNAL_SALES);
    assert_int_equal(journal_of_number(512000), JOURNAL_BANK);
    assert_int_equal(journal_of_number(106100), JOURNAL_GENERAL);
}

/* --- the trial balance, corrections --------------------------------------------------------------
 */

static void the_trial_balance_is_balanced(void **state)
{
    struct test_world *test = *state;
    const struct trial_line *lines;
    int64_t over = 0;
    struct ctx ctx;
    size_t n;

    (void)trade(test, 3801);
    test_as(test, &ctx, test->daniel, ROLE_MEMBER | ROLE_FACILITATOR);
    assert_int_equal(view_trial_balance(&ctx, &lines, &n), NO_NOT_ALLOWED);
    test_done(&ctx);
    test_as(test, &ctx, test->daniel, ROLE_AUDITOR);
    assert_int_equal(view_trial_balance(&ctx, &lines, &n), YES);
    test_done(&ctx);
    assert_int_equal(n, 5);
    for (size_t i = 0; i < n; i++) {
        assert_non_null(lines[i].chart);
        assert_int_equal(lines[i].debit_balance - lines[i].credit_balance,
                         lines[i].debits - lines[i].credits);
        over += lines[i].debits - lines[i].credits;
    }
    assert_int_equal(over, 0);
}

static no reverse_as(struct test_world *test, uint32_t roles, int64_t entry, str reason, no *why)
{
    struct journal_reverse_form form = {.entry = entry, .reason = reason};
    struct ctx ctx;

    test_as(test, &ctx, test->bruno, roles);
    const no answer = deed_journal_reverse(&ctx, &form);

    test_done(&ctx);
    *why = ctx.wrongs_n > 0 ? ctx.wrongs[0].why : YES;
    return answer;
}

static void an_entry_is_undone_once(void **state)
{
    struct test_world *test = *state;
    const int32_t year = (trade(test, 3800), money_of(test, EURO, 0).year);
    no why;

    assert_int_equal(reverse_as(test, ROLE_MEMBER, 1, S("x"), &why), NO_NOT_ALLOWED);
    assert_int_equal(reverse_as(test, ROLE_AUDITOR, 1, S("x"), &why), NO_NOT_ALLOWED);
    assert_int_equal(reverse_as(test, ROLE_ACCOUNTANT, 99, S("x"), &why), NO_NOT_FOUND);
    assert_int_equal(reverse_as(test, ROLE_ACCOUNTANT, 1, S("said by mistake"), &why), YES);
    assert_int_equal(reverse_as(test, ROLE_ACCOUNTANT, 1, S("again"), &why), NO_ALREADY_REVERSED);
    assert_int_equal(balance(test, test->bruno, CHART_DIRECT, EURO), 0);
    /* What was undone is not counted as trade; its fee stands until it is undone too. */
    const struct money_view view = money_of(test, EURO, year);

    assert_int_equal(view.year_sum.total, 0);
    assert_int_equal(money_coop(&view.year_sum), 342);
}

static void a_reason_must_be_given(void **state)
{
    static const struct {
        str reason;
        no why;
    } rows[] = {{{"", 0}, NO_FIELD_MISSING},
                {{"   ", 3}, NO_FIELD_MISSING},
                {{"\xff", 1}, NO_FIELD_NOT_UTF8},
                {{"a\x03", 2}, NO_FIELD_CONTROL_CHARS}};
    struct test_world *test = *state;
    char long_reason[JOURNAL_REASON_MAX + 1];
    no why;

    (void)trade(test, 3800);
    memset(long_reason, 'a', sizeof long_reason);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(reverse_as(test, ROLE_ACCOUNTANT, 1, rows[i].reason, &why), NO_BAD_FIELDS);
        assert_int_equal(why, rows[i].why);
    }
    assert_int_equal(
        reverse_as(test, ROLE_ACCOUNTANT, 1, (str){long_reason, sizeof long_reason}, &why),
        NO_BAD_FIELDS);
    assert_int_equal(why, NO_FIELD_TOO_LONG);
}

/* A running order's holds belong to the order. */
static void a_running_order_is_left_alone(void **state)
{
    struct test_world *test = *state;
    const int64_t offer = put_offer(test, test->bruno, HOURS, 90, -1, ORDER_EXCHANGE);
    int64_t order;
    no why;

    assert_int_equal(ask(test, test->daniel, offer, 1, &order), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_ACCEPT), YES);
    assert_int_equal(reverse_as(test, ROLE_ACCOUNTANT, 1, S("x"), &why), NO_ORDERS_RUNNING);
}

static void rules_say_who_decided(void **state)
{
    const struct rule *rules;
    size_t n, usual = 0, fees = 0;
    struct ctx ctx;

    test_as(*state, &ctx, 0, 0);
    assert_int_equal(view_rules(&ctx, &rules, &n), YES);
    for (size_t i = 0; i < n; i++) {
        usual += !rules[i].decided;
        fees += rules[i].what == RULE_FEE_RUNNING || rules[i].what == RULE_FEE_RESERVE ||
                rules[i].what == RULE_FEE_SOLIDARITY;
        assert_true(!rules[i].decided || (rules[i].decided_by == 0 && rules[i].set_ns > 0));
    }
    test_done(&ctx);
    assert_int_equal(usual, 5);
    assert_int_equal(fees, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_yet),
        TEST(a_year_agrees_with_the_accounts),
        TEST(hours_count_once_they_are_paid),
        TEST(a_core_sample_always_sums_to_a_hundred),
        TEST(months_fit_their_plot),
        TEST(names_are_for_those_who_keep_the_books),
        TEST(pages_and_lines_of_a_journal),
        TEST(the_trial_balance_is_balanced),
        TEST(an_entry_is_undone_once),
        TEST(a_reason_must_be_given),
        TEST(a_running_order_is_left_alone),
        TEST(rules_say_who_decided),
    };

    return cmocka_run_group_tests_name("money_page", tests, NULL, NULL);
}
