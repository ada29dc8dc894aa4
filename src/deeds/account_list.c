/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/account_list.h"

#include "deeds/member.h"
#include "store/sql_account.h"

static const char *status_name(int64_t status)
{
    static const char *const names[] = {"", "asked", "active", "left", "refused", "imported"};

    return status >= MEMBER_ASKED && status <= MEMBER_IMPORTED ? names[status] : names[0];
}

no view_member_list(struct ctx *ctx, int64_t after, int64_t count, const struct member_line **out,
                    size_t *out_n)
{
    struct sql_member_line *rows;
    size_t n;

    if (!ctx->actor.console && !actor_has(ctx, ROLE_FACILITATOR))
        return NO_NOT_ALLOWED;
    TRY(sql_member_list(ctx->db, ctx->arena, after, count, &rows, &n));
    struct member_line *lines = arena_take_many(ctx->arena, n, sizeof *lines);

    if (lines == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        lines[i] = (struct member_line){.id = rows[i].id,
                                        .handle = rows[i].handle,
                                        .name = rows[i].name,
                                        .email = rows[i].email,
                                        .roles = rows[i].roles,
                                        .status = status_name(rows[i].status)};
    *out = lines;
    *out_n = n;
    return YES;
}
