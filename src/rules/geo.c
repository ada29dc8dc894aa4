/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Places in whole numbers. One table: the cosine of each degree, in millionths; between two degrees
 * a straight line, which is off by 0.00004 at most.
 */
#include "rules/geo.h"

#include <assert.h>

enum {
    DEGREE = 1000000,
    MILLION = 1000000,
    METRES_PER_DEGREE = 111195, /* of a great circle of the sphere of 6 371 008 m */
    SQUARE = 2700,              /* micro-degrees of latitude: 300 m */
    COLUMNS = 6000, /* more than there are, so that a cell number reads as row, column */
    MARGIN = 10,    /* micro-degrees: distances are rounded to the metre */
};

static const int32_t cosines[] = {
    1000000, 999848, 999391, 998630, 997564, 996195, 994522, 992546, 990268, 987688, 984808, 981627,
    978148,  974370, 970296, 965926, 961262, 956305, 951057, 945519, 939693, 933580, 927184, 920505,
    913545,  906308, 898794, 891007, 882948, 874620, 866025, 857167, 848048, 838671, 829038, 819152,
    809017,  798636, 788011, 777146, 766044, 754710, 743145, 731354, 719340, 707107, 694658, 681998,
    669131,  656059, 642788, 629320, 615661, 601815, 587785, 573576, 559193, 544639, 529919, 515038,
    500000,  484810, 469472, 453990, 438371, 422618, 406737, 390731, 374607, 358368, 342020, 325568,
    309017,  292372, 275637, 258819, 241922, 224951, 207912, 190809, 173648, 156434, 139173, 121869,
    104528,  87156,  69756,  52336,  34899,  17452,  0,
};

bool geo_is_valid(int32_t lat, int32_t lon)
{
    return lat >= -GEO_LAT_MAX && lat <= GEO_LAT_MAX && lon >= -GEO_LON_MAX && lon <= GEO_LON_MAX;
}

/* In millionths, for 0..90 degrees either way. */
static int64_t cosine(int64_t lat)
{
    const int64_t size = lat < 0 ? -lat : lat;
    const int64_t degree = size / DEGREE, rest = size % DEGREE;

    assert(size <= GEO_LAT_MAX);
    if (rest == 0)
        return cosines[degree];
    return cosines[degree] - (cosines[degree] - cosines[degree + 1]) * rest / DEGREE;
}

/* floor(sqrt(n)), n >= 0, one bit after the other. */
static int64_t square_root(int64_t n)
{
    int64_t root = 0;

    for (int64_t bit = INT64_C(1) << 62; bit > 0; bit >>= 2) {
        if (n >= root + bit) {
            n -= root + bit;
            root = (root >> 1) + bit;
        } else {
            root >>= 1;
        }
    }
    return root;
}

int64_t geo_distance_m(int32_t lat1, int32_t lon1, int32_t lat2, int32_t lon2)
{
    int64_t across = (int64_t)lon2 - lon1;

    assert(geo_is_valid(lat1, lon1) && geo_is_valid(lat2, lon2));
    if (across > GEO_LON_MAX)
        across -= 2 * (int64_t)GEO_LON_MAX;
    if (across < -GEO_LON_MAX)
        across += 2 * (int64_t)GEO_LON_MAX;
    /* Centimetres, so that the squares of half the globe still fit. */
    const int64_t middle = ((int64_t)lat1 + lat2) / 2;
    const int64_t y = ((int64_t)lat2 - lat1) * METRES_PER_DEGREE / (DEGREE / 100);
    const int64_t x = across * METRES_PER_DEGREE / (DEGREE / 100) * cosine(middle) / MILLION;

    return (square_root(x * x + y * y) + 50) / 100;
}

static int64_t floored(int64_t n, int64_t by)
{
    return n / by - (n % by < 0 ? 1 : 0);
}

static int64_t clamp(int64_t n, int64_t most)
{
    return n > most ? most : n < -most ? -most : n;
}

void geo_round_300m(int32_t *lat, int32_t *lon)
{
    assert(geo_is_valid(*lat, *lon));
    const int64_t middle = clamp(floored(*lat, SQUARE) * SQUARE + SQUARE / 2, GEO_LAT_MAX);
    /* The squares of a row are as wide as they are high; at the poles not wider than the globe. */
    const int64_t narrow = cosine(middle) < 100 ? 100 : cosine(middle);
    const int64_t wide = (int64_t)SQUARE * MILLION / narrow;
    const int64_t column = ((int64_t)*lon + GEO_LON_MAX) / wide;

    *lat = (int32_t)middle;
    *lon = (int32_t)clamp(column * wide + wide / 2 - GEO_LON_MAX, GEO_LON_MAX);
}

struct grid {
    int32_t lat, lon; /* size of a cell */
    int32_t columns;  /* of one row */
};
static const struct grid coarse = {GEO_CELL_LAT, GEO_CELL_LON, COLUMNS};
static const struct grid fine = {GEO_CELL_LAT / GEO_FINE, GEO_CELL_LON / GEO_FINE,
                                 COLUMNS *GEO_FINE};

static int64_t row_of(const struct grid *grid, int64_t lat)
{
    return (lat + GEO_LAT_MAX) / grid->lat;
}

