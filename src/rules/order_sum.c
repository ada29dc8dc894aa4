/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What is frozen with an order, and the sums that follow from it alone.
 */
#include "rules/order_in.h"

#include <assert.h>

__extension__ typedef __int128 wide;

static const struct {
    size_t n;
    struct order_step steps[ORDER_STEPS_MAX];
} schedules[] = {
    [ORDER_FLEXIBLE] = {2, {{24, 10000}, {0, 5000}}},
    [ORDER_MODERATE] = {3, {{120, 10000}, {24, 5000}, {0, 0}}},
    [ORDER_STRICT] = {3, {{336, 10000}, {168, 5000}, {0, 0}}},
};

/* Per kind, hours: receipt and confirm from market.md 3.4 (silence), the others ours until voted.
 */
static const struct {
    int16_t deliver, receipt, confirm, early;
    int16_t panel_delivered_bp;
} kinds[ORDER_KINDS] = {
    [ORDER_SALE] = {336, 336, 72, 0, 10000}, [ORDER_SLOT] = {48, 24, 48, 2, 5000},
    [ORDER_RENTAL] = {48, 24, 72, 24, 5000}, [ORDER_EXCHANGE] = {336, 48, 48, 24, 5000},
    [ORDER_GIFT] = {336, 336, 72, 0, 0},     [ORDER_SERVICE] = {336, 72, 72, 24, 5000},
};

void order_terms_default(struct order_terms *terms, enum order_kind kind,
                         enum order_cancel_choice choice)
{
    assert(kind > 0 && kind < ORDER_KINDS);
    assert(choice >= ORDER_FLEXIBLE && choice <= ORDER_STRICT);
    *terms = (struct order_terms){
        .steps_n = schedules[choice].n,
        .draft_ttl = ORDER_DAY,
        .accept_ttl = 48 * ORDER_HOUR,
        .pay_ttl = 5 * ORDER_DAY,
        .start_early = kinds[kind].early == 0 ? 400 * ORDER_DAY : kinds[kind].early * ORDER_HOUR,
        .no_show_grace = 15 * ORDER_MINUTE,
        .deliver_ttl = kinds[kind].deliver * ORDER_HOUR,
        .receipt_ttl = kinds[kind].receipt * ORDER_HOUR,
        .confirm_silence = kinds[kind].confirm * ORDER_HOUR,
        .dispute_window = kinds[kind].confirm * ORDER_HOUR,
        .panel_ttl = 60 * ORDER_DAY,
        .panel_refund_bp = ORDER_BP,
        .panel_refund_delivered_bp = kinds[kind].panel_delivered_bp,
        .overdue_bp = 1000,
        .overdue_days_max = 10,
    };
    for (size_t i = 0; i < ORDER_STEPS_MAX; i++)
        terms->steps[i] = schedules[choice].steps[i];
}

static bool is_share(int32_t bp)
{
    return bp >= 0 && bp <= ORDER_BP;
}

static bool steps_fall(const struct order_terms *terms)
{
    if (terms->steps_n > ORDER_STEPS_MAX)
        return false;
    for (size_t i = 0; i < terms->steps_n; i++) {
        const struct order_step *step = &terms->steps[i];

        if (step->hours < 0 || !is_share(step->refund_bp))
            return false;
        if (i > 0 && (step->hours >= step[-1].hours || step->refund_bp > step[-1].refund_bp))
            return false;
    }
    return true;
}

no order_terms_check(const struct order_terms *terms)
{
    const int64_t durations[] = {
        terms->draft_ttl,      terms->accept_ttl,  terms->pay_ttl,     terms->start_early,
        terms->no_show_grace,  terms->deliver_ttl, terms->receipt_ttl, terms->confirm_silence,
        terms->dispute_window, terms->panel_ttl,
    };
    const int32_t shares[] = {terms->panel_refund_bp, terms->panel_refund_delivered_bp,
                              terms->provider_penalty_bp, terms->overdue_bp};

    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++)
        if (durations[i] < 1 || durations[i] > 400 * ORDER_DAY)
            return NO_FIELD_OUT_OF_RANGE;
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++)
        if (!is_share(shares[i]))
            return NO_FIELD_OUT_OF_RANGE;
    if (terms->overdue_days_max < 0 || terms->overdue_days_max > 400 || !steps_fall(terms))
        return NO_FIELD_OUT_OF_RANGE;
    return YES;
}

