/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Photos of an offer (at most OFFER_PHOTOS_MAX) and a member's own picture. The bytes were made by
 * doors/photo: pixels encoded anew, without any note of the original file.
 */
#ifndef DEEDS_PHOTO_H
#define DEEDS_PHOTO_H

#include "deeds/ctx.h"
#include "store/sql_photo.h"

enum { PHOTO_ALT_MAX = 200 };

struct photo_add_form {
    int64_t offer; /* 0: the actor's own picture, which replaces the one before */
    str alt;       /* said instead of the picture; may be empty */
    str card, page;
    int64_t width, height;
    int64_t id; /* answer */
};
/* NO_NOT_SIGNED_IN, NO_NOT_FOUND, NO_NOT_ALLOWED (another's offer), NO_PICTURES_FULL, NO_BAD_FIELDS
 * (alt). */
no deed_photo_add(struct ctx *ctx, struct photo_add_form *form) MUST_USE;

struct photo_change_form {
    int64_t photo;
    bool remove, first; /* neither: only the alternative text changes */
    str alt;
};
/* NO_NOT_FOUND, NO_NOT_ALLOWED, NO_BAD_FIELDS (alt). */
no deed_photo_change(struct ctx *ctx, struct photo_change_form *form) MUST_USE;

/* In the order in which the page shows them. */
no view_photos(struct ctx *ctx, int64_t offer, struct sql_photo **photos,
               size_t *photos_n) MUST_USE;
/* The picture itself, `page` or `card` size, and 32 bytes that name it. NO_NOT_FOUND. */
no view_photo_bytes(struct ctx *ctx, int64_t photo, bool page,
                    struct sql_photo_bytes *bytes) MUST_USE;
/* NO_NOT_FOUND, NO_NOT_ALLOWED: whether the actor may change this offer's photos. */
no view_photo_owner(struct ctx *ctx, int64_t offer, str *title) MUST_USE;

#endif
