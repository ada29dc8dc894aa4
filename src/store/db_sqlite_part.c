/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/db_part.h"

#include "base/log.h"
#include "store/db_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static no say(sqlite3 *sqlite, const char *what, const char *path)
{
    const int code = sqlite == NULL ? SQLITE_NOMEM : sqlite3_errcode(sqlite);

    log_line(LOG_ERROR, "store", what, "file", path, "reason",
             sqlite == NULL ? "" : sqlite3_errmsg(sqlite), NULL);
    return code == SQLITE_OK ? NO_STORE_BROKEN : db_sqlite_no(code);
}

/* --- a file that nobody else has open --------------------------------------------------------- */

/* Nothing in a file that came from elsewhere may run by being read. */
static no open_alone(const char *path, sqlite3 **sqlite)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;

    if (sqlite3_open_v2(path, sqlite, flags, NULL) != SQLITE_OK)
        return say(*sqlite, "cannot be opened", path);
    (void)sqlite3_extended_result_codes(*sqlite, 1);
    (void)sqlite3_db_config(*sqlite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(*sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    return YES;
}

static no run(sqlite3 *sqlite, const char *script, const char *path)
{
    return sqlite3_exec(sqlite, script, NULL, NULL, NULL) == SQLITE_OK
               ? YES
               : say(sqlite, "a copy cannot be parted or joined", path);
}

/* The path is bound, never written into the statement. */
static no run_with(sqlite3 *sqlite, const char *text, const char *path)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(sqlite, text, -1, &stmt, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    const no answer = code == SQLITE_DONE || code == SQLITE_ROW
                          ? YES
                          : say(sqlite, "a copy cannot be parted or joined", path);

    (void)sqlite3_finalize(stmt);
    return answer;
}

static no close_alone(sqlite3 *sqlite, no answer)
{
    return sqlite3_close(sqlite) == SQLITE_OK || answer != YES ? answer : NO_IO_FAILED;
}

static no bring_to_disk(const char *path)
{
    const int file = open(path, O_RDWR | O_CLOEXEC);
    const bool synced = file >= 0 && fsync(file) == 0;
    const no answer = synced ? YES : errno == ENOSPC ? NO_STORE_FULL : NO_IO_FAILED;

    if (file >= 0)
        (void)close(file);
    return answer;
}

/* --- parting ---------------------------------------------------------------------------------- */

/* The copy is nobody's yet: without journal and without syncs, and what is taken out of it is
 * overwritten where it lay. */
static const char alone[] = "PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF;"
                            " PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;";
static const char part_script[] =
    "PRAGMA private.journal_mode = OFF; PRAGMA private.synchronous = OFF; BEGIN;"
    " CREATE TABLE private.log_open (idx INTEGER PRIMARY KEY, openings BLOB NOT NULL) STRICT;"
    " CREATE TABLE private.log_payload (idx INTEGER NOT NULL, slot INTEGER NOT NULL,"
    "  payload TEXT NOT NULL, PRIMARY KEY (idx, slot)) STRICT, WITHOUT ROWID;"
    " INSERT INTO private.log_open SELECT idx, openings FROM main.log_open ORDER BY idx;"
    " INSERT INTO private.log_payload"
    "  SELECT idx, slot, payload FROM main.log_payload ORDER BY idx, slot;"
    " DELETE FROM main.log_open; DELETE FROM main.log_payload; COMMIT; DETACH private;";

static no part_open(sqlite3 *sqlite, const char *path, const char *private_path)
{
    TRY(run(sqlite, alone, path));
    TRY(run_with(sqlite, "ATTACH ?1 AS private", private_path));
    TRY(run(sqlite, part_script, private_path));
    /* Pages keep pieces of rows that were moved to others: only a file made of the rows that are
     * left has nothing of them. */
    return run_with(sqlite, "VACUUM INTO ?1", path);
}

static no part(const char *from, const char *path, const char *private_path)
{
    sqlite3 *sqlite = NULL;

    TRY(db_file_make(path, true));
    TRY(db_file_make(private_path, true));
    no answer = open_alone(from, &sqlite);

    if (answer == YES)
        answer = part_open(sqlite, path, private_path);
    answer = close_alone(sqlite, answer);
    if (answer == YES)
        answer = bring_to_disk(path);
    return answer == YES ? bring_to_disk(private_path) : answer;
}

no db_copy_parted(struct db *db, const char *path, const char *private_path)
{
    char from[PATH_MAX];
    const int len = snprintf(from, sizeof from, "%s.part", path);

    if (len <= 0 || (size_t)len >= sizeof from)
        return NO_IO_FAILED;
    if (access(path, F_OK) == 0 || access(private_path, F_OK) == 0)
        return NO_CONFLICT;
    TRY(db_copy(db, from));
    const no answer = part(from, path, private_path);

    db_file_remove(from);
    if (answer != YES) {
        db_file_remove(path);
        db_file_remove(private_path);
    }
    return answer;
}

/* --- joining ---------------------------------------------------------------------------------- */

static const char join_script[] =
    "BEGIN;"
    " INSERT INTO main.log_open SELECT idx, openings FROM private.log_open ORDER BY idx;"
    " INSERT INTO main.log_payload"
    "  SELECT idx, slot, payload FROM private.log_payload ORDER BY idx, slot;"
    " COMMIT; DETACH private;";

/* Two tables and nothing else: a view would be a program of whoever wrote the file. */
static no check_private(sqlite3 *sqlite, const char *path)
{
    sqlite3_stmt *stmt = NULL;
    const char *text = "SELECT count(*), sum(type = 'table' AND name IN ('log_open',"
                       " 'log_payload')), (SELECT integrity_check = 'ok' FROM"
                       " pragma_integrity_check(1, 'private')) FROM private.sqlite_schema";
    const bool read = sqlite3_prepare_v2(sqlite, text, -1, &stmt, NULL) == SQLITE_OK &&
                      sqlite3_step(stmt) == SQLITE_ROW;
    const bool well = read && sqlite3_column_int(stmt, 0) == 2 &&
                      sqlite3_column_int(stmt, 1) == 2 && sqlite3_column_int(stmt, 2) == 1;

    (void)sqlite3_finalize(stmt);
    if (!well)
        log_line(LOG_ERROR, "store", "not a file of openings, or a damaged one", "file", path,
                 NULL);
    return well ? YES : NO_STORE_BROKEN;
}

static no join_open(sqlite3 *sqlite, const char *path, const char *private_path)
{
    TRY(run(sqlite, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF;", path));
    TRY(run_with(sqlite, "ATTACH ?1 AS private", private_path));
    TRY(check_private(sqlite, private_path));
    return run(sqlite, join_script, private_path);
}

no db_join(const char *path, const char *private_path)
{
    sqlite3 *sqlite = NULL;
    no answer = access(private_path, F_OK) == 0 ? open_alone(path, &sqlite) : NO_NOT_FOUND;

    if (answer == YES)
        answer = join_open(sqlite, path, private_path);
    answer = close_alone(sqlite, answer);
    /* Whatever a foreign file makes of these statements: it is not what it should be. */
    if (answer == NO_CONFLICT || answer == NO_TOO_LARGE)
        answer = NO_STORE_BROKEN;
    return answer == YES ? bring_to_disk(path) : answer;
}

/* --- a file from elsewhere -------------------------------------------------------------------- */

static no check_pages(sqlite3 *sqlite, const char *path)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(sqlite, "PRAGMA integrity_check (1)", -1, &stmt, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(stmt);
    const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL;
    const bool well = text != NULL && strcmp(text, "ok") == 0;

    if (!well)
        log_line(LOG_ERROR, "store", "damaged", "file", path, "reason",
                 text != NULL ? text : sqlite3_errmsg(sqlite), NULL);
    (void)sqlite3_finalize(stmt);
    return well ? YES : code == SQLITE_NOMEM ? NO_OUT_OF_MEMORY : NO_STORE_BROKEN;
}

/* What ANALYZE leaves is a matter of the file, the rest of the program. */
static const char schema_text[] =
    "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema"
    " WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY type, name";

static bool same_column(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
    const char *x = (const char *)sqlite3_column_text(a, column);
    const char *y = (const char *)sqlite3_column_text(b, column);

    return x != NULL && y != NULL && strcmp(x, y) == 0;
}

static no compare_schemas(sqlite3_stmt *found, sqlite3_stmt *made, const char *path)
{
    for (;;) {
        const int code = sqlite3_step(found), wanted = sqlite3_step(made);

        if (code == SQLITE_DONE && wanted == SQLITE_DONE)
            return YES;
        if (code == SQLITE_ROW && wanted == SQLITE_ROW && same_column(found, made, 0) &&
            same_column(found, made, 1))
            continue;
        const sqlite3_stmt *which = code == SQLITE_ROW ? found : made;
        const char *name = (const char *)sqlite3_column_text((sqlite3_stmt *)(uintptr_t)which, 0);

        log_line(LOG_ERROR, "store", "the schema is not the one that filon makes", "file", path,
                 "near", name == NULL ? "" : name, NULL);
        return NO_STORE_BROKEN;
    }
}

static no check_schema_of(sqlite3 *sqlite, sqlite3 *made, const char *path)
{
    sqlite3_stmt *a = NULL, *b = NULL;
    no answer = NO_STORE_BROKEN;

    if (sqlite3_prepare_v2(sqlite, schema_text, -1, &a, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(made, schema_text, -1, &b, NULL) == SQLITE_OK)
        answer = compare_schemas(a, b, path);
    else
        answer = say(sqlite, "the schema cannot be read", path);
    (void)sqlite3_finalize(a);
    (void)sqlite3_finalize(b);
    return answer;
}

static int64_t version_of(sqlite3 *sqlite)
{
    sqlite3_stmt *stmt = NULL;
    int64_t version = 0;

    if (sqlite3_prepare_v2(sqlite, "SELECT max(number) FROM migration", -1, &stmt, NULL) ==
            SQLITE_OK &&
        sqlite3_step(stmt) == SQLITE_ROW)
        version = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    return version;
}

static no check_schema(sqlite3 *sqlite, const char *path)
{
    const int64_t version = version_of(sqlite);
    struct db *made;

    if (version <= 0 || version == INT64_MAX)
        return say(sqlite, "not a database of filon", path);
    TRY(db_open_up_to(&made, ":memory:", DB_WRITER, version));
    const no answer = check_schema_of(sqlite, made->sqlite, path);

    db_close(made);
    return answer;
}

no db_check_file(const char *path)
{
    sqlite3 *sqlite = NULL;
    no answer = open_alone(path, &sqlite);

    if (answer == YES)
        answer = check_pages(sqlite, path);
    if (answer == YES)
        answer = check_schema(sqlite, path);
    return close_alone(sqlite, answer);
}
