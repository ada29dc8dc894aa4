/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Money: whole minor units (cents, minutes) of a named unit, in int64_t. Never a float. A sum that
 * does not fit says so. The unit travels with the amount, so that an amount can always be written
 * down without asking anyone.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include "base/buf.h"
#include "base/lang.h"
#include "base/no.h"
#include "base/str.h"

#include <stdint.h>

/* Kinds of currency (specs/ledger.md 1.1). Time counts minutes and is written "1 h 30". */
enum unit_kind { UNIT_FIAT = 1, UNIT_MUTUAL = 2, UNIT_TIME = 3, UNIT_POINTS = 4, UNIT_KINDS = 5 };

/* One currency of the co-op; `code` is "EUR", "FIL", "HOUR" (upper case, zero-padded). */
struct unit {
    int32_t id;
    uint8_t kind, exponent; /* enum unit_kind; digits behind the comma: EUR 2, HOUR 0 */
    char code[10];
};

typedef struct money {
    int64_t minor;
    struct unit unit;
} money;

/* Largest single amount, 2^53-1: exact in JSON and JavaScript too. */
#define MONEY_MAX INT64_C(9007199254740991)

/* Sum and difference; NO_CURRENCY_DIFFERS, NO_SUM_WOULD_OVERFLOW. */
no money_add(money a, money b, money *sum) MUST_USE;
no money_sub(money a, money b, money *difference) MUST_USE;
/* amount * times / per, rounded down (towards minus infinity); per > 0. NO_SUM_WOULD_OVERFLOW. */
no money_share(int64_t amount, int64_t times, int64_t per, int64_t *floored) MUST_USE;

/* As people write it. English "€1,234.50", "£3.00", "$5.00", others by code: "12.50 FIL", "1,234.50
 * SEK"; French "1 234,50 €" with U+202F between thousands and before the sign or code. Time "1 h
 * 30", "30 min" below an hour, "3 h" for whole hours (French with U+202F, English with spaces).
 * Negative with U+2212 in front. */
void money_put(struct buf *out, enum lang lang, money amount);
/* As programs read it: "1234.50", "-3", minutes for time ("90"); no sign, no grouping. For CSV and
 * accounting formats, and never as a form's value: money_parse reads a bare "90" of time as hours.
 */
void money_put_plain(struct buf *out, money amount);
/* As a form's value: what money_parse reads back exactly, in any language: "1234.50", "1:30" for
 * time. */
void money_put_field(struct buf *out, money amount);
/* An integer with grouped digits in the language: "48,213" / "48 213". */
void money_put_count(struct buf *out, enum lang lang, int64_t count);

/* Reads what a person typed in a field: "12", "12,5", "12.50", "1 234,50", "1,234.50", "€12", "12
 * €", "12 EUR", "12 fil"; for time "1:30", "1 h 30", "1h30", "90 min", "1.5" (hours). A leading '-'
 * or U+2212 is read. Empty is NO_FIELD_MISSING. NO_FIELD_NOT_AN_AMOUNT: more decimals than the unit
 * has, another currency's sign, groups that are not of three digits, or one separator that could be
 * either ("1,234" of EUR). NO_AMOUNT_TOO_LARGE past MONEY_MAX. */
no money_parse(str typed, struct unit unit, int64_t *minor) MUST_USE;

#endif
