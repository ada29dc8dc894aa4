/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Malformed requests, byte by byte: what the HTTP door refuses before it looks up a route.
 */
#include "http_wire.h"

/* --- malformed requests ----------------------------------------------------------------------- */

/* The sixteen of the design (stack.md section 1) but the three large ones, and others like them. */
static const struct {
    const char *what;
    str bytes;
    int status;
} malformed[] = {
    {"no Host", BYTES("GET / HTTP/1.1\r\n\r\n"), 400},
    {"two Hosts", BYTES(GET "Host: b\r\n\r\n"), 400},
    {"length and coding",
     BYTES(POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
     400},
    {"two lengths", BYTES(POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"), 400},
    {"two equal lengths", BYTES(POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"), 400},
    {"length -1", BYTES(POST "Content-Length: -1\r\n\r\n"), 400},
    {"length +5", BYTES(POST "Content-Length: +5\r\n\r\nabcde"), 400},
    {"length 2^64+1", BYTES(POST "Content-Length: 18446744073709551617\r\n\r\na"), 413},
    {"coding xchunked", BYTES(POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 400},
    {"space before colon", BYTES("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), 400},
    {"space before another colon", BYTES(GET "X : a\r\n\r\n"), 400},
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
    {"chunk size past 2^64",
     BYTES(POST "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc"), 413},
    {"chunk size not hex", BYTES(POST "Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc"), 400},
    {"two codings",
     BYTES(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
    {"coding in HTTP/1.0",
     BYTES("POST /note HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400},
    {"bare CR in a value", BYTES(GET "X: a\rb\r\n\r\n"), 400},
    {"empty name", BYTES(GET ": a\r\n\r\n"), 400},
    {"no colon", BYTES(GET "Xa\r\n\r\n"), 400},
    {"two spaces", BYTES("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {"space in the target", BYTES("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {"whole address as target", BYTES("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {"raw byte in the target", BYTES("GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
    {"delete byte in the target", BYTES("GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n"), 400},
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

/* The same rules on the second request of a connection, whose memory the library has used before.
 */
static void later_requests_are_no_different(void **state)
{
    struct house *house = *state;

    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        const int fd = client_open(house->port);

        (void)client_send(
            fd, S(GET "X-First: a long header that leaves its traces in the memory\r\n\r\n"));
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

/* Large heads: refused while they arrive, with the status RFC 9110 and RFC 6585 have for it, or by
 * closing. */
static void large_heads_are_refused(void **state)
{
    const size_t size = 1 << 20;
    char *bytes = malloc(size + 64);
    struct {
        const char *start, *unit;
        int status;
    } heads[] = {{GET "X: ", "a", 431}, {"GET /", "a", 414}, {GET, "a:b\r\n", 431}};

    for (size_t i = 0; i < 3; i++) {
        size_t len = (size_t)snprintf(bytes, 64, "%s", heads[i].start);
        struct house *house = *state;
        const int fd = client_open(house->port);

        for (const size_t unit = strlen(heads[i].unit);
             len + unit < size && (i < 2 || len < 5 * 50000); len += unit)
            memcpy(bytes + len, heads[i].unit, unit);
        (void)client_send(fd, (str){bytes, len});
        client_read(fd, &house->reply);
        /* A client that sends on may find the connection reset before it reads: that is a refusal
         * too. */
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
        BYTES("GET /?a=%20b&c=d+e&f HTTP/1.1\r\nCookie: a=b; c=d\r\nHost: a\r\nX-Late: "
              "\xc3\xa9\r\n\r\n"),
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOUSE(malformed_requests_are_refused),
        IN_HOUSE(later_requests_are_no_different),
        IN_HOUSE(large_heads_are_refused),
        IN_HOUSE(long_targets_and_many_headers_are_refused),
        IN_HOUSE(good_requests_are_not_refused),
    };

    return cmocka_run_group_tests_name("http_strict", tests, NULL, NULL);
}
