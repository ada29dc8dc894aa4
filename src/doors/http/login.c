/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/link.h"
#include "deeds/sign_in.h"
#include "doors/http/account.h"
#include "doors/http/rooms.h"
#include "doors/http/session.h"
#include "pages/page_login.h"

#include <arpa/inet.h>
#include <string.h>

enum { TARGET_MAX = 200 };

static const struct frame_label labels[] = {{"email", T_login_email},
                                            {"account", T_login_email},
                                            {"password", T_login_password},
                                            {"code", T_login_code},
                                            {NULL, T_login_email}};

/* --- what the account's pages share ---------------------------------------------------------- */

str account_title(struct http_req *req, enum lang_key key, bool wrong)
{
    struct buf title;

    buf_init(&title, req->ctx.arena, 96);
    if (wrong)
        buf_put(&title, frame_text(req, T_form_prefix_wrong));
    buf_put(&title, frame_text(req, key));
    return buf_str(&title);
}

no account_done(struct http_req *req, enum lang_key key, str path)
{
    frame_flash(req, PAGE_FLASH_DONE, key);
    return http_redirect(req, path);
}

/* Only a path of ours in plain ASCII: a browser must not read another house or a second header in
 * it. */
static bool is_ours(str target)
{
    if (target.len == 0 || target.len > TARGET_MAX || target.ptr[0] != '/' ||
        str_starts(target, S("//")))
        return false;
    for (size_t i = 0; i < target.len; i++)
        if (target.ptr[i] <= ' ' || target.ptr[i] >= 0x7f || target.ptr[i] == '\\')
            return false;
    return true;
}

no account_go(struct http_req *req, str target, str otherwise)
{
    if (!is_ours(target))
        return http_redirect(req, otherwise);
    if (str_starts(target, S("/fr/")) || str_starts(target, S("/en/")))
        return http_redirect_exact(req, target);
    return http_redirect(req, target);
}

str account_network(struct http_req *req)
{
    const char *address = arena_cstr(req->ctx.arena, req->address);
    struct in6_addr six;
    struct in_addr four;
    char *bytes = arena_take(req->ctx.arena, 6);

    if (bytes == NULL)
        return req->address;
    if (inet_pton(AF_INET, address, &four) == 1) {
        memcpy(bytes, &four, 3);
        return (str){bytes, 3};
    }
    if (inet_pton(AF_INET6, address, &six) != 1)
        return req->address;
    if (IN6_IS_ADDR_V4MAPPED(&six)) {
        memcpy(bytes, six.s6_addr + 12, 3);
        return (str){bytes, 3};
    }
    memcpy(bytes, six.s6_addr, 6);
    return (str){bytes, 6};
}

/* --- the form -------------------------------------------------------------------------------- */

static no show(struct http_req *req, int status, const struct login_view *given,
               enum lang_key title,
               void (*put)(struct buf *, const struct page *, const struct login_view *))
{
    struct login_view view = *given;
    struct page page;
    struct buf out;

    frame_errors(req, labels, &view.errors);
    view.title = account_title(req, title, view.errors.list_n > 0);
    frame_page(req, &page);
    frame_buf(req, &out);
    put(&out, &page, &view);
    return http_html(req, status, &out);
}

static str target_of(const struct http_req *req)
{
    const str to = http_field(req, "to");

    return is_ours(to) ? to : S("");
}

no http_login_get(struct http_req *req)
{
    if (req->ctx.actor.member != 0)
        return account_go(req, target_of(req), S("/account"));
    return show(req, 200, &(struct login_view){.email = S(""), .to = target_of(req)}, T_login_title,
                page_login_form);
}

no http_login_mail(struct http_req *req)
{
    const struct sign_in_ask form = {.email = http_field(req, "email"), .target = target_of(req)};
    const no answer = deed_sign_in_ask(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS)
        return show(req, 422, &(struct login_view){.email = form.email, .to = form.target},
                    T_login_title, page_login_form);
    TRY(answer);
    return http_redirect(req, S("/login/sent"));
}

