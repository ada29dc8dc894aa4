/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/money.h"

#include "deeds/ledger.h"
#include "deeds/statement.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

str money_words(struct http_req *req, enum lang_key key, const struct money_value *values)
{
    str text = frame_text(req, key);
    struct buf out;

    buf_init(&out, req->ctx.arena, text.len + 64);
    while (text.len > 0) {
        const size_t open = str_find_char(text, '{'), close = str_find_char(text, '}');

        buf_put(&out, str_sub(text, 0, open));
        if (open == text.len || close == text.len)
            break;
        const str name = str_sub(text, open + 1, close - open - 1);

        for (const struct money_value *v = values; v->name != NULL; v++)
            if (str_eq(str_of(v->name), name))
                buf_put(&out, v->value);
        text = str_sub(text, close + 1, text.len);
    }
    return buf_str(&out);
}

url money_url(struct http_req *req, const char *format, ...)
{
    char path[256];
    struct buf out;
    va_list values;

    va_start(values, format);
    (void)vsnprintf(path, sizeof path, format, values);
    va_end(values);
    buf_init(&out, req->ctx.arena, 128);
    buf_put(&out, req->ctx.lang == LANG_FR ? S("/fr") : S("/en"));
    buf_put(&out, str_of(path));
    return (url){buf_str(&out)};
}

str money_amount(struct http_req *req, money amount)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 32);
    money_put(&out, req->ctx.lang, amount);
    return buf_str(&out);
}

str money_day(struct http_req *req, int32_t book_date)
{
    const struct civil day = time_civil_of_days(book_date);
    struct buf out;

    buf_init(&out, req->ctx.arena, 32);
    time_put_date(&out, req->ctx.lang, &day);
    return buf_str(&out);
}

str money_code_words(const struct http_req *req, uint32_t code)
{
    static const enum lang_key keys[] = {
        T_money_code_other,       T_money_code_price,          T_money_code_fee_running,
        T_money_code_fee_reserve, T_money_code_fee_solidarity, T_money_code_deposit,
        T_money_code_refund,      T_money_code_penalty,        T_money_code_direct,
        T_money_code_debt,        T_money_code_send,           T_money_code_fee,
        T_money_code_gift,
    };

    return frame_text(req, keys[code < sizeof keys / sizeof keys[0] ? code : 0]);
}

enum lang_key money_journal_key(int32_t journal)
{
    static const enum lang_key keys[] = {
        T_books_journal_all, T_books_journal_1, T_books_journal_2, T_books_journal_3,
        T_books_journal_4,   T_books_journal_5, T_books_journal_6, T_books_journal_7,
    };

    return keys[journal > 0 && journal <= JOURNAL_DIRECT ? journal : 0];
}

str money_side(struct http_req *req, const struct journal_side *side)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 64);
    buf_put_int(&out, side->number);
    if (side->owner != 0) {
        buf_put_char(&out, '-');
        buf_put_int(&out, side->account);
    }
    if (side->name.len > 0) {
        buf_put_char(&out, ' ');
        buf_put(&out, side->name);
    }
    return buf_str(&out);
}

const struct money_leg_row *money_legs(struct http_req *req, const struct journal_entry *entry,
                                       int32_t only, bool books, size_t *n)
{
    const struct ledger_entry *e = &entry->entry;
    struct money_leg_row *rows = arena_take_many(req->ctx.arena, entry->legs_n, sizeof *rows);

    *n = 0;
    for (size_t i = 0; rows != NULL && i < entry->legs_n; i++) {
        const struct journal_leg *leg = &entry->legs[i];

        if (only != 0 && leg->debit.number != only && leg->credit.number != only)
            continue;
        rows[(*n)++] = (struct money_leg_row){
            .date = money_day(req, e->book_date),
            .what = money_code_words(req, leg->code),
            .reference = statement_reference(req->ctx.arena, e->journal, e->year, e->num),
            .debit = money_side(req, &leg->debit),
            .credit = money_side(req, &leg->credit),
            .entry =
                books ? money_url(req, "/books/entry/%lld", (long long)e->id) : (url){STR_NONE},
            .amount = house_money(ctx_house(&req->ctx), leg->currency, leg->amount),
            .held = (leg->flags & LEDGER_PENDING) != 0,
            .released = (leg->flags & LEDGER_VOID) != 0,
            .correction = (leg->flags & LEDGER_CORRECTION) != 0};
    }
    return rows;
}

const struct house_unit *money_unit(struct http_req *req)
{
    const struct house *house = ctx_house(&req->ctx);
    const struct house_unit *unit = house_unit_by_code(house, http_field(req, "unit"));

    return unit != NULL ? unit : house->units_n > 0 ? &house->units[0] : NULL;
}

int64_t money_number(struct http_req *req, const char *field, int64_t low, int64_t high,
                     int64_t otherwise)
{
    int64_t value;

    if (http_field_int(req, field, &value) != YES || value < low || value > high)
        return otherwise;
    return value;
}

static bool is_near(int64_t page, int64_t here, int64_t last)
{
    return page == 1 || page == last || (page >= here - 2 && page <= here + 2);
}

const struct money_chip *money_page_chips(struct http_req *req, url to, int64_t here, int64_t last,
                                          size_t *n)
{
    enum { MOST = 7 };
    struct money_chip *chips = arena_take_many(req->ctx.arena, MOST, sizeof *chips);
    const int64_t near[MOST] = {1, here - 2, here - 1, here, here + 1, here + 2, last};
    int64_t before = 0;

    *n = 0;
    if (chips == NULL || last < 2)
        return NULL;
    for (size_t i = 0; i < MOST; i++) {
        struct buf address;

        if (near[i] <= before || near[i] > last || !is_near(near[i], here, last))
            continue;
        buf_init(&address, req->ctx.arena, to.s.len + 12);
        buf_put(&address, to.s);
        buf_put_int(&address, near[i]);
        chips[(*n)++] = (struct money_chip){
            .name = frame_digits(req, near[i]), .to = {buf_str(&address)}, .here = near[i] == here};
        before = near[i];
    }
    return chips;
}

no money_file(struct http_req *req, const char *name, const struct buf *csv)
{
    struct buf how;

    if (buf_failed(csv))
        return NO_TOO_LARGE;
    buf_init(&how, req->ctx.arena, 96);
    buf_printf(&how, "attachment; filename=\"%s\"", name);
    http_header(req, "Content-Disposition", buf_str(&how));
    return http_bytes(req, 200, "text/csv; charset=utf-8", NULL, STR_NONE, buf_str(csv));
}
