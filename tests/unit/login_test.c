/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Signing in and the account's pages through the real door: a server in this program, a browser
 * made of bytes. Every field of every form with a table of bad values: never a 500.
 */
#include "deeds/account.h"
#include "deeds/link.h"
#include "deeds/sign_in.h"
#include "doors/http/hooks.h"
#include "doors/http/server.h"
#include "store/sql_letter.h"
#include "store/sql_session.h"
#include "wire/totp.h"

#include "cm.h"
#include "world.h"

#include "http_client.h"

#include "base/time.h"

struct scene {
    struct test_world test;
    struct http_server *server;
    uint16_t port;
    char cookies[4][256]; /* name=value */
    struct reply reply;
};

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    test_found(&scene->test);
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

static int close_scene(void **state)
{
    struct scene *scene = *state;

    http_stop(scene->server);
    test_world_close(&scene->test);
    free(scene);
    return 0;
}

/* --- a browser ------------------------------------------------------------------------------- */

/* Where this cookie is kept, or a free place. */
static char *cookie_place(struct scene *scene, str name)
{
    char *place = NULL;

    for (size_t i = 0; i < 4; i++) {
        const str kept = str_of(scene->cookies[i]);

        if (kept.len > name.len && str_starts(kept, name) && kept.ptr[name.len] == '=')
            return scene->cookies[i];
        if (kept.len == 0 && place == NULL)
            place = scene->cookies[i];
    }
    assert_non_null(place);
    return place;
}

static void keep_cookie(struct scene *scene, str line)
{
    str pair, rest, name, value;

    (void)str_cut(line, ';', &pair, &rest);
    (void)str_cut(pair, '=', &name, &value);
    (void)snprintf(cookie_place(scene, name), sizeof scene->cookies[0], "%.*s",
                   value.len == 0 ? 0 : (int)pair.len, pair.ptr);
}

static void keep_cookies(struct scene *scene)
{
    str line, rest = scene->reply.head;

    while (rest.len > 0) {
        (void)str_cut(rest, '\n', &line, &rest);
        line = str_trim(line);
        if (str_starts(line, S("Set-Cookie: ")))
            keep_cookie(scene, str_sub(line, 12, line.len));
    }
}

static const struct reply *ask(struct scene *scene, const char *method, const char *path, str body)
{
    const size_t room = body.len + 4096;
    char *request = malloc(room);
    int n = snprintf(
        request, room,
        "%s %s HTTP/1.1\r\nHost: coop.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux) Firefox/1\r\n"
        "Cookie: a=b",
        method, path);

    for (size_t i = 0; i < 4; i++)
        if (scene->cookies[i][0] != 0)
            n += snprintf(request + n, room - (size_t)n, "; %s", scene->cookies[i]);
    n += snprintf(request + n, room - (size_t)n, "\r\n");
    if (strcmp(method, "POST") == 0)
        n += snprintf(request + n, room - (size_t)n,
                      "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n",
                      body.len);
    n += snprintf(request + n, room - (size_t)n, "\r\n");
    memcpy(request + n, body.ptr == NULL ? "" : body.ptr, body.len);
    client_ask(scene->port, (str){request, (size_t)n + body.len}, &scene->reply);
    free(request);
    keep_cookies(scene);
    return &scene->reply;
}

static const struct reply *get(struct scene *scene, const char *path)
{
    return ask(scene, "GET", path, S(""));
}

static bool says(const struct reply *reply, const char *what)
{
    return str_find(reply->body, str_of(what)) < reply->body.len;
}

/* The value of the hidden field of this name on the page that was last shown. */
static void hidden(struct scene *scene, const char *name, char *value, size_t size)
{
    char mark[64];
    const int n = snprintf(mark, sizeof mark, "name=\"%s\" value=\"", name);
    const size_t at = str_find(scene->reply.body, (str){mark, (size_t)n});
    const str rest = str_sub(scene->reply.body, at + (size_t)n, scene->reply.body.len);

    assert_true(at < scene->reply.body.len);
    (void)snprintf(value, size, "%.*s", (int)str_find_char(rest, '"'), rest.ptr);
}

/* POSTs fields (already percent-encoded) with the token of `page`. */
static const struct reply *post(struct scene *scene, const char *page, const char *path, str fields)
{
    char token[128];
    char *body = malloc(fields.len + 256);

    assert_int_equal(get(scene, page)->status, 200);
    hidden(scene, "csrf", token, sizeof token);
    const int n = snprintf(body, 256, "csrf=%s&", token);

    memcpy(body + n, fields.ptr == NULL ? "" : fields.ptr, fields.len);
    (void)ask(scene, "POST", path, (str){body, (size_t)n + fields.len});
    free(body);
    return &scene->reply;
}

