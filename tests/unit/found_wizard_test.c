/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Founding in the browser: the link, the ten steps, what is left and resumed, and what nobody
 * without the link may do.
 */
#include "found_scene.h"

/* --- before ----------------------------------------------------------------------------------- */

static void every_page_leads_to_the_founding(void **state)
{
    static const char *const pages[] = {"/en/",     "/en/market",  "/en/people", "/en/rules",
                                        "/en/help", "/en/@nobody", "/en/join",   "/en/demo"};
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        const struct reply *reply = get(scene, pages[i]);

        if (reply->status != 404)
            assert_goes_to(reply, "/en/found");
    }
    assert_goes_to(get(scene, "/en/join"), "/en/found");
    assert_int_equal(get(scene, "/en/about")->status, 200);
    assert_int_equal(get(scene, "/en/about/licences")->status, 200);
    assert_int_equal(get(scene, "/en/account/display")->status, 200);
    assert_int_equal(get(scene, "/en/found")->status, 200);
    assert_true(says(&scene->reply, "filon serve"));
    assert_false(says(&scene->reply, "<form"));
}

static void nobody_writes_without_the_link(void **state)
{
    struct scene *scene = *state;
    char token[128], body[256];

    assert_goes_to(get(scene, "/en/found/step/1"), "/en/found");
    assert_int_equal(get(scene, "/en/found/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")->status,
                     410);
    assert_int_equal(get(scene, "/en/account/display")->status, 200);
    hidden(scene, "csrf", token, sizeof token);
    (void)snprintf(body, sizeof body, "csrf=%s&name=Thief&go=next", token);
    assert_int_equal(ask(scene, "POST", "/en/found/step/1", str_of(body))->status, 403);
    (void)snprintf(body, sizeof body, "csrf=%s&go=adopt", token);
    assert_int_equal(ask(scene, "POST", "/en/found/step/10", str_of(body))->status, 403);
}

static void a_link_opens_once(void **state)
{
    struct scene *scene = *state;
    char path[80], first[4][256];

    make_link(scene, path);
    /* Looking does not use it. */
    assert_int_equal(get(scene, path)->status, 200);
    assert_goes_to(post(scene, path, path, S("")), "/en/found");
    assert_int_equal(get(scene, path)->status, 410);
    assert_goes_to(get(scene, "/en/found"), "/en/found/step/1");
    assert_goes_to(give(scene, 1, good[1]), "/en/found/step/2");
    memcpy(first, scene->cookies, sizeof first);

    /* Another link gives the pen to another browser, with what was typed. */
    memset(scene->cookies, 0, sizeof scene->cookies);
    begin(scene);
    assert_goes_to(get(scene, "/en/found"), "/en/found/step/2");
    memcpy(scene->cookies, first, sizeof first);
    assert_goes_to(get(scene, "/en/found/step/2"), "/en/found");
}

static void only_the_console_makes_links(void **state)
{
    struct scene *scene = *state;
    struct found_link link;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_found_link(&ctx, &link), NO_NOT_ALLOWED);
    test_done(&ctx);
}

/* --- leaving, coming back --------------------------------------------------------------------- */

static void nothing_typed_is_lost(void **state)
{
    struct scene *scene = *state;

    begin(scene);
    walk(scene, 1, 2);
    /* Wrong, and left all the same. */
    assert_goes_to(give(scene, 3, "currency=euro&hours=1&hour_limit=7%3A30&go=back"),
                   "/en/found/step/2");
    assert_int_equal(get(scene, "/en/found/step/3")->status, 200);
    assert_true(says(&scene->reply, "value=\"euro\""));
    assert_true(says(&scene->reply, "value=\"7:30\""));
    assert_goes_to(give(scene, 3, "currency=CHF&hours=1&go=leave"), "/en/found/left");
    assert_int_equal(get(scene, "/en/found/left")->status, 200);
    assert_int_equal(get(scene, "/en/found/step/3")->status, 200);
    assert_true(says(&scene->reply, "value=\"CHF\""));
    /* A box that was taken off stays off. */
    assert_goes_to(give(scene, 3, "currency=CHF&go=next"), "/en/found/step/4");
    (void)get(scene, "/en/found/step/3");
    assert_false(says(&scene->reply, "id=\"f-hours\" checked"));
    /* The first step that wants something. */
    assert_goes_to(get(scene, "/en/found"), "/en/found/step/8");
}

