/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Founding in the browser: every step through the real door, with what is wrong, what is left and
 * resumed, and what nobody without the link may do.
 */
#include "login_scene.h"

#include "deeds/found_draft.h"
#include "deeds/letter.h"
#include "deeds/member.h"

static int open_empty(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    const struct http_config config = {.port_given = true,
                                       .threads = 1,
                                       .pool = 2,
                                       .rate_off = true,
                                       .hooks = http_room_hooks(),
                                       .world = scene->test.world,
                                       .lang = LANG_EN};

    assert_int_equal(http_serve(&scene->server, &config), YES);
    scene->port = http_port(scene->server);
    *state = scene;
    return 0;
}

static void make_link(struct scene *scene, char path[80])
{
    struct found_link link;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    ctx.actor.console = true;
    assert_int_equal(deed_found_link(&ctx, &link), YES);
    test_done(&ctx);
    (void)snprintf(path, 80, "/en/found/%.*s", (int)sizeof link.token, link.token);
}

static void begin(struct scene *scene)
{
    char path[80];

    make_link(scene, path);
    assert_goes_to(post(scene, path, path, S("")), "/en/found");
}

static const char *step_path(int step)
{
    static char path[32];

    (void)snprintf(path, sizeof path, "/en/found/step/%d", step);
    return path;
}

static const struct reply *give(struct scene *scene, int step, const char *fields)
{
    return post(scene, step_path(step), step_path(step), str_of(fields));
}

/* What each step wants, as a browser sends it. */
static const char *const good[] = {
    NULL,
    "lang=fr&name=La+Traboule&sentence=Ce+que+nous+faisons&place=Lyon&zone=Europe%2FParis"
    "&email=bonjour%40example.org&go=next",
    "legal_form=scic&go=next",
    "currency=EUR&hours=1&hour_limit=10&hour_ceiling=100&credits=1&credit_name=Filons"
    "&credit_code=FIL&credit_limit=200&credit_ceiling=2000&go=next",
    "quorum=25&college_0=Work&weight_0=50&college_1=Use&weight_1=30&college_2=Support"
    "&weight_2=20&college_3=&weight_3=&college_4=&weight_4=&go=next",
    "share=20&share_least=2&go=next",
    "fee_running=5%2C2&fee_reserve=2.3&fee_solidarity=1.5&sample=38&go=next",
    "iban=FR76+3000+6000+0112+3456+7890+189&bic=agrifrpp&go=next",
    "founder_0_name=Ada+Perrin&founder_0_email=Ada%40example.org&founder_0_trade=tailor"
    "&founder_0_college=Work&founder_0_password=correct+horse&founder_1_name=Bruno"
    "&founder_1_email=bruno%40example.org&founder_1_trade=&founder_1_college=Use"
    "&founder_2_name=Zo%C3%A9&founder_2_email=zoe%40example.org&founder_2_trade="
    "&founder_2_college=&go=next",
    "keys=1&go=next",
};

static void walk(struct scene *scene, int first, int last)
{
    for (int step = first; step <= last; step++) {
        char next[32];

        (void)snprintf(next, sizeof next, "%s", step_path(step + 1));
        assert_goes_to(give(scene, step, good[step]), next);
    }
}

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

/* --- wrong values ----------------------------------------------------------------------------- */

