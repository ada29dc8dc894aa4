/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * How a template writes a value: chosen by the place in the markup (which macro; tplgen follows the
 * HTML) and by the value's C type (which line of _Generic). A type without a line does not compile;
 * that is the point: bool, char and pointers have none, html has none inside a tag, money has none
 * in an address.
 *
 *           PUT_TEXT        PUT_ATTR         PUT_VALUE           PUT_URL
 *  place    text            quoted value     value min data-...  href src action ...
 *  str      & < > escaped   and " '          the same            percent-encoded: one segment,
 *                                                                or one value of a query
 *  html     as it is        -                -                   -
 *  url      escaped         escaped          escaped             escaped, not encoded again
 *  integer  48,213          48213            48213               48213
 *  money    1,234.50 EUR    the same         1234.50             -
 *  uid      36 characters   the same         the same            the same
 *  token    -               -                drawn, escaped      -
 *
 * Integers of a year or a number of an offer are no counts: hand them over as str.
 */
#ifndef PAGES_PUT_H
#define PAGES_PUT_H

#include "base/asset.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/markup.h"
#include "base/money.h"
#include "pages/lang.h"
#include "pages/page.h"

#include <stdint.h>

/* Text: UTF-8 is passed as it is, byte 0 becomes U+FFFD. */
void put_text_str(struct buf *out, const struct page *page, str s);
void put_text_html(struct buf *out, const struct page *page, html markup);
void put_text_url(struct buf *out, const struct page *page, url address);
void put_text_money(struct buf *out, const struct page *page, money amount);
void put_text_int(struct buf *out, const struct page *page, int64_t n);
void put_text_uint(struct buf *out, const struct page *page, uint64_t n);
void put_uid(struct buf *out, const struct page *page, uid id);

/* Inside quotes, either kind. */
void put_attr_str(struct buf *out, const struct page *page, str s);
void put_attr_url(struct buf *out, const struct page *page, url address);
void put_attr_money(struct buf *out, const struct page *page, money amount);
void put_attr_int(struct buf *out, const struct page *page, int64_t n);
void put_attr_uint(struct buf *out, const struct page *page, uint64_t n);
void put_value_money(struct buf *out, const struct page *page, money amount);
void put_value_token(struct buf *out, const struct page *page, form_token token);

/* Percent-encodes all but RFC 3986 2.3 "unreserved"; the result is one segment or one value, never
 * a scheme or a path. */
void put_url_str(struct buf *out, const struct page *page, str s);

/* clang-format off */
#define PUT_INTS(of_int, of_uint)                                                                 \
    signed char: of_int, short: of_int, int: of_int, long: of_int, long long: of_int,             \
    unsigned char: of_uint, unsigned short: of_uint, unsigned: of_uint, unsigned long: of_uint,   \
    unsigned long long: of_uint, uid: put_uid

#define PUT_TEXT(out, page, v)                                                                    \
    _Generic((v), str: put_text_str, html: put_text_html, url: put_text_url,                      \
             money: put_text_money, PUT_INTS(put_text_int, put_text_uint))(out, page, v)
#define PUT_ATTR(out, page, v)                                                                    \
    _Generic((v), str: put_attr_str, url: put_attr_url, money: put_attr_money,                    \
             PUT_INTS(put_attr_int, put_attr_uint))(out, page, v)
#define PUT_VALUE(out, page, v)                                                                   \
    _Generic((v), str: put_attr_str, url: put_attr_url, money: put_value_money,                   \
             form_token: put_value_token, PUT_INTS(put_attr_int, put_attr_uint))(out, page, v)
#define PUT_URL(out, page, v)                                                                     \
    _Generic((v), str: put_url_str, url: put_attr_url, PUT_INTS(put_attr_int, put_attr_uint))     \
        (out, page, v)
/* clang-format on */

#endif
