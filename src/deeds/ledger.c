/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/ledger_in.h"

#include "base/hash.h"
#include "deeds/house.h"
#include "store/sql_ledger.h"

#include <assert.h>
#include <string.h>

/* --- facts -------------------------------------------------------------------------------------
 */

static no need_account(struct ctx *ctx, struct ledger_book *book, int64_t id)
{
    const struct ledger_account *account;

    for (size_t i = 0; i < book->facts_n; i++)
        if (book->facts[i].id == id)
            return YES;
    if (id == 0)
        return YES;
    TRY(book_account(ctx, book, id, &account));
    book->facts[book->facts_n++] = *account;
    return YES;
}

static no need_hold(struct ctx *ctx, struct ledger_book *book, int64_t seq)
{
    for (size_t i = 0; i < book->holds_n; i++)
        if (book->holds[i].seq == seq)
            return YES;
    struct ledger_hold *hold = &book->holds[book->holds_n];
    const no answer = sql_hold_get(ctx->db, ctx->arena, seq, hold);

    if (answer == NO_NOT_FOUND)
        return NO_HOLD_UNKNOWN;
    TRY(answer);
    book->holds_n++;
    TRY(need_account(ctx, book, hold->debit));
    return need_account(ctx, book, hold->credit);
}

static no read_facts(struct ctx *ctx, struct ledger_book *book,
                     const struct ledger_request *request)
{
    book->facts_n = book->holds_n = 0;
    TRY(book_room(ctx, book, BOOK_PER_LEG * request->legs_n));
    for (size_t i = 0; i < request->legs_n; i++) {
        const struct ledger_leg *leg = &request->legs[i];

        if (leg->kind != LEDGER_LEG_PLAIN && leg->kind != LEDGER_LEG_HOLD)
            TRY(need_hold(ctx, book, leg->hold));
        TRY(need_account(ctx, book, leg->debit));
        TRY(need_account(ctx, book, leg->credit));
    }
    return YES;
}

/* The head for the day the entry will have: mostly today's. */
static no read_head(struct ctx *ctx, struct ledger_book *book, struct ledger_request *request,
                    struct ledger_head *head)
{
    const int32_t today = house_day(ctx_house(ctx), ctx->now_ns);

    request->year = time_civil_of_days(today).year;
    TRY(book_head(ctx, book, request->journal, request->year, head));
    TRY(ledger_book_date(&request->book_date, today, false, request->accountant, head));
    if (request->book_date == today)
        return YES;
    request->year = time_civil_of_days(request->book_date).year;
    return book_head(ctx, book, request->journal, request->year, head);
}

/* --- one entry ------------------------------------------------------------------------------ */

/* The next one of a batch: its last 32 bits count on, so that a thousand keys of one instant are
 * asked of the dice once and stand in order (RFC 9562, 6.2, method 2). False when the count is
 * over. */
static bool uid_next(uid *last)
{
    for (size_t i = sizeof last->bytes; i > sizeof last->bytes - 4; i--)
        if (++last->bytes[i - 1] != 0)
            return true;
    return false;
}

uid ledger_new_uid(struct ctx *ctx)
{
    uint8_t chance[10];

    if (ctx->book != NULL && !uid_is_zero(ctx->book->uid) && uid_next(&ctx->book->uid))
        return ctx->book->uid;
    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    const uid made = uid_make(ctx->now_ns / 1000000, chance);

    if (ctx->book != NULL)
        ctx->book->uid = made;
    return made;
}

static no hash_request(struct ctx *ctx, struct ledger_request *request)
{
    const size_t mark = arena_mark(ctx->arena);
    struct buf bytes;

    buf_init(&bytes, ctx->arena, 1024);
    ledger_request_bytes(&bytes, request);
    if (buf_failed(&bytes))
        return NO_TOO_LARGE;
    hash_sha256_update(ctx->sha, bytes.ptr, bytes.len);
    hash_sha256_final(ctx->sha, request->body_hash);
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

static no plan_and_write(struct ctx *ctx, struct ledger_book *book, struct ledger_request *request,
                         struct ledger_done *done)
{
    struct ledger_head head;
    struct ledger_plan *plan = book->plan;

    TRY(read_facts(ctx, book, request));
    TRY(read_head(ctx, book, request, &head));
    TRY(ledger_plan_entry(plan, request, book->facts, book->facts_n, book->holds, book->holds_n,
                          &head));
    /* From here on it must succeed. */
    TRY(book_write(ctx, book, plan));
    *done = (struct ledger_done){.entry = plan->entry.id, .first_seq = plan->transfers[0].seq};
    return YES;
}

/* In the batch that is open, or in a book of its own. */
static no post(struct ctx *ctx, struct ledger_request *request, struct ledger_done *done)
{
    struct ledger_book *book = ctx->book;

    if (request->legs_n > LEDGER_LEGS_MAX)
        return NO_ENTRY_TOO_LONG;
    if (book != NULL)
        return plan_and_write(ctx, book, request, done);
    TRY(book_open(ctx, BOOK_PER_LEG * (request->legs_n + 1), &book));
    TRY(plan_and_write(ctx, book, request, done));
    return book_settle(ctx, book);
}

no ledger_post(struct ctx *ctx, const struct ledger_ask *ask, struct ledger_done *done)
{
    const size_t mark = arena_mark(ctx->arena);
    struct ledger_request request = {
        .uid = uid_is_zero(ask->uid) ? ledger_new_uid(ctx) : ask->uid,
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
    /* A key made just now cannot have been used before. */
    const no again = uid_is_zero(ask->uid) ? NO_NOT_FOUND : find_again(ctx, &request, done);

    if (again != NO_NOT_FOUND)
        return again;
    const no answer = post(ctx, &request, done);

    if (!arena_overflowed(ctx->arena))
        arena_rewind(ctx->arena, mark);
    return answer;
}

/* --- corrections and expiry ----------------------------------------------------------------- */

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
