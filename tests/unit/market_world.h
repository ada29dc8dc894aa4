/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A founded co-op whose members publish and search.
 */
#ifndef TESTS_MARKET_WORLD_H
#define TESTS_MARKET_WORLD_H

#include "cm.h"
#include "world.h"

#include "deeds/market_search.h"
#include "deeds/offer.h"

enum { CATEGORY_MOVE = 1, CATEGORY_FOOD = 2 };

static struct test_world test;

static inline int open_world(void **state)
{
    (void)state;
    test_world_open(&test);
    test_found(&test);
    return 0;
}

static inline int close_world(void **state)
{
    (void)state;
    test_world_close(&test);
    return 0;
}

static inline struct offer_form a_form(void)
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

static inline int64_t publish_as(int64_t member, struct offer_form form)
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

static inline int64_t publish(struct offer_form form)
{
    return publish_as(test.amina, form);
}

static inline int64_t publish_titled(str title, str body)
{
    struct offer_form form = a_form();

    form.title = title;
    form.body = body;
    return publish(form);
}

static inline struct market_query a_query(str words)
{
    return (struct market_query){.side = MARKET_OFFERS,
                                 .words = words,
                                 .price_max = -1,
                                 .sort = MARKET_NEWEST,
                                 .page = 1,
                                 .size = MARKET_PAGE_SIZE};
}

static inline struct market_found look(struct market_query query)
{
    struct market_found found;
    struct ctx ctx;

    test_as(&test, &ctx, 0, 0);
    assert_int_equal(view_market_search(&ctx, &query, &found), YES);
    test_done(&ctx);
    return found;
}

static inline bool finds(str words, int64_t offer)
{
    const struct market_found found = look(a_query(words));

    for (size_t i = 0; i < found.cards_n; i++)
        if (found.cards[i].id == offer)
            return true;
    return false;
}

#endif
