/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/photo/photo.h"

#include "deeds/photo.h"
#include "doors/http/frame.h"
#include "doors/http/rooms.h"
#include "pages/page_photo.h"
#include "rules/offer.h"

enum { CARD_SHOWN = 240 };

/* --- the bytes
 * --------------------------------------------------------------------------------------- */

static no send_bytes(struct http_req *req, bool page)
{
    struct sql_photo_bytes photo;
    char name[16];
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    TRY(view_photo_bytes(&req->ctx, id, page, &photo));
    if (photo.sha.len < 8)
        return NO_NOT_FOUND;
    str_hex((const uint8_t *)photo.sha.ptr, 8, name);
    /* A photo is never changed under its number, only added or removed. */
    return http_bytes(req, 200, "image/webp", "public, max-age=31536000, immutable",
                      arena_str(req->ctx.arena, (str){name, sizeof name}), photo.bytes);
}

no http_photo_card(struct http_req *req)
{
    return send_bytes(req, false);
}

no http_photo_page(struct http_req *req)
{
    return send_bytes(req, true);
}

/* --- the pages
 * ------------------------------------------------------------------------------------------ */

static url path_of(struct http_req *req, const char *before, int64_t id, const char *after,
                   bool with_lang)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 64);
    if (with_lang)
        buf_put(&out, req->ctx.lang == LANG_FR ? S("/fr") : S("/en"));
    buf_put(&out, str_of(before));
    if (id != 0)
        buf_put_int(&out, id);
    buf_put(&out, str_of(after));
    return (url){buf_str(&out)};
}

static no fill_items(struct http_req *req, int64_t offer, struct photo_page *view)
{
    struct sql_photo *rows;
    size_t rows_n;

    TRY(view_photos(&req->ctx, offer, &rows, &rows_n));
    struct photo_item *items = arena_take_many(req->ctx.arena, rows_n, sizeof *items);

    for (size_t i = 0; items != NULL && i < rows_n; i++)
        items[i] = (struct photo_item){
            .id = rows[i].id,
            .alt = rows[i].alt,
            .card = path_of(req, "/photo/", rows[i].id, "/card.webp", false),
            .card_height =
                rows[i].width > 0 ? rows[i].height * CARD_SHOWN / rows[i].width : CARD_SHOWN};
    view->photos = items;
    view->photos_n = items == NULL ? 0 : rows_n;
    view->room = OFFER_PHOTOS_MAX - (int64_t)view->photos_n;
    return YES;
}

static no show(struct http_req *req, int64_t offer, no why)
{
    const struct frame_label labels[] = {
        {"photo", T_photo_label}, {"alt", T_photo_alt_one}, {NULL, T_photo_label}};
    struct photo_page view = {.typed_alt = http_field(req, "alt")};
    struct form_errors errors;
    struct page page;
    struct buf out;

    TRY(view_photo_owner(&req->ctx, offer, &view.back_title));
    TRY(fill_items(req, offer, &view));
    if (why != YES && why != NO_BAD_FIELDS) {
        const no noted = deed_wrong(&req->ctx, "photo", why);
        (void)noted;
    }
    view.back = path_of(req, "/offer/", offer, "", true);
    view.title = frame_text(req, why == YES ? T_photo_title : T_photo_title_wrong);
    frame_page(req, &page);
    frame_errors(req, labels, &errors);
    frame_buf(req, &out);
    page_photo_offer(&out, &page, &view, &errors);
    return http_html(req, why == YES ? 200 : no_line(why)->http, &out);
}

no http_photo_offer(struct http_req *req)
{
    int64_t offer;

    TRY(http_param_id(req, "id", &offer));
    return show(req, offer, YES);
}

static no add_one(struct http_req *req, int64_t offer, const struct http_file *file)
{
    struct photo_add_form form = {.offer = offer, .alt = http_field(req, "alt")};
    struct photo photo;

    TRY(photo_make(req->ctx.arena, file->bytes, &photo));
    form.card = photo.card;
    form.page = photo.page;
    form.width = photo.width;
    form.height = photo.height;
    return deed_photo_add(&req->ctx, &form);
}

static no add_all(struct http_req *req, int64_t offer)
{
    const struct http_file *file = http_file(req, "photo", 0);

    if (file == NULL)
        return deed_wrong(&req->ctx, "photo", NO_FIELD_MISSING);
    for (size_t i = 0; file != NULL; file = http_file(req, "photo", ++i)) {
        const size_t mark = arena_mark(req->ctx.arena);

        TRY(add_one(req, offer, file));
        arena_rewind(req->ctx.arena, mark);
    }
    return YES;
}

static no change_one(struct http_req *req)
{
    const str what = http_field(req, "do");
    struct photo_change_form form = {.remove = str_eq(what, S("remove")),
                                     .first = str_eq(what, S("first")),
                                     .alt = http_field(req, "alt")};

    if (http_field_int(req, "photo", &form.photo) != YES)
        return NO_NOT_FOUND;
    return deed_photo_change(&req->ctx, &form);
}

no http_photo_offer_do(struct http_req *req)
{
    int64_t offer;
    str title;

    TRY(http_param_id(req, "id", &offer));
    TRY(view_photo_owner(&req->ctx, offer, &title));
    const no answer =
        str_eq(http_field(req, "do"), S("add")) ? add_all(req, offer) : change_one(req);

    if (answer != YES)
        return show(req, offer, answer);
    frame_flash(req, PAGE_FLASH_DONE, T_photo_done);
    return http_redirect(req, path_of(req, "/offer/", offer, "/photos", false).s);
}

/* --- a member's own picture
 * -------------------------------------------------------------------------------- */

no http_photo_mine_do(struct http_req *req)
{
    const struct http_file *file = http_file(req, "photo", 0);
    no answer = NO_FIELD_MISSING;

    if (file != NULL)
        answer = add_one(req, 0, file);
    frame_flash(req, answer == YES ? PAGE_FLASH_DONE : PAGE_FLASH_WRONG,
                answer == YES ? T_photo_done : T_no_PICTURE_REFUSED);
    return http_redirect(req, S("/account/profile"));
}
