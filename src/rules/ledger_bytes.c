/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The canonical bytes of requests and entries. Once an entry is in a register these can never
 * change: a new form gets a new first line.
 */
#include "rules/ledger.h"

#include <assert.h>

static void put_u64(struct buf *out, uint64_t n)
{
    uint8_t bytes[8];

    for (int i = 7; i >= 0; i--, n >>= 8)
        bytes[i] = (uint8_t)(n & 0xff);
    buf_put_bytes(out, bytes, sizeof bytes);
}

static void put_i64(struct buf *out, int64_t n)
{
    put_u64(out, (uint64_t)n);
}

static void put_u32(struct buf *out, uint32_t n)
{
    const uint8_t bytes[4] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8),
                              (uint8_t)n};

    buf_put_bytes(out, bytes, sizeof bytes);
}

static void put_i32(struct buf *out, int32_t n)
{
    put_u32(out, (uint32_t)n);
}

static void put_text(struct buf *out, str text)
{
    assert(text.len <= UINT32_MAX);
    put_u32(out, (uint32_t)text.len);
    buf_put(out, text);
}

void ledger_request_bytes(struct buf *out, const struct ledger_request *request)
{
    buf_put(out, S("filon ledger request 1\n"));
    buf_put_bytes(out, request->uid.bytes, sizeof request->uid.bytes);
    put_i32(out, request->journal);
    put_text(out, request->piece_ref);
    put_text(out, request->label);
    put_i64(out, request->actor);
    put_u32(out, request->cause);
    put_i64(out, request->cause_id);
    put_i64(out, request->corrects);
    put_u64(out, request->legs_n);
    for (size_t i = 0; i < request->legs_n; i++) {
        const struct ledger_leg *leg = &request->legs[i];
        put_u32(out, (uint32_t)leg->kind);
        put_i64(out, leg->debit);
        put_i64(out, leg->credit);
        put_i64(out, leg->amount);
        put_i32(out, leg->currency);
        put_u32(out, leg->code);
        put_u32(out, leg->marks);
        put_i64(out, leg->hold);
        put_i64(out, leg->event_ns);
    }
}

static void put_transfer(struct buf *out, const struct ledger_transfer *transfer)
{
    put_i64(out, transfer->seq);
    put_i64(out, transfer->debit);
    put_i64(out, transfer->credit);
    put_i64(out, transfer->amount);
    put_i32(out, transfer->currency);
    put_u32(out, transfer->code);
    put_u32(out, transfer->flags);
    put_i64(out, transfer->pending_seq);
    put_i64(out, transfer->expires_ns);
    put_i64(out, transfer->event_ns);
    put_i64(out, transfer->debit_prev);
    put_i64(out, transfer->credit_prev);
}

void ledger_entry_bytes(struct buf *out, const struct ledger_entry *entry,
                        const struct ledger_transfer *transfers, size_t transfers_n)
{
    buf_put(out, S("filon ledger entry 1\n"));
    put_i64(out, entry->id);
    buf_put_bytes(out, entry->uid.bytes, sizeof entry->uid.bytes);
    buf_put_bytes(out, entry->body_hash, sizeof entry->body_hash);
    put_i32(out, entry->journal);
    put_i32(out, entry->year);
    put_i64(out, entry->num);
    put_i32(out, entry->book_date);
    put_text(out, entry->piece_ref);
    put_text(out, entry->label);
    put_i64(out, entry->actor);
    put_u32(out, entry->cause);
    put_i64(out, entry->cause_id);
    put_i64(out, entry->corrects);
    put_i64(out, entry->booked_ns);
    put_u64(out, transfers_n);
    for (size_t i = 0; i < transfers_n; i++) {
        assert(transfers[i].entry == entry->id);
        put_transfer(out, &transfers[i]);
    }
}
