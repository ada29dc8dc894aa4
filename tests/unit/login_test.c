/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Signing in and the account's pages, as a browser meets them.
 */
#include "login_scene.h"

/* --- flows --------------------------------------------------------------------------------------
 */

static void a_link_by_letter_signs_in(void **state)
{
    struct scene *scene = *state;
    char secret[64], path[128];

    assert_true(is_outside(get(scene, "/en/account")));
    assert_goes_to(post(scene, "/en/login?to=/account/profile", "/en/login/mail",
                        S("email=amina%40example.org&to=%2Faccount%2Fprofile")),
                   "/en/login/sent");
    const struct reply *reply = get(scene, "/en/login/sent");

    assert_int_equal(reply->status, 200);
    last_secret(scene, secret);
    (void)snprintf(path, sizeof path, "/en/login/link/%s", secret);
    for (int i = 0; i < 3; i++) /* a mail program looks first */
        assert_int_equal(get(scene, path)->status, 200);
    assert_true(is_outside(get(scene, "/en/account")));
    assert_goes_to(post(scene, path, path, S("")), "/en/account/profile");
    reply = get(scene, "/en/account");
    assert_int_equal(reply->status, 200);
    assert_true(says(reply, "Amina K."));
    assert_str(reply_header(reply, "Cache-Control"), "private, no-store");
    assert_int_equal(get(scene, path)->status, 410);
}

struct made_link {
    struct link link;
    char token[LINK_TOKEN_LEN];
};

static no make_link(struct ctx *ctx, void *given)
{
    struct made_link *made = given;

    return link_make(ctx, &made->link, 3600, made->token);
}

static void other_links_go_to_their_own_page(void **state)
{
    static const struct {
        struct link link;
        const char *page;
    } cases[] = {{{.kind = LINK_INVITATION}, "/en/join/"},
                 {{.kind = LINK_FOUNDING}, "/en/found/"},
                 {{.kind = LINK_NEW_EMAIL, .member = 1}, "/en/account/email/"}};
    struct scene *scene = *state;
    char path[128], wanted[128];
    struct ctx ctx;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct made_link made = {.link = cases[i].link};

        test_as(&scene->test, &ctx, 0, 0);
        assert_int_equal(deed_run(&ctx, make_link, &made), YES);
        test_done(&ctx);
        (void)snprintf(path, sizeof path, "/en/login/link/%.*s", LINK_TOKEN_LEN, made.token);
        (void)snprintf(wanted, sizeof wanted, "%s%.*s", cases[i].page, LINK_TOKEN_LEN, made.token);
        assert_goes_to(get(scene, path), wanted);
    }
}

static void the_same_words_for_any_address(void **state)
{
    struct scene *scene = *state;

    assert_goes_to(post(scene, "/en/login", "/en/login/mail", S("email=amina%40example.org")),
                   "/en/login/sent");
    assert_goes_to(post(scene, "/en/login", "/en/login/mail", S("email=nobody%40example.org")),
                   "/en/login/sent");
    const struct reply *reply =
        post(scene, "/en/login", "/en/login", S("account=amina%40example.org&password=x"));

    assert_int_equal(reply->status, 422);
    assert_true(says(reply, "The address or the password is not right."));
    assert_true(says(reply, "<title>Error: "));
    assert_true(says(reply, "value=\"amina@example.org\""));
    reply = post(scene, "/en/login", "/en/login", S("account=nobody%40example.org&password=x"));
    assert_int_equal(reply->status, 422);
    assert_true(says(reply, "The address or the password is not right."));
}

static void a_password_signs_in_and_out(void **state)
{
    struct scene *scene = *state;

    sign_in(scene);
    assert_int_equal(get(scene, "/fr/account")->status, 200);
    assert_goes_to(get(scene, "/en/login"), "/en/account");
    char before[256];

    session_cookie(scene, before);
    assert_goes_to(post(scene, "/en/account", "/en/logout", S("")), "/en/");
    assert_true(is_outside(get(scene, "/en/account")));
    go_back_to(scene, before); /* the old cookie is worth nothing now */
    assert_true(is_outside(get(scene, "/en/account")));
}

