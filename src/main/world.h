/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The real world: the system's clock and dice, one writer thread with group commit, a few read
 * connections. It is made once, in main, and given to every door.
 */
#ifndef MAIN_WORLD_H
#define MAIN_WORLD_H

#include "base/no.h"
#include "deeds/ctx.h"

struct real_world;

/* Opens the data folder (the writer first, which migrates it) with `readers` read connections to
 * borrow. NO_STORE_BUSY: another process holds the folder. NO_OUT_OF_MEMORY, and what db_open says.
 */
no world_open(struct real_world **world, const char *dir, int readers) MUST_USE;
/* Finishes what is queued, then closes. Nobody may be inside a deed or hold a reader. */
void world_close(struct real_world *world);

const struct world *world_functions(const struct real_world *world);
/* Called (from any thread) when a deed has left work for the jobs thread; NULL = nobody. */
void world_on_wake(struct real_world *world, void (*wake)(void *self), void *self);

/* Called (from any thread) after each commit, before anybody is told of it: it must not wait. NULL
 * = nobody. */
void world_on_commit(struct real_world *world, void (*commit)(void *self), void *self);

/* A context of the console's for the command line: `arena` is the caller's. */
void world_ctx(const struct real_world *world, struct arena *arena, struct ctx *ctx);

/* For benches alone: what the ledger costs without its register, and back. Nobody may be inside a
 * deed. */
void world_register_off(struct real_world *world, bool off);

/* The demonstration and tests may set the clock apart from the system's: adds `shift_ns` from now
 * on. */
void world_shift_clock(struct real_world *world, int64_t shift_ns);

#endif
