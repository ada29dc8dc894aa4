/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A form that came back: which fields were wrong, in the reader's words. Every input of a form has
 * id "f-NAME"; the summary links to it, and the field itself says it again (form_error).
 */
#ifndef PAGES_FORM_H
#define PAGES_FORM_H

#include "base/str.h"

#include <stddef.h>

struct form_error {
    str field, label,
        text; /* field's name in the form; its label and what is wrong, in the page's language */
};

struct form_errors {
    const struct form_error *list;
    size_t list_n;
};

/* What is wrong with this field; empty when nothing is. */
static inline str form_error(const struct form_errors *errors, const char *field)
{
    for (size_t i = 0; i < errors->list_n; i++)
        if (str_eq(errors->list[i].field, str_of(field)))
            return errors->list[i].text;
    return STR_NONE;
}

#endif
