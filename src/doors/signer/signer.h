/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The signer of the register, seen from the server. It is a process of its own (`filon
 * signer-worker DATA`) that alone reads the keys and alone knows what was signed last, so that
 * whoever edits the database, or makes a mistake in it, cannot make the register fork. It has no
 * network and no file but those of DATA/signer (doors/jail). What it signs and refuses is
 * keeper.h; nothing that it was asked can make it sign two trees that are not one.
 *
 * All calls are for any thread, wait for their turn and for a disk, and end within twice the
 * patience. A signer that died is started again by the next call; one that does not answer is
 * killed. Texts are in the caller's arena.
 */
#ifndef DOORS_SIGNER_SIGNER_H
#define DOORS_SIGNER_SIGNER_H

#include "base/arena.h"
#include "base/no.h"
#include "base/str.h"
#include "doors/signer/keeper.h"

#include <stdint.h>

enum { SIGNER_PATIENCE_MS = 10000, SIGNER_BODY_MAX = (1 << 20) - 128 * 1024 };

struct signer;

/* Starts the process on DATA/signer, which is made with new keys when there is none. The nos of
 * keeper_open; NO_SIGNER_DOWN when it could not be started. */
no signer_start(struct signer **signer, const char *data) MUST_USE;
/* Ends it, after the question that is being answered; no call may follow. NULL is allowed. */
void signer_stop(struct signer *signer);
/* How long a question may take before the process is killed; before other threads ask. */
void signer_patience(struct signer *signer, int patience_ms);

/* As keeper_vkeys, keeper_sign, keeper_cosign and keeper_last, with their nos, and:
 * NO_SIGNER_DOWN: the process died or did not answer in time. It may have signed, or not: its
 * signature did not leave. NO_SIGNER_ELSEWHERE to the same question again says that it had.
 * The nos of keeper_open: it had died and could not be started again; asked again in a second.
 * NO_OUT_OF_MEMORY: of the arena. */
no signer_keys(struct signer *signer, struct arena *arena, str origin,
               struct keeper_vkeys *vkeys) MUST_USE;
no signer_sign(struct signer *signer, struct arena *arena, const struct keeper_ask *ask,
               str *lines) MUST_USE;
/* A body past SIGNER_BODY_MAX is not well formed (400). NO_TOO_LARGE: log_vkeys past 64 kB. */
no signer_cosign(struct signer *signer, struct arena *arena, const struct keeper_request *request,
                 struct keeper_answer *answer) MUST_USE;
no signer_state(struct signer *signer, struct arena *arena, str origin, str *note) MUST_USE;

/* The worker's whole life: questions on standard input, a socket, until it is closed. Returns the
 * exit code. */
int signer_worker(const char *data);

#endif
