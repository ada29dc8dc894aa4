/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Words of orders by their numbers, and dates as a form carries them.
 */
#include "doors/http/order.h"

#include "base/time.h"
#include "deeds/house.h"

#include <assert.h>

enum lang_key order_state_key(enum order_state state)
{
    static const enum lang_key keys[ORDER_STATES] = {
        T_order_state_new,       T_order_state_draft,    T_order_state_requested,
        T_order_state_countered, T_order_state_accepted, T_order_state_started,
        T_order_state_delivered, T_order_state_disputed, T_order_state_completed,
        T_order_state_declined,  T_order_state_expired,  T_order_state_cancelled,
    };

    assert((unsigned)state < ORDER_STATES);
    return keys[state];
}

enum lang_key order_kind_key(enum order_kind kind)
{
    static const enum lang_key keys[ORDER_KINDS] = {
        T_order_kind_sale,     T_order_kind_sale, T_order_kind_slot,    T_order_kind_rental,
        T_order_kind_exchange, T_order_kind_gift, T_order_kind_service,
    };

    assert((unsigned)kind < ORDER_KINDS);
    return keys[kind];
}

enum lang_key order_todo_key(enum order_event event)
{
    static const struct {
        enum order_event event;
        enum lang_key key;
    } words[] = {
        {ORDER_DO_REQUEST, T_order_todo_request},
        {ORDER_DO_ACCEPT, T_order_todo_accept},
        {ORDER_DO_AGREE, T_order_todo_agree},
        {ORDER_DO_PAY_SAID, T_order_todo_pay_said},
        {ORDER_DO_PAY_SEEN, T_order_todo_pay_seen},
        {ORDER_DO_START, T_order_todo_start},
        {ORDER_DO_DELIVER, T_order_todo_deliver},
        {ORDER_DO_CONFIRM, T_order_todo_confirm},
        {ORDER_DO_DECIDE, T_order_todo_decide},
        {ORDER_DO_DEBT_SEEN, T_order_todo_debt_seen},
        {ORDER_DO_SETTLE_AGREE, T_order_todo_settle_agree},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].event == event)
            return words[i].key;
    return T_order_todo_confirm;
}

bool order_otherwise_key(enum order_event event, enum lang_key *key)
{
    static const struct {
        enum order_event event;
        enum lang_key key;
    } words[] = {
        {ORDER_DO_TIMEOUT, T_order_otherwise_timeout},
        {ORDER_DO_PAY_TIMEOUT, T_order_otherwise_pay_timeout},
        {ORDER_DO_LAPSE, T_order_otherwise_lapse},
        {ORDER_DO_DELIVER, T_order_otherwise_deliver},
        {ORDER_DO_OVERDUE, T_order_otherwise_overdue},
        {ORDER_DO_SILENCE, T_order_otherwise_silence},
        {ORDER_DO_PANEL_SILENT, T_order_otherwise_panel_silent},
    };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (words[i].event == event) {
            *key = words[i].key;
            return true;
        }
    return false;
}

enum lang_key order_did_key(enum order_event event)
{
    static const enum lang_key keys[ORDER_EVENTS] = {
        T_order_did_message,      T_order_did_draft,       T_order_did_request,
        T_order_did_counter,      T_order_did_agree,       T_order_did_withdraw,
        T_order_did_decline,      T_order_did_timeout,     T_order_did_accept,
        T_order_did_cancel,       T_order_did_start,       T_order_did_no_show,
        T_order_did_deliver,      T_order_did_overdue,     T_order_did_confirm,
        T_order_did_silence,      T_order_did_dispute,     T_order_did_settle_propose,
        T_order_did_settle_agree, T_order_did_decide,      T_order_did_panel_silent,
        T_order_did_goodwill,     T_order_did_chargeback,  T_order_did_pay_said,
        T_order_did_pay_seen,     T_order_did_pay_timeout, T_order_did_lapse,
        T_order_did_debt_seen,    T_order_did_message,
    };

    assert((unsigned)event < ORDER_EVENTS);
    return keys[event];
}

enum lang_key order_cancel_key(int64_t choice)
{
    return choice == ORDER_STRICT     ? T_order_cancel_words_strict
           : choice == ORDER_MODERATE ? T_order_cancel_words_moderate
                                      : T_order_cancel_words_flexible;
}

enum lang_key order_terms_key(const struct order_terms *terms)
{
    const int32_t hours = terms->steps_n == 0 ? 0 : terms->steps[0].hours;

    return order_cancel_key(hours >= 14 * 24  ? ORDER_STRICT
                            : hours >= 5 * 24 ? ORDER_MODERATE
                                              : ORDER_FLEXIBLE);
}

money order_money_of(const struct http_req *req, int64_t currency, int64_t minor)
{
    const struct house *house = ctx_house(&req->ctx);

    return house_unit(house, currency) == NULL ? (money){.minor = minor}
                                               : house_money(house, currency, minor);
}

str order_title(struct http_req *req, str title, bool wrong)
{
    struct buf out;

    if (!wrong)
        return title;
    buf_init(&out, req->ctx.arena, title.len + 16);
    buf_put(&out, frame_text(req, T_form_prefix_wrong));
    buf_put(&out, title);
    return buf_str(&out);
}

no order_date_read(struct http_req *req, str typed, int64_t *at_ns)
{
    str day, clock;
    int32_t days, minutes;

    typed = str_trim(typed);
    if (typed.len == 0) {
        *at_ns = 0;
        return YES;
    }
    if (!str_cut(typed, 'T', &day, &clock) && !str_cut(typed, ' ', &day, &clock))
        return NO_FIELD_NOT_A_DATE;
    /* Some browsers add seconds. */
    if (time_parse_iso_date(day, &days) != YES ||
        time_parse_clock(str_sub(clock, 0, 5), &minutes) != YES)
        return NO_FIELD_NOT_A_DATE;
    struct civil when = time_civil_of_days(days);

    when.hour = (int8_t)(minutes / 60);
    when.minute = (int8_t)(minutes % 60);
    *at_ns = time_instant_ns(&when, &ctx_house(&req->ctx)->zone);
    return YES;
}

str order_date_field(struct http_req *req, int64_t at_ns)
{
    struct buf out;

    if (at_ns == 0)
        return S("");
    const struct civil when = time_civil(at_ns, &ctx_house(&req->ctx)->zone);

    buf_init(&out, req->ctx.arena, 24);
    time_put_iso_date(&out, &when);
    buf_printf(&out, "T%02d:%02d", when.hour, when.minute);
    return buf_str(&out);
}