no http_login_sent(struct http_req *req)
{
    return show(req, 200, &(struct login_view){.email = S("")}, T_login_sent, page_login_sent);
}

/* The password's form has its address under a name of its own, because both forms stand on one
 * page. */
static no wrong_password(struct http_req *req, const struct sign_in_password *form, no why)
{
    struct ctx *ctx = &req->ctx;
    const struct login_view view = {.email = form->email, .to = target_of(req)};

    for (size_t i = 0; i < ctx->wrongs_n; i++)
        if (strcmp(ctx->wrongs[i].field, "email") == 0)
            ctx->wrongs[i].field = "account";
    if (why != NO_BAD_FIELDS)
        (void)deed_wrong_bound(ctx, "password", why, form->wait_s);
    return show(req, no_line(why)->http, &view, T_login_title, page_login_form);
}

no http_login_post(struct http_req *req)
{
    struct sign_in_password form = {.email = http_field(req, "account"),
                                    .password = http_field(req, "password"),
                                    .network = account_network(req)};
    const no answer = deed_sign_in_password(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS || answer == NO_SIGN_IN_WRONG || answer == NO_SIGN_IN_WAIT)
        return wrong_password(req, &form, answer);
    TRY(answer);
    if (form.wants_code)
        return show(req, 200, &(struct login_view){.proof = form.proof, .to = target_of(req)},
                    T_login_code_title, page_login_code);
    TRY(http_sign_in(req, form.member));
    return account_go(req, target_of(req), S("/account"));
}

no http_login_code(struct http_req *req)
{
    struct sign_in_code form = {.proof = http_field(req, "proof"), .code = http_field(req, "code")};
    const no answer = deed_sign_in_code(&req->ctx, &form);

    if (answer == NO_CODE_WRONG || answer == NO_SIGN_IN_WAIT) {
        (void)deed_wrong_bound(&req->ctx, "code", answer, form.wait_s);
        return show(req, no_line(answer)->http,
                    &(struct login_view){.proof = form.proof, .to = target_of(req)},
                    T_login_code_title, page_login_code);
    }
    TRY(answer);
    TRY(http_sign_in(req, form.member));
    return account_go(req, target_of(req), S("/account"));
}

/* --- a link ---------------------------------------------------------------------------------- */

/* The page where a link of another kind is used. */
static no go_to_its_page(struct http_req *req, const char *page, str token)
{
    struct buf path;

    buf_init(&path, req->ctx.arena, 64);
    buf_put(&path, str_of(page));
    buf_put(&path, token);
    return http_redirect(req, buf_str(&path));
}

no http_login_link_get(struct http_req *req)
{
    const str token = http_param(req, "token");
    struct link link;

    TRY(view_link(&req->ctx, token, &link));
    if (link.kind == LINK_INVITATION)
        return go_to_its_page(req, "/join/", token);
    if (link.kind == LINK_NEW_EMAIL)
        return go_to_its_page(req, "/account/email/", token);
    if (link.member == 0)
        return go_to_its_page(req, "/found/", token);
    return show(req, 200, &(struct login_view){.token = token}, T_login_link_title,
                page_login_link);
}

no http_login_link_post(struct http_req *req)
{
    struct sign_in_link form = {.token = http_param(req, "token")};

    TRY(deed_sign_in_link(&req->ctx, &form));
    if (form.wants_code)
        return show(req, 200, &(struct login_view){.proof = form.proof, .to = form.target},
                    T_login_code_title, page_login_code);
    TRY(http_sign_in(req, form.member));
    frame_flash(req, PAGE_FLASH_DONE, T_login_welcome);
    return account_go(req, form.target, S("/account"));
}

no http_logout(struct http_req *req)
{
    TRY(http_sign_out(req));
    return account_done(req, T_login_bye, S("/"));
}
