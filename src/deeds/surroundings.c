/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/surroundings.h"

#include "rules/geo.h"

/* A degree of longitude is measured at this latitude by the same rule that measures distances. */
struct surroundings surroundings_of(int32_t lat, int32_t lon, int64_t reach_m)
{
    enum { STEP = 100000 };
    const int32_t other_lon = lon > 0 ? lon - STEP : lon + STEP;
    const int32_t other_lat = lat > 0 ? lat - STEP : lat + STEP;
    const int64_t wide = geo_distance_m(lat, lon, lat, other_lon);
    const int64_t high = geo_distance_m(lat, lon, other_lat, lon);
    const int64_t east = wide > 0 ? reach_m * STEP / wide : GEO_LON_MAX;
    const int64_t north = high > 0 ? reach_m * STEP / high : GEO_LAT_MAX;

    return (struct surroundings){lat - north, lat + north, lon - east, lon + east};
}

no surroundings_read(struct ctx *ctx, const struct surroundings *reach, int64_t most,
                     struct sql_place **places, size_t *places_n)
{
    return sql_place_around(ctx->db, ctx->arena, reach->south, reach->north, reach->west,
                            reach->east, most, places, places_n);
}
