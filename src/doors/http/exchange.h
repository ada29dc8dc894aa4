/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The server's own side, private to doors/http: the server, its loops, a connection, and one
 * exchange (a request with its answer). Rooms include http.h only.
 *
 * Who touches what: a loop's thread owns its daemon, connections and exchanges. A pool thread owns
 * one exchange from http_pool_push to MHD_resume_connection, and nothing of the library in between.
 */
#ifndef DOORS_HTTP_EXCHANGE_H
#define DOORS_HTTP_EXCHANGE_H

#include "doors/http/http.h"
#include "doors/http/rate.h"
#include "doors/http/server.h"
#include "doors/http/shelf.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <zlib.h>

enum {
    HTTP_TARGET_MAX = 4096,
    HTTP_HEADERS_MAX = 100,
    HTTP_OUT_MAX = 24,
    HTTP_PARTS_MAX = 16,
    HTTP_LOOPS_MAX = 64,
    HTTP_CHUNK_CONNS = 64,
    HTTP_CHUNKS_MAX = 256,
    HTTP_SPARE_MAX = 32,
};

struct http_pair {
    str name, value;
};

/* --- routes, compiled (match.c)
 * ---------------------------------------------------------------------------------------- */

enum http_part { PART_LITERAL, PART_MIXED, PART_PARAM, PART_REST };

struct http_node {
    enum http_part kind;
    str before, name, after; /* a literal is all in `before` */
    struct http_node *child, *sibling;
    const struct http_route *by_method[2];
};

struct http_match {
    const struct http_route *route; /* NULL: the path exists for another method only */
    struct http_pair params[HTTP_PARAMS_MAX];
    size_t params_n;
};

/* Compiles the table into `arena`; NULL when it is full. */
struct http_node *http_routes_compile(struct arena *arena, const struct http_route *routes);
/* `path` raw, without language prefix and query. NO_NOT_FOUND; NO_BAD_REQUEST on a bad percent
 * sequence, "." or "..". */
no http_routes_match(const struct http_node *root, struct arena *arena, enum http_method method,
                     str path, struct http_match *match) MUST_USE;
/* Percent-decodes; false on a bad sequence, a zero byte or invalid UTF-8. Returns `raw` itself when
 * nothing is encoded. */
bool http_percent_decode(struct arena *arena, str raw, str *decoded);

/* --- bodies (form.c) -------------------------------------------------------------------------- */

struct http_body {
    enum { BODY_NONE, BODY_RAW, BODY_FORM, BODY_PARTS, BODY_DISCARD } kind;
    uint64_t limit, got;
    int64_t declared; /* Content-Length, -1 when chunked */
    char *text;       /* what fields and raw bodies are kept in */
    size_t text_size, text_used;
    struct MHD_PostProcessor *parser;
    struct http_pair *fields; /* HTTP_FIELDS_MAX of them */
    size_t fields_n;
    struct http_file *files; /* HTTP_FILES_MAX of them; `bytes` is set by http_body_end */
    size_t *file_at, files_n;
    bool in_file, in_skipped, uploads;
    int spool; /* -1 until the first file */
    size_t spooled;
    void *mapped;
    no why;
};

/* --- the four --------------------------------------------------------------------------------- */

enum http_phase { PHASE_IDLE, PHASE_HEADERS, PHASE_BODY, PHASE_POOL, PHASE_ANSWER };

struct http_exchange {
    struct arena arena; /* it lives in its own arena, first thing */
    struct http_exchange *next;
    struct http_req req;
    struct http_server *server;
    struct http_loop *loop;
    struct http_conn *conn;
    struct http_match match;
    struct http_body body;
    struct http_pair *headers, *query, *cookies;
    size_t headers_n, query_n, cookies_n;
    bool cookies_read, pooled;
    atomic_bool done;
    no why;         /* decided before the body was read */
    int why_status; /* 0 = that of no.def */
    int64_t began_ns;
    /* the answer */
    bool answered, private_page, vary_lang;
    bool compressible; /* also when its type does not say so */
    int status;
    str content, type, cache, etag;
    int64_t cacheable_s;
    struct http_pair out[HTTP_OUT_MAX];
    size_t out_n;
    str visitor_token; /* of the cookie `csrf`, read or made */
    str form_token;    /* the same one masked, or the session's; all forms of a page carry one */
    uint64_t rate_wait_ms;
    struct http_kept *place; /* where the answer may be kept; NULL = nowhere */
};

