/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/backup/backup.h"

#include "base/time.h"
#include "deeds/backup.h"
#include "doors/backup/file.h"
#include "doors/log/files.h"
#include "doors/log/put.h"
#include "wire/note.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct taking {
    struct backup_take *take;
    struct hash_sha256_ctx sha;
    int data, to;
    uint64_t size; /* of the checkpoint: later files are of a later one */
    struct buf list;
};

static no where(struct taking *taking, const char *name, no why)
{
    (void)snprintf(taking->take->where, sizeof taking->take->where, "%.*s", BACKUP_WHERE_MAX - 1,
                   name);
    return why;
}

static void step(struct taking *taking, const char *what, uint64_t done, uint64_t of)
{
    const struct backup_progress *progress = &taking->take->progress;

    if (progress->step != NULL)
        progress->step(progress->self, what, done, of);
}

/* --- the folder ------------------------------------------------------------------------------- */

static no not_empty(void *self, const char *name)
{
    (void)self, (void)name;
    return NO_BACKUP_FOLDER_TAKEN;
}

/* A backup among the public files would be served, and be copied into itself. */
static no not_in_the_log(const struct backup_take *take)
{
    char log[BACKUP_PATH_MAX], real_log[PATH_MAX], real_to[PATH_MAX];

    TRY(backup_path(log, take->data, "log"));
    if (realpath(log, real_log) == NULL)
        return YES;
    if (realpath(take->to, real_to) == NULL)
        return backup_errno();
    const size_t len = strlen(real_log);
    const bool below =
        strncmp(real_to, real_log, len) == 0 && (real_to[len] == 0 || real_to[len] == '/');

    return below ? NO_BACKUP_FOLDER_TAKEN : YES;
}

static no open_folders(struct taking *taking)
{
    struct backup_take *take = taking->take;

    if (mkdir(take->to, 0700) != 0 && errno != EEXIST)
        return where(taking, take->to, backup_errno());
    no answer = backup_list(take->to, not_empty, NULL);

    if (answer == YES)
        answer = not_in_the_log(take);
    if (answer == YES)
        answer = backup_open_folder(take->to, &taking->to);
    if (answer != YES)
        return where(taking, take->to, answer);
    answer = backup_open_folder(take->data, &taking->data);
    return answer == YES ? YES : where(taking, take->data, answer);
}

/* --- the checkpoint --------------------------------------------------------------------------- */

/* Read before the database is: what it covers was committed, and its tiles are there. */
static no read_checkpoint(struct taking *taking)
{
    struct arena *arena = taking->take->ctx->arena;
    struct log_files files;
    struct checkpoint checkpoint;
    struct note *note = arena_take(arena, sizeof *note);
    char path[BACKUP_PATH_MAX];
    str bytes = STR_NONE;

    if (note == NULL)
        return NO_TOO_LARGE;
    TRY(backup_path(path, taking->take->data, "log"));
    const no opened = log_files_open(&files, arena, str_of(path));

    if (opened == NO_NOT_FOUND)
        return YES;
    TRY(opened);
    const no answer = log_files_checkpoint(&files, arena, &bytes);

    log_files_close(&files);
    if (answer == NO_NOT_FOUND)
        return YES;
    TRY(answer);
    TRY(note_parse(bytes, note));
    TRY(checkpoint_parse(note->text, &checkpoint));
    taking->take->made.checkpoint = bytes;
    taking->size = checkpoint.size;
    return YES;
}

/* --- files ------------------------------------------------------------------------------------ */

static void list(struct taking *taking, const struct manifest_file *file)
{
    manifest_file_put(&taking->list, file);
    taking->take->made.files_n++;
    taking->take->bytes += file->size;
}

/* Whether a file of DATA/log belongs to the register as the checkpoint has it. */
static bool is_of_the_checkpoint(const struct taking *taking, str name)
{
    const str kept = S("checkpoints/");
    struct tile tile;
    int64_t size;

    if (str_ends(name, S(".part")) || str_eq(name, S("checkpoint")))
        return false;
    if (tile_path_parse(name, &tile) == YES)
        return tile_is_within(&tile, taking->size);
    if (str_starts(name, kept))
        return str_to_int64(str_sub(name, kept.len, name.len), &size) && size >= 0 &&
               (uint64_t)size <= taking->size;
    return true;
}

