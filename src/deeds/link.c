/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/link.h"

#include "base/time.h"
#include "store/sql_session.h"

#include <assert.h>

static bool token_hash(str token, uint8_t hash[HASH_SIZE])
{
    uint8_t secret[HASH_SIZE];

    if (!hash_base64url_read(token, secret, sizeof secret))
        return false;
    hash_sha256(secret, sizeof secret, hash);
    return true;
}

no link_make(struct ctx *ctx, const struct link *link, int64_t lives_s, char token[LINK_TOKEN_LEN])
{
    uint8_t secret[HASH_SIZE], hash[HASH_SIZE];

    assert(ctx->writing);
    ctx->world->chance(ctx->world->self, secret, sizeof secret);
    hash_base64url(secret, sizeof secret, token);
    hash_sha256(secret, sizeof secret, hash);
    return sql_link_add(ctx->db, hash, link->kind, link->member,
                        link->email.ptr == NULL ? S("") : link->email, link->roles,
                        link->target.ptr == NULL ? S("") : link->target, ctx->actor.member,
                        ctx->now_ns, ctx->now_ns + lives_s * NS_PER_S);
}

static no find(struct ctx *ctx, str token, uint8_t hash[HASH_SIZE], struct link *link)
{
    struct sql_link_row row;

    if (!token_hash(token, hash))
        return NO_LINK_USED_OR_OLD;
    const no found = sql_link_find(ctx->db, ctx->arena, hash, &row);

    if (found == NO_NOT_FOUND ||
        (found == YES && (row.used_ns != 0 || row.expires_ns <= ctx->now_ns)))
        return NO_LINK_USED_OR_OLD;
    TRY(found);
    *link = (struct link){.kind = (enum link_kind)row.kind,
                          .member = row.member,
                          .email = row.email,
                          .roles = (uint32_t)row.roles,
                          .target = row.target,
                          .created_by = row.created_by,
                          .created_ns = row.created_ns,
                          .expires_ns = row.expires_ns};
    return YES;
}

no view_link(struct ctx *ctx, str token, struct link *link)
{
    uint8_t hash[HASH_SIZE];

    return find(ctx, token, hash, link);
}

no link_take(struct ctx *ctx, str token, struct link *link)
{
    uint8_t hash[HASH_SIZE];

    assert(ctx->writing);
    TRY(find(ctx, token, hash, link));
    return link->kind == LINK_GUEST_ORDER ? YES : sql_link_used(ctx->db, hash, ctx->now_ns);
}

no link_end_waiting(struct ctx *ctx, int64_t member)
{
    assert(ctx->writing);
    TRY(sql_link_remove_waiting(ctx->db, member));
    return sql_letters_remove_waiting(ctx->db, member);
}

no link_sweep(struct ctx *ctx)
{
    uint8_t dice;

    ctx->world->chance(ctx->world->self, &dice, 1);
    if (dice != 0)
        return YES;
    TRY(sql_link_remove_old(ctx->db, ctx->now_ns));
    return sql_sign_in_fail_remove_old(ctx->db, ctx->now_ns - S_PER_DAY * NS_PER_S);
}
