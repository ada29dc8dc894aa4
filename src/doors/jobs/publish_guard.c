/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The start guard (specs register 4.6): does the store still have all that was ever signed? Known
 * are the signer's last checkpoint, the one in DATA/log, and what the witnesses hold; each bears
 * our signature, or it says nothing. The roots to compare with come from the rows of the store:
 * from all of them, or, where the tiles on disk have the root that the signer signed, from those
 * behind it.
 */
#include "doors/jobs/evidence.h"
#include "doors/jobs/publish_in.h"

#include "base/log.h"
#include "base/time.h"
#include "wire/lines.h"

#include <string.h>

/* --- roots of earlier sizes --------------------------------------------------------------------
 */

struct history {
    struct publisher *p;
    struct tree_frontier at;
    uint64_t size; /* the one that is wanted */
    struct tree_hash root;
};

static void look(struct history *history)
{
    if (history->at.size == history->size)
        tree_frontier_root(&history->p->sha, &history->at, &history->root);
}

static no push(void *self, const struct register_row *row)
{
    struct history *history = self;
    struct tree_hash leaf;

    if ((uint64_t)row->idx != history->at.size)
        return NO_REGISTER_DAMAGED;
    tree_leaf(&history->p->sha, row->body, &leaf);
    tree_frontier_push(&history->p->sha, &history->at, &leaf);
    look(history);
    return atomic_load(&history->p->stopping) ? NO_STOPPING : YES;
}

/* The root at `size` of the history whose end is `head`, starting from a frontier of it.
 * NO_REGISTER_DAMAGED: the rows do not lead to that end. */
static no root_from(struct publisher *p, struct ctx *ctx, const struct tree_frontier *start,
                    const struct tree_frontier *head, uint64_t size, struct tree_hash *root)
{
    struct history history = {.p = p, .at = *start, .size = size};
    struct tree_hash end, wanted;

    look(&history);
    TRY(view_register_rows(ctx, (int64_t)start->size, (int64_t)head->size, push, &history));
    if (history.at.size != head->size)
        return NO_REGISTER_DAMAGED;
    tree_frontier_root(&p->sha, &history.at, &end);
    tree_frontier_root(&p->sha, head, &wanted);
    if (!tree_equal(&end, &wanted))
        return NO_REGISTER_DAMAGED;
    if (size >= start->size) {
        *root = history.root;
        return YES;
    }
    return publish_root(p, size, root);
}

no publish_rows_hold(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head)
{
    const struct tree_frontier nothing = {.size = 0};
    struct tree_hash root;

    return root_from(p, ctx, &nothing, head, head->size, &root);
}

/* Where the tiles have what the signer signed, most rows need not be read again. */
static bool short_way(struct publisher *p, const struct tree_frontier *head,
                      struct tree_frontier *start)
{
    struct tree_hash root;

    if (p->signed_size == 0 || p->signed_size > head->size ||
        publish_frontier(p, p->signed_size, start) != YES)
        return false;
    tree_frontier_root(&p->sha, start, &root);
    return tree_equal(&root, &p->signed_root);
}

static no root_at(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head,
                  uint64_t size, struct tree_hash *root)
{
    struct tree_frontier start = {.size = 0};

    if (short_way(p, head, &start)) {
        const no answer = root_from(p, ctx, &start, head, size, root);

        if (answer != NO_REGISTER_DAMAGED)
            return answer;
    }
    return root_from(p, ctx, &(struct tree_frontier){.size = 0}, head, size, root);
}

/* --- evidence ----------------------------------------------------------------------------------
 */

static str checkpoint_of(struct publisher *p, const struct tree_frontier *head)
{
    struct checkpoint checkpoint = {.origin = p->origin, .size = head->size};
    struct tree_hash root;
    struct buf out;

    tree_frontier_root(&p->sha, head, &root);
    memcpy(checkpoint.root, root.bytes, HASH_SIZE);
    buf_init(&out, &p->scratch, 512);
    return checkpoint_put(&out, &checkpoint) == YES ? buf_str(&out) : S("");
}

static no write_evidence(struct publisher *p, const struct tree_frontier *head, str who, str theirs,
                         const struct checkpoint *claim, str what)
{
    struct buf about;

    buf_init(&about, &p->scratch, 1024);
    buf_put(&about, what);
    buf_put(&about, S("\nheld by: "));
    buf_put(&about, who);
    buf_put(&about, S("\nthe store has:\n"));
    buf_put(&about, checkpoint_of(p, head));
    if (buf_failed(&about))
        return NO_OUT_OF_MEMORY;
    return evidence_write(&p->folder, &p->scratch, "publish",
                          &(struct evidence){.size = claim->size,
                                             .theirs = theirs,
                                             .ours = p->signed_note,
                                             .about = buf_str(&about)});
}

static no stand_still(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head,
                      enum register_still still)
{
    p->state.still = still;
    p->still_size = head->size;
    p->guarded = false;
    TRY(publish_tell(p, ctx));
    return NO_REGISTER_STANDS_STILL;
}

