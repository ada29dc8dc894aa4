/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The HTTP door: N loop threads, each with its own SO_REUSEPORT socket and its own libmicrohttpd
 * daemon that the thread drives itself (the library's internal epoll thread of 0.9.75 stalls at 128
 * busy connections: docs/decisions/0003), and a pool of threads for what may wait. Deadlines and
 * body limits are ours, because the library has none that a slow client cannot feed.
 */
#ifndef DOORS_HTTP_SERVER_H
#define DOORS_HTTP_SERVER_H

#include "doors/http/http.h"

struct http_server;
struct signer;

/* Zero in a number means the default in brackets. The struct is copied; what it points to must
 * outlive the server. */
struct http_config {
    const char *address; /* numeric IPv4 or IPv6 ["127.0.0.1"] */
    uint16_t port;       /* 0 = any free one, told by http_port */
    bool port_given;     /* with port 0: false means [8080], true any free one */
    const char
        *origin; /* "https://coop.example": what Origin must equal [http:// and the Host asked] */
    bool secure; /* the front speaks TLS: cookies are Secure, HSTS is sent */
    bool front_trusted;   /* X-Forwarded-For of a loopback peer names the client */
    unsigned threads;     /* loops [number of cores] */
    unsigned pool;        /* threads that may wait [64] */
    unsigned connections; /* at once, all loops together [4096] */
    int64_t headers_ms; /* from the first byte, or from accept, to the end of the headers [10000] */
    int64_t idle_ms;    /* keep-alive without a request [30000] */
    int64_t total_ms;   /* from the headers to the end of the body; sending has as long again and 16
                           bytes/ms more [60000] */
    int64_t upload_ms;  /* the same for a route with HTTP_UPLOAD, whose body must keep body_rate
                           anyway [300000] */
    int64_t body_rate;  /* bytes per second that a body must keep after 5 s [1024] */
    int64_t body_grace_ms; /* before body_rate counts [5000] */
    int64_t drain_ms;      /* how long http_stop waits for running requests [10000] */
    size_t arena_size;     /* memory of one request without its files [1 MiB] */
    size_t form_max;       /* body of a form [256 KiB] */
    size_t upload_max;     /* body of an upload [100 MiB] */
    const char *spool_dir; /* where uploads wait in unnamed files ["/var/tmp"] */
    struct signer *signer; /* cosigns for other co-ops; NULL = this house witnesses nobody */
    const char *log_dir;   /* the public files of the register; NULL = there are none */
    int gzip_level;        /* 1..9, -1 = never [1] */
    enum lang lang;        /* of a visitor who tells neither by path, cookie nor Accept-Language */
    bool rate_off;         /* no rate limits (tests, benches) */
    const struct http_route *routes; /* [http_routes] */
    struct http_hooks hooks;
    const struct world *world; /* NULL: ctx.db is NULL and now comes from the system's clock */
    void *app;                 /* http_req.app */
};

/* Listens and serves until http_stop. NO_IO_FAILED (errno tells) when the address cannot be had,
 * NO_OUT_OF_MEMORY. The world must have a reader for each loop thread (held for life) beyond those
 * the pool borrows. SIGPIPE must be ignored by main. */
no http_serve(struct http_server **server, const struct http_config *config) MUST_USE;
/* The port it listens on. */
uint16_t http_port(const struct http_server *server);
/* Stops accepting, lets running requests finish (at most drain_ms), ends the threads, gives
 * everything back. */
void http_stop(struct http_server *server);

#endif
