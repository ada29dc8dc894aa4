/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One thing that an audit found: what the book and the register say against what stands.
 */
#ifndef DEEDS_AUDIT_FINDING_H
#define DEEDS_AUDIT_FINDING_H

#include <stdint.h>

/* `what` is stable: a name of ledger_fault_name, or one of
 *   NUMBER_GAP, HEAD_DIFFERS              numbers of journals, last numbers given
 *   BODY_DIFFERS                          an entry and its transfers (expected..found) are not what
 *                                         the hash of what was asked for says
 *   DAY_DIFFERS                           the book date or year is not that of the entry's time
 *   MONTH_DIFFERS                         a sum of a month is not that of its transfers (derived)
 *   LIMITS_DIFFER, LIMIT_OF_NOBODY        an account's limits are not those last decided
 *   ROW_CHANGED                           a row of account, limit_change or period is not what it
 *                                         was when it was written
 *   HOLD_STATE_DIFFERS, HOLDS_OPEN_DIFFER, HOLD_ROW_DIFFERS, HOLD_LOST
 *   PARAM_DIFFERS                         a parameter is not what was last decided
 *   COUNT_DIFFERS                         the number of members kept (derived)
 *   ORDER_STUCK, ORDER_HOLDS_OVER, STOCK_DIFFERS
 * or one of deeds/register_audit.h.
 *
 * `table` and `row` say where: the row's number, of a head "journal/year", of a sum
 * "currency/year/month/code", of a parameter its name. Ids that do not apply are 0.
 *
 * One changed row cannot hide from its neighbours; who changes everything that says the same, the
 * hashes too, is seen by the register only. Not found either: a booked_ns that moves between its
 * neighbours by less than a second, or by more on the same day when the author brought the key
 * (CAUSE_SEND). */
struct audit_finding {
    const char *what, *table;
    char row[64];
    int64_t index; /* of the register's entry; counts from 0, so only of REGISTER_* */
    int64_t entry, seq, account, order, offer, expected, found;
    int32_t currency;
};

#endif
