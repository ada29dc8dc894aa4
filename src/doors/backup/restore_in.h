/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the files of doors/backup/restore*.c share.
 */
#ifndef DOORS_BACKUP_RESTORE_IN_H
#define DOORS_BACKUP_RESTORE_IN_H

#include "doors/backup/backup.h"
#include "doors/backup/file.h"

struct restore_copy {
    int from, to;
    struct hash_sha256_ctx sha;
};

/* Gives `why` back; a no is said to be about `name`. */
no restore_no(struct backup_restore *restore, const char *name, no why) MUST_USE;
void restore_step(const struct backup_restore *restore, const char *what, uint64_t done,
                  uint64_t of);

#endif
