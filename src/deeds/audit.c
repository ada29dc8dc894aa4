/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/audit.h"

#include "deeds/house.h"
#include "store/sql_audit.h"
#include "store/sql_ledger.h"

enum { JOURNALS_MAX = 1024, HOLDS_MIN = 1024, PROGRESS_EVERY = 65536 };

/* The last number given in one journal and year. */
struct numbering {
    int32_t journal, year;
    int64_t num;
};

struct audit {
    struct ctx *ctx;
    struct audit_report *report;
    struct ledger_audit ledger;
    struct numbering numbers[JOURNALS_MAX];
    size_t numbers_n;
    struct sql_limit_change *limits; /* ascending by id, so by the entry they follow */
    size_t limits_n, limits_done;
    int64_t transfers_all, next_seq, holds_open;
    struct ledger_entry entry; /* whose transfers come next */
};

static void found(struct audit *audit, const struct audit_finding *finding)
{
    audit->report->findings_n++;
    if (audit->report->say != NULL)
        audit->report->say(audit->report->self, finding);
}

static void ledger_found(void *self, const struct ledger_finding *f)
{
    found(self, &(struct audit_finding){.what = ledger_fault_name(f->fault),
                                        .entry = f->entry,
                                        .seq = f->seq,
                                        .account = f->account,
                                        .expected = f->expected,
                                        .found = f->found,
                                        .currency = f->currency});
}

/* --- entries --------------------------------------------------------------------------------- */

/* I3 for journals: numbers follow one another in each journal and year. */
static void check_number(struct audit *audit, const struct ledger_entry *entry)
{
    struct numbering *one = NULL;

    for (size_t i = 0; i < audit->numbers_n && one == NULL; i++)
        if (audit->numbers[i].journal == entry->journal && audit->numbers[i].year == entry->year)
            one = &audit->numbers[i];
    if (one == NULL && audit->numbers_n < JOURNALS_MAX) {
        one = &audit->numbers[audit->numbers_n++];
        *one = (struct numbering){.journal = entry->journal, .year = entry->year};
    }
    if (one == NULL || entry->num == one->num + 1) {
        if (one != NULL)
            one->num = entry->num;
        return;
    }
    found(audit, &(struct audit_finding){.what = "NUMBER_GAP",
                                         .entry = entry->id,
                                         .expected = one->num + 1,
                                         .found = entry->num});
    one->num = entry->num;
}

/* Limits that were decided after `entry` bind from here on. */
static no announce_limits(struct audit *audit, int64_t entry)
{
    while (audit->limits_done < audit->limits_n &&
           audit->limits[audit->limits_done].from_entry <= entry) {
        const struct sql_limit_change *change = &audit->limits[audit->limits_done++];
        struct ledger_account account;

        TRY(sql_account_get(audit->ctx->db, audit->ctx->arena, change->account, &account));
        ledger_audit_limits(&audit->ledger, change->account, (enum ledger_nature)account.nature,
                            change->has_floor ? &change->floor : NULL,
                            change->has_ceiling ? &change->ceiling : NULL);
    }
    return YES;
}

static no feed_transfer(void *self, const struct ledger_transfer *transfer)
{
    struct audit *audit = self;

    ledger_audit_transfer(&audit->ledger, transfer);
    audit->report->transfers_n++;
    if (audit->report->progress != NULL && audit->report->transfers_n % PROGRESS_EVERY == 0)
        audit->report->progress(audit->report->self, audit->report->transfers_n,
                                audit->transfers_all);
    return YES;
}

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

static no feed_entry(void *self, const struct ledger_entry *entry)
{
    struct audit *audit = self;

    TRY(announce_limits(audit, entry->id - 1));
    check_number(audit, entry);
    note_clock(audit, entry);
    ledger_audit_entry(&audit->ledger, entry->id, entry->booked_ns);
    audit->report->entries_n++;
    if (entry->first_seq != audit->next_seq)
        found(audit, &(struct audit_finding){.what = ledger_fault_name(LEDGER_FAULT_GAP),
                                             .entry = entry->id,
                                             .expected = audit->next_seq,
                                             .found = entry->first_seq});
    audit->next_seq = entry->first_seq + entry->transfers_n;
    return sql_transfer_of_range(audit->ctx->db, entry->first_seq, audit->next_seq - 1,
                                 feed_transfer, audit);
}

static no feed_account(void *self, const struct ledger_account *account)
{
    struct audit *audit = self;

    ledger_audit_account(&audit->ledger, account);
    audit->report->accounts_n++;
    return YES;
}

/* The table of holds says what an order may still post or release: it must say what the book does.
 */
static no feed_hold(void *self, const struct ledger_hold *hold)
{
    struct audit *audit = self;
    const bool open = ledger_audit_hold_is_open(&audit->ledger, hold->seq);

    audit->holds_open += hold->state == LEDGER_HOLD_OPEN;
    if (open != (hold->state == LEDGER_HOLD_OPEN))
        found(audit, &(struct audit_finding){.what = "HOLD_STATE_DIFFERS",
                                             .seq = hold->seq,
                                             .expected = open ? LEDGER_HOLD_OPEN : 1,
                                             .found = hold->state});
    return YES;
}

