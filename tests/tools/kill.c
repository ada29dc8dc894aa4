/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Kills the server at random moments while members trade, starts it again on the same folder, and
 * looks whether it kept its word: every step that was answered "done" is in the book once, the
 * audit finds nothing, no order is left without a timer. A step whose answer never came is sent
 * again, as a person would press the button again; it may not happen twice.
 *
 *     kill PROGRAM DATA-FOLDER PAIRS LOG ROUNDS SEED
 *
 * PAIRS is what `seed DATA-FOLDER pairs 16` has printed. LOG gets a line for every answer, written
 * before the next step is sent.
 */
#include "launch.h"
#include "promise.h"
#include "trade.h"

#include <pthread.h>
#include <time.h>

enum { TRADERS_MAX = 64, LEAST_MS = 15, MOST_MS = 300 };

struct trader {
    struct trade trade;
    pthread_t thread;
    struct promises kept; /* what was acknowledged, of all rounds */
    size_t looked;        /* of these, how many an earlier round looked up */
    bool refused;
};

static struct trader traders[TRADERS_MAX];
static int traders_n, log_fd, failures;

static double now(void)
{
    struct timespec at;

    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

/* --- trading ---------------------------------------------------------------------------------- */

static void keep(struct trader *trader, enum trade_step step)
{
    char line[64];
    const int len =
        snprintf(line, sizeof line, "%lld %s\n", trader->trade.order, trade_events[step]);

    if (write(log_fd, line, (size_t)len) != len)
        exit(2);
    promise_keep(&trader->kept, trader->trade.order, step);
}

static bool go(struct trader *trader, enum trade_step *step)
{
    if (trade_go(&trader->trade, step)) {
        keep(trader, *step);
        return true;
    }
    /* No answer at all is what a killed server gives; any other answer is a refusal. */
    if (trader->trade.status != 0) {
        (void)printf("# %s of %lld was answered %d: %.400s\n", trade_events[*step],
                     trader->trade.order, trader->trade.status, trader->trade.answer);
        trader->refused = true;
    }
    return false;
}

static void *until_killed(void *trader)
{
    enum trade_step step;

    while (go(trader, &step))
        continue;
    return NULL;
}

static void *until_whole(void *trader_)
{
    struct trader *trader = trader_;
    enum trade_step step = TRADE_ASK;

    while (trader->trade.uid[0] != 0 && trader->trade.step != TRADE_STEPS)
        if (!go(trader, &step)) {
            trader->refused = true;
            break;
        }
    return NULL;
}

static void start_all(uint16_t port, void *(*what)(void *))
{
    for (int i = 0; i < traders_n; i++) {
        trade_close(&traders[i].trade);
        traders[i].trade.port = port;
        if (pthread_create(&traders[i].thread, NULL, what, &traders[i]) != 0)
            exit(2);
    }
}

static void join_all(void)
{
    for (int i = 0; i < traders_n; i++) {
        (void)pthread_join(traders[i].thread, NULL);
        failures += traders[i].refused;
        traders[i].refused = false;
    }
    (void)fsync(log_fd);
}

/* --- rounds ----------------------------------------------------------------------------------- */

static size_t promises_n(void)
{
    size_t n = 0;

    for (int i = 0; i < traders_n; i++)
        n += traders[i].kept.n;
    return n;
}

static void look(const char *program, const char *dir, bool whole)
{
    failures += promise_audit(program, dir);
    sqlite3 *db = promise_open(dir);

    for (int i = 0; i < traders_n; i++) {
        failures += promise_look(db, &traders[i].kept, whole ? 0 : traders[i].looked);
        traders[i].looked = traders[i].kept.n;
    }
    failures += promise_none_stuck(db);
    if (whole) {
        failures += promise_none_twice(db);
        failures += promise_none(db, "NOT FINISHED", "SELECT id FROM orders WHERE state <> 8");
    }
    (void)sqlite3_close(db);
}

static void one_round(const char *program, const char *dir, uint64_t *chance)
{
    struct server server;
    const useconds_t ms = (useconds_t)(LEAST_MS + trade_dice(chance) % (MOST_MS - LEAST_MS));

    launch(&server, program, dir, NULL);
    start_all(server.port, until_killed);
    (void)usleep(ms * 1000 + (useconds_t)(trade_dice(chance) % 1000));
    (void)launch_end(&server, SIGKILL);
    join_all();
    look(program, dir, false);
}

/* What was begun is finished, and all that was ever promised is looked up again. */
static void last_round(const char *program, const char *dir)
{
    struct server server;

    launch(&server, program, dir, NULL);
    start_all(server.port, until_whole);
    join_all();
    launch_stop(&server);
    look(program, dir, true);
}

int main(int argc, char **argv)
{
    FILE *pairs = argc > 6 ? fopen(argv[3], "r") : NULL;
    const int rounds = argc > 6 ? atoi(argv[5]) : 0;
    uint64_t chance = argc > 6 ? strtoull(argv[6], NULL, 10) : 0;

    if (pairs == NULL || rounds < 1) {
        (void)fputs("usage: kill PROGRAM DATA-FOLDER PAIRS LOG ROUNDS SEED\n", stderr);
        return 2;
    }
    log_fd = open(argv[4], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    while (traders_n < TRADERS_MAX &&
           trade_read(&traders[traders_n].trade, pairs, chance * 1000 + (uint64_t)traders_n))
        traders_n++;
    (void)fclose(pairs);
    const double start = now();
    int round = 0;

    while (round < rounds && failures == 0) {
        one_round(argv[1], argv[2], &chance);
        if (++round % 25 == 0)
            (void)printf("# %d rounds, %zu answers, %.0f s\n", round, promises_n(), now() - start);
        (void)fflush(stdout);
    }
    if (failures == 0)
        last_round(argv[1], argv[2]);
    (void)printf("# seed %s: %d rounds in %.1f s, %zu answers kept\n", argv[6], round,
                 now() - start, promises_n());
    if (promises_n() < (size_t)round * 10)
        failures += promise_broken("TOO FEW ANSWERS", 0, "to say anything");
    return failures == 0 ? 0 : 1;
}
