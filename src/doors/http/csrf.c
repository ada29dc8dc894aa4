/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Was this form ours? Two proofs: what the browser itself says of where the request comes from
 * (Sec-Fetch-Site, Origin), and a token that only our own page can know: the session's, or a
 * visitor's cookie repeated in the form.
 */
#include "base/hash.h"
#include "doors/http/exchange.h"

#include <string.h>

enum { SECRET = 32, MASKED = 2 * SECRET, MASKED_TEXT = (4 * MASKED + 2) / 3 };

/* --- the token -------------------------------------------------------------------------------- */

static str visitor_token(struct http_exchange *x, bool make)
{
    uint8_t secret[SECRET];

    if (x->visitor_token.len == 0) {
        const str sent = http_cookie(&x->req, "csrf");

        if (hash_base64url_read(sent, secret, SECRET))
            x->visitor_token = sent;
    }
    if (x->visitor_token.len == 0 && make) {
        char *token = arena_take(&x->arena, HTTP_CSRF_LEN);

        if (token == NULL)
            return STR_NONE;
        http_chance(x->server, secret, SECRET);
        hash_base64url(secret, SECRET, token);
        x->visitor_token = (str){token, HTTP_CSRF_LEN};
        http_set_cookie(&x->req, "csrf", x->visitor_token, 0);
    }
    return x->visitor_token;
}

static str token_of(struct http_exchange *x, bool make)
{
    return x->req.session.csrf.len > 0 ? x->req.session.csrf : visitor_token(x, make);
}

str http_csrf(struct http_req *req)
{
    uint8_t secret[SECRET], masked[MASKED];
    char *text;

    http_private(req);
    if (req->x->form_token.len > 0)
        return req->x->form_token;
    text = arena_take(&req->x->arena, MASKED_TEXT);
    if (text == NULL || !hash_base64url_read(token_of(req->x, true), secret, SECRET))
        return STR_NONE;
    http_chance(req->x->server, masked, SECRET);
    for (size_t i = 0; i < SECRET; i++)
        masked[SECRET + i] = secret[i] ^ masked[i];
    hash_base64url(masked, MASKED, text);
    req->x->form_token = (str){text, MASKED_TEXT};
    return req->x->form_token;
}

static bool token_is_good(struct http_exchange *x)
{
    uint8_t secret[SECRET], masked[MASKED];

    if (!hash_base64url_read(token_of(x, false), secret, SECRET) ||
        !hash_base64url_read(http_field(&x->req, "csrf"), masked, MASKED))
        return false;
    for (size_t i = 0; i < SECRET; i++)
        masked[i] ^= masked[SECRET + i];
    return hash_equal(secret, masked, SECRET);
}

/* --- where it comes from ---------------------------------------------------------------------- */

str http_origin(struct http_req *req)
{
    const struct http_config *config = &req->x->server->config;
    struct buf origin;

    if (config->origin != NULL)
        return str_of(config->origin);
    buf_init(&origin, req->ctx.arena, req->host.len + 16);
    buf_put(&origin, config->secure ? S("https://") : S("http://"));
    buf_put(&origin, req->host);
    return buf_str(&origin);
}

const char *http_log_dir(const struct http_req *req)
{
    return req->x->server->config.log_dir;
}

static bool origin_is_ours(const struct http_exchange *x, str origin)
{
    const size_t scheme = str_find(origin, S("://"));

    if (x->server->config.origin != NULL)
        return str_eq_nocase(origin, str_of(x->server->config.origin));
    return scheme < origin.len &&
           str_eq_nocase(str_sub(origin, scheme + 3, origin.len), x->req.host);
}

static bool came_from_us(const struct http_exchange *x)
{
    const str site = http_request_header(&x->req, "Sec-Fetch-Site");
    const str origin = http_request_header(&x->req, "Origin");

    if (site.ptr != NULL && !str_eq(site, S("same-origin")) && !str_eq(site, S("none")))
        return false;
    return origin.ptr == NULL || origin_is_ours(x, origin);
}

no http_csrf_check(struct http_exchange *x)
{
    if (x->req.method != HTTP_POST || (x->match.route->flags & HTTP_CSRF_FREE) != 0)
        return YES;
    return came_from_us(x) && token_is_good(x) ? YES : NO_BAD_TOKEN;
}
