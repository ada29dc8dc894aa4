/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The kinds of entries that are not money: how the register begins, parameters, members, erasure.
 */
#include "deeds/house.h"
#include "deeds/register.h"
#include "store/sql_coop.h"
#include "store/sql_ledger.h"
#include "store/sql_register.h"
#include "wire/jcs.h"

#include <string.h>

enum { NAME_SIZE_MAX = 40, CHANCE = 4 };
#define KEEP_MONEY_S (INT64_C(10) * 366 * 86400) /* Code de commerce L123-22: ten years */

/* --- parameters --------------------------------------------------------------------------------
 */

static no append_param(struct ctx *ctx, str name, bool known, int64_t old, int64_t value,
                       int64_t decided_by)
{
    /* "old" comes last so that it can be left out. */
    const struct register_member members[] = {{.name = S("decision"), .number = decided_by},
                                              {.name = S("name"), .text = name},
                                              {.name = S("new"), .number = value},
                                              {.name = S("old"), .number = old}};

    return register_append(ctx,
                           &(struct register_ask){.kind = REGISTER_PARAM,
                                                  .members = members,
                                                  .members_n = known ? 4 : 3},
                           NULL);
}

no register_param(struct ctx *ctx, str name, int64_t value, int64_t decided_by)
{
    int64_t old = 0;
    const no known = sql_param_get(ctx->db, name, &old);

    if (known != YES && known != NO_NOT_FOUND)
        return known;
    TRY(house_param_put(ctx, name, value, decided_by));
    return append_param(ctx, name, known == YES, old, value, decided_by);
}

/* --- members -----------------------------------------------------------------------------------
 */

/* How many there were after the last such entry. */
static no members_before(struct ctx *ctx, int64_t *n)
{
    struct sql_log_entry last;
    const no answer = sql_log_entry_last(ctx->db, ctx->arena, REGISTER_MEMBER, &last);

    *n = 0;
    if (answer == NO_NOT_FOUND)
        return YES;
    TRY(answer);
    return jcs_int(jcs_get(jcs_root(last.body), S("members")), n) ? YES : NO_REGISTER_DAMAGED;
}

static no append_member(struct ctx *ctx, const struct sql_log_member *member, bool joined)
{
    struct buf payload;
    struct json_out json = {.out = &payload};
    int64_t n;

    TRY(members_before(ctx, &n));
    buf_init(&payload, ctx->arena, 256);
    json_open(&json, '{');
    json_name(&json, S("handle"));
    json_text(&json, member->handle);
    json_name(&json, S("member"));
    json_int(&json, member->id);
    json_name(&json, S("name"));
    json_text(&json, member->name);
    json_close(&json, '}');
    if (buf_failed(&payload))
        return NO_TOO_LARGE;
    const str slot = buf_str(&payload);
    const struct register_member members[] = {
        {.name = S("college"), .text = member->college.ptr == NULL ? S("") : member->college},
        {.name = S("joined"), .json = joined ? S("true") : S("false")},
        {.name = S("members"), .number = joined ? n + 1 : n - 1}};

    return register_append(ctx,
                           &(struct register_ask){.kind = REGISTER_MEMBER,
                                                  .ref = member->id,
                                                  .members = members,
                                                  .members_n = 3,
                                                  .slots = &slot,
                                                  .slots_n = 1},
                           NULL);
}

no register_member(struct ctx *ctx, int64_t id, bool joined)
{
    struct sql_log_member member;

    TRY(sql_log_member_get(ctx->db, ctx->arena, id, &member));
    return append_member(ctx, &member, joined);
}

/* --- beginning ---------------------------------------------------------------------------------
 */

