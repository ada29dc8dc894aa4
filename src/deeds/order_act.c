/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/order_in.h"

#include "base/log.h"
#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/ledger.h"
#include "deeds/letter.h"
#include "store/sql_member.h"

#include "rules/fee.h"

enum { RETRY_NS_HOURS = 1, TIMER_BYTES = 1 << 20 };

enum order_who order_actor(const struct ctx *ctx, const struct order *order)
{
    if (ctx->actor.clock)
        return ORDER_CLOCK;
    const enum order_who party = order_who_is(&order->facts, ctx->actor.member);

    if (party != ORDER_NOBODY)
        return party;
    if (actor_has(ctx, ROLE_MEDIATOR) && order->facts.mediator == ctx->actor.member)
        return ORDER_MEDIATOR;
    return actor_has(ctx, ROLE_FACILITATOR) ? ORDER_COOP : ORDER_NOBODY;
}

/* Letters to those the plan names, except who acted. */
static no tell(struct ctx *ctx, const struct order *order, const struct order_plan *plan)
{
    const struct {
        uint32_t bit;
        int64_t member;
    } readers[] = {{ORDER_BUYER, order->row.buyer},
                   {ORDER_PROVIDER, order->row.provider},
                   {ORDER_MEDIATOR, order->facts.mediator}};

    if (plan->notice == ORDER_TELL_NOTHING)
        return YES;
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
        if ((plan->tell & readers[i].bit) != 0 && readers[i].member != 0 &&
            (ctx->actor.clock || readers[i].member != ctx->actor.member))
            TRY(letter_put(ctx, LETTER_ORDER, readers[i].member, STR_NONE, order->row.id,
                           plan->notice, STR_NONE));
    return YES;
}

no order_do(struct ctx *ctx, struct order *order, const struct order_act *act, str note,
            int64_t *entry)
{
    struct order_plan *plan = arena_take(ctx->arena, sizeof *plan);
    const bool was_over = order_is_over(order->row.state);

    if (plan == NULL)
        return NO_TOO_LARGE;
    TRY(order_plan(plan, &order->facts, act));
    TRY(order_move_money(ctx, order, plan, entry));
    plan->after.timer_ns = plan->timer_ns;
    plan->after.timer_event = plan->timer_event;
    order->row.events_n++;
    TRY(order_write(ctx, order, &plan->after));
    TRY(order_move_stock(ctx, order, plan));
    TRY(sql_order_event_put(ctx->db, order->row.id, order->row.events_n, act->event,
                            act->who == ORDER_CLOCK ? 0 : ctx->actor.member, plan->to,
                            note.ptr == NULL || act->event == ORDER_DO_MESSAGE ? S("") : note,
                            *entry, ctx->now_ns));
    if (act->event == ORDER_DO_MESSAGE) {
        int64_t message;

        TRY(sql_order_message_put(ctx->db, order->row.id, ctx->actor.member, note, ctx->now_ns,
                                  &message));
    }
    if (plan->to == ORDER_COMPLETED && !was_over)
        TRY(sql_member_jobs_add(ctx->db, order->row.provider, 1));
    return tell(ctx, order, plan);
}

/* --- a person's act --------------------------------------------------------------------------- */

/* What came since the page was shown. Messages change nothing, so they surprise nobody. */
struct since {
    bool other;  /* something else happened first: the page was old */
    bool mine;   /* this very event by this very person came first: a form sent twice */
    bool spoken; /* this person has written since */
};

static no look_since(struct ctx *ctx, const struct order *order, const struct order_act_form *form,
                     struct since *since)
{
    struct sql_order_event *events;
    size_t events_n;

