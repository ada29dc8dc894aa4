/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/world.h"

#include "base/hash.h"
#include "main/writer.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { READERS_MAX = 64 };

struct real_world {
    struct world functions;
    struct writer writer;
    struct db *writer_db;
    pthread_mutex_t mutex;
    pthread_cond_t reader_free;
    struct db *readers[READERS_MAX]; /* free ones, readers_free of them */
    int readers_free, readers_n;
    _Atomic int64_t shift_ns;
    void (*wake)(void *self);
    void *wake_self;
};

static int64_t real_now_ns(void *self)
{
    struct real_world *world = self;
    struct timespec now;

    (void)clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1000000000 + now.tv_nsec + atomic_load(&world->shift_ns);
}

static void real_chance(void *self, void *bytes, size_t len)
{
    (void)self;
    hash_random(bytes, len);
}

static no real_write(void *self, struct ctx *ctx, no (*deed)(struct ctx *, void *), void *form)
{
    struct real_world *world = self;

    return writer_run(&world->writer, ctx, deed, form);
}

static struct db *real_reader_take(void *self)
{
    struct real_world *world = self;

    (void)pthread_mutex_lock(&world->mutex);
    while (world->readers_free == 0)
        (void)pthread_cond_wait(&world->reader_free, &world->mutex);
    struct db *db = world->readers[--world->readers_free];
    (void)pthread_mutex_unlock(&world->mutex);
    return db;
}

static void real_reader_give_back(void *self, struct db *db)
{
    struct real_world *world = self;

    (void)pthread_mutex_lock(&world->mutex);
    assert(world->readers_free < world->readers_n);
    world->readers[world->readers_free++] = db;
    (void)pthread_cond_signal(&world->reader_free);
    (void)pthread_mutex_unlock(&world->mutex);
}

static void real_wake_jobs(void *self)
{
    struct real_world *world = self;

    if (world->wake != NULL)
        world->wake(world->wake_self);
}

no world_open(struct real_world **out, const char *dir, int readers)
{
    struct real_world *world = calloc(1, sizeof *world);
    no answer = YES;

    assert(readers > 0 && readers <= READERS_MAX);
    if (world == NULL)
        return NO_OUT_OF_MEMORY;
    world->functions = (struct world){world, real_now_ns, real_chance, real_write, real_reader_take,
                                      real_reader_give_back, real_wake_jobs};
    (void)pthread_mutex_init(&world->mutex, NULL);
    (void)pthread_cond_init(&world->reader_free, NULL);
    answer = db_open(&world->writer_db, dir, DB_WRITER);
    while (answer == YES && world->readers_n < readers) {
        answer = db_open(&world->readers[world->readers_n], dir, DB_READER);
        world->readers_n += answer == YES;
    }
    world->readers_free = world->readers_n;
    if (answer == YES)
        answer = writer_start(&world->writer, world->writer_db, real_now_ns, world);
    if (answer != YES) {
        world_close(world);
        return answer;
    }
    *out = world;
    return YES;
}

void world_close(struct real_world *world)
{
    writer_stop(&world->writer);
    assert(world->readers_free == world->readers_n);
    for (int i = 0; i < world->readers_n; i++)
        db_close(world->readers[i]);
    if (world->writer_db != NULL)
        db_close(world->writer_db);
    free(world);
}

const struct world *world_functions(const struct real_world *world)
{
    return &world->functions;
}

void world_on_wake(struct real_world *world, void (*wake)(void *self), void *self)
{
    world->wake_self = self;
    world->wake = wake;
}

void world_ctx(const struct real_world *world, struct arena *arena, struct ctx *ctx)
{
    *ctx = (struct ctx){.world = &world->functions, .arena = arena, .actor = {.console = true}};
    ctx->now_ns = world->functions.now_ns(world->functions.self);
}

void world_shift_clock(struct real_world *world, int64_t shift_ns)
{
    atomic_fetch_add(&world->shift_ns, shift_ns);
}
