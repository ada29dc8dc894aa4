/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Files that are whole or not there: written under another name in the same folder, brought to the
 * disk, renamed, and the folder brought to the disk too. Whoever reads meanwhile, and whoever
 * starts after a power cut, finds the old bytes or the new ones (register 4.3, step 1).
 */
#ifndef DOORS_LOG_PUT_H
#define DOORS_LOG_PUT_H

#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>

enum { LOG_PATH_MAX = 1024 };

/* A folder, held open: renaming it does not send its files elsewhere, and errors of fsync are not
 * lost with a file that was closed and opened again. */
struct log_folder {
    int fd;
    bool secret; /* files 0600, folders 0700; else 0644, 0755 */
};

/* `make`: makes it when it is not there (its parent must be). NO_NOT_FOUND, NO_IO_FAILED. */
no log_folder_open(struct log_folder *folder, const char *path, bool make, bool secret) MUST_USE;
void log_folder_close(struct log_folder *folder);

/* Puts `bytes` at `path`, relative to the folder, replacing what is there; makes the folders on the
 * way. On YES the bytes, the name and the names of new folders are on the disk. The name with
 * ".part" behind it is used on the way, and overwritten if a crash left one: one writer for each
 * path. NO_STORE_FULL, NO_IO_FAILED: the old file is
 * as it was, or, when the folder could not be brought to the disk, replaced all the same. Asserts
 * that the path is neither empty nor absolute, has no ".." and is shorter than LOG_PATH_MAX - 8. */
no log_file_put(const struct log_folder *folder, str path, str bytes) MUST_USE;

#endif
