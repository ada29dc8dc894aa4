/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The desk of the accountant and the auditor: trial balance, journals, one entry, its correction.
 */
#include "doors/http/money.h"

#include "deeds/ledger.h"
#include "deeds/statement.h"
#include "deeds/view_name.h"
#include "doors/http/account.h"
#include "doors/http/rooms.h"
#include "pages/page_books.h"
#include "wire/csv.h"

enum { UNITS_MAX = 16, BOOKS_FILES = 24 };

/* Legal forms of French law keep the French chart; others read the neutral one. */
static bool is_french(const struct house *house)
{
    const str forms[] = {S("scic"), S("scop"), S("coop47"), S("association")};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (str_eq(house->legal_form, forms[i]))
            return true;
    return false;
}

/* --- the trial balance ---------------------------------------------------------------------------
 */

static str number_of(struct http_req *req, const struct trial_line *line)
{
    if (line->chart != NULL && !is_french(ctx_house(&req->ctx)))
        return str_of(line->chart->neutral);
    return frame_digits(req, line->number);
}

static struct books_line line_of(struct http_req *req, const struct trial_line *t,
                                 const struct house_unit *unit)
{
    const bool french = req->ctx.lang == LANG_FR;
    struct buf accounts;

    buf_init(&accounts, req->ctx.arena, 24);
    money_put_count(&accounts, req->ctx.lang, t->accounts_n);
    return (struct books_line){
        .number = number_of(req, t),
        .name =
            t->chart == NULL ? S("?") : str_of(french ? t->chart->label_fr : t->chart->label_en),
        .other_name =
            t->chart == NULL ? S("") : str_of(french ? t->chart->label_en : t->chart->label_fr),
        .to = money_url(req, "/money/%d?unit=%s", (int)t->number, unit->unit.code),
        .accounts = buf_str(&accounts),
        .debits = {t->debits, unit->unit},
        .credits = {t->credits, unit->unit},
        .debits_pending = {t->debits_pending, unit->unit},
        .credits_pending = {t->credits_pending, unit->unit},
        .debit_balance = {t->debit_balance, unit->unit},
        .credit_balance = {t->credit_balance, unit->unit},
        .held = t->debits_pending + t->credits_pending > 0,
        .has_debit = t->debit_balance > 0,
        .has_credit = t->credit_balance > 0};
}

static void add_line(struct books_unit *sum, const struct trial_line *t)
{
    sum->debits.minor += t->debits;
    sum->credits.minor += t->credits;
    sum->debits_pending.minor += t->debits_pending;
    sum->credits_pending.minor += t->credits_pending;
    sum->debit_balance.minor += t->debit_balance;
    sum->credit_balance.minor += t->credit_balance;
    sum->held = sum->held || t->debits_pending + t->credits_pending > 0;
}

/* The lines of one currency, which stand together. */
static struct books_unit unit_of(struct http_req *req, const struct trial_line *lines, size_t n,
                                 struct books_line *room)
{
    const struct house_unit *unit = house_unit(ctx_house(&req->ctx), lines[0].currency);
    const money none = {0, unit->unit};
    struct books_unit made = {.name = unit->name[req->ctx.lang],
                              .lines = room,
                              .lines_n = n,
                              .debits = none,
                              .credits = none,
                              .debits_pending = none,
                              .credits_pending = none,
                              .debit_balance = none,
                              .credit_balance = none};

    for (size_t i = 0; i < n; i++) {
        room[i] = line_of(req, &lines[i], unit);
        add_line(&made, &lines[i]);
    }
    made.agrees = made.debits.minor == made.credits.minor &&
                  made.debits_pending.minor == made.credits_pending.minor &&
                  made.debit_balance.minor == made.credit_balance.minor;
    return made;
}

no http_books(struct http_req *req)
{
    struct books_page view = {.title = frame_text(req, T_books_title),
                              .french = is_french(ctx_house(&req->ctx))};
    const struct trial_line *lines;
    struct page page;
    struct buf out;
    size_t lines_n;

    TRY(view_trial_balance(&req->ctx, &lines, &lines_n));
    struct books_unit *units = arena_take_many(req->ctx.arena, UNITS_MAX, sizeof *units);
    struct books_line *room = arena_take_many(req->ctx.arena, lines_n, sizeof *room);

    if (units == NULL || room == NULL)
        return NO_TOO_LARGE;
    for (size_t from = 0, to; from < lines_n && view.units_n < UNITS_MAX; from = to) {
        for (to = from; to < lines_n && lines[to].currency == lines[from].currency; to++)
            continue;
        units[view.units_n++] = unit_of(req, &lines[from], to - from, &room[from]);
    }
    view.units = units;
    http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_books_page(&out, &page, &view);
    return http_html(req, 200, &out);
}

