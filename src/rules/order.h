/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The life of an order: one table of rows (order_table.c) and the code that only interprets it.
 * Pure: the deed brings the facts and the act, order_plan answers with what has to happen, or with
 * the reason why not.
 *
 * Money. An order has 0 to 2 parts, each in another unit. H, what the buyer pays for a part, is
 * price + fee_buyer.
 *   internal, psp   two ledger holds (pending transfers) from the buyer: to the provider for
 *                   price - fee_provider, to the co-op for fee_buyer + fee_provider; a third to the
 *                   provider for a deposit. Each is resolved once: posted (partly: the rest is
 *                   released to the buyer) or voided.
 *   direct          no hold. The buyer pays the provider outside; the provider's word (pay_seen) is
 *                   a memo entry; at the end the fee becomes a receivable of the co-op on the
 *                   provider, and what one party still owes the other is a recorded debt that its
 *                   creditor strikes out (debt_seen).
 * The kept part is floored, so every remainder goes to the buyer.
 * Source: specs/market.md 3.1-3.7.
 */
#ifndef RULES_ORDER_H
#define RULES_ORDER_H

#include "base/no.h"
#include "rules/fee.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of kinds, states and events are stored and logged: never reused. */
enum order_kind {
    ORDER_SALE = 1,
    ORDER_SLOT = 2,
    ORDER_RENTAL = 3,
    ORDER_EXCHANGE = 4,
    ORDER_GIFT = 5,
    ORDER_SERVICE = 6,
    ORDER_KINDS = 7,
};

enum order_state {
    ORDER_NEW = 0, /* nothing written yet: where the first event starts */
    ORDER_DRAFT = 1,
    ORDER_REQUESTED = 2,
    ORDER_COUNTERED = 3,
    ORDER_ACCEPTED = 4,
    ORDER_STARTED = 5,
    ORDER_DELIVERED = 6,
    ORDER_DISPUTED = 7,
    ORDER_COMPLETED = 8,
    ORDER_DECLINED = 9,
    ORDER_EXPIRED = 10,
    ORDER_CANCELLED = 11,
    ORDER_STATES = 12,
};

enum order_event {
    ORDER_NOTHING = 0,
    ORDER_DO_DRAFT = 1,    /* the opener keeps a basket */
    ORDER_DO_REQUEST = 2,  /* the opener asks; from new or from a draft */
    ORDER_DO_COUNTER = 3,  /* the answerer proposes another deal (act.deal) */
    ORDER_DO_AGREE = 4,    /* the opener takes the counter-offer */
    ORDER_DO_WITHDRAW = 5, /* the opener takes the request back */
    ORDER_DO_DECLINE = 6,  /* the answerer; or the clock when another got the last piece */
    ORDER_DO_TIMEOUT = 7,  /* clock: nobody answered, or a draft was left */
    ORDER_DO_ACCEPT = 8,   /* the answerer */
    ORDER_DO_CANCEL = 9,   /* either party, before the start */
    ORDER_DO_START = 10,   /* provider: handed over (slot, rental: with the buyer's code) */
    ORDER_DO_NO_SHOW = 11, /* the one who came says that the other did not, after the grace */
    ORDER_DO_DELIVER = 12, /* provider: done, returned; clock: taken as delivered */
    ORDER_DO_OVERDUE = 13, /* clock, daily: a rented thing is not back */
    ORDER_DO_CONFIRM = 14, /* buyer */
    ORDER_DO_SILENCE = 15, /* clock: the buyer said nothing */
    ORDER_DO_DISPUTE = 16, /* either party */
    ORDER_DO_SETTLE_PROPOSE = 17, /* either party: a split (act.split) */
    ORDER_DO_SETTLE_AGREE = 18,   /* the other party */
    ORDER_DO_DECIDE = 19,         /* mediator: a split */
    ORDER_DO_PANEL_SILENT = 20,   /* clock: the default frozen in the terms */
    ORDER_DO_GOODWILL = 21,       /* provider or co-op gives back (act.part, act.amount) */
    ORDER_DO_CHARGEBACK = 22,     /* clock (bank import): the buyer's bank took psp money back */
    ORDER_DO_PAY_SAID = 23,       /* buyer, direct: "I have sent it" */
    ORDER_DO_PAY_SEEN = 24,       /* provider, direct: "I have received it" */
    ORDER_DO_PAY_TIMEOUT = 25,    /* clock, direct: not paid in time */
    ORDER_DO_LAPSE = 26,          /* clock: accepted, never delivered */
    ORDER_DO_DEBT_SEEN = 27,      /* creditor of a recorded debt: "I have received it" */
    ORDER_DO_MESSAGE = 28,        /* a message inside the order; changes nothing */
    ORDER_EVENTS = 29,
};

