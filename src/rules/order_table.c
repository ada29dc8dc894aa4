/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The life of an order, as data. Read a line as: these kinds, from this state, on this event, by
 * these people, chosen when, refused unless | money, claim | to, timer | notice to whom. Buyer and
 * provider may also act from another co-op (signed), hence REMOTE in OPENER..PROVIDER below.
 * Source: specs/market.md 3.4; what that table leaves open is said at the line.
 */
#include "rules/order_in.h"

#include <assert.h>

#define KIND(name) (1 << ORDER_##name)
#define DATED (KIND(SLOT) | KIND(RENTAL))
#define LOOSE (KIND(SALE) | KIND(EXCHANGE) | KIND(GIFT) | KIND(SERVICE))
#define UNLENT (LOOSE | KIND(SLOT))
#define ALL (DATED | LOOSE)

#define OPENS (ORDER_OPENER | ORDER_REMOTE)
#define ANSWERS (ORDER_ANSWERER | ORDER_REMOTE)
#define BUYS (ORDER_BUYER | ORDER_REMOTE)
#define PROVIDES (ORDER_PROVIDER | ORDER_REMOTE)
#define EITHER (ORDER_BUYER | ORDER_PROVIDER | ORDER_REMOTE)
#define BOTH (ORDER_BUYER | ORDER_PROVIDER)

#define ROW(kinds, from, event, who, when, guard, money, avail, to, timer, notice, tell) \
    {                                                                                    \
        kinds, ORDER_##from, ORDER_DO_##event, who, ORDER_##when, ORDER_##guard,         \
            ORDER_MONEY_##money, ORDER_AVAIL_##avail, ORDER_##to, ORDER_TIMER_##timer,   \
            ORDER_TELL_##notice, tell                                                    \
    }

/* The same lines from several states. */
#define REQUEST_FROM(from)                                                                        \
    ROW(ALL, from, REQUEST, OPENS, WHEN_NOT_INSTANT, IF_NOT_PAST, TAKE, PENDING, REQUESTED,       \
        ANSWER, REQUESTED, ORDER_ANSWERER),                                                       \
        ROW(ALL, from, REQUEST, OPENS, WHEN_INSTANT, IF_NOT_PAST, TAKE, FIRM, ACCEPTED, ACCEPTED, \
            ACCEPTED, BOTH)
#define UNANSWERED_FROM(from)                                                                      \
    ROW(ALL, from, DECLINE, ANSWERS, ALWAYS, FREELY, BACK, RELEASE, DECLINED, NONE, DECLINED,      \
        ORDER_OPENER),                                                                             \
        ROW(ALL, from, DECLINE, ORDER_CLOCK, ALWAYS, FREELY, BACK, RELEASE, DECLINED, NONE,        \
            DECLINED, BOTH),                                                                       \
        ROW(ALL, from, WITHDRAW, OPENS, ALWAYS, FREELY, BACK, RELEASE, CANCELLED, NONE, WITHDRAWN, \
            ORDER_ANSWERER),                                                                       \
        ROW(ALL, from, TIMEOUT, ORDER_CLOCK, ALWAYS, IF_DUE, BACK, RELEASE, EXPIRED, NONE,         \
            EXPIRED, BOTH)
#define PAY_FROM(from, timer)                                                                     \
    ROW(ALL, from, PAY_SAID, BUYS, ALWAYS, IF_UNSAID, NONE, NONE, STAYS, timer, PAID,             \
        ORDER_PROVIDER),                                                                          \
        ROW(ALL, from, PAY_SEEN, PROVIDES, ALWAYS, IF_UNSEEN, SEEN, NONE, STAYS, timer, PAY_SEEN, \
            ORDER_BUYER)
#define DISPUTE_FROM(from, guard)                                                         \
    ROW(ALL, from, DISPUTE, EITHER, ALWAYS, guard, NONE, NONE, DISPUTED, PANEL, DISPUTED, \
        BOTH | ORDER_COOP)
#define DISPUTE_BY_CLOCK(kinds, from, event, when)                                            \
    ROW(kinds, from, event, ORDER_CLOCK, when, IF_DUE, NONE, NONE, DISPUTED, PANEL, DISPUTED, \
        BOTH | ORDER_COOP)
#define DEBT_FROM(from)                                                                   \
    ROW(ALL, from, DEBT_SEEN, EITHER, ALWAYS, IF_OWED, DEBT, NONE, STAYS, NONE, PAY_SEEN, \
        ORDER_OTHER)
#define MESSAGE_FROM(from, who) \
    ROW(ALL, from, MESSAGE, who, ALWAYS, FREELY, NONE, NONE, STAYS, KEEP, MESSAGE, ORDER_OTHER)

