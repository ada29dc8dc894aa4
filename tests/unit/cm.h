/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * cmocka with the headers it wants before it, and comparisons of our own types.
 */
#ifndef TESTS_CM_H
#define TESTS_CM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

/* A str against a zero-terminated text; on a difference both are printed. */
static inline void check_str(str got, const char *wanted, const char *file, int line)
{
    if (str_eq(got, str_of(wanted)))
        return;
    print_error("got    \"%.*s\"\nwanted \"%s\"\n", (int)got.len, got.ptr == NULL ? "" : got.ptr,
                wanted);
    _fail(file, line);
}
#define assert_str(got, wanted) check_str((got), (wanted), __FILE__, __LINE__)

/* A small generator with a seed, so that a failing case can be run again (xorshift64*). */
static inline uint64_t chance_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

#endif
