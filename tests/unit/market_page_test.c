/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the market writes: prices, the bar of a card, the core sample, the plan. The figures are
 * those of the drawing that was agreed on (38 euros: 34.58, 1.98, 0.87, 0.57).
 */
#include "cm.h"

#include "base/arena.h"
#include "pages/page_core_sample.h"
#include "pages/page_market.h"
#include "pages/page_market_plan.h"

#include <string.h>

static const struct unit euro = {.id = 1, .kind = UNIT_FIAT, .exponent = 2, .code = "EUR"};
static const struct unit hour = {.id = 2, .kind = UNIT_TIME, .exponent = 0, .code = "HOUR"};
static const struct fee_params usual = {520, 230, 150};

static char block[1 << 18];
static struct arena arena;
static struct page page_en = {.lang = LANG_EN, .lang_code = {"en", 2}};
static struct page page_fr = {.lang = LANG_FR, .lang_code = {"fr", 2}};

static struct buf fresh(void)
{
    struct buf out;

    arena_init_on(&arena, block, sizeof block);
    buf_init(&out, &arena, 4096);
    return out;
}

static void assert_has(const struct buf *out, const char *wanted)
{
    const str text = buf_str(out);

    if (str_find(text, str_of(wanted)) == text.len)
        fail_msg("no %s in %.*s", wanted, (int)text.len, text.ptr);
}

static void assert_hasnt(const struct buf *out, const char *unwanted)
{
    const str text = buf_str(out);

    if (str_find(text, str_of(unwanted)) < text.len)
        fail_msg("%s in %.*s", unwanted, (int)text.len, text.ptr);
}

/* --- prices --- */

static struct price_tag a_price(enum offer_price_mode mode)
{
    return (struct price_tag){
        .mode = mode, .a = {3800, euro}, .b = {90, hour}, .per = T_per_hour, .gift = false};
}

