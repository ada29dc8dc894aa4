/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The market against a real store: what is published is found by every spelling, in the order that
 * was asked, page after page; every wrong field of the form is named and nothing is written.
 */
#include "cm.h"
#include "world.h"

#include "base/utf8.h"
#include "deeds/market_search.h"
#include "deeds/market_words.h"
#include "deeds/offer.h"
#include "deeds/offer_index.h"
#include "deeds/place.h"

enum { CATEGORY_MOVE = 1, CATEGORY_FOOD = 2 };

static struct test_world test;

static int open_world(void **state)
{
    (void)state;
    test_world_open(&test);
    test_found(&test);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    test_world_close(&test);
    return 0;
}

static struct offer_form a_form(void)
{
    static uint8_t next;
    struct offer_form form = {.side = MARKET_OFFERS,
                              .kind = ORDER_SALE,
                              .category = CATEGORY_FOOD,
                              .per = PER_ITEM,
                              .cancel = ORDER_FLEXIBLE,
                              .title = S("Vegetable basket"),
                              .body = S(""),
                              .place = S("Lyon 7e"),
                              .stock = S(""),
                              .amounts = {S("19"), S(""), S("")}};

    form.uid.bytes[0] = 7;
    form.uid.bytes[15] = ++next;
    return form;
}

static int64_t publish_as(int64_t member, struct offer_form form)
{
    struct ctx ctx;

    test_as(&test, &ctx, member, ROLE_MEMBER);
    const no answer = deed_offer_save(&ctx, &form);

    for (size_t i = 0; i < ctx.wrongs_n; i++)
        print_message("wrong: %s %d\n", ctx.wrongs[i].field, ctx.wrongs[i].why);
    assert_int_equal(answer, YES);
    test_done(&ctx);
    return form.offer;
}

static int64_t publish(struct offer_form form)
{
    return publish_as(test.amina, form);
}

static int64_t publish_titled(str title, str body)
{
    struct offer_form form = a_form();

    form.title = title;
    form.body = body;
    return publish(form);
}

static struct market_query a_query(str words)
{
    return (struct market_query){.side = MARKET_OFFERS,
                                 .words = words,
                                 .price_max = -1,
                                 .sort = MARKET_NEWEST,
                                 .page = 1,
                                 .size = MARKET_PAGE_SIZE};
}

static struct market_found look(struct market_query query)
{
    struct market_found found;
    struct ctx ctx;

    test_as(&test, &ctx, 0, 0);
    assert_int_equal(view_market_search(&ctx, &query, &found), YES);
    test_done(&ctx);
    return found;
}

static bool finds(str words, int64_t offer)
{
    const struct market_found found = look(a_query(words));

    for (size_t i = 0; i < found.cards_n; i++)
        if (found.cards[i].id == offer)
            return true;
    return false;
}

/* --- words --------------------------------------------------------------------------------------
 */

static void test_words(void **state)
{
    static const struct {
        const char *typed, *kept;
    } rows[] = {
        {"velos", "velo"}, {"gateaux", "gateau"}, {"boxes", "box"},
        {"bus", "bus"},    {"glass", "glass"},    {"prix", "prix"},
        {"de", ""},        {"the", ""},           {"a", ""},
        {"7", "7"},        {"k2", "k2z"},         {"g123", "g123z"},
        {"k2z", "k2z"},    {"mp3s", "mp3"},       {"2cv", "2cv"},
        {"", ""},
    };
    char room[MARKET_WORD_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const str kept = market_word(str_of(rows[i].typed), room);

        assert_int_equal(kept.len, strlen(rows[i].kept));
        assert_true(str_eq(kept, str_of(rows[i].kept)));
    }
}

static void test_bands(void **state)
{
    (void)state;
    assert_int_equal(market_band(0), 0);
    assert_int_equal(market_band(1), 1);
    assert_int_equal(market_band(100), 1);
    assert_int_equal(market_band(101), 2);
    assert_int_equal(market_band(500000), MARKET_BANDS - 1);
    assert_int_equal(market_band(INT64_MAX), MARKET_BANDS);
}

