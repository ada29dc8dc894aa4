/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/order_view.h"

#include "deeds/house.h"
#include "deeds/ledger.h"
#include "deeds/order_in.h"
#include "rules/offer.h"
#include "rules/order_bytes.h"
#include "store/sql_ledger.h"

/* --- one order ----------------------------------------------------------------------------------
 */

/* Which view a person has of the order; `may` false: none at all. */
static bool may_look(const struct ctx *ctx, struct order_view *view)
{
    const bool mediates = actor_has(ctx, ROLE_MEDIATOR);

    view->me = order_actor(ctx, &view->order);
    if (view->order.row.state == ORDER_DRAFT && view->me != view->order.row.opened_by)
        return false;
    view->may_mediate = mediates && view->order.row.state == ORDER_DISPUTED &&
                        view->order.facts.mediator == 0 &&
                        order_who_is(&view->order.facts, ctx->actor.member) == ORDER_NOBODY;
    return view->me != ORDER_NOBODY || view->may_mediate ||
           (mediates && view->order.facts.mediator == ctx->actor.member);
}

static bool is_party(const struct order_view *view)
{
    return view->me == ORDER_BUYER || view->me == ORDER_PROVIDER;
}

static no read_people(struct ctx *ctx, struct order_view *view)
{
    struct sql_order_party mediator;

    TRY(sql_order_party(ctx->db, ctx->arena, view->order.row.buyer, &view->buyer));
    TRY(sql_order_party(ctx->db, ctx->arena, view->order.row.provider, &view->provider));
    if (view->order.facts.mediator == 0)
        return YES;
    TRY(sql_order_party(ctx->db, ctx->arena, view->order.facts.mediator, &mediator));
    view->mediator_name = mediator.name;
    return YES;
}

static void find_buttons(struct ctx *ctx, struct order_view *view)
{
    enum order_event found[ORDER_BUTTONS_MAX];
    const size_t n = view->me == ORDER_NOBODY
                         ? 0
                         : order_next_events(&view->order.facts, view->me, ctx->now_ns, found,
                                             ORDER_BUTTONS_MAX);

    for (size_t i = 0; i < n; i++)
        if (found[i] == ORDER_DO_MESSAGE)
            view->may_write = true;
        else
            view->next[view->next_n++] = found[i];
}

no view_order(struct ctx *ctx, int64_t id, struct order_view *view)
{
    *view = (struct order_view){0};
    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    TRY(order_read(ctx, id, &view->order));
    if (!may_look(ctx, view))
        return NO_ORDER_NOT_YOURS;
    TRY(read_people(ctx, view));
    TRY(sql_order_event_list(ctx->db, ctx->arena, id, &view->events, &view->events_n));
    if (view->me != ORDER_COOP)
        TRY(sql_order_message_list(ctx->db, ctx->arena, id, &view->messages, &view->messages_n));
    find_buttons(ctx, view);
    view->wait = order_waits_for(&view->order.facts);
    view->cancel_bp =
        view->me == ORDER_PROVIDER
            ? ORDER_BP
            : order_refund_bp(&view->order.facts.terms, view->order.row.starts_ns, ctx->now_ns);
    if (is_party(view) && order_is_over(view->order.row.state))
        TRY(view_review_of_order(ctx, id, &view->review));
    return YES;
}

/* --- lists --------------------------------------------------------------------------------------
 */

/* As much of the facts as order_waits_for asks. */
static no facts_of_brief(const struct sql_order_brief *row, struct order_facts *facts)
{
    *facts = (struct order_facts){.kind = row->kind,
                                  .state = row->state,
                                  .opened_by = row->opened_by,
                                  .buyer = row->buyer,
                                  .provider = row->provider,
                                  .mediator = row->mediator,
                                  .pay_said = row->pay_said,
                                  .pay_seen = row->pay_seen,
                                  .proposal.by = row->proposal_by,
                                  .timer_ns = row->timer_ns,
                                  .timer_event = row->timer_event,
                                  .deal.parts_n = 2};
    facts->deal.parts[0].funding = (enum order_funding)row->a_funding;
    facts->deal.parts[1].funding = (enum order_funding)row->b_funding;
    facts->paid[0] =
        (struct order_paid){.owed_buyer = row->a_owed_buyer, .owed_provider = row->a_owed_provider};
    facts->paid[1] =
        (struct order_paid){.owed_buyer = row->b_owed_buyer, .owed_provider = row->b_owed_provider};
    return order_terms_read(row->terms, &facts->terms);
}