static str plain(struct http_req *req, int64_t minor, struct unit unit)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 24);
    money_put_plain(&out, (money){minor, unit});
    return buf_str(&out);
}

no http_books_csv(struct http_req *req)
{
    static const str head[] = {{"currency", 8},     {"account", 7},        {"neutral", 7},
                               {"name_fr", 7},      {"name_en", 7},        {"accounts", 8},
                               {"debit", 5},        {"credit", 6},         {"debit_held", 10},
                               {"credit_held", 11}, {"debit_balance", 13}, {"credit_balance", 14}};
    const struct trial_line *lines;
    struct buf csv;
    size_t lines_n;

    TRY(view_trial_balance(&req->ctx, &lines, &lines_n));
    buf_init(&csv, req->ctx.arena, 32 * 1024);
    csv_put_row(&csv, ',', CSV_EXACT, head, sizeof head / sizeof head[0]);
    for (size_t i = 0; i < lines_n; i++) {
        const struct trial_line *t = &lines[i];
        const struct unit unit = house_unit(ctx_house(&req->ctx), t->currency)->unit;
        const str row[] = {str_of(unit.code),
                           frame_digits(req, t->number),
                           t->chart == NULL ? S("") : str_of(t->chart->neutral),
                           t->chart == NULL ? S("") : str_of(t->chart->label_fr),
                           t->chart == NULL ? S("") : str_of(t->chart->label_en),
                           frame_digits(req, t->accounts_n),
                           plain(req, t->debits, unit),
                           plain(req, t->credits, unit),
                           plain(req, t->debits_pending, unit),
                           plain(req, t->credits_pending, unit),
                           plain(req, t->debit_balance, unit),
                           plain(req, t->credit_balance, unit)};

        csv_put_row(&csv, ',', CSV_SPREADSHEET, row, sizeof row / sizeof row[0]);
    }
    http_private(req);
    return money_file(req, "balance.csv", &csv);
}

/* --- the journals --------------------------------------------------------------------------------
 */

/* "5-2026", or "all": what the select of the page sends. */
static void chosen_journal(struct http_req *req, int32_t *journal, int32_t *year)
{
    str first, rest;
    int64_t number, of_year;

    *journal = *year = 0;
    if (!str_cut(http_field(req, "journal"), '-', &first, &rest) || !str_to_int64(first, &number) ||
        !str_to_int64(rest, &of_year) || number < 1 || number > JOURNAL_DIRECT || of_year < 1970 ||
        of_year > 9999)
        return;
    *journal = (int32_t)number;
    *year = (int32_t)of_year;
}

static str journal_name(struct http_req *req, int32_t journal, int32_t year)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 48);
    buf_put(&out, frame_text(req, money_journal_key(journal)));
    if (journal != 0)
        buf_printf(&out, " %d", (int)year);
    return buf_str(&out);
}

static str journal_value(struct http_req *req, int32_t journal, int32_t year)
{
    struct buf out;

    if (journal == 0)
        return S("all");
    buf_init(&out, req->ctx.arena, 16);
    buf_printf(&out, "%d-%d", (int)journal, (int)year);
    return buf_str(&out);
}

static no fill_choices(struct http_req *req, int32_t journal, int32_t year,
                       struct journal_page_view *view)
{
    const struct journal_known *known;
    size_t n;

    TRY(view_journals(&req->ctx, &known, &n));
    struct journal_choice *choices = arena_take_many(req->ctx.arena, n + 1, sizeof *choices);

    if (choices == NULL)
        return NO_TOO_LARGE;
    choices[view->choices_n++] =
        (struct journal_choice){S("all"), frame_text(req, T_books_journal_all), journal == 0};
    for (size_t i = 0; i < n; i++)
        choices[view->choices_n++] =
            (struct journal_choice){journal_value(req, known[i].journal, known[i].year),
                                    journal_name(req, known[i].journal, known[i].year),
                                    known[i].journal == journal && known[i].year == year};
    view->choices = choices;
    return YES;
}

