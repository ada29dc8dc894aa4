/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Who gets what out of a price. Products go through 128 bits; the largest remainder decides the
 * last cents of the strata, so that they sum to the fee exactly.
 */
#include "rules/fee.h"

#include <assert.h>
#include <stdbool.h>

__extension__ typedef __int128 wide;

enum { BP = 10000 };

struct fee_params fee_params_default(enum unit_kind unit)
{
    if (unit == UNIT_FIAT)
        return (struct fee_params){.running_bp = 520, .reserve_bp = 230, .solidarity_bp = 150};
    return (struct fee_params){0};
}

no fee_params_check(const struct fee_params *params)
{
    const int64_t total = (int64_t)params->running_bp + params->reserve_bp + params->solidarity_bp;

    if (params->running_bp < 0 || params->reserve_bp < 0 || params->solidarity_bp < 0)
        return NO_FIELD_OUT_OF_RANGE;
    return total > FEE_BP_MAX ? NO_FEE_TOO_HIGH : YES;
}

/* Cuts `amount` by `weights` (>= 0) into `parts` that sum to it: floors first, then one more to the
 * largest remainders, the earlier one on a tie. All weights 0: everything to the first. */
static void apportion(int64_t amount, const int64_t *weights, size_t n, int64_t *parts)
{
    wide remainders[FEE_STRATA];
    wide total = 0;
    int64_t left = amount;

    assert(n <= FEE_STRATA);
    for (size_t i = 0; i < n; i++)
        total += weights[i];
    for (size_t i = 0; i < n; i++) {
        const wide product = (wide)amount * weights[i];

        parts[i] = total == 0 ? 0 : (int64_t)(product / total);
        remainders[i] = total == 0 ? 0 : product % total;
        left -= parts[i];
    }
    if (total == 0) {
        parts[0] = amount;
        return;
    }
    for (; left > 0; left--) {
        size_t best = 0;

        for (size_t i = 1; i < n; i++)
            if (remainders[i] > remainders[best])
                best = i;
        parts[best]++;
        remainders[best] = -1;
    }
}

no fee_strata_of(int64_t fee, const struct fee_params *params, struct fee_split *out)
{
    const int64_t weights[] = {params->running_bp, params->reserve_bp, params->solidarity_bp};
    int64_t parts[3];

    if (fee < 0 || fee > FEE_PRICE_MAX)
        return NO_FIELD_OUT_OF_RANGE;
    TRY(fee_params_check(params));
    apportion(fee, weights, 3, parts);
    *out = (struct fee_split){
        .price = fee, .fee = fee, .running = parts[0], .reserve = parts[1], .solidarity = parts[2]};
    return YES;
}

no fee_split(int64_t price, const struct fee_params *params, struct fee_split *out)
{
    struct fee_split split;

    if (price < 0 || price > FEE_PRICE_MAX)
        return NO_FIELD_OUT_OF_RANGE;
    TRY(fee_params_check(params));
    const int32_t bp = params->running_bp + params->reserve_bp + params->solidarity_bp;
    /* Floored: what is left of a cent stays with whoever did the work. */
    TRY(fee_strata_of((int64_t)((wide)price * bp / BP), params, &split));
    split.price = price;
    split.provider = price - split.fee;
    *out = split;
    return YES;
}

void fee_core(const struct fee_split *split, struct fee_stratum core[FEE_STRATA])
{
    const int64_t amounts[FEE_STRATA] = {split->provider, split->running, split->reserve,
                                         split->solidarity};
    int64_t shares[FEE_STRATA] = {0};

    if (split->price > 0)
        apportion(BP, amounts, FEE_STRATA, shares);
    for (size_t i = 0; i < FEE_STRATA; i++)
        core[i] = (struct fee_stratum){
            .kind = (enum fee_stratum_kind)i, .amount = amounts[i], .share = (int32_t)shares[i]};
}
