/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Lists of people, profiles, what says about the house, and the demonstration's doors.
 */
#include "member_scene.h"

/* --- people ----------------------------------------------------------------------------------- */

static void people_are_found_by_any_word(void **state)
{
    static const struct {
        const char *q;
        bool chloe, amina;
    } rows[] = {{"", true, true},         {"chloe", true, false},   {"CHLO\xc3\x89", true, false},
                {"chl", true, false},     {"chloe m", true, false}, {"chloe k", false, false},
                {"amina", false, true},   {"zzz", false, false},    {"%", false, false},
                {"ami\xff", false, false}};
    struct scene *scene = *state;
    struct people people;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool chloe = false, amina = false;

        assert_int_equal(view_people(&ctx, str_of(rows[i].q), 1, &people), YES);
        for (size_t k = 0; k < people.lines_n; k++) {
            chloe = chloe || people.lines[k].id == scene->test.chloe;
            amina = amina || people.lines[k].id == scene->test.amina;
        }
        if (i == 9) /* the broken byte ends a word */
            amina = rows[i].amina;
        if (chloe != rows[i].chloe || amina != rows[i].amina)
            fail_msg("\"%s\"", rows[i].q);
        assert_int_equal(people.total, (int64_t)people.lines_n);
    }
    test_done(&ctx);
    assert_int_equal(get(scene, "/en/people?q=chlo&page=7")->status, 200);
    assert_true(says(&scene->reply, "@chloe"));
    assert_int_equal(get(scene, "/en/people?q=%3Cscript%3E")->status, 200);
    assert_false(says(&scene->reply, "<script>"));
    assert_int_equal(get(scene, "/en/people?page=x")->status, 200);
}

static no add_many(struct ctx *ctx, void *given)
{
    const int64_t *n = given;

    for (int64_t i = 0; i < *n; i++) {
        const uint8_t name[16] = {(uint8_t)i, 99};
        struct buf handle;
        int64_t id;

        buf_init(&handle, ctx->arena, 16);
        buf_printf(&handle, "many%d", (int)i);
        TRY(sql_member_add(ctx->db, name, buf_str(&handle), S("Many"), STR_NONE, STR_NONE, S(""),
                           ROLE_MEMBER, MEMBER_ACTIVE, LANG_EN, S(""), S("baker"), S(""), S(""), 0,
                           0, S(""), S(""), 0, S(""), STR_NONE, 1, 1, &id));
        TRY(member_words_put(ctx, id));
    }
    return YES;
}

static void lists_are_turned_page_by_page(void **state)
{
    struct scene *scene = *state;
    struct people people;
    struct ctx ctx;
    int64_t n = 100;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_run(&ctx, add_many, &n), YES);
    assert_int_equal(view_people(&ctx, S(""), 1, &people), YES);
    assert_int_equal(people.total, 104);
    assert_int_equal(people.pages_n, 4);
    assert_int_equal(people.lines_n, PEOPLE_PER_PAGE);
    assert_int_equal(view_people(&ctx, S(""), 4, &people), YES);
    assert_int_equal(people.lines_n, 104 - 3 * PEOPLE_PER_PAGE);
    assert_int_equal(people.lines[people.lines_n - 1].id, scene->test.amina);
    assert_int_equal(view_people(&ctx, S(""), 99, &people), YES);
    assert_int_equal(people.page, 4);
    assert_int_equal(view_people(&ctx, S("baker many"), 2, &people), YES);
    assert_int_equal(people.total, 100);
    assert_int_equal(people.lines_n, PEOPLE_PER_PAGE);
    test_done(&ctx);
    (void)get(scene, "/en/people?q=baker&page=2");
    assert_true(says(&scene->reply, "/en/people?page=3&amp;q=baker"));
    assert_true(says(&scene->reply, "aria-current=\"page\"><span class=\"vh\">page </span>2"));
}

