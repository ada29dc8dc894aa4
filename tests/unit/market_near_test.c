/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The nearest first, against a second model that looks at every offer: a town of 24,000 offers,
 * many of them on the same square, their words in French and English, with and without accents,
 * in titles and in descriptions. Every page of every answer is the model's, card by card.
 */
#include "market_world.h"

#include "deeds/offer_index.h"
#include "rules/geo.h"

enum {
    CROWD = 24000,
    LAT = 47300000,
    LON = 5000000,
    TOWN = 30000,    /* micro-degrees: 3.3 km */
    AROUND = 200000, /* 22 km */
    QUERIES = 80,
    FAR = 25000
};

/* --- words --- */

static const struct concept {
    const char *written[4], *typed[3];
    int thousand;
}
concepts[] = {
    {{"Vélo", "vélos", "VELO", "ve\xcc\x81lo"}, {"velo", "VÉLOS", "vélo"}, 600},
    {{"Cœur", "coeur", "COEURS", "cœurs"}, {"cœur", "Coeurs", "coeur"}, 350},
    {{"lamp", "Lamps", "LAMP", "lamp’s"}, {"lamps", "Lamp", "lamp"}, 450},
    {{"basket", "Baskets", "basket", "BASKET"}, {"baskets", "basket", "Basket"}, 80},
    {{"Straße", "strasse", "STRASSE", "straße"}, {"strasse", "straße", "STRAßE"}, 12},
    {{"day", "Days", "DAY", "day"}, {"day", "days", "DAY"}, 0},
    {{"night", "Nights", "NIGHT", "night"}, {"night", "nights", "NIGHT"}, 0},
};
enum { CONCEPTS = sizeof concepts / sizeof concepts[0], DAY = 5, NIGHT = 6, NO_CONCEPT = -1 };

struct made {
    int64_t id, price, category;
    enum order_kind kind;
    int32_t lat, lon;
    bool title[CONCEPTS], body[CONCEPTS];
};
static struct made crowd[CROWD + 8];
static int64_t crowd_n;
static uint64_t seed = 20;

static int64_t below(int64_t n)
{
    return (int64_t)(chance_next(&seed) % (uint64_t)n);
}

/* --- the town --- */

static void choose_place(struct made *made)
{
    const int64_t where = below(100);
    const int64_t reach = where < 75 ? TOWN : AROUND;

    made->lat = LAT;
    made->lon = LON;
    if (where == 99) {
        made->lat = made->lon = 0; /* said no place */
        return;
    }
    if (where >= 12) { /* the others are all at the market hall */
        made->lat += (int32_t)(below(2 * reach) - reach);
        made->lon += (int32_t)(below(2 * reach) - reach);
    }
    geo_round_300m(&made->lat, &made->lon);
}

static void choose_words(struct made *made)
{
    for (int c = 0; c < CONCEPTS; c++) {
        const bool has = below(1000) < concepts[c].thousand;

        made->title[c] = has && below(3) > 0;
        made->body[c] = has && (!made->title[c] || below(3) == 0);
    }
    made->title[crowd_n % 2 == 0 ? DAY : NIGHT] = true;
}

static void put(struct buf *out, const bool *has)
{
    for (int c = 0; c < CONCEPTS; c++)
        if (has[c])
            buf_printf(out, "%s, ", concepts[c].written[below(4)]);
}

static no add(struct ctx *ctx, struct made *made)
{
    const size_t mark = arena_mark(ctx->arena);
    uint8_t name[16] = {9, (uint8_t)(crowd_n >> 16), (uint8_t)(crowd_n >> 8), (uint8_t)crowd_n};
    struct buf title, body;

    buf_init(&title, ctx->arena, 128);
    put(&title, made->title);
    buf_init(&body, ctx->arena, 128);
    put(&body, made->body);
    TRY(sql_offer_add(ctx->db, name, test.amina, MARKET_OFFERS, made->kind, OFFER_OPEN,
                      buf_str(&title), buf_str(&body), LANG_FR, made->category, 1, made->price, 0,
                      0, PRICE_ONE, PER_WHOLE, -1, ORDER_FLEXIBLE, S("Dijon"), made->lat, made->lon,
                      geo_cell(made->lat, made->lon), STR_NONE, S(""), 0, ctx->now_ns, &made->id));
    crowd_n++;
    TRY(offer_index(ctx, made->id));
    arena_rewind(ctx->arena, mark);
    return YES;
}

static no add_crowd(struct ctx *ctx, void *none)
{
    (void)none;
    while (crowd_n < CROWD) {
        struct made *made = &crowd[crowd_n];

        *made = (struct made){.price = 100 + below(20000),
                              .category = below(4) == 0 ? CATEGORY_MOVE : CATEGORY_FOOD,
                              .kind = below(3) == 0 ? ORDER_SERVICE : ORDER_SALE};
        choose_place(made);
        choose_words(made);
        TRY(add(ctx, made));
    }
    return YES;
}

