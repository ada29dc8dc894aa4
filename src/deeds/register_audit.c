/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The part of the audit that the register makes possible: every body is fingerprinted again, every
 * commitment is opened on what the rows say today, and what no longer fits is named.
 */
#include "deeds/register_audit.h"

#include "deeds/register.h"
#include "deeds/register_incident.h"
#include "store/sql_audit.h"
#include "store/sql_coop.h"
#include "store/sql_ledger.h"
#include "store/sql_register.h"
#include "wire/jcs.h"

#include <string.h>

struct check {
    struct ctx *ctx;
    struct hash_sha256_ctx sha;
    struct tree_frontier tree;
    void (*found)(void *self, const struct audit_finding *finding);
    void *self;
    int64_t at_s, next_entry;
    int64_t openings_from; /* entries before this one may have lost theirs: an incident says so */
    int64_t absent_n;
};

static void name_row(struct check *check, struct audit_finding *finding, int64_t row)
{
    const size_t mark = arena_mark(check->ctx->arena);
    struct buf digits;

    buf_init(&digits, check->ctx->arena, sizeof finding->row);
    buf_put_int(&digits, row);
    if (!buf_failed(&digits))
        memcpy(finding->row, digits.ptr, digits.len);
    arena_rewind(check->ctx->arena, mark);
}

/* The row that no longer fits: the ledger entry (one of its transfers may be what was changed), or
 * the register's own. */
static void say(struct check *check, const char *what, int64_t index, int64_t entry,
                int64_t account)
{
    struct audit_finding finding = {
        .what = what, .table = "log_entry", .index = index, .account = account};

    if (entry != 0) {
        finding.table = "entry";
        finding.entry = entry;
    }
    name_row(check, &finding, entry != 0 ? entry : index);
    check->found(check->self, &finding);
}

static void say_param(struct check *check, str name, int64_t expected, int64_t found)
{
    struct audit_finding finding = {
        .what = "REGISTER_PARAM_DIFFERS", .table = "param", .expected = expected, .found = found};

    name = str_sub(name, 0, sizeof finding.row - 1);
    memcpy(finding.row, name.ptr, name.len);
    check->found(check->self, &finding);
}

/* --- commitments -------------------------------------------------------------------------------
 */

/* The commitment number `slot` of an entry's "cs". */
static bool commitment_of(str body, size_t slot, uint8_t out[HASH_SIZE])
{
    struct jcs_walk walk = {.of = jcs_get(jcs_root(body), S("cs"))};
    struct jcs value;
    str name;

    for (size_t i = 0; jcs_next(&walk, &name, &value); i++)
        if (i == slot)
            return jcs_hex(value, out, HASH_SIZE);
    return false;
}

static size_t commitments_n(str body)
{
    struct jcs_walk walk = {.of = jcs_get(jcs_root(body), S("cs"))};
    struct jcs value;
    size_t n = 0;
    str name;

    while (jcs_next(&walk, &name, &value))
        n++;
    return n;
}

static void opening_lost(struct check *check, const struct sql_log_entry *row, int64_t entry)
{
    if (row->idx < check->openings_from)
        check->absent_n++;
    else
        say(check, "REGISTER_OPENING_LOST", row->idx, entry, 0);
}

/* An opening of zeros was erased: nothing can be said of its slot any more. */
static bool slot_fits(struct check *check, str body, const struct sql_log_open *open, size_t slot,
                      str payload)
{
    static const uint8_t zeros[REGISTER_OPENING];
    uint8_t opening[REGISTER_OPENING], expected[HASH_SIZE], made[HASH_SIZE];

    if ((slot + 1) * REGISTER_OPENING > open->openings.len || !commitment_of(body, slot, expected))
        return false;
    memcpy(opening, open->openings.ptr + slot * REGISTER_OPENING, sizeof opening);
    if (memcmp(opening, zeros, sizeof zeros) == 0)
        return true;
    register_commit(&check->sha, opening, payload, made);
    return memcmp(made, expected, sizeof made) == 0;
}

