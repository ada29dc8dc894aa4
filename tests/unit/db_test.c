/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The database of db.h with a small schema of its own: transactions, guards, readers, locks, copies and the death of the
 * process. Migrations are db_migrate_test.c, failing disks db_fault_test.c, the house's own schema store_test.c.
 */
#include "base/asset.h"
#include "store/db.h"

#include "test_dir.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char schema[] =
    "CREATE TABLE purse (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL) STRICT;\n"
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL) STRICT;\n"
    "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, purse INTEGER REFERENCES purse (id)) STRICT;\n"
    "CREATE INDEX entry_sum ON entry (sum);\n"
    "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE (ABORT, 'never'); END;\n"
    "INSERT INTO entry (id, sum) VALUES (1, 10);\n";

const struct asset *asset_at(size_t i)
{
    static const struct asset only = {
        .name = {"migrate/0001-test.sql", sizeof "migrate/0001-test.sql" - 1}, .body = {schema, sizeof schema - 1}};

    return i == 0 ? &only : NULL;
}

#define SQL(name, columns, text) {name, text, text, columns}

/* What a test puts in the second place is prepared by the next db_open too. */
static const struct db_text good[] = {SQL("sum", 1, "SELECT COALESCE(SUM(sum), 0) FROM purse"), {NULL, NULL, NULL, 0}};
static struct db_text extra[2];
const struct db_text *const db_rooms[] = {good, extra, NULL};

static const struct db_text put_text = SQL("put", 0, "INSERT INTO purse (id, sum) VALUES (?1, ?2)");
static const struct db_text note_text = SQL("note", 0, "INSERT INTO note (text, purse) VALUES (?1, ?2)");
static const struct db_text notes_text = SQL("notes", 1, "SELECT COUNT(*) FROM note");

static char dir[TEST_DIR_SIZE];

static no put(struct db *db, int64_t id, int64_t sum)
{
    struct db_stmt *stmt;

    TRY(db_take(db, &put_text, &stmt));
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, sum);
    const no answer = db_finish(stmt);
    db_give_back(stmt);
    return answer;
}

static no note(struct db *db, const char *text, int64_t purse)
{
    struct db_stmt *stmt;

    TRY(db_take(db, &note_text, &stmt));
    db_bind_text(stmt, 1, str_of(text));
    db_bind_int(stmt, 2, purse);
    const no answer = db_finish(stmt);
    db_give_back(stmt);
    return answer;
}

static int64_t number(struct db *db, const struct db_text *text)
{
    struct db_stmt *stmt;

    assert_int_equal(db_take(db, text, &stmt), YES);
    assert_int_equal(db_step(stmt), YES);
    const int64_t value = db_int(stmt, 0);
    db_give_back(stmt);
    return value;
}

static int64_t sum(struct db *db)
{
    return number(db, &good[0]);
}

static struct db *open_writer(void)
{
    struct db *db = NULL;

    assert_int_equal(db_open(&db, dir, DB_WRITER), YES);
    return db;
}

static struct db *open_reader(void)
{
    struct db *db = NULL;

    assert_int_equal(db_open(&db, dir, DB_READER), YES);
    return db;
}

/* Takes and steps `sql` once; the answer of whichever says no first. */
static no attempt(struct db *db, const char *sql)
{
    /* Found by address, so each attempt needs one of its own. */
    static struct db_text texts[64];
    static size_t texts_n;
    struct db_stmt *stmt;

    assert_true(texts_n < 64);
    struct db_text *text = &texts[texts_n++];
    *text = (struct db_text){"attempt", sql, sql, 0};
    TRY(db_take(db, text, &stmt));
    const no answer = db_finish(stmt);
    db_give_back(stmt);
    return answer;
}

/* --- transactions ----------------------------------------------------------------------------------------------------- */

static void a_batch_of_deeds(void **state)
{
    struct db *db = open_writer();

    (void)state;
    assert_int_equal(db_begin(db), YES);
    assert_int_equal(db_save(db), YES);
    assert_int_equal(put(db, 1, 1), YES);
    assert_int_equal(db_keep(db), YES);
    assert_int_equal(db_save(db), YES);
    assert_int_equal(put(db, 2, 10), YES);
    assert_int_equal(put(db, 1, 10), NO_CONFLICT);
    assert_int_equal(db_undo(db), YES);
    assert_int_equal(db_save(db), YES);
    assert_int_equal(put(db, 3, 100), YES);
    assert_int_equal(db_save(db), YES);
    assert_int_equal(put(db, 4, 1000), YES);
    assert_int_equal(db_undo(db), YES);
    assert_int_equal(db_keep(db), YES);
    assert_int_equal(db_commit(db), YES);
    assert_int_equal(sum(db), 101);
    assert_int_equal(db_begin(db), YES);
    assert_int_equal(put(db, 5, 5), YES);
    db_rollback(db);
    assert_int_equal(sum(db), 101);
    db_close(db);
    db = open_writer();
    assert_int_equal(sum(db), 101);
    db_close(db);
}

