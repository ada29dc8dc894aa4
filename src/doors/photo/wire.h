/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Between the server and its photo worker: one question, one answer, over two pipes. Private to
 * this room.
 */
#ifndef DOORS_PHOTO_WIRE_H
#define DOORS_PHOTO_WIRE_H

#include <stdint.h>

enum { PHOTO_MAGIC = 0x66696c31 };

enum photo_verdict { PHOTO_MADE = 0, PHOTO_REFUSED = 1, PHOTO_TOO_LARGE = 2 };

/* The question is its length and then the bytes; the answer this head and then card and page. Same
 * machine, same program: the byte order is its own. */
struct photo_answer {
    uint32_t magic, verdict, width, height, card_len, page_len;
};

#endif
