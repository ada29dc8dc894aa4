/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Proving who one is: by a link in a letter or by a password, and after either, where it is on, by
 * a code of an authenticator app.
 *
 * Guessing is slowed for the pair (network, account): a stranger's failures never delay the member,
 * who comes from another network, and never touch the link, which always works. After five failures
 * of a pair each further one doubles its wait, from 15 seconds to an hour. Codes are asked for only
 * after the right password or link; their failures are counted for the account, because whoever
 * gets there holds its password or its mailbox. The proof of the first step lasts ten minutes, and
 * dies with a change of password or code. Nothing here tells an address that exists from one that
 * does not, neither in words nor (as far as a network can measure) in time.
 */
#ifndef DEEDS_SIGN_IN_H
#define DEEDS_SIGN_IN_H

#include "deeds/ctx.h"

enum {
    SIGN_IN_LINK_S = 3600,
    SIGN_IN_LINK_CONSOLE_S = 86400,
    SIGN_IN_FREE_FAILS = 5,
    SIGN_IN_LINKS_MAX = 5
};

/* Sends a link to this address when a member has it, at most SIGN_IN_LINKS_MAX in a quarter of an
 * hour (the links sent before keep working). YES whether or not somebody has it; NO_BAD_FIELDS
 * (email). `target`: page to go to, or empty. */
struct sign_in_ask {
    str email, target;
};
no deed_sign_in_ask(struct ctx *ctx, const struct sign_in_ask *form) MUST_USE;

/* Uses a link of LINK_SIGN_IN, LINK_GUEST_ORDER or LINK_FOUNDING. NO_LINK_USED_OR_OLD. It proves
 * the mailbox only: when `wants_code`, nobody is signed in yet and `proof` must come back with the
 * code. */
struct sign_in_link {
    str token;
    /* answer */
    int64_t member;
    bool wants_code;
    str target, proof;
};
no deed_sign_in_link(struct ctx *ctx, struct sign_in_link *form) MUST_USE;

/* An address and a password. `network`: the client's, as bytes (one /24 or /48). Slow (Argon2id):
 * in a pool thread only. NO_BAD_FIELDS (email, password), NO_SIGN_IN_WRONG, NO_SIGN_IN_WAIT with
 * wait_s. When `wants_code`, the password was right and `proof` must come back with the code. */
enum { SIGN_IN_PROOF_MAX = 128 };
struct sign_in_password {
    str email, password, network;
    /* answer */
    int64_t member, wait_s;
    bool wants_code;
    str proof;
};
no deed_sign_in_password(struct ctx *ctx, struct sign_in_password *form) MUST_USE;

/* The code after the password or the link. NO_LINK_USED_OR_OLD: the proof is not ours, older than
 * ten minutes, or of before a change. NO_CODE_WRONG, NO_SIGN_IN_WAIT. A code works once. */
struct sign_in_code {
    str proof, code;
    /* answer */
    int64_t member, wait_s;
};
no deed_sign_in_code(struct ctx *ctx, struct sign_in_code *form) MUST_USE;

/* A link for the console to hand over: `filon user link HANDLE`. NO_NOT_FOUND, NO_MEMBER_LEFT. */
struct sign_in_console {
    str handle;
    char token[43];
};
no deed_sign_in_console(struct ctx *ctx, struct sign_in_console *form) MUST_USE;

#endif
