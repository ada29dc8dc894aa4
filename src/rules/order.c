/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Reads the table: finds the row, asks its guard, plays its money, sets the clock.
 */
#include "rules/order.h"
#include "rules/order_in.h"

#include <assert.h>

#define ANSWER_LEAST_NS (15 * ORDER_MINUTE)
#define ANSWER_BEFORE_NS (2 * ORDER_HOUR)

enum order_who order_who_is(const struct order_facts *facts, int64_t member)
{
    if (member == 0)
        return ORDER_NOBODY;
    if (member == facts->buyer)
        return ORDER_BUYER;
    return member == facts->provider ? ORDER_PROVIDER : ORDER_NOBODY;
}

bool order_is_over(enum order_state state)
{
    return state == ORDER_COMPLETED || state == ORDER_DECLINED || state == ORDER_EXPIRED ||
           state == ORDER_CANCELLED;
}

/* --- choosing the row --- */

/* The row for this event by this role. NO_ORDER_NOT_IN_STATE, NO_ORDER_NOT_YOURS. */
static no find_row(const struct order_facts *facts, enum order_event event, enum order_who role,
                   bool remote, const struct order_row **found)
{
    no answer = NO_ORDER_NOT_IN_STATE;
    size_t n;
    const struct order_row *rows = order_rows(&n);

    for (size_t i = 0; i < n; i++) {
        if (!order_row_is_of(&rows[i], facts) || rows[i].event != event)
            continue;
        if ((order_people(facts, rows[i].who, role) & (uint32_t)role) == 0 ||
            (remote && (rows[i].who & ORDER_REMOTE) == 0)) {
            answer = NO_ORDER_NOT_YOURS;
            continue;
        }
        if (!order_row_holds(&rows[i], facts))
            continue;
        *found = &rows[i];
        return YES;
    }
    return answer;
}

/* Whether act.member is the person of the role. */
static no check_person(const struct order_facts *facts, const struct order_act *act)
{
    const enum order_who is = order_who_is(facts, act->member);

    if (act->who == ORDER_CLOCK || act->who == ORDER_COOP || act->who == ORDER_REMOTE)
        return YES;
    if (act->who != ORDER_MEDIATOR) {
        if (facts->buyer == facts->provider && facts->state <= ORDER_DRAFT)
            return NO_ORDER_OWN_OFFER;
        return is == act->who ? YES : NO_ORDER_NOT_YOURS;
    }
    if (is != ORDER_NOBODY)
        return NO_MEDIATOR_IS_PARTY;
    return act->member == 0 || (facts->mediator != 0 && facts->mediator != act->member)
               ? NO_ORDER_NOT_YOURS
               : YES;
}

/* --- the clock --- */

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void set_timer(struct order_plan *plan, int64_t at_ns, enum order_event event)
{
    plan->timer_ns = at_ns;
    plan->timer_event = event;
}

/* 48 h, but two hours before the start at the latest, and never less than a quarter of an hour. */
static void timer_answer(struct order_plan *plan, int64_t now_ns)
{
    const struct order_deal *deal =
        plan->to == ORDER_COUNTERED ? &plan->after.counter : &plan->after.deal;
    int64_t at = now_ns + plan->after.terms.accept_ttl;

    if (deal->starts_ns != 0 && deal->starts_ns - ANSWER_BEFORE_NS < at)
        at = deal->starts_ns - ANSWER_BEFORE_NS;
    set_timer(plan, later(at, now_ns + ANSWER_LEAST_NS), ORDER_DO_TIMEOUT);
}

static void timer_accepted(struct order_plan *plan, int64_t now_ns)
{
    const struct order_facts *after = &plan->after;

    if (order_has_direct(after) && !after->pay_seen && !after->terms.pay_at_delivery)
        set_timer(plan, now_ns + after->terms.pay_ttl, ORDER_DO_PAY_TIMEOUT);
    else
        set_timer(plan, later(now_ns, after->deal.ends_ns) + after->terms.deliver_ttl,
                  ORDER_DO_LAPSE);
}

