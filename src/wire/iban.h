/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Account numbers and banks' codes: IBAN (ISO 13616, lengths and shapes of 89 countries), BIC (ISO
 * 9362).
 */
#ifndef WIRE_IBAN_H
#define WIRE_IBAN_H

#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>

enum { IBAN_SIZE_MAX = 34 };

/* What is wrong with a number, in the order in which it is looked for. */
enum iban_flaw {
    IBAN_GOOD,
    IBAN_FORMAT,            /* not two letters, two digits, then letters and digits */
    IBAN_COUNTRY,           /* no such country in the registry */
    IBAN_LENGTH,            /* not as long as the country's */
    IBAN_SHAPE,             /* letters where the country has digits */
    IBAN_CHECKDIGITS_RANGE, /* 00, 01 and 99 are never given out (ISO 7064) */
    IBAN_CHECKSUM,
};

/* An IBAN as banks want it: capitals, no blank, zero-terminated. */
struct iban {
    char text[IBAN_SIZE_MAX + 1];
    uint8_t len;
};

/* Reads what a person typed: blanks (also no-break ones) anywhere, small letters. `iban` is written
 * when the answer is IBAN_GOOD. */
enum iban_flaw iban_check(str typed, struct iban *iban);
/* The same for forms: NO_FIELD_MISSING when nothing but blanks, NO_FIELD_NOT_AN_IBAN. */
no iban_parse(str typed, struct iban *iban) MUST_USE;
str iban_str(const struct iban *iban);
/* Groups of four, as printed: "FR14 2004 1010 ...". For people; give machines iban_str. */
void iban_put(struct buf *out, const struct iban *iban);
/* Whether the account can be paid by a SEPA transfer (EPC409-09, by country). */
bool iban_is_sepa(const struct iban *iban);

enum bic_flaw { BIC_GOOD, BIC_FORMAT, BIC_LENGTH };
/* ISO 9362:2022, the pattern of pain.001.001.09: [A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?,
 * capitals only. */
enum bic_flaw bic_check(str bic);

/* --- for rf.c and nothing else --------------------------------------------------------------- */

/* ISO 7064 MOD 97-10 over letters (A = 10) and digits: the first four characters are read last. */
unsigned iban_mod_97(str moved);

#endif
