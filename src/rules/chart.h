/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The chart of accounts: French numbers (PCG, plan comptable général 2025, six digits), a neutral
 * key that says the same in any country, and the keys of the label in two languages. A const table,
 * ascending by number. Class 8 is the house's own memo class: hours and credits are not in the
 * euro books. Source: specs ledger 1.2.
 */
#ifndef RULES_CHART_H
#define RULES_CHART_H

#include "rules/ledger.h"

#include <stddef.h>
#include <stdint.h>

struct chart_line {
    int32_t number;            /* 101300 */
    enum ledger_nature nature; /* which side makes it grow */
    bool auxiliary;            /* one account per member, owner = member */
    const char *neutral;       /* "equity:shares:paid": hledger, beancount, other countries */
    const char *label_fr;      /* as the law or the accountant writes it */
    const char *label_en;
};

/* The line of a number, or NULL when the house does not use it. */
const struct chart_line *chart_find(int32_t number);
/* The line of a neutral key; NULL when there is none. Keys are unique. */
const struct chart_line *chart_find_key(str neutral);
/* The n-th line, ascending by number; NULL past the end. */
const struct chart_line *chart_at(size_t index);
/* 1..8, the class of a number (its first digit); the result is classes 6 and 7, the file of
 * accounting entries (FEC) carries 1 to 7. 0 for what is not six digits. */
int chart_class(int32_t number);

#endif
