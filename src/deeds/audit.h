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
#include "rules/ledger_audit.h"

struct audit_report {
    void (*say)(void *self,
                const struct audit_finding *finding);       /* each, as it is found; may be NULL */
    void (*progress)(void *self, int64_t done, int64_t of); /* now and then; may be NULL */
    void *self;
    /* answer */
    int64_t accounts_n, entries_n, transfers_n, orders_n, register_n, findings_n;
};

/* NO_TOO_LARGE when ctx->arena has no room for one fold per account and the open holds. Else YES,
 * whatever was found. */
no view_audit(struct ctx *ctx, struct audit_report *report) MUST_USE;

#endif
