/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The audit's own: what its parts share while one book is read.
 */
#ifndef DEEDS_AUDIT_IN_H
#define DEEDS_AUDIT_IN_H

#include "base/hash.h"
#include "deeds/audit.h"
#include "store/sql_audit.h"
#include "store/sql_ledger.h"

enum { AUDIT_JOURNALS_MAX = 1024, AUDIT_MONTHS_MAX = 16384, AUDIT_WAYS = 16 };

/* The last number given in one journal and year. */
struct audit_numbering {
    int32_t journal, year;
    int64_t num;
    bool seen; /* its head was */
};

/* What moved in a month under one code, added up again. n 0 and no amount = a free place. */
struct audit_sum {
    int32_t currency, year, month;
    uint32_t code;
    int64_t amount, n;
    bool used, seen;
};

struct audit {
    struct ctx *ctx;
    struct audit_report *report;
    struct ledger_audit ledger;
    struct audit_numbering numbers[AUDIT_JOURNALS_MAX];
    size_t numbers_n;
    struct audit_sum *months; /* AUDIT_MONTHS_MAX places, by a hash of what they are of */
    size_t months_n;
    struct sql_limit_change *limits; /* ascending by id, so by the entry they follow */
    size_t limits_n, limits_done;
    int64_t transfers_all, next_seq, last_booked_ns, open_from;
    int64_t holds_open, holds_n, pending_n; /* in the table; transfers that took one */
    /* The entry that is read: its legs as they must have been asked for. */
    const struct ledger_entry *entry;
    struct ledger_transfer legs[LEDGER_LEGS_MAX];
    size_t legs_n;
    struct hash_sha256_ctx sha;
    unsigned way;    /* of asking that fitted last */
    bool days_known; /* the co-op's time zone is */
    bool head_seen;  /* that of the whole book */
};

void audit_found(struct audit *audit, const struct audit_finding *finding);
/* Says which row: its keys, joined by '/'. */
void audit_name_row(struct audit *audit, struct audit_finding *finding, const int64_t *keys,
                    size_t keys_n);
void audit_name_row_text(struct audit_finding *finding, str text);
/* The same about the row of a table that has no field of its own. */
void audit_found_row(struct audit *audit, const char *what, const char *table, int64_t row,
                     int64_t expected, int64_t found);

/* One entry against itself (audit_entry.c): its number, its day, its time, the hash of what was
 * asked for; and its legs into the sums of the months. Once all its legs were given to
 * audit_entry_leg. */
no audit_entry_begin(struct audit *audit, const struct ledger_entry *entry) MUST_USE;
void audit_entry_leg(struct audit *audit, const struct ledger_transfer *transfer);
no audit_entry_end(struct audit *audit) MUST_USE;

/* Once every entry was read (audit_rows.c). The heads of the book and of its journals; */
no audit_heads(struct audit *audit) MUST_USE;
/* then sums of months, accounts, limits, holds, periods, parameters and the number of members: each
 * row against what else says it. */
no audit_rows(struct audit *audit) MUST_USE;

#endif
