/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rules/register.h"

#include "base/json.h"

#include <assert.h>
#include <string.h>

void register_commit(struct hash_sha256_ctx *sha, const uint8_t opening[REGISTER_OPENING],
                     str payload, uint8_t out[HASH_SIZE])
{
    hash_hmac_sha256_with(sha, opening, S("filon/commit/v1\n"), payload, out);
}

static void keep_account(int64_t *accounts, size_t *n, int64_t account)
{
    size_t at = *n;

    while (at > 0 && accounts[at - 1] > account)
        at--;
    if (at > 0 && accounts[at - 1] == account)
        return;
    assert(*n < LEDGER_ACCOUNTS_MAX);
    memmove(accounts + at + 1, accounts + at, (*n - at) * sizeof *accounts);
    accounts[at] = account;
    ++*n;
}

size_t register_txn_accounts(const struct ledger_transfer *transfers, size_t transfers_n,
                             int64_t *out)
{
    size_t n = 0;

    for (size_t i = 0; i < transfers_n; i++) {
        keep_account(out, &n, transfers[i].debit);
        keep_account(out, &n, transfers[i].credit);
    }
    return n;
}

static void put_number(struct buf *out, str name, int64_t n)
{
    buf_put(out, name);
    buf_put_int(out, n);
}

/* Past what a double holds: a text, so that every reader gets the same number. */
static void put_long(struct buf *out, str before, int64_t n)
{
    buf_put(out, before);
    buf_put_char(out, '"');
    buf_put_int(out, n);
    buf_put_char(out, '"');
}

static void put_text(struct buf *out, str name, str text)
{
    struct json_out json = {.out = out};

    buf_put(out, name);
    json_text(&json, text);
}

static void put_hex(struct buf *out, str name, const uint8_t *bytes, size_t len)
{
    char hex[2 * HASH_SIZE];

    assert(2 * len <= sizeof hex);
    str_hex(bytes, len, hex);
    buf_put(out, name);
    buf_put_char(out, '"');
    buf_put_bytes(out, hex, 2 * len);
    buf_put_char(out, '"');
}

static void put_transfer(struct buf *out, const struct ledger_transfer *t)
{
    const int64_t numbers[] = {t->debit,         t->credit,         t->amount,     t->currency,
                               (int64_t)t->code, (int64_t)t->flags, t->pending_seq};

    put_number(out, S("["), t->seq);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        put_number(out, S(","), numbers[i]);
    put_long(out, S(","), t->expires_ns);
    put_long(out, S(","), t->event_ns);
    put_number(out, S(","), t->debit_prev);
    put_number(out, S(","), t->credit_prev);
    buf_put_char(out, ']');
}

static void put_transfers(struct buf *out, const struct ledger_transfer *transfers, size_t n,
                          int64_t account)
{
    bool comma = false;

    buf_put(out, S(",\"transfers\":["));
    for (size_t i = 0; i < n; i++) {
        if (transfers[i].debit != account && transfers[i].credit != account)
            continue;
        if (comma)
            buf_put_char(out, ',');
        put_transfer(out, &transfers[i]);
        comma = true;
    }
    buf_put_char(out, ']');
}

void register_txn_payload(struct buf *out, const struct ledger_entry *e,
                          const struct ledger_transfer *transfers, size_t transfers_n,
                          int64_t account)
{
    put_number(out, S("{\"account\":"), account);
    put_number(out, S(",\"actor\":"), e->actor);
    put_hex(out, S(",\"body\":"), e->body_hash, sizeof e->body_hash);
    put_long(out, S(",\"booked\":"), e->booked_ns);
    put_number(out, S(",\"cause\":"), (int64_t)e->cause);
    put_number(out, S(",\"cause_id\":"), e->cause_id);
    put_number(out, S(",\"corrects\":"), e->corrects);
    put_number(out, S(",\"date\":"), e->book_date);
    put_number(out, S(",\"entry\":"), e->id);
    put_number(out, S(",\"first\":"), e->first_seq);
    put_hex(out, S(",\"id\":"), e->uid.bytes, sizeof e->uid.bytes);
    put_number(out, S(",\"journal\":"), e->journal);
    put_text(out, S(",\"label\":"), e->label);
    put_number(out, S(",\"n\":"), e->transfers_n);
    put_number(out, S(",\"num\":"), e->num);
    put_text(out, S(",\"piece\":"), e->piece_ref);
    put_transfers(out, transfers, transfers_n, account);
    put_number(out, S(",\"year\":"), e->year);
    buf_put_char(out, '}');
}
