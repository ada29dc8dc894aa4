/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/signer/frame.h"

#include <string.h>

void frame_begin(struct buf *out, struct arena *arena, size_t cap)
{
    const struct frame_head head = {.magic = FRAME_MAGIC};

    buf_init(out, arena, sizeof head + cap);
    buf_put_bytes(out, &head, sizeof head);
}

void frame_put_number(struct buf *out, uint64_t number)
{
    buf_put_bytes(out, &number, sizeof number);
}

void frame_put_text(struct buf *out, str text)
{
    frame_put_number(out, text.len);
    buf_put(out, text);
}

bool frame_end(struct buf *out, uint32_t kind)
{
    struct frame_head head = {.magic = FRAME_MAGIC, .kind = kind};

    if (buf_failed(out) || out->len - sizeof head > FRAME_MAX)
        return false;
    head.len = (uint32_t)(out->len - sizeof head);
    memcpy(out->ptr, &head, sizeof head);
    return true;
}

bool frame_head_valid(const struct frame_head *head)
{
    return head->magic == FRAME_MAGIC && head->len <= FRAME_MAX;
}

bool frame_no(const struct frame_head *head, no *answer)
{
    const struct no_line *line;

    for (unsigned i = 0; (line = no_line_at(i)) != NULL; i++)
        if ((uint32_t)line->code == head->kind) {
            *answer = line->code;
            return true;
        }
    *answer = YES;
    return head->kind == YES;
}

bool frame_take_number(str *rest, uint64_t *number)
{
    if (rest->len < sizeof *number)
        return false;
    memcpy(number, rest->ptr, sizeof *number);
    *rest = str_sub(*rest, sizeof *number, rest->len);
    return true;
}

bool frame_take_text(str *rest, str *text)
{
    uint64_t len;

    if (!frame_take_number(rest, &len) || len > rest->len)
        return false;
    *text = str_sub(*rest, 0, len);
    *rest = str_sub(*rest, len, rest->len);
    return true;
}
