/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The chart is a table that can be searched both ways, and has what the deeds name.
 */
#include "cm.h"
#include "rules/chart.h"

static void chart_is_ascending_and_complete(void **state)
{
    static const int32_t needed[] = {411000, 467100, 471000, 512000, 530000, 580000, 708201,
                                     708202, 708203, 801000, 802000, 803000, 101300, 106100};

    (void)state;
    for (size_t i = 0; chart_at(i); i++) {
        const struct chart_line *line = chart_at(i);
        assert_ptr_equal(chart_find(line->number), line);
        assert_ptr_equal(chart_find_key(str_of(line->neutral)), line);
        assert_true(i == 0 || chart_at(i - 1)->number < line->number);
        assert_true(line->label_fr[0] && line->label_en[0]);
        (void)ledger_sign(line->nature);
    }
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        assert_non_null(chart_find(needed[i]));
    assert_null(chart_find(101301));
    assert_null(chart_find(0));
    assert_null(chart_find(999999));
    assert_int_equal(chart_class(708201), 7);
    assert_int_equal(chart_class(70820), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chart_is_ascending_and_complete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
