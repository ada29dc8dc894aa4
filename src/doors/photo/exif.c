/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/photo/pixels.h"

enum { TAG_ORIENTATION = 0x0112, ENTRY = 12 };

static unsigned get(str s, size_t at, size_t len, bool big)
{
    unsigned value = 0;

    for (size_t i = 0; i < len; i++)
        value |= (unsigned)(uint8_t)s.ptr[at + i] << 8 * (big ? len - 1 - i : i);
    return value;
}

/* The TIFF block inside an APP1 segment: its first directory is all that is looked at. */
static int of_tiff(str tiff)
{
    if (tiff.len < 8)
        return 1;
    const bool big = tiff.ptr[0] == 'M';
    const size_t directory = get(tiff, 4, 4, big);

    if (directory > tiff.len || tiff.len - directory < 2)
        return 1;
    const size_t entries = get(tiff, directory, 2, big);

    for (size_t i = 0; i < entries; i++) {
        const size_t at = directory + 2 + i * ENTRY;

        if (at > tiff.len || tiff.len - at < ENTRY)
            return 1;
        if (get(tiff, at, 2, big) == TAG_ORIENTATION) {
            const unsigned value = get(tiff, at + 8, 2, big);

            return value >= 1 && value <= 8 ? (int)value : 1;
        }
    }
    return 1;
}

int pixels_orientation(str jpeg)
{
    size_t at = 2;

    while (at + 4 <= jpeg.len && (uint8_t)jpeg.ptr[at] == 0xff) {
        const unsigned marker = (uint8_t)jpeg.ptr[at + 1];
        const size_t len = get(jpeg, at + 2, 2, true);

        if (marker == 0xda || len < 2 || len > jpeg.len - at - 2)
            return 1;
        const str segment = str_sub(jpeg, at + 4, len - 2);

        if (marker == 0xe1 && str_starts(segment, (str){"Exif\0\0", 6}))
            return of_tiff(str_sub(segment, 6, segment.len));
        at += 2 + len;
    }
    return 1;
}
