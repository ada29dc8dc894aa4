/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Answers: what a handler says is noted in its exchange; http_answer_queue hands it to the library
 * once, in the loop thread, with the headers that every answer of the house has.
 */
#include "doors/http/exchange.h"

#include <assert.h>
#include <string.h>

enum { GZIP_MIN = 1024 };

/* --- what handlers say ------------------------------------------------------------------------ */

static no answer(struct http_req *req, int status, str type, str content)
{
    struct http_exchange *x = req->x;

    assert(status >= 200 && status < 600);
    x->status = status;
    x->type = type;
    x->content = content;
    x->cache = x->etag = STR_NONE;
    x->answered = true;
    return YES;
}

no http_html(struct http_req *req, int status, const struct buf *page)
{
    if (buf_failed(page) || arena_overflowed(req->ctx.arena))
        return NO_OUT_OF_MEMORY;
    return answer(req, status, S("text/html; charset=utf-8"), buf_str(page));
}

no http_text(struct http_req *req, int status, str text)
{
    return answer(req, status, S("text/plain; charset=utf-8"), text);
}

no http_json(struct http_req *req, int status, str json)
{
    if (arena_overflowed(req->ctx.arena))
        return NO_OUT_OF_MEMORY;
    return answer(req, status, S("application/json"), json);
}

no http_empty(struct http_req *req, int status)
{
    return answer(req, status, STR_NONE, STR_NONE);
}

static str quoted(struct arena *arena, str etag)
{
    char *text = arena_take(arena, etag.len + 2);

    if (text == NULL)
        return STR_NONE;
    text[0] = text[etag.len + 1] = '"';
    memcpy(text + 1, etag.ptr, etag.len);
    return (str){text, etag.len + 2};
}

no http_bytes(struct http_req *req, int status, const char *type, const char *cache, str etag,
              str bytes)
{
    const str tag = etag.len > 0 ? quoted(req->ctx.arena, etag) : STR_NONE;
    const str known = http_request_header(req, "If-None-Match");

    if (arena_overflowed(req->ctx.arena))
        return NO_OUT_OF_MEMORY;
    if (tag.len > 0 && status == 200 && (str_find(known, tag) < known.len || str_eq(known, S("*"))))
        TRY(answer(req, 304, STR_NONE, STR_NONE));
    else
        TRY(answer(req, status, str_of(type), bytes));
    req->x->cache = str_of(cache);
    req->x->etag = tag;
    return YES;
}

no http_redirect_exact(struct http_req *req, str target)
{
    http_header(req, "Location", target);
    return http_empty(req, 303);
}

no http_redirect(struct http_req *req, str path)
{
    struct buf target;

    assert(path.len > 0 && path.ptr[0] == '/' && !str_starts(path, S("//")));
    buf_init(&target, req->ctx.arena, path.len + 4);
    if (req->lang_in_path)
        buf_put(&target, req->ctx.lang == LANG_FR ? S("/fr") : S("/en"));
    buf_put(&target, path);
    return buf_failed(&target) ? NO_OUT_OF_MEMORY : http_redirect_exact(req, buf_str(&target));
}

static bool is_one_line(str value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7f)
            return false;
    return true;
}

/* A second Location takes the place of the first; other headers may come twice (Set-Cookie). */
void http_header(struct http_req *req, const char *name, str value)
{
    struct http_exchange *x = req->x;
    const str key = str_of(name), copy = arena_str(&x->arena, value);
    size_t at = x->out_n;

    assert(is_one_line(value));
    for (size_t i = 0; i < x->out_n && str_eq(key, S("Location")); i++)
        if (str_eq(x->out[i].name, key))
            at = i;
    assert(at < HTTP_OUT_MAX);
    if (copy.ptr == NULL)
        return;
    x->out[at] = (struct http_pair){key, copy};
    if (at == x->out_n)
        x->out_n++;
}

