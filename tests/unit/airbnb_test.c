/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "shared.h"

#include "base/no.h"
#include "base/time.h"
#include "wire/airbnb.h"

#include <string.h>

#define HEAD                                                                                    \
    "id,name,host_id,host_name,neighbourhood_group,neighbourhood,latitude,longitude,room_type," \
    "price,minimum_nights,number_of_reviews,last_review,reviews_per_month,"                     \
    "calculated_host_listings_count,availability_365,number_of_reviews_ltm,license\n"

static struct arena arena;
static struct airbnb file;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 64u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static str joined(const char *a, const char *b)
{
    struct buf out;

    buf_init(&out, &arena, 0);
    buf_put(&out, str_of(a));
    buf_put(&out, str_of(b));
    return buf_str(&out);
}

static void a_summary_line_is_read(void **state)
{
    struct csv_wrong wrong;
    struct listing_row row;

    (void)state;
    assert_int_equal(
        airbnb_open(
            &file, &arena,
            joined(HEAD, "164448,\"Double room, \"\"central\"\"\nStockholm\",784312,Host 4312,,"
                         "Södermalms,59.31389,18.0608749999,Private room,944,2,430,2024-12-09,"
                         "2.63,2,177,30,\n"
                         "299863,Temple,1322033,Host,,Älvsjö,-59.3,-18,Entire home/apt,,,,,,,,,\n"),
            2, &wrong),
        YES);
    assert_int_equal(airbnb_next(&file, &arena, &row, &wrong), YES);
    assert_int_equal(row.line, 2);
    assert_str(row.id, "164448");
    assert_str(row.title, "Double room, \"central\" Stockholm");
    assert_str(row.host_id, "784312");
    assert_str(row.host_name, "Host 4312");
    assert_str(row.neighbourhood, "Södermalms");
    assert_str(row.neighbourhood_group, "");
    assert_int_equal(row.latitude_e6, 59313890);
    assert_int_equal(row.longitude_e6, 18060875);
    assert_int_equal(row.room, LISTING_PRIVATE);
    assert_true(row.has_price);
    assert_int_equal(row.price_minor, 94400);
    assert_int_equal(row.minimum_nights, 2);
    assert_int_equal(row.reviews, 430);
    assert_int_equal(row.reviews_ltm, 30);
    assert_int_equal(row.host_listings, 2);
    assert_int_equal(row.availability_days, 177);
    assert_true(row.has_last_review);
    assert_int_equal(row.last_review_days, time_days(2024, 12, 9));

    assert_int_equal(airbnb_next(&file, &arena, &row, &wrong), YES);
    assert_int_equal(row.line, 4);
    assert_false(row.has_price);
    assert_int_equal(row.latitude_e6, -59300000);
    assert_int_equal(row.minimum_nights, 1);
    assert_false(row.has_last_review);
    assert_int_equal(airbnb_next(&file, &arena, &row, &wrong), NO_NOT_FOUND);
}

static void a_detailed_line_is_read(void **state)
{
    struct csv_wrong wrong;
    struct listing_row row;

    (void)state;
    assert_int_equal(
        airbnb_open(
            &file, &arena,
            S("id,listing_url,name,description,picture_url,host_id,neighbourhood,"
              "neighbourhood_cleansed,latitude,longitude,room_type,price\n"
              "1,https://x/1,Flat,\"Bright.<br /><b>The space</b><br />2 rooms &amp; bath\","
              "https://x/1.jpg,9,\"Stockholm, Sweden\",Norrmalms,59,18,Hotel room,"
              "\"$1,234.00\"\n"
              "2,,Flat,,javascript:alert(1),9,,,59,18,Shared room,$90.00\n"),
            2, &wrong),
        YES);
    assert_int_equal(airbnb_next(&file, &arena, &row, &wrong), YES);
    assert_str(row.description, "Bright.\nThe space\n2 rooms & bath");
    assert_str(row.picture_url, "https://x/1.jpg");
    assert_str(row.neighbourhood, "Norrmalms");
    assert_int_equal(row.room, LISTING_HOTEL);
    assert_int_equal(row.price_minor, 123400);
    assert_int_equal(airbnb_next(&file, &arena, &row, &wrong), YES);
    assert_str(row.picture_url, "");
    assert_int_equal(row.room, LISTING_SHARED);
}

