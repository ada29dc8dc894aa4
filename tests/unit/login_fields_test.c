/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Every field of every form of signing in and of accounts with a table of bad values: never a 500.
 */
#include "login_scene.h"

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
    {"/en/account/security", "/en/account/leave", "sure gives"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(no_field_of_a_visitor_breaks_anything),
        IN_SCENE(no_field_of_a_member_breaks_anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
