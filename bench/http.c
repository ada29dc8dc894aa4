/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The HTTP door alone, for a load generator: /2k and /50k are pages built anew for each request,
 * POST /post goes through the pool. Usage: http [threads] [gzip level]; prints its port and serves
 * until its input ends. bench/http.sh compares it.
 */
#include "doors/http/server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static no page(struct http_req *req, size_t size)
{
    struct buf text;

    buf_init(&text, req->ctx.arena, size + 256);
    buf_printf(&text, "<!doctype html><html lang=en><title>%lld</title><main>",
               (long long)req->ctx.now_ns);
    for (size_t i = 0; text.len < size; i++)
        buf_printf(
            &text,
            "<p class=card><a href=/offer/%zu>Offer number %zu</a> in Arles, %zu.50 euros</p>\n", i,
            i * 7, i % 90);
    return http_html(req, 200, &text);
}

/* One append, as a template's constant part is: what is measured is the door, not printf. */
static no page_copied(struct http_req *req, size_t size)
{
    struct buf text;
    const str whole = req->app == NULL ? STR_NONE : str_sub(*(const str *)req->app, 0, size);

    buf_init(&text, req->ctx.arena, size + 64);
    buf_put_int(&text, req->ctx.now_ns);
    buf_put(&text, whole);
    return http_html(req, 200, &text);
}

static no get_2k(struct http_req *req)
{
    return page_copied(req, 2000);
}

static no get_50k(struct http_req *req)
{
    return page_copied(req, 50000);
}

static no get_built(struct http_req *req)
{
    return page(req, 50000);
}

static no post_form(struct http_req *req)
{
    return http_text(req, 200, http_field(req, "a"));
}

static const struct http_route routes[] = {
    {.method = HTTP_GET, .pattern = "/2k", .handler = get_2k},
    {.method = HTTP_GET, .pattern = "/50k", .handler = get_50k},
    {.method = HTTP_GET, .pattern = "/built", .handler = get_built},
    {.method = HTTP_GET, .pattern = "/offer/:id/ask", .handler = get_2k},
    {.method = HTTP_POST, .pattern = "/post", .flags = HTTP_CSRF_FREE, .handler = post_form},
    {.pattern = NULL},
};

static str sample(struct arena *arena)
{
    struct buf text;

    buf_init(&text, arena, 64 << 10);
    for (int i = 0; text.len < 50000; i++)
        buf_printf(
            &text,
            "<p class=card><a href=/offer/%d>Offer number %d</a> in Arles, %d.50 euros</p>\n", i,
            i * 7919, i % 90);
    return buf_str(&text);
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct http_server *server;
    struct http_config config = {.port_given = true, .routes = routes, .rate_off = true};
    str text;

    (void)signal(SIGPIPE, SIG_IGN);
    if (!arena_init(&arena, 1 << 20))
        return 1;
    text = sample(&arena);
    config.app = &text;
    config.threads = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1;
    config.gzip_level = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
    if (http_serve(&server, &config) != YES)
        return 1;
    (void)printf("%u\n", (unsigned)http_port(server));
    (void)fflush(stdout);
    (void)getchar();
    http_stop(server);
    arena_release(&arena);
    return 0;
}