static void bad_lines_are_named(void **state)
{
    static const struct {
        const char *line, *field;
        no why;
    } cases[] = {
        {",n,1,h,,x,59,18,Private room,1,,,,,,,,", "id", NO_FIELD_MISSING},
        {"12a,n,1,h,,x,59,18,Private room,1,,,,,,,,", "id", NO_FIELD_NOT_A_NUMBER},
        {"-1,n,1,h,,x,59,18,Private room,1,,,,,,,,", "id", NO_FIELD_NOT_A_NUMBER},
        {"123456789012345678901,n,1,h,,x,59,18,Private room,1,,,,,,,,", "id", NO_FIELD_TOO_LONG},
        {"1, ,1,h,,x,59,18,Private room,1,,,,,,,,", "name", NO_FIELD_MISSING},
        {"1,\x7f\u202e,1,h,,x,59,18,Private room,1,,,,,,,,", "name", NO_FIELD_MISSING},
        {"1,n,host,h,,x,59,18,Private room,1,,,,,,,,", "host_id", NO_FIELD_NOT_A_NUMBER},
        {"1,n,1,h,,x,,18,Private room,1,,,,,,,,", "latitude", NO_FIELD_MISSING},
        {"1,n,1,h,,x,\"59,3\",18,Private room,1,,,,,,,,", "latitude", NO_FIELD_NOT_A_NUMBER},
        {"1,n,1,h,,x,90.000001,18,Private room,1,,,,,,,,", "latitude", NO_FIELD_OUT_OF_RANGE},
        {"1,n,1,h,,x,59,-180.5,Private room,1,,,,,,,,", "longitude", NO_FIELD_OUT_OF_RANGE},
        {"1,n,1,h,,x,59,1e2,Private room,1,,,,,,,,", "longitude", NO_FIELD_NOT_A_NUMBER},
        {"1,n,1,h,,x,59,18,,1,,,,,,,,", "room_type", NO_FIELD_MISSING},
        {"1,n,1,h,,x,59,18,Castle,1,,,,,,,,", "room_type", NO_FIELD_NOT_A_CHOICE},
        {"1,n,1,h,,x,59,18,Private room,free,,,,,,,,", "price", NO_FIELD_NOT_AN_AMOUNT},
        {"1,n,1,h,,x,59,18,Private room,-5,,,,,,,,", "price", NO_FIELD_OUT_OF_RANGE},
        {"1,n,1,h,,x,59,18,Private room,99999999999999999,,,,,,,,", "price", NO_AMOUNT_TOO_LARGE},
        {"1,n,1,h,,x,59,18,Private room,1,0,,,,,,,", "minimum_nights", NO_FIELD_OUT_OF_RANGE},
        {"1,n,1,h,,x,59,18,Private room,1,,-1,,,,,,", "number_of_reviews", NO_FIELD_OUT_OF_RANGE},
        {"1,n,1,h,,x,59,18,Private room,1,,9999999999,,,,,,", "number_of_reviews",
         NO_FIELD_OUT_OF_RANGE},
        {"1,n,1,h,,x,59,18,Private room,1,,,2024-13-01,,,,,", "last_review", NO_FIELD_NOT_A_DATE},
        {"1,n,1,h,,x,59,18,Private room,1,,,soon,,,,,", "last_review", NO_FIELD_NOT_A_DATE},
        {"1,n,1,h", NULL, NO_FIELD_MISSING},
        {"1,n,1,h,,x,59,18,Private room,1,,,,,,,,,extra", NULL, NO_FIELD_WRONG},
    };
    static const char good[] = "\n7,good,1,h,,x,59,18,Private room,1,,,,,,,,\n";

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct csv_wrong wrong = {0};
        struct listing_row row;
        const str lines = joined(cases[i].line, good);
        const char *text = arena_cstr(&arena, lines);

        assert_int_equal(airbnb_open(&file, &arena, joined(HEAD, text), 2, &wrong), YES);
        if (airbnb_next(&file, &arena, &row, &wrong) != NO_FILE_LINES_REFUSED ||
            wrong.why != cases[i].why || wrong.line != 2 ||
            !str_eq(str_of(wrong.field), str_of(cases[i].field)))
            fail_msg("%s: got %s in %s", cases[i].line, no_line(wrong.why)->name,
                     wrong.field == NULL ? "the line" : wrong.field);
        /* The next line is read as if nothing had been. */
        assert_int_equal(airbnb_next(&file, &arena, &row, &wrong), YES);
        assert_str(row.title, "good");
        assert_int_equal(row.line, 3);
        assert_int_equal(airbnb_next(&file, &arena, &row, &wrong), NO_NOT_FOUND);
    }
}

