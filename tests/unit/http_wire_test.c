/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The HTTP door on a hostile wire: malformed requests byte by byte, slow clients, many connections at once, and stopping.
 */
#include "http_client.h"

#include "doors/http/server.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>

/* --- a house with a door that can be held ------------------------------------------------------------------------------------- */

struct house {
    struct http_server *server;
    uint16_t port;
    struct reply reply;
    atomic_int inside;
    atomic_bool may_go;
};

static no get_home(struct http_req *req)
{
    return http_text(req, 200, S("home"));
}

static no post_note(struct http_req *req)
{
    return http_text(req, 200, req->body);
}

/* Stays inside until the test lets it go. */
static no get_held(struct http_req *req)
{
    struct house *house = req->app;

    atomic_fetch_add(&house->inside, 1);
    while (!atomic_load(&house->may_go))
        (void)sched_yield();
    return http_text(req, 200, S("done"));
}

static const struct http_route routes[] = {
    {HTTP_GET, "/", HTTP_ANYONE, 0, get_home, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/held", HTTP_ANYONE, HTTP_SLOW, get_held, HTTP_RATE_BY_METHOD},
    {HTTP_POST, "/note", HTTP_ANYONE, HTTP_CSRF_FREE, post_note, HTTP_RATE_BY_METHOD},
    {.pattern = NULL},
};

static struct house *house_open(struct http_config config)
{
    struct house *house = calloc(1, sizeof *house);

    config.port_given = true;
    config.routes = routes;
    config.app = house;
    config.rate_off = true;
    assert_int_equal(http_serve(&house->server, &config), YES);
    house->port = http_port(house->server);
    return house;
}

static int open_house(void **state)
{
    *state = house_open((struct http_config){.threads = 1, .pool = 4});
    return 0;
}

/* Every patience short, each a different length, so that a test knows which one has run out. */
static int open_hasty_house(void **state)
{
    *state = house_open((struct http_config){.threads = 1, .pool = 4, .headers_ms = 120, .idle_ms = 240,
                                             .total_ms = 2000, .body_grace_ms = 100, .body_rate = 1000});
    return 0;
}

static int close_house(void **state)
{
    struct house *house = *state;

    if (house->server != NULL)
        http_stop(house->server);
    free(house);
    return 0;
}

static int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- malformed requests --------------------------------------------------------------------------------------------------------- */

/* S() is no constant expression. */
#define BYTES(literal) {literal, sizeof(literal) - 1}
#define GET "GET / HTTP/1.1\r\nHost: a\r\n"
#define POST "POST /note HTTP/1.1\r\nHost: a\r\n"

/* The sixteen of the design (stack.md section 1) but the three large ones, and others like them. */
static const struct { const char *what; str bytes; int status; } malformed[] = {
    {"no Host", BYTES("GET / HTTP/1.1\r\n\r\n"), 400},
    {"two Hosts", BYTES(GET "Host: b\r\n\r\n"), 400},
    {"length and coding", BYTES(POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"), 400},
    {"two lengths", BYTES(POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), 400},
    {"two equal lengths", BYTES(POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"), 400},
    {"length -1", BYTES(POST "Content-Length: -1\r\n\r\n"), 400},
    {"length +5", BYTES(POST "Content-Length: +5\r\n\r\nabcde"), 400},
    {"length 2^64+1", BYTES(POST "Content-Length: 18446744073709551617\r\n\r\na"), 413},
    {"coding xchunked", BYTES(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 400},
    {"space before colon", BYTES("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), 400},
    {"bare LF", BYTES("GET / HTTP/1.1\nHost: a\n\n"), 400},
    {"bare LF in one header", BYTES(GET "X: y\nZ: w\r\n\r\n"), 400},
    {"bare LF in the request line", BYTES("GET / HTTP/1.1\nHost: a\r\n\r\n"), 400},
    {"bare LF at the end", BYTES(GET "\n"), 400},
    {"folded line", BYTES(GET "X: a\r\n b\r\n\r\n"), 400},
    {"folded line with a tab", BYTES(GET "X: a\r\n\tb: c\r\n\r\n"), 400},
    {"zero byte in a value", BYTES(GET "X: a\0b\r\n\r\n"), 400},
    {"zero bytes at a value's end", BYTES(GET "X: a\0\0\r\n\r\n"), 400},
    {"zero byte in a name", BYTES(GET "X\0Y: a\r\n\r\n"), 400},
    {"zero byte first in a line", BYTES(GET "\0X: a\r\n\r\n"), 400},
    {"zero byte in the target", BYTES("GET /\0x HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {"chunk size past 2^64", BYTES(POST "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc"), 413},
    {"chunk size not hex", BYTES(POST "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc"), 400},
    {"two codings", BYTES(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
    {"coding in HTTP/1.0", BYTES("POST /note HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
    {"bare CR in a value", BYTES(GET "X: a\rb\r\n\r\n"), 400},
    {"empty name", BYTES(GET ": a\r\n\r\n"), 400},
    {"no colon", BYTES(GET "Xa\r\n\r\n"), 400},
    {"two spaces", BYTES("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {"space in the target", BYTES("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {"whole address as target", BYTES("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {"raw byte in the target", BYTES("GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {"Host with a path", BYTES("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400},
    {"Host with a user", BYTES("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), 400},
    {"empty Host", BYTES("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400},
    {"unknown method", BYTES("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), 405},
    {"HTTP/2.0", BYTES("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505},
};

static void refused(struct house *house, const char *what, str bytes, int status, bool dribbled)
{
    const int fd = client_open(house->port);
    const int on = 1;

    if (dribbled) {
        (void)setsockopt(fd, IPPROTO_TCP, 1 /* TCP_NODELAY */, &on, sizeof on);
        for (size_t i = 0; i < bytes.len && client_send(fd, str_sub(bytes, i, 1)); i++)
            (void)sched_yield();
    } else {
        (void)client_send(fd, bytes);
    }
    client_read(fd, &house->reply);
    if (house->reply.status != status)
        print_error("%s: %d\n", what, house->reply.status);
    assert_int_equal(house->reply.status, status);
    if (status != 405)
        assert_true(client_is_closed(fd));
    (void)close(fd);
}

static void malformed_requests_are_refused(void **state)
{
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        refused(*state, malformed[i].what, malformed[i].bytes, malformed[i].status, false);
        refused(*state, malformed[i].what, malformed[i].bytes, malformed[i].status, true);
    }
}

/* The same rules on the second request of a connection, whose memory the library has used before. */
static void later_requests_are_no_different(void **state)
{
    struct house *house = *state;

    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        const int fd = client_open(house->port);

        (void)client_send(fd, S(GET "X-First: a long header that leaves its traces in the memory\r\n\r\n"));
        client_read(fd, &house->reply);
        assert_int_equal(house->reply.status, 200);
        (void)client_send(fd, malformed[i].bytes);
        client_read(fd, &house->reply);
        if (house->reply.status != malformed[i].status)
            print_error("%s\n", malformed[i].what);
        assert_int_equal(house->reply.status, malformed[i].status);
        (void)close(fd);
    }
}

/* Large heads: refused while they arrive, with the status RFC 9110 and RFC 6585 have for it, or by closing. */
static void large_heads_are_refused(void **state)
{
    const size_t size = 1 << 20;
    char *bytes = malloc(size + 64);
    struct { const char *start, *unit; int status; } heads[] = {
        {GET "X: ", "a", 431}, {"GET /", "a", 414}, {GET, "a:b\r\n", 431}};

    for (size_t i = 0; i < 3; i++) {
        size_t len = (size_t)snprintf(bytes, 64, "%s", heads[i].start);
        struct house *house = *state;
        const int fd = client_open(house->port);

        for (const size_t unit = strlen(heads[i].unit); len + unit < size && (i < 2 || len < 5 * 50000); len += unit)
            memcpy(bytes + len, heads[i].unit, unit);
        (void)client_send(fd, (str){bytes, len});
        client_read(fd, &house->reply);
        /* A client that sends on may find the connection reset before it reads: that is a refusal too. */
        if (house->reply.status != 0)
            assert_int_equal(house->reply.status, heads[i].status);
        assert_true(client_is_closed(fd));
        (void)close(fd);
    }
    free(bytes);
}

static void long_targets_and_many_headers_are_refused(void **state)
{
    char bytes[16384];
    struct house *house = *state;
    size_t len = 0;

    memset(bytes, 'a', sizeof bytes);
    memcpy(bytes, "GET /", 5);
    memcpy(bytes + 4096 + 4, " HTTP/1.1\r\nHost: a\r\n\r\n", 23);
    client_ask(house->port, (str){bytes, 4096 + 4 + 22}, &house->reply);
    assert_int_equal(house->reply.status, 414);
    memmove(bytes + 4096 + 3, bytes + 4096 + 4, 23);
    client_ask(house->port, (str){bytes, 4096 + 3 + 22}, &house->reply);
    assert_int_equal(house->reply.status, 404);
    len = (size_t)snprintf(bytes, sizeof bytes, GET);
    for (int i = 0; i < 99; i++)
        len += (size_t)snprintf(bytes + len, sizeof bytes - len, "X-%d: a\r\n", i);
    (void)snprintf(bytes + len, sizeof bytes - len, "\r\n");
    client_ask(house->port, (str){bytes, len + 2}, &house->reply);
    assert_int_equal(house->reply.status, 200);
    (void)snprintf(bytes + len, sizeof bytes - len, "One-more: a\r\n\r\n");
    client_ask(house->port, (str){bytes, len + 15}, &house->reply);
    assert_int_equal(house->reply.status, 400);
}

static void good_requests_are_not_refused(void **state)
{
    static const str good[] = {
        BYTES("GET / HTTP/1.0\r\n\r\n"),
        BYTES("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        BYTES("GET / HTTP/1.1\r\nHost:a.example:8080\r\n\r\n"),
        BYTES("GET / HTTP/1.1\r\nHost: [::1]:8080\r\nX: \t a \t\r\nEmpty:\r\n\r\n"),
        BYTES("GET /?a=%20b&c=d+e&f HTTP/1.1\r\nCookie: a=b; c=d\r\nHost: a\r\nX-Late: \xc3\xa9\r\n\r\n"),
        BYTES(POST "Content-Length: 3\r\n\r\nabc"),
        BYTES(POST "Transfer-Encoding: Chunked\r\n\r\n1\r\na\r\n2;x=y\r\nbc\r\n0\r\n\r\n"),
    };
    struct house *house = *state;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        client_ask(house->port, good[i], &house->reply);
        assert_int_equal(house->reply.status, 200);
        if (i == 5 || i == 6)
            assert_str(house->reply.body, "abc");
    }
}

/* --- slow clients ----------------------------------------------------------------------------------------------------------------- */

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

/* --- many connections ---------------------------------------------------------------------------------------------------------------- */

/* All send before any reads: the library's own epoll thread stops for good at 128 (docs/decisions/0003). */
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

/* Four threads take four, sixteen times as many may wait for them; who comes then is told to come back. */
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
    /* One loop reads connections in their order: when this one is answered, those before it are queued. */
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

/* A pool thread's answer wakes the loop: the library itself would wait for the next event (seen: half a second each). */
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

/* --- stopping -------------------------------------------------------------------------------------------------------------------------- */

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
    pthread_t stopper;

    (void)client_send(idle, S(GET "\r\n"));
    client_read(idle, &house->reply);
    assert_true(client_send(running, S("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")));
    while (atomic_load(&house->inside) < 1)
        (void)sched_yield();
    assert_int_equal(pthread_create(&stopper, NULL, stop, house), 0);
    /* The idle one is let go at once, the running one is not. */
    assert_true(client_is_closed(idle));
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
    const struct http_config config = {.port = house->port, .threads = 1, .pool = 1, .routes = routes};

    assert_int_equal(http_serve(&second, &config), NO_IO_FAILED);
    assert_null(second);
}

int main(void)
{
#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)
#define IN_HASTE(test) cmocka_unit_test_setup_teardown(test, open_hasty_house, close_house)
    const struct CMUnitTest tests[] = {
        IN_HOUSE(malformed_requests_are_refused),
        IN_HOUSE(later_requests_are_no_different),
        IN_HOUSE(large_heads_are_refused),
        IN_HOUSE(long_targets_and_many_headers_are_refused),
        IN_HOUSE(good_requests_are_not_refused),
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
