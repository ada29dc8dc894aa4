/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the publisher must know before it can do anything: the name and keys of the log, what was
 * signed last, the policy that is in force, and how far it had come in another run.
 */
#include "doors/jobs/publish_in.h"

#include "wire/lines.h"

#include <string.h>

/* --- the policy --------------------------------------------------------------------------------
 */

/* How few witnesses can meet a group: its witnesses count one each, and of its groups the cheapest
 * are taken. */
static int64_t least_of_group(const struct policy *policy, const int64_t *costs, size_t at)
{
    const struct policy_group *group = &policy->groups[at];
    const int own = __builtin_popcountll(group->witnesses);
    int64_t needed = group->needed, sum = needed < own ? needed : own;
    uint32_t rest = group->groups;

    for (needed -= sum; needed > 0 && rest != 0; needed--) {
        size_t best = POLICY_GROUPS_MAX;

        for (size_t i = 0; i < at; i++)
            if ((rest >> i & 1) != 0 && (best == POLICY_GROUPS_MAX || costs[i] < costs[best]))
                best = i;
        sum += costs[best];
        rest &= ~(UINT32_C(1) << best);
    }
    return sum;
}

static int64_t least_of(const struct policy *policy)
{
    int64_t costs[POLICY_GROUPS_MAX];

    if (policy->quorum != POLICY_GROUP)
        return policy->quorum == POLICY_WITNESS ? 1 : 0;
    for (size_t i = 0; i <= policy->quorum_at; i++)
        costs[i] = least_of_group(policy, costs, i);
    return costs[policy->quorum_at];
}

/* Our own log lines, then what was given without any log's. */
static str text_of(struct publisher *p, struct arena *arena, str given)
{
    str rest = p->vkeys.logs, line, first;
    struct buf out;

    buf_init(&out, arena, given.len + 1024);
    while (lines_next(&rest, &line)) {
        buf_put(&out, S("log "));
        buf_put(&out, line);
        if (p->config.origin != NULL) {
            buf_put_char(&out, ' ');
            buf_put(&out, str_of(p->config.origin));
            buf_put(&out, S("/log"));
        }
        buf_put_char(&out, '\n');
    }
    for (rest = given; lines_next(&rest, &line);) {
        (void)str_cut(str_trim(line), ' ', &first, &(str){0});
        if (str_eq(first, S("log")) || str_starts(first, S("log\t")))
            continue;
        buf_put(&out, line);
        buf_put_char(&out, '\n');
    }
    return buf_failed(&out) ? STR_NONE : buf_str(&out);
}

static void carry_over(const struct publish_policy *from, struct publish_policy *to)
{
    for (size_t i = 0; i < to->policy.witnesses_n; i++)
        for (size_t j = 0; j < from->policy.witnesses_n; j++)
            if (memcmp(to->policy.witnesses[i].key.public_key,
                       from->policy.witnesses[j].key.public_key, SIGN_KEY_SIZE) == 0) {
                to->witnesses[i] = from->witnesses[j];
                to->witnesses[i].next_ns = 0;
                to->witnesses[i].fails = 0;
            }
}

static no read_policy(struct publisher *p, str given)
{
    struct publish_policy *next = &p->policies[p->policy == &p->policies[0] ? 1 : 0];
    unsigned line;

    if (next->arena.start == NULL && !arena_init(&next->arena, 4 * REGISTER_POLICY_MAX))
        return NO_OUT_OF_MEMORY;
    arena_reset(&next->arena);
    memset(next->witnesses, 0, sizeof next->witnesses);
    next->given = arena_str(&next->arena, given);
    next->text = text_of(p, &next->arena, given);
    if (next->given.ptr == NULL || next->text.ptr == NULL)
        return NO_TOO_LARGE;
    TRY(policy_parse(next->text, &next->policy, &line));
    next->quorum_n = least_of(&next->policy);
    if (p->policy != NULL)
        carry_over(p->policy, next);
    p->policy = next;
    p->published_policy = NULL;
    p->has_news = true;
    p->missed_ns = 0;
    TRY(log_file_put(&p->folder, S("policy"), next->text));
    return log_file_put(&p->folder, S("vkey"), p->vkeys.logs);
}

/* --- what was done in another run --------------------------------------------------------------
 */

no publish_know_signed(struct publisher *p)
{
    struct checkpoint checkpoint;
    str note;
    const no known = signer_state(p->config.signer, &p->scratch, p->origin, &note);

    p->signed_note = STR_NONE;
    p->signed_size = 0;
    if (known != YES)
        return known == NO_NOT_FOUND ? YES : known;
    if (note.len > sizeof p->signed_bytes)
        return NO_TOO_LARGE;
    if (!publish_is_ours(p, note, &checkpoint))
        return NO_SIGNER_STATE_DAMAGED;
    memcpy(p->signed_bytes, note.ptr, note.len);
    p->signed_note = (str){p->signed_bytes, note.len};
    p->signed_size = checkpoint.size;
    memcpy(p->signed_root.bytes, checkpoint.root, HASH_SIZE);
    return YES;
}

/* The cosignatures that the published checkpoint has, when it is the one that was signed last. */
static no take_published(struct publisher *p)
{
    struct note *note = arena_take(&p->scratch, sizeof *note);
    struct checkpoint checkpoint;
    str bytes;
    const no there = log_files_checkpoint(&p->files, &p->scratch, &bytes);

    if (there != YES)
        return there == NO_NOT_FOUND ? YES : there;
    if (note == NULL)
        return NO_OUT_OF_MEMORY;
    /* Of the last one the copy may be missing. */
    if (publish_is_ours(p, bytes, &checkpoint))
        TRY(publish_keep(p, checkpoint.size, bytes));
    if (note_parse(bytes, note) != YES || !str_eq(note->text, publish_signed_text(p)))
        return YES;
    for (size_t i = 0; i < p->policy->policy.witnesses_n; i++)
        for (size_t j = 0; j < note->lines_n; j++) {
            struct publish_witness *witness = &p->policy->witnesses[i];

            if (!note_line_holds(&note->lines[j], &p->policy->policy.witnesses[i].key, note->text))
                continue;
            memcpy(witness->cosignature, note->lines[j].signature, COSIGNATURE_SIZE);
            witness->known = true;
            witness->size = witness->cosigned_size = p->signed_size;
        }
    return YES;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

static no know_name(struct publisher *p, struct ctx *ctx)
{
    uint8_t sha256[HASH_SIZE];
    char hex[PUBLISH_HEX];
    str origin;

    if (p->vkeys.logs.len > 0)
        return YES;
    TRY(view_register_origin(ctx, &origin));
    arena_reset(&p->kept);
    hash_sha256(origin.ptr, origin.len, sha256);
    str_hex(sha256, sizeof sha256, hex);
    p->origin = arena_str(&p->kept, origin);
    p->hex = arena_str(&p->kept, (str){hex, sizeof hex});
    TRY(signer_keys(p->config.signer, &p->kept, p->origin, &p->vkeys));
    return arena_overflowed(&p->kept) ? NO_TOO_LARGE : YES;
}

no publish_know(struct publisher *p, struct ctx *ctx)
{
    str given;

    TRY(know_name(p, ctx));
    if (!p->is_known)
        TRY(publish_know_signed(p));
    TRY(view_register_policy(ctx, &given));
    if (p->policy == NULL || !str_eq(p->policy->given, given))
        TRY(read_policy(p, given));
    if (p->is_known)
        return YES;
    TRY(take_published(p));
    TRY(view_register_state(ctx, &p->state));
    p->told = p->state;
    p->is_known = true;
    return YES;
}
