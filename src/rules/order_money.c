/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The money of a row of the table. Every way an order can end goes through resolve(): one split of
 * what the buyer pays, whatever the funding; so there is one place where a cent could get lost, and
 * none does.
 */
#include "rules/order_in.h"

#include <assert.h>

__extension__ typedef __int128 wide;

/* Beyond this the deposit is taken at the start: nobody's money waits for a year. */
#define DEPOSIT_AHEAD_NS (30 * ORDER_DAY)

bool order_has_direct(const struct order_facts *facts)
{
    for (size_t i = 0; i < facts->deal.parts_n; i++)
        if (facts->deal.parts[i].funding == ORDER_DIRECT)
            return true;
    return false;
}

bool order_in_flight(const struct order_facts *facts)
{
    return order_has_direct(facts) && facts->pay_said && !facts->pay_seen;
}

int64_t order_part_left(const struct order_paid *paid)
{
    const int64_t left = paid->to_provider + paid->to_coop - paid->refunded - paid->owed_provider;

    return left > 0 ? left : 0;
}

static void put(struct order_plan *plan, enum order_money what, size_t part, enum order_leg leg,
                enum order_who from, enum order_who to, int64_t amount)
{
    if (amount == 0)
        return;
    assert(amount > 0 && plan->moves_n < ORDER_MOVES_MAX);
    plan->moves[plan->moves_n++] = (struct order_move){
        .what = what, .leg = leg, .from = from, .to = to, .part = (int32_t)part, .amount = amount};
}

static int64_t fee_of(const struct order_part *part)
{
    return part->fee_buyer + part->fee_provider;
}

/* --- holds --- */

static void hold_deposit(struct order_plan *plan, size_t i)
{
    const int64_t deposit = plan->after.deal.parts[i].deposit;

    if (deposit == 0 || plan->after.paid[i].deposit_held)
        return;
    plan->after.paid[i].deposit_held = true;
    put(plan, ORDER_HOLD, i, ORDER_LEG_DEPOSIT, ORDER_BUYER, ORDER_PROVIDER, deposit);
}

static void hold_price(struct order_plan *plan, size_t i)
{
    const struct order_part *part = &plan->after.deal.parts[i];

    if (part->funding == ORDER_DIRECT || plan->after.paid[i].held || order_part_total(part) == 0)
        return;
    plan->after.paid[i].held = true;
    put(plan, ORDER_HOLD, i, ORDER_LEG_PROVIDER, ORDER_BUYER, ORDER_PROVIDER,
        order_part_to_provider(part));
    put(plan, ORDER_HOLD, i, ORDER_LEG_FEE, ORDER_BUYER, ORDER_COOP, fee_of(part));
}

/* Takes what is not held yet of the deal in plan->after. */
static void take(struct order_plan *plan, int64_t now_ns)
{
    const int64_t starts = plan->after.deal.starts_ns;

    for (size_t i = 0; i < plan->after.deal.parts_n; i++) {
        hold_price(plan, i);
        if (starts == 0 || starts <= now_ns || starts - now_ns <= DEPOSIT_AHEAD_NS)
            hold_deposit(plan, i);
    }
}

/* Posts `amount` of the open hold of a leg, or voids it when nothing is to be posted. */
static void end_hold(struct order_plan *plan, size_t i, enum order_leg leg, int64_t held,
                     int64_t amount)
{
    const enum order_who to = leg == ORDER_LEG_FEE ? ORDER_COOP : ORDER_PROVIDER;

    assert(amount <= held);
    put(plan, amount > 0 ? ORDER_POST : ORDER_VOID, i, leg, ORDER_BUYER, to,
        amount > 0 ? amount : held);
}

static void end_holds(struct order_plan *plan, size_t i, const struct order_split *split)
{
    const struct order_part *part = &plan->after.deal.parts[i];
    struct order_paid *paid = &plan->after.paid[i];
    const int64_t to_provider = order_part_to_provider(part);

    if (paid->held) {
        /* A settlement may give the provider more than price - fee: the rest comes out of the
         * released fee hold. */
        const int64_t posted = split->provider < to_provider ? split->provider : to_provider;

        end_hold(plan, i, ORDER_LEG_PROVIDER, to_provider, posted);
        end_hold(plan, i, ORDER_LEG_FEE, fee_of(part), split->fee);
        put(plan, ORDER_PAY, i, ORDER_LEG_PROVIDER, ORDER_BUYER, ORDER_PROVIDER,
            split->provider - posted);
        paid->to_provider += split->provider;
        paid->to_coop += split->fee;
    }
    if (paid->deposit_held) {
        end_hold(plan, i, ORDER_LEG_DEPOSIT, part->deposit, split->deposit_kept);
        paid->to_provider += split->deposit_kept;
    }
    paid->held = paid->deposit_held = false;
}