static int64_t column_of(const struct grid *grid, int64_t lon)
{
    return (lon + GEO_LON_MAX) / grid->lon;
}

static int32_t cell_of(const struct grid *grid, int32_t lat, int32_t lon)
{
    assert(geo_is_valid(lat, lon));
    return (int32_t)(row_of(grid, lat) * grid->columns + column_of(grid, lon));
}

int32_t geo_cell(int32_t lat, int32_t lon)
{
    return cell_of(&coarse, lat, lon);
}

int32_t geo_fine_cell(int32_t lat, int32_t lon)
{
    return cell_of(&fine, lat, lon);
}

struct block {
    int64_t south, north, west, east; /* micro-degrees, valid */
};

static int64_t block_cells(const struct block *block)
{
    return (row_of(&coarse, block->north) - row_of(&coarse, block->south) + 1) *
           (column_of(&coarse, block->east) - column_of(&coarse, block->west) + 1);
}

static size_t put_block(const struct block *block, int32_t *cells)
{
    const int64_t west = column_of(&coarse, block->west), east = column_of(&coarse, block->east);
    size_t n = 0;

    for (int64_t row = row_of(&coarse, block->south); row <= row_of(&coarse, block->north); row++)
        for (int64_t column = west; column <= east; column++)
            cells[n++] = (int32_t)(row * COLUMNS + column);
    return n;
}

size_t geo_cells_around(int32_t lat, int32_t lon, int64_t radius_m, int32_t *cells, size_t max)
{
    assert(geo_is_valid(lat, lon));
    if (radius_m < 0 || radius_m > 2000000)
        return 0;
    const int64_t high = radius_m * DEGREE / METRES_PER_DEGREE + MARGIN;
    const int64_t top = (lat < 0 ? -(int64_t)lat : lat) + high;

    if (top >= GEO_LAT_MAX - DEGREE)
        return 0; /* around a pole a circle touches every meridian */
    const int64_t wide = high * MILLION / cosine(top) + MARGIN;
    struct block blocks[2] = {{lat - high, lat + high, lon - wide, lon + wide}};
    size_t n = 1;

    if (wide >= GEO_LON_MAX)
        return 0;
    if (blocks[0].west < -GEO_LON_MAX || blocks[0].east > GEO_LON_MAX) {
        /* Over the date line: one block on each side. */
        const int64_t turn = 2 * (int64_t)GEO_LON_MAX;
        const bool west = blocks[0].west < -GEO_LON_MAX;

        blocks[1] = blocks[0];
        blocks[1].west = west ? blocks[0].west + turn : -GEO_LON_MAX;
        blocks[1].east = west ? GEO_LON_MAX : blocks[0].east - turn;
        blocks[0].west = west ? -GEO_LON_MAX : blocks[0].west;
        blocks[0].east = west ? blocks[0].east : GEO_LON_MAX;
        n = 2;
    }
    int64_t total = 0;
    size_t written = 0;

    for (size_t i = 0; i < n; i++)
        total += block_cells(&blocks[i]);
    if ((size_t)total > max)
        return 0;
    for (size_t i = 0; i < n; i++)
        written += put_block(&blocks[i], cells + written);
    return written;
}

void geo_cell_split(int32_t cell, int32_t fine_cells[GEO_FINES])
{
    const int32_t row = cell / COLUMNS * GEO_FINE, column = cell % COLUMNS * GEO_FINE;

    for (int32_t i = 0; i < GEO_FINES; i++)
        fine_cells[i] = (row + i / GEO_FINE) * fine.columns + column + i % GEO_FINE;
}

static int64_t between(int64_t n, int64_t low, int64_t high)
{
    return n < low ? low : n > high ? high : n;
}

/* How far east of `from` it is, once round the globe at most. */
static int64_t eastward(int64_t from, int64_t to)
{
    return to >= from ? to - from : to - from + 2 * (int64_t)GEO_LON_MAX;
}

/* On one side of its nearest corner a cell comes a little nearer, since the meridians close in:
 * hence the thousandth. */
static int64_t near_m(const struct grid *grid, int32_t lat, int32_t lon, int32_t cell)
{
    const int64_t south = (int64_t)(cell / grid->columns) * grid->lat - GEO_LAT_MAX;
    const int64_t west = (int64_t)(cell % grid->columns) * grid->lon - GEO_LON_MAX;
    const int64_t north = clamp(south + grid->lat - 1, GEO_LAT_MAX);
    const int64_t east = clamp(west + grid->lon - 1, GEO_LON_MAX);
    int64_t side = lon;

    if (lon < west || lon > east)
        side = eastward(lon, west) < eastward(east, lon) ? west : east;
    const int64_t near =
        geo_distance_m(lat, lon, (int32_t)between(lat, south, north), (int32_t)side);

    return near < 3 ? 0 : near - near / 1000 - 2;
}

int64_t geo_cell_near_m(int32_t lat, int32_t lon, int32_t cell)
{
    return near_m(&coarse, lat, lon, cell);
}

int64_t geo_fine_cell_near_m(int32_t lat, int32_t lon, int32_t fine_cell)
{
    return near_m(&fine, lat, lon, fine_cell);
}
