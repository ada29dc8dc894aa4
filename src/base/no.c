/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/no.h"

#include <assert.h>
#include <stddef.h>

enum { NEVER = NO_RETRY_NEVER, LATER = NO_RETRY_LATER, CHANGED = NO_RETRY_CHANGED };

static const struct no_line yes_line = {YES, NO_KIND_REFUSAL, NO_RETRY_NEVER, 200, "YES"};

static const struct no_line lines[] = {
#define NO_(name, number, kind, http, retry) \
    {NO_##name, NO_KIND_##kind, (enum no_retry)(retry), http, #name},
#include "base/no.def"
#undef NO_
};

const struct no_line *no_line(enum no code)
{
    if (code == YES)
        return &yes_line;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (lines[i].code == code)
            return &lines[i];
    assert(false && "a code that no.def does not have");
    return &yes_line;
}

const struct no_line *no_line_at(unsigned index)
{
    return index < sizeof lines / sizeof lines[0] ? &lines[index] : NULL;
}

bool no_is_fault(enum no code)
{
    return no_line(code)->kind == NO_KIND_FAULT;
}
