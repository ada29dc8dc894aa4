/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Planning one entry: first every leg is held against the facts (300-308), then the legs are played
 * one after the other on copies of the accounts (309-317), then the book is asked (318-323).
 */
#include "rules/ledger.h"

#include <assert.h>
#include <string.h>

/* The plan in the making; copied out only when every answer was yes. */
struct work {
    const struct ledger_request *request;
    const struct ledger_account *accounts;
    size_t accounts_n;
    const struct ledger_hold *holds;
    size_t holds_n;
    const struct ledger_head *head;
    struct ledger_plan plan;
};

/* A leg with everything it leaves to its hold filled in. */
struct step {
    const struct ledger_leg *leg;
    const struct ledger_hold *hold; /* of POST, VOID, EXPIRE; NULL = unknown, or a leg without */
    int64_t debit, credit, amount;
    int32_t currency;
};

/* What a leg does to the debit side of one account and the credit side of the other. */
struct effect {
    int64_t posted, pending;
};

static bool leg_resolves(const struct ledger_leg *leg)
{
    return leg->kind == LEDGER_LEG_POST || leg->kind == LEDGER_LEG_VOID ||
           leg->kind == LEDGER_LEG_EXPIRE;
}

static bool leg_releases(const struct ledger_leg *leg)
{
    return leg->kind == LEDGER_LEG_VOID || leg->kind == LEDGER_LEG_EXPIRE;
}

static const struct ledger_account *fact_account(const struct work *work, int64_t id)
{
    for (size_t i = 0; i < work->accounts_n; i++)
        if (work->accounts[i].id == id)
            return &work->accounts[i];
    return NULL;
}

static const struct ledger_hold *fact_hold(const struct work *work, int64_t seq)
{
    for (size_t i = 0; i < work->holds_n; i++)
        if (work->holds[i].seq == seq)
            return &work->holds[i];
    return NULL;
}

static struct step step_of(const struct work *work, const struct ledger_leg *leg)
{
    struct step step = {.leg = leg,
                        .debit = leg->debit,
                        .credit = leg->credit,
                        .amount = leg->amount,
                        .currency = leg->currency};

    if (!leg_resolves(leg))
        return step;
    step.hold = fact_hold(work, leg->hold);
    if (!step.hold)
        return step;
    if (!step.debit)
        step.debit = step.hold->debit;
    if (!step.credit)
        step.credit = step.hold->credit;
    if (!step.amount)
        step.amount = step.hold->amount;
    if (!step.currency)
        step.currency = step.hold->currency;
    return step;
}

/* --- the facts, 300-308 ----------------------------------------------------------------------- */

static no check_open(const struct ledger_account *debit, const struct ledger_account *credit)
{
    if (debit->closed_ns || credit->closed_ns)
        return NO_ACCOUNT_CLOSED;
    if ((debit->flags | credit->flags) & LEDGER_FROZEN)
        return NO_ACCOUNT_FROZEN;
    return YES;
}

static no check_leg(const struct work *work, const struct ledger_leg *leg)
{
    const struct step step = step_of(work, leg);
    const bool may_be_zero = leg_resolves(leg);

    if (leg->amount < 0 || (leg->amount == 0 && !may_be_zero))
        return NO_AMOUNT_NOT_POSITIVE;
    if (leg->amount > MONEY_MAX)
        return NO_AMOUNT_TOO_LARGE;
    /* A leg that leaves its accounts to a hold nobody knows is answered later, by HOLD_UNKNOWN. */
    if (may_be_zero && !step.hold && !(step.debit && step.credit && step.currency))
        return YES;
    const struct ledger_account *debit = fact_account(work, step.debit);
    const struct ledger_account *credit = fact_account(work, step.credit);
    if (!debit || !credit)
        return NO_ACCOUNT_UNKNOWN;
    if (debit == credit)
        return NO_ACCOUNTS_SAME;
    if (debit->currency != step.currency || credit->currency != step.currency)
        return NO_CURRENCY_DIFFERS;
    /* A release moves nothing: a frozen or closed account must still be able to drain its holds. */
    return leg_releases(leg) ? YES : check_open(debit, credit);
}

/* The first line of no.def that applies to any leg, or to their number. */
static no check_facts(const struct work *work)
{
    const struct ledger_request *request = work->request;
    no first = request->legs_n == 0                ? NO_ENTRY_EMPTY
               : request->legs_n > LEDGER_LEGS_MAX ? NO_ENTRY_TOO_LONG
                                                   : YES;

    for (size_t i = 0; i < request->legs_n; i++) {
        const no answer = check_leg(work, &request->legs[i]);
        if (answer != YES && (first == YES || answer < first))
            first = answer;
    }
    return first;
}