static no line_of(struct ctx *ctx, const struct sql_order_brief *row, struct order_line_view *line)
{
    struct order_facts facts;

    TRY(facts_of_brief(row, &facts));
    *line = (struct order_line_view){.row = *row,
                                     .me = order_who_is(&facts, ctx->actor.member),
                                     .wait = order_waits_for(&facts)};
    line->turn = line->wait.who != ORDER_NOBODY && line->wait.who == line->me;
    if (line->wait.who == ORDER_MEDIATOR)
        line->turn = facts.mediator == 0 || facts.mediator == ctx->actor.member;
    return YES;
}

static bool by_work(const struct order_line_view *a, const struct order_line_view *b)
{
    const int64_t one = a->row.starts_ns == 0 ? INT64_MAX : a->row.starts_ns;
    const int64_t two = b->row.starts_ns == 0 ? INT64_MAX : b->row.starts_ns;

    return one != two ? one < two : a->row.id < b->row.id;
}

/* At most ORDER_RUNNING_MAX of them: insertion is quick enough, and stable. */
static void sort_by_work(struct order_line_view *lines, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const struct order_line_view line = lines[i];
        size_t at = i;

        for (; at > 0 && by_work(&line, &lines[at - 1]); at--)
            lines[at] = lines[at - 1];
        lines[at] = line;
    }
}

/* Adds the rows whose turn is (not) the member's. */
static no add_lines(struct ctx *ctx, const struct sql_order_brief *rows, size_t rows_n, bool turn,
                    bool both, struct order_list *list)
{
    for (size_t i = 0; i < rows_n; i++) {
        struct order_line_view line;

        TRY(line_of(ctx, &rows[i], &line));
        if (line.wait.who == ORDER_MEDIATOR && line.me != ORDER_NOBODY)
            line.turn = false;
        if (rows[i].state == ORDER_DRAFT && line.me != rows[i].opened_by)
            continue;
        if (both || line.turn == turn)
            list->lines[list->lines_n++] = line;
    }
    return YES;
}

static no room_for(struct ctx *ctx, size_t n, struct order_list *list)
{
    list->lines = arena_take_many(ctx->arena, n == 0 ? 1 : n, sizeof *list->lines);
    list->lines_n = 0;
    return list->lines == NULL ? NO_TOO_LARGE : YES;
}

static void cut_page(struct order_list *list, int64_t page)
{
    const size_t per = ORDERS_PER_PAGE,
                 skip = page > 1 && page < 1000000 ? (size_t)(page - 1) * per : 0;

    list->page = page < 1 ? 1 : page;
    list->pages_n = list->lines_n == 0 ? 1 : (int64_t)((list->lines_n - 1) / per + 1);
    if (skip >= list->lines_n) {
        list->lines_n = page <= 1 ? list->lines_n : 0;
    } else {
        list->lines += skip;
        list->lines_n -= skip;
    }
    if (list->lines_n > per)
        list->lines_n = per;
}

struct running {
    struct sql_order_brief *rows, *ended;
    size_t rows_n, ended_n;
};

static no list_running(struct ctx *ctx, const struct running *rows, enum order_tab tab,
                       int64_t page, struct order_list *list)
{
    TRY(room_for(ctx, rows->rows_n + rows->ended_n, list));
    TRY(add_lines(ctx, rows->rows, rows->rows_n, false, false, list));
    list->counts[ORDER_TAB_RUNNING] = (int64_t)list->lines_n;
    if (tab == ORDER_TAB_TODO)
        list->lines_n = 0;
    const size_t before = list->lines_n;

    TRY(add_lines(ctx, rows->rows, rows->rows_n, true, false, list));
    TRY(add_lines(ctx, rows->ended, rows->ended_n, true, false, list));
    list->counts[ORDER_TAB_TODO] = (int64_t)(list->lines_n - before);
    if (tab == ORDER_TAB_RUNNING)
        list->lines_n = before;
    sort_by_work(list->lines, list->lines_n);
    cut_page(list, page);
    return YES;
}

