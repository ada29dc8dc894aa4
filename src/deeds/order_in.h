/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Private to the order room of deeds: writing an order, and turning a plan's movements into
 * entries.
 */
#ifndef DEEDS_ORDER_IN_H
#define DEEDS_ORDER_IN_H

#include "deeds/order.h"
#include "store/sql_offer.h"

/* Writes plan->after (and the hold numbers in order->parts) back to the row and its parts. */
no order_write(struct ctx *ctx, struct order *order, const struct order_facts *after) MUST_USE;
/* Books the movements of a plan, one entry for each journal; fills the hold numbers of
 * order->parts. *entry: the last one. */
no order_move_money(struct ctx *ctx, struct order *order, const struct order_plan *plan,
                    int64_t *entry) MUST_USE;
/* Claims, releases or uses the pieces of the order's lines; declines requests that can no longer be
 * met. */
no order_move_stock(struct ctx *ctx, struct order *order, const struct order_plan *plan) MUST_USE;
/* The terms that an order of this offer is born with. */
void order_make_terms(struct ctx *ctx, struct order_terms *terms, const struct sql_offer *offer);
/* deed_order_request from inside a deed; `form` is a struct order_request_form. */
no order_request_now(struct ctx *ctx, void *form) MUST_USE;
/* Plans `act` and does all of it: stock, money, the event, letters, the order. */
no order_do(struct ctx *ctx, struct order *order, const struct order_act *act, str note,
            int64_t *entry) MUST_USE;

#endif
