/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Letters that are due: written from their template in the reader's language, sent by SMTP or laid
 * in a folder. A letter that cannot leave is tried again after 1, 2, 4 ... minutes, and given up
 * after ten tries.
 */
#ifndef DOORS_JOBS_LETTERS_H
#define DOORS_JOBS_LETTERS_H

#include "deeds/ctx.h"

struct jobs_config;

no letters_send(struct ctx *ctx, const struct jobs_config *config) MUST_USE;

#endif
