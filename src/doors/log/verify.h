/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A whole register checked from its public files alone: every entry is fingerprinted again, every
 * byte of every tile is compared with what follows from the entries, the root with the signed
 * checkpoint, and older checkpoints with the root that the register had at their size (register
 * 4.8). What is believed is the policy and SHA-256, nothing that the files say of themselves.
 */
#ifndef DOORS_LOG_VERIFY_H
#define DOORS_LOG_VERIFY_H

#include "doors/log/files.h"
#include "wire/policy.h"

enum { LOG_OLDS_MAX = 64, LOG_WHERE_MAX = 160, LOG_AHEAD_S = 300 };

/* A checkpoint that somebody kept from earlier, and what to call it. */
struct log_old {
    str name, note;
};

struct log_verify {
    /* What is asked. */
    struct log_files *files;
    struct arena *arena; /* scratch: up to 34 MB when bundles are as large as can be */
    const struct policy *policy;
    const struct log_old *olds;
    size_t olds_n; /* at most LOG_OLDS_MAX (asserted) */
    bool foreign;  /* entries are bytes, not those of filon */
    void (*progress)(void *self, uint64_t done, uint64_t of); /* after each bundle; or NULL */
    void *self;
    /* What was found, as far as it went. */
    str note;                      /* the checkpoint, in the arena */
    struct policy_verdict verdict; /* of it */
    uint64_t entries, files_n;     /* fingerprinted, compared */
    uint64_t kept_n;               /* of checkpoints/SIZE, in a folder */
    char where[LOG_WHERE_MAX];     /* on a no: the file, "entry 17" or an old's name */
};

/* Damage comes before a fork, a fork before too few witnesses:
 *
 * - NO_NOTE_MALFORMED, NO_CHECKPOINT_MALFORMED, NO_SIGNATURE_BAD, NO_NOTE_UNSIGNED: a checkpoint;
 * - NO_CHECKPOINT_ELSEWHERE: an old one of another register;
 * - NO_REGISTER_DAMAGED: a tile or bundle is missing, of a wrong size or not what follows from the
 *   entries, the root is not that of the checkpoint, or a kept one is not of the size of its name;
 * - NO_ENTRY_NOT_CANONICAL; NO_ENTRY_TIME_BACK: older than the entry before it;
 *   NO_ENTRY_TIME_AHEAD: more than LOG_AHEAD_S past the last cosignature;
 * - NO_CHECKPOINT_ROLLED_BACK: smaller than an old or a kept one;
 *   NO_CHECKPOINT_FORKED: an old or a kept one has another root than the register had;
 * - NO_QUORUM_UNMET;
 * - NO_NOT_FOUND (no checkpoint), NO_PEER_FAILED, NO_IO_FAILED, NO_OUT_OF_MEMORY.
 *
 * Of a folder, also the partial tiles that lie there and every checkpoints/SIZE are checked; a web
 * server does not say which there are. */
no log_verify(struct log_verify *verify) MUST_USE;

#endif
