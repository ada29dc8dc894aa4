/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The registers of other co-ops, looked at once a day: is what each shows everybody a continuation
 * of what it showed us before, and of what our witness cosigned? Then its checkpoint is pinned in
 * our own register. A peer that is mirrored has its files copied and checked too (specs register
 * 4.5). Two views that exclude each other are written down as evidence.
 *
 *     DATA/mirror/HEX-OF-ORIGIN/checkpoint  tile/...
 */
#ifndef DOORS_JOBS_PEERS_H
#define DOORS_JOBS_PEERS_H

#include "base/no.h"
#include "deeds/ctx.h"
#include "doors/signer/signer.h"

struct peers;

enum { PEERS_EVERY_S = 86400, PEERS_AGAIN_S = 3600 };

struct peers_config {
    const struct world *world;
    const char *data; /* must outlive the rest */
    struct signer *signer;
};

/* NO_OUT_OF_MEMORY, NO_IO_FAILED, NO_STORE_FULL. */
no peers_open(struct peers **peers, const struct peers_config *config) MUST_USE;
/* One round: whoever is due. YES also when some do not answer. */
no peers_round(struct peers *peers) MUST_USE;
/* The same as a thread, once a minute. NO_OUT_OF_MEMORY. */
no peers_start(struct peers *peers) MUST_USE;
/* Ends the thread, and the question that it waits for, within a second or two. */
void peers_stop(struct peers *peers);
void peers_close(struct peers *peers);

#endif
