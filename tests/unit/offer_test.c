/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "rules/offer.h"

#include <string.h>

static struct offer_fields good(void)
{
    return (struct offer_fields){.kind = ORDER_SERVICE,
                                 .title = S("Bike repair at your door"),
                                 .body = S("Brakes,\ngears, wheels."),
                                 .prices = {{UNIT_FIAT, 1, 3800}, {UNIT_TIME, 3, 90}},
                                 .prices_n = 2,
                                 .stock = OFFER_STOCK_UNLIMITED,
                                 .has_place = true,
                                 .lat = 45764000,
                                 .lon = 4835700,
                                 .cancel = ORDER_MODERATE,
                                 .status = OFFER_OPEN};
}

/* Exactly one field is wrong, and why. */
static void is_wrong(const struct offer_fields *fields, const char *field, no why)
{
    struct offer_wrong wrongs[OFFER_WRONGS_MAX];
    const size_t n = offer_check(fields, wrongs);

    assert_int_equal(n, why == YES ? 0 : 1);
    if (why == YES)
        return;
    assert_string_equal(wrongs[0].field, field);
    assert_int_equal(wrongs[0].why, why);
}

static void title_and_body(void **state)
{
    static char text[9000];
    struct offer_fields f = good();

    (void)state;
    is_wrong(&f, "", YES);
    f.title = STR_NONE;
    is_wrong(&f, "title", NO_FIELD_MISSING);
    f.title = S("   ");
    is_wrong(&f, "title", NO_FIELD_MISSING);
    f.title = S("ab  ");
    is_wrong(&f, "title", NO_FIELD_TOO_SHORT);
    f.title = S("Ébé");
    is_wrong(&f, "title", YES);
    f.title = S("two\nlines");
    is_wrong(&f, "title", NO_FIELD_CONTROL_CHARS);
    f.title = S("caf\xe9 noir");
    is_wrong(&f, "title", NO_FIELD_NOT_UTF8);
    memset(text, 'x', sizeof text);
    f.title = (str){text, 120};
    is_wrong(&f, "title", YES);
    f.title.len = 121;
    is_wrong(&f, "title", NO_FIELD_TOO_LONG);
    f = good();
    f.body = (str){text, 8000};
    is_wrong(&f, "body", YES);
    f.body.len = 8001;
    is_wrong(&f, "body", NO_FIELD_TOO_LONG);
    f.body = S("bell \x07");
    is_wrong(&f, "body", NO_FIELD_CONTROL_CHARS);
    f.body = STR_NONE;
    is_wrong(&f, "body", YES);
}

static void prices(void **state)
{
    struct offer_fields f = good();

    (void)state;
    f.prices[0].amount = 0;
    is_wrong(&f, "price", NO_AMOUNT_NOT_POSITIVE);
    f.prices[0].amount = OFFER_PRICE_MAX;
    is_wrong(&f, "price", YES);
    f.prices[0].amount++;
    is_wrong(&f, "price", NO_AMOUNT_TOO_LARGE);
    f = good();
    f.prices[1].amount = -3;
    is_wrong(&f, "price2", NO_AMOUNT_NOT_POSITIVE);
    f = good();
    f.prices[1].unit_kind = 9;
    is_wrong(&f, "price2", NO_FIELD_NOT_A_CHOICE);
    f.prices[1].unit_kind = UNIT_FIAT;
    is_wrong(&f, "price2", NO_FIELD_TAKEN);
    f = good();
    f.prices_n = 0;
    is_wrong(&f, "", YES);
    f.kind = ORDER_GIFT;
    is_wrong(&f, "", YES);
    f.prices_n = 1;
    is_wrong(&f, "price", NO_FIELD_WRONG);
    f.kind = ORDER_EXCHANGE;
    is_wrong(&f, "price", NO_FIELD_MISSING);
    f.prices_n = 2;
    is_wrong(&f, "", YES);
}

