/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What happens without anyone asking: timers of orders, holds that expire, reviews that open,
 * letters that leave. One thread; it wakes when a deed has left work and otherwise every second.
 */
#ifndef DOORS_JOBS_JOBS_H
#define DOORS_JOBS_JOBS_H

#include "base/no.h"
#include "deeds/ctx.h"

struct jobs;

/* Where letters go: `smtp` "smtp://host:port" or "smtps://..." (user and password in the URL), or
 * `mail_dir`, a folder that gets one .eml file for each letter (the demonstration). Both NULL:
 * letters wait in the outbox. `origin` "https://coop.example" begins every link; `from` is the
 * sender's address. `data`: the data folder, for the file of erasures; NULL: none is kept. */
struct jobs_config {
    const struct world *world;
    const char *data;
    const char *smtp, *mail_dir, *origin, *from;
};

/* NO_OUT_OF_MEMORY. */
no jobs_start(struct jobs **jobs, const struct jobs_config *config) MUST_USE;
/* From any thread: there is work. */
void jobs_wake(void *jobs);
void jobs_stop(struct jobs *jobs);

/* One round of everything that is due, on the caller's context; the thread does nothing else. For
 * tests too. */
no jobs_round(struct ctx *ctx, const struct jobs_config *config) MUST_USE;

#endif
