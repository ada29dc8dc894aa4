/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The room without doors: what a process of ours does to itself before it touches what may be
 * hostile (pictures) or must not be stolen (keys). Linux only: setrlimit, Landlock, seccomp.
 */
#ifndef DOORS_JAIL_JAIL_H
#define DOORS_JAIL_JAIL_H

#include <stdbool.h>
#include <stddef.h>

struct jail {
    size_t memory_max;    /* bytes of addresses */
    unsigned seconds_max; /* of the processor; 0 = no end */
    unsigned files_max;   /* one more than the largest number of an open file */
    size_t file_size_max; /* bytes that a file may grow to */
    int folder;           /* an open folder: files in and below it may be opened, read, written,
                             renamed and removed; -1 = no path at all */
    const int *calls;     /* system calls (SYS_*) beside read, write, memory and leaving */
    size_t calls_n;
};

/* From here on the process has these limits, no path but those of `folder` (Landlock, where the
 * kernel has it), no new process, no core file, and only the named system calls: any other kills
 * it. False when the limits or the filter could not be set: then it must not go on. */
bool jail_enter(const struct jail *jail);

#endif
