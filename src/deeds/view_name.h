/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A member's name, which every page shows somewhere.
 */
#ifndef DEEDS_VIEW_NAME_H
#define DEEDS_VIEW_NAME_H

#include "deeds/ctx.h"

/* NO_NOT_FOUND. */
no view_member_name(struct ctx *ctx, int64_t member, str *name) MUST_USE;

/* The member of a handle (without its sign). NO_NOT_FOUND. */
no view_member_by_handle(struct ctx *ctx, str handle, int64_t *member) MUST_USE;

#endif
