/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Creditor references of ISO 11649: "RF", two check digits, up to 21 letters and digits. Banks
 * carry them untouched, so that a transfer finds its order without a person reading the text.
 */
#ifndef WIRE_RF_H
#define WIRE_RF_H

#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdint.h>

enum { RF_SIZE_MAX = 25, RF_BODY_SIZE_MAX = 21 };

enum rf_flaw { RF_GOOD, RF_PREFIX, RF_LENGTH, RF_FORMAT, RF_CHECKSUM };

/* A reference as machines want it: capitals, no blank, zero-terminated. */
struct rf {
    char text[RF_SIZE_MAX + 1];
    uint8_t len;
};

/* The reference over `body`, 1 to 21 letters or digits. NO_FIELD_MISSING, NO_FIELD_TOO_LONG,
 * NO_FIELD_WRONG. */
no rf_make(str body, struct rf *rf) MUST_USE;
/* The reference of an order: its number, 1 or more, without leading zeros. Order 539007547034 is
 * RF18539007547034. */
struct rf rf_of_order(int64_t order);
/* The order of such a reference; NO_FIELD_WRONG when it is not one of ours (letters, zeros before).
 */
no rf_order(const struct rf *rf, int64_t *order) MUST_USE;
/* Reads what a person or a bank wrote, blanks anywhere, small letters. `rf` is written when
 * RF_GOOD. */
enum rf_flaw rf_check(str typed, struct rf *rf);
str rf_str(const struct rf *rf);
/* Groups of four: "RF18 5390 0754 7034". */
void rf_put(struct buf *out, const struct rf *rf);

#endif
