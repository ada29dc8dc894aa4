/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

enum { CAP_FIRST = 256 };

void buf_init(struct buf *buf, struct arena *arena, size_t cap)
{
    *buf = (struct buf){.arena = arena, .cap = cap == 0 ? CAP_FIRST : cap};
    buf->ptr = arena_take_raw(arena, buf->cap);
    buf->failed = buf->ptr == NULL;
    if (buf->failed)
        buf->cap = 0;
}

static bool grow(struct buf *buf, size_t more)
{
    size_t cap = buf->cap < CAP_FIRST ? CAP_FIRST : buf->cap;

    while (cap - buf->len < more) {
        if (__builtin_mul_overflow(cap, (size_t)2, &cap))
            return false;
    }
    struct arena *arena = buf->arena;
    /* The text that ends the arena grows in place: a page is built without a copy. */
    if (buf->ptr != NULL && buf->ptr + buf->cap == arena->start + arena->used &&
        cap - buf->cap <= arena->size - arena->used) {
        arena->used += cap - buf->cap;
    } else {
        char *ptr = arena_take_raw(arena, cap);

        if (ptr == NULL)
            return false;
        if (buf->len > 0)
            memcpy(ptr, buf->ptr, buf->len);
        buf->ptr = ptr;
    }
    buf->cap = cap;
    return true;
}

void buf_put_bytes(struct buf *buf, const void *bytes, size_t len)
{
    if (buf->failed || len == 0)
        return;
    if (len > buf->cap - buf->len && !grow(buf, len)) {
        buf->failed = true;
        return;
    }
    memcpy(buf->ptr + buf->len, bytes, len);
    buf->len += len;
}

void buf_put(struct buf *buf, str s)
{
    buf_put_bytes(buf, s.ptr, s.len);
}

void buf_put_char(struct buf *buf, char c)
{
    buf_put_bytes(buf, &c, 1);
}

void buf_put_int(struct buf *buf, int64_t n)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;

    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (n < 0)
        digits[--at] = '-';
    buf_put_bytes(buf, digits + at, sizeof digits - at);
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    char line[512];
    va_list args;

    va_start(args, format);
    const int len = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (len < 0)
        return;
    if ((size_t)len < sizeof line) {
        buf_put_bytes(buf, line, (size_t)len);
        return;
    }
    char *longer = arena_take(buf->arena, (size_t)len + 1);
    if (longer == NULL) {
        buf->failed = true;
        return;
    }
    va_start(args, format);
    (void)vsnprintf(longer, (size_t)len + 1, format, args);
    va_end(args);
    buf_put_bytes(buf, longer, (size_t)len);
}

str buf_str(const struct buf *buf)
{
    return (str){buf->ptr, buf->len};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
}

bool buf_failed(const struct buf *buf)
{
    return buf->failed;
}
