/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Photos of members, decoded where they can do no harm. Each picture is given to a fresh process of
 * this same program
 * (`filon photo-worker`) that has no file, no network, a little memory and ten seconds; only pixels
 * come back, encoded anew, so location and every other note inside the file are gone. JPEG, PNG and
 * WebP are read; the picture is turned as its EXIF orientation says.
 */
#ifndef DOORS_PHOTO_PHOTO_H
#define DOORS_PHOTO_PHOTO_H

#include "base/arena.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PHOTO_CARD_WIDTH = 480,  /* for a list: at most 30 kB */
    PHOTO_PAGE_WIDTH = 1600, /* for its own page: at most 120 kB */
    PHOTO_CARD_BYTES = 30 * 1024,
    PHOTO_PAGE_BYTES = 120 * 1024,
    PHOTO_PIXELS_MAX = 50 * 1000 * 1000,
    PHOTO_SIDE_MAX = 16383,
    PHOTO_BYTES_MAX = 12 << 20,
};

struct photo {
    str card, page;        /* WebP */
    int64_t width, height; /* of `page` */
};

/* Makes both sizes of a picture; the bytes live in `arena`. NO_PICTURE_REFUSED: not one of the
 * three formats, damaged, a bomb, or the worker died or was too slow. NO_TOO_LARGE past
 * PHOTO_BYTES_MAX or PHOTO_PIXELS_MAX. NO_IO_FAILED when no worker could be started. Takes up to a
 * second: for the pool, never a loop thread. */
no photo_make(struct arena *arena, str bytes, struct photo *photo) MUST_USE;

/* The worker's whole life: reads one picture from standard input, locks itself in, writes the
 * answer to standard output. Returns the exit code. */
int photo_worker(void);
/* How it locks itself in (doors/jail). */
bool photo_jail(void);

#endif
