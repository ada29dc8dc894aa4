/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What an offer or a need may say, and how much of it can still be promised.
 */
#include "rules/offer.h"

#include "base/utf8.h"
#include "rules/geo.h"

#include <assert.h>

__extension__ typedef __int128 wide;

/* --- fields --- */

struct wrongs {
    struct offer_wrong *list;
    size_t n;
};

static void wrong(struct wrongs *wrongs, const char *field, no why, int64_t bound)
{
    if (wrongs->n < OFFER_WRONGS_MAX)
        wrongs->list[wrongs->n++] =
            (struct offer_wrong){.field = field, .why = why, .bound = bound};
}

static void check_text(struct wrongs *wrongs, const char *field, str text, bool lines, size_t least,
                       size_t most)
{
    if (!utf8_valid(text))
        wrong(wrongs, field, NO_FIELD_NOT_UTF8, 0);
    else if (!utf8_clean(text, lines))
        wrong(wrongs, field, NO_FIELD_CONTROL_CHARS, 0);
    else if (least > 0 && str_trim(text).len == 0)
        wrong(wrongs, field, NO_FIELD_MISSING, 0);
    else if (utf8_count(str_trim(text)) < least)
        wrong(wrongs, field, NO_FIELD_TOO_SHORT, (int64_t)least);
    else if (utf8_count(text) > most)
        wrong(wrongs, field, NO_FIELD_TOO_LONG, (int64_t)most);
}

static void check_price(struct wrongs *wrongs, const char *field, const struct offer_price *price)
{
    if (price->unit_kind < UNIT_FIAT || price->unit_kind >= UNIT_KINDS)
        wrong(wrongs, field, NO_FIELD_NOT_A_CHOICE, 0);
    else if (price->amount < 1)
        wrong(wrongs, field, NO_AMOUNT_NOT_POSITIVE, 1);
    else if (price->amount > OFFER_PRICE_MAX)
        wrong(wrongs, field, NO_AMOUNT_TOO_LARGE, OFFER_PRICE_MAX);
}

static bool has_hours(const struct offer_fields *fields)
{
    for (size_t i = 0; i < fields->prices_n; i++)
        if (fields->prices[i].unit_kind == UNIT_TIME)
            return true;
    return false;
}

static void check_prices(struct wrongs *wrongs, const struct offer_fields *fields)
{
    static const char *const names[OFFER_PRICES_MAX] = {"price", "price2"};
    const struct offer_price *prices = fields->prices;

    assert(fields->prices_n <= OFFER_PRICES_MAX);
    for (size_t i = 0; i < fields->prices_n; i++)
        check_price(wrongs, names[i], &prices[i]);
    if (fields->prices_n == 2 && prices[0].unit_kind == prices[1].unit_kind)
        wrong(wrongs, "price2", NO_FIELD_TAKEN, 0);
    if (fields->kind == ORDER_GIFT && fields->prices_n > 0)
        wrong(wrongs, "price", NO_FIELD_WRONG, 0);
    if (fields->kind == ORDER_EXCHANGE && !has_hours(fields))
        wrong(wrongs, "price", NO_FIELD_MISSING, 0);
}

size_t offer_check(const struct offer_fields *fields, struct offer_wrong list[OFFER_WRONGS_MAX])
{
    struct wrongs wrongs = {.list = list};

    if (fields->kind < ORDER_SALE || fields->kind >= ORDER_KINDS)
        wrong(&wrongs, "kind", NO_FIELD_NOT_A_CHOICE, 0);
    check_text(&wrongs, "title", fields->title, false, OFFER_TITLE_MIN, OFFER_TITLE_MAX);
    check_text(&wrongs, "body", fields->body, true, 0, OFFER_BODY_MAX);
    check_prices(&wrongs, fields);
    if (fields->stock != OFFER_STOCK_UNLIMITED &&
        (fields->stock < 0 || fields->stock > OFFER_STOCK_MAX))
        wrong(&wrongs, "stock", NO_FIELD_OUT_OF_RANGE, OFFER_STOCK_MAX);
    if (fields->has_place && !geo_is_valid(fields->lat, fields->lon))
        wrong(&wrongs, "place", NO_FIELD_OUT_OF_RANGE, 0);
    if (fields->cancel < ORDER_FLEXIBLE || fields->cancel > ORDER_STRICT)
        wrong(&wrongs, "cancel", NO_FIELD_NOT_A_CHOICE, 0);
    if (fields->status < OFFER_OPEN || fields->status > OFFER_REMOVED)
        wrong(&wrongs, "status", NO_FIELD_NOT_A_CHOICE, 0);
    return wrongs.n;
}

/* --- status --- */

no offer_status_check(enum offer_status from, enum offer_status to, bool moderation)
{
    const bool shown = from == OFFER_OPEN || from == OFFER_PAUSED;

    switch (to) {
    case OFFER_OPEN:
    case OFFER_PAUSED:
        return shown || (moderation && from == OFFER_REMOVED) ? YES : NO_OFFER_NOT_OPEN;
    case OFFER_WITHDRAWN:
        return shown || from == OFFER_WITHDRAWN ? YES : NO_OFFER_NOT_OPEN;
    case OFFER_REMOVED:
        return moderation ? YES : NO_NOT_ALLOWED;
    }
    return NO_OFFER_NOT_OPEN;
}

/* --- claims --- */

int64_t offer_claim_left(const struct offer_claims *claims)
{
    if (claims->stock == OFFER_STOCK_UNLIMITED)
        return OFFER_STOCK_MAX;
    return claims->stock > claims->firm ? claims->stock - claims->firm : 0;
}

no offer_claim_check(const struct offer_claims *claims, enum offer_status status,
                     enum offer_claim claim, int64_t quantity)
{
    /* A pause stops new requests; a removal stops everything. */
    if (status == OFFER_REMOVED || (claim == OFFER_CLAIM_ASK && status != OFFER_OPEN))
        return NO_OFFER_NOT_OPEN;
    if (quantity < 1 || quantity > OFFER_STOCK_MAX)
        return NO_FIELD_OUT_OF_RANGE;
    return quantity > offer_claim_left(claims) ? NO_STOCK_TOO_SMALL : YES;
}

/* --- an order's parts --- */

no offer_parts(const struct offer_fields *fields, int64_t quantity,
               const struct fee_params params[UNIT_KINDS], enum order_funding money_funding,
               struct order_deal *deal)
{
    struct order_part parts[OFFER_PRICES_MAX] = {{0}};

    if (quantity < 1 || quantity > OFFER_STOCK_MAX)
        return NO_FIELD_OUT_OF_RANGE;
    for (size_t i = 0; i < fields->prices_n; i++) {
        const struct offer_price *price = &fields->prices[i];
        const wide total = (wide)price->amount * quantity;
        struct fee_split split;

        assert(price->unit_kind >= UNIT_FIAT && price->unit_kind < UNIT_KINDS);
        if (price->amount < 0 || total > OFFER_PRICE_MAX)
            return NO_FIELD_OUT_OF_RANGE;
        TRY(fee_split((int64_t)total, &params[price->unit_kind], &split));
        parts[i] = (struct order_part){.unit_kind = price->unit_kind,
                                       .currency = price->currency,
                                       .price = split.price,
                                       .fee_provider = split.fee,
                                       .funding = price->unit_kind == UNIT_FIAT ? money_funding
                                                                                : ORDER_INTERNAL};
    }
    deal->parts_n = fields->prices_n;
    deal->quantity = quantity;
    for (size_t i = 0; i < OFFER_PRICES_MAX; i++)
        deal->parts[i] = parts[i];
    return YES;
}
