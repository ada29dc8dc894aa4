/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What an offer or a need may say, and how much of it can still be promised. Kinds are those of
 * orders: an offer of
 * kind sale makes orders of kind sale. Source: issue 2 "Market", specs/market.md 3.5,
 * design/screens.md 3.4 (1).
 */
#ifndef RULES_OFFER_H
#define RULES_OFFER_H

#include "base/no.h"
#include "base/str.h"
#include "rules/fee.h"
#include "rules/order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OFFER_TITLE_MIN = 3, /* characters, not bytes */
    OFFER_TITLE_MAX = 120,
    OFFER_BODY_MAX = 8000,
    OFFER_PRICES_MAX = 2,
    OFFER_STOCK_MAX = 1000000,
    OFFER_STOCK_UNLIMITED = -1,
    OFFER_PHOTOS_MAX = 8,
    OFFER_WRONGS_MAX = 12,
};
#define OFFER_PRICE_MAX ((int64_t)100000000000) /* a thousand million euro in cents */

/* How the prices of an offer are meant; stored. ON_REQUEST: listed (imports without a price),
 * cannot be ordered yet. */
enum offer_price_mode {
    PRICE_FREE = 0,
    PRICE_ONE = 1,
    PRICE_EITHER = 2,
    PRICE_BOTH = 3,
    PRICE_ON_REQUEST = 4,
};
/* What the price is for; stored. */
enum offer_per {
    PER_WHOLE = 0,
    PER_HOUR = 1,
    PER_DAY = 2,
    PER_NIGHT = 3,
    PER_ITEM = 4,
    PER_KG = 5,
    PER_PERSON = 6,
    PER_KINDS = 7,
};

/* REMOVED: by moderation. */
enum offer_status { OFFER_OPEN = 1, OFFER_PAUSED = 2, OFFER_WITHDRAWN = 3, OFFER_REMOVED = 4 };

/* For one piece, minor units, what the buyer pays: the first price shown is the last. */
struct offer_price {
    int32_t unit_kind; /* enum unit_kind */
    int32_t currency;
    int64_t amount;
};

struct offer_fields {
    bool need;
    enum order_kind kind;
    str title, body;
    struct offer_price prices[OFFER_PRICES_MAX];
    size_t prices_n;  /* 0: free */
    int64_t stock;    /* 0..OFFER_STOCK_MAX or OFFER_STOCK_UNLIMITED */
    bool has_place;   /* coordinates are given (already rounded: rules/geo.h) */
    int32_t lat, lon; /* micro-degrees */
    enum order_cancel_choice cancel;
    enum offer_status status;
};

/* `field` is the form's name: kind title body price price2 stock place cancel status. */
struct offer_wrong {
    const char *field;
    no why;
    int64_t bound;
};

/* Writes every wrong field (at most OFFER_WRONGS_MAX) and returns their number; 0 = all well. A
 * gift has no price, an exchange has one in hours, the two prices differ in kind of unit. */
size_t offer_check(const struct offer_fields *fields, struct offer_wrong wrongs[OFFER_WRONGS_MAX]);

/* Whether the owner (or, for REMOVED, moderation) may go from one status to another;
 * NO_OFFER_NOT_OPEN otherwise. Withdrawn and removed are for ever, except that
 * moderation may give back what it removed. */
no offer_status_check(enum offer_status from, enum offer_status to, bool moderation) MUST_USE;

/* Pieces promised for ever (firm: accepted, in use, used) and asked for (pending). Pending
 * requests compete: they are checked against what is left, and reserve nothing, so nobody can block
 * an offer by asking; the accept decides. */
struct offer_claims {
    int64_t stock, firm, pending;
};
enum offer_claim { OFFER_CLAIM_ASK, OFFER_CLAIM_FIRM };

/* stock - firm, never below 0; OFFER_STOCK_MAX when unlimited. */
int64_t offer_claim_left(const struct offer_claims *claims);
/* Whether `quantity` pieces can be asked for or promised; `claims` counts everybody else, not this
 * order. NO_OFFER_NOT_OPEN (asking only: a request may outlive a pause), NO_FIELD_OUT_OF_RANGE,
 * NO_STOCK_TOO_SMALL. */
no offer_claim_check(const struct offer_claims *claims, enum offer_status status,
                     enum offer_claim claim, int64_t quantity) MUST_USE;

/* The price of `quantity` pieces with its contribution, as the order's parts: fee_buyer 0,
 * fee_provider the fee. `params` by unit kind (UNIT_KINDS entries); `money_funding` for parts in
 * fiat money, all others are internal. Writes parts, parts_n and quantity of *deal, no date.
 * NO_FIELD_OUT_OF_RANGE when the product passes OFFER_PRICE_MAX. */
no offer_parts(const struct offer_fields *fields, int64_t quantity,
               const struct fee_params params[UNIT_KINDS], enum order_funding money_funding,
               struct order_deal *deal) MUST_USE;

#endif
