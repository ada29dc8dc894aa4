/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A number that the members decide, in words: what it is called and what it is.
 */
#ifndef DOORS_HTTP_RULES_H
#define DOORS_HTTP_RULES_H

#include "deeds/rules.h"
#include "doors/http/frame.h"

str rules_name(struct http_req *req, const struct rule *rule);
str rules_value(struct http_req *req, const struct rule *rule);
/* "scic" as people say it. */
enum lang_key rules_form_key(str legal_form);

#endif
