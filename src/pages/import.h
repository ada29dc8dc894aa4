/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The facilitators' page that brings in what other platforms exported.
 */
#ifndef PAGES_IMPORT_H
#define PAGES_IMPORT_H

#include "pages/form.h"
#include "pages/lang.h"

#include <stdbool.h>
#include <stdint.h>

enum { IMPORT_LINES_SHOWN = 200, IMPORT_RUNS_SHOWN = 20 };

struct import_choice {
    const char *value;
    enum lang_key name, hint;
    bool chosen;
};

struct import_past {
    enum lang_key source;
    int64_t added, changed, same, refused;
    str when;
};

struct import_page {
    str title, currency, rate, seller, money; /* money: code of the co-op's */
    str where; /* an unreadable file is broken; may be empty */
    bool admit;
    const struct import_choice *sources;
    size_t sources_n;
    struct form_errors errors;
    const struct import_past *runs;
    size_t runs_n;
    int64_t most_mb;
};

struct import_bad {
    str line, field, why; /* field may be empty: the whole line */
};

struct import_report {
    str title, file, name, money; /* file: how the waiting file is named in paths */
    enum lang_key source;
    int64_t added, changed, same, refused, good, more; /* more: refused ones that are not listed */
    const struct import_bad *lines;
    size_t lines_n;
    bool unreadable, nothing, without_prices, in_books, failed;
};

#endif
