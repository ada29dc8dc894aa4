/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/money.h"
#include "base/no.h"
#include "wire/decimal.h"
#include "wire/rate.h"

#include <string.h>

static void decimals_are_exact(void **state)
{
    static const struct {
        const char *text;
        unsigned places;
        enum decimal_rest rest;
        no answer;
        int64_t scaled;
    } cases[] = {
        {"59.31389", 6, DECIMAL_EXACT, YES, 59313890},
        {"59.310410933554515", 6, DECIMAL_HALF_EVEN, YES, 59310411},
        {"18.02404045094815", 6, DECIMAL_HALF_EVEN, YES, 18024040},
        {"-0.0000005", 6, DECIMAL_HALF_EVEN, YES, 0},
        {"-0.0000015", 6, DECIMAL_HALF_EVEN, YES, -2},
        {"0.0000025", 6, DECIMAL_HALF_EVEN, YES, 2},
        {"0.00000250001", 6, DECIMAL_HALF_EVEN, YES, 3},
        {"0.99", 1, DECIMAL_HALF_EVEN, YES, 10},
        {"12", 2, DECIMAL_EXACT, YES, 1200},
        {"12.3", 2, DECIMAL_EXACT, YES, 1230},
        {"12.3400", 2, DECIMAL_EXACT, YES, 1234},
        {"12.341", 2, DECIMAL_EXACT, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"007", 0, DECIMAL_EXACT, YES, 7},
        {"9223372036854775807", 0, DECIMAL_EXACT, YES, INT64_MAX},
        {"-9223372036854775808", 0, DECIMAL_EXACT, YES, INT64_MIN},
        {"9223372036854775808", 0, DECIMAL_EXACT, NO_FIELD_OUT_OF_RANGE, 0},
        {"9223372036854775807.5", 0, DECIMAL_HALF_EVEN, NO_FIELD_OUT_OF_RANGE, 0},
        {"92233720368547758.08", 2, DECIMAL_EXACT, NO_FIELD_OUT_OF_RANGE, 0},
        {"", 2, DECIMAL_EXACT, NO_FIELD_MISSING, 0},
        {"-", 2, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
        {".5", 2, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
        {"5.", 2, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
        {"1.2.3", 2, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
        {"1e3", 2, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
        {"+1", 2, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
        {" 1", 2, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
        {"NaN", 2, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
        {"0x10", 0, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
        {"١٢", 0, DECIMAL_EXACT, NO_FIELD_NOT_A_NUMBER, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t scaled = 0;

        assert_int_equal(
            decimal_parse(str_of(cases[i].text), cases[i].places, cases[i].rest, &scaled),
            cases[i].answer);
        assert_int_equal(scaled, cases[i].scaled);
    }
}

static void prices_are_read(void **state)
{
    enum { US = DECIMAL_COMMA_GROUPS, FR = DECIMAL_COMMA_DECIDES };
    static const struct {
        const char *text;
        int comma;
        unsigned exponent;
        no answer;
        int64_t minor;
    } cases[] = {
        {"944", US, 2, YES, 94400},
        {"$1,234.00", US, 2, YES, 123400},
        {"$1,234,567.89", US, 2, YES, 123456789},
        {"1,23", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"1,2345", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"1234,567", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {",123", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"1,,234", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"1,23.50", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"1,23,456", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"1.234,50", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"12,50 €", FR, 2, YES, 1250},
        {"12,5", FR, 2, YES, 1250},
        {"12.50", FR, 2, YES, 1250},
        {"1.234,50", FR, 2, YES, 123450},
        {"1 234,50\u00a0€", FR, 2, YES, 123450},
        {"1\u202f234\u202f567,50", FR, 2, YES, 123456750},
        {"1'234.50", FR, 2, YES, 123450},
        {"1,234.50", FR, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"1,234", FR, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"SEK 90", US, 2, YES, 9000},
        {"90 SEK", US, 2, YES, 9000},
        {"90 kr", US, 2, YES, 9000},
        {"¥1200", US, 0, YES, 1200},
        {"12.345", US, 3, YES, 12345},
        {"0", US, 2, YES, 0},
        {"0.00", US, 2, YES, 0},
        {"12.5000", US, 2, YES, 1250},
        {"12.505", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"-5", US, 2, NO_FIELD_OUT_OF_RANGE, 0},
        {"$-5", US, 2, NO_FIELD_OUT_OF_RANGE, 0},
        {"90071992547409.91", US, 2, YES, MONEY_MAX},
        {"90071992547409.92", US, 2, NO_AMOUNT_TOO_LARGE, 0},
        {"99999999999999999999", US, 2, NO_AMOUNT_TOO_LARGE, 0},
        {"1111111111111111111111111111111111111111111", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"", US, 2, NO_FIELD_MISSING, 0},
        {" ", US, 2, NO_FIELD_MISSING, 0},
        {"\u00a0", FR, 2, NO_FIELD_MISSING, 0},
        {"$", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"EUR", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"free", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"12 apples", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"$$5", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
        {"1e9", US, 2, NO_FIELD_NOT_AN_AMOUNT, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t minor = 0;

        assert_int_equal(decimal_parse_price(str_of(cases[i].text),
                                             (enum decimal_comma)cases[i].comma, cases[i].exponent,
                                             &minor),
                         cases[i].answer);
        assert_int_equal(minor, cases[i].minor);
    }
}

static void counts_are_read(void **state)
{
    int64_t n = 7;

    (void)state;
    assert_int_equal(decimal_parse_count(S("12"), 0, 100, &n), YES);
    assert_int_equal(n, 12);
    assert_int_equal(decimal_parse_count(S(""), 0, 100, &n), NO_FIELD_MISSING);
    assert_int_equal(decimal_parse_count(S("101"), 0, 100, &n), NO_FIELD_OUT_OF_RANGE);
    assert_int_equal(decimal_parse_count(S("-1"), 0, 100, &n), NO_FIELD_OUT_OF_RANGE);
    assert_int_equal(decimal_parse_count(S("1.0"), 0, 100, &n), NO_FIELD_NOT_A_NUMBER);
    assert_int_equal(decimal_parse_count(S("x"), 0, 100, &n), NO_FIELD_NOT_A_NUMBER);
    assert_int_equal(n, 12);
}

static void rates_are_read(void **state)
{
    static const struct {
        const char *text;
        no answer;
        const char *code;
        int64_t numerator, denominator;
    } cases[] = {
        {"SEK=0.088", YES, "SEK", 11, 125},
        {"SEK=0,088", YES, "SEK", 11, 125},
        {" CHF = 1.05 ", YES, "CHF", 21, 20},
        {"G1=1000000", YES, "G1", 1000000, 1},
        {"SEK=1", YES, "SEK", 1, 1},
        {"SEK=0.000000000001", YES, "SEK", 1, INT64_C(1000000000000)},
        {"SEK=0.0000000000001", NO_FIELD_NOT_AN_AMOUNT, "", 0, 0},
        {"SEK=1000000.01", NO_FIELD_OUT_OF_RANGE, "", 0, 0},
        {"SEK=0", NO_FIELD_OUT_OF_RANGE, "", 0, 0},
        {"SEK=-1", NO_FIELD_OUT_OF_RANGE, "", 0, 0},
        {"SEK=99999999999999999999", NO_FIELD_OUT_OF_RANGE, "", 0, 0},
        {"SEK=", NO_FIELD_MISSING, "", 0, 0},
        {"SEK=x", NO_FIELD_NOT_A_NUMBER, "", 0, 0},
        {"SEK=1=2", NO_FIELD_NOT_A_NUMBER, "", 0, 0},
        {"SEK", NO_RATE_MISSING, "", 0, 0},
        {"", NO_RATE_MISSING, "", 0, 0},
        {"sek=1", NO_FIELD_WRONG, "", 0, 0},
        {"S=1", NO_FIELD_WRONG, "", 0, 0},
        {"TOOLONGXX=1", NO_FIELD_WRONG, "", 0, 0},
        {"=1", NO_FIELD_WRONG, "", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rate rate = {0};

        assert_int_equal(rate_parse(str_of(cases[i].text), &rate), cases[i].answer);
        assert_string_equal(rate.code, cases[i].code);
        assert_int_equal(rate.numerator, cases[i].numerator);
        assert_int_equal(rate.denominator, cases[i].denominator);
    }
}

static void halves_go_to_the_even_neighbour(void **state)
{
    static const struct {
        const char *rate;
        int64_t minor;
        unsigned from, to;
        no answer;
        int64_t converted;
    } cases[] = {
        {"SEK=0.088", 94400, 2, 2, YES, 8307}, /* 944.00 SEK = 83.072 EUR */
        {"SEK=0.5", 1, 2, 2, YES, 0},          /* half a cent: to zero, which is even */
        {"SEK=0.5", 3, 2, 2, YES, 2},          /* one and a half: to two */
        {"SEK=0.5", 5, 2, 2, YES, 2},          /* two and a half: to two */
        {"SEK=0.5", -3, 2, 2, YES, -2},
        {"SEK=0.5", -5, 2, 2, YES, -2},
        {"SEK=0.500000000001", 5, 2, 2, YES, 3},
        {"JPY=0.0062", 1200, 0, 2, YES, 744}, /* yen have no decimals */
        {"TND=0.3", 12345, 3, 2, YES, 370},   /* dinars have three: 3.7035 */
        {"SEK=2", MONEY_MAX / 2, 2, 2, YES, MONEY_MAX - 1},
        {"SEK=2", MONEY_MAX, 2, 2, NO_AMOUNT_TOO_LARGE, 0},
        {"SEK=1000000", MONEY_MAX, 0, 4, NO_AMOUNT_TOO_LARGE, 0},
        {"SEK=1", MONEY_MAX, 2, 2, YES, MONEY_MAX},
        {"SEK=1", -MONEY_MAX, 2, 2, YES, -MONEY_MAX},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rate rate;
        int64_t converted = 0;

        assert_int_equal(rate_parse(str_of(cases[i].rate), &rate), YES);
        assert_int_equal(
            rate_convert_half_even(&rate, cases[i].minor, cases[i].from, cases[i].to, &converted),
            cases[i].answer);
        assert_int_equal(converted, cases[i].converted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(prices_are_read),
        cmocka_unit_test(counts_are_read),
        cmocka_unit_test(rates_are_read),
        cmocka_unit_test(halves_go_to_the_even_neighbour),
    };

    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
