/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Six months in one run. Each week is one deed whose clock is set by hand, so that two thousand
 * acts cost as many commits as there are weeks.
 */
#include "doors/cli/demo.h"

#include "deeds/demo.h"
#include "deeds/house.h"
#include "deeds/import.h"
#include "deeds/join.h"
#include "deeds/offer.h"
#include "doors/cli/demo_in.h"

#include <stdio.h>
#include <string.h>

enum { WEEK = 7, BAR = 30, OFFERS_A_DAY = 6 };

/* --- chance and time --- */

/* xorshift64*: the same demonstration from the same seed. */
uint64_t demo_chance(struct demo *demo)
{
    demo->seed ^= demo->seed >> 12;
    demo->seed ^= demo->seed << 25;
    demo->seed ^= demo->seed >> 27;
    return demo->seed * UINT64_C(0x2545f4914f6cdd1d);
}

uint64_t demo_of(struct demo *demo, uint64_t n)
{
    return (demo_chance(demo) >> 32) % n;
}

static void go_to(struct demo *demo, int64_t at_ns)
{
    const int64_t next = demo->at_ns + 1000000;

    demo->at_ns = at_ns > next ? at_ns : next;
    demo->ctx->now_ns = demo->at_ns;
}

void demo_as(struct demo *demo, int64_t at_ns, size_t person)
{
    go_to(demo, at_ns);
    demo->ctx->actor =
        (struct actor){.member = demo->people[person].member, .roles = demo->people[person].roles};
}

void demo_as_console(struct demo *demo, int64_t at_ns)
{
    go_to(demo, at_ns);
    demo->ctx->actor = (struct actor){.console = true, .roles = ROLE_FACILITATOR};
}

/* --- offers --- */

static str or_empty(const char *text)
{
    return text == NULL ? S("") : str_of(text);
}

/* Homes are spread around the middle of their place, as they are in life. */
static no spread(struct demo *demo, int64_t offer)
{
    struct demo_spot spot = {.offer = offer,
                             .lat = (int32_t)demo_of(demo, 24000) - 12000,
                             .lon = (int32_t)demo_of(demo, 30000) - 15000};

    return deed_demo_spot(demo->ctx, &spot);
}

static no publish(struct demo *demo, struct demo_shown *shown)
{
    const struct demo_offer *offer = shown->offer;
    const struct house *house = ctx_house(demo->ctx);
    const struct house_category *category = house_category_by_slug(house, str_of(offer->category));
    struct offer_form form = {
        .side = offer->side == 'n' ? 2 : 1,
        .kind = offer->kind,
        .category = category == NULL ? 0 : category->id,
        .per = offer->per,
        .cancel = ORDER_FLEXIBLE,
        .title = str_of(offer->title),
        .body = str_of(offer->body),
        .place = S(""),
        .stock = or_empty(offer->stock),
        .stock_seen = S(""),
        .amounts = {or_empty(offer->money), or_empty(offer->hours), or_empty(offer->credit)},
        .both = offer->both};

    for (size_t i = 0; i < sizeof form.uid.bytes; i++)
        form.uid.bytes[i] = (uint8_t)(demo_chance(demo) >> 24);
    demo_as(demo, shown->at_ns, shown->owner);
    demo->ctx->lang = offer->english ? LANG_EN : LANG_FR;
    TRY(deed_offer_save(demo->ctx, &form));
    shown->id = form.offer;
    demo_as_console(demo, shown->at_ns);
    return spread(demo, form.offer);
}

no demo_publish(struct demo *demo, int day)
{
    for (size_t i = 0; i < demo->shown_n; i++) {
        struct demo_shown *shown = &demo->shown[i];
        const size_t mark = arena_mark(demo->ctx->arena);

        if (shown->id != 0 || shown->at_ns >= demo->start_ns + (day + 1) * DEMO_DAY)
            continue;
        TRY(publish(demo, shown));
        arena_rewind(demo->ctx->arena, mark);
    }
    return YES;
}

