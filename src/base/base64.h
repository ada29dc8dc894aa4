/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Bytes as text by RFC 4648 section 4, with padding, in the one form that writing gives: a text
 * with blanks or line breaks, a missing '=', or spare bits that are not zero (section 3.5) is not
 * read, so that no two texts are the same bytes. Unpadded base64url is in base/hash.h.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Characters that `len` bytes need. */
#define BASE64_SIZE(len) (((len) + 2) / 3 * 4)

/* Exactly BASE64_SIZE(len) characters, no terminator. */
void base64_write(const void *bytes, size_t len, char *out);
void base64_put(struct buf *out, const void *bytes, size_t len);

/* How many bytes the text is; false when it is not in the one form. */
bool base64_len(str text, size_t *len);
/* The bytes of the text, exactly `len`; false on another length or form, `out` is then untouched.
 */
bool base64_read(str text, uint8_t *out, size_t len);

/* Like base64_len, but the spare bits may be anything: such a text is not read, but a reader that
 * must tell a strange spelling from no base64 at all can. */
bool base64_len_any_spare(str text, size_t *len);

#endif
