/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Two notes that exclude each other, kept where everybody can read them: DATA/log/evidence (specs
 * register 4.5). `filon log evidence THEIRS OURS` says what they prove.
 */
#ifndef DOORS_JOBS_EVIDENCE_H
#define DOORS_JOBS_EVIDENCE_H

#include "base/arena.h"
#include "base/no.h"
#include "doors/log/put.h"

#include <stdint.h>

struct evidence {
    str before;              /* of the folder's name; may be empty */
    uint64_t size;           /* of theirs */
    str theirs, ours, about; /* ours may be empty: there is none */
};

/* Writes evidence/[BEFORE]SIZE-FINGERPRINT/{theirs,ours,about} in the folder `log`, the same again
 * in the same place, and says it in the log of `room`. The nos of log_file_put. */
no evidence_write(const struct log_folder *log, struct arena *arena, const char *room,
                  const struct evidence *evidence) MUST_USE;

#endif
