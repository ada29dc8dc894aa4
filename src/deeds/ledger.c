/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/ledger.h"

#include "base/hash.h"
#include "deeds/house.h"
#include "rules/chart.h"
#include "store/sql_ledger.h"

#include <assert.h>
#include <string.h>

/* --- facts
 * -----------------------------------------------------------------------------------------------------------
 */

/* Everything one entry touches, as it stands. Large: it lives in the arena and is rewound with it.
 */
struct facts {
    struct ledger_account accounts[LEDGER_ACCOUNTS_MAX];
    size_t accounts_n;
    struct ledger_hold holds[LEDGER_LEGS_MAX];
    size_t holds_n;
    struct ledger_head head;
    struct ledger_plan plan;
};

static no need_account(struct ctx *ctx, struct facts *facts, int64_t id)
{
    for (size_t i = 0; i < facts->accounts_n; i++)
        if (facts->accounts[i].id == id)
            return YES;
    if (id == 0)
        return YES;
    const no answer = sql_account_get(ctx->db, ctx->arena, id, &facts->accounts[facts->accounts_n]);

    if (answer == NO_NOT_FOUND)
        return NO_ACCOUNT_UNKNOWN;
    TRY(answer);
    facts->accounts_n++;
    return YES;
}

static no need_hold(struct ctx *ctx, struct facts *facts, int64_t seq)
{
    for (size_t i = 0; i < facts->holds_n; i++)
        if (facts->holds[i].seq == seq)
            return YES;
    const no answer = sql_hold_get(ctx->db, ctx->arena, seq, &facts->holds[facts->holds_n]);

    if (answer == NO_NOT_FOUND)
        return NO_HOLD_UNKNOWN;
    TRY(answer);
    facts->holds_n++;
    TRY(need_account(ctx, facts, facts->holds[facts->holds_n - 1].debit));
    return need_account(ctx, facts, facts->holds[facts->holds_n - 1].credit);
}

static no read_facts(struct ctx *ctx, struct facts *facts, const struct ledger_request *request)
{
    for (size_t i = 0; i < request->legs_n; i++) {
        const struct ledger_leg *leg = &request->legs[i];

        if (leg->kind != LEDGER_LEG_PLAIN && leg->kind != LEDGER_LEG_HOLD)
            TRY(need_hold(ctx, facts, leg->hold));
        TRY(need_account(ctx, facts, leg->debit));
        TRY(need_account(ctx, facts, leg->credit));
    }
    return YES;
}

/* --- effects
 * ----------------------------------------------------------------------------------------------------------
 */

static no write_transfer(struct ctx *ctx, const struct ledger_transfer *t)
{
    return sql_transfer_put(ctx->db, t->seq, t->entry, t->debit, t->credit, t->amount, t->currency,
                            t->code, t->flags, t->pending_seq, t->expires_ns, t->event_ns,
                            t->debit_prev, t->credit_prev);
}

static no write_hold(struct ctx *ctx, const struct ledger_hold *hold,
                     const struct ledger_plan *plan)
{
    int64_t changed;

    if (hold->state == LEDGER_HOLD_OPEN)
        return sql_hold_put(ctx->db, hold->seq, hold->amount, hold->expires_ns);
    TRY(sql_hold_resolve(ctx->db, hold->seq, hold->state, plan->entry.id, &changed));
    return changed == 1 ? YES : NO_STORE_BROKEN;
}

