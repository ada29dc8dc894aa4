/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The signer's process as its server holds it: started, asked, killed when it is late. Not for two
 * threads. Private to this room.
 */
#ifndef DOORS_SIGNER_PROCESS_H
#define DOORS_SIGNER_PROCESS_H

#include "base/arena.h"
#include "base/no.h"
#include "base/str.h"
#include "doors/signer/frame.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
    pid_t pid;        /* 0 = none; also one that was killed and is not dead yet */
    int socket;       /* -1 = closed */
    int64_t again_ms; /* not to be started before; `why` is the answer until then */
    no why;
};

int64_t process_now_ms(void);
/* Makes sure that it runs: starts it when there is none, or when the last one has died. The nos of
 * its own start; NO_SIGNER_DOWN. After a no it is not tried again for a second. */
no process_ready(struct process *process, const char *data, int patience_ms) MUST_USE;
/* Sends a whole frame, waits for the answer's: *head and, in the arena, *body. NO_SIGNER_DOWN when
 * it died, was late or answered nonsense; it is then killed. */
no process_ask(struct process *process, struct arena *arena, str frame, int patience_ms,
               struct frame_head *head, str *body) MUST_USE;
/* Closes the conversation and waits for the end, at most `patience_ms`; then kills. */
void process_end(struct process *process, int patience_ms);

#endif
