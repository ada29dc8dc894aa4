/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Between the server and its signer: one question, one answer, over a socket pair. A frame is a
 * head and `len` bytes, which are texts (a length and the bytes) and numbers. Same machine, same
 * program: the byte order is its own. A frame that is wrong ends the conversation. Private to this
 * room.
 */
#ifndef DOORS_SIGNER_FRAME_H
#define DOORS_SIGNER_FRAME_H

#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { FRAME_MAGIC = 0x66696c72, FRAME_MAX = 1 << 20 };

/* What a question asks; an answer has the number of a `no` in its place. The first answer comes
 * unasked: whether the keys could be taken up. */
enum frame_kind { FRAME_KEYS = 1, FRAME_SIGN = 2, FRAME_COSIGN = 3, FRAME_LAST = 4 };

struct frame_head {
    uint32_t magic, kind, len;
};

/* An empty frame with room for its head. */
void frame_begin(struct buf *out, struct arena *arena, size_t cap);
void frame_put_text(struct buf *out, str text);
void frame_put_number(struct buf *out, uint64_t number);
/* Writes the head; false when the frame is past FRAME_MAX or out of memory. */
bool frame_end(struct buf *out, uint32_t kind);

bool frame_head_valid(const struct frame_head *head);
/* The kind of an answer as a no; false when it is none. */
bool frame_no(const struct frame_head *head, no *answer);
/* From the front of *rest; false when it ends before. */
bool frame_take_text(str *rest, str *text);
bool frame_take_number(str *rest, uint64_t *number);

#endif
