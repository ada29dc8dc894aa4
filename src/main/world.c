/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/world.h"

#include "base/hash.h"
#include "base/log.h"
#include "deeds/house.h"
#include "deeds/register.h"
#include "main/writer.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { READERS_MAX = 64, HOUSES_MAX = 64, HOUSE_BYTES = 256 * 1024, REGISTER_BYTES = 8 << 20 };
#define HOUSE_REST_NS (INT64_C(3600) * 1000000000)

struct real_world {
    struct world functions;
    struct writer writer;
    struct db *writer_db;
    pthread_mutex_t mutex;
    pthread_cond_t reader_free;
    struct db *readers[READERS_MAX]; /* free ones, readers_free of them */
    int readers_free, readers_n;
    _Atomic int64_t shift_ns;
    /* Snapshots of the house. An old one may still be read by a request, so each rests for an hour
     * before its memory is used again; replaced_ns 0 = the one that is read now, or never used. */
    _Atomic(const struct house *) house;
    struct arena house_arenas[HOUSES_MAX];
    int64_t house_replaced_ns[HOUSES_MAX];
    int house_now;
    _Atomic bool house_stale;
    _Atomic uint64_t version;
    void (*wake)(void *self);
    void *wake_self;
    void (*commit)(void *self);
    void *commit_self;
    pthread_mutex_t hooks; /* of `commit`: it may be taken away while the writer writes */
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

static const struct house *real_house(void *self)
{
    struct real_world *world = self;

    return atomic_load(&world->house);
}

static void real_house_changed(void *self)
{
    struct real_world *world = self;

    atomic_store(&world->house_stale, true);
}

static uint64_t real_version(void *self)
{
    struct real_world *world = self;

    return atomic_load(&world->version);
}

/* A snapshot's memory that nobody reads any more; NULL when all of them changed within the hour. */
static struct arena *house_room(struct real_world *world, int *which)
{
    const int64_t now_ns = real_now_ns(world);

    for (int i = 0; i < HOUSES_MAX; i++) {
        struct arena *arena = &world->house_arenas[i];

        if (i == world->house_now && arena->start != NULL)
            continue;
        if (arena->start != NULL && world->house_replaced_ns[i] + HOUSE_REST_NS > now_ns)
            continue;
        if (arena->start != NULL)
            arena_reset(arena);
        else if (!arena_init(arena, HOUSE_BYTES))
            return NULL;
        *which = i;
        return arena;
    }
    return NULL;
}

/* Reads the house again on the writer's connection. When there is no room the last snapshot stays,
 * and the next commit tries again. */
static no read_house(struct real_world *world)
{
    struct ctx ctx = {.world = &world->functions, .db = world->writer_db};
    int which;

    ctx.arena = house_room(world, &which);
    if (ctx.arena == NULL)
        return NO_OUT_OF_MEMORY;
    struct house *house = arena_take(ctx.arena, sizeof *house);

    TRY(view_house(&ctx, house));
    world->house_replaced_ns[world->house_now] = real_now_ns(world);
    world->house_now = which;
    atomic_store(&world->house, house);
    return YES;
}

/* A store that was founded before there was a register gets one now. */
static no begin_register(struct real_world *world)
{
    struct arena arena;
    struct ctx ctx;

    if (!arena_init(&arena, REGISTER_BYTES))
        return NO_OUT_OF_MEMORY;
    world_ctx(world, &arena, &ctx);
    const no answer = deed_register_begin(&ctx);

    arena_release(&arena);
    return answer;
}

static void renew_house(struct real_world *world)
{
    if (!atomic_exchange(&world->house_stale, false))
        return;
    const no answer = read_house(world);

    if (answer != YES) {
        atomic_store(&world->house_stale, true);
        log_line(LOG_WARN, "world", "the house could not be read again yet", "no",
                 no_line(answer)->name, NULL);
    }
}

/* The number last: whoever reads the new one finds the new house. */
static void after_batch(void *self)
{
    struct real_world *world = self;

    (void)pthread_mutex_lock(&world->hooks);
    if (world->commit != NULL)
        world->commit(world->commit_self);
    (void)pthread_mutex_unlock(&world->hooks);
    renew_house(world);
    atomic_fetch_add(&world->version, 1);
}

no world_open(struct real_world **out, const char *dir, int readers)
{
    struct real_world *world = calloc(1, sizeof *world);
    no answer = YES;

    assert(readers > 0 && readers <= READERS_MAX);
    if (world == NULL)
        return NO_OUT_OF_MEMORY;
    world->functions = (struct world){world,          real_now_ns,      real_chance,
                                      real_write,     real_reader_take, real_reader_give_back,
                                      real_wake_jobs, real_house,       real_house_changed,
                                      real_version};
    (void)pthread_mutex_init(&world->mutex, NULL);
    (void)pthread_mutex_init(&world->hooks, NULL);
    (void)pthread_cond_init(&world->reader_free, NULL);
    answer = db_open(&world->writer_db, dir, DB_WRITER);
    while (answer == YES && world->readers_n < readers) {
        answer = db_open(&world->readers[world->readers_n], dir, DB_READER);
        world->readers_n += answer == YES;
    }
    world->readers_free = world->readers_n;
    if (answer == YES)
        answer = read_house(world);
    world->writer.committed = after_batch;
    world->writer.committed_self = world;
    if (answer == YES)
        answer = writer_start(&world->writer, world->writer_db, real_now_ns, world);
    if (answer == YES)
        answer = begin_register(world);
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
    for (int i = 0; i < HOUSES_MAX; i++)
        if (world->house_arenas[i].start != NULL)
            arena_release(&world->house_arenas[i]);
    free(world);
}

void world_register_off(struct real_world *world, bool off)
{
    world->writer.log.off = off;
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

void world_on_commit(struct real_world *world, void (*commit)(void *self), void *self)
{
    (void)pthread_mutex_lock(&world->hooks);
    world->commit_self = self;
    world->commit = commit;
    (void)pthread_mutex_unlock(&world->hooks);
}

void world_ctx(const struct real_world *world, struct arena *arena, struct ctx *ctx)
{
    *ctx = (struct ctx){.world = &world->functions, .arena = arena, .actor = {.console = true}};
    ctx->now_ns = world->functions.now_ns(world->functions.self);
}

void world_shift_clock(struct real_world *world, int64_t shift_ns)
{
    atomic_fetch_add(&world->shift_ns, shift_ns);
    atomic_fetch_add(&world->version, 1); /* pages say what day it is */
}
