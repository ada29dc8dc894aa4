/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * My orders, my day on paper, and the disputes for those who mediate.
 */
#include "doors/http/order.h"

#include "base/time.h"
#include "deeds/house.h"
#include "doors/http/rooms.h"
#include "pages/page_order_list.h"

static const char *const tabs[ORDER_TABS] = {"todo", "running", "done"};

/* Two names when neither is the reader's. */
static str both(struct http_req *req, const struct sql_order_brief *order)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 64);
    buf_put(&out, order->buyer_name);
    buf_put(&out, S(" / "));
    buf_put(&out, order->provider_name);
    return buf_str(&out);
}

static str other_of(struct http_req *req, const struct order_line_view *line)
{
    return line->me == ORDER_BUYER      ? line->row.provider_name
           : line->me == ORDER_PROVIDER ? line->row.buyer_name
                                        : both(req, &line->row);
}

static void fill_row(struct http_req *req, const struct order_line_view *line,
                     struct order_row *row)
{
    const struct sql_order_brief *order = &line->row;

    *row = (struct order_row){.id = frame_digits(req, order->id),
                              .title = order->title,
                              .other = other_of(req, line),
                              .state = order_state_key(order->state),
                              .todo = order_todo_key(line->wait.event),
                              .turn = line->turn,
                              .bought = line->me == ORDER_BUYER,
                              .has_todo = line->wait.who != ORDER_NOBODY,
                              .has_a = order->parts_n > 0,
                              .has_b = order->parts_n > 1};
    if (order->starts_ns > 0)
        row->date = frame_moment(req, order->starts_ns);
    if (line->wait.until_ns > 0)
        row->until = frame_moment(req, line->wait.until_ns);
    if (row->has_a)
        row->a = order_money_of(req, order->a_currency, order->a_total);
    if (row->has_b)
        row->b = order_money_of(req, order->b_currency, order->b_total);
}

static no fill_rows(struct http_req *req, const struct order_list *list,
                    struct order_list_page *model)
{
    struct order_row *rows = arena_take_many(req->ctx.arena, list->lines_n, sizeof *rows);

    if (rows == NULL && list->lines_n > 0)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < list->lines_n; i++)
        fill_row(req, &list->lines[i], &rows[i]);
    model->rows = rows;
    model->rows_n = list->lines_n;
    model->page = list->page;
    model->pages_n = list->pages_n;
    for (size_t i = 0; i < ORDER_TABS; i++)
        model->counts[i] = list->counts[i];
    return YES;
}

static enum order_tab tab_of(const struct http_req *req)
{
    const str name = http_field(req, "tab");

    for (int i = 0; i < ORDER_TABS; i++)
        if (str_eq(name, str_of(tabs[i])))
            return (enum order_tab)i;
    return ORDER_TAB_TODO;
}

no http_orders(struct http_req *req)
{
    const enum order_tab tab = tab_of(req);
    struct order_list_page model = {.tab = (int64_t)tab,
                                    .provides = actor_has(&req->ctx, ROLE_MEMBER)};
    struct order_list list;
    struct page page;
    struct buf out;
    int64_t number = 1;

    if (http_field_int(req, "page", &number) != YES || number < 1 || number > 1000000)
        number = 1;
    TRY(view_orders(&req->ctx, tab, number, &list));
    TRY(fill_rows(req, &list, &model));
    frame_page(req, &page);
    frame_buf(req, &out);
    page_order_list(&out, &page, &model, frame_text(req, T_order_orders), str_of(tabs[tab]));
    return http_html(req, 200, &out);
}

no http_mediations(struct http_req *req)
{
    struct order_list_page model = {0};
    struct order_list list;
    struct page page;
    struct buf out;

    TRY(view_mediations(&req->ctx, &list));
    TRY(fill_rows(req, &list, &model));
    frame_page(req, &page);
    frame_buf(req, &out);
    page_order_mediations(&out, &page, &model, frame_text(req, T_order_mediations));
    return http_html(req, 200, &out);
}

/* --- my day -------------------------------------------------------------------------------------
 */

static int64_t day_start(const struct http_req *req, int32_t day)
{
    const struct civil when = time_civil_of_days(day);

    return time_instant_ns(&when, &ctx_house(&req->ctx)->zone);
}

static str clock_of(struct http_req *req, int64_t at_ns)
{
    const struct civil when = time_civil(at_ns, &ctx_house(&req->ctx)->zone);
    struct buf out;

    if (at_ns == 0)
        return S("");
    buf_init(&out, req->ctx.arena, 16);
    time_put_clock(&out, req->ctx.lang, &when);
    return buf_str(&out);
}

static str iso_day(struct http_req *req, int32_t day)
{
    const struct civil when = time_civil_of_days(day);
    struct buf out;

    buf_init(&out, req->ctx.arena, 16);
    time_put_iso_date(&out, &when);
    return buf_str(&out);
}

static no fill_job(struct http_req *req, const struct order_line_view *line,
                   struct order_day_row *row)
{
    const struct sql_order_brief *order = &line->row;
    struct sql_order_message *messages;
    struct sql_order_party buyer;
    size_t messages_n;

    TRY(view_order_job(&req->ctx, order->id, order->buyer, &buyer, &messages, &messages_n));
    *row = (struct order_day_row){.id = frame_digits(req, order->id),
                                  .title = order->title,
                                  .other = order->buyer_name,
                                  .place = buyer.place,
                                  .clock = clock_of(req, order->starts_ns),
                                  .note = messages_n > 0 ? messages[0].body : S(""),
                                  .reference = order->reference,
                                  .state = order_state_key(order->state),
                                  .has_a = order->parts_n > 0,
                                  .has_b = order->parts_n > 1};
    if (row->has_a)
        row->a = order_money_of(req, order->a_currency, order->a_total);
    if (row->has_b)
        row->b = order_money_of(req, order->b_currency, order->b_total);
    return YES;
}

static no fill_jobs(struct http_req *req, const struct order_line_view *lines, size_t n,
                    const struct order_day_row **rows, size_t *rows_n)
{
    struct order_day_row *list = arena_take_many(req->ctx.arena, n, sizeof *list);

    if (list == NULL && n > 0)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        TRY(fill_job(req, &lines[i], &list[i]));
    *rows = list;
    *rows_n = n;
    return YES;
}

no http_day(struct http_req *req)
{
    int32_t day = house_day(ctx_house(&req->ctx), req->ctx.now_ns);
    struct order_day_page model;
    struct order_day jobs;
    struct page page;
    struct buf out;

    (void)!time_parse_iso_date(http_field(req, "date"), &day);
    TRY(view_order_day(&req->ctx, day_start(req, day), day_start(req, day + 1), &jobs));
    model = (struct order_day_page){.date = frame_date(req, day_start(req, day)),
                                    .before = iso_day(req, day - 1),
                                    .after = iso_day(req, day + 1)};
    TRY(fill_jobs(req, jobs.lines, jobs.lines_n, &model.rows, &model.rows_n));
    TRY(fill_jobs(req, jobs.undated, jobs.undated_n, &model.undated, &model.undated_n));
    frame_page(req, &page);
    frame_buf(req, &out);
    page_order_day(&out, &page, &model, frame_text(req, T_order_day));
    return http_html(req, 200, &out);
}
