/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Pictures as pixels: three decoders, a turn, a smaller copy, one encoder. Runs in the worker only.
 * Private to this room.
 */
#ifndef DOORS_PHOTO_PIXELS_H
#define DOORS_PHOTO_PIXELS_H

#include "base/arena.h"
#include "base/no.h"
#include "base/str.h"

/* RGB, three bytes a pixel, rows without padding, at most PHOTO_SIDE_MAX on a side. */
struct pixels {
    uint8_t *rgb;
    int width, height;
};

/* Decodes JPEG (already scaled towards `wanted` pixels of width), PNG (on white) or WebP, told by
 * its first bytes, and turns it as EXIF says. NO_PICTURE_REFUSED, NO_TOO_LARGE. */
no pixels_read(struct arena *arena, str bytes, int wanted, struct pixels *pixels) MUST_USE;
/* At most `width` wide, the height in proportion; a smaller one stays as it is. */
no pixels_fit(struct arena *arena, const struct pixels *from, int width,
              struct pixels *to) MUST_USE;
/* WebP of at most `most` bytes, by lowering the quality; NO_PICTURE_REFUSED when even the lowest is
 * larger. */
no pixels_write(struct arena *arena, const struct pixels *pixels, size_t most, str *webp) MUST_USE;

/* Orientation 1..8 of a JPEG's EXIF block (TIFF 6.0 tag 0x0112), 1 when there is none or it is
 * damaged. */
int pixels_orientation(str jpeg);

#endif
