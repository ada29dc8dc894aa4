/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The money of one year in one currency, as every visitor may see it: what was paid through the
 * co-op, what of it went to whoever did the work and what to which stratum of the co-op. No account
 * of a person is looked at; it reads sums of months (decision 0030).
 *
 * Euros: what was paid directly, less what was paid back; the co-op's strata are what was booked on
 * 708201..3. Hours and credits: what was paid between purses, the co-op's part cut as the members
 * decided.
 */
#ifndef DEEDS_MONEY_H
#define DEEDS_MONEY_H

#include "deeds/ctx.h"
#include "rules/fee.h"

enum { MONEY_MONTHS = 12, MONEY_YEARS_MAX = 40 };

/* Minor units; work + running + reserve + solidarity = total, always. `work` may be less than 0 in
 * a month whose refunds outweigh its payments. */
struct money_sum {
    int64_t total, work, running, reserve, solidarity;
    int64_t payments_n;
};

struct money_view {
    int64_t currency;
    int32_t year; /* the one asked for, or the newest with something in it, or this one */
    struct money_sum year_sum, months[MONEY_MONTHS];
    int64_t sent;                   /* between members without an order */
    struct fee_params fee;          /* decided now, for an empty core sample */
    int32_t years[MONEY_YEARS_MAX]; /* with something in them, newest first */
    size_t years_n;
    int64_t entries_n; /* of the whole book */
    int64_t last_ns;   /* when the last one was booked; 0 = none */
};

/* `year` 0: the newest. NO_NOT_FOUND: no such currency. */
no view_money(struct ctx *ctx, int64_t currency, int32_t year, struct money_view *view) MUST_USE;

/* The part of the co-op in a sum: total - work. */
int64_t money_coop(const struct money_sum *sum);

#endif
