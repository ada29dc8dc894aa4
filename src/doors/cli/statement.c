/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * filon statement HANDLE|--coop [--currency CODE] [--csv]: every line of a member's accounts, or of
 * the co-op's own, oldest first.
 */
#include "doors/cli/cli.h"

#include "deeds/house.h"
#include "deeds/ledger.h"
#include "deeds/statement.h"
#include "deeds/view_name.h"
#include "rules/chart.h"
#include "wire/csv.h"

#include <inttypes.h>
#include <string.h>

enum { LINES = 200 };

/* How the lines are written, and to whom they belong. */
struct writing {
    struct cli *cli;
    const struct ledger_account *account;
    struct unit unit;
    bool csv, first;
};

static str plain(struct writing *w, int64_t minor)
{
    struct buf out;

    buf_init(&out, w->cli->ctx.arena, 24);
    money_put_plain(&out, (money){minor, w->unit});
    return buf_str(&out);
}

static str shown(struct writing *w, int64_t minor)
{
    struct buf out;

    buf_init(&out, w->cli->ctx.arena, 32);
    money_put(&out, w->cli->ctx.lang, (money){minor, w->unit});
    return buf_str(&out);
}

static str digits(struct writing *w, int64_t n)
{
    struct buf out;

    buf_init(&out, w->cli->ctx.arena, 24);
    buf_put_int(&out, n);
    return buf_str(&out);
}

static str day_of(struct writing *w, int32_t book_date)
{
    const struct civil day = time_civil_of_days(book_date);
    struct buf out;

    buf_init(&out, w->cli->ctx.arena, 16);
    time_put_iso_date(&out, &day);
    return buf_str(&out);
}

static str other_of(struct writing *w, const struct statement_line *line)
{
    return line->other == 0 ? ctx_house(&w->cli->ctx)->name : line->other_name;
}

static void put_csv(struct writing *w, const struct statement_line *line)
{
    struct buf row;
    const str fields[] = {
        day_of(w, line->book_date),
        digits(w, w->account->number),
        other_of(w, line),
        digits(w, line->order),
        digits(w, line->code),
        plain(w, line->amount),
        plain(w, line->balance),
        str_of(w->unit.code),
        statement_reference(w->cli->ctx.arena, line->journal, line->year, line->num)};

    buf_init(&row, w->cli->ctx.arena, 256);
    csv_put_row(&row, ',', CSV_SPREADSHEET, fields, sizeof fields / sizeof fields[0]);
    (void)fwrite(row.ptr, 1, row.len, w->cli->out);
}

/* Amounts are whole minor units: exact for a program. */
static void put_json(struct writing *w, const struct statement_line *line)
{
    const str day = day_of(w, line->book_date);
    const str reference =
        statement_reference(w->cli->ctx.arena, line->journal, line->year, line->num);

    (void)fprintf(
        w->cli->out,
        "{\"account\":%" PRId32 ",\"currency\":\"%s\",\"date\":\"%.*s\",\"entry\":%" PRId64
        ",\"transfer\":%" PRId64 ",\"reference\":\"%.*s\",\"code\":%" PRIu32 ",\"order\":%" PRId64
        ",\"other\":%" PRId64 ",\"amount\":%" PRId64 ",\"balance\":%" PRId64 "}\n",
        w->account->number, w->unit.code, (int)day.len, day.ptr, line->entry, line->seq,
        (int)reference.len, reference.ptr, line->code, line->order, line->other, line->amount,
        line->balance);
}

static void put_text(struct writing *w, const struct statement_line *line)
{
    const str day = day_of(w, line->book_date), who = other_of(w, line);
    const str amount = shown(w, line->amount), balance = shown(w, line->balance);
    const str reference =
        statement_reference(w->cli->ctx.arena, line->journal, line->year, line->num);

    (void)fprintf(w->cli->out, "%.*s  %14.*s  %14.*s  %-14.*s  %.*s\n", (int)day.len, day.ptr,
                  (int)amount.len, amount.ptr, (int)balance.len, balance.ptr, (int)reference.len,
                  reference.ptr, (int)who.len, who.ptr);
}

