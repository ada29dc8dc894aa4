/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * QR codes as SVG, by libqrencode.
 */
#ifndef WIRE_QR_H
#define WIRE_QR_H

#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

/* `text` (1 byte or more, taken as bytes) as one <svg class="qr"> with a white square and one path
 * of dark modules, the quiet zone of four modules included; black on white whatever the theme,
 * because scanners want it so. It has no title: what it says stands beside it in words, so it is
 * hidden from screen readers. Error correction M, at most version `version_max` (1..40).
 * NO_TOO_LARGE when it does not fit, NO_OUT_OF_MEMORY; `out` is untouched on no but may have
 * failed. */
no qr_svg(struct buf *out, str text, int version_max) MUST_USE;

#endif
