/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a member changes about themself. Every deed here acts on ctx->actor.member: NO_NOT_SIGNED_IN
 * without one. What changes how one signs in takes the request's cookie and asks for a fresh
 * session (NO_SIGN_IN_AGAIN, deeds/session.h), tells the member by a letter, and ends every other
 * session and every link that waits.
 */
#ifndef DEEDS_ACCOUNT_H
#define DEEDS_ACCOUNT_H

#include "base/money.h"
#include "deeds/ctx.h"

/* A notice is a kind of letter that can be switched off; its bit in member.notices, set = wanted.
 * Security has none. */
enum account_notice {
    NOTICE_ORDERS = 1,   /* what the other side or the clock did to an order */
    NOTICE_MESSAGES = 2, /* a message in an order */
    NOTICE_DESK = 4,     /* facilitators: someone asks to join */
    NOTICES_ALL = 7,
};

struct account {
    int64_t id;
    str handle, name, email, trade, bio, place, iban, bic;
    enum lang lang;
    int64_t notices, joined_ns, picture;
    uint32_t roles;
    bool has_password, has_totp, left;
};
no view_account(struct ctx *ctx, struct account *account) MUST_USE;

/* NO_BAD_FIELDS: name, trade, bio, place, iban, bic. `iban` as typed; kept as banks want it. A
 * place that the gazetteer knows gives the point, another one is kept as text. */
struct account_profile {
    str name, trade, bio, place, iban, bic;
};
no deed_account_profile(struct ctx *ctx, const struct account_profile *form) MUST_USE;

/* `password` empty removes it: the member then signs in by link. Slow (Argon2id). NO_BAD_FIELDS:
 * password. */
struct account_password {
    str cookie, password;
};
no deed_account_password(struct ctx *ctx, const struct account_password *form) MUST_USE;

/* Switches codes on with a secret (base32, as the page showed it) that the code proves to be in the
 * app. NO_CODE_WRONG, NO_BAD_FIELDS: code. With `off`, switches them off. */
struct account_totp {
    str cookie, secret, code;
    bool off;
};
no deed_account_totp(struct ctx *ctx, const struct account_totp *form) MUST_USE;

/* Sends a link to the new address; the address changes when that link is used. NO_BAD_FIELDS:
 * email. An address that another member has gets no letter, and the page does not tell. */
struct account_email {
    str cookie, email;
};
no deed_account_email(struct ctx *ctx, const struct account_email *form) MUST_USE;
/* NO_LINK_USED_OR_OLD; NO_FIELD_TAKEN: somebody else took the address meanwhile. */
no deed_account_email_confirm(struct ctx *ctx, str token) MUST_USE;

no deed_account_notices(struct ctx *ctx, int64_t notices) MUST_USE;
/* The language of letters. */
no deed_account_lang(struct ctx *ctx, enum lang lang) MUST_USE;

/* --- leaving --------------------------------------------------------------------------------- */

struct leave_balance {
    money amount; /* minus: what the member owes */
    bool owed;    /* must be settled first */
    bool gives;   /* hours or credits: goes to the common purse with the member */
};
/* `gives` names what would be given, "CURRENCY:MINOR,..."; empty: nothing. Money that the co-op or
 * somebody owes the member does not hold them back: it stays written under the number. */
struct leave_state {
    int64_t orders_running;
    const struct leave_balance *balances;
    size_t balances_n;
    bool last_facilitator, owes;
    str gives;
};
no view_leave(struct ctx *ctx, struct leave_state *state) MUST_USE;

/* `gives`: as view_leave said it, when the member has chosen to give what remains to the common
 * purse (the co-op's own account of hours or credits: a real entry each, CAUSE_LEAVE). */
struct account_leave {
    str cookie, gives;
};
/* NO_LAST_FACILITATOR, NO_ORDERS_RUNNING, NO_ACCOUNT_NOT_EMPTY (owes hours, credits or money),
 * NO_BALANCE_TO_GIVE (has hours or credits and did not choose, or has others than it was shown),
 * NO_SIGN_IN_AGAIN, and what ledger_post says. Then: offers and needs are withdrawn, sessions and
 * links end, name, addresses, profile, picture and secrets are erased from the member's row.
 * Entries keep the number, because the books must. It cannot be undone (docs/decisions/0021). */
no deed_account_leave(struct ctx *ctx, const struct account_leave *form) MUST_USE;

/* Everything the co-op holds of the actor, as one JSON object in the arena; pictures and entries
 * are named by their address. NO_TOO_LARGE. */
no view_account_export(struct ctx *ctx, str *json) MUST_USE;

/* --- the console ----------------------------------------------------------------------------- */

/* Adds and takes roles of a member, by the console or a facilitator. NO_NOT_ALLOWED, NO_NOT_FOUND,
 * NO_LAST_FACILITATOR. Only the working roles can be given so: facilitator, accountant, auditor,
 * mediator. */
enum { ROLES_GIVEN = ROLE_FACILITATOR | ROLE_ACCOUNTANT | ROLE_AUDITOR | ROLE_MEDIATOR };
struct account_roles {
    str handle;
    uint32_t add, take;
    /* answer */
    uint32_t roles;
};
no deed_account_roles(struct ctx *ctx, struct account_roles *form) MUST_USE;

/* "facilitator" to ROLE_FACILITATOR, and back; 0 and NULL for none. */
uint32_t role_of_name(str name);
const char *role_name(uint32_t role);

#endif
