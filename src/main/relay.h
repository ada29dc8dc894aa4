/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Only one process may open the data folder. A command given while a server runs is sent to it
 * through DIR/filon.sock with the caller's own standard error and output (SCM_RIGHTS); the server
 * runs it and answers with the exit code. The socket is mode 0600: who may write the folder may use
 * it.
 */
#ifndef MAIN_RELAY_H
#define MAIN_RELAY_H

#include "base/no.h"
#include "deeds/ctx.h"

#include <pthread.h>
#include <stdbool.h>

struct relay {
    const struct world *world;
    const char *data;
    int listener;
    pthread_t thread;
    bool running;
    int stop[2]; /* a pipe */
};

/* Server side. NO_IO_FAILED when the socket cannot be made. */
no relay_start(struct relay *relay, const struct world *world, const char *data) MUST_USE;
void relay_stop(struct relay *relay);

/* Caller's side: runs `filon argv...` in the server of this folder. False when no server listens
 * there; else *code. */
bool relay_ask(const char *data, int argc, char **argv, int *code);

/* Runs one command's words (without "filon") with this world: also what main does itself when no
 * server runs. */
int command_run(const struct world *world, const char *data, const char *folder, int argc,
                char **argv, int out, int err);

#endif