static no write_plan(struct ctx *ctx, const struct ledger_plan *plan)
{
    const struct ledger_entry *e = &plan->entry;
    const struct ledger_transfer *last = &plan->transfers[plan->transfers_n - 1];

    TRY(sql_entry_put(ctx->db, e->id, e->uid.bytes, e->body_hash, e->journal, e->year, e->num,
                      e->book_date, e->piece_ref, e->label, e->actor, e->cause, e->cause_id,
                      e->corrects, e->booked_ns, plan->transfers[0].seq,
                      (int64_t)plan->transfers_n));
    for (size_t i = 0; i < plan->transfers_n; i++)
        TRY(write_transfer(ctx, &plan->transfers[i]));
    for (size_t i = 0; i < plan->accounts_n; i++) {
        const struct ledger_account *a = &plan->accounts[i];

        TRY(sql_account_move(ctx->db, a->id, a->debits_posted, a->credits_posted, a->debits_pending,
                             a->credits_pending, a->last_seq, a->transfers_n));
    }
    for (size_t i = 0; i < plan->holds_n; i++)
        TRY(write_hold(ctx, &plan->holds[i], plan));
    TRY(sql_journal_head_put(ctx->db, e->journal, e->year, e->num));
    return sql_ledger_head_put(ctx->db, e->id, last->seq, e->booked_ns);
}

/* What was written is read back and re-summed before the deed goes on (house.md; the habit is
 * Fossil's). */
static no read_back(struct ctx *ctx, const struct ledger_plan *plan)
{
    struct ledger_transfer *rows;
    size_t rows_n;
    const struct ledger_transfer *first = &plan->transfers[0];
    const size_t mark = arena_mark(ctx->arena);

    TRY(sql_transfer_range(ctx->db, ctx->arena, first->seq,
                           first->seq + (int64_t)plan->transfers_n - 1, &rows, &rows_n));
    bool same = rows_n == plan->transfers_n;

    for (size_t i = 0; same && i < rows_n; i++)
        same = rows[i].amount == plan->transfers[i].amount &&
               rows[i].debit == plan->transfers[i].debit &&
               rows[i].credit == plan->transfers[i].credit && rows[i].entry == plan->entry.id;
    for (size_t i = 0; same && i < plan->accounts_n; i++) {
        struct ledger_account row;

        TRY(sql_account_get(ctx->db, ctx->arena, plan->accounts[i].id, &row));
        same = ledger_balance(&row) == ledger_balance(&plan->accounts[i]) &&
               row.last_seq == plan->accounts[i].last_seq;
    }
    arena_rewind(ctx->arena, mark);
    return same ? YES : NO_STORE_BROKEN;
}

/* --- one entry
 * ----------------------------------------------------------------------------------------------------------
 */

static uid make_uid(struct ctx *ctx)
{
    uint8_t chance[10];

    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    return uid_make(ctx->now_ns / 1000000, chance);
}

static no hash_request(struct ctx *ctx, struct ledger_request *request)
{
    const size_t mark = arena_mark(ctx->arena);
    struct buf bytes;

    buf_init(&bytes, ctx->arena, 1024);
    ledger_request_bytes(&bytes, request);
    if (buf_failed(&bytes))
        return NO_TOO_LARGE;
    hash_sha256(bytes.ptr, bytes.len, request->body_hash);
    arena_rewind(ctx->arena, mark);
    return YES;
}

/* YES with done->again when this very entry stands already; NO_NOT_FOUND when it is new. */
static no find_again(struct ctx *ctx, const struct ledger_request *request,
                     struct ledger_done *done)
{
    struct ledger_entry row;

    TRY(sql_entry_by_uid(ctx->db, ctx->arena, request->uid.bytes, &row));
    if (memcmp(row.body_hash, request->body_hash, sizeof row.body_hash) != 0)
        return NO_ALREADY_DONE_DIFFERENTLY;
    *done = (struct ledger_done){.entry = row.id, .first_seq = row.first_seq, .again = true};
    return YES;
}

