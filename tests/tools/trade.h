/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Two members who buy from one another over HTTP, one order after the other, as their browsers
 * would: ask, accept, (say paid, see paid,) deliver, confirm. Each answer that says it was done is
 * written down; a step whose answer never came is sent again, exactly as it was, when the pair is
 * connected the next time. Pairs come from tests/tools/seed.
 */
#ifndef TESTS_TRADE_H
#define TESTS_TRADE_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { TRADE_ANSWER_MAX = 64 << 10, TRADE_TOKEN = 86, TRADE_COOKIE = 43, TRADE_SECONDS = 20 };

/* The steps in their order; of an order in hours the two about paying are left out. */
enum trade_step {
    TRADE_ASK,
    TRADE_ACCEPT,
    TRADE_PAY_SAID,
    TRADE_PAY_SEEN,
    TRADE_DELIVER,
    TRADE_CONFIRM,
    TRADE_STEPS
};
static const char *const trade_events[TRADE_STEPS] = {"request",  "accept",  "pay_said",
                                                      "pay_seen", "deliver", "confirm"};

struct trade_half {
    char cookie[TRADE_COOKIE + 1], token[TRADE_TOKEN + 1];
    long long euro, hour;
};

struct trade {
    struct trade_half half[2];
    uint64_t chance;
    uint16_t port;
    bool pays; /* orders in euro go through the two steps of paying */
    int fd;
    /* the running order */
    enum trade_step step;
    int buyer, seen;
    bool in_euro;
    char uid[37];
    long long order;
    /* the last answer */
    int status;
    char answer[TRADE_ANSWER_MAX + 1];
    size_t answer_len;
};