/* "La Traboule" to "la-traboule": what may stand in the name of a log. */
static void put_short_name(struct buf *out, str name)
{
    bool dash = false;

    for (size_t i = 0; i < name.len && out->len < NAME_SIZE_MAX; i++) {
        const char c = name.ptr[i];
        const char lower = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
        const bool keeps = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');

        if (keeps && dash && out->len > 0)
            buf_put_char(out, '-');
        if (keeps)
            buf_put_char(out, lower);
        dash = !keeps;
    }
}

static no choose_origin(struct ctx *ctx, str coop, str *origin)
{
    uint8_t chance[CHANCE];
    char hex[2 * CHANCE];
    struct buf name;

    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    str_hex(chance, sizeof chance, hex);
    buf_init(&name, ctx->arena, 96);
    put_short_name(&name, coop);
    buf_put(&name, name.len == 0 ? S("coop-") : S("-"));
    buf_put_bytes(&name, hex, sizeof hex);
    buf_put(&name, S("/log"));
    *origin = buf_str(&name);
    return buf_failed(&name) ? NO_TOO_LARGE : sql_log_name_put(ctx->db, *origin);
}

static no begin_param(struct ctx *ctx)
{
    struct sql_param *params;
    size_t n;

    TRY(sql_param_list(ctx->db, ctx->arena, &params, &n));
    for (size_t i = 0; i < n; i++)
        TRY(append_param(ctx, params[i].name, false, 0, params[i].value, params[i].decided_by));
    return YES;
}

static no begin_member(void *ctx_, const struct sql_log_member *member)
{
    struct ctx *ctx = ctx_;
    const size_t mark = arena_mark(ctx->arena);

    TRY(append_member(ctx, member, true));
    arena_rewind(ctx->arena, mark);
    return YES;
}

static no begin_entry(void *ctx_, const struct ledger_entry *entry)
{
    struct ctx *ctx = ctx_;
    const size_t mark = arena_mark(ctx->arena);
    struct ledger_transfer *transfers;
    size_t n;

    TRY(sql_transfer_range(ctx->db, ctx->arena, entry->first_seq,
                           entry->first_seq + entry->transfers_n - 1, &transfers, &n));
    TRY(register_txn(ctx, entry, transfers, n));
    arena_rewind(ctx->arena, mark);
    return YES;
}

no register_begin(struct ctx *ctx)
{
    struct tree_frontier head;
    struct sql_coop coop;
    str origin;

    TRY(view_register_head(ctx, &head));
    const no known = sql_coop_get(ctx->db, ctx->arena, &coop);

    if (head.size > 0 || known == NO_NOT_FOUND || (known == YES && coop.state == HOUSE_FOUNDING))
        return YES;
    TRY(known);
    TRY(choose_origin(ctx, coop.name, &origin));
    const struct register_member members[] = {{.name = S("form"), .text = coop.legal_form},
                                              {.name = S("name"), .text = coop.name},
                                              {.name = S("origin"), .text = origin}};

    TRY(register_append(
        ctx, &(struct register_ask){.kind = REGISTER_GENESIS, .members = members, .members_n = 3},
        NULL));
    TRY(begin_param(ctx));
    TRY(sql_log_member_list(ctx->db, begin_member, ctx));
    return sql_entry_each(ctx->db, 1, begin_entry, ctx);
}

static no begin(struct ctx *ctx, void *unused)
{
    (void)unused;
    return register_begin(ctx);
}

no deed_register_begin(struct ctx *ctx)
{
    return deed_run(ctx, begin, NULL);
}

/* --- erasure -----------------------------------------------------------------------------------
 */

/* What was erased, as its own fingerprint: the list would say who moved when. */
struct erasing {
    struct ctx *ctx;
    int64_t slots_n;
    int64_t money_before_s;
};

