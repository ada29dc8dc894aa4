/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Listings of Inside Airbnb (insideairbnb.com, CC BY 4.0): the summary file listings.csv and the
 * detailed one of the same name in a .gz, found apart by their columns. Prices are in the currency
 * of the city, which the file does not name: the caller says how many decimals it has.
 *
 *     struct airbnb file;
 *     TRY(airbnb_open(&file, arena, text, exponent, &wrong));
 *     while ((answer = airbnb_next(&file, arena, &row, &wrong)) != NO_NOT_FOUND)
 *         YES: a row; NO_FILE_LINES_REFUSED: wrong says which line and why, go on; else: the file
 * is over.
 */
#ifndef WIRE_AIRBNB_H
#define WIRE_AIRBNB_H

#include "wire/csv.h"

enum listing_room { LISTING_ENTIRE, LISTING_PRIVATE, LISTING_SHARED, LISTING_HOTEL };

/* One listing. Texts are in the arena or the file; what is not there is empty. */
struct listing_row {
    uint32_t line;
    str id; /* 1 to 20 digits */
    str title;
    str host_id; /* digits, or empty */
    str host_name;
    str neighbourhood, neighbourhood_group;
    int32_t latitude_e6, longitude_e6; /* millionths of a degree, halves to even */
    enum listing_room room;
    bool has_price; /* false: an offer without a price, "price on request" */
    int64_t price_minor;
    int32_t minimum_nights;                   /* 1 where the file is silent */
    int32_t reviews, reviews_ltm;             /* ltm: of the last twelve months */
    int32_t host_listings, availability_days; /* of the next 365 */
    bool has_last_review;
    int32_t last_review_days; /* since 1970 */
    str licence;
    str description; /* plain text; the detailed file only, like the next */
    str picture_url; /* http(s), or empty */
};

enum airbnb_column {
    AIRBNB_ID,
    AIRBNB_NAME,
    AIRBNB_LATITUDE,
    AIRBNB_LONGITUDE,
    AIRBNB_ROOM_TYPE,
    AIRBNB_PRICE,
    AIRBNB_HOST_ID,
    AIRBNB_HOST_NAME,
    AIRBNB_NEIGHBOURHOOD,
    AIRBNB_NEIGHBOURHOOD_GROUP,
    AIRBNB_MINIMUM_NIGHTS,
    AIRBNB_REVIEWS,
    AIRBNB_REVIEWS_LTM,
    AIRBNB_LAST_REVIEW,
    AIRBNB_HOST_LISTINGS,
    AIRBNB_AVAILABILITY,
    AIRBNB_LICENCE,
    AIRBNB_DESCRIPTION,
    AIRBNB_PICTURE,
    AIRBNB_COLUMNS
};

struct airbnb {
    struct csv_reader csv;
    struct csv_head head;
    unsigned exponent;
    int at[AIRBNB_COLUMNS];
};

/* Reads the header. As csv_open and csv_head_read, and NO_FILE_HEADER_UNKNOWN: wrong->field is the
 * first column that is missing of id, name, latitude, longitude, room_type, price. `exponent` 0
 * to 4. `text` must outlive the file. */
no airbnb_open(struct airbnb *file, struct arena *arena, str text, unsigned exponent,
               struct csv_wrong *wrong) MUST_USE;
/* The next listing; NO_NOT_FOUND at the end. NO_FILE_LINES_REFUSED: this line is out (wrong->line,
 * field, why), the next may be asked for. Anything else (NO_FILE_CUT, NO_FILE_NOT_CSV,
 * NO_FIELD_TOO_LONG, NO_OUT_OF_MEMORY) ends the file. A caller that is done with a row may rewind
 * the arena to before it. */
no airbnb_next(struct airbnb *file, struct arena *arena, struct listing_row *row,
               struct csv_wrong *wrong) MUST_USE;

#endif
