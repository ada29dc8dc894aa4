/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One loop: a thread, a listening socket, a daemon of the library that this thread drives. The
 * library's epoll descriptor is polled together with our own wake; MHD_get_timeout is honoured
 * because that descriptor is edge-triggered and work may be left over. Every connection is on a
 * list that is swept for deadlines; the cure for a late one is shutdown(2), after which the library
 * closes it as if the client had gone.
 */
#include "doors/http/exchange.h"

#include <arpa/inet.h>
#include <assert.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTION_MEMORY = 32 << 10, STACK = 1 << 20, BUSY_RETRY_MS = 2000 };

/* --- connections ------------------------------------------------------------------------------ */

static struct http_conn *conn_take(struct http_loop *loop)
{
    if (loop->spare_conns == NULL) {
        struct arena *chunk = &loop->chunks[loop->chunks_n];

        if (loop->chunks_n == HTTP_CHUNKS_MAX ||
            !arena_init(chunk, HTTP_CHUNK_CONNS * sizeof(struct http_conn)))
            return NULL;
        loop->chunks_n++;
        /* Not through arena_take, which would touch every page of it: a connection's target is
         * mostly short. */
        struct http_conn *conns = (struct http_conn *)(void *)chunk->start;

        for (size_t i = 0; i < HTTP_CHUNK_CONNS; i++) {
            conns[i].next = loop->spare_conns;
            loop->spare_conns = &conns[i];
        }
    }
    struct http_conn *conn = loop->spare_conns;

    loop->spare_conns = conn->next;
    memset(conn, 0, offsetof(struct http_conn, target));
    conn->loop = loop;
    conn->next = loop->conns;
    if (conn->next != NULL)
        conn->next->before = conn;
    loop->conns = conn;
    loop->conns_n++;
    return conn;
}

static void conn_give_back(struct http_conn *conn)
{
    struct http_loop *loop = conn->loop;

    if (conn->next != NULL)
        conn->next->before = conn->before;
    if (conn->before != NULL)
        conn->before->next = conn->next;
    else
        loop->conns = conn->next;
    conn->next = loop->spare_conns;
    loop->spare_conns = conn;
    loop->conns_n--;
}

static void note_peer(struct http_conn *conn)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(conn->mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    union {
        const struct sockaddr *any;
        const struct sockaddr_in *v4;
        const struct sockaddr_in6 *v6;
    } peer;

    peer.any = info->client_addr;
    if (peer.any->sa_family == AF_INET) {
        (void)inet_ntop(AF_INET, &peer.v4->sin_addr, conn->address, sizeof conn->address);
        conn->peer_local = ntohl(peer.v4->sin_addr.s_addr) >> 24 == 127;
    } else {
        (void)inet_ntop(AF_INET6, &peer.v6->sin6_addr, conn->address, sizeof conn->address);
        conn->peer_local = IN6_IS_ADDR_LOOPBACK(&peer.v6->sin6_addr);
    }
}

static void on_connection(void *self, struct MHD_Connection *mhd, void **place,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_loop *loop = self;
    struct http_conn *conn = *place;

    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        if (conn != NULL)
            conn_give_back(conn);
        *place = NULL;
        return;
    }
    conn = conn_take(loop);
    *place = conn;
    if (conn == NULL)
        return;
    conn->mhd = mhd;
    conn->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    conn->phase = PHASE_HEADERS;
    conn->since_ms = loop->now_ms;
    conn->deadline_ms = loop->now_ms + loop->server->config.headers_ms;
    note_peer(conn);
}

/* --- exchanges -------------------------------------------------------------------------------- */

static struct http_exchange *exchange_take(struct http_loop *loop)
{
    struct arena arena;

    if (loop->spare != NULL) {
        arena = loop->spare->arena;
        loop->spare = loop->spare->next;
        loop->spare_n--;
    } else if (!arena_init(&arena, loop->server->config.arena_size)) {
        return NULL;
    }
    arena_reset(&arena);

    struct http_exchange *x = arena_take(&arena, sizeof *x);

