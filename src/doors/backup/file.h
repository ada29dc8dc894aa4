/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Files of backups: walked, copied and fingerprinted in one reading. Private to this room. `at`,
 * `from`, `to` are open folders; names are relative to them. NO_STORE_FULL, NO_IO_FAILED.
 */
#ifndef DOORS_BACKUP_FILE_H
#define DOORS_BACKUP_FILE_H

#include "base/hash.h"
#include "base/no.h"
#include "doors/backup/manifest.h"

#include <stdint.h>

enum { BACKUP_PATH_MAX = 4096 };

/* The no of errno. */
no backup_errno(void) MUST_USE;
/* "FOLDER/NAME" in `path`. NO_TOO_LARGE. */
no backup_path(char path[BACKUP_PATH_MAX], const char *folder, const char *name) MUST_USE;
/* NO_NOT_FOUND when there is none, or it is no folder. */
no backup_open_folder(const char *path, int *fd) MUST_USE;
/* What there is in a folder, and in its folders: every plain file. NO_BACKUP_FILE_UNKNOWN, with the
 * name given to `each` first: anything else. No folder: nothing. */
no backup_walk(int at, const char *below, no (*each)(void *self, const char *name, bool plain),
               void *self) MUST_USE;
/* The names that stand in a folder itself, "." and ".." not. */
no backup_list(const char *path, no (*each)(void *self, const char *name), void *self) MUST_USE;

/* Reads file->name, and fills in how long it is and its SHA-256; with `to` not -1 copies it there,
 * mode 0600 (log/: 0644), making the folders on the way (not yet on the disk: syncfs at the end).
 * NO_NOT_FOUND; NO_CONFLICT: `to` has one already. */
no backup_copy(int from, int to, struct hash_sha256_ctx *sha, struct manifest_file *file) MUST_USE;
/* Everything written to the file system of `at` so far is on the disk. */
no backup_sync(int at) MUST_USE;

#endif
