/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/photo/photo.h"

#include "base/log.h"
#include "doors/photo/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000 };

extern char **environ;

struct worker {
    pid_t pid;
    int to, from;
    int64_t deadline_ms;
};

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool start_worker(struct worker *worker)
{
    char *const words[] = {(char[]){"filon"}, (char[]){"photo-worker"}, NULL};
    char *const nothing[] = {NULL};
    int in[2], out[2];
    posix_spawn_file_actions_t files;

    if (pipe2(in, O_CLOEXEC) != 0)
        return false;
    if (pipe2(out, O_CLOEXEC) != 0) {
        (void)close(in[0]);
        (void)close(in[1]);
        return false;
    }
    (void)posix_spawn_file_actions_init(&files);
    (void)posix_spawn_file_actions_adddup2(&files, in[0], STDIN_FILENO);
    (void)posix_spawn_file_actions_adddup2(&files, out[1], STDOUT_FILENO);
    const int failed = posix_spawn(&worker->pid, "/proc/self/exe", &files, NULL, words, nothing);

    (void)posix_spawn_file_actions_destroy(&files);
    (void)close(in[0]);
    (void)close(out[1]);
    worker->to = in[1];
    worker->from = out[0];
    worker->deadline_ms = now_ms() + PATIENCE_MS;
    (void)fcntl(worker->to, F_SETFL, O_NONBLOCK);
    if (failed == 0)
        return true;
    (void)close(worker->to);
    (void)close(worker->from);
    return false;
}

static bool wait_for(const struct worker *worker, int fd, short events)
{
    struct pollfd watched = {.fd = fd, .events = events};
    const int64_t left = worker->deadline_ms - now_ms();

    return left > 0 && poll(&watched, 1, (int)left) == 1;
}

static bool give(const struct worker *worker, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        if (!wait_for(worker, worker->to, POLLOUT))
            return false;
        const ssize_t n = write(worker->to, at, len);

        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        at += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static bool take(const struct worker *worker, void *bytes, size_t len)
{
    char *at = bytes;

    while (len > 0) {
        if (!wait_for(worker, worker->from, POLLIN))
            return false;
        const ssize_t n = read(worker->from, at, len);

        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        at += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return true;
}

static no read_answer(const struct worker *worker, struct arena *arena, struct photo *photo)
{
    struct photo_answer answer;

    if (!take(worker, &answer, sizeof answer) || answer.magic != PHOTO_MAGIC)
        return NO_PICTURE_REFUSED;
    if (answer.verdict == PHOTO_TOO_LARGE)
        return NO_TOO_LARGE;
    if (answer.verdict != PHOTO_MADE || answer.card_len > PHOTO_CARD_BYTES ||
        answer.page_len > PHOTO_PAGE_BYTES || answer.card_len == 0 || answer.page_len == 0)
        return NO_PICTURE_REFUSED;
    char *bytes = arena_take(arena, answer.card_len + answer.page_len);

    if (bytes == NULL)
        return NO_TOO_LARGE;
    if (!take(worker, bytes, answer.card_len + answer.page_len))
        return NO_PICTURE_REFUSED;
    *photo = (struct photo){.card = {bytes, answer.card_len},
                            .page = {bytes + answer.card_len, answer.page_len},
                            .width = answer.width,
                            .height = answer.height};
    return YES;
}

no photo_make(struct arena *arena, str bytes, struct photo *photo)
{
    const uint64_t len = bytes.len;
    struct worker worker;

    if (bytes.len == 0)
        return NO_PICTURE_REFUSED;
    if (bytes.len > PHOTO_BYTES_MAX)
        return NO_TOO_LARGE;
    if (!start_worker(&worker))
        return NO_IO_FAILED;
    no answer = NO_PICTURE_REFUSED;

    if (give(&worker, &len, sizeof len) && give(&worker, bytes.ptr, bytes.len))
        answer = read_answer(&worker, arena, photo);
    (void)close(worker.to);
    (void)close(worker.from);
    if (answer == NO_PICTURE_REFUSED)
        (void)kill(worker.pid, SIGKILL);
    while (waitpid(worker.pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    return answer;
}
