/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Private to woocommerce*.c: how the exporter writes fields, undone (class-wc-csv-exporter and
 * class-wc-product-csv-exporter of WooCommerce say how).
 */
#ifndef WIRE_WOOCOMMERCE_IN_H
#define WIRE_WOOCOMMERCE_IN_H

#include "wire/woocommerce.h"

/* Without the apostrophe put before = + - @ against spreadsheets. */
str woocommerce_unguard(str field);
/* "\n" written out becomes a line break, "\\n" a backslash and an n. NO_OUT_OF_MEMORY. */
no woocommerce_unescape(struct arena *arena, str field, str *text) MUST_USE;
/* Names hold entities, sometimes tags: one line of plain words. */
no woocommerce_words(struct arena *arena, str field, str *words) MUST_USE;
/* "a, b\, c" to {"a", "b, c"}, each as words, without empty ones. NO_OUT_OF_MEMORY,
 * NO_FIELD_TOO_LONG past PRODUCT_LIST_MAX items. */
no woocommerce_list(struct arena *arena, str field, struct str_list *list) MUST_USE;
/* "id:741" or a SKU. */
struct product_ref woocommerce_ref(str field);
bool woocommerce_is_url(str text);
/* Drops what is not http(s). */
void woocommerce_keep_urls(struct str_list *list);
/* "2026-11-21", perhaps with a time behind it; `open` when empty. NO_FIELD_NOT_A_DATE. */
no woocommerce_day(str field, int32_t open, int32_t *days) MUST_USE;

#endif
