/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Letters to people leave by the outbox: a deed notes what a letter is about, inside its own
 * transaction; doors/jobs writes it in the reader's language and sends it after the commit. So no
 * letter speaks of what was rolled back.
 */
#ifndef DEEDS_LETTER_H
#define DEEDS_LETTER_H

#include "deeds/ctx.h"

/* Stored numbers: never reused. `ref` and `arg` in brackets. */
enum letter_kind {
    LETTER_SIGN_IN = 1, /* a link; secret = token */
    LETTER_INVITE = 2,  /* to join; secret = token */
    LETTER_ASKED = 3,   /* to facilitators: someone asks to join (member) */
    LETTER_ADMITTED = 4,
    LETTER_REFUSED = 5,
    LETTER_ORDER = 6,       /* something happened to an order (order, enum order_notice) */
    LETTER_GUEST_ORDER = 7, /* a guest's signed link to an order (order); secret = token */
    LETTER_NEW_EMAIL = 8,   /* confirm a new address; secret = token */
    LETTER_FOUNDER = 9,     /* confirm the founding; secret = token */
    LETTER_LEFT = 10,
    LETTER_SECURITY = 11, /* password, second factor or sessions changed */
};

/* What LETTER_SECURITY's `arg` says. */
enum letter_security {
    LETTER_SECURITY_PASSWORD = 1,
    LETTER_SECURITY_NO_PASSWORD = 2,
    LETTER_SECURITY_TOTP = 3,
    LETTER_SECURITY_NO_TOTP = 4,
    LETTER_SECURITY_SESSIONS = 5,
    LETTER_SECURITY_EMAIL = 6,
    LETTER_SECURITY_TOTP_TAKEN = 7, /* switched off by a facilitator or the console */
};

/* To a member (email empty: his own address) or to a bare address. */
no letter_put(struct ctx *ctx, enum letter_kind kind, int64_t member, str email, int64_t ref,
              int64_t arg, str secret) MUST_USE;

#endif
