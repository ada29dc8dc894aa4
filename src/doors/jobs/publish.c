/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/jobs/publish_in.h"

#include "base/log.h"
#include "base/time.h"
#include "deeds/house.h"
#include "wire/lines.h"

#include <string.h>
#include <sys/file.h>
#include <time.h>

enum { SCRATCH = 64 << 20, KEPT = 16 << 10, PAUSE_S = 1 };

/* --- signing ------------------------------------------------------------------------------------
 */

str publish_signed_text(const struct publisher *p)
{
    return str_sub(p->signed_note, 0, str_find(p->signed_note, S("\n\n")) + 1);
}

static no note_signed(struct publisher *p, const struct checkpoint *checkpoint, str text, str lines)
{
    if (text.len + 1 + lines.len > sizeof p->signed_bytes)
        return NO_TOO_LARGE;
    memcpy(p->signed_bytes, text.ptr, text.len);
    p->signed_bytes[text.len] = '\n';
    memcpy(p->signed_bytes + text.len + 1, lines.ptr, lines.len);
    p->signed_note = (str){p->signed_bytes, text.len + 1 + lines.len};
    p->signed_size = checkpoint->size;
    memcpy(p->signed_root.bytes, checkpoint->root, HASH_SIZE);
    p->has_news = true;
    return YES;
}

/* The signer knows better what it signed than we do: it is asked, and everything is compared again.
 */
static no begin_again(struct publisher *p, no why)
{
    if (why != NO_SIGNER_ELSEWHERE && why != NO_SIGNER_WOULD_FORK)
        return why;
    p->guarded = false;
    TRY(publish_know_signed(p));
    return why;
}

static no sign(struct publisher *p, const struct tree_frontier *head)
{
    struct checkpoint checkpoint = {.origin = p->origin, .size = head->size};
    struct keeper_ask ask = {.origin = p->origin, .old_size = p->signed_size};
    struct tree_proof proof;
    struct tree_hash root;
    struct buf text;
    str lines;

    tree_frontier_root(&p->sha, head, &root);
    memcpy(checkpoint.root, root.bytes, HASH_SIZE);
    buf_init(&text, &p->scratch, 512);
    TRY(checkpoint_put(&text, &checkpoint));
    TRY(publish_proof(p, p->signed_size, head->size, &proof));
    ask.proof = proof.hashes;
    ask.proof_n = proof.n;
    ask.text = buf_str(&text);
    const no answer = signer_sign(p->config.signer, &p->scratch, &ask, &lines);

    return answer == YES ? note_signed(p, &checkpoint, ask.text, lines) : begin_again(p, answer);
}

/* The files are not what was signed, or what the store has, though the rows of the store are: all
 * are written again. */
static no write_all_again(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head,
                          uint64_t size, const struct tree_hash *root)
{
    bool holds;

    log_line(LOG_WARN, "publish", "the register's files are damaged: written again", NULL);
    TRY(publish_rows_hold(p, ctx, head));
    TRY(publish_write(p, ctx, 0, size));
    TRY(publish_holds(p, size, root, &holds));
    return holds ? YES : NO_REGISTER_DAMAGED;
}

static no write_up_to(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head)
{
    struct tree_hash root;
    bool holds;

    if (p->written == head->size)
        return YES;
    tree_frontier_root(&p->sha, head, &root);
    TRY(publish_write(p, ctx, p->written, head->size));
    TRY(publish_holds(p, head->size, &root, &holds));
    if (!holds)
        TRY(write_all_again(p, ctx, head, head->size, &root));
    p->written = head->size;
    return YES;
}

/* --- publishing ---------------------------------------------------------------------------------
 */

static str whole_note(struct publisher *p, uint64_t cosigners)
{
    struct buf out;

    buf_init(&out, &p->scratch, 4096);
    buf_put(&out, p->signed_note);
    for (size_t i = 0; i < p->policy->policy.witnesses_n; i++)
        if ((cosigners >> i & 1) != 0)
            note_put_line(&out, &p->policy->policy.witnesses[i].key,
                          p->policy->witnesses[i].cosignature, COSIGNATURE_SIZE);
    return buf_failed(&out) ? STR_NONE : buf_str(&out);
}

