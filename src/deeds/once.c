/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/once.h"

#include "base/hash.h"
#include "store/sql_ledger.h"

#include <string.h>

struct attempt {
    const struct once *once;
    no (*deed)(struct ctx *, void *);
    void *form;
    no answer;
};

/* The key belongs to who uses it: one member's key is never another's. */
static str key_of(struct ctx *ctx, const struct once *once)
{
    char digits[36];
    struct buf key;

    uid_write(once->key, digits);
    buf_init(&key, ctx->arena, 64);
    buf_put_int(&key, ctx->actor.member);
    buf_put_char(&key, ':');
    buf_put_bytes(&key, digits, sizeof digits);
    return buf_str(&key);
}

static bool is_kept(no answer)
{
    return answer != NO_BAD_FIELDS && !no_is_fault(answer);
}

static no again(struct attempt *attempt, const struct sql_command *known,
                const uint8_t hash[HASH_SIZE])
{
    attempt->answer = NO_ALREADY_DONE_DIFFERENTLY;
    if (memcmp(known->body_hash, hash, HASH_SIZE) != 0)
        return YES;
    attempt->answer = (no)known->outcome;
    if (attempt->once->result != NULL)
        *attempt->once->result = known->result;
    return YES;
}

/* Answers YES even when the deed refused, so that the note of the refusal is kept. */
static no attempt_once(struct ctx *ctx, void *attempt_)
{
    struct attempt *attempt = attempt_;
    const struct once *once = attempt->once;
    const str key = key_of(ctx, once);
    uint8_t hash[HASH_SIZE];
    struct sql_command known;

    hash_sha256(once->body.ptr, once->body.len, hash);
    const no found = sql_command_get(ctx->db, ctx->arena, key, &known);

    if (found == YES)
        return again(attempt, &known, hash);
    if (found != NO_NOT_FOUND)
        return found;
    attempt->answer = deed_try(ctx, attempt->deed, attempt->form);
    if (!is_kept(attempt->answer))
        return attempt->answer;
    return sql_command_put(ctx->db, key, ctx->actor.member, hash, attempt->answer,
                           attempt->answer == YES && once->result != NULL ? *once->result : 0,
                           ctx->now_ns);
}

no deed_once(struct ctx *ctx, const struct once *once, no (*deed)(struct ctx *, void *), void *form)
{
    struct attempt attempt = {once, deed, form, YES};
    const no answer = deed_run(ctx, attempt_once, &attempt);

    return answer != YES ? answer : attempt.answer;
}