void http_set_cookie(struct http_req *req, const char *name, str value, int64_t max_age_s)
{
    const bool secure = req->x->server->config.secure;
    struct buf line;

    buf_init(&line, req->ctx.arena, 160);
    buf_put(&line, secure ? S("__Host-") : S(""));
    buf_put(&line, str_of(name));
    buf_put_char(&line, '=');
    buf_put(&line, value);
    buf_put(&line, S("; Path=/; HttpOnly; SameSite=Lax"));
    buf_put(&line, secure ? S("; Secure") : S(""));
    if (max_age_s != 0) {
        buf_put(&line, S("; Max-Age="));
        buf_put_int(&line, max_age_s < 0 ? 0 : max_age_s);
    }
    http_private(req);
    if (!buf_failed(&line))
        http_header(req, "Set-Cookie", buf_str(&line));
}

void http_private(struct http_req *req)
{
    req->x->private_page = true;
}

bool http_is_public(const struct http_req *req)
{
    const struct http_route *route = req->x->match.route;

    return route != NULL && (route->flags & HTTP_PUBLIC_PAGE) != 0 &&
           http_request_header(req, "Cookie").ptr == NULL;
}

void http_cacheable(struct http_req *req, int64_t max_age_s)
{
    req->x->cacheable_s = max_age_s;
}

/* --- saying no -------------------------------------------------------------------------------- */

void http_fail_plainly(struct http_exchange *x, no why, int status)
{
    (void)answer(&x->req, status, S("text/plain; charset=utf-8"), str_of(no_line(why)->name));
}

void http_fail_now(struct http_exchange *x, no why, int status)
{
    const struct http_hooks *hooks = &x->server->config.hooks;

    x->answered = false;
    if (hooks->fail == NULL || hooks->fail(&x->req, why, status) != YES || !x->answered)
        http_fail_plainly(x, why, status);
}

no http_fail(struct http_req *req, no why)
{
    http_fail_now(req->x, why, no_line(why)->http);
    return YES;
}

static void handle(struct http_exchange *x)
{
    const size_t mark = arena_mark(&x->arena);
    bool done = false;
    no (*const gate)(struct http_req *, bool *) = x->server->config.hooks.gate;
    no why = gate == NULL ? YES : gate(&x->req, &done);

    if (why == YES && !done)
        why = x->match.route->handler(&x->req);

    assert(why != YES || x->answered);
    if (why == YES)
        return;
    /* The page of a no may need the memory that the handler used up; headers it set lie there,
     * cookies with them. */
    if (arena_overflowed(&x->arena)) {
        x->out_n = 0;
        x->visitor_token = x->form_token = STR_NONE;
        x->arena.overflowed = false;
        arena_rewind(&x->arena, mark);
    }
    http_fail_now(x, why, no_line(why)->http);
}

void http_run(struct http_exchange *x)
{
    const struct world *world = x->server->config.world;

    if (x->pooled && world != NULL)
        x->req.ctx.db = world->reader_take(world->self);
    if (!x->pooled)
        ctx_snapshot(&x->req.ctx);
    handle(x);
    ctx_snapshot_end(&x->req.ctx);
    if (x->pooled && world != NULL && x->req.ctx.db != NULL)
        world->reader_give_back(world->self, x->req.ctx.db);
    if (x->pooled)
        x->req.ctx.db = NULL;
}

/* --- to the library --------------------------------------------------------------------------- */

static void put(struct MHD_Response *response, const char *name, const char *value)
{
    (void)MHD_add_response_header(response, name, value);
}

/* The policy the pages were measured with (screens 2.3): no inline style or script, no other
 * origin, no framing. */