static bool is_news(const struct publisher *p, const struct policy_verdict *verdict)
{
    return p->published != p->signed_size || p->published_policy != p->policy ||
           __builtin_popcountll(verdict->witnesses) > p->published_n ||
           verdict->newest_s > p->published_newest_s;
}

/* Nothing wrong may ever be published: what will be read is read here first. */
static no verify(struct publisher *p, const struct policy_verdict *verdict)
{
    struct tree_hash root;

    TRY(publish_root(p, verdict->checkpoint.size, &root));
    return verdict->checkpoint.size == p->signed_size &&
                   memcmp(root.bytes, verdict->checkpoint.root, HASH_SIZE) == 0
               ? YES
               : NO_REGISTER_DAMAGED;
}

no publish_keep(struct publisher *p, uint64_t size, str note)
{
    struct buf path;

    buf_init(&path, &p->scratch, 64);
    buf_put(&path, S("checkpoints/"));
    lines_put_number(&path, size);
    return log_file_put(&p->folder, buf_str(&path), note);
}

no publish_put(struct publisher *p, bool anyway)
{
    struct policy_verdict verdict;

    if (!p->has_news)
        return YES;
    const str note = whole_note(p, publish_cosigners(p));

    if (note.ptr == NULL)
        return NO_OUT_OF_MEMORY;
    TRY(policy_weigh_checkpoint(&p->policy->policy, note, &verdict));
    if ((!verdict.met && !anyway) || !is_news(p, &verdict))
        return YES;
    TRY(verify(p, &verdict));
    /* In this order: a kept one is never larger than the one that is served. */
    TRY(log_file_put(&p->folder, S("checkpoint"), note));
    TRY(publish_keep(p, p->signed_size, note));
    p->has_news = !verdict.met;
    p->published_policy = p->policy;
    p->published = p->signed_size;
    p->published_n = __builtin_popcountll(verdict.witnesses);
    p->published_newest_s = verdict.newest_s;
    p->state.witnesses_n = p->published_n;
    p->state.quorum_n = p->policy->quorum_n;
    if (verdict.met) {
        p->state.witnessed = (int64_t)p->signed_size;
        p->state.witnessed_at_s =
            verdict.oldest_s != 0 ? (int64_t)verdict.oldest_s : publish_now_ns(p) / NS_PER_S;
    }
    publish_sweep(p, p->signed_size);
    return YES;
}

/* --- a round ------------------------------------------------------------------------------------
 */

int64_t publish_now_ns(const struct publisher *p)
{
    return p->config.world->now_ns(p->config.world->self);
}

/* Member by member: what lies between them is nobody's. */
static bool is_same(const struct register_state *a, const struct register_state *b)
{
    return a->published == b->published && a->witnessed == b->witnessed &&
           a->witnessed_at_s == b->witnessed_at_s && a->witnesses_n == b->witnesses_n &&
           a->quorum_n == b->quorum_n && a->still == b->still;
}

no publish_tell(struct publisher *p, struct ctx *ctx)
{
    p->state.published = (int64_t)p->signed_size;
    if (is_same(&p->state, &p->told))
        return YES;
    TRY(deed_register_state(ctx, &p->state));
    p->told = p->state;
    return YES;
}

/* The keys that sign and the program that writes must be in the register, and the files that were
 * signed for on the disk. */
