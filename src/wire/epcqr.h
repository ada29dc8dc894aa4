/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The QR code that fills in a SEPA transfer: EPC069-12, "Quick Response Code: Guidelines to Enable
 * Data Capture for the Initiation of a SEPA Credit Transfer". Written as version 002, UTF-8; 001 is
 * read too.
 */
#ifndef WIRE_EPCQR_H
#define WIRE_EPCQR_H

#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { EPCQR_SIZE_MAX = 331, EPCQR_VERSION_MAX = 13 };

struct epcqr {
    str bic;              /* may be empty */
    str name;             /* who is paid, 1 to 70 characters */
    str iban;             /* any spelling iban_check takes */
    int64_t amount_cents; /* 1 to 99999999999; 0: the payer fills it in */
    str purpose;          /* up to 4 capitals or digits, or empty */
    str reference;        /* ISO 11649, or empty; */
    str text;             /* or words, up to 140 characters: never both */
    str note;             /* to the payer, up to 70 characters, or empty */
};

/* Why a payload is not one, in the order in which it is looked for. */
enum epcqr_flaw {
    EPCQR_GOOD,
    EPCQR_SHAPE, /* not BCD first, fewer than 7 lines or more than 12 */
    EPCQR_VERSION,
    EPCQR_CHARSET,
    EPCQR_IDENTIFICATION,
    EPCQR_BIC,
    EPCQR_BIC_REQUIRED, /* by version 001 */
    EPCQR_NAME,
    EPCQR_IBAN,
    EPCQR_AMOUNT,
    EPCQR_PURPOSE,
    EPCQR_REMITTANCE_BOTH,
    EPCQR_REFERENCE,
    EPCQR_TEXT,
    EPCQR_NOTE,
    EPCQR_TOO_LONG, /* past 331 bytes, though each field is short enough */
};

/* Writes the payload: lines joined by LF, nothing behind the last that is filled. NO_FIELD_MISSING
 * (name), NO_FIELD_NOT_AN_IBAN, NO_FIELD_NOT_AN_AMOUNT, NO_FIELD_TOO_LONG (name, text, note),
 * NO_FIELD_WRONG (BIC, purpose, reference, reference and text), NO_FIELD_CONTROL_CHARS,
 * NO_FIELD_NOT_UTF8, NO_TOO_LARGE. `out` must be empty; on no it may hold a part. */
no epcqr_write(struct buf *out, const struct epcqr *transfer) MUST_USE;
/* Reads a payload; `transfer` points into it and is written when EPCQR_GOOD. */
enum epcqr_flaw epcqr_parse(str payload, struct epcqr *transfer);
/* The payload as one SVG (wire/qr.h). NO_TOO_LARGE, NO_OUT_OF_MEMORY. */
no epcqr_svg(struct buf *out, str payload) MUST_USE;

#endif
