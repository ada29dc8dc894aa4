/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * gzip for those who accept it, one stream per loop thread, reset between answers: setting one up
 * costs more than a page.
 */
#include "doors/http/exchange.h"

enum { STREAM_MEMORY = 320 << 10, GZIP_WINDOW = 15 + 16, DEFAULT_MEMORY = 8 };

static voidpf take(voidpf arena, uInt items, uInt size)
{
    return arena_take_many(arena, items, size);
}

static void give_back(voidpf arena, voidpf address)
{
    (void)arena;
    (void)address;
}

static bool ready(struct http_loop *loop)
{
    if (loop->deflate_ready)
        return deflateReset(&loop->deflate) == Z_OK;
    if (loop->deflate_arena.start == NULL && !arena_init(&loop->deflate_arena, STREAM_MEMORY))
        return false;
    arena_reset(&loop->deflate_arena);
    loop->deflate = (z_stream){.zalloc = take, .zfree = give_back, .opaque = &loop->deflate_arena};
    loop->deflate_ready = deflateInit2(&loop->deflate, loop->server->config.gzip_level, Z_DEFLATED,
                                       GZIP_WINDOW, DEFAULT_MEMORY, Z_DEFAULT_STRATEGY) == Z_OK;
    return loop->deflate_ready;
}

str http_compress(struct http_exchange *x, str text)
{
    struct http_loop *loop = x->loop;
    const size_t mark = arena_mark(&x->arena);
    /* Worth it only when it saves at least an eighth. */
    const size_t room = text.len - text.len / 8;

    if (text.len > UINT32_MAX || x->arena.size - x->arena.used < room + 64 || !ready(loop))
        return STR_NONE;

    char *out = arena_take_raw(&x->arena, room);
    /* zlib's next_in is not const in every version; it never writes there. */
    union {
        const char *in;
        Bytef *bytes;
    } from = {.in = text.ptr};

    loop->deflate.next_in = from.bytes;
    loop->deflate.avail_in = (uInt)text.len;
    loop->deflate.next_out = (Bytef *)out;
    loop->deflate.avail_out = (uInt)room;
    if (out == NULL || deflate(&loop->deflate, Z_FINISH) != Z_STREAM_END) {
        arena_rewind(&x->arena, mark);
        return STR_NONE;
    }
    return (str){out, loop->deflate.total_out};
}
