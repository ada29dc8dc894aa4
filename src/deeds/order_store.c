/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/order_in.h"

#include "rules/order_bytes.h"

static struct order_part part_of_row(const struct sql_order_part *row)
{
    return (struct order_part){.unit_kind = row->unit_kind,
                               .currency = row->currency,
                               .price = row->price,
                               .fee_buyer = row->fee_buyer,
                               .fee_provider = row->fee_provider,
                               .deposit = row->deposit,
                               .funding = row->funding};
}

static void facts_of_parts(struct order_facts *facts, const struct sql_order_part *rows,
                           size_t rows_n)
{
    for (size_t i = 0; i < rows_n; i++) {
        const struct sql_order_part *row = &rows[i];

        facts->deal.parts[i] = part_of_row(row);
        facts->counter.parts[i] = part_of_row(row);
        facts->counter.parts[i].price = row->counter_price;
        facts->counter.parts[i].fee_buyer = row->counter_fee_buyer;
        facts->counter.parts[i].fee_provider = row->counter_fee_provider;
        facts->counter.parts[i].deposit = row->counter_deposit;
        facts->paid[i] = (struct order_paid){.held = row->held,
                                             .deposit_held = row->deposit_held,
                                             .to_provider = row->to_provider,
                                             .to_coop = row->to_coop,
                                             .refunded = row->refunded,
                                             .late_claim = row->late_claim,
                                             .owed_buyer = row->owed_buyer,
                                             .owed_provider = row->owed_provider};
        facts->proposal.split[i] = (struct order_split){.refund = row->split_refund,
                                                        .provider = row->split_provider,
                                                        .fee = row->split_fee,
                                                        .deposit_kept = row->split_deposit};
    }
}

static no facts_of_row(struct order_facts *facts, const struct sql_order *row)
{
    *facts = (struct order_facts){.kind = row->kind,
                                  .state = row->state,
                                  .opened_by = row->opened_by,
                                  .buyer = row->buyer,
                                  .provider = row->provider,
                                  .mediator = row->mediator,
                                  .instant = row->instant,
                                  .pay_said = row->pay_said,
                                  .pay_seen = row->pay_seen,
                                  .requested_ns = row->requested_ns,
                                  .accepted_ns = row->accepted_ns,
                                  .started_ns = row->started_ns,
                                  .delivered_ns = row->delivered_ns,
                                  .ended_ns = row->ended_ns,
                                  .disputed_from = row->disputed_from,
                                  .overdue_days = row->overdue_days,
                                  .timer_ns = row->timer_ns,
                                  .timer_event = row->timer_event};
    facts->deal.parts_n = (size_t)row->parts_n;
    facts->deal.quantity = row->quantity;
    facts->deal.starts_ns = row->starts_ns;
    facts->deal.ends_ns = row->ends_ns;
    facts->counter.parts_n = (size_t)row->counter_parts_n;
    facts->counter.quantity = row->counter_quantity;
    facts->counter.starts_ns = row->counter_starts_ns;
    facts->counter.ends_ns = row->counter_ends_ns;
    facts->proposal.by = row->proposal_by;
    facts->proposal.received = row->proposal_received;
    return order_terms_read(row->terms, &facts->terms);
}

no order_read(struct ctx *ctx, int64_t id, struct order *out)
{
    struct order order = {0};
    struct sql_order_part *parts;
    size_t parts_n;

    TRY(sql_order_get(ctx->db, ctx->arena, id, &order.row));
    TRY(facts_of_row(&order.facts, &order.row));
    TRY(sql_order_part_list(ctx->db, ctx->arena, id, &parts, &parts_n));
    if (parts_n > ORDER_PARTS_MAX || parts_n < order.facts.deal.parts_n)
        return NO_STORE_BROKEN;
    for (size_t i = 0; i < parts_n; i++)
        order.parts[i] = parts[i];
    facts_of_parts(&order.facts, parts, parts_n);
    TRY(sql_order_line_list(ctx->db, ctx->arena, id, &order.lines, &order.lines_n));
    *out = order;
    return YES;
}

static void parts_of_facts(struct order *order, const struct order_facts *after, size_t i)
{
    struct sql_order_part *row = &order->parts[i];
    const struct order_part *deal = &after->deal.parts[i], *counter = &after->counter.parts[i];
    const struct order_paid *paid = &after->paid[i];
    const struct order_split *split = &after->proposal.split[i];

    row->part = (int64_t)i;
    row->unit_kind = deal->unit_kind;
    row->currency = deal->currency;
    row->funding = deal->funding;
    row->price = deal->price;
    row->fee_buyer = deal->fee_buyer;
    row->fee_provider = deal->fee_provider;
    row->deposit = deal->deposit;
    row->counter_price = counter->price;
    row->counter_fee_buyer = counter->fee_buyer;
    row->counter_fee_provider = counter->fee_provider;
    row->counter_deposit = counter->deposit;
    row->held = paid->held;
    row->deposit_held = paid->deposit_held;
    row->to_provider = paid->to_provider;
    row->to_coop = paid->to_coop;
    row->refunded = paid->refunded;
    row->late_claim = paid->late_claim;
    row->owed_buyer = paid->owed_buyer;
    row->owed_provider = paid->owed_provider;
    row->split_refund = split->refund;
    row->split_provider = split->provider;
    row->split_fee = split->fee;
    row->split_deposit = split->deposit_kept;
}

static no write_part(struct ctx *ctx, int64_t id, const struct sql_order_part *p)
{
    return sql_order_part_put(ctx->db, id, p->part, p->unit_kind, p->currency, p->funding, p->price,
                              p->fee_buyer, p->fee_provider, p->deposit, p->counter_price,
                              p->counter_fee_buyer, p->counter_fee_provider, p->counter_deposit,
                              p->held, p->deposit_held, p->hold_provider, p->hold_fee,
                              p->hold_deposit, p->to_provider, p->to_coop, p->refunded,
                              p->late_claim, p->owed_buyer, p->owed_provider, p->split_refund,
                              p->split_provider, p->split_fee, p->split_deposit);
}

no order_write(struct ctx *ctx, struct order *order, const struct order_facts *after)
{
    const size_t parts_n =
        after->deal.parts_n > after->counter.parts_n ? after->deal.parts_n : after->counter.parts_n;

    for (size_t i = 0; i < parts_n; i++) {
        parts_of_facts(order, after, i);
        TRY(write_part(ctx, order->row.id, &order->parts[i]));
    }
    order->facts = *after;
    order->row.state = after->state;
    return sql_order_put(
        ctx->db, order->row.id, after->state, after->mediator, after->deal.quantity,
        after->deal.starts_ns, after->deal.ends_ns, after->counter.quantity,
        after->counter.starts_ns, after->counter.ends_ns, (int64_t)after->counter.parts_n,
        (int64_t)after->deal.parts_n, after->pay_said, after->pay_seen, after->requested_ns,
        after->accepted_ns, after->started_ns, after->delivered_ns, after->ended_ns,
        after->disputed_from, after->proposal.by, after->proposal.received, after->overdue_days,
        after->timer_ns, after->timer_event, order->row.events_n, ctx->now_ns);
}
