/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pages/market_plan.h"

#include "base/utf8.h"
#include "rules/geo.h"

#include <stdbool.h>

enum {
    WIDE = 460,
    HIGH = 560,
    CENTRE_X = 230,
    CENTRE_Y = 280,
    OUTER = 220,
    PIN_WIDE = 26,
    PIN_HIGH = 32,
    PIN_BODY = 24,
    LETTER_WIDE = 7,
    NAME_HIGH = 16,
    TRIES = 12,
};

static const struct {
    int64_t radius_m, rings_m[PLAN_RINGS];
} scales[] = {
    {2000, {500, 1000, 2000}},
    {5000, {1000, 3000, 5000}},
    {10000, {2000, 5000, 10000}},
    {25000, {5000, 10000, 25000}},
};
enum { SCALES = sizeof scales / sizeof scales[0] };

int64_t market_plan_radius(int32_t lat, int32_t lon, const struct plan_spot *spots, size_t n)
{
    for (size_t scale = 0; scale + 1 < SCALES; scale++) {
        size_t inside = 0;

        for (size_t i = 0; i < n; i++)
            inside +=
                geo_distance_m(lat, lon, spots[i].lat, spots[i].lon) <= scales[scale].radius_m;
        if (n > 0 && inside * 5 >= n * 4)
            return scales[scale].radius_m;
    }
    return n == 0 ? 5000 : scales[SCALES - 1].radius_m;
}

int64_t market_plan_reach(int64_t radius_m)
{
    return radius_m * CENTRE_Y / OUTER;
}

struct point {
    int64_t x, y;
};

/* East and north of the centre by two distances, so that the plan and the list agree. */
static struct point project(int32_t lat, int32_t lon, int64_t radius_m,
                            const struct plan_spot *spot)
{
    const int64_t east = geo_distance_m(lat, lon, lat, spot->lon) * (spot->lon < lon ? -1 : 1);
    const int64_t north = geo_distance_m(lat, lon, spot->lat, lon) * (spot->lat < lat ? -1 : 1);

    return (struct point){CENTRE_X + east * OUTER / radius_m, CENTRE_Y - north * OUTER / radius_m};
}

static bool apart(int64_t a, int64_t b, int64_t least)
{
    return a - b >= least || b - a >= least;
}

static bool pin_free(const struct market_plan *plan, int64_t x, int64_t y)
{
    if (x < 0 || y < 0 || x + PIN_WIDE > WIDE || y + PIN_HIGH > HIGH)
        return false;
    for (size_t i = 0; i < plan->pins_n; i++)
        if (!apart(plan->pins[i].x, x, PIN_WIDE) && !apart(plan->pins[i].y, y, PIN_BODY))
            return false;
    return true;
}

/* Where the place is; else beside it: right, left, above, below, and again further. */
static void put_pin(struct market_plan *plan, struct point at, int64_t number)
{
    static const struct point ways[] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}};
    const int64_t x = at.x - PIN_WIDE / 2, y = at.y - PIN_HIGH;

    if (plan->pins_n == PLAN_PINS_MAX || at.x < 0 || at.x > WIDE || at.y < 0 || at.y > HIGH)
        return;
    for (int64_t i = 0; i <= TRIES; i++) {
        const struct point way = i == 0 ? (struct point){0, 0} : ways[(i - 1) % 4];
        const int64_t far = i == 0 ? 0 : (i - 1) / 4 + 1;
        const int64_t tried_x = x + way.x * far * (PIN_WIDE + 1),
                      tried_y = y + way.y * far * (PIN_BODY + 1);

        if (pin_free(plan, tried_x, tried_y)) {
            plan->pins[plan->pins_n++] = (struct plan_pin){tried_x, tried_y, number};
            return;
        }
    }
}

static bool name_free(const struct market_plan *plan, struct point at, int64_t half)
{
    if (at.x - half < 4 || at.x + half > WIDE - 4 || at.y < NAME_HIGH + 4 || at.y > HIGH - 6)
        return false;
    for (size_t i = 0; i < plan->pins_n; i++)
        if (plan->pins[i].x < at.x + half && plan->pins[i].x + PIN_WIDE > at.x - half &&
            plan->pins[i].y < at.y && plan->pins[i].y + PIN_HIGH > at.y - NAME_HIGH)
            return false;
    for (size_t i = 0; i < plan->names_n; i++) {
        const int64_t other = (int64_t)utf8_count(plan->names[i].name) * LETTER_WIDE / 2;

        if (!apart(plan->names[i].x, at.x, half + other + 6) &&
            !apart(plan->names[i].y, at.y, NAME_HIGH))
            return false;
    }
    for (size_t i = 0; i < plan->rings_n; i++)
        if (!apart(at.x, CENTRE_X + 26, half + 26) &&
            !apart(at.y, plan->rings[i].label_y, NAME_HIGH))
            return false;
    return apart(at.x, CENTRE_X, half + 12) || apart(at.y - NAME_HIGH / 2, CENTRE_Y, 18);
}

static void put_name(struct market_plan *plan, struct point at, str name)
{
    const int64_t half = (int64_t)utf8_count(name) * LETTER_WIDE / 2;

    if (plan->names_n < PLAN_NAMES_MAX && name_free(plan, at, half))
        plan->names[plan->names_n++] = (struct plan_name){at.x, at.y, name};
}

static void put_rings(struct market_plan *plan)
{
    for (size_t scale = 0; scale < SCALES; scale++)
        if (scales[scale].radius_m == plan->radius_m)
            for (; plan->rings_n < PLAN_RINGS; plan->rings_n++) {
                const int64_t metres = scales[scale].rings_m[plan->rings_n];
                const int64_t r = metres * OUTER / plan->radius_m;

                plan->rings[plan->rings_n] = (struct plan_ring){r, CENTRE_Y + r - 6, metres};
            }
}

void market_plan_draw(struct market_plan *plan, str centre, int32_t lat, int32_t lon,
                      int64_t radius_m, const struct plan_spot *spots, size_t spots_n,
                      const struct plan_spot *names, size_t names_n)
{
    *plan = (struct market_plan){.centre = centre, .radius_m = radius_m};
    put_rings(plan);
    for (size_t i = 0; i < spots_n; i++)
        put_pin(plan, project(lat, lon, radius_m, &spots[i]), spots[i].number);
    for (size_t i = 0; i < names_n; i++)
        put_name(plan, project(lat, lon, radius_m, &names[i]), names[i].name);
}
