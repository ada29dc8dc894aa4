/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "rules/geo.h"

#include <math.h>

static int32_t within(uint64_t *seed, int32_t low, int32_t high)
{
    const uint64_t span = (uint64_t)((int64_t)high - low) + 1;

    return (int32_t)(low + (int64_t)(chance_next(seed) % span));
}

/* The second model: haversine in floating point. */
static double great_circle(double lat1, double lon1, double lat2, double lon2)
{
    const double rad = M_PI / 180e6;
    const double a = sin((lat2 - lat1) * rad / 2), b = sin((lon2 - lon1) * rad / 2);

    return 2 * 6371008.0 * asin(sqrt(a * a + cos(lat1 * rad) * cos(lat2 * rad) * b * b));
}

static void known_distances(void **state)
{
    (void)state;
    /* Lyon Bellecour to Paris Notre-Dame, to Villeurbanne, to itself. */
    assert_in_range(geo_distance_m(45757800, 4832000, 48853000, 2349900), 390000, 394000);
    assert_in_range(geo_distance_m(45757800, 4832000, 45766700, 4879500), 3700, 3900);
    assert_int_equal(geo_distance_m(45757800, 4832000, 45757800, 4832000), 0);
    /* One degree of latitude; ten metres; the date line is no wall. */
    assert_int_equal(geo_distance_m(0, 0, 1000000, 0), 111195);
    assert_int_equal(geo_distance_m(0, 0, 90, 0), 10);
    assert_int_equal(geo_distance_m(0, 179500000, 0, -179500000), 111195);
    assert_int_equal(geo_distance_m(90000000, 0, 90000000, 180000000), 0);
}

static void half_a_percent_below_200_km(void **state)
{
    uint64_t seed = 7;
    double worst = 0;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        const int32_t lat1 = within(&seed, -68000000, 68000000);
        const int32_t lon1 = within(&seed, -180000000, 180000000);
        const int32_t reach = i % 2 == 0 ? 1300000 : 20000;
        const int32_t lat2 = lat1 + within(&seed, -reach, reach);
        int64_t lon2 = (int64_t)lon1 + 2 * within(&seed, -reach, reach);

        lon2 += lon2 > 180000000 ? -360000000 : lon2 < -180000000 ? 360000000 : 0;
        const double exact = great_circle(lat1, lon1, lat2, (double)lon2);
        const int64_t got = geo_distance_m(lat1, lon1, lat2, (int32_t)lon2);

        if (exact > 200000)
            continue;
        assert_true(fabs((double)got - exact) <= exact * 0.005 + 1);
        assert_int_equal(got, geo_distance_m(lat2, (int32_t)lon2, lat1, lon1));
        if (exact > 1000)
            worst = fmax(worst, fabs((double)got - exact) / exact);
    }
    assert_true(worst > 0.00001); /* the two models are not the same code */
}

static void squares_of_300_m(void **state)
{
    uint64_t seed = 11;

    (void)state;
    for (int i = 0; i < 100000; i++) {
        const int32_t lat =
            i < 3 ? (i - 1) * GEO_LAT_MAX : within(&seed, -GEO_LAT_MAX, GEO_LAT_MAX);
        const int32_t lon =
            i < 3 ? (1 - i) * GEO_LON_MAX : within(&seed, -GEO_LON_MAX, GEO_LON_MAX);
        int32_t a = lat, b = lon;

        geo_round_300m(&a, &b);
        assert_true(geo_is_valid(a, b));
        const int32_t again_a = a, again_b = b;
        geo_round_300m(&a, &b);
        assert_int_equal(a, again_a);
        assert_int_equal(b, again_b);
        if (lat > -80000000 && lat < 80000000)
            assert_in_range(geo_distance_m(lat, lon, a, b), 0, 216);
    }
}

static size_t around(int32_t lat, int32_t lon, int64_t radius)
{
    int32_t cells[GEO_CELLS_MAX];

    return geo_cells_around(lat, lon, radius, cells, GEO_CELLS_MAX);
}

/* The easternmost longitude at `lat2` that is still in the circle; `lon` when none is. */
static int32_t edge(int32_t lat, int32_t lon, int32_t lat2, int64_t radius)
{
    int64_t in = 0, out = 2000000;

    while (out - in > 1) {
        const int64_t middle = (in + out) / 2;
        const int64_t to =
            lon + middle > GEO_LON_MAX ? lon + middle - 2 * (int64_t)GEO_LON_MAX : lon + middle;

        if (geo_distance_m(lat, lon, lat2, (int32_t)to) <= radius)
            in = middle;
        else
            out = middle;
    }
    return (int32_t)(lon + in > GEO_LON_MAX ? lon + in - 2 * (int64_t)GEO_LON_MAX : lon + in);
}

