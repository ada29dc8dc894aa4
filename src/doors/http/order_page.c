/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * From an order as the deeds see it to the page as a person reads it.
 */
#include "doors/http/order.h"

#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/member.h"
#include "doors/http/proof.h"
#include "rules/order.h"

/* "EUR", "heures": what stands beside a field of an amount. */
static str unit_of(struct http_req *req, const struct order_view *view, size_t i)
{
    const struct house_unit *unit =
        house_unit(ctx_house(&req->ctx), view->order.facts.deal.parts[i].currency);

    if (unit == NULL)
        return S("");
    return unit->unit.kind == UNIT_TIME && unit->name[req->ctx.lang].len > 0
               ? unit->name[req->ctx.lang]
               : str_of(unit->unit.code);
}

static str field_value(struct http_req *req, money amount)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 24);
    money_put_field(&out, amount);
    return buf_str(&out);
}

/* What was typed in the form that came back, else what the page would propose. */
static str typed_or(struct http_req *req, const struct order_failed *failed, enum order_event event,
                    const char *field, str otherwise)
{
    const str typed = http_field(req, field);

    return failed->event == event && typed.ptr != NULL ? typed : otherwise;
}

/* --- the money ------------------------------------------------------------------------------- */

static enum lang_key money_state(const struct order_facts *facts, size_t i)
{
    const struct order_paid *paid = &facts->paid[i];
    const int64_t got = paid->to_provider + paid->to_coop;
    const int64_t whole = order_part_total(&facts->deal.parts[i]);
    const bool direct = facts->deal.parts[i].funding == ORDER_DIRECT;

    if (order_is_over(facts->state)) {
        if (got == 0)
            return T_order_money_back;
        if (direct && paid->owed_provider > 0)
            return T_order_money_due;
        return got < whole ? T_order_money_part : T_order_money_paid;
    }
    if (!direct)
        return paid->held ? T_order_money_held : T_order_money_to_hold;
    if (facts->pay_seen)
        return T_order_money_seen;
    if (facts->pay_said)
        return T_order_money_said;
    return facts->state >= ORDER_ACCEPTED ? T_order_money_due : T_order_money_later;
}

static void part_sums(struct http_req *req, const struct order_facts *facts, size_t i,
                      struct order_part_view *part)
{
    const struct order_part *deal = &facts->deal.parts[i];
    const struct order_paid *paid = &facts->paid[i];
    const bool over = order_is_over(facts->state) && facts->accepted_ns > 0;
    const int64_t work = over ? paid->to_provider : order_part_to_provider(deal);
    const int64_t fee = over ? paid->to_coop : deal->fee_buyer + deal->fee_provider;

    part->work = order_money_of(req, deal->currency, work);
    part->fee = order_money_of(req, deal->currency, fee);
    part->total = order_money_of(req, deal->currency, work + fee);
    part->has_returned = paid->refunded > 0;
    part->returned = order_money_of(req, deal->currency, paid->refunded);
}

static void part_debts(struct http_req *req, const struct order_view *view, size_t i,
                       struct order_part_view *part)
{
    const struct order_facts *facts = &view->order.facts;
    const struct order_paid *paid = &facts->paid[i];
    const bool to_buyer = paid->owed_buyer > 0;
    const int64_t owed = to_buyer ? paid->owed_buyer : paid->owed_provider;

    part->has_owed = owed > 0 && (view->me == ORDER_BUYER || view->me == ORDER_PROVIDER);
    part->owed = order_money_of(req, facts->deal.parts[i].currency, owed);
    part->owed_to_me = to_buyer == (view->me == ORDER_BUYER);
}

/* What cancelling now would come to. Money that never came cannot come back, and what stays is owed
 * without the co-op's contribution. */
static void part_cancel(struct http_req *req, const struct order_view *view, size_t i,
                        struct order_part_view *part)
{
    const struct order_facts *facts = &view->order.facts;
    const struct order_part *deal = &facts->deal.parts[i];
    const struct order_split split = order_split_at(deal, view->cancel_bp);
    const bool unpaid = deal->funding == ORDER_DIRECT && !facts->pay_seen;

    part->back = order_money_of(req, deal->currency, unpaid ? 0 : split.refund);
    part->kept =
        order_money_of(req, deal->currency, unpaid ? split.provider : split.provider + split.fee);
}

