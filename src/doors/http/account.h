/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the pages of signing in and of one's account share.
 */
#ifndef DOORS_HTTP_ACCOUNT_H
#define DOORS_HTTP_ACCOUNT_H

#include "doors/http/frame.h"
#include "doors/http/http.h"

/* The page's title; with "Error: " before it when the form came back. */
str account_title(struct http_req *req, enum lang_key key, bool wrong);
/* Ends a POST: says `key` on the next page, which is `path`. */
no account_done(struct http_req *req, enum lang_key key, str path) MUST_USE;
/* Goes to a page that a form or a link named, when it is one of ours; else to `otherwise`. */
no account_go(struct http_req *req, str target, str otherwise) MUST_USE;
/* The client's network as bytes in the arena: /24 of IPv4, /48 of IPv6; the text itself when it is
 * neither. */
str account_network(struct http_req *req);

#endif
