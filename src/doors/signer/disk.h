/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Files that must not be half there: written beside, synced, renamed over, and the folder synced,
 * before anybody hears of them. Private to this room.
 */
#ifndef DOORS_SIGNER_DISK_H
#define DOORS_SIGNER_DISK_H

#include "base/arena.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>

/* Opens the folder `name` beneath `at` (AT_FDCWD: a path); when it is not there makes it, 0700, and
 * syncs `at`; *made says so. NO_SIGNER_KEYS_EXPOSED when it is somebody else's or open to others;
 * NO_IO_FAILED, NO_STORE_FULL. The descriptor is the caller's. */
no disk_folder(int at, const char *name, int *folder, bool *made) MUST_USE;
/* The one lock of the folder, held until *lock is closed. NO_SIGNER_RUNNING when another process
 * still has it after a second: one that was killed may take a moment to die. */
no disk_lock(int folder, int *lock) MUST_USE;

/* A whole file of at most `most` bytes. NO_NOT_FOUND; NO_SIGNER_KEYS_EXPOSED when it is no plain
 * file, somebody else's or open to others; NO_TOO_LARGE; NO_IO_FAILED. */
no disk_read(int folder, const char *name, size_t most, struct arena *arena, str *bytes) MUST_USE;
/* Writes it, 0600, in the place of what is there. NO_STORE_FULL, NO_IO_FAILED: *replaced says
 * whether the new file may be what a reader finds. */
no disk_put(int folder, const char *name, str bytes, bool *replaced) MUST_USE;
/* Makes sure of what was renamed in the folder before: a sync that failed once may say that all is
 * well the second time, so the folder is changed again first. */
no disk_settle(int folder) MUST_USE;
no disk_sync(int folder) MUST_USE;

#endif
