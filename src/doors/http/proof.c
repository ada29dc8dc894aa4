/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * /proof: the register for everybody; /proof/ID: one entry, its receipt and its files.
 */
#include "doors/http/proof.h"

#include "deeds/house.h"
#include "doors/http/money.h"
#include "doors/http/rooms.h"
#include "doors/log/receipt.h"
#include "pages/page_proof.h"

#include <string.h>

/* --- the register ------------------------------------------------------------------------------
 */

static no fill_rows(struct http_req *req, struct proof_page *view)
{
    const int64_t size = view->state.recorded;
    const int64_t pages = (size + PROOF_PAGE_ROWS - 1) / PROOF_PAGE_ROWS;
    const int64_t here = money_number(req, "page", 1, pages > 0 ? pages : 1, 1);
    struct register_state state;
    struct register_row *found;
    size_t n;

    TRY(view_register_state(&req->ctx, &state));
    TRY(view_register_last(&req->ctx, size - (here - 1) * PROOF_PAGE_ROWS, PROOF_PAGE_ROWS, &found,
                           &n));
    struct proof_row *rows = arena_take_many(req->ctx.arena, n, sizeof *rows);

    if (rows == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++) {
        const enum receipt_how how = receipt_how(&state, found[i].idx);

        rows[i] = (struct proof_row){.place = frame_digits(req, found[i].idx),
                                     .what = proof_what(req, &found[i]),
                                     .when = proof_moment(req, found[i].at_s),
                                     .to = proof_url(req, found[i].idx),
                                     .how = proof_how_key(how),
                                     .final = how == RECEIPT_WITNESSED};
    }
    view->rows = rows;
    view->rows_n = n;
    view->pages =
        money_page_chips(req, money_url(req, "/proof?page="), here, pages, &view->pages_n);
    return YES;
}

no http_proof(struct http_req *req)
{
    struct proof_page view = {.title = frame_text(req, T_proof_title)};
    struct proof_public public;
    struct page page;
    struct buf out;

    if (ctx_house(&req->ctx)->state == HOUSE_FOUNDING)
        return NO_NOT_FOUNDED;
    TRY(proof_public(req, &public));
    TRY(proof_state(req, &public, &view.state));
    TRY(fill_rows(req, &view));
    frame_page(req, &page);
    frame_buf(req, &out);
    page_proof_home(&out, &page, &view);
    return http_html(req, 200, &out);
}

/* --- one entry: what of it is whose ------------------------------------------------------------
 */

struct asked {
    int64_t index;
    struct register_row row;
    struct register_receipt mine; /* of the acting member and, for who audits, of the co-op */
    size_t coop_from;             /* slots from here on are the co-op's */
    enum receipt_how how;
};

/* The number in the path: as http_param_id, but counted from 0. */
static no read_index(struct http_req *req, int64_t *index)
{
    if (!str_eq(http_param(req, "id"), S("0")))
        return http_param_id(req, "id", index);
    *index = 0;
    return YES;
}

static void add_slots(struct register_receipt *to, const struct register_receipt *from)
{
    for (size_t i = 0; i < from->slots_n && to->slots_n < REGISTER_RECEIPT_SLOTS; i++)
        to->slots[to->slots_n++] = from->slots[i];
}

static no read_row(struct http_req *req, struct asked *asked)
{
    const bool audits = actor_has(&req->ctx, ROLE_ACCOUNTANT | ROLE_AUDITOR);
    const int64_t member = req->ctx.actor.member;
    struct register_receipt coop;
    struct register_state state;

    TRY(view_register_state(&req->ctx, &state));
    TRY(view_register_receipt(&req->ctx, asked->index, member == 0 ? -1 : member, &asked->mine));
    asked->row = asked->mine.row;
    asked->coop_from = asked->mine.slots_n;
    if (audits && asked->row.kind == REGISTER_TXN) {
        TRY(view_register_receipt(&req->ctx, asked->index, 0, &coop));
        add_slots(&asked->mine, &coop);
    }
    asked->how = receipt_how(&state, asked->index);
    return YES;
}

static no read_asked(struct http_req *req, struct asked *asked)
{
    TRY(read_index(req, &asked->index));
    return read_row(req, asked);
}