/* The newest stand first in the market: these, of every kind, came in the last five weeks. */
static int day_of_newest(const char *title)
{
    static const char *const newest[] = {
        "Tasse sans anse",
        "Grand nettoyage avant état des lieux",
        "Pain de campagne au levain, 1 kg",
        "Salle à manger pour un atelier",
        "Paire de rideaux sur mesure",
        "Broyeur de branches, un jour",
        "Vélo de ville remis à neuf",
        "English conversation along the Saône",
        "Demi-panier de légumes, 3 kg",
        "Plafond taché repris",
        "Initiation au tour, deux heures",
        "Scie sauteuse, un jour",
        "Tournée de livraison pour commerces",
    };
    const size_t n = sizeof newest / sizeof newest[0];

    for (size_t i = 0; i < n; i++)
        if (strcmp(newest[i], title) == 0)
            return DEMO_DAYS - 35 + (int)(i * 5 / 2);
    return 0;
}

/* Offers come in the weeks after their owners, needs in the last ones. */
static int64_t first_shown(struct demo *demo, const struct demo_offer *offer, size_t owner,
                           size_t i)
{
    const int joined = demo_people[owner].day, later = (int)demo_of(demo, 26);
    const int newest = day_of_newest(offer->title);
    const int day = newest > 0           ? newest
                    : offer->side == 'n' ? DEMO_DAYS - 30 + (int)(i % 29)
                                         : joined + 1 + (i < OFFERS_A_DAY ? 0 : later);

    return demo->start_ns + day * DEMO_DAY + 9 * ORDER_HOUR +
           (int64_t)demo_of(demo, 36000) * ORDER_SECOND;
}

static void list_offers(struct demo *demo, const struct demo_offer *offers, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t owner = demo_person_of(offers[i].owner);

        demo->shown[demo->shown_n] =
            (struct demo_shown){.offer = &offers[i],
                                .owner = owner,
                                .at_ns = first_shown(demo, &offers[i], owner, demo->shown_n)};
        demo->shown_n++;
    }
}

/* --- what came from elsewhere --- */

static no import(struct demo *demo, int64_t at_ns, struct import_form *form)
{
    demo_as_console(demo, at_ns);
    return deed_import(demo->ctx, form);
}

static no bring_listings(struct demo *demo, int64_t at_ns)
{
    struct import_form form = {
        .source = IMPORT_AIRBNB,
        .currency = S("EUR"),
        .bytes = S("id,name,host_id,host_name,neighbourhood,latitude,longitude,room_type,price,"
                   "minimum_nights\n"
                   "900001,Studio clair près du parc,70001,Anouk,Lyon 6e,45.77310,4.85220,"
                   "Entire home/apt,62,2\n"
                   "900002,Chambre chez une tisserande,70002,Perrine,Lyon 4e,45.77580,4.82890,"
                   "Private room,38,1\n"
                   "900003,Péniche amarrée quai Rambaud,70003,Gilles,Lyon 2e,45.74110,4.81550,"
                   "Entire home/apt,,2\n"
                   "900004,Loft aux Gratte-Ciel,70001,Anouk,Villeurbanne,45.76890,4.88010,"
                   "Entire home/apt,71,3\n")};

    return import(demo, at_ns, &form);
}

static no bring_shop(struct demo *demo, int64_t at_ns)
{
    struct import_form form = {
        .source = IMPORT_WOOCOMMERCE,
        .seller = S("leonie"),
        .bytes = S("ID,Type,SKU,Name,Published,Short description,In stock?,Stock,Regular price,"
                   "Categories,Parent,Attribute 1 name,Attribute 1 value(s)\n"
                   "1,variable,bonnet,Bonnet en laine du Pilat,1,Tricoté serré.,1,,,Vêtements,,"
                   "Couleur,\"Garance, Gaude, Écru\"\n"
                   "2,variation,bonnet-garance,Bonnet - Garance,1,,1,4,34,,bonnet,Couleur,Garance\n"
                   "3,variation,bonnet-gaude,Bonnet - Gaude,1,,1,2,34,,bonnet,Couleur,Gaude\n"
                   "4,variation,bonnet-ecru,Bonnet - Écru,1,,1,7,29,,bonnet,Couleur,Écru\n"
                   "5,simple,chaussons,Chaussons en feutre,1,Pointures 35 à 44.,1,12,42,"
                   "Vêtements,,,\n")};

    return import(demo, at_ns, &form);
}

/* --- the run --- */

