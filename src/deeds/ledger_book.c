/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/ledger_in.h"

#include "base/time.h"
#include "deeds/register.h"
#include "store/sql_ledger.h"

#include <assert.h>

/* --- opening, finding --------------------------------------------------------------------------
 */

no book_open(struct ctx *ctx, size_t accounts_max, struct ledger_book **out)
{
    struct ledger_book *book = arena_take(ctx->arena, sizeof *book);
    size_t places_n = 16;

    while (places_n < 2 * accounts_max)
        places_n *= 2;
    if (book == NULL)
        return NO_TOO_LARGE;
    book->accounts_max = accounts_max;
    book->places_n = places_n;
    book->accounts = arena_take_many(ctx->arena, accounts_max, sizeof *book->accounts);
    book->places = arena_take_many(ctx->arena, places_n, sizeof *book->places);
    book->facts =
        arena_take_many(ctx->arena, accounts_max < BOOK_FACTS ? accounts_max : (size_t)BOOK_FACTS,
                        sizeof *book->facts);
    book->holds = arena_take_many(ctx->arena, LEDGER_LEGS_MAX, sizeof *book->holds);
    book->plan = arena_take(ctx->arena, sizeof *book->plan);
    if (arena_overflowed(ctx->arena))
        return NO_TOO_LARGE;
    *out = book;
    return YES;
}

static void forget_accounts(struct ledger_book *book)
{
    book->accounts_n = 0;
    for (size_t i = 0; i < book->places_n; i++)
        book->places[i] = 0;
}

void book_forget(struct ledger_book *book)
{
    forget_accounts(book);
    book->head_known = false;
    book->journals_n = book->months_n = 0;
    book->first_seq = book->transfers_n = 0;
    book->digest = 0;
}

/* Where an account is, or the empty place where it would be. Ids are dense: Fibonacci hashing. */
static uint32_t *place_of(struct ledger_book *book, int64_t id)
{
    size_t at =
        (size_t)(((uint64_t)id * UINT64_C(0x9E3779B97F4A7C15)) >> 32) & (book->places_n - 1);

    while (book->places[at] != 0 && book->accounts[book->places[at] - 1].now.id != id)
        at = (at + 1) & (book->places_n - 1);
    return &book->places[at];
}

static struct book_account *account_of(struct ledger_book *book, int64_t id)
{
    const uint32_t index = *place_of(book, id);

    return index == 0 ? NULL : &book->accounts[index - 1];
}

no book_room(struct ctx *ctx, struct ledger_book *book, size_t accounts_n)
{
    if (book->accounts_n + accounts_n <= book->accounts_max)
        return YES;
    TRY(book_settle(ctx, book));
    forget_accounts(book);
    return YES;
}

no book_account(struct ctx *ctx, struct ledger_book *book, int64_t id,
                const struct ledger_account **account)
{
    struct book_account *known = account_of(book, id);

    if (known != NULL) {
        *account = &known->now;
        return YES;
    }
    assert(book->accounts_n < book->accounts_max);
    struct book_account *slot = &book->accounts[book->accounts_n];
    const no answer = sql_account_get(ctx->db, ctx->arena, id, &slot->before);

    if (answer == NO_NOT_FOUND)
        return NO_ACCOUNT_UNKNOWN;
    TRY(answer);
    slot->now = slot->before;
    slot->moved = false;
    *place_of(book, id) = (uint32_t)++book->accounts_n;
    *account = &slot->now;
    return YES;
}

static struct book_journal *journal_of(struct ledger_book *book, int32_t journal, int32_t year)
{
    for (size_t i = 0; i < book->journals_n; i++)
        if (book->journals[i].journal == journal && book->journals[i].year == year)
            return &book->journals[i];
    return NULL;
}

no book_head(struct ctx *ctx, struct ledger_book *book, int32_t journal, int32_t year,
             struct ledger_head *head)
{
    const struct book_journal *known = journal_of(book, journal, year);
    struct ledger_head row;

    if (book->head_known && known != NULL) {
        *head = book->head;
        head->num = known->num;
        return YES;
    }
    if (book->journals_n == BOOK_JOURNALS) {
        TRY(book_settle(ctx, book));
        book->journals_n = 0;
    }
    TRY(sql_ledger_head_get(ctx->db, ctx->arena, journal, year, &row));
    if (!book->head_known)
        book->head = row;
    book->head_known = true;
    book->journals[book->journals_n++] = (struct book_journal){journal, year, row.num};
    *head = book->head;
    head->num = row.num;
    return YES;
}

/* --- writing an entry ----------------------------------------------------------------------------
 */

static uint64_t mix(uint64_t digest, int64_t value)
{
    return (digest ^ (uint64_t)value) * UINT64_C(0x100000001B3) ^ (digest >> 29);
}

static uint64_t digest_of(uint64_t digest, const struct ledger_transfer *t)
{
    digest = mix(mix(mix(digest, t->seq), t->entry), t->debit);
    digest = mix(mix(mix(digest, t->credit), t->amount), t->currency);
    return mix(mix(mix(digest, t->code), t->flags), t->pending_seq);
}