/* --- one leg after the other, 309-317 --------------------------------------------------------- */

static no check_hold_state(enum ledger_hold_state state)
{
    switch (state) {
    case LEDGER_HOLD_OPEN:
        return YES;
    case LEDGER_HOLD_POSTED:
        return NO_HOLD_ALREADY_POSTED;
    case LEDGER_HOLD_VOIDED:
        return NO_HOLD_ALREADY_VOIDED;
    case LEDGER_HOLD_EXPIRED:
        return NO_HOLD_EXPIRED;
    }
    assert(false && "a hold state that is not one");
    return NO_STORE_BROKEN;
}

/* What became of a hold, counting the legs before this one. */
static enum ledger_hold_state hold_state(const struct work *work, const struct ledger_hold *hold)
{
    for (size_t i = 0; i < work->plan.holds_n; i++)
        if (work->plan.holds[i].seq == hold->seq)
            return work->plan.holds[i].state;
    return hold->state;
}

static no check_hold(const struct work *work, const struct step *step)
{
    const struct ledger_leg *leg = step->leg;
    const struct ledger_hold *hold = step->hold;
    const int64_t now = work->request->now_ns;

    if (leg->kind == LEDGER_LEG_HOLD)
        return leg->expires_ns && leg->expires_ns <= now ? NO_HOLD_EXPIRED : YES;
    if (!leg_resolves(leg))
        return YES;
    if (!hold)
        return NO_HOLD_UNKNOWN;
    TRY(check_hold_state(hold_state(work, hold)));
    const bool over = hold->expires_ns && hold->expires_ns <= now;
    if (over && leg->kind != LEDGER_LEG_EXPIRE)
        return NO_HOLD_EXPIRED;
    if (step->debit != hold->debit || step->credit != hold->credit ||
        step->currency != hold->currency)
        return NO_HOLD_DIFFERS;
    if (leg_releases(leg) && step->amount != hold->amount)
        return NO_HOLD_DIFFERS;
    if (leg->kind == LEDGER_LEG_EXPIRE && !over)
        return NO_HOLD_DIFFERS;
    return step->amount > hold->amount ? NO_HOLD_TOO_SMALL : YES;
}

static struct effect effect_of(const struct step *step)
{
    switch (step->leg->kind) {
    case LEDGER_LEG_PLAIN:
        return (struct effect){.posted = step->amount};
    case LEDGER_LEG_HOLD:
        return (struct effect){.pending = step->amount};
    case LEDGER_LEG_POST:
        return (struct effect){.posted = step->amount, .pending = -step->hold->amount};
    case LEDGER_LEG_VOID:
    case LEDGER_LEG_EXPIRE:
        return (struct effect){.pending = -step->hold->amount};
    }
    assert(false && "a kind of leg that is not one");
    return (struct effect){0};
}

/* Sums are at most 2^62 before and an amount is below 2^53, so these additions cannot overflow; the
 * builtins are there to be believed without that argument. */
static void move(int64_t *posted, int64_t *pending, struct effect effect)
{
    const bool posted_over = __builtin_add_overflow(*posted, effect.posted, posted);
    const bool pending_over = __builtin_add_overflow(*pending, effect.pending, pending);

    assert(!posted_over && !pending_over && *pending >= 0);
}

static bool passes_floor(const struct ledger_account *before, const struct ledger_account *after)
{
    const int64_t lowest = ledger_lowest(after);

    return after->has_floor && lowest < after->floor && lowest < ledger_lowest(before);
}

static bool passes_ceiling(const struct ledger_account *before, const struct ledger_account *after)
{
    const int64_t highest = ledger_highest(after);

    return after->has_ceiling && highest > after->ceiling && highest > ledger_highest(before);
}

static no check_sums(const struct ledger_account *before, const struct ledger_account *after)
{
    if (passes_floor(before, after))
        return NO_FLOOR_WOULD_BE_PASSED;
    if (passes_ceiling(before, after))
        return NO_CEILING_WOULD_BE_PASSED;
    int64_t debits, credits;
    if (__builtin_add_overflow(after->debits_posted, after->debits_pending, &debits) ||
        __builtin_add_overflow(after->credits_posted, after->credits_pending, &credits) ||
        debits > LEDGER_SUM_MAX || credits > LEDGER_SUM_MAX)
        return NO_SUM_WOULD_OVERFLOW;
    return YES;
}

