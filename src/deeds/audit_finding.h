/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One thing that an audit found: what the book and the register say against what stands.
 */
#ifndef DEEDS_AUDIT_FINDING_H
#define DEEDS_AUDIT_FINDING_H

#include "base/str.h"

#include <stdint.h>

/* `what` is stable: a name of ledger_fault_name, or NUMBER_GAP, HEAD_DIFFERS,
 * HOLD_STATE_DIFFERS, HOLDS_OPEN_DIFFER, ORDER_STUCK, ORDER_HOLDS_OVER, STOCK_DIFFERS, or one of
 * deeds/register_audit.h. Ids that do not apply are 0. */
struct audit_finding {
    const char *what;
    int64_t entry, seq, account, order, offer, expected, found;
    int32_t currency;
    int64_t index; /* of the register's entry; counts from 0, so only of REGISTER_* */
    str name;      /* of a parameter */
};

#endif