static void test_spellings(void **state)
{
    static const struct {
        const char *title, *body, *typed;
        bool found;
    } rows[] = {
        {"Cœur de bœuf, tomates anciennes", "", "coeur", true},
        {"Coeur en chocolat", "", "cœur", true},
        {"Réparation de vélos", "", "reparation velo", true},
        {"REPARATION VELO", "", "réparation vélos", true},
        {"Cargo-bike move, up to 150 kg", "", "BIKES", true},
        {"Cargo-bike move, up to 150 kg", "", "cargo 150", true},
        {"L’atelier d'été", "", "atelier ete", true},
        {"Straßenbahn", "", "STRASSENBAHN", true},
        {"Ménage à domicile", "Trois heures, produits fournis", "produit", true},
        {"Location de vélo", "", "location velo", true},
        {"Location vélo", "", "location de vélo", true},
        {"Vegetable basket", "", "alimentation", true}, /* its category, in French too */
        {"Vegetable basket", "", "basket guitar", false},
        {"Vegetable basket", "", "veget", false},
        {"Guitar lesson", "", "\" OR s1 OR \"", false},
        {"Guitar lesson", "", "guitar* NOT lesson", false},
        {"Guitar lesson", "", "s1", false},
        {"Guitar lesson", "", "(((", false},
        {"Guitar lesson", "", "the", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int64_t offer = publish_titled(str_of(rows[i].title), str_of(rows[i].body));

        if (finds(str_of(rows[i].typed), offer) != rows[i].found)
            fail_msg("%s by %s", rows[i].title, rows[i].typed);
    }
}

static void test_titles_first(void **state)
{
    const int64_t in_title = publish_titled(S("Accordion"), S(""));
    const int64_t in_body = publish_titled(S("Music lessons"), S("Piano and accordion."));
    const struct market_found found = look(a_query(S("accordion")));

    (void)state;
    assert_int_equal(found.cards_n, 2);
    assert_int_equal(found.cards[0].id, in_title);
    assert_int_equal(found.cards[1].id, in_body);
}

/* --- the index follows
 * ----------------------------------------------------------------------------- */

static void set_status(int64_t offer, enum offer_status to)
{
    struct offer_status_form form = {.offer = offer, .to = to};
    struct ctx ctx;

    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(deed_offer_status(&ctx, &form), YES);
    test_done(&ctx);
}

static void test_index_follows(void **state)
{
    const int64_t offer = publish_titled(S("Zither repair"), S(""));
    struct offer_form form;
    struct ctx ctx;

    (void)state;
    assert_true(finds(S("zither"), offer));
    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(view_offer_form(&ctx, offer, &form), YES);
    form.title = S("Bassoon repair");
    assert_int_equal(deed_offer_save(&ctx, &form), YES);
    assert_int_equal(deed_offer_save(&ctx, &form), NO_CONFLICT);
    test_done(&ctx);
    assert_false(finds(S("zither"), offer));
    assert_true(finds(S("bassoon"), offer));
    set_status(offer, OFFER_PAUSED);
    assert_false(finds(S("bassoon"), offer));
    set_status(offer, OFFER_OPEN);
    assert_true(finds(S("bassoon"), offer));
    set_status(offer, OFFER_WITHDRAWN);
    assert_false(finds(S("bassoon"), offer));
}

static void test_rebuild(void **state)
{
    const int64_t offer = publish_titled(S("Theremin"), S(""));
    struct offer_reindex_form form = {.most = 5};
    const int64_t before = look(a_query(STR_NONE)).total;
    struct ctx ctx;

    (void)state;
    test_as(&test, &ctx, test.amina, ROLE_MEMBER | ROLE_FACILITATOR);
    assert_int_equal(deed_offer_reindex(&ctx, &form), NO_NOT_ALLOWED);
    ctx.actor = (struct actor){.console = true};
    do
        assert_int_equal(deed_offer_reindex(&ctx, &form), YES);
    while (form.n > 0);
    assert_int_equal(deed_place_reload(&ctx), YES);
    test_done(&ctx);
    assert_true(finds(S("theremin"), offer));
    assert_int_equal(look(a_query(STR_NONE)).total, before);
}

/* --- orders
 * ------------------------------------------------------------------------------------------ */

static void test_pages(void **state)
{
    int64_t seen[64];
    size_t seen_n = 0;
    struct market_query query = a_query(S("serpent"));
    struct market_found found;

    (void)state;
    for (int i = 0; i < 30; i++)
        (void)publish_titled(S("Serpent"), S(""));
    query.size = 7;
    found = look(query);
    assert_int_equal(found.total, 30);
    assert_int_equal(found.pages_n, 5);
    query.until = found.until;
    (void)publish_titled(S("Serpent, published meanwhile"), S(""));
    for (query.page = 1; query.page <= 5; query.page++) {
        found = look(query);
        assert_int_equal(found.total, 30);
        for (size_t i = 0; i < found.cards_n; i++) {
            for (size_t known = 0; known < seen_n; known++)
                assert_int_not_equal(seen[known], found.cards[i].id);
            seen[seen_n++] = found.cards[i].id;
        }
    }
    assert_int_equal(seen_n, 30);
    query.page = 99;
    assert_int_equal(look(query).page, 5);
}

static void test_newest_pages(void **state)
{
    struct market_query query = a_query(STR_NONE);
    struct market_found first = look(query);
    int64_t last = INT64_MAX;
    int64_t n = 0;

    (void)state;
    assert_false(first.at_least);
    query.until = first.until;
    for (query.page = 1; query.page <= first.pages_n; query.page++) {
        const struct market_found found = look(query);

        for (size_t i = 0; i < found.cards_n; i++, n++) {
            assert_true(found.cards[i].id < last);
            last = found.cards[i].id;
        }
    }
    assert_int_equal(n, first.total);
}

static int64_t publish_at(str title, str place, str price)
{
    struct offer_form form = a_form();

    form.title = title;
    form.place = place;
    form.amounts[OFFER_IN_MONEY] = price;
    return publish(form);
}

static void test_sorts(void **state)
{
    const int64_t lyon = publish_at(S("Ocarina one"), S("Lyon 7e"), S("30"));
    const int64_t villeurbanne = publish_at(S("Ocarina two"), S("Villeurbanne"), S("10.50"));
    const int64_t paris = publish_at(S("Ocarina three"), S("Paris"), S("20"));
    struct market_query query = a_query(S("ocarina"));
    struct market_found found;

    (void)state;
    query.has_place = true;
    query.lat = 45745000;
    query.lon = 4842000;
    query.sort = MARKET_NEAREST;
    found = look(query);
    assert_int_equal(found.cards_n, 3);
    assert_int_equal(found.cards[0].id, lyon);
    assert_int_equal(found.cards[1].id, villeurbanne);
    assert_int_equal(found.cards[2].id, paris);
    assert_in_range(found.distances_m[1], 2500, 4500);
    query.radius_m = 10000;
    assert_int_equal(look(query).total, 2);
    query.radius_m = 0;
    query.sort = MARKET_CHEAPEST;
    found = look(query);
    assert_int_equal(found.cards[0].id, villeurbanne);
    assert_int_equal(found.cards[2].id, lyon);
    query.price_max = 2000;
    assert_int_equal(look(query).total, 2);
    query.price_max = 1049;
    assert_int_equal(look(query).total, 0);
    query.price_max = -1;
    query.sort = MARKET_RATED;
    assert_int_equal(look(query).total, 3);
    assert_int_equal(look(query).cards[0].id, paris); /* no reviews: the newest */
}

static void test_filters(void **state)
{
    struct offer_form hours = a_form(), gift = a_form(), need = a_form();
    struct market_query query = a_query(S("hurdy"));

    (void)state;
    hours.title = gift.title = need.title = S("Hurdy-gurdy");
    hours.kind = ORDER_EXCHANGE;
    hours.amounts[OFFER_IN_MONEY] = S("");
    hours.amounts[OFFER_IN_HOURS] = S("1h30");
    gift.kind = ORDER_GIFT;
    gift.amounts[OFFER_IN_MONEY] = S("");
    need.side = MARKET_NEEDS;
    const int64_t in_hours = publish(hours), given = publish(gift), needed = publish(need);

    assert_int_equal(look(query).total, 2);
    query.kind = MARKET_HOURS;
    assert_int_equal(look(query).total, 2);
    query.kind = MARKET_GOODS;
    assert_int_equal(look(query).total, 0);
    query.kind = MARKET_ALL;
    query.currency = 2;
    assert_int_equal(look(query).total, 1);
    assert_int_equal(look(query).cards[0].id, in_hours);
    query.currency = 0;
    query.price_max = 0;
    assert_int_equal(look(query).total, 1);
    assert_int_equal(look(query).cards[0].id, given);
    query.price_max = -1;
    query.side = MARKET_NEEDS;
    assert_int_equal(look(query).total, 1);
    assert_int_equal(look(query).cards[0].id, needed);
    query.category = CATEGORY_MOVE;
    assert_int_equal(look(query).total, 0);
}

/* --- places
 * ------------------------------------------------------------------------------------------- */

static void test_places(void **state)
{
    static const struct {
        const char *typed;
        enum place_found found;
        const char *label;
    } rows[] = {
        {"", PLACE_NONE, ""},
        {"   ", PLACE_NONE, ""},
        {"Lyon", PLACE_FOUND, "Lyon"},
        {"lyon 7e", PLACE_FOUND, "Lyon 7e"},
        {"Lyon 7", PLACE_FOUND, "Lyon 7e"},
        {"LYON 7ème arrondissement", PLACE_FOUND, "Lyon 7e"},
        {"Lyon 1st", PLACE_FOUND, "Lyon 1er"},
        {"Lyon 7e, Guillotière", PLACE_FOUND, "Lyon 7e"},
        {"69007", PLACE_FOUND, "Lyon 7e"},
        {"69007 Lyon", PLACE_FOUND, "Lyon 7e"},
        {"Lyon 69007", PLACE_FOUND, "Lyon 7e"},
        {"villeurb", PLACE_FOUND, "Villeurbanne"},
        {"caluire et cuire", PLACE_FOUND, "Caluire-et-Cuire"},
        {"Saint-Denis", PLACE_SEVERAL, ""},
        {"st denis", PLACE_SEVERAL, ""},
        {"Saint-Denis (974)", PLACE_FOUND, "Saint-Denis"},
        {"Saint-Denis (93200)", PLACE_FOUND, "Saint-Denis"},
        {"Aachen (DE)", PLACE_FOUND, "Aachen"},
        {"Nowhere at all", PLACE_UNKNOWN, ""},
        {"00000", PLACE_UNKNOWN, ""},
        {"%' OR 1=1 --", PLACE_UNKNOWN, ""},
        {"\xff\xfe", PLACE_UNKNOWN, ""},
    };
    struct ctx ctx;

    (void)state;
    test_as(&test, &ctx, 0, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct place_answer answer;

        assert_int_equal(view_place_find(&ctx, str_of(rows[i].typed), &answer), YES);
        if (answer.found != rows[i].found)
            fail_msg("%s: %d, %zu choices", rows[i].typed, answer.found, answer.choices_n);
        if (answer.found == PLACE_FOUND &&
            !str_eq(place_label(ctx.arena, &answer.place, false), str_of(rows[i].label)))
            fail_msg("%s is %.*s", rows[i].typed, (int)answer.place.name.len,
                     answer.place.name.ptr);
        for (size_t n = 0; answer.found == PLACE_SEVERAL && n < answer.choices_n; n++) {
            struct place_answer one;

            assert_int_equal(
                view_place_find(&ctx, place_label(ctx.arena, &answer.choices[n], true), &one), YES);
            assert_int_equal(one.found, PLACE_FOUND);
            assert_int_equal(one.place.id, answer.choices[n].id);
        }
    }
    test_done(&ctx);
}

/* --- every field of the form
 * ---------------------------------------------------------------------------- */

static str long_text(size_t n)
{
    char *bytes = arena_take(&test.arena, n);

    assert_non_null(bytes);
    memset(bytes, 'a', n);
    return (str){bytes, n};
}

enum field { KIND, TITLE, BODY, CATEGORY, PRICE, HOURS, CREDIT, PER, STOCK, PLACE, CANCEL };

static void set_field(struct offer_form *form, enum field field, str text, int64_t number)
{
    switch (field) {
    case KIND:
        form->kind = number;
        break;
    case TITLE:
        form->title = text;
        break;
    case BODY:
        form->body = text;
        break;
    case CATEGORY:
        form->category = number;
        break;
    case PRICE:
        form->amounts[OFFER_IN_MONEY] = text;
        break;
    case HOURS:
        form->amounts[OFFER_IN_HOURS] = text;
        break;
    case CREDIT:
        form->amounts[OFFER_IN_CREDIT] = text;
        break;
    case PER:
        form->per = number;
        break;
    case STOCK:
        form->stock = text;
        break;
    case PLACE:
        form->place = text;
        break;
    case CANCEL:
        form->cancel = number;
        break;
    }
}

static void test_bad_fields(void **state)
{
    static const char *const names[] = {"kind",   "title", "body",  "category", "price", "hours",
                                        "credit", "per",   "stock", "place",    "cancel"};
    const struct {
        enum field field;
        str text;
        int64_t number;
        no why;
    } rows[] = {
        {KIND, STR_NONE, 0, NO_FIELD_NOT_A_CHOICE},
        {KIND, STR_NONE, -1, NO_FIELD_NOT_A_CHOICE},
        {KIND, STR_NONE, ORDER_RENTAL, NO_FIELD_NOT_A_CHOICE},
        {KIND, STR_NONE, INT64_MAX, NO_FIELD_NOT_A_CHOICE},
        {TITLE, S(""), 0, NO_FIELD_MISSING},
        {TITLE, STR_NONE, 0, NO_FIELD_MISSING},
        {TITLE, S("  \t "), 0, NO_FIELD_CONTROL_CHARS},
        {TITLE, S("ab"), 0, NO_FIELD_TOO_SHORT},
        {TITLE, long_text(121), 0, NO_FIELD_TOO_LONG},
        {TITLE, S("bad \xc3( bytes"), 0, NO_FIELD_NOT_UTF8},
        {TITLE, S("bell \a rings"), 0, NO_FIELD_CONTROL_CHARS},
        {TITLE, S("turned \xe2\x80\xae round"), 0, NO_FIELD_CONTROL_CHARS},
        {BODY, long_text(8001), 0, NO_FIELD_TOO_LONG},
        {BODY, S("\xed\xa0\x80"), 0, NO_FIELD_NOT_UTF8},
        {BODY, S("\x1b[31m"), 0, NO_FIELD_CONTROL_CHARS},
        {CATEGORY, STR_NONE, 0, NO_FIELD_NOT_A_CHOICE},
        {CATEGORY, STR_NONE, 999999, NO_FIELD_NOT_A_CHOICE},
        {PRICE, S(""), 0, NO_FIELD_MISSING},
        {PRICE, S("0"), 0, NO_AMOUNT_NOT_POSITIVE},
        {PRICE, S("-5"), 0, NO_AMOUNT_NOT_POSITIVE},
        {PRICE, S("nineteen"), 0, NO_FIELD_NOT_AN_AMOUNT},
        {PRICE, S("1.999"), 0, NO_FIELD_NOT_AN_AMOUNT},
        {PRICE, S("$5"), 0, NO_FIELD_NOT_AN_AMOUNT},
        {PRICE, S("99999999999999999999"), 0, NO_AMOUNT_TOO_LARGE},
        {PRICE, S("1000000000.01"), 0, NO_AMOUNT_TOO_LARGE},
        {HOURS, S("soon"), 0, NO_FIELD_NOT_AN_AMOUNT},
        {HOURS, S("0"), 0, NO_AMOUNT_NOT_POSITIVE},
        {CREDIT, S("1e5"), 0, NO_FIELD_NOT_AN_AMOUNT},
        {CREDIT, S("-1"), 0, NO_AMOUNT_NOT_POSITIVE},
        {PER, STR_NONE, -1, NO_FIELD_NOT_A_CHOICE},
        {PER, STR_NONE, PER_KINDS, NO_FIELD_NOT_A_CHOICE},
        {STOCK, S("-1"), 0, NO_FIELD_OUT_OF_RANGE},
        {STOCK, S("1000001"), 0, NO_FIELD_OUT_OF_RANGE},
        {STOCK, S("a few"), 0, NO_FIELD_NOT_A_NUMBER},
        {STOCK, S("1.5"), 0, NO_FIELD_NOT_A_NUMBER},
        {STOCK, S("99999999999999999999999"), 0, NO_FIELD_NOT_A_NUMBER},
        {PLACE, S("Nowhere at all"), 0, NO_FIELD_UNKNOWN_PLACE},
        {PLACE, S("Saint-Denis"), 0, NO_FIELD_UNKNOWN_PLACE},
        {PLACE, long_text(121), 0, NO_FIELD_TOO_LONG},
        {CANCEL, STR_NONE, 0, NO_FIELD_NOT_A_CHOICE},
        {CANCEL, STR_NONE, 4, NO_FIELD_NOT_A_CHOICE},
    };
    const int64_t before = look(a_query(STR_NONE)).total;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct offer_form form = a_form();
        struct ctx ctx;

        set_field(&form, rows[i].field, rows[i].text, rows[i].number);
        test_as(&test, &ctx, test.amina, ROLE_MEMBER);
        const no answer = deed_offer_save(&ctx, &form);

        if (answer != NO_BAD_FIELDS || ctx.wrongs_n != 1 || ctx.wrongs[0].why != rows[i].why ||
            strcmp(ctx.wrongs[0].field, names[rows[i].field]) != 0)
            fail_msg("row %zu: %d, %zu wrong, first %s %d", i, answer, ctx.wrongs_n,
                     ctx.wrongs_n > 0 ? ctx.wrongs[0].field : "-",
                     ctx.wrongs_n > 0 ? (int)ctx.wrongs[0].why : 0);
        test_done(&ctx);
    }
    assert_int_equal(look(a_query(STR_NONE)).total, before);
}