/* The account as the legs before this one left it; joins the plan at the first touch. */
static struct ledger_account *touch(struct work *work, int64_t id)
{
    struct ledger_plan *plan = &work->plan;

    for (size_t i = 0; i < plan->accounts_n; i++)
        if (plan->accounts[i].id == id)
            return &plan->accounts[i];
    assert(plan->accounts_n < LEDGER_ACCOUNTS_MAX);
    plan->accounts[plan->accounts_n] = *fact_account(work, id);
    return &plan->accounts[plan->accounts_n++];
}

static uint32_t flags_of(const struct ledger_leg *leg)
{
    static const uint32_t flags[] = {
        [LEDGER_LEG_PLAIN] = 0,
        [LEDGER_LEG_HOLD] = LEDGER_PENDING,
        [LEDGER_LEG_POST] = LEDGER_POST,
        [LEDGER_LEG_VOID] = LEDGER_VOID,
        [LEDGER_LEG_EXPIRE] = LEDGER_VOID | LEDGER_EXPIRED,
    };

    return flags[leg->kind] | leg->marks;
}

/* Writes down what became of a hold: taken (HOLD) or resolved (the others). */
static void note_hold(struct work *work, const struct step *step, int64_t seq)
{
    static const enum ledger_hold_state states[] = {
        [LEDGER_LEG_HOLD] = LEDGER_HOLD_OPEN,
        [LEDGER_LEG_POST] = LEDGER_HOLD_POSTED,
        [LEDGER_LEG_VOID] = LEDGER_HOLD_VOIDED,
        [LEDGER_LEG_EXPIRE] = LEDGER_HOLD_EXPIRED,
    };
    struct ledger_hold hold = {.seq = seq,
                               .debit = step->debit,
                               .credit = step->credit,
                               .amount = step->amount,
                               .currency = step->currency,
                               .expires_ns = step->leg->expires_ns};

    if (step->leg->kind == LEDGER_LEG_PLAIN)
        return;
    if (step->hold) {
        hold = *step->hold;
        hold.resolved_by = seq;
    }
    hold.state = states[step->leg->kind];
    work->plan.holds[work->plan.holds_n++] = hold;
}

static void note_transfer(struct work *work, const struct step *step, struct ledger_account *debit,
                          struct ledger_account *credit)
{
    const struct ledger_leg *leg = step->leg;
    const int64_t seq = work->head->seq + 1 + (int64_t)work->plan.transfers_n;

    work->plan.transfers[work->plan.transfers_n++] = (struct ledger_transfer){
        .seq = seq,
        .entry = work->head->entry + 1,
        .debit = step->debit,
        .credit = step->credit,
        .amount = step->amount,
        .currency = step->currency,
        .code = leg->code,
        .flags = flags_of(leg),
        .pending_seq = leg_resolves(leg) ? leg->hold : 0,
        .expires_ns = leg->kind == LEDGER_LEG_HOLD ? leg->expires_ns : 0,
        .event_ns = leg->event_ns,
        .debit_prev = debit->last_seq,
        .credit_prev = credit->last_seq,
    };
    debit->last_seq = credit->last_seq = seq;
    debit->transfers_n++;
    credit->transfers_n++;
    note_hold(work, step, seq);
}

static no play_leg(struct work *work, const struct ledger_leg *leg)
{
    const struct step step = step_of(work, leg);

    TRY(check_hold(work, &step));
    struct ledger_account *debit = touch(work, step.debit);
    struct ledger_account *credit = touch(work, step.credit);
    const struct ledger_account debit_before = *debit, credit_before = *credit;
    const struct effect effect = effect_of(&step);

    move(&debit->debits_posted, &debit->debits_pending, effect);
    move(&credit->credits_posted, &credit->credits_pending, effect);
    const no of_debit = check_sums(&debit_before, debit);
    const no of_credit = check_sums(&credit_before, credit);
    if (of_debit != YES && of_credit != YES)
        return of_debit < of_credit ? of_debit : of_credit;
    TRY(of_debit);
    TRY(of_credit);
    note_transfer(work, &step, debit, credit);
    return YES;
}

/* --- the book, 318-323 ------------------------------------------------------------------------ */

static no check_book(const struct work *work, int64_t *booked_ns)
{
    const struct ledger_request *request = work->request;
    const struct ledger_head *head = work->head;

    if (request->book_date < (request->accountant ? head->soft_from : head->open_from))
        return NO_PERIOD_CLOSED;
    *booked_ns = request->now_ns > head->booked_ns ? request->now_ns : head->booked_ns + 1;
    return YES;
}