static no list_done(struct ctx *ctx, int64_t page, struct order_list *list)
{
    const int64_t per = ORDERS_PER_PAGE, total = list->counts[ORDER_TAB_DONE];
    struct sql_order_brief *rows;
    size_t rows_n;

    list->page = page < 1 ? 1 : page;
    list->pages_n = total == 0 ? 1 : (total - 1) / per + 1;
    list->lines_n = 0;
    if (list->page > list->pages_n)
        return YES;
    TRY(sql_order_over_of(ctx->db, ctx->arena, ctx->actor.member, per, (list->page - 1) * per,
                          &rows, &rows_n));
    TRY(room_for(ctx, rows_n, list));
    return add_lines(ctx, rows, rows_n, false, true, list);
}

no view_orders(struct ctx *ctx, enum order_tab tab, int64_t page, struct order_list *list)
{
    const int64_t member = ctx->actor.member;
    struct running rows;

    *list = (struct order_list){0};
    if (member == 0)
        return NO_NOT_SIGNED_IN;
    TRY(sql_order_over_n(ctx->db, member, &list->counts[ORDER_TAB_DONE]));
    TRY(sql_order_running_of(ctx->db, ctx->arena, member, ORDER_RUNNING_MAX, &rows.rows,
                             &rows.rows_n));
    TRY(sql_order_over_of(ctx->db, ctx->arena, member, ORDERS_PER_PAGE, 0, &rows.ended,
                          &rows.ended_n));
    TRY(list_running(ctx, &rows, tab, page, list));
    return tab == ORDER_TAB_DONE ? list_done(ctx, page, list) : YES;
}

no view_mediations(struct ctx *ctx, struct order_list *list)
{
    struct sql_order_brief *rows;
    size_t rows_n, kept = 0;

    *list = (struct order_list){.page = 1, .pages_n = 1};
    if (!actor_has(ctx, ROLE_MEDIATOR | ROLE_FACILITATOR))
        return NO_NOT_ALLOWED;
    TRY(sql_order_disputed_brief(ctx->db, ctx->arena, ORDER_RUNNING_MAX, &rows, &rows_n));
    TRY(room_for(ctx, rows_n, list));
    for (size_t pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < rows_n; i++) {
            const int64_t mediator = rows[i].mediator;
            const bool first = mediator == 0 || mediator == ctx->actor.member;

            if (first == (pass == 0))
                TRY(line_of(ctx, &rows[i], &list->lines[kept++]));
        }
    list->lines_n = kept;
    return YES;
}

static no day_lines(struct ctx *ctx, int64_t from_ns, int64_t before_ns,
                    struct order_line_view **lines, size_t *lines_n)
{
    struct order_list list = {0};
    struct sql_order_brief *rows;
    size_t rows_n;

    TRY(sql_order_day_of(ctx->db, ctx->arena, ctx->actor.member, from_ns, before_ns, ORDER_DAY_MAX,
                         &rows, &rows_n));
    TRY(room_for(ctx, rows_n, &list));
    TRY(add_lines(ctx, rows, rows_n, false, true, &list));
    *lines = list.lines;
    *lines_n = list.lines_n;
    return YES;
}

no view_order_day(struct ctx *ctx, int64_t from_ns, int64_t before_ns, struct order_day *day)
{
    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    TRY(day_lines(ctx, from_ns, before_ns, &day->lines, &day->lines_n));
    return day_lines(ctx, 0, 1, &day->undated, &day->undated_n);
}

