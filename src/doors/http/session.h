/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Who asks: the cookie `filon` to a member, and the other way: signing this browser in and out.
 */
#ifndef DOORS_HTTP_SESSION_H
#define DOORS_HTTP_SESSION_H

#include "doors/http/http.h"

/* The hook: fills req->ctx.actor and req->session from the cookies. One indexed read, none without
 * a cookie. */
no session_identify(struct http_req *req) MUST_USE;

/* Signs this browser in as `member` with a fresh token, and ends the session it had; from here on
 * req->ctx.actor is that member. Only in a POST (it calls a deed). The caller has proved who it is.
 * What deed_session_open says. */
no http_sign_in(struct http_req *req, int64_t member) MUST_USE;
/* Ends this browser's session, in the store and in the browser. Only in a POST. */
no http_sign_out(struct http_req *req) MUST_USE;

/* Notes that this session was used, at most every ten minutes. Called by handlers that run in the
 * pool, never by a reading one: a page that is read waits for no disk. */
void http_session_seen(struct http_req *req);

#endif
