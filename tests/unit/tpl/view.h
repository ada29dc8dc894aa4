/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The model of hello.html, for tests of tplgen. */
#ifndef TPL_VIEW_H
#define TPL_VIEW_H

#include "base/markup.h"
#include "base/money.h"
#include "pages/lang.h"

struct card {
    str name;
    const str *tags;
    size_t tags_n;
    money price;
};

struct owner {
    str name;
};

struct view {
    str name;
    html bio;
    url site;
    money price;
    const struct card *cards;
    int cards_n;
    const struct owner *owner;
    enum lang_key key;
};

#endif
