/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Becoming a member: by asking, and a facilitator admits; or by an invitation, whose link (or sheet
 * of paper) is the admission. A co-op of variable capital is open to whoever meets its statutes, so
 * a refusal says its reason and can be appealed.
 */
#ifndef DEEDS_JOIN_H
#define DEEDS_JOIN_H

#include "deeds/ctx.h"

enum { JOIN_WHY_MAX = 2000 };

/* A visitor, or a client who is signed in (then `email` is not looked at), asks to join.
 * Facilitators get a letter. YES also when the address is somebody's already: then that person gets
 * a link to sign in, and the page does not tell. NO_BAD_FIELDS: name email trade place why
 * statutes. NO_MEMBER_ALREADY: the one who asks is a member. */
struct join_ask {
    str name, email, trade, place, why;
    bool statutes;
};
no deed_join_ask(struct ctx *ctx, const struct join_ask *form) MUST_USE;

/* Where somebody stands (enum member_status). NO_NOT_FOUND. */
struct member_state {
    int64_t status;
};
no view_member_state(struct ctx *ctx, int64_t member, struct member_state *state) MUST_USE;

/* An invitation, looked at: its address may be empty (a printed one), `inviter` is a name. */
struct join_invitation {
    str email, inviter, name; /* name: of the person as an import named them; may be empty */
    uint32_t roles;
    bool for_imported;
};
/* NO_LINK_USED_OR_OLD. */
no view_join_invitation(struct ctx *ctx, str token, struct join_invitation *invitation) MUST_USE;

/* Uses it: a member from here on. `password` may be empty: then one signs in by links. The address
 * counts only when the invitation has none. Slow (Argon2id). NO_LINK_USED_OR_OLD; NO_BAD_FIELDS:
 * name email trade place password statutes (NO_FIELD_TAKEN: the typed address is somebody's). A
 * client who is signed in becomes a member with the invitation; a member: NO_MEMBER_ALREADY. */
struct join_invited {
    str token, name, email, trade, place, password;
    bool statutes;
    /* answer */
    int64_t member;
};
no deed_join_invited(struct ctx *ctx, struct join_invited *form) MUST_USE;

#endif
