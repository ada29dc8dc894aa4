/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/statement.h"

#include "deeds/ledger.h"
#include "deeds/receipt.h"
#include "deeds/view_name.h"
#include "doors/http/account.h"
#include "doors/http/money.h"
#include "doors/http/proof.h"
#include "doors/http/rooms.h"
#include "pages/page_statement.h"
#include "wire/csv.h"

#include <string.h>

enum { BOOKS_MAX = 3, BOOK_FILES_MAX = 24 };

/* The accounts that one tab shows. */
struct tab_book {
    int32_t number;
    const char *id;
    enum lang_key name, about;
};

static size_t books_of(const struct house_unit *unit, struct tab_book books[BOOKS_MAX])
{
    if (unit->unit.kind == UNIT_FIAT) {
        books[0] =
            (struct tab_book){CHART_DIRECT, "direct", T_statement_direct, T_statement_direct_about};
        books[1] =
            (struct tab_book){CHART_MEMBER_OWES, "owed", T_statement_owed, T_statement_owed_about};
        books[2] =
            (struct tab_book){CHART_DEBT, "debts", T_statement_debts, T_statement_debts_about};
        return 3;
    }
    books[0] = (struct tab_book){unit->unit.kind == UNIT_TIME ? CHART_TIME : CHART_CREDIT, "purse",
                                 unit->unit.kind == UNIT_TIME ? T_statement_purse_hours
                                                              : T_statement_purse_credits,
                                 T_statement_purse_about};
    return 1;
}

/* --- words of a line -----------------------------------------------------------------------------
 */

static str what_of(struct http_req *req, const struct statement_line *line)
{
    str what = money_code_words(req, line->code);

    if (line->code == CODE_SEND)
        what = frame_text(req, line->amount < 0 ? T_statement_sent : T_statement_received);
    if (!line->correction)
        return what;
    return money_words(req, T_statement_correction,
                       (struct money_value[]){{"what", what}, {NULL, STR_NONE}});
}

static str who_of(struct http_req *req, int64_t member, str name)
{
    if (member == 0)
        return ctx_house(&req->ctx)->name;
    return name.len > 0 ? name : frame_text(req, T_statement_left);
}

static url order_url(struct http_req *req, int64_t order)
{
    return order == 0 ? (url){STR_NONE} : money_url(req, "/orders/%lld", (long long)order);
}

static url who_url(struct http_req *req, str handle)
{
    return handle.len == 0 || handle.len > 60
               ? (url){STR_NONE}
               : money_url(req, "/@%.*s", (int)handle.len, handle.ptr);
}

static struct statement_row row_of(struct http_req *req, const struct statement_line *line,
                                   const struct register_state *state, struct unit unit)
{
    return (struct statement_row){
        .date = money_day(req, line->book_date),
        .what = what_of(req, line),
        .note = line->note,
        .who = who_of(req, line->other, line->other_name),
        .reference = statement_reference(req->ctx.arena, line->journal, line->year, line->num),
        .who_to = who_url(req, line->other_handle),
        .order_to = order_url(req, line->order),
        .receipt_to = line->place < 0 ? (url){STR_NONE} : proof_url(req, line->place),
        .how = proof_how_key(receipt_how(state, line->place)),
        .amount = {line->amount, unit},
        .balance = {line->balance, unit},
        .plus = line->amount > 0};
}

static struct statement_held held_of(struct http_req *req, const struct statement_hold *hold,
                                     struct unit unit)
{
    return (struct statement_held){.what = money_code_words(req, hold->code),
                                   .who = who_of(req, hold->other, hold->other_name),
                                   .until = hold->expires_ns > 0
                                                ? frame_moment(req, hold->expires_ns)
                                                : frame_text(req, T_statement_until_done),
                                   .order_to = order_url(req, hold->order),
                                   .amount = {hold->amount, unit},
                                   .plus = hold->amount > 0};
}

/* --- one account ---------------------------------------------------------------------------------
 */

static no fill_rows(struct http_req *req, const struct statement *s, struct unit unit,
                    struct statement_book *book)
{
    struct statement_row *rows = arena_take_many(req->ctx.arena, s->lines_n, sizeof *rows);
    struct statement_held *held = arena_take_many(req->ctx.arena, s->holds_n, sizeof *held);
    struct register_state state;

    if (rows == NULL || held == NULL)
        return NO_TOO_LARGE;
    TRY(view_register_state(&req->ctx, &state));
    for (size_t i = 0; i < s->lines_n; i++)
        rows[i] = row_of(req, &s->lines[i], &state, unit);
    for (size_t i = 0; i < s->holds_n; i++)
        held[i] = held_of(req, &s->holds[i], unit);
    book->rows = rows;
    book->rows_n = s->lines_n;
    book->held = held;
    book->held_n = s->holds_n;
    return YES;
}

