/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A text being written, growing in an arena. When the arena is full the text stops growing and
 * buf_failed() is true; nothing that was written is lost, nothing half-written is sent: check
 * before use. Escaping for HTML, URL, JSON lives with its language (pages, json); buf only appends
 * bytes.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/arena.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>

struct buf {
    struct arena *arena;
    char *ptr;
    size_t len, cap;
    bool failed;
};

/* An empty text in `arena`, with room for `cap` bytes at first (0 = 256). */
void buf_init(struct buf *buf, struct arena *arena, size_t cap);
void buf_put(struct buf *buf, str s);
void buf_put_bytes(struct buf *buf, const void *bytes, size_t len);
void buf_put_char(struct buf *buf, char c);
void buf_put_int(struct buf *buf, int64_t n);
/* printf into the text; for logs and plain text, never for SQL or HTML. */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What was written so far; valid until the next put. */
str buf_str(const struct buf *buf);
/* Forgets the text, keeps the room. */
void buf_clear(struct buf *buf);
bool buf_failed(const struct buf *buf);

#endif
