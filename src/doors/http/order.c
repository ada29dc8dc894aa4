/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One order: looking at it, and every act on it. All acts go by one form field, `event`; the rule's
 * table says who may do what.
 */
#include "doors/http/order.h"

#include "base/utf8.h"
#include "doors/http/rooms.h"
#include "pages/page_order.h"
#include "pages/page_order_pay.h"

static const char *const prices[] = {"price_0", "price_1"}, *const backs[] = {"back_0", "back_1"},
                         *const actuals[] = {"actual_0", "actual_1"},
                         *const amounts[] = {"amount_0", "amount_1"};

static const struct frame_label labels[] = {
    {"note", T_order_words},
    {"code", T_order_code},
    {"price_0", T_order_counter_price},
    {"price_1", T_order_counter_price},
    {"back_0", T_order_propose_back},
    {"back_1", T_order_propose_back},
    {"actual_0", T_order_actual},
    {"actual_1", T_order_actual},
    {"amount_0", T_order_goodwill},
    {"amount_1", T_order_goodwill},
    {"date", T_order_when},
    {"stars", T_review_title},
    {"text", T_review_text},
    {NULL, T_order_what},
};

static no show(struct http_req *req, int64_t id, const struct order_failed *failed, int status)
{
    struct order_view view;
    struct order_page model;
    struct page page;
    struct buf out;

    TRY(view_order(&req->ctx, id, &view));
    order_page_fill(req, &view, failed, &model);
    TRY(order_page_receipts(req, &view, &model));
    frame_errors(req, labels, &model.errors);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_order_page(&out, &page, &model, order_title(req, model.title, status >= 400));
    return http_html(req, status, &out);
}

no http_order(struct http_req *req)
{
    const struct order_failed none = {0};
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    return show(req, id, &none, 200);
}

/* --- the form -------------------------------------------------------------------------------- */

static no event_named(str name, enum order_event *event)
{
    for (int i = ORDER_DO_DRAFT; i < ORDER_EVENTS; i++)
        if (str_eq(name, str_of(order_event_name((enum order_event)i)))) {
            *event = (enum order_event)i;
            return YES;
        }
    return NO_BAD_REQUEST;
}

/* An amount of the part's unit; empty leaves *minor alone. */
static void read_amount(struct http_req *req, const char *field, const struct order_part *part,
                        bool wanted, int64_t *minor)
{
    const str typed = str_trim(http_field(req, field));
    const money of = order_money_of(req, part->currency, 0);
    int64_t value = 0;

    if (typed.len == 0) {
        if (wanted)
            (void)deed_wrong(&req->ctx, field, NO_FIELD_MISSING);
        return;
    }
    const no answer = money_parse(typed, of.unit, &value);

    if (answer != YES)
        (void)deed_wrong(&req->ctx, field, answer);
    else if (value < 0)
        (void)deed_wrong_bound(&req->ctx, field, NO_FIELD_OUT_OF_RANGE, 0);
    else
        *minor = value;
}

static void read_split(struct http_req *req, const struct order_part *part, size_t i,
                       struct order_act_form *form)
{
    int64_t back = -1;

    read_amount(req, backs[i], part, true, &back);
    if (back > order_part_total(part))
        (void)deed_wrong_bound(&req->ctx, backs[i], NO_FIELD_NOT_AN_AMOUNT, 0);
    else if (back >= 0)
        form->split[i] = order_split_back(part, back);
}

static void read_part(struct http_req *req, const struct order_part *part, size_t i,
                      struct order_act_form *form)
{
    if (form->event == ORDER_DO_COUNTER)
        read_amount(req, prices[i], part, true, &form->counter_price[i]);
    if (form->event == ORDER_DO_DELIVER)
        read_amount(req, actuals[i], part, false, &form->actual_price[i]);
    if (form->event == ORDER_DO_SETTLE_PROPOSE || form->event == ORDER_DO_DECIDE)
        read_split(req, part, i, form);
    if (form->event == ORDER_DO_GOODWILL && form->part == (int32_t)i)
        read_amount(req, amounts[i], part, true, &form->amount);
}

