/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/money.h"

#include "deeds/ledger.h"
#include "doors/http/rooms.h"
#include "pages/page_money.h"

#include <string.h>

enum { CHIPS_MAX = 48, FILES_MAX = 24, COMMISSION_ELSEWHERE = 25 /* of a hundred */ };

static str unit_name(const struct http_req *req, const struct house_unit *unit)
{
    return unit->name[req->ctx.lang];
}

static bool is_euro(const struct house_unit *unit)
{
    return strcmp(unit->unit.code, "EUR") == 0;
}

/* --- the year ------------------------------------------------------------------------------------
 */

static str chip_of_unit(struct http_req *req, const struct house_unit *unit)
{
    if (unit->unit.kind == UNIT_TIME)
        return frame_text(req, T_money_in_hours);
    if (is_euro(unit))
        return frame_text(req, T_money_in_money);
    return money_words(req, T_money_in_unit,
                       (struct money_value[]){{"unit", unit_name(req, unit)}, {NULL, STR_NONE}});
}

/* Years of this currency, then the other currencies. */
static void fill_chips(struct http_req *req, const struct house_unit *unit,
                       const struct money_view *view, struct money_page *page)
{
    const struct house *house = ctx_house(&req->ctx);
    struct money_chip *chips = arena_take_many(req->ctx.arena, CHIPS_MAX, sizeof *chips);
    size_t n = 0;
    bool known = false;

    if (chips == NULL)
        return;
    for (size_t i = 0; i < view->years_n; i++)
        known = known || view->years[i] == view->year;
    if (!known)
        chips[n++] = (struct money_chip){
            frame_digits(req, view->year),
            money_url(req, "/money?unit=%s&year=%d", unit->unit.code, (int)view->year), true};
    for (size_t i = 0; i < view->years_n; i++)
        chips[n++] = (struct money_chip){
            frame_digits(req, view->years[i]),
            money_url(req, "/money?unit=%s&year=%d", unit->unit.code, (int)view->years[i]),
            view->years[i] == view->year};
    for (size_t i = 0; i < house->units_n && n < CHIPS_MAX; i++)
        if (&house->units[i] != unit)
            chips[n++] = (struct money_chip){
                chip_of_unit(req, &house->units[i]),
                money_url(req, "/money?unit=%s", house->units[i].unit.code), false};
    page->chips = chips;
    page->chips_n = n;
}

static void fill_core(struct http_req *req, const struct house_unit *unit,
                      const struct money_view *view, struct money_page *page)
{
    const str names[3] = {frame_text(req, T_money_running), frame_text(req, T_money_reserve),
                          frame_text(req, T_money_solidarity)};
    const struct money_sum *sum = &view->year_sum;
    const struct fee_split split = {.price = sum->total,
                                    .provider = sum->work,
                                    .fee = money_coop(sum),
                                    .running = sum->running,
                                    .reserve = sum->reserve,
                                    .solidarity = sum->solidarity};

    money_core_draw(&page->core, req->ctx.arena, req->ctx.lang, &split, &view->fee, unit->unit,
                    names);
    page->core.cents = is_euro(unit);
    page->unit_name = frame_text(req, is_euro(unit) ? T_money_core : T_money_core_other);
}

static void fill_plot(struct http_req *req, const struct house_unit *unit,
                      const struct money_view *view, struct money_page *page)
{
    static const enum lang_key keys[MONEY_MONTHS] = {
        T_money_jan, T_money_feb, T_money_mar, T_money_apr, T_money_may, T_money_jun,
        T_money_jul, T_money_aug, T_money_sep, T_money_oct, T_money_nov, T_money_dec};
    int64_t totals[MONEY_MONTHS], coop[MONEY_MONTHS];
    str names[MONEY_MONTHS];

    for (size_t i = 0; i < MONEY_MONTHS; i++) {
        totals[i] = view->months[i].total;
        coop[i] = money_coop(&view->months[i]);
        names[i] = frame_text(req, keys[i]);
    }
    money_plot_draw(&page->plot, req->ctx.arena, req->ctx.lang, totals, coop, unit->unit, names);
}

static int32_t line_of_work(const struct house_unit *unit)
{
    return unit->unit.kind == UNIT_FIAT   ? CHART_DIRECT
           : unit->unit.kind == UNIT_TIME ? CHART_TIME
                                          : CHART_CREDIT;
}

static url line_url(struct http_req *req, const struct house_unit *unit, int32_t number,
                    int32_t year)
{
    return money_url(req, "/money/%d?unit=%s&year=%d", (int)number, unit->unit.code, (int)year);
}

