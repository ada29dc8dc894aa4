/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The facilitators' desk: what waits for them, the register of members, and what they decide about
 * people. Every decision is noted with who took it and why (member_event).
 */
#ifndef DEEDS_DESK_H
#define DEEDS_DESK_H

#include "deeds/ctx.h"
#include "deeds/link.h"
#include "store/sql_account.h"
#include "store/sql_people.h"

enum {
    DESK_LIST_MAX = 50,
    PEOPLE_PER_PAGE = 30,
    PEOPLE_PAGES_MAX = 100, /* who looks further searches */
    DESK_REASON_MAX = 1000,
    INVITATION_DAYS = 30,
};

/* What waits. A mediator sees the disputes only. NO_NOT_ALLOWED. */
struct desk {
    struct sql_person *asking; /* who waits longest first */
    size_t asking_n;
    int64_t disputes_n;
    struct sql_stuck_letter *letters; /* that could not leave, newest first */
    size_t letters_n;
};
no view_desk(struct ctx *ctx, struct desk *desk) MUST_USE;

/* A page of people. */
struct people {
    struct sql_person *lines;
    size_t lines_n;
    int64_t total, page,
        pages_n; /* total is counted to PEOPLE_PAGES_MAX pages; pages_n at least 1 */
};
/* The members, newest first, for anyone; `words` empty: all of them. */
no view_people(struct ctx *ctx, str words, int64_t page, struct people *people) MUST_USE;
/* Everybody, for facilitators; `status` 0: all (with words always). NO_NOT_ALLOWED. */
no view_register(struct ctx *ctx, str words, int64_t status, int64_t page,
                 struct people *people) MUST_USE;

/* One person, for facilitators. NO_NOT_ALLOWED, NO_NOT_FOUND. */
struct desk_person {
    struct sql_person row;
    struct sql_export_event *events;
    size_t events_n;
    bool has_code; /* of an app, asked for at sign-in */
};
no view_desk_person(struct ctx *ctx, int64_t member, struct desk_person *person) MUST_USE;

/* A profile: members and who has one. NO_NOT_FOUND: no such handle, or no member. NO_MEMBER_LEFT:
 * has left. */
struct profile {
    struct sql_person row;
    str bio;
    int64_t picture; /* a photo; 0 = none */
    struct sql_person_offer *offers;
    size_t offers_n;
};
no view_profile(struct ctx *ctx, str handle, struct profile *profile) MUST_USE;
/* Who to write to: facilitators, for anyone. */
no view_facilitators(struct ctx *ctx, struct people *people) MUST_USE;

/* --- deciding, as a facilitator: NO_NOT_ALLOWED, NO_NOT_FOUND --- */

/* NO_MEMBER_NOT_ASKING. A letter tells the person. */
no deed_desk_admit(struct ctx *ctx, int64_t member) MUST_USE;
/* The same; NO_BAD_FIELDS: reason. A client stays a client. */
struct desk_refuse {
    int64_t member;
    str reason;
};
no deed_desk_refuse(struct ctx *ctx, const struct desk_refuse *form) MUST_USE;

/* Makes an invitation: sent to `email`, or (empty) to be printed. `member`: one whom an import
 * named and nobody has reached; else 0. NO_BAD_FIELDS: email, roles. NO_MEMBER_ALREADY: the address
 * is a member's. */
struct desk_invite {
    str email;
    uint32_t roles;
    int64_t member;
    /* answer */
    char token[LINK_TOKEN_LEN];
};
no deed_desk_invite(struct ctx *ctx, struct desk_invite *form) MUST_USE;

/* Sets which of ROLES_GIVEN a member has; the others stay. NO_BAD_FIELDS: reason.
 * NO_LAST_FACILITATOR. NO_MEMBER_LEFT: not an active member. */
struct desk_roles {
    int64_t member;
    uint32_t roles;
    str reason;
};
no deed_desk_roles(struct ctx *ctx, const struct desk_roles *form) MUST_USE;

/* Switches off the code of somebody who lost the telephone: who does it has made sure, outside of
 * this program, that it is them. Never in silence: a letter tells the member, the history keeps who
 * and why. Sessions and links that wait end; the mailbox or the password is still needed to come
 * in. By a facilitator (not for themself: that is deed_account_totp) or from the console. YES also
 * when there is no code. NO_BAD_FIELDS: reason. NO_NOT_ALLOWED also: a member without an address,
 * who could not be told. */
struct desk_code_off {
    int64_t member; /* or, when 0, */
    str handle;
    str reason;
};
no deed_desk_code_off(struct ctx *ctx, const struct desk_code_off *form) MUST_USE;

/* Tries a letter again that was given up. The link of such a letter was forgotten: a founder's is
 * made anew, any other is for the person to ask again (NO_LINK_USED_OR_OLD; desk_letter_may). */
no deed_desk_letter_again(struct ctx *ctx, int64_t letter) MUST_USE;
bool desk_letter_may(int64_t kind);
/* Gives it up for good. */
no deed_desk_letter_forget(struct ctx *ctx, int64_t letter) MUST_USE;

#endif