/* --- direct --- */

static void owe(struct order_plan *plan, size_t i, enum order_who from, int64_t amount)
{
    struct order_paid *paid = &plan->after.paid[i];
    const bool to_buyer = from == ORDER_PROVIDER;

    put(plan, ORDER_OWE, i, ORDER_LEG_PROVIDER, from, to_buyer ? ORDER_BUYER : ORDER_PROVIDER,
        amount);
    *(to_buyer ? &paid->owed_buyer : &paid->owed_provider) += amount;
}

static void receipt(struct order_plan *plan)
{
    if (plan->after.pay_seen)
        return;
    plan->after.pay_seen = true;
    for (size_t i = 0; i < plan->after.deal.parts_n; i++)
        if (plan->after.deal.parts[i].funding == ORDER_DIRECT)
            put(plan, ORDER_RECEIPT, i, ORDER_LEG_PROVIDER, ORDER_BUYER, ORDER_PROVIDER,
                order_part_total(&plan->after.deal.parts[i]));
}

/* The provider has everything (received) or nothing: the split becomes debts and the fee a
 * receivable on the provider. */
static void end_direct(struct order_plan *plan, size_t i, const struct order_split *split)
{
    struct order_paid *paid = &plan->after.paid[i];

    if (plan->after.pay_seen)
        owe(plan, i, ORDER_PROVIDER, split->refund);
    else
        owe(plan, i, ORDER_BUYER, split->provider + split->fee);
    put(plan, ORDER_FEE_DUE, i, ORDER_LEG_FEE, ORDER_PROVIDER, ORDER_COOP, split->fee);
    paid->to_provider += split->provider;
    paid->to_coop += split->fee;
}

/* --- the ends of an order --- */

/* `received`: direct parts, the payment arrived (known now if not before). */
static void resolve(struct order_plan *plan, const struct order_split splits[ORDER_PARTS_MAX],
                    bool received)
{
    if (received && order_has_direct(&plan->after))
        receipt(plan);
    for (size_t i = 0; i < plan->after.deal.parts_n; i++) {
        if (plan->after.deal.parts[i].funding == ORDER_DIRECT)
            end_direct(plan, i, &splits[i]);
        else
            end_holds(plan, i, &splits[i]);
    }
}

/* At refund share r. The co-op takes no contribution on a payment that never came. */
static void resolve_at(struct order_plan *plan, int32_t refund_bp, bool received)
{
    struct order_split splits[ORDER_PARTS_MAX] = {{0}};
    const bool came = received || plan->after.pay_seen;

    for (size_t i = 0; i < plan->after.deal.parts_n; i++) {
        splits[i] = order_split_at(&plan->after.deal.parts[i], refund_bp);
        if (plan->after.deal.parts[i].funding == ORDER_DIRECT && !came) {
            splits[i].refund += splits[i].fee;
            splits[i].fee = 0;
        }
    }
    resolve(plan, splits, received);
}

static void fine(struct order_plan *plan)
{
    /* A debt and no payment: an empty purse must not keep a provider from cancelling. */
    for (size_t i = 0; i < plan->after.deal.parts_n; i++)
        owe(plan, i, ORDER_PROVIDER,
            order_share(plan->after.deal.parts[i].price, plan->after.terms.provider_penalty_bp));
}

/* All to the provider and the co-op; late days out of the deposit. When the provider let "I have
 * sent it" stand, it is taken as received, as the buyer's silence is taken as consent. */
static void complete(struct order_plan *plan)
{
    struct order_split splits[ORDER_PARTS_MAX] = {{0}};

    for (size_t i = 0; i < plan->after.deal.parts_n; i++) {
        splits[i] = order_split_at(&plan->after.deal.parts[i], 0);
        splits[i].deposit_kept = plan->after.paid[i].late_claim;
    }
    resolve(plan, splits, plan->after.pay_said);
}