static void the_program_may_stop_meanwhile(void **state)
{
    struct scene *scene = *state;
    const struct http_config config = {.port_given = true,
                                       .threads = 1,
                                       .pool = 2,
                                       .rate_off = true,
                                       .hooks = http_room_hooks(),
                                       .lang = LANG_EN};
    struct http_config again = config;

    begin(scene);
    walk(scene, 1, 1);
    http_stop(scene->server);
    test_world_reopen(&scene->test);
    again.world = scene->test.world;
    assert_int_equal(http_serve(&scene->server, &again), YES);
    scene->port = http_port(scene->server);
    assert_goes_to(get(scene, "/en/found"), "/en/found/step/2");
    (void)get(scene, "/en/found/step/1");
    assert_true(says(&scene->reply, "value=\"La Traboule\""));
}

static void a_password_is_kept_as_its_hash(void **state)
{
    struct scene *scene = *state;
    struct sql_found_draft *values;
    struct ctx ctx;
    size_t n;

    begin(scene);
    walk(scene, 1, 8);
    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(sql_found_draft_list(ctx.db, ctx.arena, &values, &n), YES);
    bool hashed = false;

    for (size_t i = 0; i < n; i++) {
        assert_true(str_find(values[i].value, S("correct horse")) == values[i].value.len);
        hashed = hashed || str_starts(values[i].value, S("$argon2id$"));
    }
    assert_true(hashed);
    test_done(&ctx);
    /* Going through the step again needs no password. */
    (void)get(scene, "/en/found/step/8");
    assert_false(says(&scene->reply, "argon2id"));
    assert_false(says(&scene->reply, "correct horse"));
    assert_goes_to(give(scene, 8, "founder_0_name=Ada&go=next"), "/en/found/step/9");
}

static void a_line_may_be_added(void **state)
{
    struct scene *scene = *state;

    begin(scene);
    walk(scene, 1, 2);
    (void)get(scene, "/en/found/step/8");
    assert_true(says(&scene->reply, "founder_2_name"));
    assert_false(says(&scene->reply, "founder_3_name"));
    assert_goes_to(give(scene, 8, "founder_0_name=Ada&go=add"), "/en/found/step/8");
    (void)get(scene, "/en/found/step/8");
    assert_true(says(&scene->reply, "founder_3_name"));
    assert_true(says(&scene->reply, "value=\"Ada\""));
    for (int i = 0; i < FOUND_ROWS_MAX + 3; i++)
        (void)give(scene, 8, "go=add");
    (void)get(scene, "/en/found/step/8");
    assert_true(says(&scene->reply, "founder_19_name"));
    assert_false(says(&scene->reply, "founder_20_name"));
}

static void the_core_sample_is_drawn_on_their_price(void **state)
{
    struct scene *scene = *state;

    begin(scene);
    walk(scene, 1, 3);
    assert_goes_to(
        give(scene, 6, "fee_running=10&fee_reserve=0&fee_solidarity=0&sample=50&go=again"),
        "/en/found/step/6");
    (void)get(scene, "/en/found/step/6");
    assert_true(says(&scene->reply, "\xe2\x82\xac"
                                    "45.00"));
    assert_true(says(&scene->reply, "\xe2\x82\xac"
                                    "5.00"));
    assert_goes_to(give(scene, 6, "fee_running=10&sample=nothing&go=again"), "/en/found/step/6");
    (void)get(scene, "/en/found/step/6");
    assert_false(says(&scene->reply, "core-title"));
}

/* --- founding --------------------------------------------------------------------------------- */

static void an_unfinished_proposal_is_not_adopted(void **state)
{
    struct scene *scene = *state;

    begin(scene);
    walk(scene, 1, 7);
    assert_int_equal(get(scene, "/en/found/step/10")->status, 200);
    assert_false(says(&scene->reply, "value=\"adopt\""));
    assert_goes_to(give(scene, 10, "go=adopt"), "/en/found");
    assert_int_equal(scene->test.world->house(scene->test.world->self)->state, HOUSE_FOUNDING);
    assert_int_equal(get(scene, "/en/found/step/11")->status, 404);
    assert_int_equal(get(scene, "/en/found/step/0")->status, 404);
}

static void check_house(const struct house *house)
{
    assert_int_equal(house->state, HOUSE_FOUNDED);
    assert_str(house->name, "La Traboule");
    assert_str(house->legal_form, "scic");
    assert_str(house->place, "Lyon");
    assert_str(house->iban, "FR7630006000011234567890189");
    assert_str(house->bic, "AGRIFRPP");
    assert_int_equal(house->lang, LANG_FR);
    assert_true(house->lat > 45000000 && house->lat < 46000000);
    assert_int_equal(house->units_n, 3);
    assert_int_equal(house->members_n, 3);
    assert_int_equal(house_param(house, S("fee.EUR.running_bp"), 0), 520);
    assert_int_equal(house_param(house, S("limit.HOUR.floor"), 0), -600);
    assert_int_equal(house_param(house, S("limit.FIL.ceiling"), 0), 200000);
    assert_int_equal(house_param(house, S("share.value"), 0), 2000);
    assert_int_equal(house_param(house, S("share.least"), 0), 2);
    assert_int_equal(house_param(house, S("quorum.percent"), 0), 25);
    assert_int_equal(house_param(house, S("college.Work"), 0), 50);
    assert_int_equal(house_param(house, S("college.Support"), 0), 20);
}

