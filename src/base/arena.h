/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The memory of one request: a fixed block, handed out in order, given back at once. An arena that
 * is full says so for ever (sticky), so that code may build a whole answer and check once:
 * arena_overflowed(). The only floor files that may call malloc are arena.c and main (tools/tidy
 * holds that).
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena {
    char *start;
    size_t size, used;
    bool owned, overflowed;
};

/* Takes `size` bytes from the system (1 byte to 1 GiB); false when the system has none. Release it
 * with arena_release. */
bool arena_init(struct arena *arena, size_t size);
/* The same on a block of the caller, which stays the caller's. */
void arena_init_on(struct arena *arena, void *block, size_t size);
void arena_release(struct arena *arena);
/* Forgets everything taken; clears the overflow. */
void arena_reset(struct arena *arena);

/* `size` bytes aligned to 16, zeroed; NULL and sticky overflow when they do not fit. take(0) is not
 * NULL. */
void *arena_take(struct arena *arena, size_t size);
/* The same with whatever lay there: for bytes that are written before they are read. */
void *arena_take_raw(struct arena *arena, size_t size);
/* `count` objects of `size`; NULL and overflow also when the product overflows. */
void *arena_take_many(struct arena *arena, size_t count, size_t size);
/* A copy, zero-terminated (the zero is not counted); STR_NONE on overflow. */
str arena_str(struct arena *arena, str s);
/* The same as a C string; "" on overflow. */
const char *arena_cstr(struct arena *arena, str s);

/* Scratch: mark, take, rewind. Rewinding does not clear the overflow. */
size_t arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, size_t mark);
bool arena_overflowed(const struct arena *arena);

#endif
