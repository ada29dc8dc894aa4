/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the pages of people show: joining, the lists, a profile, the facilitators' desk.
 */
#ifndef PAGES_PEOPLE_H
#define PAGES_PEOPLE_H

#include "base/markup.h"
#include "base/money.h"
#include "pages/form.h"
#include "pages/lang.h"

#include <stdbool.h>
#include <stdint.h>

/* A role in words. */
struct role_word {
    str value;
    enum lang_key name;
    bool has;
};

struct person_card {
    int64_t id;
    str handle, name, initials, trade, place, college, since, email, reason, asked;
    int64_t jobs_n;
    bool member; /* has a profile to look at */
    enum lang_key status;
    const struct role_word *roles;
    size_t roles_n;
};

/* A link of "1 2 3 ... 9"; gap: not a link. */
struct page_link {
    url href;
    int64_t number;
    bool current, gap;
};

struct people_view {
    str title, q;
    const struct person_card *cards;
    size_t cards_n;
    int64_t total, status;
    const struct page_link *pages;
    size_t pages_n;
};

struct profile_offer {
    int64_t id;
    str title;
};
struct profile_review {
    str author, author_handle, title, text, when;
    int64_t stars, offer;
    bool author_gone;
};

struct person_page {
    str title;
    struct person_card card;
    str bio;
    int64_t picture;
    const struct profile_offer *offers, *needs;
    size_t offers_n, needs_n;
    const struct profile_review *reviews;
    size_t reviews_n;
    int64_t reviews_total;
    str stars; /* "4.9" */
};

struct join_view {
    str title;
    str name, email, trade, place, why, token, inviter;
    bool asked, client, statutes, email_fixed;
    bool has_share;
    money share;
    int64_t share_least;
    const struct role_word *roles;
    size_t roles_n;
    struct form_errors errors;
};

struct desk_letter {
    int64_t id;
    str to, when;
    enum lang_key kind;
    bool may_again;
};
struct desk_view {
    str title;
    bool facilitator;
    const struct person_card *asking;
    size_t asking_n;
    int64_t disputes_n;
    const struct desk_letter *letters;
    size_t letters_n;
};

struct person_event {
    enum lang_key what;
    str who, note, when;
};
struct desk_person_view {
    str title, reason;
    struct person_card card;
    bool asking, active, imported, has_code;
    const struct role_word *given; /* the roles that a facilitator gives */
    size_t given_n;
    const struct person_event *events;
    size_t events_n;
    struct form_errors errors;
};

struct invite_view {
    str title, email, link, until;
    int64_t member;
    str member_name;
    html qr;
    bool printed; /* the invitation was made: show it to print */
    const struct role_word *given;
    size_t given_n;
    struct form_errors errors;
};

#endif
