/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/letter.h"

#include "store/sql_letter.h"

no letter_put(struct ctx *ctx, enum letter_kind kind, int64_t member, str email, int64_t ref,
              int64_t arg, str secret)
{
    TRY(sql_letter_put(ctx->db, kind, member, email.ptr == NULL ? S("") : email, ref, arg,
                       secret.ptr == NULL ? S("") : secret, ctx->now_ns));
    ctx->world->wake_jobs(ctx->world->self);
    return YES;
}