static no split_check(const struct order_part *part, const struct order_paid *paid,
                      const struct order_split *split)
{
    const int64_t whole = order_part_total(part);
    const int64_t deposit = paid->deposit_held ? part->deposit : 0;

    if (split->refund < 0 || split->provider < 0 || split->fee < 0 || split->deposit_kept < 0)
        return NO_SPLIT_NOT_WHOLE;
    if (split->refund > whole || split->provider > whole - split->refund ||
        split->fee != whole - split->refund - split->provider || split->deposit_kept > deposit)
        return NO_SPLIT_NOT_WHOLE;
    return split->fee > fee_of(part) ? NO_FEE_TOO_HIGH : YES;
}

static no splits_check(const struct order_facts *facts,
                       const struct order_split splits[ORDER_PARTS_MAX])
{
    for (size_t i = 0; i < facts->deal.parts_n; i++)
        TRY(split_check(&facts->deal.parts[i], &facts->paid[i], &splits[i]));
    return YES;
}

/* --- single rows --- */

/* Within the allowed difference, and the fee in proportion (the agreed one was floored: hence + 1).
 */
static bool within_actual(const struct order_part *agreed, const struct order_part *part)
{
    const int64_t off =
        part->price > agreed->price ? part->price - agreed->price : agreed->price - part->price;

    if (off > order_share(agreed->price, ORDER_ACTUAL_BP))
        return false;
    if (off == 0)
        return fee_of(part) == fee_of(agreed);
    return (wide)fee_of(part) * agreed->price < ((wide)fee_of(agreed) + 1) * part->price;
}

static bool same_purse(const struct order_part *a, const struct order_part *b)
{
    return a->currency == b->currency && a->unit_kind == b->unit_kind && a->funding == b->funding &&
           a->deposit == b->deposit;
}

/* An exchange took more or less time than agreed: hold that instead. */
static no actual(struct order_plan *plan, const struct order_facts *facts,
                 const struct order_act *act)
{
    const struct order_deal *now = &act->deal, *then = &facts->deal;

    if (act->who == ORDER_CLOCK || now->parts_n == 0)
        return YES;
    if (facts->kind != ORDER_EXCHANGE || now->parts_n != then->parts_n)
        return NO_FIELD_WRONG;
    TRY(order_deal_check(facts->kind, now));
    for (size_t i = 0; i < now->parts_n; i++) {
        const struct order_part *a = &then->parts[i], *b = &now->parts[i];

        if (!same_purse(a, b))
            return NO_FIELD_WRONG;
        /* What is paid outside was asked for already. */
        if (a->funding == ORDER_DIRECT && order_part_total(a) != order_part_total(b))
            return NO_FIELD_WRONG;
        if (!within_actual(a, b))
            return NO_FIELD_OUT_OF_RANGE;
    }
    for (size_t i = 0; i < now->parts_n; i++)
        if (now->parts[i].funding != ORDER_DIRECT) {
            const struct order_split none = {0};

            end_holds(plan, i, &none);
            plan->after.deal.parts[i] = now->parts[i];
        }
    take(plan, act->now_ns);
    return YES;
}

/* The counter-offer becomes the deal. */
static void retake(struct order_plan *plan, const struct order_facts *facts, int64_t now_ns)
{
    const struct order_split none = {0};

    for (size_t i = 0; i < facts->deal.parts_n; i++)
        end_holds(plan, i, &none);
    plan->after.deal = facts->counter;
    plan->after.counter = (struct order_deal){0};
    take(plan, now_ns);
}

static no give_back(struct order_plan *plan, const struct order_facts *facts,
                    const struct order_act *act, enum order_who role, bool by_bank)
{
    if (act->part < 0 || (size_t)act->part >= facts->deal.parts_n)
        return NO_FIELD_WRONG;
    const size_t i = (size_t)act->part;
    const enum order_funding funding = facts->deal.parts[i].funding;

    if (act->amount < 1 || act->amount > order_part_left(&facts->paid[i]))
        return NO_FIELD_OUT_OF_RANGE;
    if (by_bank && funding != ORDER_PSP)
        return NO_FIELD_WRONG;
    plan->after.paid[i].refunded += act->amount;
    if (by_bank)
        put(plan, ORDER_PAY, i, ORDER_LEG_PROVIDER, ORDER_BUYER, ORDER_BANK, act->amount);
    else if (role == ORDER_PROVIDER && funding == ORDER_DIRECT)
        owe(plan, i, ORDER_PROVIDER, act->amount);
    else
        put(plan, ORDER_PAY, i, ORDER_LEG_PROVIDER, role, ORDER_BUYER, act->amount);
    return YES;
}