static void who_left_has_no_profile(void **state)
{
    struct scene *scene = *state;
    struct people people;
    struct ctx ctx;

    assert_goes_to(post(scene, "/en/login", "/en/login",
                        S("account=daniel%40example.org&password=correct+horse")),
                   "/en/account");
    assert_int_equal(get(scene, "/en/@daniel-n")->status, 200);
    assert_goes_to(post(scene, "/en/account/leave", "/en/account/leave", S("sure=yes")), "/en/");
    assert_int_equal(get(scene, "/en/@daniel-n")->status, 404);
    char path[32];

    (void)snprintf(path, sizeof path, "/en/@left-%lld", (long long)scene->test.daniel);
    assert_int_equal(get(scene, path)->status, 410);
    assert_false(says(&scene->reply, "Daniel"));
    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_people(&ctx, S("daniel"), 1, &people), YES);
    assert_int_equal(people.total, 0);
    /* The desk does not find them either, by whatever name the house gave them. */
    ctx.actor = (struct actor){scene->test.amina, ROLE_MEMBER | ROLE_FACILITATOR, false, false};
    assert_int_equal(view_register(&ctx, S("left"), 0, 1, &people), YES);
    assert_int_equal(people.total, 0);
    test_done(&ctx);
    assert_false(says(get(scene, "/en/people"), "Daniel"));
}

/* --- about ------------------------------------------------------------------------------------ */

static void pages_about_the_house_stand(void **state)
{
    static const char *const pages[] = {"/about", "/about/accessibility", "/about/licences",
                                        "/help"};
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        char path[64];

        (void)snprintf(path, sizeof path, "/fr%s", pages[i]);
        assert_int_equal(get(scene, path)->status, 200);
        (void)snprintf(path, sizeof path, "/en%s", pages[i]);
        assert_int_equal(get(scene, path)->status, 200);
    }
    assert_true(says(&scene->reply, "mailto:bonjour@example.org"));
    assert_true(says(&scene->reply, "Amina K."));
    assert_true(says(get(scene, "/en/about/licences"), "GeoNames"));
}

static void nobody_looks_as_another_in_a_real_coop(void **state)
{
    static const char *const eyes[] = {"courier", "client", "facilitator", "accountant", "auditor"};
    struct scene *scene = *state;

    assert_int_equal(get(scene, "/en/demo")->status, 404);
    for (size_t i = 0; i < sizeof eyes / sizeof eyes[0]; i++) {
        char path[64];

        (void)snprintf(path, sizeof path, "/en/demo/as/%s", eyes[i]);
        assert_int_equal(post(scene, "/en/account/display", path, S(""))->status, 404);
    }
    assert_true(is_outside(get(scene, "/en/account")));
}

static no make_demonstration(struct ctx *ctx, void *given)
{
    struct sql_coop c;

    (void)given;
    TRY(sql_coop_get(ctx->db, ctx->arena, &c));
    ctx->world->house_changed(ctx->world->self);
    return sql_coop_put(ctx->db, HOUSE_DEMONSTRATION, c.name, c.sentence, c.legal_form, c.place,
                        c.lat, c.lon, c.lang, c.zone, c.email, c.iban, c.bic, c.secret,
                        c.founded_ns, c.step);
}

static void a_demonstration_lends_its_eyes(void **state)
{
    struct scene *scene = *state;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_run(&ctx, make_demonstration, NULL), YES);
    test_done(&ctx);
    assert_int_equal(get(scene, "/en/demo")->status, 200);
    assert_goes_to(post(scene, "/en/demo", "/en/demo/as/facilitator", S("")), "/en/account");
    assert_int_equal(get(scene, "/en/desk")->status, 200);
    assert_goes_to(post(scene, "/en/demo", "/en/demo/as/accountant", S("")), "/en/account");
    assert_int_equal(get(scene, "/en/desk")->status, 403);
    assert_goes_to(post(scene, "/en/demo", "/en/demo/as/king", S("")), "/en/demo");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(people_are_found_by_any_word),
        IN_SCENE(lists_are_turned_page_by_page),
        IN_SCENE(who_left_has_no_profile),
        IN_SCENE(pages_about_the_house_stand),
        IN_SCENE(nobody_looks_as_another_in_a_real_coop),
        IN_SCENE(a_demonstration_lends_its_eyes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
