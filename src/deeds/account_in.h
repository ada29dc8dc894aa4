/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What leaving and erasing again share.
 */
#ifndef DEEDS_ACCOUNT_IN_H
#define DEEDS_ACCOUNT_IN_H

#include "deeds/ctx.h"
#include "store/sql_member.h"

/* Inside a deed: everything that the member's row and what hangs on it says of a person. */
no account_erase(struct ctx *ctx, const struct sql_member *member) MUST_USE;

#endif
