/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A server with a door that can be held open, for the tests of the wire.
 */
#ifndef TESTS_HTTP_WIRE_H
#define TESTS_HTTP_WIRE_H

#include "http_client.h"

#include "doors/http/server.h"

#include <sched.h>
#include <stdatomic.h>
#include <time.h>

/* --- a house with a door that can be held
 * ------------------------------------------------------------------------------------- */

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

static inline struct house *house_open(struct http_config config)
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

static inline int open_house(void **state)
{
    *state = house_open((struct http_config){.threads = 1, .pool = 4});
    return 0;
}

/* Every patience short, each a different length, so that a test knows which one has run out. */
static inline int open_hasty_house(void **state)
{
    *state = house_open((struct http_config){.threads = 1,
                                             .pool = 4,
                                             .headers_ms = 120,
                                             .idle_ms = 240,
                                             .total_ms = 2000,
                                             .body_grace_ms = 100,
                                             .body_rate = 1000});
    return 0;
}

static inline int close_house(void **state)
{
    struct house *house = *state;

    if (house->server != NULL)
        http_stop(house->server);
    free(house);
    return 0;
}

static inline int64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#define GET "GET / HTTP/1.1\r\nHost: a\r\n"
#define POST "POST /note HTTP/1.1\r\nHost: a\r\n"

#define IN_HOUSE(test) cmocka_unit_test_setup_teardown(test, open_house, close_house)
#define IN_HASTE(test) cmocka_unit_test_setup_teardown(test, open_hasty_house, close_house)

#endif