int32_t order_refund_bp(const struct order_terms *terms, int64_t starts_ns, int64_t now_ns)
{
    if (starts_ns == 0 || terms->steps_n == 0)
        return ORDER_BP;
    /* After the start it is as at the start. */
    const int64_t left = now_ns < starts_ns ? starts_ns - now_ns : 0;

    for (size_t i = 0; i < terms->steps_n; i++)
        if (left >= terms->steps[i].hours * ORDER_HOUR)
            return terms->steps[i].refund_bp;
    return 0;
}

int64_t order_share(int64_t amount, int32_t bp)
{
    return (int64_t)((wide)amount * bp / ORDER_BP);
}

struct order_split order_split_at(const struct order_part *part, int32_t refund_bp)
{
    const int32_t kept_bp = ORDER_BP - refund_bp;
    const int64_t price = order_share(part->price, kept_bp);
    const int64_t buyer = order_share(part->fee_buyer, kept_bp);
    const int64_t provider = order_share(part->fee_provider, kept_bp);

    return (struct order_split){.refund = part->price - price + (part->fee_buyer - buyer),
                                .provider = price - provider,
                                .fee = provider + buyer};
}

struct order_split order_split_back(const struct order_part *part, int64_t refund)
{
    const int64_t whole = order_part_total(part), stays = whole - refund;
    const wide fees = part->fee_buyer + part->fee_provider;
    const int64_t fee = whole == 0 ? 0 : (int64_t)(fees * stays / whole);

    return (struct order_split){.refund = refund, .provider = stays - fee, .fee = fee};
}

int64_t order_part_total(const struct order_part *part)
{
    return part->price + part->fee_buyer;
}

int64_t order_part_to_provider(const struct order_part *part)
{
    return part->price - part->fee_provider;
}

static no part_check(const struct order_part *part)
{
    if (part->unit_kind < UNIT_FIAT || part->unit_kind >= UNIT_KINDS)
        return NO_FIELD_WRONG;
    if (part->price < 0 || part->fee_buyer < 0 || part->fee_provider < 0 || part->deposit < 0)
        return NO_FIELD_OUT_OF_RANGE;
    if (part->price > FEE_PRICE_MAX || part->fee_buyer > FEE_PRICE_MAX - part->price ||
        part->deposit > FEE_PRICE_MAX || part->fee_provider > part->price)
        return NO_FIELD_OUT_OF_RANGE;
    if (part->price == 0 && part->fee_buyer == 0 && part->deposit == 0)
        return NO_FIELD_WRONG;
    if (part->funding < ORDER_INTERNAL || part->funding > ORDER_PSP)
        return NO_PAYMENT_NOT_OFFERED;
    /* Credit and hours exist only in the ledger; a deposit paid outside could not be given back. */
    if (part->funding != ORDER_INTERNAL && part->unit_kind != UNIT_FIAT)
        return NO_PAYMENT_NOT_OFFERED;
    return part->funding == ORDER_DIRECT && part->deposit > 0 ? NO_PAYMENT_NOT_OFFERED : YES;
}

no order_deal_check(enum order_kind kind, const struct order_deal *deal)
{
    const bool dated = kind == ORDER_SLOT || kind == ORDER_RENTAL;

    if (deal->parts_n > ORDER_PARTS_MAX || deal->quantity < 1 ||
        deal->quantity > ORDER_QUANTITY_MAX)
        return NO_FIELD_OUT_OF_RANGE;
    for (size_t i = 0; i < deal->parts_n; i++)
        TRY(part_check(&deal->parts[i]));
    if (deal->parts_n == 2 && deal->parts[0].currency == deal->parts[1].currency)
        return NO_FIELD_WRONG;
    if (kind == ORDER_GIFT && deal->parts_n > 0)
        return NO_FIELD_WRONG;
    if (deal->starts_ns < 0 || deal->ends_ns < deal->starts_ns || deal->ends_ns > INT64_MAX / 2)
        return NO_FIELD_OUT_OF_RANGE;
    if (deal->starts_ns == 0 && deal->ends_ns != 0)
        return NO_FIELD_WRONG;
    return dated && (deal->starts_ns == 0 || deal->ends_ns == deal->starts_ns) ? NO_FIELD_WRONG
                                                                               : YES;
}
