/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * LD_PRELOAD: death between two steps on a disk. Calls that make, sync, rename or remove files of
 * the register are counted, and the process is killed in place of the one numbered KILLIO_AT
 * (from 1). KILLIO_WHO is "server", whose calls on DATA/log count, or "signer", all of whose do.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long at; /* 0: not this process */
static int is_signer;
static _Atomic long counted;

static int runs_as_signer(void)
{
    char words[4096];
    const int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    const ssize_t len = fd < 0 ? 0 : read(fd, words, sizeof words - 1);

    if (fd >= 0)
        (void)close(fd);
    words[len > 0 ? len : 0] = 0;
    return len > 0 && strcmp(words + strlen(words) + 1, "signer-worker") == 0;
}

__attribute__((constructor)) static void attach(void)
{
    const char *number = getenv("KILLIO_AT"), *who = getenv("KILLIO_WHO");

    is_signer = runs_as_signer();
    if (number != NULL && who != NULL && (strcmp(who, "signer") == 0) == is_signer)
        at = atol(number);
}

static int is_of_log(int fd)
{
    char link[64], path[4096];

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t len = readlink(link, path, sizeof path - 1);

    path[len > 0 ? len : 0] = 0;
    return strstr(path, "/log/") != NULL || (len > 4 && strcmp(path + len - 4, "/log") == 0);
}

static void step(int fd)
{
    if (at == 0 || (!is_signer && !is_of_log(fd)))
        return;
    if (atomic_fetch_add(&counted, 1) + 1 == at)
        (void)kill(getpid(), SIGKILL);
}

#define REAL(name)               \
    ((union {                    \
         void *object;           \
         __typeof__(&name) call; \
     }){dlsym(RTLD_NEXT, #name)} \
         .call)

int fsync(int fd)
{
    step(fd);
    return REAL(fsync)(fd);
}

int renameat(int from_fd, const char *from, int to_fd, const char *to)
{
    step(to_fd);
    return REAL(renameat)(from_fd, from, to_fd, to);
}

int mkdirat(int fd, const char *path, mode_t mode)
{
    step(fd);
    return REAL(mkdirat)(fd, path, mode);
}

int unlinkat(int fd, const char *path, int flags)
{
    step(fd);
    return REAL(unlinkat)(fd, path, flags);
}

/* The signer is started with an empty environment: it must have ours to be killed by us. */
int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *files,
                const posix_spawnattr_t *how, char *const words[], char *const environment[])
{
    (void)environment;
    return REAL(posix_spawn)(pid, path, files, how, words, environ);
}