static no prepare(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head)
{
    const struct register_keys keys = {p->vkeys.logs, str_trim(p->vkeys.witness)};
    bool holds = true;

    if (p->is_prepared)
        return YES;
    TRY(publish_mend(p, ctx, p->signed_size));
    if (p->signed_size > 0)
        TRY(publish_holds(p, p->signed_size, &p->signed_root, &holds));
    if (!holds)
        TRY(write_all_again(p, ctx, head, p->signed_size, &p->signed_root));
    p->written = p->signed_size;
    TRY(deed_register_key(ctx, &keys));
    TRY(deed_register_release(ctx, str_of(FILON_VERSION), p->config.program));
    p->is_prepared = true;
    return YES;
}

/* Whether readers have waited long enough for a quorum that does not come. */
static bool is_overdue(struct publisher *p, struct ctx *ctx)
{
    const int64_t most_s =
        house_param(ctx_house(ctx), S("register.unwitnessed_max_s"), PUBLISH_UNWITNESSED_MAX_S);

    if (policy_met(&p->policy->policy, publish_cosigners(p))) {
        p->missed_ns = 0;
        return false;
    }
    if (p->missed_ns == 0) {
        p->missed_ns = ctx->now_ns;
        log_line(LOG_WARN, "publish", "too few witnesses have answered", NULL);
    }
    return ctx->now_ns - p->missed_ns >= most_s * NS_PER_S;
}

static no settle(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head)
{
    const bool refresh = p->policy->policy.witnesses_n > 0 &&
                         ctx->now_ns - p->asked_ns >= PUBLISH_REFRESH_S * NS_PER_S;

    if (head->size > p->signed_size || refresh)
        TRY(sign(p, head));
    if (refresh || p->asked_size != p->signed_size)
        p->asked_ns = ctx->now_ns;
    p->asked_size = p->signed_size;
    TRY(publish_put(p, false));
    TRY(publish_witnesses(p, ctx, refresh));
    TRY(publish_put(p, is_overdue(p, ctx)));
    return publish_tell(p, ctx);
}

static no guard(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head)
{
    if (p->still_size != 0 && p->still_size == head->size)
        return NO_REGISTER_STANDS_STILL;
    p->still_size = 0;
    const no answer = publish_guard(p, ctx, head);

    if (answer == YES || answer == NO_REGISTER_STANDS_STILL || answer == NO_STOPPING ||
        p->state.still != REGISTER_MOVES)
        return answer;
    p->state.still = REGISTER_UNSURE;
    TRY(publish_tell(p, ctx));
    return answer;
}

static no go_round(struct publisher *p, struct ctx *ctx)
{
    struct tree_frontier head;

    TRY(view_register_head(ctx, &head));
    if (head.size == 0)
        return YES; /* nothing is founded yet */
    TRY(publish_know(p, ctx));
    if (!p->guarded)
        TRY(guard(p, ctx, &head));
    if (!p->guarded)
        return YES;
    TRY(prepare(p, ctx, &head));
    TRY(view_register_head(ctx, &head));
    TRY(write_up_to(p, ctx, &head));
    return settle(p, ctx, &head);
}

no publish_round(struct publisher *p)
{
    const struct world *world = p->config.world;
    struct ctx ctx = {.world = world, .arena = &p->scratch, .actor = {.clock = true}};

    arena_reset(&p->scratch);
    ctx.now_ns = world->now_ns(world->self);
    ctx.db = world->reader_take(world->self);
    const no answer = go_round(p, &ctx);

    if (ctx.db != NULL)
        world->reader_give_back(world->self, ctx.db);
    /* A file that was there is not any more: the next round mends. */
    if (answer == NO_NOT_FOUND || answer == NO_REGISTER_DAMAGED)
        p->is_prepared = false;
    return answer;
}

/* --- the thread ---------------------------------------------------------------------------------
 */

static void wait_until(struct publisher *p, const struct timespec *until, bool for_work)
{
    while (!atomic_load(&p->stopping) && !(for_work && p->woken))
        if (pthread_cond_timedwait(&p->work, &p->mutex, until) != 0)
            break;
}

