/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The threads that may wait: for the writer, for Argon2id, for another server. Their stacks are
 * small because there are many.
 */
#include "doors/http/exchange.h"

enum { STACK = 256 << 10, QUEUE_PER_THREAD = 16 };

static struct http_exchange *take(struct http_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    while (pool->first == NULL && !pool->stop)
        (void)pthread_cond_wait(&pool->more, &pool->lock);

    struct http_exchange *x = pool->first;

    if (x != NULL) {
        pool->first = x->next;
        pool->waiting_n--;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return x;
}

static void *work(void *self)
{
    struct http_pool *pool = self;

    for (struct http_exchange *x = take(pool); x != NULL; x = take(pool)) {
        struct MHD_Connection *mhd = x->conn->mhd;
        struct http_loop *loop = x->loop;

        http_run(x);
        atomic_store(&x->done, true);
        /* From here the exchange is the loop's again. A daemon without a thread of its own does not
         * wake anyone: we do. */
        MHD_resume_connection(mhd);
        http_loop_wake(loop);
    }
    return NULL;
}

no http_pool_start(struct http_pool *pool, struct arena *arena, size_t threads_n)
{
    pthread_attr_t attr;

    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->more, NULL);
    pool->threads = arena_take_many(arena, threads_n, sizeof *pool->threads);
    if (pool->threads == NULL)
        return NO_OUT_OF_MEMORY;
    (void)pthread_attr_init(&attr);
    (void)pthread_attr_setstacksize(&attr, STACK);
    while (pool->threads_n < threads_n &&
           pthread_create(&pool->threads[pool->threads_n], &attr, work, pool) == 0)
        pool->threads_n++;
    (void)pthread_attr_destroy(&attr);
    return pool->threads_n == threads_n ? YES : NO_OUT_OF_MEMORY;
}

bool http_pool_has_room(struct http_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);

    const bool room = pool->waiting_n < pool->threads_n * QUEUE_PER_THREAD;

    (void)pthread_mutex_unlock(&pool->lock);
    return room;
}

void http_pool_push(struct http_pool *pool, struct http_exchange *x)
{
    x->next = NULL;
    (void)pthread_mutex_lock(&pool->lock);
    if (pool->first == NULL)
        pool->first = x;
    else
        pool->last->next = x;
    pool->last = x;
    pool->waiting_n++;
    (void)pthread_cond_signal(&pool->more);
    (void)pthread_mutex_unlock(&pool->lock);
}

/* Only after the loops have ended: nobody pushes any more, and what was pushed has been worked off.
 */
void http_pool_stop(struct http_pool *pool)
{
    (void)pthread_mutex_lock(&pool->lock);
    pool->stop = true;
    (void)pthread_cond_broadcast(&pool->more);
    (void)pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->threads_n; i++)
        (void)pthread_join(pool->threads[i], NULL);
}
