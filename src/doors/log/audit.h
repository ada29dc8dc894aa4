/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The public files of a store's register against its entries (specs register 4.8): every tile and
 * bundle byte by byte, also those that were published on the way, and the root and signature of
 * every checkpoint that was kept. It goes on after what it finds, and names each file.
 */
#ifndef DOORS_LOG_AUDIT_H
#define DOORS_LOG_AUDIT_H

#include "deeds/audit_finding.h"
#include "deeds/ctx.h"
#include "doors/log/files.h"
#include "wire/policy.h"

struct log_audit {
    struct ctx *ctx;  /* its arena: 1 MB, and 8 bytes for each checkpoint that was kept */
    const char *data; /* the data folder */
    void (*found)(void *self, const struct audit_finding *finding);
    void (*progress)(void *self, int64_t done, int64_t of); /* or NULL */
    void *self;
    /* answer */
    bool published;         /* there is a checkpoint */
    uint64_t size, files_n; /* of it; that were compared */
    int64_t findings_n;
    bool forked, quorum_met; /* two histories were signed; the policy of DATA/log is met */
};

/* Findings have the table "log" and the file as row:
 * REGISTER_FILE_MISSING, REGISTER_FILE_DIFFERS, REGISTER_CHECKPOINT_BAD (no checkpoint, or not
 * signed by a key of the register), REGISTER_CHECKPOINT_FORKED (signed, and not a root that the
 * register had), REGISTER_ROLLED_BACK (signed, and larger than the last or than the store).
 * YES whatever was found; NO_IO_FAILED, NO_TOO_LARGE (the arena), the faults of a store, and the
 * nos of policy_parse for DATA/log/policy. */
no log_audit(struct log_audit *audit) MUST_USE;

#endif
