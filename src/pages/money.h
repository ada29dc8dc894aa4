/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The pages of the money: where each euro goes in a year (the tall core sample, every line, the
 * months), one line's entries, the statement, sending, the books, the rules. Coordinates are whole
 * units of the drawings' boxes, laid out by money_draw.c.
 */
#ifndef PAGES_MONEY_H
#define PAGES_MONEY_H

#include "base/arena.h"
#include "base/lang.h"
#include "base/markup.h"
#include "base/money.h"
#include "pages/form.h"
#include "pages/lang.h"
#include "rules/fee.h"

#include <stdbool.h>
#include <stdint.h>

/* --- the tall core sample
 * -------------------------------------------------------------------------- */

struct money_stratum {
    str paint;       /* class of its pattern */
    str name, share; /* "Running costs", "5.2" of a hundred */
    money amount;
    int64_t y, h;                                      /* in the column */
    int64_t zoom_y, zoom_h, name_y, amount_y, share_y; /* enlarged, wide */
    int64_t thin_y, thin_h, list_y, list_h, text_y;    /* narrow: in the column, in the list */
};

struct money_core {
    bool cents, empty, has_fee; /* cents: of a euro; else of a hundred. empty: nothing paid yet */
    str work_share, work_whole; /* "91.0", "91" */
    str coop_share;             /* "9.0" */
    money total, work;
    int64_t work_h, work_mid, thin_work_h;
    int64_t zoom_from, zoom_end; /* in the column: where the enlarged part begins */
    int64_t column_end, thin_end, thin_height, zoom_bottom;
    struct money_stratum strata[3]; /* running, reserve, solidarity; those of 0 are left out */
    size_t strata_n;
};

/* Lays out a year; an empty one (nothing paid, or less than nothing) as the members decided to
 * share. `names`: of running, reserve, solidarity. Texts in the arena. */
void money_core_draw(struct money_core *core, struct arena *arena, enum lang lang,
                     const struct fee_split *year, const struct fee_params *decided,
                     struct unit unit, const str names[3]);

/* --- the months
 * ------------------------------------------------------------------------------------ */

struct money_month {
    str name;
    money total, work, coop;
    bool any, labelled;
    str label;                                               /* "62.5" */
    int64_t x, mid, work_y, work_h, coop_y, coop_h, label_y; /* wide */
    int64_t y, text_y, work_w, coop_x, coop_w, end;          /* narrow */
};

struct money_tick {
    int64_t y, text_y;
    str label;
};

struct money_plot {
    struct money_month months[12];
    struct money_tick ticks[4];
    bool any, thousands;
    str first, last; /* labels of the first and the last month with something in it */
};

/* `totals` and `coop`: minor units of twelve months. */
void money_plot_draw(struct money_plot *plot, struct arena *arena, enum lang lang,
                     const int64_t totals[12], const int64_t coop[12], struct unit unit,
                     const str names[12]);

/* "91.0" or "91,0" from tenths. */
str money_tenths(struct arena *arena, enum lang lang, int64_t tenths);

/* --- pages
 * ------------------------------------------------------------------------------------------ */

struct money_chip {
    str name;
    url to;
    bool here;
};

/* Lists, as templates go through them. */
struct money_chips {
    const struct money_chip *chips;
    size_t chips_n;
};
struct money_months {
    const struct money_month *months;
    size_t months_n;
};

struct money_row {
    str name, share;
    money amount;
    url to; /* empty: no page of its own */
    bool sub;
};

struct money_file {
    str name;
    url to;
    int64_t entries_n;
};

struct money_page {
    str title, unit_name, until; /* "21 November 2026" */
    str year;
    bool is_euro, is_time, this_year;
    const struct money_chip *chips;
    size_t chips_n;
    struct money_core core;
    struct money_plot plot;
    const struct money_row *rows;
    size_t rows_n;
    const struct money_file *files;
    size_t files_n;
    int64_t entries_n, payments_n;
    str last; /* moment of the last entry */
    bool has_more, has_hours;
    money more, hours; /* left to members beside 25 %; paid in time */
};

struct money_leg_row {
    str date, what, reference, debit, credit;
    url entry; /* its page, for those who keep the books; else empty */
    money amount;
    bool held, released, correction;
};

struct money_leg_rows {
    const struct money_leg_row *legs;
    size_t legs_n;
};

struct money_line_page {
    str title, number, name, neutral, year, journal;
    const struct money_chip *chips; /* years */
    size_t chips_n;
    const struct money_leg_row *rows;
    size_t rows_n;
    const struct money_chip *pages;
    size_t pages_n;
    url csv;
};

struct statement_row {
    str date, what, note, who, reference;
    url who_to, order_to, receipt_to; /* empty: none */
    enum lang_key how;                /* how far it is in the register, of one that is there */
    money amount, balance;
    bool plus;
};

struct statement_held {
    str what, who, until;
    url order_to;
    money amount;
    bool plus;
};

struct statement_book {
    str id, name, about; /* "direct": of its section; what it says */
    bool exists, has_limits, has_ceiling;
    money balance, out, in, available, floor, ceiling;
    bool has_out, has_in;
    const struct statement_row *rows;
    size_t rows_n;
    const struct statement_held *held;
    size_t held_n;
    const struct money_chip *pages;
    size_t pages_n;
    const struct money_file *files;
    size_t files_n;
};

struct statement_page {
    str title, who, today;
    const struct money_chip *chips;
    size_t chips_n;
    const struct statement_book *books;
    size_t books_n;
    bool may_send;
    str unit;
};

struct send_choice {
    str value, name, detail;
    bool chosen;
};

struct send_page {
    str title, to, amount, why, uid;
    const struct send_choice *units; /* to choose from */
    size_t units_n;
    const struct send_choice *who; /* several were meant */
    size_t who_n;
    const struct send_limit *limits;
    size_t limits_n;
    struct form_errors errors;
};
/* What one may still send in a unit, in words. */
struct send_limit {
    money balance, available, floor;
    bool has_floor;
};

struct send_check_page {
    str title, to, name, handle, unit, typed, why, uid;
    money amount, balance, after, floor, ceiling;
    bool has_floor, has_ceiling;
};

struct books_line {
    str number, name, other_name;
    url to;
    str accounts;
    money debits, credits, debits_pending, credits_pending, debit_balance, credit_balance;
    bool held, has_debit, has_credit;
};
struct books_unit {
    str name;
    const struct books_line *lines;
    size_t lines_n;
    money debits, credits, debits_pending, credits_pending, debit_balance, credit_balance;
    bool agrees, held;
};
struct books_page {
    str title;
    bool french;
    const struct books_unit *units;
    size_t units_n;
};

struct books_entry_row {
    str reference, date, label, piece;
    url to;
    bool correction;
    const struct money_leg_row *legs;
    size_t legs_n;
};
struct journal_choice {
    str value, name;
    bool chosen;
};
struct journal_page_view {
    str title, name, year;
    const struct journal_choice *choices;
    size_t choices_n;
    const struct books_entry_row *rows;
    size_t rows_n;
    int64_t entries_n;
    const struct money_chip *pages;
    size_t pages_n;
    const struct money_file *files;
    size_t files_n;
};
struct entry_page {
    str title, id, cause, actor, booked, reason;
    struct books_entry_row row;
    url corrects_to, corrected_to;
    bool may_reverse;
    struct form_errors errors;
};

struct rule_row {
    str name, value, decided;
};
struct rule_group {
    str id, name;
    const struct rule_row *rows;
    size_t rows_n;
};
struct rules_page {
    str title, legal_form, founded;
    const struct rule_group *groups;
    size_t groups_n;
};

#endif