static void check_goes_to(const struct reply *reply, const char *where, const char *file, int line)
{
    if (reply->status != 303)
        print_error("status %d: %.*s\n", reply->status, (int)reply->body.len, reply->body.ptr);
    _assert_int_equal((unsigned long)reply->status, 303, file, line);
    check_str(reply_header(reply, "Location"), where, file, line);
}
#define assert_goes_to(reply, where) check_goes_to((reply), (where), __FILE__, __LINE__)

/* A page for members sends a visitor to the sign-in page, which brings him back. */
static bool is_outside(const struct reply *reply)
{
    return reply->status == 303 && str_starts(reply_header(reply, "Location"), S("/en/login?to="));
}

static void sign_in(struct scene *scene)
{
    assert_goes_to(post(scene, "/en/login", "/en/login",
                        S("account=amina%40example.org&password=correct+horse")),
                   "/en/account");
}

/* What the last letter carries. */
static void last_secret(struct scene *scene, char secret[64])
{
    struct ctx ctx;
    struct sql_letter *list;
    size_t n;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(sql_letter_due(ctx.db, ctx.arena, ctx.now_ns, 1000, &list, &n), YES);
    assert_true(n > 0);
    (void)snprintf(secret, 64, "%.*s", (int)list[n - 1].secret.len, list[n - 1].secret.ptr);
    test_done(&ctx);
}

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

    (void)snprintf(before, sizeof before, "%s", scene->cookies[0]);
    assert_goes_to(post(scene, "/en/account", "/en/logout", S("")), "/en/");
    assert_true(is_outside(get(scene, "/en/account")));
    (void)snprintf(scene->cookies[0], sizeof before, "%s",
                   before); /* the old cookie is worth nothing now */
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