/* --- examining ---------------------------------------------------------------------------------
 */

bool publish_is_ours(struct publisher *p, str note, struct checkpoint *checkpoint)
{
    struct note *parsed = arena_take(&p->scratch, sizeof *parsed);
    struct note_key keys[KEEPER_LOGS_MAX];
    str rest = p->vkeys.logs, vkey;
    size_t n = 0;

    while (n < KEEPER_LOGS_MAX && lines_next(&rest, &vkey))
        if (note_key_parse(vkey, &keys[n]) == YES)
            n++;
    return parsed != NULL && note_parse(note, parsed) == YES &&
           note_verify(parsed, keys, n, NULL) == YES &&
           checkpoint_parse(parsed->text, checkpoint) == YES &&
           str_eq(checkpoint->origin, p->origin);
}

no publish_examine(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head, str who,
                   str note)
{
    struct checkpoint claim;
    struct tree_hash root, claimed;

    if (!publish_is_ours(p, note, &claim))
        return YES;
    memcpy(claimed.bytes, claim.root, HASH_SIZE);
    if (claim.size > head->size) {
        TRY(write_evidence(p, head, who, note, &claim,
                           S("rolled back: more was signed than the store has")));
        return stand_still(p, ctx, head, REGISTER_ROLLED_BACK);
    }
    TRY(root_at(p, ctx, head, claim.size, &root));
    if (tree_equal(&root, &claimed))
        return YES;
    TRY(write_evidence(p, head, who, note, &claim,
                       S("forked: another history was signed than the store has")));
    return stand_still(p, ctx, head, REGISTER_FORKED);
}

/* --- the guard ---------------------------------------------------------------------------------
 */

/* What lies in this house: the signer's last note, and the last that was published. */
static no examine_own(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head)
{
    str note;

    if (p->signed_note.len > 0)
        TRY(publish_examine(p, ctx, head, S("our signer"), p->signed_note));
    const no there = log_files_checkpoint(&p->files, &p->scratch, &note);

    if (there != YES)
        return there == NO_NOT_FOUND ? YES : there;
    return publish_examine(p, ctx, head, S("our published files"), note);
}

/* A witness that answered has either never seen us, or holds what bears our signature. */
static no examine_answer(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head,
                         const struct publish_call *call, uint64_t *answered)
{
    struct publish_witness *witness = &p->policy->witnesses[call->witness];
    struct checkpoint claim;

    if (call->status == 404)
        *answered |= UINT64_C(1) << call->witness;
    if (call->status != 200)
        return YES;
    TRY(publish_examine(p, ctx, head, p->policy->policy.witnesses[call->witness].key.name,
                        call->reply));
    if (publish_is_ours(p, call->reply, &claim)) {
        *answered |= UINT64_C(1) << call->witness;
        witness->known = true;
        witness->size = claim.size;
    }
    return YES;
}

static no ask_witnesses(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head,
                        uint64_t *answered)
{
    const size_t n = p->policy->policy.witnesses_n;
    struct publish_call *calls = arena_take_many(&p->scratch, n + 1, sizeof *calls);
    size_t asked = 0;

    if (calls == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < n; i++)
        if (p->policy->policy.witnesses[i].url.len > 0)
            calls[asked++] =
                (struct publish_call){.witness = i, .url = publish_witness_url(p, i, false)};
    if (asked > 0)
        TRY(publish_ask(p, calls, asked, PUBLISH_WITNESS_MS, publish_take, NULL, NULL));
    for (size_t i = 0; i < asked; i++)
        TRY(examine_answer(p, ctx, head, &calls[i], answered));
    return YES;
}

/* Too few have answered: nothing is signed, the ledger goes on, and they are asked again later. */
static no wait_for_more(struct publisher *p, struct ctx *ctx)
{
    const unsigned doublings = p->guard_fails < 6 ? p->guard_fails : 6;

    p->guard_fails++;
    p->guard_next_ns = ctx->now_ns + (INT64_C(1) << doublings) * NS_PER_S;
    if ((p->guard_fails & (p->guard_fails - 1)) == 0)
        log_line(LOG_WARN, "publish", "too few witnesses answer: nothing is signed until they do",
                 NULL);
    if (p->state.still == REGISTER_MOVES)
        p->state.still = REGISTER_UNSURE;
    return publish_tell(p, ctx);
}

no publish_guard(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head)
{
    uint64_t answered = 0;

    if (ctx->now_ns < p->guard_next_ns)
        return YES;
    TRY(examine_own(p, ctx, head));
    TRY(ask_witnesses(p, ctx, head, &answered));
    if (!policy_met(&p->policy->policy, answered))
        return wait_for_more(p, ctx);
    p->guarded = true;
    p->guard_fails = 0;
    p->guard_next_ns = 0;
    p->state.still = REGISTER_MOVES;
    return publish_tell(p, ctx);
}
