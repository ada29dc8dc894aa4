/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Imports through their deed: a shop's products, a list of members, and the file that waits.
 */
#include "import_deeds.h"

/* --- a shop --- */

#define SHOP                                                                  \
    WOO "11,variation,tee-red,Tee - Red,1,1,4,,25,,tee,,Colour,Red\n"         \
        "10,variable,tee,Tee,1,1,,,,Clothing > Tees,,,Colour,\"Red, Blue\"\n" \
        "12,variation,,Tee - Blue,1,0,,20,30,,tee,,Colour,Blue\n"             \
        "20,grouped,set,A set,1,1,,,,Music,,\"tee, cap\",,\n"                 \
        "21,simple,cap,Cap,1,1,9,,16,Hats,,,,\n"                              \
        "22,\"simple, virtual, downloadable\",,Album,1,1,3,,15,Music,,,,\n"   \
        "23,external,,Elsewhere,1,1,,,30,Music,,,,\n"                         \
        "24,simple,,Draft,-1,1,,,5,Food,,,,\n"

static void shop_becomes_offers(void **state)
{
    struct test_world *test = *state;
    struct import_form form = file_of(IMPORT_WOOCOMMERCE, S(SHOP));
    struct sql_offer_variant *variants;
    struct ctx ctx;
    size_t variants_n;

    assert_int_equal(bring(test, &form), YES);
    assert_true(form.in_books);
    assert_sums(&form, 8, 0, 0, 0);
    const struct sql_offer tee = offer_of(test, S("woo:1:sku:tee"));

    assert_int_equal(tee.member, test->amina);
    assert_int_equal(tee.kind, ORDER_SALE);
    assert_int_equal(tee.a_minor, 2000);
    test_as(test, &ctx, 0, 0);
    assert_int_equal(sql_offer_variant_list(ctx.db, ctx.arena, tee.id, &variants, &variants_n),
                     YES);
    test_done(&ctx);
    assert_int_equal(variants_n, 2);
    assert_str(variants[0].label, "Red");
    assert_int_equal(variants[0].a_minor, 2500);
    assert_int_equal(variants[0].stock, 4);
    assert_str(variants[1].label, "Blue");
    assert_int_equal(variants[1].stock, 0);
    const struct sql_offer set = offer_of(test, S("woo:1:sku:set")),
                           cap = offer_of(test, S("woo:1:sku:cap"));

    assert_int_equal(tee.group_of, set.id);
    assert_int_equal(cap.group_of, set.id);
    assert_int_equal(set.price_mode, PRICE_ON_REQUEST);
    assert_int_equal(cap.stock, 9);
    assert_int_equal(offer_of(test, S("woo:1:id:22")).stock, OFFER_STOCK_UNLIMITED);
    assert_int_equal(offer_of(test, S("woo:1:id:23")).price_mode, PRICE_ON_REQUEST);
    assert_int_equal(offer_of(test, S("woo:1:id:24")).status, OFFER_PAUSED);
    /* Clothing is known by another name, Music is new; both are found by. */
    assert_int_equal(tee.category, house_category_by_slug(ctx_house(&ctx), S("clothes"))->id);
    assert_int_equal(set.category, house_category_by_slug(ctx_house(&ctx), S("shop-music"))->id);
    assert_int_equal(found_by_name(test, S("music")), 3);
}

static void shop_again_changes_nothing(void **state)
{
    struct test_world *test = *state;
    struct import_form form = file_of(IMPORT_WOOCOMMERCE, S(SHOP));

    assert_int_equal(bring(test, &form), YES);
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 0, 0, 8, 0);
    form.rate = S("USD=0.5");
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 0, 5, 3, 0); /* those with a price of their own */
    assert_int_equal(offer_of(test, S("woo:1:sku:tee")).a_minor, 1000);
    assert_int_equal(offer_of(test, S("woo:1:sku:tee")).group_of,
                     offer_of(test, S("woo:1:sku:set")).id);
}

