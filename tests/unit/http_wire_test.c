/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The HTTP door under load and malice: slow clients, many connections at once, a full pool, and
 * stopping.
 */
#include "http_wire.h"

#include <poll.h>
#include <pthread.h>

/* --- slow clients ----------------------------------------------------------------------------- */

static void slow_headers_are_closed(void **state)
{
    struct house *house = *state;
    const int64_t begun = now_ms();
    const int fd = client_open(house->port);

    assert_true(client_send(fd, S("GET / HTTP/1.1\r\nHost: a\r\nX: ")));
    /* One byte every 2 ms must not prolong it. */
    while (poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 2) == 0) {
        (void)client_send(fd, S("x"));
        assert_true(now_ms() - begun < 2000);
    }
    assert_true(client_is_closed(fd));
    assert_true(now_ms() - begun >= 100);
    (void)close(fd);
}

static void silence_is_closed(void **state)
{
    struct house *house = *state;
    const int64_t begun = now_ms();
    const int silent = client_open(house->port), idle = client_open(house->port);

    (void)client_send(idle, S(GET "\r\n"));
    client_read(idle, &house->reply);
    assert_int_equal(house->reply.status, 200);
    assert_true(client_is_closed(silent));
    assert_true(now_ms() - begun >= 100);
    assert_true(client_is_closed(idle));
    assert_true(now_ms() - begun >= 220);
    (void)close(silent);
    (void)close(idle);
}

static void slow_bodies_are_closed(void **state)
{
    struct house *house = *state;
    const int64_t begun = now_ms();
    const int fd = client_open(house->port);

    assert_true(client_send(fd, S(POST "Content-Length: 1000\r\n\r\nonly this")));
    assert_true(client_is_closed(fd));
    assert_true(now_ms() - begun >= 100 && now_ms() - begun < 1500);
    (void)close(fd);
}

/* --- many connections ------------------------------------------------------------------------- */

/* All send before any reads: the library's own epoll thread stops for good at 128
 * (docs/decisions/0003). */
static void many_are_served(struct house *house, size_t n)
{
    int *fds = calloc(n, sizeof *fds);

    for (size_t i = 0; i < n; i++)
        fds[i] = client_open(house->port);
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < n; i++)
            assert_true(client_send(fds[i], S(GET "\r\n")));
        for (size_t i = 0; i < n; i++) {
            client_read(fds[i], &house->reply);
            assert_int_equal(house->reply.status, 200);
        }
    }
    for (size_t i = 0; i < n; i++)
        (void)close(fds[i]);
    free(fds);
}

static void many_connections_do_not_stall(void **state)
{
    const int64_t begun = now_ms();

    many_are_served(*state, 128);
    many_are_served(*state, 256);
    many_are_served(*state, 300);
    assert_true(now_ms() - begun < 8000);
}

/* More slow requests than the pool has threads do not keep a quick one waiting. */
static void the_pool_does_not_block_the_loop(void **state)
{
    struct house *house = *state;
    int fds[8];

    for (size_t i = 0; i < 8; i++) {
        fds[i] = client_open(house->port);
        assert_true(client_send(fds[i], S("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")));
    }
    while (atomic_load(&house->inside) < 4)
        (void)sched_yield();
    client_ask(house->port, S(GET "\r\n"), &house->reply);
    assert_int_equal(house->reply.status, 200);
    assert_int_equal(atomic_load(&house->inside), 4);
    atomic_store(&house->may_go, true);
    for (size_t i = 0; i < 8; i++) {
        client_read(fds[i], &house->reply);
        assert_str(house->reply.body, "done");
        (void)close(fds[i]);
    }
}

/* Four threads take four, sixteen times as many may wait for them; who comes then is told to come
 * back. */
static void a_full_pool_says_so(void **state)
{
    struct house *house = *state;
    int fds[4 + 64];

    for (size_t i = 0; i < 4 + 64; i++) {
        fds[i] = client_open(house->port);
        assert_true(client_send(fds[i], S("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")));
        /* The first four must be inside before others queue. */
        while (i < 4 && atomic_load(&house->inside) <= (int)i)
            (void)sched_yield();
    }
    /* One loop reads connections in their order: when this one is answered, those before it are
     * queued. */
    client_ask(house->port, S(GET "\r\n"), &house->reply);
    client_ask(house->port, S("GET /held HTTP/1.1\r\nHost: a\r\n\r\n"), &house->reply);
    assert_int_equal(house->reply.status, 503);
    assert_str(reply_header(&house->reply, "Retry-After"), "2");
    atomic_store(&house->may_go, true);
    for (size_t i = 0; i < 4 + 64; i++) {
        client_read(fds[i], &house->reply);
        assert_str(house->reply.body, "done");
        (void)close(fds[i]);
    }
}

/* A pool thread's answer wakes the loop: the library itself would wait for the next event (seen:
 * half a second each). */
static void the_pool_answers_at_once(void **state)
{
    struct house *house = *state;
    const int fd = client_open(house->port);
    const int64_t begun = now_ms();

    for (int i = 0; i < 20; i++) {
        assert_true(client_send(fd, S(POST "Content-Length: 3\r\n\r\nabc")));
        client_read(fd, &house->reply);
        assert_str(house->reply.body, "abc");
    }
    assert_true(now_ms() - begun < 1000);
    (void)close(fd);
}

/* --- stopping --------------------------------------------------------------------------------- */

static void *stop(void *self)
{
    struct house *house = self;

    http_stop(house->server);
    return NULL;
}

static void stopping_finishes_what_runs(void **state)
{
    struct house *house = *state;
    const int running = client_open(house->port), idle = client_open(house->port);
    const int64_t begun = now_ms();
    pthread_t stopper;

    (void)client_send(idle, S(GET "\r\n"));
    client_read(idle, &house->reply);
    assert_true(client_send(running, S("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")));
    while (atomic_load(&house->inside) < 1)
        (void)sched_yield();
    assert_int_equal(pthread_create(&stopper, NULL, stop, house), 0);
    /* The idle one is let go at once, the running one is not. */
    assert_true(client_is_closed(idle));
    assert_true(now_ms() - begun < 2000);
    atomic_store(&house->may_go, true);
    client_read(running, &house->reply);
    assert_int_equal(house->reply.status, 200);
    assert_str(house->reply.body, "done");
    assert_str(reply_header(&house->reply, "Connection"), "close");
    assert_true(client_is_closed(running));
    (void)pthread_join(stopper, NULL);
    house->server = NULL;
    (void)close(running);
    (void)close(idle);
}

static void a_port_is_taken_once(void **state)
{
    struct house *house = *state;
    struct http_server *second = NULL;
    const struct http_config config = {
        .port = house->port, .threads = 1, .pool = 1, .routes = routes};

    assert_int_equal(http_serve(&second, &config), NO_IO_FAILED);
    assert_null(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HASTE(slow_headers_are_closed),
        IN_HASTE(silence_is_closed),
        IN_HASTE(slow_bodies_are_closed),
        IN_HOUSE(many_connections_do_not_stall),
        IN_HOUSE(the_pool_does_not_block_the_loop),
        IN_HOUSE(a_full_pool_says_so),
        IN_HOUSE(the_pool_answers_at_once),
        IN_HOUSE(stopping_finishes_what_runs),
        IN_HOUSE(a_port_is_taken_once),
    };

    return cmocka_run_group_tests_name("http_wire", tests, NULL, NULL);
}