static void timer_started(struct order_plan *plan, int64_t now_ns)
{
    const int64_t end = later(now_ns, plan->after.deal.ends_ns);

    if (plan->after.kind == ORDER_RENTAL)
        set_timer(plan, end + ORDER_DAY, ORDER_DO_OVERDUE);
    else
        set_timer(plan, end + plan->after.terms.receipt_ttl, ORDER_DO_DELIVER);
}

static void plan_timer(struct order_plan *plan, enum order_timer timer, int64_t now_ns)
{
    const struct order_terms *terms = &plan->after.terms;

    switch (timer) {
    case ORDER_TIMER_KEEP:
        break;
    case ORDER_TIMER_NONE:
        set_timer(plan, 0, ORDER_NOTHING);
        break;
    case ORDER_TIMER_DRAFT:
        set_timer(plan, now_ns + terms->draft_ttl, ORDER_DO_TIMEOUT);
        break;
    case ORDER_TIMER_ANSWER:
        timer_answer(plan, now_ns);
        break;
    case ORDER_TIMER_ACCEPTED:
        timer_accepted(plan, now_ns);
        break;
    case ORDER_TIMER_STARTED:
        timer_started(plan, now_ns);
        break;
    case ORDER_TIMER_OVERDUE:
        set_timer(plan, plan->timer_ns + ORDER_DAY, ORDER_DO_OVERDUE);
        break;
    case ORDER_TIMER_SILENCE:
        set_timer(plan, now_ns + terms->confirm_silence, ORDER_DO_SILENCE);
        break;
    case ORDER_TIMER_PANEL:
        set_timer(plan, now_ns + terms->panel_ttl, ORDER_DO_PANEL_SILENT);
        break;
    }
    plan->after.timer_ns = plan->timer_ns;
    plan->after.timer_event = plan->timer_event;
}

/* --- the plan --- */

/* What the act brings with it, checked before anything is written. */
static no check_act(const struct order_facts *facts, const struct order_act *act)
{
    const bool coded = facts->kind == ORDER_SLOT || facts->kind == ORDER_RENTAL;

    if (act->event == ORDER_DO_DRAFT || act->event == ORDER_DO_REQUEST) {
        TRY(order_deal_check(facts->kind, &facts->deal));
        TRY(order_terms_check(&facts->terms));
    }
    if (act->event == ORDER_DO_COUNTER) {
        TRY(order_deal_check(facts->kind, &act->deal));
        if (act->deal.starts_ns != 0 && act->now_ns >= act->deal.starts_ns)
            return NO_TOO_LATE;
    }
    return act->event == ORDER_DO_START && coded && !act->code_right ? NO_CODE_WRONG : YES;
}

/* A proposal has to be one that could be agreed to: it is played on a copy and thrown away. */
static no propose(struct order_plan *plan, const struct order_facts *facts,
                  const struct order_act *act, enum order_who role)
{
    struct order_plan rehearsal = *plan;

    TRY(order_money_play(&rehearsal, ORDER_MONEY_DECIDED, facts, act, role));
    plan->after.proposal = (struct order_proposal){.by = role, .received = act->received};
    for (size_t i = 0; i < ORDER_PARTS_MAX; i++)
        plan->after.proposal.split[i] = act->split[i];
    return YES;
}

/* Facts that a single event adds. */
static void note_event(struct order_plan *plan, const struct order_act *act)
{
    struct order_facts *after = &plan->after;

    if (act->event == ORDER_DO_COUNTER)
        after->counter = act->deal;
    if (act->event == ORDER_DO_PAY_SAID)
        after->pay_said = true;
    if (act->event != ORDER_DO_OVERDUE || plan->to != ORDER_STARTED)
        return;
    after->overdue_days++;
    for (size_t i = 0; i < after->deal.parts_n; i++) {
        const int64_t deposit = after->deal.parts[i].deposit;
        const int64_t claim =
            after->paid[i].late_claim + order_share(deposit, after->terms.overdue_bp);

        after->paid[i].late_claim = claim < deposit ? claim : deposit;
    }
}