static void no_form_leads_to_another_house(void **state)
{
    static const char *const bad[] = {"%2F%2Fevil.example",    "https%3A%2F%2Fevil.example",
                                      "%2F%5Cevil.example",    "%2Fa%0D%0ASet-Cookie%3Ax%3Dy",
                                      "javascript%3Aalert(1)", "%20%2Fx"};
    struct scene *scene = *state;
    char fields[256];

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        memset(scene->cookies, 0, sizeof scene->cookies);
        (void)snprintf(fields, sizeof fields,
                       "account=amina%%40example.org&password=correct+horse&to=%s", bad[i]);
        assert_goes_to(post(scene, "/en/login", "/en/login", str_of(fields)), "/en/account");
    }
    memset(scene->cookies, 0, sizeof scene->cookies);
    assert_goes_to(
        post(scene, "/en/login", "/en/login",
             S("account=amina%40example.org&password=correct+horse&to=%2Ffr%2Faccount%2Fleave")),
        "/fr/account/leave");
}

/* Switches the code on for whoever is signed in; the secret is left in `bytes`. */
static int64_t turn_code_on(struct scene *scene, uint8_t bytes[TOTP_SECRET_SIZE])
{
    char secret[64], digits[TOTP_DIGITS + 1] = {0}, fields[512];
    size_t len;

    assert_int_equal(get(scene, "/en/account/security/totp")->status, 200);
    assert_true(says(&scene->reply, "<svg class=\"qr\""));
    hidden(scene, "secret", secret, sizeof secret);
    assert_true(totp_read_base32(str_of(secret), bytes, TOTP_SECRET_SIZE, &len));
    (void)snprintf(fields, sizeof fields, "secret=%s&code=000000", secret);
    assert_int_equal(
        post(scene, "/en/account/security/totp", "/en/account/security/totp", str_of(fields))
            ->status,
        422);
    assert_true(says(&scene->reply, secret)); /* the same picture again, the app has it already */
    const int64_t step = totp_step(scene->test.world->now_ns(scene->test.world->self) / NS_PER_S);

    totp_code((str){(const char *)bytes, len}, (uint64_t)step, TOTP_DIGITS, digits);
    (void)snprintf(fields, sizeof fields, "secret=%s&code=%s", secret, digits);
    assert_goes_to(
        post(scene, "/en/account/security/totp", "/en/account/security/totp", str_of(fields)),
        "/en/account/security");
    assert_true(says(get(scene, "/en/account/security"), "The code is on. Other browsers"));
    return step;
}

static void type_code(struct scene *scene, const uint8_t bytes[TOTP_SECRET_SIZE], int64_t step,
                      const char *to)
{
    char digits[TOTP_DIGITS + 1] = {0}, fields[512], proof[160], page[256], want[256];

    hidden(scene, "proof", proof, sizeof proof);
    hidden(scene, "to", want, sizeof want);
    assert_string_equal(want, to);
    assert_true(is_outside(get(scene, "/en/account"))); /* the first step alone is not enough */
    totp_code((str){(const char *)bytes, TOTP_SECRET_SIZE}, (uint64_t)step, TOTP_DIGITS, digits);
    (void)snprintf(page, sizeof page, "/en/login");
    (void)snprintf(fields, sizeof fields, "proof=%s&code=%s&to=%s", proof, digits, to);
    (void)snprintf(want, sizeof want, "/en%s", to[0] == 0 ? "/account" : to);
    assert_goes_to(post(scene, page, "/en/login/code", str_of(fields)), want);
}

static void a_code_is_asked_for(void **state)
{
    struct scene *scene = *state;
    uint8_t bytes[TOTP_SECRET_SIZE];
    char secret[64], path[128];

    sign_in(scene);
    const int64_t step = turn_code_on(scene, bytes);

    assert_true(says(&scene->reply, "after a link by e-mail too"));
    memset(scene->cookies, 0, sizeof scene->cookies);
    assert_int_equal(post(scene, "/en/login", "/en/login",
                          S("account=amina%40example.org&password=correct+horse"))
                         ->status,
                     200);
    world_shift_clock(scene->test.real, 30 * NS_PER_S);
    type_code(scene, bytes, step + 1, "");
    /* a letter proves the mailbox only */
    memset(scene->cookies, 0, sizeof scene->cookies);
    world_shift_clock(scene->test.real, 30 * NS_PER_S);
    assert_goes_to(post(scene, "/en/login?to=/account/profile", "/en/login/mail",
                        S("email=amina%40example.org&to=%2Faccount%2Fprofile")),
                   "/en/login/sent");
    last_secret(scene, secret);
    (void)snprintf(path, sizeof path, "/en/login/link/%s", secret);
    assert_int_equal(post(scene, path, path, S(""))->status, 200);
    type_code(scene, bytes, step + 2, "/account/profile");
}