static void check_founders(struct scene *scene)
{
    struct sql_letter *letters;
    struct sql_member ada, zoe;
    struct ctx ctx;
    size_t n;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(sql_member_by_handle(ctx.db, ctx.arena, S("ada-perrin"), &ada), YES);
    assert_true((ada.roles & (ROLE_FACILITATOR | ROLE_FOUNDER | ROLE_MEMBER)) ==
                (ROLE_FACILITATOR | ROLE_FOUNDER | ROLE_MEMBER));
    assert_str(ada.college, "Work");
    assert_int_equal(sql_member_by_email(ctx.db, ctx.arena, S("zoe@example.org"), &zoe), YES);
    assert_true((zoe.roles & ROLE_MEDIATOR) != 0);
    assert_str(zoe.password, "");
    assert_int_equal(sql_letter_due(ctx.db, ctx.arena, ctx.now_ns, 100, &letters, &n), YES);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(letters[i].kind, LETTER_FOUNDER);
        assert_true(letters[i].member != ada.id);
    }
    test_done(&ctx);
}

static void ten_steps_found_the_coop(void **state)
{
    struct scene *scene = *state;
    char secret[64], path[96];

    begin(scene);
    walk(scene, 1, 9);
    assert_int_equal(get(scene, "/en/found/step/10")->status, 200);
    assert_true(says(&scene->reply, "La Traboule") && says(&scene->reply, "Filons (FIL)"));
    assert_goes_to(give(scene, 10, "go=adopt"), "/en/");
    check_house(scene->test.world->house(scene->test.world->self));
    check_founders(scene);
    /* The first founder is in; the draft and the pen are gone. */
    assert_int_equal(get(scene, "/en/account")->status, 200);
    assert_true(says(&scene->reply, "Ada Perrin"));
    assert_goes_to(get(scene, "/en/found/step/1"), "/en/found");
    assert_goes_to(get(scene, "/en/found"), "/en/");
    /* Another founder comes in by the letter, once, and may set a password. */
    last_secret(scene, secret);
    memset(scene->cookies, 0, sizeof scene->cookies);
    (void)snprintf(path, sizeof path, "/en/login/link/%s", secret);
    assert_goes_to(post(scene, path, path, S("")), "/en/account/security");
    assert_int_equal(get(scene, path)->status, 410);
    /* The first one's password works. */
    memset(scene->cookies, 0, sizeof scene->cookies);
    assert_goes_to(post(scene, "/en/login", "/en/login",
                        S("account=ada%40example.org&password=correct+horse")),
                   "/en/account");
}

static void a_founding_happens_once(void **state)
{
    struct scene *scene = *state;
    struct found_link link;
    struct found_begin form = {.token = S("x")};
    struct ctx ctx;
    char cookies[4][256];

    begin(scene);
    walk(scene, 1, 9);
    (void)get(scene, "/en/found/step/10");
    memcpy(cookies, scene->cookies, sizeof cookies);
    assert_goes_to(give(scene, 10, "go=adopt"), "/en/");
    /* The same button pressed twice. */
    memcpy(scene->cookies, cookies, sizeof cookies);
    assert_goes_to(post(scene, "/en/account/display", "/en/found/step/10", S("go=adopt")), "/en/");
    test_as(&scene->test, &ctx, 0, 0);
    ctx.actor.console = true;
    assert_int_equal(deed_found_link(&ctx, &link), NO_ALREADY_FOUNDED);
    assert_int_equal(deed_found_begin(&ctx, &form), NO_ALREADY_FOUNDED);
    test_done(&ctx);
    assert_int_equal(scene->test.world->house(scene->test.world->self)->members_n, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_EMPTY(every_page_leads_to_the_founding),
        IN_EMPTY(nobody_writes_without_the_link),
        IN_EMPTY(a_link_opens_once),
        IN_EMPTY(only_the_console_makes_links),
        IN_EMPTY(nothing_typed_is_lost),
        IN_EMPTY(the_program_may_stop_meanwhile),
        IN_EMPTY(a_password_is_kept_as_its_hash),
        IN_EMPTY(a_line_may_be_added),
        IN_EMPTY(the_core_sample_is_drawn_on_their_price),
        IN_EMPTY(an_unfinished_proposal_is_not_adopted),
        IN_EMPTY(ten_steps_found_the_coop),
        IN_EMPTY(a_founding_happens_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