static const struct {
    int step;
    const char *fields, *wrong, *text;
} bad_values[] = {
    {1, "name=&place=Lyon&email=a%40example.org", "name", NULL},
    {1, "name=%20%20&place=Lyon&email=a%40example.org", "name", NULL},
    {1, "name=A&place=&email=a%40example.org", "place", NULL},
    {1, "name=A&place=Xyzzy&email=a%40example.org", "place", NULL},
    {1, "name=A&place=Saint-Denis&email=a%40example.org", "place", "93200"},
    {1, "name=A&place=Lyon&email=", "email", NULL},
    {1, "name=A&place=Lyon&email=nobody", "email", NULL},
    {1, "name=A&place=Lyon&email=a%40example.org&zone=Moon%2FSea", "zone", NULL},
    {1, "name=A&place=Lyon&email=a%40example.org&zone=..%2Fetc", "zone", NULL},
    {2, "legal_form=", "legal_form", NULL},
    {2, "legal_form=kolkhoz", "legal_form", NULL},
    {3, "currency=euro", "currency", NULL},
    {3, "currency=", "currency", NULL},
    {3, "currency=EUR&hours=1&hour_limit=many", "hour_limit", NULL},
    {3, "currency=EUR&hours=1&hour_limit=5000", "hour_limit", NULL},
    {3, "currency=EUR&hours=1&hour_limit=-1", "hour_limit", NULL},
    {3, "currency=EUR&credits=1&credit_code=fil&credit_name=F", "credit_code", NULL},
    {3, "currency=EUR&credits=1&credit_code=EUR&credit_name=F", "credit_code", NULL},
    {3, "currency=EUR&credits=1&credit_code=HOUR&credit_name=F", "credit_code", NULL},
    {3, "currency=EUR&credits=1&credit_code=FIL&credit_name=", "credit_name", NULL},
    {3, "currency=EUR&credits=1&credit_code=FIL&credit_name=F&credit_limit=-2", "credit_limit",
     NULL},
    {4, "quorum=101", "quorum", NULL},
    {4, "quorum=-1", "quorum", NULL},
    {4, "quorum=half", "quorum", NULL},
    {4, "quorum=25&college_0=A&weight_0=60&college_1=B&weight_1=20&college_2=C&weight_2=20",
     "weight_0", "art. 19 octies"},
    {4, "quorum=25&college_0=A&weight_0=50&college_1=B&weight_1=45&college_2=C&weight_2=5",
     "weight_2", "art. 19 octies"},
    {4, "quorum=25&college_0=A&weight_0=50&college_1=B&weight_1=50&college_2=&weight_2=",
     "college_0", "art. 19 octies"},
    {4, "quorum=25&college_0=A&weight_0=40&college_1=B&weight_1=30&college_2=C&weight_2=20",
     "weight_0", "90%"},
    {4, "quorum=25&college_0=A&weight_0=50&college_1=A&weight_1=30&college_2=C&weight_2=20",
     "college_1", NULL},
    {4, "quorum=25&college_0=A&weight_0=x&college_1=B&weight_1=50&college_2=C&weight_2=50",
     "weight_0", NULL},
    {5, "share=twenty&share_least=1", "share", NULL},
    {5, "share=20&share_least=-1", "share_least", NULL},
    {5, "share=20&share_least=", "share_least", NULL},
    {6, "fee_running=x&fee_reserve=2&fee_solidarity=1", "fee_running", NULL},
    {6, "fee_running=-1&fee_reserve=2&fee_solidarity=1", "fee", NULL},
    {6, "fee_running=30&fee_reserve=20&fee_solidarity=1", "fee", NULL},
    {6, "fee_running=5.123&fee_reserve=2&fee_solidarity=1", "fee_running", NULL},
    {7, "iban=FR7630006000011234567890188&bic=", "iban", NULL},
    {7, "iban=FR7630006000011234567890189&bic=AGRI", "bic", NULL},
    {8, "founder_0_name=&founder_0_email=", "founder_0_name", NULL},
    {8, "founder_0_name=A&founder_0_email=a%40example.org", "founder_0_password", NULL},
    {8, "founder_0_name=A&founder_0_email=a%40example.org&founder_0_password=short",
     "founder_0_password", NULL},
    {8, "founder_0_name=A&founder_0_email=a%40example.org&founder_0_password=correct+horse",
     "founder_0_name", "fewer founders"},
    {8,
     "founder_0_name=A&founder_0_email=a%40example.org&founder_1_name=B"
     "&founder_1_email=A%40Example.org&founder_2_name=C&founder_2_email=c%40example.org",
     "founder_1_email", NULL},
    {8,
     "founder_0_name=A&founder_0_email=a%40example.org&founder_1_name=B&founder_1_email=b"
     "&founder_2_name=C&founder_2_email=c%40example.org",
     "founder_1_email", NULL},
    {8,
     "founder_0_name=A&founder_0_email=a%40example.org&founder_0_college=Nowhere&founder_1_name=B"
     "&founder_1_email=b%40example.org&founder_2_name=C&founder_2_email=c%40example.org",
     "founder_0_college", NULL},
    {9, "", "keys", NULL},
};

static void what_is_wrong_is_named(void **state)
{
    struct scene *scene = *state;

    begin(scene);
    for (int step = 1; step <= 7; step++)
        (void)give(scene, step, good[step]);
    for (size_t i = 0; i < sizeof bad_values / sizeof bad_values[0]; i++) {
        char fields[512], link[64];

        if (i > 0 && bad_values[i].step != bad_values[i - 1].step && bad_values[i].step != 9)
            (void)give(scene, bad_values[i - 1].step, good[bad_values[i - 1].step]);
        (void)snprintf(fields, sizeof fields, "%s&go=next", bad_values[i].fields);
        (void)snprintf(link, sizeof link, "href=\"#f-%s\"", bad_values[i].wrong);
        const struct reply *reply = give(scene, bad_values[i].step, fields);

        if (reply->status != 422 || !says(reply, link) ||
            (bad_values[i].text != NULL && !says(reply, bad_values[i].text)))
            fail_msg("row %zu (%s): status %d", i, bad_values[i].fields, reply->status);
        assert_true(says(reply, "<title>Error: "));
    }
}

static void colleges_are_not_for_every_form(void **state)
{
    static const struct {
        const char *form;
        bool may;
    } forms[] = {{"scop", false}, {"coop47", false}, {"association", true}, {"other", true}};
    struct scene *scene = *state;

    begin(scene);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char fields[64];

        (void)snprintf(fields, sizeof fields, "legal_form=%s&go=next", forms[i].form);
        assert_goes_to(give(scene, 2, fields), "/en/found/step/3");
        const struct reply *reply =
            give(scene, 4, "quorum=0&college_0=A&weight_0=60&college_1=B&weight_1=40&go=next");

        assert_int_equal(reply->status, forms[i].may ? 303 : 422);
        if (!forms[i].may)
            assert_true(says(reply, "47-1775, art. 1)"));
    }
}

static void fewest_founders_follow_the_form(void **state)
{
    (void)state;
    assert_int_equal(found_fewest(S("scic")), 3);
    assert_int_equal(found_fewest(S("coop47")), 3);
    assert_int_equal(found_fewest(S("scop")), 2);
    assert_int_equal(found_fewest(S("association")), 2);
    assert_int_equal(found_fewest(S("other")), 1);
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

#define IN_EMPTY(test) cmocka_unit_test_setup_teardown(test, open_empty, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_EMPTY(every_page_leads_to_the_founding),
        IN_EMPTY(nobody_writes_without_the_link),
        IN_EMPTY(a_link_opens_once),
        IN_EMPTY(only_the_console_makes_links),
        IN_EMPTY(what_is_wrong_is_named),
        IN_EMPTY(colleges_are_not_for_every_form),
        cmocka_unit_test(fewest_founders_follow_the_form),
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
