/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The places around a point: what the house knows by heart of its own surroundings, and what plans
 * ask the gazetteer for.
 */
#ifndef DEEDS_SURROUNDINGS_H
#define DEEDS_SURROUNDINGS_H

#include "deeds/ctx.h"
#include "store/sql_place.h"

/* The house knows the places within this of the co-op, at most so many: the first page asks for
 * them each time. The widest plan reaches 31.8 km, where the gazetteer has 229 places around Lyon
 * and 462 around Paris: fewer than this, so that the house knows them all and need not ask. */
enum { SURROUNDINGS_HOME_M = 32000, SURROUNDINGS_HOME_MOST = 512 };

/* A rectangle in micro-degrees. */
struct surroundings {
    int64_t south, north, west, east;
};

/* What lies within `reach_m` north, south, east and west of a point. */
struct surroundings surroundings_of(int32_t lat, int32_t lon, int64_t reach_m);
/* The largest places in it, at most `most`. */
no surroundings_read(struct ctx *ctx, const struct surroundings *reach, int64_t most,
                     struct sql_place **places, size_t *places_n) MUST_USE;

#endif
