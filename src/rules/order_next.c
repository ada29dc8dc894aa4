/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * For the pages: which buttons to show, and who must act next.
 */
#include "rules/order_in.h"

size_t order_next_events(const struct order_facts *facts, enum order_who who, int64_t now_ns,
                         enum order_event *events, size_t max)
{
    size_t rows_n, n = 0;
    const struct order_row *rows = order_rows(&rows_n);

    for (size_t i = 0; i < rows_n && n < max; i++) {
        const enum order_event event = (enum order_event)rows[i].event;

        if (!order_row_is_of(&rows[i], facts) || !order_row_holds(&rows[i], facts) ||
            (order_people(facts, rows[i].who, who) & (uint32_t)who) == 0 ||
            order_row_guard(&rows[i], facts, who, now_ns) != YES)
            continue;
        events[n++] = event;
    }
    return n;
}

static struct order_wait wait_for(const struct order_facts *facts, enum order_who who,
                                  enum order_event event)
{
    return (struct order_wait){
        .who = who, .event = event, .until_ns = facts->timer_ns, .otherwise = facts->timer_event};
}

static struct order_wait wait_accepted(const struct order_facts *facts)
{
    const bool unpaid = order_has_direct(facts) && !facts->pay_seen;
    const bool coded = facts->kind == ORDER_SLOT || facts->kind == ORDER_RENTAL;

    if (unpaid && facts->pay_said)
        return wait_for(facts, ORDER_PROVIDER, ORDER_DO_PAY_SEEN);
    if (unpaid && !facts->terms.pay_at_delivery)
        return wait_for(facts, ORDER_BUYER, ORDER_DO_PAY_SAID);
    return wait_for(facts, ORDER_PROVIDER, coded ? ORDER_DO_START : ORDER_DO_DELIVER);
}

static struct order_wait wait_debt(const struct order_facts *facts)
{
    const enum order_who creditors[] = {ORDER_BUYER, ORDER_PROVIDER};

    for (size_t i = 0; i < 2; i++)
        if (order_owed_to(facts, creditors[i]) > 0)
            return wait_for(facts, creditors[i], ORDER_DO_DEBT_SEEN);
    return (struct order_wait){0};
}

struct order_wait order_waits_for(const struct order_facts *facts)
{
    switch (facts->state) {
    case ORDER_NEW:
    case ORDER_DRAFT:
        return wait_for(facts, facts->opened_by, ORDER_DO_REQUEST);
    case ORDER_REQUESTED:
        return wait_for(facts, order_other(facts->opened_by), ORDER_DO_ACCEPT);
    case ORDER_COUNTERED:
        return wait_for(facts, facts->opened_by, ORDER_DO_AGREE);
    case ORDER_ACCEPTED:
        return wait_accepted(facts);
    case ORDER_STARTED:
        return wait_for(facts, ORDER_PROVIDER, ORDER_DO_DELIVER);
    case ORDER_DELIVERED:
        return wait_for(facts, ORDER_BUYER, ORDER_DO_CONFIRM);
    case ORDER_DISPUTED:
        if (facts->proposal.by != ORDER_NOBODY)
            return wait_for(facts, order_other(facts->proposal.by), ORDER_DO_SETTLE_AGREE);
        return wait_for(facts, ORDER_MEDIATOR, ORDER_DO_DECIDE);
    case ORDER_COMPLETED:
    case ORDER_CANCELLED:
        return wait_debt(facts);
    case ORDER_DECLINED:
    case ORDER_EXPIRED:
    case ORDER_STATES:
        break;
    }
    return (struct order_wait){0};
}
