/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Imports through their deed: listings, and files that are none.
 */
#include "import_deeds.h"
#include "shared.h"

/* --- listings --- */

static void listing_becomes_offer(void **state)
{
    struct test_world *test = *state;
    struct import_form form;
    struct sql_import_member host;
    struct ctx ctx;

    assert_int_equal(bring_listings(test, S(AIRBNB ROOM(164448, "Lovely balcony", "944")), &form),
                     YES);
    assert_sums(&form, 1, 0, 0, 0);
    const struct sql_offer offer = offer_of(test, S("airbnb:164448"));

    assert_str(offer.title, "Lovely balcony");
    assert_int_equal(offer.kind, ORDER_RENTAL);
    assert_int_equal(offer.per, PER_NIGHT);
    assert_int_equal(offer.price_mode, PRICE_ONE);
    assert_int_equal(offer.a_currency, 1);
    assert_int_equal(offer.a_minor, 8307); /* 944 * 0.088 = 83.072 */
    assert_str(offer.place, "Vasastan");
    assert_true(offer.lat != 59345210 && offer.lat > 59343000 && offer.lat < 59348000);
    test_as(test, &ctx, 0, 0);
    assert_int_equal(sql_import_member_by_source(ctx.db, ctx.arena, S("airbnb-host:7"), &host),
                     YES);
    test_done(&ctx);
    assert_int_equal(host.status, 5);
    assert_str(host.name, "Host 7");
    assert_int_equal(host.id, offer.member);
    assert_int_equal(found_by_name(test, S("balcony")), 1);
}

static void second_run_changes_nothing(void **state)
{
    struct test_world *test = *state;
    const str file = S(AIRBNB ROOM(1, "One room", "100") ROOM(2, "Two rooms", ""));
    struct import_form form;

    assert_int_equal(bring_listings(test, file, &form), YES);
    assert_sums(&form, 2, 0, 0, 0);
    const struct sql_offer before = offer_of(test, S("airbnb:1"));

    assert_int_equal(bring_listings(test, file, &form), YES);
    assert_sums(&form, 0, 0, 2, 0);
    assert_int_equal(offer_of(test, S("airbnb:1")).updated_ns, before.updated_ns);
    assert_int_equal(offer_of(test, S("airbnb:2")).price_mode, PRICE_ON_REQUEST);
}

static void changed_row_is_written_anew(void **state)
{
    struct test_world *test = *state;
    struct import_form form;

    assert_int_equal(
        bring_listings(test, S(AIRBNB ROOM(1, "Old name", "100") ROOM(2, "Other", "5")), &form),
        YES);
    assert_int_equal(
        bring_listings(test, S(AIRBNB ROOM(1, "New name", "100") ROOM(2, "Other", "5")), &form),
        YES);
    assert_sums(&form, 0, 1, 1, 0);
    assert_str(offer_of(test, S("airbnb:1")).title, "New name");
    assert_int_equal(found_by_name(test, S("old")), 0);
    assert_int_equal(found_by_name(test, S("new")), 1);
}

static void a_status_set_here_stays(void **state)
{
    struct test_world *test = *state;
    struct import_form form;
    struct ctx ctx;

    assert_int_equal(bring_listings(test, S(AIRBNB ROOM(1, "Old name", "100")), &form), YES);
    const struct sql_offer offer = offer_of(test, S("airbnb:1"));
    struct offer_status_form status = {.offer = offer.id, .to = OFFER_REMOVED};

    test_as(test, &ctx, test->amina, ROLE_FACILITATOR);
    assert_int_equal(deed_offer_status(&ctx, &status), YES);
    test_done(&ctx);
    assert_int_equal(bring_listings(test, S(AIRBNB ROOM(1, "New name", "100")), &form), YES);
    assert_int_equal(offer_of(test, S("airbnb:1")).status, OFFER_REMOVED);
    assert_int_equal(found_by_name(test, S("new")), 0);
}

static void all_or_nothing(void **state)
{
    struct test_world *test = *state;
    const str file =
        S(AIRBNB ROOM(1, "Good", "100") ROOM(2, "Bad", "many") ROOM(3, "Good too", "1"));
    struct import_form form;

    assert_int_equal(bring_listings(test, file, &form), NO_FILE_LINES_REFUSED);
    assert_sums(&form, 2, 0, 0, 1);
    assert_int_equal(form.lines[0].line, 3);
    assert_string_equal(form.lines[0].field, "price");
    assert_false(offer_there(test, S("airbnb:1")));
    form = file_of(IMPORT_AIRBNB, file);
    form.rate = S("SEK=0.088");
    form.keep_good = true;
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 2, 0, 0, 1);
    assert_true(offer_there(test, S("airbnb:1")) && offer_there(test, S("airbnb:3")));
    assert_false(offer_there(test, S("airbnb:2")));
}