    assert(x != NULL);
    x->arena = arena;
    x->server = loop->server;
    x->loop = loop;
    x->began_ns = http_clock_ns(loop->server);
    x->body.spool = -1;
    x->req.x = x;
    x->req.app = loop->server->config.app;
    x->req.ctx.world = loop->server->config.world;
    x->req.ctx.arena = &x->arena;
    x->req.ctx.db = loop->reader;
    x->req.ctx.now_ns = x->began_ns;
    return x;
}

static void exchange_give_back(struct http_exchange *x)
{
    struct http_loop *loop = x->loop;

    http_body_release(&x->body);
    if (loop->spare_n == HTTP_SPARE_MAX) {
        struct arena arena = x->arena;

        arena_release(&arena);
        return;
    }
    x->next = loop->spare;
    loop->spare = x;
    loop->spare_n++;
}

/* --- the library's callbacks ------------------------------------------------------------------ */

/* The request line has come; the target is still as it was sent. Without a connection of ours the
 * request is refused. */
static void *on_target(void *self, const char *uri, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_conn *conn = info == NULL ? NULL : info->socket_context;
    struct http_loop *loop = self;

    if (conn == NULL)
        return NULL;
    if (conn->phase == PHASE_IDLE) {
        conn->phase = PHASE_HEADERS;
        conn->since_ms = loop->now_ms;
        conn->deadline_ms = loop->now_ms + loop->server->config.headers_ms;
    }
    conn->uri = uri;
    conn->target_len = uri == NULL ? 0 : strlen(uri);
    if (conn->target_len > 0 && conn->target_len < HTTP_TARGET_MAX)
        memcpy(conn->target, uri, conn->target_len);
    return conn;
}

/* Malformed: no page, no hook, no second request on this connection. */
static enum MHD_Result refuse_head(struct http_exchange *x, no why)
{
    x->why = why;
    x->vary_lang = false;
    x->headers_n = 0;
    http_header(&x->req, "Connection", S("close"));
    http_fail_plainly(x, why, why == NO_TOO_LARGE ? 414 : no_line(why)->http);
    return http_answer_queue(x);
}

static enum MHD_Result first_call(struct http_conn *conn, const char *method, const char *version)
{
    struct http_loop *loop = conn->loop;
    struct http_exchange *x = exchange_take(loop);
    const struct http_config *config = &loop->server->config;

    if (x == NULL)
        return MHD_NO;
    x->conn = conn;
    conn->x = x;
    loop->running_n++;

    const no bad = http_begin(x, method, version);

    if (bad != YES)
        return refuse_head(x, bad);
    conn->phase = PHASE_BODY;
    conn->since_ms = loop->now_ms;
    conn->deadline_ms = loop->now_ms + (x->body.uploads ? config->upload_ms : config->total_ms);
    http_body_begin(x);
    /* A small body is read before we say no, so that the connection and the answer survive; a large
     * one is not. */
    if (x->why != YES && (x->body.declared < 0 || (uint64_t)x->body.declared > config->form_max)) {
        http_fail_now(x, x->why, x->why_status != 0 ? x->why_status : no_line(x->why)->http);
        return http_answer_queue(x);
    }
    return MHD_YES;
}

static bool goes_to_pool(const struct http_exchange *x)
{
    return x->req.method == HTTP_POST || (x->match.route->flags & HTTP_SLOW) != 0;
}

static enum MHD_Result last_call(struct http_exchange *x)
{
    no why = x->why;

