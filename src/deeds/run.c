/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/ctx.h"

#include "deeds/ledger.h"
#include "deeds/register.h"

#include <assert.h>

void ctx_snapshot(struct ctx *ctx)
{
    if (ctx->db != NULL && !ctx->writing && db_snapshot(ctx->db) != YES)
        db_snapshot_end(ctx->db);
}

void ctx_snapshot_end(struct ctx *ctx)
{
    if (ctx->db != NULL && !ctx->writing)
        db_snapshot_end(ctx->db);
}

no deed_run(struct ctx *ctx, no (*deed)(struct ctx *, void *), void *form)
{
    const struct world *world = ctx->world;
    struct db *reader = ctx->db;

    if (ctx->writing)
        return deed(ctx, form);
    ctx_snapshot_end(ctx);
    /* A request that waits for the disk does not keep a reader from others. */
    ctx->db = NULL;
    if (reader != NULL)
        world->reader_give_back(world->self, reader);
    const no answer = world->write(world->self, ctx, deed, form);
    if (reader != NULL)
        ctx->db = world->reader_take(world->self);
    return answer;
}

no deed_try(struct ctx *ctx, no (*deed)(struct ctx *, void *), void *form)
{
    const int depth = ledger_batch_depth(ctx);

    assert(ctx->writing);
    TRY(ledger_batch_settle(ctx));
    const struct register_at before = ctx->log->at;

    TRY(db_save(ctx->db));
    const no answer = deed(ctx, form);

    if (answer == YES)
        return db_keep(ctx->db);
    ledger_batch_forget(ctx, depth);
    ctx->log->at = before;
    TRY(db_undo(ctx->db));
    return answer;
}

no deed_wrong_bound(struct ctx *ctx, const char *field, no why, int64_t bound)
{
    if (ctx->wrongs_n < WRONGS_MAX)
        ctx->wrongs[ctx->wrongs_n++] = (struct wrong){field, why, bound};
    return NO_BAD_FIELDS;
}

no deed_wrong(struct ctx *ctx, const char *field, no why)
{
    return deed_wrong_bound(ctx, field, why, 0);
}

bool actor_has(const struct ctx *ctx, uint32_t any_of_roles)
{
    return (ctx->actor.roles & any_of_roles) != 0;
}
