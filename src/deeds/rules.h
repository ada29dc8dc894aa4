/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Every number the members decide, as the page of the rules shows it: what it is called, what it
 * is, by which vote; and the durations of orders that nobody decided yet, which are the house's.
 */
#ifndef DEEDS_RULES_H
#define DEEDS_RULES_H

#include "deeds/ctx.h"
#include "deeds/house.h"

enum rule_what {
    RULE_OTHER,
    RULE_FEE_RUNNING,
    RULE_FEE_RESERVE,
    RULE_FEE_SOLIDARITY,
    RULE_FLOOR,
    RULE_CEILING,
    RULE_WAIT_ABOVE
};

struct rule {
    str name;                      /* "fee.EUR.running_bp" */
    enum rule_what what;           /* of a rule of one currency */
    const struct house_unit *unit; /* NULL: of none */
    int64_t value;
    bool decided;
    int64_t decided_by, set_ns; /* the vote, 0 = the founding; when */
};

/* Ascending by name, then what was not decided. */
no view_rules(struct ctx *ctx, const struct rule **rules, size_t *rules_n) MUST_USE;

/* A number by its name, as an entry of the register has it; not decided. */
struct rule rule_of(struct ctx *ctx, str name, int64_t value);

#endif
