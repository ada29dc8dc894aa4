/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/view_name.h"

#include "store/sql_member.h"

no view_member_name(struct ctx *ctx, int64_t member, str *name)
{
    struct sql_member_name row;

    TRY(sql_member_name_get(ctx->db, ctx->arena, member, &row));
    *name = row.name;
    return YES;
}

no view_member_by_handle(struct ctx *ctx, str handle, int64_t *member)
{
    struct sql_member row;

    TRY(sql_member_by_handle(ctx->db, ctx->arena, handle, &row));
    *member = row.id;
    return YES;
}
