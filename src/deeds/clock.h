/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One round of the clock: everything that time alone decides.
 */
#ifndef DEEDS_CLOCK_H
#define DEEDS_CLOCK_H

#include "deeds/ctx.h"

/* Plays what is due now until nothing is: timers of orders, expired holds, the
 * end of a month in the register. */
no deed_clock_round(struct ctx *ctx) MUST_USE;

#endif
