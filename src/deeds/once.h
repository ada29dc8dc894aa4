/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Doing twice is doing once, and a no stays a no: the answer to a request with a key is kept,
 * refusals too, so that a retry can never change what happened (specs ledger 1.1, idempotency; the
 * habit is TigerBeetle's id_already_failed). Who wants to try again after a refusal makes a new
 * key: a form that comes back with its errors carries a fresh one.
 */
#ifndef DEEDS_ONCE_H
#define DEEDS_ONCE_H

#include "base/id.h"
#include "deeds/ctx.h"

struct once {
    uid key;
    str body; /* the canonical bytes of what is asked: the same key with other bytes is refused */
    int64_t *result; /* id of what the deed made, kept with the answer; may be NULL */
};

/* Runs `deed(ctx, form)` once for ever under this key of this actor. NO_ALREADY_DONE_DIFFERENTLY.
 * Faults and wrong fields (NO_BAD_FIELDS) are not kept: nothing was decided. */
no deed_once(struct ctx *ctx, const struct once *once, no (*deed)(struct ctx *, void *),
             void *form) MUST_USE;

#endif