static void display_is_kept_in_the_browser(void **state)
{
    struct scene *scene = *state;

    assert_goes_to(
        post(scene, "/en/account/display", "/en/account/display", S("theme=dark&lang=fr")),
        "/fr/account/display");
    assert_true(says(get(scene, "/fr/account/display"), "<html lang=\"fr\" data-theme=\"dark\">"));
    assert_goes_to(
        post(scene, "/en/account/display", "/en/account/display", S("theme=device&lang=en")),
        "/en/account/display");
    assert_true(says(get(scene, "/en/account/display"), "<html lang=\"en\">"));
}

static void a_profile_is_saved_and_shown(void **state)
{
    struct scene *scene = *state;

    sign_in(scene);
    assert_goes_to(post(scene, "/en/account/profile", "/en/account/profile",
                        S("name=Amina+%3Cb%3E&trade=courier&place=Lyon&bio=a%0D%0Ab&iban=&bic=")),
                   "/en/account/profile");
    const struct reply *reply = get(scene, "/en/account/profile");

    assert_true(says(reply, "value=\"Amina &lt;b&gt;\"") && says(reply, "Saved."));
    assert_false(says(reply, "<b>"));
    reply = post(scene, "/en/account/profile", "/en/account/profile",
                 S("name=&trade=kept&place=&bio=&iban=FR00&bic="));
    assert_int_equal(reply->status, 422);
    assert_true(says(reply, "value=\"kept\"") && says(reply, "value=\"FR00\""));
    assert_true(says(reply, "href=\"#f-name\"") && says(reply, "href=\"#f-iban\""));
    assert_true(says(reply, "aria-invalid=\"true\""));
    assert_true(says(reply, "2 things to correct"));
}

static void a_session_is_ended_from_the_list(void **state)
{
    struct scene *scene = *state;
    char first[256], ref[32], fields[64];

    sign_in(scene);
    session_cookie(scene, first);
    memset(scene->cookies, 0, sizeof scene->cookies);
    sign_in(scene);
    assert_true(says(get(scene, "/en/account/security"), "Firefox"));
    hidden(scene, "session", ref, sizeof ref);
    (void)snprintf(fields, sizeof fields, "session=%s", ref);
    assert_goes_to(
        post(scene, "/en/account/security", "/en/account/security/revoke", str_of(fields)),
        "/en/account/security");
    assert_int_equal(get(scene, "/en/account")->status, 200);
    go_back_to(scene, first);
    assert_true(is_outside(get(scene, "/en/account")));
}

static void letters_are_switched_off_without_signing_in(void **state)
{
    struct scene *scene = *state;
    struct ctx ctx;
    struct sql_member member;
    struct buf path;
    char mac[33] = {0};

    assert_int_equal(get(scene, "/en/letters/off/1-1-00112233445566778899aabbccddeeff")->status,
                     404);
    assert_int_equal(
        ask(scene, "POST", "/en/letters/off/1-1-00112233445566778899aabbccddeeff", S(""))->status,
        404);
    test_as(&scene->test, &ctx, 0, 0);
    const str key = ctx.world->house(ctx.world->self)->secret;
    uint8_t bytes[HASH_SIZE];

    hash_hmac_sha256(key, S("letters-off:1:1"), bytes);
    str_hex(bytes, 16, mac);
    buf_init(&path, ctx.arena, 128);
    buf_printf(&path, "/en/letters/off/1-1-%s", mac);
    const char *off = arena_cstr(ctx.arena, buf_str(&path));

    assert_int_equal(get(scene, off)->status, 200);
    assert_int_equal(sql_member_get(ctx.db, ctx.arena, 1, &member), YES);
    assert_int_equal(member.notices & NOTICE_ORDERS, NOTICE_ORDERS);
    assert_int_equal(ask(scene, "POST", off, S("List-Unsubscribe=One-Click"))->status, 200);
    assert_int_equal(sql_member_get(ctx.db, ctx.arena, 1, &member), YES);
    assert_int_equal(member.notices & NOTICE_ORDERS, 0);
    test_done(&ctx);
}

