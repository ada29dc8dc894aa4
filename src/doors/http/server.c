/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Start and stop: defaults, sockets, loops, pool.
 */
#include "doors/http/server.h"

#include "base/hash.h"
#include "doors/http/exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SERVER_MEMORY = 4 << 20, BACKLOG = 1024 };

/* --- clock and chance ------------------------------------------------------------------------- */

int64_t http_clock_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t http_clock_ns(const struct http_server *server)
{
    struct timespec t;

    if (server->config.world != NULL)
        return server->config.world->now_ns(server->config.world->self);
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void http_chance(const struct http_server *server, void *bytes, size_t len)
{
    if (server->config.world != NULL)
        server->config.world->chance(server->config.world->self, bytes, len);
    else
        hash_random(bytes, len);
}

/* --- settings --------------------------------------------------------------------------------- */

static void otherwise(int64_t *setting, int64_t value)
{
    if (*setting == 0)
        *setting = value;
}

static void default_times(struct http_config *c)
{
    otherwise(&c->headers_ms, 10000);
    otherwise(&c->idle_ms, 30000);
    otherwise(&c->total_ms, 60000);
    otherwise(&c->upload_ms, 300000);
    otherwise(&c->body_rate, 1024);
    otherwise(&c->body_grace_ms, 5000);
    otherwise(&c->drain_ms, 10000);
}

static void default_sizes(struct http_config *c)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);

    c->threads = c->threads != 0 ? c->threads : cores > 0 ? (unsigned)cores : 1;
    c->threads = c->threads > HTTP_LOOPS_MAX ? HTTP_LOOPS_MAX : c->threads;
    c->pool = c->pool != 0 ? c->pool : 64;
    c->connections = c->connections != 0 ? c->connections : 4096;
    c->arena_size = c->arena_size != 0 ? c->arena_size : 1 << 20;
    c->form_max = c->form_max != 0 ? c->form_max : 256 << 10;
    c->upload_max = c->upload_max != 0 ? c->upload_max : 100 << 20;
    c->gzip_level = c->gzip_level != 0 ? c->gzip_level : 1;
}

static struct http_config with_defaults(const struct http_config *given)
{
    struct http_config c = *given;

    default_times(&c);
    default_sizes(&c);
    c.address = c.address != NULL ? c.address : "127.0.0.1";
    c.port = c.port != 0 || c.port_given ? c.port : 8080;
    c.spool_dir = c.spool_dir != NULL ? c.spool_dir : "/var/tmp";
    c.routes = c.routes != NULL ? c.routes : http_routes;
    return c;
}

/* An eighth of the shortest deadline: late by at most that. */
static int64_t sweep_every(const struct http_config *c)
{
    int64_t shortest = c->headers_ms;

    shortest = c->idle_ms < shortest ? c->idle_ms : shortest;
    shortest = c->total_ms < shortest ? c->total_ms : shortest;
    shortest = c->body_grace_ms < shortest ? c->body_grace_ms : shortest;
    shortest = c->drain_ms < shortest ? c->drain_ms : shortest;
    return shortest / 8 < 5 ? 5 : shortest / 8 > 500 ? 500 : shortest / 8;
}

/* --- sockets ---------------------------------------------------------------------------------- */

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static no parse_address(const char *text, uint16_t port, union address *address, socklen_t *size)
{
    union address a;

    memset(&a, 0, sizeof a);
    if (inet_pton(AF_INET, text, &a.v4.sin_addr) == 1) {
        a.v4.sin_family = AF_INET;
        a.v4.sin_port = htons(port);
        *size = sizeof a.v4;
    } else if (inet_pton(AF_INET6, text, &a.v6.sin6_addr) == 1) {
        a.v6.sin6_family = AF_INET6;
        a.v6.sin6_port = htons(port);
        *size = sizeof a.v6;
    } else {
        errno = EINVAL;
        return NO_IO_FAILED;
    }
    *address = a;
    return YES;
}

/* `shared` = with SO_REUSEPORT, so that the kernel spreads connections over the loops. */
static int open_listener(const union address *address, socklen_t size, bool shared)
{
    const int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const int on = 1;

    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if ((shared && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) ||
        bind(fd, &address->any, size) != 0 || listen(fd, BACKLOG) != 0) {
        const int error = errno;

        (void)close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* SO_REUSEPORT would let two servers of one user share a port without a word: ask for it alone
 * first. */
static no take_port(union address *address, socklen_t size, uint16_t *port)
{
    socklen_t bound_size = size;
    const int fd = open_listener(address, size, false);

    if (fd < 0)
        return NO_IO_FAILED;
    (void)getsockname(fd, &address->any, &bound_size);
    (void)close(fd);
    *port = ntohs(address->any.sa_family == AF_INET ? address->v4.sin_port : address->v6.sin6_port);
    return YES;
}

static no open_listeners(struct http_server *server)
{
    union address address;
    socklen_t size;

    TRY(parse_address(server->config.address, server->config.port, &address, &size));
    TRY(take_port(&address, size, &server->port));
    for (size_t i = 0; i < server->loops_n; i++) {
        server->loops[i].listener = open_listener(&address, size, true);
        if (server->loops[i].listener < 0)
            return NO_IO_FAILED;
    }
    return YES;
}

/* --- start and stop --------------------------------------------------------------------------- */

static no make_loops(struct http_server *server)
{
    server->loops_n = server->config.threads;
    server->loops = arena_take_many(&server->arena, server->loops_n, sizeof *server->loops);
    if (server->loops == NULL) {
        server->loops_n = 0;
        return NO_OUT_OF_MEMORY;
    }
    for (size_t i = 0; i < server->loops_n; i++) {
        server->loops[i].server = server;
        server->loops[i].listener = server->loops[i].wake = -1;
        server->loops[i].conns_max =
            (server->config.connections + server->loops_n - 1) / server->loops_n;
    }
    return YES;
}

static no start(struct http_server *server)
{
    uint64_t seed;

    http_chance(server, &seed, sizeof seed);
    server->routes = http_routes_compile(&server->arena, server->config.routes);
    server->rate = http_rate_make(&server->arena, seed);
    if (server->routes == NULL || server->rate == NULL)
        return NO_OUT_OF_MEMORY;
    TRY(make_loops(server));
    TRY(open_listeners(server));
    TRY(http_pool_start(&server->pool, &server->arena, server->config.pool));
    for (size_t i = 0; i < server->loops_n; i++)
        TRY(http_loop_start(&server->loops[i]));
    return YES;
}

no http_serve(struct http_server **server, const struct http_config *config)
{
    struct arena arena;

    if (!arena_init(&arena, SERVER_MEMORY))
        return NO_OUT_OF_MEMORY;

    struct http_server *made = arena_take(&arena, sizeof *made);

    made->arena = arena;
    made->config = with_defaults(config);
    made->sweep_every_ms = sweep_every(&made->config);

    const no why = start(made);

    if (why != YES) {
        const int error = errno;

        http_stop(made);
        errno = error;
        return why;
    }
    *server = made;
    return YES;
}

uint16_t http_port(const struct http_server *server)
{
    return server->port;
}

void http_stop(struct http_server *server)
{
    struct arena arena;

    server->drain_until_ms = http_clock_ms() + server->config.drain_ms;
    atomic_store(&server->stopping, true);
    for (size_t i = 0; i < server->loops_n; i++)
        http_loop_join(&server->loops[i]);
    if (server->pool.threads != NULL)
        http_pool_stop(&server->pool);
    arena = server->arena;
    arena_release(&arena);
}
