/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The survey plan: where the offers of a page are, drawn by this server, so that no map service
 * sees a search. Rings of distance, names of towns, numbered pins that match the list.
 */
#ifndef PAGES_MARKET_PLAN_H
#define PAGES_MARKET_PLAN_H

#include "base/arena.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

enum { PLAN_RINGS = 3, PLAN_NAMES_MAX = 7, PLAN_PINS_MAX = 24 };

struct plan_spot {
    int32_t lat, lon;
    int64_t number; /* of a pin; 0 of a name */
    str name;
};

struct plan_ring {
    int64_t r, label_y, metres;
};
struct plan_pin {
    int64_t x, y, number; /* top left of the pin, 26 by 32 */
};
struct plan_name {
    int64_t x, y;
    str name;
};

/* 460 by 560, the centre at 230, 280, the outer ring of 220. */
struct market_plan {
    str centre; /* the place's name */
    int64_t radius_m;
    struct plan_ring rings[PLAN_RINGS];
    size_t rings_n;
    struct plan_pin pins[PLAN_PINS_MAX];
    size_t pins_n;
    struct plan_name names[PLAN_NAMES_MAX];
    size_t names_n;
};

/* The radius to draw: the smallest of 2, 5, 10, 25 km that holds at least four in five spots. */
int64_t market_plan_radius(int32_t lat, int32_t lon, const struct plan_spot *spots, size_t n);
/* Pins outside the drawing are left out; pins that would cover each other stand side by side; a
 * name that would cover a pin or another name is left out. */
void market_plan_draw(struct market_plan *plan, str centre, int32_t lat, int32_t lon,
                      int64_t radius_m, const struct plan_spot *spots, size_t spots_n,
                      const struct plan_spot *names, size_t names_n);
/* How far from the centre a name can be seen, metres. */
int64_t market_plan_reach(int64_t radius_m);

#endif