static void a_sale_here_is_not_undone_by_the_same_file(void **state)
{
    struct test_world *test = *state;
    struct import_form form = file_of(IMPORT_WOOCOMMERCE, S(SHOP));
    struct sql_import_variant red;
    struct sql_offer_variant variant;
    struct ctx ctx;

    assert_int_equal(bring(test, &form), YES);
    test_as(test, &ctx, 0, 0);
    assert_int_equal(sql_import_variant_get(ctx.db, ctx.arena, S("woo:1:sku:tee-red"), &red), YES);
    test_done(&ctx);
    struct order_request_form ask = {
        .lines = {{red.offer, red.id, 1}}, .lines_n = 1, .seen_a = -1, .seen_b = -1};
    struct order_act_form act = {.event = ORDER_DO_ACCEPT,
                                 .seen_events_n = -1,
                                 .counter_price = {-1, -1},
                                 .actual_price = {-1, -1}};

    test->world->chance(test->world->self, ask.uid.bytes, sizeof ask.uid.bytes);
    test_as(test, &ctx, test->bruno, ROLE_MEMBER);
    ask.lines[0].variant = 0; /* a tee of no colour cannot be counted */
    assert_int_equal(deed_order_request(&ctx, &ask), NO_BAD_FIELDS);
    assert_string_equal(ctx.wrongs[0].field, "variant");
    ctx.wrongs_n = 0;
    ask.lines[0].variant = red.id;
    assert_int_equal(deed_order_request(&ctx, &ask), YES);
    test_done(&ctx);
    act.order = ask.order;
    test_as(test, &ctx, test->amina, ROLE_MEMBER);
    assert_int_equal(deed_order_act(&ctx, &act), YES);
    act.event = ORDER_DO_DELIVER;
    assert_int_equal(deed_order_act(&ctx, &act), YES);
    test_done(&ctx);
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 0, 0, 8, 0);
    test_as(test, &ctx, 0, 0);
    assert_int_equal(sql_offer_variant_get(ctx.db, ctx.arena, red.id, &variant), YES);
    test_done(&ctx);
    assert_int_equal(variant.stock, 3);
}

static void bad_products_are_named(void **state)
{
    static const struct {
        const char *line, *field;
        no why;
    } bad[] = {
        {"1,simple,a,Two,1,1,,,abc,,,,,", "Regular price", NO_FIELD_NOT_AN_AMOUNT},
        {"1,simple,first,Two,1,1,,,5,,,,,", "SKU", NO_FIELD_TAKEN},
        {"1,variation,v,Two,1,1,,,5,,nobody,,Size,L", "Parent", NO_NOT_FOUND},
        {"1,variation,v,Two,1,1,,,,,first,,Size,L", "Regular price", NO_FIELD_MISSING},
        {"1,grouped,g,Two,1,1,,,,,,\"first, nobody\",,", "Grouped products", NO_NOT_FOUND},
        {"1,simple,s,Two,1,1,9999999,,5,,,,,", "Stock", NO_FIELD_OUT_OF_RANGE},
    };
    struct test_world *test = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char file[1024];

        (void)snprintf(file, sizeof file, "%s9,simple,first,First,1,1,,,5,,,,,\n%s\n", WOO,
                       bad[i].line);
        struct import_form form = file_of(IMPORT_WOOCOMMERCE, str_of(file));

        assert_int_equal(bring(test, &form), NO_FILE_LINES_REFUSED);
        assert_int_equal(form.lines_n, 1);
        assert_int_equal(form.lines[0].line, 3);
        assert_string_equal(form.lines[0].field, bad[i].field);
        assert_int_equal(form.lines[0].why, bad[i].why);
        assert_false(offer_there(test, S("woo:1:sku:first")));
    }
}

static void the_seller_is_named(void **state)
{
    struct test_world *test = *state;
    struct import_form form = file_of(IMPORT_WOOCOMMERCE, S(WOO "9,simple,a,First,1,1,,,5,,,,,\n"));

    form.seller = S("@nobody");
    assert_int_equal(bring(test, &form), NO_BAD_FIELDS);
    form.seller = S("@bruno-l");
    assert_int_equal(bring(test, &form), YES);
    char key[64];

    (void)snprintf(key, sizeof key, "woo:%lld:sku:a", (long long)test->bruno);
    assert_int_equal(offer_of(test, str_of(key)).member, test->bruno);
}

/* --- members --- */

static struct sql_import_member person_of(struct test_world *test, str email)
{
    struct sql_import_member person = {0};
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    const no answer = sql_import_member_by_email(ctx.db, ctx.arena, email, &person);

    test_done(&ctx);
    assert_true(answer == YES || answer == NO_NOT_FOUND);
    return person;
}

static void members_come_in(void **state)
{
    struct test_world *test = *state;
    struct import_form form =
        file_of(IMPORT_MEMBERS, S("Pr\xc3\xa9nom;Nom;E-mail;R\xc3\xb4le;Ville\n"
                                  "Zo\xc3\xa9;Martin;Zoe@Example.org;m\xc3\xa9"
                                  "diatrice;Lyon\n"
                                  "Ali;Ben;ali@example.org;;\n"));

    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 2, 0, 0, 0);
    struct sql_import_member zoe = person_of(test, S("zoe@example.org"));

    assert_int_equal(zoe.status, 5);
    assert_str(zoe.handle, "zoe-martin");
    assert_int_equal(zoe.roles, ROLE_MEMBER | ROLE_MEDIATOR);
    assert_true(zoe.lat != 0);
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 0, 0, 2, 0);
    form.admit = true;
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 0, 2, 0, 0);
    assert_int_equal(person_of(test, S("zoe@example.org")).status, 2);
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 0, 0, 2, 0);
}