static void part_forms(struct http_req *req, const struct order_view *view,
                       const struct order_failed *failed, size_t i, struct order_part_view *part)
{
    static const char *const prices[] = {"price_0", "price_1"},
                             *const backs[] = {"back_0", "back_1"},
                             *const actuals[] = {"actual_0", "actual_1"},
                             *const amounts[] = {"amount_0", "amount_1"};
    const struct order_facts *facts = &view->order.facts;
    const int64_t currency = facts->deal.parts[i].currency;
    const money agreed = order_money_of(req, currency, facts->deal.parts[i].price);
    const enum order_event back_event =
        failed->event == ORDER_DO_DECIDE ? ORDER_DO_DECIDE : ORDER_DO_SETTLE_PROPOSE;
    const struct order_split *split = &facts->proposal.split[i];
    const int64_t got = facts->paid[i].to_provider + facts->paid[i].to_coop -
                        facts->paid[i].refunded - facts->paid[i].owed_provider;

    part->counter = order_money_of(req, currency, facts->counter.parts[i].price);
    part->split_back = order_money_of(req, currency, split->refund);
    part->split_work = order_money_of(req, currency, split->provider);
    part->left = order_money_of(req, currency, got > 0 ? got : 0);
    part->price_typed =
        typed_or(req, failed, ORDER_DO_COUNTER, prices[i], field_value(req, agreed));
    part->actual_typed =
        typed_or(req, failed, ORDER_DO_DELIVER, actuals[i], field_value(req, agreed));
    part->back_typed = typed_or(req, failed, back_event, backs[i], S(""));
    part->amount_typed = typed_or(req, failed, ORDER_DO_GOODWILL, amounts[i], S(""));
}

static void fill_parts(struct http_req *req, const struct order_view *view,
                       const struct order_failed *failed, struct order_page *page)
{
    const struct order_facts *facts = &view->order.facts;
    const size_t n = facts->deal.parts_n;
    struct order_part_view *parts = arena_take_many(req->ctx.arena, n, sizeof *parts);

    if (parts == NULL)
        return;
    for (size_t i = 0; i < n; i++) {
        parts[i] = (struct order_part_view){.n = (int64_t)i,
                                            .unit = unit_of(req, view, i),
                                            .state = money_state(facts, i),
                                            .direct = facts->deal.parts[i].funding == ORDER_DIRECT};
        part_sums(req, facts, i, &parts[i]);
        part_debts(req, view, i, &parts[i]);
        part_cancel(req, view, i, &parts[i]);
        part_forms(req, view, failed, i, &parts[i]);
    }
    page->parts = parts;
    page->parts_n = n;
}

static void fill_lines(struct http_req *req, const struct order_view *view, struct order_page *page)
{
    struct order_line_row *rows =
        arena_take_many(req->ctx.arena, view->order.lines_n, sizeof *rows);

    for (size_t i = 0; rows != NULL && i < view->order.lines_n; i++)
        rows[i] = (struct order_line_row){.title = view->order.lines[i].title,
                                          .offer = frame_digits(req, view->order.lines[i].offer),
                                          .quantity = view->order.lines[i].quantity};
    page->lines = rows;
    page->lines_n = rows == NULL ? 0 : view->order.lines_n;
}

void order_page_parts(struct http_req *req, const struct order_view *view, struct order_page *page)
{
    const struct order_failed none = {0};

    fill_lines(req, view, page);
    fill_parts(req, view, &none, page);
}

/* --- the steps ------------------------------------------------------------------------------- */

enum { STEPS_MAX = 7 };

static void add_step(struct http_req *req, struct order_step_view *steps, size_t *n,
                     enum lang_key what, int64_t at_ns, bool done)
{
    steps[(*n)++] = (struct order_step_view){
        .what = what, .when = at_ns > 0 ? frame_moment(req, at_ns) : S(""), .done = done};
}

static enum lang_key end_step(enum order_state state)
{
    return state == ORDER_DECLINED    ? T_order_step_declined
           : state == ORDER_EXPIRED   ? T_order_step_expired
           : state == ORDER_CANCELLED ? T_order_step_cancelled
                                      : T_order_step_completed;
}

static bool pays_directly(const struct order_facts *facts)
{
    for (size_t i = 0; i < facts->deal.parts_n; i++)
        if (facts->deal.parts[i].funding == ORDER_DIRECT)
            return true;
    return false;
}

static void fill_steps(struct http_req *req, const struct order_facts *facts,
                       struct order_page *page)
{
    struct order_step_view *steps = arena_take_many(req->ctx.arena, STEPS_MAX, sizeof *steps);
    const bool over = order_is_over(facts->state);
    const bool failed = over && facts->state != ORDER_COMPLETED;
    size_t n = 0;

