/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * `filon serve` and `filon demo`: the world, the HTTP door, the jobs thread and the relay, until a
 * signal says stop.
 */
#ifndef MAIN_SERVE_H
#define MAIN_SERVE_H

#include "base/lang.h"

#include <stdbool.h>
#include <stdint.h>

struct serve_options {
    const char *data, *address, *origin, *smtp, *from;
    uint16_t port;
    bool port_given, secure, front_trusted, demo, only_make, rate_off;
    int64_t members, offers, orders; /* of a demonstration; 0 = the usual small one */
    enum lang lang;
};

/* Returns the exit code after SIGINT or SIGTERM. */
int serve_run(const struct serve_options *options);

#endif
