/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a test tells the failing disk (faultio.c), in a file that both map. Fill the numbers, then
 * set `armed`.
 */
#ifndef TESTS_FAULTIO_H
#define TESTS_FAULTIO_H

#include <stdatomic.h>

enum { FAULTIO_WRITE = 1, FAULTIO_SYNC = 2 };
enum { FAULTIO_MAIN = 1, FAULTIO_WAL = 2 };
#define FAULTIO_FOR_EVER 1000000000L

struct faultio {
    _Atomic int armed;
    int calls, files, error; /* sets of the above; an errno */
    long first, many;        /* the first that fails, counted from 1, and how many */
    _Atomic long counted, failed;
};

#endif
