/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/asset.h"
#include "deeds/demo_door.h"
#include "deeds/house.h"
#include "doors/http/account.h"
#include "doors/http/people.h"
#include "doors/http/rooms.h"
#include "doors/http/session.h"
#include "pages/page_about.h"

static no show(struct http_req *req, enum lang_key title,
               void (*put)(struct buf *, const struct page *, str))
{
    struct page page;
    struct buf out;

    frame_page(req, &page);
    frame_buf(req, &out);
    put(&out, &page, frame_text(req, title));
    return http_html(req, 200, &out);
}

no http_about(struct http_req *req)
{
    return show(req, T_about_title, page_about);
}

no http_accessibility(struct http_req *req)
{
    return show(req, T_about_access_title, page_accessibility);
}

no http_licences(struct http_req *req)
{
    const struct asset *text = asset_find(S("LICENCES"));
    struct page page;
    struct buf out;

    frame_page(req, &page);
    frame_buf(req, &out);
    page_licences(&out, &page, frame_text(req, T_about_licences_title),
                  text == NULL ? S("") : text->body);
    return http_html(req, 200, &out);
}

no http_help(struct http_req *req)
{
    const str email = ctx_house(&req->ctx)->email;
    struct people_view view = {.cards_n = 0};
    struct people people;
    struct buf mailto, out;
    struct page page;

    TRY(view_facilitators(&req->ctx, &people));
    TRY(people_cards(req, &people, false, &view));
    buf_init(&mailto, req->ctx.arena, email.len + 16);
    buf_put(&mailto, S("mailto:"));
    buf_put(&mailto, email);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_help(&out, &page, frame_text(req, T_help_title), email, (url){buf_str(&mailto)}, &view);
    return http_html(req, 200, &out);
}

/* --- the demonstration ------------------------------------------------------------------------ */

no http_demo(struct http_req *req)
{
    if (ctx_house(&req->ctx)->state != HOUSE_DEMONSTRATION)
        return NO_NOT_FOUND;
    return show(req, T_demo_title, page_demo);
}

no http_demo_as(struct http_req *req)
{
    int64_t member;

    const no found = view_demo_person(&req->ctx, http_param(req, "who"), &member);

    if (found == NO_NOT_FOUND && ctx_house(&req->ctx)->state == HOUSE_DEMONSTRATION) {
        frame_flash(req, PAGE_FLASH_NOTE, T_demo_nobody);
        return http_redirect(req, S("/demo"));
    }
    TRY(found);
    TRY(http_sign_in(req, member));
    return account_done(req, T_demo_welcome, S("/account"));
}