    if (steps == NULL)
        return;
    add_step(req, steps, &n, T_order_step_asked, facts->requested_ns, facts->requested_ns > 0);
    if (facts->accepted_ns > 0 || !failed)
        add_step(req, steps, &n, T_order_step_accepted, facts->accepted_ns, facts->accepted_ns > 0);
    if (pays_directly(facts) && (facts->pay_seen || !failed))
        add_step(req, steps, &n, T_order_step_paid, 0, facts->pay_seen);
    if (facts->started_ns > 0)
        add_step(req, steps, &n, T_order_step_started, facts->started_ns, true);
    if (facts->delivered_ns > 0 || !over)
        add_step(req, steps, &n, T_order_step_delivered, facts->delivered_ns,
                 facts->delivered_ns > 0);
    if (facts->state == ORDER_DISPUTED)
        add_step(req, steps, &n, T_order_step_disputed, 0, true);
    add_step(req, steps, &n, end_step(facts->state), facts->ended_ns, over);
    page->steps = steps;
    page->steps_n = n;
}

/* --- whose turn ------------------------------------------------------------------------------ */

static str name_of(const struct order_view *view, enum order_who who)
{
    return who == ORDER_BUYER      ? view->buyer.name
           : who == ORDER_PROVIDER ? view->provider.name
                                   : view->mediator_name;
}

static void fill_turn(struct http_req *req, const struct order_view *view, struct order_page *page)
{
    const struct order_wait *wait = &view->wait;

    page->waits = wait->who != ORDER_NOBODY;
    page->mine = page->waits && wait->who == view->me;
    page->waits_for = name_of(view, wait->who);
    if (page->waits_for.len == 0)
        page->waits_for = frame_text(req, T_order_a_mediator);
    page->todo = order_todo_key(wait->event);
    if (wait->until_ns > 0) {
        page->until = frame_moment(req, wait->until_ns);
        page->has_otherwise = order_otherwise_key(wait->otherwise, &page->otherwise);
    }
}

/* --- the register ---------------------------------------------------------------------------- */

