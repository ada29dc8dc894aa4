/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/session.h"

#include "base/time.h"
#include "base/utf8.h"
#include "deeds/letter.h"
#include "deeds/link.h"
#include "deeds/member.h"
#include "store/sql_member.h"
#include "store/sql_session.h"

#include <string.h>

static const int64_t seen_every_ns = 600 * NS_PER_S, fresh_ns = 1800 * NS_PER_S;

/* False when it is not a token at all; then the store is not asked. */
static bool token_of(str cookie, uint8_t token[HASH_SIZE])
{
    uint8_t secret[HASH_SIZE];

    if (!hash_base64url_read(cookie, secret, sizeof secret))
        return false;
    hash_sha256(secret, sizeof secret, token);
    return true;
}

no view_session(struct ctx *ctx, str cookie, struct session *session)
{
    struct sql_session_who who;
    uint8_t token[HASH_SIZE];

    if (!token_of(cookie, token))
        return NO_NOT_SIGNED_IN;
    const no found = sql_session_find(ctx->db, ctx->arena, token, ctx->now_ns, &who);

    if (found == NO_NOT_FOUND || (found == YES && !member_may_sign_in(who.status)))
        return NO_NOT_SIGNED_IN;
    TRY(found);
    *session = (struct session){
        .member = who.member, .roles = who.roles, .csrf = who.csrf, .seen_ns = who.seen_ns};
    memcpy(session->token, token, HASH_SIZE);
    return YES;
}

/* --- begin and end --------------------------------------------------------------------------- */

static str clean_agent(struct ctx *ctx, str agent)
{
    return utf8_head(utf8_tidy_line(ctx->arena, agent), SESSION_AGENT_MAX);
}

static no open_now(struct ctx *ctx, void *given)
{
    struct session_open *form = given;
    struct sql_member member;
    uint8_t secret[HASH_SIZE], token[HASH_SIZE], csrf[HASH_SIZE];

    TRY(sql_member_get(ctx->db, ctx->arena, form->member, &member));
    if (!member_may_sign_in(member.status))
        return NO_MEMBER_LEFT;
    if (token_of(form->before, token))
        TRY(sql_session_remove(ctx->db, token));
    TRY(sql_session_remove_old(ctx->db, member.id, ctx->now_ns));
    ctx->world->chance(ctx->world->self, secret, sizeof secret);
    ctx->world->chance(ctx->world->self, csrf, sizeof csrf);
    hash_base64url(secret, sizeof secret, form->cookie);
    hash_base64url(csrf, sizeof csrf, form->csrf);
    hash_sha256(secret, sizeof secret, token);
    form->roles = member.roles;
    return sql_session_add(ctx->db, token, member.id, (str){form->csrf, SESSION_TOKEN_LEN},
                           clean_agent(ctx, form->agent), ctx->now_ns,
                           ctx->now_ns + SESSION_DAYS * S_PER_DAY * NS_PER_S);
}

no deed_session_open(struct ctx *ctx, struct session_open *form)
{
    return deed_run(ctx, open_now, form);
}

static no close_now(struct ctx *ctx, void *token)
{
    return sql_session_remove(ctx->db, token);
}

no deed_session_close(struct ctx *ctx, str cookie)
{
    uint8_t token[HASH_SIZE];

    return token_of(cookie, token) ? deed_run(ctx, close_now, token) : YES;
}

static no seen_now(struct ctx *ctx, void *token)
{
    return sql_session_seen(ctx->db, token, ctx->now_ns);
}

no deed_session_seen(struct ctx *ctx, str cookie, int64_t seen_ns)
{
    uint8_t token[HASH_SIZE];

    if (ctx->now_ns - seen_ns < seen_every_ns || !token_of(cookie, token))
        return YES;
    return deed_run(ctx, seen_now, token);
}

no session_is_fresh(struct ctx *ctx, str cookie)
{
    uint8_t token[HASH_SIZE];
    int64_t created_ns;

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    if (!token_of(cookie, token))
        return NO_SIGN_IN_AGAIN;
    const no found = sql_session_created(ctx->db, token, ctx->actor.member, &created_ns);

    if (found == NO_NOT_FOUND || (found == YES && ctx->now_ns - created_ns > fresh_ns))
        return NO_SIGN_IN_AGAIN;
    return found;
}

/* --- the list -------------------------------------------------------------------------------- */

no view_sessions(struct ctx *ctx, str cookie, const struct session_line **lines, size_t *lines_n)
{
    struct sql_session_row *rows;
    uint8_t here[HASH_SIZE];
    size_t n;

    TRY(sql_session_list(ctx->db, ctx->arena, ctx->actor.member, ctx->now_ns, &rows, &n));
    struct session_line *list = arena_take_many(ctx->arena, n, sizeof *list);

    if (list == NULL)
        return NO_TOO_LARGE;
    const bool known = token_of(cookie, here);

    for (size_t i = 0; i < n; i++) {
        list[i] =
            (struct session_line){.agent = rows[i].agent,
                                  .created_ns = rows[i].created_ns,
                                  .seen_ns = rows[i].seen_ns,
                                  .expires_ns = rows[i].expires_ns,
                                  .here = known && hash_equal(here, rows[i].token, HASH_SIZE)};
        str_hex(rows[i].token, SESSION_REF_LEN / 2, list[i].ref);
    }
    *lines = list;
    *lines_n = n;
    return YES;
}

static no tell(struct ctx *ctx)
{
    return letter_put(ctx, LETTER_SECURITY, ctx->actor.member, STR_NONE, 0,
                      LETTER_SECURITY_SESSIONS, STR_NONE);
}

static no revoke_now(struct ctx *ctx, void *prefix)
{
    struct sql_session_row *rows;
    size_t n;

    TRY(sql_session_list(ctx->db, ctx->arena, ctx->actor.member, ctx->now_ns, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (hash_equal(rows[i].token, prefix, SESSION_REF_LEN / 2)) {
            TRY(sql_session_remove(ctx->db, rows[i].token));
            return tell(ctx);
        }
    return NO_NOT_FOUND;
}

no deed_session_revoke(struct ctx *ctx, str ref)
{
    uint8_t prefix[SESSION_REF_LEN / 2];

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    return str_unhex(ref, prefix, sizeof prefix) ? deed_run(ctx, revoke_now, prefix) : NO_NOT_FOUND;
}

static no revoke_others_now(struct ctx *ctx, void *keep)
{
    int64_t gone;

    TRY(sql_session_remove_others(ctx->db, ctx->actor.member, keep, &gone));
    TRY(link_end_waiting(ctx, ctx->actor.member));
    return gone > 0 ? tell(ctx) : YES;
}

no deed_session_revoke_others(struct ctx *ctx, str cookie)
{
    uint8_t keep[HASH_SIZE] = {0};

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    (void)token_of(cookie, keep);
    return deed_run(ctx, revoke_others_now, keep);
}
