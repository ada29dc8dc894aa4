/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The database's files: readers beside the writer, the lock, copies, and the death of the process.
 */
#include "test_purse.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* --- readers --- */

static void readers_see_what_is_committed(void **state)
{
    struct db *writer = open_writer(), *reader = open_reader();

    (void)state;
    assert_int_equal(db_begin(writer), YES);
    assert_int_equal(put(writer, 1, 7), YES);
    assert_int_equal(sum(reader), 0);
    assert_int_equal(db_commit(writer), YES);
    assert_int_equal(sum(reader), 7);
    assert_int_equal(db_snapshot(reader), YES);
    assert_int_equal(sum(reader), 7);
    assert_int_equal(put(writer, 2, 7), YES);
    assert_int_equal(sum(reader), 7);
    db_snapshot_end(reader);
    assert_int_equal(sum(reader), 14);
    /* The writer may be asked for a snapshot too: by a view inside a deed, and by one outside. */
    assert_int_equal(db_begin(writer), YES);
    assert_int_equal(db_snapshot(writer), YES);
    db_snapshot_end(writer);
    assert_int_equal(put(writer, 3, 7), YES);
    assert_int_equal(db_commit(writer), YES);
    assert_int_equal(db_snapshot(writer), YES);
    assert_int_equal(sum(writer), 21);
    db_snapshot_end(writer);
    db_close(reader);
    db_close(writer);
}

static void readers_cannot_write(void **state)
{
    struct db *writer = open_writer(), *reader = open_reader();

    (void)state;
    assert_int_equal(put(reader, 1, 1), NO_STORE_BROKEN);
    assert_int_equal(attempt(reader, "DELETE FROM purse"), NO_STORE_BROKEN);
    assert_int_equal(attempt(reader, "CREATE TABLE t (id INTEGER) STRICT"), NO_STORE_BROKEN);
    assert_int_equal(sum(writer), 0);
    db_close(reader);
    db_close(writer);
}

static off_t size_of(const char *name)
{
    char path[TEST_DIR_SIZE + 64];
    struct stat at;

    return stat(test_dir_path(dir, name, path), &at) == 0 ? at.st_size : -1;
}

/* A reader that closes last must not touch the WAL; the writer keeps it as a file. */
static void only_the_writer_checkpoints(void **state)
{
    static const struct db_text autocheckpoint =
        SQL("autocheckpoint", 1, "PRAGMA wal_autocheckpoint");
    struct db *writer = open_writer(), *reader = open_reader();

    (void)state;
    assert_int_equal(number(reader, &autocheckpoint), 0);
    assert_true(number(writer, &autocheckpoint) > 0);
    assert_int_equal(db_checkpoint(writer), YES);
    assert_int_equal(sum(reader), 0);
    db_close(writer);
    writer = open_writer();
    assert_int_equal(put(writer, 1, 1), YES);
    assert_int_equal(db_snapshot(reader), YES);
    assert_int_equal(sum(reader), 1);
    db_close(writer); /* cannot move the WAL: the reader is still inside */
    const off_t wal = size_of("filon.db-wal"), file = size_of("filon.db");
    assert_true(wal > 0);
    db_snapshot_end(reader);
    db_close(reader);
    assert_int_equal(size_of("filon.db-wal"), wal);
    assert_int_equal(size_of("filon.db"), file);
    writer = open_writer();
    assert_int_equal(sum(writer), 1);
    db_close(writer);
    assert_true(size_of("filon.db-wal") >= 0);
}

/* --- locks --- */