    *since = (struct since){0};
    if (form->seen_events_n < 0 || form->seen_events_n >= order->row.events_n)
        return YES;
    TRY(sql_order_event_list(ctx->db, ctx->arena, order->row.id, &events, &events_n));
    for (size_t i = 0; i < events_n; i++) {
        const bool mine = events[i].actor == ctx->actor.member;

        if (events[i].num <= form->seen_events_n)
            continue;
        since->spoken = since->spoken || (mine && events[i].event == ORDER_DO_MESSAGE);
        if (events[i].event == ORDER_DO_MESSAGE || since->other || since->mine)
            continue;
        since->mine = mine && events[i].event == form->event;
        since->other = !since->mine;
    }
    return YES;
}

/* The same words by the same person, since the page was shown. */
static no said_already(struct ctx *ctx, const struct order *order, str note, bool *said)
{
    struct sql_order_message *messages;
    size_t messages_n;

    TRY(sql_order_message_list(ctx->db, ctx->arena, order->row.id, &messages, &messages_n));
    for (size_t i = messages_n; i > 0; i--)
        if (messages[i - 1].author == ctx->actor.member) {
            *said = str_eq(messages[i - 1].body, note);
            break;
        }
    return YES;
}

/* *done: there is nothing left to do. NO_CONFLICT. */
static no done_already(struct ctx *ctx, const struct order *order,
                       const struct order_act_form *form, bool *done)
{
    struct since since;

    *done = false;
    TRY(look_since(ctx, order, form, &since));
    if (form->event == ORDER_DO_MESSAGE)
        return since.spoken ? said_already(ctx, order, form->note, done) : YES;
    *done = since.mine;
    return since.other ? NO_CONFLICT : YES;
}

/* New totals keep the co-op's share as it was decided when the order was born. */
static no price_part(struct ctx *ctx, struct order_part *part, int64_t price)
{
    const struct fee_params params = house_fee(ctx_house(ctx), part->currency);
    struct fee_split split;

    if (price < 0)
        return YES;
    TRY(fee_split(price, &params, &split));
    part->price = price;
    part->fee_provider = split.fee;
    return YES;
}

static no fill_deal(struct ctx *ctx, struct order_act *act, const struct order *order,
                    const int64_t prices[ORDER_PARTS_MAX], int64_t starts_ns)
{
    act->deal = order->facts.deal;
    for (size_t i = 0; i < act->deal.parts_n; i++)
        TRY(price_part(ctx, &act->deal.parts[i], prices[i]));
    if (starts_ns > 0) {
        const int64_t length = act->deal.ends_ns - act->deal.starts_ns;

        act->deal.starts_ns = starts_ns;
        act->deal.ends_ns = starts_ns + length;
    }
    return YES;
}

static bool has_actual(const struct order_act_form *form)
{
    return form->event == ORDER_DO_DELIVER &&
           (form->actual_price[0] >= 0 || form->actual_price[1] >= 0);
}

/* A message says something, and a decision gives its reason. */
static bool needs_words(enum order_event event)
{
    return event == ORDER_DO_MESSAGE || event == ORDER_DO_DECIDE;
}

static no act_on_order(struct ctx *ctx, void *form_)
{
    struct order_act_form *form = form_;
    struct order order;
    struct order_act act = {.event = form->event,
                            .member = ctx->actor.member,
                            .now_ns = ctx->now_ns,
                            .received = form->received,
                            .part = form->part,
                            .amount = form->amount};
    bool done;

    TRY(order_read(ctx, form->order, &order));
    if (form->note.len > ORDER_NOTE_MAX && utf8_count(form->note) > ORDER_NOTE_MAX)
        return deed_wrong_bound(ctx, "note", NO_FIELD_TOO_LONG, ORDER_NOTE_MAX);
    if (!utf8_clean(form->note, true))
        return deed_wrong(ctx, "note", NO_FIELD_CONTROL_CHARS);
    if (needs_words(form->event) && str_trim(form->note).len == 0)
        return deed_wrong(ctx, "note", NO_FIELD_MISSING);
    act.who = order_actor(ctx, &order);
    if (act.who == ORDER_NOBODY)
        return NO_ORDER_NOT_YOURS;
    TRY(done_already(ctx, &order, form, &done));
    form->state = order.row.state;
    if (done)
        return YES;
    if (form->event == ORDER_DO_COUNTER)
        TRY(fill_deal(ctx, &act, &order, form->counter_price, form->counter_starts_ns));
    if (has_actual(form))
        TRY(fill_deal(ctx, &act, &order, form->actual_price, 0));
    for (size_t i = 0; i < ORDER_PARTS_MAX; i++)
        act.split[i] = form->split[i];
    act.code_right = form->code.len > 0 && str_eq(form->code, order.row.code);
    form->entry = 0;
    TRY(order_do(ctx, &order, &act, form->note, &form->entry));
    form->state = order.row.state;
    return YES;
}

