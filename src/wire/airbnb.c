/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/airbnb.h"

#include "base/time.h"
#include "wire/decimal.h"
#include "wire/plaintext.h"

#include <assert.h>

enum { MICRO = 6, LATITUDE_MOST = 90000000, LONGITUDE_MOST = 180000000 };

/* What the files call their columns (folded, csv.h), by enum airbnb_column; the detailed file's
 * first. */
static const struct {
    const char *field, *names;
} columns[AIRBNB_COLUMNS] = {
    [AIRBNB_ID] = {"id", "id"},
    [AIRBNB_NAME] = {"name", "name"},
    [AIRBNB_LATITUDE] = {"latitude", "latitude"},
    [AIRBNB_LONGITUDE] = {"longitude", "longitude"},
    [AIRBNB_ROOM_TYPE] = {"room_type", "room type"},
    [AIRBNB_PRICE] = {"price", "price"},
    [AIRBNB_HOST_ID] = {"host_id", "host id"},
    [AIRBNB_HOST_NAME] = {"host_name", "host name"},
    [AIRBNB_NEIGHBOURHOOD] = {"neighbourhood", "neighbourhood cleansed|neighbourhood"},
    [AIRBNB_NEIGHBOURHOOD_GROUP] = {"neighbourhood_group",
                                    "neighbourhood group cleansed|neighbourhood group"},
    [AIRBNB_MINIMUM_NIGHTS] = {"minimum_nights", "minimum nights"},
    [AIRBNB_REVIEWS] = {"number_of_reviews", "number of reviews"},
    [AIRBNB_REVIEWS_LTM] = {"number_of_reviews_ltm", "number of reviews ltm"},
    [AIRBNB_LAST_REVIEW] = {"last_review", "last review"},
    [AIRBNB_HOST_LISTINGS] = {"calculated_host_listings_count", "calculated host listings count"},
    [AIRBNB_AVAILABILITY] = {"availability_365", "availability 365"},
    [AIRBNB_LICENCE] = {"license", "license|licence"},
    [AIRBNB_DESCRIPTION] = {"description", "description"},
    [AIRBNB_PICTURE] = {"picture_url", "picture url"},
};
enum { REQUIRED = AIRBNB_PRICE + 1 }; /* the first six */

static const struct {
    const char *name;
    enum listing_room room;
} rooms[] = {
    {"Entire home/apt", LISTING_ENTIRE},
    {"Private room", LISTING_PRIVATE},
    {"Shared room", LISTING_SHARED},
    {"Hotel room", LISTING_HOTEL},
};

no airbnb_open(struct airbnb *file, struct arena *arena, str text, unsigned exponent,
               struct csv_wrong *wrong)
{
    assert(exponent <= 4);
    TRY(csv_open(&file->csv, text, wrong));
    TRY(csv_head_read(&file->csv, arena, &file->head, wrong));
    file->exponent = exponent;
    for (int i = 0; i < AIRBNB_COLUMNS; i++) {
        file->at[i] = csv_head_find(&file->head, columns[i].names);
        if (file->at[i] == CSV_NO_COLUMN && i < REQUIRED) {
            *wrong = (struct csv_wrong){1, columns[i].field, NO_FILE_HEADER_UNKNOWN};
            return NO_FILE_HEADER_UNKNOWN;
        }
    }
    return YES;
}

/* One line being read: where it is from, where its first fault is noted. */
struct line {
    const struct airbnb *file;
    const struct csv_row *row;
    struct arena *arena;
    enum airbnb_column column; /* looked at last: the one a fault is about */
};

static str field(struct line *line, enum airbnb_column column)
{
    line->column = column;
    return csv_field(line->row, line->file->at[column]);
}

static no read_id(struct line *line, enum airbnb_column column, str *id)
{
    const str text = field(line, column);

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return NO_FIELD_NOT_A_NUMBER;
    if (text.len > 20)
        return NO_FIELD_TOO_LONG;
    *id = text;
    return YES;
}

static no read_degrees(struct line *line, enum airbnb_column column, int64_t most, int32_t *degrees)
{
    int64_t read;

    TRY(decimal_parse(field(line, column), MICRO, DECIMAL_HALF_EVEN, &read));
    if (read < -most || read > most)
        return NO_FIELD_OUT_OF_RANGE;
    *degrees = (int32_t)read;
    return YES;
}

