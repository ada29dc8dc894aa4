/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The database as backups have it, in two files: all of it but the openings of the register
 * (log_open, log_payload), and these alone, so that what may be erased has a rotation of its own
 * (specs register 4.2). No server has these files open.
 */
#ifndef STORE_DB_PART_H
#define STORE_DB_PART_H

#include "store/db.h"

/* A consistent copy at `path`, in whose bytes no opening is left, and `private_path` with the
 * openings; both 0600 and on the disk when it says YES. `path` with ".part" behind it is used on
 * the way. A reader's snapshot that was begun before is what is copied. NO_CONFLICT when one of
 * them is there already; NO_STORE_FULL, NO_IO_FAILED: nothing is left. Not inside a batch. */
no db_copy_parted(struct db *db, const char *path, const char *private_path) MUST_USE;
/* Puts the openings back; `path` then is on the disk. NO_STORE_BROKEN when one of the two files is
 * not what it should be; it is then half done. */
no db_join(const char *path, const char *private_path) MUST_USE;
/* Reads every page and index of a file that came from elsewhere, and compares its schema with the
 * one that the migrations make: a trigger that somebody put in would run with every deed.
 * NO_STORE_BROKEN with a line in the log. */
no db_check_file(const char *path) MUST_USE;

#endif
