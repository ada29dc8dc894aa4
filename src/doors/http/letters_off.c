/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The link at the end of a letter that switches its kind off: no password, one press (RFC 8058).
 */
#include "deeds/letter_off.h"
#include "doors/http/account.h"
#include "doors/http/rooms.h"
#include "pages/page_login.h"

static no show(struct http_req *req,
               void (*put)(struct buf *, const struct page *, const struct login_view *))
{
    struct login_view view = {.token = http_param(req, "token")};
    struct page page;
    struct buf out;

    view.title = account_title(req, T_notices_off_title, false);
    frame_page(req, &page);
    frame_buf(req, &out);
    put(&out, &page, &view);
    return http_html(req, 200, &out);
}

no http_letters_off_get(struct http_req *req)
{
    struct letter_off off;

    TRY(letter_off_read(&req->ctx, http_param(req, "token"), &off));
    return show(req, page_unsubscribe);
}

no http_letters_off_post(struct http_req *req)
{
    TRY(deed_letter_off(&req->ctx, http_param(req, "token")));
    return show(req, page_unsubscribed);
}
