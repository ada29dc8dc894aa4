/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Fills a data folder for benches and stories, without a server:
 *
 *     seed DIR found           founds a co-op in Lyon with euro, hours and credits, if DIR is empty
 *     seed DIR offers N        publishes offers until there are N, from a fixed seed
 *     seed DIR pairs N         makes N pairs of members who buy from one another; prints for each
 *                              COOKIE TOKEN EURO HOUR COOKIE TOKEN EURO HOUR
 *                              where TOKEN goes into the field csrf, EURO and HOUR are offers
 *
 * A pair trades to and fro, so that its purses stay near zero however long it goes on.
 */
#include "base/hash.h"
#include "deeds/found.h"
#include "deeds/house.h"
#include "deeds/offer_index.h"
#include "deeds/session.h"
#include "main/world.h"
#include "rules/geo.h"
#include "rules/offer.h"
#include "store/sql_member.h"
#include "store/sql_offer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BATCH = 1000, ARENA = 8 << 20, LYON_LAT = 45764000, LYON_LON = 4835000, MEMBERS = 1000 };

static void must(no answer, const char *what)
{
    if (answer == YES)
        return;
    (void)fprintf(stderr, "seed: %s: %s\n", what, no_line(answer)->name);
    exit(1);
}

/* --- dice: the same offers on every machine --------------------------------------------------- */

