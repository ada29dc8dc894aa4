/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Identifiers that leave the house: UUIDv7 (RFC 9562 section 5.7), 16 bytes, ordered by time.
 * Inside, rows have dense int64_t ids.
 */
#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct uid {
    uint8_t bytes[16];
} uid;

/* From a clock in milliseconds since 1970 (not before) and 10 unpredictable bytes. */
uid uid_make(int64_t now_ms, const uint8_t chance[10]);
/* SHA-256(key || leg as 4 bytes, high first) cut to 16 bytes with version 8 bits set: ids inside a
 * command are derived, never random. */
uid uid_derive(str key, uint32_t leg);
bool uid_eq(uid a, uid b);
bool uid_is_zero(uid u);
/* "0190a6f2-..." : 36 characters, no terminator; and back (false unless exactly that form, in lower
 * case). */
void uid_write(uid u, char out[36]);
bool uid_parse(str s, uid *out);

#endif
