/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The one writer. Deeds wait in a queue; the writer takes all that wait, runs each in its savepoint
 * and commits them together, so that a thousand members pay for one fsync. While it waits for the
 * disk the next ones gather. Who comes when nobody writes and nobody waits is the writer for its
 * own deed: there is one at any moment, but not always on the same thread.
 */
#ifndef MAIN_WRITER_H
#define MAIN_WRITER_H

#include "base/hash.h"
#include "base/no.h"
#include "deeds/ctx.h"
#include "deeds/register.h"

#include <pthread.h>

enum { WRITER_BATCH_MAX = 512 };

struct writer_job;

struct writer {
    struct db *db;
    int64_t (*now_ns)(void *self);
    void *clock;
    struct hash_sha256_ctx sha; /* what ctx->sha is, for whoever writes */
    struct register_book log;   /* what ctx->log is: kept from batch to batch */
    int64_t last_ns; /* goes back only when the machine's clock does, by more than a second */
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work;
    struct writer_job *first, **last;
    bool busy; /* somebody writes: the writer's thread, or a caller for itself */
    bool stopping, running;
    void (*committed)(void *self); /* after each batch, before anyone is told; may be NULL */
    void *committed_self;
};

/* Starts the thread on a writer connection, which becomes the writer's until writer_stop. */
no writer_start(struct writer *writer, struct db *db, int64_t (*now_ns)(void *self),
                void *clock) MUST_USE;
/* Runs what is queued, then ends the thread. */
void writer_stop(struct writer *writer);
/* Queues and waits. NO_STOPPING after writer_stop. */
no writer_run(struct writer *writer, struct ctx *ctx, no (*deed)(struct ctx *, void *),
              void *form) MUST_USE;

#endif
