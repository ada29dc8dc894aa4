/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Links that a letter carries: whoever opens one has read that letter. The letter holds 256 random
 * bits, the store their SHA-256. A link is looked at with view_link (as often as mail programs like
 * to fetch it) and used once, by a POST, with link_take.
 */
#ifndef DEEDS_LINK_H
#define DEEDS_LINK_H

#include "base/hash.h"
#include "deeds/ctx.h"

enum { LINK_TOKEN_LEN = 43 };

/* link.kind; stored numbers, never reused. */
enum link_kind {
    LINK_SIGN_IN = 1,
    LINK_INVITATION = 2,
    LINK_GUEST_ORDER =
        3, /* may be used until it is too old: the guest comes back to the order by it */
    LINK_FOUNDING = 4,
    LINK_NEW_EMAIL = 5,
};

struct link {
    enum link_kind kind;
    int64_t member; /* 0 = nobody yet */
    str email;
    uint32_t roles; /* of an invitation */
    str target;     /* page to go to: "/orders/12"; may be empty */
    int64_t created_by, created_ns, expires_ns;
};

/* Inside a deed: keeps the link and writes what the letter must say into `token`. created_ns and
 * created_by are filled in. */
no link_make(struct ctx *ctx, const struct link *link, int64_t lives_s,
             char token[LINK_TOKEN_LEN]) MUST_USE;
/* NO_LINK_USED_OR_OLD: also for a token that never was. */
no view_link(struct ctx *ctx, str token, struct link *link) MUST_USE;
/* Inside a deed: the same, and it cannot be used again (but a guest's). NO_LINK_USED_OR_OLD. */
no link_take(struct ctx *ctx, str token, struct link *link) MUST_USE;
/* Inside a deed: what was sent to this member and waits (to sign in, to change the address, of the
 * founding) opens nothing any more, and letters with such a link that wait are not sent. Whoever
 * reads the mailbox may be why something was changed. */
no link_end_waiting(struct ctx *ctx, int64_t member) MUST_USE;
/* Inside a deed: one call in 256 forgets links and failed sign-ins that are too old to matter. */
no link_sweep(struct ctx *ctx) MUST_USE;

#endif