no view_order_job(struct ctx *ctx, int64_t order, int64_t buyer, struct sql_order_party *party,
                  struct sql_order_message **messages, size_t *messages_n)
{
    TRY(sql_order_party(ctx->db, ctx->arena, buyer, party));
    return sql_order_message_list(ctx->db, ctx->arena, order, messages, messages_n);
}

/* --- asking -------------------------------------------------------------------------------------
 */

enum { ALSO_MAX = 8 };

no view_order_instead(struct ctx *ctx, const struct sql_offer *offer,
                      struct sql_order_instead *instead)
{
    return sql_order_instead(ctx->db, ctx->arena, offer->category, offer->side, offer->id,
                             ctx->actor.member, instead);
}

static int64_t pieces_left(const struct order_ask_view *view)
{
    const struct offer_claims claims = {.stock = view->offer.stock, .firm = view->offer.claimed};
    int64_t left = 0;

    if (view->variants_n == 0)
        return view->offer.stock < 0 ? -1 : offer_claim_left(&claims);
    for (size_t i = 0; i < view->variants_n; i++) {
        const struct offer_claims of_one = {.stock = view->variants[i].stock,
                                            .firm = view->variants[i].claimed};

        if (view->variants[i].stock < 0)
            return -1;
        left += offer_claim_left(&of_one);
    }
    return left;
}

no view_order_ask(struct ctx *ctx, int64_t offer, struct order_ask_view *view)
{
    *view = (struct order_ask_view){0};
    TRY(sql_offer_get(ctx->db, ctx->arena, offer, &view->offer));
    if (view->offer.status == OFFER_WITHDRAWN || view->offer.status == OFFER_REMOVED)
        return NO_GONE;
    TRY(sql_order_party(ctx->db, ctx->arena, view->offer.member, &view->owner));
    TRY(sql_offer_variant_list(ctx->db, ctx->arena, offer, &view->variants, &view->variants_n));
    if (view->offer.kind == ORDER_SALE)
        TRY(sql_order_also(ctx->db, ctx->arena, view->offer.member, view->offer.side,
                           view->offer.kind, view->offer.a_currency, view->offer.b_currency,
                           view->offer.price_mode, offer, ALSO_MAX, &view->also, &view->also_n));
    order_make_terms(ctx, &view->terms, &view->offer);
    view->left = pieces_left(view);
    view->open = view->offer.status == OFFER_OPEN && view->offer.price_mode != PRICE_ON_REQUEST &&
                 view->left != 0 && view->offer.member != ctx->actor.member;
    if (view->open || view->offer.member == ctx->actor.member)
        return YES;
    const no answer = view_order_instead(ctx, &view->offer, &view->instead);

    return answer == NO_NOT_FOUND ? YES : answer;
}

/* How far below zero a purse of this currency will open. */
static no limit_param(struct ctx *ctx, int64_t currency, int64_t *floor)
{
    const struct house_unit *unit = house_unit(ctx_house(ctx), currency);
    struct buf name;

    if (unit == NULL)
        return NO_NOT_FOUND;
    buf_init(&name, ctx->arena, 48);
    buf_printf(&name, "limit.%s.floor", unit->unit.code);
    *floor = -house_param(ctx_house(ctx), buf_str(&name), 0);
    return YES;
}

no view_order_purse(struct ctx *ctx, int64_t currency, struct order_purse *purse)
{
    const struct house_unit *unit = house_unit(ctx_house(ctx), currency);
    struct ledger_account account;

    *purse = (struct order_purse){0};
    if (unit == NULL || unit->unit.kind == UNIT_FIAT)
        return NO_NOT_FOUND;
    const no answer = sql_account_find(ctx->db, ctx->arena, ctx->actor.member,
                                       unit->unit.kind == UNIT_TIME ? CHART_TIME : CHART_CREDIT,
                                       (int32_t)currency, &account);

    if (answer == NO_NOT_FOUND)
        return limit_param(ctx, currency, &purse->available);
    TRY(answer);
    *purse = (struct order_purse){.balance = ledger_balance(&account),
                                  .available = ledger_available(&account)};
    return YES;
}
