/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One line of the books with its entries, and the files of entries for everybody: no names.
 */
#include "doors/http/money.h"

#include "deeds/ledger.h"
#include "deeds/statement.h"
#include "doors/http/rooms.h"
#include "pages/page_money.h"
#include "wire/csv.h"

/* --- one line ------------------------------------------------------------------------------------
 */

struct line {
    const struct chart_line *chart;
    const struct house_unit *unit;
    int32_t journal, year;
};

/* The line that the path and the query ask for: its number, its currency, its year. */
static no read_line(struct http_req *req, struct line *line)
{
    const struct journal_known *journals;
    size_t n;
    int64_t number;

    TRY(http_param_id(req, "number", &number));
    line->chart = number <= 999999 ? chart_find((int32_t)number) : NULL;
    line->unit = money_unit(req);
    if (line->chart == NULL || line->unit == NULL)
        return NO_NOT_FOUND;
    line->journal = journal_of_number((int32_t)number);
    TRY(view_journals(&req->ctx, &journals, &n));
    line->year = time_civil(req->ctx.now_ns, &ctx_house(&req->ctx)->zone).year;
    for (size_t i = n; i > 0; i--) /* newest first: the newest stays */
        if (journals[i - 1].journal == line->journal)
            line->year = journals[i - 1].year;
    line->year = (int32_t)money_number(req, "year", 1970, 9999, line->year);
    return YES;
}

static no read_page(struct http_req *req, const struct line *line, int64_t *here,
                    struct journal_page *page)
{
    struct journal_ask ask = {.journal = line->journal,
                              .year = line->year,
                              .count = MONEY_PAGE_LINES,
                              .only = line->chart->number};

    *here = money_number(req, "page", 1, INT64_MAX / MONEY_PAGE_LINES, 1);
    TRY(view_journal(
        &req->ctx, &(struct journal_ask){.journal = line->journal, .year = line->year, .count = 1},
        page));
    const int64_t pages = (page->last + MONEY_PAGE_LINES - 1) / MONEY_PAGE_LINES;

    if (*here > pages)
        *here = pages > 0 ? pages : 1;
    ask.upto = page->last - (*here - 1) * MONEY_PAGE_LINES;
    return view_journal(&req->ctx, &ask, page);
}

static no fill_line_rows(struct http_req *req, const struct line *line,
                         const struct journal_page *page, struct money_line_page *view)
{
    size_t most = 0;

    for (size_t i = 0; i < page->entries_n; i++)
        most += page->entries[i].legs_n;
    struct money_leg_row *rows = arena_take_many(req->ctx.arena, most, sizeof *rows);

    if (rows == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < page->entries_n; i++) {
        size_t n;
        const struct money_leg_row *legs =
            money_legs(req, &page->entries[i], line->chart->number, false, &n);

        for (size_t k = 0; k < n; k++)
            if (legs[k].amount.unit.id == line->unit->unit.id)
                rows[view->rows_n++] = legs[k];
    }
    view->rows = rows;
    return YES;
}

static no fill_line_years(struct http_req *req, const struct line *line,
                          struct money_line_page *view)
{
    const struct journal_known *journals;
    size_t n;

    TRY(view_journals(&req->ctx, &journals, &n));
    struct money_chip *chips = arena_take_many(req->ctx.arena, n, sizeof *chips);

