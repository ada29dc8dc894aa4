/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Decimal numbers in files of others, read exactly: digits become a whole number of units, never a
 * float. "59.31389" in millionths is 59313890.
 */
#ifndef WIRE_DECIMAL_H
#define WIRE_DECIMAL_H

#include "base/no.h"
#include "base/str.h"

#include <stdint.h>

enum { DECIMAL_PLACES_MAX = 12 };

/* What becomes of digits behind the last place kept. Zeros never matter. */
enum decimal_rest {
    DECIMAL_EXACT,     /* refused */
    DECIMAL_HALF_EVEN, /* rounded to the nearest, halves to the even neighbour */
};

/* `text` ("-12", "0.5", "12.3456"; a dot, digits on both sides of it, no blank) times 10^places,
 * places 0..DECIMAL_PLACES_MAX. NO_FIELD_MISSING when empty, NO_FIELD_NOT_A_NUMBER,
 * NO_FIELD_OUT_OF_RANGE past int64_t; NO_FIELD_NOT_AN_AMOUNT for a rest that DECIMAL_EXACT refuses.
 */
no decimal_parse(str text, unsigned places, enum decimal_rest rest, int64_t *scaled) MUST_USE;

/* What a comma means where the file does not say: "1,234.50" of an English one, "12,50" of a
 * French. */
enum decimal_comma { DECIMAL_COMMA_GROUPS, DECIMAL_COMMA_DECIDES };

/* A price as shops write it, in minor units of `exponent` digits (0..4): sign of a currency or
 * three capitals before or behind ("$1,234.00", "12,50 €", "SEK 90"), thousands in groups of three
 * by blank, apostrophe or the other mark. NO_FIELD_MISSING, NO_FIELD_NOT_AN_AMOUNT (also more
 * decimals than the currency has, and a group that is not three digits: "1,23" is a guess with
 * DECIMAL_COMMA_GROUPS), NO_FIELD_OUT_OF_RANGE below zero, NO_AMOUNT_TOO_LARGE past MONEY_MAX. */
no decimal_parse_price(str text, enum decimal_comma comma, unsigned exponent,
                       int64_t *minor) MUST_USE;

/* A whole number from `least` to `most`. NO_FIELD_MISSING, NO_FIELD_NOT_A_NUMBER,
 * NO_FIELD_OUT_OF_RANGE. */
no decimal_parse_count(str text, int64_t least, int64_t most, int64_t *count) MUST_USE;

#endif
