/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/backup/restore_in.h"

#include "deeds/backup.h"
#include "doors/log/files.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

no restore_no(struct backup_restore *restore, const char *name, no why)
{
    if (why != YES)
        (void)snprintf(restore->where, sizeof restore->where, "%.*s", BACKUP_WHERE_MAX - 1, name);
    return why;
}

void restore_step(const struct backup_restore *restore, const char *what, uint64_t done,
                  uint64_t of)
{
    if (restore->progress.step != NULL)
        restore->progress.step(restore->progress.self, what, done, of);
}

/* --- the backup's folder ---------------------------------------------------------------------- */

static no read_manifest(struct backup_restore *restore)
{
    struct log_files files;
    str text;

    TRY(restore_no(restore, restore->from,
                   log_files_is_web(str_of(restore->from))
                       ? NO_NOT_FOUND
                       : log_files_open(&files, restore->arena, str_of(restore->from))));
    const no answer = log_files_get(&files, restore->arena, S(MANIFEST_NAME), MANIFEST_MAX, &text);

    log_files_close(&files);
    TRY(restore_no(restore, restore->from, answer == NO_NOT_FOUND ? NO_BACKUP_UNFINISHED : answer));
    return restore_no(restore, MANIFEST_NAME,
                      manifest_parse(restore->arena, text, &restore->manifest));
}

static no check_name(void *restore_, const char *name, bool plain)
{
    struct backup_restore *restore = restore_;
    const bool known =
        strcmp(name, MANIFEST_NAME) == 0 || manifest_find(&restore->manifest, str_of(name)) != NULL;

    return restore_no(restore, name, plain && known ? YES : NO_BACKUP_FILE_UNKNOWN);
}

/* --- the data folder -------------------------------------------------------------------------- */

static no check_kept(void *self, const char *name)
{
    (void)self;
    return strcmp(name, "signer") == 0 || strcmp(name, "erasures") == 0 ? YES
                                                                        : NO_RESTORE_FOLDER_TAKEN;
}

/* "data/" and "data" are one folder. */
static no make_folder(struct backup_restore *restore)
{
    size_t len = strlen(restore->data);

    while (len > 1 && restore->data[len - 1] == '/')
        len--;
    const int put = snprintf(restore->folder, sizeof restore->folder, "%.*s.restoring", (int)len,
                             restore->data);

    if (len == 0 || put <= 0 || (size_t)put >= sizeof restore->folder) {
        restore->folder[0] = 0;
        return NO_TOO_LARGE;
    }
    if (mkdir(restore->folder, 0700) == 0)
        return YES;
    const no why = restore_no(restore, restore->folder,
                              errno == EEXIST ? NO_RESTORE_LEFT_OVER : backup_errno());

    restore->folder[0] = 0; /* what was there before is not ours to remove */
    return why;
}

static no check_data(struct backup_restore *restore)
{
    const no answer = backup_list(restore->data, check_kept, NULL);

    return restore_no(restore, restore->data, answer == NO_NOT_FOUND ? YES : answer);
}

/* --- files ------------------------------------------------------------------------------------ */

static no copy_one(struct backup_restore *restore, struct restore_copy *copy,
                   const struct manifest_file *listed)
{
    struct manifest_file file = {.name = listed->name};
    const bool private = str_eq(file.name, S("private.db"));
    const no answer = backup_copy(copy->from, copy->to, &copy->sha, &file);

    if (answer == NO_NOT_FOUND && private)
        return YES;
    if (answer != YES)
        return answer == NO_NOT_FOUND ? NO_BACKUP_FILE_DIFFERS : answer;
    if (file.size != listed->size || memcmp(file.sha256, listed->sha256, HASH_SIZE) != 0)
        return NO_BACKUP_FILE_DIFFERS;
    restore->openings = restore->openings || private;
    return YES;
}

