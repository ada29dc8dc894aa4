/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The market against a real store: what is published is found by every spelling, in the order that
 * was asked, page after page; the index follows every change.
 */
#include "market_world.h"

#include "base/utf8.h"
#include "deeds/market_words.h"
#include "deeds/offer_index.h"
#include "deeds/place.h"
#include "rules/geo.h"
#include "store/sql_account.h"

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

/* --- the index follows --- */

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

static no withdraw_all(struct ctx *ctx, void *member)
{
    TRY(sql_member_offers_withdraw(ctx->db, *(const int64_t *)member, OFFER_WITHDRAWN, 1));
    return offer_index_of(ctx, *(const int64_t *)member);
}

/* Who leaves takes everything along. */
static void test_index_of_a_member(void **state)
{
    struct offer_form form = a_form();
    struct ctx ctx;

    (void)state;
    form.title = S("Ondes Martenot");
    const int64_t his = publish_as(test.daniel, form);

    form = a_form();
    form.title = S("Ondes Martenot");
    const int64_t hers = publish(form);

    test_as(&test, &ctx, test.daniel, ROLE_MEMBER);
    assert_int_equal(deed_run(&ctx, withdraw_all, &test.daniel), YES);
    test_done(&ctx);
    assert_false(finds(S("ondes"), his));
    assert_true(finds(S("ondes"), hers));
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

/* --- orders --- */

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

/* --- a crowd: more offers than are ranked -------------------------------------------------------
 */

enum { CROWD = 6000, CROWD_LAT = 47300000, CROWD_LON = 5000000 };

/* Spread over 18 km, ten to a price. */
static void crowd_place(int64_t i, int32_t *lat, int32_t *lon)
{
    *lat = (int32_t)(CROWD_LAT - 80000 + i * 7919 % 160000);
    *lon = (int32_t)(CROWD_LON - 110000 + i * 104729 % 220000);
}

static no add_crowd(struct ctx *ctx, void *first)
{
    for (int64_t i = 0; i < CROWD; i++) {
        uint8_t name[16] = {9, (uint8_t)(i >> 8), (uint8_t)i};
        int32_t lat, lon;
        int64_t id;

        crowd_place(i, &lat, &lon);
        TRY(sql_offer_add(ctx->db, name, test.amina, MARKET_OFFERS, ORDER_SALE, OFFER_OPEN,
                          S("crowded lamp"), S(""), LANG_EN, CATEGORY_FOOD, 1, 100 + i / 10, 0, 0,
                          PRICE_ONE, PER_WHOLE, -1, ORDER_FLEXIBLE, S("Dijon"), lat, lon,
                          geo_cell(lat, lon), STR_NONE, S(""), 0, ctx->now_ns, &id));
        TRY(offer_index(ctx, id));
        if (i == 0)
            *(int64_t *)first = id;
    }
    return YES;
}

/* How many of the crowd are nearer than `distance_m` and not dearer. */
static int64_t crowd_nearer(int64_t distance_m, int64_t price_max)
{
    int64_t n = 0;

    for (int64_t i = 0; i < CROWD; i++) {
        int32_t lat, lon;

        crowd_place(i, &lat, &lon);
        n += geo_distance_m(CROWD_LAT, CROWD_LON, lat, lon) < distance_m &&
             (price_max < 0 || 100 + i / 10 <= price_max);
    }
    return n;
}

static void check_nearest(int64_t price_max, int64_t page)
{
    struct market_query query = a_query(S("lamp"));

    query.has_place = true;
    query.lat = CROWD_LAT;
    query.lon = CROWD_LON;
    query.radius_m = 10000;
    query.sort = MARKET_NEAREST;
    query.price_max = price_max;
    query.page = page;
    const struct market_found found = look(query);

    assert_int_equal(found.page, page);
    assert_int_equal(found.cards_n, MARKET_PAGE_SIZE);
    for (size_t i = 0; i < found.cards_n; i++) {
        const int64_t place = (page - 1) * MARKET_PAGE_SIZE + (int64_t)i;

        /* Some lie equally far. */
        assert_true(crowd_nearer(found.distances_m[i], price_max) <= place);
        assert_true(crowd_nearer(found.distances_m[i] + 1, price_max) > place);
    }
}

static void test_crowd(void **state)
{
    struct ctx ctx;
    int64_t first;

    (void)state;
    test_as(&test, &ctx, 0, 0);
    ctx.actor.console = true;
    assert_int_equal(deed_run(&ctx, add_crowd, &first), YES);
    test_done(&ctx);
    check_nearest(-1, 1);
    check_nearest(-1, 3);
    check_nearest(150, 1); /* few are cheap: the walk goes far */
    check_nearest(400, 2);
    const struct market_found found = look(a_query(S("lamp")));

    assert_true(found.at_least);
    assert_int_equal(found.cards[0].id, first + CROWD - 1);
    assert_int_equal(found.until, first + CROWD - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),         cmocka_unit_test(test_bands),
        cmocka_unit_test(test_spellings),     cmocka_unit_test(test_titles_first),
        cmocka_unit_test(test_index_follows), cmocka_unit_test(test_index_of_a_member),
        cmocka_unit_test(test_rebuild),       cmocka_unit_test(test_pages),
        cmocka_unit_test(test_newest_pages),  cmocka_unit_test(test_sorts),
        cmocka_unit_test(test_filters),       cmocka_unit_test(test_crowd),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
