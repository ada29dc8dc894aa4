/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the pages of the money share: words with values, addresses, page numbers, days.
 */
#ifndef DOORS_HTTP_MONEY_H
#define DOORS_HTTP_MONEY_H

#include "deeds/house.h"
#include "deeds/journal.h"
#include "deeds/money.h"
#include "doors/http/frame.h"
#include "doors/http/http.h"
#include "pages/money.h"

enum { MONEY_PAGE_LINES = 50, MONEY_FILE_LINES = 1000, MONEY_FILE_BYTES = 600 * 1024 };

/* A text of the request's language with values put in: {{"n", S("3")}, {NULL}}. In the arena. */
struct money_value {
    const char *name;
    str value;
};
str money_words(struct http_req *req, enum lang_key key, const struct money_value *values);
/* An address of ours, the language put before it; what is printed in holds no text of people. */
url money_url(struct http_req *req, const char *format, ...) __attribute__((format(printf, 2, 3)));
str money_amount(struct http_req *req, money amount);
/* A day of the books. */
str money_day(struct http_req *req, int32_t book_date);
str money_code_words(const struct http_req *req, uint32_t code);
enum lang_key money_journal_key(int32_t journal);
/* "708201", or "803000-17" of a member's account; with his name for who may know it. */
str money_side(struct http_req *req, const struct journal_side *side);
/* Legs as rows of a table; `books`: with links to the entry. */
const struct money_leg_row *money_legs(struct http_req *req, const struct journal_entry *entry,
                                       int32_t only, bool books, size_t *n);

/* The unit that the field `unit` names, or the first one; NULL when the co-op has none yet. */
const struct house_unit *money_unit(struct http_req *req);
/* A number of the query between low and high; `otherwise` when it is none. */
int64_t money_number(struct http_req *req, const char *field, int64_t low, int64_t high,
                     int64_t otherwise);
/* Numbered pages around `here` (from 1); `to` is an address that ends with "=", the number is put
 * behind it. NULL and 0 when there is only one. */
const struct money_chip *money_page_chips(struct http_req *req, url to, int64_t here, int64_t last,
                                          size_t *n);
/* A file for a spreadsheet, under this name. */
no money_file(struct http_req *req, const char *name, const struct buf *csv) MUST_USE;

#endif
