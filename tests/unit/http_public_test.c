/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Pages that are the same for everybody: what makes one private again, and that what the house
 * keeps of them is never older than the last commit.
 */
#include "login_scene.h"

/* A visitor whose browser sends nothing of him but these headers. */
static const struct reply *visit(struct scene *scene, const char *method, const char *path,
                                 const char *headers)
{
    char request[1024];
    const int n = snprintf(request, sizeof request,
                           "%s %s HTTP/1.1\r\nHost: coop.example\r\n%s\r\n", method, path, headers);
    const int fd = client_open(scene->port);

    assert_true(n > 0 && (size_t)n < sizeof request);
    assert_true(client_send(fd, (str){request, (size_t)n}));
    client_read_one(fd, &scene->reply, strcmp(method, "HEAD") == 0);
    (void)close(fd);
    return &scene->reply;
}

static void only_a_form_says_who_reads(void **state)
{
    static const struct {
        const char *path, *headers;
        bool token, private;
    } rows[] = {
        {"/en/", "", false, false},
        {"/fr/", "", false, false},
        {"/en/market?q=bike", "", false, false},
        {"/en/rules", "", false, false},
        {"/en/", "Cookie: theme=dark\r\n", false, true},
        {"/en/", "Cookie: filon=nobody\r\n", false, true},
        {"/en/login", "", true, true},
        {"/en/account/display", "", true, true},
        {"/en/help", "", false, true}, /* no form, and nobody said that it is public */
        {"/en/no/such/page", "", false, true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct reply *reply = visit(*state, "GET", rows[i].path, rows[i].headers);
        const bool sets = reply_header(reply, "Set-Cookie").len > 0;

        if (sets != rows[i].token || says(reply, "name=\"csrf\" value=\"") != rows[i].token)
            fail_msg("%s: cookie %d", rows[i].path, sets);
        assert_str(reply_header(reply, "Cache-Control"),
                   rows[i].private ? "private, no-store" : "no-cache");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(only_a_form_says_who_reads),
    };

    return cmocka_run_group_tests_name("http_public", tests, NULL, NULL);
}