/* The creditor strikes out what is recorded for them. */
static void debt_seen(struct order_plan *plan, enum order_who creditor)
{
    const enum order_who debtor = creditor == ORDER_BUYER ? ORDER_PROVIDER : ORDER_BUYER;

    for (size_t i = 0; i < plan->after.deal.parts_n; i++) {
        struct order_paid *paid = &plan->after.paid[i];
        int64_t *owed = creditor == ORDER_BUYER ? &paid->owed_buyer : &paid->owed_provider;

        put(plan, ORDER_OWE_SEEN, i, ORDER_LEG_PROVIDER, debtor, creditor, *owed);
        *owed = 0;
    }
}

static no split_as(struct order_plan *plan, const struct order_facts *facts,
                   const struct order_split splits[ORDER_PARTS_MAX], bool received)
{
    TRY(splits_check(facts, splits));
    resolve(plan, splits, received);
    return YES;
}

/* What the panel's silence means, frozen in the terms; a payment nobody saw counts as not come. */
static void by_default(struct order_plan *plan, const struct order_facts *facts)
{
    resolve_at(plan,
               facts->disputed_from == ORDER_DELIVERED ? facts->terms.panel_refund_delivered_bp
                                                       : facts->terms.panel_refund_bp,
               false);
}

static void deposits(struct order_plan *plan)
{
    for (size_t i = 0; i < plan->after.deal.parts_n; i++)
        hold_deposit(plan, i);
}

no order_money_play(struct order_plan *plan, enum order_effect effect,
                    const struct order_facts *facts, const struct order_act *act,
                    enum order_who role)
{
    const struct order_terms *terms = &facts->terms;
    const int64_t starts = facts->deal.starts_ns;
    /* The provider who cancels may say that what was said to be sent did arrive. */
    const bool received = role == ORDER_PROVIDER && act->received && order_in_flight(facts);

    switch (effect) {
    case ORDER_MONEY_NONE:
        break;
    case ORDER_MONEY_TAKE:
        /* Only the buyer's own act holds the buyer's money. */
        if (role == ORDER_BUYER || facts->opened_by == ORDER_BUYER)
            take(plan, act->now_ns);
        break;
    case ORDER_MONEY_RETAKE:
        retake(plan, facts, act->now_ns);
        break;
    case ORDER_MONEY_BACK:
        resolve_at(plan, ORDER_BP, received);
        break;
    case ORDER_MONEY_BACK_FINED:
        resolve_at(plan, ORDER_BP, received);
        fine(plan);
        break;
    case ORDER_MONEY_STEP:
        resolve_at(plan, order_refund_bp(terms, starts, act->now_ns), false);
        break;
    case ORDER_MONEY_STEP_LAST:
        resolve_at(plan, order_refund_bp(terms, starts, starts), received);
        break;
    case ORDER_MONEY_DEPOSIT:
        deposits(plan);
        break;
    case ORDER_MONEY_ACTUAL:
        return actual(plan, facts, act);
    case ORDER_MONEY_SEEN:
        receipt(plan);
        break;
    case ORDER_MONEY_COMPLETE:
        complete(plan);
        break;
    case ORDER_MONEY_PROPOSED:
        return split_as(plan, facts, facts->proposal.split, facts->proposal.received);
    case ORDER_MONEY_DECIDED:
        return split_as(plan, facts, act->split, act->received);
    case ORDER_MONEY_DEFAULT:
        by_default(plan, facts);
        break;
    case ORDER_MONEY_GOODWILL:
        return give_back(plan, facts, act, role, false);
    case ORDER_MONEY_CHARGEBACK:
        return give_back(plan, facts, act, role, true);
    case ORDER_MONEY_DEBT:
        debt_seen(plan, role);
        break;
    }
    return YES;
}
