/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * How a function says no. `no f(...) MUST_USE;` is the only shape: YES (0) or one line of no.def.
 * Outputs are pointers and are untouched when the answer is no. A bug is neither: it asserts.
 */
#ifndef BASE_NO_H
#define BASE_NO_H

#include <stdbool.h>

typedef enum no {
    YES = 0,
#define NO_(name, number, kind, http, retry) NO_##name = number,
#include "base/no.def"
#undef NO_
} no;

enum no_kind { NO_KIND_REFUSAL, NO_KIND_FAULT };
enum no_retry { NO_RETRY_NEVER, NO_RETRY_LATER, NO_RETRY_CHANGED };

/* One line of no.def as data. `name` is as in no.def, "ACCOUNT_CLOSED"; `http` is the status a page
 * answers with. */
struct no_line {
    enum no code;
    enum no_kind kind;
    enum no_retry retry;
    int http;
    const char *name;
};

#define MUST_USE __attribute__((warn_unused_result))

/* The only macro of the house that returns. */
#define TRY(call)                       \
    do {                                \
        const enum no try_no_ = (call); \
        if (try_no_ != YES)             \
            return try_no_;             \
    } while (0)

/* The line of a code; asserts on a number that no.def does not have. YES has the line {YES, ..,
 * 200, "yes"}. */
const struct no_line *no_line(enum no code);

/* The n-th line in precedence order, or NULL past the end; for tests and documentation. */
const struct no_line *no_line_at(unsigned index);

bool no_is_fault(enum no code);

#endif
