/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One entry against itself. What its author asked for is known by its hash; its number, day and
 * sums follow from the others.
 */
#include "deeds/audit_in.h"

#include "base/hash.h"
#include "base/time.h"
#include "deeds/house.h"
#include "deeds/ledger.h"

#include <string.h>

/* --- numbers ---------------------------------------------------------------------------------- */

/* I3 for journals: numbers follow one another in each journal and year. */
static void check_number(struct audit *audit, const struct ledger_entry *entry)
{
    struct audit_numbering *one = NULL;

    for (size_t i = 0; i < audit->numbers_n && one == NULL; i++)
        if (audit->numbers[i].journal == entry->journal && audit->numbers[i].year == entry->year)
            one = &audit->numbers[i];
    if (one == NULL && audit->numbers_n < AUDIT_JOURNALS_MAX) {
        one = &audit->numbers[audit->numbers_n++];
        *one = (struct audit_numbering){.journal = entry->journal, .year = entry->year};
    }
    if (one == NULL)
        return;
    if (entry->num != one->num + 1)
        audit_found(audit, &(struct audit_finding){.what = "NUMBER_GAP",
                                                   .entry = entry->id,
                                                   .expected = one->num + 1,
                                                   .found = entry->num});
    one->num = entry->num;
}

/* --- time ------------------------------------------------------------------------------------- */

/* The clock's milliseconds in a key that the house made with the entry (UUIDv7); 0 = whoever asked
 * brought the key. */
static int64_t made_ms(const struct ledger_entry *entry)
{
    const bool ours = entry->cause == CAUSE_ORDER || entry->cause == CAUSE_CORRECTION ||
                      entry->cause == CAUSE_EXPIRY || entry->cause == CAUSE_LEAVE;
    int64_t ms = 0;

    if (!ours || entry->uid.bytes[6] >> 4 != 7)
        return 0;
    for (int i = 0; i < 6; i++)
        ms = ms << 8 | entry->uid.bytes[i];
    return ms;
}

static void day_found(struct audit *audit, const struct ledger_entry *entry, int64_t expected,
                      int64_t found)
{
    audit_found(audit, &(struct audit_finding){.what = "DAY_DIFFERS",
                                               .entry = entry->id,
                                               .expected = expected,
                                               .found = found});
}

/* Booked at the clock's time, or right after the entry before when the clock was not past it; on
 * the day of the clock, or on the first open day after a closed period. */
static void check_time(struct audit *audit, const struct ledger_entry *entry)
{
    const int64_t ms = made_ms(entry), ns_per_ms = NS_PER_S / 1000;
    const bool follows = entry->booked_ns == audit->last_booked_ns + 1;
    const int64_t real_ns = ms > 0 ? ms * ns_per_ms : entry->booked_ns;
    const int32_t day = house_day(ctx_house(audit->ctx), real_ns);

    /* Keys of a batch count on from its first. */
    if (ms > 0 && (entry->booked_ns < real_ns ||
                   (!follows && entry->booked_ns - real_ns > LEDGER_CLOCK_SLACK_NS)))
        audit_found(audit, &(struct audit_finding){.what = ledger_fault_name(LEDGER_FAULT_CLOCK),
                                                   .entry = entry->id,
                                                   .expected = real_ns,
                                                   .found = entry->booked_ns});
    audit->last_booked_ns = entry->booked_ns;
    const int32_t year = time_civil_of_days(entry->book_date).year;

    if (entry->year != year)
        day_found(audit, entry, year, entry->year);
    const bool moved = entry->book_date > day && entry->book_date == audit->open_from;
    const bool clock_back = ms == 0 && follows && entry->book_date < day;

    if (audit->days_known && entry->book_date != day && !moved && !clock_back)
        day_found(audit, entry, day, entry->book_date);
}

/* Ahead of the clock is nothing wrong (docs/decisions/0041), but worth a word. */
static void note_clock(struct audit *audit, const struct ledger_entry *entry)
{
    struct audit_clock *clock = &audit->report->clock;
    const int64_t ahead_ns = entry->booked_ns - audit->ctx->now_ns;

    if (ahead_ns <= LEDGER_CLOCK_SLACK_NS)
        return;
    if (clock->entries_n++ == 0) {
        clock->since_entry = entry->id;
        clock->since_ns = entry->booked_ns;
    }
    clock->ahead_ns = ahead_ns;
}

/* --- what was asked for --------------------------------------------------------------------------
 */

/* Who asks to post or to release a hold may leave the accounts, the amount or both to the hold;
 * the transfer does not tell. A way is four bits: what was said of a posting, of a release. */
enum { SAID_POST_ACCOUNTS = 1, SAID_POST_AMOUNT = 2, SAID_FREE_ACCOUNTS = 4, SAID_FREE_AMOUNT = 8 };

static struct ledger_leg leg_of(const struct ledger_transfer *t, unsigned way)
{
    struct ledger_leg leg = {.kind = (t->flags & LEDGER_EXPIRED) != 0   ? LEDGER_LEG_EXPIRE
                                     : (t->flags & LEDGER_VOID) != 0    ? LEDGER_LEG_VOID
                                     : (t->flags & LEDGER_POST) != 0    ? LEDGER_LEG_POST
                                     : (t->flags & LEDGER_PENDING) != 0 ? LEDGER_LEG_HOLD
                                                                        : LEDGER_LEG_PLAIN,
                             .debit = t->debit,
                             .credit = t->credit,
                             .amount = t->amount,
                             .currency = t->currency,
                             .code = t->code,
                             .marks = t->flags & LEDGER_MARKS,
                             .hold = t->pending_seq,
                             .event_ns = t->event_ns};
    const bool posts = leg.kind == LEDGER_LEG_POST;

