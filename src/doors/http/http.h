/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a handler sees of HTTP: one request, one answer, nothing of sockets or of the library below.
 * A handler is
 *
 *     no http_order_accept(struct http_req *req);
 *
 * named in the one table of route.c. It reads its fields, calls ONE deed or view with &req->ctx,
 * fills a page model and answers once (http_html, http_redirect, ...). When it returns a no without
 * having answered, the server answers with the error page of that no (http_fail), so that
 * `TRY(view_order_get(&req->ctx, id, &model))` is all a handler says.
 *
 * Where it runs: GET handlers in the loop thread, on that thread's own reader (ctx.db), so they may
 * read and render but never wait; POST handlers, and GET with HTTP_SLOW, in a pool thread that
 * borrowed a reader and may call deeds. Everything a request hands out (strings, files, arena)
 * lives until the answer is sent.
 */
#ifndef DOORS_HTTP_HTTP_H
#define DOORS_HTTP_HTTP_H

#include "base/buf.h"
#include "base/lang.h"
#include "base/no.h"
#include "base/str.h"
#include "deeds/ctx.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HTTP_PARAMS_MAX = 6,
    HTTP_FIELDS_MAX = 256,
    HTTP_FIELD_NAME_MAX = 64,
    HTTP_FILES_MAX = 8,
    HTTP_FILE_MAX = 12 << 20,
    HTTP_CSRF_LEN =
        43, /* 256 bits in base64url: session.csrf; a form carries it masked, see http_csrf */
};

enum http_method { HTTP_GET, HTTP_POST }; /* HEAD is a GET whose body is not sent */

struct http_file {
    str field, name, type; /* as the client says; name may be empty, is UTF-8 and has no NUL */
    str bytes;
};

struct http_exchange; /* the server's own side of a request */

struct http_req {
    enum http_method method;
    str path;          /* without the language prefix, percent-decoded: "/offer/12" */
    str target;        /* as it was sent, with prefix and query: what a signature covers */
    str query;         /* raw, without the question mark */
    str address;       /* the client's IP address as text (of the front's client when the front is
                          trusted) */
    str host;          /* the Host header, lower case not enforced */
    str type;          /* Content-Type without its parameters, lower case; empty without a body */
    str body;          /* raw body of a POST that is neither of the two form types; else empty */
    bool lang_in_path; /* the path began with /fr/ or /en/; ctx.lang says which language in any case
                        */
    struct ctx ctx;    /* world, reader, arena, actor, lang, now */
    void *app;         /* config.app: what main gave the handlers of the rooms */
    /* Filled by hooks.identify (doors/http/session.c) together with ctx.actor. */
    struct {
        int64_t id;      /* 0 = no session */
        str csrf;        /* the session's token, HTTP_CSRF_LEN characters; empty = none */
        int64_t seen_ns; /* when it was last noted as used */
        bool theme_set;
        str theme; /* "light", "dark" or empty: as the browser asks */
    } session;
    struct http_exchange *x;
};

/* --- what was asked --------------------------------------------------------------------------- */

/* The part of the path that `:name` or `*name` of the route's pattern took; STR_NONE when the
 * pattern has no such name. */
str http_param(const struct http_req *req, const char *name);
/* The same as a positive number of at most 18 digits without sign or leading zero, else
 * NO_NOT_FOUND. */
no http_param_id(const struct http_req *req, const char *name, int64_t *id) MUST_USE;

/* A field of the form or, when the form has none, of the query: UTF-8, without NUL, untrimmed;
 * STR_NONE (ptr NULL) when absent, a non-NULL empty string when sent empty. http_field_at: the n-th
 * of several with this name, in their order. */
str http_field(const struct http_req *req, const char *name);
bool http_field_present(const struct http_req *req, const char *name);
str http_field_at(const struct http_req *req, const char *name, size_t n);
size_t http_field_count(const struct http_req *req, const char *name);
/* Trimmed decimal number; NO_FIELD_MISSING, NO_FIELD_NOT_A_NUMBER. */
no http_field_int(const struct http_req *req, const char *name, int64_t *value) MUST_USE;
/* Every field in order, for a form whose names are not known before (ballots): false past the end.
 */
bool http_field_each(const struct http_req *req, size_t n, str *name, str *value);
/* The n-th file of this field, NULL past the end. A file input left empty counts as none. */
const struct http_file *http_file(const struct http_req *req, const char *field, size_t n);

/* Header of the request by name in any case; STR_NONE when absent. Cookie by exact name. */
str http_request_header(const struct http_req *req, const char *name);
str http_cookie(const struct http_req *req, const char *name);
/* The token that a form of this page must carry in its hidden field `csrf`: the session's, or for a
 * visitor one of his cookie `csrf` (set by this very answer when he has none). Masked anew for each
 * answer, so that a compressed page never repeats it (BREACH): 86 characters, other ones on each
 * page, all valid. STR_NONE when the arena is full. */
str http_csrf(struct http_req *req);
/* This request has the same answer for everybody: a route with HTTP_PUBLIC_PAGE asked without any
 * cookie. Whoever draws a token all the same (http_csrf) makes it private. */
bool http_is_public(const struct http_req *req);
/* "https://coop.example", for addresses that leave this page on paper; in the arena. */
str http_origin(struct http_req *req);
/* The folder of the register's public files; NULL when this house has none. */
const char *http_log_dir(const struct http_req *req);
/* True when `Accept` prefers the first over text/html: http_accepts(req,
 * "application/activity+json"). */
