/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * While nothing is founded every page leads to the wizard.
 */
#ifndef DOORS_HTTP_FOUND_H
#define DOORS_HTTP_FOUND_H

#include "doors/http/http.h"

/* The hook before every handler: sends who asks to /found while the co-op is being founded, save
 * for the wizard itself, what says about filon, and the display. */
no found_gate(struct http_req *req, bool *answered) MUST_USE;

#endif