    if (leg.kind == LEDGER_LEG_PLAIN || leg.kind == LEDGER_LEG_HOLD)
        return leg;
    if ((way & (posts ? SAID_POST_ACCOUNTS : SAID_FREE_ACCOUNTS)) == 0)
        leg.debit = leg.credit = leg.currency = 0;
    if ((way & (posts ? SAID_POST_AMOUNT : SAID_FREE_AMOUNT)) == 0)
        leg.amount = 0;
    return leg;
}

static no hash_is(struct audit *audit, unsigned way, bool *same)
{
    const struct ledger_entry *entry = audit->entry;
    const size_t mark = arena_mark(audit->ctx->arena);
    struct ledger_leg legs[LEDGER_LEGS_MAX];
    uint8_t hash[HASH_SIZE];
    struct buf bytes;

    for (size_t i = 0; i < audit->legs_n; i++)
        legs[i] = leg_of(&audit->legs[i], way);
    buf_init(&bytes, audit->ctx->arena, 1024);
    ledger_request_bytes(&bytes, &(struct ledger_request){.uid = entry->uid,
                                                          .journal = entry->journal,
                                                          .piece_ref = entry->piece_ref,
                                                          .label = entry->label,
                                                          .actor = entry->actor,
                                                          .cause = entry->cause,
                                                          .cause_id = entry->cause_id,
                                                          .corrects = entry->corrects,
                                                          .legs = legs,
                                                          .legs_n = audit->legs_n});
    if (buf_failed(&bytes))
        return NO_TOO_LARGE;
    hash_sha256_update(&audit->sha, bytes.ptr, bytes.len);
    hash_sha256_final(&audit->sha, hash);
    arena_rewind(audit->ctx->arena, mark);
    *same = memcmp(hash, entry->body_hash, sizeof hash) == 0;
    return YES;
}

/* Most entries have one way only, and the others mostly that of the one before. */
static no check_body(struct audit *audit)
{
    const unsigned first = audit->way;
    bool same = false, many = false;

    for (size_t i = 0; i < audit->legs_n; i++)
        many = many || (audit->legs[i].flags & (LEDGER_POST | LEDGER_VOID)) != 0;
    for (unsigned i = 0; i < (many ? AUDIT_WAYS : 1) && !same; i++) {
        audit->way = first ^ i;
        TRY(hash_is(audit, audit->way, &same));
    }
    if (same)
        return YES;
    audit->way = first;
    audit_found(audit, &(struct audit_finding){.what = "BODY_DIFFERS",
                                               .entry = audit->entry->id,
                                               .expected = audit->entry->first_seq,
                                               .found = audit->entry->first_seq +
                                                        audit->entry->transfers_n - 1});
    return YES;
}

/* --- the months ---------------------------------------------------------------------------------
 */

static struct audit_sum *month_of(struct audit *audit, int32_t currency, int32_t day, uint32_t code)
{
    const struct civil civil = time_civil_of_days(day);
    const uint32_t key = (uint32_t)currency * 31U + (uint32_t)civil.year * 977U +
                         (uint32_t)civil.month * 131U + code * 7919U;

    for (size_t i = 0; i < AUDIT_MONTHS_MAX; i++) {
        struct audit_sum *sum = &audit->months[(key + i) % AUDIT_MONTHS_MAX];

        if (!sum->used) {
            if (++audit->months_n == AUDIT_MONTHS_MAX)
                return NULL; /* a place stays free, or nobody would find the end */
            *sum = (struct audit_sum){.currency = currency,
                                      .year = civil.year,
                                      .month = civil.month,
                                      .code = code,
                                      .used = true};
            return sum;
        }
        if (sum->currency == currency && sum->year == civil.year && sum->month == civil.month &&
            sum->code == code)
            return sum;
    }
    return NULL;
}

/* Said a second time on purpose: what is held moves nothing, what is released moves nothing, a
 * correction is taken off. */
static void add_to_month(struct audit *audit, const struct ledger_transfer *t)
{
    const bool moves = (t->flags & (LEDGER_PENDING | LEDGER_VOID)) == 0 && t->amount != 0;
    struct audit_sum *sum =
        moves ? month_of(audit, t->currency, audit->entry->book_date, t->code) : NULL;

    if (sum == NULL)
        return;
    sum->n++;
    if (__builtin_add_overflow(sum->amount,
                               (t->flags & LEDGER_CORRECTION) != 0 ? -t->amount : t->amount,
                               &sum->amount))
        sum->amount = INT64_MAX;
}

/* --- one entry ----------------------------------------------------------------------------------
 */

no audit_entry_begin(struct audit *audit, const struct ledger_entry *entry)
{
    audit->entry = entry;
    audit->legs_n = 0;
    check_number(audit, entry);
    check_time(audit, entry);
    note_clock(audit, entry);
    return YES;
}

void audit_entry_leg(struct audit *audit, const struct ledger_transfer *transfer)
{
    if (audit->legs_n < LEDGER_LEGS_MAX)
        audit->legs[audit->legs_n] = *transfer;
    audit->legs_n++;
    audit->pending_n += (transfer->flags & LEDGER_PENDING) != 0;
    add_to_month(audit, transfer);
}

no audit_entry_end(struct audit *audit)
{
    const struct ledger_entry *entry = audit->entry;

    if ((int64_t)audit->legs_n == entry->transfers_n && audit->legs_n <= LEDGER_LEGS_MAX)
        return check_body(audit);
    audit_found(audit, &(struct audit_finding){.what = ledger_fault_name(LEDGER_FAULT_GAP),
                                               .entry = entry->id,
                                               .expected = entry->transfers_n,
                                               .found = (int64_t)audit->legs_n});
    return YES;
}
