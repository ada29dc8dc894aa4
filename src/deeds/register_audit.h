/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The audit's reading of the register, on the same snapshot as the rest.
 */
#ifndef DEEDS_REGISTER_AUDIT_H
#define DEEDS_REGISTER_AUDIT_H

#include "deeds/audit_finding.h"
#include "deeds/ctx.h"

/* Reads every entry in turn and tells `found` what does not fit: REGISTER_GAP (an index is
 * missing), REGISTER_NOT_CANONICAL, REGISTER_ROW_DIFFERS (time or kind beside the body),
 * REGISTER_DIFFERS (a ledger entry, or a transfer of that account in it, is no longer what was
 * committed to), REGISTER_ENTRY_MISSING, REGISTER_OPENING_LOST, REGISTER_PAYLOAD_DIFFERS,
 * REGISTER_HEAD_DIFFERS, REGISTER_PARAM_DIFFERS (row "*": one is lost). *rows_n gets how many
 * entries there are. Inside a snapshot. */
no register_audit(struct ctx *ctx, void (*found)(void *self, const struct audit_finding *finding),
                  void *self, int64_t *rows_n) MUST_USE;

#endif
