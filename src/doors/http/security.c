/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/account.h"
#include "deeds/house.h"
#include "deeds/link.h"
#include "deeds/session.h"
#include "deeds/sign_in.h"
#include "doors/http/account.h"
#include "doors/http/rooms.h"
#include "pages/page_login.h"
#include "pages/page_security.h"
#include "wire/qr.h"
#include "wire/totp.h"

enum { QR_VERSION_MAX = 15 };

static str cookie_of(const struct http_req *req)
{
    return http_cookie(req, "filon");
}

/* --- the page -------------------------------------------------------------------------------- */

/* "Firefox on Linux": enough to know one's own browsers by; the rest of what they say is noise. */
static str browser_name(struct http_req *req, str agent)
{
    static const struct {
        const char *mark, *name;
    } browsers[] = {{"Edg/", "Edge"},          {"OPR/", "Opera"},     {"Firefox/", "Firefox"},
                    {"Chromium/", "Chromium"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}},
      systems[] = {{"Android", "Android"}, {"iPhone", "iPhone"},  {"iPad", "iPad"},
                   {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}};
    const char *browser = NULL, *system_name = NULL;
    struct buf out;

    for (size_t i = 0; i < sizeof browsers / sizeof browsers[0] && browser == NULL; i++)
        if (str_find(agent, str_of(browsers[i].mark)) < agent.len)
            browser = browsers[i].name;
    for (size_t i = 0; i < sizeof systems / sizeof systems[0] && system_name == NULL; i++)
        if (str_find(agent, str_of(systems[i].mark)) < agent.len)
            system_name = systems[i].name;
    buf_init(&out, req->ctx.arena, 64);
    buf_put(&out, browser == NULL ? frame_text(req, T_security_unknown_browser) : str_of(browser));
    if (system_name != NULL) {
        buf_put(&out, S(" · "));
        buf_put(&out, str_of(system_name));
    }
    return buf_str(&out);
}

static no fill_sessions(struct http_req *req, struct security_view *view)
{
    const struct session_line *lines;
    size_t n;

    TRY(view_sessions(&req->ctx, cookie_of(req), &lines, &n));
    struct session_view *list = arena_take_many(req->ctx.arena, n, sizeof *list);

    if (list == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < n; i++)
        list[i] = (struct session_view){.ref = {lines[i].ref, SESSION_REF_LEN},
                                        .agent = browser_name(req, lines[i].agent),
                                        .seen = frame_moment(req, lines[i].seen_ns),
                                        .created = frame_date(req, lines[i].created_ns),
                                        .here = lines[i].here};
    view->sessions = list;
    view->sessions_n = n;
    return YES;
}

static no show(struct http_req *req, int status)
{
    static const struct frame_label labels[] = {{"password", T_security_new_password},
                                                {"email", T_security_new_email},
                                                {NULL, T_security_new_email}};
    struct security_view view = {0};
    struct account account;
    struct page page;
    struct buf out;

    TRY(view_account(&req->ctx, &account));
    TRY(fill_sessions(req, &view));
    view.email = account.email;
    view.email_typed = status == 200 ? S("") : http_field(req, "email");
    view.has_password = account.has_password;
    view.has_totp = account.has_totp;
    view.fresh = session_is_fresh(&req->ctx, cookie_of(req)) == YES;
    frame_errors(req, labels, &view.errors);
    view.title = account_title(req, T_security_title, view.errors.list_n > 0);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_security_page(&out, &page, &view);
    return http_html(req, status, &out);
}

no http_security_get(struct http_req *req)
{
    return show(req, 200);
}

/* --- sessions -------------------------------------------------------------------------------- */

no http_session_revoke(struct http_req *req)
{
    TRY(deed_session_revoke(&req->ctx, http_field(req, "session")));
    return account_done(req, T_security_revoked, S("/account/security"));
}

no http_session_revoke_others(struct http_req *req)
{
    TRY(deed_session_revoke_others(&req->ctx, cookie_of(req)));
    return account_done(req, T_security_revoked, S("/account/security"));
}

/* A link to oneself, which opens the half hour in which sign-in can be changed. */
no http_login_again(struct http_req *req)
{
    struct account account;

    TRY(view_account(&req->ctx, &account));
    const struct sign_in_ask form = {.email = account.email, .target = S("/account/security")};

    TRY(deed_sign_in_ask(&req->ctx, &form));
    return http_redirect(req, S("/login/sent"));
}