static no ask_to_join(struct demo *demo, int64_t at_ns)
{
    const struct join_ask people[] = {
        {S("Malo T."), S("malo@traboule.example"), S("vitrier"), S("Lyon 3e"),
         S("Je répare des fenêtres anciennes et je cherche des clients à vélo."), true},
        {S("Djamila F."), S("djamila@traboule.example"), S("traiteur"), S("Bron"),
         S("Fatou m’a parlé de vous."), true}};

    for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
        go_to(demo, at_ns + (int64_t)i * 5 * ORDER_HOUR);
        demo->ctx->actor = (struct actor){0};
        TRY(deed_join_ask(demo->ctx, &people[i]));
    }
    return YES;
}

static no one_day(struct demo *demo, int day)
{
    const int64_t noon = demo->start_ns + day * DEMO_DAY + 12 * ORDER_HOUR;

    TRY(demo_join(demo, day));
    TRY(demo_profiles(demo, day));
    TRY(demo_publish(demo, day));
    if (day == 123)
        TRY(bring_shop(demo, noon));
    if (day == 97)
        TRY(bring_listings(demo, noon));
    if (day == DEMO_DAYS - 2)
        TRY(ask_to_join(demo, noon));
    TRY(demo_certain(demo, day));
    return demo_trade(demo, day);
}

static no some_days(struct ctx *ctx, void *demo_)
{
    struct demo *demo = demo_;

    for (int day = demo->from_day; day < demo->to_day; day++) {
        const size_t mark = arena_mark(ctx->arena);

        TRY(one_day(demo, day));
        arena_rewind(ctx->arena, mark);
    }
    ctx->wrongs_n = 0;
    return YES;
}

void demo_draw(const char *what, int64_t done, int64_t of)
{
    (void)fprintf(stderr, "\r%s [", what);
    for (int64_t i = 0; i < BAR; i++)
        (void)fputc(i < done * BAR / of ? '#' : '.', stderr);
    (void)fprintf(stderr, "] %3d %%%s", (int)(done * 100 / of), done == of ? "\n" : "");
}

static no prepare(struct demo *demo)
{
    struct arena *arena = demo->ctx->arena;
    const size_t offers_n = demo_offers_n + demo_more_offers_n + demo_needs_n;

    demo->people = arena_take_many(arena, demo_people_n + 1, sizeof *demo->people);
    demo->shown = arena_take_many(arena, offers_n, sizeof *demo->shown);
    demo->live = arena_take_many(arena, DEMO_LIVE_MAX, sizeof *demo->live);
    if (demo->people == NULL || demo->shown == NULL || demo->live == NULL)
        return NO_OUT_OF_MEMORY;
    list_offers(demo, demo_offers, demo_offers_n);
    list_offers(demo, demo_more_offers, demo_more_offers_n);
    list_offers(demo, demo_needs, demo_needs_n);
    return YES;
}

static no make_small(struct demo *demo, bool progress)
{
    TRY(prepare(demo));
    TRY(deed_run(demo->ctx, demo_found, demo));
    for (int day = 0; day < DEMO_DAYS; day += WEEK) {
        demo->from_day = day;
        demo->to_day = day + WEEK < DEMO_DAYS ? day + WEEK : DEMO_DAYS;
        TRY(deed_run(demo->ctx, some_days, demo));
        if (progress)
            demo_draw("La Traboule, Lyon", demo->to_day, DEMO_DAYS);
    }
    return YES;
}

no demo_make(struct ctx *ctx, const struct demo_size *size, bool progress)
{
    const enum lang lang = ctx->lang;
    struct demo demo = {.ctx = ctx, .seed = UINT64_C(0x66696c6f6e2d6c79)};

    demo.end_ns = ctx->now_ns - ORDER_MINUTE;
    demo.start_ns = demo.end_ns / DEMO_DAY * DEMO_DAY - (DEMO_DAYS - 1) * DEMO_DAY;
    TRY(make_small(&demo, progress));
    if (size->members > 0 || size->offers > 0 || size->orders > 0)
        TRY(demo_make_big(ctx, size, progress));
    ctx->actor = (struct actor){.console = true, .roles = ROLE_FACILITATOR};
    TRY(deed_demo_quiet(ctx));
    ctx->lang = lang;
    return YES;
}