int64_t book_month_amount(uint32_t flags, int64_t amount)
{
    if ((flags & (LEDGER_PENDING | LEDGER_VOID)) != 0)
        return 0;
    return (flags & LEDGER_CORRECTION) != 0 ? -amount : amount;
}

static no months_write(struct ctx *ctx, struct ledger_book *book)
{
    for (size_t i = 0; i < book->months_n; i++) {
        const struct book_month *m = &book->months[i];

        TRY(sql_month_add(ctx->db, m->currency, m->year, m->month, m->code, m->amount, m->n));
    }
    book->months_n = 0;
    return YES;
}

static no note_month(struct ctx *ctx, struct ledger_book *book, const struct ledger_transfer *t,
                     const struct civil *day)
{
    const int64_t amount = book_month_amount(t->flags, t->amount);

    if (amount == 0)
        return YES;
    for (size_t i = 0; i < book->months_n; i++) {
        struct book_month *m = &book->months[i];

        if (m->code != t->code || m->currency != t->currency || m->month != day->month ||
            m->year != day->year)
            continue;
        if (__builtin_add_overflow(m->amount, amount, &m->amount))
            return NO_SUM_WOULD_OVERFLOW;
        m->n++;
        return YES;
    }
    if (book->months_n == BOOK_MONTHS)
        TRY(months_write(ctx, book));
    book->months[book->months_n++] =
        (struct book_month){t->currency, day->year, day->month, t->code, amount, 1};
    return YES;
}

static no write_transfer(struct ctx *ctx, struct ledger_book *book, const struct ledger_transfer *t,
                         const struct civil *day)
{
    TRY(sql_transfer_put(ctx->db, t->seq, t->entry, t->debit, t->credit, t->amount, t->currency,
                         t->code, t->flags, t->pending_seq, t->expires_ns, t->event_ns,
                         t->debit_prev, t->credit_prev));
    book->digest = digest_of(book->digest, t);
    book->transfers_n++;
    return note_month(ctx, book, t, day);
}

static no write_hold(struct ctx *ctx, const struct ledger_hold *hold,
                     const struct ledger_plan *plan)
{
    int64_t changed;

    if (hold->state == LEDGER_HOLD_OPEN)
        return sql_hold_put(ctx->db, hold->seq, hold->debit, hold->credit, hold->amount,
                            hold->expires_ns);
    TRY(sql_hold_resolve(ctx->db, hold->seq, hold->state, plan->entry.id, &changed));
    return changed == 1 ? YES : NO_STORE_BROKEN;
}

/* A place to enter the chain, about every BOOK_MARK transfers: statements walk from there. */
static no mark(struct ctx *ctx, int64_t n_before, const struct ledger_account *a)
{
    if (n_before / BOOK_MARK == a->transfers_n / BOOK_MARK)
        return YES;
    return sql_mark_put(ctx->db, a->id, a->transfers_n, a->last_seq, a->debits_posted,
                        a->credits_posted);
}

static no keep(struct ctx *ctx, struct ledger_book *book, const struct ledger_plan *plan)
{
    const struct ledger_entry *e = &plan->entry;

    for (size_t i = 0; i < plan->accounts_n; i++) {
        struct book_account *account = account_of(book, plan->accounts[i].id);

        TRY(mark(ctx, account->now.transfers_n, &plan->accounts[i]));
        account->now = plan->accounts[i];
        account->moved = true;
    }
    journal_of(book, e->journal, e->year)->num = e->num;
    book->head.entry = e->id;
    book->head.seq = plan->transfers[plan->transfers_n - 1].seq;
    book->head.booked_ns = e->booked_ns;
    return YES;
}

no book_write(struct ctx *ctx, struct ledger_book *book, const struct ledger_plan *plan)
{
    const struct ledger_entry *e = &plan->entry;
    const struct civil day = time_civil_of_days(e->book_date);

    if (book->transfers_n == 0)
        book->first_seq = plan->transfers[0].seq;
    TRY(sql_entry_put(ctx->db, e->id, e->uid.bytes, e->body_hash, e->journal, e->year, e->num,
                      e->book_date, e->piece_ref, e->label, e->actor, e->cause, e->cause_id,
                      e->corrects, e->booked_ns, plan->transfers[0].seq,
                      (int64_t)plan->transfers_n));
    for (size_t i = 0; i < plan->transfers_n; i++)
        TRY(write_transfer(ctx, book, &plan->transfers[i], &day));
    for (size_t i = 0; i < plan->holds_n; i++)
        TRY(write_hold(ctx, &plan->holds[i], plan));
    TRY(register_txn(ctx, e, plan->transfers, plan->transfers_n));
    return keep(ctx, book, plan);
}

/* --- settling
 * -------------------------------------------------------------------------------------- */

