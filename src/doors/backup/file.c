/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/backup/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 128 << 10, DEPTH_MAX = 24 };

no backup_errno(void)
{
    return errno == ENOSPC || errno == EDQUOT ? NO_STORE_FULL
           : errno == ENOENT                  ? NO_NOT_FOUND
           : errno == EEXIST                  ? NO_CONFLICT
                                              : NO_IO_FAILED;
}

no backup_path(char path[BACKUP_PATH_MAX], const char *folder, const char *name)
{
    const int len = snprintf(path, BACKUP_PATH_MAX, "%s/%s", folder, name);

    return len > 0 && len < BACKUP_PATH_MAX ? YES : NO_TOO_LARGE;
}

no backup_open_folder(const char *path, int *fd)
{
    *fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd >= 0)
        return YES;
    return errno == ENOTDIR ? NO_NOT_FOUND : backup_errno();
}

/* --- walking ---------------------------------------------------------------------------------- */

struct walk {
    int at, depth;
    no (*each)(void *self, const char *name, bool plain);
    void *self;
};

static no walk_into(struct walk *walk, const char *below);

static no walk_one(struct walk *walk, const char *below, const char *name)
{
    char path[BACKUP_PATH_MAX];
    struct stat info;

    if (below[0] == 0)
        (void)snprintf(path, sizeof path, "%s", name);
    else
        TRY(backup_path(path, below, name));
    if (fstatat(walk->at, path, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? YES : NO_IO_FAILED; /* gone meanwhile */
    if (S_ISDIR(info.st_mode))
        return walk_into(walk, path);
    TRY(walk->each(walk->self, path, S_ISREG(info.st_mode)));
    return S_ISREG(info.st_mode) ? YES : NO_BACKUP_FILE_UNKNOWN;
}

static no read_folder(struct walk *walk, DIR *folder, const char *below)
{
    const struct dirent *entry;
    no answer = YES;

    while (answer == YES && (errno = 0, entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            answer = walk_one(walk, below, entry->d_name);
    return answer == YES && errno != 0 ? NO_IO_FAILED : answer;
}

static no walk_into(struct walk *walk, const char *below)
{
    const int fd = openat(walk->at, below[0] == 0 ? "." : below,
                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);

    if (folder == NULL && fd >= 0)
        (void)close(fd);
    if (folder == NULL)
        return fd < 0 && errno == ENOENT ? YES : NO_IO_FAILED;
    const no answer = walk->depth++ < DEPTH_MAX ? read_folder(walk, folder, below) : NO_TOO_LARGE;

    walk->depth--;
    (void)closedir(folder);
    return answer;
}

no backup_walk(int at, const char *below, no (*each)(void *self, const char *name, bool plain),
               void *self)
{
    struct walk walk = {.at = at, .each = each, .self = self};

    return walk_into(&walk, below);
}

no backup_list(const char *path, no (*each)(void *self, const char *name), void *self)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    no answer = YES;

    if (folder == NULL)
        return errno == ENOTDIR ? NO_IO_FAILED : backup_errno();
    while (answer == YES && (errno = 0, entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            answer = each(self, entry->d_name);
    if (answer == YES && errno != 0)
        answer = NO_IO_FAILED;
    (void)closedir(folder);
    return answer;
}

/* --- copying ---------------------------------------------------------------------------------- */

/* What the world may read is not kept from it: nginx serves these files as they are. */
static bool is_public(const char *name)
{
    return strncmp(name, "log/", 4) == 0;
}

static no make_folders(int to, const char *name)
{
    char path[BACKUP_PATH_MAX];
    const int len = snprintf(path, sizeof path, "%s", name);

    if (len >= BACKUP_PATH_MAX)
        return NO_TOO_LARGE;
    for (int i = 1; i < len; i++) {
        if (path[i] != '/')
            continue;
        path[i] = 0;
        if (mkdirat(to, path, is_public(name) ? 0755 : 0700) != 0 && errno != EEXIST)
            return backup_errno();
        path[i] = '/';
    }
    return YES;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t put = write(fd, bytes, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        bytes += put;
        len -= (size_t)put;
    }
    return true;
}

static no pump(int in, int out, struct hash_sha256_ctx *sha, struct manifest_file *file)
{
    char block[BLOCK] __attribute__((uninitialized));
    no answer = YES;
    ssize_t got;

    file->size = 0;
    do {
        got = read(in, block, sizeof block);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || (out >= 0 && !write_all(out, block, (size_t)got)))
            answer = backup_errno();
        if (answer != YES)
            break;
        hash_sha256_update(sha, block, (size_t)got);
        file->size += (uint64_t)got;
    } while (got != 0);
    hash_sha256_final(sha, file->sha256);
    return answer;
}

static no copy_to(int in, int to, const char *name, struct hash_sha256_ctx *sha,
                  struct manifest_file *file)
{
    TRY(make_folders(to, name));
    const int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                           is_public(name) ? 0644 : 0600);

    if (out < 0)
        return backup_errno();
    no answer = pump(in, out, sha, file);

    if (close(out) != 0 && answer == YES)
        answer = backup_errno();
    return answer;
}

no backup_copy(int from, int to, struct hash_sha256_ctx *sha, struct manifest_file *file)
{
    char name[BACKUP_PATH_MAX];
    struct stat info;

    if (file->name.len >= sizeof name)
        return NO_TOO_LARGE;
    (void)snprintf(name, sizeof name, "%.*s", (int)file->name.len, file->name.ptr);
    /* A pipe of that name would have us wait for ever. */
    const int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (in < 0)
        return backup_errno();
    no answer = fstat(in, &info) == 0 && S_ISREG(info.st_mode) ? YES : NO_IO_FAILED;

    if (answer == YES)
        answer = to < 0 ? pump(in, -1, sha, file) : copy_to(in, to, name, sha, file);
    (void)close(in);
    return answer;
}

no backup_sync(int at)
{
    return syncfs(at) == 0 && fsync(at) == 0 ? YES : backup_errno();
}
