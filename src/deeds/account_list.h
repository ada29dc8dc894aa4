/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The register of people as the console lists it.
 */
#ifndef DEEDS_ACCOUNT_LIST_H
#define DEEDS_ACCOUNT_LIST_H

#include "deeds/ctx.h"

struct member_line {
    int64_t id;
    str handle, name, email;
    uint32_t roles;
    const char *status; /* "asked", "active", "left", "refused", "imported" */
};

/* At most `count` rows after the id `after`, by id. NO_NOT_ALLOWED but for the console and
 * facilitators. */
no view_member_list(struct ctx *ctx, int64_t after, int64_t count, const struct member_line **lines,
                    size_t *lines_n) MUST_USE;

#endif
