/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the texts of registers (note, checkpoint, proof, witness, policy) have in common: lines that
 * end in '\n', decimals written in one way only, and no control character. C2SP signed-note,
 * tlog-checkpoint.
 */
#ifndef WIRE_LINES_H
#define WIRE_LINES_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Largest size, index or time that these texts hold. */
#define LINES_NUMBER_MAX ((uint64_t)INT64_MAX)

/* Takes the next line from *rest, without its '\n'. False when nothing is left, or when what is
 * left has no '\n': half a line is none. */
bool lines_next(str *rest, str *line);
/* What follows `word` and one blank in `line`; false when it begins otherwise. */
bool lines_after(str line, str word, str *rest);
/* ASCII digits, no sign, no zero in front, at most LINES_NUMBER_MAX. */
bool lines_number(str digits, uint64_t *number);
void lines_put_number(struct buf *out, uint64_t number);
/* Valid UTF-8 without a byte below 0x20 but '\n'. */
bool lines_clean(str text);

/* Lines of 32 bytes in base64 up to an empty line, which is taken too: a proof. False when a line
 * is something else, when there are more than `max`, or the empty line is missing; *rest and
 * `hashes` may then have been written to. */
bool lines_hashes(str *rest, uint8_t (*hashes)[HASH_SIZE], size_t max, size_t *n);
/* The same, with the empty line. */
void lines_put_hashes(struct buf *out, const uint8_t (*hashes)[HASH_SIZE], size_t n);

#endif
