/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "store/db_sqlite.h"

#include "base/log.h"

#include <assert.h>
#include <limits.h>
#include <string.h>

enum {
    VERSION_WITHOUT_WAL_BUG = 3051003,
    STATEMENTS_SPARE = 128, /* beside those of db_rooms: the store's own, doubles in use, tests */
    BUSY_MS = 2000,
};

/* Facts that are only ever added to; what may still change in them is listed below (nothing yet).
 */
static const char *const only_added[] = {"entry",        "transfer",  "limit_change", "duplicate",
                                         "param_change", "log_entry", "log_policy"};
static const struct {
    const char *table, *column;
} may_change[] = {{NULL, NULL}};

struct setting {
    const char *set, *reads; /* what SQLite must answer; NULL = nothing is asked */
};

static const struct setting file_settings[] = {
    {"PRAGMA journal_mode = WAL", "wal"},
    {"PRAGMA synchronous = FULL", NULL},
    {"PRAGMA synchronous", "2"},
    {NULL, NULL},
};
static const struct setting writer_settings[] = {
    {"PRAGMA cache_size = -16384", NULL},
    {"PRAGMA temp_store = MEMORY", NULL},
    {NULL, NULL},
};
static const struct setting reader_settings[] = {
    {"PRAGMA query_only = ON", NULL},
    {"PRAGMA query_only", "1"},
    {"PRAGMA wal_autocheckpoint = 0", "0"},
    {"PRAGMA mmap_size = 2147418112", NULL}, /* the most that SQLite maps */
    {"PRAGMA cache_size = -2048", NULL},
    {"PRAGMA temp_store = MEMORY", NULL},
    {NULL, NULL},
};
/* After the migrations, which rebuild tables and check references themselves. Without recursive
 * triggers an INSERT OR REPLACE would delete a row behind the back of those that forbid it. */
static const struct setting guard_settings[] = {
    {"PRAGMA foreign_keys = ON", NULL},
    {"PRAGMA foreign_keys", "1"},
    {"PRAGMA recursive_triggers = ON", NULL},
    {"PRAGMA recursive_triggers", "1"},
    {NULL, NULL},
};