    if (chips == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        if (journals[i].journal == line->journal)
            chips[view->chips_n++] = (struct money_chip){
                frame_digits(req, journals[i].year),
                money_url(req, "/money/%d?unit=%s&year=%d", (int)line->chart->number,
                          line->unit->unit.code, (int)journals[i].year),
                journals[i].year == line->year};
    view->chips = chips;
    return YES;
}

no http_money_line(struct http_req *req)
{
    struct money_line_page view = {.rows_n = 0};
    struct journal_page entries;
    struct line line;
    struct page page;
    struct buf out;
    int64_t here;

    TRY(read_line(req, &line));
    TRY(read_page(req, &line, &here, &entries));
    const int number = (int)line.chart->number;

    view.number = frame_digits(req, number);
    view.name = str_of(req->ctx.lang == LANG_FR ? line.chart->label_fr : line.chart->label_en);
    view.title = view.name;
    view.neutral = str_of(line.chart->neutral);
    view.year = frame_digits(req, line.year);
    view.journal = frame_text(req, money_journal_key(line.journal));
    TRY(fill_line_years(req, &line, &view));
    TRY(fill_line_rows(req, &line, &entries, &view));
    view.csv = money_url(req, "/money/%d.csv?unit=%s&year=%d&page=%lld", number,
                         line.unit->unit.code, (int)line.year, (long long)here);
    view.pages = money_page_chips(req,
                                  money_url(req, "/money/%d?unit=%s&year=%d&page=", number,
                                            line.unit->unit.code, (int)line.year),
                                  here, (entries.last + MONEY_PAGE_LINES - 1) / MONEY_PAGE_LINES,
                                  &view.pages_n);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_money_line(&out, &page, &view);
    return http_html(req, 200, &out);
}

/* --- files ---------------------------------------------------------------------------------------
 */

/* One row for each leg, names of people left out: for everybody. */
static void put_entry(struct http_req *req, struct buf *csv, const struct journal_entry *entry,
                      int32_t only)
{
    const struct house *house = ctx_house(&req->ctx);
    const struct ledger_entry *e = &entry->entry;
    const struct civil day = time_civil_of_days(e->book_date);
    struct buf date;

    buf_init(&date, req->ctx.arena, 16);
    time_put_iso_date(&date, &day);
    for (size_t i = 0; i < entry->legs_n; i++) {
        struct journal_leg leg = entry->legs[i];
        const money amount = house_money(house, leg.currency, leg.amount);
        struct buf plain;

        if (only != 0 && leg.debit.number != only && leg.credit.number != only)
            continue;
        buf_init(&plain, req->ctx.arena, 24);
        money_put_plain(&plain, amount);
        leg.debit.name = leg.credit.name = STR_NONE;
        const str row[] = {str_of(ledger_journal_code(e->journal)),
                           frame_digits(req, e->year),
                           frame_digits(req, e->num),
                           buf_str(&date),
                           frame_digits(req, leg.seq),
                           money_side(req, &leg.debit),
                           money_side(req, &leg.credit),
                           buf_str(&plain),
                           str_of(amount.unit.code),
                           money_code_words(req, leg.code),
                           (leg.flags & LEDGER_PENDING) != 0      ? S("held")
                           : (leg.flags & LEDGER_VOID) != 0       ? S("released")
                           : (leg.flags & LEDGER_CORRECTION) != 0 ? S("correction")
                                                                  : S("")};

        csv_put_row(csv, ',', CSV_SPREADSHEET, row, sizeof row / sizeof row[0]);
    }
}

static void put_head(struct buf *csv)
{
    static const str head[] = {{"journal", 7},  {"year", 4},  {"number", 6}, {"date", 4},
                               {"transfer", 8}, {"debit", 5}, {"credit", 6}, {"amount", 6},
                               {"currency", 8}, {"what", 4},  {"state", 5}};

    csv_put_row(csv, ',', CSV_EXACT, head, sizeof head / sizeof head[0]);
}

/* The whole text has its room beforehand, so that each page's memory can be given back. */
static no put_journal(struct http_req *req, struct buf *csv, int32_t journal, int32_t year,
                      int64_t from)
{
    for (int64_t first = from; first < from + MONEY_FILE_LINES; first += MONEY_PAGE_LINES) {
        const size_t mark = arena_mark(req->ctx.arena);
        const struct journal_ask ask = {.journal = journal,
                                        .year = year,
                                        .upto = first + MONEY_PAGE_LINES - 1,
                                        .count = MONEY_PAGE_LINES};
        struct journal_page page;

        TRY(view_journal(&req->ctx, &ask, &page));
        for (size_t i = page.entries_n; i > 0; i--)
            if (page.entries[i - 1].entry.num >= first)
                put_entry(req, csv, &page.entries[i - 1], 0);
        if (csv->cap > MONEY_FILE_BYTES) /* it has grown into what is given back now */
            return NO_TOO_LARGE;
        arena_rewind(req->ctx.arena, mark);
        if (page.last < first + MONEY_PAGE_LINES)
            break;
    }
    return YES;
}

no http_money_journal_csv(struct http_req *req)
{
    const int32_t journal = (int32_t)money_number(req, "journal", 1, JOURNAL_DIRECT, 0);
    const int32_t year = (int32_t)money_number(req, "year", 1970, 9999, 0);
    const int64_t from = money_number(req, "from", 1, INT64_MAX / 2, 1);
    struct buf csv;

    if (journal == 0 || year == 0)
        return NO_NOT_FOUND;
    buf_init(&csv, req->ctx.arena, MONEY_FILE_BYTES);
    put_head(&csv);
    TRY(put_journal(req, &csv, journal, year, from));
    return money_file(req, "journal.csv", &csv);
}

no http_money_line_csv(struct http_req *req)
{
    struct journal_page entries;
    struct line line;
    struct buf csv;
    int64_t here;

    TRY(read_line(req, &line));
    TRY(read_page(req, &line, &here, &entries));
    buf_init(&csv, req->ctx.arena, 32 * 1024);
    put_head(&csv);
    for (size_t i = entries.entries_n; i > 0; i--)
        put_entry(req, &csv, &entries.entries[i - 1], line.chart->number);
    return money_file(req, "entries.csv", &csv);
}