static void put_head(struct writing *w)
{
    const struct chart_line *chart = chart_find(w->account->number);
    const str balance = shown(w, ledger_balance(w->account));
    const char *name = chart == NULL                 ? ""
                       : w->cli->ctx.lang == LANG_FR ? chart->label_fr
                                                     : chart->label_en;

    if (w->cli->json)
        return;
    if (!w->csv)
        (void)fprintf(w->cli->out, "%s%" PRId32 " %s (%s): %.*s\n", w->first ? "" : "\n",
                      w->account->number, name, w->unit.code, (int)balance.len, balance.ptr);
    else if (w->first)
        (void)fputs("date,account,who,order,code,amount,balance,currency,reference\r\n",
                    w->cli->out);
}

static void put_line(struct writing *w, const struct statement_line *line)
{
    if (w->cli->json)
        put_json(w, line);
    else if (w->csv)
        put_csv(w, line);
    else
        put_text(w, line);
}

/* One account, oldest line first, some lines at a time: a long history needs no more memory. */
static no put_account(struct writing *w)
{
    struct statement_ask ask = {.owner = w->account->owner,
                                .number = w->account->number,
                                .currency = w->account->currency,
                                .count = LINES,
                                .no_holds = true};
    const int64_t last = w->account->transfers_n;

    put_head(w);
    for (int64_t first = 1; first <= last; first += LINES) {
        const size_t mark = arena_mark(w->cli->ctx.arena);
        struct statement s;

        ask.upto = first + LINES - 1 < last ? first + LINES - 1 : last;
        ask.count = (size_t)(ask.upto - first + 1);
        TRY(view_statement(&w->cli->ctx, &ask, &s));
        for (size_t i = s.lines_n; i > 0; i--)
            put_line(w, &s.lines[i - 1]);
        arena_rewind(w->cli->ctx.arena, mark);
    }
    w->first = false;
    return YES;
}

static no put_accounts(struct cli *cli, int64_t member, const struct house_unit *only, bool csv)
{
    const struct ledger_account *accounts;
    struct writing w = {.cli = cli, .csv = csv, .first = true};
    size_t n;

    TRY(view_accounts(&cli->ctx, member, &accounts, &n));
    for (size_t i = 0; i < n; i++) {
        w.account = &accounts[i];
        w.unit = house_unit(ctx_house(&cli->ctx), accounts[i].currency)->unit;
        if (only == NULL || only->unit.id == w.unit.id)
            TRY(put_account(&w));
    }
    return YES;
}

int cli_statement(struct cli *cli)
{
    const char *code = cli_option(cli, "--currency");
    const bool csv = cli_flag(cli, "--csv");
    const struct house_unit *only =
        code == NULL ? NULL : house_unit_by_code(ctx_house(&cli->ctx), str_of(code));
    const bool coop = cli_flag(cli, "--coop");
    int64_t member = 0;
    no answer = YES;

    if (cli->argc != (coop ? 0 : 1) || (csv && cli->json))
        return cli_usage(cli, cli_command_find("statement"));
    if (code != NULL && only == NULL) {
        (void)deed_wrong(&cli->ctx, "--currency", NO_FIELD_NOT_A_CHOICE);
        return cli_no(cli, NO_BAD_FIELDS);
    }
    if (!coop) {
        const str handle = str_of(cli->argv[0]);

        answer = view_member_by_handle(
            &cli->ctx, str_starts(handle, S("@")) ? str_sub(handle, 1, handle.len) : handle,
            &member);
    }
    if (answer == YES)
        answer = put_accounts(cli, member, only, csv);
    return answer == YES ? CLI_OK : cli_no(cli, answer);
}