static uint64_t dice(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static int64_t below(uint64_t *state, int64_t n)
{
    return (int64_t)(dice(state) % (uint64_t)n);
}

/* --- founding --------------------------------------------------------------------------------- */

static void found(struct ctx *ctx)
{
    static const struct founder founders[] = {
        {.name = {"Amina K.", 8}, .email = {"amina@example.org", 17}},
        {.name = {"Bruno L.", 8}, .email = {"bruno@example.org", 17}},
        {.name = {"Clara M.", 8}, .email = {"clara@example.org", 17}},
        {.name = {"Daniel N.", 9}, .email = {"daniel@example.org", 18}},
    };
    struct found_form form = {.name = S("La Traboule"),
                              .sentence = S("The market that belongs to those who work it"),
                              .legal_form = S("scic"),
                              .place = S("Lyon"),
                              .zone = S("Europe/Paris"),
                              .email = S("bonjour@example.org"),
                              .lat = LYON_LAT,
                              .lon = LYON_LON,
                              .lang = LANG_FR,
                              .currency = S("EUR"),
                              .hours = true,
                              .credits = true,
                              .credit_code = S("FIL"),
                              .credit_name = S("Filons"),
                              .hour_floor = 6000,
                              .hour_ceiling = 6000,
                              .credit_floor = 20000,
                              .credit_ceiling = 200000,
                              .fee_running_bp = 520,
                              .fee_reserve_bp = 230,
                              .fee_solidarity_bp = 150,
                              .share_minor = 2000,
                              .quorum_percent = 25,
                              .founders = founders,
                              .founders_n = sizeof founders / sizeof founders[0]};

    if (ctx_house(ctx)->name.len == 0)
        must(deed_found(ctx, &form), "found");
}

/* --- members ---------------------------------------------------------------------------------- */

static no add_member(struct ctx *ctx, int64_t number, int64_t *id)
{
    uint8_t uid[16];
    struct buf handle, name, email;

    ctx->world->chance(ctx->world->self, uid, sizeof uid);
    buf_init(&handle, ctx->arena, 64);
    buf_init(&name, ctx->arena, 64);
    buf_init(&email, ctx->arena, 64);
    buf_printf(&handle, "seed%lld", (long long)number);
    buf_printf(&name, "Seed %lld", (long long)number);
    buf_printf(&email, "seed%lld@example.org", (long long)number);
    return sql_member_add(ctx->db, uid, buf_str(&handle), buf_str(&name), buf_str(&email),
                          buf_str(&email), S(""), ROLE_CLIENT | ROLE_MEMBER, 2, LANG_EN, S(""),
                          S("courier"), S(""), S("Lyon"), LYON_LAT, LYON_LON,
                          S("FR7630006000011234567890189"), S(""), 0, S(""), STR_NONE, ctx->now_ns,
                          ctx->now_ns, id);
}

/* Numbers of members made by earlier runs are passed over. */
static no add_members(struct ctx *ctx, int64_t n, int64_t *ids)
{
    struct sql_member known;
    int64_t number = 1;

    for (int64_t i = 0; i < n; number++) {
        const size_t mark = arena_mark(ctx->arena);
        struct buf handle;

        buf_init(&handle, ctx->arena, 64);
        buf_printf(&handle, "seed%lld", (long long)number);
        const no answer = sql_member_by_handle(ctx->db, ctx->arena, buf_str(&handle), &known);

        if (answer == NO_NOT_FOUND)
            TRY(add_member(ctx, number, &ids[i++]));
        else
            TRY(answer);
        arena_rewind(ctx->arena, mark);
    }
    return YES;
}

/* --- offers ----------------------------------------------------------------------------------- */

/* The first of each line is in every third offer of its kind, the last in few: words of people are
 * spread like that, and a search must bear the frequent ones. */
static const char *const things[] = {
    "bike",        "repair",  "cleaning", "bread",    "delivery",   "garden",
    "lesson",      "table",   "painting", "sewing",   "basket",     "honey",
    "moving",      "cooking", "music",    "wood",     "computer",   "massage",
    "soap",        "cheese",  "piano",    "plumbing", "lamp",       "pottery",
    "translation", "violin",  "cargo",    "welding",  "beekeeping", "calligraphy",
};
static const char *const manners[] = {
    "fresh",  "old",   "quick", "local", "organic", "gentle", "weekend", "evening",
    "shared", "small", "heavy", "quiet", "patient", "rare",   "antique", "baroque",
};
static const char *const places[] = {"Lyon", "Villeurbanne", "Oullins", "Bron", "Caluire", "Vaise"};

/* Low numbers often, high ones seldom. */
static const char *word(uint64_t *state, const char *const *list, size_t n)
{
    const size_t a = (size_t)below(state, (int64_t)n), b = (size_t)below(state, (int64_t)a + 1);

    return list[below(state, (int64_t)b + 1)];
}
#define WORD(state, list) word(state, list, sizeof(list) / sizeof((list)[0]))

static void put_text(struct buf *title, struct buf *body, uint64_t *state, int64_t number)
{
    buf_printf(title, "%s %s %s %lld", WORD(state, manners), WORD(state, things),
               WORD(state, things), (long long)number);
    buf_printf(body, "I offer %s and %s in %s, ", WORD(state, things), WORD(state, things),
               WORD(state, places));
    for (int i = 0; i < 24; i++)
        buf_printf(body, "%s %s ", WORD(state, manners), WORD(state, things));
    buf_printf(body, "word%lld.", (long long)below(state, 50000));
}

/* Six in ten in the city, the others anywhere in the country. */
static void choose_place(uint64_t *state, int32_t *lat, int32_t *lon)
{
    const bool city = below(state, 10) < 6;

    *lat = (int32_t)(city ? LYON_LAT - 90000 + below(state, 180000)
                          : 43000000 + below(state, 7000000));
    *lon = (int32_t)(city ? LYON_LON - 120000 + below(state, 240000)
                          : -1000000 + below(state, 8000000));
}

struct offer_plan {
    int64_t member, minor, currency;
    enum order_kind kind;
    str title, body;
    int32_t lat, lon;
    int64_t category;
};

static no add_offer(struct ctx *ctx, const struct offer_plan *plan, int64_t *id)
{
    uint8_t uid[16];

    ctx->world->chance(ctx->world->self, uid, sizeof uid);
    TRY(sql_offer_add(ctx->db, uid, plan->member, 1, plan->kind, OFFER_OPEN, plan->title,
                      plan->body, LANG_EN, plan->category, plan->currency, plan->minor, 0, 0,
                      PRICE_ONE, PER_WHOLE, OFFER_STOCK_UNLIMITED, ORDER_FLEXIBLE, S("Lyon"),
                      plan->lat, plan->lon, geo_cell(plan->lat, plan->lon), STR_NONE, S(""), 0,
                      ctx->now_ns, id));
    return offer_index(ctx, *id);
}

struct offers {
    int64_t from, to; /* numbers */
    const int64_t *members;
};

static no add_offers(struct ctx *ctx, void *offers_)
{
    const struct offers *offers = offers_;

    for (int64_t number = offers->from; number < offers->to; number++) {
        const size_t mark = arena_mark(ctx->arena);
        uint64_t state = (uint64_t)number;
        struct buf title, body;
        int64_t id;

        buf_init(&title, ctx->arena, 128);
        buf_init(&body, ctx->arena, 1024);
        put_text(&title, &body, &state, number);
        struct offer_plan plan = {.member = offers->members[below(&state, MEMBERS)],
                                  .minor = 100 + below(&state, 20000),
                                  .currency = 1,
                                  .kind = below(&state, 3) > 0 ? ORDER_SERVICE : ORDER_SALE,
                                  .title = buf_str(&title),
                                  .body = buf_str(&body),
                                  .category = 1 + below(&state, 6)};

        if (below(&state, 10) == 0) {
            plan.kind = ORDER_EXCHANGE;
            plan.currency = 2;
            plan.minor = 15 + 15 * below(&state, 20);
        }
        choose_place(&state, &plan.lat, &plan.lon);
        TRY(add_offer(ctx, &plan, &id));
        arena_rewind(ctx->arena, mark);
    }
    return YES;
}

static no make_members(struct ctx *ctx, void *ids)
{
    return add_members(ctx, MEMBERS, ids);
}

static void offers(struct ctx *ctx, int64_t n)
{
    static int64_t members[MEMBERS];

    must(deed_run(ctx, make_members, members), "members");
    for (int64_t from = 0; from < n; from += BATCH) {
        struct offers job = {from, from + BATCH < n ? from + BATCH : n, members};

        arena_reset(ctx->arena);
        must(deed_run(ctx, add_offers, &job), "offers");
        if (from % 50000 == 0)
            (void)fprintf(stderr, "seed: %lld of %lld offers\n", (long long)from, (long long)n);
    }
}

/* --- pairs ------------------------------------------------------------------------------------ */

struct half {
    int64_t member, euro, hour;
};

static no make_half(struct ctx *ctx, struct half *half)
{
    const struct offer_plan
        euro = {half->member, 3800,     1, ORDER_SERVICE, S("A ride of the pair"), S("By bike."),
                LYON_LAT,     LYON_LON, 1},
        hour = {half->member, 30,       2, ORDER_EXCHANGE, S("Half an hour of the pair"), S("Any."),
                LYON_LAT,     LYON_LON, 1};

    TRY(add_offer(ctx, &euro, &half->euro));
    return add_offer(ctx, &hour, &half->hour);
}

struct pairs {
    struct half *halves;
    int64_t n;
};

static no make_pairs(struct ctx *ctx, void *pairs_)
{
    const struct pairs *pairs = pairs_;
    int64_t *ids = arena_take_many(ctx->arena, (size_t)pairs->n, sizeof *ids);

    if (ids == NULL)
        return NO_TOO_LARGE;
    TRY(add_members(ctx, pairs->n, ids));
    for (int64_t i = 0; i < pairs->n; i++) {
        pairs->halves[i].member = ids[i];
        TRY(make_half(ctx, &pairs->halves[i]));
    }
    return YES;
}

/* The door unmasks a token by XOR with its first half: half a token of zeros masks nothing. */
static void print_half(struct ctx *ctx, const struct half *half, char end)
{
    struct session_open session = {.member = half->member, .agent = S("seed")};
    uint8_t masked[64] = {0};
    char token[86];

    must(deed_session_open(ctx, &session), "session");
    if (!hash_base64url_read((str){session.csrf, SESSION_TOKEN_LEN}, masked + 32, 32))
        exit(1);
    hash_base64url(masked, sizeof masked, token);
    (void)printf("%.*s %.*s %lld %lld%c", SESSION_TOKEN_LEN, session.cookie, (int)sizeof token,
                 token, (long long)half->euro, (long long)half->hour, end);
}

static void pairs(struct ctx *ctx, int64_t n)
{
    struct pairs job = {calloc((size_t)n * 2, sizeof *job.halves), n * 2};

    if (job.halves == NULL)
        exit(1);
    must(deed_run(ctx, make_pairs, &job), "pairs");
    for (int64_t i = 0; i < n * 2; i++) {
        arena_reset(ctx->arena);
        print_half(ctx, &job.halves[i], i % 2 == 0 ? ' ' : '\n');
    }
    free(job.halves);
}

int main(int argc, char **argv)
{
    struct real_world *world;
    struct arena arena;
    struct ctx ctx;
    const int64_t n = argc > 3 ? strtoll(argv[3], NULL, 10) : 1;

    if (argc < 3 || n < 1) {
        (void)fputs("usage: seed DIR found | offers N | pairs N\n", stderr);
        return 2;
    }
    (void)mkdir(argv[1], 0700);
    must(world_open(&world, argv[1], 2), argv[1]);
    if (!arena_init(&arena, ARENA))
        return 1;
    world_ctx(world, &arena, &ctx);
    found(&ctx);
    if (strcmp(argv[2], "offers") == 0)
        offers(&ctx, n);
    if (strcmp(argv[2], "pairs") == 0)
        pairs(&ctx, n);
    arena_release(&arena);
    world_close(world);
    return 0;
}
