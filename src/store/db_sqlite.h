/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * SQLite behind db.h: only db_sqlite*.c see this and sqlite3.h. Before 3.51.3 a WAL that several
 * connections checkpoint can lose committed data while integrity_check says ok, so: one process
 * holds the folder's lock, its one writer checkpoints, and readers never do, not even when they
 * close (docs/decisions/0002). The WAL file is kept: growing it anew costs more than all the rest
 * of a commit.
 */
#ifndef STORE_DB_SQLITE_H
#define STORE_DB_SQLITE_H

#include "store/db_in.h"

#include <sqlite3.h>

struct db_stmt {
    struct db *db;
    const struct db_text *text;
    sqlite3_stmt *sqlite;
    struct db_stmt *next; /* the same text, prepared again while the first was in use */
    bool in_use;
    no bound; /* why a value could not be bound */
    int64_t changed;
};

struct db {
    struct arena arena; /* holds this struct too */
    sqlite3 *sqlite;
    enum db_role role;
    int lock;     /* the writer's; -1 = none */
    bool guarded; /* facts are: no script runs any more */
    bool in_batch, in_snapshot;
    no lost;                 /* why the running batch cannot be committed */
    struct db_stmt **places; /* open addressing by address of the text */
    size_t places_n, stmts_n, stmts_max;
};

/* The answer for a SQLite result code; and the same with a line in the log, unless it is only that
 * two want one name. */
no db_sqlite_no(int code);
no db_sqlite_say(struct db *db, int code, const char *what, const char *name);

#endif