static void other_fields(void **state)
{
    struct offer_wrong wrongs[OFFER_WRONGS_MAX];
    struct offer_fields f = good();

    (void)state;
    f.stock = 0;
    is_wrong(&f, "", YES);
    f.stock = OFFER_STOCK_MAX + 1;
    is_wrong(&f, "stock", NO_FIELD_OUT_OF_RANGE);
    f.stock = -2;
    is_wrong(&f, "stock", NO_FIELD_OUT_OF_RANGE);
    f = good();
    f.lat = 90000001;
    is_wrong(&f, "place", NO_FIELD_OUT_OF_RANGE);
    f.has_place = false;
    is_wrong(&f, "", YES);
    f.kind = (enum order_kind)ORDER_KINDS;
    is_wrong(&f, "kind", NO_FIELD_NOT_A_CHOICE);
    f = good();
    f.cancel = (enum order_cancel_choice)0;
    is_wrong(&f, "cancel", NO_FIELD_NOT_A_CHOICE);
    f = good();
    f.status = (enum offer_status)5;
    is_wrong(&f, "status", NO_FIELD_NOT_A_CHOICE);
    /* Everything wrong at once is all told. */
    f = (struct offer_fields){.title = S("\xff"),
                              .body = S("\xff"),
                              .prices = {{0, 1, 1}, {0, 1, 1}},
                              .prices_n = 2,
                              .stock = -5,
                              .has_place = true,
                              .lat = INT32_MIN};
    assert_int_equal(offer_check(&f, wrongs), 10);
}

static void status_goes(void **state)
{
    /* rows: from open, paused, withdrawn, removed; columns: to the same. o owner, m moderation only
     */
    static const char *const rows[] = {"ooom", "ooom", "__om", "mm_m"};

    (void)state;
    for (int from = 1; from <= 4; from++)
        for (int to = 1; to <= 4; to++) {
            const char may = rows[from - 1][to - 1];

            assert_int_equal(
                offer_status_check((enum offer_status)from, (enum offer_status)to, false) == YES,
                may == 'o');
            assert_int_equal(
                offer_status_check((enum offer_status)from, (enum offer_status)to, true) == YES,
                may != '_');
        }
}

