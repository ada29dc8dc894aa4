/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Places without float: coordinates are micro-degrees (1e-6 degree, about 11 cm), distances are
 * metres. Distances are
 * equirectangular on a sphere of 6 371 008 m, with the cosine from a table: under 200 km and below
 * 70 degrees of
 * latitude within 0.5 % of the great circle. Source: design/screens.md 0 (5), 3.4 (1).
 */
#ifndef RULES_GEO_H
#define RULES_GEO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GEO_LAT_MAX = 90000000,
    GEO_LON_MAX = 180000000,
    GEO_CELL_LAT = 50000, /* 0.05 degree: 5.6 km */
    GEO_CELL_LON = 70000, /* 0.07 degree: 5.4 km at 46 N */
    GEO_CELLS_MAX = 200,
    GEO_FINE = 8, /* a cell has 8 x 8 fine cells: 0.7 km, for the middle of a large city */
    GEO_FINES = GEO_FINE * GEO_FINE,
};

bool geo_is_valid(int32_t lat, int32_t lon);
/* Metres between two valid places, the short way round. */
int64_t geo_distance_m(int32_t lat1, int32_t lon1, int32_t lat2, int32_t lon2);
/* Moves a place to the centre of its square of about 300 m: what is published of a home. */
void geo_round_300m(int32_t *lat, int32_t *lon);
/* The cell of a place: one number, stable for ever (it is an index in the store). */
int32_t geo_cell(int32_t lat, int32_t lon);
/* Every cell that a circle of `radius_m` may touch, at most `max` (GEO_CELLS_MAX is enough for 25
 * km up to 60 degrees);
 * returns their number, or 0 when there would be more: then search without cells. */
size_t geo_cells_around(int32_t lat, int32_t lon, int64_t radius_m, int32_t *cells, size_t max);
/* The fine cell of a place, and those of a cell. */
int32_t geo_fine_cell(int32_t lat, int32_t lon);
void geo_cell_split(int32_t cell, int32_t fine[GEO_FINES]);
/* No place of the cell, or of the fine cell, is nearer than this; below 70 degrees of latitude and
 * for 50 km at most a thousandth and 2 m less than the nearest. */
int64_t geo_cell_near_m(int32_t lat, int32_t lon, int32_t cell);
int64_t geo_fine_cell_near_m(int32_t lat, int32_t lon, int32_t fine);

#endif
