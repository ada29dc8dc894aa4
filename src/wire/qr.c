/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/qr.h"

#include <assert.h>
#include <qrencode.h>
#include <stdbool.h>

enum { QUIET = 4, VERSION_MOST = 40, BYTES_MOST = 2331 /* version 40, correction M, byte mode */ };

static bool is_dark(const QRcode *code, int row, int column)
{
    return column < code->width && (code->data[row * code->width + column] & 1) != 0;
}

/* Each run of dark modules of a row as one rectangle. */
static void put_row(struct buf *out, const QRcode *code, int row)
{
    for (int column = 0; column < code->width;) {
        int run = 0;

        while (is_dark(code, row, column + run))
            run++;
        if (run > 0)
            buf_printf(out, "M%d %dh%dv1h-%dz", column + QUIET, row + QUIET, run, run);
        column += run > 0 ? run : 1;
    }
}

static void put_svg(struct buf *out, const QRcode *code)
{
    const int side = code->width + 2 * QUIET;

    buf_printf(out,
               "<svg class=\"qr\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
               "aria-hidden=\"true\" focusable=\"false\" shape-rendering=\"crispEdges\">"
               "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
               side, side, side * 4, side * 4, side, side);
    for (int row = 0; row < code->width; row++)
        put_row(out, code, row);
    buf_put(out, S("\"/></svg>"));
}

no qr_svg(struct buf *out, str text, int version_max)
{
    assert(text.len > 0 && version_max >= 1 && version_max <= VERSION_MOST);
    if (text.len > BYTES_MOST)
        return NO_TOO_LARGE;
    QRcode *code =
        QRcode_encodeData((int)text.len, (const unsigned char *)text.ptr, 0, QR_ECLEVEL_M);

    /* Its only other failure, too much data, was ruled out above. */
    if (code == NULL)
        return NO_OUT_OF_MEMORY;
    const bool fits = code->version <= version_max;

    if (fits)
        put_svg(out, code);
    QRcode_free(code);
    if (!fits)
        return NO_TOO_LARGE;
    return buf_failed(out) ? NO_OUT_OF_MEMORY : YES;
}