static void people_of_one_name_come_in(void **state)
{
    struct test_world *test = *state;
    struct import_form form = {.source = IMPORT_MEMBERS};
    struct buf file;

    buf_init(&file, &test->arena, 0);
    buf_put(&file, S("email,name\n"));
    for (int i = 0; i < 200; i++)
        buf_printf(&file, "marie%d@example.org,Marie Martin\n", i);
    form.bytes = buf_str(&file);
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 200, 0, 0, 0);
    assert_str(person_of(test, S("marie0@example.org")).handle, "marie-martin");
    assert_str(person_of(test, S("marie1@example.org")).handle, "marie-martin-2");
}

static void a_file_gives_nobody_here_new_roles(void **state)
{
    struct test_world *test = *state;
    struct import_form form =
        file_of(IMPORT_MEMBERS, S("email,name,role\nbruno@example.org,Boss,facilitator\n"));

    form.admit = true;
    assert_int_equal(bring(test, &form), YES);
    assert_sums(&form, 0, 0, 1, 0);
    assert_str(person_of(test, S("bruno@example.org")).name, "Bruno L.");
    assert_int_equal(person_of(test, S("bruno@example.org")).roles & ROLE_FACILITATOR, 0);
}

static void bad_members_are_named(void **state)
{
    static const struct {
        const char *line, *field;
        no why;
    } bad[] = {
        {"ONE@example.org,Two,,", "email", NO_FIELD_TAKEN},
        {"two,Two,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {",Two,,", "email", NO_FIELD_MISSING},
        {"two@example.org,,,", "name", NO_FIELD_MISSING},
        {"two@example.org,Two,pope,", "role", NO_FIELD_NOT_A_CHOICE},
        {"two@example.org,Two,,one", "handle", NO_FIELD_TAKEN},
        {"two@example.org,Two,,NO SPACES", "handle", NO_FIELD_WRONG},
    };
    struct test_world *test = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char file[1024];

        (void)snprintf(file, sizeof file, "email,name,role,handle\none@example.org,One,,one\n%s\n",
                       bad[i].line);
        struct import_form form = file_of(IMPORT_MEMBERS, str_of(file));

        assert_int_equal(bring(test, &form), NO_FILE_LINES_REFUSED);
        assert_int_equal(form.lines_n, 1);
        assert_int_equal(form.lines[0].line, 3);
        assert_string_equal(form.lines[0].field, bad[i].field);
        assert_int_equal(form.lines[0].why, bad[i].why);
        assert_int_equal(person_of(test, S("one@example.org")).id, 0);
    }
}

/* --- the desk --- */

static void a_file_waits_for_its_own_person(void **state)
{
    struct test_world *test = *state;
    struct import_form form = file_of(IMPORT_AIRBNB, S(AIRBNB ROOM(1, "First", "10"))), back;
    struct import_keep_form kept = {.form = &form, .name = S("listings.csv")};
    struct ctx ctx;
    str name;

    form.rate = S("SEK=0.088");
    test_as(test, &ctx, test->amina, ROLE_FACILITATOR);
    assert_int_equal(deed_import_keep(&ctx, &kept), YES);
    assert_int_equal(view_import_kept(&ctx, kept.uid, &back, &name), YES);
    assert_true(str_eq(back.bytes, form.bytes) && str_eq(name, S("listings.csv")));
    assert_str(back.rate, "SEK=0.088");
    ctx.actor.member = test->bruno;
    assert_int_equal(view_import_kept(&ctx, kept.uid, &back, &name), NO_NOT_FOUND);
    assert_int_equal(deed_import_forget(&ctx, kept.uid), NO_NOT_FOUND);
    ctx.actor.member = test->amina;
    assert_int_equal(deed_import_forget(&ctx, kept.uid), YES);
    assert_int_equal(view_import_kept(&ctx, kept.uid, &back, &name), NO_NOT_FOUND);
    test_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(shop_becomes_offers),
        IN_WORLD(shop_again_changes_nothing),
        IN_WORLD(a_sale_here_is_not_undone_by_the_same_file),
        IN_WORLD(bad_products_are_named),
        IN_WORLD(the_seller_is_named),
        IN_WORLD(members_come_in),
        IN_WORLD(people_of_one_name_come_in),
        IN_WORLD(a_file_gives_nobody_here_new_roles),
        IN_WORLD(bad_members_are_named),
        IN_WORLD(a_file_waits_for_its_own_person),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
