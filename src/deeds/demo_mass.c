/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Data by the million that could be a city's: names, words and places as unequal as real ones.
 * Members and offers are written straight into the store (their deeds answer forms, which nobody
 * filled in here); orders, because they move money, go through their own deeds.
 */
#include "deeds/demo.h"

#include "base/id.h"
#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/ledger.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "deeds/offer_index.h"
#include "deeds/order.h"
#include "deeds/register.h"
#include "rules/geo.h"
#include "rules/offer.h"
#include "store/sql_demo.h"
#include "store/sql_member.h"
#include "store/sql_offer.h"

#include <assert.h>

enum { WORD_BITS = 15, SPREAD = 60000, ON_THE_WAY = 100 };

/* xorshift64*, the same data from the same seed. */
static uint64_t chance(struct demo_mass *mass)
{
    mass->seed ^= mass->seed >> 12;
    mass->seed ^= mass->seed << 25;
    mass->seed ^= mass->seed >> 27;
    return mass->seed * UINT64_C(0x2545f4914f6cdd1d);
}

static uint64_t of(struct demo_mass *mass, uint64_t n)
{
    return (chance(mass) >> 32) % n;
}

static uid new_uid(struct ctx *ctx, struct demo_mass *mass)
{
    uint8_t bytes[10];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(chance(mass) >> 40);
    return uid_make(ctx->now_ns / 1000000, bytes);
}

static bool may_make(const struct ctx *ctx)
{
    return ctx->actor.console && ctx_house(ctx)->state == HOUSE_DEMONSTRATION;
}

no view_demo_cities(struct ctx *ctx, struct demo_mass *mass)
{
    struct sql_demo_city *cities;

    TRY(sql_demo_city_list(ctx->db, ctx->arena, DEMO_CITIES, &cities, &mass->cities_n));
    mass->cities = cities;
    return mass->cities_n > 0 ? YES : NO_NOT_FOUND;
}

/* --- places and words --- */

/* Rank 1 is as likely as ranks 2 and 3 together, as 4 to 7, and so on: the law of Zipf in whole
 * numbers. */
static uint64_t zipf(struct demo_mass *mass, unsigned bits)
{
    const uint64_t low = UINT64_C(1) << of(mass, bits);

    return low + of(mass, low) - 1;
}

static const char *const frequent[] = {
    "vélo",      "table",   "cours",     "bike",     "ménage",    "jardin",   "panier",   "maison",
    "bois",      "piano",   "repair",    "garden",   "livre",     "chaise",   "fresh",    "pain",
    "laine",     "lampe",   "transport", "cleaning", "aide",      "enfants",  "peinture", "house",
    "couture",   "miel",    "outils",    "lessons",  "anglais",   "cuisine",  "légumes",  "home",
    "matin",     "soir",    "week-end",  "weekly",   "petit",     "grand",    "neuf",     "old",
    "atelier",   "service", "location",  "moving",   "cargo",     "remorque", "chambre",  "room",
    "vaisselle", "fenêtre", "velours",   "cotton",   "photo",     "musique",  "guitare",  "guitar",
    "tricot",    "savon",   "bière",     "bread",    "confiture", "pommes",   "apples",   "fleurs",
};

/* The word of a rank: the first are real, the others are put together from syllables. */
static void put_word(struct buf *out, uint64_t rank)
{
    static const char *const syllables[] = {"ba", "che", "di", "fou", "gra", "lin", "mar", "no",
                                            "pé", "ro",  "sa", "ti",  "vu",  "ter", "lon", "vi"};
    const size_t real = sizeof frequent / sizeof frequent[0];

    if (rank < real) {
        buf_put(out, str_of(frequent[rank]));
        return;
    }
    for (uint64_t rest = rank * 7; rest > 0; rest /= 16)
        buf_put(out, str_of(syllables[rest % 16]));
}

static void put_words(struct buf *out, struct demo_mass *mass, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        if (i > 0)
            buf_put_char(out, ' ');
        put_word(out, zipf(mass, WORD_BITS));
    }
}

struct home {
    str place;
    int32_t lat, lon;
};