static void a_form_from_elsewhere_is_refused(void **state)
{
    static const char *const paths[] = {"/en/login",
                                        "/en/login/mail",
                                        "/en/login/code",
                                        "/en/logout",
                                        "/en/account/profile",
                                        "/en/account/notices",
                                        "/en/account/display",
                                        "/en/account/leave",
                                        "/en/account/security/password",
                                        "/en/account/security/totp",
                                        "/en/account/security/email",
                                        "/en/account/security/revoke",
                                        "/en/account/security/revoke-others",
                                        "/en/login/again"};
    struct scene *scene = *state;

    sign_in(scene);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(ask(scene, "POST", paths[i], S("csrf=wrong"))->status, 403);
    assert_int_equal(get(scene, "/en/account")->status, 200);
}

static void a_stranger_sees_no_account(void **state)
{
    static const char *const paths[] = {"/en/account",
                                        "/en/account/profile",
                                        "/en/account/notices",
                                        "/en/account/export",
                                        "/en/account/leave",
                                        "/en/account/security",
                                        "/en/account/security/totp"};
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_true(is_outside(get(scene, paths[i])));
}

static void leaving_asks_twice_and_says_goodbye(void **state)
{
    struct scene *scene = *state;

    assert_goes_to(post(scene, "/en/login", "/en/login",
                        S("account=daniel%40example.org&password=correct+horse")),
                   "/en/account");
    assert_true(says(get(scene, "/en/account/leave"), "Nothing holds you back."));
    assert_int_equal(get(scene, "/en/account/export")->status, 200);
    assert_true(says(&scene->reply, "daniel@example.org"));
    assert_goes_to(post(scene, "/en/account/leave", "/en/account/leave", S("")),
                   "/en/account/leave");
    assert_goes_to(post(scene, "/en/account/leave", "/en/account/leave", S("sure=yes")), "/en/");
    assert_true(is_outside(get(scene, "/en/account")));
}

static no give_daniel_hours(struct ctx *ctx, void *unused)
{
    const struct house_unit *hours = house_unit_of_kind(ctx_house(ctx), UNIT_TIME);
    struct ledger_leg leg = {.currency = hours->unit.id, .amount = 90, .code = CODE_SEND};
    struct ledger_done done;

    (void)unused;
    TRY(ledger_purse_of(ctx, 1, hours->unit.id, &leg.debit));
    TRY(ledger_purse_of(ctx, 4, hours->unit.id, &leg.credit));
    const struct ledger_ask ask = {
        .journal = JOURNAL_TIME, .cause = CAUSE_SEND, .legs = &leg, .legs_n = 1};

    return ledger_post(ctx, &ask, &done);
}

static void leaving_asks_what_becomes_of_hours(void **state)
{
    struct scene *scene = *state;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_run(&ctx, give_daniel_hours, NULL), YES);
    test_done(&ctx);
    assert_goes_to(post(scene, "/en/login", "/en/login",
                        S("account=daniel%40example.org&password=correct+horse")),
                   "/en/account");
    assert_true(says(get(scene, "/en/account/leave"), "Give all of it to the common purse"));
    assert_true(says(&scene->reply, "name=\"gives\" value=\"2:90\""));
    assert_false(says(&scene->reply, "Nothing holds you back."));
    assert_goes_to(post(scene, "/en/account/leave", "/en/account/leave", S("sure=yes&gives=")),
                   "/en/account/leave");
    assert_true(says(get(scene, "/en/account/leave"), "choose what becomes of them"));
    assert_goes_to(post(scene, "/en/account/leave", "/en/account/leave", S("gives=2%3A90")),
                   "/en/account/leave");
    assert_int_equal(get(scene, "/en/account")->status, 200);
    assert_goes_to(
        post(scene, "/en/account/leave", "/en/account/leave", S("sure=yes&gives=2%3A90")), "/en/");
    assert_true(is_outside(get(scene, "/en/account")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(a_link_by_letter_signs_in),
        IN_SCENE(other_links_go_to_their_own_page),
        IN_SCENE(the_same_words_for_any_address),
        IN_SCENE(a_password_signs_in_and_out),
        IN_SCENE(no_form_leads_to_another_house),
        IN_SCENE(a_code_is_asked_for),
        IN_SCENE(display_is_kept_in_the_browser),
        IN_SCENE(a_profile_is_saved_and_shown),
        IN_SCENE(a_session_is_ended_from_the_list),
        IN_SCENE(letters_are_switched_off_without_signing_in),
        IN_SCENE(a_form_from_elsewhere_is_refused),
        IN_SCENE(a_stranger_sees_no_account),
        IN_SCENE(leaving_asks_twice_and_says_goodbye),
        IN_SCENE(leaving_asks_what_becomes_of_hours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