static struct books_entry_row entry_row(struct http_req *req, const struct journal_entry *entry)
{
    const struct ledger_entry *e = &entry->entry;
    struct books_entry_row row = {
        .reference = statement_reference(req->ctx.arena, e->journal, e->year, e->num),
        .date = money_day(req, e->book_date),
        .label = e->label,
        .piece = e->piece_ref,
        .to = money_url(req, "/books/entry/%lld", (long long)e->id),
        .correction = e->corrects != 0};

    row.legs = money_legs(req, entry, 0, true, &row.legs_n);
    return row;
}

static no fill_rows(struct http_req *req, const struct journal_page *entries,
                    struct journal_page_view *view)
{
    struct books_entry_row *rows =
        arena_take_many(req->ctx.arena, entries->entries_n, sizeof *rows);

    if (rows == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < entries->entries_n; i++)
        rows[view->rows_n++] = entry_row(req, &entries->entries[i]);
    view->rows = rows;
    view->entries_n = entries->last;
    return YES;
}

static no fill_files(struct http_req *req, const char *value, int64_t last,
                     struct journal_page_view *view)
{
    struct money_file *files = arena_take_many(req->ctx.arena, BOOKS_FILES, sizeof *files);

    if (files == NULL)
        return NO_TOO_LARGE;
    for (int64_t from = 1; from <= last && view->files_n < BOOKS_FILES; from += MONEY_FILE_LINES) {
        const int64_t end = from + MONEY_FILE_LINES - 1, to = end < last ? end : last;

        files[view->files_n++] = (struct money_file){
            .name = money_words(req, T_statement_csv_part,
                                (struct money_value[]){{"from", frame_digits(req, from)},
                                                       {"to", frame_digits(req, to)},
                                                       {NULL, STR_NONE}}),
            .to =
                money_url(req, "/books/journal.csv?journal=%s&from=%lld", value, (long long)from)};
    }
    view->files = files;
    return YES;
}

no http_books_journal(struct http_req *req)
{
    struct journal_page_view view = {.rows_n = 0};
    struct journal_ask ask = {.count = 1};
    struct journal_page entries;
    struct page page;
    struct buf out;

    chosen_journal(req, &ask.journal, &ask.year);
    TRY(view_journal(&req->ctx, &ask, &entries));
    const int64_t pages = (entries.last + MONEY_PAGE_LINES - 1) / MONEY_PAGE_LINES;
    int64_t here = money_number(req, "page", 1, INT64_MAX / MONEY_PAGE_LINES, 1);

    here = here > pages ? (pages > 0 ? pages : 1) : here;
    ask.count = MONEY_PAGE_LINES;
    ask.upto = entries.last - (here - 1) * MONEY_PAGE_LINES;
    TRY(view_journal(&req->ctx, &ask, &entries));
    const char *value = arena_cstr(req->ctx.arena, journal_value(req, ask.journal, ask.year));

    view.name = view.title = journal_name(req, ask.journal, ask.year);
    TRY(fill_choices(req, ask.journal, ask.year, &view));
    TRY(fill_rows(req, &entries, &view));
    TRY(fill_files(req, value, entries.last, &view));
    view.pages = money_page_chips(req, money_url(req, "/books/journal?journal=%s&page=", value),
                                  here, pages, &view.pages_n);
    http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_journal_page(&out, &page, &view);
    return http_html(req, 200, &out);
}

static void put_entry(struct http_req *req, struct buf *csv, const struct journal_entry *entry)
{
    const struct ledger_entry *e = &entry->entry;
    const struct civil day = time_civil_of_days(e->book_date);
    struct buf date;

    buf_init(&date, req->ctx.arena, 16);
    time_put_iso_date(&date, &day);
    for (size_t i = 0; i < entry->legs_n; i++) {
        const struct journal_leg *leg = &entry->legs[i];
        const struct unit unit = house_unit(ctx_house(&req->ctx), leg->currency)->unit;
        const str row[] = {frame_digits(req, e->id),
                           statement_reference(req->ctx.arena, e->journal, e->year, e->num),
                           buf_str(&date),
                           e->piece_ref,
                           e->label,
                           money_side(req, &leg->debit),
                           money_side(req, &leg->credit),
                           plain(req, leg->amount, unit),
                           str_of(unit.code),
                           money_code_words(req, leg->code),
                           frame_digits(req, leg->flags),
                           e->corrects == 0 ? S("") : frame_digits(req, e->corrects)};

        csv_put_row(csv, ',', CSV_SPREADSHEET, row, sizeof row / sizeof row[0]);
    }
}

