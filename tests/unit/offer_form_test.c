/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Publishing: every wrong field of the form is named and nothing is written; who may; what a second
 * sending and a second window do.
 */
#include "market_world.h"

/* --- every field of the form --- */

static str long_text(size_t n)
{
    char *bytes = arena_take(&test.arena, n);

    assert_non_null(bytes);
    memset(bytes, 'a', n);
    return (str){bytes, n};
}

enum field { KIND, TITLE, BODY, CATEGORY, PRICE, HOURS, CREDIT, PER, STOCK, PLACE, CANCEL };

static void set_field(struct offer_form *form, enum field field, str text, int64_t number)
{
    switch (field) {
    case KIND:
        form->kind = number;
        break;
    case TITLE:
        form->title = text;
        break;
    case BODY:
        form->body = text;
        break;
    case CATEGORY:
        form->category = number;
        break;
    case PRICE:
        form->amounts[OFFER_IN_MONEY] = text;
        break;
    case HOURS:
        form->amounts[OFFER_IN_HOURS] = text;
        break;
    case CREDIT:
        form->amounts[OFFER_IN_CREDIT] = text;
        break;
    case PER:
        form->per = number;
        break;
    case STOCK:
        form->stock = text;
        break;
    case PLACE:
        form->place = text;
        break;
    case CANCEL:
        form->cancel = number;
        break;
    }
}

/* `number` of a text: so many letters. */
static const struct {
    enum field field;
    const char *text;
    int64_t number;
    no why;
} bad_fields[] = {
    {KIND, NULL, 0, NO_FIELD_NOT_A_CHOICE},
    {KIND, NULL, -1, NO_FIELD_NOT_A_CHOICE},
    {KIND, NULL, ORDER_RENTAL, NO_FIELD_NOT_A_CHOICE},
    {KIND, NULL, INT64_MAX, NO_FIELD_NOT_A_CHOICE},
    {TITLE, "", 0, NO_FIELD_MISSING},
    {TITLE, NULL, 0, NO_FIELD_MISSING},
    {TITLE, "  \t ", 0, NO_FIELD_CONTROL_CHARS},
    {TITLE, "ab", 0, NO_FIELD_TOO_SHORT},
    {TITLE, "", 121, NO_FIELD_TOO_LONG},
    {TITLE, "bad \xc3( bytes", 0, NO_FIELD_NOT_UTF8},
    {TITLE, "bell \a rings", 0, NO_FIELD_CONTROL_CHARS},
    {TITLE, "turned \xe2\x80\xae round", 0, NO_FIELD_CONTROL_CHARS},
    {BODY, "", 8001, NO_FIELD_TOO_LONG},
    {BODY, "\xed\xa0\x80", 0, NO_FIELD_NOT_UTF8},
    {BODY, "\x1b[31m", 0, NO_FIELD_CONTROL_CHARS},
    {CATEGORY, NULL, 0, NO_FIELD_NOT_A_CHOICE},
    {CATEGORY, NULL, 999999, NO_FIELD_NOT_A_CHOICE},
    {PRICE, "", 0, NO_FIELD_MISSING},
    {PRICE, "0", 0, NO_AMOUNT_NOT_POSITIVE},
    {PRICE, "-5", 0, NO_AMOUNT_NOT_POSITIVE},
    {PRICE, "nineteen", 0, NO_FIELD_NOT_AN_AMOUNT},
    {PRICE, "1.999", 0, NO_FIELD_NOT_AN_AMOUNT},
    {PRICE, "$5", 0, NO_FIELD_NOT_AN_AMOUNT},
    {PRICE, "99999999999999999999", 0, NO_AMOUNT_TOO_LARGE},
    {PRICE, "1000000000.01", 0, NO_AMOUNT_TOO_LARGE},
    {HOURS, "soon", 0, NO_FIELD_NOT_AN_AMOUNT},
    {HOURS, "0", 0, NO_AMOUNT_NOT_POSITIVE},
    {CREDIT, "1e5", 0, NO_FIELD_NOT_AN_AMOUNT},
    {CREDIT, "-1", 0, NO_AMOUNT_NOT_POSITIVE},
    {PER, NULL, -1, NO_FIELD_NOT_A_CHOICE},
    {PER, NULL, PER_KINDS, NO_FIELD_NOT_A_CHOICE},
    {STOCK, "-1", 0, NO_FIELD_OUT_OF_RANGE},
    {STOCK, "1000001", 0, NO_FIELD_OUT_OF_RANGE},
    {STOCK, "a few", 0, NO_FIELD_NOT_A_NUMBER},
    {STOCK, "1.5", 0, NO_FIELD_NOT_A_NUMBER},
    {STOCK, "99999999999999999999999", 0, NO_FIELD_NOT_A_NUMBER},
    {PLACE, "Nowhere at all", 0, NO_FIELD_UNKNOWN_PLACE},
    {PLACE, "Saint-Denis", 0, NO_FIELD_UNKNOWN_PLACE},
    {PLACE, "", 121, NO_FIELD_TOO_LONG},
    {CANCEL, NULL, 0, NO_FIELD_NOT_A_CHOICE},
    {CANCEL, NULL, 4, NO_FIELD_NOT_A_CHOICE},
};

static const char *const field_names[] = {"kind",   "title", "body",  "category", "price", "hours",
                                          "credit", "per",   "stock", "place",    "cancel"};