static void claims(void **state)
{
    static const struct {
        struct offer_claims claims;
        enum offer_status status;
        enum offer_claim claim;
        int64_t quantity;
        no answer;
    } rows[] = {
        {{3, 0, 9}, OFFER_OPEN, OFFER_CLAIM_ASK, 3, YES}, /* pending reserves nothing */
        {{3, 1, 0}, OFFER_OPEN, OFFER_CLAIM_ASK, 3, NO_STOCK_TOO_SMALL},
        {{3, 1, 9}, OFFER_OPEN, OFFER_CLAIM_FIRM, 2, YES},
        {{3, 2, 0}, OFFER_OPEN, OFFER_CLAIM_FIRM, 2, NO_STOCK_TOO_SMALL},
        {{0, 0, 0}, OFFER_OPEN, OFFER_CLAIM_ASK, 1, NO_STOCK_TOO_SMALL},
        {{2, 5, 0}, OFFER_OPEN, OFFER_CLAIM_ASK, 1, NO_STOCK_TOO_SMALL}, /* stock was lowered */
        {{-1, 900000, 0}, OFFER_OPEN, OFFER_CLAIM_ASK, OFFER_STOCK_MAX, YES},
        {{-1, 0, 0}, OFFER_OPEN, OFFER_CLAIM_ASK, OFFER_STOCK_MAX + 1, NO_FIELD_OUT_OF_RANGE},
        {{-1, 0, 0}, OFFER_OPEN, OFFER_CLAIM_ASK, 0, NO_FIELD_OUT_OF_RANGE},
        {{-1, 0, 0}, OFFER_OPEN, OFFER_CLAIM_ASK, -1, NO_FIELD_OUT_OF_RANGE},
        {{3, 0, 0}, OFFER_PAUSED, OFFER_CLAIM_ASK, 1, NO_OFFER_NOT_OPEN},
        {{3, 0, 0}, OFFER_PAUSED, OFFER_CLAIM_FIRM, 1, YES},
        {{3, 0, 0}, OFFER_WITHDRAWN, OFFER_CLAIM_ASK, 1, NO_OFFER_NOT_OPEN},
        {{3, 0, 0}, OFFER_WITHDRAWN, OFFER_CLAIM_FIRM, 1, YES},
        {{3, 0, 0}, OFFER_REMOVED, OFFER_CLAIM_FIRM, 1, NO_OFFER_NOT_OPEN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(
            offer_claim_check(&rows[i].claims, rows[i].status, rows[i].claim, rows[i].quantity),
            rows[i].answer);
}

/* Sixty-four ask at once, in any order of asking and accepting: never more than there is. */
static void nobody_oversells(void **state)
{
    uint64_t seed = 64;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct offer_claims all = {.stock = (int64_t)(chance_next(&seed) % 20)};
        int64_t asked[64] = {0};

        for (int step = 0; step < 300; step++) {
            const size_t who = chance_next(&seed) % 64;

            if (asked[who] == 0) {
                const int64_t quantity = 1 + (int64_t)(chance_next(&seed) % 4);

                if (offer_claim_check(&all, OFFER_OPEN, OFFER_CLAIM_ASK, quantity) != YES)
                    continue;
                asked[who] = quantity;
                all.pending += quantity;
            } else if (asked[who] > 0) {
                struct offer_claims others = all;

                others.pending -= asked[who];
                if (offer_claim_check(&others, OFFER_OPEN, OFFER_CLAIM_FIRM, asked[who]) != YES)
                    continue;
                all.pending -= asked[who];
                all.firm += asked[who];
                asked[who] = -1;
            }
            assert_true(all.firm <= all.stock);
            assert_int_equal(offer_claim_left(&all), all.stock - all.firm);
        }
    }
}

static void the_parts_of_an_order(void **state)
{
    struct offer_fields f = good();
    struct order_deal deal = {.starts_ns = 5};
    struct fee_params params[UNIT_KINDS];

    (void)state;
    for (int i = 0; i < UNIT_KINDS; i++)
        params[i] = fee_params_default((enum unit_kind)i);
    assert_int_equal(offer_parts(&f, 2, params, ORDER_DIRECT, &deal), YES);
    assert_int_equal(deal.parts_n, 2);
    assert_int_equal(deal.quantity, 2);
    assert_int_equal(deal.starts_ns, 5);
    assert_int_equal(deal.parts[0].price, 7600);
    assert_int_equal(deal.parts[0].fee_provider, 684);
    assert_int_equal(deal.parts[0].funding, ORDER_DIRECT);
    assert_int_equal(deal.parts[1].price, 180);
    assert_int_equal(deal.parts[1].fee_provider, 0);
    assert_int_equal(deal.parts[1].funding, ORDER_INTERNAL);
    assert_int_equal(order_deal_check(ORDER_SERVICE, &deal), NO_FIELD_OUT_OF_RANGE); /* no end */
    deal.starts_ns = deal.ends_ns = 0;
    assert_int_equal(order_deal_check(ORDER_SERVICE, &deal), YES);
    f.prices[0].amount = OFFER_PRICE_MAX;
    assert_int_equal(offer_parts(&f, 1, params, ORDER_DIRECT, &deal), YES);
    assert_int_equal(offer_parts(&f, 2, params, ORDER_DIRECT, &deal), NO_FIELD_OUT_OF_RANGE);
    assert_int_equal(offer_parts(&f, 0, params, ORDER_DIRECT, &deal), NO_FIELD_OUT_OF_RANGE);
    params[UNIT_FIAT].running_bp = 9000;
    assert_int_equal(offer_parts(&f, 1, params, ORDER_DIRECT, &deal), NO_FEE_TOO_HIGH);
    assert_int_equal(deal.quantity, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(title_and_body),
        cmocka_unit_test(prices),
        cmocka_unit_test(other_fields),
        cmocka_unit_test(status_goes),
        cmocka_unit_test(claims),
        cmocka_unit_test(nobody_oversells),
        cmocka_unit_test(the_parts_of_an_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
