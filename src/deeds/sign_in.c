/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/sign_in.h"

#include "base/hash.h"
#include "base/time.h"
#include "deeds/house.h"
#include "deeds/letter.h"
#include "deeds/link.h"
#include "deeds/member.h"
#include "store/sql_account.h"
#include "store/sql_member.h"
#include "store/sql_session.h"
#include "wire/totp.h"

#include <assert.h>
#include <string.h>

enum {
    WAIT_FIRST_S = 15,
    WAIT_MAX_S = 3600,
    PROOF_S = 600,
    LINKS_WINDOW_S = 900,
    TARGET_MAX = 200
};

/* What an unknown address is compared with, so that it takes as long: made with the parameters of
 * hash_password. */
static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$nrfnZotxMm7bicQcb2KeSA$E/"
                             "xQxzHBtN8iUm6Uw07TuFxgGyL4/uw1wGKQT3BZwNk";

/* --- counting failures ----------------------------------------------------------------------- */

struct attempt {
    uint8_t key[HASH_SIZE];
    int64_t wait_s;
};

static void attempt_key(struct ctx *ctx, const char *what, str who, str network,
                        uint8_t key[HASH_SIZE])
{
    struct buf text;

    buf_init(&text, ctx->arena, 128);
    buf_printf(&text, "%s:%zu:", what, who.len);
    buf_put(&text, who);
    buf_put(&text, network);
    hash_sha256(text.ptr, text.len, key);
}

static int64_t wait_after(int64_t fails)
{
    int64_t wait_s = WAIT_FIRST_S;

    if (fails < SIGN_IN_FREE_FAILS)
        return 0;
    for (int64_t i = SIGN_IN_FREE_FAILS; i < fails && wait_s < WAIT_MAX_S; i++)
        wait_s *= 2;
    return wait_s < WAIT_MAX_S ? wait_s : WAIT_MAX_S;
}

/* Counted before the answer is known, and taken back when it was right: a hundred guesses sent at
 * once count as a hundred. */
static no attempt_now(struct ctx *ctx, void *given)
{
    struct attempt *attempt = given;
    struct sql_sign_in_fail_row row = {0};
    const no found = sql_sign_in_fail_get(ctx->db, ctx->arena, attempt->key, &row);

    if (found != YES && found != NO_NOT_FOUND)
        return found;
    if (row.until_ns > ctx->now_ns) {
        attempt->wait_s = (row.until_ns - ctx->now_ns) / NS_PER_S + 1;
        return NO_SIGN_IN_WAIT;
    }
    if (row.until_ns + S_PER_DAY * NS_PER_S < ctx->now_ns)
        row.fails = 0;
    TRY(link_sweep(ctx));
    return sql_sign_in_fail_put(ctx->db, attempt->key, row.fails + 1,
                                ctx->now_ns + wait_after(row.fails + 1) * NS_PER_S);
}

static no clear_now(struct ctx *ctx, void *key)
{
    return sql_sign_in_fail_remove(ctx->db, key);
}

/* --- the first proof, while the second is asked for ---------------------------------------------
 */

/* Of the password and the secret as they are, so that changing either ends the proofs that wait. */
static void proof_mac(struct ctx *ctx, const struct sql_member *member, int64_t until_s,
                      char mac[2 * HASH_SIZE])
{
    uint8_t bytes[HASH_SIZE];
    struct buf text;

    buf_init(&text, ctx->arena, 256);
    buf_printf(&text, "sign-in-code:%lld:%lld:%zu:", (long long)member->id, (long long)until_s,
               member->password.len);
    buf_put(&text, member->password);
    buf_put(&text, member->totp);
    hash_hmac_sha256(ctx_house(ctx)->secret, buf_str(&text), bytes);
    str_hex(bytes, sizeof bytes, mac);
}

static str make_proof(struct ctx *ctx, const struct sql_member *member)
{
    const int64_t until_s = ctx->now_ns / NS_PER_S + PROOF_S;
    char mac[2 * HASH_SIZE];
    struct buf text;

    proof_mac(ctx, member, until_s, mac);
    buf_init(&text, ctx->arena, SIGN_IN_PROOF_MAX);
    buf_printf(&text, "%lld.%lld.%.*s", (long long)member->id, (long long)until_s, (int)sizeof mac,
               mac);
    return buf_str(&text);
}

