/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A co-op that trades, publishes and is backed up; and the way back into another folder. Everything
 * lies in folders named after the scene's data folder.
 */
#ifndef TESTS_BACKUP_SCENE_H
#define TESTS_BACKUP_SCENE_H

#include "register_scene.h"

#include "../tools/publishing.h"
#include "deeds/account_erase.h"
#include "doors/backup/backup.h"
#include "doors/backup/file.h"
#include "doors/jobs/erasures.h"

#include <fcntl.h>
#include <sys/stat.h>

enum { SCENE_PATH = 128 };

/* "DATA-NAME"; good until the eighth next call. */
static inline const char *beside(const struct scene *scene, const char *name)
{
    static char paths[8][SCENE_PATH];
    static unsigned next;
    char *path = paths[next++ % 8];

    (void)snprintf(path, SCENE_PATH, "%s-%s", scene->test.dir, name);
    return path;
}

/* Runs in the shell; $D is the data folder, so $D-backup the backup. */
static inline void shell(const struct scene *scene, const char *command)
{
    char text[1024];

    (void)snprintf(text, sizeof text, "set -e; D='%s'; %s", scene->test.dir, command);
    if (system(text) != 0)
        fail_msg("%s", text);
}

static inline int backup_tear_down(void **state)
{
    const struct scene *scene = *state;

    shell(scene, "rm -rf \"$D\"-*");
    return tear_down(state);
}

static inline uint64_t publish(struct scene *scene)
{
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    const uint64_t n = publishing(&ctx, scene->test.dir, 0);

    test_done(&ctx);
    return n;
}

static inline no back_up(struct scene *scene, const char *name)
{
    struct ctx ctx;
    struct backup_take take = {.ctx = &ctx, .data = scene->test.dir, .to = beside(scene, name)};

    test_as(&scene->test, &ctx, 0, 0);
    const no answer = backup_take(&take);

    test_done(&ctx);
    return answer;
}

/* filon restore --from DATA-from --data DATA-to, with what it said in *restore. */
static inline no restore(struct scene *scene, const char *from, const char *to,
                         struct backup_restore *restore)
{
    struct real_world *world;
    struct arena arena;
    struct ctx ctx;

    assert_true(arena_init(&arena, 64 << 20));
    *restore = (struct backup_restore){
        .arena = &arena, .from = beside(scene, from), .data = beside(scene, to)};
    no answer = backup_restore_files(restore);

    if (answer == YES)
        answer = world_open(&world, restore->folder, 2);
    if (answer == YES) {
        world_ctx(world, &arena, &ctx);
        ctx.db = ctx.world->reader_take(ctx.world->self);
        answer = backup_restore_check(restore, &ctx);
        ctx.world->reader_give_back(ctx.world->self, ctx.db);
        world_close(world);
    }
    if (answer == YES)
        answer = backup_restore_put(restore);
    if (answer != YES)
        backup_restore_drop(restore);
    arena_release(&arena);
    return answer;
}

/* The scene goes on in DATA-NAME. */
static inline void move_in(struct scene *scene, const char *name)
{
    world_close(scene->test.real);
    shell(scene, "rm -rf \"$D\"");
    assert_int_equal(rename(beside(scene, name), scene->test.dir), 0);
    assert_int_equal(world_open(&scene->test.real, scene->test.dir, 4), YES);
    scene->test.world = world_functions(scene->test.real);
}

/* Writes MANIFEST anew for the files that are there now, as who edits a backup would. */
static inline void sign_again(const struct scene *scene, const char *name)
{
    struct hash_sha256_ctx sha;
    struct manifest manifest;
    struct arena arena;
    struct buf out, old;
    char block[4096];
    ssize_t got;
    int fd;

    assert_true(arena_init(&arena, 4 << 20));
    assert_int_equal(backup_open_folder(beside(scene, name), &fd), YES);
    const int file = openat(fd, MANIFEST_NAME, O_RDWR);

    buf_init(&old, &arena, 4096);
    while ((got = read(file, block, sizeof block)) > 0)
        buf_put_bytes(&old, block, (size_t)got);
    assert_int_equal(manifest_parse(&arena, buf_str(&old), &manifest), YES);
    buf_init(&out, &arena, 4096);
    hash_sha256_init(&sha);
    manifest_head_put(&out, &manifest);
    for (size_t i = 0; i < manifest.files_n; i++)
        if (backup_copy(fd, -1, &sha, &manifest.files[i]) == YES)
            manifest_file_put(&out, &manifest.files[i]);
    manifest_checkpoint_put(&out, manifest.checkpoint);
    assert_int_equal(pwrite(file, out.ptr, out.len, 0), (ssize_t)out.len);
    assert_int_equal(ftruncate(file, (off_t)out.len), 0);
    hash_sha256_release(&sha);
    (void)close(file);
    (void)close(fd);
    arena_release(&arena);
}

/* Runs SQL in a database of the backup, closed to nobody's rules. */
static inline void edit_backup(const struct scene *scene, const char *file, const char *sql)
{
    char path[2 * SCENE_PATH];
    sqlite3 *db;

    (void)snprintf(path, sizeof path, "%s/%s", beside(scene, "edited"), file);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    (void)sqlite3_close(db);
}

static inline void leave(struct scene *scene, int64_t member)
{
    struct erase_again_form form = {.erasure = {.member = member, .at_s = INT64_MAX}};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_member_erase_again(&ctx, &form), YES);
    test_done(&ctx);
    assert_true(form.done);
}

static inline void trade(struct scene *scene, int times)
{
    for (int i = 0; i < times; i++)
        (void)send_hours(scene, i % 2 == 0 ? scene->test.amina : scene->test.bruno,
                         i % 2 == 0 ? scene->test.bruno : scene->test.amina, 10 + i);
}

/* Whether a file of the folder (or below it) has these bytes. */
static inline bool folder_has(const char *folder, const void *bytes, size_t len)
{
    char command[512], name[512];
    bool found = false;

    (void)snprintf(command, sizeof command, "find '%s' -type f", folder);
    FILE *list = popen(command, "r");

    while (list != NULL && fgets(name, sizeof name, list) != NULL) {
        static char all[32 << 20];

        name[strcspn(name, "\n")] = 0;
        FILE *file = fopen(name, "rb");
        const size_t n = file == NULL ? 0 : fread(all, 1, sizeof all, file);

        assert_true(n < sizeof all);
        found = found || memmem(all, n, bytes, len) != NULL;
        if (file != NULL)
            (void)fclose(file);
    }
    assert_int_equal(pclose(list), 0);
    return found;
}

#endif