/* The answer of db_open in another process. */
static no open_elsewhere(enum db_role role)
{
    int status = 0;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        struct db *db;
        const no answer = db_open(&db, dir, role);

        _exit(answer == YES ? 0 : answer == NO_STORE_BUSY ? 1 : 2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
    return WEXITSTATUS(status) == 0 ? YES : NO_STORE_BUSY;
}

static void one_process_at_a_time(void **state)
{
    struct db *second = NULL, *writer;

    (void)state;
    assert_int_equal(db_open(&second, dir, DB_READER), NO_STORE_BUSY); /* before any writer */
    writer = open_writer();
    assert_int_equal(open_elsewhere(DB_WRITER), NO_STORE_BUSY);
    assert_int_equal(open_elsewhere(DB_READER), NO_STORE_BUSY);
    assert_int_equal(db_open(&second, dir, DB_WRITER), NO_STORE_BUSY);
    second = open_reader();
    db_close(second);
    db_close(writer);
    assert_int_equal(db_open(&second, dir, DB_READER),
                     NO_STORE_BUSY); /* the lock's file still names us */
    assert_int_equal(open_elsewhere(DB_WRITER), YES);
    second = NULL;
    assert_int_equal(db_open(&second, dir, DB_READER), NO_STORE_BUSY);
    assert_null(second);
}

static void nobody_else_may_read_the_files(void **state)
{
    char path[TEST_DIR_SIZE + 64];
    struct db *db = open_writer();
    struct stat at;

    (void)state;
    for (const char *const *name =
             (const char *const[]){"filon.db", "filon.db-wal", "filon.lock", NULL};
         *name; name++) {
        assert_int_equal(stat(test_dir_path(dir, *name, path), &at), 0);
        assert_int_equal(at.st_mode & 0777, 0600);
    }
    db_close(db);
}

static void what_is_no_database(void **state)
{
    char path[TEST_DIR_SIZE + 64];
    struct db *db = NULL;
    FILE *file = fopen(test_dir_path(dir, "filon.db", path), "w");

    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_true(fputs("this is not a database\n", file) > 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(db_open(&db, dir, DB_WRITER), NO_STORE_BROKEN);
    assert_int_equal(db_open(&db, "no/such/folder", DB_WRITER), NO_IO_FAILED);
    assert_null(db);
    db_close(NULL);
}

/* --- copies --- */

static void a_copy_is_whole(void **state)
{
    char path[TEST_DIR_SIZE + 64], home[TEST_DIR_SIZE];
    struct db *writer = open_writer(), *reader = open_reader(), *copy = NULL;

    (void)state;
    assert_int_equal(put(writer, 1, 42), YES);
    assert_int_equal(db_copy(reader, test_dir_path(dir, "copy", path)), YES);
    assert_int_equal(db_copy(writer, path), NO_CONFLICT);
    assert_int_equal(db_copy(writer, test_dir_path(dir, "no/copy", path)), NO_IO_FAILED);
    assert_int_equal(put(writer, 2, 42), YES);
    test_dir_make(home);
    char there[TEST_DIR_SIZE + 64];
    assert_int_equal(
        rename(test_dir_path(dir, "copy", path), test_dir_path(home, "filon.db", there)), 0);
    assert_int_equal(db_open(&copy, home, DB_WRITER), YES);
    assert_int_equal(sum(copy), 42);
    db_close(copy);
    test_dir_remove(home);
    db_close(reader);
    db_close(writer);
}

/* --- the death of the process --- */

/* Commits without end and says each number aloud after its commit. */
static void commit_for_ever(int to)
{
    struct db *db;

    if (db_open(&db, dir, DB_WRITER) != YES)
        _exit(1);
    for (int64_t i = 1;; i++) {
        if (db_begin(db) != YES || put(db, 2 * i, 1) != YES || put(db, 2 * i + 1, -1) != YES ||
            db_commit(db) != YES)
            _exit(1);
        if (write(to, &i, sizeof i) != sizeof i)
            _exit(1);
    }
}

static void what_was_committed_survives(void **state)
{
    static const struct db_text last = SQL("last", 1, "SELECT COALESCE(MAX(id) / 2, 0) FROM purse");
    int64_t said = 0, before = 0;

    (void)state;
    for (int round = 0; round < 5; round++) {
        int ends[2], status;

        assert_int_equal(pipe(ends), 0);
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            commit_for_ever(ends[1]);
        assert_int_equal(close(ends[1]), 0);
        for (int i = 0; i < 20 + 37 * round; i++)
            assert_int_equal(read(ends[0], &said, sizeof said), sizeof said);
        assert_int_equal(kill(child, SIGKILL), 0);
        while (read(ends[0], &said, sizeof said) == sizeof said)
            ;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(close(ends[0]), 0);
        struct db *db = open_writer();
        assert_int_equal(sum(db), 0);
        before = number(db, &last);
        assert_true(before == said || before == said + 1);
        assert_int_equal(attempt(db, "DELETE FROM purse"), YES);
        db_close(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(readers_see_what_is_committed),
        TEST(readers_cannot_write),
        TEST(only_the_writer_checkpoints),
        TEST(one_process_at_a_time),
        TEST(nobody_else_may_read_the_files),
        TEST(what_is_no_database),
        TEST(a_copy_is_whole),
        TEST(what_was_committed_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