static void dry_run_writes_nothing(void **state)
{
    struct test_world *test = *state;
    struct import_form form = file_of(IMPORT_AIRBNB, S(AIRBNB ROOM(1, "Good", "100")));
    struct sql_import_run *runs;
    struct ctx ctx;
    size_t runs_n;

    form.rate = S("SEK=0.088");
    form.dry_run = true;
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 1, 0, 0, 0);
    assert_false(offer_there(test, S("airbnb:1")));
    form.dry_run = false;
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 1, 0, 0, 0);
    test_as(test, &ctx, test->amina, ROLE_FACILITATOR);
    assert_int_equal(view_import_runs(&ctx, 10, &runs, &runs_n), YES);
    test_done(&ctx);
    assert_int_equal(runs_n, 1);
    assert_str(runs[0].source, "inside-airbnb");
    assert_int_equal(runs[0].added, 1);
}

static void rates_round_half_to_even(void **state)
{
    static const struct {
        const char *key;
        int64_t minor;
    } prices[] = {{"airbnb:1", 6}, {"airbnb:2", 18}, {"airbnb:3", 30}, {"airbnb:4", 0}};
    struct test_world *test = *state;
    struct import_form form =
        file_of(IMPORT_AIRBNB, S(AIRBNB ROOM(1, "Room 1", "0.50") ROOM(2, "Room 2", "1.40")
                                     ROOM(3, "Room 3", "2.40") ROOM(4, "Room 4", "0.01")));

    form.rate = S("SEK=0.125"); /* 6.25, 17.5, 30, 0.125 cents */
    assert_int_equal(bring(test, &form), YES);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(offer_of(test, str_of(prices[i].key)).a_minor, prices[i].minor);
    /* What rounds to nothing is not given away. */
    assert_int_equal(offer_of(test, S("airbnb:4")).price_mode, PRICE_ON_REQUEST);
}

static void money_is_never_guessed(void **state)
{
    struct test_world *test = *state;
    const str file = S(AIRBNB ROOM(1, "Room 1", "944"));
    struct import_form form = file_of(IMPORT_AIRBNB, file);

    assert_int_equal(bring(test, &form), YES);
    assert_true(form.without_prices);
    assert_int_equal(offer_of(test, S("airbnb:1")).price_mode, PRICE_ON_REQUEST);
    form.currency = S("SEK");
    assert_int_equal(bring(test, &form), NO_RATE_MISSING);
    form.rate = S("NOK=0.1");
    assert_int_equal(bring(test, &form), NO_RATE_MISSING);
    form.currency = S("kr.");
    assert_int_equal(bring(test, &form), NO_BAD_FIELDS);
    form.currency = S("");
    form.rate = S("EUR=2");
    assert_int_equal(bring(test, &form), NO_BAD_FIELDS);
    form.rate = S("SEK=");
    assert_int_equal(bring(test, &form), NO_BAD_FIELDS);
    form.rate = S("");
    form.currency = S("EUR");
    assert_int_equal(bring(test, &form), YES);
    assert_int_equal(form.changed, 1);
    assert_int_equal(offer_of(test, S("airbnb:1")).a_minor, 94400);
}

static void yen_have_no_cents(void **state)
{
    struct test_world *test = *state;
    struct import_form form = file_of(IMPORT_AIRBNB, S(AIRBNB ROOM(1, "Room 1", "9000")));

    form.rate = S("JPY=0.006");
    assert_int_equal(bring(test, &form), YES);
    assert_int_equal(offer_of(test, S("airbnb:1")).a_minor, 5400);
}

/* One bad value in line 3, between two good lines. */
static void bad_listing(struct test_world *test, const char *line, const char *field, no why)
{
    struct import_form form;
    char file[2048];

    (void)snprintf(file, sizeof file, "%s%s%s\n%s", AIRBNB, ROOM(1, "First", "10"), line,
                   ROOM(3, "Third", "10"));
    assert_int_equal(bring_listings(test, str_of(file), &form), NO_FILE_LINES_REFUSED);
    assert_int_equal(form.lines_n, 1);
    assert_int_equal(form.lines[0].line, 3);
    assert_int_equal(form.lines[0].why, why);
    if (field == NULL)
        assert_null(form.lines[0].field);
    else
        assert_string_equal(form.lines[0].field, field);
    assert_false(offer_there(test, S("airbnb:1")));
}

