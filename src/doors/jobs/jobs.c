/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/jobs/jobs.h"

#include "base/log.h"
#include "deeds/clock.h"
#include "doors/jobs/erasures.h"
#include "doors/jobs/letters.h"

#include <pthread.h>
#include <time.h>

enum { JOBS_ARENA = 8 << 20, PAUSE_S = 1 };

struct jobs {
    struct jobs_config config;
    struct arena own, arena; /* where this lives; what a round uses */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work;
    bool asked, stopping;
    int64_t erasure; /* the newest erase entry that DATA/erasures has */
};

no jobs_round(struct ctx *ctx, const struct jobs_config *config)
{
    TRY(deed_clock_round(ctx));
    return letters_send(ctx, config);
}

/* Waits for work or for a second; false when it is time to end. */
static bool wait_for_work(struct jobs *jobs)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PAUSE_S;
    (void)pthread_mutex_lock(&jobs->mutex);
    while (!jobs->asked && !jobs->stopping)
        if (pthread_cond_timedwait(&jobs->work, &jobs->mutex, &until) != 0)
            break;
    jobs->asked = false;
    const bool go_on = !jobs->stopping;
    (void)pthread_mutex_unlock(&jobs->mutex);
    return go_on;
}

static void *jobs_loop(void *self)
{
    struct jobs *jobs = self;
    const struct world *world = jobs->config.world;

    while (wait_for_work(jobs)) {
        struct ctx ctx = {.world = world, .arena = &jobs->arena, .actor = {.clock = true}};

        arena_reset(&jobs->arena);
        ctx.now_ns = world->now_ns(world->self);
        ctx.db = world->reader_take(world->self);
        no answer = jobs_round(&ctx, &jobs->config);

        /* Whatever else waits: who left is written down. */
        const no kept = jobs->config.data == NULL
                            ? YES
                            : erasures_round(&ctx, jobs->config.data, &jobs->erasure);

        answer = answer == YES ? kept : answer;
        world->reader_give_back(world->self, ctx.db);
        if (answer != YES && answer != NO_STOPPING)
            log_line(LOG_WARN, "jobs", "a round was not finished", "no", no_line(answer)->name,
                     NULL);
    }
    return NULL;
}

no jobs_start(struct jobs **out, const struct jobs_config *config)
{
    struct arena own;

    /* The thread's description lives in a small arena of its own, which it names, so that the end
     * can give it back. */
    if (!arena_init(&own, sizeof(struct jobs) + 64))
        return NO_OUT_OF_MEMORY;
    struct jobs *jobs = arena_take(&own, sizeof *jobs);

    *jobs = (struct jobs){.config = *config, .own = own, .erasure = -1};
    (void)pthread_mutex_init(&jobs->mutex, NULL);
    (void)pthread_cond_init(&jobs->work, NULL);
    if (!arena_init(&jobs->arena, JOBS_ARENA))
        return NO_OUT_OF_MEMORY;
    if (pthread_create(&jobs->thread, NULL, jobs_loop, jobs) != 0)
        return NO_OUT_OF_MEMORY;
    *out = jobs;
    return YES;
}

void jobs_wake(void *self)
{
    struct jobs *jobs = self;

    (void)pthread_mutex_lock(&jobs->mutex);
    jobs->asked = true;
    (void)pthread_cond_signal(&jobs->work);
    (void)pthread_mutex_unlock(&jobs->mutex);
}

void jobs_stop(struct jobs *jobs)
{
    (void)pthread_mutex_lock(&jobs->mutex);
    jobs->stopping = true;
    (void)pthread_cond_signal(&jobs->work);
    (void)pthread_mutex_unlock(&jobs->mutex);
    (void)pthread_join(jobs->thread, NULL);
    struct arena own = jobs->own;

    arena_release(&jobs->arena);
    arena_release(&own);
}
