/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/audit.h"

#include "deeds/audit_in.h"
#include "deeds/house.h"
#include "deeds/register_audit.h"

#include <string.h>

enum { HOLDS_MIN = 1024, PROGRESS_EVERY = 65536 };

void audit_name_row(struct audit *audit, struct audit_finding *finding, const int64_t *keys,
                    size_t keys_n)
{
    const size_t mark = arena_mark(audit->ctx->arena);
    struct buf text;

    buf_init(&text, audit->ctx->arena, sizeof finding->row);
    for (size_t i = 0; i < keys_n; i++) {
        if (i > 0)
            buf_put_char(&text, '/');
        buf_put_int(&text, keys[i]);
    }
    audit_name_row_text(finding, buf_str(&text));
    arena_rewind(audit->ctx->arena, mark);
}

void audit_name_row_text(struct audit_finding *finding, str text)
{
    const size_t len = text.len < sizeof finding->row - 1 ? text.len : sizeof finding->row - 1;

    memset(finding->row, 0, sizeof finding->row);
    if (len > 0)
        memcpy(finding->row, text.ptr, len);
}

/* Every finding names a table and a row; most say which by the field that they fill. */
static void name_row(struct audit *audit, struct audit_finding *finding)
{
    const struct {
        const char *table;
        int64_t id;
    } rows[] = {{"transfer", finding->seq}, {"account", finding->account},
                {"entry", finding->entry},  {"orders", finding->order},
                {"offer", finding->offer},  {"currency", finding->currency},
                {"ledger_head", INT64_C(0)}};
    size_t i = 0;

    while (i + 1 < sizeof rows / sizeof rows[0] && rows[i].id == 0)
        i++;
    finding->table = rows[i].table;
    audit_name_row(audit, finding, &rows[i].id, 1);
}

void audit_found(struct audit *audit, const struct audit_finding *given)
{
    struct audit_finding finding = *given;

    if (finding.table == NULL)
        name_row(audit, &finding);
    audit->report->findings_n++;
    if (audit->report->say != NULL)
        audit->report->say(audit->report->self, &finding);
}

void audit_found_row(struct audit *audit, const char *what, const char *table, int64_t row,
                     int64_t expected, int64_t found)
{
    struct audit_finding finding = {
        .what = what, .table = table, .expected = expected, .found = found};

    audit_name_row(audit, &finding, &row, 1);
    audit_found(audit, &finding);
}

static void ledger_found(void *self, const struct ledger_finding *f)
{
    audit_found(self, &(struct audit_finding){.what = ledger_fault_name(f->fault),
                                              .entry = f->entry,
                                              .seq = f->seq,
                                              .account = f->account,
                                              .expected = f->expected,
                                              .found = f->found,
                                              .currency = f->currency});
}

/* --- entries --------------------------------------------------------------------------------- */

static bool is_nature(enum ledger_nature nature)
{
    return (nature >= LEDGER_ASSET && nature <= LEDGER_EXPENSE) || nature == LEDGER_MEMO;
}

/* Limits that were decided after `entry` bind from here on. */
static no announce_limits(struct audit *audit, int64_t entry)
{
    while (audit->limits_done < audit->limits_n &&
           audit->limits[audit->limits_done].from_entry <= entry) {
        const struct sql_limit_change *change = &audit->limits[audit->limits_done++];
        struct ledger_account account;
        const no found =
            sql_account_get(audit->ctx->db, audit->ctx->arena, change->account, &account);

        if (found != YES && found != NO_NOT_FOUND)
            return found;
        if (found == NO_NOT_FOUND || !is_nature(account.nature)) {
            audit_found_row(audit, "LIMIT_OF_NOBODY", "limit_change", change->id, 0,
                            change->account);
            continue;
        }
        ledger_audit_limits(&audit->ledger, change->account, account.nature,
                            change->has_floor ? &change->floor : NULL,
                            change->has_ceiling ? &change->ceiling : NULL);
    }
    return YES;
}

static no feed_transfer(void *self, const struct ledger_transfer *transfer)
{
    struct audit *audit = self;

    ledger_audit_transfer(&audit->ledger, transfer);
    audit_entry_leg(audit, transfer);
    audit->report->transfers_n++;
    if (audit->report->progress != NULL && audit->report->transfers_n % PROGRESS_EVERY == 0)
        audit->report->progress(audit->report->self, audit->report->transfers_n,
                                audit->transfers_all);
    return YES;
}

