/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Character references of HTML: the 252 names of HTML 4 and apos, and numbers.
 */
#ifndef WIRE_ENTITIES_H
#define WIRE_ENTITIES_H

#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

/* The character that `text` begins with a reference to ("&eacute;", "&#233;", "&#xE9;"; the
 * semicolon may be missing behind a number) and its length in bytes; 0 when it does not begin with
 * one, so that "&" stands for itself. Numbers 128 to 159 are read as Windows-1252, as browsers do;
 * what is no character is U+FFFD. */
size_t entities_read(str text, uint32_t *point);

#endif
