/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/signer/keeper_in.h"
#include "wire/lines.h"
#include "wire/witness.h"

#include <string.h>

static struct tree_hash root_of(const struct checkpoint *checkpoint)
{
    struct tree_hash root;

    memcpy(root.bytes, checkpoint->root, HASH_SIZE);
    return root;
}

/* --- our own register --------------------------------------------------------------------------
 */

static no sign_lines(const struct keeper *keeper, struct arena *arena, str origin, str text,
                     str *lines)
{
    struct note_key key;
    struct buf out;

    buf_init(&out, arena, 1024);
    for (size_t i = 0; i < keeper->logs_n; i++) {
        TRY(keeper_log_key(keeper, i, origin, &key));
        TRY(note_sign(&out, text, &key, &keeper->logs[i]));
    }
    if (buf_failed(&out))
        return NO_OUT_OF_MEMORY;
    *lines = buf_str(&out);
    return YES;
}

static no note_of(struct arena *arena, str text, str lines, str *note)
{
    struct buf out;

    buf_init(&out, arena, text.len + 1 + lines.len);
    buf_put(&out, text);
    buf_put_char(&out, '\n');
    buf_put(&out, lines);
    if (buf_failed(&out))
        return NO_OUT_OF_MEMORY;
    *note = buf_str(&out);
    return YES;
}

static no may_sign(struct keeper *keeper, const struct kept *kept, const struct keeper_ask *ask,
                   const struct checkpoint *checkpoint)
{
    const struct witness_ask asked = {.well_formed = true,
                                      .origin_known = true,
                                      .is_signed = true,
                                      .old = ask->old_size,
                                      .size = checkpoint->size,
                                      .root = root_of(checkpoint),
                                      .proof = ask->proof,
                                      .proof_n = ask->proof_n};
    struct witness_state next;

    if (kept->state.seen && !kept->ours)
        return NO_NOT_ALLOWED;
    const enum witness_status status = witness_decide(&keeper->sha, &kept->state, &asked, &next);

    return status == WITNESS_TAKEN       ? YES
           : status == WITNESS_ELSEWHERE ? NO_SIGNER_ELSEWHERE
                                         : NO_SIGNER_WOULD_FORK;
}

no keeper_sign(struct keeper *keeper, struct arena *arena, const struct keeper_ask *ask, str *lines)
{
    struct checkpoint checkpoint;
    struct kept kept;
    str made, note;

    TRY(checkpoint_parse(ask->text, &checkpoint));
    if (checkpoint.more.len > 0 || !str_eq(checkpoint.origin, ask->origin))
        return NO_CHECKPOINT_MALFORMED;
    TRY(kept_sure(keeper));
    TRY(kept_get(keeper, arena, ask->origin, &kept));
    TRY(may_sign(keeper, &kept, ask, &checkpoint));
    TRY(sign_lines(keeper, arena, ask->origin, ask->text, &made));
    TRY(note_of(arena, ask->text, made, &note));
    if (!str_eq(note, kept.note))
        TRY(kept_put(keeper, ask->origin, note));
    *lines = made;
    return YES;
}

/* --- registers of others -----------------------------------------------------------------------
 */

/* An add-checkpoint, as far as it could be read. */
struct reading {
    struct witness_request request;
    struct note note;
    struct checkpoint checkpoint;
    struct note_key trusted[KEEPER_TRUSTED_MAX];
    size_t trusted_n;
    bool held[KEEPER_TRUSTED_MAX];
    struct tree_hash proof[WITNESS_HASHES_MAX];
};

static bool is_our_key(const struct keeper *keeper, const struct note_key *key)
{
    for (size_t i = 0; i < keeper->logs_n; i++)
        if (memcmp(keeper->logs[i].public_key, key->public_key, SIGN_KEY_SIZE) == 0)
            return true;
    return false;
}

static no find_trusted(const struct keeper *keeper, str vkeys, struct reading *reading)
{
    struct note_key key;
    str line;

    while (lines_next(&vkeys, &line)) {
        TRY(note_key_parse(line, &key));
        if (key.type != NOTE_ED25519 || !str_eq(key.name, reading->checkpoint.origin) ||
            is_our_key(keeper, &key))
            continue;
        if (reading->trusted_n == KEEPER_TRUSTED_MAX)
            return NO_TOO_LARGE;
        reading->trusted[reading->trusted_n++] = key;
    }
    return vkeys.len == 0 ? YES : NO_KEY_MALFORMED;
}