static no feed_entry(void *self, const struct ledger_entry *entry)
{
    struct audit *audit = self;

    TRY(announce_limits(audit, entry->id - 1));
    ledger_audit_entry(&audit->ledger, entry->id, entry->booked_ns);
    audit->report->entries_n++;
    if (entry->first_seq != audit->next_seq)
        audit_found(audit, &(struct audit_finding){.what = ledger_fault_name(LEDGER_FAULT_GAP),
                                                   .entry = entry->id,
                                                   .expected = audit->next_seq,
                                                   .found = entry->first_seq});
    audit->next_seq = entry->first_seq + entry->transfers_n;
    TRY(audit_entry_begin(audit, entry));
    TRY(sql_transfer_of_range(audit->ctx->db, entry->first_seq, audit->next_seq - 1, feed_transfer,
                              audit));
    return audit_entry_end(audit);
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
        audit_found(audit, &(struct audit_finding){.what = "HOLD_STATE_DIFFERS",
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
        audit_found(audit, &(struct audit_finding){.what = "HOLDS_OPEN_DIFFER",
                                                   .expected = expected,
                                                   .found = audit->holds_open});
}

/* --- orders and stock ---------------------------------------------------------------------------
 */

static no order_stuck(void *self, const struct sql_audit_order *row)
{
    audit_found(self, &(struct audit_finding){
                          .what = "ORDER_STUCK", .order = row->id, .found = row->state});
    return YES;
}

static no order_holds(void *self, const struct sql_audit_order *row)
{
    audit_found(self, &(struct audit_finding){
                          .what = "ORDER_HOLDS_OVER", .order = row->id, .found = row->state});
    return YES;
}

static no stock_differs(void *self, const struct sql_audit_stock *row)
{
    audit_found(self, &(struct audit_finding){.what = "STOCK_DIFFERS",
                                              .offer = row->offer,
                                              .expected = row->expected,
                                              .found = row->found});
    return YES;
}

static void register_found(void *self, const struct audit_finding *finding)
{
    audit_found(self, finding);
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

    audit->months = arena_take_many(ctx->arena, AUDIT_MONTHS_MAX, sizeof *audit->months);
    if (folds == NULL || open == NULL || audit->months == NULL)
        return NO_TOO_LARGE;
    memset(audit->months, 0, AUDIT_MONTHS_MAX * sizeof *audit->months);
    TRY(sql_audit_open_from(ctx->db, &audit->open_from));
    audit->days_known = house->zone.offset_s != NULL || str_eq(house->zone_name, S("UTC"));
    ledger_audit_init(&audit->ledger, folds, folds_n, open, holds_cap, ledger_found, audit);
    for (size_t i = 0; i < house->units_n; i++)
        ledger_audit_currency(&audit->ledger, house->units[i].unit.id, house->units[i].zero_sum);
    return YES;
}

static no read_all(struct audit *audit)
{
    struct ctx *ctx = audit->ctx;

    TRY(begin(audit));
    TRY(sql_entry_each(ctx->db, 1, feed_entry, audit));
    TRY(audit_heads(audit));
    TRY(announce_limits(audit, INT64_MAX));
    TRY(sql_account_each(ctx->db, feed_account, audit));
    (void)ledger_audit_finish(&audit->ledger);
    TRY(sql_hold_each(ctx->db, feed_hold, audit));
    count_holds(audit);
    TRY(audit_rows(audit));
    TRY(sql_audit_orders(ctx->db, &audit->report->orders_n));
    TRY(sql_audit_orders_stuck(ctx->db, order_stuck, audit));
    TRY(sql_audit_orders_holds(ctx->db, order_holds, audit));
    TRY(sql_audit_stock_offers(ctx->db, stock_differs, audit));
    TRY(sql_audit_stock_variants(ctx->db, stock_differs, audit));
    return register_audit(ctx, register_found, audit, &audit->report->log);
}

no view_audit(struct ctx *ctx, struct audit_report *report)
{
    struct audit *audit = arena_take(ctx->arena, sizeof *audit);

    if (audit == NULL)
        return NO_TOO_LARGE;
    *audit = (struct audit){
        .ctx = ctx, .report = report, .next_seq = 1, .way = 2 /* SAID_POST_AMOUNT */};
    report->accounts_n = report->entries_n = report->transfers_n = 0;
    report->orders_n = report->findings_n = 0;
    report->log = (struct register_sums){0};
    report->clock = (struct audit_clock){0};
    TRY(db_snapshot(ctx->db));
    hash_sha256_init(&audit->sha);
    const no answer = read_all(audit);

    hash_sha256_release(&audit->sha);
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
