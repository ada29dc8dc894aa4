/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the pages that list people share.
 */
#ifndef DOORS_HTTP_PEOPLE_H
#define DOORS_HTTP_PEOPLE_H

#include "deeds/desk.h"
#include "doors/http/frame.h"
#include "pages/people.h"

/* A person of the store as a page shows them; for the register also the address and the reason. */
void people_card(struct http_req *req, const struct sql_person *row, bool at_desk,
                 struct person_card *card);
no people_cards(struct http_req *req, const struct people *people, bool at_desk,
                struct people_view *view) MUST_USE;
/* The numbered links of a list: first, around here, last. `path` "/people"; `status` 0 is left out.
 */
no people_pages(struct http_req *req, const struct people *people, str path, str q, int64_t status,
                struct people_view *view) MUST_USE;
/* The roles that a facilitator gives, those of `roles` ticked. */
no people_given_roles(struct http_req *req, uint32_t roles, const struct role_word **words,
                      size_t *words_n) MUST_USE;
/* The set of roles that the form's fields `role` name; what is no such role is left out. */
uint32_t people_roles_asked(struct http_req *req);
/* The text as a value of a query. */
void people_put_query(struct buf *out, str text);

#endif