static void bad_values_are_named(void **state)
{
    struct test_world *test = *state;

    bad_listing(test, "x2,Name,7,Host,V,59.3,18.0,Private room,10,1", "id", NO_FIELD_NOT_A_NUMBER);
    bad_listing(test, ",Name,7,Host,V,59.3,18.0,Private room,10,1", "id", NO_FIELD_MISSING);
    bad_listing(test, "1,Name,7,Host,V,59.3,18.0,Private room,10,1", "id", NO_FIELD_TAKEN);
    bad_listing(test, "2,,7,Host,V,59.3,18.0,Private room,10,1", "name", NO_FIELD_MISSING);
    bad_listing(test, "2,Name,7,Host,V,159.3,18.0,Private room,10,1", "latitude",
                NO_FIELD_OUT_OF_RANGE);
    bad_listing(test, "2,Name,7,Host,V,59.3,x,Private room,10,1", "longitude",
                NO_FIELD_NOT_A_NUMBER);
    bad_listing(test, "2,Name,7,Host,V,59.3,18.0,Igloo,10,1", "room_type", NO_FIELD_NOT_A_CHOICE);
    bad_listing(test, "2,Name,7,Host,V,59.3,18.0,Private room,-10,1", "price",
                NO_FIELD_OUT_OF_RANGE);
    bad_listing(test, "2,Name,7,Host,V,59.3,18.0,Private room,99999999999999,1", "price",
                NO_AMOUNT_TOO_LARGE);
    bad_listing(test, "2,Name,7,Host,V,59.3,18.0,Private room,999999999999,1", "price",
                NO_FIELD_OUT_OF_RANGE);
    bad_listing(test, "2,Name,7,Host,V,59.3,18.0,Private room,10,0", "minimum_nights",
                NO_FIELD_OUT_OF_RANGE);
    bad_listing(test, "2,Name,7,Host", NULL, NO_FIELD_MISSING);
    bad_listing(test, "2,Name,7,Host,V,59.3,18.0,Private room,10,1,surprise", NULL, NO_FIELD_WRONG);
}

static void long_and_short_titles_fit(void **state)
{
    struct test_world *test = *state;
    struct import_form form;
    char file[2048], name[301];

    for (size_t i = 0; i < sizeof name - 1; i++)
        name[i] = i % 7 == 6 ? ' ' : 'a';
    name[sizeof name - 1] = 0;
    (void)snprintf(file, sizeof file,
                   "%s1,%s,7,Host,V\xc3\xa4stra,59.3,18.0,Private room,10,1\n"
                   "2,5,7,Host,V\xc3\xa4stra,59.3,18.0,Private room,10,1\n",
                   AIRBNB, name);
    assert_int_equal(bring_listings(test, str_of(file), &form), YES);
    const struct sql_offer cut = offer_of(test, S("airbnb:1"));

    assert_true(cut.title.len < 130 && str_ends(cut.title, S("\xe2\x80\xa6")));
    assert_true(str_find(cut.body, str_of(name)) < cut.body.len);
    assert_str(offer_of(test, S("airbnb:2")).title, "5, V\xc3\xa4stra");
}

/* --- files that are none --- */

static void broken_files_are_refused_whole(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        no why;
    } files[] = {
        {"", 0, NO_FILE_NOT_CSV},
        {"\n\n\n", 3, NO_FILE_NOT_CSV},
        {"a,b\n1,2\n", 8, NO_FILE_HEADER_UNKNOWN},
        {"\x89PNG\r\n\x1a\n\0\0\0", 12, NO_FILE_NOT_CSV},
        {"PK\3\4\0\0", 6, NO_FILE_NOT_CSV},
        {"id,name\n1,caf\xe9\n", 15, NO_FILE_NOT_UTF8},
        {"\xff\xfei\0d\0", 6, NO_FILE_NOT_UTF8},
    };
    struct test_world *test = *state;

    for (enum import_source source = IMPORT_AIRBNB; source < IMPORT_SOURCES; source++)
        for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
            struct import_form form = file_of(source, (str){files[i].bytes, files[i].len});

            form.keep_good = true;
            assert_int_equal(bring(test, &form), files[i].why);
            assert_int_equal(form.added, 0);
        }
}

