/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/account.h"

#include "base/time.h"
#include "base/utf8.h"
#include "deeds/account.h"
#include "deeds/session.h"
#include "doors/http/rooms.h"
#include "doors/http/session.h"
#include "pages/page_account.h"

enum { DISPLAY_DAYS = 365 };

static void begin(struct http_req *req, struct page *page, struct buf *out)
{
    frame_page(req, page);
    frame_buf(req, out);
}

no http_account(struct http_req *req)
{
    struct account account;
    struct page page;
    struct buf out;

    http_session_seen(req);
    TRY(view_account(&req->ctx, &account));
    const struct account_hub hub = {.title = account_title(req, T_account_title, false),
                                    .name = account.name,
                                    .handle = account.handle,
                                    .initials = utf8_initials(req->ctx.arena, account.name),
                                    .member = (account.roles & ROLE_MEMBER) != 0,
                                    .facilitator = (account.roles & ROLE_FACILITATOR) != 0,
                                    .accountant = (account.roles & ROLE_ACCOUNTANT) != 0,
                                    .auditor = (account.roles & ROLE_AUDITOR) != 0,
                                    .mediator = (account.roles & ROLE_MEDIATOR) != 0,
                                    .has_email = account.email.len > 0,
                                    .email = account.email};
    begin(req, &page, &out);
    page_account_hub(&out, &page, &hub);
    return http_html(req, 200, &out);
}

/* --- the profile ----------------------------------------------------------------------------- */

static no show_profile(struct http_req *req, int status, const struct profile_view *given)
{
    static const struct frame_label labels[] = {
        {"name", T_profile_name}, {"trade", T_profile_trade}, {"place", T_profile_place},
        {"bio", T_profile_bio},   {"iban", T_profile_iban},   {"bic", T_profile_bic},
        {NULL, T_profile_name}};
    struct profile_view view = *given;
    struct account account;
    struct page page;
    struct buf out;

    TRY(view_account(&req->ctx, &account));
    view.picture = account.picture;
    view.initials = utf8_initials(req->ctx.arena, account.name);
    frame_errors(req, labels, &view.errors);
    view.title = account_title(req, T_profile_title, view.errors.list_n > 0);
    begin(req, &page, &out);
    page_account_profile(&out, &page, &view);
    return http_html(req, status, &out);
}

no http_profile_get(struct http_req *req)
{
    struct account account;

    TRY(view_account(&req->ctx, &account));
    return show_profile(req, 200,
                        &(struct profile_view){.name = account.name,
                                               .trade = account.trade,
                                               .bio = account.bio,
                                               .place = account.place,
                                               .iban = account.iban,
                                               .bic = account.bic});
}

no http_profile_post(struct http_req *req)
{
    const struct account_profile form = {.name = http_field(req, "name"),
                                         .trade = http_field(req, "trade"),
                                         .bio = http_field(req, "bio"),
                                         .place = http_field(req, "place"),
                                         .iban = http_field(req, "iban"),
                                         .bic = http_field(req, "bic")};
    const no answer = deed_account_profile(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS)
        return show_profile(req, 422,
                            &(struct profile_view){.name = form.name,
                                                   .trade = form.trade,
                                                   .bio = form.bio,
                                                   .place = form.place,
                                                   .iban = form.iban,
                                                   .bic = form.bic});
    TRY(answer);
    return account_done(req, T_account_saved, S("/account/profile"));
}

/* --- notices --------------------------------------------------------------------------------- */

no http_notices_get(struct http_req *req)
{
    struct account account;
    struct page page;
    struct buf out;

    TRY(view_account(&req->ctx, &account));
    const struct switches_view view = {.title = account_title(req, T_notices_title, false),
                                       .orders = (account.notices & NOTICE_ORDERS) != 0,
                                       .messages = (account.notices & NOTICE_MESSAGES) != 0,
                                       .desk = (account.notices & NOTICE_DESK) != 0,
                                       .facilitator = (account.roles & ROLE_FACILITATOR) != 0};
    begin(req, &page, &out);
    page_account_notices(&out, &page, &view);
    return http_html(req, 200, &out);
}

