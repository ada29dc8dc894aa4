/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What every bench shares: a clock, a folder, a line of figures. A figure is a ratio to a peer or a
 * limit that was measured in the same run; rounds are interleaved and the median is printed.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static inline double bench_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static inline int bench_order(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static inline double bench_median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, bench_order);
    return values[n / 2];
}

/* "name  figure  target  ok|MISSED": one line that bench/run collects. */
static inline void bench_line(const char *name, double figure, const char *unit, double target,
                              int at_least)
{
    const int ok = at_least ? figure >= target : figure <= target;

    (void)printf("%-58s %12.2f %-10s %s %10.2f  %s\n", name, figure, unit,
                 at_least ? ">=" : "<=", target, ok ? "ok" : "MISSED");
    (void)fflush(stdout);
}

/* A folder on the disk of the working tree (not in memory), given back by bench_folder_end. */
static inline void bench_folder(char *dir, size_t size)
{
    (void)snprintf(dir, size, "build/bench-XXXXXX");
    if (mkdtemp(dir) == NULL) {
        perror(dir);
        exit(1);
    }
}

static inline void bench_folder_end(const char *dir)
{
    char command[256];

    (void)snprintf(command, sizeof command, "rm -rf '%s'", dir);
    if (system(command) != 0)
        perror(dir);
}

#endif
