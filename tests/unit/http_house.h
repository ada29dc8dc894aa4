/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A server on a free port with a few rooms of its own, for the tests of the HTTP door.
 */
#ifndef TESTS_HTTP_HOUSE_H
#define TESTS_HTTP_HOUSE_H

#include "http_client.h"

#include "doors/http/server.h"

#include <zlib.h>

static const char session_token[] =
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"; /* 32 bytes 0..31 */

/* --- a house with a few rooms ----------------------------------------------------------------- */

static no say(struct http_req *req, const char *name, str value)
{
    struct buf text;

    buf_init(&text, req->ctx.arena, 64);
    buf_printf(&text, "%s=%.*s lang=%d path=%.*s", name, (int)value.len,
               value.ptr == NULL ? "" : value.ptr, (int)req->ctx.lang, (int)req->path.len,
               req->path.ptr);
    return http_text(req, 200, buf_str(&text));
}

static no get_home(struct http_req *req)
{
    return say(req, "home", http_field(req, "q"));
}
static no get_new(struct http_req *req)
{
    return say(req, "new", STR_NONE);
}
static no get_name(struct http_req *req)
{
    return say(req, "name", http_param(req, "name"));
}
static no get_ics(struct http_req *req)
{
    return say(req, "ics", http_param(req, "id"));
}
static no get_rest(struct http_req *req)
{
    return say(req, "rest", http_param(req, "rest"));
}
static no get_gone(struct http_req *req)
{
    (void)req;
    return NO_GONE;
}
static no get_go(struct http_req *req)
{
    return http_redirect(req, S("/orders/12"));
}
static no get_csrf(struct http_req *req)
{
    return http_text(req, 200, http_csrf(req));
}
static no get_address(struct http_req *req)
{
    return say(req, "address", req->address);
}
static no post_raw(struct http_req *req)
{
    return http_json(req, 200, req->body);
}

static no get_offer(struct http_req *req)
{
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    return say(req, "offer", http_param(req, "id"));
}

static no get_page(struct http_req *req)
{
    struct buf page;

    buf_init(&page, req->ctx.arena, 0);
    for (int i = 0; i < 1000; i++)
        buf_put(&page, S("<p>The same thing once more.</p>\n"));
    return http_html(req, 200, &page);
}

static no get_tag(struct http_req *req)
{
    return http_bytes(req, 200, "application/octet-stream", "public, max-age=60", S("abc123"),
                      S("tile"));
}

static no get_full(struct http_req *req)
{
    struct buf page;

    buf_init(&page, req->ctx.arena, 0);
    while (!buf_failed(&page))
        buf_put(&page, S("0123456789abcdef"));
    return http_html(req, 200, &page);
}

static no post_echo(struct http_req *req)
{
    struct buf text;
    str name, value;

    buf_init(&text, req->ctx.arena, 0);
    for (size_t i = 0; http_field_each(req, i, &name, &value); i++)
        if (!str_eq(name, S("csrf")))
            buf_printf(&text, "%.*s=[%.*s]\n", (int)name.len, name.ptr, (int)value.len, value.ptr);
    buf_printf(&text, "second a=%d", http_field_at(req, "a", 1).ptr != NULL);
    return http_text(req, 200, buf_str(&text));
}

static no post_upload(struct http_req *req)
{
    struct buf text;
    const struct http_file *file;

    buf_init(&text, req->ctx.arena, 0);
    for (size_t i = 0; (file = http_file(req, "photo", i)) != NULL; i++)
        buf_printf(&text, "%.*s %.*s %zu %lu\n", (int)file->name.len, file->name.ptr,
                   (int)file->type.len, file->type.ptr, file->bytes.len,
                   crc32(0, (const Bytef *)file->bytes.ptr, (uInt)file->bytes.len));
    buf_printf(&text, "title=%.*s", (int)http_field(req, "title").len,
               http_field(req, "title").ptr);
    return http_text(req, 200, buf_str(&text));
}