static void expect_wrong(struct offer_form form, const char *field, no why)
{
    struct ctx ctx;

    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(deed_offer_save(&ctx, &form), NO_BAD_FIELDS);
    assert_int_equal(ctx.wrongs_n, 1);
    assert_string_equal(ctx.wrongs[0].field, field);
    assert_int_equal(ctx.wrongs[0].why, why);
    test_done(&ctx);
}

static void test_prices_together(void **state)
{
    struct offer_form form = a_form();
    struct ctx ctx;
    struct sql_offer row;

    (void)state;
    form.amounts[OFFER_IN_HOURS] = S("2 h");
    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(view_offer_check(&ctx, &form, &row), YES);
    assert_int_equal(row.price_mode, PRICE_EITHER);
    assert_int_equal(row.a_minor, 1900);
    assert_int_equal(row.b_minor, 120);
    form.both = true;
    assert_int_equal(view_offer_check(&ctx, &form, &row), YES);
    assert_int_equal(row.price_mode, PRICE_BOTH);
    form.kind = ORDER_EXCHANGE;
    assert_int_equal(view_offer_check(&ctx, &form, &row), YES);
    assert_int_equal(row.a_minor, 120);
    test_done(&ctx);
    form.amounts[OFFER_IN_CREDIT] = S("5");
    expect_wrong(form, "credit", NO_FIELD_TAKEN);
    form = a_form();
    form.kind = ORDER_GIFT;
    expect_wrong(form, "price", NO_FIELD_WRONG);
    form.kind = ORDER_EXCHANGE;
    expect_wrong(form, "price", NO_FIELD_MISSING);
    form.amounts[OFFER_IN_MONEY] = S("");
    expect_wrong(form, "hours", NO_FIELD_MISSING);
}

