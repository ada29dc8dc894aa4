/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the rooms give the server: who asks, and how an error looks.
 */
#ifndef DOORS_HTTP_HOOKS_H
#define DOORS_HTTP_HOOKS_H

#include "doors/http/http.h"

struct http_hooks http_room_hooks(void);

#endif