/* A hold that the table has lost. */
static void count_holds(struct audit *audit)
{
    int64_t expected = 0;

    for (size_t i = 0; i < audit->ledger.holds_n; i++)
        expected += audit->ledger.holds[i].state == LEDGER_HOLD_OPEN;
    if (expected != audit->holds_open)
        found(audit, &(struct audit_finding){.what = "HOLDS_OPEN_DIFFER",
                                             .expected = expected,
                                             .found = audit->holds_open});
}

/* --- orders and stock ---------------------------------------------------------------------------
 */

static no order_stuck(void *self, const struct sql_audit_order *row)
{
    found(self,
          &(struct audit_finding){.what = "ORDER_STUCK", .order = row->id, .found = row->state});
    return YES;
}

static no order_holds(void *self, const struct sql_audit_order *row)
{
    found(self, &(struct audit_finding){
                    .what = "ORDER_HOLDS_OVER", .order = row->id, .found = row->state});
    return YES;
}

static no stock_differs(void *self, const struct sql_audit_stock *row)
{
    found(self, &(struct audit_finding){.what = "STOCK_DIFFERS",
                                        .offer = row->offer,
                                        .expected = row->expected,
                                        .found = row->found});
    return YES;
}

/* --- the whole -------------------------------------------------------------------------------- */

static no begin(struct audit *audit)
{
    struct ctx *ctx = audit->ctx;
    const struct house *house = ctx_house(ctx);
    int64_t accounts = 0, holds = 0;

    TRY(sql_audit_accounts(ctx->db, &accounts));
    TRY(sql_audit_holds(ctx->db, &holds));
    TRY(sql_audit_transfers(ctx->db, &audit->transfers_all));
    TRY(sql_limit_change_list(ctx->db, ctx->arena, &audit->limits, &audit->limits_n));
    const size_t folds_n = (size_t)accounts + 1, holds_cap = (size_t)holds + HOLDS_MIN;
    struct ledger_fold *folds = arena_take_many(ctx->arena, folds_n, sizeof *folds);
    struct ledger_hold *open = arena_take_many(ctx->arena, holds_cap, sizeof *open);

    if (folds == NULL || open == NULL)
        return NO_TOO_LARGE;
    ledger_audit_init(&audit->ledger, folds, folds_n, open, holds_cap, ledger_found, audit);
    for (size_t i = 0; i < house->units_n; i++)
        ledger_audit_currency(&audit->ledger, house->units[i].unit.id, house->units[i].zero_sum);
    return YES;
}

/* The head says where the book ends; a transfer beyond the last entry belongs to nobody. */
static no check_head(struct audit *audit)
{
    struct ledger_head head;

    TRY(sql_ledger_head_get(audit->ctx->db, audit->ctx->arena, 0, 0, &head));
    if (head.entry != audit->ledger.entry || head.booked_ns != audit->ledger.booked_ns)
        found(audit, &(struct audit_finding){.what = "HEAD_DIFFERS",
                                             .entry = audit->ledger.entry,
                                             .expected = audit->ledger.entry,
                                             .found = head.entry});
    if (head.seq != audit->next_seq - 1 || audit->transfers_all != audit->next_seq - 1)
        found(audit, &(struct audit_finding){.what = "HEAD_DIFFERS",
                                             .seq = audit->next_seq - 1,
                                             .expected = audit->next_seq - 1,
                                             .found = audit->transfers_all});
    return YES;
}

static no read_all(struct audit *audit)
{
    struct ctx *ctx = audit->ctx;

    TRY(begin(audit));
    TRY(sql_entry_each(ctx->db, 1, feed_entry, audit));
    TRY(check_head(audit));
    TRY(announce_limits(audit, INT64_MAX));
    TRY(sql_account_each(ctx->db, feed_account, audit));
    (void)ledger_audit_finish(&audit->ledger);
    TRY(sql_hold_each(ctx->db, feed_hold, audit));
    count_holds(audit);
    TRY(sql_audit_orders(ctx->db, &audit->report->orders_n));
    TRY(sql_audit_orders_stuck(ctx->db, order_stuck, audit));
    TRY(sql_audit_orders_holds(ctx->db, order_holds, audit));
    TRY(sql_audit_stock_offers(ctx->db, stock_differs, audit));
    return sql_audit_stock_variants(ctx->db, stock_differs, audit);
}

no view_audit(struct ctx *ctx, struct audit_report *report)
{
    struct audit *audit = arena_take(ctx->arena, sizeof *audit);

    if (audit == NULL)
        return NO_TOO_LARGE;
    *audit = (struct audit){.ctx = ctx, .report = report, .next_seq = 1};
    report->accounts_n = report->entries_n = report->transfers_n = 0;
    report->orders_n = report->findings_n = 0;
    report->clock = (struct audit_clock){0};
    TRY(db_snapshot(ctx->db));
    const no answer = read_all(audit);

    db_snapshot_end(ctx->db);
    return answer;
}

no view_clock_ahead(struct ctx *ctx, int64_t *ahead_ns)
{
    struct ledger_head head;

    TRY(sql_ledger_head_get(ctx->db, ctx->arena, 0, 0, &head));
    const int64_t ahead = head.booked_ns - ctx->now_ns;

    *ahead_ns = ahead > LEDGER_CLOCK_SLACK_NS ? ahead : 0;
    return YES;
}
