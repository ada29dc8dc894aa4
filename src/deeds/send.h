/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A member sends hours or credits to another: first a view that says what it would do, then the
 * deed. Euros are not sent here: they go from bank to bank (decision 0006).
 */
#ifndef DEEDS_SEND_H
#define DEEDS_SEND_H

#include "base/id.h"
#include "base/money.h"
#include "deeds/ctx.h"

enum { SEND_WHO_MAX = 8, SEND_WHY_MAX = 200 };

struct send_form {
    str to;        /* "@nadia", "nadia" or words of a name */
    str unit;      /* code of the currency */
    str amount;    /* as typed */
    str why;       /* may be empty */
    uid uid;       /* the same one is the same sending */
    int64_t entry; /* answer of the deed */
};

struct send_who {
    int64_t member;
    str handle, name, place;
};

/* What sending would do. Balances are in the currency that was chosen. */
struct send_check {
    struct send_who to;
    struct send_who
        who[SEND_WHO_MAX]; /* several are meant: one has to be chosen; then `to` is empty */
    size_t who_n;
    money amount, balance, after, available; /* available: what may still be sent */
    bool has_floor, has_ceiling;
    money floor, ceiling; /* of the own account, of the other's */
};

/* YES: the deed would say yes now. NO_BAD_FIELDS with ctx->wrongs: `to` FIELD_MISSING,
 * FIELD_UNKNOWN_MEMBER, FIELD_NOT_A_CHOICE (see who), ACCOUNTS_SAME; `unit` FIELD_NOT_A_CHOICE;
 * `amount` what money_parse says, AMOUNT_NOT_POSITIVE, FLOOR_WOULD_BE_PASSED,
 * CEILING_WOULD_BE_PASSED, REGISTER_NOT_WITNESSED past register.wait_above.CODE while the newest
 * movement on the purse is not witnessed; `why` FIELD_TOO_LONG, FIELD_NOT_UTF8,
 * FIELD_CONTROL_CHARS. `check` is filled as far as it is known in both cases. NO_NOT_ALLOWED for
 * who is not a member. */
no view_send(struct ctx *ctx, const struct send_form *form, struct send_check *check) MUST_USE;
/* The same, then the entry. NO_ALREADY_DONE_DIFFERENTLY: this uid was used for something else. */
no deed_send(struct ctx *ctx, struct send_form *form) MUST_USE;

/* Inside the deed by which a member leaves: what was written with what was sent goes. */
no send_notes_forget(struct ctx *ctx, int64_t member) MUST_USE;

#endif