static no add_here(struct ctx *ctx, void *made_)
{
    struct made *made = made_;

    TRY(add(ctx, made));
    crowd[crowd_n - 1] = *made;
    return YES;
}

static void run(no (*deed)(struct ctx *, void *), void *form)
{
    struct ctx ctx;

    test_as(&test, &ctx, 0, 0);
    ctx.actor.console = true;
    assert_int_equal(deed_run(&ctx, deed, form), YES);
    test_done(&ctx);
}

static int open_town(void **state)
{
    (void)open_world(state);
    run(add_crowd, NULL);
    return 0;
}

/* --- the second model --- */

struct asked {
    struct market_query query;
    int concepts[3], concepts_n;
};

struct expected {
    int64_t id, distance_m;
    bool in_title;
};
static struct expected all[CROWD + 8];

static bool has_words(const struct asked *asked, const struct made *made)
{
    for (int i = 0; i < asked->concepts_n; i++)
        if (!made->title[asked->concepts[i]] && !made->body[asked->concepts[i]])
            return false;
    return true;
}

static bool words_in_title(const struct asked *asked, const struct made *made)
{
    for (int i = 0; i < asked->concepts_n; i++)
        if (!made->title[asked->concepts[i]])
            return false;
    return asked->concepts_n > 0;
}

static int64_t far_from(const struct market_query *query, const struct made *made)
{
    if (made->lat == 0 && made->lon == 0)
        return -1;
    return geo_distance_m(query->lat, query->lon, made->lat, made->lon);
}

static bool fits(const struct asked *asked, const struct made *made, int64_t radius_m)
{
    const struct market_query *query = &asked->query;
    const int64_t distance_m = far_from(query, made);

    return (query->until == 0 || made->id <= query->until) && has_words(asked, made) &&
           (query->price_max < 0 || made->price <= query->price_max) &&
           (query->category == 0 || made->category == query->category) &&
           (query->kind == MARKET_ALL ||
            (query->kind == MARKET_GOODS) == (made->kind == ORDER_SALE)) &&
           (radius_m == 0 || (distance_m >= 0 && distance_m <= radius_m));
}

static int nearer(const void *a_, const void *b_)
{
    const struct expected *a = a_, *b = b_;
    const int64_t far = INT64_MAX, a_m = a->distance_m < 0 ? far : a->distance_m,
                  b_m = b->distance_m < 0 ? far : b->distance_m;

    return a_m != b_m ? (a_m < b_m ? -1 : 1) : a->id > b->id ? -1 : a->id < b->id;
}

static int titles_first(const void *a_, const void *b_)
{
    const struct expected *a = a_, *b = b_;

    return a->in_title != b->in_title ? (a->in_title ? -1 : 1) : nearer(a, b);
}

static int64_t count(const struct asked *asked, int64_t radius_m)
{
    int64_t n = 0;

    for (int64_t i = 0; i < crowd_n; i++)
        n += fits(asked, &crowd[i], radius_m);
    return n;
}

/* Into `all`, nearest first; how many. */
static int64_t look_at_all(const struct asked *asked)
{
    int64_t n = 0;

    for (int64_t i = 0; i < crowd_n; i++)
        if (fits(asked, &crowd[i], asked->query.radius_m))
            all[n++] = (struct expected){crowd[i].id, far_from(&asked->query, &crowd[i]),
                                         words_in_title(asked, &crowd[i])};
    qsort(all, (size_t)n, sizeof *all, nearer);
    return n;
}

static int64_t with_the_words(const struct asked *asked)
{
    struct asked words = *asked;

    words.query.price_max = -1;
    words.query.category = 0;
    words.query.kind = MARKET_ALL;
    return count(&words, 0);
}

static struct market_found look_again(struct market_query query)
{
    arena_reset(&test.arena);
    return look(query);
}

/* Every page is the model's, and the pages together are the whole answer. */
static void check(struct asked *asked)
{
    struct market_found found = look_again(asked->query);
    int64_t n = look_at_all(asked), at = 0;

    if (found.at_least) {
        assert_true(with_the_words(asked) > MARKET_HITS_MAX);
        assert_true(n >= MARKET_NEAREST_MAX);
        n = MARKET_NEAREST_MAX;
    }
    qsort(all, (size_t)n, sizeof *all, titles_first);
    assert_int_equal(found.total, n);
    asked->query.until = found.until;
    for (asked->query.page = 1; asked->query.page <= found.pages_n; asked->query.page++) {
        const struct market_found page = look_again(asked->query);

        assert_int_equal(page.total, n);
        for (size_t i = 0; i < page.cards_n; i++, at++) {
            assert_true(at < n);
            assert_int_equal(page.cards[i].id, all[at].id);
            assert_int_equal(page.distances_m[i], all[at].distance_m);
        }
    }
    assert_int_equal(at, n);
}

