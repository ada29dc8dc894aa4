/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Founding: what the wizard or `filon found FILE.json` gathered becomes the co-op in one deed: its
 * row, its currencies, its parameters (decided_by 0 = the founding vote), its categories, its
 * founders. Before it nothing is public; after it parameters change only by an adopted vote.
 */
#ifndef DEEDS_FOUND_H
#define DEEDS_FOUND_H

#include "deeds/ctx.h"
#include "deeds/link.h"

enum { FOUNDERS_MAX = 50, FOUND_COLLEGES_MAX = 5 };

struct founder {
    str name, handle, email, password, trade,
        college;       /* handle empty: made from the name; password empty: e-mail link */
    str password_hash; /* instead of a password: its Argon2id string */
    uint32_t roles;    /* beside founder and member */
};

/* A group of members whose votes together weigh so many percent of the assembly. */
struct found_college {
    str name;
    int64_t percent;
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
    int64_t share_least; /* shares that a member takes at least */
    int64_t quorum_percent;
    const struct found_college *colleges; /* none: one person, one vote */
    size_t colleges_n;
    const struct founder *founders;
    size_t founders_n;
    bool links; /* founders but the first get a letter with a link to set a password */
    /* answer */
    int64_t first_member;
};

/* NO_ALREADY_FOUNDED; NO_BAD_FIELDS (the fields of found_check); NO_NOT_ENOUGH_FOUNDERS. Parameters
 * written: fee.CODE.running_bp .reserve_bp .solidarity_bp, limit.CODE.floor .ceiling, share.value,
 * share.least, quorum.percent, college.NAME. */
no deed_found(struct ctx *ctx, struct found_form *form) MUST_USE;

/* Notes every wrong field of a step of the wizard (1 to 8), or of all with 0: name sentence place
 * zone email; legal_form; currency hour_limit hour_ceiling credit_code credit_name credit_limit
 * credit_ceiling; quorum college_N weight_N; share share_least; fee; iban bic; founder_N_name
 * founder_N_email founder_N_password founder_N_college. What the law forbids says its article:
 * NO_LAW_COLLEGE_WEIGHT, NO_LAW_COLLEGES_FEW (loi 47-1775 art. 19 octies), NO_LAW_ONE_VOTE (art.
 * 1), NO_COLLEGES_SUM, NO_NOT_ENOUGH_FOUNDERS (on founder_0_name). */
void found_check(struct ctx *ctx, const struct found_form *form, int64_t step);

/* Inside a deed: a link that signs this founder in and leads to where a password is chosen; what
 * the letter must say is written into `token`. */
no found_founder_link(struct ctx *ctx, int64_t member, char token[LINK_TOKEN_LEN]) MUST_USE;

/* Fewest founders that the law asks of a legal form; 1 for an unknown one. */
int64_t found_fewest(str legal_form);
/* "founder", 2, "email" to "founder_2_email", "weight", 1, "" to "weight_1", in the arena. */
const char *found_field(struct arena *arena, const char *before, size_t n, const char *after);

#endif
