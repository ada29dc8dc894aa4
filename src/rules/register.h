/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What an entry of the register commits to, as bytes. Once one is in a register these can never
 * change: a new form gets another first line. Source: specs register 4.2, decision 0050.
 */
#ifndef RULES_REGISTER_H
#define RULES_REGISTER_H

#include "base/hash.h"
#include "rules/ledger.h"

enum { REGISTER_OPENING = 32 };

/* HMAC-SHA256(opening, "filon/commit/v1\n" || payload). `sha` is the caller's, between two
 * fingerprints. */
void register_commit(struct hash_sha256_ctx *sha, const uint8_t opening[REGISTER_OPENING],
                     str payload, uint8_t out[HASH_SIZE]);

/* The accounts that transfers touch, ascending, each once: slot i of a txn is accounts[i]. At most
 * LEDGER_ACCOUNTS_MAX; `out` must hold 2 * transfers_n when that is less. Returns how many. */
size_t register_txn_accounts(const struct ledger_transfer *transfers, size_t transfers_n,
                             int64_t *out);

/* The payload of one account's slot: canonical JSON with every column of the entry and of those of
 * its transfers that touch the account. Numbers past 2^53 (times) are texts. A transfer is a list:
 * number, debit, credit, amount, currency, code, flags, hold, expiry, event, the transfer before it
 * on the debit account, and on the credit account. */
void register_txn_payload(struct buf *out, const struct ledger_entry *entry,
                          const struct ledger_transfer *transfers, size_t transfers_n,
                          int64_t account);

#endif
