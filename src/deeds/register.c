/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/register.h"

#include "store/sql_register.h"
#include "wire/jcs.h"

#include <assert.h>
#include <string.h>

enum { MEMBERS_MAX = 16, COMMITMENT_SIZE = 2 * HASH_SIZE + 3 };
#define NS_PER_S INT64_C(1000000000)

static const str kinds[REGISTER_KINDS] = {
    [REGISTER_GENESIS] = {"genesis", 7},   [REGISTER_KEY] = {"key", 3},
    [REGISTER_WITNESS] = {"witness", 7},   [REGISTER_PARAM] = {"param", 5},
    [REGISTER_TXN] = {"txn", 3},           [REGISTER_CLOSE] = {"close", 5},
    [REGISTER_MEMBER] = {"member", 6},     [REGISTER_ERASE] = {"erase", 5},
    [REGISTER_RELEASE] = {"release", 7},   [REGISTER_PEER] = {"peer", 4},
    [REGISTER_INCIDENT] = {"incident", 8},
};

str register_kind_name(enum register_kind kind)
{
    return (unsigned)kind < REGISTER_KINDS ? kinds[kind] : STR_NONE;
}

/* --- the head ----------------------------------------------------------------------------------
 */

static no load(struct ctx *ctx)
{
    struct register_book *book = ctx->log;
    struct sql_log_head head;
    struct sql_log_state state;

    if (book->at.known)
        return YES;
    TRY(sql_log_head_get(ctx->db, ctx->arena, &head));
    TRY(sql_log_state_get(ctx->db, ctx->arena, &state));
    TRY(sql_log_last_at(ctx->db, &book->at.last_at_s));
    TRY(sql_log_shift_last(ctx->db, &book->at.shift));
    TRY(tree_frontier_parse((uint64_t)head.size, head.frontier, &book->at.head));
    book->still = state.still == REGISTER_ROLLED_BACK || state.still == REGISTER_FORKED;
    book->at.changed = false;
    book->at.known = true;
    return YES;
}

no register_settle(struct db *db, struct register_book *book)
{
    uint8_t bytes[TREE_FRONTIER_SIZE_MAX];

    if (!book->at.known || !book->at.changed)
        return YES;
    const size_t len = tree_frontier_write(&book->at.head, bytes);

    TRY(sql_log_head_put(db, (int64_t)book->at.head.size, (str){(const char *)bytes, len}));
    book->at.changed = false;
    return YES;
}

/* --- the body ----------------------------------------------------------------------------------
 */

/* An opening nobody can foresee. The system is asked for many at once: a call costs as much as the
 * commitment itself. */
static void draw_opening(struct ctx *ctx, uint8_t opening[REGISTER_OPENING])
{
    struct register_book *book = ctx->log;

    if (book->chance_at == 0)
        ctx->world->chance(ctx->world->self, book->chance, sizeof book->chance);
    memcpy(opening, book->chance + book->chance_at, REGISTER_OPENING);
    memset(book->chance + book->chance_at, 0, REGISTER_OPENING);
    book->chance_at = (book->chance_at + REGISTER_OPENING) % sizeof book->chance;
}

/* One commitment for each slot; `openings` gets the 32 bytes of each. */
static void write_commitments(struct ctx *ctx, const struct register_ask *ask, struct buf *out,
                              uint8_t *openings)
{
    uint8_t commitment[HASH_SIZE];
    char hex[2 * HASH_SIZE];

    for (size_t i = 0; i < ask->slots_n; i++) {
        draw_opening(ctx, openings + i * REGISTER_OPENING);
        register_commit(ctx->sha, openings + i * REGISTER_OPENING, ask->slots[i], commitment);
        str_hex(commitment, sizeof commitment, hex);
        buf_put(out, i == 0 ? S("[\"") : S(",\""));
        buf_put_bytes(out, hex, sizeof hex);
        buf_put_char(out, '"');
    }
    buf_put_char(out, ']');
}