static no set_one(struct db *db, const struct setting *setting)
{
    sqlite3_stmt *sqlite = NULL;
    int code = sqlite3_prepare_v2(db->sqlite, setting->set, -1, &sqlite, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_step(sqlite);
    no answer = code == SQLITE_ROW || code == SQLITE_DONE
                    ? YES
                    : db_sqlite_say(db, code, "setting refused", setting->set);
    const unsigned char *reads = code == SQLITE_ROW ? sqlite3_column_text(sqlite, 0) : NULL;
    if (answer == YES && setting->reads != NULL &&
        (reads == NULL || strcmp((const char *)reads, setting->reads) != 0)) {
        log_line(LOG_ERROR, "store", "setting not taken", "setting", setting->set, NULL);
        answer = NO_STORE_BROKEN;
    }
    (void)sqlite3_finalize(sqlite);
    return answer;
}

static no set_all(struct db *db, const struct setting *settings)
{
    for (; settings->set != NULL; settings++)
        TRY(set_one(db, settings));
    return YES;
}

static bool is_listed(const char *const *names, size_t names_n, const char *name)
{
    for (size_t i = 0; name != NULL && i < names_n; i++)
        if (sqlite3_stricmp(names[i], name) == 0)
            return true;
    return false;
}

/* SQLite asks for each table and column while it prepares: a statement that changes facts is never
 * run. */
static int authorise(void *self, int action, const char *first, const char *second,
                     const char *schema, const char *trigger)
{
    /* The table is the second name where the first is an index, a trigger or a database. */
    const bool second_is_table = action == SQLITE_DROP_TRIGGER || action == SQLITE_ALTER_TABLE;
    const char *table = second_is_table ? second : first;

    (void)self, (void)schema, (void)trigger;
    if (action == SQLITE_ATTACH)
        return SQLITE_DENY;
    if ((action != SQLITE_UPDATE && action != SQLITE_DELETE && action != SQLITE_DROP_TABLE &&
         !second_is_table) ||
        !is_listed(only_added, sizeof only_added / sizeof only_added[0], table))
        return SQLITE_OK;
    for (size_t i = 0; action == SQLITE_UPDATE && may_change[i].table != NULL; i++)
        if (sqlite3_stricmp(may_change[i].table, first) == 0 &&
            sqlite3_stricmp(may_change[i].column, second) == 0)
            return SQLITE_OK;
    return SQLITE_DENY;
}

static const struct db_text loose_tables = {
    "loose_tables",
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0"
    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    "SELECT '' WHERE FALSE", 1};

/* A table that is not STRICT would take 'abc' as an amount. */
no db_check_tables(struct db *db)
{
    struct db_stmt *stmt;
    char name[128] = "";

    TRY(db_take(db, &loose_tables, &stmt));
    const no answer = db_step(stmt);
    if (answer == YES) {
        const str found = str_sub(db_text_here(stmt, 0), 0, sizeof name - 1);

        memcpy(name, found.ptr, found.len);
        log_line(LOG_ERROR, "store", "table is not STRICT", "table", name, NULL);
    }
    db_give_back(stmt);
    return answer == YES ? NO_STORE_BROKEN : answer == NO_NOT_FOUND ? YES : answer;
}

static no prepare_all(struct db *db)
{
    for (size_t room = 0; db_rooms[room] != NULL; room++) {
        for (const struct db_text *text = db_rooms[room]; text->name != NULL; text++) {
            struct db_stmt *stmt;

            TRY(db_take(db, text, &stmt));
            db_give_back(stmt);
        }
    }
    return YES;
}

/* The writer keeps the WAL file when it closes; a reader that closes last does not move it into the
 * database. */
static no guard_wal(struct db *db)
{
    int keep = 1, code = SQLITE_OK;

    if (db->role == DB_WRITER)
        code = sqlite3_file_control(db->sqlite, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    else
        code = sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    return code == SQLITE_OK ? YES : db_sqlite_say(db, code, "the WAL cannot be guarded", "open");
}

static no open_file(struct db *db, const char *path)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    const bool in_memory = strcmp(path, ":memory:") == 0;
    const int code = sqlite3_open_v2(path, &db->sqlite, flags, NULL);

    if (code != SQLITE_OK && db->sqlite == NULL)
        return NO_OUT_OF_MEMORY;
    if (code != SQLITE_OK)
        return db_sqlite_say(db, code, "cannot be opened", path);
    (void)sqlite3_extended_result_codes(db->sqlite, 1);
    (void)sqlite3_busy_timeout(db->sqlite, BUSY_MS);
    if (!in_memory) {
        TRY(guard_wal(db));
        TRY(set_all(db, file_settings));
    }
    return set_all(db, db->role == DB_WRITER ? writer_settings : reader_settings);
}

static no guard_facts(struct db *db)
{
    TRY(set_all(db, guard_settings));
    (void)sqlite3_db_config(db->sqlite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_set_authorizer(db->sqlite, authorise, db);
    db->guarded = true;
    return YES;
}

/* A reader of another process is refused: before 3.51.3 nobody could tell it not to touch the WAL.
 */
static no find_file(struct db *db, const char *dir, char *path, size_t size)
{
    if (sqlite3_threadsafe() == 0) {
        log_line(LOG_ERROR, "store", "SQLite was built without threads", NULL);
        return NO_STORE_BROKEN;
    }
    if (strcmp(dir, ":memory:") == 0 && db->role == DB_WRITER) {
        memcpy(path, dir, sizeof ":memory:");
        return YES;
    }
    TRY(db_file_path(dir, "filon.db", path, size));
    if (db->role == DB_READER)
        return sqlite3_libversion_number() < VERSION_WITHOUT_WAL_BUG ? db_file_lock_is_ours(dir)
                                                                     : YES;
    TRY(db_file_lock(dir, &db->lock));
    return db_file_make(path, false);
}

static no open_into(struct db *db, const char *dir, int64_t up_to)
{
    char path[PATH_MAX];

    TRY(find_file(db, dir, path, sizeof path));
    TRY(open_file(db, path));
    if (db->role == DB_READER)
        return guard_facts(db);
    TRY(db_migrate(db, up_to));
    TRY(guard_facts(db));
    TRY(db_check_tables(db));
    return up_to == INT64_MAX ? prepare_all(db) : YES;
}

static size_t count_statements(void)
{
    size_t n = STATEMENTS_SPARE;

    for (size_t room = 0; db_rooms[room] != NULL; room++)
        for (const struct db_text *text = db_rooms[room]; text->name != NULL; text++)
            n++;
    return n;
}

/* An empty struct db in an arena that it owns. */
static no make(struct db **db, enum db_role role)
{
    const size_t stmts_max = count_statements();
    struct arena arena;
    size_t places_n = 64;

    while (places_n < 2 * stmts_max)
        places_n *= 2;
    if (!arena_init(&arena, 2 * sizeof(struct db) + places_n * sizeof(struct db_stmt *) +
                                stmts_max * (sizeof(struct db_stmt) + 16)))
        return NO_OUT_OF_MEMORY;
    struct db *made = arena_take(&arena, sizeof *made);
    made->places = arena_take_many(&arena, places_n, sizeof *made->places);
    made->places_n = places_n;
    made->stmts_max = stmts_max;
    made->role = role;
    made->lock = -1;
    made->arena = arena;
    *db = made;
    return YES;
}

no db_open_up_to(struct db **db, const char *dir, enum db_role role, int64_t up_to)
{
    struct db *made;

    /* Counting bytes takes a mutex that all threads share; refused, and harmless, once SQLite has
     * started. */
    if (role == DB_WRITER)
        (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    TRY(make(&made, role));
    const no answer = open_into(made, dir, up_to);
    if (answer != YES) {
        db_close(made);
        return answer;
    }
    *db = made;
    return YES;
}

no db_open(struct db **db, const char *dir, enum db_role role)
{
    return db_open_up_to(db, dir, role, INT64_MAX);
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    for (size_t i = 0; i < db->places_n; i++)
        for (struct db_stmt *stmt = db->places[i]; stmt != NULL; stmt = stmt->next)
            (void)sqlite3_finalize(stmt->sqlite);
    (void)sqlite3_close(db->sqlite);
    db_file_unlock(db->lock);
    struct arena arena = db->arena;
    arena_release(&arena);
}