static void a_full_disk_loses_the_whole_batch(void **state)
{
    static char long_text[200 * 1024];
    struct db *db = open_writer();
    no answer = YES;
    int lines = 0;

    (void)state;
    memset(long_text, 'x', sizeof long_text - 1);
    assert_int_equal(put(db, 1, 1), YES);
    assert_int_equal(attempt(db, "PRAGMA max_page_count = 300"), NO_STORE_BROKEN); /* it answers a row */
    static const struct db_text limit = SQL("limit", 1, "PRAGMA max_page_count = 300");
    assert_int_equal(number(db, &limit), 300);
    assert_int_equal(db_begin(db), YES);
    assert_int_equal(put(db, 2, 2), YES);
    assert_int_equal(db_save(db), YES);
    for (; answer == YES && lines < 100; lines++) {
        long_text[0] = (char)('a' + lines);
        answer = note(db, long_text, 1);
    }
    assert_int_equal(answer, NO_STORE_FULL);
    assert_true(lines > 1);
    /* Everything says why, and nothing half-done can be committed. */
    assert_int_equal(db_undo(db), NO_STORE_FULL);
    assert_int_equal(db_save(db), NO_STORE_FULL);
    assert_int_equal(db_keep(db), NO_STORE_FULL);
    assert_int_equal(put(db, 3, 3), NO_STORE_FULL);
    assert_int_equal(db_commit(db), NO_STORE_FULL);
    assert_int_equal(sum(db), 1);
    assert_int_equal(number(db, &notes_text), 0);
    /* What is small still fits. */
    assert_int_equal(db_begin(db), YES);
    assert_int_equal(put(db, 4, 4), YES);
    assert_int_equal(db_commit(db), YES);
    assert_int_equal(sum(db), 5);
    db_close(db);
}

static void values_that_are_too_large(void **state)
{
    struct db *db = open_writer();
    struct db_stmt *stmt;

    (void)state;
    assert_int_equal(db_take(db, &note_text, &stmt), YES);
    db_bind_text(stmt, 1, (str){"x", (size_t)3 << 30});
    assert_int_equal(db_step(stmt), NO_TOO_LARGE);
    db_give_back(stmt);
    assert_int_equal(db_take(db, &note_text, &stmt), YES);
    db_bind_text(stmt, 1, S("bound, not stepped"));
    db_give_back(stmt);
    assert_int_equal(db_take(db, &note_text, &stmt), YES);
    assert_int_equal(db_step(stmt), NO_CONFLICT); /* nothing of what was bound before is left */
    db_give_back(stmt);
    assert_int_equal(note(db, "small", 0), NO_CONFLICT); /* purse 0 is not there */
    assert_int_equal(put(db, 1, 1), YES);
    assert_int_equal(note(db, "small", 1), YES);
    assert_int_equal(note(db, "small", 1), NO_CONFLICT);
    assert_int_equal(note(db, NULL, 1), NO_CONFLICT);
    db_close(db);
}

/* --- guards ----------------------------------------------------------------------------------------------------------- */

static void facts_are_only_added(void **state)
{
    static const char *const refused[] = {
        "UPDATE entry SET sum = 0",
        "UPDATE entry SET sum = 0 WHERE id = 12345",
        "DELETE FROM entry",
        "DELETE FROM ENTRY WHERE id = 1",
        "INSERT INTO entry (id, sum) VALUES (1, 0) ON CONFLICT (id) DO UPDATE SET sum = 0",
        "WITH x AS (SELECT 1) UPDATE entry SET id = 9",
        "DROP TABLE entry",
        "DROP TRIGGER entry_no_delete",
        "ALTER TABLE entry RENAME TO other",
        "ALTER TABLE entry DROP COLUMN sum",
        "ATTACH 'other.db' AS other",
        "UPDATE sqlite_schema SET sql = ''",
    };
    static const struct db_text entry = SQL("entry", 1, "SELECT SUM(sum) FROM entry");
    struct db *db = open_writer();

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (attempt(db, refused[i]) != NO_STORE_BROKEN)
            fail_msg("not refused: %s", refused[i]);
    /* These are prepared, and stopped by the triggers. */
    assert_int_equal(attempt(db, "INSERT OR REPLACE INTO entry (id, sum) VALUES (1, 0)"), NO_CONFLICT);
    assert_int_equal(attempt(db, "REPLACE INTO entry (id, sum) VALUES (1, 0)"), NO_CONFLICT);
    assert_int_equal(number(db, &entry), 10);
    assert_int_equal(attempt(db, "INSERT INTO entry (id, sum) VALUES (2, 5)"), YES);
    assert_int_equal(number(db, &entry), 15);
    db_close(db);
}