static void bad_headers_are_refused(void **state)
{
    static const struct {
        const char *text, *field;
        no answer;
    } cases[] = {
        {"a,b\n1,2\n", "id", NO_FILE_HEADER_UNKNOWN},
        {"id,name,latitude,longitude,room_type\n", "price", NO_FILE_HEADER_UNKNOWN},
        {"id,latitude,longitude,room_type,price\n", "name", NO_FILE_HEADER_UNKNOWN},
        {"", NULL, NO_FILE_NOT_CSV},
        {"id,na\xefme\n", NULL, NO_FILE_NOT_UTF8},
        {"\"id,name", NULL, NO_FILE_CUT},
        {"<html><body>\n", "id", NO_FILE_HEADER_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct csv_wrong wrong = {0};

        assert_int_equal(airbnb_open(&file, &arena, str_of(cases[i].text), 2, &wrong),
                         cases[i].answer);
        assert_int_equal(wrong.line, 1);
        assert_str(str_of(wrong.field), cases[i].field == NULL ? "" : cases[i].field);
    }
}

/* Reads all of `text`; the answer that ended it. */
static no read_all(str text, size_t *good, size_t *bad, size_t *priced, struct csv_wrong *wrong)
{
    struct listing_row row;
    no answer = airbnb_open(&file, &arena, text, 2, wrong);
    const size_t mark = arena_mark(&arena);

    *good = *bad = *priced = 0;
    while (answer == YES || answer == NO_FILE_LINES_REFUSED) {
        answer = airbnb_next(&file, &arena, &row, wrong);
        *good += answer == YES;
        *bad += answer == NO_FILE_LINES_REFUSED;
        *priced += answer == YES && row.has_price;
        arena_rewind(&arena, mark);
    }
    return answer;
}

static void all_of_stockholm_comes_in(void **state)
{
    struct csv_wrong wrong = {0};
    size_t good, bad, priced;

    (void)state;
    arena_reset(&arena);
    const str text = shared_file(&arena, "data/listings/inside-airbnb-stockholm-2024-12.csv");

    assert_int_equal(read_all(text, &good, &bad, &priced, &wrong), NO_NOT_FOUND);
    assert_int_equal(bad, 0);
    assert_int_equal(good, 5223);
    assert_int_equal(priced, 5223 - 1725);
}

/* A download that broke off: at any byte the file says so, or a whole line less came in. */
static void a_cut_file_is_seen(void **state)
{
    struct csv_wrong wrong;
    size_t good, bad, priced, cut_seen = 0;
    uint64_t seed = 7;

    (void)state;
    arena_reset(&arena);
    const str text = shared_file(&arena, "data/listings/inside-airbnb-stockholm-2024-12.csv");

    for (int i = 0; i < 200; i++) {
        const size_t mark = arena_mark(&arena);
        const size_t size = 2000 + chance_next(&seed) % 60000;
        const no answer = read_all(str_sub(text, 0, size), &good, &bad, &priced, &wrong);

        assert_true(answer == NO_FILE_CUT || answer == NO_NOT_FOUND);
        assert_int_equal(bad, 0);
        cut_seen += answer == NO_FILE_CUT;
        arena_rewind(&arena, mark);
    }
    assert_true(cut_seen > 180);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_summary_line_is_read),    cmocka_unit_test(a_detailed_line_is_read),
        cmocka_unit_test(bad_lines_are_named),       cmocka_unit_test(bad_headers_are_refused),
        cmocka_unit_test(all_of_stockholm_comes_in), cmocka_unit_test(a_cut_file_is_seen),
    };

    return cmocka_run_group_tests_name("airbnb", tests, start, stop);
}
