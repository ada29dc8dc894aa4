/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/signer/process.h"

#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAUSE_MS = 1000, DYING_MS = 1000 };

int64_t process_now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- ending ------------------------------------------------------------------------------------
 */

static void hang_up(struct process *process)
{
    if (process->socket >= 0)
        (void)close(process->socket);
    process->socket = -1;
}

/* Takes the dead one away, waiting at most `patience_ms` for its death. A process that hangs in the
 * kernel on a broken disk outlives SIGKILL. */
static bool bury(struct process *process, int patience_ms)
{
    struct pollfd death = {.fd = (int)syscall(SYS_pidfd_open, process->pid, 0), .events = POLLIN};

    if (death.fd >= 0) {
        (void)poll(&death, 1, patience_ms);
        (void)close(death.fd);
    }
    if (waitpid(process->pid, NULL, WNOHANG) == 0)
        return false;
    process->pid = 0;
    return true;
}

static void kill_it(struct process *process)
{
    hang_up(process);
    if (process->pid == 0)
        return;
    (void)kill(process->pid, SIGKILL);
    (void)bury(process, DYING_MS);
}

void process_end(struct process *process, int patience_ms)
{
    hang_up(process);
    if (process->pid != 0 && !bury(process, patience_ms))
        kill_it(process);
}

/* --- frames ------------------------------------------------------------------------------------
 */

static bool wait_for(int fd, short events, int64_t deadline_ms)
{
    struct pollfd watched = {.fd = fd, .events = events};
    const int64_t left = deadline_ms - process_now_ms();

    return left > 0 && poll(&watched, 1, (int)left) >= 0;
}

static bool give(int fd, str bytes, int64_t deadline_ms)
{
    while (bytes.len > 0) {
        if (!wait_for(fd, POLLOUT, deadline_ms))
            return false;
        const ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        bytes = str_sub(bytes, n > 0 ? (size_t)n : 0, bytes.len);
    }
    return true;
}

static bool take(int fd, void *bytes, size_t len, int64_t deadline_ms)
{
    char *at = bytes;

    while (len > 0) {
        if (!wait_for(fd, POLLIN, deadline_ms))
            return false;
        const ssize_t n = recv(fd, at, len, MSG_DONTWAIT);

        if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        at += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool converse(struct process *process, struct arena *arena, str frame, int64_t deadline_ms,
                     struct frame_head *head, str *body)
{
    if (!give(process->socket, frame, deadline_ms) ||
        !take(process->socket, head, sizeof *head, deadline_ms) || !frame_head_valid(head))
        return false;
    char *bytes = arena_take(arena, head->len);

    if (bytes == NULL || !take(process->socket, bytes, head->len, deadline_ms))
        return false;
    *body = (str){bytes, head->len};
    return true;
}

no process_ask(struct process *process, struct arena *arena, str frame, int patience_ms,
               struct frame_head *head, str *body)
{
    if (converse(process, arena, frame, process_now_ms() + patience_ms, head, body))
        return YES;
    log_line(LOG_ERROR, "signer", "no answer: the signer is killed", NULL);
    kill_it(process);
    return NO_SIGNER_DOWN;
}

/* --- starting ----------------------------------------------------------------------------------
 */

static bool spawn(struct process *process, const char *data, int socket)
{
    char path[4096];
    struct arena arena;

    arena_init_on(&arena, path, sizeof path);
    char *folder = arena_take(&arena, str_of(data).len + 1);
    char *const words[] = {(char[]){"filon"}, (char[]){"signer-worker"}, folder, NULL};
    char *const nothing[] = {NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none;

    if (folder == NULL)
        return false;
    for (size_t i = 0; data[i] != 0; i++)
        folder[i] = data[i];
    (void)sigemptyset(&none);
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawn_file_actions_adddup2(&files, socket, STDIN_FILENO);
    (void)posix_spawnattr_init(&how);
    (void)posix_spawnattr_setsigmask(&how, &none);
    (void)posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
    const int failed = posix_spawn(&process->pid, "/proc/self/exe", &files, &how, words, nothing);

    (void)posix_spawn_file_actions_destroy(&files);
    (void)posix_spawnattr_destroy(&how);
    if (failed != 0)
        process->pid = 0;
    return failed == 0;
}

static no start(struct process *process, const char *data, int patience_ms)
{
    struct frame_head hello;
    no said;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return NO_SIGNER_DOWN;
    const bool started = spawn(process, data, pair[1]);

    (void)close(pair[1]);
    process->socket = pair[0];
    if (!started || !take(pair[0], &hello, sizeof hello, process_now_ms() + patience_ms) ||
        !frame_head_valid(&hello) || hello.len != 0 || !frame_no(&hello, &said))
        said = NO_SIGNER_DOWN;
    if (said != YES)
        kill_it(process);
    return said;
}

no process_ready(struct process *process, const char *data, int patience_ms)
{
    if (process->pid != 0 && waitpid(process->pid, NULL, WNOHANG) != 0) {
        log_line(LOG_ERROR, "signer", "the signer has died", NULL);
        process->pid = 0;
        hang_up(process);
    }
    if (process->pid != 0)
        return process->socket >= 0 ? YES : NO_SIGNER_DOWN;
    if (process_now_ms() < process->again_ms)
        return process->why;
    process->why = start(process, data, patience_ms);
    if (process->why != YES)
        process->again_ms = process_now_ms() + PAUSE_MS;
    return process->why;
}
