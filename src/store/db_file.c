/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/db_in.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { MODE = 0600, PID_SIZE = 32 };

no db_file_path(const char *dir, const char *name, char *path, size_t size)
{
    const int len = snprintf(path, size, "%s/%s", dir, name);

    return len > 0 && (size_t)len < size ? YES : NO_IO_FAILED;
}

no db_file_make(const char *path, bool must_be_new)
{
    const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (must_be_new ? O_EXCL : 0), MODE);

    if (file < 0 && errno == EEXIST)
        return NO_CONFLICT;
    if (file < 0) {
        log_line(LOG_ERROR, "store", "file cannot be made", "path", path, "reason", strerror(errno),
                 NULL);
        return NO_IO_FAILED;
    }
    (void)close(file);
    return YES;
}

void db_file_remove(const char *path)
{
    (void)unlink(path);
}

/* The holder's process number is in the file: a reader that asks may only belong to the same
 * process. */
static bool write_pid(int lock)
{
    char text[PID_SIZE];
    const int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());

    return ftruncate(lock, 0) == 0 && pwrite(lock, text, (size_t)len, 0) == len;
}

no db_file_lock(const char *dir, int *lock)
{
    char path[PATH_MAX];

    TRY(db_file_path(dir, "filon.lock", path, sizeof path));
    const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, MODE);
    if (file < 0) {
        log_line(LOG_ERROR, "store", "lock cannot be made", "path", path, "reason", strerror(errno),
                 NULL);
        return NO_IO_FAILED;
    }
    if (flock(file, LOCK_EX | LOCK_NB) != 0) {
        const no answer = errno == EWOULDBLOCK ? NO_STORE_BUSY : NO_IO_FAILED;

        (void)close(file);
        return answer;
    }
    if (!write_pid(file)) {
        (void)close(file);
        return NO_IO_FAILED;
    }
    *lock = file;
    return YES;
}

void db_file_unlock(int lock)
{
    if (lock >= 0)
        (void)close(lock);
}

no db_file_lock_is_ours(const char *dir)
{
    char path[PATH_MAX], text[PID_SIZE], ours[PID_SIZE];

    TRY(db_file_path(dir, "filon.lock", path, sizeof path));
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return NO_STORE_BUSY;
    const ssize_t len = read(file, text, sizeof text);
    const bool held = flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    (void)close(file);
    const int ours_len = snprintf(ours, sizeof ours, "%ld\n", (long)getpid());
    return held && len == ours_len && memcmp(text, ours, (size_t)len) == 0 ? YES : NO_STORE_BUSY;
}