/* A round begins a second after the one before at the earliest, and without being woken two. */
static bool wait_for_work(struct publisher *p, struct timespec *began)
{
    struct timespec until = *began;

    (void)pthread_mutex_lock(&p->mutex);
    until.tv_sec += PAUSE_S;
    wait_until(p, &until, false);
    until.tv_sec += PAUSE_S;
    wait_until(p, &until, true);
    p->woken = false;
    const bool go_on = !atomic_load(&p->stopping);

    (void)pthread_mutex_unlock(&p->mutex);
    (void)clock_gettime(CLOCK_MONOTONIC, began);
    return go_on;
}

static void *loop(void *self)
{
    struct publisher *p = self;
    struct timespec began = {0};
    no said = YES;

    while (wait_for_work(p, &began)) {
        const no answer = publish_round(p);

        if (answer != said && answer != YES && answer != NO_STOPPING &&
            answer != NO_REGISTER_STANDS_STILL)
            log_line(LOG_ERROR, "publish", "nothing could be published; it is tried again", "no",
                     no_line(answer)->name, NULL);
        said = answer;
    }
    return NULL;
}

static no open_log(struct publisher *p)
{
    struct buf path;

    buf_init(&path, &p->own, 256);
    buf_put(&path, str_of(p->config.data));
    buf_put(&path, S("/log"));
    const char *log = arena_cstr(&p->own, buf_str(&path));

    TRY(log_folder_open(&p->folder, log, true, false));
    if (flock(p->folder.fd, LOCK_EX | LOCK_NB) != 0)
        return NO_PUBLISHER_RUNNING;
    return log_files_open(&p->files, &p->own, buf_str(&path));
}

no publish_open(struct publisher **out, const struct publish_config *config)
{
    pthread_condattr_t clock;
    struct arena own;

    /* It lives in an arena of its own, which it names, so that the end can give it back. */
    if (!arena_init(&own, sizeof(struct publisher) + 16384))
        return NO_OUT_OF_MEMORY;
    struct publisher *p = arena_take(&own, sizeof *p);

    p->config = *config;
    p->own = own;
    p->folder.fd = p->files.fd = -1;
    hash_sha256_init(&p->sha);
    (void)pthread_mutex_init(&p->mutex, NULL);
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&p->work, &clock);
    (void)pthread_condattr_destroy(&clock);
    p->multi = curl_multi_init();
    no answer = p->multi != NULL && arena_init(&p->scratch, SCRATCH) && arena_init(&p->kept, KEPT)
                    ? open_log(p)
                    : NO_OUT_OF_MEMORY;

    if (answer == YES)
        *out = p;
    else
        publish_close(p);
    return answer;
}

void publish_close(struct publisher *p)
{
    log_files_close(&p->files);
    if (p->folder.fd >= 0)
        log_folder_close(&p->folder);
    if (p->multi != NULL)
        (void)curl_multi_cleanup(p->multi);
    hash_sha256_release(&p->sha);
    for (size_t i = 0; i < 2; i++)
        if (p->policies[i].arena.start != NULL)
            arena_release(&p->policies[i].arena);
    if (p->scratch.start != NULL)
        arena_release(&p->scratch);
    if (p->kept.start != NULL)
        arena_release(&p->kept);
    (void)pthread_cond_destroy(&p->work);
    (void)pthread_mutex_destroy(&p->mutex);
    struct arena own = p->own;

    arena_release(&own);
}

no publish_start(struct publisher *p)
{
    p->running = pthread_create(&p->thread, NULL, loop, p) == 0;
    return p->running ? YES : NO_OUT_OF_MEMORY;
}

void publish_wake(void *self)
{
    struct publisher *p = self;

    (void)pthread_mutex_lock(&p->mutex);
    p->woken = true;
    (void)pthread_cond_signal(&p->work);
    (void)pthread_mutex_unlock(&p->mutex);
}

void publish_stop(struct publisher *p)
{
    atomic_store(&p->stopping, true);
    if (!p->running)
        return;
    publish_wake(p);
    (void)pthread_join(p->thread, NULL);
    p->running = false;
}