static void test_bad_fields(void **state)
{
    const int64_t before = look(a_query(STR_NONE)).total;

    (void)state;
    for (size_t i = 0; i < sizeof bad_fields / sizeof bad_fields[0]; i++) {
        const str text = bad_fields[i].text != NULL && bad_fields[i].number > 0
                             ? long_text((size_t)bad_fields[i].number)
                             : str_of(bad_fields[i].text);
        struct offer_form form = a_form();
        struct ctx ctx;

        set_field(&form, bad_fields[i].field, text, bad_fields[i].number);
        test_as(&test, &ctx, test.amina, ROLE_MEMBER);
        const no answer = deed_offer_save(&ctx, &form);

        if (answer != NO_BAD_FIELDS || ctx.wrongs_n != 1 ||
            ctx.wrongs[0].why != bad_fields[i].why ||
            strcmp(ctx.wrongs[0].field, field_names[bad_fields[i].field]) != 0)
            fail_msg("row %zu: %d, %zu wrong, first %s", i, answer, ctx.wrongs_n,
                     ctx.wrongs_n > 0 ? ctx.wrongs[0].field : "-");
        test_done(&ctx);
    }
    assert_int_equal(look(a_query(STR_NONE)).total, before);
}

static void expect_wrong(struct offer_form form, const char *field, no why)
{
    struct ctx ctx;

    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(deed_offer_save(&ctx, &form), NO_BAD_FIELDS);
    assert_int_equal(ctx.wrongs_n, 1);
    assert_string_equal(ctx.wrongs[0].field, field);
    assert_int_equal(ctx.wrongs[0].why, why);
    test_done(&ctx);
}

static void test_prices_together(void **state)
{
    struct offer_form form = a_form();
    struct ctx ctx;
    struct sql_offer row;

    (void)state;
    form.amounts[OFFER_IN_HOURS] = S("2 h");
    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(view_offer_check(&ctx, &form, &row), YES);
    assert_int_equal(row.price_mode, PRICE_EITHER);
    assert_int_equal(row.a_minor, 1900);
    assert_int_equal(row.b_minor, 120);
    form.both = true;
    assert_int_equal(view_offer_check(&ctx, &form, &row), YES);
    assert_int_equal(row.price_mode, PRICE_BOTH);
    form.kind = ORDER_EXCHANGE;
    assert_int_equal(view_offer_check(&ctx, &form, &row), YES);
    assert_int_equal(row.a_minor, 120);
    test_done(&ctx);
    form.amounts[OFFER_IN_CREDIT] = S("5");
    expect_wrong(form, "credit", NO_FIELD_TAKEN);
    form = a_form();
    form.kind = ORDER_GIFT;
    expect_wrong(form, "price", NO_FIELD_WRONG);
    form.kind = ORDER_EXCHANGE;
    expect_wrong(form, "price", NO_FIELD_MISSING);
    form.amounts[OFFER_IN_MONEY] = S("");
    expect_wrong(form, "hours", NO_FIELD_MISSING);
}

static void test_who_may(void **state)
{
    struct offer_form form = a_form();
    const int64_t offer = publish(form);
    struct offer_status_form status = {.offer = offer, .to = OFFER_WITHDRAWN};
    struct ctx ctx;

    (void)state;
    assert_int_equal(publish(form), offer); /* the same uid: the same offer */
    test_as(&test, &ctx, 0, 0);
    assert_int_equal(deed_offer_save(&ctx, &form), NO_ALREADY_DONE_DIFFERENTLY);
    form = a_form();
    assert_int_equal(deed_offer_save(&ctx, &form), NO_NOT_SIGNED_IN);
    ctx.actor = (struct actor){.member = test.bruno, .roles = ROLE_CLIENT};
    assert_int_equal(deed_offer_save(&ctx, &form), NO_NOT_ALLOWED);
    form.side = MARKET_NEEDS;
    assert_int_equal(deed_offer_save(&ctx, &form), YES);
    form.id = offer;
    assert_int_equal(deed_offer_save(&ctx, &form), NO_NOT_ALLOWED);
    assert_int_equal(view_offer_form(&ctx, offer, &form), NO_NOT_ALLOWED);
    assert_int_equal(deed_offer_status(&ctx, &status), NO_NOT_ALLOWED);
    ctx.actor.roles = ROLE_MEMBER | ROLE_FACILITATOR;
    assert_int_equal(deed_offer_status(&ctx, &status), NO_NOT_ALLOWED);
    status.to = OFFER_REMOVED;
    assert_int_equal(deed_offer_status(&ctx, &status), YES);
    ctx.actor = (struct actor){.member = test.amina, .roles = ROLE_MEMBER};
    status.to = OFFER_OPEN;
    assert_int_equal(deed_offer_status(&ctx, &status), NO_OFFER_NOT_OPEN);
    status.offer = 999999;
    assert_int_equal(deed_offer_status(&ctx, &status), NO_NOT_FOUND);
    test_done(&ctx);
}

/* A form that was open while somebody bought: the number it showed does not bring the sold back. */
static void test_stock_left_alone(void **state)
{
    struct offer_form form = a_form();
    struct offer_view view;
    struct ctx ctx;

    (void)state;
    form.stock = S("14");
    const int64_t offer = publish(form);

    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(view_offer_form(&ctx, offer, &form), YES);
    assert_true(str_eq(form.stock, S("14")));
    form.stock = S("14 ");
    assert_int_equal(deed_offer_save(&ctx, &form), YES);
    assert_int_equal(view_offer(&ctx, offer, OFFER_REVIEWS_SHOWN, &view), YES);
    assert_int_equal(view.row.stock, 14);
    form.seen_ns = view.row.updated_ns;
    form.stock = S("20");
    assert_int_equal(deed_offer_save(&ctx, &form), YES);
    assert_int_equal(view_offer(&ctx, offer, OFFER_REVIEWS_SHOWN, &view), YES);
    assert_int_equal(view.row.stock, 20);
    assert_true(view.mine);
    test_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_fields),
        cmocka_unit_test(test_prices_together),
        cmocka_unit_test(test_who_may),
        cmocka_unit_test(test_stock_left_alone),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
