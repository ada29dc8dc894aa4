/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Orders: reading one whole, and the two deeds that change one. Asking makes an order; everything
 * after is an act on it, judged by the table of rules/order.h. A person's act, the clock's and
 * another co-op's go the same way.
 */
#ifndef DEEDS_ORDER_H
#define DEEDS_ORDER_H

#include "base/id.h"
#include "deeds/ctx.h"
#include "rules/order.h"
#include "store/sql_order.h"

enum { ORDER_LINES_MAX = 20, ORDER_NOTE_MAX = 2000 };

/* An order as it stands: its row, its lines, and the facts the rule wants. */
struct order {
    struct sql_order row;
    struct order_facts facts;
    struct sql_order_part parts[ORDER_PARTS_MAX];
    struct sql_order_line *lines;
    size_t lines_n;
};

/* NO_NOT_FOUND. */
no order_read(struct ctx *ctx, int64_t id, struct order *order) MUST_USE;
/* Which party of the order acts in this context: BUYER, PROVIDER, MEDIATOR (the role, when not a
 * party), CLOCK, COOP, or NOBODY. */
enum order_who order_actor(const struct ctx *ctx, const struct order *order);

/* --- asking ----------------------------------------------------------------------------------- */

struct order_ask_line {
    int64_t offer, variant, quantity; /* variant 0 = none */
};
struct order_request_form {
    uid uid; /* from the page: asking twice is asking once */
    struct order_ask_line lines[ORDER_LINES_MAX];
    size_t lines_n;
    int64_t pay_with;  /* the currency chosen when the offer takes either of two; 0 = the first */
    int64_t starts_ns; /* 0 = no date */
    int64_t seen_a,
        seen_b; /* the total the page showed: another one now is NO_PRICE_CHANGED; -1 = not shown */
    bool draft; /* only kept; DO_REQUEST sends it later, at this price */
    str note;   /* first message; may be empty */
    int64_t
        for_member; /* who asks; 0 = the actor. Only the console and an answer to a need differ */
    /* answer */
    int64_t order;
};
/* NO_NOT_SIGNED_IN, NO_OFFER_NOT_OPEN, NO_PROVIDERS_DIFFER (lines of several providers),
 * NO_NOT_ALLOWED (members answer needs), NO_STOCK_TOO_SMALL, NO_PRICE_CHANGED,
 * NO_PAYMENT_NOT_OFFERED, NO_ALREADY_DONE_DIFFERENTLY (another person's uid), NO_BAD_FIELDS
 * (quantity, variant, note, date), and what order_plan and the ledger's limits say. */
no deed_order_request(struct ctx *ctx, struct order_request_form *form) MUST_USE;

/* A visitor asks: the order is kept as a draft of the guest (made when nobody has the address), and
 * a letter with a link to it is sent; the request leaves when its reader presses the button there.
 * Who has the address already gets the same letter: the answer tells no difference. NO_BAD_FIELDS
 * (name, email) and what deed_order_request says. At most ORDER_GUEST_LINKS letters to an address
 * in an hour; further ones are YES and nothing. */
enum { ORDER_GUEST_LINKS = 5 };
struct order_guest_form {
    str name, email;
    struct order_request_form ask;
};
no deed_order_guest(struct ctx *ctx, struct order_guest_form *form) MUST_USE;

/* --- acting ----------------------------------------------------------------------------------- */

struct order_act_form {
    int64_t order;
    enum order_event event;
    int64_t seen_events_n; /* events the page knew of; -1 = do not ask. Another number now:
                              NO_CONFLICT, or YES when this very event by this very person is the
                              one that came since (a form sent twice) */
    str note;
    int64_t counter_price[ORDER_PARTS_MAX]; /* DO_COUNTER: new totals; -1 = as agreed */
    int64_t counter_starts_ns;
    int64_t actual_price[ORDER_PARTS_MAX]; /* DO_DELIVER of an exchange that took more or less; -1 =
                                              as agreed */
    struct order_split split[ORDER_PARTS_MAX];
    bool received;
    str code;
    int32_t part;
    int64_t amount;
    /* answer */
    enum order_state state;
    int64_t entry; /* the last entry booked; 0 = none */
};
/* What order_plan says, NO_STOCK_TOO_SMALL on accept, and the ledger's. A message goes by
 * DO_MESSAGE with its text in `note`. */
no deed_order_act(struct ctx *ctx, struct order_act_form *form) MUST_USE;

/* The clock's round: plays every timer that has run out (at most `most`), each in its own
 * savepoint; *played how many. A timer whose event is refused is logged in the order and put off by
 * an hour, so that one bad order never stops the others. */
struct order_clock_form {
    int64_t most, played;
};
no deed_order_clock(struct ctx *ctx, struct order_clock_form *form) MUST_USE;

/* A mediator takes a dispute. NO_MEDIATOR_IS_PARTY, NO_NOT_ALLOWED, NO_ORDER_NOT_IN_STATE. */
struct order_mediate_form {
    int64_t order;
};
no deed_order_mediate(struct ctx *ctx, struct order_mediate_form *form) MUST_USE;

#endif
