/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * `filon serve` as a child: started on a free port, told by its first line.
 */
#ifndef TESTS_LAUNCH_H
#define TESTS_LAUNCH_H

#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct server {
    pid_t pid;
    int out;
    uint16_t port;
};

/* Starts and waits for the address. `preload`: a library for LD_PRELOAD, or NULL. Ends this program
 * when the server cannot be had. */
static inline void launch(struct server *server, const char *program, const char *data,
                          const char *preload)
{
    char *const argv[] = {(char *)(uintptr_t)program, "serve",  "--data",
                          (char *)(uintptr_t)data,    "--port", "0",
                          "--no-rate-limit",          NULL};
    posix_spawn_file_actions_t files;
    char line[256] = "";
    int pipes[2];

    if (pipe(pipes) != 0) {
        perror("pipe");
        exit(2);
    }
    if (preload != NULL)
        (void)setenv("LD_PRELOAD", preload, 1);
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawn_file_actions_adddup2(&files, pipes[1], STDOUT_FILENO);
    (void)posix_spawn_file_actions_addclose(&files, pipes[0]);
    (void)posix_spawn_file_actions_addclose(&files, pipes[1]);
    const int failed = posix_spawn(&server->pid, program, &files, NULL, argv, environ);

    (void)posix_spawn_file_actions_destroy(&files);
    (void)unsetenv("LD_PRELOAD");
    (void)close(pipes[1]);
    server->out = pipes[0];
    /* The first line is the address: "http://127.0.0.1:PORT/fr/". */
    const ssize_t got = failed == 0 ? read(server->out, line, sizeof line - 1) : 0;
    const char *colon = got > 0 ? strrchr(line, ':') : NULL;

    if (colon == NULL) {
        (void)fprintf(stderr, "%s serve --data %s does not start\n", program, data);
        exit(2);
    }
    server->port = (uint16_t)strtoul(colon + 1, NULL, 10);
}

/* Waits until it is gone; answers how it ended, as waitpid does. */
static inline int launch_end(struct server *server, int signal)
{
    int status = 0;

    (void)kill(server->pid, signal);
    (void)waitpid(server->pid, &status, 0);
    (void)close(server->out);
    return status;
}

static inline void launch_stop(struct server *server)
{
    (void)launch_end(server, SIGTERM);
}

#endif
