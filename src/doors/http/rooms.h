/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Every handler of every room, one line each, in the order of route.c:
 * `http_handler http_ROOM_VERB;`
 */
#ifndef DOORS_HTTP_ROOMS_H
#define DOORS_HTTP_ROOMS_H

#include "doors/http/http.h"

typedef no http_handler(struct http_req *req);

#endif
