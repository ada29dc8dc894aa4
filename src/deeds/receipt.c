/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/receipt.h"

#include "deeds/ledger.h"
#include "store/sql_ledger.h"
#include "store/sql_register.h"
#include "store/sql_statement.h"

#include <assert.h>

/* --- how far ----------------------------------------------------------------------------------
 */

enum receipt_how receipt_how(const struct register_state *state, int64_t index)
{
    return index < state->witnessed && state->quorum_n > 0 ? RECEIPT_WITNESSED
           : index < state->published                      ? RECEIPT_PUBLISHED
                                                           : RECEIPT_RECORDED;
}

no view_register_is_witnessed(struct ctx *ctx, int64_t index, bool *witnessed)
{
    struct register_state state;

    TRY(view_register_state(ctx, &state));
    *witnessed = index >= 0 && index < state.witnessed;
    return YES;
}

/* --- what an act has left -----------------------------------------------------------------------
 */

no view_receipt_place(struct ctx *ctx, int64_t ledger_entry, int64_t *index)
{
    struct sql_log_entry row;

    TRY(sql_log_entry_of_txn(ctx->db, ctx->arena, ledger_entry, &row));
    *index = row.idx;
    return YES;
}

static no take_move(struct ctx *ctx, const struct ledger_transfer *t, bool is_debit, int64_t member,
                    struct receipt_move *moves, size_t *n)
{
    struct ledger_account account;
    struct sql_statement_owner other;

    TRY(sql_account_get(ctx->db, ctx->arena, is_debit ? t->debit : t->credit, &account));
    if (account.owner != member)
        return YES;
    TRY(sql_statement_owner_get(ctx->db, ctx->arena, is_debit ? t->credit : t->debit, &other));
    const int sign = ledger_sign(account.nature);

    moves[(*n)++] = (struct receipt_move){.code = t->code,
                                          .held = (t->flags & LEDGER_PENDING) != 0,
                                          .released = (t->flags & LEDGER_VOID) != 0,
                                          .correction = (t->flags & LEDGER_CORRECTION) != 0,
                                          .currency = t->currency,
                                          .amount = is_debit ? -sign * t->amount : sign * t->amount,
                                          .other = other.owner,
                                          .other_name = other.name};
    return YES;
}

/* The moves of one entry of the ledger. */
static no moves_of(struct ctx *ctx, const struct ledger_entry *entry, int64_t member,
                   struct receipt_move **out, size_t *n)
{
    struct ledger_transfer *transfers;
    size_t transfers_n;

    TRY(sql_transfer_range(ctx->db, ctx->arena, entry->first_seq,
                           entry->first_seq + entry->transfers_n - 1, &transfers, &transfers_n));
    struct receipt_move *moves = arena_take_many(ctx->arena, 2 * transfers_n, sizeof *moves);

    *n = 0;
    if (moves == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < transfers_n; i++) {
        TRY(take_move(ctx, &transfers[i], true, member, moves, n));
        TRY(take_move(ctx, &transfers[i], false, member, moves, n));
    }
    *out = moves;
    return YES;
}

no view_receipt_moves(struct ctx *ctx, const struct register_row *row, int64_t member,
                      struct receipt_move **moves, size_t *n)
{
    struct ledger_entry entry;

    *n = 0;
    if (row->kind != REGISTER_TXN)
        return YES;
    TRY(sql_entry_get(ctx->db, ctx->arena, row->ref, &entry));
    return moves_of(ctx, &entry, member, moves, n);
}

/* --- of an order ------------------------------------------------------------------------------ */

/* Keeps the entry when it touches an account of `member`. */
static no keep_place(struct ctx *ctx, const struct ledger_entry *entry, int64_t member,
                     struct receipt_place *places, size_t *n)
{
    struct receipt_move *moves;
    struct sql_log_entry row;
    size_t moves_n;

    TRY(moves_of(ctx, entry, member, &moves, &moves_n));
    if (moves_n == 0)
        return YES;
    const no answer = sql_log_entry_of_txn(ctx->db, ctx->arena, entry->id, &row);

    if (answer == NO_NOT_FOUND)
        return YES;
    TRY(answer);
    if (*n == RECEIPTS_OF_ORDER_MAX) { /* the oldest one goes */
        for (size_t i = 1; i < *n; i++)
            places[i - 1] = places[i];
        --*n;
    }
    places[(*n)++] = (struct receipt_place){row.idx, row.at_s};
    return YES;
}

/* An event that moved money noted the last of its entries: those before it, back to that of the
 * event before, are its own when they were caused by the order. */
