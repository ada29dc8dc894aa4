/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The room without doors: what the photo worker does to itself before it looks at a picture.
 * Private to this room.
 */
#ifndef DOORS_PHOTO_JAIL_H
#define DOORS_PHOTO_JAIL_H

#include <stdbool.h>

/* Memory, time and files limited (setrlimit), no path of the file system (Landlock, where the
 * kernel has it), and only reading, writing and memory as system calls (seccomp; any other kills
 * the process). False when the limits or the filter could not be set: then the worker must not go
 * on. */
bool jail_enter(void);

#endif
