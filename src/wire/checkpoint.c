/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/checkpoint.h"

#include "base/base64.h"
#include "wire/lines.h"

#include <assert.h>
#include <string.h>

enum { TIME_SIZE = 8, MESSAGE_MAX = CHECKPOINT_TEXT_MAX + 64 };

static bool is_origin(str origin)
{
    return origin.len > 0 && origin.len <= CHECKPOINT_ORIGIN_MAX && lines_clean(origin) &&
           str_find_char(origin, '\n') == origin.len;
}

/* Whole lines, none empty. */
static bool are_lines(str more)
{
    str line;

    while (lines_next(&more, &line))
        if (line.len == 0)
            return false;
    return more.len == 0;
}

no checkpoint_read(str text, struct checkpoint *checkpoint)
{
    struct checkpoint read;
    str size, root, rest = text;

    if (text.len > CHECKPOINT_TEXT_MAX || !lines_clean(text))
        return NO_CHECKPOINT_MALFORMED;
    if (!lines_next(&rest, &read.origin) || !lines_next(&rest, &size) || !lines_next(&rest, &root))
        return NO_CHECKPOINT_MALFORMED;
    if (!is_origin(read.origin) || !lines_number(size, &read.size) ||
        !base64_read(root, read.root, HASH_SIZE) || !are_lines(rest))
        return NO_CHECKPOINT_MALFORMED;
    read.more = rest;
    *checkpoint = read;
    return YES;
}

static bool may_have_root(const struct checkpoint *checkpoint)
{
    uint8_t nothing[HASH_SIZE];

    if (checkpoint->size > 0)
        return true;
    hash_sha256(NULL, 0, nothing);
    return memcmp(nothing, checkpoint->root, HASH_SIZE) == 0;
}

no checkpoint_parse(str text, struct checkpoint *checkpoint)
{
    struct checkpoint read;

    TRY(checkpoint_read(text, &read));
    if (!may_have_root(&read))
        return NO_CHECKPOINT_MALFORMED;
    *checkpoint = read;
    return YES;
}

no checkpoint_put(struct buf *out, const struct checkpoint *checkpoint)
{
    assert(checkpoint->more.len == 0);
    if (!is_origin(checkpoint->origin) || checkpoint->size > LINES_NUMBER_MAX ||
        !may_have_root(checkpoint))
        return NO_CHECKPOINT_MALFORMED;
    buf_put(out, checkpoint->origin);
    buf_put_char(out, '\n');
    lines_put_number(out, checkpoint->size);
    buf_put_char(out, '\n');
    base64_put(out, checkpoint->root, HASH_SIZE);
    buf_put_char(out, '\n');
    return YES;
}

/* What is signed, in `room`; false when there is nothing to sign. */
static bool message_of(uint64_t time_s, str text, char room[MESSAGE_MAX], str *message)
{
    struct checkpoint checkpoint;
    struct arena arena;
    struct buf out;

    if (time_s > LINES_NUMBER_MAX || checkpoint_parse(text, &checkpoint) != YES)
        return false;
    arena_init_on(&arena, room, MESSAGE_MAX);
    buf_init(&out, &arena, MESSAGE_MAX);
    buf_put(&out, S("cosignature/v1\ntime "));
    lines_put_number(&out, time_s);
    buf_put_char(&out, '\n');
    buf_put(&out, text);
    assert(!buf_failed(&out));
    *message = buf_str(&out);
    return true;
}

no cosignature_make(const struct sign_pair *pair, uint64_t time_s, str text,
                    uint8_t out[COSIGNATURE_SIZE])
{
    char room[MESSAGE_MAX];
    str message;

    if (!message_of(time_s, text, room, &message))
        return NO_CHECKPOINT_MALFORMED;
    for (int i = 0; i < TIME_SIZE; i++)
        out[i] = (uint8_t)(time_s >> (56 - 8 * i));
    sign_make(pair, message, out + TIME_SIZE);
    return YES;
}

bool cosignature_holds(const uint8_t key[SIGN_KEY_SIZE],
                       const uint8_t cosignature[COSIGNATURE_SIZE], str text)
{
    char room[MESSAGE_MAX];
    str message;

    return message_of(cosignature_time_s(cosignature), text, room, &message) &&
           sign_holds(key, message, cosignature + TIME_SIZE);
}

uint64_t cosignature_time_s(const uint8_t cosignature[COSIGNATURE_SIZE])
{
    uint64_t time_s = 0;

    for (int i = 0; i < TIME_SIZE; i++)
        time_s = time_s << 8 | cosignature[i];
    return time_s;
}
