/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * MANIFEST, the last file of a backup: what is in it, and the checkpoint of the register that it
 * contains. A text that a person and `sha256sum` can follow:
 *
 *     filon backup 1
 *     version 0.1.0
 *     made 2026-11-21T02:00:00Z
 *     schema 2
 *     register 1234 HEX-OF-ROOT
 *     file HEX-OF-SHA256 SIZE NAME          one a file, names below the backup's folder
 *     checkpoint                            or "checkpoint none", and nothing behind it
 *     (the signed note, verbatim, to the end)
 */
#ifndef DOORS_BACKUP_MANIFEST_H
#define DOORS_BACKUP_MANIFEST_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/no.h"
#include "base/str.h"
#include "rules/tree.h"

#include <stdint.h>

enum { MANIFEST_MAX = 128 << 20, MANIFEST_NAME_MAX = 255 };
#define MANIFEST_NAME "MANIFEST"

struct manifest_file {
    uint8_t sha256[HASH_SIZE];
    uint64_t size;
    str name;
};

struct manifest {
    str version, made; /* of whoever wrote it; not judged */
    int64_t schema;
    uint64_t register_size; /* of the database: at least the checkpoint's */
    struct tree_hash root;
    str checkpoint; /* the note; empty = nothing was published yet */
    struct manifest_file *files;
    size_t files_n;
};

void manifest_head_put(struct buf *out, const struct manifest *manifest);
void manifest_file_put(struct buf *out, const struct manifest_file *file);
void manifest_checkpoint_put(struct buf *out, str checkpoint);
/* Texts point into `text`; the list is in the arena. NO_BACKUP_MANIFEST_WRONG: anything but the
 * form above, also a name twice, one that leads out of the folder or is of no backup (filon.db,
 * private.db, log/...), no filon.db. NO_TOO_LARGE: the arena. */
no manifest_parse(struct arena *arena, str text, struct manifest *manifest) MUST_USE;
/* NULL when it is not listed. */
const struct manifest_file *manifest_find(const struct manifest *manifest, str name);
/* Letters, digits and ".-_/", no part empty or beginning with a dot. */
bool manifest_name_valid(str name);

#endif