static void strict_tables_refuse_text(void **state)
{
    struct db *db = open_writer();

    (void)state;
    assert_int_equal(attempt(db, "INSERT INTO purse (id, sum) VALUES (1, 'abc')"), NO_CONFLICT);
    assert_int_equal(attempt(db, "INSERT INTO purse (id, sum) VALUES (1, 1.5)"), NO_CONFLICT);
    db_close(db);
}

static void a_wrong_statement_fails_at_the_start(void **state)
{
    static const struct db_text wrong[] = {
        SQL("column", 1, "SELECT nothing FROM purse"), SQL("table", 1, "SELECT id FROM purses"),
        SQL("few", 2, "SELECT id FROM purse"),         SQL("many", 0, "SELECT id FROM purse"),
        SQL("two", 1, "SELECT id FROM purse; SELECT 1"), SQL("none", 0, "  -- nothing"),
        SQL("change", 0, "UPDATE entry SET sum = 1"),
    };
    struct db *db = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        extra[0] = wrong[i];
        assert_int_equal(db_open(&db, dir, DB_WRITER), NO_STORE_BROKEN);
        assert_null(db);
    }
    extra[0] = (struct db_text)SQL("well", 1, "SELECT id FROM purse;\n");
    db = open_writer();
    db_close(db);
    extra[0] = (struct db_text){NULL, NULL, NULL, 0};
}

static void more_statements_than_places(void **state)
{
    static struct db_text many[400];
    struct db *db = open_writer();
    struct db_stmt *stmt;
    size_t taken = 0;

    (void)state;
    for (size_t i = 0; i < 400; i++) {
        many[i] = good[0];
        const no answer = db_take(db, &many[i], &stmt);
        if (answer != YES) {
            assert_int_equal(answer, NO_OUT_OF_MEMORY);
            break;
        }
        db_give_back(stmt);
        taken++;
    }
    assert_true(taken >= 100 && taken < 400);
    assert_int_equal(sum(db), 0);
    db_close(db);
}

/* --- readers ---------------------------------------------------------------------------------------------------------- */

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
    static const struct db_text autocheckpoint = SQL("autocheckpoint", 1, "PRAGMA wal_autocheckpoint");
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

/* --- locks ------------------------------------------------------------------------------------------------------------ */

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
    assert_int_equal(db_open(&second, dir, DB_READER), NO_STORE_BUSY); /* the lock's file still names us */
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
    for (const char *const *name = (const char *const[]){"filon.db", "filon.db-wal", "filon.lock", NULL}; *name; name++) {
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

/* --- copies ----------------------------------------------------------------------------------------------------------- */

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
    assert_int_equal(rename(test_dir_path(dir, "copy", path), test_dir_path(home, "filon.db", there)), 0);
    assert_int_equal(db_open(&copy, home, DB_WRITER), YES);
    assert_int_equal(sum(copy), 42);
    db_close(copy);
    test_dir_remove(home);
    db_close(reader);
    db_close(writer);
}

/* --- the death of the process ----------------------------------------------------------------------------------------- */

/* Commits without end and says each number aloud after its commit. */
static void commit_for_ever(int to)
{
    struct db *db;

    if (db_open(&db, dir, DB_WRITER) != YES)
        _exit(1);
    for (int64_t i = 1;; i++) {
        if (db_begin(db) != YES || put(db, 2 * i, 1) != YES || put(db, 2 * i + 1, -1) != YES || db_commit(db) != YES)
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

static int set_up(void **state)
{
    (void)state;
    test_dir_make(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_dir_remove(dir);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_batch_of_deeds),
        TEST(a_full_disk_loses_the_whole_batch),
        TEST(values_that_are_too_large),
        TEST(facts_are_only_added),
        TEST(strict_tables_refuse_text),
        TEST(a_wrong_statement_fails_at_the_start),
        TEST(more_statements_than_places),
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
