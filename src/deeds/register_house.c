/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/register_house.h"

#include "base/json.h"
#include "deeds/register.h"
#include "store/sql_register.h"
#include "wire/jcs.h"
#include "wire/lines.h"
#include "wire/policy.h"

static const str nobody = {"quorum none\n", 12};

static bool is_ours_to_do(const struct ctx *ctx)
{
    return ctx->actor.console || ctx->actor.clock;
}

/* The newest entry of a kind; STR_NONE as its body when there is none. */
static no newest(struct ctx *ctx, enum register_kind kind, str *body)
{
    struct sql_log_entry row;
    const no answer = sql_log_entry_last(ctx->db, ctx->arena, (int64_t)kind, &row);

    *body = answer == YES ? row.body : STR_NONE;
    return answer == NO_NOT_FOUND ? YES : answer;
}

static no append(struct ctx *ctx, enum register_kind kind, const struct register_member *members,
                 size_t n, int64_t *index)
{
    return register_append(
        ctx, &(struct register_ask){.kind = kind, .members = members, .members_n = n}, index);
}

/* --- keys --------------------------------------------------------------------------------------
 */

static no read_keys(struct ctx *ctx, str body, struct register_keys *keys)
{
    struct jcs_walk walk = {.of = jcs_get(jcs_root(body), S("logs"))};
    struct jcs value;
    struct buf logs;
    str name, vkey;

    buf_init(&logs, ctx->arena, 256);
    while (jcs_next(&walk, &name, &value)) {
        if (!jcs_plain(value, &vkey))
            return NO_REGISTER_DAMAGED;
        buf_put(&logs, vkey);
        buf_put_char(&logs, '\n');
    }
    if (!jcs_plain(jcs_get(jcs_root(body), S("witness")), &keys->witness))
        return NO_REGISTER_DAMAGED;
    keys->logs = buf_str(&logs);
    return buf_failed(&logs) ? NO_TOO_LARGE : YES;
}

no view_register_keys(struct ctx *ctx, struct register_keys *keys)
{
    str body;

    TRY(newest(ctx, REGISTER_KEY, &body));
    return body.len == 0 ? NO_NOT_FOUND : read_keys(ctx, body, keys);
}

static no put_keys(struct ctx *ctx, void *keys_)
{
    const struct register_keys *keys = keys_;
    struct register_keys before;
    struct buf list;
    struct json_out json = {.out = &list};
    str rest = keys->logs, vkey;
    const no known = view_register_keys(ctx, &before);

    if (known == YES && str_eq(before.logs, keys->logs) && str_eq(before.witness, keys->witness))
        return YES;
    if (known != YES && known != NO_NOT_FOUND)
        return known;
    buf_init(&list, ctx->arena, 256);
    json_open(&json, '[');
    while (lines_next(&rest, &vkey))
        json_text(&json, vkey);
    json_close(&json, ']');
    if (buf_failed(&list))
        return NO_TOO_LARGE;
    const struct register_member members[] = {{.name = S("decision"), .number = 0},
                                              {.name = S("logs"), .json = buf_str(&list)},
                                              {.name = S("witness"), .text = keys->witness}};

    return append(ctx, REGISTER_KEY, members, 3, NULL);
}

no deed_register_key(struct ctx *ctx, const struct register_keys *keys)
{
    struct register_keys copy = *keys;

    return deed_run(ctx, put_keys, &copy);
}

/* --- program -----------------------------------------------------------------------------------
 */

struct release {
    str version, sha256;
};

static no put_release(struct ctx *ctx, void *release_)
{
    const struct release *release = release_;
    str body, version = STR_NONE, sha256 = STR_NONE;

    TRY(newest(ctx, REGISTER_RELEASE, &body));
    if (body.len > 0 && jcs_plain(jcs_get(jcs_root(body), S("version")), &version) &&
        jcs_plain(jcs_get(jcs_root(body), S("program")), &sha256) &&
        str_eq(version, release->version) && str_eq(sha256, release->sha256))
        return YES;
    const struct register_member members[] = {{.name = S("program"), .text = release->sha256},
                                              {.name = S("version"), .text = release->version}};

    return append(ctx, REGISTER_RELEASE, members, 2, NULL);
}

no deed_register_release(struct ctx *ctx, str version, const uint8_t sha256[HASH_SIZE])
{
    char hex[2 * HASH_SIZE];
    struct release release = {version, {hex, sizeof hex}};

    str_hex(sha256, HASH_SIZE, hex);
    return deed_run(ctx, put_release, &release);
}

/* --- policy ------------------------------------------------------------------------------------
 */

no view_register_policy(struct ctx *ctx, str *text)
{
    struct sql_log_policy row;
    const no answer = sql_log_policy_last(ctx->db, ctx->arena, &row);

    *text = answer == YES ? row.body : nobody;
    return answer == NO_NOT_FOUND ? YES : answer;
}

static no put_policy(struct ctx *ctx, void *form_)
{
    struct register_policy_form *form = form_;
    struct policy *policy = arena_take(ctx->arena, sizeof *policy);
    uint8_t sha256[HASH_SIZE];
    char hex[2 * HASH_SIZE];
    int64_t index = 0;
    str before;

    if (!is_ours_to_do(ctx))
        return NO_NOT_ALLOWED;
    if (policy == NULL || form->text.len > REGISTER_POLICY_MAX)
        return NO_TOO_LARGE;
    TRY(policy_parse(form->text, policy, &form->line));
    TRY(view_register_policy(ctx, &before));
    if (str_eq(before, form->text))
        return YES;
    hash_sha256(form->text.ptr, form->text.len, sha256);
    str_hex(sha256, sizeof sha256, hex);
    const struct register_member members[] = {{.name = S("decision"), .number = 0},
                                              {.name = S("policy"), .text = form->text},
                                              {.name = S("sha256"), .text = {hex, sizeof hex}}};

    TRY(append(ctx, REGISTER_WITNESS, members, 3, &index));
    return sql_log_policy_put(ctx->db, form->text, index);
}

no deed_register_policy(struct ctx *ctx, struct register_policy_form *form)
{
    form->line = 0;
    return deed_run(ctx, put_policy, form);
}