static no read_proof(struct ctx *ctx, str proof, int64_t *member)
{
    str id, rest, until;
    str given;
    struct sql_member row;
    int64_t who, until_s;
    char mac[2 * HASH_SIZE];

    if (!str_cut(proof, '.', &id, &rest) || !str_cut(rest, '.', &until, &given) ||
        given.len != sizeof mac || !str_to_int64(id, &who) || !str_to_int64(until, &until_s) ||
        until_s < ctx->now_ns / NS_PER_S)
        return NO_LINK_USED_OR_OLD;
    const no found = sql_member_get(ctx->db, ctx->arena, who, &row);

    if (found != YES)
        return found == NO_NOT_FOUND ? NO_LINK_USED_OR_OLD : found;
    proof_mac(ctx, &row, until_s, mac);
    if (!hash_equal(mac, given.ptr, sizeof mac))
        return NO_LINK_USED_OR_OLD;
    *member = who;
    return YES;
}

/* --- a link ---------------------------------------------------------------------------------- */

/* A page of ours, and nothing that a browser could read as another house. */
static str safe_target(str target)
{
    if (target.len < 2 || target.len > TARGET_MAX || target.ptr[0] != '/' || target.ptr[1] == '/')
        return S("");
    for (size_t i = 0; i < target.len; i++)
        if (target.ptr[i] <= ' ' || target.ptr[i] >= 0x7f || target.ptr[i] == '\\')
            return S("");
    return target;
}

static no send_link(struct ctx *ctx, const struct sql_member *member, str target)
{
    const struct link link = {
        .kind = LINK_SIGN_IN, .member = member->id, .target = safe_target(target)};
    int64_t lately;
    char token[LINK_TOKEN_LEN];

    TRY(sql_link_count(ctx->db, member->id, LINK_SIGN_IN, ctx->now_ns - LINKS_WINDOW_S * NS_PER_S,
                       &lately));
    if (lately >= SIGN_IN_LINKS_MAX)
        return YES;
    TRY(link_make(ctx, &link, SIGN_IN_LINK_S, token));
    return letter_put(ctx, LETTER_SIGN_IN, member->id, STR_NONE, 0, 0, (str){token, sizeof token});
}

/* The note of the attempt is written whether or not there is such a member: both answers then wait
 * for the disk. */
static no ask_now(struct ctx *ctx, void *given)
{
    const struct sign_in_ask *form = given;
    const str key = member_email_key(ctx->arena, form->email);
    struct sql_member member;
    uint8_t noted[HASH_SIZE];

    attempt_key(ctx, "ask", key, S(""), noted);
    TRY(sql_sign_in_fail_put(ctx->db, noted, 0, ctx->now_ns));
    TRY(link_sweep(ctx));
    const no found = sql_member_by_email(ctx->db, ctx->arena, key, &member);

    if (found == NO_NOT_FOUND || (found == YES && !member_may_sign_in(member.status)))
        return YES;
    TRY(found);
    return send_link(ctx, &member, form->target);
}

no deed_sign_in_ask(struct ctx *ctx, const struct sign_in_ask *form)
{
    struct sign_in_ask copy = *form;

    if (!member_check_email(ctx, "email", form->email))
        return NO_BAD_FIELDS;
    return deed_run(ctx, ask_now, &copy);
}

static no link_now(struct ctx *ctx, void *given)
{
    struct sign_in_link *form = given;
    struct sql_member member;
    struct link link;

    TRY(link_take(ctx, form->token, &link));
    if (link.member == 0 ||
        (link.kind != LINK_SIGN_IN && link.kind != LINK_GUEST_ORDER && link.kind != LINK_FOUNDING))
        return NO_LINK_USED_OR_OLD;
    TRY(sql_member_get(ctx->db, ctx->arena, link.member, &member));
    /* It works again and again, so only for as long as there is nothing but the order behind it. */
    if (link.kind == LINK_GUEST_ORDER && (member.roles & ~(uint32_t)ROLE_GUEST) != 0)
        return NO_LINK_USED_OR_OLD;
    form->wants_code = member.totp.len > 0;
    form->proof = form->wants_code ? make_proof(ctx, &member) : S("");
    form->member = link.member;
    form->target = safe_target(link.target);
    return YES;
}

