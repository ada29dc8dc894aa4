/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the pages of signing in and of one's own account show (login.html, account.html,
 * security.html).
 */
#ifndef PAGES_ACCOUNT_H
#define PAGES_ACCOUNT_H

#include "base/markup.h"
#include "base/money.h"
#include "pages/form.h"

#include <stdbool.h>
#include <stdint.h>

struct login_view {
    str title;
    str email, to; /* typed; the page to go to afterwards */
    str proof;     /* of the password, with the code */
    str token;     /* of a link */
    struct form_errors errors;
};

struct account_hub {
    str title, name, handle, initials;
    bool client, member, facilitator, accountant, auditor, mediator, has_email;
    str email;
};

struct profile_view {
    str title, name, trade, bio, place, iban, bic, initials;
    int64_t picture; /* photo; 0 = initials */
    struct form_errors errors;
};

struct session_view {
    str ref, agent, seen, created; /* moments in words */
    bool here;
};

struct security_view {
    str title, email, email_typed;
    bool has_password, has_totp, fresh;
    const struct session_view *sessions;
    size_t sessions_n;
    struct form_errors errors;
};

struct totp_view {
    str title, secret; /* base32, in groups */
    html qr;
    struct form_errors errors;
};

struct switches_view {
    str title;
    bool orders, messages, desk, facilitator;
};

struct display_view {
    str title;
    bool light, dark, french;
    bool signed_in;
};

struct leave_line {
    money amount;
    bool owed, gives;
};

struct leave_view {
    str title;
    int64_t orders_running;
    bool last_facilitator, owes, may, fresh;
    str gives; /* what the choice to give stands for; empty: nothing to give */
    const struct leave_line *balances;
    size_t balances_n;
};

/* An address of ours that a template names by a constant: "account/profile". */
static inline url url_of(const char *path)
{
    return (url){str_of(path)};
}

#endif
