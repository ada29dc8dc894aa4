/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The audit: everything that can be recomputed is recomputed, from the first transfer on, by code
 * that shares nothing with what wrote it, and what differs is named. It reads one snapshot, so it
 * may run while people trade.
 */
#ifndef DEEDS_AUDIT_H
#define DEEDS_AUDIT_H

#include "deeds/audit_finding.h"
#include "deeds/ctx.h"
#include "deeds/register_audit.h"
#include "rules/ledger_audit.h"

/* Entries that were booked while the clock ran ahead, or after it was put right: a book can only
 * go on from its last booked_ns (docs/decisions/0041). Nothing is wrong with them, so it is no
 * finding; they bear their day all the same. */
struct audit_clock {
    int64_t since_entry; /* the first whose booked_ns is ahead of the clock now; 0 = none */
    int64_t since_ns;    /* its booked_ns */
    int64_t entries_n;   /* how many are */
    int64_t ahead_ns;    /* how far the book's last booked_ns is ahead */
};

struct audit_report {
    void (*say)(void *self,
                const struct audit_finding *finding);       /* each, as it is found; may be NULL */
    void (*progress)(void *self, int64_t done, int64_t of); /* now and then; may be NULL */
    void *self;
    /* answer */
    int64_t accounts_n, entries_n, transfers_n, orders_n, findings_n;
    struct register_sums log;
    struct audit_clock clock; /* compared with ctx->now_ns */
};

/* NO_TOO_LARGE when ctx->arena has no room for one fold per account and the open holds. Else YES,
 * whatever was found. */
no view_audit(struct ctx *ctx, struct audit_report *report) MUST_USE;

/* How far the book's last booked_ns is ahead of ctx->now_ns; 0 when it is not, or by no more than
 * LEDGER_CLOCK_SLACK_NS. */
no view_clock_ahead(struct ctx *ctx, int64_t *ahead_ns) MUST_USE;

#endif
