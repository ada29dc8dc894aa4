/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the checker and the reader of entries both know. Private to jcs*.c.
 */
#ifndef WIRE_JCS_IN_H
#define WIRE_JCS_IN_H

#include "base/str.h"

#include <stdbool.h>

/* The byte below 0x20 that the first five characters of `rest`, "u00xx" in small letters, stand
 * for; -1 when they do not. */
int jcs_control(str rest);
/* A character of a name, the first or a later one; `c` is a byte or -1. */
bool jcs_is_name_char(int c, bool later);

#endif
