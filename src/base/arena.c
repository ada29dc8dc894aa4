/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/arena.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGN = 16, SIZE_MAX_BYTES = 1 << 30 };

bool arena_init(struct arena *arena, size_t size)
{
    assert(size > 0 && size <= SIZE_MAX_BYTES);
    void *block = malloc(size);

    if (block == NULL)
        return false;
    *arena = (struct arena){.start = block, .size = size, .owned = true};
    return true;
}

void arena_init_on(struct arena *arena, void *block, size_t size)
{
    *arena = (struct arena){.start = block, .size = size};
}

void arena_release(struct arena *arena)
{
    if (arena->owned)
        free(arena->start);
    *arena = (struct arena){0};
}

void arena_reset(struct arena *arena)
{
    arena->used = 0;
    arena->overflowed = false;
}

void *arena_take_raw(struct arena *arena, size_t size)
{
    const size_t at = (arena->used + ALIGN - 1) & ~(size_t)(ALIGN - 1);

    if (at > arena->size || size > arena->size - at) {
        arena->overflowed = true;
        return NULL;
    }
    arena->used = at + size;
    return arena->start + at;
}

void *arena_take(struct arena *arena, size_t size)
{
    void *taken = arena_take_raw(arena, size);

    return taken == NULL ? NULL : memset(taken, 0, size);
}

void *arena_take_many(struct arena *arena, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes)) {
        arena->overflowed = true;
        return NULL;
    }
    return arena_take(arena, bytes);
}

str arena_str(struct arena *arena, str s)
{
    char *copy = arena_take_raw(arena, s.len + 1);

    if (copy == NULL)
        return STR_NONE;
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = 0;
    return (str){copy, s.len};
}

const char *arena_cstr(struct arena *arena, str s)
{
    const str copy = arena_str(arena, s);

    return copy.ptr == NULL ? "" : copy.ptr;
}

size_t arena_mark(const struct arena *arena)
{
    return arena->used;
}

void arena_rewind(struct arena *arena, size_t mark)
{
    assert(mark <= arena->used);
    arena->used = mark;
}

bool arena_overflowed(const struct arena *arena)
{
    return arena->overflowed;
}