static bool has_amounts(enum order_event event)
{
    return event == ORDER_DO_COUNTER || event == ORDER_DO_DELIVER ||
           event == ORDER_DO_SETTLE_PROPOSE || event == ORDER_DO_DECIDE ||
           event == ORDER_DO_GOODWILL;
}

/* Only forms with amounts have to know the order before the deed reads it. */
static no read_amounts(struct http_req *req, struct order_act_form *form)
{
    struct order order;
    int64_t part = 0;

    TRY(order_read(&req->ctx, form->order, &order));
    if (order_actor(&req->ctx, &order) == ORDER_NOBODY)
        return NO_ORDER_NOT_YOURS;
    if (http_field_int(req, "part", &part) == YES && (part == 0 || part == 1))
        form->part = (int32_t)part;
    for (size_t i = 0; i < order.facts.deal.parts_n; i++)
        read_part(req, &order.facts.deal.parts[i], i, form);
    if (form->event == ORDER_DO_COUNTER) {
        const no answer = order_date_read(req, http_field(req, "date"), &form->counter_starts_ns);

        if (answer != YES)
            (void)deed_wrong(&req->ctx, "date", answer);
    }
    return YES;
}

static no read_form(struct http_req *req, struct order_act_form *form)
{
    *form = (struct order_act_form){.seen_events_n = -1,
                                    .counter_price = {-1, -1},
                                    .actual_price = {-1, -1},
                                    .note = http_field(req, "note"),
                                    .code = str_trim(http_field(req, "code")),
                                    .received = http_field_present(req, "received")};

    TRY(http_param_id(req, "id", &form->order));
    TRY(event_named(http_field(req, "event"), &form->event));
    if (http_field_int(req, "seen", &form->seen_events_n) != YES || form->seen_events_n < 0)
        form->seen_events_n = -1;
    if (form->note.ptr == NULL)
        form->note = S("");
    if (has_amounts(form->event))
        TRY(read_amounts(req, form));
    return req->ctx.wrongs_n > 0 ? NO_BAD_FIELDS : YES;
}

/* --- doing it -------------------------------------------------------------------------------- */

/* `entry`: what moved, if anything did; the register has it then. */
static enum lang_key done_key(enum order_event event, int64_t entry)
{
    if (entry > 0)
        return event == ORDER_DO_ACCEPT ? T_order_done_accepted_recorded : T_order_done_recorded;
    return event == ORDER_DO_REQUEST    ? T_order_done_asked
           : event == ORDER_DO_ACCEPT   ? T_order_done_accepted
           : event == ORDER_DO_DECLINE  ? T_order_done_declined
           : event == ORDER_DO_MESSAGE  ? T_order_done_message
           : event == ORDER_DO_PAY_SAID ? T_order_done_paid
                                        : T_order_done;
}

static no go_to_order(struct http_req *req, int64_t id)
{
    struct buf path;

    buf_init(&path, req->ctx.arena, 32);
    buf_printf(&path, "/orders/%lld", (long long)id);
    return http_redirect(req, buf_str(&path));
}

/* The rule speaks of the act; the page has to say which field that is. */
static const char *field_of(const struct order_act_form *form, no why)
{
    if (why == NO_CODE_WRONG)
        return "code";
    if (why == NO_SPLIT_NOT_WHOLE || why == NO_FEE_TOO_HIGH)
        return backs[0];
    if (why != NO_FIELD_OUT_OF_RANGE && why != NO_FIELD_WRONG)
        return NULL;
    return form->event == ORDER_DO_COUNTER    ? prices[0]
           : form->event == ORDER_DO_DELIVER  ? actuals[0]
           : form->event == ORDER_DO_GOODWILL ? amounts[form->part]
                                              : NULL;
}

static bool is_told_on_the_page(no why)
{
    return !no_is_fault(why) && why != NO_NOT_FOUND && why != NO_ORDER_NOT_YOURS &&
           why != NO_BAD_REQUEST && why != NO_NOT_SIGNED_IN && why != NO_NOT_ALLOWED;
}