/* Bits, because a row names several. COOP is the house itself (guarantee fund, income, a
 * facilitator's act). */
enum order_who {
    ORDER_NOBODY = 0,
    ORDER_BUYER = 1,
    ORDER_PROVIDER = 2,
    ORDER_MEDIATOR = 4,
    ORDER_CLOCK = 8,
    ORDER_REMOTE = 16, /* another co-op, signed; stands for the buyer or the provider */
    ORDER_COOP = 32,
    ORDER_BANK = 64, /* only as a side of a movement */
};

enum order_funding { ORDER_INTERNAL = 1, ORDER_DIRECT = 2, ORDER_PSP = 3 };

enum {
    ORDER_PARTS_MAX = 2,
    ORDER_STEPS_MAX = 4,
    ORDER_MOVES_MAX = 24,
    ORDER_QUANTITY_MAX = 1000000,
    ORDER_BP = 10000,
    ORDER_ACTUAL_BP = 2000, /* an exchange may differ by +-20 % from what was agreed */
};
#define ORDER_SECOND ((int64_t)1000000000)
#define ORDER_MINUTE (60 * ORDER_SECOND)
#define ORDER_HOUR (60 * ORDER_MINUTE)
#define ORDER_DAY (24 * ORDER_HOUR)

/* One unit of the price, for the whole quantity, minor units. Two parts never share a currency.
 * fee_provider <= price. A deposit needs funding internal or psp. */
struct order_part {
    int32_t unit_kind; /* enum unit_kind */
    int32_t currency;
    int64_t price, fee_buyer, fee_provider, deposit;
    enum order_funding funding;
};

/* What was agreed, or is proposed by a counter-offer. starts_ns 0: no date. parts_n 0: free. */
struct order_deal {
    struct order_part parts[ORDER_PARTS_MAX];
    size_t parts_n;
    int64_t quantity;
    int64_t starts_ns, ends_ns;
};

/* Cancelled by the buyer at least `hours` before the start: this share of the price comes back. */
struct order_step {
    int32_t hours, refund_bp;
};
enum order_cancel_choice { ORDER_FLEXIBLE = 1, ORDER_MODERATE = 2, ORDER_STRICT = 3 };

/* Frozen at request. Durations in nanoseconds, > 0 unless said. */
struct order_terms {
    struct order_step steps[ORDER_STEPS_MAX]; /* hours falling; past the last: nothing */
    size_t steps_n;
    int64_t draft_ttl;       /* a draft is dropped after */
    int64_t accept_ttl;      /* to answer; at the latest 2 h before the start */
    int64_t pay_ttl;         /* direct: to pay, and to confirm what was said to be sent */
    bool pay_at_delivery;    /* direct: cash on the spot; no pay_ttl */
    int64_t start_early;     /* a start is refused earlier than this before starts_ns */
    int64_t no_show_grace;   /* a no-show may be said this long after starts_ns */
    int64_t deliver_ttl;     /* accepted and not delivered this long after its end: lapses */
    int64_t receipt_ttl;     /* started, ended, nothing said: taken as delivered */
    int64_t confirm_silence; /* delivered and nothing said: completed */
    int64_t dispute_window;  /* after delivery */
    int64_t panel_ttl;       /* a panel that stays silent */
    int32_t panel_refund_bp; /* its default when the order was disputed before delivery */
    int32_t panel_refund_delivered_bp; /* its default when it was disputed after delivery */
    int32_t provider_penalty_bp;       /* of the price, when the provider cancels */
    int32_t overdue_bp;                /* of the deposit, per day late */
    int32_t overdue_days_max;          /* after that the clock opens a dispute */
};

/* How H of each part is shared: refund + provider + fee = price + fee_buyer, fee <= fee_buyer +
 * fee_provider; deposit_kept (of the deposit, to the provider) <= deposit. */
struct order_split {
    int64_t refund, provider, fee, deposit_kept;
};

/* Money facts of a part. `owed_*`: recorded debts not yet struck out (owed_buyer: provider owes it
 * to the buyer). */
struct order_paid {
    bool held, deposit_held;
    int64_t to_provider, to_coop; /* what they got in the end, holds or direct */
    int64_t refunded;             /* goodwill and chargeback since then */
    int64_t late_claim;           /* of the deposit, written by the overdue days */
    int64_t owed_buyer, owed_provider;
};

struct order_proposal {
    enum order_who by; /* NOBODY: none */
    struct order_split split[ORDER_PARTS_MAX];
    bool received; /* direct: both agree that the payment arrived */
};