    if (x->answered)
        return http_answer_queue(x);
    if (why == YES)
        why = http_body_end(x);
    if (why == YES)
        why = http_csrf_check(x);
    if (why == YES && goes_to_pool(x) && !http_pool_has_room(&x->server->pool)) {
        x->rate_wait_ms = BUSY_RETRY_MS;
        why = NO_STORE_BUSY;
    }
    if (why != YES) {
        const bool told = why == x->why && x->why_status != 0;

        http_fail_now(x, why, told ? x->why_status : no_line(why)->http);
        return http_answer_queue(x);
    }
    if (!goes_to_pool(x)) {
        struct MHD_Response *kept = http_shelf_find(x);

        if (kept != NULL)
            return http_answer_again(x, kept);
        http_run(x);
        return http_answer_queue(x);
    }
    x->pooled = true;
    x->conn->phase = PHASE_POOL;
    x->req.ctx.db = NULL;
    /* Suspended first: the pool may be done before this function is. */
    MHD_suspend_connection(x->conn->mhd);
    http_pool_push(&x->server->pool, x);
    return MHD_YES;
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *mhd, const char *url,
                                  const char *method, const char *version, const char *bytes,
                                  size_t *bytes_n, void **place)
{
    struct http_conn *conn = *place;

    (void)self;
    (void)mhd;
    (void)url;
    if (conn == NULL)
        return MHD_NO;
    if (conn->x == NULL)
        return first_call(conn, method, version);
    if (*bytes_n > 0) {
        http_body_take(conn->x, bytes, *bytes_n);
        *bytes_n = 0;
        /* Past the limit there is no page for a client that keeps sending: the connection closes.
         */
        return conn->x->body.got > conn->x->body.limit + (64 << 10) ? MHD_NO : MHD_YES;
    }
    if (conn->x->pooled && atomic_load(&conn->x->done))
        return http_answer_queue(conn->x);
    return last_call(conn->x);
}

static void on_completed(void *self, struct MHD_Connection *mhd, void **place,
                         enum MHD_RequestTerminationCode code)
{
    struct http_loop *loop = self;
    struct http_conn *conn = *place;

    (void)mhd;
    (void)code;
    if (conn == NULL)
        return;
    if (conn->x != NULL) {
        exchange_give_back(conn->x);
        loop->running_n--;
    }
    conn->x = NULL;
    conn->uri = NULL;
    conn->phase = PHASE_IDLE;
    conn->since_ms = loop->now_ms;
    conn->deadline_ms = loop->now_ms + loop->server->config.idle_ms;
    *place = NULL;
}

/* --- deadlines -------------------------------------------------------------------------------- */

static void cut(struct http_conn *conn, int how)
{
    if (!conn->cut)
        (void)shutdown(conn->fd, how);
    conn->cut = true;
}

static bool too_slow(const struct http_conn *conn, int64_t now_ms)
{
    const struct http_config *config = &conn->loop->server->config;
    const int64_t counted_ms = now_ms - conn->since_ms - config->body_grace_ms;

    return conn->phase == PHASE_BODY && conn->x != NULL && counted_ms > 0 &&
           (int64_t)conn->x->body.got < counted_ms * config->body_rate / 1000;
}

static void sweep(struct http_loop *loop)
{
    const struct http_config *config = &loop->server->config;
    const bool stopping = atomic_load(&loop->server->stopping);
    const bool too_long = stopping && loop->now_ms >= loop->server->drain_until_ms;
    /* Nearly full: an idle connection has a tenth of its time. */
    const int64_t spared_ms =
        loop->conns_n * 4 > loop->conns_max * 3 ? config->idle_ms - config->idle_ms / 10 : 0;

    for (struct http_conn *conn = loop->conns; conn != NULL; conn = conn->next) {
        if (conn->phase == PHASE_POOL)
            continue;
        if (too_long || too_slow(conn, loop->now_ms) || loop->now_ms >= conn->deadline_ms ||
            (conn->phase == PHASE_IDLE && loop->now_ms >= conn->deadline_ms - spared_ms))
            cut(conn, SHUT_RDWR);
        else if (stopping && conn->x == NULL)
            /* What it has sent already is still read and answered; nothing more. */
            cut(conn, SHUT_RD);
    }
}

/* --- the loop --------------------------------------------------------------------------------- */

static int wait_ms(struct http_loop *loop)
{
    MHD_UNSIGNED_LONG_LONG left = 0;
    int64_t wait = loop->conns_n > 0 || atomic_load(&loop->server->stopping)
                       ? loop->sweep_ms - loop->now_ms
                       : -1;

    if (MHD_get_timeout(loop->daemon, &left) == MHD_YES && (wait < 0 || (int64_t)left < wait))
        wait = (int64_t)left;
    if (wait < 0)
        return loop->conns_n > 0 ? 0 : -1;
    return wait > 1000 ? 1000 : (int)wait;
}