static no plan_and_write(struct ctx *ctx, struct ledger_request *request, struct ledger_done *done)
{
    struct facts *facts = arena_take(ctx->arena, sizeof *facts);

    if (facts == NULL)
        return NO_TOO_LARGE;
    TRY(read_facts(ctx, facts, request));
    const int32_t today = house_day(ctx_house(ctx), ctx->now_ns);

    TRY(sql_ledger_head_get(ctx->db, ctx->arena, request->journal, 0, &facts->head));
    TRY(ledger_book_date(&request->book_date, today, false, request->accountant, &facts->head));
    request->year = time_civil_of_days(request->book_date).year;
    TRY(sql_ledger_head_get(ctx->db, ctx->arena, request->journal, request->year, &facts->head));
    TRY(ledger_plan_entry(&facts->plan, request, facts->accounts, facts->accounts_n, facts->holds,
                          facts->holds_n, &facts->head));
    /* From here on it must succeed. */
    TRY(write_plan(ctx, &facts->plan));
    TRY(read_back(ctx, &facts->plan));
    *done = (struct ledger_done){.entry = facts->plan.entry.id,
                                 .first_seq = facts->plan.transfers[0].seq};
    return YES;
}

no ledger_post(struct ctx *ctx, const struct ledger_ask *ask, struct ledger_done *done)
{
    const size_t mark = arena_mark(ctx->arena);
    struct ledger_request request = {
        .uid = uid_is_zero(ask->uid) ? make_uid(ctx) : ask->uid,
        .journal = (int32_t)ask->journal,
        /* A text that nobody gave is the empty one: columns hold no NULL. */
        .piece_ref = ask->piece_ref.ptr == NULL ? S("") : ask->piece_ref,
        .label = ask->label.ptr == NULL ? S("") : ask->label,
        .actor = ctx->actor.member,
        .cause = (uint32_t)ask->cause,
        .cause_id = ask->cause_id,
        .corrects = ask->corrects,
        .accountant = actor_has(ctx, ROLE_ACCOUNTANT),
        .now_ns = ctx->now_ns,
        .legs = ask->legs,
        .legs_n = ask->legs_n,
    };

    assert(ctx->writing);
    TRY(hash_request(ctx, &request));
    const no again = find_again(ctx, &request, done);

    if (again != NO_NOT_FOUND)
        return again;
    const no answer = plan_and_write(ctx, &request, done);

    if (!arena_overflowed(ctx->arena))
        arena_rewind(ctx->arena, mark);
    return answer;
}

/* --- accounts
 * ----------------------------------------------------------------------------------------------------------
 */

/* limit.CODE.floor of purses: a param that is absent means no limit on that side, but a purse of
 * time or credit has one. */
static void purse_limits(struct ctx *ctx, int64_t currency, bool *has_floor, int64_t *floor,
                         bool *has_ceiling, int64_t *ceiling)
{
    const struct house *house = ctx_house(ctx);
    const struct house_unit *unit = house_unit(house, currency);
    struct buf name;

    buf_init(&name, ctx->arena, 64);
    buf_printf(&name, "limit.%s.floor", unit->unit.code);
    *floor = house_param(house, buf_str(&name), 0);
    buf_clear(&name);
    buf_printf(&name, "limit.%s.ceiling", unit->unit.code);
    *ceiling = house_param(house, buf_str(&name), INT64_MAX);
    *has_floor = true;
    *has_ceiling = *ceiling != INT64_MAX;
    if (!*has_ceiling)
        *ceiling = 0;
}

/* The limits of a new account, from the entry that comes next on: the audit reads them there. */
static no limits_known(struct ctx *ctx, int64_t account, bool has_floor, int64_t floor,
                       bool has_ceiling, int64_t ceiling)
{
    struct ledger_head head;

    TRY(sql_ledger_head_get(ctx->db, ctx->arena, 0, 0, &head));
    return sql_limit_change_put(ctx->db, account, has_floor, floor, has_ceiling, ceiling,
                                head.entry, 0, ctx->now_ns);
}

