/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A second ledger, naive on purpose: one list of lines, everything counted again from the first
 * line each time. It shares the words of a request with rules/ledger.h and none of its thinking:
 * it asks rule by rule over all legs where the ledger asks leg by leg, and keeps no sums.
 */
#ifndef TESTS_LEDGER_MODEL_H
#define TESTS_LEDGER_MODEL_H

#include "rules/ledger.h"

#include <string.h>

enum { MODEL_PEOPLE = 10, MODEL_LINES = 4096 };

struct model_line {
    int64_t entry, debit, credit, amount, hold, expires;
    int32_t currency;
    enum ledger_kind kind;
};

struct model_person {
    int32_t currency;
    bool by_debit, frozen, closed, has_floor, has_ceiling;
    int64_t floor, ceiling, born_with; /* born_with: both sides, to stand near 2^62 */
};

/* lines[i] is transfer i + 1, people[i] is account i + 1. */
struct model {
    struct model_person people[MODEL_PEOPLE];
    struct model_line lines[MODEL_LINES];
    int64_t lines_n, entries_n, last_ns;
};

struct model_sums {
    int64_t debits, credits, debits_held, credits_held;
};

/* Everything about one account, from the first line on. */
static inline struct model_sums model_count(const struct model *m, int64_t account)
{
    const int64_t born = m->people[account - 1].born_with;
    struct model_sums s = {.debits = born, .credits = born};

    for (int64_t i = 0; i < m->lines_n; i++) {
        const struct model_line *line = &m->lines[i];
        int64_t held = 0, moved = 0;
        if (line->kind == LEDGER_LEG_HOLD)
            held = line->amount;
        else if (line->kind != LEDGER_LEG_PLAIN)
            held = -m->lines[line->hold - 1].amount;
        if (line->kind == LEDGER_LEG_PLAIN || line->kind == LEDGER_LEG_POST)
            moved = line->amount;
        if (line->debit == account) {
            s.debits += moved;
            s.debits_held += held;
        }
        if (line->credit == account) {
            s.credits += moved;
            s.credits_held += held;
        }
    }
    return s;
}

/* The line that ended a hold, or NULL. */
static inline const struct model_line *model_end_of(const struct model *m, int64_t hold)
{
    for (int64_t i = hold; i < m->lines_n; i++)
        if (m->lines[i].hold == hold)
            return &m->lines[i];
    return NULL;
}

/* The hold a leg names, if it stood there before this entry (`known` lines). */
static inline const struct model_line *model_hold(const struct model *m, int64_t known, int64_t seq)
{
    if (seq < 1 || seq > known || m->lines[seq - 1].kind != LEDGER_LEG_HOLD)
        return NULL;
    return &m->lines[seq - 1];
}

static inline bool model_ends(const struct ledger_leg *leg)
{
    return leg->kind != LEDGER_LEG_PLAIN && leg->kind != LEDGER_LEG_HOLD;
}

/* What the leg will be once its hold has filled in what it left open. */
static inline struct model_line model_line_of(const struct model *m, int64_t known,
                                              const struct ledger_leg *leg)
{
    struct model_line line = {.debit = leg->debit,
                              .credit = leg->credit,
                              .amount = leg->amount,
                              .currency = leg->currency,
                              .kind = leg->kind};
    const struct model_line *hold = model_ends(leg) ? model_hold(m, known, leg->hold) : NULL;

    line.hold = model_ends(leg) ? leg->hold : 0;
    line.expires = leg->kind == LEDGER_LEG_HOLD ? leg->expires_ns : 0;
    if (hold) {
        line.debit = line.debit ? line.debit : hold->debit;
        line.credit = line.credit ? line.credit : hold->credit;
        line.amount = line.amount ? line.amount : hold->amount;
        line.currency = line.currency ? line.currency : hold->currency;
    }
    return line;
}