static const struct http_route routes[] = {
    {HTTP_GET, "/", HTTP_ANYONE, 0, get_home, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/offer/:id", HTTP_ANYONE, 0, get_offer, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/offer/new", HTTP_ANYONE, 0, get_new, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/@:name", HTTP_ANYONE, 0, get_name, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/events/:id.ics", HTTP_ANYONE, 0, get_ics, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/tile/*rest", HTTP_ANYONE, HTTP_PUBLIC_CACHE, get_rest, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/gone", HTTP_ANYONE, 0, get_gone, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/go", HTTP_ANYONE, 0, get_go, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/form", HTTP_ANYONE, 0, get_csrf, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/page", HTTP_ANYONE, 0, get_page, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/later", HTTP_ANYONE, HTTP_SLOW, get_page, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/tag", HTTP_ANYONE, HTTP_PUBLIC_CACHE, get_tag, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/full", HTTP_ANYONE, 0, get_full, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/member", HTTP_MEMBER, 0, get_new, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/signed", HTTP_SIGNED_IN, 0, get_new, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/address", HTTP_ANYONE, 0, get_address, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/echo", HTTP_ANYONE, 0, post_echo, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/inbox", HTTP_ANYONE, HTTP_CSRF_FREE, post_raw, HTTP_RATE_PEER},
    {HTTP_POST, "/free", HTTP_ANYONE, HTTP_CSRF_FREE, post_echo, HTTP_RATE_PEER},
    {HTTP_POST, "/sign-in", HTTP_ANYONE, HTTP_CSRF_FREE, post_echo, HTTP_RATE_SIGN_IN},
    {HTTP_POST, "/photos", HTTP_ANYONE, HTTP_CSRF_FREE | HTTP_UPLOAD, post_upload,
     HTTP_RATE_UPLOAD},
    {.pattern = NULL},
};

static no identify(struct http_req *req)
{
    const str session = http_cookie(req, "session");

    if (str_eq(session, S("ada")))
        req->ctx.actor = (struct actor){.member = 1, .roles = ROLE_MEMBER};
    if (str_eq(session, S("gil")))
        req->ctx.actor = (struct actor){.member = 2, .roles = ROLE_GUEST};
    if (session.len > 0)
        req->session.csrf = str_of(session_token);
    return YES;
}

struct house {
    struct http_server *server;
    uint16_t port;
    struct reply reply;
};

static inline struct house *house_open(struct http_config config)
{
    struct house *house = calloc(1, sizeof *house);

    config.port_given = true;
    config.threads = 1;
    config.pool = 4;
    config.routes = routes;
    config.hooks.identify = identify;
    config.spool_dir = "/tmp";
    assert_int_equal(http_serve(&house->server, &config), YES);
    house->port = http_port(house->server);
    assert_int_not_equal(house->port, 0);
    return house;
}

static inline int open_house(void **state)
{
    *state = house_open((struct http_config){.rate_off = true, .front_trusted = true});
    return 0;
}

static inline int close_house(void **state)
{
    struct house *house = *state;

    http_stop(house->server);
    free(house);
    return 0;
}

/* "GET /path" with a Host and these further header lines. */
static inline const struct reply *get(struct house *house, const char *path, const char *headers)
{
    char request[8192];

    (void)snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: coop.example\r\n%s\r\n", path,
                   headers);
    client_ask(house->port, str_of(request), &house->reply);
    return &house->reply;
}

static inline const struct reply *post(struct house *house, const char *path, const char *headers,
                                       str body)
{
    char *request = malloc(body.len + 4096);
    const int head = snprintf(
        request, 4096, "POST %s HTTP/1.1\r\nHost: coop.example\r\nContent-Length: %zu\r\n%s\r\n",
        path, body.len, headers);

    memcpy(request + head, body.ptr, body.len);
    client_ask(house->port, (str){request, (size_t)head + body.len}, &house->reply);
    free(request);
    return &house->reply;
}

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)

#endif
