/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A small schema in place of the house's, with the least one can say to it: for one test program,
 * which includes this once.
 */
#ifndef TEST_PURSE_H
#define TEST_PURSE_H

#include "base/asset.h"
#include "store/db.h"

#include "test_dir.h"

static const char schema[] =
    "CREATE TABLE purse (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL) STRICT;\n"
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL) STRICT;\n"
    "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, purse INTEGER "
    "REFERENCES purse (id)) STRICT;\n"
    "CREATE INDEX entry_sum ON entry (sum);\n"
    "CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT RAISE (ABORT, 'never'); "
    "END;\n"
    "INSERT INTO entry (id, sum) VALUES (1, 10);\n";

const struct asset *asset_at(size_t i)
{
    static const struct asset only = {
        .name = {"migrate/0001-test.sql", sizeof "migrate/0001-test.sql" - 1},
        .body = {schema, sizeof schema - 1}};

    return i == 0 ? &only : NULL;
}

#define SQL(name, columns, text)  \
    {                             \
        name, text, text, columns \
    }

/* What a test puts in the second place is prepared by the next db_open too. */
static const struct db_text good[] = {SQL("sum", 1, "SELECT COALESCE(SUM(sum), 0) FROM purse"),
                                      {NULL, NULL, NULL, 0}};
static struct db_text extra[2];
const struct db_text *const db_rooms[] = {good, extra, NULL};

static const struct db_text put_text = SQL("put", 0, "INSERT INTO purse (id, sum) VALUES (?1, ?2)");
static const struct db_text note_text =
    SQL("note", 0, "INSERT INTO note (text, purse) VALUES (?1, ?2)");
static const struct db_text notes_text = SQL("notes", 1, "SELECT COUNT(*) FROM note");

static char dir[TEST_DIR_SIZE];

static inline no put(struct db *db, int64_t id, int64_t sum)
{
    struct db_stmt *stmt;

    TRY(db_take(db, &put_text, &stmt));
    db_bind_int(stmt, 1, id);
    db_bind_int(stmt, 2, sum);
    const no answer = db_finish(stmt);
    db_give_back(stmt);
    return answer;
}

static inline no note(struct db *db, const char *text, int64_t purse)
{
    struct db_stmt *stmt;

    TRY(db_take(db, &note_text, &stmt));
    db_bind_text(stmt, 1, str_of(text));
    db_bind_int(stmt, 2, purse);
    const no answer = db_finish(stmt);
    db_give_back(stmt);
    return answer;
}

static inline int64_t number(struct db *db, const struct db_text *text)
{
    struct db_stmt *stmt;

    assert_int_equal(db_take(db, text, &stmt), YES);
    assert_int_equal(db_step(stmt), YES);
    const int64_t value = db_int(stmt, 0);
    db_give_back(stmt);
    return value;
}

static inline int64_t sum(struct db *db)
{
    return number(db, &good[0]);
}

static inline struct db *open_writer(void)
{
    struct db *db = NULL;

    assert_int_equal(db_open(&db, dir, DB_WRITER), YES);
    return db;
}

static inline struct db *open_reader(void)
{
    struct db *db = NULL;

    assert_int_equal(db_open(&db, dir, DB_READER), YES);
    return db;
}

/* Takes and steps `sql` once; the answer of whichever says no first. */
static inline no attempt(struct db *db, const char *sql)
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

static inline int set_up(void **state)
{
    (void)state;
    test_dir_make(dir);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    test_dir_remove(dir);
    return 0;
}

/* A test in a folder of its own. */
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
