/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Reviews: a two-sided sealed envelope. Buyer and provider each write once; nobody reads either
 * until both have
 * written, or 14 days after the order ended. So nobody answers a bad review with a worse one.
 * Source: specs/market.md 3.3.
 */
#ifndef RULES_REVIEW_H
#define RULES_REVIEW_H

#include "base/no.h"
#include "base/str.h"
#include "rules/order.h"

#include <stdbool.h>
#include <stdint.h>

enum { REVIEW_STARS_MIN = 1, REVIEW_STARS_MAX = 5, REVIEW_TEXT_MAX = 2000 /* characters */ };
#define REVIEW_WINDOW_NS (14 * ORDER_DAY)

enum review_side { REVIEW_BY_BUYER = 0, REVIEW_BY_PROVIDER = 1, REVIEW_SIDES = 2 };

struct review_facts {
    enum order_state state;
    bool was_accepted; /* the order reached ACCEPTED: a cancelled one may be reviewed too */
    int64_t ended_ns;
    int64_t buyer, provider;
    int64_t written_ns[REVIEW_SIDES]; /* 0: not written */
};

struct review_act {
    int64_t member;
    int32_t stars;
    str text; /* UTF-8, may be empty */
    int64_t now_ns;
};

struct review_plan {
    enum review_side side;
    int64_t about;      /* the member who is reviewed */
    bool publish_now;   /* both are written: publish both */
    int64_t publish_ns; /* else the clock publishes this one then */
};

/* NO_ORDER_NOT_IN_STATE  the order is not completed, nor cancelled after acceptance
 * NO_ORDER_NOT_YOURS     not a party        NO_ALREADY_REVIEWED  this side has written
 * NO_TOO_LATE            more than 14 days after the end
 * NO_FIELD_OUT_OF_RANGE  stars
 * NO_FIELD_NOT_UTF8, NO_FIELD_CONTROL_CHARS, NO_FIELD_TOO_LONG  text */
no review_plan(struct review_plan *plan, const struct review_facts *facts,
               const struct review_act *act) MUST_USE;

/* Whether what `side` wrote may be read by others at `now_ns`; false when it wrote nothing. */
bool review_is_open(const struct review_facts *facts, enum review_side side, int64_t now_ns);
/* Whether `member` may write now: for the button. */
bool review_is_possible(const struct review_facts *facts, int64_t member, int64_t now_ns);

/* Mean of `count` reviews with `sum` stars in hundredths, rounded half up; 0 when count is 0. */
int32_t review_mean_centi(int64_t sum, int64_t count);

#endif