static no check_kept(struct check *check, const struct sql_log_entry *row)
{
    const size_t slots = commitments_n(row->body);
    struct sql_log_open open;

    if (slots == 0)
        return YES;
    const no known = sql_log_open_get(check->ctx->db, check->ctx->arena, row->idx, &open);

    if (known == NO_NOT_FOUND)
        opening_lost(check, row, 0);
    TRY(known == NO_NOT_FOUND ? YES : known);
    for (size_t slot = 0; known == YES && slot < slots; slot++) {
        struct sql_log_payload kept = {.payload = S("")};
        const no there =
            sql_log_payload_get(check->ctx->db, check->ctx->arena, row->idx, (int64_t)slot, &kept);

        if (there != YES && there != NO_NOT_FOUND)
            return there;
        if (!slot_fits(check, row->body, &open, slot, kept.payload))
            say(check, "REGISTER_PAYLOAD_DIFFERS", row->idx, 0, 0);
    }
    return YES;
}

static no check_accounts(struct check *check, const struct sql_log_entry *row,
                         const struct ledger_entry *entry, const struct ledger_transfer *transfers,
                         size_t n)
{
    struct ctx *ctx = check->ctx;
    int64_t accounts[LEDGER_ACCOUNTS_MAX];
    struct sql_log_open open;
    const size_t slots = register_txn_accounts(transfers, n, accounts);
    const no known = sql_log_open_get(ctx->db, ctx->arena, row->idx, &open);

    if (known != YES && known != NO_NOT_FOUND)
        return known;
    if (known == NO_NOT_FOUND)
        opening_lost(check, row, entry->id);
    else if (slots != commitments_n(row->body))
        say(check, "REGISTER_DIFFERS", row->idx, entry->id, 0);
    for (size_t slot = 0; known == YES && slot < slots; slot++) {
        struct buf payload;

        buf_init(&payload, ctx->arena, 512);
        register_txn_payload(&payload, entry, transfers, n, accounts[slot]);
        if (buf_failed(&payload))
            return NO_TOO_LARGE;
        if (!slot_fits(check, row->body, &open, slot, buf_str(&payload)))
            say(check, "REGISTER_DIFFERS", row->idx, entry->id, accounts[slot]);
    }
    return YES;
}

/* Each ledger entry has its txn, in the order of the book. */
static no check_txn(struct check *check, const struct sql_log_entry *row)
{
    struct ctx *ctx = check->ctx;
    struct ledger_transfer *transfers;
    struct ledger_entry entry;
    size_t n;

    if (row->ref != check->next_entry)
        say(check, "REGISTER_ENTRY_MISSING", row->idx, check->next_entry, 0);
    check->next_entry = row->ref + 1;
    const no known = sql_entry_get(ctx->db, ctx->arena, row->ref, &entry);

    if (known == NO_NOT_FOUND)
        say(check, "REGISTER_ENTRY_MISSING", row->idx, row->ref, 0);
    if (known != YES)
        return known == NO_NOT_FOUND ? YES : known;
    if (entry.transfers_n < 0 || entry.transfers_n > LEDGER_LEGS_MAX) {
        say(check, "REGISTER_DIFFERS", row->idx, entry.id, 0);
        return YES;
    }
    TRY(sql_transfer_range(ctx->db, ctx->arena, entry.first_seq,
                           entry.first_seq + entry.transfers_n - 1, &transfers, &n));
    return check_accounts(check, row, &entry, transfers, n);
}

/* --- rows --------------------------------------------------------------------------------------
 */