no order_page_receipts(struct http_req *req, const struct order_view *view, struct order_page *page)
{
    struct receipt_place places[RECEIPTS_OF_ORDER_MAX];
    struct register_state state;
    size_t n;

    TRY(view_receipts_of_order(&req->ctx, view->order.row.id, places, &n));
    TRY(view_register_state(&req->ctx, &state));
    struct order_receipt_line *lines = arena_take_many(req->ctx.arena, n, sizeof *lines);

    if (lines == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        lines[i] =
            (struct order_receipt_line){.to = proof_url(req, places[i].index),
                                        .when = proof_moment(req, places[i].at_s),
                                        .how = proof_how_key(receipt_how(&state, places[i].index))};
    page->receipts = lines;
    page->receipts_n = n;
    return YES;
}

/* --- words ----------------------------------------------------------------------------------- */

static str author(const struct order_view *view, int64_t member)
{
    return member == 0                          ? S("")
           : member == view->order.row.buyer    ? view->buyer.name
           : member == view->order.row.provider ? view->provider.name
                                                : view->mediator_name;
}

static void fill_events(struct http_req *req, const struct order_view *view,
                        const struct order_failed *failed, struct order_page *page)
{
    struct order_event_view *list = arena_take_many(req->ctx.arena, view->events_n, sizeof *list);
    size_t n = 0;

    for (size_t i = 0; list != NULL && i < view->events_n; i++) {
        const struct sql_order_event *event = &view->events[i];

        if (event->event != ORDER_DO_MESSAGE)
            list[n++] =
                (struct order_event_view){.what = order_did_key(event->event),
                                          .who = author(view, event->actor),
                                          .when = frame_moment(req, event->at_ns),
                                          .note = event->note,
                                          .fresh = failed->event != ORDER_NOTHING &&
                                                   failed->seen >= 0 && event->num > failed->seen};
    }
    page->events = list;
    page->events_n = n;
}

static void fill_messages(struct http_req *req, const struct order_view *view,
                          struct order_page *page)
{
    struct order_message_view *list =
        arena_take_many(req->ctx.arena, view->messages_n, sizeof *list);

    for (size_t i = 0; list != NULL && i < view->messages_n; i++)
        list[i] =
            (struct order_message_view){.who = author(view, view->messages[i].author),
                                        .when = frame_moment(req, view->messages[i].at_ns),
                                        .body = view->messages[i].body,
                                        .mine = view->messages[i].author == req->ctx.actor.member};
    page->messages = list;
    page->messages_n = list == NULL ? 0 : view->messages_n;
    page->may_write = view->may_write;
    page->sees_messages = view->me != ORDER_COOP;
}

static void fill_review(struct http_req *req, const struct order_view *view,
                        struct order_page *page)
{
    const struct review_state *state = &view->review;
    int64_t stars;

    page->review = (struct order_review_view){.may_write = state->may_write,
                                              .wrote = state->wrote,
                                              .theirs = state->other_wrote_open,
                                              .mine_open = state->mine_open,
                                              .mine_text = state->mine.body,
                                              .mine_stars = state->mine.stars,
                                              .theirs_text = state->theirs.body,
                                              .theirs_stars = state->theirs.stars,
                                              .typed = http_field(req, "text")};
    if (state->until_ns > 0)
        page->review.until = frame_date(req, state->until_ns);
    if (http_field_int(req, "stars", &stars) == YES)
        page->review.stars_typed = stars;
}

/* --- the page -------------------------------------------------------------------------------- */

static void fill_buttons(const struct order_view *view, struct order_page *page)
{
    const struct order_facts *facts = &view->order.facts;
    bool inside = false;

    for (size_t i = 0; i < view->next_n; i++)
        page->can[view->next[i]] = true;
    for (size_t i = 0; i < facts->deal.parts_n; i++)
        inside = inside || facts->deal.parts[i].funding != ORDER_DIRECT;
    page->main = page->mine && page->can[view->wait.event] ? view->wait.event : ORDER_NOTHING;
    page->may_mediate = view->may_mediate;
    page->coded = facts->kind == ORDER_SLOT || facts->kind == ORDER_RENTAL;
    page->actual = facts->kind == ORDER_EXCHANGE && inside;
    page->in_flight = pays_directly(facts) && facts->pay_said && !facts->pay_seen;
    page->may_pay = pays_directly(facts) && view->me == ORDER_BUYER && !facts->pay_seen &&
                    !page->can[ORDER_DO_PAY_SAID] && facts->state >= ORDER_ACCEPTED &&
                    facts->state <= ORDER_DELIVERED;
}

/* Guests and those who left have no page. */
static str handle_of(const struct sql_order_party *party)
{
    return (party->roles & ROLE_MEMBER) != 0 && party->status == MEMBER_ACTIVE ? party->handle
                                                                               : S("");
}

static void fill_people(const struct order_view *view, struct order_page *page)
{
    const bool buys = view->me == ORDER_BUYER, provides = view->me == ORDER_PROVIDER;
    const struct sql_order_party *other = buys ? &view->provider : provides ? &view->buyer : NULL;
    const bool shown = view->order.facts.accepted_ns != 0 && !order_is_over(view->order.row.state);

    page->buyer = view->buyer.name;
    page->provider = view->provider.name;
    page->mediator = view->mediator_name;
    page->other = other == NULL ? S("") : other->name;
    page->buyer_handle = handle_of(&view->buyer);
    page->provider_handle = handle_of(&view->provider);
    page->place = other != NULL && shown ? other->place : S("");
    if (buys && page->coded && shown)
        page->code = view->order.row.code;
}

static void fill_failed(struct http_req *req, const struct order_view *view,
                        const struct order_failed *failed, struct order_page *page)
{
    const str note = http_field(req, "note");

    page->failed = failed->event;
    page->note_typed = failed->event == ORDER_NOTHING ? S("") : note;
    page->code_typed = failed->event == ORDER_DO_START ? http_field(req, "code") : S("");
    page->date_typed = typed_or(req, failed, ORDER_DO_COUNTER, "date",
                                order_date_field(req, view->order.facts.deal.starts_ns));
    if (failed->event == ORDER_NOTHING)
        return;
    if (failed->event != ORDER_DO_MESSAGE && !page->can[failed->event])
        page->kept = note;
    if (failed->why == NO_CONFLICT || failed->why == NO_ORDER_NOT_IN_STATE)
        page->notice = frame_text(req, T_order_changed);
    else if (failed->why != NO_BAD_FIELDS)
        page->notice = frame_no_text(req, failed->why);
}

void order_page_fill(struct http_req *req, const struct order_view *view,
                     const struct order_failed *failed, struct order_page *page)
{
    const struct sql_order *row = &view->order.row;
    const struct order_facts *facts = &view->order.facts;

    *page = (struct order_page){.id = frame_digits(req, row->id),
                                .reference = row->reference,
                                .title = row->title,
                                .me = view->me,
                                .state_now = row->state,
                                .kind = order_kind_key(row->kind),
                                .state = order_state_key(row->state),
                                .cancel = order_terms_key(&facts->terms),
                                .events_seen = row->events_n};
    if (facts->deal.starts_ns > 0)
        page->date = frame_moment(req, facts->deal.starts_ns);
    if (facts->counter.starts_ns > 0)
        page->counter_date = frame_moment(req, facts->counter.starts_ns);
    if (facts->proposal.by != ORDER_NOBODY)
        page->proposal_by = name_of(view, facts->proposal.by);
    fill_turn(req, view, page);
    fill_buttons(view, page);
    fill_people(view, page);
    fill_steps(req, facts, page);
    fill_lines(req, view, page);
    fill_parts(req, view, failed, page);
    fill_events(req, view, failed, page);
    fill_messages(req, view, page);
    fill_review(req, view, page);
    fill_failed(req, view, failed, page);
}
