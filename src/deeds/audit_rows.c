/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Rows against what else says the same: the duplicate of an account, limit or year, the history of
 * a limit or parameter, the transfers that a hold, a head or a month was made of.
 */
#include "deeds/audit_in.h"
#include "store/sql_member.h"

/* --- the heads ----------------------------------------------------------------------------------
 */

static void head_found(struct audit *audit, const struct sql_audit_head *row, int64_t expected,
                       int64_t found)
{
    struct audit_finding finding = {
        .what = "HEAD_DIFFERS", .table = "ledger_head", .expected = expected, .found = found};

    if (expected == found)
        return;
    audit_name_row(audit, &finding, (const int64_t[]){row->journal, row->year}, 2);
    audit_found(audit, &finding);
}

static struct audit_numbering *numbering_of(struct audit *audit, int64_t journal, int64_t year)
{
    for (size_t i = 0; i < audit->numbers_n; i++)
        if (audit->numbers[i].journal == journal && audit->numbers[i].year == year)
            return &audit->numbers[i];
    return NULL;
}

/* Row 0/0 says where the whole book ends, the others where a journal's numbers do. */
static no check_head(void *audit_, const struct sql_audit_head *row)
{
    struct audit *audit = audit_;
    const bool whole = row->journal == 0 && row->year == 0;
    struct audit_numbering *one = numbering_of(audit, row->journal, row->year);

    audit->head_seen = audit->head_seen || whole;
    if (one != NULL)
        one->seen = true;
    head_found(audit, row, whole ? audit->ledger.entry : one == NULL ? 0 : one->num, row->num);
    head_found(audit, row, whole ? audit->next_seq - 1 : 0, row->last_seq);
    head_found(audit, row, whole ? audit->ledger.booked_ns : 0, row->booked_ns);
    return YES;
}

no audit_heads(struct audit *audit)
{
    const int64_t last_seq = audit->next_seq - 1;

    TRY(sql_audit_heads(audit->ctx->db, check_head, audit));
    if (!audit->head_seen)
        head_found(audit, &(struct sql_audit_head){.journal = 0}, audit->ledger.entry, -1);
    for (size_t i = 0; i < audit->numbers_n; i++) {
        const struct audit_numbering *one = &audit->numbers[i];

        if (!one->seen)
            head_found(audit, &(struct sql_audit_head){.journal = one->journal, .year = one->year},
                       one->num, 0);
    }
    /* A transfer beyond the last entry belongs to nobody. */
    if (audit->transfers_all != last_seq)
        audit_found(audit, &(struct audit_finding){.what = "HEAD_DIFFERS",
                                                   .seq = audit->transfers_all,
                                                   .expected = last_seq,
                                                   .found = audit->transfers_all});
    return YES;
}

/* --- the months ---------------------------------------------------------------------------------
 */

static void month_found(struct audit *audit, const struct sql_audit_month *row, int64_t expected,
                        int64_t found)
{
    struct audit_finding finding = {
        .what = "MONTH_DIFFERS", .table = "ledger_month", .expected = expected, .found = found};

    audit_name_row(audit, &finding,
                   (const int64_t[]){row->currency, row->year, row->month, row->code}, 4);
    finding.currency = (int32_t)row->currency;
    audit_found(audit, &finding);
}

static no check_month(void *audit_, const struct sql_audit_month *row)
{
    struct audit *audit = audit_;
    struct audit_sum *sum = NULL;

    for (size_t i = 0; i < AUDIT_MONTHS_MAX && sum == NULL; i++) {
        struct audit_sum *one = &audit->months[i];

        if (one->used && one->currency == row->currency && one->year == row->year &&
            one->month == row->month && one->code == row->code)
            sum = one;
    }
    if (sum != NULL)
        sum->seen = true;
    if (sum == NULL || sum->amount != row->amount)
        month_found(audit, row, sum == NULL ? 0 : sum->amount, row->amount);
    else if (sum->n != row->n)
        month_found(audit, row, sum->n, row->n);
    return YES;
}

static no check_months(struct audit *audit)
{
    TRY(sql_audit_months(audit->ctx->db, check_month, audit));
    for (size_t i = 0; i < AUDIT_MONTHS_MAX; i++) {
        const struct audit_sum *sum = &audit->months[i];

        if (sum->used && !sum->seen)
            month_found(audit,
                        &(struct sql_audit_month){.currency = sum->currency,
                                                  .year = sum->year,
                                                  .month = sum->month,
                                                  .code = sum->code},
                        sum->amount, 0);
    }
    return YES;
}

/* --- rows that are not what they were ------------------------------------------------------------
 */

static no account_changed(void *audit, const struct sql_audit_row *row)
{
    audit_found_row(audit, "ROW_CHANGED", "account", row->id, 0, 0);
    return YES;
}

static no limit_changed(void *audit, const struct sql_audit_row *row)
{
    audit_found_row(audit, "ROW_CHANGED", "limit_change", row->id, 0, 0);
    return YES;
}

static no period_changed(void *audit, const struct sql_audit_row *row)
{
    audit_found_row(audit, "ROW_CHANGED", "period", row->id, 0, 0);
    return YES;
}

static no limits_differ(void *audit, const struct sql_audit_row *row)
{
    audit_found_row(audit, "LIMITS_DIFFER", "account", row->id, 0, 0);
    return YES;
}

static no hold_differs(void *audit, const struct sql_audit_row *row)
{
    audit_found_row(audit, "HOLD_ROW_DIFFERS", "hold", row->id, 0, 0);
    return YES;
}

static no hold_lost(void *audit, const struct sql_audit_row *row)
{
    audit_found_row(audit, "HOLD_LOST", "hold", row->id, 1, 0);
    return YES;
}

static no param_differs(void *audit, const struct sql_audit_param *row)
{
    struct audit_finding finding = {
        .what = "PARAM_DIFFERS", .table = "param", .expected = row->expected, .found = row->found};

    audit_name_row_text(&finding, row->name);
    audit_found(audit, &finding);
    return YES;
}

static no check_holds(struct audit *audit)
{
    struct db *db = audit->ctx->db;

    TRY(sql_audit_holds_differ(db, hold_differs, audit));
    TRY(sql_audit_holds(db, &audit->holds_n));
    return audit->holds_n == audit->pending_n ? YES : sql_audit_holds_lost(db, hold_lost, audit);
}

static no check_count(struct audit *audit)
{
    int64_t kept = 0, counted = 0;
    const no found = sql_member_count(audit->ctx->db, &kept);

    if (found != YES && found != NO_NOT_FOUND)
        return found;
    TRY(sql_member_count_scan(audit->ctx->db, &counted));
    if (kept != counted)
        audit_found_row(audit, "COUNT_DIFFERS", "member_count", 1, counted, kept);
    return YES;
}

no audit_rows(struct audit *audit)
{
    struct db *db = audit->ctx->db;

    TRY(check_months(audit));
    TRY(sql_audit_accounts_changed(db, account_changed, audit));
    TRY(sql_audit_limits_changed(db, limit_changed, audit));
    TRY(sql_audit_periods_changed(db, period_changed, audit));
    TRY(sql_audit_limits_differ(db, limits_differ, audit));
    TRY(check_holds(audit));
    TRY(sql_audit_params_differ(db, param_differs, audit));
    return check_count(audit);
}
