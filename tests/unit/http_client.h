/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A raw HTTP client for the tests of the door: it sends exactly the bytes it is given and reads one
 * answer.
 */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include "cm.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* A str in a constant table, where S() is no constant expression. */
#define BYTES(literal)               \
    {                                \
        literal, sizeof(literal) - 1 \
    }

enum { REPLY_MAX = 320 << 10 };

struct reply {
    int status; /* 0 = closed without an answer */
    bool closed;
    str head, body;
    char bytes[REPLY_MAX + 1];
    size_t len;
};

static inline int client_open(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    const struct timeval patience = {.tv_sec = 10};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    return fd;
}

/* False when the other side no longer takes it. */
static inline bool client_send(int fd, str bytes)
{
    while (bytes.len > 0) {
        const ssize_t sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)sent, bytes.len);
    }
    return true;
}

/* The value of a header of the answer, in any case; STR_NONE when absent. */
static inline str reply_header(const struct reply *reply, const char *name)
{
    str line, key, value, rest = reply->head;

    while (rest.len > 0) {
        (void)str_cut(rest, '\n', &line, &rest);
        if (str_cut(line, ':', &key, &value) && str_eq_nocase(key, str_of(name)))
            return str_trim(value);
    }
    return STR_NONE;
}

static inline bool reply_more(int fd, struct reply *reply)
{
    const ssize_t got = recv(fd, reply->bytes + reply->len, REPLY_MAX - reply->len, 0);

    if (got < 0 && errno == EAGAIN)
        fail_msg("no answer in 10 s");
    if (got <= 0)
        reply->closed = true;
    else
        reply->len += (size_t)got;
    return got > 0;
}

/* Reads one answer; `bodyless` for HEAD. */
static inline void client_read_one(int fd, struct reply *reply, bool bodyless)
{
    size_t end;
    int64_t length = 0;

    reply->status = 0;
    reply->closed = false;
    reply->len = 0;
    reply->head = reply->body = STR_NONE;
    do {
        end = str_find((str){reply->bytes, reply->len}, S("\r\n\r\n"));
        if (end < reply->len)
            break;
    } while (reply_more(fd, reply));
    if (reply->closed && end == reply->len)
        return;
    reply->head = (str){reply->bytes, end + 2};
    assert_true(str_starts(reply->head, S("HTTP/1.1 ")));
    reply->status = atoi(reply->bytes + 9);
    (void)str_to_int64(reply_header(reply, "Content-Length"), &length);
    while (!bodyless && (int64_t)(reply->len - end - 4) < length)
        assert_true(reply_more(fd, reply));
    reply->body = (str){reply->bytes + end + 4, reply->len - end - 4};
}

static inline void client_read(int fd, struct reply *reply)
{
    client_read_one(fd, reply, false);
}

/* One request on a connection of its own. */
static inline void client_ask(uint16_t port, str request, struct reply *reply)
{
    const int fd = client_open(port);

    (void)client_send(fd, request);
    client_read(fd, reply);
    (void)close(fd);
}

/* True when the other side closes without another byte. */
static inline bool client_is_closed(int fd)
{
    char byte;
    const ssize_t got = recv(fd, &byte, 1, 0);

    return got == 0 || (got < 0 && errno == ECONNRESET);
}

#endif
