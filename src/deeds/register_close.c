/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The end of a month in the register: sums in clear, so that whoever adds up what the members'
 * receipts say has something to compare with (specs register 4.1, "close").
 */
#include "base/json.h"
#include "base/time.h"
#include "deeds/house.h"
#include "deeds/register.h"
#include "deeds/register_house.h"
#include "rules/chart.h"
#include "store/sql_ledger.h"
#include "store/sql_register.h"

/* Months since year 0, of an instant in UTC. */
static int64_t month_of(int64_t at_s)
{
    const struct civil when = time_civil(at_s * NS_PER_S, &(struct zone){0});

    return INT64_C(12) * when.year + when.month - 1;
}

/* The month that is due: the last that has ended, unless it was closed or the register is younger.
 */
static no month_due(struct ctx *ctx, int64_t *month, bool *due)
{
    struct sql_log_entry row;
    int64_t closed;
    const no last = sql_log_entry_last(ctx->db, ctx->arena, REGISTER_CLOSE, &row);

    *due = false;
    if (last == YES)
        closed = row.ref;
    else if (last == NO_NOT_FOUND) {
        const no first = sql_log_entry_get(ctx->db, ctx->arena, 0, &row);

        if (first != YES)
            return first == NO_NOT_FOUND ? YES : first;
        closed = month_of(row.at_s) - 1;
    } else
        return last;
    *month = month_of(ctx->now_ns / NS_PER_S) - 1;
    *due = *month > closed;
    return YES;
}

static str code_of(struct ctx *ctx, int32_t currency)
{
    const struct house *house = ctx_house(ctx);

    for (size_t i = 0; i < house->units_n; i++)
        if (house->units[i].unit.id == currency)
            return str_of(house->units[i].unit.code);
    return S("?");
}

static void put_class(struct ctx *ctx, struct json_out *json, const struct sql_ledger_sum *first,
                      int64_t debits, int64_t credits)
{
    json_open(json, '{');
    json_name(json, S("class"));
    json_int(json, chart_class(first->number));
    json_name(json, S("credits"));
    json_int(json, credits);
    json_name(json, S("currency"));
    json_text(json, code_of(ctx, first->currency));
    json_name(json, S("debits"));
    json_int(json, debits);
    json_close(json, '}');
}

/* One object for each class of each currency; rows come by currency and number. *over is by how
 * much debits and credits differ in all, which is 0 in a sound book. */
static void put_classes(struct ctx *ctx, struct buf *out, const struct sql_ledger_sum *rows,
                        size_t n, int64_t *over)
{
    struct json_out json = {.out = out};

    *over = 0;
    json_open(&json, '[');
    for (size_t i = 0; i < n;) {
        const struct sql_ledger_sum *first = &rows[i];
        int64_t debits = 0, credits = 0;

        for (; i < n && rows[i].currency == first->currency &&
               chart_class(rows[i].number) == chart_class(first->number);
             i++) {
            debits += rows[i].debits_posted;
            credits += rows[i].credits_posted;
        }
        *over += debits - credits;
        put_class(ctx, &json, first, debits, credits);
    }
    json_close(&json, ']');
}

/* What the digest is of: a line for each number of the chart, "EUR 411000 DEBITS CREDITS". */
static no digest_of(struct ctx *ctx, const struct sql_ledger_sum *rows, size_t n,
                    char hex[2 * HASH_SIZE])
{
    uint8_t sha256[HASH_SIZE];
    struct buf text;

    buf_init(&text, ctx->arena, n * 64 + 1);
    for (size_t i = 0; i < n; i++) {
        buf_put(&text, code_of(ctx, rows[i].currency));
        buf_printf(&text, " %ld %lld %lld\n", (long)rows[i].number,
                   (long long)rows[i].debits_posted, (long long)rows[i].credits_posted);
    }
    if (buf_failed(&text))
        return NO_TOO_LARGE;
    hash_sha256(text.ptr, text.len, sha256);
    str_hex(sha256, sizeof sha256, hex);
    return YES;
}

static no append_close(struct ctx *ctx, int64_t month)
{
    struct sql_ledger_sum *rows;
    struct ledger_head head;
    char hex[2 * HASH_SIZE], period[16];
    struct buf classes, name;
    int64_t over;
    size_t n;

    TRY(sql_ledger_sums(ctx->db, ctx->arena, &rows, &n));
    TRY(sql_ledger_head_get(ctx->db, ctx->arena, 0, 0, &head));
    buf_init(&classes, ctx->arena, n * 96 + 2);
    put_classes(ctx, &classes, rows, n, &over);
    TRY(digest_of(ctx, rows, n, hex));
    buf_init(&name, ctx->arena, sizeof period);
    buf_printf(&name, "%04d-%02d", (int)(month / 12), (int)(month % 12 + 1));
    if (buf_failed(&classes) || buf_failed(&name))
        return NO_TOO_LARGE;
    if (over != 0)
        return NO_STORE_BROKEN;
    const struct register_member members[] = {{.name = S("classes"), .json = buf_str(&classes)},
                                              {.name = S("digest"), .text = {hex, sizeof hex}},
                                              {.name = S("period"), .text = buf_str(&name)},
                                              {.name = S("sum"), .number = over},
                                              {.name = S("txn"), .number = head.entry}};

    return register_append(
        ctx,
        &(struct register_ask){
            .kind = REGISTER_CLOSE, .ref = month, .members = members, .members_n = 5},
        NULL);
}

static no close_month(struct ctx *ctx, void *unused)
{
    int64_t month;
    bool due;

    (void)unused;
    TRY(month_due(ctx, &month, &due));
    return due ? append_close(ctx, month) : YES;
}

no deed_register_close(struct ctx *ctx)
{
    int64_t month;
    bool due;

    /* Asked of the reader first: a quiet second costs no write. */
    TRY(month_due(ctx, &month, &due));
    if (!due)
        return YES;
    const no answer = deed_run(ctx, close_month, NULL);

    /* A register that stands still is told elsewhere; orders must not wait for it. */
    return answer == NO_REGISTER_STANDS_STILL ? YES : answer;
}