struct http_conn {
    struct http_conn *next, *before;
    struct http_loop *loop;
    struct MHD_Connection *mhd;
    struct http_exchange *x;
    int fd;
    enum http_phase phase;
    bool cut, peer_local;
    int64_t since_ms, deadline_ms;
    const char
        *uri; /* where the library keeps the target: strict.c looks at what stands around it */
    size_t target_len;
    char address[48];
    char target[HTTP_TARGET_MAX];
};

struct http_loop {
    struct http_server *server;
    struct MHD_Daemon *daemon;
    struct db *reader;
    pthread_t thread;
    bool started, quiesced;
    int listener, wake, epoll;
    int64_t now_ms, sweep_ms;
    size_t conns_n, running_n, conns_max;
    struct http_conn *conns, *spare_conns;
    struct arena chunks[HTTP_CHUNKS_MAX];
    size_t chunks_n;
    struct http_exchange *spare;
    size_t spare_n;
    struct arena shelf_arena;
    struct http_shelf *shelf;
    struct arena deflate_arena;
    z_stream deflate;
    bool deflate_ready;
};

struct http_pool {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct http_exchange *first, *last;
    pthread_t *threads;
    size_t threads_n, waiting_n;
    bool stop;
};

struct http_server {
    struct arena arena; /* it lives in its own arena */
    struct http_config config;
    struct http_node *routes;
    struct http_rate *rate;
    struct http_pool pool;
    struct http_loop *loops;
    size_t loops_n;
    uint16_t port;
    int64_t sweep_every_ms;
    atomic_bool stopping;
    int64_t drain_until_ms; /* written before stopping */
};

/* Monotonic milliseconds, coarse; nanoseconds of UTC. */
int64_t http_clock_ms(void);
int64_t http_clock_ns(const struct http_server *server);
void http_chance(const struct http_server *server, void *bytes, size_t len);

/* strict.c: all that the library lets through and we do not. Fills x->headers. */
no http_strict(struct http_exchange *x, const char *method, const char *version) MUST_USE;

/* request.c */
bool http_accepts_gzip(const struct http_req *req);
enum lang http_lang_wished(const struct http_req *req, enum lang otherwise);

/* begin.c: the request from its headers: path, language, address, route, who asks, how large a body
 * may be. Sets x->why. */
no http_begin(struct http_exchange *x, const char *method, const char *version) MUST_USE;

/* form.c */
void http_body_begin(struct http_exchange *x);
void http_body_take(struct http_exchange *x, const char *bytes, size_t len);
no http_body_end(struct http_exchange *x) MUST_USE;
void http_body_release(struct http_body *body);

/* csrf.c */
no http_csrf_check(struct http_exchange *x) MUST_USE;

/* answer.c: the handler with its reader, and its no as a page; then the answer given to the
 * library. */
void http_run(struct http_exchange *x);
void http_fail_plainly(struct http_exchange *x, no why, int status);
void http_fail_now(struct http_exchange *x, no why, int status);
enum MHD_Result http_answer_queue(struct http_exchange *x);
/* An answer that is kept (shelf.h), once more. */
enum MHD_Result http_answer_again(struct http_exchange *x, struct MHD_Response *kept);

/* file.c: what needs neither route nor session: /a/, /favicon.ico, /robots.txt. NO_NOT_FOUND when
 * it is none of them. */
no http_asset(struct http_req *req) MUST_USE;

/* compress.c: the text compressed in the exchange's arena; STR_NONE when it did not get smaller or
 * there was no room. */
str http_compress(struct http_exchange *x, str text);

/* pool.c */
no http_pool_start(struct http_pool *pool, struct arena *arena, size_t threads_n) MUST_USE;
/* Asked before a push; a few too many may slip in between, which does no harm. */
bool http_pool_has_room(struct http_pool *pool);
void http_pool_push(struct http_pool *pool, struct http_exchange *x);
void http_pool_stop(struct http_pool *pool);

/* loop.c */
no http_loop_start(struct http_loop *loop) MUST_USE;
void http_loop_wake(struct http_loop *loop); /* any thread */
void http_loop_join(struct http_loop *loop);

#endif
