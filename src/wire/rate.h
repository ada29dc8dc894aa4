/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A rate of exchange that a person gave on the command line, kept as a fraction, and the one
 * conversion of the importers. The house knows no rate of its own (specs/ledger.md 1.1: no rate
 * unless voted).
 */
#ifndef WIRE_RATE_H
#define WIRE_RATE_H

#include "base/no.h"
#include "base/str.h"

#include <stdint.h>

/* One unit of `code` is worth numerator / denominator units of the co-op's currency; both > 0,
 * reduced. */
struct rate {
    char code[9]; /* "SEK", zero-padded */
    int64_t numerator, denominator;
};

/* "SEK=0.088" or "SEK=0,088": a code of 2 to 8 capitals or digits, a decimal number above 0 and at
 * most 1,000,000 with at most 12 decimals. NO_RATE_MISSING when there is no '=', NO_FIELD_WRONG for
 * the code, NO_FIELD_NOT_A_NUMBER, NO_FIELD_NOT_AN_AMOUNT (more decimals), NO_FIELD_OUT_OF_RANGE.
 */
no rate_parse(str text, struct rate *rate) MUST_USE;

/* `minor` units with `from` decimals to units with `to` decimals (0..4), rounded half to even, so
 * that a long list is wrong by nothing in one direction. |minor| <= MONEY_MAX; NO_AMOUNT_TOO_LARGE
 * past it. */
no rate_convert_half_even(const struct rate *rate, int64_t minor, unsigned from, unsigned to,
                          int64_t *converted) MUST_USE;

#endif
