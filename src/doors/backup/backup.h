/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Backups of a co-op, and the way back (docs/install.md, specs register 4.2 and 4.6). A backup is a
 * folder:
 *
 *     filon.db      everything but the openings of the register
 *     private.db    these alone: for a rotation of their own (35 days), so that what was erased is
 *                   gone from backups too
 *     log/          the public files of the register, up to the checkpoint that it had
 *     MANIFEST      manifest.h; written last, and what has none is no backup
 *
 * Never in it: DATA/signer, because a signer that was taken back could sign a second history, and
 * DATA/erasures, because an old backup must not forget who left since.
 */
#ifndef DOORS_BACKUP_BACKUP_H
#define DOORS_BACKUP_BACKUP_H

#include "deeds/ctx.h"
#include "doors/backup/manifest.h"

#include <stdbool.h>
#include <stdint.h>

struct backup_progress {
    void (*step)(void *self, const char *what, uint64_t done, uint64_t of); /* or NULL */
    void *self;
};

enum { BACKUP_WHERE_MAX = 320 };

/* --- backing up ------------------------------------------------------------------------------- */

struct backup_take {
    struct ctx *ctx;  /* its arena has the list of files: 160 bytes each */
    const char *data; /* the data folder */
    const char *to;   /* made when it is not there */
    struct backup_progress progress;
    /* answer */
    struct manifest made;
    uint64_t bytes;
    char where[BACKUP_WHERE_MAX]; /* on a no: the file */
};

/* Writes a backup while the server goes on; it is on the disk when it says YES. On a no, what is
 * there has no MANIFEST. NO_BACKUP_FOLDER_TAKEN: `to` is not empty, or lies in DATA/log.
 * NO_STORE_FULL, NO_IO_FAILED, NO_TOO_LARGE. */
no backup_take(struct backup_take *take) MUST_USE;

/* --- restoring -------------------------------------------------------------------------------- */

struct backup_restore {
    struct arena *arena;
    const char *from, *data;
    struct backup_progress progress;
    /* answer */
    struct manifest manifest;
    bool openings;                /* private.db was there */
    int64_t erased;               /* members who had left since, erased again */
    bool still;                   /* their entries follow: the register stands still */
    int64_t findings;             /* of the audit: 0 on YES */
    char folder[4096];            /* "DATA.restoring": where the work is done */
    char where[BACKUP_WHERE_MAX]; /* on a no: the file, or what the audit found first */
};

/* In three steps, so that nothing can serve before everything was checked; after a no of any,
 * backup_restore_drop.
 *
 * Files: every file against MANIFEST while it is copied to DATA.restoring, pages, indexes and
 * schema of the database, openings put back. NO_BACKUP_UNFINISHED, NO_BACKUP_MANIFEST_WRONG,
 * NO_BACKUP_FILE_DIFFERS, NO_BACKUP_FILE_UNKNOWN, NO_RESTORE_FOLDER_TAKEN (DATA has more than
 * signer and erasures), NO_RESTORE_LEFT_OVER, NO_STORE_BROKEN, NO_NOT_FOUND (no such backup). */
no backup_restore_files(struct backup_restore *restore) MUST_USE;
/* Contents, on a world of DATA.restoring: the register's root at its size and at the checkpoint's,
 * the checkpoint's signature, every tile, the whole audit; then the erasures of DATA are done
 * again, and a register whose openings are not there says so in an entry. The nos of log_verify;
 * NO_BACKUP_REGISTER_DIFFERS, NO_BACKUP_AUDIT_FAILED, NO_ERASURES_DAMAGED, NO_TOO_LARGE. */
no backup_restore_check(struct backup_restore *restore, struct ctx *ctx) MUST_USE;
/* The world is closed: DATA.restoring becomes DATA; signer and erasures stay where they are. */
no backup_restore_put(struct backup_restore *restore) MUST_USE;
/* Removes what a step made. */
void backup_restore_drop(struct backup_restore *restore);

#endif
