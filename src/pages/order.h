/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the pages of orders show. Filled by doors/http/order_*.c; texts are in the page's language
 * and live as long as the page.
 */
#ifndef PAGES_ORDER_H
#define PAGES_ORDER_H

#include "base/markup.h"
#include "base/money.h"
#include "pages/core_sample.h"
#include "pages/form.h"
#include "pages/lang.h"
#include "rules/order.h"

#include <stdbool.h>

/* Who gets what of a price, in one line with its small bar. */
struct order_share {
    money total, work, running, reserve, solidarity;
    struct split_bar bar;
};

/* --- asking --------------------------------------------------------------------------------- */

/* `seen`: what the page showed, sent back so that a price that changed meanwhile is noticed. */
struct ask_variant {
    str id, label, seen;
    money a, b;
    bool has_a, has_b, chosen, gone;
};
struct ask_also {
    str id, title, seen, quantity;
    money a, b;
    bool has_a, has_b;
};
struct ask_pay {
    str value;
    money amount;
    bool chosen, purse; /* purse: paid inside, of which this much can be spent */
    money balance, available;
};
struct order_ask_page {
    str title, offer, provider, place, uid, seen;
    str worker;                  /* who does the work: the provider, or who answers a need */
    bool need, visitor, several; /* several: a quantity can be chosen */
    const struct ask_variant *variants;
    size_t variants_n;
    const struct ask_also *also;
    size_t also_n;
    bool also_open;             /* some of them are asked for */
    const struct ask_pay *pays; /* two ways to choose from; else none */
    size_t pays_n;
    const money *totals; /* what is paid, as chosen now; none: free */
    size_t totals_n;
    struct order_share share;
    bool has_share, outside;                         /* outside: money goes from person to person */
    str quantity, date, date_min, note, name, email; /* as typed */
    enum lang_key per, cancel;
    int64_t left, accept_hours; /* left -1: not counted */
    str notice;                 /* why nothing was asked yet; empty: nothing happened */
    str instead_id, instead_title;
    bool closed, members_only; /* cannot be asked for: the words, and what to do instead */
    struct form_errors errors;
};

/* --- one order -------------------------------------------------------------------------------- */

struct order_step_view {
    enum lang_key what;
    str when;
    bool done;
};
/* One unit of the price, with what the forms about it hold. */
struct order_part_view {
    int64_t n;
    str unit; /* "EUR" */
    money total, work, fee;
    enum lang_key state; /* order.money.NAME */
    bool direct, has_returned, has_owed, owed_to_me;
    money returned, owed;
    money back, kept;             /* if I cancel now */
    money counter;                /* proposed by a counter-offer */
    money split_back, split_work; /* proposed to settle */
    money left;                   /* that could still be given back */
    str price_typed, back_typed, actual_typed, amount_typed;
};
struct order_event_view {
    enum lang_key what;
    str who, when, note;
    bool fresh; /* came while the reader was looking at an older page */
};
struct order_message_view {
    str who, when, body;
    bool mine;
};
struct order_line_row {
    str title, offer;
    int64_t quantity;
};
struct order_review_view {
    bool may_write, wrote, theirs;
    str until, mine_text, theirs_text, typed;
    int64_t mine_stars, theirs_stars, stars_typed;
    bool mine_open;
};
struct order_receipt_line {
    url to;
    str when;
    enum lang_key how;
};

struct order_page {
    str id, reference, title, code, other, buyer, provider, mediator;
    str buyer_handle, provider_handle; /* empty: has no page of their own */
    enum order_who me;
    enum order_state state_now;
    enum lang_key kind, state, cancel;
    const struct order_step_view *steps;
    size_t steps_n;
    /* Whose turn. */
    bool waits, mine, has_otherwise;
    str waits_for, until;
    enum lang_key todo, otherwise;
    /* Facts. */
    str date, place, counter_date;
    const struct order_line_row *lines;
    size_t lines_n;
    const struct order_part_view *parts;
    size_t parts_n;
    /* What I may do. */
    bool can[ORDER_EVENTS];
    enum order_event main, failed; /* failed: the form that came back */
    bool may_mediate, coded, dated, actual, in_flight, may_pay;
    str proposal_by;
    int64_t events_seen;
    str note_typed, date_typed, code_typed,
        kept; /* kept: words of a form that is no longer there */
    const struct order_event_view *events;
    size_t events_n;
    const struct order_message_view *messages;
    size_t messages_n;
    bool may_write, sees_messages;
    struct order_review_view review;
    const struct order_receipt_line *receipts; /* in the register, of who looks */
    size_t receipts_n;
    str notice;
    int64_t wish; /* of the form about a problem: 0 talk, 1 a part back, 2 all back */
    struct form_errors errors;
};

/* --- paying outside ----------------------------------------------------------------------------
 */

struct order_pay_page {
    str id, title, provider, amount_plain, reference, iban, iban_plain, name, until;
    money amount;
    bool has_iban, said, seen, mine; /* mine: the one who pays looks */
    int64_t events_seen;
    bool can_say, can_see;
    html qr; /* empty: no account number */
};

/* --- lists -------------------------------------------------------------------------------------
 */

struct order_row {
    str id, title, other, date, until;
    enum lang_key state, todo;
    bool turn, bought, has_todo, has_a, has_b;
    money a, b;
};
struct order_list_page {
    int64_t tab, counts[3], page, pages_n;
    const struct order_row *rows;
    size_t rows_n;
    bool provides; /* has a day to print */
};
struct order_day_row {
    str id, title, other, place, clock, note, reference;
    enum lang_key state;
    bool has_a, has_b;
    money a, b;
};
struct order_day_page {
    str date, today, before, after;
    const struct order_day_row *rows, *undated;
    size_t rows_n, undated_n;
};

/* --- what a printer gets
 * -------------------------------------------------------------------------- */

struct order_receipt_page {
    str id, reference, title, buyer, provider, asked, ended, coop;
    enum lang_key state;
    const struct order_line_row *lines;
    size_t lines_n;
    const struct order_part_view *parts;
    size_t parts_n;
    bool over;
};

#endif
