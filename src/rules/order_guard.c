/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a row of the table asks of the facts: whose it is, when it holds, what it refuses.
 */
#include "rules/order_in.h"

enum order_who order_other(enum order_who role)
{
    return role == ORDER_BUYER ? ORDER_PROVIDER : ORDER_BUYER;
}

/* The bits of a row as people: opener and answerer become buyer and provider. */
uint32_t order_people(const struct order_facts *facts, uint32_t bits, enum order_who role)
{
    uint32_t who = bits & (ORDER_BUYER | ORDER_PROVIDER | ORDER_MEDIATOR | ORDER_CLOCK |
                           ORDER_REMOTE | ORDER_COOP);

    if (bits & ORDER_OPENER)
        who |= (uint32_t)facts->opened_by;
    if (bits & ORDER_ANSWERER)
        who |= (uint32_t)order_other(facts->opened_by);
    if (bits & ORDER_OTHER)
        who |= role == ORDER_MEDIATOR ? (uint32_t)(ORDER_BUYER | ORDER_PROVIDER)
                                      : (uint32_t)order_other(role);
    return who;
}

bool order_row_holds(const struct order_row *row, const struct order_facts *facts)
{
    const bool instant = facts->instant && facts->opened_by == ORDER_BUYER;

    switch ((enum order_when)row->when) {
    case ORDER_ALWAYS:
        return true;
    case ORDER_WHEN_INSTANT:
        return instant;
    case ORDER_WHEN_NOT_INSTANT:
        return !instant;
    case ORDER_WHEN_IN_FLIGHT:
        return order_in_flight(facts);
    case ORDER_WHEN_NOT_IN_FLIGHT:
        return !order_in_flight(facts);
    case ORDER_WHEN_DAYS_LEFT:
        return facts->overdue_days < facts->terms.overdue_days_max;
    case ORDER_WHEN_DAYS_OVER:
        return facts->overdue_days >= facts->terms.overdue_days_max;
    }
    return false;
}

bool order_row_is_of(const struct order_row *row, const struct order_facts *facts)
{
    return (row->kinds >> facts->kind & 1) != 0 && row->from == facts->state;
}

/* --- guards --- */

static no guard_grace(const struct order_facts *facts, enum order_who role, int64_t now_ns)
{
    if (facts->deal.starts_ns == 0)
        return NO_ORDER_NOT_IN_STATE;
    if (now_ns < facts->deal.starts_ns + facts->terms.no_show_grace)
        return NO_TOO_EARLY;
    return role == ORDER_BUYER && order_in_flight(facts) ? NO_TOO_EARLY : YES;
}

int64_t order_owed_to(const struct order_facts *facts, enum order_who creditor)
{
    int64_t most = 0;

    for (size_t i = 0; i < facts->deal.parts_n; i++) {
        const struct order_paid *paid = &facts->paid[i];
        const int64_t owed = creditor == ORDER_BUYER ? paid->owed_buyer : paid->owed_provider;

        most = owed > most ? owed : most;
    }
    return most;
}

static no guard_left(const struct order_facts *facts, bool psp_only)
{
    for (size_t i = 0; i < facts->deal.parts_n; i++)
        if (order_part_left(&facts->paid[i]) > 0 &&
            (!psp_only || facts->deal.parts[i].funding == ORDER_PSP))
            return YES;
    return NO_ORDER_NOT_IN_STATE;
}

static no guard_due(const struct order_facts *facts, enum order_event event, int64_t now_ns)
{
    if (facts->timer_event != event)
        return NO_ORDER_NOT_IN_STATE;
    return now_ns < facts->timer_ns ? NO_TOO_EARLY : YES;
}

static no said_as(const struct order_facts *facts, bool said_too)
{
    if (!order_has_direct(facts) || facts->pay_seen || (said_too && facts->pay_said))
        return NO_ORDER_NOT_IN_STATE;
    return YES;
}

static no guard_start(const struct order_facts *facts, int64_t now_ns)
{
    const int64_t starts = facts->deal.starts_ns;

    return starts != 0 && now_ns < starts - facts->terms.start_early ? NO_TOO_EARLY : YES;
}

no order_row_guard(const struct order_row *row, const struct order_facts *facts,
                   enum order_who role, int64_t now_ns)
{
    const int64_t starts = facts->deal.starts_ns;
    const int64_t window = facts->delivered_ns + facts->terms.dispute_window;

    switch ((enum order_guard)row->guard) {
    case ORDER_FREELY:
        return YES;
    case ORDER_IF_DUE:
        return guard_due(facts, (enum order_event)row->event, now_ns);
    case ORDER_IF_IN_TIME:
        return now_ns < facts->timer_ns ? YES : NO_TOO_LATE;
    case ORDER_IF_NOT_PAST:
        return starts == 0 || now_ns < starts ? YES : NO_TOO_LATE;
    case ORDER_IF_START_NEAR:
        return guard_start(facts, now_ns);
    case ORDER_IF_GRACE_OVER:
        return guard_grace(facts, role, now_ns);
    case ORDER_IF_NO_FLIGHT:
        return order_in_flight(facts) ? NO_TOO_EARLY : YES;
    case ORDER_IF_WINDOW:
        return now_ns < window ? YES : NO_TOO_LATE;
    case ORDER_IF_UNSAID:
        return said_as(facts, true);
    case ORDER_IF_UNSEEN:
        return said_as(facts, false);
    case ORDER_IF_PROPOSED:
        if (facts->proposal.by == ORDER_NOBODY)
            return NO_ORDER_NOT_IN_STATE;
        return facts->proposal.by == role ? NO_ORDER_NOT_YOURS : YES;
    case ORDER_IF_OWED:
        return order_owed_to(facts, role) > 0 ? YES : NO_ORDER_NOT_IN_STATE;
    case ORDER_IF_LEFT:
        return guard_left(facts, false);
    case ORDER_IF_PSP:
        return guard_left(facts, true);
    }
    return NO_ORDER_NOT_IN_STATE;
}
