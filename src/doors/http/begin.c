/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * From the headers to a request that may be handled, or to the reason why not: path and language,
 * address, route, who asks, how often, how large a body may be. Runs in the loop thread before the
 * first byte of the body.
 */
#include "base/utf8.h"
#include "doors/http/exchange.h"

#include <string.h>

/* --- the target ------------------------------------------------------------------------------- */

static str take_language(struct http_req *req, str path)
{
    const str prefix = str_sub(path, 0, 3);
    const bool fr = str_eq(prefix, S("/fr")), en = str_eq(prefix, S("/en"));

    if ((!fr && !en) || (path.len > 3 && path.ptr[3] != '/')) {
        req->ctx.lang = http_lang_wished(req, req->x->server->config.lang);
        return path;
    }
    req->lang_in_path = true;
    req->ctx.lang = fr ? LANG_FR : LANG_EN;
    return path.len == 3 ? S("/") : str_sub(path, 3, path.len);
}

static enum MHD_Result take_argument(void *self, enum MHD_ValueKind kind, const char *name,
                                     size_t name_len, const char *value, size_t value_len)
{
    struct http_exchange *x = self;
    const struct http_pair pair = {{name, name_len},
                                   value == NULL ? S("") : (str){value, value_len}};

    (void)kind;
    if (x->query_n == HTTP_FIELDS_MAX || name_len > HTTP_FIELD_NAME_MAX || !utf8_valid(pair.name) ||
        !utf8_valid(pair.value) || str_find_char(pair.value, 0) != pair.value.len) {
        x->why = NO_BAD_REQUEST;
        return MHD_NO;
    }
    x->query[x->query_n++] = pair;
    return MHD_YES;
}

static no take_query(struct http_exchange *x)
{
    const int n = MHD_get_connection_values(x->conn->mhd, MHD_GET_ARGUMENT_KIND, NULL, NULL);

    if (n <= 0)
        return YES;
    if (n > HTTP_FIELDS_MAX)
        return NO_BAD_REQUEST;
    x->query = arena_take_many(&x->arena, (size_t)n, sizeof *x->query);
    if (x->query == NULL)
        return NO_OUT_OF_MEMORY;
    (void)MHD_get_connection_values_n(x->conn->mhd, MHD_GET_ARGUMENT_KIND, take_argument, x);
    return x->why;
}

/* --- who -------------------------------------------------------------------------------------- */

/* The front adds the client it saw at the end of X-Forwarded-For; what stands before was said by
 * the client. */
static str client_address(const struct http_exchange *x)
{
    const str direct = str_of(x->conn->address);
    str forwarded = http_request_header(&x->req, "X-Forwarded-For");

    if (!x->server->config.front_trusted || !x->conn->peer_local || forwarded.len == 0)
        return direct;
    for (size_t i = forwarded.len; i > 0; i--)
        if (forwarded.ptr[i - 1] == ',') {
            forwarded = str_sub(forwarded, i, forwarded.len);
            break;
        }
    forwarded = str_trim(forwarded);
    return forwarded.len > 0 && forwarded.len < 48 ? forwarded : direct;
}

/* With no route (404, 405) we ask too, because the error page greets who is signed in. */
static no identify(struct http_exchange *x)
{
    const struct http_route *route = x->match.route;

    if (x->server->config.hooks.identify == NULL ||
        (route != NULL && (route->flags & HTTP_PUBLIC_CACHE) != 0))
        return YES;
    TRY(x->server->config.hooks.identify(&x->req));
    if (x->req.ctx.actor.member != 0)
        x->private_page = true;
    return YES;
}

static no may(const struct http_exchange *x)
{
    const uint32_t need = x->match.route->need;
    const struct actor *actor = &x->req.ctx.actor;

    if (need == HTTP_ANYONE || (actor->roles & need & ~(uint32_t)HTTP_SIGNED_IN) != 0)
        return YES;
    if (actor->member == 0)
        return NO_NOT_SIGNED_IN;
    return (need & HTTP_SIGNED_IN) != 0 ? YES : NO_NOT_ALLOWED;
}