/* Large cities have more people; nobody lives exactly in the middle. */
static struct home home_of(struct demo_mass *mass)
{
    uint64_t rank = zipf(mass, 8);
    const struct sql_demo_city *city = &mass->cities[rank % mass->cities_n];
    struct home home = {.place = city->name,
                        .lat = (int32_t)(city->lat + (int64_t)of(mass, SPREAD) - SPREAD / 2),
                        .lon = (int32_t)(city->lon + (int64_t)of(mass, SPREAD) - SPREAD / 2)};

    geo_round_300m(&home.lat, &home.lon);
    return home;
}

/* --- members --- */

static no add_member(struct ctx *ctx, struct demo_mass *mass)
{
    static const char *const names[] = {"Adèle",   "Basile", "Cléa", "Driss",  "Edith", "Farid",
                                        "Garance", "Henri",  "Iris", "Jules",  "Kenza", "Louis",
                                        "Mona",    "Naïm",   "Olga", "Pierre", "Rita",  "Simon",
                                        "Tess",    "Ugo",    "Vera", "Wassim", "Yael",  "Zoé"};
    const struct home home = home_of(mass);
    struct buf handle, name, trade;
    int64_t id;

    buf_init(&handle, ctx->arena, 32);
    buf_printf(&handle, "m%lld", (long long)mass->members_n + 1);
    buf_init(&name, ctx->arena, 32);
    buf_printf(&name, "%s %c.", names[of(mass, sizeof names / sizeof names[0])],
               (char)('A' + of(mass, 26)));
    buf_init(&trade, ctx->arena, 64);
    put_words(&trade, mass, 1);
    TRY(sql_member_add(ctx->db, new_uid(ctx, mass).bytes, buf_str(&handle), buf_str(&name),
                       STR_NONE, STR_NONE, S(""), ROLE_MEMBER, MEMBER_ACTIVE, LANG_FR, S(""),
                       buf_str(&trade), S(""), home.place, home.lat, home.lon, S(""), S(""),
                       INT64_C(0), S(""), STR_NONE, ctx->now_ns, ctx->now_ns, &id));
    if (mass->members_n == 0)
        mass->first_member = id;
    assert(id == mass->first_member + mass->members_n);
    mass->members_n++;
    TRY(register_member(ctx, id, true));
    return member_words_put(ctx, id);
}

/* --- offers --- */

static enum order_kind kind_of(int64_t i)
{
    const int64_t at = i % 20;

    return at < 12 ? ORDER_SERVICE : at < 17 ? ORDER_SALE : at < 19 ? ORDER_EXCHANGE : ORDER_GIFT;
}

static int64_t owner_of(const struct demo_mass *mass, int64_t offer)
{
    return mass->first_member + (offer * 7919) % mass->members_n;
}

static no add_offer(struct ctx *ctx, struct demo_mass *mass)
{
    const struct house *house = ctx_house(ctx);
    const enum order_kind kind = kind_of(mass->offers_n);
    const struct home home = home_of(mass);
    const int64_t category = house->categories[of(mass, house->categories_n)].id;
    const int64_t euro = 50 * (1 + (int64_t)zipf(mass, 12)),
                  minutes = 30 * (1 + (int64_t)of(mass, 6));
    const bool gift = kind == ORDER_GIFT, hours = kind == ORDER_EXCHANGE;
    struct buf title, body;
    int64_t id;

    buf_init(&title, ctx->arena, 128);
    put_words(&title, mass, 3 + of(mass, 4));
    buf_init(&body, ctx->arena, 512);
    put_words(&body, mass, 8 + of(mass, 16));
    TRY(sql_offer_add(ctx->db, new_uid(ctx, mass).bytes, owner_of(mass, mass->offers_n), 1, kind,
                      OFFER_OPEN, str_sub(buf_str(&title), 0, 110), buf_str(&body), LANG_FR,
                      category,
                      gift    ? 0
                      : hours ? 2
                              : 1,
                      gift    ? 0
                      : hours ? minutes
                              : euro,
                      0, 0, gift ? PRICE_FREE : PRICE_ONE, PER_WHOLE, OFFER_STOCK_UNLIMITED,
                      ORDER_FLEXIBLE, home.place, home.lat, home.lon, geo_cell(home.lat, home.lon),
                      STR_NONE, S(""), 0, ctx->now_ns, &id));
    if (mass->offers_n == 0)
        mass->first_offer = id;
    assert(id == mass->first_offer + mass->offers_n);
    mass->offers_n++;
    return offer_index(ctx, id);
}

