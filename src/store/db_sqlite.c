/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/db_sqlite.h"

#include "base/log.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

/* --- saying no --- */

no db_sqlite_no(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
        return YES;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return NO_STORE_BUSY;
    case SQLITE_FULL:
        return NO_STORE_FULL;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return NO_IO_FAILED;
    case SQLITE_CONSTRAINT:
        return NO_CONFLICT;
    case SQLITE_NOMEM:
        return NO_OUT_OF_MEMORY;
    case SQLITE_TOOBIG:
        return NO_TOO_LARGE;
    case SQLITE_INTERRUPT:
        return NO_STOPPING;
    default: /* CORRUPT, NOTADB, and every statement that should not have been written */
        return NO_STORE_BROKEN;
    }
}

/* Two people may want the same handle; a row that breaks a CHECK or a trigger is ours to repair. */
static bool is_worth_a_line(int code)
{
    return code != SQLITE_CONSTRAINT_UNIQUE && code != SQLITE_CONSTRAINT_PRIMARYKEY &&
           code != SQLITE_CONSTRAINT_ROWID;
}

no db_sqlite_say(struct db *db, int code, const char *what, const char *name)
{
    const int extended = sqlite3_extended_errcode(db->sqlite);

    if (is_worth_a_line(extended))
        log_line((code & 0xff) == SQLITE_CONSTRAINT ? LOG_WARN : LOG_ERROR, "store", what,
                 "statement", name, "reason", sqlite3_errmsg(db->sqlite), NULL);
    return db_sqlite_no(code);
}

/* --- statements --- */

/* Texts lie in arrays, so the low bits of their addresses say little: Fibonacci hashing. */
static size_t place_of(const struct db *db, const struct db_text *text)
{
    const uint64_t mixed = ((uintptr_t)text >> 4) * UINT64_C(0x9E3779B97F4A7C15);

    return (size_t)(mixed >> 32) & (db->places_n - 1);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n;")] == '\0';
}

static no prepare(struct db *db, struct db_stmt *stmt)
{
    const char *tail = "";
    const int code = sqlite3_prepare_v3(db->sqlite, stmt->text->sqlite, -1,
                                        SQLITE_PREPARE_PERSISTENT, &stmt->sqlite, &tail);

    if (code != SQLITE_OK)
        return db_sqlite_say(db, code, "statement does not fit the schema", stmt->text->name);
    if (stmt->sqlite != NULL && is_blank(tail) &&
        sqlite3_column_count(stmt->sqlite) == stmt->text->columns)
        return YES;
    (void)sqlite3_finalize(stmt->sqlite);
    stmt->sqlite = NULL;
    log_line(LOG_ERROR, "store",
             "statement has other columns than its row, or is not one statement", "statement",
             stmt->text->name, NULL);
    return NO_STORE_BROKEN;
}

/* A statement more for `text`: at an empty place, or behind the one that is in use. */
static no add(struct db *db, const struct db_text *text, struct db_stmt **link)
{
    struct db_stmt *stmt =
        db->stmts_n < db->stmts_max ? arena_take(&db->arena, sizeof *stmt) : NULL;

    if (stmt == NULL)
        return NO_OUT_OF_MEMORY;
    *stmt = (struct db_stmt){.db = db, .text = text};
    const no answer = prepare(db, stmt);
    if (answer != YES) {
        /* Whatever was asked for in vain leaves its room to the next. */
        arena_rewind(&db->arena, (size_t)((char *)stmt - db->arena.start));
        return answer;
    }
    db->stmts_n++;
    *link = stmt;
    return YES;
}

static no take(struct db *db, const struct db_text *text, struct db_stmt **stmt)
{
    size_t at = place_of(db, text);

    while (db->places[at] != NULL && db->places[at]->text != text)
        at = (at + 1) & (db->places_n - 1);
    struct db_stmt **link = &db->places[at];
    while (*link != NULL && (*link)->in_use)
        link = &(*link)->next;
    if (*link == NULL)
        TRY(add(db, text, link));
    (*link)->in_use = true;
    (*link)->bound = YES;
    *stmt = *link;
    return YES;
}

no db_take(struct db *db, const struct db_text *text, struct db_stmt **stmt)
{
    return db->lost != YES ? db->lost : take(db, text, stmt);
}

