/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The founding wizard's draft: what the founders typed so far, kept as they typed it, so that it
 * can be left, resumed and gone back through without loss. Whoever holds the one-time link that the
 * program prints holds the pen; the browser that used it last has the cookie.
 */
#ifndef DEEDS_FOUND_DRAFT_H
#define DEEDS_FOUND_DRAFT_H

#include "deeds/found.h"
#include "deeds/link.h"
#include "deeds/place.h"
#include "store/sql_found.h"

enum {
    FOUND_STEPS = 10,
    FOUND_ROWS_MAX = 20, /* founders that the wizard can name */
    FOUND_VALUE_MAX = 400
};

struct found_draft {
    struct sql_found_draft *values;
    size_t values_n;
};

/* Makes the link of the console, which replaces none: each lives a week and is used once.
 * NO_ALREADY_FOUNDED. */
struct found_link {
    char token[LINK_TOKEN_LEN];
};
no deed_found_link(struct ctx *ctx, struct found_link *link) MUST_USE;

/* Takes the link and gives the pen to this browser; fills the gazetteer the first time.
 * NO_LINK_USED_OR_OLD, NO_ALREADY_FOUNDED. */
struct found_begin {
    str token;
    /* answer */
    char cookie[LINK_TOKEN_LEN];
};
no deed_found_begin(struct ctx *ctx, struct found_begin *form) MUST_USE;

/* NO_NOT_ALLOWED: this cookie does not hold the pen. NO_ALREADY_FOUNDED. */
no view_found_draft(struct ctx *ctx, str cookie, struct found_draft *draft) MUST_USE;
/* What was typed under a name; what is usual when nothing was yet (an emptied field stays empty).
 */
str found_draft_get(const struct found_draft *draft, const char *name);

/* Keeps what was typed, right or wrong; values longer than FOUND_VALUE_MAX bytes are cut at a
 * character. `password`: of the first founder; kept as its Argon2id string when it is fit. A place
 * that the gazetteer knows alone is kept with its point. */
struct found_save {
    str cookie, password;
    struct sql_found_draft *values;
    size_t values_n;
};
no deed_found_save(struct ctx *ctx, const struct found_save *form) MUST_USE;

/* The draft as the form of the founding, with the usual values where nothing was typed. Notes what
 * cannot be read and what found_check says, of one step (1 to 9) or of all (0). */
void found_draft_form(struct ctx *ctx, const struct found_draft *draft, int64_t step,
                      struct found_form *form);
/* How many founders the wizard shows lines for. */
size_t found_draft_rows(const struct found_draft *draft);

/* Founds the co-op from the draft: NO_FOUNDING_UNFINISHED when a step is not right, else what
 * deed_found says. */
no deed_found_adopt(struct ctx *ctx, str cookie, int64_t *first_member) MUST_USE;

#endif
