/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Files brought in through the deed, for the tests of each kind of file.
 */
#ifndef TESTS_IMPORT_DEEDS_H
#define TESTS_IMPORT_DEEDS_H

#include "cm.h"

#include "deeds/import.h"
#include "deeds/market_search.h"
#include "deeds/offer.h"

#include "world.h"

#define AIRBNB \
    "id,name,host_id,host_name,neighbourhood,latitude,longitude,room_type,price,minimum_nights\n"
#define ROOM(id, name, price) \
#id "," name ",7,Host 7,Vasastan,59.34521,18.04872,Private room," price ",2\n"
#define WOO                                                          \
    "ID,Type,SKU,Name,Published,In stock?,Stock,Sale price,Regular " \
    "price,Categories,Parent,Grouped products,Attribute 1 name,Attribute 1 value(s)\n"

static inline struct import_form file_of(enum import_source source, str bytes)
{
    return (struct import_form){.source = source, .bytes = bytes, .keep_good = false};
}

static inline no bring(struct test_world *test, struct import_form *form)
{
    struct ctx ctx;

    test_as(test, &ctx, test->amina, ROLE_MEMBER | ROLE_FACILITATOR);
    const no answer = deed_import(&ctx, form);

    test_done(&ctx);
    return answer;
}

static inline no bring_listings(struct test_world *test, str bytes, struct import_form *form)
{
    *form = file_of(IMPORT_AIRBNB, bytes);
    form->rate = S("SEK=0.088");
    return bring(test, form);
}

static inline struct sql_offer offer_of(struct test_world *test, str key)
{
    struct sql_import_offer found;
    struct sql_offer offer;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(sql_import_offer_get(ctx.db, ctx.arena, key, &found), YES);
    assert_int_equal(sql_offer_get(ctx.db, ctx.arena, found.id, &offer), YES);
    test_done(&ctx);
    return offer;
}

static inline bool offer_there(struct test_world *test, str key)
{
    struct sql_import_offer found;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    const no answer = sql_import_offer_get(ctx.db, ctx.arena, key, &found);

    test_done(&ctx);
    return answer == YES;
}

static inline int64_t found_by_name(struct test_world *test, str words)
{
    struct market_query query = {
        .side = MARKET_OFFERS, .words = words, .price_max = -1, .page = 1, .size = 12};
    struct market_found page;
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    assert_int_equal(view_market_search(&ctx, &query, &page), YES);
    test_done(&ctx);
    return page.total;
}

static inline void assert_sums(const struct import_form *form, int64_t added, int64_t changed,
                               int64_t same, int64_t refused)
{
    assert_int_equal(form->added, added);
    assert_int_equal(form->changed, changed);
    assert_int_equal(form->same, same);
    assert_int_equal(form->refused, refused);
}

static inline int open_world(void **state)
{
    static struct test_world test;

    test_world_open(&test);
    test_found(&test);
    *state = &test;
    return 0;
}

static inline int close_world(void **state)
{
    test_world_close(*state);
    return 0;
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)

#endif