/* --- the tests --- */

static struct asked an_asked(void)
{
    struct asked asked = {.query = a_query(STR_NONE)};

    asked.query.has_place = true;
    asked.query.lat = LAT;
    asked.query.lon = LON;
    asked.query.radius_m = 10000;
    asked.query.sort = MARKET_NEAREST;
    asked.query.size = MARKET_PAGE_SIZE * 2;
    return asked;
}

static void type(struct asked *asked, int concept)
{
    static char typed[96];
    const char *spelling = concepts[concept].typed[below(3)];

    if (asked->concepts_n == 0)
        typed[0] = '\0';
    asked->concepts[asked->concepts_n++] = concept;
    (void)strcat(strcat(typed, " "), spelling);
    asked->query.words = str_of(typed);
}

static struct asked anything(void)
{
    static const int64_t radii[] = {300, 900, 3000, 10000, 10000, 25000, 0, 60000};
    static const enum market_kind kinds[] = {MARKET_ALL, MARKET_ALL, MARKET_GOODS, MARKET_SERVICES};
    struct asked asked = an_asked();
    const int64_t reach = below(2) == 0 ? TOWN : AROUND;
    int last = NO_CONCEPT;

    asked.query.lat += (int32_t)(below(2 * reach) - reach);
    asked.query.lon += (int32_t)(below(2 * reach) - reach);
    asked.query.radius_m = radii[below(8)];
    asked.query.kind = kinds[below(4)];
    asked.query.category = below(4) == 0 ? CATEGORY_MOVE : 0;
    asked.query.price_max = below(2) == 0 ? -1 : below(3) == 0 ? below(1500) : below(20000);
    for (int i = 0; i < 3; i++) {
        const int next = last + 1 + (int)below(3);

        if (next >= CONCEPTS)
            break;
        type(&asked, next);
        last = next;
        if (below(3) == 0)
            break;
    }
    if (below(8) == 0) {
        asked.concepts_n = 0;
        asked.query.words = STR_NONE;
    }
    return asked;
}

/* Of the whole country only as far as the walk goes: farther, the newest are a sample. */
static bool is_bounded(const struct asked *asked)
{
    return (asked->query.radius_m > 0 && asked->query.radius_m <= FAR) ||
           count(asked, FAR) >= MARKET_NEAREST_MAX || with_the_words(asked) < 1500;
}

static void test_against_all(void **state)
{
    int64_t checked = 0, walked = 0;

    (void)state;
    for (int i = 0; i < QUERIES; i++) {
        struct asked asked = anything();

        if (!is_bounded(&asked))
            continue;
        checked++;
        walked += look_again(asked.query).at_least;
        check(&asked);
    }
    assert_in_range(checked, QUERIES / 2, QUERIES);
    assert_in_range(walked, QUERIES / 8, QUERIES);
}

/* More at one place than are ever read: the newest of them. */
static void test_market_hall(void **state)
{
    struct asked asked = an_asked();

    (void)state;
    assert_true(count(&asked, 300) > MARKET_HITS_MAX);
    check(&asked);
    type(&asked, 0);
    check(&asked);
    asked.query.price_max = 700;
    check(&asked);
}

/* Half of all have one word, half the other, none both: the walk gives up, and asks for the words.
 */
static void test_never_together(void **state)
{
    struct asked asked = an_asked();

    (void)state;
    type(&asked, DAY);
    type(&asked, NIGHT);
    check(&asked);
    assert_int_equal(look_again(asked.query).total, 0);
}

static void test_published_meanwhile(void **state)
{
    struct asked asked = an_asked();
    struct made here = {.price = 100, .category = CATEGORY_FOOD, .kind = ORDER_SALE};

    (void)state;
    type(&asked, 0);
    here.lat = LAT;
    here.lon = LON;
    here.title[0] = true;
    asked.query.until = look_again(asked.query).until;
    run(add_here, &here);
    check(&asked);
    asked.query.until = 0;
    asked.query.page = 1;
    assert_int_equal(look_again(asked.query).cards[0].id, here.id);
    check(&asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_all),
        cmocka_unit_test(test_market_hall),
        cmocka_unit_test(test_never_together),
        cmocka_unit_test(test_published_meanwhile),
    };

    return cmocka_run_group_tests(tests, open_town, close_world);
}