static void fill_figures(const struct statement *s, struct unit unit, struct statement_book *book)
{
    const struct ledger_account *a = &s->account;
    const bool by_credit = !s->exists || ledger_sign(a->nature) > 0;
    const int64_t out = by_credit ? a->debits_pending : a->credits_pending;
    const int64_t in = by_credit ? a->credits_pending : a->debits_pending;

    book->exists = s->exists;
    book->balance = (money){s->exists ? ledger_balance(a) : 0, unit};
    book->has_out = out > 0;
    book->has_in = in > 0;
    book->out = (money){out, unit};
    book->in = (money){in, unit};
    book->has_limits = a->has_floor;
    book->floor = (money){a->floor, unit};
    book->has_ceiling = a->has_ceiling;
    book->ceiling = (money){a->ceiling, unit};
    book->available = (money){a->has_floor ? ledger_available(a) : 0, unit};
}

static no fill_files(struct http_req *req, const struct statement *s, const char *code,
                     const struct tab_book *tab, struct statement_book *book)
{
    const int64_t n = s->account.transfers_n;
    struct money_file *files = arena_take_many(req->ctx.arena, BOOK_FILES_MAX, sizeof *files);

    if (files == NULL)
        return NO_TOO_LARGE;
    for (int64_t from = 1; s->exists && from <= n && book->files_n < BOOK_FILES_MAX;
         from += MONEY_FILE_LINES) {
        const int64_t last = from + MONEY_FILE_LINES - 1, to = last < n ? last : n;

        files[book->files_n++] = (struct money_file){
            .name = money_words(req, n <= MONEY_FILE_LINES ? T_statement_csv : T_statement_csv_part,
                                (struct money_value[]){{"from", frame_digits(req, from)},
                                                       {"to", frame_digits(req, to)},
                                                       {NULL, STR_NONE}}),
            .to = money_url(req, "/account/statement.csv?unit=%s&book=%s&from=%lld", code, tab->id,
                            (long long)from)};
    }
    book->files = files;
    return YES;
}

static no fill_book(struct http_req *req, const struct house_unit *unit, const struct tab_book *tab,
                    struct statement_book *book)
{
    struct statement_ask ask = {.owner = req->ctx.actor.member,
                                .number = tab->number,
                                .currency = unit->unit.id,
                                .count = 1};
    struct statement s;

    *book = (struct statement_book){.id = str_of(tab->id),
                                    .name = frame_text(req, tab->name),
                                    .about = frame_text(req, tab->about)};
    TRY(view_statement(&req->ctx, &ask, &s));
    const int64_t pages = (s.account.transfers_n + MONEY_PAGE_LINES - 1) / MONEY_PAGE_LINES;
    int64_t here = money_number(req, tab->id, 1, INT64_MAX / MONEY_PAGE_LINES, 1);

    here = here > pages ? (pages > 0 ? pages : 1) : here;
    ask.count = MONEY_PAGE_LINES;
    ask.upto = s.account.transfers_n - (here - 1) * MONEY_PAGE_LINES;
    TRY(view_statement(&req->ctx, &ask, &s));
    fill_figures(&s, unit->unit, book);
    TRY(fill_rows(req, &s, unit->unit, book));
    book->pages = money_page_chips(
        req, money_url(req, "/account/statement?unit=%s&%s=", unit->unit.code, tab->id), here,
        pages, &book->pages_n);
    return fill_files(req, &s, unit->unit.code, tab, book);
}

/* --- the page ------------------------------------------------------------------------------------
 */

static void fill_chips(struct http_req *req, const struct house_unit *unit,
                       struct statement_page *view)
{
    const struct house *house = ctx_house(&req->ctx);
    struct money_chip *chips = arena_take_many(req->ctx.arena, house->units_n, sizeof *chips);

    for (size_t i = 0; chips != NULL && i < house->units_n; i++)
        chips[view->chips_n++] = (struct money_chip){
            house->units[i].name[req->ctx.lang],
            money_url(req, "/account/statement?unit=%s", house->units[i].unit.code),
            &house->units[i] == unit};
    view->chips = chips;
}

