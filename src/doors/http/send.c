/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/send.h"

#include "deeds/ledger.h"
#include "deeds/statement.h"
#include "doors/http/account.h"
#include "doors/http/money.h"
#include "doors/http/rooms.h"
#include "pages/page_send.h"

#include <string.h>

enum { UNITS_MAX = 8 };

/* --- the form ------------------------------------------------------------------------------------
 */

/* "You have 3 h and can go down to -10 h". */
static no unit_detail(struct http_req *req, const struct house_unit *unit, str *detail)
{
    const struct statement_ask ask = {.owner = req->ctx.actor.member,
                                      .number =
                                          unit->unit.kind == UNIT_TIME ? CHART_TIME : CHART_CREDIT,
                                      .currency = unit->unit.id,
                                      .count = 1,
                                      .no_holds = true};
    struct statement s;

    TRY(view_statement(&req->ctx, &ask, &s));
    if (!s.exists)
        ledger_purse_limits(&req->ctx, unit->unit.id, &s.account);
    const int64_t balance = s.exists ? ledger_balance(&s.account) : 0;

    *detail = money_words(
        req, T_send_unit_detail,
        (struct money_value[]){{"balance", money_amount(req, (money){balance, unit->unit})},
                               {"floor", money_amount(req, (money){s.account.floor, unit->unit})},
                               {NULL, STR_NONE}});
    return YES;
}

static no fill_units(struct http_req *req, struct send_page *view, str chosen)
{
    const struct house *house = ctx_house(&req->ctx);
    struct send_choice *units = arena_take_many(req->ctx.arena, UNITS_MAX, sizeof *units);

    if (units == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < house->units_n && view->units_n < UNITS_MAX; i++) {
        const struct house_unit *unit = &house->units[i];
        const str code = str_of(unit->unit.code);
        str detail;

        if (unit->unit.kind == UNIT_FIAT)
            continue;
        TRY(unit_detail(req, unit, &detail));
        units[view->units_n] = (struct send_choice){
            .value = code,
            .name = unit->name[req->ctx.lang],
            .detail = detail,
            .chosen = str_eq(code, chosen) || (chosen.len == 0 && view->units_n == 0)};
        view->units_n++;
    }
    view->units = units;
    return YES;
}

/* The limit that was passed, in this member's own figures. */
static str limit_words(struct http_req *req, no why, const struct send_check *check)
{
    const money limit = why == NO_FLOOR_WOULD_BE_PASSED ? check->floor : check->ceiling;
    const struct money_value values[] = {{"floor", money_amount(req, limit)},
                                         {"ceiling", money_amount(req, limit)},
                                         {"after", money_amount(req, check->after)},
                                         {NULL, STR_NONE}};

    return money_words(
        req, why == NO_FLOOR_WOULD_BE_PASSED ? T_send_floor_passed : T_send_ceiling_passed, values);
}

static void fill_errors(struct http_req *req, const struct send_check *check,
                        struct send_page *view)
{
    static const struct frame_label labels[] = {{"to", T_send_to},
                                                {"unit", T_send_unit},
                                                {"amount", T_send_amount},
                                                {"why", T_send_why},
                                                {NULL, T_send_to}};

    frame_errors(req, labels, &view->errors);
    struct form_error *list = arena_take_many(req->ctx.arena, view->errors.list_n, sizeof *list);

    for (size_t i = 0; list != NULL && i < view->errors.list_n; i++) {
        const no why = req->ctx.wrongs[i].why;

        list[i] = view->errors.list[i];
        if (why == NO_FLOOR_WOULD_BE_PASSED || why == NO_CEILING_WOULD_BE_PASSED)
            list[i].text = limit_words(req, why, check);
    }
    if (list != NULL)
        view->errors.list = list;
}

static void fill_who(struct http_req *req, const struct send_check *check, struct send_page *view)
{
    struct send_choice *who = arena_take_many(req->ctx.arena, check->who_n, sizeof *who);

    for (size_t i = 0; who != NULL && i < check->who_n; i++) {
        struct buf handle;

        buf_init(&handle, req->ctx.arena, 40);
        buf_put_char(&handle, '@');
        buf_put(&handle, check->who[i].handle);
        who[view->who_n++] = (struct send_choice){
            .value = buf_str(&handle), .name = check->who[i].name, .detail = buf_str(&handle)};
    }
    view->who = who;
}

static no show(struct http_req *req, int status, const struct send_form *form,
               const struct send_check *check)
{
    struct send_page view = {
        .to = form->to, .amount = form->amount, .why = form->why, .uid = frame_new_uid(req)};
    struct page page;
    struct buf out;

    fill_errors(req, check, &view);
    fill_who(req, check, &view);
    TRY(fill_units(req, &view, form->unit));
    view.title = account_title(req, T_send_title, view.errors.list_n > 0);
    http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_send_page(&out, &page, &view);
    return http_html(req, status, &out);
}

static struct send_form read_form(struct http_req *req)
{
    return (struct send_form){.to = http_field(req, "to"),
                              .unit = http_field(req, "unit"),
                              .amount = http_field(req, "amount"),
                              .why = http_field(req, "why"),
                              .uid = frame_uid(req)};
}

no http_send_get(struct http_req *req)
{
    const struct send_form form = read_form(req);
    const struct send_check check = {.who_n = 0};

    return show(req, 200, &form, &check);
}

/* --- checking, then doing ------------------------------------------------------------------------
 */

static no show_check(struct http_req *req, const struct send_form *form,
                     const struct send_check *check)
{
    char uid_text[36];
    struct send_check_page view = {.title = frame_text(req, T_send_check_title),
                                   .name = check->to.name,
                                   .handle = check->to.handle,
                                   .unit = form->unit,
                                   .typed = form->amount,
                                   .why = form->why,
                                   .amount = check->amount,
                                   .balance = check->balance,
                                   .after = check->after,
                                   .has_floor = check->has_floor,
                                   .floor = check->floor,
                                   .has_ceiling = check->has_ceiling,
                                   .ceiling = check->ceiling};
    struct page page;
    struct buf out, to;

    buf_init(&to, req->ctx.arena, 40);
    buf_put_char(&to, '@'); /* from here on it is this one, whoever else has the name */
    buf_put(&to, check->to.handle);
    view.to = buf_str(&to);
    uid_write(form->uid, uid_text);
    view.uid = (str){uid_text, sizeof uid_text};
    http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_send_check(&out, &page, &view);
    return http_html(req, 200, &out);
}

static no go_on(struct http_req *req, const struct send_form *form)
{
    struct buf path;

    frame_flash(req, PAGE_FLASH_DONE, T_send_done);
    buf_init(&path, req->ctx.arena, 64);
    buf_put(&path, S("/account/statement?unit="));
    buf_put(&path, form->unit);
    return http_redirect(req, buf_str(&path));
}

no http_send_post(struct http_req *req)
{
    struct send_form form = read_form(req);
    struct send_check check = {.who_n = 0};
    no answer;

    if (http_field_present(req, "again"))
        return show(req, 200, &form, &check);
    if (http_field_present(req, "sure"))
        answer = deed_send(&req->ctx, &form);
    else
        answer = view_send(&req->ctx, &form, &check);
    if (answer == YES)
        return http_field_present(req, "sure") ? go_on(req, &form) : show_check(req, &form, &check);
    if (answer != NO_BAD_FIELDS)
        return answer;
    req->ctx.wrongs_n = 0; /* the deed noted them too; the view says them with its figures */
    answer = view_send(&req->ctx, &form, &check);
    return show(req, 422, &form, &check);
}