static no write_rest(struct ctx *ctx, struct ledger_book *book)
{
    for (size_t i = 0; i < book->accounts_n; i++) {
        const struct ledger_account *a = &book->accounts[i].now;

        if (book->accounts[i].moved)
            TRY(sql_account_move(ctx->db, a->id, a->debits_posted, a->credits_posted,
                                 a->debits_pending, a->credits_pending, a->last_seq,
                                 a->transfers_n));
    }
    for (size_t i = 0; i < book->journals_n; i++)
        if (book->journals[i].num > 0)
            TRY(sql_journal_head_put(ctx->db, book->journals[i].journal, book->journals[i].year,
                                     book->journals[i].num));
    TRY(sql_ledger_head_put(ctx->db, book->head.entry, book->head.seq, book->head.booked_ns));
    return months_write(ctx, book);
}

struct reading {
    struct ctx *ctx;
    struct ledger_book *book;
    int64_t n;
    uint64_t digest;
};

/* One side of a transfer that was read back, played on the account as it was before. */
static bool play(struct book_account *account, const struct ledger_transfer *t, bool is_debit,
                 int64_t posted, int64_t pending)
{
    if (account == NULL || account->before.currency != t->currency)
        return false;
    struct ledger_account *a = &account->before;

    if (a->last_seq != (is_debit ? t->debit_prev : t->credit_prev))
        return false;
    *(is_debit ? &a->debits_posted : &a->credits_posted) += posted;
    *(is_debit ? &a->debits_pending : &a->credits_pending) += pending;
    a->last_seq = t->seq;
    a->transfers_n++;
    return true;
}

static no read_transfer(void *reading_, const struct ledger_transfer *t)
{
    struct reading *reading = reading_;
    struct ledger_book *book = reading->book;
    int64_t posted = (t->flags & (LEDGER_PENDING | LEDGER_VOID)) == 0 ? t->amount : 0;
    int64_t pending = (t->flags & LEDGER_PENDING) != 0 ? t->amount : 0;

    reading->n++;
    reading->digest = digest_of(reading->digest, t);
    if (t->pending_seq != 0) {
        struct ledger_transfer hold;

        TRY(sql_transfer_get(reading->ctx->db, reading->ctx->arena, t->pending_seq, &hold));
        pending = -hold.amount;
    }
    return play(account_of(book, t->debit), t, true, posted, pending) &&
                   play(account_of(book, t->credit), t, false, posted, pending)
               ? YES
               : NO_STORE_BROKEN;
}

static bool same(const struct sql_account_sums *a, const struct ledger_account *b)
{
    return a->debits_posted == b->debits_posted && a->credits_posted == b->credits_posted &&
           a->debits_pending == b->debits_pending && a->credits_pending == b->credits_pending &&
           a->last_seq == b->last_seq && a->transfers_n == b->transfers_n;
}

/* What was written is read again and summed again before the deed goes on (house.md; the habit is
 * Fossil's): the transfers, played on the accounts as they were, must give the accounts that now
 * stand in the store. */
static no read_back(struct ctx *ctx, struct ledger_book *book)
{
    const size_t mark = arena_mark(ctx->arena);
    struct reading reading = {.ctx = ctx, .book = book};

    TRY(sql_transfer_of_range(ctx->db, book->first_seq, book->first_seq + book->transfers_n - 1,
                              read_transfer, &reading));
    if (reading.n != book->transfers_n || reading.digest != book->digest)
        return NO_STORE_BROKEN;
    for (size_t i = 0; i < book->accounts_n; i++) {
        struct book_account *account = &book->accounts[i];
        struct sql_account_sums row;

        if (!account->moved)
            continue;
        TRY(sql_account_sums_get(ctx->db, ctx->arena, account->now.id, &row));
        if (!same(&row, &account->before))
            return NO_STORE_BROKEN;
        account->moved = false;
    }
    arena_rewind(ctx->arena, mark);
    return YES;
}

no book_settle(struct ctx *ctx, struct ledger_book *book)
{
    if (book->transfers_n == 0)
        return YES;
    TRY(write_rest(ctx, book));
    TRY(read_back(ctx, book));
    book->transfers_n = 0;
    book->digest = 0;
    return YES;
}

/* --- for deeds of many entries
 * --------------------------------------------------------------------- */

no ledger_batch_open(struct ctx *ctx)
{
    assert(ctx->writing);
    if (ctx->book == NULL)
        TRY(book_open(ctx, BOOK_ACCOUNTS, &ctx->book));
    ctx->book->opened++;
    return YES;
}

no ledger_batch_close(struct ctx *ctx)
{
    assert(ctx->book != NULL && ctx->book->opened > 0);
    if (--ctx->book->opened > 0)
        return YES;
    const no answer = book_settle(ctx, ctx->book);

    ctx->book = NULL;
    return answer;
}

no ledger_batch_settle(struct ctx *ctx)
{
    return ctx->book == NULL ? YES : book_settle(ctx, ctx->book);
}

int ledger_batch_depth(const struct ctx *ctx)
{
    return ctx->book == NULL ? 0 : ctx->book->opened;
}

void ledger_batch_forget(struct ctx *ctx, int depth)
{
    if (depth == 0)
        ctx->book = NULL;
    if (ctx->book == NULL)
        return;
    ctx->book->opened = depth;
    book_forget(ctx->book);
}
