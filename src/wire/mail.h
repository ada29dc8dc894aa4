/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A letter as bytes (RFC 5322, MIME 2045 and 2047): plain text in UTF-8, quoted-printable, so that
 * no server on its way may change it. Nothing that people typed can begin a header line: control
 * characters in a header are refused, everything that is not plain ASCII is encoded.
 */
#ifndef WIRE_MAIL_H
#define WIRE_MAIL_H

#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum { MAIL_ADDRESS_MAX = 254, MAIL_LINE_MAX = 76 };

struct mail {
    str from_name, from; /* the name may be empty */
    str to;
    str subject;
    str id;          /* "12.1763900000@coop.example", unique; without brackets */
    int64_t at_ns;   /* Date */
    str unsubscribe; /* an https or http address that a POST switches off (RFC 8058); may be empty
                      */
    str lang;        /* "fr" */
    str body;        /* lines ended by \n */
};

/* Lines end with CR LF. NO_FIELD_NOT_AN_EMAIL: `from` or `to` is no plain address (one '@',
 * printable ASCII without blanks, quotes, brackets, commas or semicolons); NO_FIELD_CONTROL_CHARS:
 * a control character in the name, subject, id or address of a page; NO_FIELD_NOT_UTF8. `out` is
 * untouched on no. */
no mail_write(struct buf *out, const struct mail *mail) MUST_USE;
/* Whether it may stand between angle brackets. */
bool mail_address_good(str address);

/* --- the pieces, for tests ------------------------------------------------------------------- */

/* A header's text: as it is when it is plain and short, else encoded words (RFC 2047) of at most 75
 * bytes, folded; `column` is where the line stands. */
void mail_put_words(struct buf *out, str text, size_t column);
/* RFC 2045 6.7, lines of at most 76 bytes. */
void mail_put_quoted(struct buf *out, str text);

#endif
