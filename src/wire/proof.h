/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A proof in a file, which a member keeps and can check without asking anyone: where the entry
 * stands, the fingerprints from it up to the root, and the cosigned checkpoint that has the root.
 * C2SP tlog-proof, ".tlog-proof". This file reads and writes; that the proof holds say
 * rules/tree.h (entry and root) and wire/policy.h (the checkpoint).
 *
 *     c2sp.org/tlog-proof@v1
 *     index 1
 *     fsRk/KKB3mnnooxqBgFQ6GxwYln98uHQfT4VTmAnUXA=
 *
 *     coop.example/log
 *     ...
 */
#ifndef WIRE_PROOF_H
#define WIRE_PROOF_H

#include "base/buf.h"
#include "base/hash.h"
#include "base/no.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

enum { PROOF_HASHES_MAX = 63, PROOF_SIZE_MAX = 1 << 20 };

/* About 2 kB. `extra` is base64 of anything, or empty; it is not signed and proves nothing. `note`
 * is the checkpoint as it was given, not looked into. Texts point into what was read. */
struct proof {
    str extra;
    uint64_t index;
    size_t hashes_n;
    uint8_t hashes[PROOF_HASHES_MAX][HASH_SIZE]; /* the leaf's sibling first */
    str note;
};

/* NO_PROOF_MALFORMED: another first line, an extra or a fingerprint that is not base64 in its one
 * form, an index that is no decimal, more than PROOF_HASHES_MAX fingerprints, no empty line before
 * the note, no note, or a file past PROOF_SIZE_MAX. */
no proof_parse(str bytes, struct proof *proof) MUST_USE;
/* The file; asserts what proof_parse asks for. */
void proof_put(struct buf *out, const struct proof *proof);

#endif