static no copy_public(void *taking_, const char *name, bool plain)
{
    struct taking *taking = taking_;
    struct manifest_file file = {.name = str_of(name)};
    const str inside = str_sub(file.name, sizeof "log/" - 1, file.name.len);

    if (!plain || !manifest_name_valid(file.name))
        return where(taking, name, NO_BACKUP_FILE_UNKNOWN);
    if (!is_of_the_checkpoint(taking, inside))
        return YES;
    const no answer = backup_copy(taking->data, taking->to, &taking->sha, &file);

    if (answer == NO_NOT_FOUND)
        return YES; /* a partial tile whose full one came meanwhile */
    if (answer != YES)
        return where(taking, name, answer);
    list(taking, &file);
    step(taking, "log", taking->take->made.files_n, 0);
    return YES;
}

/* The bytes that were read, whatever the publisher has put there since. */
static no put_checkpoint(struct taking *taking)
{
    const str note = taking->take->made.checkpoint;
    const struct log_folder folder = {.fd = taking->to, .secret = true};
    struct manifest_file file = {.name = S("log/checkpoint"), .size = note.len};

    if (note.len == 0)
        return YES;
    hash_sha256(note.ptr, note.len, file.sha256);
    TRY(log_file_put(&folder, file.name, note));
    list(taking, &file);
    return YES;
}

static no copy_store(struct taking *taking)
{
    static const char *const names[] = {"filon.db", "private.db"};
    struct backup_take *take = taking->take;
    char path[BACKUP_PATH_MAX], private_path[BACKUP_PATH_MAX];
    struct backup_store store;

    TRY(backup_path(path, take->to, names[0]));
    TRY(backup_path(private_path, take->to, names[1]));
    step(taking, names[0], 0, 0);
    TRY(view_backup_copy(take->ctx, path, private_path, &store));
    take->made.schema = store.schema;
    take->made.register_size = store.register_size;
    take->made.root = store.root;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct manifest_file file = {.name = str_of(names[i])};

        TRY(backup_copy(taking->to, -1, &taking->sha, &file));
        list(taking, &file);
    }
    return YES;
}

/* --- the whole -------------------------------------------------------------------------------- */

static no put_manifest(struct taking *taking)
{
    struct backup_take *take = taking->take;
    const struct log_folder folder = {.fd = taking->to, .secret = true};
    struct buf made, all;

    buf_init(&made, take->ctx->arena, 32);
    time_put_iso(&made, take->ctx->now_ns);
    take->made.version = str_of(FILON_VERSION);
    take->made.made = buf_str(&made);
    buf_init(&all, take->ctx->arena, taking->list.len + take->made.checkpoint.len + 512);
    manifest_head_put(&all, &take->made);
    buf_put(&all, buf_str(&taking->list));
    manifest_checkpoint_put(&all, take->made.checkpoint);
    if (buf_failed(&all) || buf_failed(&taking->list))
        return NO_TOO_LARGE;
    TRY(backup_sync(taking->to));
    return log_file_put(&folder, S(MANIFEST_NAME), buf_str(&all));
}

static no take_all(struct taking *taking)
{
    TRY(open_folders(taking));
    const no read = read_checkpoint(taking);

    if (read != YES)
        return where(taking, "log/checkpoint", read);
    const no store = copy_store(taking);

    if (store != YES)
        return where(taking, "filon.db", store);
    TRY(put_checkpoint(taking));
    TRY(backup_walk(taking->data, "log", copy_public, taking));
    return put_manifest(taking);
}

no backup_take(struct backup_take *take)
{
    struct taking taking = {.take = take, .data = -1, .to = -1};

    take->made = (struct manifest){.files_n = 0};
    take->bytes = 0;
    take->where[0] = 0;
    buf_init(&taking.list, take->ctx->arena, 4096);
    hash_sha256_init(&taking.sha);
    const no answer = take_all(&taking);

    hash_sha256_release(&taking.sha);
    if (taking.data >= 0)
        (void)close(taking.data);
    if (taking.to >= 0)
        (void)close(taking.to);
    return answer;
}
