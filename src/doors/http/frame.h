/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What every handler needs around its page: the frame (struct page), a word said on the next page,
 * the wrong fields of a form.
 */
#ifndef DOORS_HTTP_FRAME_H
#define DOORS_HTTP_FRAME_H

#include "base/id.h"
#include "doors/http/http.h"
#include "pages/form.h"
#include "pages/lang.h"
#include "pages/page.h"

/* Fills the frame for this request: language, theme, who looks, the co-op, the form token (drawn
 * when a form is written), and the flash, which is taken (its cookie is forgotten by this answer).
 * The answer is private unless http_is_public. Strings live in the request's arena. */
void frame_page(struct http_req *req, struct page *page);

/* Says `key` on the next page that this browser is shown (a cookie of one minute holds the key's
 * name, never a text). */
void frame_flash(struct http_req *req, enum page_flash_kind kind, enum lang_key key);

/* A text of the language of the request. */
str frame_text(const struct http_req *req, enum lang_key key);
/* The words of a no: lang key no.NAME; its name when there are none. */
str frame_no_text(const struct http_req *req, no why);

/* ctx->wrongs as the summary of a form. `labels`: pairs of field name and label key, ended by
 * {NULL}; a field without one is listed without label. Bounds are put into the text where its
 * message says {bound}. */
struct frame_label {
    const char *field;
    enum lang_key label;
};
void frame_errors(struct http_req *req, const struct frame_label *labels,
                  struct form_errors *errors);

/* A new page text of `cap` bytes at first; then http_html(req, status, &page). */
void frame_buf(struct http_req *req, struct buf *out);

/* Dates and moments in the co-op's zone and the request's language, in the arena. */
str frame_date(struct http_req *req, int64_t at_ns);
str frame_date_short(struct http_req *req, int64_t at_ns);
str frame_moment(struct http_req *req, int64_t at_ns);
/* The number as plain digits, for years and ids in text. */
str frame_digits(struct http_req *req, int64_t n);
/* A fresh idempotency key for a form's hidden field `uid`, and one read back (a fresh one when the
 * field is not one). */
str frame_new_uid(struct http_req *req);
uid frame_uid(struct http_req *req);

/* The error page of `why`: the hook of the server. */
no frame_fail(struct http_req *req, no why, int status);

#endif