static no copy_all(struct backup_restore *restore, struct restore_copy *copy)
{
    const struct manifest *manifest = &restore->manifest;

    TRY(backup_walk(copy->from, "", check_name, restore));
    for (size_t i = 0; i < manifest->files_n; i++) {
        char name[MANIFEST_NAME_MAX + 1];

        (void)snprintf(name, sizeof name, "%.*s", (int)manifest->files[i].name.len,
                       manifest->files[i].name.ptr);
        TRY(restore_no(restore, name, copy_one(restore, copy, &manifest->files[i])));
        restore_step(restore, "files", i + 1, manifest->files_n);
    }
    return YES;
}

static no copy_files(struct backup_restore *restore)
{
    struct restore_copy copy = {.from = -1, .to = -1};

    TRY(backup_open_folder(restore->from, &copy.from));
    no answer = backup_open_folder(restore->folder, &copy.to);

    hash_sha256_init(&copy.sha);
    if (answer == YES)
        answer = copy_all(restore, &copy);
    hash_sha256_release(&copy.sha);
    (void)close(copy.from);
    if (copy.to >= 0)
        (void)close(copy.to);
    return answer;
}

static no put_together(struct backup_restore *restore)
{
    char path[BACKUP_PATH_MAX], private_path[BACKUP_PATH_MAX];

    TRY(backup_path(path, restore->folder, "filon.db"));
    TRY(backup_path(private_path, restore->folder, "private.db"));
    restore_step(restore, "filon.db", 0, 0);
    TRY(restore_no(restore, "filon.db", backup_check_file(path)));
    if (!restore->openings)
        return YES;
    TRY(restore_no(restore, "private.db", backup_join(path, private_path)));
    return unlink(private_path) == 0 ? YES : NO_IO_FAILED;
}

no backup_restore_files(struct backup_restore *restore)
{
    restore->folder[0] = restore->where[0] = 0;
    restore->openings = false;
    TRY(read_manifest(restore));
    TRY(check_data(restore));
    TRY(make_folder(restore));
    TRY(copy_files(restore));
    return put_together(restore);
}

/* --- the end ---------------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info, (void)kind, (void)at;
    return remove(path);
}

void backup_restore_drop(struct backup_restore *restore)
{
    if (restore->folder[0] != 0)
        (void)nftw(restore->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    restore->folder[0] = 0;
}

static no sync_path(const char *path)
{
    int fd;

    TRY(backup_open_folder(path, &fd));
    const no answer = backup_sync(fd);

    (void)close(fd);
    return answer;
}

static no sync_above(const char *path)
{
    char above[BACKUP_PATH_MAX];

    TRY(backup_path(above, path, ".."));
    return sync_path(above);
}

static no move_one(const struct backup_restore *restore, const char *name)
{
    char from[BACKUP_PATH_MAX], to[BACKUP_PATH_MAX];

    TRY(backup_path(from, restore->folder, name));
    TRY(backup_path(to, restore->data, name));
    return rename(from, to) == 0 || errno == ENOENT ? YES : backup_errno();
}

/* Beside signer and erasures, which never leave their place. The database comes last: before it is
 * there, there is no co-op. */
static no move_into(const struct backup_restore *restore)
{
    static const char *const names[] = {"log", "filon.db-wal", "filon.db"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        TRY(move_one(restore, names[i]));
    return sync_path(restore->data);
}

no backup_restore_put(struct backup_restore *restore)
{
    TRY(sync_path(restore->folder));
    if (rmdir(restore->data) != 0 && errno != ENOENT) {
        if (errno != ENOTEMPTY && errno != EEXIST)
            return restore_no(restore, restore->data, backup_errno());
        TRY(restore_no(restore, restore->data, move_into(restore)));
        backup_restore_drop(restore);
        return YES;
    }
    if (rename(restore->folder, restore->data) != 0)
        return restore_no(restore, restore->data, backup_errno());
    restore->folder[0] = 0;
    return sync_above(restore->data);
}