/* Everything the rule has to know; a deed reads it, and writes plan.after back. */
struct order_facts {
    enum order_kind kind;
    enum order_state state;
    enum order_who opened_by; /* BUYER; PROVIDER when a need is answered or hours are invoiced */
    int64_t buyer, provider;  /* members */
    int64_t mediator;         /* the named one; 0 = not named yet */
    bool instant;             /* the offer accepts every request at once */
    struct order_deal deal, counter; /* counter: only in COUNTERED */
    struct order_terms terms;
    struct order_paid paid[ORDER_PARTS_MAX];
    bool pay_said, pay_seen;
    int64_t requested_ns, accepted_ns, started_ns, delivered_ns, ended_ns; /* 0: did not happen */
    enum order_state disputed_from;
    struct order_proposal proposal;
    int32_t overdue_days;
    int64_t timer_ns; /* the one timer of an order: 0 none */
    enum order_event timer_event;
};

struct order_act {
    enum order_event event;
    enum order_who who;        /* exactly one bit */
    enum order_who stands_for; /* with REMOTE: BUYER or PROVIDER */
    int64_t member;            /* who acts; ignored for CLOCK, COOP, REMOTE */
    int64_t now_ns;
    struct order_deal deal; /* COUNTER; DELIVER of an exchange that differs (parts_n > 0) */
    struct order_split split[ORDER_PARTS_MAX]; /* SETTLE_PROPOSE, DECIDE */
    bool received;   /* direct, payment said but not seen: the act says that it arrived (DECIDE,
                        SETTLE_PROPOSE, CANCEL and NO_SHOW by the provider) */
    bool code_right; /* START of a slot or rental: the code shown was the buyer's */
    int32_t part;    /* GOODWILL, CHARGEBACK */
    int64_t amount;
};

/* One movement; the deed turns each, in this order, into transfers of ONE entry.
 *   HOLD      take a pending transfer of `amount`
 *   POST      post `amount` of that hold, the rest is released
 *   VOID      release that hold whole
 *   PAY       a plain transfer from -> to (the buyer's funds were just released)
 *   RECEIPT   memo: the buyer paid the provider outside
 *   FEE_DUE   a receivable of the co-op on the provider
 *   OWE       record a debt from -> to
 *   OWE_SEEN  that debt was received, whole
 * A hold is named by (part, leg): at most one is open for each. Zero amounts are never listed. */
enum order_money {
    ORDER_HOLD = 1,
    ORDER_POST = 2,
    ORDER_VOID = 3,
    ORDER_PAY = 4,
    ORDER_RECEIPT = 5,
    ORDER_FEE_DUE = 6,
    ORDER_OWE = 7,
    ORDER_OWE_SEEN = 8,
};
enum order_leg { ORDER_LEG_PROVIDER = 0, ORDER_LEG_FEE = 1, ORDER_LEG_DEPOSIT = 2, ORDER_LEGS = 3 };
struct order_move {
    enum order_money what;
    enum order_leg leg;
    enum order_who from, to; /* BUYER, PROVIDER, COOP, BANK */
    int32_t part;
    int64_t amount;
};

/* What happens to the thing, the hours or the stock. MOVE: release the old claim, take a firm one
 * for after.deal. FIRM: also decline pending requests that can no longer be met (DO_DECLINE by the
 * clock; rules/offer.h offer_claim_left). */
enum order_availability {
    ORDER_AVAIL_NONE,
    ORDER_AVAIL_SOFT, /* a draft's claim, dropped with it */
    ORDER_AVAIL_PENDING,
    ORDER_AVAIL_FIRM,
    ORDER_AVAIL_MOVE,
    ORDER_AVAIL_IN_USE,
    ORDER_AVAIL_USED,    /* gone for good: sold, done */
    ORDER_AVAIL_RELEASE, /* free again */
};

/* What is told; the words are lang keys order.notice.NAME. */
enum order_notice {
    ORDER_TELL_NOTHING,
    ORDER_TELL_REQUESTED,
    ORDER_TELL_COUNTERED,
    ORDER_TELL_ACCEPTED,
    ORDER_TELL_DECLINED,
    ORDER_TELL_WITHDRAWN,
    ORDER_TELL_EXPIRED,
    ORDER_TELL_CANCELLED,
    ORDER_TELL_PAID, /* said to be sent */
    ORDER_TELL_PAY_SEEN,
    ORDER_TELL_STARTED,
    ORDER_TELL_NO_SHOW,
    ORDER_TELL_OVERDUE,
    ORDER_TELL_DELIVERED,
    ORDER_TELL_COMPLETED,
    ORDER_TELL_DISPUTED,
    ORDER_TELL_PROPOSED,
    ORDER_TELL_DECIDED,
    ORDER_TELL_REFUNDED,
    ORDER_TELL_MESSAGE,
    ORDER_TELLS,
};