no http_books_journal_csv(struct http_req *req)
{
    static const str head[] = {{"entry", 5},    {"reference", 9}, {"date", 4},   {"document", 8},
                               {"label", 5},    {"debit", 5},     {"credit", 6}, {"amount", 6},
                               {"currency", 8}, {"what", 4},      {"flags", 5},  {"corrects", 8}};
    struct journal_ask ask = {.count = MONEY_PAGE_LINES};
    const int64_t from = money_number(req, "from", 1, INT64_MAX / 2, 1);
    struct buf csv;

    chosen_journal(req, &ask.journal, &ask.year);
    buf_init(&csv, req->ctx.arena, MONEY_FILE_BYTES);
    csv_put_row(&csv, ',', CSV_EXACT, head, sizeof head / sizeof head[0]);
    for (int64_t first = from; first < from + MONEY_FILE_LINES; first += MONEY_PAGE_LINES) {
        const size_t mark = arena_mark(req->ctx.arena);
        struct journal_page page;

        ask.upto = first + MONEY_PAGE_LINES - 1;
        TRY(view_journal(&req->ctx, &ask, &page));
        for (size_t i = page.entries_n; i > 0; i--) {
            const struct ledger_entry *e = &page.entries[i - 1].entry;

            if ((ask.journal == 0 ? e->id : e->num) >= first)
                put_entry(req, &csv, &page.entries[i - 1]);
        }
        if (csv.cap > MONEY_FILE_BYTES) /* it has grown into what is given back now */
            return NO_TOO_LARGE;
        arena_rewind(req->ctx.arena, mark);
        if (page.last <= ask.upto)
            break;
    }
    http_private(req);
    return money_file(req, "journal.csv", &csv);
}

/* --- one entry -----------------------------------------------------------------------------------
 */

static str cause_words(struct http_req *req, const struct ledger_entry *e)
{
    static const enum lang_key keys[] = {
        T_books_cause_other,    T_books_cause_order,  T_books_cause_send,  T_books_cause_correction,
        T_books_cause_founding, T_books_cause_import, T_books_cause_expiry};
    const struct money_value values[] = {{"n", frame_digits(req, e->cause_id)}, {NULL, STR_NONE}};

    return money_words(req, keys[e->cause < sizeof keys / sizeof keys[0] ? e->cause : 0], values);
}

static url entry_url(struct http_req *req, int64_t id)
{
    return id == 0 ? (url){STR_NONE} : money_url(req, "/books/entry/%lld", (long long)id);
}

static no show_entry(struct http_req *req, int status, int64_t id, str reason)
{
    static const struct frame_label labels[] = {{"reason", T_books_reason}, {NULL, T_books_reason}};
    struct journal_entry entry;
    struct entry_page view = {.reason = reason, .id = frame_digits(req, id)};
    struct page page;
    struct buf out;
    int64_t corrected_by;

    TRY(view_journal_entry(&req->ctx, id, &entry, &corrected_by));
    const struct ledger_entry *e = &entry.entry;

    view.row = entry_row(req, &entry);
    view.booked = frame_moment(req, e->booked_ns);
    view.cause = cause_words(req, e);
    if (e->actor == 0 || view_member_name(&req->ctx, e->actor, &view.actor) != YES)
        view.actor = frame_text(req, T_books_clock);
    view.corrects_to = entry_url(req, e->corrects);
    view.corrected_to = entry_url(req, corrected_by);
    view.may_reverse = corrected_by == 0 && actor_has(&req->ctx, ROLE_ACCOUNTANT);
    frame_errors(req, labels, &view.errors);
    view.title = money_words(req, T_books_entry,
                             (struct money_value[]){{"ref", view.row.reference}, {NULL, STR_NONE}});
    if (view.errors.list_n > 0)
        view.title = account_title(req, T_books_reverse, true);
    http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_entry_page(&out, &page, &view);
    return http_html(req, status, &out);
}

no http_books_entry(struct http_req *req)
{
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    return show_entry(req, 200, id, S(""));
}

no http_books_reverse(struct http_req *req)
{
    struct journal_reverse_form form = {.reason = http_field(req, "reason")};
    struct buf path;

    TRY(http_param_id(req, "id", &form.entry));
    const no answer = deed_journal_reverse(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS)
        return show_entry(req, 422, form.entry, form.reason);
    TRY(answer);
    buf_init(&path, req->ctx.arena, 40);
    buf_printf(&path, "/books/entry/%lld", (long long)form.made);
    return account_done(req, T_books_reversed, buf_str(&path));
}
