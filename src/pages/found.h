/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the founding wizard shows: ten steps, one thing each.
 */
#ifndef PAGES_FOUND_H
#define PAGES_FOUND_H

#include "base/money.h"
#include "pages/core_sample.h"
#include "pages/form.h"
#include "pages/lang.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct found_value {
    const char *name;
    str value;
};

struct found_step {
    int64_t number;
    enum lang_key name;
    bool done, here;
};

/* One founder's lines, with the names of the fields. */
struct found_row {
    int64_t number;
    const char *name_field, *email_field, *trade_field, *college_field;
    str name, email, trade, college;
    bool first;
};

struct found_college_row {
    const char *name_field, *weight_field;
    str name, weight;
    int64_t number;
};

struct found_choice {
    str value;
    enum lang_key name, what;
    bool chosen;
};

struct found_view {
    str title;
    int64_t step;
    struct form_errors errors;
    const struct found_step *steps;
    size_t steps_n;
    const struct found_value *values;
    size_t values_n;
    const struct found_row *rows;
    size_t rows_n;
    const struct found_college_row *colleges;
    size_t colleges_n;
    const struct found_choice *forms;
    size_t forms_n;
    str places;        /* several places that were meant, in words; may be empty */
    bool has_password; /* kept, and not shown again */
    bool has_core;
    struct core_sample core;
    int64_t fewest; /* founders */
    bool ready;     /* everything is there: may be adopted */
    enum lang_key form_name;
    str token; /* of the link */
};

/* What was typed in a field; empty when the page has no such field. */
static inline str found_value(const struct found_view *view, const char *name)
{
    for (size_t i = 0; i < view->values_n; i++)
        if (strcmp(view->values[i].name, name) == 0)
            return view->values[i].value;
    return S("");
}

static inline bool found_is(const struct found_view *view, const char *name, const char *value)
{
    return str_eq(found_value(view, name), str_of(value));
}

#endif