struct order_plan {
    enum order_state from, to;
    struct order_move moves[ORDER_MOVES_MAX];
    size_t moves_n;
    enum order_availability availability;
    enum order_notice notice;
    uint32_t tell;     /* order_who bits; COOP is the facilitators' desk */
    bool reviews_open; /* reviews may be written from now on */
    int64_t timer_ns;  /* 0: none. The clock plays timer_event then; replaces the earlier one */
    enum order_event timer_event;
    struct order_facts after; /* the facts as they stand when the plan is done */
};

/* --- the rule --- */

/* What `act` does to the order of `facts`. Says no, in this order:
 * NO_ORDER_NOT_IN_STATE  no row for this kind, state and event (also: done already)
 * NO_ORDER_NOT_YOURS     the row is not for this role, or act.member is not that person
 * NO_MEDIATOR_IS_PARTY   buyer or provider decides as mediator
 * NO_ORDER_OWN_OFFER     buyer and provider are the same member (draft, request)
 * NO_TOO_EARLY, NO_TOO_LATE  a guard of time; a payment under way
 * NO_FIELD_OUT_OF_RANGE, NO_FIELD_WRONG, NO_PAYMENT_NOT_OFFERED  a deal or an amount that cannot be
 * NO_SPLIT_NOT_WHOLE, NO_FEE_TOO_HIGH  a split; NO_CODE_WRONG  a start without the buyer's code */
no order_plan(struct order_plan *plan, const struct order_facts *facts,
              const struct order_act *act) MUST_USE;

/* YES when a deal can be an order of this kind: parts, amounts, currencies, quantity, dates; else
 * as above. */
no order_deal_check(enum order_kind kind, const struct order_deal *deal) MUST_USE;

/* BUYER or PROVIDER when `member` is that party, else NOBODY. */
enum order_who order_who_is(const struct order_facts *facts, int64_t member);
bool order_is_over(enum order_state state);
/* "requested", "pay_said": the words of logs, --json and lang keys (order.state.*, order.event.*,
 * order.kind.*). */
const char *order_state_name(enum order_state state);
const char *order_event_name(enum order_event event);
const char *order_kind_name(enum order_kind kind);

/* The buttons to show: events open to `who` (one bit, no CLOCK needed) now, the main one first,
 * none twice; at most
 * `max` are written, their number is returned. MESSAGE comes last. */
size_t order_next_events(const struct order_facts *facts, enum order_who who, int64_t now_ns,
                         enum order_event *events, size_t max);

/* Who must act next. NOBODY when it is over and nothing is owed. */
struct order_wait {
    enum order_who who;
    enum order_event event;     /* what is hoped for */
    int64_t until_ns;           /* 0: no limit */
    enum order_event otherwise; /* what the clock does then */
};
struct order_wait order_waits_for(const struct order_facts *facts);

/* --- terms and sums --- */

/* The house's terms for a kind until the members vote others; `choice` gives the cancellation
 * schedule:
 * flexible 24 h whole, later half; moderate 5 d whole, 24 h half, later nothing; strict 14 d
 * whole, 7 d half, later
 * nothing. */
void order_terms_default(struct order_terms *terms, enum order_kind kind,
                         enum order_cancel_choice choice);
/* NO_FIELD_OUT_OF_RANGE unless steps fall, shares are 0..10000 and durations are within 1 ns and
 * 400 d. */
no order_terms_check(const struct order_terms *terms) MUST_USE;

/* r(t): the share in basis points that a buyer who cancels at `now_ns` gets back; without a start,
 * or with no steps, all. */
int32_t order_refund_bp(const struct order_terms *terms, int64_t starts_ns, int64_t now_ns);
/* The split of a part at refund share r: kept = floor(price * (10000 - r) / 10000), and so for
 * both fees. */
struct order_split order_split_at(const struct order_part *part, int32_t refund_bp);
/* The split of a part that gives `refund` back (0 .. order_part_total): the co-op keeps its share
 * of what stays, floored, the provider the rest of it. */
struct order_split order_split_back(const struct order_part *part, int64_t refund);
/* price + fee_buyer: what the buyer pays. */
int64_t order_part_total(const struct order_part *part);
/* What the provider receives when all goes well: price - fee_provider. */
int64_t order_part_to_provider(const struct order_part *part);

#endif