/* The work, then the strata that there are; of euros each stratum is a line of the books. */
static void fill_rows(struct http_req *req, const struct house_unit *unit,
                      const struct money_view *view, struct money_page *page)
{
    static const int32_t numbers[] = {CHART_FEE_RUNNING, CHART_FEE_RESERVE, CHART_FEE_SOLIDARITY};
    static const char *const paints[] = {"p-run", "p-res", "p-sol"};
    const bool fiat = unit->unit.kind == UNIT_FIAT;
    struct money_row *rows = arena_take_many(req->ctx.arena, 4, sizeof *rows);
    size_t number = 0;

    if (rows == NULL)
        return;
    rows[page->rows_n++] =
        (struct money_row){.name = frame_text(req, T_money_work),
                           .share = page->core.work_share,
                           .amount = page->core.work,
                           .to = line_url(req, unit, line_of_work(unit), view->year)};
    for (size_t i = 0; i < page->core.strata_n; i++) {
        const struct money_stratum *s = &page->core.strata[i];

        while (number < 2 && !page->core.empty && !str_eq(s->paint, str_of(paints[number])))
            number++;
        rows[page->rows_n++] = (struct money_row){
            .name = s->name,
            .share = s->share,
            .amount = s->amount,
            .to = fiat && !page->core.empty ? line_url(req, unit, numbers[number], view->year)
                                            : (url){STR_NONE}};
    }
    page->rows = rows;
}

static void add_file(struct http_req *req, const struct journal_known *journal, int64_t from,
                     struct money_file *file)
{
    const int64_t last = from + MONEY_FILE_LINES - 1;
    const int64_t to = last < journal->entries_n ? last : journal->entries_n;
    const bool whole = journal->entries_n <= MONEY_FILE_LINES;

    file->name = money_words(
        req, whole ? T_money_journal_file : T_money_journal_part,
        (struct money_value[]){{"journal", frame_text(req, money_journal_key(journal->journal))},
                               {"year", frame_digits(req, journal->year)},
                               {"from", frame_digits(req, from)},
                               {"to", frame_digits(req, to)},
                               {NULL, STR_NONE}});
    file->to = money_url(req, "/money/journal.csv?journal=%d&year=%d&from=%lld",
                         (int)journal->journal, (int)journal->year, (long long)from);
    file->entries_n = to - from + 1;
}

/* Each journal of the year, in parts of a thousand entries. */
static no fill_files(struct http_req *req, const struct money_view *view, struct money_page *page)
{
    const struct journal_known *journals;
    struct money_file *files = arena_take_many(req->ctx.arena, FILES_MAX, sizeof *files);
    size_t n;

    if (files == NULL)
        return NO_TOO_LARGE;
    TRY(view_journals(&req->ctx, &journals, &n));
    for (size_t i = 0; i < n; i++)
        for (int64_t from = 1; journals[i].year == view->year && from <= journals[i].entries_n &&
                               page->files_n < FILES_MAX;
             from += MONEY_FILE_LINES)
            add_file(req, &journals[i], from, &files[page->files_n++]);
    page->files = files;
    return YES;
}

/* What members kept beside a platform that takes a quarter; what was exchanged in time. */
static no fill_figures(struct http_req *req, const struct house_unit *unit,
                       const struct money_view *view, struct money_page *page)
{
    const struct house_unit *hours = house_unit_of_kind(ctx_house(&req->ctx), UNIT_TIME);
    const struct money_sum *sum = &view->year_sum;
    struct money_view time;
    int64_t elsewhere;

    TRY(money_share(sum->total > 0 ? sum->total : 0, COMMISSION_ELSEWHERE, 100, &elsewhere));
    page->has_more = unit->unit.kind == UNIT_FIAT && elsewhere > money_coop(sum);
    page->more = (money){elsewhere - money_coop(sum), unit->unit};
    if (hours == NULL)
        return YES;
    TRY(view_money(&req->ctx, hours->unit.id, view->year, &time));
    page->has_hours = time.year_sum.total + time.sent > 0;
    page->hours = (money){time.year_sum.total + time.sent, hours->unit};
    return YES;
}

no http_money(struct http_req *req)
{
    const struct house_unit *unit = money_unit(req);
    const struct house *house = ctx_house(&req->ctx);
    struct money_page view = {.title = frame_text(req, T_money_title)};
    struct money_view year;
    struct page page;
    struct buf out;

    if (unit == NULL)
        return NO_NOT_FOUNDED;
    TRY(view_money(&req->ctx, unit->unit.id, (int32_t)money_number(req, "year", 1970, 9999, 0),
                   &year));
    if (!is_euro(unit))
        view.title =
            money_words(req, T_money_title_other,
                        (struct money_value[]){{"unit", unit_name(req, unit)}, {NULL, STR_NONE}});
    view.is_euro = is_euro(unit);
    view.is_time = unit->unit.kind == UNIT_TIME;
    view.year = frame_digits(req, year.year);
    view.this_year = year.year == time_civil(req->ctx.now_ns, &house->zone).year;
    view.until = frame_date(req, req->ctx.now_ns);
    view.entries_n = year.entries_n;
    view.payments_n = year.year_sum.payments_n;
    view.last = frame_moment(req, year.last_ns);
    fill_core(req, unit, &year, &view);
    fill_plot(req, unit, &year, &view);
    fill_chips(req, unit, &year, &view);
    fill_rows(req, unit, &year, &view);
    TRY(fill_files(req, &year, &view));
    TRY(fill_figures(req, unit, &year, &view));
    frame_page(req, &page);
    frame_buf(req, &out);
    page_money_page(&out, &page, &view);
    return http_html(req, 200, &out);
}
