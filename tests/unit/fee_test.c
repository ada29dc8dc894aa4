/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "rules/fee.h"

static const struct fee_params euro = {520, 230, 150};

static void the_prototype_to_the_cent(void **state)
{
    static const struct fee_split rows[] = {
        {3800, 3458, 342, 198, 87, 57},
        {1900, 1729, 171, 99, 44, 28},
        {9600, 8736, 864, 499, 221, 144},
        {400, 364, 36, 21, 9, 6},
        {0, 0, 0, 0, 0, 0},
        {1, 1, 0, 0, 0, 0},
        {11, 11, 0, 0, 0, 0},
        {12, 11, 1, 1, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fee_split got;

        assert_int_equal(fee_split(rows[i].price, &euro, &got), YES);
        assert_memory_equal(&got, &rows[i], sizeof got);
    }
}

static void what_is_refused(void **state)
{
    static const struct {
        int64_t price;
        struct fee_params params;
        no why;
    } rows[] = {
        {-1, {520, 230, 150}, NO_FIELD_OUT_OF_RANGE},
        {FEE_PRICE_MAX + 1, {520, 230, 150}, NO_FIELD_OUT_OF_RANGE},
        {100, {-1, 230, 150}, NO_FIELD_OUT_OF_RANGE},
        {100, {520, -1, 150}, NO_FIELD_OUT_OF_RANGE},
        {100, {520, 230, -1}, NO_FIELD_OUT_OF_RANGE},
        {100, {5001, 0, 0}, NO_FEE_TOO_HIGH},
        {100, {2000, 2000, 1001}, NO_FEE_TOO_HIGH},
        {100, {INT32_MAX, INT32_MAX, INT32_MAX}, NO_FEE_TOO_HIGH},
        {100, {5000, 0, 0}, YES},
        {FEE_PRICE_MAX, {520, 230, 150}, YES},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fee_split got = {.price = 77};

        assert_int_equal(fee_split(rows[i].price, &rows[i].params, &got), rows[i].why);
        assert_int_equal(got.price, rows[i].why == YES ? rows[i].price : 77);
    }
    struct fee_split got = {.price = 77};
    assert_int_equal(fee_strata_of(-1, &euro, &got), NO_FIELD_OUT_OF_RANGE);
    assert_int_equal(fee_strata_of(FEE_PRICE_MAX + 1, &euro, &got), NO_FIELD_OUT_OF_RANGE);
    assert_int_equal(got.price, 77);
}

/* |amount - exact share| < 1 cent for every stratum, sums exact, fee floored. */
static void check_split(int64_t price, const struct fee_params *params)
{
    struct fee_split got;
    struct fee_stratum core[FEE_STRATA];
    int64_t amounts = 0, shares = 0;
    const int64_t bp = (int64_t)params->running_bp + params->reserve_bp + params->solidarity_bp;

    assert_int_equal(fee_split(price, params, &got), YES);
    assert_int_equal(got.provider + got.fee, price);
    assert_int_equal(got.running + got.reserve + got.solidarity, got.fee);
    assert_true(got.provider >= 0 && got.running >= 0 && got.reserve >= 0 && got.solidarity >= 0);
    if (price < INT64_C(100000000000000)) {
        assert_int_equal(got.fee, price * bp / 10000);
        if (bp > 0) {
            const int64_t exact = got.fee * params->reserve_bp;

            assert_true(got.reserve * bp > exact - bp && got.reserve * bp < exact + bp);
        }
    }
    fee_core(&got, core);
    for (size_t i = 0; i < FEE_STRATA; i++) {
        assert_int_equal(core[i].kind, i);
        assert_true(core[i].share >= 0);
        amounts += core[i].amount;
        shares += core[i].share;
    }
    assert_int_equal(amounts, price);
    assert_int_equal(shares, price == 0 ? 0 : 10000);
}

static void no_cent_is_made_or_lost(void **state)
{
    uint64_t seed = 20261123;

    (void)state;
    for (int64_t price = 0; price <= 20000; price++)
        check_split(price, &euro);
    for (int i = 0; i < 200000; i++) {
        const int64_t price = (int64_t)(chance_next(&seed) >> (11 + chance_next(&seed) % 50));
        struct fee_params params;

        params.running_bp = (int32_t)(chance_next(&seed) % 1667);
        params.reserve_bp = (int32_t)(chance_next(&seed) % 1667);
        params.solidarity_bp = (int32_t)(chance_next(&seed) % 1667);
        if (i % 7 == 0)
            params.running_bp = params.solidarity_bp = 0;
        check_split(price, &params);
    }
    check_split(FEE_PRICE_MAX, &euro);
}

static void a_fee_taken_is_cut_the_same(void **state)
{
    struct fee_split got;
    const struct fee_params zero = {0, 0, 0};

    (void)state;
    assert_int_equal(fee_strata_of(342, &euro, &got), YES);
    assert_int_equal(got.price, 342);
    assert_int_equal(got.fee, 342);
    assert_int_equal(got.provider, 0);
    assert_int_equal(got.running, 198);
    assert_int_equal(got.reserve, 87);
    assert_int_equal(got.solidarity, 57);
    assert_int_equal(fee_strata_of(5, &zero, &got), YES);
    assert_int_equal(got.running, 5);
}

static void the_defaults(void **state)
{
    (void)state;
    const struct fee_params euros = fee_params_default(UNIT_FIAT);
    const struct fee_params hours = fee_params_default(UNIT_TIME);
    const struct fee_params credit = fee_params_default(UNIT_MUTUAL);

    assert_memory_equal(&euros, &euro, sizeof euros);
    assert_int_equal(hours.running_bp + hours.reserve_bp + hours.solidarity_bp, 0);
    assert_int_equal(credit.running_bp + credit.reserve_bp + credit.solidarity_bp, 0);
}

static void the_core_of_38_euro(void **state)
{
    static const int32_t shares[] = {9100, 521, 229, 150};
    struct fee_split split;
    struct fee_stratum core[FEE_STRATA];

    (void)state;
    assert_int_equal(fee_split(3800, &euro, &split), YES);
    fee_core(&split, core);
    for (size_t i = 0; i < FEE_STRATA; i++)
        assert_int_equal(core[i].share, shares[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_prototype_to_the_cent),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(no_cent_is_made_or_lost),
        cmocka_unit_test(a_fee_taken_is_cut_the_same),
        cmocka_unit_test(the_defaults),
        cmocka_unit_test(the_core_of_38_euro),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