static size_t sort_members(const struct register_ask *ask, const struct register_member *own,
                           size_t own_n, const struct register_member **sorted)
{
    size_t n = 0;

    assert(own_n + ask->members_n <= MEMBERS_MAX);
    for (size_t i = 0; i < own_n + ask->members_n; i++) {
        const struct register_member *next = i < own_n ? &own[i] : &ask->members[i - own_n];
        size_t at = n++;

        for (; at > 0 && str_cmp(sorted[at - 1]->name, next->name) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = next;
    }
    return n;
}

static void write_body(struct buf *out, const struct register_member *const *members, size_t n)
{
    struct json_out json = {.out = out};

    json_open(&json, '{');
    for (size_t i = 0; i < n; i++) {
        json_name(&json, members[i]->name);
        if (members[i]->json.ptr != NULL) {
            buf_put(out, members[i]->json);
            json.comma = true;
        } else if (members[i]->text.ptr != NULL)
            json_text(&json, members[i]->text);
        else
            json_int(&json, members[i]->number);
    }
    json_close(&json, '}');
}

static uid new_id(struct ctx *ctx)
{
    uint8_t chance[10];

    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    return uid_make(ctx->now_ns / 1000000, chance);
}

/* A txn has no members of its own, and there are more of them than of everything else: written
 * straight, and canonical by its form. */
static void write_txn(struct buf *out, int64_t at_s, str commitments, str id)
{
    buf_put(out, S("{\"at\":"));
    buf_put_int(out, at_s);
    buf_put(out, S(",\"cs\":"));
    buf_put(out, commitments);
    buf_put(out, S(",\"id\":\""));
    buf_put(out, id);
    buf_put(out, S("\",\"k\":\"txn\",\"v\":1}"));
}

static no write_any(struct buf *out, const struct register_ask *ask, int64_t at_s, str commitments,
                    str id)
{
    const struct register_member own[] = {{.name = S("at"), .number = at_s},
                                          {.name = S("id"), .text = id},
                                          {.name = S("k"), .text = kinds[ask->kind]},
                                          {.name = S("v"), .number = 1},
                                          {.name = S("cs"), .json = commitments}};
    const struct register_member *sorted[MEMBERS_MAX];

    write_body(out, sorted, sort_members(ask, own, ask->slots_n > 0 ? 5 : 4, sorted));
    return buf_failed(out) ? NO_TOO_LARGE : jcs_entry_check(buf_str(out));
}

static no make_body(struct ctx *ctx, const struct register_ask *ask, int64_t at_s,
                    uint8_t *openings, str *body)
{
    const uid id = uid_is_zero(ask->id) ? new_id(ctx) : ask->id;
    struct buf commitments, text;
    char hex[2 * sizeof id.bytes];
    const str id_text = {hex, sizeof hex};

    buf_init(&commitments, ctx->arena, ask->slots_n * COMMITMENT_SIZE + 2);
    buf_init(&text, ctx->arena, ask->slots_n * COMMITMENT_SIZE + 256);
    if (ask->slots_n > 0)
        write_commitments(ctx, ask, &commitments, openings);
    str_hex(id.bytes, sizeof id.bytes, hex);
    if (ask->kind == REGISTER_TXN)
        write_txn(&text, at_s, buf_str(&commitments), id_text);
    else
        TRY(write_any(&text, ask, at_s, buf_str(&commitments), id_text));
    if (buf_failed(&commitments) || buf_failed(&text) || text.len > REGISTER_BODY_MAX)
        return NO_TOO_LARGE;
    *body = buf_str(&text);
    return YES;
}

/* --- appending ---------------------------------------------------------------------------------
 */

static no keep_openings(struct ctx *ctx, const struct register_ask *ask, int64_t index,
                        const uint8_t *openings)
{
    if (ask->slots_n == 0)
        return YES;
    for (size_t i = 0; ask->kind != REGISTER_TXN && i < ask->slots_n; i++)
        TRY(sql_log_payload_put(ctx->db, index, (int64_t)i, ask->slots[i]));
    return sql_log_open_put(ctx->db, index,
                            (str){(const char *)openings, ask->slots_n * REGISTER_OPENING});
}

/* Entries and their txns both run without gaps: only where something else came between them is the
 * distance written down. */
static no keep_shift(struct ctx *ctx, int64_t entry, int64_t index)
{
    if (index - entry == ctx->log->at.shift)
        return YES;
    ctx->log->at.shift = index - entry;
    return sql_log_shift_put(ctx->db, entry, index - entry);
}

no register_append(struct ctx *ctx, const struct register_ask *ask, int64_t *index)
{
    struct register_book *book = ctx->log;
    uint8_t openings[REGISTER_SLOTS_MAX * REGISTER_OPENING] __attribute__((uninitialized));
    struct tree_hash leaf;
    str body;

    assert(ctx->writing && book != NULL && ask->slots_n <= REGISTER_SLOTS_MAX);
    assert(register_kind_name(ask->kind).len > 0);
    TRY(load(ctx));
    if (book->off || (book->at.head.size == 0 && ask->kind != REGISTER_GENESIS))
        return YES; /* nothing is founded yet */
    if (book->still)
        return NO_REGISTER_STANDS_STILL;
    const size_t mark = arena_mark(ctx->arena);
    const int64_t now_s = ctx->now_ns / NS_PER_S;
    const int64_t at_s = now_s > book->at.last_at_s ? now_s : book->at.last_at_s;
    const int64_t next = (int64_t)book->at.head.size;

    TRY(make_body(ctx, ask, at_s, openings, &body));
    TRY(sql_log_entry_put(ctx->db, next, (int64_t)ask->kind, ask->ref, at_s, body));
    TRY(keep_openings(ctx, ask, next, openings));
    if (ask->kind == REGISTER_TXN)
        TRY(keep_shift(ctx, ask->ref, next));
    tree_leaf(ctx->sha, body, &leaf);
    tree_frontier_push(ctx->sha, &book->at.head, &leaf);
    book->at.last_at_s = at_s;
    book->at.changed = true;
    arena_rewind(ctx->arena, mark);
    if (index != NULL)
        *index = next;
    return YES;
}

/* The payloads of an entry of one transfer differ in the first number alone. */
static void payload_again(struct buf *out, str first, int64_t account)
{
    const size_t tail = str_find_char(first, ',');

    buf_put(out, S("{\"account\":"));
    buf_put_int(out, account);
    buf_put(out, str_sub(first, tail, first.len));
}

no register_txn(struct ctx *ctx, const struct ledger_entry *entry,
                const struct ledger_transfer *transfers, size_t transfers_n)
{
    int64_t accounts[LEDGER_ACCOUNTS_MAX];
    str payloads[LEDGER_ACCOUNTS_MAX];

    if (ctx->log->off)
        return YES;
    const size_t mark = arena_mark(ctx->arena);
    const size_t n = register_txn_accounts(transfers, transfers_n, accounts);

    for (size_t i = 0; i < n; i++) {
        struct buf payload;

        buf_init(&payload, ctx->arena, 640);
        if (i > 0 && transfers_n == 1)
            payload_again(&payload, payloads[0], accounts[i]);
        else
            register_txn_payload(&payload, entry, transfers, transfers_n, accounts[i]);
        if (buf_failed(&payload))
            return NO_TOO_LARGE;
        payloads[i] = buf_str(&payload);
    }
    TRY(register_append(ctx,
                        &(struct register_ask){.kind = REGISTER_TXN,
                                               .ref = entry->id,
                                               .id = entry->uid,
                                               .slots = payloads,
                                               .slots_n = n},
                        NULL));
    arena_rewind(ctx->arena, mark);
    return YES;
}
