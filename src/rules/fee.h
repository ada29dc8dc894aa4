/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Who gets what out of a price: the core sample. The price is what the buyer pays; the common
 * contribution is taken out of it, so that the first price shown is the last price paid. The
 * contribution is floored: every remainder of a cent stays with whoever did the work.
 * Source: specs/market.md 3.2, design/screens.md 0 (9, 10) and the figures of the prototype.
 */
#ifndef RULES_FEE_H
#define RULES_FEE_H

#include "base/money.h"
#include "base/no.h"

#include <stddef.h>
#include <stdint.h>

/* The largest amount a price may have: whole in JSON and JavaScript too. */
#define FEE_PRICE_MAX ((int64_t)9007199254740991)
/* The contribution may never be more than this share of a price, in basis points. */
enum { FEE_BP_MAX = 5000 };

/* Basis points of the price for each stratum; all >= 0, together at most FEE_BP_MAX. */
struct fee_params {
    int32_t running_bp, reserve_bp, solidarity_bp;
};

/* Minor units. provider + fee = price; running + reserve + solidarity = fee. */
struct fee_split {
    int64_t price, provider, fee, running, reserve, solidarity;
};

/* One stratum of the core sample, from the bottom up. `share` is in 1/10000 of the price. */
enum fee_stratum_kind { FEE_PROVIDER, FEE_RUNNING, FEE_RESERVE, FEE_SOLIDARITY, FEE_STRATA };
struct fee_stratum {
    enum fee_stratum_kind kind;
    int64_t amount;
    int32_t share;
};

/* The parameters of a co-op that has not voted others: money 520/230/150, credits and hours 0. */
struct fee_params fee_params_default(enum unit_kind unit);

/* YES when the parameters are in range; NO_FIELD_OUT_OF_RANGE when one is negative,
 * NO_FEE_TOO_HIGH above FEE_BP_MAX. */
no fee_params_check(const struct fee_params *params) MUST_USE;

/* Splits `price` (0..FEE_PRICE_MAX minor units): fee = floor(price * sum of bp / 10000), its
 * strata by largest remainder (ties: running, reserve, solidarity), provider = the rest.
 * NO_FIELD_OUT_OF_RANGE for the price, or the answer of fee_params_check. */
no fee_split(int64_t price, const struct fee_params *params, struct fee_split *out) MUST_USE;

/* Cuts an amount of fee that was really taken (cancellation, settlement) into the strata, by the
 * same rule. out->price = out->fee = `fee`, out->provider = 0. `fee` 0..FEE_PRICE_MAX; with all
 * bp 0 it goes to running. */
no fee_strata_of(int64_t fee, const struct fee_params *params, struct fee_split *out) MUST_USE;

/* The core sample to draw: FEE_STRATA strata whose amounts sum to the price and whose shares sum
 * to 10000 (largest remainder), or to 0 for a price of 0. */
void fee_core(const struct fee_split *split, struct fee_stratum core[FEE_STRATA]);

#endif