static str who_of(struct http_req *req, const struct receipt_move *move)
{
    if (move->other == 0)
        return ctx_house(&req->ctx)->name;
    return move->other_name.len > 0 ? move->other_name : frame_text(req, T_statement_left);
}

static no fill_moves(struct http_req *req, const struct asked *asked, struct proof_entry_page *view)
{
    const int64_t member = asked->coop_from > 0 ? req->ctx.actor.member : 0;
    struct receipt_move *moves;
    size_t n;

    TRY(view_receipt_moves(&req->ctx, &asked->row, member, &moves, &n));
    struct proof_move *list = arena_take_many(req->ctx.arena, n, sizeof *list);

    if (list == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        list[i] = (struct proof_move){
            .what = money_code_words(req, moves[i].code),
            .who = who_of(req, &moves[i]),
            .amount = house_money(ctx_house(&req->ctx), moves[i].currency, moves[i].amount),
            .plus = moves[i].amount > 0,
            .held = moves[i].held,
            .released = moves[i].released,
            .correction = moves[i].correction};
    view->moves = list;
    view->moves_n = n;
    return YES;
}

static no fill_receipt(struct http_req *req, const struct asked *asked,
                       struct proof_entry_page *view)
{
    const size_t n = asked->mine.slots_n;
    struct proof_opened *opens = arena_take_many(req->ctx.arena, n, sizeof *opens);

    if (opens == NULL)
        return NO_TOO_LARGE;
    view->concerned = n > 0;
    view->of_coop = n > 0 && asked->coop_from == 0;
    view->all_erased = n > 0;
    for (size_t i = 0; i < n; i++) {
        const struct register_opened *slot = &asked->mine.slots[i];

        opens[i] = (struct proof_opened){.slot = frame_digits(req, slot->slot),
                                         .opening = proof_hex(req, slot->opening),
                                         .payload = slot->payload,
                                         .erased = slot->erased};
        view->all_erased = view->all_erased && slot->erased;
    }
    view->opens = opens;
    view->opens_n = n;
    return n == 0 ? YES : fill_moves(req, asked, view);
}

/* --- its page ----------------------------------------------------------------------------------
 */

static str leaf_of(struct http_req *req, str body)
{
    struct hash_sha256_ctx sha;
    struct tree_hash leaf;

    hash_sha256_init(&sha);
    tree_leaf(&sha, body, &leaf);
    hash_sha256_release(&sha);
    return proof_hex(req, leaf.bytes);
}

static str title_of(struct http_req *req, int64_t index)
{
    return money_words(req, T_proof_entry_n,
                       (struct money_value[]){{"n", frame_digits(req, index)}, {NULL, STR_NONE}});
}

static no fill_entry(struct http_req *req, const struct asked *asked, struct proof_entry_page *view)
{
    static const enum lang_key hows[RECEIPT_HOWS] = {T_proof_recorded_is, T_proof_published_is,
                                                     T_proof_witnessed_is};
    struct register_state state;

    TRY(view_register_state(&req->ctx, &state));
    *view = (struct proof_entry_page){.title = title_of(req, asked->index),
                                      .place = frame_digits(req, asked->index),
                                      .what = proof_what(req, &asked->row),
                                      .when = proof_moment(req, asked->row.at_s),
                                      .body = asked->row.body,
                                      .leaf = leaf_of(req, asked->row.body),
                                      .how = proof_how_key(asked->how),
                                      .how_what = hows[asked->how],
                                      .final = asked->how == RECEIPT_WITNESSED,
                                      .published = asked->how != RECEIPT_RECORDED,
                                      .has_before = asked->index > 0,
                                      .has_after = asked->index + 1 < state.recorded,
                                      .before = proof_url(req, asked->index - 1),
                                      .after = proof_url(req, asked->index + 1),
                                      .sealed = asked->row.kind == REGISTER_TXN ||
                                                asked->row.kind == REGISTER_MEMBER};
    TRY(proof_facts(req, &asked->row, &view->facts, &view->facts_n));
    return fill_receipt(req, asked, view);
}

no http_proof_entry(struct http_req *req)
{
    struct proof_entry_page view;
    struct asked asked;
    struct page page;
    struct buf out;

    TRY(read_asked(req, &asked));
    TRY(fill_entry(req, &asked, &view));
    if (view.concerned)
        http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_proof_entry(&out, &page, &view);
    return http_html(req, 200, &out);
}

/* --- its files ---------------------------------------------------------------------------------
 */

static void name_file(struct http_req *req, str what, int64_t index, str ending)
{
    struct buf value;

    buf_init(&value, req->ctx.arena, 96);
    buf_put(&value, S("attachment; filename=\""));
    buf_put(&value, what);
    buf_put_int(&value, index);
    buf_put(&value, ending);
    buf_put_char(&value, '"');
    http_header(req, "Content-Disposition", buf_str(&value));
}

no http_proof_entry_json(struct http_req *req)
{
    struct asked asked;

    TRY(read_asked(req, &asked));
    name_file(req, S("entry-"), asked.index, S(".json"));
    return http_bytes(req, 200, "application/json", NULL, STR_NONE, asked.row.body);
}

/* Empty for whom it does not concern. */
static no receipt_text(struct http_req *req, const struct asked *asked, str *text)
{
    struct log_receipt *receipt = arena_take(req->ctx.arena, sizeof *receipt);
    struct buf out;

    *text = S("");
    if (receipt == NULL)
        return NO_OUT_OF_MEMORY;
    receipt->entry = asked->row.body;
    receipt->index = asked->index;
    TRY(view_register_origin(&req->ctx, &receipt->origin));
    for (size_t i = 0; i < asked->mine.slots_n; i++) {
        const struct register_opened *slot = &asked->mine.slots[i];
        struct log_receipt_open *open = &receipt->opens[receipt->opens_n];

        if (slot->erased)
            continue;
        *open = (struct log_receipt_open){.slot = slot->slot, .payload = slot->payload};
        memcpy(open->opening, slot->opening, sizeof open->opening);
        receipt->opens_n++;
    }
    if (receipt->opens_n == 0)
        return YES;
    buf_init(&out, req->ctx.arena, 2 * asked->row.body.len + 4096);
    log_receipt_put(&out, receipt);
    *text = buf_str(&out);
    return buf_failed(&out) ? NO_TOO_LARGE : YES;
}

/* NO_NOT_FOUND: no checkpoint covers the entry yet. */
static no proof_text(struct http_req *req, const struct asked *asked, str *text)
{
    const char *where = http_log_dir(req);
    struct log_files files;
    struct buf out;

    if (where == NULL)
        return NO_NOT_FOUND;
    TRY(log_files_open(&files, req->ctx.arena, str_of(where)));
    buf_init(&out, req->ctx.arena, 8192);
    const no answer =
        log_proof_put(&out, &files, req->ctx.arena, (uint64_t)asked->index, asked->row.body);

    log_files_close(&files);
    TRY(answer);
    *text = buf_str(&out);
    return buf_failed(&out) ? NO_TOO_LARGE : YES;
}

no proof_texts(struct http_req *req, str index, str *receipt, str *proof)
{
    struct asked asked = {.index = 0};

    if (!str_to_int64(index, &asked.index) || asked.index < 0)
        return NO_NOT_FOUND;
    TRY(read_row(req, &asked));
    TRY(receipt_text(req, &asked, receipt));
    const no answer = receipt->len == 0 ? NO_NOT_FOUND : proof_text(req, &asked, proof);

    return answer == NO_NOT_FOUND ? YES : answer;
}

/* For whom it concerns: for all others there is nothing here, whoever they are. */
no http_proof_receipt(struct http_req *req)
{
    struct asked asked;
    str text;

    TRY(read_asked(req, &asked));
    TRY(receipt_text(req, &asked, &text));
    if (text.len == 0)
        return NO_NOT_FOUND;
    http_private(req);
    name_file(req, S("receipt-"), asked.index, S(".json"));
    return http_bytes(req, 200, "application/json", NULL, STR_NONE, text);
}

no http_proof_file(struct http_req *req)
{
    struct asked asked;
    str text;

    TRY(read_asked(req, &asked));
    const no answer = proof_text(req, &asked, &text);

    if (answer == NO_NOT_FOUND)
        return NO_PROOF_NOT_YET;
    TRY(answer);
    name_file(req, S("entry-"), asked.index, S(".tlog-proof"));
    return http_bytes(req, 200, "text/plain; charset=utf-8", NULL, STR_NONE, text);
}
