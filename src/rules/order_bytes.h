/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The terms of an order as bytes: frozen at request, hashed, read again years later. A version
 * byte, then every field of struct order_terms as a big-endian int64 in the order of the struct;
 * steps first, their number before them.
 */
#ifndef RULES_ORDER_BYTES_H
#define RULES_ORDER_BYTES_H

#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"
#include "rules/order.h"

void order_terms_write(struct buf *out, const struct order_terms *terms);
/* NO_STORE_BROKEN on bytes that order_terms_write did not make. */
no order_terms_read(str bytes, struct order_terms *terms) MUST_USE;

#endif
