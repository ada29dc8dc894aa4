/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The signer's process, the publisher's thread and that which follows other co-ops, for `filon
 * serve`. A house whose signer cannot be started is served all the same: its register is written
 * and not signed.
 */
#ifndef MAIN_PUBLISHING_H
#define MAIN_PUBLISHING_H

#include "doors/jobs/peers.h"
#include "doors/jobs/publish.h"
#include "main/world.h"

struct publishing {
    struct real_world *world;
    struct signer *signer; /* NULL: it could not be started */
    struct publisher *publisher;
    struct peers *peers;
};

/* Before any thread of ours: it starts a process. What fails is said in the log. */
void publishing_prepare(struct publishing *publishing, struct real_world *world, const char *data);
/* `origin` begins the addresses that readers get. */
void publishing_start(struct publishing *publishing, const char *data, const char *origin);
/* Nobody may ask the signer any more. */
void publishing_stop(struct publishing *publishing);

#endif
