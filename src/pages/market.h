/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the market's pages show: the search, its cards, its plan, the needs.
 */
#ifndef PAGES_MARKET_H
#define PAGES_MARKET_H

#include "base/markup.h"
#include "base/money.h"
#include "base/str.h"
#include "pages/core_sample.h"
#include "pages/lang.h"
#include "pages/market_plan.h"
#include "rules/offer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A price as people read it. */
struct price_tag {
    enum offer_price_mode mode;
    bool gift; /* free because it is given */
    money a, b;
    enum lang_key per; /* "an hour, all included" */
};

struct market_card {
    int64_t id, number;          /* number on page and plan; 0 = none */
    str lang;                    /* of the title: "fr" */
    str title, who, where, left; /* where: "900 m" or the place; left: "14 left" or empty */
    str stars;                   /* "4.9"; empty without reviews */
    int64_t reviews_n;
    url picture;
    str alt;
    bool lazy;
    struct price_tag price;
    bool has_split;
    money receives; /* what `who` gets of the price */
    struct split_bar split;
};

struct market_link {
    url href;
    str text;
    bool current, gap; /* gap: not a link, "…" */
};

struct market_choice {
    str value, text;
    bool chosen;
};
struct market_choices {
    const struct market_choice *list;
    size_t list_n;
};

/* What is said of the place that was typed. */
enum market_place {
    MARKET_PLACE_NONE,
    MARKET_PLACE_FOUND,
    MARKET_PLACE_UNKNOWN,
    MARKET_PLACE_SEVERAL
};

struct market_page {
    str title;
    bool first_page; /* "/": with the sentence of the co-op */
    bool needs;      /* the list of needs instead of offers */
    bool may_publish;
    str q, near, kind, max, category; /* as typed, kept in the forms; category: its slug */
    enum market_place place;
    str place_name;                   /* when found, or the centre of the plan */
    const struct market_link *places; /* "Which one did you mean?" */
    size_t places_n;
    bool max_wrong, filter_open;
    int64_t total, km; /* km 0: anywhere */
    bool at_least;
    str range;          /* "13–24" of a later page */
    enum lang_key rule; /* the order of the list in words */
    const struct market_link *chips;
    size_t chips_n;
    struct market_choices sorts, distances, currencies;
    const struct market_card *cards;
    size_t cards_n;
    const struct market_link *pages;
    size_t pages_n;
    url next;      /* empty on the last page */
    bool searched; /* anything was asked: an empty answer is not an empty co-op */
    url wider;     /* the same with a wider circle or without place; empty when it is */
    const struct market_link *categories; /* with how many, when nothing was found */
    size_t categories_n;
    bool has_plan;
    struct market_plan plan;
    const struct market_card *need_list;
    size_t need_list_n;
};

#endif