no http_statement(struct http_req *req)
{
    const struct house_unit *unit = money_unit(req);
    struct statement_page view = {.title = frame_text(req, T_statement_title)};
    struct tab_book tabs[BOOKS_MAX];
    struct page page;
    struct buf out;

    if (unit == NULL)
        return NO_NOT_FOUNDED;
    struct statement_book *books = arena_take_many(req->ctx.arena, BOOKS_MAX, sizeof *books);
    const size_t tabs_n = books_of(unit, tabs);

    if (books == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < tabs_n; i++) {
        TRY(fill_book(req, unit, &tabs[i], &books[view.books_n]));
        /* Debts between members are rare: only who has some sees the section. */
        view.books_n += tabs[i].number != CHART_DEBT || books[view.books_n].exists;
    }
    view.books = books;
    TRY(view_member_name(&req->ctx, req->ctx.actor.member, &view.who));
    view.today = frame_date(req, req->ctx.now_ns);
    view.may_send = unit->unit.kind != UNIT_FIAT && actor_has(&req->ctx, ROLE_MEMBER);
    view.unit = str_of(unit->unit.code);
    fill_chips(req, unit, &view);
    http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_statement_page(&out, &page, &view);
    return http_html(req, 200, &out);
}

/* --- as a file -----------------------------------------------------------------------------------
 */

static void put_line(struct http_req *req, struct buf *csv, const struct statement_line *line,
                     struct unit unit)
{
    const struct civil day = time_civil_of_days(line->book_date);
    struct buf date, amount, balance;

    buf_init(&date, req->ctx.arena, 16);
    buf_init(&amount, req->ctx.arena, 24);
    buf_init(&balance, req->ctx.arena, 24);
    time_put_iso_date(&date, &day);
    money_put_plain(&amount, (money){line->amount, unit});
    money_put_plain(&balance, (money){line->balance, unit});
    const str row[] = {
        buf_str(&date),
        what_of(req, line),
        who_of(req, line->other, line->other_name),
        line->order == 0 ? S("") : frame_digits(req, line->order),
        buf_str(&amount),
        buf_str(&balance),
        str_of(unit.code),
        statement_reference(req->ctx.arena, line->journal, line->year, line->num),
        line->note.ptr == NULL ? S("") : line->note,
        line->place < 0 ? S("") : frame_digits(req, line->place),
    };

    csv_put_row(csv, ',', CSV_SPREADSHEET, row, sizeof row / sizeof row[0]);
}

/* Oldest first. The text has its room beforehand, so that each page's memory can be given back. */
static no put_lines(struct http_req *req, struct buf *csv, struct statement_ask *ask,
                    struct unit unit, int64_t from)
{
    for (int64_t first = from; first < from + MONEY_FILE_LINES; first += MONEY_PAGE_LINES) {
        const size_t mark = arena_mark(req->ctx.arena);
        struct statement s;

        ask->upto = first + MONEY_PAGE_LINES - 1;
        TRY(view_statement(&req->ctx, ask, &s));
        for (size_t i = s.lines_n; i > 0; i--)
            if (s.lines[i - 1].position >= first)
                put_line(req, csv, &s.lines[i - 1], unit);
        if (csv->cap > MONEY_FILE_BYTES) /* it has grown into what is given back now */
            return NO_TOO_LARGE;
        arena_rewind(req->ctx.arena, mark);
        if (s.account.transfers_n <= ask->upto)
            break;
    }
    return YES;
}

no http_statement_csv(struct http_req *req)
{
    static const str head[] = {{"date", 4},   {"what", 4},    {"who", 3},      {"order", 5},
                               {"amount", 6}, {"balance", 7}, {"currency", 8}, {"reference", 9},
                               {"note", 4},   {"register", 8}};
    const struct house_unit *unit = money_unit(req);
    const str wanted = http_field(req, "book");
    struct tab_book tabs[BOOKS_MAX];
    struct statement_ask ask = {
        .owner = req->ctx.actor.member, .count = MONEY_PAGE_LINES, .no_holds = true};
    struct buf csv;

    if (unit == NULL)
        return NO_NOT_FOUND;
    const size_t tabs_n = books_of(unit, tabs);

    ask.currency = unit->unit.id;
    for (size_t i = 0; i < tabs_n; i++)
        if (str_eq(wanted, str_of(tabs[i].id)) || (i == 0 && wanted.len == 0))
            ask.number = tabs[i].number;
    if (ask.number == 0)
        return NO_NOT_FOUND;
    buf_init(&csv, req->ctx.arena, MONEY_FILE_BYTES);
    csv_put_row(&csv, ',', CSV_EXACT, head, sizeof head / sizeof head[0]);
    TRY(put_lines(req, &csv, &ask, unit->unit, money_number(req, "from", 1, INT64_MAX / 2, 1)));
    http_private(req);
    return money_file(req, "statement.csv", &csv);
}
