/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/signer/disk.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LOCK_TRIES = 50, LOCK_PAUSE_MS = 20 };

/* One name is enough: whoever writes holds the lock. */
#define BESIDE "tmp"

static no failed(const char *what, const char *name)
{
    const no why = errno == ENOSPC || errno == EDQUOT ? NO_STORE_FULL : NO_IO_FAILED;

    log_line(LOG_ERROR, "signer", what, "file", name, "no", no_line(why)->name, NULL);
    return why;
}

static no ours_alone(int fd, mode_t kind, const char *name)
{
    struct stat is;

    if (fstat(fd, &is) != 0)
        return failed("cannot be looked at", name);
    if ((is.st_mode & S_IFMT) == kind && is.st_uid == geteuid() && (is.st_mode & 077) == 0)
        return YES;
    log_line(LOG_ERROR, "signer", "must be the signer's own and closed to others (chmod go=)",
             "file", name, NULL);
    return NO_SIGNER_KEYS_EXPOSED;
}

no disk_sync(int folder)
{
    return fsync(folder) == 0 ? YES : failed("cannot be synced", ".");
}

static no make_folder(int at, const char *name)
{
    if (mkdirat(at, name, 0700) != 0)
        return failed("cannot be made", name);
    if (at != AT_FDCWD)
        return disk_sync(at);
    char above[4096];
    const int len = snprintf(above, sizeof above, "%s/..", name);
    const int fd = len > 0 && (size_t)len < sizeof above
                       ? open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                       : -1;

    if (fd < 0)
        return failed("cannot be opened", name);
    const no synced = disk_sync(fd);

    (void)close(fd);
    return synced;
}

no disk_folder(int at, const char *name, int *folder, bool *made)
{
    const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(at, name, how);

    *made = fd < 0 && errno == ENOENT;
    if (*made) {
        TRY(make_folder(at, name));
        fd = openat(at, name, how);
    }
    if (fd < 0)
        return failed("cannot be opened", name);
    const no ours = ours_alone(fd, S_IFDIR, name);

    if (ours == YES)
        *folder = fd;
    else
        (void)close(fd);
    return ours;
}

no disk_lock(int folder, int *lock)
{
    const struct timespec pause = {.tv_nsec = LOCK_PAUSE_MS * 1000000L};
    const int fd = openat(folder, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0)
        return failed("cannot be opened", "lock");
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            *lock = fd;
            return YES;
        }
        (void)nanosleep(&pause, NULL);
    }
    (void)close(fd);
    log_line(LOG_ERROR, "signer", "another signer has this folder", NULL);
    return NO_SIGNER_RUNNING;
}

static no read_all(int fd, const char *name, size_t most, struct arena *arena, str *bytes)
{
    char *room = arena_take(arena, most + 1);
    size_t len = 0;
    ssize_t n = 1;

    if (room == NULL)
        return NO_OUT_OF_MEMORY;
    while (n > 0 && len <= most) {
        n = read(fd, room + len, most + 1 - len);
        len += n > 0 ? (size_t)n : 0;
    }
    if (n < 0)
        return failed("cannot be read", name);
    if (len > most)
        return NO_TOO_LARGE;
    *bytes = (str){room, len};
    return YES;
}

no disk_read(int folder, const char *name, size_t most, struct arena *arena, str *bytes)
{
    const int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT ? NO_NOT_FOUND : failed("cannot be opened", name);
    no answer = ours_alone(fd, S_IFREG, name);

    if (answer == YES)
        answer = read_all(fd, name, most, arena, bytes);
    (void)close(fd);
    return answer;
}

static no write_all(int fd, const char *name, str bytes)
{
    while (bytes.len > 0) {
        const ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n <= 0)
            return failed("cannot be written", name);
        bytes = str_sub(bytes, (size_t)n, bytes.len);
    }
    return fsync(fd) == 0 ? YES : failed("cannot be synced", name);
}

no disk_put(int folder, const char *name, str bytes, bool *replaced)
{
    const int fd =
        openat(folder, BESIDE, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

    *replaced = false;
    if (fd < 0)
        return failed("cannot be made", name);
    const no written = write_all(fd, name, bytes);

    (void)close(fd);
    TRY(written);
    if (renameat(folder, BESIDE, folder, name) != 0)
        return failed("cannot be renamed", name);
    *replaced = true;
    return disk_sync(folder);
}

no disk_settle(int folder)
{
    bool replaced;

    return disk_put(folder, "settled", STR_NONE, &replaced);
}
