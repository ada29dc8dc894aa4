/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Who left, kept outside of the database and of backups, so that an older backup does not bring
 * them back (specs register 4.2). The file is doors/jobs/erasures.h; it has numbers and no names.
 */
#ifndef DEEDS_ACCOUNT_ERASE_H
#define DEEDS_ACCOUNT_ERASE_H

#include "deeds/ctx.h"

/* An `erase` entry of the register: its index, whom it is about, when. */
struct erasure {
    int64_t index, member, at_s;
};

/* Each in turn, by index; `each` may say no. */
no view_erasures(struct ctx *ctx, no (*each)(void *self, const struct erasure *erasure),
                 void *self) MUST_USE;
/* The index of the newest; -1 when there is none. */
no view_erasure_last(struct ctx *ctx, int64_t *index) MUST_USE;

struct erase_again_form {
    struct erasure erasure;
    bool done;  /* answer: there was something to erase */
    bool still; /* answer: the register stands still, so the `erase` entry must follow later */
};
/* Does again, in a store that was restored, what was done when this member left: the same deed but
 * for the questions to somebody who sits there (running orders and debts stay, with a number
 * instead of a name). Nothing happens when it was done, or when the member came after that moment:
 * numbers of a time that a backup does not know are given a second time. */
no deed_member_erase_again(struct ctx *ctx, struct erase_again_form *form) MUST_USE;

#endif