static void cut_file_keeps_what_is_whole_only_when_asked(void **state)
{
    struct test_world *test = *state;
    const str whole = S(AIRBNB ROOM(1, "First", "10") ROOM(2, "Second", "10"));
    struct import_form form;

    for (size_t cut = whole.len - 30; cut < whole.len - 10; cut++) {
        assert_int_equal(bring_listings(test, str_sub(whole, 0, cut), &form),
                         NO_FILE_LINES_REFUSED);
        assert_int_equal(form.lines[0].line, 3);
        assert_false(offer_there(test, S("airbnb:1")));
    }
    form = file_of(IMPORT_AIRBNB, str_sub(whole, 0, whole.len - 20));
    form.keep_good = true;
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 1, 0, 0, 1);
    assert_true(offer_there(test, S("airbnb:1")));
    /* A quote that nobody closes swallows the rest. */
    assert_int_equal(bring_listings(test, S(AIRBNB ROOM(4, "Fine", "1") "5,\"Open,7"), &form),
                     NO_FILE_LINES_REFUSED);
    assert_int_equal(form.lines[0].why, NO_FILE_CUT);
}

static void huge_files_are_refused(void **state)
{
    struct test_world *test = *state;
    struct arena big;
    struct import_form form;

    assert_true(arena_init(&big, (size_t)IMPORT_FILE_MAX + 4096));
    char *bytes = arena_take(&big, (size_t)IMPORT_FILE_MAX + 1);

    memset(bytes, 'a', (size_t)IMPORT_FILE_MAX + 1);
    form = file_of(IMPORT_MEMBERS, (str){bytes, (size_t)IMPORT_FILE_MAX + 1});
    assert_int_equal(bring(test, &form), NO_TOO_LARGE);
    /* A field of a megabyte, and a file of lines only. */
    memcpy(bytes, "e-mail,name\n", 12);
    form.bytes = (str){bytes, 2 << 20};
    assert_int_equal(bring(test, &form), NO_FILE_LINES_REFUSED);
    assert_int_equal(form.lines[0].why, NO_FIELD_TOO_LONG);
    memset(bytes + 12, '\n', (size_t)IMPORT_FILE_MAX - 12);
    form.bytes.len = (size_t)IMPORT_FILE_MAX;
    assert_int_equal(bring(test, &form), NO_TOO_LARGE);
    arena_release(&big);
}

static void only_the_desk_imports(void **state)
{
    struct test_world *test = *state;
    struct import_form form = file_of(IMPORT_AIRBNB, S(AIRBNB ROOM(1, "First", "10")));
    struct sql_import_run *runs;
    struct ctx ctx;
    size_t runs_n;

    test_as(test, &ctx, test->bruno, ROLE_MEMBER | ROLE_ACCOUNTANT);
    assert_int_equal(deed_import(&ctx, &form), NO_NOT_ALLOWED);
    assert_int_equal(view_import_runs(&ctx, 10, &runs, &runs_n), NO_NOT_ALLOWED);
    test_done(&ctx);
}

/* --- real files --- */

static void stockholm_comes_in_whole(void **state)
{
    struct test_world *test = *state;
    struct import_form form;
    struct arena arena;

    assert_true(arena_init(&arena, 4 << 20));
    const str file = shared_file(&arena, "data/listings/inside-airbnb-stockholm-2024-12.csv");

    assert_int_equal(bring_listings(test, file, &form), YES);
    assert_sums(&form, 5223, 0, 0, 0);
    assert_int_equal(bring_listings(test, file, &form), YES);
    assert_sums(&form, 0, 0, 5223, 0);
    assert_true(found_by_name(test, S("södermalm")) > 50);
    struct market_query near = {.side = MARKET_OFFERS,
                                .has_place = true,
                                .lat = 59313890,
                                .lon = 18060870,
                                .radius_m = 1000,
                                .price_max = -1,
                                .page = 1,
                                .size = 12};
    struct market_found page;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(view_market_search(&ctx, &near, &page), YES);
    test_done(&ctx);
    assert_true(page.total > 50 && page.total < 1500);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(listing_becomes_offer),
        IN_WORLD(second_run_changes_nothing),
        IN_WORLD(changed_row_is_written_anew),
        IN_WORLD(a_status_set_here_stays),
        IN_WORLD(all_or_nothing),
        IN_WORLD(dry_run_writes_nothing),
        IN_WORLD(rates_round_half_to_even),
        IN_WORLD(money_is_never_guessed),
        IN_WORLD(yen_have_no_cents),
        IN_WORLD(bad_values_are_named),
        IN_WORLD(long_and_short_titles_fit),
        IN_WORLD(broken_files_are_refused_whole),
        IN_WORLD(cut_file_keeps_what_is_whole_only_when_asked),
        IN_WORLD(huge_files_are_refused),
        IN_WORLD(only_the_desk_imports),
        IN_WORLD(stockholm_comes_in_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
