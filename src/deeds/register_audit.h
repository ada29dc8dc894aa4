/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The audit's reading of the register, on the same snapshot as the rest.
 */
#ifndef DEEDS_REGISTER_AUDIT_H
#define DEEDS_REGISTER_AUDIT_H

#include "deeds/audit_finding.h"
#include "deeds/ctx.h"

struct register_sums {
    int64_t rows_n; /* entries */
    /* Whose openings are not present, as an incident of the register says: the store was restored
     * without private.db. No finding, and nothing can be said of what they commit to. */
    int64_t absent_n;
};

/* Reads every entry in turn and tells `found` what does not fit: REGISTER_GAP (an index is
 * missing), REGISTER_NOT_CANONICAL, REGISTER_ROW_DIFFERS (time or kind beside the body),
 * REGISTER_DIFFERS (a ledger entry, or a transfer of that account in it, is no longer what was
 * committed to), REGISTER_ENTRY_MISSING, REGISTER_OPENING_LOST, REGISTER_PAYLOAD_DIFFERS,
 * REGISTER_HEAD_DIFFERS, REGISTER_PARAM_DIFFERS (row "*": one is lost), REGISTER_EFFECT_LOST (an
 * entry that came back from a mirror: what it did to the books is not known here,
 * deeds/register_recover.h). Inside a snapshot. */
no register_audit(struct ctx *ctx, void (*found)(void *self, const struct audit_finding *finding),
                  void *self, struct register_sums *sums) MUST_USE;

#endif