static no read_room(struct line *line, enum listing_room *room)
{
    const str text = field(line, AIRBNB_ROOM_TYPE);

    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        if (str_eq_nocase(text, str_of(rooms[i].name))) {
            *room = rooms[i].room;
            return YES;
        }
    }
    return text.len == 0 ? NO_FIELD_MISSING : NO_FIELD_NOT_A_CHOICE;
}

/* A listing without a price comes in all the same: a third of a real file has none. */
static no read_price(struct line *line, struct listing_row *listing)
{
    const no answer = decimal_parse_price(field(line, AIRBNB_PRICE), DECIMAL_COMMA_GROUPS,
                                          line->file->exponent, &listing->price_minor);

    listing->has_price = answer == YES;
    return answer == NO_FIELD_MISSING ? YES : answer;
}

/* A count that may be left out. */
static no read_count(struct line *line, enum airbnb_column column, int32_t least, int32_t absent,
                     int32_t *count)
{
    int64_t read = absent;
    const no answer = decimal_parse_count(field(line, column), least, INT32_MAX, &read);

    *count = (int32_t)read;
    return answer == NO_FIELD_MISSING ? YES : answer;
}

static no read_counts(struct line *line, struct listing_row *listing)
{
    TRY(read_count(line, AIRBNB_MINIMUM_NIGHTS, 1, 1, &listing->minimum_nights));
    TRY(read_count(line, AIRBNB_REVIEWS, 0, 0, &listing->reviews));
    TRY(read_count(line, AIRBNB_REVIEWS_LTM, 0, 0, &listing->reviews_ltm));
    TRY(read_count(line, AIRBNB_HOST_LISTINGS, 0, 0, &listing->host_listings));
    TRY(read_count(line, AIRBNB_AVAILABILITY, 0, 0, &listing->availability_days));
    const str last = field(line, AIRBNB_LAST_REVIEW);

    if (last.len > 0)
        TRY(time_parse_iso_date(last, &listing->last_review_days));
    listing->has_last_review = last.len > 0;
    return YES;
}

static no read_words(struct line *line, struct listing_row *listing)
{
    TRY(plaintext_line(line->arena, field(line, AIRBNB_NAME), &listing->title));
    if (listing->title.len == 0)
        return NO_FIELD_MISSING;
    TRY(plaintext_line(line->arena, field(line, AIRBNB_HOST_NAME), &listing->host_name));
    TRY(plaintext_line(line->arena, field(line, AIRBNB_NEIGHBOURHOOD), &listing->neighbourhood));
    TRY(plaintext_line(line->arena, field(line, AIRBNB_NEIGHBOURHOOD_GROUP),
                       &listing->neighbourhood_group));
    TRY(plaintext_line(line->arena, field(line, AIRBNB_LICENCE), &listing->licence));
    TRY(plaintext_of_html(line->arena, field(line, AIRBNB_DESCRIPTION), &listing->description));
    const str url = field(line, AIRBNB_PICTURE);

    if (str_starts(url, S("https://")) || str_starts(url, S("http://")))
        listing->picture_url = url;
    return YES;
}

static no read_listing(struct line *line, struct listing_row *listing)
{
    TRY(read_id(line, AIRBNB_ID, &listing->id));
    if (listing->id.len == 0)
        return NO_FIELD_MISSING;
    TRY(read_id(line, AIRBNB_HOST_ID, &listing->host_id));
    TRY(read_words(line, listing));
    TRY(read_degrees(line, AIRBNB_LATITUDE, LATITUDE_MOST, &listing->latitude_e6));
    TRY(read_degrees(line, AIRBNB_LONGITUDE, LONGITUDE_MOST, &listing->longitude_e6));
    TRY(read_room(line, &listing->room));
    TRY(read_price(line, listing));
    return read_counts(line, listing);
}

no airbnb_next(struct airbnb *file, struct arena *arena, struct listing_row *row,
               struct csv_wrong *wrong)
{
    struct csv_row fields;

    TRY(csv_next(&file->csv, arena, &fields, wrong));
    struct listing_row listing = {.line = fields.line};
    struct line line = {file, &fields, arena, AIRBNB_ID};
    no answer = csv_row_fits(&fields, &file->head);

    if (answer != YES) {
        (void)csv_refuse_line(wrong, fields.line, NULL, answer);
        return answer == NO_FILE_CUT ? answer : NO_FILE_LINES_REFUSED;
    }
    answer = read_listing(&line, &listing);
    if (answer != YES) {
        (void)csv_refuse_line(wrong, fields.line, columns[line.column].field, answer);
        return no_is_fault(answer) ? answer : NO_FILE_LINES_REFUSED;
    }
    *row = listing;
    return YES;
}
