/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/writer.h"

#include "base/log.h"
#include "rules/ledger.h"

#include <assert.h>
#include <semaphore.h>

/* A job lives on the stack of whoever waits for it. */
struct writer_job {
    struct ctx *ctx;
    no (*deed)(struct ctx *, void *);
    void *form;
    no answer;
    sem_t done;
    struct writer_job *next;
};

/* A correction of the machine's clock is smoothed; a clock that was far ahead and is put right is
 * followed, or deeds would live in its future until the next start (docs/decisions/0041). */
static int64_t tick(struct writer *writer)
{
    const int64_t now = writer->now_ns(writer->clock);
    const bool put_right = writer->last_ns - now > LEDGER_CLOCK_SLACK_NS;

    if (put_right)
        log_line(LOG_WARN, "writer", "the clock went back: filon audit says how far", NULL);
    writer->last_ns = now > writer->last_ns || put_right ? now : writer->last_ns + 1;
    return writer->last_ns;
}

/* One deed in its savepoint: a refusal undoes this one only. */
static void run_one(struct writer *writer, struct writer_job *job)
{
    struct ctx *ctx = job->ctx;
    const struct register_at before = writer->log.at;

    job->answer = db_save(writer->db);
    if (job->answer != YES)
        return;
    ctx->db = writer->db;
    ctx->writing = true;
    ctx->sha = &writer->sha;
    ctx->log = &writer->log;
    ctx->book = NULL;
    ctx->now_ns = tick(writer);
    job->answer = job->deed(ctx, job->form);
    assert(job->answer != YES || ctx->book == NULL); /* a batch of entries that nobody closed */
    ctx->book = NULL;
    ctx->writing = false;
    ctx->sha = NULL;
    ctx->log = NULL;
    ctx->db = NULL;
    if (job->answer == YES && arena_overflowed(ctx->arena))
        job->answer = NO_TOO_LARGE;
    const no kept = job->answer == YES ? db_keep(writer->db) : db_undo(writer->db);

    if (job->answer != YES)
        writer->log.at = before;
    if (kept != YES)
        job->answer = kept;
}

static void run_batch(struct writer *writer, struct writer_job *batch)
{
    no committed = db_begin(writer->db);

    if (committed == YES) {
        for (struct writer_job *job = batch; job != NULL; job = job->next)
            run_one(writer, job);
        committed = register_settle(writer->db, &writer->log);
    }
    if (committed == YES)
        committed = db_commit(writer->db);
    if (committed != YES) {
        log_line(LOG_ERROR, "writer", "a batch could not be committed", "no",
                 no_line(committed)->name, NULL);
        db_rollback(writer->db);
        writer->log.at.known = false;
    } else if (writer->committed != NULL)
        writer->committed(writer->committed_self);
    /* What was erased must be gone from every file before anybody is told that it is; a reader that
     * still looks at the old state makes it wait for the next batch. */
    if (committed == YES && writer->log.at.scrub)
        writer->log.at.scrub = db_scrub(writer->db) != YES;
    for (struct writer_job *job = batch, *next; job != NULL; job = next) {
        next = job->next; /* the job is gone as soon as its owner wakes */
        if (committed != YES)
            job->answer = committed;
        (void)sem_post(&job->done);
    }
}

/* Takes up to WRITER_BATCH_MAX jobs from the queue, in order. The mutex is held. */
static struct writer_job *take_batch(struct writer *writer)
{
    struct writer_job *batch = writer->first, *last = batch;

    for (int n = 1; n < WRITER_BATCH_MAX && last->next != NULL; n++)
        last = last->next;
    writer->first = last->next;
    if (writer->first == NULL)
        writer->last = &writer->first;
    last->next = NULL;
    return batch;
}

/* Whoever holds `busy` is the writer; nobody else touches its connection. */
static void *writer_loop(void *self)
{
    struct writer *writer = self;

    (void)pthread_mutex_lock(&writer->mutex);
    for (;;) {
        while (writer->busy || (writer->first == NULL && !writer->stopping))
            (void)pthread_cond_wait(&writer->work, &writer->mutex);
        if (writer->first == NULL)
            break;
        struct writer_job *batch = take_batch(writer);

        writer->busy = true;
        (void)pthread_mutex_unlock(&writer->mutex);
        run_batch(writer, batch);
        (void)pthread_mutex_lock(&writer->mutex);
        writer->busy = false;
    }
    (void)pthread_mutex_unlock(&writer->mutex);
    return NULL;
}

no writer_start(struct writer *writer, struct db *db, int64_t (*now_ns)(void *self), void *clock)
{
    *writer = (struct writer){.db = db,
                              .now_ns = now_ns,
                              .clock = clock,
                              .committed = writer->committed,
                              .committed_self = writer->committed_self};
    writer->last = &writer->first;
    hash_sha256_init(&writer->sha);
    (void)pthread_mutex_init(&writer->mutex, NULL);
    (void)pthread_cond_init(&writer->work, NULL);
    writer->running = pthread_create(&writer->thread, NULL, writer_loop, writer) == 0;
    return writer->running ? YES : NO_OUT_OF_MEMORY;
}

void writer_stop(struct writer *writer)
{
    if (!writer->running)
        return;
    (void)pthread_mutex_lock(&writer->mutex);
    writer->stopping = true;
    (void)pthread_cond_signal(&writer->work);
    (void)pthread_mutex_unlock(&writer->mutex);
    (void)pthread_join(writer->thread, NULL);
    hash_sha256_release(&writer->sha);
    writer->running = false;
}

/* Nobody writes and nobody waits: the caller writes its own job, and no thread has to wake another
 * twice. The mutex is held, and held again afterwards. */
static void run_here(struct writer *writer, struct writer_job *job)
{
    writer->busy = true;
    (void)pthread_mutex_unlock(&writer->mutex);
    run_batch(writer, job);
    (void)pthread_mutex_lock(&writer->mutex);
    writer->busy = false;
    /* Those who came meanwhile are one batch for the writer's own thread. */
    if (writer->first != NULL || writer->stopping)
        (void)pthread_cond_signal(&writer->work);
}

static void queue(struct writer *writer, struct writer_job *job)
{
    *writer->last = job;
    writer->last = &job->next;
    if (!writer->busy)
        (void)pthread_cond_signal(&writer->work);
}

no writer_run(struct writer *writer, struct ctx *ctx, no (*deed)(struct ctx *, void *), void *form)
{
    struct writer_job job = {.ctx = ctx, .deed = deed, .form = form};

    (void)sem_init(&job.done, 0, 0);
    (void)pthread_mutex_lock(&writer->mutex);
    const bool stopping = writer->stopping;
    if (!stopping && !writer->busy && writer->first == NULL)
        run_here(writer, &job);
    else if (!stopping)
        queue(writer, &job);
    (void)pthread_mutex_unlock(&writer->mutex);
    while (!stopping && sem_wait(&job.done) != 0)
        continue; /* a signal woke us: still waiting */
    (void)sem_destroy(&job.done);
    return stopping ? NO_STOPPING : job.answer;
}
