/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A disk that fails: the n-th write, sync or truncation of the same small story, for every n, once
 * or from then on, full or broken. Whatever was answered YES is there afterwards, and no batch is
 * ever there by half.
 */
#include "base/asset.h"
#include "store/db.h"

#include "test_dir.h"

#include <sqlite3.h>

static const char schema[] =
    "CREATE TABLE leg (id INTEGER PRIMARY KEY, batch INTEGER NOT NULL, sum INTEGER NOT NULL,"
    " text TEXT NOT NULL) STRICT;\n";

const struct asset *asset_at(size_t i)
{
    static const struct asset only = {
        .name = {"migrate/0001-test.sql", sizeof "migrate/0001-test.sql" - 1},
        .body = {schema, sizeof schema - 1}};

    return i == 0 ? &only : NULL;
}

static const struct db_text texts[] = {
    {"leg_put", "INSERT INTO leg (batch, sum, text) VALUES (?1, ?2, ?3)", "", 0},
    {"leg_sum", "SELECT COALESCE(SUM(sum), 0) FROM leg", "", 1},
    {"leg_batches", "SELECT COUNT(DISTINCT batch) FROM leg", "", 1},
    {"leg_count", "SELECT COUNT(*) FROM leg", "", 1},
    {"little_cache", "PRAGMA cache_size = 10", "", 0},
    {NULL, NULL, NULL, 0},
};
const struct db_text *const db_rooms[] = {texts, NULL};

/* --- a disk that fails --- */

static struct {
    int calls, fail_at, code; /* the fail_at-th call from now on answers `code`; 0 = never */
    bool for_ever;
} disk;

struct file {
    sqlite3_file base;
    sqlite3_file *real;
};

static sqlite3_vfs *real_vfs;

static sqlite3_file *real(sqlite3_file *file)
{
    return ((struct file *)(void *)file)->real;
}

static bool fails(void)
{
    disk.calls++;
    return disk.fail_at > 0 &&
           (disk.for_ever ? disk.calls >= disk.fail_at : disk.calls == disk.fail_at);
}

static int file_close(sqlite3_file *file)
{
    const int code = real(file)->pMethods->xClose(real(file));

    sqlite3_free(real(file));
    return code;
}

static int file_read(sqlite3_file *file, void *to, int size, sqlite3_int64 at)
{
    return real(file)->pMethods->xRead(real(file), to, size, at);
}

static int file_write(sqlite3_file *file, const void *from, int size, sqlite3_int64 at)
{
    if (!fails())
        return real(file)->pMethods->xWrite(real(file), from, size, at);
    /* Half of it arrives. */
    (void)real(file)->pMethods->xWrite(real(file), from, size / 2, at);
    return disk.code;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    return fails() ? disk.code : real(file)->pMethods->xTruncate(real(file), size);
}

/* The machine stays up, so nothing is really synced: it would only take time. */
static int file_sync(sqlite3_file *file, int flags)
{
    (void)file, (void)flags;
    return fails() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int file_lock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xLock(real(file), level);
}

static int file_unlock(sqlite3_file *file, int level)
{
    return real(file)->pMethods->xUnlock(real(file), level);
}

static int file_reserved(sqlite3_file *file, int *out)
{
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
}

static int file_control(sqlite3_file *file, int what, void *value)
{
    return real(file)->pMethods->xFileControl(real(file), what, value);
}

static int file_sector(sqlite3_file *file)
{
    return real(file)->pMethods->xSectorSize(real(file));
}

static int file_traits(sqlite3_file *file)
{
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}

static int file_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, at);
}

static int file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
    return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}

static void file_shm_barrier(sqlite3_file *file)
{
    real(file)->pMethods->xShmBarrier(real(file));
}

