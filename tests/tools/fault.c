/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A disk that fills up and a sync that fails while people trade. For every n: the n-th write (or
 * sync) of a short workload fails, for ever (a full disk) or once. What is answered "done" must
 * stay; what is not must be answered 503 or 507 with a page of words; when the disk is well again
 * the same form, sent again, must be done. At the end the server is killed and its folder looked
 * at.
 *
 *     fault PROGRAM DATA-FOLDER PAIRS SHIM COMMANDS
 *
 * SHIM is faultio.so, COMMANDS a file name to share with it.
 */
#include "faultio.h"
#include "launch.h"
#include "promise.h"
#include "trade.h"

#include <fcntl.h>
#include <sys/mman.h>

enum { ORDERS = 2, NOT_REACHED_MAX = 3, LONG_ORDERS = 150 };

static struct faultio *disk;
static struct promises promises;
static struct trade trade;
static int failures, faults, refusals;

static void attach(const char *path)
{
    const int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0 || ftruncate(fd, sizeof *disk) != 0) {
        perror(path);
        exit(2);
    }
    disk = mmap(NULL, sizeof *disk, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (disk == MAP_FAILED)
        exit(2);
    (void)close(fd);
    (void)setenv("FAULTIO", path, 1);
}

struct plan {
    const char *name;
    int calls, files, error;
    long many;
};

static void arm(const struct plan *plan, long first)
{
    atomic_store(&disk->armed, 0);
    disk->calls = plan->calls;
    disk->files = plan->files;
    disk->error = plan->error;
    disk->first = first;
    disk->many = plan->many;
    atomic_store(&disk->counted, 0);
    atomic_store(&disk->failed, 0);
    atomic_store(&disk->armed, 1);
}

static void say(const struct plan *plan, long n, const char *what)
{
    (void)printf("# %s, n = %ld: %s; order %lld, status %d\n%.300s\n", plan->name, n, what,
                 trade.order, trade.status, trade.answer);
    failures++;
}

/* A refusal that a person can read: 503 or 507, and a page that is no empty one. */
static bool is_refusal(void)
{
    const char *page = strstr(trade.answer, "<h1");

    return (trade.status == 503 || trade.status == 507) && page != NULL &&
           strstr(trade.answer, "<title>") != NULL;
}

static bool step(const struct plan *plan, long n)
{
    enum trade_step done;

    if (trade_go(&trade, &done)) {
        promise_keep(&promises, trade.order, done);
        return true;
    }
    refusals++;
    if (!is_refusal())
        say(plan, n, "no refusal in words");
    return false;
}

/* Trades until `orders` are whole or something is refused. */
static bool trade_some(const struct plan *plan, long n, int orders)
{
    for (int whole = 0; whole < orders; whole += trade.step == TRADE_STEPS)
        if (!step(plan, n))
            return false;
    return true;
}

static void recover(const struct plan *plan, long n)
{
    atomic_store(&disk->armed, 0);
    enum trade_step done;

    if (trade_go(&trade, &done))
        promise_keep(&promises, trade.order, done);
    else
        say(plan, n, "the disk is well again, and the form is refused");
}

/* For n = 1, 2, 3 ... until the workload ends before the n-th call. */
static void for_all_n(const struct plan *plan)
{
    int not_reached = 0;
    const int before = faults;

    for (long n = 1; not_reached < NOT_REACHED_MAX && failures == 0; n++) {
        arm(plan, n);
        const bool all = trade_some(plan, n, ORDERS);

        not_reached = atomic_load(&disk->failed) == 0 ? not_reached + 1 : 0;
        faults += atomic_load(&disk->failed) > 0;
        atomic_store(&disk->armed, 0);
        if (!all)
            recover(plan, n);
    }
    (void)printf("# %s: %d places\n", plan->name, faults - before);
}

/* The main file alone cannot be written for a long while: that is the checkpoint's trouble, and
 * nobody's who trades, as long as the log has room. */
static void no_checkpoint(void)
{
    const struct plan plan = {"no checkpoint for a while", FAULTIO_WRITE | FAULTIO_SYNC,
                              FAULTIO_MAIN, 28, FAULTIO_FOR_EVER};

    arm(&plan, 1);
    const bool all = trade_some(&plan, 1, LONG_ORDERS);

    if (!all)
        say(&plan, 1, "refused, though only the checkpoint fails");
    (void)printf("# %s: %ld calls failed\n", plan.name, (long)atomic_load(&disk->failed));
    if (atomic_load(&disk->failed) == 0)
        say(&plan, 1, "no checkpoint was tried: nothing was tested");
    recover(&plan, 1);
}

int main(int argc, char **argv)
{
    static const struct plan plans[] = {
        {"disk full", FAULTIO_WRITE, FAULTIO_WAL | FAULTIO_MAIN, 28, FAULTIO_FOR_EVER},
        {"one write fails", FAULTIO_WRITE, FAULTIO_WAL | FAULTIO_MAIN, 5, 1},
        {"syncs fail", FAULTIO_SYNC, FAULTIO_WAL | FAULTIO_MAIN, 5, FAULTIO_FOR_EVER},
        {"one sync fails", FAULTIO_SYNC, FAULTIO_WAL | FAULTIO_MAIN, 5, 1},
    };
    FILE *pairs = argc > 5 ? fopen(argv[3], "r") : NULL;
    struct server server;

    if (pairs == NULL || !trade_read(&trade, pairs, 42)) {
        (void)fputs("usage: fault PROGRAM DATA-FOLDER PAIRS SHIM COMMANDS\n", stderr);
        return 2;
    }
    (void)fclose(pairs);
    attach(argv[5]);
    launch(&server, argv[1], argv[2], argv[4]);
    trade.port = server.port;
    for (size_t i = 0; i < sizeof plans / sizeof plans[0] && failures == 0; i++)
        for_all_n(&plans[i]);
    if (failures == 0)
        no_checkpoint();
    (void)launch_end(&server, SIGKILL);
    failures += promise_audit(argv[1], argv[2]);
    sqlite3 *db = promise_open(argv[2]);

    failures += promise_look(db, &promises, 0) + promise_none_stuck(db) + promise_none_twice(db);
    (void)sqlite3_close(db);
    (void)printf("# %d faults, %d refusals in words, %zu answers kept\n", faults, refusals,
                 promises.n);
    return failures == 0 && faults > 0 && refusals > 0 ? 0 : 1;
}