static void test_who_may(void **state)
{
    struct offer_form form = a_form();
    const int64_t offer = publish(form);
    struct offer_status_form status = {.offer = offer, .to = OFFER_WITHDRAWN};
    struct ctx ctx;

    (void)state;
    assert_int_equal(publish(form), offer); /* the same uid: the same offer */
    test_as(&test, &ctx, 0, 0);
    assert_int_equal(deed_offer_save(&ctx, &form), NO_ALREADY_DONE_DIFFERENTLY);
    form = a_form();
    assert_int_equal(deed_offer_save(&ctx, &form), NO_NOT_SIGNED_IN);
    ctx.actor = (struct actor){.member = test.bruno, .roles = ROLE_CLIENT};
    assert_int_equal(deed_offer_save(&ctx, &form), NO_NOT_ALLOWED);
    form.side = MARKET_NEEDS;
    assert_int_equal(deed_offer_save(&ctx, &form), YES);
    form.id = offer;
    assert_int_equal(deed_offer_save(&ctx, &form), NO_NOT_ALLOWED);
    assert_int_equal(view_offer_form(&ctx, offer, &form), NO_NOT_ALLOWED);
    assert_int_equal(deed_offer_status(&ctx, &status), NO_NOT_ALLOWED);
    ctx.actor.roles = ROLE_MEMBER | ROLE_FACILITATOR;
    assert_int_equal(deed_offer_status(&ctx, &status), NO_NOT_ALLOWED);
    status.to = OFFER_REMOVED;
    assert_int_equal(deed_offer_status(&ctx, &status), YES);
    ctx.actor = (struct actor){.member = test.amina, .roles = ROLE_MEMBER};
    status.to = OFFER_OPEN;
    assert_int_equal(deed_offer_status(&ctx, &status), NO_OFFER_NOT_OPEN);
    status.offer = 999999;
    assert_int_equal(deed_offer_status(&ctx, &status), NO_NOT_FOUND);
    test_done(&ctx);
}

