/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/join.h"

#include "deeds/account.h"
#include "deeds/house.h"
#include "deeds/member.h"
#include "doors/http/account.h"
#include "doors/http/people.h"
#include "doors/http/rooms.h"
#include "doors/http/session.h"
#include "pages/page_people.h"

static const struct frame_label labels[] = {
    {"name", T_join_name},         {"email", T_join_email}, {"trade", T_join_trade},
    {"place", T_join_place},       {"why", T_join_why},     {"password", T_join_password},
    {"statutes", T_join_statutes}, {NULL, T_join_name}};

static no show(struct http_req *req, int status, struct join_view *view, enum lang_key title,
               void (*put)(struct buf *, const struct page *, const struct join_view *))
{
    const struct house *house = ctx_house(&req->ctx);
    const int64_t share = house_param(house, S("share.value"), 0);
    struct page page;
    struct buf out;

    view->has_share = share > 0 && house->units_n > 0;
    if (view->has_share)
        view->share = house_money(house, house->units[0].unit.id, share);
    view->share_least = house_param(house, S("share.least"), 1);
    frame_errors(req, labels, &view->errors);
    view->title = account_title(req, title, view->errors.list_n > 0);
    frame_page(req, &page);
    frame_buf(req, &out);
    put(&out, &page, view);
    return http_html(req, status, &out);
}

/* Who is signed in starts with what is known of them. */
static no known_self(struct http_req *req, struct join_view *view)
{
    struct account account;

    if (req->ctx.actor.member == 0)
        return YES;
    TRY(view_account(&req->ctx, &account));
    view->client = true;
    view->name = account.name;
    view->trade = account.trade;
    view->place = account.place;
    return YES;
}

/* Whether the one signed in has asked already. */
static no has_asked(struct http_req *req, struct join_view *view)
{
    struct member_state state = {.status = 0};

    if (req->ctx.actor.member != 0)
        TRY(view_member_state(&req->ctx, req->ctx.actor.member, &state));
    view->asked = state.status == MEMBER_ASKED;
    return YES;
}

no http_join_get(struct http_req *req)
{
    struct join_view view = {.name = S("")};

    TRY(known_self(req, &view));
    TRY(has_asked(req, &view));
    return show(req, 200, &view, T_join_page_title, page_join_page);
}

no http_join_post(struct http_req *req)
{
    const struct join_ask form = {.name = http_field(req, "name"),
                                  .email = http_field(req, "email"),
                                  .trade = http_field(req, "trade"),
                                  .place = http_field(req, "place"),
                                  .why = http_field(req, "why"),
                                  .statutes = http_field_present(req, "statutes")};
    struct join_view view = {.name = form.name,
                             .email = form.email,
                             .trade = form.trade,
                             .place = form.place,
                             .why = form.why,
                             .statutes = form.statutes,
                             .client = req->ctx.actor.member != 0};
    const no answer = deed_join_ask(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS)
        return show(req, 422, &view, T_join_page_title, page_join_page);
    TRY(answer);
    return http_redirect(req, S("/join/asked"));
}

no http_join_asked(struct http_req *req)
{
    struct join_view view = {.name = S("")};

    return show(req, 200, &view, T_join_asked, page_join_asked);
}

/* --- an invitation ---------------------------------------------------------------------------- */

static no invitation_of(struct http_req *req, struct join_view *view)
{
    struct join_invitation invitation;

    view->token = http_param(req, "token");
    TRY(view_join_invitation(&req->ctx, view->token, &invitation));
    view->inviter = invitation.inviter;
    view->client = req->ctx.actor.member != 0;
    view->email_fixed = invitation.email.len > 0 && !view->client;
    if (view->email_fixed)
        view->email = invitation.email;
    if (view->name.len == 0)
        view->name = invitation.name;
    const struct role_word *words;
    size_t words_n;

    TRY(people_given_roles(req, invitation.roles, &words, &words_n));
    struct role_word *has = arena_take_many(req->ctx.arena, words_n, sizeof *has);

    for (size_t i = 0; has != NULL && i < words_n; i++)
        if (words[i].has)
            has[view->roles_n++] = words[i];
    view->roles = has;
    return YES;
}

no http_invited_get(struct http_req *req)
{
    struct join_view view = {.name = S("")};

    TRY(known_self(req, &view));
    TRY(invitation_of(req, &view));
    http_private(req);
    return show(req, 200, &view, T_join_page_title, page_join_invited);
}

no http_invited_post(struct http_req *req)
{
    struct join_invited form = {.token = http_param(req, "token"),
                                .name = http_field(req, "name"),
                                .email = http_field(req, "email"),
                                .trade = http_field(req, "trade"),
                                .place = http_field(req, "place"),
                                .password = http_field(req, "password"),
                                .statutes = http_field_present(req, "statutes")};
    struct join_view view = {.name = form.name,
                             .email = form.email,
                             .trade = form.trade,
                             .place = form.place,
                             .statutes = form.statutes};
    const no answer = deed_join_invited(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS) {
        TRY(invitation_of(req, &view));
        return show(req, 422, &view, T_join_page_title, page_join_invited);
    }
    TRY(answer);
    TRY(http_sign_in(req, form.member));
    return account_done(req, T_join_welcome, S("/account"));
}
