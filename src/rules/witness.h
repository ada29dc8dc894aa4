/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Being a witness, and having witnesses. A witness remembers, for each register that it knows, the
 * largest tree it has seen, and signs only what keeps all of that. A register asks its witnesses
 * before it publishes, and stops when one of them holds what it never signed. C2SP tlog-witness.
 *
 * The state is read, decided on and written in one transaction, and is safe on disk before the
 * answer leaves: two answers from one state would be the fork that witnesses are there to prevent.
 */
#ifndef RULES_WITNESS_H
#define RULES_WITNESS_H

#include "base/hash.h"
#include "rules/tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- the witness ----------------------------------------------------------------------------- */

enum { WITNESS_PROOF_MAX = 63 };

/* What is remembered of one register; {.seen = false} before the first checkpoint. */
struct witness_state {
    bool seen;
    uint64_t size;
    struct tree_hash root;
};

/* What is asked, and what is known about it. When it is not well formed, or the origin is not
 * known, the members below are not looked at. */
struct witness_ask {
    bool well_formed;  /* body, note and checkpoint could be read */
    bool origin_known; /* the checkpoint's origin is a register that we witness */
    bool is_signed;    /* by a key that we trust for it, and no such line failed */
    uint64_t old, size;
    struct tree_hash root;
    const struct tree_hash *proof;
    size_t proof_n;
};

/* HTTP's own numbers. 409 is answered with the size of the state. */
enum witness_status {
    WITNESS_TAKEN = 200,
    WITNESS_MALFORMED = 400,
    WITNESS_UNTRUSTED = 403,
    WITNESS_UNKNOWN = 404,
    WITNESS_ELSEWHERE = 409,
    WITNESS_INCONSISTENT = 422
};

/* The answer, the first that applies:
 *   400 not well formed, or more than WITNESS_PROOF_MAX fingerprints
 *   404 origin not known
 *   403 not signed by who may
 *   400 old is above the checkpoint's size
 *   409 old is not the size that we hold (0 before the first)
 *   422 the proof does not lead from the root that we hold: also a proof from size 0, another root
 *       at the same size, a size 0 with another root than that of nothing
 *   200 else; `next` is then what must be kept before a cosignature leaves. The same size again
 *       with an empty proof is a refresh.
 * `next` is untouched by any other answer. */
enum witness_status witness_decide(struct hash_sha256_ctx *sha, const struct witness_state *state,
                                   const struct witness_ask *ask, struct witness_state *next);

/* --- the register ---------------------------------------------------------------------------- */

/* What came back for a checkpoint that we had signed. `status` 0: nothing, or not in time. */
struct witness_answer {
    int status;
    bool cosigned; /* 200: a cosignature of the configured witness was in it and holds */
    bool has_size; /* 409: the body was a size */
    bool retried;  /* we have already proven from a size it told */
    uint64_t size;
};

enum witness_meaning {
    WITNESS_KEEP,      /* keep the cosignature, and only that line */
    WITNESS_PROVE,     /* prove from `size`, ask once more */
    WITNESS_ALARM,     /* it holds what we never signed, or denies our history: stop signing */
    WITNESS_CONFIGURE, /* it does not know us, or not as we think: a person must look */
    WITNESS_BACK_OFF   /* later */
};

/*   200 with our witness's cosignature     keep; without: configure
 *   409 with a size up to `our_size`       prove; a second time: back off
 *   409 with a larger size or none, 422    alarm
 *   429, 408, 425, 5xx, nothing            back off
 *   anything else (400, 403, 404, 3xx)     configure
 * `our_size` is the largest size that we have signed. */
enum witness_meaning witness_answer_means(const struct witness_answer *answer, uint64_t our_size);

#endif
