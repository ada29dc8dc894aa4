/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the files of the keeper share. Private to this room.
 */
#ifndef DOORS_SIGNER_KEEPER_IN_H
#define DOORS_SIGNER_KEEPER_IN_H

#include "doors/signer/keeper.h"
#include "rules/witness.h"
#include "wire/note.h"

/* What is on disk for an origin, read and checked. */
struct kept {
    struct witness_state state;
    bool ours;      /* the log's key signed it, not the witness's */
    bool by_newest; /* ... and the newest of them */
    bool cosigned;  /* the witness's key did, at cosigned_s */
    uint64_t cosigned_s;
    str note;
};
no kept_get(struct keeper *keeper, struct arena *arena, str origin, struct kept *kept) MUST_USE;
no kept_put(struct keeper *keeper, str origin, str note) MUST_USE;
/* To be asked before anything leaves. */
no kept_sure(struct keeper *keeper) MUST_USE;

/* The keys as they sign notes. */
no keeper_log_key(const struct keeper *keeper, size_t i, str origin, struct note_key *key) MUST_USE;
no keeper_witness_key(const struct keeper *keeper, struct arena *arena, str origin,
                      struct note_key *key) MUST_USE;

/* Reads the keys, or makes them when `fresh`. */
no keeper_read_keys(struct keeper *keeper, bool fresh) MUST_USE;
/* Everything of keeper_open but the keys; *fresh: nothing was ever signed here. */
no keeper_enter(struct keeper *keeper, const char *data, bool *fresh) MUST_USE;
/* Whether a key is in the folder, readable or not. */
bool keeper_has(const struct keeper *keeper, const char *name);

#endif
