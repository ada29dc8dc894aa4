/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rules/order_bytes.h"

enum { TERMS_VERSION = 1, FIELDS = 16, HEAD = 9, PAIR = 16 };

static void put64(struct buf *out, int64_t value)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buf_put_char(out, (char)(uint8_t)((uint64_t)value >> shift));
}

static int64_t get64(str bytes, size_t at)
{
    uint64_t value = 0;

    for (size_t i = 0; i < 8; i++)
        value = value << 8 | (uint8_t)bytes.ptr[at + i];
    return (int64_t)value;
}

void order_terms_write(struct buf *out, const struct order_terms *terms)
{
    const int64_t fields[FIELDS] = {
        terms->draft_ttl,
        terms->accept_ttl,
        terms->pay_ttl,
        terms->pay_at_delivery,
        terms->start_early,
        terms->no_show_grace,
        terms->deliver_ttl,
        terms->receipt_ttl,
        terms->confirm_silence,
        terms->dispute_window,
        terms->panel_ttl,
        terms->panel_refund_bp,
        terms->panel_refund_delivered_bp,
        terms->provider_penalty_bp,
        terms->overdue_bp,
        terms->overdue_days_max,
    };

    buf_put_char(out, TERMS_VERSION);
    put64(out, (int64_t)terms->steps_n);
    for (size_t i = 0; i < terms->steps_n; i++) {
        put64(out, terms->steps[i].hours);
        put64(out, terms->steps[i].refund_bp);
    }
    for (size_t i = 0; i < FIELDS; i++)
        put64(out, fields[i]);
}

static struct order_terms terms_of(const int64_t fields[FIELDS])
{
    return (struct order_terms){
        .draft_ttl = fields[0],
        .accept_ttl = fields[1],
        .pay_ttl = fields[2],
        .pay_at_delivery = fields[3] != 0,
        .start_early = fields[4],
        .no_show_grace = fields[5],
        .deliver_ttl = fields[6],
        .receipt_ttl = fields[7],
        .confirm_silence = fields[8],
        .dispute_window = fields[9],
        .panel_ttl = fields[10],
        .panel_refund_bp = (int32_t)fields[11],
        .panel_refund_delivered_bp = (int32_t)fields[12],
        .provider_penalty_bp = (int32_t)fields[13],
        .overdue_bp = (int32_t)fields[14],
        .overdue_days_max = (int32_t)fields[15],
    };
}

no order_terms_read(str bytes, struct order_terms *out)
{
    struct order_step steps[ORDER_STEPS_MAX] = {{0}};
    int64_t fields[FIELDS];
    size_t at = HEAD;

    if (bytes.len < HEAD || bytes.ptr[0] != TERMS_VERSION)
        return NO_STORE_BROKEN;
    const int64_t steps_n = get64(bytes, 1);

    if (steps_n < 0 || steps_n > ORDER_STEPS_MAX ||
        bytes.len != HEAD + (size_t)steps_n * PAIR + FIELDS * 8)
        return NO_STORE_BROKEN;
    for (size_t i = 0; i < (size_t)steps_n; i++, at += PAIR)
        steps[i] = (struct order_step){(int32_t)get64(bytes, at), (int32_t)get64(bytes, at + 8)};
    for (size_t i = 0; i < FIELDS; i++, at += 8)
        fields[i] = get64(bytes, at);
    *out = terms_of(fields);
    out->steps_n = (size_t)steps_n;
    for (size_t i = 0; i < ORDER_STEPS_MAX; i++)
        out->steps[i] = steps[i];
    return YES;
}
