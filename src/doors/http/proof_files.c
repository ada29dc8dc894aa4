/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * How far the register is, from the store and from its own public files.
 */
#include "deeds/house.h"
#include "deeds/register_house.h"
#include "doors/http/money.h"
#include "doors/http/proof.h"

#include <string.h>

enum { KEYS_MAX = 16 << 10, PUBLIC_NOTE_MAX = 96 << 10, PUBLIC_POLICY_MAX = 32 << 10 };

/* --- files -------------------------------------------------------------------------------------
 */

/* A file that is not there is an empty text: the register may not be published yet. */
static no read_text(struct log_files *files, struct arena *arena, str name, size_t most, str *text)
{
    const no answer = log_files_get(files, arena, name, most, text);

    if (answer != NO_NOT_FOUND)
        return answer;
    *text = S("");
    return YES;
}

static no read_files(struct http_req *req, struct proof_public *public)
{
    const char *where = http_log_dir(req);
    struct arena *arena = req->ctx.arena;
    struct log_files files;
    const no opened = where == NULL ? NO_NOT_FOUND : log_files_open(&files, arena, str_of(where));

    if (opened == NO_NOT_FOUND)
        return YES;
    TRY(opened);
    no answer = read_text(&files, arena, S("checkpoint"), PUBLIC_NOTE_MAX, &public->note);

    if (answer == YES)
        answer = read_text(&files, arena, S("policy"), PUBLIC_POLICY_MAX, &public->policy_text);
    if (answer == YES)
        answer = read_text(&files, arena, S("vkey"), KEYS_MAX, &public->keys);
    log_files_close(&files);
    return answer;
}

static no weigh(struct http_req *req, str text, struct proof_public *public)
{
    struct policy *policy = arena_take(req->ctx.arena, sizeof *policy);
    struct policy_verdict *verdict = arena_take(req->ctx.arena, sizeof *verdict);
    unsigned line;

    if (policy == NULL || verdict == NULL)
        return NO_OUT_OF_MEMORY;
    if (policy_parse(text, policy, &line) != YES)
        return YES;
    public->policy = policy;
    if (public->note.len > 0 && policy_weigh_checkpoint(policy, public->note, verdict) == YES)
    public->verdict = verdict;
    return YES;
}

no proof_public(struct http_req *req, struct proof_public *out)
{
    struct proof_public public = {S(""), S(""), S(""), NULL, NULL};

    TRY(read_files(req, &public));
    str text = public.policy_text;

    /* Before anything is published: who will be asked, without the register's own key. */
    if (text.len == 0)
        TRY(view_register_policy(&req->ctx, &text));
    TRY(weigh(req, text, &public));
    *out = public;
    return YES;
}

/* --- witnesses ---------------------------------------------------------------------------------
 */

static str key_text(struct http_req *req, const struct note_key *key)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 128);
    note_key_put(&out, key);
    return buf_str(&out);
}

no proof_witnesses(struct http_req *req, const struct policy *policy,
                   const struct policy_verdict *verdict, const struct proof_witness **witnesses,
                   size_t *n)
{
    *n = 0;
    if (policy == NULL)
        return YES;
    struct proof_witness *list = arena_take_many(req->ctx.arena, policy->witnesses_n, sizeof *list);

    if (list == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < policy->witnesses_n; i++) {
        const bool seen = verdict != NULL && (verdict->witnesses >> i & 1) != 0;

        list[i] = (struct proof_witness){
            .name = policy->witnesses[i].key.name,
            .key = key_text(req, &policy->witnesses[i].key),
            .seen = seen,
            .when = seen ? proof_moment(req, (int64_t)verdict->time_s[i]) : S("")};
    }
    *witnesses = list;
    *n = policy->witnesses_n;
    return YES;
}

/* --- the state ---------------------------------------------------------------------------------
 */

static enum proof_mood mood_of(const struct register_state *state)
{
    return state->still == REGISTER_FORKED        ? PROOF_FORKED
           : state->still == REGISTER_ROLLED_BACK ? PROOF_ROLLED_BACK
           : state->still == REGISTER_UNSURE      ? PROOF_UNSURE
           : state->recorded == 0                 ? PROOF_EMPTY
           : state->published == 0                ? PROOF_UNPUBLISHED
           : state->quorum_n == 0                 ? PROOF_UNWITNESSED
           : state->witnessed < state->recorded   ? PROOF_WAITING
                                                  : PROOF_ALL_WITNESSED;
}

/* When the last of the first `size` entries was written. */
static no written_at(struct http_req *req, int64_t size, str *when)
{
    struct register_row *rows;
    size_t n;

    *when = S("");
    if (size == 0)
        return YES;
    TRY(view_register_last(&req->ctx, size, 1, &rows, &n));
    if (n > 0)
        *when = proof_moment(req, rows[0].at_s);
    return YES;
}

static url mail_to(struct http_req *req, str email)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, email.len + 8);
    buf_put(&out, S("mailto:"));
    buf_put(&out, email);
    return (url){buf_str(&out)};
}

no proof_state(struct http_req *req, const struct proof_public *public, struct proof_state *out)
{
    const str email = ctx_house(&req->ctx)->email;
    struct register_state state;

    TRY(view_register_state(&req->ctx, &state));
    struct proof_state made = {.mood = mood_of(&state),
                               .recorded = state.recorded,
                               .published = state.published,
                               .witnessed = state.quorum_n > 0 ? state.witnessed : 0,
                               .waiting = state.recorded - state.witnessed,
                               .email = email,
                               .mailto = mail_to(req, email),
                               .files = public->note.len > 0,
                               .policy = public->policy_text,
                               .cosigned_n = state.witnesses_n,
                               .wanted_n = state.quorum_n};
    const no named = view_register_origin(&req->ctx, &made.origin);

    if (named != YES && named != NO_NOT_FOUND)
        return named;
    TRY(written_at(req, state.recorded, &made.recorded_at));
    if (made.witnessed > 0 && state.witnessed_at_s > 0)
        made.witnessed_at = proof_moment(req, state.witnessed_at_s);
    if (public->verdict != NULL) {
        const struct policy_verdict *verdict = public->verdict;

        made.size = (int64_t)verdict->checkpoint.size;
        made.root = proof_hex(req, verdict->checkpoint.root);
        made.cosigned_n = __builtin_popcountll(verdict->witnesses);
    }
    TRY(proof_witnesses(req, public->policy, public->verdict, &made.witnesses, &made.witnesses_n));
    *out = made;
    return YES;
}
