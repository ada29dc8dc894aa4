/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/session.h"

#include "base/log.h"
#include "base/time.h"
#include "deeds/session.h"
#include "doors/http/found.h"
#include "doors/http/frame.h"
#include "doors/http/hooks.h"

static const char cookie_name[] = "filon";

struct http_hooks http_room_hooks(void)
{
    return (struct http_hooks){
        .identify = session_identify, .gate = found_gate, .fail = frame_fail};
}

static void take_theme(struct http_req *req)
{
    const str theme = http_cookie(req, "theme");

    req->session.theme_set = str_eq(theme, S("light")) || str_eq(theme, S("dark"));
    req->session.theme = req->session.theme_set ? theme : STR_NONE;
}

/* A number for logs and comparisons; what a session is known by stays its token. */
static int64_t number_of(const uint8_t token[HASH_SIZE])
{
    uint64_t number = 0;

    for (int i = 0; i < 8; i++)
        number = number << 8 | token[i];
    return (int64_t)(number >> 1 | 1);
}

no session_identify(struct http_req *req)
{
    const str cookie = http_cookie(req, cookie_name);
    struct session session;

    take_theme(req);
    if (cookie.len == 0)
        return YES;
    const no answer = view_session(&req->ctx, cookie, &session);

    if (answer == NO_NOT_SIGNED_IN)
        return YES;
    TRY(answer);
    req->ctx.actor = (struct actor){.member = session.member, .roles = session.roles};
    req->session.id = number_of(session.token);
    req->session.csrf = session.csrf;
    req->session.seen_ns = session.seen_ns;
    return YES;
}

no http_sign_in(struct http_req *req, int64_t member)
{
    struct session_open form = {.member = member,
                                .agent = http_request_header(req, "User-Agent"),
                                .before = http_cookie(req, cookie_name)};

    TRY(deed_session_open(&req->ctx, &form));
    http_set_cookie(req, cookie_name, (str){form.cookie, SESSION_TOKEN_LEN},
                    SESSION_DAYS * S_PER_DAY);
    /* The visitor's form token has done its work; the session brings its own. */
    http_set_cookie(req, "csrf", S(""), -1);
    req->ctx.actor = (struct actor){.member = member, .roles = form.roles};
    req->session.csrf = arena_str(req->ctx.arena, (str){form.csrf, SESSION_TOKEN_LEN});
    req->session.seen_ns = req->ctx.now_ns;
    return YES;
}

no http_sign_out(struct http_req *req)
{
    TRY(deed_session_close(&req->ctx, http_cookie(req, cookie_name)));
    http_set_cookie(req, cookie_name, S(""), -1);
    http_set_cookie(req, "csrf", S(""), -1);
    req->ctx.actor = (struct actor){0};
    req->session.id = 0;
    req->session.csrf = STR_NONE;
    return YES;
}

void http_session_seen(struct http_req *req)
{
    const str cookie = http_cookie(req, cookie_name);

    if (req->ctx.actor.member == 0)
        return;
    /* Being late with this date is no reason to refuse a page. */
    if (deed_session_seen(&req->ctx, cookie, req->session.seen_ns) != YES)
        log_line(LOG_WARN, "session", "the date of last use was not noted", NULL);
}
