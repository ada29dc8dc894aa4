/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The table of an order's life, private to the room (and to the test that walks it). A row says:
 * from this state, on this event, these people, when and if, move money so, the claim so, go there,
 * set this timer, tell these people. Source: specs/market.md 3.4.
 */
#ifndef RULES_ORDER_IN_H
#define RULES_ORDER_IN_H

#include "rules/order.h"

/* `when` chooses between rows of the same (from, event, who); `guard` refuses. Their meaning:
 * order.c. */
enum order_when {
    ORDER_ALWAYS,
    ORDER_WHEN_INSTANT,
    ORDER_WHEN_NOT_INSTANT,
    ORDER_WHEN_IN_FLIGHT,     /* direct, said to be sent and not seen */
    ORDER_WHEN_NOT_IN_FLIGHT,
    ORDER_WHEN_DAYS_LEFT,
    ORDER_WHEN_DAYS_OVER,
};
enum order_guard {
    ORDER_FREELY,
    ORDER_IF_DUE,        /* clock: its timer has run out, else NO_TOO_EARLY */
    ORDER_IF_IN_TIME,    /* a person: before the timer, else NO_TOO_LATE */
    ORDER_IF_NOT_PAST,   /* the start is not over, else NO_TOO_LATE */
    ORDER_IF_START_NEAR, /* not earlier than start_early before the start, else NO_TOO_EARLY */
    ORDER_IF_GRACE_OVER, /* a dated order, after starts + grace, else NO_TOO_EARLY */
    ORDER_IF_NO_FLIGHT,  /* no payment between sent and seen, else NO_TOO_EARLY */
    ORDER_IF_WINDOW,     /* within dispute_window of the delivery, else NO_TOO_LATE */
    ORDER_IF_UNSAID,     /* direct, neither said nor seen */
    ORDER_IF_UNSEEN,     /* direct, not seen */
    ORDER_IF_PROPOSED,   /* the other party has a proposal on the table */
    ORDER_IF_OWED,       /* a debt to the one who acts is open */
    ORDER_IF_LEFT,       /* something of what was paid can still be given back */
    ORDER_IF_PSP,        /* a part was funded by psp, and something can still go back */
};
enum order_effect {
    ORDER_MONEY_NONE,
    ORDER_MONEY_TAKE,       /* holds of all parts (when the buyer is the one who consents) */
    ORDER_MONEY_RETAKE,     /* old holds released, new ones of the counter-offer */
    ORDER_MONEY_BACK,       /* all back to the buyer, fee 0 */
    ORDER_MONEY_BACK_FINED, /* the same and the voted penalty */
    ORDER_MONEY_STEP,       /* as the schedule says at this hour */
    ORDER_MONEY_STEP_LAST,  /* as the schedule says at the start: the buyer did not come */
    ORDER_MONEY_DEPOSIT,    /* the deposit, when it was put off */
    ORDER_MONEY_ACTUAL,     /* an exchange that took more or less time */
    ORDER_MONEY_SEEN,       /* direct: memo of the receipt */
    ORDER_MONEY_COMPLETE,
    ORDER_MONEY_PROPOSED,   /* the split on the table */
    ORDER_MONEY_DECIDED,    /* the split of the act */
    ORDER_MONEY_DEFAULT,    /* the panel's default */
    ORDER_MONEY_GOODWILL,
    ORDER_MONEY_CHARGEBACK,
    ORDER_MONEY_DEBT,
};
enum order_timer {
    ORDER_TIMER_KEEP,
    ORDER_TIMER_NONE,
    ORDER_TIMER_DRAFT,
    ORDER_TIMER_ANSWER,
    ORDER_TIMER_ACCEPTED, /* pay, else lapse */
    ORDER_TIMER_STARTED,  /* rental: overdue, else taken as delivered */
    ORDER_TIMER_OVERDUE,
    ORDER_TIMER_SILENCE,
    ORDER_TIMER_PANEL,
};

/* In `who` and `tell` of a row, besides the bits of order_who; OTHER (tell only): the other
 * party. */
enum { ORDER_OPENER = 128, ORDER_ANSWERER = 256, ORDER_OTHER = 512 };
/* `to` of a row that stays, and of a split (cancelled when the provider gets nothing of the price,
 * else completed). */
enum { ORDER_STAYS = ORDER_STATES, ORDER_BY_SPLIT = ORDER_STATES + 1 };

struct order_row {
    uint8_t kinds; /* bit 1 << kind */
    uint8_t from, event;
    uint16_t who;
    uint8_t when, guard, money, availability, to, timer, notice;
    uint16_t tell;
};
/* All rows, in the order in which a page shows their buttons; *n their number. */
const struct order_row *order_rows(size_t *n);

/* Plays the money of a row: appends to plan->moves and keeps plan->after.paid and .deal in step.
 * `role` is who acts, REMOTE already resolved. Says no to a deal, a split or an amount that cannot
 * be, as order_plan does. (order_money.c) */
no order_money_play(struct order_plan *plan, enum order_effect effect,
                    const struct order_facts *facts, const struct order_act *act,
                    enum order_who role) MUST_USE;

/* Whether a row is of this kind and state, whether its `when` holds, what its guard says to `role`
 * now; whom its bits mean (opener and answerer resolved; OTHER: the other party than `role`).
 * (order_guard.c) */
bool order_row_is_of(const struct order_row *row, const struct order_facts *facts);
bool order_row_holds(const struct order_row *row, const struct order_facts *facts);
no order_row_guard(const struct order_row *row, const struct order_facts *facts,
                   enum order_who role, int64_t now_ns) MUST_USE;
uint32_t order_people(const struct order_facts *facts, uint32_t bits, enum order_who role);
/* The other of buyer and provider. */
enum order_who order_other(enum order_who party);
/* The largest recorded debt to a party in one part; 0 when nothing is owed. */
int64_t order_owed_to(const struct order_facts *facts, enum order_who creditor);

/* Direct: a part is paid outside; the payment was said to be sent and nobody saw it arrive. */
bool order_has_direct(const struct order_facts *facts);
bool order_in_flight(const struct order_facts *facts);
/* What can still be given back of a part after the end. */
int64_t order_part_left(const struct order_paid *paid);
/* floor(amount * bp / 10000), for amount <= FEE_PRICE_MAX and bp 0..10000. */
int64_t order_share(int64_t amount, int32_t bp);

#endif
