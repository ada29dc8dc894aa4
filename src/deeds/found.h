/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Founding: what the wizard or `filon found FILE.json` gathered becomes the co-op in one deed: its
 * row, its currencies, its parameters (decided_by 0 = the founding vote), its categories, its
 * founders. Before it nothing is public; after it parameters change only by an adopted vote.
 */
#ifndef DEEDS_FOUND_H
#define DEEDS_FOUND_H

#include "deeds/ctx.h"

enum { FOUNDERS_MAX = 50 };

struct founder {
    str name, handle, email, password, trade,
        college;    /* handle empty: made from the name; password empty: e-mail link */
    uint32_t roles; /* beside founder and member */
};

struct found_form {
    str name, sentence, legal_form, place, zone, email, iban,
        bic; /* legal_form: scic scop coop47 association other */
    int64_t lat, lon;
    enum lang lang;
    bool demonstration;
    str currency;                 /* "EUR"; the money of the books, id 1 */
    bool hours;                   /* currency 2, HOUR */
    bool credits;                 /* currency 3 */
    str credit_code, credit_name; /* "FIL", "Filons" */
    int64_t hour_floor,
        hour_ceiling; /* minutes a purse may go below zero (positive number), and hold */
    int64_t credit_floor, credit_ceiling; /* minor units, the same */
    int64_t fee_running_bp, fee_reserve_bp, fee_solidarity_bp;
    int64_t share_minor; /* value of one share */
    int64_t quorum_percent;
    const struct founder *founders;
    size_t founders_n;
    /* answer */
    int64_t first_member;
};

/* NO_ALREADY_FOUNDED; NO_BAD_FIELDS (name, place, zone, email, currency, credit_code, fee,
 * hour_limit, credit_limit, share, quorum, founder.N.name, founder.N.email, founder.N.password);
 * NO_NOT_ENOUGH_FOUNDERS (scic and coop47: 3 by the minimum of three colleges and two kinds, scop
 * 2, association 2; loi 47-1775 and loi 1901); NO_LAW_FORBIDS. */
no deed_found(struct ctx *ctx, struct found_form *form) MUST_USE;

/* Fewest founders that the law asks of a legal form; 1 for an unknown one. */
int64_t found_fewest(str legal_form);

#endif