static void put_security(const struct http_exchange *x, struct MHD_Response *response)
{
    put(response, "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'");
    put(response, "X-Content-Type-Options", "nosniff");
    put(response, "Referrer-Policy", "same-origin");
    put(response, "Cross-Origin-Opener-Policy", "same-origin");
    put(response, "Permissions-Policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    if (x->server->config.secure)
        put(response, "Strict-Transport-Security", "max-age=31536000");
}

static void put_cache(struct http_exchange *x, struct MHD_Response *response)
{
    struct buf line;

    if (x->cache.ptr != NULL) {
        put(response, "Cache-Control", x->cache.ptr);
    } else if (x->private_page) {
        put(response, "Cache-Control", "private, no-store");
    } else if (x->cacheable_s > 0) {
        buf_init(&line, &x->arena, 48);
        buf_put(&line, S("public, max-age="));
        buf_put_int(&line, x->cacheable_s);
        put(response, "Cache-Control", arena_cstr(&x->arena, buf_str(&line)));
    } else {
        put(response, "Cache-Control", "no-cache");
    }
    if (x->vary_lang && x->cache.ptr == NULL)
        put(response, "Vary", "Accept-Encoding, Accept-Language, Cookie");
    else if (x->cache.ptr == NULL)
        put(response, "Vary", "Accept-Encoding, Cookie");
}

static bool wants_compression(const struct http_exchange *x)
{
    if (x->server->config.gzip_level <= 0 || x->content.len < GZIP_MIN || x->etag.len > 0 ||
        !http_accepts_gzip(&x->req))
        return false;
    for (size_t i = 0; i < x->out_n; i++)
        if (str_eq_nocase(x->out[i].name, S("Content-Encoding")))
            return false;
    return x->compressible || str_starts(x->type, S("text/")) ||
           str_find(x->type, S("json")) < x->type.len || str_find(x->type, S("xml")) < x->type.len;
}

static void put_all(struct http_exchange *x, struct MHD_Response *response, bool compressed)
{
    if (x->type.len > 0)
        put(response, "Content-Type", x->type.ptr);
    if (compressed)
        put(response, "Content-Encoding", "gzip");
    if (x->etag.len > 0)
        put(response, "ETag", arena_cstr(&x->arena, x->etag));
    if (x->rate_wait_ms > 0) {
        struct buf line;

        buf_init(&line, &x->arena, 24);
        buf_put_int(&line, (int64_t)(x->rate_wait_ms + 999) / 1000);
        put(response, "Retry-After", arena_cstr(&x->arena, buf_str(&line)));
    }
    put_cache(x, response);
    put_security(x, response);
    for (size_t i = 0; i < x->out_n; i++)
        put(response, x->out[i].name.ptr, x->out[i].value.ptr);
    if (atomic_load(&x->server->stopping))
        put(response, "Connection", "close");
}

/* Sending may take as long as the request, and 1 ms more for each 16 bytes: 1 MB in two minutes. */
static void allow_time(struct http_exchange *x)
{
    x->conn->phase = PHASE_ANSWER;
    x->conn->deadline_ms =
        x->loop->now_ms + x->server->config.total_ms + (int64_t)(x->content.len / 16);
}

static enum MHD_Result queue(struct http_exchange *x, struct MHD_Response *response)
{
    allow_time(x);

    const enum MHD_Result queued = MHD_queue_response(x->conn->mhd, (unsigned)x->status, response);

    if (queued == MHD_YES && x->server->config.hooks.done != NULL)
        x->server->config.hooks.done(&x->req, x->status,
                                     (http_clock_ns(x->server) - x->began_ns) / 1000);
    return queued;
}

enum MHD_Result http_answer_again(struct http_exchange *x, struct MHD_Response *kept)
{
    return queue(x, kept);
}

enum MHD_Result http_answer_queue(struct http_exchange *x)
{
    bool compressed = false;

    if (wants_compression(x)) {
        const str small = http_compress(x, x->content);

        compressed = small.len > 0;
        if (compressed)
            x->content = small;
    }

    const bool keep = http_shelf_wants(x);
    union {
        const char *text;
        void *bytes;
    } content = {.text = x->content.ptr == NULL ? "" : x->content.ptr};
    struct MHD_Response *response = MHD_create_response_from_buffer(
        x->content.len, content.bytes, keep ? MHD_RESPMEM_MUST_COPY : MHD_RESPMEM_PERSISTENT);

    if (response == NULL)
        return MHD_NO;
    put_all(x, response, compressed);

    const enum MHD_Result queued = queue(x, response);

    if (keep)
        http_shelf_keep(x, response);
    else
        MHD_destroy_response(response);
    return queued;
}
