/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The one table: method, path, who may, flags, handler. Paths are written without language; /fr and
 * /en stand before each. A form is GET (show it) and POST (do it) on the same path; POST answers
 * with a redirect or with the form and status 422.
 */
#include "doors/http/rooms.h"

const struct http_route http_routes[] = {
    {.pattern = NULL},
};