static no erase_slot(struct erasing *erasing, int64_t index, size_t slot)
{
    struct ctx *ctx = erasing->ctx;
    struct sql_log_open open;
    const no known = sql_log_open_get(ctx->db, ctx->arena, index, &open);

    erasing->slots_n++;
    if (known == NO_NOT_FOUND)
        return YES; /* a store that was restored without its openings has nothing to forget */
    TRY(known);
    if ((slot + 1) * REGISTER_OPENING > open.openings.len)
        return NO_REGISTER_DAMAGED;
    const str copy = arena_str(ctx->arena, open.openings);

    if (copy.ptr == NULL)
        return NO_TOO_LARGE;
    uint8_t *bytes = (uint8_t *)(ctx->arena->start + (copy.ptr - ctx->arena->start));

    memset(bytes + slot * REGISTER_OPENING, 0, REGISTER_OPENING);
    TRY(sql_log_open_change(ctx->db, index, copy));
    return sql_log_payload_forget(ctx->db, index, (int64_t)slot);
}

/* The slot of one account in the txn of one transfer, when the entry is older than what the law
 * wants kept. *prev gets the transfer before it on the account's chain. */
static no erase_transfer(struct erasing *erasing, int64_t account, int64_t seq, int64_t *prev)
{
    struct ctx *ctx = erasing->ctx;
    int64_t accounts[LEDGER_ACCOUNTS_MAX];
    struct ledger_transfer one, *all;
    struct ledger_entry entry;
    struct sql_log_entry row;
    size_t n, slot = 0;

    TRY(sql_transfer_get(ctx->db, ctx->arena, seq, &one));
    *prev = one.debit == account ? one.debit_prev : one.credit_prev;
    TRY(sql_entry_get(ctx->db, ctx->arena, one.entry, &entry));
    TRY(sql_log_entry_of_txn(ctx->db, ctx->arena, entry.id, &row));
    if (row.at_s >= erasing->money_before_s)
        return YES;
    TRY(sql_transfer_range(ctx->db, ctx->arena, entry.first_seq,
                           entry.first_seq + entry.transfers_n - 1, &all, &n));
    n = register_txn_accounts(all, n, accounts);
    while (slot < n && accounts[slot] != account)
        slot++;
    return slot == n ? NO_REGISTER_DAMAGED : erase_slot(erasing, row.idx, slot);
}

static no erase_money(struct erasing *erasing, int64_t member)
{
    struct ctx *ctx = erasing->ctx;
    struct ledger_account *accounts;
    size_t n;

    TRY(sql_log_account_list(ctx->db, ctx->arena, member, &accounts, &n));
    for (size_t i = 0; i < n; i++) {
        int64_t seq = accounts[i].last_seq;

        while (seq > 0) {
            const size_t mark = arena_mark(ctx->arena);

            TRY(erase_transfer(erasing, accounts[i].id, seq, &seq));
            arena_rewind(ctx->arena, mark);
        }
    }
    return YES;
}

static no erase_social(void *erasing_, const struct sql_log_entry *row)
{
    return erase_slot(erasing_, row->idx, 0);
}

no register_forget(struct ctx *ctx, int64_t member, int64_t *slots_n)
{
    struct erasing erasing = {.ctx = ctx};

    erasing.money_before_s = ctx->now_ns / INT64_C(1000000000) - KEEP_MONEY_S;
    TRY(sql_log_entry_each_about(ctx->db, REGISTER_MEMBER, member, erase_social, &erasing));
    TRY(erase_money(&erasing, member));
    ctx->log->at.scrub = true;
    *slots_n = erasing.slots_n;
    return YES;
}

no register_erase(struct ctx *ctx, int64_t member)
{
    struct tree_frontier head;
    int64_t slots_n;

    TRY(view_register_head(ctx, &head));
    if (head.size == 0)
        return YES;
    TRY(register_forget(ctx, member, &slots_n));
    const struct register_member members[] = {{.name = S("ground"), .text = S("left")},
                                              {.name = S("slots"), .number = slots_n}};

    return register_append(
        ctx,
        &(struct register_ask){
            .kind = REGISTER_ERASE, .ref = member, .members = members, .members_n = 2},
        NULL);
}
