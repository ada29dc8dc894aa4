/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * LD_PRELOAD: a disk that fails on command. Calls that write or sync a file of the store are
 * counted; the n-th from now, and as many after it as are asked for, fail with the error asked for.
 * The commands lie in a file that the test shares (struct faultio, tests/tools/faultio.h), named by
 * FAULTIO. Reads, other files and sockets are left alone.
 */
#include "faultio.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct faultio *shared;

__attribute__((constructor)) static void attach(void)
{
    const char *path = getenv("FAULTIO");
    const int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0)
        return;
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared == MAP_FAILED)
        shared = NULL;
    (void)close(fd);
}

/* Which file of the store `fd` is, as a set of one; 0 = none of it. */
static int file_of(int fd)
{
    char link[64], path[4096];

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t len = readlink(link, path, sizeof path - 1);

    if (len <= 0)
        return 0;
    path[len] = 0;
    const char *name = strrchr(path, '/');

    if (name == NULL || strncmp(name, "/filon.db", 9) != 0)
        return 0;
    return strcmp(name, "/filon.db") == 0       ? FAULTIO_MAIN
           : strcmp(name, "/filon.db-wal") == 0 ? FAULTIO_WAL
                                                : 0;
}

/* True when this call has to fail; errno says how. */
static int fails(int fd, int call)
{
    if (shared == NULL || atomic_load(&shared->armed) == 0 || (shared->calls & call) == 0 ||
        (file_of(fd) & shared->files) == 0)
        return 0;
    const long at = atomic_fetch_add(&shared->counted, 1) + 1;

    if (at < shared->first || at >= shared->first + shared->many)
        return 0;
    (void)atomic_fetch_add(&shared->failed, 1);
    errno = shared->error;
    return 1;
}

#define REAL(name)               \
    ((union {                    \
         void *object;           \
         __typeof__(&name) call; \
     }){dlsym(RTLD_NEXT, #name)} \
         .call)

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    return fails(fd, FAULTIO_WRITE) ? -1 : REAL(pwrite)(fd, bytes, n, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
    return fails(fd, FAULTIO_WRITE) ? -1 : REAL(pwrite64)(fd, bytes, n, at);
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    return fails(fd, FAULTIO_WRITE) ? -1 : REAL(write)(fd, bytes, n);
}

int ftruncate64(int fd, off64_t size)
{
    return fails(fd, FAULTIO_WRITE) ? -1 : REAL(ftruncate64)(fd, size);
}

int fsync(int fd)
{
    return fails(fd, FAULTIO_SYNC) ? -1 : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    return fails(fd, FAULTIO_SYNC) ? -1 : REAL(fdatasync)(fd);
}