static const struct order_row rows[] = {
    /* A basket, a request. */
    REQUEST_FROM(NEW),
    ROW(ALL, NEW, DRAFT, OPENS, ALWAYS, IF_NOT_PAST, NONE, SOFT, DRAFT, DRAFT, NOTHING, 0),
    REQUEST_FROM(DRAFT),
    ROW(ALL, DRAFT, WITHDRAW, OPENS, ALWAYS, FREELY, NONE, RELEASE, CANCELLED, NONE, NOTHING, 0),
    ROW(ALL, DRAFT, TIMEOUT, ORDER_CLOCK, ALWAYS, IF_DUE, NONE, RELEASE, EXPIRED, NONE, NOTHING, 0),

    /* The answer. */
    ROW(ALL, REQUESTED, ACCEPT, ANSWERS, ALWAYS, IF_IN_TIME, TAKE, FIRM, ACCEPTED, ACCEPTED,
        ACCEPTED, ORDER_OPENER),
    ROW(ALL, REQUESTED, COUNTER, ANSWERS, ALWAYS, IF_IN_TIME, NONE, NONE, COUNTERED, ANSWER,
        COUNTERED, ORDER_OPENER),
    UNANSWERED_FROM(REQUESTED),
    ROW(ALL, COUNTERED, AGREE, OPENS, ALWAYS, IF_IN_TIME, RETAKE, MOVE, ACCEPTED, ACCEPTED,
        ACCEPTED, ORDER_ANSWERER),
    UNANSWERED_FROM(COUNTERED),

    /* Accepted. A payment that was sent and not seen is never cancelled over: the clock asks for a
     * mediation instead. */
    PAY_FROM(ACCEPTED, ACCEPTED),
    ROW(ALL, ACCEPTED, START, PROVIDES, ALWAYS, IF_START_NEAR, DEPOSIT, IN_USE, STARTED, STARTED,
        STARTED, ORDER_BUYER),
    ROW(LOOSE, ACCEPTED, DELIVER, PROVIDES, ALWAYS, FREELY, ACTUAL, USED, DELIVERED, SILENCE,
        DELIVERED, ORDER_BUYER),
    ROW(ALL, ACCEPTED, NO_SHOW, PROVIDES, ALWAYS, IF_GRACE_OVER, STEP_LAST, RELEASE, CANCELLED,
        NONE, NO_SHOW, ORDER_BUYER),
    ROW(ALL, ACCEPTED, NO_SHOW, BUYS, ALWAYS, IF_GRACE_OVER, BACK_FINED, RELEASE, CANCELLED, NONE,
        NO_SHOW, ORDER_PROVIDER),
    ROW(ALL, ACCEPTED, CANCEL, BUYS, ALWAYS, IF_NO_FLIGHT, STEP, RELEASE, CANCELLED, NONE,
        CANCELLED, ORDER_PROVIDER),
    ROW(ALL, ACCEPTED, CANCEL, PROVIDES, ALWAYS, FREELY, BACK_FINED, RELEASE, CANCELLED, NONE,
        CANCELLED, ORDER_BUYER),
    DISPUTE_FROM(ACCEPTED, FREELY),
    ROW(ALL, ACCEPTED, PAY_TIMEOUT, ORDER_CLOCK, WHEN_NOT_IN_FLIGHT, IF_DUE, BACK, RELEASE,
        CANCELLED, NONE, EXPIRED, BOTH),
    DISPUTE_BY_CLOCK(ALL, ACCEPTED, PAY_TIMEOUT, WHEN_IN_FLIGHT),
    ROW(ALL, ACCEPTED, LAPSE, ORDER_CLOCK, WHEN_NOT_IN_FLIGHT, IF_DUE, BACK, RELEASE, CANCELLED,
        NONE, EXPIRED, BOTH),
    DISPUTE_BY_CLOCK(ALL, ACCEPTED, LAPSE, WHEN_IN_FLIGHT),

    /* Started. What is begun is taken as delivered when nobody says otherwise; a rented thing that
     * does not come back grows a claim on its deposit, then a mediation. */
    ROW(UNLENT, STARTED, DELIVER, PROVIDES, ALWAYS, FREELY, ACTUAL, USED, DELIVERED, SILENCE,
        DELIVERED, ORDER_BUYER),
    ROW(KIND(RENTAL), STARTED, DELIVER, PROVIDES, ALWAYS, FREELY, NONE, RELEASE, DELIVERED, SILENCE,
        DELIVERED, ORDER_BUYER),
    ROW(UNLENT, STARTED, DELIVER, ORDER_CLOCK, ALWAYS, IF_DUE, NONE, USED, DELIVERED, SILENCE,
        DELIVERED, BOTH),
    PAY_FROM(STARTED, KEEP),
    DISPUTE_FROM(STARTED, FREELY),
    ROW(KIND(RENTAL), STARTED, OVERDUE, ORDER_CLOCK, WHEN_DAYS_LEFT, IF_DUE, NONE, NONE, STAYS,
        OVERDUE, OVERDUE, BOTH),
    DISPUTE_BY_CLOCK(KIND(RENTAL), STARTED, OVERDUE, WHEN_DAYS_OVER),

    /* Delivered. */
    ROW(ALL, DELIVERED, CONFIRM, BUYS, ALWAYS, FREELY, COMPLETE, NONE, COMPLETED, NONE, COMPLETED,
        ORDER_PROVIDER),
    PAY_FROM(DELIVERED, KEEP),
    DISPUTE_FROM(DELIVERED, IF_WINDOW),
    ROW(ALL, DELIVERED, SILENCE, ORDER_CLOCK, ALWAYS, IF_DUE, COMPLETE, NONE, COMPLETED, NONE,
        COMPLETED, BOTH),

    /* Disputed. The claim is settled by the code: released, used, or already so. */
    ROW(ALL, DISPUTED, SETTLE_AGREE, EITHER, ALWAYS, IF_PROPOSED, PROPOSED, RELEASE, COMPLETED,
        NONE, DECIDED, BOTH),
    ROW(ALL, DISPUTED, SETTLE_PROPOSE, EITHER, ALWAYS, FREELY, NONE, NONE, STAYS, KEEP, PROPOSED,
        ORDER_OTHER),
    ROW(ALL, DISPUTED, PAY_SEEN, PROVIDES, ALWAYS, IF_UNSEEN, SEEN, NONE, STAYS, KEEP, PAY_SEEN,
        ORDER_BUYER),
    ROW(ALL, DISPUTED, DECIDE, ORDER_MEDIATOR, ALWAYS, FREELY, DECIDED, RELEASE, BY_SPLIT, NONE,
        DECIDED, BOTH),
    ROW(ALL, DISPUTED, PANEL_SILENT, ORDER_CLOCK, ALWAYS, IF_DUE, DEFAULT, RELEASE, BY_SPLIT, NONE,
        DECIDED, BOTH | ORDER_COOP),

    /* Over. */
    DEBT_FROM(COMPLETED),
    ROW(ALL, COMPLETED, GOODWILL, PROVIDES | ORDER_COOP, ALWAYS, IF_LEFT, GOODWILL, NONE, STAYS,
        NONE, REFUNDED, BOTH),
    ROW(ALL, COMPLETED, CHARGEBACK, ORDER_CLOCK, ALWAYS, IF_PSP, CHARGEBACK, NONE, STAYS, NONE,
        REFUNDED, BOTH | ORDER_COOP),
    DEBT_FROM(CANCELLED),

    /* Words are always free. */
    MESSAGE_FROM(REQUESTED, EITHER),
    MESSAGE_FROM(COUNTERED, EITHER),
    MESSAGE_FROM(ACCEPTED, EITHER),
    MESSAGE_FROM(STARTED, EITHER),
    MESSAGE_FROM(DELIVERED, EITHER),
    MESSAGE_FROM(DISPUTED, EITHER | ORDER_MEDIATOR),
    MESSAGE_FROM(COMPLETED, EITHER),
    MESSAGE_FROM(DECLINED, EITHER),
    MESSAGE_FROM(EXPIRED, EITHER),
    MESSAGE_FROM(CANCELLED, EITHER),
};

