/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/log/put.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
static const char part_suffix[] = ".part";

static no no_of_errno(void)
{
    return errno == ENOSPC || errno == EDQUOT ? NO_STORE_FULL : NO_IO_FAILED;
}

no log_folder_open(struct log_folder *folder, const char *path, bool make, bool secret)
{
    if (make && mkdir(path, secret ? 0700 : 0755) != 0 && errno != EEXIST)
        return no_of_errno();
    const int fd = open(path, FOLDER_FLAGS);

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? NO_NOT_FOUND : NO_IO_FAILED;
    *folder = (struct log_folder){.fd = fd, .secret = secret};
    return YES;
}

void log_folder_close(struct log_folder *folder)
{
    (void)close(folder->fd);
    folder->fd = -1;
}

/* --- the folders on the way ------------------------------------------------------------------ */

/* The folder `name` in `at`; one that is made here is on the disk before anything is put in it. */
static no step_into(const struct log_folder *folder, int at, const char *name, int *fd)
{
    *fd = openat(at, name, FOLDER_FLAGS | O_NOFOLLOW);
    if (*fd >= 0)
        return YES;
    if (errno != ENOENT)
        return NO_IO_FAILED;
    if (mkdirat(at, name, folder->secret ? 0700 : 0755) != 0 && errno != EEXIST)
        return no_of_errno();
    if (fsync(at) != 0)
        return no_of_errno();
    *fd = openat(at, name, FOLDER_FLAGS | O_NOFOLLOW);
    return *fd >= 0 ? YES : NO_IO_FAILED;
}

/* Walks down to the folder of `path`, which is cut to the file's name. */
static no walk_down(const struct log_folder *folder, char **path, int *fd)
{
    char *slash;

    *fd = dup(folder->fd);
    if (*fd < 0)
        return NO_IO_FAILED;
    while ((slash = strchr(*path, '/')) != NULL) {
        int next;

        *slash = 0;
        const no answer = step_into(folder, *fd, *path, &next);

        (void)close(*fd);
        if (answer != YES)
            return answer;
        *fd = next;
        *path = slash + 1;
    }
    return YES;
}

/* --- the file -------------------------------------------------------------------------------- */

static bool write_all(int fd, str bytes)
{
    while (bytes.len > 0) {
        const ssize_t written = write(fd, bytes.ptr, bytes.len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)written, bytes.len);
    }
    return true;
}

static no write_part(int folder, const char *part, bool secret, str bytes)
{
    const int fd = openat(folder, part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                          secret ? 0600 : 0644);

    if (fd < 0)
        return no_of_errno();
    const no answer = write_all(fd, bytes) && fsync(fd) == 0 ? YES : no_of_errno();

    return close(fd) == 0 || answer != YES ? answer : no_of_errno();
}

static no put_here(int folder, const char *name, bool secret, str bytes)
{
    char part[LOG_PATH_MAX + sizeof part_suffix];

    (void)snprintf(part, sizeof part, "%s%s", name, part_suffix);
    no answer = write_part(folder, part, secret, bytes);

    if (answer == YES && (renameat(folder, part, folder, name) != 0 || fsync(folder) != 0))
        answer = no_of_errno();
    if (answer != YES)
        (void)unlinkat(folder, part, 0);
    return answer;
}

no log_file_put(const struct log_folder *folder, str path, str bytes)
{
    char copy[LOG_PATH_MAX], *name = copy;
    int fd;

    assert(path.len > 0 && path.ptr[0] != '/' && str_find(path, S("..")) == path.len);
    assert(path.len < LOG_PATH_MAX - 8);
    (void)snprintf(copy, sizeof copy, "%.*s", (int)path.len, path.ptr);
    TRY(walk_down(folder, &name, &fd));
    const no answer = put_here(fd, name, folder->secret, bytes);

    (void)close(fd);
    return answer;
}
