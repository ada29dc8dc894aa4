/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Switching a kind of letter off from the letter itself. The link's token names the member and the
 * notice and is signed with the co-op's secret; it never grows old, and can do nothing else.
 */
#ifndef DEEDS_LETTER_OFF_H
#define DEEDS_LETTER_OFF_H

#include "base/buf.h"
#include "deeds/account.h"

struct letter_off {
    int64_t member;
    enum account_notice notice;
};

void letter_off_put(struct ctx *ctx, struct buf *out, const struct letter_off *off);
/* NO_NOT_FOUND: not a token of ours. */
no letter_off_read(struct ctx *ctx, str token, struct letter_off *off) MUST_USE;
/* YES also when it was off already. NO_NOT_FOUND. */
no deed_letter_off(struct ctx *ctx, str token) MUST_USE;

#endif
