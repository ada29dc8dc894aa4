/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the files of the store share among themselves; nobody else includes this but their tests.
 */
#ifndef STORE_DB_IN_H
#define STORE_DB_IN_H

#include "store/db.h"

#include <stddef.h>
#include <stdint.h>

/* --- db_sqlite.c --- */

/* db_open that stops at migration `up_to` and then prepares nothing. INT64_MAX is db_open. For
 * tests of migrations. */
no db_open_up_to(struct db **db, const char *dir, enum db_role role, int64_t up_to) MUST_USE;
/* Runs all statements of a script, none of which may begin or end a transaction; `name` is for the
 * log. Only while migrating: afterwards the facts are guarded. */
no db_run(struct db *db, str script, const char *name) MUST_USE;
/* NO_STORE_BROKEN with a line in the log when a table does not hold its columns to their types. */
no db_check_tables(struct db *db) MUST_USE;

/* --- db_migrate.c --- */

/* Brings the schema to the last migration of the program or to `up_to`, each in its own
 * transaction. NO_STORE_BROKEN with a line in the log: one that was applied has another text now, a
 * newer program wrote the file, or one fails. */
no db_migrate(struct db *db, int64_t up_to) MUST_USE;

/* --- db_file.c --- */

/* Makes `path` with mode 0600 unless it is there; with `must_be_new`, NO_CONFLICT when it is.
 * NO_IO_FAILED. */
no db_file_make(const char *path, bool must_be_new) MUST_USE;
void db_file_remove(const char *path);
/* Takes DIR/filon.lock for this process until db_file_unlock. NO_STORE_BUSY, NO_IO_FAILED. */
no db_file_lock(const char *dir, int *lock) MUST_USE;
void db_file_unlock(int lock);
/* YES when this very process holds DIR/filon.lock; else NO_STORE_BUSY. */
no db_file_lock_is_ours(const char *dir) MUST_USE;
/* "DIR/NAME" into `path`; NO_IO_FAILED when it does not fit. */
no db_file_path(const char *dir, const char *name, char *path, size_t size) MUST_USE;

#endif
