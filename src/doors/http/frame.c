/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/frame.h"

#include "base/time.h"
#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/view_name.h"
#include "pages/page_frame.h"

#include <string.h>

enum { FLASH_SECONDS = 60, PAGE_BYTES = 32 * 1024, EURO_LINE = 1000, EURO_GAP = 2 };

/* --- the frame ------------------------------------------------------------------------------- */

/* Draws the euro line: work first, then what the co-op keeps, with a hair of rock between. */
static void euro_line(const struct house *house, struct page_coop *coop, struct arena *arena)
{
    const struct fee_params fee =
        house->units_n > 0 ? house_fee(house, house->units[0].unit.id) : (struct fee_params){0};
    const int64_t kept = fee.running_bp + fee.reserve_bp + fee.solidarity_bp;
    struct buf cents;

    coop->running_w = fee.running_bp / 10;
    coop->reserve_w = fee.reserve_bp / 10;
    coop->solidarity_w = fee.solidarity_bp / 10;
    coop->solidarity_x = EURO_LINE - coop->solidarity_w;
    coop->reserve_x = coop->solidarity_x - coop->reserve_w - EURO_GAP;
    coop->running_x = coop->reserve_x - coop->running_w - EURO_GAP;
    coop->work_w = kept == 0 ? EURO_LINE : coop->running_x - EURO_GAP;
    buf_init(&cents, arena, 16);
    buf_printf(&cents, "%d%c%d", (int)((10000 - kept) / 100), '.', (int)((10000 - kept) / 10 % 10));
    coop->work_cents = buf_str(&cents);
}

static void fill_coop(const struct http_req *req, struct page *page)
{
    const struct house *house = ctx_house(&req->ctx);

    page->coop = (struct page_coop){.name = house->name,
                                    .place = house->place,
                                    .sentence = house->sentence,
                                    .lang_code = house->lang == LANG_FR ? S("fr") : S("en"),
                                    .founded = house->state != HOUSE_FOUNDING,
                                    .demonstration = house->state == HOUSE_DEMONSTRATION,
                                    .members_n = house->members_n};
    euro_line(house, &page->coop, req->ctx.arena);
    if (page->lang == LANG_FR && page->coop.work_cents.len > 2) {
        char *digits = arena_take(req->ctx.arena, page->coop.work_cents.len);

        if (digits == NULL)
            return;
        memcpy(digits, page->coop.work_cents.ptr, page->coop.work_cents.len);
        digits[page->coop.work_cents.len - 2] = ',';
        page->coop.work_cents.ptr = digits;
    }
}

static void fill_member(struct http_req *req, struct page *page)
{
    const uint32_t roles = req->ctx.actor.roles;

    if (req->ctx.actor.member == 0)
        return;
    page->member = (struct page_member){.signed_in = true,
                                        .id = req->ctx.actor.member,
                                        .client = (roles & (ROLE_CLIENT | ROLE_GUEST)) != 0,
                                        .member = (roles & ROLE_MEMBER) != 0,
                                        .facilitator = (roles & ROLE_FACILITATOR) != 0,
                                        .accountant = (roles & ROLE_ACCOUNTANT) != 0,
                                        .auditor = (roles & ROLE_AUDITOR) != 0,
                                        .mediator = (roles & ROLE_MEDIATOR) != 0};
    if (view_member_name(&req->ctx, req->ctx.actor.member, &page->member.name) != YES)
        page->member.name = S("?");
    page->member.initials = utf8_initials(req->ctx.arena, page->member.name);
}

static void take_flash(struct http_req *req, struct page *page)
{
    const str cookie = http_cookie(req, "flash");
    enum lang_key key;

    if (cookie.len < 3 || cookie.ptr[1] != '.')
        return;
    http_set_cookie(req, "flash", S(""), -1);
    if (cookie.ptr[0] < '1' || cookie.ptr[0] > '3' ||
        !lang_key_find(str_sub(cookie, 2, cookie.len), &key))
        return;
    page->flash.kind = (enum page_flash_kind)(cookie.ptr[0] - '0');
    page->flash.text = lang_text(page->lang, key);
}

/* This page in the other language: same path, same query. */
static url other_language(struct http_req *req, str code)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, req->path.len + req->query.len + 8);
    buf_put_char(&out, '/');
    buf_put(&out, code);
    if (req->method == HTTP_GET || req->path.len > 1)
        buf_put(&out, req->path);
    if (req->query.len > 0 && req->method == HTTP_GET) {
        buf_put_char(&out, '?');
        buf_put(&out, req->query);
    }
    return (url){buf_str(&out)};
}

static str draw_token(void *req)
{
    return http_csrf(req);
}

void frame_page(struct http_req *req, struct page *page)
{
    const bool french = req->ctx.lang == LANG_FR;

    *page = (struct page){.lang = req->ctx.lang,
                          .lang_code = french ? S("fr") : S("en"),
                          .other_code = french ? S("en") : S("fr"),
                          .now_ns = req->ctx.now_ns,
                          .path = req->path};
    page->other_url = other_language(req, page->other_code);
    page->theme = str_eq(req->session.theme, S("dark"))    ? PAGE_THEME_DARK
                  : str_eq(req->session.theme, S("light")) ? PAGE_THEME_LIGHT
                                                           : PAGE_THEME_AUTO;
    page->csrf = (form_token){draw_token, req};
    if (!http_is_public(req))
        http_private(req);
    fill_coop(req, page);
    fill_member(req, page);
    take_flash(req, page);
}

