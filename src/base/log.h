/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The log: one logfmt line to stderr for each event, for journald or a person. Never a secret, a
 * token, a password, an e-mail address or a member's text.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

#include <stdint.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* log_line(LOG_WARN, "store", "statement does not fit the schema", "name", name, NULL): pairs of C
 * strings, ended by NULL. Values are quoted and control characters escaped; a NULL value is "".
 * Written with one write(2), without a time (journald adds it), at most 4096 bytes: a longer line
 * ends with cut=true. */
void log_line(enum log_level level, const char *room, const char *what, ...)
    __attribute__((sentinel));

#endif
