/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/money.h"

#define N "\u202f"
#define M "\u2212"

static const struct unit eur = {1, UNIT_FIAT, 2, "EUR"};
static const struct unit gbp = {2, UNIT_FIAT, 2, "GBP"};
static const struct unit usd = {3, UNIT_FIAT, 2, "USD"};
static const struct unit sek = {4, UNIT_FIAT, 2, "SEK"};
static const struct unit jpy = {5, UNIT_FIAT, 0, "JPY"};
static const struct unit tnd = {6, UNIT_FIAT, 3, "TND"};
static const struct unit fil = {7, UNIT_MUTUAL, 2, "FIL"};
static const struct unit hour = {8, UNIT_TIME, 0, "HOUR"};
static const struct unit points = {9, UNIT_POINTS, 0, "POINTPOINT"};
static const struct unit ten = {10, UNIT_POINTS, 1, "TEN"};

static struct arena arena;

static struct buf empty(void)
{
    struct buf buf;

    arena_reset(&arena);
    buf_init(&buf, &arena, 0);
    return buf;
}

static void amounts_are_written(void **state)
{
    static const struct {
        const struct unit *unit;
        int64_t minor;
        const char *en, *fr, *plain, *field;
    } rows[] = {
        {&eur, 123450, "€1,234.50", "1" N "234,50" N "€", "1234.50", "1234.50"},
        {&eur, 0, "€0.00", "0,00" N "€", "0.00", "0.00"},
        {&eur, 5, "€0.05", "0,05" N "€", "0.05", "0.05"},
        {&eur, -99, M "€0.99", M "0,99" N "€", "-0.99", "-0.99"},
        {&eur, -100000000, M "€1,000,000.00", M "1" N "000" N "000,00" N "€", "-1000000.00",
         "-1000000.00"},
        {&gbp, 300, "£3.00", "3,00" N "£", "3.00", "3.00"},
        {&usd, 99999, "$999.99", "999,99" N "$", "999.99", "999.99"},
        {&sek, 123450, "1,234.50 SEK", "1" N "234,50" N "SEK", "1234.50", "1234.50"},
        {&jpy, 1234, "1,234 JPY", "1" N "234" N "JPY", "1234", "1234"},
        {&tnd, 1234, "1.234 TND", "1,234" N "TND", "1.234", "1.234"},
        {&fil, 1250, "12.50 FIL", "12,50" N "FIL", "12.50", "12.50"},
        {&points, -3, M "3 POINTPOINT", M "3" N "POINTPOINT", "-3", "-3"},
        {&hour, 90, "1 h 30", "1" N "h" N "30", "90", "1:30"},
        {&hour, 65, "1 h 05", "1" N "h" N "05", "65", "1:05"},
        {&hour, 30, "30 min", "30" N "min", "30", "0:30"},
        {&hour, 0, "0 min", "0" N "min", "0", "0:00"},
        {&hour, 180, "3 h", "3" N "h", "180", "3:00"},
        {&hour, -600, M "10 h", M "10" N "h", "-600", "-10:00"},
        {&hour, -1, M "1 min", M "1" N "min", "-1", "-0:01"},
        {&hour, 60 * 1234 + 5, "1,234 h 05", "1" N "234" N "h" N "05", "74045", "1234:05"},
        {&eur, INT64_MIN, M "€92,233,720,368,547,758.08",
         M "92" N "233" N "720" N "368" N "547" N "758,08" N "€", "-92233720368547758.08",
         "-92233720368547758.08"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const money amount = {rows[i].minor, *rows[i].unit};
        struct buf buf = empty();

        money_put(&buf, LANG_EN, amount);
        assert_str(buf_str(&buf), rows[i].en);
        buf_clear(&buf);
        money_put(&buf, LANG_FR, amount);
        assert_str(buf_str(&buf), rows[i].fr);
        buf_clear(&buf);
        money_put_plain(&buf, amount);
        assert_str(buf_str(&buf), rows[i].plain);
        buf_clear(&buf);
        money_put_field(&buf, amount);
        assert_str(buf_str(&buf), rows[i].field);
    }
}

static void counts_are_grouped(void **state)
{
    struct buf buf = empty();

    (void)state;
    money_put_count(&buf, LANG_EN, 48213);
    buf_put_char(&buf, '|');
    money_put_count(&buf, LANG_FR, 48213);
    buf_put_char(&buf, '|');
    money_put_count(&buf, LANG_EN, 999);
    buf_put_char(&buf, '|');
    money_put_count(&buf, LANG_EN, -1000);
    buf_put_char(&buf, '|');
    money_put_count(&buf, LANG_EN, INT64_MAX);
    assert_str(buf_str(&buf), "48,213|48" N "213|999|" M "1,000|9,223,372,036,854,775,807");
}

static void typed_amounts_are_read(void **state)
{
    static const struct {
        const struct unit *unit;
        const char *typed;
        int64_t minor;
    } rows[] = {
        {&eur, "12", 1200},
        {&eur, "12,5", 1250},
        {&eur, "12.50", 1250},
        {&eur, " 12 ", 1200},
        {&eur, "1 234,50", 123450},
        {&eur, "1" N "234,50" N "€", 123450},
        {&eur, "1\u00a0234,50\u00a0€", 123450},
        {&eur, "1,234.50", 123450},
        {&eur, "1.234,50", 123450},
        {&eur, "1'234.50", 123450},
        {&eur, "1’234.50", 123450},
        {&eur, "1,234,567", 123456700},
        {&eur, "€12", 1200},
        {&eur, "12 €", 1200},
        {&eur, "12 EUR", 1200},
        {&eur, "eur 12", 1200},
        {&eur, "-12", -1200},
        {&eur, M "€12", -1200},
        {&eur, "€-12", -1200},
        {&eur, "- 12", -1200},
        {&eur, "-0", 0},
        {&eur, "007", 700},
        {&eur, "90071992547409.91", MONEY_MAX},
        {&gbp, "£3", 300},
        {&usd, "$3.1", 310},
        {&sek, "3 sek", 300},
        {&jpy, "1,234", 1234},
        {&jpy, "1.234", 1234},
        {&jpy, "12", 12},
        {&tnd, "1,234", 1234},
        {&tnd, "1,234.5", 1234500},
        {&fil, "12,50 FIL", 1250},
        {&ten, "1,5", 15},
        {&hour, "1:30", 90},
        {&hour, "1 h 30", 90},
        {&hour, "1h30", 90},
        {&hour, "90 min", 90},
        {&hour, "1.5", 90},
        {&hour, "1,5", 90},
        {&hour, "2", 120},
        {&hour, "1h", 60},
        {&hour, "1,25 h", 75},
        {&hour, "1 h 30 min", 90},
        {&hour, "1h5", 65},
        {&hour, "2 hours", 120},
        {&hour, "1 heure 30", 90},
        {&hour, "2 heures", 120},
        {&hour, "-0:30", -30},
        {&hour, "1,234 h 05", 74045},
        {&hour, "2 HOUR", 120},
        {&hour, "0 min", 0},
        {&hour, "1" N "h" N "30", 90},
        {&hour, "3 minutes", 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t minor = -7;

        if (money_parse(str_of(rows[i].typed), *rows[i].unit, &minor) != YES ||
            minor != rows[i].minor)
            fail_msg("\"%s\" read as %lld", rows[i].typed, (long long)minor);
    }
}

static void other_things_are_refused(void **state)
{
    static const struct {
        const struct unit *unit;
        const char *typed;
        no why;
    } rows[] = {
        {&eur, "", NO_FIELD_MISSING},
        {&eur, " \u00a0", NO_FIELD_MISSING},
        {&eur, "-", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "€", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "12.345", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1,234", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "12.", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, ".5", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "12 34", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1234 567", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1,23.4", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1,234.567,89", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1.2.3", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1 234.567,50", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1..5", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "--1", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "-€-1", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "+1", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1-", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "$12", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "12 USD", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "€12€", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1e3", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "0x10", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "١٢", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "\xff", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "1:30", NO_FIELD_NOT_AN_AMOUNT},
        {&fil, "€12", NO_FIELD_NOT_AN_AMOUNT},
        {&eur, "90071992547409.92", NO_AMOUNT_TOO_LARGE},
        {&eur, "99999999999999999999999999999999999999", NO_AMOUNT_TOO_LARGE},
        {&eur, "000000000000000000000000000000000000000000000000000000000000000000000000000000001",
         NO_FIELD_NOT_AN_AMOUNT},
        {&jpy, "12.5", NO_FIELD_NOT_AN_AMOUNT},
        {&jpy, "9007199254740992", NO_AMOUNT_TOO_LARGE},
        {&hour, "1:5", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "1:60", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "1 h 60", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "1.5 h 30", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "1,33", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "h", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, ":30", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "1:30:00", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "1.5 min", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "1h30h", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "1,234 h", NO_FIELD_NOT_AN_AMOUNT},
        {&hour, "150119987579016:32", NO_AMOUNT_TOO_LARGE},
        {&hour, "9007199254740992 min", NO_AMOUNT_TOO_LARGE},
        {&hour, "90071992547409.92", NO_AMOUNT_TOO_LARGE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t minor = 7;
        const no why = money_parse(str_of(rows[i].typed), *rows[i].unit, &minor);

        if (why != rows[i].why || minor != 7)
            fail_msg("\"%s\": %d, %lld", rows[i].typed, (int)why, (long long)minor);
    }
}

static void check_read(struct buf *buf, money amount)
{
    int64_t minor;

    if (money_parse(buf_str(buf), amount.unit, &minor) != YES || minor != amount.minor)
        fail_msg("\"%.*s\" is not %lld", (int)buf->len, buf->ptr, (long long)amount.minor);
    buf_clear(buf);
}

/* parse(write(x)) = x, over amounts of every length, in every way of writing. */
static void reading_undoes_writing(void **state)
{
    const struct unit *const units[] = {&eur, &gbp, &usd, &sek, &jpy, &tnd, &fil, &hour, &ten};
    uint64_t seed = 20261121;
    struct buf buf = empty();

    (void)state;
    for (int i = 0; i < 200000; i++) {
        const struct unit *unit = units[chance_next(&seed) % 9];
        int64_t minor = (int64_t)(chance_next(&seed) >> (11 + chance_next(&seed) % 53));
        const money amount = {chance_next(&seed) % 2 == 0 ? minor : -minor, *unit};

        money_put_field(&buf, amount);
        check_read(&buf, amount);
        /* Whole thousands of hours in English look like decimals and are refused. */
        if (unit->kind == UNIT_TIME && minor >= 60000)
            continue;
        money_put(&buf, LANG_EN, amount);
        check_read(&buf, amount);
        money_put(&buf, LANG_FR, amount);
        check_read(&buf, amount);
    }
}

static void sums_say_no(void **state)
{
    const money a = {INT64_MAX, eur}, one = {1, eur}, least = {INT64_MIN, eur}, other = {1, gbp};
    money sum = {7, usd};

    (void)state;
    assert_int_equal(money_add(a, one, &sum), NO_SUM_WOULD_OVERFLOW);
    assert_int_equal(money_sub(least, one, &sum), NO_SUM_WOULD_OVERFLOW);
    assert_int_equal(money_add(one, other, &sum), NO_CURRENCY_DIFFERS);
    assert_int_equal(money_sub(one, other, &sum), NO_CURRENCY_DIFFERS);
    assert_int_equal(sum.minor, 7);
    assert_int_equal(money_add(a, least, &sum), YES);
    assert_int_equal(sum.minor, -1);
    assert_int_equal(sum.unit.id, eur.id);
    assert_int_equal(money_sub(one, a, &sum), YES);
    assert_true(sum.minor == 1 - INT64_MAX);
}

static void shares_round_down(void **state)
{
    static const struct {
        int64_t amount, times, per, floored;
    } rows[] = {
        {100, 1, 3, 33},
        {-100, 1, 3, -34},
        {100, -1, 3, -34},
        {-99, 1, 3, -33},
        {0, 5, 7, 0},
        {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX},
        {INT64_MIN, 1, 1, INT64_MIN},
        {INT64_MIN, INT64_MAX, INT64_MAX, INT64_MIN},
        {1, -1, INT64_MAX, -1},
    };
    int64_t floored = 7;

    (void)state;
    assert_int_equal(money_share(INT64_MAX, 2, 1, &floored), NO_SUM_WOULD_OVERFLOW);
    assert_int_equal(money_share(INT64_MIN, -1, 1, &floored), NO_SUM_WOULD_OVERFLOW);
    assert_int_equal(floored, 7);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(money_share(rows[i].amount, rows[i].times, rows[i].per, &floored), YES);
        assert_true(floored == rows[i].floored);
    }
}

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 64 * 1024) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_are_written),    cmocka_unit_test(counts_are_grouped),
        cmocka_unit_test(typed_amounts_are_read), cmocka_unit_test(other_things_are_refused),
        cmocka_unit_test(reading_undoes_writing), cmocka_unit_test(sums_say_no),
        cmocka_unit_test(shares_round_down),
    };

    return cmocka_run_group_tests_name("money", tests, start, stop);
}
