/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the handlers of orders share: words of states and events, dates as forms carry them, and the
 * page of one order.
 */
#ifndef DOORS_HTTP_ORDER_H
#define DOORS_HTTP_ORDER_H

#include "deeds/order_view.h"
#include "doors/http/frame.h"
#include "pages/order.h"

enum lang_key order_state_key(enum order_state state);
enum lang_key order_kind_key(enum order_kind kind);
enum lang_key order_todo_key(enum order_event event);
/* False when the clock would do nothing worth a sentence. */
bool order_otherwise_key(enum order_event event, enum lang_key *key);
enum lang_key order_did_key(enum order_event event);
enum lang_key order_cancel_key(int64_t choice);
/* By the first step of frozen terms. */
enum lang_key order_terms_key(const struct order_terms *terms);

money order_money_of(const struct http_req *req, int64_t currency, int64_t minor);
/* Start of page titles of a form that came back. */
str order_title(struct http_req *req, str title, bool wrong);
/* "2026-11-25T10:00" of the co-op's zone; 0 when empty. NO_FIELD_NOT_A_DATE. */
no order_date_read(struct http_req *req, str typed, int64_t *at_ns) MUST_USE;
str order_date_field(struct http_req *req, int64_t at_ns);

/* A form of the order page that came back: which, and why nothing was done. event NOTHING: none. */
struct order_failed {
    enum order_event event;
    no why;
    int64_t seen;
};
/* Fills the page model of `view`. */
void order_page_fill(struct http_req *req, const struct order_view *view,
                     const struct order_failed *failed, struct order_page *page);
/* The entries that the order has left in the register, for the member who looks. */
no order_page_receipts(struct http_req *req, const struct order_view *view,
                       struct order_page *page) MUST_USE;
/* Steps and parts alone, for the receipt. */
void order_page_parts(struct http_req *req, const struct order_view *view, struct order_page *page);

#endif