static inline const struct model_person *model_person(const struct model *m, int64_t account)
{
    return account >= 1 && account <= MODEL_PEOPLE ? &m->people[account - 1] : NULL;
}

/* Does this one rule (300-308) refuse this leg, whatever the others say? */
static inline bool model_breaks(const struct model *m, no rule, const struct ledger_leg *leg)
{
    const struct model_line line = model_line_of(m, m->lines_n, leg);
    const struct model_person *from = model_person(m, line.debit);
    const struct model_person *to = model_person(m, line.credit);
    const bool nameless = model_ends(leg) && !model_hold(m, m->lines_n, leg->hold) &&
                          (!leg->debit || !leg->credit || !leg->currency);
    const bool release = leg->kind == LEDGER_LEG_VOID || leg->kind == LEDGER_LEG_EXPIRE;

    if (rule == NO_AMOUNT_NOT_POSITIVE)
        return model_ends(leg) ? leg->amount < 0 : leg->amount < 1;
    if (rule == NO_AMOUNT_TOO_LARGE)
        return leg->amount >= INT64_C(9007199254740992);
    if (nameless)
        return false;
    if (rule == NO_ACCOUNT_UNKNOWN)
        return !from || !to;
    if (rule == NO_ACCOUNTS_SAME)
        return from == to;
    if (rule == NO_CURRENCY_DIFFERS)
        return from && to && (from->currency != line.currency || to->currency != line.currency);
    if (rule == NO_ACCOUNT_CLOSED)
        return !release && from && to && (from->closed || to->closed);
    if (rule == NO_ACCOUNT_FROZEN)
        return !release && from && to && (from->frozen || to->frozen);
    return false;
}

/* The rules about holds, 309-314; `known` lines stood before the entry. */
static inline no model_hold_says(const struct model *m, int64_t known, const struct ledger_leg *leg,
                                 int64_t now)
{
    const struct model_line line = model_line_of(m, known, leg);
    const struct model_line *hold, *end;

    if (leg->kind == LEDGER_LEG_HOLD && leg->expires_ns != 0 && leg->expires_ns <= now)
        return NO_HOLD_EXPIRED;
    if (!model_ends(leg))
        return YES;
    hold = model_hold(m, known, leg->hold);
    if (!hold)
        return NO_HOLD_UNKNOWN;
    end = model_end_of(m, leg->hold);
    if (end)
        return end->kind == LEDGER_LEG_POST   ? NO_HOLD_ALREADY_POSTED
               : end->kind == LEDGER_LEG_VOID ? NO_HOLD_ALREADY_VOIDED
                                              : NO_HOLD_EXPIRED;
    const bool dead = hold->expires != 0 && now >= hold->expires;
    if (dead && leg->kind != LEDGER_LEG_EXPIRE)
        return NO_HOLD_EXPIRED;
    if (line.debit != hold->debit || line.credit != hold->credit ||
        line.currency != hold->currency || (!dead && leg->kind == LEDGER_LEG_EXPIRE) ||
        (leg->kind != LEDGER_LEG_POST && line.amount != hold->amount))
        return NO_HOLD_DIFFERS;
    return line.amount > hold->amount ? NO_HOLD_TOO_SMALL : YES;
}

/* How far an account is out of its limit: at worst (all that may leave has left, floor) or at best
 * (all that may come has come, ceiling). 0 = within. */
static inline int64_t model_excess(const struct model_person *p, struct model_sums s, bool of_floor)
{
    const int64_t in = p->by_debit ? s.debits : s.credits;
    const int64_t out = p->by_debit ? s.credits : s.debits;
    const int64_t in_held = p->by_debit ? s.debits_held : s.credits_held;
    const int64_t out_held = p->by_debit ? s.credits_held : s.debits_held;
    const int64_t beyond =
        of_floor ? p->floor - (in - out - out_held) : in + in_held - out - p->ceiling;

    if (!(of_floor ? p->has_floor : p->has_ceiling))
        return 0;
    return beyond > 0 ? beyond : 0;
}