/* A form that was open while somebody bought: the number it showed does not bring the sold back. */
static void test_stock_left_alone(void **state)
{
    struct offer_form form = a_form();
    struct offer_view view;
    struct ctx ctx;

    (void)state;
    form.stock = S("14");
    const int64_t offer = publish(form);

    test_as(&test, &ctx, test.amina, ROLE_MEMBER);
    assert_int_equal(view_offer_form(&ctx, offer, &form), YES);
    assert_true(str_eq(form.stock, S("14")));
    form.stock = S("14 ");
    assert_int_equal(deed_offer_save(&ctx, &form), YES);
    assert_int_equal(view_offer(&ctx, offer, &view), YES);
    assert_int_equal(view.row.stock, 14);
    form.seen_ns = view.row.updated_ns;
    form.stock = S("20");
    assert_int_equal(deed_offer_save(&ctx, &form), YES);
    assert_int_equal(view_offer(&ctx, offer, &view), YES);
    assert_int_equal(view.row.stock, 20);
    assert_true(view.mine);
    test_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_bands),
        cmocka_unit_test(test_spellings),
        cmocka_unit_test(test_titles_first),
        cmocka_unit_test(test_index_follows),
        cmocka_unit_test(test_rebuild),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_newest_pages),
        cmocka_unit_test(test_sorts),
        cmocka_unit_test(test_filters),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_bad_fields),
        cmocka_unit_test(test_prices_together),
        cmocka_unit_test(test_who_may),
        cmocka_unit_test(test_stock_left_alone),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