/* --- password -------------------------------------------------------------------------------- */

no http_password_post(struct http_req *req)
{
    const bool removes = http_field_present(req, "remove");
    const str typed = http_field(req, "password");
    const struct account_password form = {cookie_of(req), removes ? S("") : typed};

    if (!removes && typed.len == 0) {
        (void)deed_wrong(&req->ctx, "password", NO_FIELD_MISSING);
        return show(req, 422);
    }
    const no answer = deed_account_password(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS)
        return show(req, 422);
    TRY(answer);
    return account_done(req,
                        removes ? T_security_password_was_removed : T_security_password_was_set,
                        S("/account/security"));
}

/* --- the code of an app ---------------------------------------------------------------------- */

static no show_totp(struct http_req *req, int status, str secret)
{
    static const struct frame_label labels[] = {{"code", T_login_code}, {NULL, T_login_code}};
    uint8_t bytes[TOTP_SECRET_SIZE];
    struct totp_view view = {.secret = secret};
    struct account account;
    struct page page;
    struct buf out, uri, qr;
    size_t len;

    if (!totp_read_base32(secret, bytes, sizeof bytes, &len) || len != sizeof bytes)
        return NO_BAD_REQUEST;
    TRY(session_is_fresh(&req->ctx, cookie_of(req)));
    TRY(view_account(&req->ctx, &account));
    buf_init(&uri, req->ctx.arena, 256);
    totp_put_uri(&uri, ctx_house(&req->ctx)->name,
                 account.email.len > 0 ? account.email : account.handle,
                 (str){(const char *)bytes, sizeof bytes});
    buf_init(&qr, req->ctx.arena, 8192);
    TRY(qr_svg(&qr, buf_str(&uri), QR_VERSION_MAX));
    view.qr = (html){buf_str(&qr)};
    frame_errors(req, labels, &view.errors);
    view.title = account_title(req, T_security_totp_title, view.errors.list_n > 0);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_security_totp(&out, &page, &view);
    return http_html(req, status, &out);
}

no http_totp_get(struct http_req *req)
{
    uint8_t bytes[TOTP_SECRET_SIZE];
    struct buf secret;

    req->ctx.world->chance(req->ctx.world->self, bytes, sizeof bytes);
    buf_init(&secret, req->ctx.arena, 64);
    totp_put_base32(&secret, (str){(const char *)bytes, sizeof bytes});
    return show_totp(req, 200, buf_str(&secret));
}

no http_totp_post(struct http_req *req)
{
    const bool off = http_field_present(req, "off");
    const struct account_totp form = {.cookie = cookie_of(req),
                                      .secret = http_field(req, "secret"),
                                      .code = http_field(req, "code"),
                                      .off = off};
    const no answer = deed_account_totp(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS)
        return show_totp(req, 422, form.secret);
    TRY(answer);
    return account_done(req, off ? T_security_totp_was_removed : T_security_totp_was_set,
                        S("/account/security"));
}

/* --- the address ----------------------------------------------------------------------------- */

no http_email_post(struct http_req *req)
{
    const struct account_email form = {cookie_of(req), http_field(req, "email")};
    const no answer = deed_account_email(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS)
        return show(req, 422);
    TRY(answer);
    return account_done(req, T_security_email_sent, S("/account/security"));
}

no http_email_link_get(struct http_req *req)
{
    struct login_view view = {.token = http_param(req, "token")};
    struct link link;
    struct page page;
    struct buf out;

    TRY(view_link(&req->ctx, view.token, &link));
    if (link.kind != LINK_NEW_EMAIL)
        return NO_LINK_USED_OR_OLD;
    view.email = link.email;
    view.title = account_title(req, T_security_email_link_title, false);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_email_link(&out, &page, &view);
    return http_html(req, 200, &out);
}

no http_email_link_post(struct http_req *req)
{
    TRY(deed_account_email_confirm(&req->ctx, http_param(req, "token")));
    return account_done(req, T_security_email_changed,
                        req->ctx.actor.member != 0 ? S("/account/security") : S("/login"));
}