/* The rules about sums, 315-317, for the last line of the list. */
static inline no model_sums_say(struct model *m)
{
    const int64_t both[2] = {m->lines[m->lines_n - 1].debit, m->lines[m->lines_n - 1].credit};
    const int64_t most = INT64_C(4611686018427387904);
    bool floor = false, ceiling = false, full = false;

    for (int i = 0; i < 2; i++) {
        const struct model_person *p = &m->people[both[i] - 1];
        const struct model_sums after = model_count(m, both[i]);
        m->lines_n--;
        const struct model_sums before = model_count(m, both[i]);
        m->lines_n++;
        floor |= model_excess(p, after, true) > model_excess(p, before, true);
        ceiling |= model_excess(p, after, false) > model_excess(p, before, false);
        full |=
            after.debits + after.debits_held > most || after.credits + after.credits_held > most;
    }
    return floor     ? NO_FLOOR_WOULD_BE_PASSED
           : ceiling ? NO_CEILING_WOULD_BE_PASSED
           : full    ? NO_SUM_WOULD_OVERFLOW
                     : YES;
}

static inline no model_facts_say(const struct model *m, const struct ledger_request *r)
{
    for (no rule = NO_AMOUNT_NOT_POSITIVE; rule <= NO_ACCOUNT_FROZEN; rule++) {
        if ((rule == NO_ENTRY_EMPTY && r->legs_n == 0) ||
            (rule == NO_ENTRY_TOO_LONG && r->legs_n > 64))
            return rule;
        for (size_t i = 0; i < r->legs_n; i++)
            if (model_breaks(m, rule, &r->legs[i]))
                return rule;
    }
    return YES;
}

static inline no model_legs_say(struct model *m, const struct ledger_request *r)
{
    const int64_t known = m->lines_n;

    for (size_t i = 0; i < r->legs_n; i++) {
        TRY(model_hold_says(m, known, &r->legs[i], r->now_ns));
        m->lines[m->lines_n] = model_line_of(m, known, &r->legs[i]);
        m->lines[m->lines_n++].entry = m->entries_n + 1;
        TRY(model_sums_say(m));
    }
    return YES;
}

/* Predicts the answer to a request; on YES the list has grown by it. */
static inline no model_ask(struct model *m, const struct ledger_request *r, int32_t open_from)
{
    const int64_t known = m->lines_n;
    no answer = model_facts_say(m, r);

    if (answer == YES)
        answer = model_legs_say(m, r);
    if (answer == YES && r->book_date < open_from)
        answer = NO_PERIOD_CLOSED;
    if (answer != YES) {
        m->lines_n = known;
        return answer;
    }
    m->entries_n++;
    m->last_ns = r->now_ns > m->last_ns ? r->now_ns : m->last_ns + 1;
    return YES;
}

/* Predicts whether an entry may be reversed at all. `reversed` : it was before. */
static inline no model_may_reverse(const struct model *m, int64_t entry, bool reversed)
{
    if (entry < 1 || entry > m->entries_n)
        return NO_ENTRY_UNKNOWN;
    if (reversed)
        return NO_ALREADY_REVERSED;
    for (int64_t i = 0; i < m->lines_n; i++) {
        const struct model_line *line = &m->lines[i];
        const struct model_line *end = model_end_of(m, i + 1);
        if (line->entry != entry)
            continue;
        if (line->kind == LEDGER_LEG_VOID || line->kind == LEDGER_LEG_EXPIRE)
            end = line;
        else if (line->kind != LEDGER_LEG_HOLD)
            continue;
        if (end)
            return end->kind == LEDGER_LEG_POST   ? NO_HOLD_ALREADY_POSTED
                   : end->kind == LEDGER_LEG_VOID ? NO_HOLD_ALREADY_VOIDED
                                                  : NO_HOLD_EXPIRED;
    }
    return YES;
}

#endif
