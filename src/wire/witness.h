/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a register and a witness send each other: a checkpoint to be cosigned, with the proof that
 * it keeps all that the witness had seen, and the answers. C2SP tlog-witness, POST add-checkpoint.
 * What the witness answers is decided in rules/witness.h.
 *
 *     old 1
 *     um6gds0T+43BzYVGK5MpwPFz8ko1rE3UGWZ8gH94KWU=
 *     TQ+0q5dk5p2mIsMbTMbvCye0mNw5NV6AmO3FoMWVocY=
 *
 *     coop.example/log
 *     3
 *     ...
 */
#ifndef WIRE_WITNESS_H
#define WIRE_WITNESS_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/no.h"
#include "base/str.h"
#include "wire/note.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WITNESS_HASHES_MAX = 63, WITNESS_BODY_MAX = NOTE_SIZE_MAX };

/* About 2 kB. `note` is the signed checkpoint as it was given, not looked into. */
struct witness_request {
    uint64_t old; /* the size that the register believes the witness to know; 0 for none */
    size_t hashes_n;
    uint8_t hashes[WITNESS_HASHES_MAX][HASH_SIZE];
    str note;
};

/* NO_WITNESS_REQUEST_MALFORMED: no line "old N", a fingerprint that is not 32 bytes of base64, more
 * than WITNESS_HASHES_MAX, no empty line before the note, no note, or past WITNESS_BODY_MAX. */
no witness_request_parse(str body, struct witness_request *request) MUST_USE;
/* The body; asserts what witness_request_parse asks for. */
void witness_request_put(struct buf *out, const struct witness_request *request);

/* The body of status 409, of this type: the size that the witness holds. Reading is false for
 * anything else: also what a witness says when it holds another root. */
#define WITNESS_SIZE_TYPE S("text/x.tlog.size")
void witness_size_put(struct buf *out, uint64_t size);
bool witness_size_parse(str body, uint64_t *size);

/* The body of status 200 is lines as note_cosign writes them. From it the cosignature of `witness`,
 * a key of type NOTE_COSIGNATURE, over the checkpoint `text`; of several the latest. Lines of
 * others are passed over and never kept: what is published was checked. NO_WITNESS_ANSWER_WRONG:
 * not lines of signatures, none of this witness, or one of it that does not hold. */
no witness_cosignature_find(str body, str text, const struct note_key *witness,
                            uint8_t cosignature[COSIGNATURE_SIZE]) MUST_USE;

#endif