void db_give_back(struct db_stmt *stmt)
{
    assert(stmt->in_use);
    (void)sqlite3_reset(stmt->sqlite);
    (void)sqlite3_clear_bindings(stmt->sqlite);
    stmt->in_use = false;
}

static void note_bound(struct db_stmt *stmt, int code)
{
    assert(code != SQLITE_RANGE && code != SQLITE_MISUSE);
    if (code != SQLITE_OK)
        stmt->bound = db_sqlite_no(code);
}

void db_bind_int(struct db_stmt *stmt, int at, int64_t value)
{
    note_bound(stmt, sqlite3_bind_int64(stmt->sqlite, at, value));
}

/* Values stay the caller's: they live until db_give_back, which comes before the caller returns. */
void db_bind_text(struct db_stmt *stmt, int at, str value)
{
    note_bound(stmt, sqlite3_bind_text64(stmt->sqlite, at, value.ptr, value.len, SQLITE_STATIC,
                                         SQLITE_UTF8));
}

void db_bind_blob(struct db_stmt *stmt, int at, str value)
{
    note_bound(stmt, sqlite3_bind_blob64(stmt->sqlite, at, value.ptr, value.len, SQLITE_STATIC));
}

no db_step(struct db_stmt *stmt)
{
    struct db *db = stmt->db;

    if (stmt->bound != YES)
        return stmt->bound;
    const int code = sqlite3_step(stmt->sqlite);
    if (code == SQLITE_ROW)
        return YES;
    if (code == SQLITE_DONE) {
        stmt->changed = sqlite3_changes64(db->sqlite);
        return NO_NOT_FOUND;
    }
    const no answer = db_sqlite_say(db, code, "statement failed", stmt->text->name);
    /* After a fault SQLite may have undone a statement, or everything. Half a batch must never be
     * committed. */
    if (db->in_batch && no_is_fault(answer))
        db->lost = answer;
    return answer;
}

no db_settle(struct db_stmt *stmt)
{
    return sqlite3_stmt_readonly(stmt->sqlite) ? YES : db_finish(stmt);
}

int64_t db_int(struct db_stmt *stmt, int column)
{
    return sqlite3_column_int64(stmt->sqlite, column);
}

str db_text_here(struct db_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt->sqlite, column);

    return text == NULL
               ? STR_NONE
               : (str){(const char *)text, (size_t)sqlite3_column_bytes(stmt->sqlite, column)};
}

str db_blob_here(struct db_stmt *stmt, int column)
{
    if (sqlite3_column_type(stmt->sqlite, column) == SQLITE_NULL)
        return STR_NONE;
    const char *blob = sqlite3_column_blob(stmt->sqlite, column);
    /* SQLite says NULL for a blob of no bytes; here that is not the same as no blob. */
    return (str){blob == NULL ? "" : blob, (size_t)sqlite3_column_bytes(stmt->sqlite, column)};
}

int64_t db_changed(struct db_stmt *stmt)
{
    return stmt->changed;
}

/* A script that committed half of itself could not be undone. */
static int refuse_transactions(void *self, int action, const char *first, const char *second,
                               const char *schema, const char *trigger)
{
    (void)self, (void)first, (void)second, (void)schema, (void)trigger;
    return action == SQLITE_TRANSACTION || action == SQLITE_SAVEPOINT ? SQLITE_DENY : SQLITE_OK;
}

static no run_all(struct db *db, str script, const char *name)
{
    const char *at = script.ptr, *end = script.ptr + script.len;

    while (at < end) {
        sqlite3_stmt *sqlite = NULL;
        int code = sqlite3_prepare_v2(db->sqlite, at, (int)(end - at), &sqlite, &at);

        if (code == SQLITE_OK && sqlite == NULL)
            continue; /* blanks and comments */
        while (code == SQLITE_OK || code == SQLITE_ROW)
            code = sqlite3_step(sqlite);
        const no answer =
            code == SQLITE_DONE ? YES : db_sqlite_say(db, code, "script failed", name);
        (void)sqlite3_finalize(sqlite);
        TRY(answer);
    }
    return YES;
}

no db_run(struct db *db, str script, const char *name)
{
    assert(script.len < INT_MAX && !db->guarded);
    (void)sqlite3_set_authorizer(db->sqlite, refuse_transactions, NULL);
    const no answer = run_all(db, script, name);
    (void)sqlite3_set_authorizer(db->sqlite, NULL, NULL);
    return answer;
}

