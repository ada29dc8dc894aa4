/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Migrations: from nothing, from each earlier version, and every script that must leave nothing
 * behind.
 */
#include "base/asset.h"
#include "store/db_in.h"

#include "test_dir.h"

/* S() for what is initialised before the program runs. */
#define TEXT(literal)                \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static const struct asset scripts[] = {
    {.name = TEXT("migrate/0001-found.sql"),
     .body = TEXT("CREATE TABLE purse (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL) STRICT;\n"
                  "INSERT INTO purse (id, sum) VALUES (1, 5);\n")},
    {.name = TEXT("migrate/0002-note.sql"),
     .body = TEXT("-- A note for each purse.\n"
                  "CREATE TABLE note (purse INTEGER PRIMARY KEY REFERENCES purse (id), text TEXT "
                  "NOT NULL) STRICT;\n"
                  "INSERT INTO note (purse, text) SELECT id, 'old; purse' FROM purse;\n")},
    /* SQLite changes a table by making it anew; references point into the air meanwhile. */
    {.name = TEXT("migrate/0003-wide.sql"),
     .body = TEXT("CREATE TABLE purse_new (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, unit "
                  "INTEGER NOT NULL) STRICT;\n"
                  "INSERT INTO purse_new (id, sum, unit) SELECT id, sum, 1 FROM purse;\n"
                  "DROP TABLE purse;\n"
                  "ALTER TABLE purse_new RENAME TO purse;\n"
                  "CREATE TRIGGER purse_full BEFORE UPDATE ON purse WHEN NEW.sum > 9\n"
                  "BEGIN SELECT RAISE (ABORT, 'full'); END;\n")},
};
enum { SCRIPTS = sizeof scripts / sizeof scripts[0] };

/* The program's files, as the test of the moment wants them. */
static struct asset files[SCRIPTS + 3];
static size_t files_n;
static char dir[TEST_DIR_SIZE];

const struct db_text *const db_rooms[] = {NULL};

const struct asset *asset_at(size_t i)
{
    return i < files_n ? &files[i] : NULL;
}

/* A program that knows the first `n` scripts, between files that are none. */
static void program_with(size_t n)
{
    files_n = 0;
    files[files_n++] = (struct asset){.name = S("css/filon.css"), .body = S("nonsense")};
    for (size_t i = 0; i < n; i++)
        files[files_n++] = scripts[i];
    files[files_n++] = (struct asset){.name = S("migrate/README"), .body = S("nonsense")};
}

/* The n-th script replaced, n counted from 0. */
static void replace(size_t n, const char *script)
{
    files[1 + n].body = str_of(script);
}

static no start(void)
{
    struct db *db;

    TRY(db_open(&db, dir, DB_WRITER));
    db_close(db);
    return YES;
}

static int64_t number(const char *sql)
{
    static struct db_text texts[128];
    static size_t texts_n;
    struct db_stmt *stmt;
    struct db *db;

    assert_int_equal(db_open(&db, dir, DB_WRITER), YES);
    struct db_text *text = &texts[texts_n++];
    *text = (struct db_text){"number", sql, sql, 1};
    assert_int_equal(db_take(db, text, &stmt), YES);
    assert_int_equal(db_step(stmt), YES);
    const int64_t value = db_int(stmt, 0);
    db_give_back(stmt);
    db_close(db);
    return value;
}

static int64_t version(void)
{
    return number("SELECT COALESCE(MAX(number), 0) FROM migration");
}

static void from_nothing(void **state)
{
    (void)state;
    program_with(0);
    assert_int_equal(version(), 0);
    program_with(SCRIPTS);
    assert_int_equal(version(), SCRIPTS);
    assert_int_equal(number("SELECT sum + unit FROM purse"), 6);
    assert_int_equal(number("SELECT COUNT(*) FROM note WHERE text = 'old; purse'"), 1);
    assert_int_equal(number("SELECT COUNT(*) FROM migration WHERE length(sha256) = 32 AND "
                            "applied_ns > 1600000000000000000"),
                     SCRIPTS);
    assert_int_equal(start(), YES);
    assert_int_equal(version(), SCRIPTS);
}