bool http_accepts(const struct http_req *req, const char *type);

/* --- the answer ------------------------------------------------------------------------------- */

/* Each answers and returns YES; NO_OUT_OF_MEMORY when the text had no room (nothing is answered
 * then). A second answer replaces the first. `status` is 200, 404, 422, ... The text must live in
 * req->ctx.arena or be constant. */
no http_html(struct http_req *req, int status, const struct buf *page) MUST_USE;
no http_text(struct http_req *req, int status, str text) MUST_USE;
no http_json(struct http_req *req, int status, str json) MUST_USE;
/* Any type, with its Cache-Control ("public, max-age=31536000, immutable"; NULL = the default of
 * the page) and, when etag is not empty (without quotes), ETag and an answer 304 to a matching
 * If-None-Match. */
no http_bytes(struct http_req *req, int status, const char *type, const char *cache, str etag,
              str bytes) MUST_USE;
/* 303 to a path of ours, written without language: "/orders/12"; the page's own language is put
 * before it when the request had one in its path. http_redirect_exact: to exactly this
 * ("/fr/market", "https://..."); CR, LF and control bytes are a bug. */
no http_redirect(struct http_req *req, str path) MUST_USE;
no http_redirect_exact(struct http_req *req, str target) MUST_USE;
/* 200 or any status with no body. */
no http_empty(struct http_req *req, int status) MUST_USE;
/* The error page of `why`, with its status of no.def. */
no http_fail(struct http_req *req, no why) MUST_USE;

/* Adds a header to the answer, whichever it will be; `name` constant, value copied. Control bytes
 * in value: a bug. */
void http_header(struct http_req *req, const char *name, str value);
/* Cookie with Path=/; HttpOnly; SameSite=Lax; Secure when the site is served over TLS. max_age_s 0
 * = until the browser closes, < 0 = forget it now. */
void http_set_cookie(struct http_req *req, const char *name, str value, int64_t max_age_s);
/* The answer depends on who asks: Cache-Control private, no-store (also set whenever somebody is
 * signed in). */
void http_private(struct http_req *req);
/* Lets this answer be kept for max_age_s by anyone; without effect on signed-in pages. */
void http_cacheable(struct http_req *req, int64_t max_age_s);

/* --- routes ----------------------------------------------------------------------------------- */

/* Who may. 0 = anyone; else a set of enum role of which the actor has at least one, or
 * HTTP_SIGNED_IN. */
enum { HTTP_ANYONE = 0, HTTP_MEMBER = ROLE_MEMBER, HTTP_SIGNED_IN = 1 << 30 };

enum http_flag {
    HTTP_CSRF_FREE = 1, /* other servers post here (federation, one-click unsubscribe): no token, no
                           Origin check */
    HTTP_UPLOAD = 2,    /* up to 8 files of 12 MiB, for those who may; a signed-out visitor has the
                           limit of forms */
    HTTP_SLOW = 4,      /* a GET that waits or computes: in the pool */
    HTTP_PUBLIC_CACHE = 8, /* no session is looked up: the same for everyone (tiles, federation
                              documents, downloads) */
    HTTP_PUBLIC_PAGE = 16, /* the same for all who send no cookie, as long as nobody writes: made of
                              the target, the store, the house and the day alone */
};

/* Which token bucket a request draws from (rate.h); 0 chooses by method. */
enum http_rate_class {
    HTTP_RATE_BY_METHOD,
    HTTP_RATE_READ,
    HTTP_RATE_WRITE,
    HTTP_RATE_SIGN_IN,
    HTTP_RATE_SEARCH,
    HTTP_RATE_UPLOAD,
    HTTP_RATE_PEER,
    HTTP_RATE_FILES, /* of the register: who checks it all asks for thousands */
    HTTP_RATE_CLASSES
};
/* One more, for a handler that only sometimes does what costs: NO_TOO_MANY. */
no http_rate_also(struct http_req *req, enum http_rate_class class) MUST_USE;

/* Patterns are split at '/'. A part is a literal ("ask"), a parameter (":id"), a parameter between
 * literals ("@:name",
 * ":id.ics") or, last, the rest of the path ("*rest", may hold slashes, not empty). A literal wins
 * over a mixed part, a mixed part over a parameter, that over the rest. Two equal patterns with one
 * method are a bug (asserted when the server starts). */
struct http_route {
    enum http_method method;
    const char *pattern;
    uint32_t need;
    unsigned flags;
    no (*handler)(struct http_req *req);
    enum http_rate_class rate;
};

/* The one table of the house, in route.c, ended by a row whose pattern is NULL. */
extern const struct http_route http_routes[];

/* --- hooks ------------------------------------------------------------------------------------ */

struct http_hooks {
    /* Finds who asks (from http_cookie) and fills req->ctx.actor and req->session. Runs before the
     * handler with ctx.db set. YES also for a visitor; a no is answered as an error. NULL =
     * everybody is a visitor. */
    no (*identify)(struct http_req *req);
    /* Runs before the handler of a route, where the handler would; when it has answered, *answered
     * is true and the handler does not run. NULL = every door is open. */
    no (*gate)(struct http_req *req, bool *answered);
    /* Answers with the error page of `why`. NULL, or a no from it: a line of plain text. */
    no (*fail)(struct http_req *req, no why, int status);
    /* Told once the answer is on its way; for logs and counters. `micros` from the last header
     * byte. May be NULL. */
    void (*done)(struct http_req *req, int status, int64_t micros);
};

#endif