no deed_order_act(struct ctx *ctx, struct order_act_form *form)
{
    return deed_run(ctx, act_on_order, form);
}

/* --- the clock -------------------------------------------------------------------------------- */

static no play_timer(struct ctx *ctx, void *id)
{
    struct order order;
    int64_t entry = 0;

    TRY(order_read(ctx, *(const int64_t *)id, &order));
    const struct order_act act = {
        .event = order.facts.timer_event, .who = ORDER_CLOCK, .now_ns = ctx->now_ns};

    return order_do(ctx, &order, &act, STR_NONE, &entry);
}

static no put_off(struct ctx *ctx, void *id)
{
    struct order order;

    TRY(order_read(ctx, *(const int64_t *)id, &order));
    order.facts.timer_ns = ctx->now_ns + RETRY_NS_HOURS * ORDER_HOUR;
    const struct order_facts after = order.facts;

    return order_write(ctx, &order, &after);
}

static no play_or_put_off(struct ctx *ctx, int64_t *id)
{
    no answer = deed_try(ctx, play_timer, id);

    if (answer == YES && !arena_overflowed(ctx->arena))
        return YES;
    log_line(LOG_WARN, "order", "a timer was refused and put off", "no",
             no_line(answer == YES ? NO_TOO_LARGE : answer)->name, NULL);
    arena_reset(ctx->arena);
    return put_off(ctx, id);
}

static no clock_round(struct ctx *ctx, void *form_)
{
    struct order_clock_form *form = form_;
    struct arena *whole = ctx->arena, one;
    struct sql_id *due;
    size_t due_n;
    no answer = YES;

    ctx->actor = (struct actor){.clock = true};
    TRY(sql_order_due(ctx->db, whole, ctx->now_ns, form->most, &due, &due_n));
    void *block = arena_take(whole, TIMER_BYTES);

    if (block == NULL)
        return NO_TOO_LARGE;
    /* Each order has memory of its own: one that overflows must not stop the others. */
    ctx->arena = &one;
    for (size_t i = 0; answer == YES && i < due_n; i++) {
        arena_init_on(&one, block, TIMER_BYTES);
        answer = play_or_put_off(ctx, &due[i].id);
    }
    ctx->arena = whole;
    form->played = (int64_t)due_n;
    return answer;
}

no deed_order_clock(struct ctx *ctx, struct order_clock_form *form)
{
    return deed_run(ctx, clock_round, form);
}

/* --- mediation -------------------------------------------------------------------------------- */

static no mediate(struct ctx *ctx, void *form_)
{
    const struct order_mediate_form *form = form_;
    struct order order;

    if (!actor_has(ctx, ROLE_MEDIATOR))
        return NO_NOT_ALLOWED;
    TRY(order_read(ctx, form->order, &order));
    if (order_who_is(&order.facts, ctx->actor.member) != ORDER_NOBODY)
        return NO_MEDIATOR_IS_PARTY;
    if (order.row.state != ORDER_DISPUTED)
        return NO_ORDER_NOT_IN_STATE;
    if (order.facts.mediator == ctx->actor.member)
        return YES;
    if (order.facts.mediator != 0)
        return NO_CONFLICT;
    return sql_order_mediator(ctx->db, order.row.id, ctx->actor.member);
}

no deed_order_mediate(struct ctx *ctx, struct order_mediate_form *form)
{
    return deed_run(ctx, mediate, form);
}
