/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/log/verify_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- which are kept -------------------------------------------------------------------------- */

struct listing {
    struct walk *walk;
    uint64_t from, most, largest;
    bool keep;
};

static int by_size(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Keeps the smallest: a folder may have more of them than memory. */
static void thin(struct walk *walk)
{
    qsort(walk->kept, walk->kept_n, sizeof walk->kept[0], by_size);
    if (walk->kept_n > WALK_KEPT) {
        walk->kept_n = WALK_KEPT;
        walk->kept_more = true;
    }
}

static void note_kept(void *self, str name)
{
    struct listing *listing = self;
    struct walk *walk = listing->walk;
    char spelt[24];
    int64_t read;

    if (!str_to_int64(name, &read) || read < 0)
        return;
    const uint64_t size = (uint64_t)read;

    (void)snprintf(spelt, sizeof spelt, "%" PRIu64, size);
    if (!str_eq(name, str_of(spelt)))
        return;
    if (size > listing->largest)
        listing->largest = size;
    if (!listing->keep || size < listing->from || size > listing->most)
        return;
    if (walk->kept_n == sizeof walk->kept / sizeof walk->kept[0])
        thin(walk);
    walk->kept[walk->kept_n++] = size;
}

no walk_list_kept(struct walk *walk, uint64_t from, uint64_t *largest)
{
    struct log_verify *verify = walk->verify;
    struct listing listing = {.walk = walk,
                              .from = from,
                              .most = verify->verdict.checkpoint.size,
                              .keep = largest == NULL};
    const size_t mark = arena_mark(verify->arena);

    walk->kept_n = walk->kept_at = 0;
    walk->kept_more = false;
    const no answer =
        log_files_list(verify->files, verify->arena, S("checkpoints"), note_kept, &listing);

    arena_rewind(verify->arena, mark);
    if (answer != YES)
        return walk_no(verify, answer, "checkpoints");
    thin(walk);
    if (largest != NULL)
        *largest = listing.largest;
    return YES;
}

/* --- comparing ------------------------------------------------------------------------------- */

static void find_stop(struct walk *walk, uint64_t from)
{
    walk->stop = walk->kept_at < walk->kept_n ? walk->kept[walk->kept_at] : WALK_NO_STOP;
    for (size_t i = 0; i < walk->verify->olds_n; i++) {
        const uint64_t size = walk->olds[i].checkpoint.size;

        if (size >= from && size < walk->stop)
            walk->stop = size;
    }
}

static void note_fork(struct walk *walk, no why, str name)
{
    if (walk->fork != YES)
        return;
    walk->fork = why;
    (void)snprintf(walk->fork_where, sizeof walk->fork_where, "%.*s", (int)name.len, name.ptr);
}

static no weigh_kept(struct walk *walk, uint64_t size, struct policy_verdict *verdict)
{
    struct log_verify *verify = walk->verify;
    char path[48];
    str note;

    (void)snprintf(path, sizeof path, "checkpoints/%" PRIu64, size);
    no answer = log_files_get(verify->files, verify->arena, str_of(path), LOG_NOTE_MAX, &note);

    if (answer == YES)
        answer = policy_weigh_checkpoint(verify->policy, note, verdict);
    if (answer == YES && !str_eq(verdict->checkpoint.origin, verify->verdict.checkpoint.origin))
        answer = NO_CHECKPOINT_ELSEWHERE;
    if (answer == YES && verdict->checkpoint.size != size)
        answer = NO_REGISTER_DAMAGED;
    return walk_no(verify, answer, "%s", path);
}

static no compare_kept(struct walk *walk, const struct tree_hash *root)
{
    struct log_verify *verify = walk->verify;
    const size_t mark = arena_mark(verify->arena);
    struct policy_verdict verdict;
    char path[48];

    TRY(weigh_kept(walk, walk->size, &verdict));
    (void)snprintf(path, sizeof path, "checkpoints/%" PRIu64, walk->size);
    if (memcmp(verdict.checkpoint.root, root->bytes, HASH_SIZE) != 0)
        note_fork(walk, NO_CHECKPOINT_FORKED, str_of(path));
    arena_rewind(verify->arena, mark);
    verify->kept_n++;
    walk->kept_at++;
    if (walk->kept_at == walk->kept_n && walk->kept_more)
        return walk_list_kept(walk, walk->size + 1, NULL);
    return YES;
}

no walk_stop(struct walk *walk)
{
    const struct log_verify *verify = walk->verify;
    struct tree_hash root;

    TRY(tree_root_build(walk->sha, &walk->source, walk->size, &root));
    for (size_t i = 0; i < verify->olds_n; i++)
        if (walk->olds[i].checkpoint.size == walk->size &&
            memcmp(walk->olds[i].checkpoint.root, root.bytes, HASH_SIZE) != 0)
            note_fork(walk, NO_CHECKPOINT_FORKED, verify->olds[i].name);
    if (walk->kept_at < walk->kept_n && walk->kept[walk->kept_at] == walk->size)
        TRY(compare_kept(walk, &root));
    find_stop(walk, walk->size + 1);
    return YES;
}

/* --- before the walk ------------------------------------------------------------------------- */

static no weigh_old(struct walk *walk, size_t at)
{
    struct log_verify *verify = walk->verify;
    const struct log_old *old = &verify->olds[at];
    struct policy_verdict *verdict = &walk->olds[at];
    no answer = policy_weigh_checkpoint(verify->policy, old->note, verdict);

    if (answer == YES && !str_eq(verdict->checkpoint.origin, verify->verdict.checkpoint.origin))
        answer = NO_CHECKPOINT_ELSEWHERE;
    if (answer != YES)
        return walk_no(verify, answer, "%.*s", (int)old->name.len, old->name.ptr);
    if (verdict->checkpoint.size > verify->verdict.checkpoint.size)
        note_fork(walk, NO_CHECKPOINT_ROLLED_BACK, old->name);
    return YES;
}

no walk_stops_begin(struct walk *walk)
{
    const size_t n = walk->verify->olds_n;

    walk->olds = arena_take_many(walk->verify->arena, n, sizeof *walk->olds);
    if (walk->olds == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < n; i++)
        TRY(weigh_old(walk, i));
    TRY(walk_list_kept(walk, 0, NULL));
    find_stop(walk, 0);
    return YES;
}

no walk_check_larger(struct walk *walk, uint64_t kept)
{
    struct log_verify *verify = walk->verify;
    const size_t mark = arena_mark(verify->arena);
    struct policy_verdict verdict;
    char path[48];

    if (kept <= verify->verdict.checkpoint.size)
        return YES;
    TRY(weigh_kept(walk, kept, &verdict));
    (void)snprintf(path, sizeof path, "checkpoints/%" PRIu64, kept);
    note_fork(walk, NO_CHECKPOINT_ROLLED_BACK, str_of(path));
    arena_rewind(verify->arena, mark);
    return YES;
}
