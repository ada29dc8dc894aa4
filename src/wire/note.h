/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Signed notes: a text, an empty line, and one line for each signature. C2SP signed-note. Who
 * signed is a pair of a name and a short id; that the pair is known, and whose public key it
 * stands for, the reader must have from elsewhere, as a verifier key:
 *
 *     coop.example/log+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4
 *
 * Names are not empty and have no blank of Unicode and no '+'. Texts point into what was read.
 */
#ifndef WIRE_NOTE_H
#define WIRE_NOTE_H

#include "base/buf.h"
#include "base/no.h"
#include "base/sign.h"
#include "base/str.h"
#include "wire/checkpoint.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NOTE_SIZE_MAX = 1 << 20,
    NOTE_LINES_MAX = 100,
    NOTE_NAME_MAX = 255,                  /* of a known key; others may be longer */
    NOTE_SIGNATURE_MAX = COSIGNATURE_SIZE /* of the kinds we know */
};

/* The kinds of keys that can be known; others (0x06, ML-DSA-44, with lines of up to 5 kB) are read
 * over in notes. */
enum note_key_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };

struct note_key {
    str name;
    uint32_t id;
    enum note_key_type type;
    uint8_t public_key[SIGN_KEY_SIZE];
};

/* One line of signature. `signature` holds the bytes behind the id when `size`, their number, is at
 * most NOTE_SIGNATURE_MAX; else it is a kind that cannot be known. `size` is 0 when the base64 has
 * spare bits that are not zero: others read such a line, so it does not spoil a note, but nobody's
 * signature is written so. */
struct note_line {
    str name;
    uint32_t id;
    size_t size;
    uint8_t signature[NOTE_SIGNATURE_MAX];
};

/* About 11 kB. `text` ends in '\n'. */
struct note {
    str text;
    size_t lines_n; /* at least one */
    struct note_line lines[NOTE_LINES_MAX];
};

bool note_name_valid(str name);

/* --- keys ------------------------------------------------------------------------------------ */

/* A key with the id that follows from the rest. NO_KEY_MALFORMED when the name is not valid or past
 * NOTE_NAME_MAX. */
no note_key_make(str name, enum note_key_type type, const uint8_t public_key[SIGN_KEY_SIZE],
                 struct note_key *key) MUST_USE;
/* NO_KEY_MALFORMED: not name, id in lower-case hex and base64 joined by '+', or an id that does not
 * follow from the rest; NO_KEY_KIND_UNKNOWN: a type that is not of enum note_key_type. */
no note_key_parse(str vkey, struct note_key *key) MUST_USE;
void note_key_put(struct buf *out, const struct note_key *key);

/* --- reading --------------------------------------------------------------------------------- */

/* NO_NOTE_MALFORMED: past NOTE_SIZE_MAX or NOTE_LINES_MAX, not UTF-8, a control character but '\n',
 * no empty line, no or half a signature line, or one that is not "— NAME BASE64" with at least one
 * byte behind the id. The last empty line parts text and signatures. Nothing is verified. */
no note_parse(str bytes, struct note *note) MUST_USE;
/* One line, without its '\n'. NO_NOTE_MALFORMED. */
no note_line_parse(str line, struct note_line *parsed) MUST_USE;
/* Whether the line says that it is of this key. */
bool note_line_is_of(const struct note_line *line, const struct note_key *key);
/* Whether it is, and holds over `text`. */
bool note_line_holds(const struct note_line *line, const struct note_key *key, str text);

/* Checks every line of a known key; lines of unknown pairs of name and id are passed over.
 * NO_SIGNATURE_BAD when one of a known key does not hold, also beside others that do;
 * NO_NOTE_UNSIGNED when no known key signed. `held`, unless NULL, has known_n places and says who
 * signed. */
no note_verify(const struct note *note, const struct note_key *known, size_t known_n,
               bool *held) MUST_USE;

/* --- signing --------------------------------------------------------------------------------- */

/* A note is its text, then '\n', then these lines; each appends one line and nothing else. The key
 * must be the pair's and of the kind (asserted). note_sign: NO_NOTE_MALFORMED when the text does
 * not end in '\n' or may not stand in a note. note_cosign: NO_CHECKPOINT_MALFORMED as
 * cosignature_make. */
no note_sign(struct buf *out, str text, const struct note_key *key,
             const struct sign_pair *pair) MUST_USE;
no note_cosign(struct buf *out, str text, const struct note_key *key, const struct sign_pair *pair,
               uint64_t time_s) MUST_USE;
/* A line of bytes that were signed before: a cosignature that was kept. */
void note_put_line(struct buf *out, const struct note_key *key, const uint8_t *signature,
                   size_t size);

#endif