static no keep_event(struct ctx *ctx, int64_t order, int64_t after, int64_t last, int64_t member,
                     struct receipt_place *places, size_t *n)
{
    int64_t first = last;
    struct ledger_entry entry;

    for (; first - 1 > after; first--) {
        TRY(sql_entry_get(ctx->db, ctx->arena, first - 1, &entry));
        if (entry.cause != CAUSE_ORDER || entry.cause_id != order)
            break;
    }
    for (int64_t id = first; id <= last; id++) {
        TRY(sql_entry_get(ctx->db, ctx->arena, id, &entry));
        TRY(keep_place(ctx, &entry, member, places, n));
    }
    return YES;
}

static no places_of(struct ctx *ctx, int64_t order, int64_t member, struct receipt_place *places,
                    size_t *n)
{
    struct sql_order_event *events;
    int64_t after = 0;
    size_t events_n;

    *n = 0;
    TRY(sql_order_event_list(ctx->db, ctx->arena, order, &events, &events_n));
    for (size_t i = 0; i < events_n; i++) {
        if (events[i].entry <= after)
            continue;
        TRY(keep_event(ctx, order, after, events[i].entry, member, places, n));
        after = events[i].entry;
    }
    return YES;
}

no view_receipts_of_order(struct ctx *ctx, int64_t order, struct receipt_place *places, size_t *n)
{
    *n = 0;
    return ctx->actor.member == 0 ? YES : places_of(ctx, order, ctx->actor.member, places, n);
}

no view_receipt_of_order(struct ctx *ctx, int64_t order, int64_t member, int64_t *index)
{
    struct receipt_place places[RECEIPTS_OF_ORDER_MAX];
    size_t n;

    TRY(places_of(ctx, order, member, places, &n));
    if (n == 0)
        return NO_NOT_FOUND;
    *index = places[n - 1].index;
    return YES;
}

no view_receipt_account_is_witnessed(struct ctx *ctx, const struct ledger_account *account,
                                     bool *witnessed)
{
    struct ledger_transfer last;
    int64_t index;

    *witnessed = true;
    if (account->last_seq == 0)
        return YES;
    TRY(sql_transfer_get(ctx->db, ctx->arena, account->last_seq, &last));
    const no answer = view_receipt_place(ctx, last.entry, &index);

    if (answer == NO_NOT_FOUND) /* there is no register */
        return YES;
    TRY(answer);
    return view_register_is_witnessed(ctx, index, witnessed);
}

/* --- what it was ---------------------------------------------------------------
 */

/* The times never decrease, so the place is halved for. */
no view_register_before(struct ctx *ctx, int64_t at_s, int64_t *count)
{
    struct tree_frontier head;
    int64_t low = 0;

    TRY(view_register_head(ctx, &head));
    for (int64_t high = (int64_t)head.size; low < high;) {
        const size_t mark = arena_mark(ctx->arena);
        const int64_t middle = low + (high - low) / 2;
        struct sql_log_entry row;

        TRY(sql_log_entry_get(ctx->db, ctx->arena, middle, &row));
        if (row.at_s < at_s)
            low = middle + 1;
        else
            high = middle;
        arena_rewind(ctx->arena, mark);
    }
    *count = low;
    return YES;
}

struct growing {
    struct hash_sha256_ctx sha;
    struct tree_frontier tree;
};

static no grow(void *growing_, const struct register_row *row)
{
    struct growing *growing = growing_;
    struct tree_hash leaf;

    if ((uint64_t)row->idx != growing->tree.size)
        return NO_REGISTER_DAMAGED;
    tree_leaf(&growing->sha, row->body, &leaf);
    tree_frontier_push(&growing->sha, &growing->tree, &leaf);
    return YES;
}

static no grow_to(struct ctx *ctx, struct growing *growing, int64_t size, struct tree_hash *root)
{
    TRY(view_register_rows(ctx, (int64_t)growing->tree.size, size, grow, growing));
    if (growing->tree.size != (uint64_t)size)
        return NO_REGISTER_DAMAGED;
    tree_frontier_root(&growing->sha, &growing->tree, root);
    return YES;
}

no view_register_roots(struct ctx *ctx, int64_t a, int64_t b, struct tree_hash *root_a,
                       struct tree_hash *root_b)
{
    struct growing growing = {.tree.size = 0};

    assert(a >= 0 && a <= b);
    hash_sha256_init(&growing.sha);
    no answer = grow_to(ctx, &growing, a, root_a);

    if (answer == YES)
        answer = grow_to(ctx, &growing, b, root_b);
    hash_sha256_release(&growing.sha);
    return answer;
}