static no refuse(struct http_req *req, const struct order_act_form *form, no why)
{
    const char *field = field_of(form, why);
    struct order_failed failed = {.event = form->event, .why = why, .seen = form->seen_events_n};

    if (!is_told_on_the_page(why))
        return why;
    if (field != NULL) {
        (void)deed_wrong(&req->ctx, field, why == NO_FIELD_OUT_OF_RANGE ? NO_AMOUNT_TOO_FAR : why);
        failed.why = NO_BAD_FIELDS;
    }
    return show(req, form->order, &failed, no_line(failed.why)->http);
}

no http_order_act(struct http_req *req)
{
    struct order_act_form form;
    no answer = read_form(req, &form);

    if (answer == YES)
        answer = deed_order_act(&req->ctx, &form);
    if (answer != YES)
        return refuse(req, &form, answer);
    frame_flash(req, PAGE_FLASH_DONE, done_key(form.event, form.entry));
    return go_to_order(req, form.order);
}

no http_order_mediate(struct http_req *req)
{
    struct order_mediate_form form;

    TRY(http_param_id(req, "id", &form.order));
    TRY(deed_order_mediate(&req->ctx, &form));
    frame_flash(req, PAGE_FLASH_DONE, T_order_done_mediate);
    return go_to_order(req, form.order);
}

no http_order_review(struct http_req *req)
{
    struct review_form form = {.text = str_trim(http_field(req, "text"))};
    int64_t stars;

    TRY(http_param_id(req, "id", &form.order));
    if (http_field_int(req, "stars", &stars) == YES && stars >= 1 && stars <= 5)
        form.stars = (int32_t)stars;
    const no answer = deed_review_write(&req->ctx, &form);

    if (answer != YES) {
        const struct order_failed failed = {.why = answer};

        return is_told_on_the_page(answer) ? show(req, form.order, &failed, no_line(answer)->http)
                                           : answer;
    }
    frame_flash(req, PAGE_FLASH_DONE, form.published ? T_order_done_reviews : T_order_done_review);
    return go_to_order(req, form.order);
}

/* --- something went wrong ------------------------------------------------------------------------
 */

static const enum lang_key wishes[] = {T_order_wish_talk, T_order_wish_part, T_order_wish_all};

static int64_t wish_of(const struct http_req *req)
{
    const str wish = http_field(req, "wish");

    return str_eq(wish, S("all")) ? 2 : str_eq(wish, S("part")) ? 1 : 0;
}

static no show_problem(struct http_req *req, int64_t id, no why)
{
    const struct order_failed failed = {
        .event = why == YES ? ORDER_NOTHING : ORDER_DO_DISPUTE, .why = why, .seen = -1};
    const int status = why == YES ? 200 : no_line(why)->http;
    struct order_view view;
    struct order_page model;
    struct page page;
    struct buf out;

    TRY(view_order(&req->ctx, id, &view));
    order_page_fill(req, &view, &failed, &model);
    model.wish = wish_of(req);
    frame_errors(req, labels, &model.errors);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_order_problem(&out, &page, &model,
                       order_title(req, frame_text(req, T_order_problem), status >= 400));
    return http_html(req, status, &out);
}

no http_order_problem(struct http_req *req)
{
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    return show_problem(req, id, YES);
}

/* What happened, and the wish, in the words of who writes. */
static str complaint(struct http_req *req)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 256);
    buf_put(&out, str_trim(http_field(req, "note")));
    buf_put(&out, S("\n"));
    buf_put(&out, frame_text(req, wishes[wish_of(req)]));
    return buf_str(&out);
}

no http_order_problem_do(struct http_req *req)
{
    struct order_act_form form;
    no answer;

    TRY(http_param_id(req, "id", &form.order));
    answer = read_form(req, &form);
    form.event = ORDER_DO_DISPUTE;
    if (answer == NO_BAD_REQUEST)
        answer = YES;
    if (answer == YES && str_trim(form.note).len == 0)
        answer = deed_wrong(&req->ctx, "note", NO_FIELD_MISSING);
    form.note = complaint(req);
    if (answer == YES)
        answer = deed_order_act(&req->ctx, &form);
    if (answer != YES)
        return is_told_on_the_page(answer) ? show_problem(req, form.order, answer) : answer;
    frame_flash(req, PAGE_FLASH_DONE, T_order_done);
    return go_to_order(req, form.order);
}