static inline uint64_t trade_dice(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* Reads the next pair that seed has printed. */
static inline bool trade_read(struct trade *trade, FILE *pairs, uint64_t seed)
{
    *trade = (struct trade){.chance = seed, .fd = -1, .pays = true};
    for (int i = 0; i < 2; i++)
        if (fscanf(pairs, "%43s %86s %lld %lld", trade->half[i].cookie, trade->half[i].token,
                   &trade->half[i].euro, &trade->half[i].hour) != 4)
            return false;
    return true;
}

/* --- one request ------------------------------------------------------------------------------ */

static inline void trade_close(struct trade *trade)
{
    if (trade->fd >= 0)
        (void)close(trade->fd);
    trade->fd = -1;
}

static inline bool trade_connect(struct trade *trade)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(trade->port)};
    const struct timeval patience = {.tv_sec = TRADE_SECONDS};
    const int on = 1;

    if (trade->fd >= 0)
        return true;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    trade->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (trade->fd < 0)
        return false;
    (void)setsockopt(trade->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)setsockopt(trade->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(trade->fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return true;
    trade_close(trade);
    return false;
}

/* True when a whole answer (head, and a body of Content-Length) is in trade->answer. */
static inline bool trade_whole(const struct trade *trade)
{
    const char *end = strstr(trade->answer, "\r\n\r\n");
    const char *length = strstr(trade->answer, "\r\nContent-Length: ");

    if (end == NULL)
        return false;
    if (length == NULL || length > end)
        return true;
    const size_t body = strtoul(length + 18, NULL, 10);

    return trade->answer_len >= (size_t)(end + 4 - trade->answer) + body;
}

static inline bool trade_receive(struct trade *trade)
{
    trade->answer_len = 0;
    trade->answer[0] = 0;
    while (!trade_whole(trade)) {
        const ssize_t got = recv(trade->fd, trade->answer + trade->answer_len,
                                 TRADE_ANSWER_MAX - trade->answer_len, 0);

        if (got <= 0)
            return false;
        trade->answer_len += (size_t)got;
        trade->answer[trade->answer_len] = 0;
    }
    trade->status = atoi(trade->answer + 9);
    return true;
}

/* POSTs as one half; false when no whole answer came. trade->status says what was answered. */
static inline bool trade_post(struct trade *trade, int half, const char *path, const char *form)
{
    char request[2048];
    const int len = snprintf(request, sizeof request,
                             "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nCookie: filon=%s\r\n"
                             "Content-Type: application/x-www-form-urlencoded\r\n"
                             "Content-Length: %zu\r\n\r\n%s",
                             path, trade->port, trade->half[half].cookie, strlen(form), form);

    if (len < 0 || (size_t)len >= sizeof request) {
        (void)fputs("trade: a request is too long\n", stderr);
        exit(2);
    }
    trade->status = 0;
    if (trade_connect(trade) &&
        send(trade->fd, request, (size_t)len, MSG_NOSIGNAL) == (ssize_t)len && trade_receive(trade))
        return true;
    trade_close(trade);
    return false;
}

/* --- the order -------------------------------------------------------------------------------- */

static inline void trade_begin(struct trade *trade)
{
    const uint64_t a = trade_dice(&trade->chance), b = trade_dice(&trade->chance);

    trade->step = TRADE_ASK;
    trade->order = 0;
    trade->seen = 0;
    trade->buyer = 1 - trade->buyer; /* to and fro: the purses stay near zero */
    if (trade->buyer == 0)
        trade->in_euro = !trade->in_euro;
    (void)snprintf(trade->uid, sizeof trade->uid, "%08x-%04x-7%03x-8%03x-%012llx",
                   (unsigned)(a >> 32), (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
                   (unsigned)(b >> 48 & 0xfff), (unsigned long long)(b & 0xffffffffffffu));
}

static inline void trade_next(struct trade *trade)
{
    trade->seen++;
    trade->step++;
    if (trade->step == TRADE_PAY_SAID && !(trade->in_euro && trade->pays))
        trade->step = TRADE_DELIVER;
}

static inline bool trade_ask(struct trade *trade)
{
    const struct trade_half *seller = &trade->half[1 - trade->buyer];
    char path[64], form[256];

    (void)snprintf(path, sizeof path, "/en/offer/%lld/ask",
                   trade->in_euro ? seller->euro : seller->hour);
    (void)snprintf(form, sizeof form, "csrf=%s&uid=%s&quantity=1&step=send",
                   trade->half[trade->buyer].token, trade->uid);
    return trade_post(trade, trade->buyer, path, form);
}

static inline bool trade_act(struct trade *trade)
{
    const bool buyers = trade->step == TRADE_PAY_SAID || trade->step == TRADE_CONFIRM;
    const int who = buyers ? trade->buyer : 1 - trade->buyer;
    char path[64], form[256];

    (void)snprintf(path, sizeof path, "/en/orders/%lld", trade->order);
    (void)snprintf(form, sizeof form, "csrf=%s&seen=%d&event=%s", trade->half[who].token,
                   trade->seen, trade_events[trade->step]);
    return trade_post(trade, who, path, form);
}

/* Where a redirect leads: the order of "Location: /en/orders/12"; 0 when nowhere like that. */
static inline long long trade_order_told(const struct trade *trade)
{
    const char *where = strstr(trade->answer, "\r\nLocation: ");
    const char *order = where == NULL ? NULL : strstr(where, "/orders/");

    return order == NULL ? 0 : strtoll(order + 8, NULL, 10);
}

/* Sends the step that is next (or the one in doubt, again). True when it was acknowledged: then
 * *done says which it was, and the trade has gone on. False: the connection is gone (status 0) or
 * the answer was no redirect (status). */
static inline bool trade_go(struct trade *trade, enum trade_step *done)
{
    if (trade->uid[0] == 0 || trade->step == TRADE_STEPS)
        trade_begin(trade);
    *done = trade->step;
    if (!(trade->step == TRADE_ASK ? trade_ask(trade) : trade_act(trade)))
        return false;
    const long long order = trade_order_told(trade);

    if (trade->status != 303 || order == 0)
        return false;
    if (*done == TRADE_ASK)
        trade->order = order;
    trade_next(trade);
    return true;
}

#endif
