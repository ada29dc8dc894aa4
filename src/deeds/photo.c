/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/photo.h"

#include "base/hash.h"
#include "base/utf8.h"
#include "rules/offer.h"
#include "store/sql_offer.h"

static no check_alt(struct ctx *ctx, str alt)
{
    if (!utf8_valid(alt) || !utf8_clean(alt, false))
        return deed_wrong(ctx, "alt", NO_FIELD_CONTROL_CHARS);
    if (utf8_count(alt) > PHOTO_ALT_MAX)
        return deed_wrong_bound(ctx, "alt", NO_FIELD_TOO_LONG, PHOTO_ALT_MAX);
    return YES;
}

no view_photo_owner(struct ctx *ctx, int64_t offer, str *title)
{
    struct sql_offer row;

    TRY(sql_offer_get(ctx->db, ctx->arena, offer, &row));
    if (row.member != ctx->actor.member && !ctx->actor.console)
        return NO_NOT_ALLOWED;
    *title = row.title;
    return YES;
}

static no place_for(struct ctx *ctx, int64_t offer, int64_t *position)
{
    struct sql_photo *photos;
    size_t photos_n;
    str title;

    TRY(view_photo_owner(ctx, offer, &title));
    TRY(sql_photo_of_offer(ctx->db, ctx->arena, offer, &photos, &photos_n));
    if (photos_n >= OFFER_PHOTOS_MAX)
        return NO_PICTURES_FULL;
    *position = photos_n == 0 ? 0 : photos[photos_n - 1].position + 1;
    return YES;
}

static no add(struct ctx *ctx, void *form_)
{
    struct photo_add_form *form = form_;
    uint8_t sha[HASH_SIZE];
    int64_t position = 0;

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    TRY(check_alt(ctx, form->alt));
    if (form->offer != 0)
        TRY(place_for(ctx, form->offer, &position));
    else
        TRY(sql_photo_of_member_remove(ctx->db, ctx->actor.member));
    hash_sha256(form->page.ptr, form->page.len, sha);
    TRY(sql_photo_add(ctx->db, ctx->actor.member, form->offer, position,
                      form->alt.ptr == NULL ? S("") : form->alt, form->width, form->height, sha,
                      form->card, form->page, ctx->now_ns, &form->id));
    return form->offer != 0 ? sql_photo_offer_first(ctx->db, form->offer)
                            : sql_photo_member_picture(ctx->db, ctx->actor.member, form->id);
}

no deed_photo_add(struct ctx *ctx, struct photo_add_form *form)
{
    return deed_run(ctx, add, form);
}

/* Before all others: one less than the smallest position there is. */
static no first_position(struct ctx *ctx, int64_t offer, int64_t *position)
{
    struct sql_photo *photos;
    size_t photos_n;

    TRY(sql_photo_of_offer(ctx->db, ctx->arena, offer, &photos, &photos_n));
    *position = photos_n == 0 ? 0 : photos[0].position - 1;
    return YES;
}

static no change(struct ctx *ctx, void *form_)
{
    const struct photo_change_form *form = form_;
    struct sql_photo photo;

    TRY(sql_photo_get(ctx->db, ctx->arena, form->photo, &photo));
    if (photo.member != ctx->actor.member || ctx->actor.member == 0)
        return NO_NOT_ALLOWED;
    TRY(check_alt(ctx, form->alt));
    if (form->remove) {
        TRY(sql_photo_remove(ctx->db, photo.id));
        return photo.offer != 0 ? sql_photo_offer_first(ctx->db, photo.offer)
                                : sql_photo_member_picture(ctx->db, photo.member, 0);
    }
    if (form->first)
        TRY(first_position(ctx, photo.offer, &photo.position));
    TRY(sql_photo_place(ctx->db, photo.id, photo.position,
                        form->alt.ptr == NULL ? photo.alt : form->alt));
    return photo.offer != 0 ? sql_photo_offer_first(ctx->db, photo.offer) : YES;
}

no deed_photo_change(struct ctx *ctx, struct photo_change_form *form)
{
    return deed_run(ctx, change, form);
}

no view_photos(struct ctx *ctx, int64_t offer, struct sql_photo **photos, size_t *photos_n)
{
    return sql_photo_of_offer(ctx->db, ctx->arena, offer, photos, photos_n);
}

no view_photo_bytes(struct ctx *ctx, int64_t photo, bool page, struct sql_photo_bytes *bytes)
{
    return page ? sql_photo_page(ctx->db, ctx->arena, photo, bytes)
                : sql_photo_card(ctx->db, ctx->arena, photo, bytes);
}