void frame_flash(struct http_req *req, enum page_flash_kind kind, enum lang_key key)
{
    struct buf value;

    buf_init(&value, req->ctx.arena, 64);
    buf_put_int(&value, (int64_t)kind);
    buf_put_char(&value, '.');
    buf_put(&value, lang_key_name(key));
    http_set_cookie(req, "flash", buf_str(&value), FLASH_SECONDS);
}

/* --- words ----------------------------------------------------------------------------------- */

str frame_text(const struct http_req *req, enum lang_key key)
{
    return lang_text(req->ctx.lang, key);
}

static bool find_key(struct arena *arena, const char *room, str name, enum lang_key *key)
{
    struct buf text;

    buf_init(&text, arena, 64);
    buf_printf(&text, "%s.", room);
    buf_put(&text, name);
    return lang_key_find(buf_str(&text), key);
}

str frame_no_text(const struct http_req *req, no why)
{
    const str name = str_of(no_line(why)->name);
    enum lang_key key;

    return find_key(req->ctx.arena, "no", name, &key) ? frame_text(req, key) : name;
}

/* "{bound}" in a message becomes the limit that was passed. */
static str with_bound(struct http_req *req, str text, int64_t bound)
{
    const size_t at = str_find(text, S("{bound}"));
    struct buf out;

    if (at == text.len)
        return text;
    buf_init(&out, req->ctx.arena, text.len + 24);
    buf_put(&out, str_sub(text, 0, at));
    buf_put_int(&out, bound);
    buf_put(&out, str_sub(text, at + S("{bound}").len, text.len));
    return buf_str(&out);
}

void frame_errors(struct http_req *req, const struct frame_label *labels,
                  struct form_errors *errors)
{
    struct form_error *list = arena_take_many(req->ctx.arena, req->ctx.wrongs_n, sizeof *list);

    *errors = (struct form_errors){.list = list, .list_n = list == NULL ? 0 : req->ctx.wrongs_n};
    for (size_t i = 0; i < errors->list_n; i++) {
        const struct wrong *wrong = &req->ctx.wrongs[i];

        list[i] = (struct form_error){
            .field = str_of(wrong->field),
            .text = with_bound(req, frame_no_text(req, wrong->why), wrong->bound)};
        for (const struct frame_label *label = labels; label != NULL && label->field != NULL;
             label++)
            if (strcmp(label->field, wrong->field) == 0)
                list[i].label = frame_text(req, label->label);
    }
}

void frame_buf(struct http_req *req, struct buf *out)
{
    buf_init(out, req->ctx.arena, PAGE_BYTES);
}

/* --- dates and numbers -------------------------------------------------------------------------
 */

static str dated(struct http_req *req, int64_t at_ns,
                 void (*put)(struct buf *out, enum lang lang, const struct civil *when))
{
    const struct civil when = time_civil(at_ns, &ctx_house(&req->ctx)->zone);
    struct buf out;

    buf_init(&out, req->ctx.arena, 48);
    put(&out, req->ctx.lang, &when);
    return buf_str(&out);
}

str frame_date(struct http_req *req, int64_t at_ns)
{
    return dated(req, at_ns, time_put_date);
}

str frame_date_short(struct http_req *req, int64_t at_ns)
{
    return dated(req, at_ns, time_put_date_short);
}

str frame_moment(struct http_req *req, int64_t at_ns)
{
    return dated(req, at_ns, time_put_moment);
}

str frame_digits(struct http_req *req, int64_t n)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 24);
    buf_put_int(&out, n);
    return buf_str(&out);
}

/* --- idempotency keys --------------------------------------------------------------------------
 */

static uid make_uid(struct http_req *req)
{
    uint8_t chance[10];

    req->ctx.world->chance(req->ctx.world->self, chance, sizeof chance);
    return uid_make(req->ctx.now_ns / 1000000, chance);
}

str frame_new_uid(struct http_req *req)
{
    char text[36];

    uid_write(make_uid(req), text);
    return arena_str(req->ctx.arena, (str){text, sizeof text});
}

uid frame_uid(struct http_req *req)
{
    uid given;

    return uid_parse(http_field(req, "uid"), &given) ? given : make_uid(req);
}

/* --- errors --------------------------------------------------------------------------------------
 */

/* A page that wants to know who asks sends the reader to the sign-in page, which brings him back
 * here. */
static no ask_to_sign_in(struct http_req *req)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";
    struct buf out;

    buf_init(&out, req->ctx.arena, req->path.len + 32);
    buf_put(&out, S("/login?to="));
    for (size_t i = 0; i < req->path.len; i++)
        if (memchr(plain, req->path.ptr[i], sizeof plain - 1) != NULL)
            buf_put_char(&out, req->path.ptr[i]);
        else
            buf_printf(&out, "%%%02X", (unsigned)(unsigned char)req->path.ptr[i]);
    return http_redirect(req, buf_str(&out));
}

no frame_fail(struct http_req *req, no why, int status)
{
    if (why == NO_NOT_SIGNED_IN && req->method == HTTP_GET)
        return ask_to_sign_in(req);
    struct page page;
    struct buf out;
    enum lang_key safe = T_error_safe_read;

    frame_page(req, &page);
    frame_buf(req, &out);
    if (req->method == HTTP_POST)
        safe = no_is_fault(why) ? T_error_safe_fault : T_error_safe_refused;
    page_error_page(&out, &page, status,
                    frame_text(req, status >= 500 ? T_error_fault : T_error_refused),
                    frame_no_text(req, why), frame_text(req, safe), frame_text(req, T_error_back));
    return http_html(req, status, &out);
}