static void from_each_version(void **state)
{
    (void)state;
    for (size_t from = 1; from < SCRIPTS; from++) {
        program_with(from);
        assert_int_equal(version(), from);
        program_with(from + 1);
        assert_int_equal(version(), from + 1);
    }
    assert_int_equal(number("SELECT sum + unit FROM purse"), 6);
}

static void up_to_a_version(void **state)
{
    struct db *db;
    int64_t at = -1;

    (void)state;
    program_with(SCRIPTS);
    assert_int_equal(db_open_up_to(&db, dir, DB_WRITER, 2), YES);
    assert_int_equal(db_version(db, &at), YES);
    assert_int_equal(at, 2);
    db_close(db);
    assert_int_equal(version(), SCRIPTS);
}

static void a_changed_script_is_refused(void **state)
{
    (void)state;
    program_with(2);
    assert_int_equal(start(), YES);
    program_with(SCRIPTS);
    replace(0, "CREATE TABLE purse (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL) STRICT;\n");
    assert_int_equal(start(), NO_STORE_BROKEN);
    program_with(SCRIPTS);
    assert_int_equal(version(), SCRIPTS);
}

static void a_newer_database_is_refused(void **state)
{
    (void)state;
    program_with(SCRIPTS);
    assert_int_equal(start(), YES);
    program_with(SCRIPTS - 1);
    assert_int_equal(start(), NO_STORE_BROKEN);
}

static void numbers_follow_one_another(void **state)
{
    (void)state;
    program_with(2);
    files[2].name = S("migrate/0003-note.sql");
    assert_int_equal(start(), NO_STORE_BROKEN);
    program_with(2);
    files[2].name = S("migrate/0001-note.sql");
    assert_int_equal(start(), NO_STORE_BROKEN);
    program_with(1);
    files[1].name = S("migrate/0000-found.sql");
    assert_int_equal(start(), NO_STORE_BROKEN);
}

/* Each of them is 0002 after a good 0001; nothing of it may stay. */
static void a_failing_script_leaves_nothing(void **state)
{
    static const char *const failing[] = {
        "CREATE TABLE t (id INTEGER) STRICT; INSERT INTO nowhere (id) VALUES (1);",
        "CREATE TABLE t (id INTEGER) STRICT; this is not SQL;",
        "CREATE TABLE t (id INTEGER) STRICT; CREATE TABLE purse (id INTEGER) STRICT;",
        "CREATE TABLE t (id INTEGER) STRICT; INSERT INTO purse (id, sum) VALUES (1, 1);",
        "CREATE TABLE t (id INTEGER) STRICT; COMMIT; CREATE TABLE u (id INTEGER) STRICT;",
        "CREATE TABLE t (id INTEGER) STRICT; ROLLBACK;",
        "CREATE TABLE t (id INTEGER) STRICT; SAVEPOINT a;",
        /* a reference into the air */
        "CREATE TABLE t (id INTEGER REFERENCES purse (id)) STRICT; INSERT INTO t (id) VALUES (99);",
        /* a table that takes anything */
        "CREATE TABLE t (id INTEGER);",
    };

    (void)state;
    for (size_t i = 0; i < sizeof failing / sizeof failing[0]; i++) {
        program_with(2);
        replace(1, failing[i]);
        if (start() != NO_STORE_BROKEN)
            fail_msg("taken: %s", failing[i]);
        program_with(1);
        assert_int_equal(version(), 1);
        assert_int_equal(number("SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('t', 'u')"), 0);
        assert_int_equal(number("SELECT sum FROM purse"), 5);
    }
    program_with(SCRIPTS);
    assert_int_equal(version(), SCRIPTS);
}

/* A search index keeps its own tables, which are not STRICT; they are not ours. */
static void an_index_of_words_is_no_table(void **state)
{
    (void)state;
    program_with(2);
    replace(1, "CREATE VIRTUAL TABLE words USING fts5 (text, content = '');");
    assert_int_equal(start(), YES);
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
        TEST(from_nothing),
        TEST(from_each_version),
        TEST(up_to_a_version),
        TEST(a_changed_script_is_refused),
        TEST(a_newer_database_is_refused),
        TEST(numbers_follow_one_another),
        TEST(a_failing_script_leaves_nothing),
        TEST(an_index_of_words_is_no_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