static no check_row(void *check_, const struct sql_log_entry *row)
{
    struct check *check = check_;
    const size_t mark = arena_mark(check->ctx->arena);
    struct jcs_head head;
    struct tree_hash leaf;

    if (row->idx != (int64_t)check->tree.size)
        say(check, "REGISTER_GAP", (int64_t)check->tree.size, 0, 0);
    tree_leaf(&check->sha, row->body, &leaf);
    tree_frontier_push(&check->sha, &check->tree, &leaf);
    if (jcs_entry_check(row->body) != YES || jcs_head_read(row->body, &head) != YES) {
        say(check, "REGISTER_NOT_CANONICAL", row->idx, 0, 0);
        return YES;
    }
    if (head.at != row->at_s || head.at < check->at_s ||
        !str_eq(head.kind, register_kind_name((enum register_kind)row->kind)))
        say(check, "REGISTER_ROW_DIFFERS", row->idx, 0, 0);
    check->at_s = head.at;
    TRY(row->kind == REGISTER_TXN ? check_txn(check, row) : check_kept(check, row));
    arena_rewind(check->ctx->arena, mark);
    return YES;
}

static no check_head(struct check *check)
{
    uint8_t bytes[TREE_FRONTIER_SIZE_MAX];
    struct sql_log_head head;
    int64_t entries = 0;
    const size_t len = tree_frontier_write(&check->tree, bytes);

    TRY(sql_log_head_get(check->ctx->db, check->ctx->arena, &head));
    if (head.size != (int64_t)check->tree.size || head.frontier.len != len ||
        memcmp(head.frontier.ptr, bytes, len) != 0)
        say(check, "REGISTER_HEAD_DIFFERS", head.size, 0, 0);
    TRY(sql_audit_entries(check->ctx->db, &entries));
    if (check->tree.size > 0 && entries != check->next_entry - 1)
        say(check, "REGISTER_ENTRY_MISSING", (int64_t)check->tree.size, check->next_entry, 0);
    return YES;
}

/* --- parameters --------------------------------------------------------------------------------
 */

struct last {
    str name;
    int64_t value, decision;
    bool known;
};

/* Keeps the newest word on one parameter. */
static no note_param(void *last_, const struct sql_log_entry *row)
{
    struct last *last = last_;
    const struct jcs root = jcs_root(row->body);
    str name;

    if (!jcs_plain(jcs_get(root, S("name")), &name) || !str_eq(name, last->name))
        return YES;
    last->known = jcs_int(jcs_get(root, S("new")), &last->value) &&
                  jcs_int(jcs_get(root, S("decision")), &last->decision);
    return YES;
}

/* A parameter of the register that the table has lost is found by its count. */
static no check_params(struct check *check)
{
    struct ctx *ctx = check->ctx;
    struct sql_param *params;
    int64_t named = 0;
    size_t n;

    if (check->tree.size == 0)
        return YES;
    TRY(sql_param_list(ctx->db, ctx->arena, &params, &n));
    for (size_t i = 0; i < n; i++) {
        struct last last = {.name = params[i].name};

        TRY(sql_log_entry_of_kind(ctx->db, REGISTER_PARAM, note_param, &last));
        if (!last.known || last.value != params[i].value || last.decision != params[i].decided_by)
            say_param(check, params[i].name, last.value, params[i].value);
    }
    TRY(sql_log_param_names(ctx->db, &named));
    if (named > (int64_t)n)
        say_param(check, S("*"), named, (int64_t)n);
    return YES;
}

no register_audit(struct ctx *ctx, void (*found)(void *self, const struct audit_finding *finding),
                  void *self, struct register_sums *sums)
{
    struct check check = {.ctx = ctx, .found = found, .self = self, .next_entry = 1};
    no answer;

    TRY(view_register_openings_from(ctx, &check.openings_from));
    hash_sha256_init(&check.sha);
    answer = sql_log_entry_range(ctx->db, 0, INT64_MAX, check_row, &check);
    if (answer == YES)
        answer = check_head(&check);
    if (answer == YES)
        answer = check_params(&check);
    hash_sha256_release(&check.sha);
    *sums = (struct register_sums){(int64_t)check.tree.size, check.absent_n};
    return answer;
}
