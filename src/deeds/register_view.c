/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/register.h"
#include "store/sql_ledger.h"
#include "store/sql_register.h"

#include <string.h>

no view_register_head(struct ctx *ctx, struct tree_frontier *head)
{
    struct sql_log_head row;

    if (ctx->writing && ctx->log->at.known) {
        *head = ctx->log->at.head;
        return YES;
    }
    TRY(sql_log_head_get(ctx->db, ctx->arena, &row));
    return tree_frontier_parse((uint64_t)row.size, row.frontier, head);
}

no view_register_origin(struct ctx *ctx, str *origin)
{
    struct sql_log_name row;

    TRY(sql_log_name_get(ctx->db, ctx->arena, &row));
    *origin = row.origin;
    return YES;
}

static struct register_row row_of(const struct sql_log_entry *row)
{
    return (struct register_row){row->idx, row->kind, row->ref, row->at_s, row->body};
}

struct walk {
    no (*each)(void *self, const struct register_row *row);
    void *self;
};

static no pass_on(void *walk_, const struct sql_log_entry *row)
{
    const struct walk *walk = walk_;
    const struct register_row passed = row_of(row);

    return walk->each(walk->self, &passed);
}

no view_register_rows(struct ctx *ctx, int64_t from, int64_t to,
                      no (*each)(void *self, const struct register_row *row), void *self)
{
    struct walk walk = {each, self};

    return sql_log_entry_range(ctx->db, from, to - 1, pass_on, &walk);
}

no view_register_last(struct ctx *ctx, int64_t before, int64_t count, struct register_row **rows,
                      size_t *n)
{
    struct sql_log_entry *found;

    TRY(sql_log_entry_before(ctx->db, ctx->arena, before, count, &found, n));
    struct register_row *list = arena_take_many(ctx->arena, *n, sizeof *list);

    if (list == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < *n; i++)
        list[i] = row_of(&found[i]);
    *rows = list;
    return YES;
}

no view_register_about(struct ctx *ctx, enum register_kind kind, int64_t ref,
                       struct register_row *row)
{
    struct sql_log_entry found;

    if (kind == REGISTER_TXN)
        TRY(sql_log_entry_of_txn(ctx->db, ctx->arena, ref, &found));
    else
        TRY(sql_log_entry_about(ctx->db, ctx->arena, (int64_t)kind, ref, &found));
    *row = row_of(&found);
    return YES;
}

/* --- how far it is -----------------------------------------------------------------------------
 */

no view_register_state(struct ctx *ctx, struct register_state *state)
{
    struct tree_frontier head;
    struct sql_log_state row;

    TRY(view_register_head(ctx, &head));
    TRY(sql_log_state_get(ctx->db, ctx->arena, &row));
    *state = (struct register_state){.recorded = (int64_t)head.size,
                                     .published = row.published,
                                     .witnessed = row.witnessed,
                                     .witnessed_at_s = row.witnessed_at_s,
                                     .witnesses_n = row.witnesses_n,
                                     .quorum_n = row.quorum_n,
                                     .still = row.still};
    return YES;
}

static no put_state(struct ctx *ctx, void *state_)
{
    const struct register_state *state = state_;

    /* Not read again: entries of other deeds of this batch may wait for their head to be written.
     */
ctx->log->still = state->still == REGISTER_ROLLED_BACK || state->still == REGISTER_FORKED;
    return sql_log_state_put(ctx->db, state->published, state->witnessed, state->witnessed_at_s,
                             state->witnesses_n, state->quorum_n, state->still);
}

no deed_register_state(struct ctx *ctx, const struct register_state *state)
{
    struct register_state copy = *state;

    return deed_run(ctx, put_state, &copy);
}

/* --- receipts ----------------------------------------------------------------------------------
 */

static bool is_erased(const uint8_t opening[REGISTER_OPENING])
{
    static const uint8_t zeros[REGISTER_OPENING];

    return memcmp(opening, zeros, sizeof zeros) == 0;
}

/* Slot number `slot` of an entry whose openings are `open`. */
static no take_slot(const struct sql_log_open *open, size_t slot, str payload,
                    struct register_receipt *receipt)
{
    if (receipt->slots_n == REGISTER_RECEIPT_SLOTS)
        return YES;
    if ((slot + 1) * REGISTER_OPENING > open->openings.len)
        return NO_REGISTER_DAMAGED;
    struct register_opened *opened = &receipt->slots[receipt->slots_n++];

    opened->slot = (int64_t)slot;
    memcpy(opened->opening, open->openings.ptr + slot * REGISTER_OPENING, REGISTER_OPENING);
    opened->erased = is_erased(opened->opening);
    opened->payload = opened->erased ? STR_NONE : payload;
    return YES;
}

static no take_money(struct ctx *ctx, const struct sql_log_open *open, int64_t member,
                     struct register_receipt *receipt)
{
    int64_t accounts[LEDGER_ACCOUNTS_MAX];
    struct ledger_transfer *transfers;
    struct ledger_entry entry;
    size_t n;

    TRY(sql_entry_get(ctx->db, ctx->arena, receipt->row.ref, &entry));
    TRY(sql_transfer_range(ctx->db, ctx->arena, entry.first_seq,
                           entry.first_seq + entry.transfers_n - 1, &transfers, &n));
    const size_t slots = register_txn_accounts(transfers, n, accounts);

    for (size_t i = 0; i < slots; i++) {
        struct ledger_account account;
        struct buf payload;

        TRY(sql_account_get(ctx->db, ctx->arena, accounts[i], &account));
        if (account.owner != member)
            continue;
        buf_init(&payload, ctx->arena, 512);
        register_txn_payload(&payload, &entry, transfers, n, accounts[i]);
        if (buf_failed(&payload))
            return NO_TOO_LARGE;
        TRY(take_slot(open, i, buf_str(&payload), receipt));
    }
    return YES;
}

static no take_kept(struct ctx *ctx, const struct sql_log_open *open, int64_t member,
                    struct register_receipt *receipt)
{
    struct sql_log_payload kept = {.payload = STR_NONE};

    if (receipt->row.ref != member)
        return YES;
    const no answer = sql_log_payload_get(ctx->db, ctx->arena, receipt->row.idx, 0, &kept);

    if (answer != YES && answer != NO_NOT_FOUND)
        return answer;
    return take_slot(open, 0, kept.payload, receipt);
}

no view_register_receipt(struct ctx *ctx, int64_t index, int64_t member,
                         struct register_receipt *receipt)
{
    struct register_receipt made = {.slots_n = 0};
    struct sql_log_entry row;
    struct sql_log_open open;

    TRY(sql_log_entry_get(ctx->db, ctx->arena, index, &row));
    made.row = row_of(&row);
    const no answer = sql_log_open_get(ctx->db, ctx->arena, index, &open);

    if (answer != YES && answer != NO_NOT_FOUND)
        return answer;
    if (answer == YES && row.kind == REGISTER_TXN)
        TRY(take_money(ctx, &open, member, &made));
    else if (answer == YES)
        TRY(take_kept(ctx, &open, member, &made));
    *receipt = made;
    return YES;
}