/* --- orders --- */

static void become(struct ctx *ctx, int64_t member)
{
    ctx->now_ns += 1000; /* each act later than the one before */
    ctx->actor = (struct actor){.member = member, .roles = ROLE_MEMBER};
}

static no act(struct ctx *ctx, int64_t order, int64_t member, enum order_event event)
{
    struct order_act_form form = {.order = order,
                                  .event = event,
                                  .seen_events_n = -1,
                                  .counter_price = {-1, -1},
                                  .actual_price = {-1, -1}};

    become(ctx, member);
    return deed_order_act(ctx, &form);
}

/* Services paid from hand to hand: no purse can be at its limit, so none is refused. */
static no add_order(struct ctx *ctx, struct demo_mass *mass)
{
    const int64_t services = (mass->offers_n + 19) / 20;
    int64_t offer = 20 * (int64_t)of(mass, (uint64_t)services) + (int64_t)of(mass, 12);

    if (offer >= mass->offers_n)
        offer = 0;
    const int64_t owner = owner_of(mass, offer);
    int64_t buyer = mass->first_member + (int64_t)of(mass, (uint64_t)mass->members_n);

    if (buyer == owner)
        buyer = buyer == mass->first_member ? buyer + 1 : buyer - 1;
    struct order_request_form form = {.uid = new_uid(ctx, mass),
                                      .lines = {{mass->first_offer + offer, 0, 1}},
                                      .lines_n = 1,
                                      .seen_a = -1,
                                      .seen_b = -1};

    become(ctx, buyer);
    TRY(deed_order_request(ctx, &form));
    mass->orders_n++;
    if (of(mass, ON_THE_WAY) == 0)
        return YES;
    TRY(act(ctx, form.order, owner, ORDER_DO_ACCEPT));
    TRY(act(ctx, form.order, owner, ORDER_DO_PAY_SEEN));
    TRY(act(ctx, form.order, owner, ORDER_DO_DELIVER));
    return act(ctx, form.order, buyer, ORDER_DO_CONFIRM);
}

/* --- batches --- */

static no many(struct ctx *ctx, struct demo_batch *batch,
               no (*one)(struct ctx *, struct demo_mass *))
{
    if (!may_make(ctx))
        return NO_NOT_ALLOWED;
    for (int64_t i = 0; i < batch->n; i++) {
        const size_t mark = arena_mark(ctx->arena);

        TRY(one(ctx, batch->mass));
        arena_rewind(ctx->arena, mark);
    }
    return YES;
}

static no some_members(struct ctx *ctx, void *batch)
{
    return many(ctx, batch, add_member);
}

static no some_offers(struct ctx *ctx, void *batch_)
{
    struct demo_batch *batch = batch_;

    return batch->mass->members_n > 0 ? many(ctx, batch, add_offer) : NO_NOT_FOUND;
}

static no some_orders(struct ctx *ctx, void *batch_)
{
    struct demo_batch *batch = batch_;

    if (batch->mass->members_n < 2 || batch->mass->offers_n == 0)
        return NO_NOT_FOUND;
    TRY(ledger_batch_open(ctx));
    TRY(many(ctx, batch, add_order));
    return ledger_batch_close(ctx);
}

no deed_demo_members(struct ctx *ctx, struct demo_batch *batch)
{
    return deed_run(ctx, some_members, batch);
}

no deed_demo_offers(struct ctx *ctx, struct demo_batch *batch)
{
    return deed_run(ctx, some_offers, batch);
}

no deed_demo_orders(struct ctx *ctx, struct demo_batch *batch)
{
    return deed_run(ctx, some_orders, batch);
}
