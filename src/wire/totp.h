/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Codes of an authenticator app: RFC 6238 over RFC 4226, HMAC-SHA1, 30 s, six digits, which is what
 * every app can do. Base32 of RFC 4648, because the secret is typed where a camera is missing.
 */
#ifndef WIRE_TOTP_H
#define WIRE_TOTP_H

#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOTP_SECRET_SIZE = 20, TOTP_PERIOD_S = 30, TOTP_DIGITS = 6, TOTP_DIGITS_MAX = 8 };

/* The code of `counter` (RFC 4226 5.3) with 6 to 8 digits, into `digits` bytes of `out`, not
 * zero-terminated. */
void totp_code(str secret, uint64_t counter, size_t digits, char *out);
/* The counter of a time in seconds since 1970, 0 or later. */
int64_t totp_step(int64_t at_s);

/* Whether `typed` (blanks allowed) is the code of the present step, the one before or the one
 * after, and of a step later than `last_step`, the last one this member used (-1: none), so that no
 * code works twice (RFC 6238 5.2). Takes the same time for each wrong code. NO_CODE_WRONG; else
 * `step` is the one to keep. */
no totp_check(str secret, str typed, int64_t now_s, int64_t last_step, int64_t *step) MUST_USE;

/* "otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=ISSUER" for the app; both are percent-encoded.
 */
void totp_put_uri(struct buf *out, str issuer, str account, str secret);

/* Base32 without padding; and back, blanks, hyphens, padding and small letters allowed: false on
 * anything else, or when it does not fit `size`; `len` bytes were written then. */
void totp_put_base32(struct buf *out, str bytes);
bool totp_read_base32(str text, uint8_t *out, size_t size, size_t *len);

#endif
