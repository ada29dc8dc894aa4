/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A checkpoint: in three lines, which register, how many entries, and the fingerprint of all of
 * them (the root); and the cosignature by which a witness says: at this time, this was the largest
 * consistent tree that I had seen of this register. C2SP tlog-checkpoint and tlog-cosignature
 * (cosignature/v1). How checkpoints are signed and carried is wire/note.h.
 *
 *     coop.example/log
 *     3
 *     qFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=
 */
#ifndef WIRE_CHECKPOINT_H
#define WIRE_CHECKPOINT_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/no.h"
#include "base/sign.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    CHECKPOINT_ORIGIN_MAX = 255, /* bytes */
    CHECKPOINT_TEXT_MAX = 4096,  /* with lines of others, which we read and never write */
    COSIGNATURE_SIZE = 8 + SIGN_SIZE
};

/* `more` are lines after the third, each with its '\n'; empty in every checkpoint of ours. Texts
 * point into what was read. */
struct checkpoint {
    str origin;
    uint64_t size; /* entries; at most 2^63 - 1 */
    uint8_t root[HASH_SIZE];
    str more;
};

/* NO_CHECKPOINT_MALFORMED: not origin, decimal size and 32 bytes of base64 in lines that end in
 * '\n', an origin past CHECKPOINT_ORIGIN_MAX, an empty line, a text past CHECKPOINT_TEXT_MAX, bytes
 * that are not UTF-8, a control character; or size 0 with a root that is not the root of nothing.
 */
no checkpoint_parse(str text, struct checkpoint *checkpoint) MUST_USE;
/* The same, but the root of size 0 is not looked at: for a witness, who answers that with a status
 * of its own (rules/witness.h). */
no checkpoint_read(str text, struct checkpoint *checkpoint) MUST_USE;
/* Writes the three lines; `more` must be empty (asserted). NO_CHECKPOINT_MALFORMED when reading
 * them would refuse them; nothing is then written. */
no checkpoint_put(struct buf *out, const struct checkpoint *checkpoint) MUST_USE;

/* --- cosignatures ---------------------------------------------------------------------------- */

/* The cosignature over a checkpoint's whole text at `time_s` (seconds since 1970): the time as 8
 * bytes, high first, then Ed25519. The pair must be used for nothing else: the message does not
 * carry its name. NO_CHECKPOINT_MALFORMED as checkpoint_parse, and for a time past 2^63 - 1. */
no cosignature_make(const struct sign_pair *pair, uint64_t time_s, str text,
                    uint8_t out[COSIGNATURE_SIZE]) MUST_USE;
/* Checked as notes are (sign_holds); false also when `text` is no checkpoint. */
bool cosignature_holds(const uint8_t key[SIGN_KEY_SIZE],
                       const uint8_t cosignature[COSIGNATURE_SIZE], str text);
uint64_t cosignature_time_s(const uint8_t cosignature[COSIGNATURE_SIZE]);

#endif
