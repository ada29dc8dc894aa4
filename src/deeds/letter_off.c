/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/letter_off.h"

#include "base/hash.h"
#include "deeds/house.h"
#include "store/sql_account.h"
#include "store/sql_member.h"

enum { MAC_SIZE = 16 };

static void mac_of(struct ctx *ctx, const struct letter_off *off, char mac[2 * MAC_SIZE])
{
    uint8_t bytes[HASH_SIZE];
    struct buf text;

    buf_init(&text, ctx->arena, 64);
    buf_printf(&text, "letters-off:%lld:%d", (long long)off->member, (int)off->notice);
    hash_hmac_sha256(ctx_house(ctx)->secret, buf_str(&text), bytes);
    str_hex(bytes, MAC_SIZE, mac);
}

void letter_off_put(struct ctx *ctx, struct buf *out, const struct letter_off *off)
{
    char mac[2 * MAC_SIZE];

    mac_of(ctx, off, mac);
    buf_printf(out, "%lld-%d-%.*s", (long long)off->member, (int)off->notice, (int)sizeof mac, mac);
}

no letter_off_read(struct ctx *ctx, str token, struct letter_off *out)
{
    str member, rest, notice, given;
    struct letter_off off;
    int64_t bit;
    char mac[2 * MAC_SIZE];

    if (!str_cut(token, '-', &member, &rest) || !str_cut(rest, '-', &notice, &given) ||
        given.len != sizeof mac || !str_to_int64(member, &off.member) ||
        !str_to_int64(notice, &bit) ||
        (bit != NOTICE_ORDERS && bit != NOTICE_MESSAGES && bit != NOTICE_DESK))
        return NO_NOT_FOUND;
    off.notice = (enum account_notice)bit;
    mac_of(ctx, &off, mac);
    if (!hash_equal(mac, given.ptr, sizeof mac))
        return NO_NOT_FOUND;
    *out = off;
    return YES;
}

static no off_now(struct ctx *ctx, void *given)
{
    const struct letter_off *off = given;
    struct sql_member member;

    TRY(sql_member_get(ctx->db, ctx->arena, off->member, &member));
    return sql_member_notices(ctx->db, member.id, member.notices & ~(int64_t)off->notice);
}

no deed_letter_off(struct ctx *ctx, str token)
{
    struct letter_off off;

    TRY(letter_off_read(ctx, token, &off));
    return deed_run(ctx, off_now, &off);
}
