/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The publisher: from entries that are committed to files that strangers can check (decision 0050,
 * specs register 3.2, 4.3, 4.6). A thread of the server's own; at most once a second, when there is
 * something new, it
 *
 *     writes bundles and tiles under DATA/log,
 *     has the signer sign the checkpoint of what they hold,
 *     asks all witnesses of the policy at once,
 *     puts `checkpoints/SIZE` and `checkpoint` when the quorum has answered.
 *
 * Each step can be done again, so a crash between two of them is mended by the next round. Whatever
 * fails is said in the log and tried again; the ledger never waits for any of it.
 *
 * Before the first signature of a run it compares the store with what was signed and what the
 * witnesses hold. A store that is older than that, or another one, is never signed: the register
 * then stands still (enum register_still), and both notes lie in DATA/log/evidence.
 */
#ifndef DOORS_JOBS_PUBLISH_H
#define DOORS_JOBS_PUBLISH_H

#include "base/hash.h"
#include "base/no.h"
#include "deeds/ctx.h"
#include "doors/signer/signer.h"

#include <stdint.h>

enum {
    PUBLISH_WITNESS_MS = 2000,        /* how long a witness may take */
    PUBLISH_GRACE_MS = 100,           /* for the others, once the quorum is met */
    PUBLISH_REFRESH_S = 600,          /* cosignatures on a size that stays are renewed */
    PUBLISH_UNWITNESSED_MAX_S = 3600, /* register.unwitnessed_max_s, unless decided otherwise */
    PUBLISH_BACK_OFF_MAX_S = 600,
    PUBLISH_REPLY_MAX = 64 << 10
};

struct publish_config {
    const struct world *world;
    const char *data;   /* the data folder; must outlive the publisher */
    const char *origin; /* "https://coop.example", for the policy that readers get; may be NULL */
    struct signer *signer;
    uint8_t program[HASH_SIZE]; /* SHA-256 of the running program, for the `release` entry */
};

struct publisher;

/* Opens DATA/log, which is made when there is none. NO_PUBLISHER_RUNNING: another has it.
 * NO_IO_FAILED, NO_STORE_FULL, NO_OUT_OF_MEMORY. */
no publish_open(struct publisher **publisher, const struct publish_config *config) MUST_USE;
void publish_close(struct publisher *publisher);
/* One round, now, on the caller's thread. YES also when nothing was to be done, or when witnesses
 * are missing; the no of whatever else failed. NO_REGISTER_STANDS_STILL. */
no publish_round(struct publisher *publisher) MUST_USE;

/* The same as a thread: rounds after publish_wake and every second. NO_OUT_OF_MEMORY. */
no publish_start(struct publisher *publisher) MUST_USE;
/* From any thread: something was committed. */
void publish_wake(void *publisher);
/* Ends the thread, at once also when witnesses are being waited for. Then publish_close. */
void publish_stop(struct publisher *publisher);

#endif
