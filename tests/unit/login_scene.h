/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The real door in this program, and a browser made of bytes.
 */
#ifndef TESTS_LOGIN_SCENE_H
#define TESTS_LOGIN_SCENE_H

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

static inline int open_scene(void **state)
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

static inline int close_scene(void **state)
{
    struct scene *scene = *state;

    http_stop(scene->server);
    test_world_close(&scene->test);
    free(scene);
    return 0;
}

/* --- a browser ------------------------------------------------------------------------------- */

/* Where this cookie is kept, or a free place. */
static inline char *cookie_place(struct scene *scene, str name)
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

static inline void keep_cookie(struct scene *scene, str line)
{
    str pair, rest, name, value;

    (void)str_cut(line, ';', &pair, &rest);
    (void)str_cut(pair, '=', &name, &value);
    (void)snprintf(cookie_place(scene, name), sizeof scene->cookies[0], "%.*s",
                   value.len == 0 ? 0 : (int)pair.len, pair.ptr);
}

/* The browser as it was with this session cookie alone. */
static inline void go_back_to(struct scene *scene, const char *session)
{
    memset(scene->cookies, 0, sizeof scene->cookies);
    (void)snprintf(scene->cookies[0], sizeof scene->cookies[0], "%s", session);
}

static inline void session_cookie(struct scene *scene, char session[256])
{
    (void)snprintf(session, 256, "%s", cookie_place(scene, S("filon")));
    assert_true(str_starts(str_of(session), S("filon=")));
}

static inline void keep_cookies(struct scene *scene)
{
    str line, rest = scene->reply.head;

    while (rest.len > 0) {
        (void)str_cut(rest, '\n', &line, &rest);
        line = str_trim(line);
        if (str_starts(line, S("Set-Cookie: ")))
            keep_cookie(scene, str_sub(line, 12, line.len));
    }
}

static inline const struct reply *ask(struct scene *scene, const char *method, const char *path,
                                      str body)
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

static inline const struct reply *get(struct scene *scene, const char *path)
{
    return ask(scene, "GET", path, S(""));
}

static inline bool says(const struct reply *reply, const char *what)
{
    return str_find(reply->body, str_of(what)) < reply->body.len;
}

/* The value of the hidden field of this name on the page that was last shown. */
static inline void hidden(struct scene *scene, const char *name, char *value, size_t size)
{
    char mark[64];
    const int n = snprintf(mark, sizeof mark, "name=\"%s\" value=\"", name);
    const size_t at = str_find(scene->reply.body, (str){mark, (size_t)n});
    const str rest = str_sub(scene->reply.body, at + (size_t)n, scene->reply.body.len);

    assert_true(at < scene->reply.body.len);
    (void)snprintf(value, size, "%.*s", (int)str_find_char(rest, '"'), rest.ptr);
}

/* POSTs fields (already percent-encoded) with the token of `page`. */
static inline const struct reply *post(struct scene *scene, const char *page, const char *path,
                                       str fields)
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

static inline void check_goes_to(const struct reply *reply, const char *where, const char *file,
                                 int line)
{
    if (reply->status != 303)
        print_error("status %d: %.*s\n", reply->status, (int)reply->body.len, reply->body.ptr);
    _assert_int_equal((unsigned long)reply->status, 303, file, line);
    check_str(reply_header(reply, "Location"), where, file, line);
}
#define assert_goes_to(reply, where) check_goes_to((reply), (where), __FILE__, __LINE__)

/* A page for members sends a visitor to the sign-in page, which brings him back. */
static inline bool is_outside(const struct reply *reply)
{
    return reply->status == 303 && str_starts(reply_header(reply, "Location"), S("/en/login?to="));
}

static inline void sign_in(struct scene *scene)
{
    assert_goes_to(post(scene, "/en/login", "/en/login",
                        S("account=amina%40example.org&password=correct+horse")),
                   "/en/account");
}

/* What the last letter carries. */
static inline void last_secret(struct scene *scene, char secret[64])
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

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

#endif