/* --- transactions --- */

enum { BEGIN, COMMIT, ROLLBACK, SAVE, KEEP, UNDO, SNAPSHOT, CONTROLS };

/* Savepoints of one name nest: the innermost is meant. */
static const struct db_text controls[CONTROLS] = {
    [BEGIN] = {"begin", "BEGIN IMMEDIATE", "BEGIN", 0},
    [COMMIT] = {"commit", "COMMIT", "COMMIT", 0},
    [ROLLBACK] = {"rollback", "ROLLBACK", "ROLLBACK", 0},
    [SAVE] = {"save", "SAVEPOINT deed", "SAVEPOINT deed", 0},
    [KEEP] = {"keep", "RELEASE deed", "RELEASE SAVEPOINT deed", 0},
    [UNDO] = {"undo", "ROLLBACK TO deed", "ROLLBACK TO SAVEPOINT deed", 0},
    [SNAPSHOT] = {"snapshot", "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0},
};

static no control(struct db *db, int which)
{
    struct db_stmt *stmt;

    TRY(take(db, &controls[which], &stmt));
    const no answer = db_finish(stmt);
    db_give_back(stmt);
    return answer;
}

no db_begin(struct db *db)
{
    assert(db->role == DB_WRITER && !db->in_batch);
    TRY(control(db, BEGIN));
    db->in_batch = true;
    db->lost = YES;
    return YES;
}

void db_rollback(struct db *db)
{
    if (sqlite3_get_autocommit(db->sqlite) == 0)
        (void)control(db, ROLLBACK);
    db->in_batch = false;
    db->lost = YES;
}

no db_commit(struct db *db)
{
    assert(db->in_batch);
    const no answer = db->lost != YES ? db->lost : control(db, COMMIT);
    if (answer == YES)
        db->in_batch = false;
    else
        db_rollback(db);
    return answer;
}

no db_save(struct db *db)
{
    return db->lost != YES ? db->lost : control(db, SAVE);
}

no db_keep(struct db *db)
{
    return db->lost != YES ? db->lost : control(db, KEEP);
}

no db_undo(struct db *db)
{
    if (db->lost != YES)
        return db->lost;
    TRY(control(db, UNDO));
    return control(db, KEEP);
}

/* Inside a batch the writer sees one state anyway, and so does who asks inside a snapshot. */
no db_snapshot(struct db *db)
{
    if (sqlite3_get_autocommit(db->sqlite) == 0)
        return YES;
    TRY(control(db, SNAPSHOT));
    db->in_snapshot = true;
    return YES;
}

void db_snapshot_end(struct db *db)
{
    if (db->in_snapshot)
        (void)control(db, ROLLBACK);
    db->in_snapshot = false;
}

no db_checkpoint(struct db *db)
{
    assert(db->role == DB_WRITER && !db->in_batch);
    const int code =
        sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return code == SQLITE_OK ? YES : db_sqlite_say(db, code, "checkpoint failed", "checkpoint");
}

no db_scrub(struct db *db)
{
    assert(db->role == DB_WRITER && !db->in_batch);
    const int code =
        sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return code == SQLITE_OK ? YES : db_sqlite_say(db, code, "scrubbing waits", "checkpoint");
}

static no copy_into(struct db *db, sqlite3 *copy)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy, "main", db->sqlite, "main");
    int code = backup == NULL ? sqlite3_errcode(copy) : sqlite3_backup_step(backup, -1);

    (void)sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE)
        return YES;
    log_line(LOG_ERROR, "store", "copy failed", "reason", sqlite3_errstr(code), NULL);
    return db_sqlite_no(code);
}

no db_copy(struct db *db, const char *path)
{
    sqlite3 *copy = NULL;

    assert(!db->in_batch);
    TRY(db_file_make(path, true));
    const int code =
        sqlite3_open_v2(path, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    no answer = code == SQLITE_OK ? copy_into(db, copy) : db_sqlite_no(code);
    if (sqlite3_close(copy) != SQLITE_OK && answer == YES)
        answer = NO_IO_FAILED;
    if (answer != YES)
        db_file_remove(path);
    return answer;
}