static void quiesce(struct http_loop *loop)
{
    if (loop->quiesced)
        return;
    loop->quiesced = true;
    /* Who was accepted by the kernel before is served, who comes later goes to another process or
     * is refused. */
    (void)MHD_run_wait(loop->daemon, 0);
    (void)MHD_quiesce_daemon(loop->daemon);
    (void)close(loop->listener);
    loop->listener = -1;
    loop->sweep_ms = loop->now_ms;
}

static void turn(struct http_loop *loop)
{
    struct pollfd fds[2] = {{.fd = loop->epoll, .events = POLLIN},
                            {.fd = loop->wake, .events = POLLIN}};
    const int wait = wait_ms(loop);
    uint64_t woken;

    if (poll(fds, 2, wait) > 0 && (fds[1].revents & POLLIN) != 0)
        (void)!read(loop->wake, &woken, sizeof woken);
    loop->now_ms = http_clock_ms();
    if (atomic_load(&loop->server->stopping))
        quiesce(loop);
    (void)MHD_run_wait(loop->daemon, 0);
    if (loop->now_ms >= loop->sweep_ms) {
        sweep(loop);
        loop->sweep_ms = loop->now_ms + loop->server->sweep_every_ms;
    }
}

static void *run(void *self)
{
    struct http_loop *loop = self;

    while (!atomic_load(&loop->server->stopping) || loop->conns_n > 0)
        turn(loop);
    return NULL;
}

static struct MHD_Daemon *make_daemon(struct http_loop *loop)
{
    return MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, loop,
        MHD_OPTION_LISTEN_SOCKET, loop->listener, MHD_OPTION_NOTIFY_CONNECTION, on_connection, loop,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, loop, MHD_OPTION_URI_LOG_CALLBACK, on_target,
        loop, MHD_OPTION_CONNECTION_LIMIT, (unsigned)loop->conns_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_CONNECTION_TIMEOUT, 0U, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_END);
}

no http_loop_start(struct http_loop *loop)
{
    const struct world *world = loop->server->config.world;
    pthread_attr_t attr;

    loop->now_ms = http_clock_ms();
    loop->sweep_ms = loop->now_ms;
    if (!arena_init(&loop->shelf_arena, sizeof *loop->shelf))
        return NO_OUT_OF_MEMORY;
    loop->shelf = arena_take(&loop->shelf_arena, sizeof *loop->shelf);
    loop->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    loop->daemon = loop->wake < 0 ? NULL : make_daemon(loop);
    if (loop->daemon == NULL)
        return NO_IO_FAILED;
    loop->epoll = MHD_get_daemon_info(loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    loop->reader = world == NULL ? NULL : world->reader_take(world->self);
    (void)pthread_attr_init(&attr);
    (void)pthread_attr_setstacksize(&attr, STACK);
    loop->started = pthread_create(&loop->thread, &attr, run, loop) == 0;
    (void)pthread_attr_destroy(&attr);
    return loop->started ? YES : NO_OUT_OF_MEMORY;
}

void http_loop_wake(struct http_loop *loop)
{
    const uint64_t one = 1;

    (void)!write(loop->wake, &one, sizeof one);
}

void http_loop_join(struct http_loop *loop)
{
    const struct world *world = loop->server->config.world;

    if (loop->started) {
        http_loop_wake(loop);
        (void)pthread_join(loop->thread, NULL);
    }
    if (loop->daemon != NULL)
        MHD_stop_daemon(loop->daemon);
    if (loop->shelf != NULL) {
        http_shelf_empty(loop->shelf);
        arena_release(&loop->shelf_arena);
    }
    if (loop->listener >= 0 && (loop->daemon == NULL || loop->quiesced))
        (void)close(loop->listener);
    if (loop->wake >= 0)
        (void)close(loop->wake);
    if (loop->reader != NULL)
        world->reader_give_back(world->self, loop->reader);
    for (struct http_exchange *x = loop->spare; x != NULL;) {
        struct arena arena = x->arena;

        x = x->next;
        arena_release(&arena);
    }
    for (size_t i = 0; i < loop->chunks_n; i++)
        arena_release(&loop->chunks[i]);
    if (loop->deflate_arena.start != NULL)
        arena_release(&loop->deflate_arena);
}
