/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * In the demonstration anybody may look with another's eyes, because nobody there is real.
 */
#ifndef DEEDS_DEMO_DOOR_H
#define DEEDS_DEMO_DOOR_H

#include "deeds/ctx.h"

/* The first person of this kind: courier (an active member with most work done and no role),
 * client, facilitator, accountant, auditor. NO_NOT_FOUND: another word, nobody like that, or this
 * co-op is no demonstration. */
no view_demo_person(struct ctx *ctx, str who, int64_t *member) MUST_USE;

#endif
