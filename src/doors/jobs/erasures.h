/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * DATA/erasures: who left, one line each, outside of the database and of backups (specs register
 * 4.2). Lines are only ever added:
 *
 *     INDEX MEMBER SECONDS
 *
 * the index of the `erase` entry, the member's number, and when (1970). The server adds what is
 * missing when it starts and within a second of each leaving, and does again what an older backup
 * brought back, before anything is served. `data` is the data folder.
 */
#ifndef DOORS_JOBS_ERASURES_H
#define DOORS_JOBS_ERASURES_H

#include "deeds/account_erase.h"

struct erasures {
    struct erasure *list; /* in the order of the file */
    size_t n;
    size_t whole; /* bytes of whole lines: what is behind was cut by a crash, and is no line */
};

/* No file: nobody has left. NO_ERASURES_DAMAGED: a whole line is no such line. NO_IO_FAILED,
 * NO_TOO_LARGE (the arena). */
no erasures_read(struct arena *arena, const char *data, struct erasures *erasures) MUST_USE;
/* Adds the lines of `erase` entries that it does not have; on the disk when it says YES. *added may
 * be NULL. As erasures_read; NO_STORE_FULL. */
no erasures_keep(struct ctx *ctx, const char *data, int64_t *added) MUST_USE;
/* Erases again whoever the file has and the store still knows. *done: how many; *still: the
 * register stands still, and their `erase` entries will follow at a later start. As erasures_read,
 * and the nos of the deed. */
no erasures_apply(struct ctx *ctx, const char *data, int64_t *done, bool *still) MUST_USE;

/* What a server does before it serves, and whenever an erase entry is newer than *seen. */
no erasures_begin(struct ctx *ctx, const char *data) MUST_USE;
no erasures_round(struct ctx *ctx, const char *data, int64_t *seen) MUST_USE;

#endif