static struct ledger_entry entry_of(const struct work *work, int64_t booked_ns)
{
    const struct ledger_request *request = work->request;
    struct ledger_entry entry = {
        .id = work->head->entry + 1,
        .uid = request->uid,
        .journal = request->journal,
        .year = request->year,
        .num = work->head->num + 1,
        .book_date = request->book_date,
        .piece_ref = request->piece_ref,
        .label = request->label,
        .actor = request->actor,
        .cause = request->cause,
        .cause_id = request->cause_id,
        .corrects = request->corrects,
        .booked_ns = booked_ns,
        .first_seq = work->head->seq + 1,
        .transfers_n = (int64_t)request->legs_n,
    };

    memcpy(entry.body_hash, request->body_hash, sizeof entry.body_hash);
    return entry;
}

static bool account_possible(const struct ledger_account *a)
{
    return a->id > 0 && a->debits_posted >= 0 && a->debits_pending >= 0 && a->credits_posted >= 0 &&
           a->credits_pending >= 0 && a->debits_pending <= LEDGER_SUM_MAX &&
           a->credits_pending <= LEDGER_SUM_MAX &&
           a->debits_posted <= LEDGER_SUM_MAX - a->debits_pending &&
           a->credits_posted <= LEDGER_SUM_MAX - a->credits_pending && a->last_seq >= 0;
}

/* What only a bug of the deed could bring. */
static void assert_facts(const struct work *work)
{
    const struct ledger_head *head = work->head;

    assert(head->seq >= 0 && head->entry >= 0 && head->num >= 0 && head->booked_ns >= 0);
    assert(head->soft_from <= head->open_from && work->request->now_ns >= 0);
    for (size_t i = 0; i < work->accounts_n; i++) {
        assert(account_possible(&work->accounts[i]) && work->accounts[i].last_seq <= head->seq);
        for (size_t j = 0; j < i; j++)
            assert(work->accounts[i].id != work->accounts[j].id);
    }
    for (size_t i = 0; i < work->holds_n; i++)
        assert(work->holds[i].amount > 0 && work->holds[i].seq > 0 &&
               work->holds[i].seq <= head->seq);
    for (size_t i = 0; i < work->request->legs_n; i++) {
        const struct ledger_leg *leg = &work->request->legs[i];
        assert(leg->code <= UINT16_MAX && !(leg->marks & ~(uint32_t)LEDGER_MARKS));
        assert(leg->kind >= LEDGER_LEG_PLAIN && leg->kind <= LEDGER_LEG_EXPIRE);
        assert(leg->expires_ns >= 0 && leg->event_ns >= 0);
    }
}

/* Copies what is filled and nothing else: the whole struct is 30 KB, an entry has two legs. */
static void plan_copy(struct ledger_plan *to, const struct ledger_plan *from)
{
    to->entry = from->entry;
    to->transfers_n = from->transfers_n;
    to->accounts_n = from->accounts_n;
    to->holds_n = from->holds_n;
    memcpy(to->transfers, from->transfers, from->transfers_n * sizeof *from->transfers);
    memcpy(to->accounts, from->accounts, from->accounts_n * sizeof *from->accounts);
    memcpy(to->holds, from->holds, from->holds_n * sizeof *from->holds);
}

no ledger_plan_entry(struct ledger_plan *plan, const struct ledger_request *request,
                     const struct ledger_account *accounts, size_t accounts_n,
                     const struct ledger_hold *holds, size_t holds_n,
                     const struct ledger_head *head)
{
    /* 30 KB of which an entry of two legs fills one: zeroing it all would cost more than the plan.
     */
    struct work work __attribute__((uninitialized));
    int64_t booked_ns = 0;

    work.request = request;
    work.accounts = accounts;
    work.accounts_n = accounts_n;
    work.holds = holds;
    work.holds_n = holds_n;
    work.head = head;
    work.plan.transfers_n = work.plan.accounts_n = work.plan.holds_n = 0;
    assert_facts(&work);
    TRY(check_facts(&work));
    for (size_t i = 0; i < request->legs_n; i++)
        TRY(play_leg(&work, &request->legs[i]));
    TRY(check_book(&work, &booked_ns));
    /* From here on it must succeed. */
    work.plan.entry = entry_of(&work, booked_ns);
    plan_copy(plan, &work.plan);
    return YES;
}
