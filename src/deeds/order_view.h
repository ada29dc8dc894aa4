/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Orders to be looked at: one whole, as the one who looks may see it; lists of them; what an ask
 * would come to.
 */
#ifndef DEEDS_ORDER_VIEW_H
#define DEEDS_ORDER_VIEW_H

#include "deeds/order.h"
#include "deeds/review.h"
#include "store/sql_offer.h"

enum { ORDER_BUTTONS_MAX = 16, ORDERS_PER_PAGE = 20, ORDER_RUNNING_MAX = 200, ORDER_DAY_MAX = 100 };

/* One order as the acting member may see it. Messages are empty for who is neither party nor its
 * mediator. */
struct order_view {
    struct order order;
    enum order_who me; /* NOBODY: a mediator who may take the dispute */
    bool may_mediate;  /* button: take this mediation */
    struct sql_order_party buyer, provider;
    str mediator_name; /* empty: nobody yet */
    struct sql_order_event *events;
    size_t events_n;
    struct sql_order_message *messages;
    size_t messages_n;
    enum order_event next[ORDER_BUTTONS_MAX]; /* the main one first; MESSAGE left out */
    size_t next_n;
    bool may_write; /* messages */
    struct order_wait wait;
    int32_t cancel_bp;          /* what comes back when I cancel now, of the price */
    struct review_state review; /* of a party, once the order is over */
};
/* NO_NOT_FOUND; NO_NOT_SIGNED_IN; NO_ORDER_NOT_YOURS for who is neither party, nor a mediator while
 * it is disputed (or its own), nor a facilitator. */
no view_order(struct ctx *ctx, int64_t id, struct order_view *view) MUST_USE;

/* One line of a list. `turn`: the acting member must do something; wait.event says what. */
struct order_line_view {
    struct sql_order_brief row;
    enum order_who me;
    struct order_wait wait;
    bool turn;
};
enum order_tab { ORDER_TAB_TODO, ORDER_TAB_RUNNING, ORDER_TAB_DONE, ORDER_TABS };
struct order_list {
    struct order_line_view *lines;
    size_t lines_n;
    int64_t counts[ORDER_TABS]; /* how many in each tab */
    int64_t page, pages_n;
};
/* The acting member's: TODO and RUNNING by date of the work (undated last, then by number), DONE
 * newest first. Debts to be struck out are in TODO when the order is among the last 20 that ended.
 * NO_NOT_SIGNED_IN. */
no view_orders(struct ctx *ctx, enum order_tab tab, int64_t page, struct order_list *list) MUST_USE;
/* Disputes for a mediator, those that nobody has taken and his own first. NO_NOT_ALLOWED. */
no view_mediations(struct ctx *ctx, struct order_list *list) MUST_USE;
/* The acting member's jobs of one day (from_ns..before_ns), in order; `undated`: those without a
 * date. */
struct order_day {
    struct order_line_view *lines, *undated;
    size_t lines_n, undated_n;
};
no view_order_day(struct ctx *ctx, int64_t from_ns, int64_t before_ns,
                  struct order_day *day) MUST_USE;

/* What the provider needs at a job: whose it is, and the words of the order. */
no view_order_job(struct ctx *ctx, int64_t order, int64_t buyer, struct sql_order_party *party,
                  struct sql_order_message **messages, size_t *messages_n) MUST_USE;

/* --- asking --- */

/* An offer that can be asked for, with everything its form shows. */
struct order_ask_view {
    struct sql_offer offer;
    struct sql_order_party owner;
    struct sql_offer_variant *variants;
    size_t variants_n;
    struct sql_order_also *also; /* of the same person, for the same order */
    size_t also_n;
    struct order_terms terms;
    bool open; /* false: cannot be ordered now; `instead` may name another */
    struct sql_order_instead instead;
    int64_t left; /* pieces; -1 = not counted */
};
/* NO_NOT_FOUND; NO_GONE: withdrawn or removed. */
no view_order_ask(struct ctx *ctx, int64_t offer, struct order_ask_view *view) MUST_USE;
/* Another open offer of the same category; NO_NOT_FOUND when there is none. */
no view_order_instead(struct ctx *ctx, const struct sql_offer *offer,
                      struct sql_order_instead *instead) MUST_USE;
/* What a currency's purse of the acting member holds, and what it could still spend; 0 without a
 * purse yet: then the limit that purses are opened with. */
struct order_purse {
    int64_t balance, available;
};
no view_order_purse(struct ctx *ctx, int64_t currency, struct order_purse *purse) MUST_USE;

#endif
