/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The demonstration: a co-op in Lyon with invented people, made from a fixed seed through the same
 * deeds that people use, so that whatever it shows could have happened. Larger ones feed the
 * benches.
 */
#ifndef DOORS_CLI_DEMO_H
#define DOORS_CLI_DEMO_H

#include "deeds/ctx.h"

struct demo_size {
    int64_t members, offers,
        orders; /* 0 = the usual: 40 members, 120 offers and needs, six months of orders */
};

/* Makes all of it in an empty data folder, on the console's context; `progress` draws a bar on
 * standard error. */
no demo_make(struct ctx *ctx, const struct demo_size *size, bool progress) MUST_USE;

#endif