const struct order_row *order_rows(size_t *n)
{
    *n = sizeof rows / sizeof rows[0];
    return rows;
}

const char *order_state_name(enum order_state state)
{
    static const char *const names[ORDER_STATES] = {
        "new",       "draft",    "requested", "countered", "accepted", "started",
        "delivered", "disputed", "completed", "declined",  "expired",  "cancelled",
    };

    assert((unsigned)state < ORDER_STATES);
    return names[state];
}

const char *order_event_name(enum order_event event)
{
    static const char *const names[ORDER_EVENTS] = {
        "nothing",      "draft",       "request",      "counter",   "agree",      "withdraw",
        "decline",      "timeout",     "accept",       "cancel",    "start",      "no_show",
        "deliver",      "overdue",     "confirm",      "silence",   "dispute",    "settle_propose",
        "settle_agree", "decide",      "panel_silent", "goodwill",  "chargeback", "pay_said",
        "pay_seen",     "pay_timeout", "lapse",        "debt_seen", "message",
    };

    assert((unsigned)event < ORDER_EVENTS);
    return names[event];
}

const char *order_kind_name(enum order_kind kind)
{
    static const char *const names[ORDER_KINDS] = {
        NULL, "sale", "slot", "rental", "exchange", "gift", "service",
    };

    assert(kind > 0 && kind < ORDER_KINDS);
    return names[kind];
}
