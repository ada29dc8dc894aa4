/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What people ask of the register (deeds/register.h): how far an entry is, which entries an act has
 * left, what in them is theirs, what it was at some day.
 */
#ifndef DEEDS_RECEIPT_H
#define DEEDS_RECEIPT_H

#include "deeds/register.h"
#include "store/sql_order.h"

/* --- how far ----------------------------------------------------------------------------------
 */

enum receipt_how { RECEIPT_RECORDED, RECEIPT_PUBLISHED, RECEIPT_WITNESSED, RECEIPT_HOWS };
/* In words: where nobody is asked for, nothing is ever called witnessed. */
enum receipt_how receipt_how(const struct register_state *state, int64_t index);
/* Whether the quorum has seen the entry: what large payments wait for (decision 0055). A quorum of
 * nobody has seen what is signed. False for an index that is not there. */
no view_register_is_witnessed(struct ctx *ctx, int64_t index, bool *witnessed) MUST_USE;

/* --- what an act has left -----------------------------------------------------------------------
 */

/* The place of an entry of the ledger; NO_NOT_FOUND when the register was begun without it. */
no view_receipt_place(struct ctx *ctx, int64_t ledger_entry, int64_t *index) MUST_USE;

/* What moved on one account of somebody. */
struct receipt_move {
    uint32_t code; /* enum ledger_code */
    bool held, released, correction;
    int32_t currency;
    int64_t amount; /* signed as the account's balance is */
    int64_t other;  /* member on the other side; 0 = the co-op */
    str other_name;
};
/* What a txn of this row moved on the accounts of `member` (0 = the co-op's own), in the order of
 * the transfers; none when it touches none of them. The caller checks who asks. */
no view_receipt_moves(struct ctx *ctx, const struct register_row *row, int64_t member,
                      struct receipt_move **moves, size_t *n) MUST_USE;

/* The entries that an order has left and that touch an account of the acting member, oldest first,
 * at most RECEIPTS_OF_ORDER_MAX. */
enum { RECEIPTS_OF_ORDER_MAX = 16 };
struct receipt_place {
    int64_t index, at_s;
};
no view_receipts_of_order(struct ctx *ctx, int64_t order, struct receipt_place *places,
                          size_t *n) MUST_USE;
/* The newest of them for `member`; NO_NOT_FOUND. */
no view_receipt_of_order(struct ctx *ctx, int64_t order, int64_t member, int64_t *index) MUST_USE;

/* Whether the newest movement on an account was witnessed; also true when there is none. */
no view_receipt_account_is_witnessed(struct ctx *ctx, const struct ledger_account *account,
                                     bool *witnessed) MUST_USE;

/* --- what it was ---------------------------------------------------------------
 */

/* How many entries are older than this second. */
no view_register_before(struct ctx *ctx, int64_t at_s, int64_t *count) MUST_USE;
/* The roots over the first `a` and the first `b` entries, a <= b <= recorded, fingerprinted again
 * from the entries: about a second for a million of them. */
no view_register_roots(struct ctx *ctx, int64_t a, int64_t b, struct tree_hash *root_a,
                       struct tree_hash *root_b) MUST_USE;

#endif