no deed_sign_in_link(struct ctx *ctx, struct sign_in_link *form)
{
    return deed_run(ctx, link_now, form);
}

static no console_now(struct ctx *ctx, void *given)
{
    struct sign_in_console *form = given;
    struct sql_member member;

    TRY(sql_member_by_handle(ctx->db, ctx->arena, form->handle, &member));
    if (!member_may_sign_in(member.status))
        return NO_MEMBER_LEFT;
    return link_make(ctx, &(struct link){.kind = LINK_SIGN_IN, .member = member.id},
                     SIGN_IN_LINK_CONSOLE_S, form->token);
}

no deed_sign_in_console(struct ctx *ctx, struct sign_in_console *form)
{
    return ctx->actor.console ? deed_run(ctx, console_now, form) : NO_NOT_ALLOWED;
}

/* --- a password ------------------------------------------------------------------------------ */

/* Compares in any case; a member without a password is compared with nobody's. */
static bool password_right(struct ctx *ctx, const struct sql_member *member, bool known,
                           str password)
{
    const bool has = known && member->password.len > 0 && member_may_sign_in(member->status);
    const bool right =
        hash_password_is(password, has ? arena_cstr(ctx->arena, member->password) : nobody);

    return has && right;
}

no deed_sign_in_password(struct ctx *ctx, struct sign_in_password *form)
{
    const str key = member_email_key(ctx->arena, form->email);
    struct attempt attempt = {.wait_s = 0};
    struct sql_member member;

    (void)member_check_email(ctx, "email", form->email);
    if (form->password.len == 0)
        (void)deed_wrong(ctx, "password", NO_FIELD_MISSING);
    else if (form->password.len > 4 * MEMBER_PASSWORD_MAX)
        (void)deed_wrong_bound(ctx, "password", NO_FIELD_TOO_LONG, MEMBER_PASSWORD_MAX);
    if (ctx->wrongs_n > 0)
        return NO_BAD_FIELDS;
    attempt_key(ctx, "pair", key, form->network, attempt.key);
    const no may = deed_run(ctx, attempt_now, &attempt);

    form->wait_s = attempt.wait_s;
    TRY(may);
    const no found = sql_member_by_email(ctx->db, ctx->arena, key, &member);

    if (found != YES && found != NO_NOT_FOUND)
        return found;
    if (!password_right(ctx, &member, found == YES, form->password))
        return NO_SIGN_IN_WRONG;
    TRY(deed_run(ctx, clear_now, attempt.key));
    form->wants_code = member.totp.len > 0;
    if (form->wants_code)
        form->proof = make_proof(ctx, &member);
    form->member = member.id;
    return YES;
}

/* --- a code ---------------------------------------------------------------------------------- */

static no code_now(struct ctx *ctx, void *given)
{
    struct sign_in_code *form = given;
    struct sql_member member;
    int64_t step;

    TRY(sql_member_get(ctx->db, ctx->arena, form->member, &member));
    if (member.totp.len == 0 || !member_may_sign_in(member.status))
        return NO_LINK_USED_OR_OLD;
    TRY(totp_check(member.totp, form->code, ctx->now_ns / NS_PER_S, member.totp_step, &step));
    return sql_member_totp_step(ctx->db, member.id, step);
}

no deed_sign_in_code(struct ctx *ctx, struct sign_in_code *form)
{
    struct attempt attempt = {.wait_s = 0};
    struct buf who;

    TRY(read_proof(ctx, form->proof, &form->member));
    buf_init(&who, ctx->arena, 24);
    buf_put_int(&who, form->member);
    attempt_key(ctx, "code", buf_str(&who), S(""), attempt.key);
    const no may = deed_run(ctx, attempt_now, &attempt);

    form->wait_s = attempt.wait_s;
    TRY(may);
    TRY(deed_run(ctx, code_now, form));
    return deed_run(ctx, clear_now, attempt.key);
}