static void note_times(struct order_plan *plan, int64_t now_ns)
{
    struct order_facts *after = &plan->after;

    after->state = plan->to;
    if (plan->from == plan->to)
        return;
    if (plan->from <= ORDER_DRAFT && plan->to != ORDER_DRAFT && !order_is_over(plan->to))
        after->requested_ns = now_ns;
    if (plan->to == ORDER_ACCEPTED)
        after->accepted_ns = now_ns;
    if (plan->to == ORDER_STARTED)
        after->started_ns = now_ns;
    if (plan->to == ORDER_DELIVERED)
        after->delivered_ns = now_ns;
    if (plan->to == ORDER_DISPUTED)
        after->disputed_from = plan->from;
    if (plan->from == ORDER_DISPUTED)
        after->proposal = (struct order_proposal){0};
    if (order_is_over(plan->to)) {
        after->ended_ns = now_ns;
        after->counter = (struct order_deal){0};
    }
}

/* After a mediation: what the provider delivered is gone (or back: rental), before that it depends
 * on whether the exchange took place at all. */
static enum order_availability claim_of(const struct order_plan *plan, const struct order_row *row)
{
    if (plan->from != ORDER_DISPUTED || !order_is_over(plan->to))
        return (enum order_availability)row->availability;
    if (plan->after.delivered_ns != 0)
        return ORDER_AVAIL_NONE;
    return plan->to == ORDER_COMPLETED && plan->after.kind != ORDER_RENTAL ? ORDER_AVAIL_USED
                                                                           : ORDER_AVAIL_RELEASE;
}

/* BY_SPLIT: cancelled when the provider got nothing of the price. */
static enum order_state end_by_split(const struct order_plan *plan)
{
    for (size_t i = 0; i < plan->after.deal.parts_n; i++)
        if (plan->after.paid[i].to_provider > 0)
            return ORDER_COMPLETED;
    return ORDER_CANCELLED;
}

static enum order_state target(const struct order_plan *plan, const struct order_row *row)
{
    if (row->to == ORDER_STAYS)
        return plan->from;
    return row->to == ORDER_BY_SPLIT ? end_by_split(plan) : (enum order_state)row->to;
}

no order_plan(struct order_plan *plan, const struct order_facts *facts, const struct order_act *act)
{
    const bool remote = act->who == ORDER_REMOTE;
    const enum order_who role = remote ? act->stands_for : act->who;
    const struct order_row *row = NULL;
    struct order_plan made = {.from = facts->state,
                              .after = *facts,
                              .timer_ns = facts->timer_ns,
                              .timer_event = facts->timer_event};

    assert(facts->kind > 0 && facts->kind < ORDER_KINDS && facts->state < ORDER_STATES);
    assert(facts->opened_by == ORDER_BUYER || facts->opened_by == ORDER_PROVIDER);
    TRY(find_row(facts, act->event, role, remote, &row));
    TRY(check_person(facts, act));
    TRY(order_row_guard(row, facts, role, act->now_ns));
    TRY(check_act(facts, act));
    TRY(order_money_play(&made, (enum order_effect)row->money, facts, act, role));
    if (act->event == ORDER_DO_SETTLE_PROPOSE)
        TRY(propose(&made, facts, act, role));
    made.to = target(&made, row);
    note_event(&made, act);
    note_times(&made, act->now_ns);
    plan_timer(&made, (enum order_timer)row->timer, act->now_ns);
    made.availability = claim_of(&made, row);
    made.notice = (enum order_notice)row->notice;
    made.tell = order_people(facts, row->tell, role);
    made.reviews_open = made.from != made.to && made.after.accepted_ns != 0 &&
                        (made.to == ORDER_COMPLETED || made.to == ORDER_CANCELLED);
    *plan = made;
    return YES;
}