/* The root of size 0 is left to the rule, which has a status of its own for it. */
static bool read_body(str body, struct reading *reading)
{
    return witness_request_parse(body, &reading->request) == YES &&
           note_parse(reading->request.note, &reading->note) == YES &&
           checkpoint_read(reading->note.text, &reading->checkpoint) == YES;
}

static void fill_ask(struct reading *reading, const struct kept *kept, struct witness_ask *ask)
{
    for (size_t i = 0; i < reading->request.hashes_n; i++)
        memcpy(reading->proof[i].bytes, reading->request.hashes[i], HASH_SIZE);
    *ask = (struct witness_ask){.well_formed = true,
                                .origin_known = reading->trusted_n > 0 && !kept->ours,
                                .is_signed = note_verify(&reading->note, reading->trusted,
                                                         reading->trusted_n, reading->held) == YES,
                                .old = reading->request.old,
                                .size = reading->checkpoint.size,
                                .root = root_of(&reading->checkpoint),
                                .proof = reading->proof,
                                .proof_n = reading->request.hashes_n};
}

/* The first line of each trusted key, and no other: what was not checked is not kept. */
static void put_held(struct buf *out, const struct reading *reading)
{
    for (size_t i = 0; i < reading->trusted_n; i++)
        for (size_t k = 0; reading->held[i] && k < reading->note.lines_n; k++)
            if (note_line_is_of(&reading->note.lines[k], &reading->trusted[i])) {
                note_put_line(out, &reading->trusted[i], reading->note.lines[k].signature,
                              reading->note.lines[k].size);
                break;
            }
}

static no cosign(struct keeper *keeper, struct arena *arena, const struct keeper_request *request,
                 const struct reading *reading, uint64_t last_s, str *line)
{
    const uint64_t time_s = request->now_s > last_s ? request->now_s : last_s;
    const str text = reading->note.text;
    struct note_key key;
    struct buf lines;
    str note;

    TRY(keeper_witness_key(keeper, arena, request->own, &key));
    buf_init(&lines, arena, 1024);
    put_held(&lines, reading);
    const size_t at = buf_str(&lines).len;

    TRY(note_cosign(&lines, text, &key, &keeper->witness, time_s));
    if (buf_failed(&lines))
        return NO_OUT_OF_MEMORY;
    TRY(note_of(arena, text, buf_str(&lines), &note));
    TRY(kept_put(keeper, reading->checkpoint.origin, note));
    *line = str_sub(buf_str(&lines), at, buf_str(&lines).len);
    return YES;
}

static no size_body(struct arena *arena, uint64_t size, str *body)
{
    struct buf out;

    buf_init(&out, arena, 32);
    witness_size_put(&out, size);
    if (buf_failed(&out))
        return NO_OUT_OF_MEMORY;
    *body = buf_str(&out);
    return YES;
}

no keeper_cosign(struct keeper *keeper, struct arena *arena, const struct keeper_request *request,
                 struct keeper_answer *answer)
{
    struct reading *reading = arena_take(arena, sizeof *reading);
    struct witness_state next;
    struct witness_ask ask = {.well_formed = false};
    struct kept kept = {.state.seen = false};
    str body = STR_NONE;

    if (reading == NULL)
        return NO_OUT_OF_MEMORY;
    TRY(kept_sure(keeper));
    if (read_body(request->body, reading)) {
        TRY(find_trusted(keeper, request->log_vkeys, reading));
        if (reading->trusted_n > 0)
            TRY(kept_get(keeper, arena, reading->checkpoint.origin, &kept));
        fill_ask(reading, &kept, &ask);
    }
    const enum witness_status status = witness_decide(&keeper->sha, &kept.state, &ask, &next);

    if (status == WITNESS_TAKEN)
        TRY(cosign(keeper, arena, request, reading, kept.cosigned_s, &body));
    else if (status == WITNESS_ELSEWHERE)
        TRY(size_body(arena, kept.state.size, &body));
    *answer = (struct keeper_answer){.status = (int)status, .body = body};
    return YES;
}
