/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the signer's process does: it keeps the keys, and for each register (origin) the last
 * checkpoint that it signed, and signs only what keeps all of that. Our own log and those of other
 * co-ops are one act with two keys (rules/witness.h): the log's key signs the checkpoints of our
 * register, the witness's key cosigns those of others. What was signed is on disk, and synced,
 * before the signature leaves; nothing is remembered but on disk.
 *
 *     DATA/signer/              0700, never in a backup
 *         log.key  witness.key  seeds, 64 hex digits, 0600
 *         log-old.key           while a rotation lasts: both sign
 *         state/HEX             the last note of the origin with this SHA-256
 *         lock                  one keeper at a time
 *
 * A keeper is not for two threads. Offline commands use it too; they then hold the lock.
 */
#ifndef DOORS_SIGNER_KEEPER_H
#define DOORS_SIGNER_KEEPER_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/no.h"
#include "base/sign.h"
#include "base/str.h"
#include "rules/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEEPER_LOGS_MAX = 2, KEEPER_NOTE_MAX = 64 * 1024, KEEPER_TRUSTED_MAX = 32 };

struct keeper {
    int folder, state, lock;
    size_t logs_n;
    struct sign_pair logs[KEEPER_LOGS_MAX]; /* the newest first */
    struct sign_pair witness;
    struct hash_sha256_ctx sha;
    bool unsure; /* a rename may not have reached the disk: settle before anything leaves */
};

/* Opens DATA/signer, under the lock. At first use (no folder, or an empty one) it is made, with new
 * keys. Nos, each said in the log with the file:
 * NO_SIGNER_RUNNING: another has the lock.
 * NO_SIGNER_KEYS_EXPOSED: a file or folder is not ours alone.
 * NO_SIGNER_KEY_DAMAGED: not 64 hex digits, or the two keys are one.
 * NO_SIGNER_KEY_MISSING: there is state and no key: a new one would be another register's.
 * NO_SIGNER_STATE_MISSING: there are keys and no state/: the folder came from a copy of the keys,
 * and what they signed since is not known.
 * NO_IO_FAILED, NO_STORE_FULL. */
no keeper_open(struct keeper *keeper, const char *data) MUST_USE;
/* Gives the lock back and wipes the keys. */
void keeper_close(struct keeper *keeper);

/* --- keys ------------------------------------------------------------------------------------ */

/* Verifier keys (wire/note.h), a line each, in the arena. */
struct keeper_vkeys {
    str logs; /* the newest first; two while a rotation lasts */
    str witness;
};
/* The names under which the keys sign: the log's is the origin; the witness's has "/witness" where
 * the origin has "/log", or behind it. NO_KEY_MALFORMED when the origin cannot be a name. */
no keeper_vkeys(const struct keeper *keeper, struct arena *arena, str origin,
                struct keeper_vkeys *vkeys) MUST_USE;

/* The offline commands: each opens DATA/signer as keeper_open does, with its nos, and closes it. */

/* `filon log keygen`: the keys of a folder that has none. NO_SIGNER_KEY_THERE. */
no keeper_keygen(const char *data, struct arena *arena, str origin,
                 struct keeper_vkeys *vkeys) MUST_USE;
/* `filon log rotate`: a new key of the log; the old one signs beside it until keeper_retire.
 * NO_SIGNER_KEY_THERE when a rotation lasts already. */
no keeper_rotate(const char *data, struct arena *arena, str origin,
                 struct keeper_vkeys *vkeys) MUST_USE;
/* The end of a rotation: the old key is removed. NO_NOT_FOUND when none lasts; NO_TOO_EARLY while
 * the new key has not signed yet (the state would then be nobody's). */
no keeper_retire(const char *data, struct arena *arena, str origin,
                 struct keeper_vkeys *vkeys) MUST_USE;

/* --- signing --------------------------------------------------------------------------------- */

/* All of them: NO_SIGNER_STATE_DAMAGED when what is on disk for the origin cannot be read or no
 * longer bears a signature of ours; it is never taken for "never signed". NO_SIGNER_KEYS_EXPOSED.
 * NO_STORE_FULL, NO_IO_FAILED: nothing was signed; what is remembered is as before, or, when only
 * the last sync failed, the new checkpoint: asking the same from its size is then a refresh.
 * NO_OUT_OF_MEMORY. Texts are in the arena. */

/* A checkpoint of our own register, and the proof that it keeps what we signed at `old_size`. */
struct keeper_ask {
    str origin;
    uint64_t old_size;
    const struct tree_hash *proof;
    size_t proof_n;
    str text; /* exactly three lines (wire/checkpoint.h) */
};
/* The signature lines, one for each key of the log. NO_CHECKPOINT_MALFORMED: also of another
 * origin, or with more lines. NO_SIGNER_ELSEWHERE: `old_size` is not the size of the last that was
 * signed (0: never); keeper_last has it, with its signatures. NO_SIGNER_WOULD_FORK: smaller,
 * another root at one size, or a proof that does not hold. NO_NOT_ALLOWED: the origin is one that
 * we cosign. The same again is signed again. */
no keeper_sign(struct keeper *keeper, struct arena *arena, const struct keeper_ask *ask,
               str *lines) MUST_USE;

/* What another register's add-checkpoint asks of us as a witness (C2SP tlog-witness). */
struct keeper_request {
    str own;       /* our origin, for the name of the witness */
    str log_vkeys; /* of the registers that we cosign, a line each; may have several of one name */
    str body;
    uint64_t now_s; /* seconds since 1970; the cosignature is never older than the last one */
};
/* `status` is HTTP's (rules/witness.h); `body` the cosignature line at 200, the size at 409, else
 * empty. */
struct keeper_answer {
    int status;
    str body;
};
/* NO_KEY_MALFORMED, NO_KEY_KIND_UNKNOWN, NO_TOO_LARGE: of log_vkeys (more than KEEPER_TRUSTED_MAX
 * of the origin). Our own register is unknown (404) here: it is signed, not cosigned. */
no keeper_cosign(struct keeper *keeper, struct arena *arena, const struct keeper_request *request,
                 struct keeper_answer *answer) MUST_USE;

/* The last note that was signed for the origin, whole, with the signatures that were checked and
 * ours. NO_NOT_FOUND: never. */
no keeper_last(struct keeper *keeper, struct arena *arena, str origin, str *note) MUST_USE;

#endif