no ledger_account_of(struct ctx *ctx, int64_t owner, int32_t number, int64_t currency,
                     int64_t *account)
{
    struct ledger_account row;
    const no found = sql_account_find(ctx->db, ctx->arena, owner, number, (int32_t)currency, &row);

    if (found == YES) {
        *account = row.id;
        return YES;
    }
    if (found != NO_NOT_FOUND)
        return found;
    const struct chart_line *line = chart_find(number);
    bool has_floor = false, has_ceiling = false;
    int64_t floor = 0, ceiling = 0;

    if (line == NULL || house_unit(ctx_house(ctx), currency) == NULL)
        return NO_ACCOUNT_UNKNOWN;
    if (owner != 0 && (number == CHART_TIME || number == CHART_CREDIT))
        purse_limits(ctx, currency, &has_floor, &floor, &has_ceiling, &ceiling);
    const uid name = make_uid(ctx);

    TRY(sql_account_open(ctx->db, name.bytes, (int32_t)currency, number, owner, line->nature,
                         owner == 0 ? LEDGER_SYSTEM : LEDGER_AUXILIARY, has_floor, floor,
                         has_ceiling, ceiling, ctx->now_ns, account));
    return limits_known(ctx, *account, has_floor, floor, has_ceiling, ceiling);
}

no ledger_purse_of(struct ctx *ctx, int64_t owner, int64_t currency, int64_t *account)
{
    const struct house_unit *unit = house_unit(ctx_house(ctx), currency);

    if (unit == NULL)
        return NO_ACCOUNT_UNKNOWN;
    const int32_t number = unit->unit.kind == UNIT_FIAT   ? CHART_DIRECT
                           : unit->unit.kind == UNIT_TIME ? CHART_TIME
                                                          : CHART_CREDIT;

    return ledger_account_of(ctx, owner, number, currency, account);
}

/* --- corrections and expiry
 * --------------------------------------------------------------------------------------------------
 */

no ledger_reverse(struct ctx *ctx, int64_t id, str reason, struct ledger_done *done)
{
    struct ledger_entry row;
    struct ledger_transfer *transfers;
    struct ledger_request request = {0};
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    struct ledger_hold holds[LEDGER_LEGS_MAX];
    size_t transfers_n, holds_n = 0;
    int64_t reversed_by = 0;
    no answer = sql_entry_get(ctx->db, ctx->arena, id, &row);

    if (answer == NO_NOT_FOUND)
        return NO_ENTRY_UNKNOWN;
    TRY(answer);
    answer = sql_entry_correction_of(ctx->db, id, &reversed_by);
    if (answer != YES && answer != NO_NOT_FOUND)
        return answer;
    TRY(sql_transfer_range(ctx->db, ctx->arena, row.first_seq, row.first_seq + row.transfers_n - 1,
                           &transfers, &transfers_n));
    for (size_t i = 0; i < transfers_n; i++)
        if ((transfers[i].flags & LEDGER_PENDING) != 0)
            TRY(sql_hold_get(ctx->db, ctx->arena, transfers[i].seq, &holds[holds_n++]));
    TRY(ledger_plan_reversal(&request, legs, &row, reversed_by, transfers, transfers_n, holds,
                             holds_n));
    return ledger_post(ctx,
                       &(struct ledger_ask){.journal = (enum ledger_journal)row.journal,
                                            .cause = CAUSE_CORRECTION,
                                            .cause_id = row.cause_id,
                                            .piece_ref = row.piece_ref,
                                            .label = reason,
                                            .legs = request.legs,
                                            .legs_n = request.legs_n,
                                            .corrects = request.corrects},
                       done);
}

no ledger_expire(struct ctx *ctx, int64_t most, int64_t *n)
{
    struct ledger_hold *holds;
    size_t holds_n;

    TRY(sql_hold_expired(ctx->db, ctx->arena, ctx->now_ns, most, &holds, &holds_n));
    for (size_t i = 0; i < holds_n; i++) {
        const struct ledger_leg leg = {.kind = LEDGER_LEG_EXPIRE, .hold = holds[i].seq};
        struct ledger_done done;

        TRY(ledger_post(ctx,
                        &(struct ledger_ask){.journal = JOURNAL_GENERAL,
                                             .cause = CAUSE_EXPIRY,
                                             .label = S("expiry"),
                                             .legs = &leg,
                                             .legs_n = 1},
                        &done));
    }
    *n = (int64_t)holds_n;
    return YES;
}
