/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What went wrong, said in the register itself (`incident` entries, member "what"): an audit that
 * is told of a loss by a file could be told of any.
 */
#ifndef DEEDS_REGISTER_INCIDENT_H
#define DEEDS_REGISTER_INCIDENT_H

#include "deeds/ctx.h"

/* "openings_lost": the store was restored without private.db. The openings of every entry before
 * this one may be absent. Nothing is written when none is missing, or before the register begins.
 */
no deed_register_openings_lost(struct ctx *ctx) MUST_USE;
/* The index of the last such entry: those before it are excused. 0 = there is none. */
no view_register_openings_from(struct ctx *ctx, int64_t *index) MUST_USE;

#endif
