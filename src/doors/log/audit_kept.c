/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The checkpoints of DATA/log: the last one, and all that were kept.
 */
#include "doors/log/audit_in.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char last_name[] = "checkpoint";

/* --- begin ------------------------------------------------------------------------------------ */

static no read_policy(struct log_auditing *auditing)
{
    struct arena *arena = auditing->audit->ctx->arena;
    unsigned line;
    str text;

    auditing->policy = arena_take(arena, sizeof *auditing->policy);
    if (auditing->policy == NULL)
        return NO_TOO_LARGE;
    TRY(log_files_get(&auditing->files, arena, S("policy"), POLICY_SIZE_MAX, &text));
    return policy_parse(text, auditing->policy, &line);
}

static void note_kept(void *auditing_, str name)
{
    struct log_auditing *auditing = auditing_;
    struct arena *arena = auditing->audit->ctx->arena;
    int64_t size;

    if (!str_to_int64(name, &size) || size < 0)
        return;
    if (auditing->kept_n == auditing->kept_room) {
        const size_t room = auditing->kept_room == 0 ? 1024 : 2 * auditing->kept_room;
        uint64_t *more = arena_take_many(arena, room, sizeof *more);

        if (more == NULL)
            return; /* the arena remembers */
        if (auditing->kept_n > 0)
            memcpy(more, auditing->kept, auditing->kept_n * sizeof *more);
        auditing->kept = more;
        auditing->kept_room = room;
    }
    auditing->kept[auditing->kept_n++] = (uint64_t)size;
}

static int ascending(const void *a_, const void *b_)
{
    const uint64_t a = *(const uint64_t *)a_, b = *(const uint64_t *)b_;

    return a < b ? -1 : a > b;
}

/* A note that is no checkpoint, or that no key of the register signed, is worth a finding. */
static no weigh(struct log_auditing *auditing, str name, str note, struct policy_verdict *verdict)
{
    const no answer = policy_weigh_checkpoint(auditing->policy, note, verdict);

    if (answer != YES)
        audit_say(auditing, "REGISTER_CHECKPOINT_BAD", name, 0, (int64_t)answer);
    return answer;
}

/* Listed before the checkpoint is read: what is published meanwhile is no step back. */
no audit_begin(struct log_auditing *auditing)
{
    struct log_audit *audit = auditing->audit;
    struct policy_verdict verdict;
    str note;

    TRY(log_files_list(&auditing->files, audit->ctx->arena, S("checkpoints"), note_kept, auditing));
    if (arena_overflowed(audit->ctx->arena))
        return NO_TOO_LARGE;
    if (auditing->kept_n > 1)
        qsort(auditing->kept, auditing->kept_n, sizeof *auditing->kept, ascending);
    const no there = log_files_checkpoint(&auditing->files, audit->ctx->arena, &note);

    if (there == NO_NOT_FOUND && auditing->kept_n > 0)
        audit_say(auditing, "REGISTER_FILE_MISSING", S("checkpoint"), 0, 0);
    if (there != YES)
        return there == NO_NOT_FOUND ? YES : there;
    const no policy = read_policy(auditing);

    if (policy == NO_NOT_FOUND)
        audit_say(auditing, "REGISTER_FILE_MISSING", S("policy"), 0, 0);
    if (policy != YES)
        return policy == NO_NOT_FOUND ? YES : policy;
    if (weigh(auditing, str_of(last_name), note, &verdict) != YES)
        return YES;
    audit->published = true;
    audit->size = verdict.checkpoint.size;
    audit->quorum_met = verdict.met;
    memcpy(auditing->root.bytes, verdict.checkpoint.root, HASH_SIZE);
    return YES;
}

/* --- on the way ------------------------------------------------------------------------------- */

static no read_kept(struct log_auditing *auditing, uint64_t size, struct buf *path,
                    struct policy_verdict *verdict, no *weighed)
{
    struct arena *arena = auditing->audit->ctx->arena;
    str note;

    buf_init(path, arena, 64);
    buf_printf(path, "checkpoints/%" PRIu64, size);
    TRY(log_files_get(&auditing->files, arena, buf_str(path), LOG_NOTE_MAX, &note));
    auditing->audit->files_n++;
    *weighed = weigh(auditing, buf_str(path), note, verdict);
    if (*weighed == YES && verdict->checkpoint.size != size) {
        audit_say(auditing, "REGISTER_CHECKPOINT_BAD", buf_str(path), (int64_t)size,
                  (int64_t)verdict->checkpoint.size);
        *weighed = NO_CHECKPOINT_MALFORMED;
    }
    return YES;
}

static no compare_kept(struct log_auditing *auditing, uint64_t size)
{
    struct arena *arena = auditing->audit->ctx->arena;
    const size_t mark = arena_mark(arena);
    struct policy_verdict verdict;
    struct tree_hash root;
    struct buf path;
    no weighed;

    TRY(read_kept(auditing, size, &path, &verdict, &weighed));
    tree_frontier_root(&auditing->sha, &auditing->tree, &root);
    if (weighed == YES && memcmp(root.bytes, verdict.checkpoint.root, HASH_SIZE) != 0) {
        audit_say(auditing, "REGISTER_CHECKPOINT_FORKED", buf_str(&path), 0, 0);
        auditing->audit->forked = true;
    }
    arena_rewind(arena, mark);
    return YES;
}

no audit_kept(struct log_auditing *auditing)
{
    while (auditing->kept_at < auditing->kept_n &&
           auditing->kept[auditing->kept_at] == auditing->tree.size)
        TRY(compare_kept(auditing, auditing->kept[auditing->kept_at++]));
    return YES;
}

/* --- the end ---------------------------------------------------------------------------------- */

static no larger_kept(struct log_auditing *auditing, uint64_t size)
{
    struct policy_verdict verdict;
    struct buf path;
    no weighed;

    TRY(read_kept(auditing, size, &path, &verdict, &weighed));
    if (weighed == YES) {
        audit_say(auditing, "REGISTER_ROLLED_BACK", buf_str(&path), (int64_t)auditing->audit->size,
                  (int64_t)size);
        auditing->audit->forked = true;
    }
    return YES;
}

no audit_last(struct log_auditing *auditing)
{
    struct log_audit *audit = auditing->audit;
    struct tree_hash root;

    tree_frontier_root(&auditing->sha, &auditing->tree, &root);
    if (auditing->tree.size < audit->size) {
        audit_say(auditing, "REGISTER_ROLLED_BACK", str_of(last_name), (int64_t)audit->size,
                  (int64_t)auditing->tree.size);
        audit->forked = true;
    } else if (!tree_equal(&root, &auditing->root)) {
        audit_say(auditing, "REGISTER_CHECKPOINT_FORKED", str_of(last_name), 0, 0);
        audit->forked = true;
    }
    while (auditing->kept_at < auditing->kept_n)
        TRY(larger_kept(auditing, auditing->kept[auditing->kept_at++]));
    return YES;
}
