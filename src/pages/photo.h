/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The model of the pages that show and change pictures.
 */
#ifndef PAGES_PHOTO_H
#define PAGES_PHOTO_H

#include "base/markup.h"
#include "base/str.h"

#include <stddef.h>
#include <stdint.h>

struct photo_item {
    int64_t id, card_height; /* for a width of 240 */
    url card;
    str alt;
};

struct photo_page {
    str title, back_title, typed_alt;
    url back;
    const struct photo_item *photos;
    size_t photos_n;
    int64_t room; /* how many more may be added */
};

#endif
