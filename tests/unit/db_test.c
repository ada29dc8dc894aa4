/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The database of db.h with a small schema: transactions, and what it refuses to run. Files and
 * processes are db_files_test.c, migrations db_migrate_test.c, failing disks db_fault_test.c, the
 * house's own schema store_test.c.
 */
#include "test_purse.h"

/* --- transactions --- */

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
    assert_int_equal(attempt(db, "PRAGMA max_page_count = 300"),
                     NO_STORE_BROKEN); /* it answers a row */
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

/* --- guards --- */

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
    assert_int_equal(attempt(db, "INSERT OR REPLACE INTO entry (id, sum) VALUES (1, 0)"),
                     NO_CONFLICT);
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
        SQL("column", 1, "SELECT nothing FROM purse"),   SQL("table", 1, "SELECT id FROM purses"),
        SQL("few", 2, "SELECT id FROM purse"),           SQL("many", 0, "SELECT id FROM purse"),
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
