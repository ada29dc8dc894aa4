/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Sessions: which browser is signed in as whom. The browser holds 256 random bits in a cookie; the
 * store holds their SHA-256 only, so that who reads the store cannot become anyone. A session lives
 * 90 days, whatever is done with it.
 */
#ifndef DEEDS_SESSION_H
#define DEEDS_SESSION_H

#include "base/hash.h"
#include "deeds/ctx.h"

enum {
    SESSION_TOKEN_LEN = 43, /* 256 bits in base64url */
    SESSION_DAYS = 90,
    SESSION_REF_LEN = 16,
    SESSION_AGENT_MAX = 200,
};

/* Who holds this cookie. */
struct session {
    uint8_t token[HASH_SIZE]; /* SHA-256 of the cookie's bytes */
    int64_t member;
    uint32_t roles;
    str csrf;
    int64_t seen_ns;
};

/* One indexed read. NO_NOT_SIGNED_IN: not a token, unknown, too old, or its member may not sign in
 * any more. */
no view_session(struct ctx *ctx, str cookie, struct session *session) MUST_USE;

struct session_open {
    int64_t member;
    str agent;  /* User-Agent, as sent */
    str before; /* the cookie that this browser had, which ends now; may be empty */
    /* answer */
    char cookie[SESSION_TOKEN_LEN], csrf[SESSION_TOKEN_LEN];
    uint32_t roles;
};

/* A new session, always with a new token (a session is never promoted: OWASP on fixation). The door
 * has proved who it is. NO_NOT_FOUND; NO_MEMBER_LEFT: has left, was refused, or was imported and
 * never reached. */
no deed_session_open(struct ctx *ctx, struct session_open *form) MUST_USE;
/* Ends the session of this cookie; YES also when there is none. */
no deed_session_close(struct ctx *ctx, str cookie) MUST_USE;
/* Notes that the session was used, at most every ten minutes: `seen_ns` says when it last was. */
no deed_session_seen(struct ctx *ctx, str cookie, int64_t seen_ns) MUST_USE;

/* What changes how one signs in needs a session of the last half hour, whoever sits at the
 * keyboard: NO_SIGN_IN_AGAIN. So a forgotten password needs nothing but a link by e-mail, and a
 * browser left open gives nothing away. */
no session_is_fresh(struct ctx *ctx, str cookie) MUST_USE;

struct session_line {
    char ref[SESSION_REF_LEN]; /* what a form names it by */
    str agent;                 /* as the browser said it, cleaned */
    int64_t created_ns, seen_ns, expires_ns;
    bool here; /* the one that asks */
};

/* The sessions of the acting member, last used first. `cookie`: of the request, for `here`. */
no view_sessions(struct ctx *ctx, str cookie, const struct session_line **lines,
                 size_t *lines_n) MUST_USE;
/* Ends one of the acting member's own. NO_NOT_SIGNED_IN, NO_NOT_FOUND. */
no deed_session_revoke(struct ctx *ctx, str ref) MUST_USE;
/* Ends all of the acting member's own but that of this cookie, and the links that wait in the
 * mailbox (link_end_waiting). NO_NOT_SIGNED_IN. */
no deed_session_revoke_others(struct ctx *ctx, str cookie) MUST_USE;

#endif
