/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a server has answered "done", and whether its folder still says so when it is gone. It is
 * looked up with the store's own library, not with the store.
 */
#ifndef TESTS_PROMISE_H
#define TESTS_PROMISE_H

#include "launch.h"
#include "trade.h"

#include "rules/order.h"

#include <fcntl.h>
#include <sqlite3.h>

struct promise {
    long long order;
    enum trade_step step;
};

struct promises {
    struct promise *list;
    size_t n, room;
};

static const int promise_events[TRADE_STEPS] = {ORDER_DO_REQUEST,  ORDER_DO_ACCEPT,
                                                ORDER_DO_PAY_SAID, ORDER_DO_PAY_SEEN,
                                                ORDER_DO_DELIVER,  ORDER_DO_CONFIRM};

static inline void promise_keep(struct promises *promises, long long order, enum trade_step step)
{
    if (promises->n == promises->room) {
        promises->room = promises->room == 0 ? 1024 : promises->room * 2;
        promises->list = realloc(promises->list, promises->room * sizeof *promises->list);
    }
    if (promises->list == NULL)
        exit(2);
    promises->list[promises->n++] = (struct promise){order, step};
}

static inline int promise_broken(const char *what, long long order, const char *more)
{
    (void)printf("# %s: order %lld %s\n", what, order, more);
    return 1;
}

static inline sqlite3_stmt *promise_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        (void)fprintf(stderr, "promise: %s: %s\n", sql, sqlite3_errmsg(db));
        exit(2);
    }
    return statement;
}

static inline sqlite3 *promise_open(const char *dir)
{
    char path[4096];
    sqlite3 *db;

    (void)snprintf(path, sizeof path, "%s/filon.db", dir);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
        (void)fprintf(stderr, "promise: %s\n", path);
        exit(2);
    }
    return db;
}

/* Every promise from number `from` on is there exactly once; answers how many are not. */
static inline int promise_look(sqlite3 *db, const struct promises *promises, size_t from)
{
    int broken = 0;
    sqlite3_stmt *count =
        promise_prepare(db, "SELECT COUNT(*) FROM order_event WHERE orders = ?1 AND event = ?2");

    for (size_t i = from; i < promises->n; i++) {
        const struct promise *promise = &promises->list[i];

        (void)sqlite3_bind_int64(count, 1, promise->order);
        (void)sqlite3_bind_int(count, 2, promise_events[promise->step]);
        const int n = sqlite3_step(count) == SQLITE_ROW ? sqlite3_column_int(count, 0) : 0;

        if (n != 1)
            broken += promise_broken(n == 0 ? "LOST" : "TWICE", promise->order,
                                     trade_events[promise->step]);
        (void)sqlite3_reset(count);
    }
    (void)sqlite3_finalize(count);
    return broken;
}

/* `sql` lists orders that should not be. */
static inline int promise_none(sqlite3 *db, const char *what, const char *sql)
{
    sqlite3_stmt *wrong = promise_prepare(db, sql);
    int broken = 0;

    while (sqlite3_step(wrong) == SQLITE_ROW)
        broken += promise_broken(what, sqlite3_column_int64(wrong, 0), "");
    (void)sqlite3_finalize(wrong);
    return broken;
}

static inline int promise_none_stuck(sqlite3 *db)
{
    return promise_none(db, "STUCK", "SELECT id FROM orders WHERE state < 8 AND timer_ns = 0");
}

static inline int promise_none_twice(sqlite3 *db)
{
    return promise_none(db, "TWICE",
                        "SELECT orders FROM order_event WHERE event <> 28"
                        " GROUP BY orders, event HAVING COUNT(*) > 1") +
           promise_none(db, "ONE ENTRY FOR TWO",
                        "SELECT MIN(orders) FROM order_event WHERE entry > 0"
                        " GROUP BY entry HAVING COUNT(*) > 1");
}

/* `filon audit` on the folder; 0 when it finds nothing. */
static inline int promise_audit(const char *program, const char *dir)
{
    char *const argv[] = {(char *)(uintptr_t)program, "audit",  "--data",
                          (char *)(uintptr_t)dir,     "--json", NULL};
    posix_spawn_file_actions_t files;
    int status = -1;
    pid_t pid;

    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    (void)fflush(stdout);
    if (posix_spawn(&pid, program, &files, NULL, argv, environ) == 0)
        (void)waitpid(pid, &status, 0);
    (void)posix_spawn_file_actions_destroy(&files);
    return status == 0 ? 0 : promise_broken("AUDIT", 0, "filon audit finds something");
}

#endif
