/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Places: every way a person writes one, and what the house knows by heart of its surroundings.
 */
#include "market_world.h"

#include "deeds/place.h"
#include "deeds/surroundings.h"
#include "rules/geo.h"

static void test_places(void **state)
{
    static const struct {
        const char *typed;
        enum place_found found;
        const char *label;
    } rows[] = {
        {"", PLACE_NONE, ""},
        {"   ", PLACE_NONE, ""},
        {"Lyon", PLACE_FOUND, "Lyon"},
        {"lyon 7e", PLACE_FOUND, "Lyon 7e"},
        {"Lyon 7", PLACE_FOUND, "Lyon 7e"},
        {"LYON 7ème arrondissement", PLACE_FOUND, "Lyon 7e"},
        {"Lyon 1st", PLACE_FOUND, "Lyon 1er"},
        {"Lyon 7e, Guillotière", PLACE_FOUND, "Lyon 7e"},
        {"69007", PLACE_FOUND, "Lyon 7e"},
        {"69007 Lyon", PLACE_FOUND, "Lyon 7e"},
        {"Lyon 69007", PLACE_FOUND, "Lyon 7e"},
        {"villeurb", PLACE_FOUND, "Villeurbanne"},
        {"caluire et cuire", PLACE_FOUND, "Caluire-et-Cuire"},
        {"Saint-Denis", PLACE_SEVERAL, ""},
        {"st denis", PLACE_SEVERAL, ""},
        {"Saint-Denis (974)", PLACE_FOUND, "Saint-Denis"},
        {"Saint-Denis (93200)", PLACE_FOUND, "Saint-Denis"},
        {"Aachen (DE)", PLACE_FOUND, "Aachen"},
        {"Nowhere at all", PLACE_UNKNOWN, ""},
        {"00000", PLACE_UNKNOWN, ""},
        {"%' OR 1=1 --", PLACE_UNKNOWN, ""},
        {"\xff\xfe", PLACE_UNKNOWN, ""},
    };
    struct ctx ctx;

    (void)state;
    test_as(&test, &ctx, 0, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct place_answer answer;

        assert_int_equal(view_place_find(&ctx, str_of(rows[i].typed), &answer), YES);
        if (answer.found != rows[i].found)
            fail_msg("%s: %d, %zu choices", rows[i].typed, answer.found, answer.choices_n);
        if (answer.found == PLACE_FOUND &&
            !str_eq(place_label(ctx.arena, &answer.place, false), str_of(rows[i].label)))
            fail_msg("%s is %.*s", rows[i].typed, (int)answer.place.name.len,
                     answer.place.name.ptr);
        for (size_t n = 0; answer.found == PLACE_SEVERAL && n < answer.choices_n; n++) {
            struct place_answer one;

            assert_int_equal(
                view_place_find(&ctx, place_label(ctx.arena, &answer.choices[n], true), &one), YES);
            assert_int_equal(one.found, PLACE_FOUND);
            assert_int_equal(one.place.id, answer.choices[n].id);
        }
    }
    test_done(&ctx);
}

/* What the house knows by heart is what the store says: a step aside the store is asked. */
static void test_places_around_home(void **state)
{
    static const int64_t reaches[] = {2546, 6363, 12727, 31818, 32001, 90000, 150000};
    struct ctx ctx;

    (void)state;
    test_as(&test, &ctx, 0, 0);
    const struct house *house = ctx_house(&ctx);

    assert_in_range(house->around_n, 200, SURROUNDINGS_HOME_MOST - 1); /* so it knows all of them */
    for (size_t i = 0; i < sizeof reaches / sizeof reaches[0]; i++) {
        const int32_t lat = (int32_t)house->lat, lon = (int32_t)house->lon;
        struct sql_place *home, *aside;
        size_t home_n, aside_n;

        assert_int_equal(view_place_around(&ctx, lat, lon, reaches[i], 40, &home, &home_n), YES);
        assert_int_equal(view_place_around(&ctx, lat + 1, lon, reaches[i], 40, &aside, &aside_n),
                         YES);
        assert_true(home_n > 0);
        assert_int_equal(home_n, aside_n);
        for (size_t k = 0; k < home_n; k++)
            assert_int_equal(home[k].id, aside[k].id);
    }
    test_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_places_around_home),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
