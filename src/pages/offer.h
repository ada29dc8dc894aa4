/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the pages of one offer or need show: the page itself, the form that writes it, the page that
 * shows it once before it is published, the list of one's own.
 */
#ifndef PAGES_OFFER_H
#define PAGES_OFFER_H

#include "pages/core_sample.h"
#include "pages/form.h"
#include "pages/market.h"

struct offer_variant_line {
    int64_t id;
    str label, left; /* left: "3 left" */
    struct price_tag price;
    bool gone, chosen;
};

struct offer_review_line {
    str name, date, body;
    int64_t stars;
};

struct offer_photo_line {
    url picture;
    str alt;
};

/* Which way of paying the order begins with. */
struct offer_payment {
    int64_t currency;
    enum lang_key what, hint;
    money amount;
    bool chosen;
};

struct offer_page {
    int64_t id;
    str title, who, handle, initials, lang; /* lang: of the text, "fr" */
    bool need, mine, withdrawn, paused, orderable, can_manage, can_remove;
    str kind, category; /* names; the crumbs */
    url kind_url, category_url;
    str where; /* "900 m away, Lyon 7e" or the place */
    str stars;
    int64_t reviews_n;
    url picture;
    str picture_alt;
    const struct offer_photo_line *photos; /* beyond the first */
    size_t photos_n;
    str body;
    struct price_tag price;
    enum lang_key cancel;
    str left; /* "14 left"; empty when not counted */
    bool none_left, has_quantity;
    int64_t quantity_max;
    bool has_core;
    struct core_sample core;
    str fee_percent;           /* "9" */
    int64_t decided_by;        /* the vote; 0 = the founding */
    str trade, since, college; /* since: "March 2024" */
    int64_t jobs_n;
    struct {
        const struct offer_review_line *list;
        size_t list_n;
    } shown; /* reviews */
    bool more_reviews;
    const struct offer_variant_line *variants;
    size_t variants_n;
    const struct offer_payment *payments;
    size_t payments_n;
    const struct market_card *near; /* of a withdrawn one */
    size_t near_n;
};

/* --- the form ------------------------------------------------------------------------------------
 */

struct offer_option {
    int64_t value;
    str text, hint;
    bool chosen;
};
struct offer_options {
    const struct offer_option *list;
    size_t list_n;
};

struct offer_edit {
    str page_title, uid;
    int64_t id, seen_ns; /* 0: a new one */
    bool need;
    url action;
    struct form_errors errors;
    struct offer_options kinds, categories, pers, cancels;
    str title, body, price, hours, credit, stock, stock_seen, place;
    str money_name, credit_name; /* "EUR", "Filons"; credit_name empty: the co-op has none */
    bool has_hours, both, variants, conflict; /* conflict: it was changed meanwhile */
    const struct market_choice *places;       /* which one did you mean */
    size_t places_n;
};

/* Everything typed, kept in hidden fields, and what it will look like. */
struct offer_check_page {
    struct offer_edit edit;
    struct market_card card;
    str body_first, where;
    bool has_core;
    struct core_sample core;
    int64_t kind, category, per, cancel;
    enum lang_key cancel_words;
};

struct offer_mine_line {
    int64_t id;
    str title, what; /* what: price and place */
    enum lang_key status;
    bool open, paused, need, over;
    struct price_tag price;
};
struct offer_mine_page {
    const struct offer_mine_line *list;
    size_t list_n;
};

#endif