static int file_shm_unmap(sqlite3_file *file, int remove)
{
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int open_failing(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                        int *flags_out)
{
    struct file *ours = (struct file *)(void *)file;

    (void)vfs;
    ours->base.pMethods = NULL;
    ours->real = sqlite3_malloc(real_vfs->szOsFile);
    if (ours->real == NULL)
        return SQLITE_NOMEM;
    const int code = real_vfs->xOpen(real_vfs, name, ours->real, flags, flags_out);
    if (code == SQLITE_OK)
        ours->base.pMethods = &methods;
    else
        sqlite3_free(ours->real);
    return code;
}

/* --- the story --- */

enum { BATCHES = 4 };

static char dir[TEST_DIR_SIZE];

static no put(struct db *db, int64_t batch, int64_t sum)
{
    static char text[9000];
    struct db_stmt *stmt;

    memset(text, 'x', sizeof text);
    TRY(db_take(db, &texts[0], &stmt));
    db_bind_int(stmt, 1, batch);
    db_bind_int(stmt, 2, sum);
    db_bind_text(stmt, 3, (str){text, sizeof text});
    const no answer = db_finish(stmt);
    db_give_back(stmt);
    return answer;
}

static int64_t number(struct db *db, int which)
{
    struct db_stmt *stmt;

    assert_int_equal(db_take(db, &texts[which], &stmt), YES);
    assert_int_equal(db_step(stmt), YES);
    const int64_t value = db_int(stmt, 0);
    db_give_back(stmt);
    return value;
}

static no deed(struct db *db, int64_t batch)
{
    TRY(db_save(db));
    no answer = put(db, batch, batch);
    if (answer == YES)
        answer = put(db, batch, -batch);
    /* As deed_run does: an undo that fails too is the answer of the commit. */
    const no end = answer == YES ? db_keep(db) : db_undo(db);
    return answer != YES ? answer : end;
}

/* Two deeds in one commit; without asking whether they went well. */
static no commit_batch(struct db *db, int64_t batch)
{
    TRY(db_begin(db));
    const no one = deed(db, batch), two = deed(db, batch);
    const no answer = db_commit(db);
    /* What failed inside was never committed by a commit that says YES. */
    assert_true(answer != YES || (one == YES && two == YES));
    return answer;
}

/* Pages then leave in the middle of a batch, and a deed may fail where another one of the same
 * batch went well. */
static void take_little_cache(struct db *db)
{
    struct db_stmt *stmt;

    assert_int_equal(db_take(db, &texts[4], &stmt), YES);
    assert_int_equal(db_finish(stmt), YES);
    db_give_back(stmt);
}

/* Plays all of it; `said` batches were answered YES. False when the disk failed somewhere. */
static bool play(int64_t *said)
{
    struct db *db = NULL;
    bool well = true;

    *said = 0;
    if (db_open(&db, dir, DB_WRITER) != YES)
        return false;
    take_little_cache(db);
    for (int64_t batch = 1; batch <= BATCHES; batch++) {
        const no answer = commit_batch(db, batch);

        if (answer != YES && answer != NO_STORE_FULL && answer != NO_IO_FAILED)
            fail_msg("batch says %s", no_line(answer)->name);
        *said += answer == YES;
        well = well && answer == YES;
        if (batch % 2 == 0)
            well = db_checkpoint(db) == YES && well;
    }
    db_close(db);
    return well;
}

/* With a disk that works again. A batch whose commit said no may be there, whole: its sync failed,
 * its frames arrived. */
static void check(int64_t said, int at)
{
    struct db *db = NULL;

    disk.fail_at = 0;
    if (db_open(&db, dir, DB_WRITER) != YES)
        fail_msg("call %d: cannot be opened again", at);
    const int64_t batches = number(db, 2);
    if (number(db, 1) != 0 || number(db, 3) != 4 * batches)
        fail_msg("call %d: half a batch", at);
    if (batches < said)
        fail_msg("call %d: %d batches were said, %d are there", at, (int)said, (int)batches);
    assert_int_equal(commit_batch(db, 100), YES);
    db_close(db);
}

static void each_call_fails(int code, bool for_ever)
{
    int64_t said;
    bool well = false;

    for (int at = 1; !well; at++) {
        test_dir_make(dir);
        disk.calls = 0;
        disk.fail_at = at;
        disk.code = code;
        disk.for_ever = for_ever;
        well = play(&said);
        if (disk.calls >= at)
            well = false;
        else
            assert_true(well && said == BATCHES && at > 20);
        check(said, at);
        test_dir_remove(dir);
        assert_true(at < 2000);
    }
}

static void one_call_is_full(void **state)
{
    (void)state;
    each_call_fails(SQLITE_FULL, false);
}

static void full_from_then_on(void **state)
{
    (void)state;
    each_call_fails(SQLITE_FULL, true);
}

static void one_call_is_broken(void **state)
{
    (void)state;
    each_call_fails(SQLITE_IOERR_WRITE, false);
}

static void broken_from_then_on(void **state)
{
    (void)state;
    each_call_fails(SQLITE_IOERR_WRITE, true);
}

static int set_up(void **state)
{
    static sqlite3_vfs failing;

    (void)state;
    real_vfs = sqlite3_vfs_find(NULL);
    failing = *real_vfs;
    failing.zName = "failing";
    failing.szOsFile = sizeof(struct file);
    failing.xOpen = open_failing;
    return sqlite3_vfs_register(&failing, 1) == SQLITE_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_call_is_full),
        cmocka_unit_test(full_from_then_on),
        cmocka_unit_test(one_call_is_broken),
        cmocka_unit_test(broken_from_then_on),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