static void a_code_is_asked_for(void **state)
{
    struct scene *scene = *state;
    char secret[64], digits[TOTP_DIGITS + 1] = {0}, fields[512], proof[160], page[256];
    uint8_t bytes[TOTP_SECRET_SIZE];
    size_t len;

    sign_in(scene);
    assert_int_equal(get(scene, "/en/account/security/totp")->status, 200);
    assert_true(says(&scene->reply, "<svg class=\"qr\""));
    hidden(scene, "secret", secret, sizeof secret);
    assert_true(totp_read_base32(str_of(secret), bytes, sizeof bytes, &len));
    (void)snprintf(fields, sizeof fields, "secret=%s&code=000000", secret);
    assert_int_equal(
        post(scene, "/en/account/security/totp", "/en/account/security/totp", str_of(fields))
            ->status,
        422);
    assert_true(says(&scene->reply, secret)); /* the same picture again, the app has it already */
    int64_t step = totp_step(scene->test.world->now_ns(scene->test.world->self) / NS_PER_S);

    totp_code((str){(const char *)bytes, len}, (uint64_t)step, TOTP_DIGITS, digits);
    (void)snprintf(fields, sizeof fields, "secret=%s&code=%s", secret, digits);
    assert_goes_to(
        post(scene, "/en/account/security/totp", "/en/account/security/totp", str_of(fields)),
        "/en/account/security");
    assert_true(says(get(scene, "/en/account/security"), "The code is on."));
    memset(scene->cookies, 0, sizeof scene->cookies);
    assert_int_equal(post(scene, "/en/login", "/en/login",
                          S("account=amina%40example.org&password=correct+horse"))
                         ->status,
                     200);
    hidden(scene, "proof", proof, sizeof proof);
    assert_true(is_outside(get(scene, "/en/account"))); /* the password alone is not enough */
    world_shift_clock(scene->test.real, 30 * NS_PER_S);
    totp_code((str){(const char *)bytes, len}, (uint64_t)step + 1, TOTP_DIGITS, digits);
    (void)snprintf(page, sizeof page, "/en/login");
    (void)snprintf(fields, sizeof fields, "proof=%s&code=%s", proof, digits);
    assert_goes_to(post(scene, page, "/en/login/code", str_of(fields)), "/en/account");
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
    (void)snprintf(first, sizeof first, "%s", scene->cookies[0]);
    memset(scene->cookies, 0, sizeof scene->cookies);
    sign_in(scene);
    assert_true(says(get(scene, "/en/account/security"), "Firefox"));
    hidden(scene, "session", ref, sizeof ref);
    (void)snprintf(fields, sizeof fields, "session=%s", ref);
    assert_goes_to(
        post(scene, "/en/account/security", "/en/account/security/revoke", str_of(fields)),
        "/en/account/security");
    assert_int_equal(get(scene, "/en/account")->status, 200);
    memset(scene->cookies, 0, sizeof scene->cookies);
    (void)snprintf(scene->cookies[0], sizeof first, "%s", first);
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

/* --- bad values ----------------------------------------------------------------------------------
 */

struct form {
    const char *page, *path, *fields; /* names, separated by blanks */
};

static const struct form forms[] = {
    {"/en/login", "/en/login", "account password to"},
    {"/en/login", "/en/login/mail", "email to"},
    {"/en/login", "/en/login/code", "proof code to"},
    {"/en/login", "/en/login/link/nonsense", "x"},
    {"/en/account/display", "/en/account/display", "theme lang"},
    {"/en/account/profile", "/en/account/profile", "name trade place bio iban bic"},
    {"/en/account/notices", "/en/account/notices", "orders messages desk"},
    {"/en/account/security", "/en/account/security/password", "password"},
    {"/en/account/security", "/en/account/security/email", "email"},
    {"/en/account/security/totp", "/en/account/security/totp", "secret code"},
    {"/en/account/security", "/en/account/security/revoke", "session"},
    {"/en/account/security", "/en/account/email/nonsense", "x"},
    {"/en/account/security", "/en/account/leave", "sure"},
};

static const char *const bad_values[] = {
    "",
    "%20%20%20",
    "%00",
    "a%00b",
    "%ff%fe",
    "%c3%28",
    "%ed%a0%80",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
    "a%0d%0aSet-Cookie:%20evil=1",
    "%0a",
    "%e2%80%ae%e2%81%a6x",
    "'%20OR%201=1%20--",
    "99999999999999999999999999",
    "-1",
    "..%2F..%2Fetc%2Fpasswd",
    "%7B%7B7*7%7D%7D",
    "%25s%25n%25x",
    "%f0%9f%92%a5",
};

/* One field bad, the others plausible (or, with `name` NULL, all missing). */
static void send_bad(struct scene *scene, const struct form *form, str name, const char *value,
                     size_t times)
{
    const size_t room = strlen(value) * times + 2048;
    char *fields = malloc(room);
    size_t n = 0;
    str one, rest = str_of(form->fields);

    while (rest.len > 0) {
        (void)str_cut(rest, ' ', &one, &rest);
        n += (size_t)snprintf(fields + n, room - n, "%.*s=", (int)one.len, one.ptr);
        if (!str_eq(one, name))
            n += (size_t)snprintf(fields + n, room - n, "good");
        else
            for (size_t i = 0; i < times; i++)
                n += (size_t)snprintf(fields + n, room - n, "%s", value);
        n += (size_t)snprintf(fields + n, room - n, "&");
    }
    const struct reply *reply = post(scene, form->page, form->path, (str){fields, n});

    if (reply->status < 200 || reply->status >= 500)
        fail_msg("%s: field %.*s = \"%.60s\" x %zu: %d", form->path, (int)name.len, name.ptr, value,
                 times, reply->status);
    if (says(reply, "<script>alert") || says(reply, "<img src=x"))
        fail_msg("%s: field %.*s comes back as markup", form->path, (int)name.len, name.ptr);
    if (reply_header(reply, "Set-Cookie").ptr != NULL)
        assert_false(str_starts(reply_header(reply, "Set-Cookie"), S("evil")));
    free(fields);
}

static void bad_fields(struct scene *scene, bool signed_in)
{
    for (size_t f = 0; f < sizeof forms / sizeof forms[0]; f++) {
        if (str_starts(str_of(forms[f].page), S("/en/account/")) != signed_in &&
            strcmp(forms[f].page, "/en/account/display") != 0)
            continue;
        str name, rest = str_of(forms[f].fields);

        while (rest.len > 0) {
            (void)str_cut(rest, ' ', &name, &rest);
            for (size_t v = 0; v < sizeof bad_values / sizeof bad_values[0]; v++)
                send_bad(scene, &forms[f], name, bad_values[v], 1);
            send_bad(scene, &forms[f], name, "a", 5000);
            send_bad(scene, &forms[f], name, "%f0%9f%92%a5", 3000);
            send_bad(scene, &forms[f], name, "a", 300 << 10);
        }
        /* nothing at all, everything twice, and a thousand fields that nobody asked for */
        (void)post(scene, forms[f].page, forms[f].path, S(""));
        assert_true(scene->reply.status >= 200 && scene->reply.status < 500);
        (void)post(scene, forms[f].page, forms[f].path,
                   S("name=a&name=b&email=a&email=b&code=1&code=2"));
        assert_true(scene->reply.status >= 200 && scene->reply.status < 500);
    }
}

static void no_field_of_a_visitor_breaks_anything(void **state)
{
    bad_fields(*state, false);
}

static void no_field_of_a_member_breaks_anything(void **state)
{
    struct scene *scene = *state;

    sign_in(scene);
    bad_fields(scene, true);
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(a_link_by_letter_signs_in),
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
        IN_SCENE(no_field_of_a_visitor_breaks_anything),
        IN_SCENE(no_field_of_a_member_breaks_anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