static void cells_cover_the_circle(void **state)
{
    uint64_t seed = 13;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        int32_t cells[GEO_CELLS_MAX];
        const int32_t lat = within(&seed, -60000000, 60000000);
        const int32_t lon = i % 4 == 0 ? within(&seed, 179800000, 180000000) * (i % 8 == 0 ? 1 : -1)
                                       : within(&seed, -180000000, 180000000);
        const int64_t radius = within(&seed, 0, 25000);
        const size_t n = geo_cells_around(lat, lon, radius, cells, GEO_CELLS_MAX);

        assert_in_range(n, 1, GEO_CELLS_MAX);
        for (int j = 0; j < 40; j++) {
            const int32_t lat2 = lat + within(&seed, -250000, 250000);
            int64_t lon2 = (int64_t)lon + within(&seed, -500000, 500000);
            bool found = false;

            lon2 += lon2 > 180000000 ? -360000000 : lon2 < -180000000 ? 360000000 : 0;
            /* Down to the edge of the circle: where a cell could be forgotten. */
            if (j % 2 == 0)
                lon2 = edge(lat, lon, lat2, radius);
            if (geo_distance_m(lat, lon, lat2, (int32_t)lon2) > radius)
                continue;
            for (size_t k = 0; k < n; k++)
                found = found || cells[k] == geo_cell(lat2, (int32_t)lon2);
            assert_true(found);
        }
        for (size_t k = 1; k < n; k++)
            for (size_t l = 0; l < k; l++)
                assert_int_not_equal(cells[k], cells[l]);
    }
}

/* A fine cell lies in one cell only. */
static void fine_cells_are_parts_of_cells(void **state)
{
    uint64_t seed = 17;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        const int32_t lat = within(&seed, -90000000, 90000000);
        const int32_t lon = within(&seed, -180000000, 180000000);
        const int32_t cell = geo_cell(lat, lon), fine = geo_fine_cell(lat, lon);
        int32_t parts[GEO_FINES];
        int found = 0;

        geo_cell_split(cell, parts);
        for (size_t k = 0; k < GEO_FINES; k++)
            found += parts[k] == fine;
        assert_int_equal(found, 1);
        geo_cell_split(cell + 1, parts);
        for (size_t k = 0; k < GEO_FINES; k++)
            assert_int_not_equal(parts[k], fine);
    }
    assert_int_equal(geo_fine_cell(90000000, 180000000) > geo_cell(90000000, 180000000), 1);
}

/* Also over the date line; and the bound is tight, or a search would read far too much. */
static void no_place_is_nearer_than_its_cell(void **state)
{
    uint64_t seed = 19;

    (void)state;
    for (int i = 0; i < 400000; i++) {
        const int32_t lat = within(&seed, -68000000, 68000000);
        const int32_t lon = i % 4 == 0 ? within(&seed, 179800000, 180000000) * (i % 8 == 0 ? 1 : -1)
                                       : within(&seed, -180000000, 180000000);
        const int32_t lat2 = lat + within(&seed, -250000, 250000);
        int64_t lon2 = (int64_t)lon + within(&seed, -500000, 500000);

        lon2 += lon2 > 180000000 ? -360000000 : lon2 < -180000000 ? 360000000 : 0;
        const int64_t distance = geo_distance_m(lat, lon, lat2, (int32_t)lon2);
        const int64_t cell = geo_cell_near_m(lat, lon, geo_cell(lat2, (int32_t)lon2));
        const int64_t fine = geo_fine_cell_near_m(lat, lon, geo_fine_cell(lat2, (int32_t)lon2));

        assert_in_range(cell, 0, distance);
        assert_in_range(fine, cell == 0 ? 0 : cell - cell / 1000 - 2, distance);
        assert_true(distance - fine <= 1200 + distance / 1000);
        assert_true(distance - cell <= 9600 + distance / 1000);
    }
    assert_int_equal(geo_cell_near_m(45725000, 4835000, geo_cell(45725000, 4835000)), 0);
}

static void how_many_cells(void **state)
{
    (void)state;
    for (int32_t step = 0; step < 200; step++)
        assert_in_range(around(45700000 + step * 997, 4800000 + step * 1999, 10000), 12, 25);
    assert_int_equal(around(45700000, 4800000, 200000), 0); /* too many: search without */
    assert_int_equal(around(89950000, 0, 10), 0);           /* a pole */
    assert_int_equal(around(45700000, 4800000, -1), 0);
    assert_int_equal(around(0, 0, INT64_MAX), 0);
    int32_t one[1];
    assert_int_equal(geo_cells_around(45725000, 4835000, 10, one, 1), 1);
    assert_int_equal(one[0], geo_cell(45725000, 4835000));
    assert_int_equal(geo_cell(-90000000, -180000000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_distances),
        cmocka_unit_test(half_a_percent_below_200_km),
        cmocka_unit_test(squares_of_300_m),
        cmocka_unit_test(cells_cover_the_circle),
        cmocka_unit_test(how_many_cells),
        cmocka_unit_test(fine_cells_are_parts_of_cells),
        cmocka_unit_test(no_place_is_nearer_than_its_cell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
