/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Whole orders by HTTP, each step durable before it is answered: 64 clients, each ask, accept,
 * deliver, confirm, half in euro, half in hours. Usage: order PROGRAM DATA-FOLDER PAIRS [seconds]
 * [clients]. PAIRS is what tests/tools/seed printed; the server is started here.
 */
#include "bench.h"

#include "launch.h"
#include "trade.h"

#include <pthread.h>
#include <stdatomic.h>

enum { CLIENTS_MAX = 256, CLIENTS = 64, SECONDS = 3, ROUNDS = 3, ORDERS_PER_SECOND = 1000 };

static _Atomic bool stop;
static _Atomic int64_t orders, steps;
static struct trade trades[CLIENTS_MAX];

static void *trader(void *trade_)
{
    struct trade *trade = trade_;
    enum trade_step done;

    while (!atomic_load(&stop)) {
        if (!trade_go(trade, &done)) {
            (void)fprintf(stderr, "order: %s of %lld was answered %d\n%.600s\n", trade_events[done],
                          trade->order, trade->status, trade->answer);
            exit(1);
        }
        atomic_fetch_add(&steps, 1);
        if (done == TRADE_CONFIRM)
            atomic_fetch_add(&orders, 1);
    }
    return NULL;
}

static double round_of(int clients, double seconds)
{
    pthread_t threads[CLIENTS_MAX];
    const int64_t before = atomic_load(&orders);
    const double start = bench_now();

    atomic_store(&stop, false);
    for (int i = 0; i < clients; i++)
        if (pthread_create(&threads[i], NULL, trader, &trades[i]) != 0)
            exit(1);
    (void)usleep((useconds_t)(seconds * 1e6));
    const int64_t n = atomic_load(&orders) - before;
    const double rate = (double)n / (bench_now() - start);

    atomic_store(&stop, true);
    for (int i = 0; i < clients; i++)
        (void)pthread_join(threads[i], NULL);
    return rate;
}

int main(int argc, char **argv)
{
    double rates[ROUNDS];
    struct server server;
    FILE *pairs = argc > 3 ? fopen(argv[3], "r") : NULL;
    const double seconds = argc > 4 ? strtod(argv[4], NULL) : SECONDS;
    const int clients = argc > 5 ? atoi(argv[5]) : CLIENTS;

    if (pairs == NULL || clients < 1 || clients > CLIENTS_MAX) {
        (void)fputs("usage: order PROGRAM DATA-FOLDER PAIRS [seconds] [clients]\n", stderr);
        return 2;
    }
    launch(&server, argv[1], argv[2], NULL);
    for (int i = 0; i < clients; i++) {
        if (!trade_read(&trades[i], pairs, (uint64_t)i + (uint64_t)getpid() * 1000))
            return 2;
        trades[i].port = server.port;
        trades[i].pays = false;
    }
    (void)fclose(pairs);
    (void)round_of(clients, seconds / 3); /* purses are opened, connections made */
    for (int i = 0; i < ROUNDS; i++)
        rates[i] = round_of(clients, seconds);
    launch_stop(&server);
    bench_line("full orders by HTTP, 64 clients, durable", bench_median(rates, ROUNDS), "/s",
               ORDERS_PER_SECOND, 1);
    return 0;
}