static void test_prices(void **state)
{
    static const struct {
        enum offer_price_mode mode;
        bool gift;
        const char *english, *french;
    } rows[] = {
        {PRICE_ONE, false, "€38.00 <small>an hour, all included</small>",
         "38,00\u202f€ <small>l’heure, tout compris</small>"},
        {PRICE_EITHER, false, "€38.00 <small>an hour, all included</small>",
         "38,00\u202f€ <small>l’heure, tout compris</small>"},
        {PRICE_BOTH, false, "€38.00 and 1 h 30 <small>an hour, all included</small>",
         "38,00\u202f€ et 1\u202fh\u202f30 <small>l’heure, tout compris</small>"},
        {PRICE_FREE, true, "Gift", "Don"},
        {PRICE_FREE, false, "Free", "Gratuit"},
        {PRICE_ON_REQUEST, false, "Price on request", "Prix sur demande"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct price_tag price = a_price(rows[i].mode);
        struct buf out = fresh();

        price.gift = rows[i].gift;
        page_price_line(&out, &page_en, &price);
        assert_str(str_trim(buf_str(&out)), rows[i].english);
        out = fresh();
        page_price_line(&out, &page_fr, &price);
        assert_str(str_trim(buf_str(&out)), rows[i].french);
    }
}

/* --- the core sample --- */

static struct core_sample a_core(int64_t price, const struct fee_params *fee, struct unit unit)
{
    struct core_sample core;
    struct fee_split split;

    assert_int_equal(fee_split(price, fee, &split), YES);
    core_sample_draw(&core, &split, unit, S("core"), S("Nadia <B.>"));
    return core;
}

static void test_core_figures(void **state)
{
    const struct core_sample core = a_core(3800, &usual, euro);
    struct buf out = fresh();

    (void)state;
    page_core_sample(&out, &page_en, &core);
    assert_has(&out, "<title id=\"core-t\">Where your €38.00 goes</title>");
    assert_has(&out, "€34.58 to Nadia &lt;B.&gt;. €1.98 running costs, €0.87 common reserve, €0.57 "
                     "solidarity fund.</desc>");
    assert_has(&out, "<rect class=\"p-work\" width=\"651\" height=\"74\"/>");
    assert_hasnt(&out, "<B.>");
}

/* The strata fill the bar, touch nowhere, and the larger bar ends where the drawing ends. */
static void check_layout(const struct core_sample *core)
{
    const struct core_stratum *strata[] = {&core->running, &core->reserve, &core->solidarity};
    int64_t right = core->work_w, zoom_right = 180, low = core->work_h;

    for (size_t i = 0; i < 3; i++) {
        if (strata[i]->w == 0)
            continue;
        assert_int_equal(strata[i]->x, right + 2);
        assert_true(strata[i]->zoom_w >= 100);
        assert_int_equal(strata[i]->y, low + 2);
        right = strata[i]->x + strata[i]->w;
        zoom_right = strata[i]->zoom_x + strata[i]->zoom_w;
        low = strata[i]->y + strata[i]->h;
    }
    assert_int_equal(right, 720);
    assert_int_equal(zoom_right, 720);
    assert_int_equal(low, 330);
}

static void test_core_layouts(void **state)
{
    static const struct fee_params fees[] = {
        {520, 230, 150}, {900, 0, 0}, {0, 0, 900}, {1, 1, 1}, {4998, 1, 1}, {0, 5000, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof fees / sizeof fees[0]; i++) {
        const struct core_sample core = a_core(1000000, &fees[i], euro);

        assert_true(core.has_fee);
        check_layout(&core);
    }
}

static void test_core_without_fee(void **state)
{
    const struct fee_params none = {0, 0, 0};
    const struct core_sample core = a_core(90, &none, hour);
    struct buf out = fresh();

    (void)state;
    page_core_sample_wide(&out, &page_en, &core);
    assert_has(&out, "viewBox=\"0 0 720 78\"");
    assert_has(&out, "1 h 30");
    assert_hasnt(&out, "p-run");
}

/* --- cards and plan --- */

static void test_card_escapes(void **state)
{
    struct market_card card = {.id = 7,
                               .number = 3,
                               .title = S("<script>alert(1)</script>"),
                               .who = S("O'Neil & \"Co\""),
                               .where = S("900 m"),
                               .picture = {S("/a/1/img/bike.svg")},
                               .alt = S("\"><img>"),
                               .price = a_price(PRICE_EITHER)};
    struct buf out = fresh();

    (void)state;
    page_market_card(&out, &page_en, &card);
    assert_has(&out, "href=\"/en/offer/7\"");
    assert_has(&out, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_has(&out, "<span class=\"tag info\">or 1 h 30</span>");
    assert_hasnt(&out, "<script>");
    assert_hasnt(&out, "\"><img>");
}

static void test_plan(void **state)
{
    const struct plan_spot spots[] = {
        {.lat = 45748000, .lon = 4847000, .number = 1},
        {.lat = 45748000, .lon = 4847000, .number = 2}, /* the same place: beside it */
        {.lat = 45766010, .lon = 4879500, .number = 3}, /* north-east */
        {.lat = 48856600, .lon = 2352200, .number = 4}, /* Paris: not drawn */
    };
    const struct plan_spot names[] = {
        {.lat = 45794620, .lon = 4846400, .name = S("Caluire")},
        {.lat = 45794620, .lon = 4846500, .name = S("Covered")},
    };
    struct market_plan plan;
    struct buf out = fresh();

    (void)state;
    assert_int_equal(market_plan_radius(45748000, 4847000, spots, 3), 5000);
    assert_int_equal(market_plan_radius(45748000, 4847000, spots, 2), 2000);
    assert_int_equal(market_plan_radius(45748000, 4847000, spots, 4), 25000);
    market_plan_draw(&plan, S("Lyon"), 45748000, 4847000, 10000, spots, 4, names, 2);
    assert_int_equal(plan.pins_n, 3);
    assert_int_not_equal(plan.pins[0].x, plan.pins[1].x);
    assert_true(plan.pins[2].x > plan.pins[0].x && plan.pins[2].y < plan.pins[0].y);
    assert_int_equal(plan.names_n, 1);
    page_market_plan(&out, &page_fr, &plan);
    assert_has(&out, "Plan des offres autour de Lyon");
    assert_has(&out, "3 offres, numérotées comme dans la liste.");
    assert_has(&out, ">Caluire</text>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prices),       cmocka_unit_test(test_core_figures),
        cmocka_unit_test(test_core_layouts), cmocka_unit_test(test_core_without_fee),
        cmocka_unit_test(test_card_escapes), cmocka_unit_test(test_plan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