static no ask_rate(struct http_exchange *x)
{
    const enum http_rate_class by_method =
        x->req.method == HTTP_POST ? HTTP_RATE_WRITE : HTTP_RATE_READ;
    enum http_rate_class class = x->match.route == NULL ? HTTP_RATE_READ : x->match.route->rate;

    if (x->server->config.rate_off)
        return YES;
    if (class == HTTP_RATE_BY_METHOD)
        class = by_method;
    return http_rate_take(x->server->rate, class, x->req.ctx.actor.member, x->req.address,
                          x->loop->now_ms, &x->rate_wait_ms)
               ? YES
               : NO_TOO_MANY;
}

no http_rate_also(struct http_req *req, enum http_rate_class class)
{
    struct http_exchange *x = req->x;

    return x->server->config.rate_off ||
                   http_rate_take(x->server->rate, class, req->ctx.actor.member, req->address,
                                  http_clock_ms(), &x->rate_wait_ms)
               ? YES
               : NO_TOO_MANY;
}

/* --- the whole -------------------------------------------------------------------------------- */

static no body_limit(struct http_exchange *x)
{
    const struct http_config *config = &x->server->config;
    const struct http_route *route = x->match.route;

    x->body.uploads = route != NULL && (route->flags & HTTP_UPLOAD) != 0;
    x->body.limit =
        x->body.uploads && x->req.ctx.actor.member != 0 ? config->upload_max : config->form_max;
    return x->body.declared > 0 && (uint64_t)x->body.declared > x->body.limit ? NO_TOO_LARGE : YES;
}

static no decide(struct http_exchange *x, str path)
{
    TRY(take_query(x));
    TRY(http_routes_match(x->server->routes, &x->arena, x->req.method, path, &x->match));
    TRY(identify(x));
    TRY(ask_rate(x));
    if (x->match.route == NULL) {
        http_header(&x->req, "Allow", x->req.method == HTTP_GET ? S("POST") : S("GET, HEAD"));
        x->why_status = 405;
        return NO_NOT_ALLOWED;
    }
    TRY(may(x));
    return body_limit(x);
}

static str media_type(struct arena *arena, str header)
{
    str type, parameters;

    (void)str_cut(header, ';', &type, &parameters);
    type = str_trim(type);

    char *lower = arena_take(arena, type.len);

    if (lower == NULL)
        return STR_NONE;
    for (size_t i = 0; i < type.len; i++)
        lower[i] = type.ptr[i] >= 'A' && type.ptr[i] <= 'Z' ? (char)(type.ptr[i] + ('a' - 'A'))
                                                            : type.ptr[i];
    return (str){lower, type.len};
}

static bool take_method(struct http_req *req, const char *method)
{
    const bool reads = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;

    req->method = reads ? HTTP_GET : HTTP_POST;
    return reads || strcmp(method, "POST") == 0;
}

no http_begin(struct http_exchange *x, const char *method, const char *version)
{
    struct http_req *req = &x->req;
    str path;

    TRY(http_strict(x, method, version));
    req->target = (str){x->conn->target, x->conn->target_len};
    (void)str_cut(req->target, '?', &path, &req->query);
    req->host = http_request_header(req, "Host");
    req->address = client_address(x);
    req->type = x->body.declared != 0
                    ? media_type(&x->arena, http_request_header(req, "Content-Type"))
                    : STR_NONE;
    path = take_language(req, path);
    req->path = path;
    x->vary_lang = !req->lang_in_path;
    x->body.limit = x->server->config.form_max;
    if (!take_method(req, method)) {
        http_header(req, "Allow", S("GET, HEAD, POST"));
        x->why_status = 405;
        x->why = NO_NOT_ALLOWED;
        return YES;
    }
    if (req->method == HTTP_GET && http_asset(req) == YES)
        return YES;
    if (!http_percent_decode(&x->arena, path, &req->path)) {
        req->path = path;
        x->why = NO_BAD_REQUEST;
        return YES;
    }
    const no why = decide(x, path);

    x->why = why;
    return YES;
}