no http_notices_post(struct http_req *req)
{
    struct account account;

    TRY(view_account(&req->ctx, &account));
    int64_t wanted = (http_field_present(req, "orders") ? NOTICE_ORDERS : 0) |
                     (http_field_present(req, "messages") ? NOTICE_MESSAGES : 0);

    /* The switch of the desk is not shown to others; what they had stays. */
    if ((account.roles & ROLE_FACILITATOR) == 0)
        wanted |= account.notices & NOTICE_DESK;
    else if (http_field_present(req, "desk"))
        wanted |= NOTICE_DESK;
    TRY(deed_account_notices(&req->ctx, wanted));
    return account_done(req, T_account_saved, S("/account/notices"));
}

/* --- display --------------------------------------------------------------------------------- */

no http_display_get(struct http_req *req)
{
    const struct display_view view = {.title = account_title(req, T_display_title, false),
                                      .light = str_eq(req->session.theme, S("light")),
                                      .dark = str_eq(req->session.theme, S("dark")),
                                      .french = req->ctx.lang == LANG_FR,
                                      .signed_in = req->ctx.actor.member != 0};
    struct page page;
    struct buf out;

    begin(req, &page, &out);
    page_account_display(&out, &page, &view);
    return http_html(req, 200, &out);
}

no http_display_post(struct http_req *req)
{
    const str theme = http_field(req, "theme"), lang = http_field(req, "lang");
    const int64_t lives_s = DISPLAY_DAYS * S_PER_DAY;

    if (str_eq(theme, S("light")) || str_eq(theme, S("dark")))
        http_set_cookie(req, "theme", theme, lives_s);
    else
        http_set_cookie(req, "theme", S(""), -1);
    frame_flash(req, PAGE_FLASH_DONE, T_account_saved);
    if (!str_eq(lang, S("fr")) && !str_eq(lang, S("en")))
        return http_redirect(req, S("/account/display"));
    http_set_cookie(req, "lang", lang, lives_s);
    if (req->ctx.actor.member != 0)
        TRY(deed_account_lang(&req->ctx, str_eq(lang, S("fr")) ? LANG_FR : LANG_EN));
    return http_redirect_exact(req, str_eq(lang, S("fr")) ? S("/fr/account/display")
                                                          : S("/en/account/display"));
}

/* --- leaving --------------------------------------------------------------------------------- */

no http_export(struct http_req *req)
{
    str json;

    TRY(view_account_export(&req->ctx, &json));
    http_header(req, "Content-Disposition", S("attachment; filename=\"account.json\""));
    return http_json(req, 200, json);
}

no http_leave_get(struct http_req *req)
{
    struct leave_state state;
    struct page page;
    struct buf out;

    TRY(view_leave(&req->ctx, &state));
    struct leave_line *lines = arena_take_many(req->ctx.arena, state.balances_n, sizeof *lines);

    if (lines == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < state.balances_n; i++)
        lines[i] = (struct leave_line){state.balances[i].amount, state.balances[i].owed,
                                       state.balances[i].gives};
    struct leave_view view = {.title = account_title(req, T_leave_title, false),
                              .orders_running = state.orders_running,
                              .last_facilitator = state.last_facilitator,
                              .owes = state.owes,
                              .gives = state.gives,
                              .balances = lines,
                              .balances_n = state.balances_n};

    view.may = state.orders_running == 0 && !state.last_facilitator && !state.owes;
    view.fresh = session_is_fresh(&req->ctx, http_cookie(req, "filon")) == YES;
    begin(req, &page, &out);
    page_account_leave(&out, &page, &view);
    return http_html(req, 200, &out);
}

no http_leave_post(struct http_req *req)
{
    if (!str_eq(http_field(req, "sure"), S("yes"))) {
        frame_flash(req, PAGE_FLASH_WRONG, T_leave_unsure);
        return http_redirect(req, S("/account/leave"));
    }
    const struct account_leave form = {.cookie = http_cookie(req, "filon"),
                                       .gives = http_field(req, "gives")};
    const no answer = deed_account_leave(&req->ctx, &form);

    if (answer == NO_BALANCE_TO_GIVE) {
        frame_flash(req, PAGE_FLASH_WRONG, T_leave_choose);
        return http_redirect(req, S("/account/leave"));
    }
    TRY(answer);
    TRY(http_sign_out(req));
    return account_done(req, T_leave_gone, S("/"));
}
