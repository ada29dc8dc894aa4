/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/id.h"

#include "base/hash.h"

#include <assert.h>
#include <string.h>

/* RFC 9562: the version is the upper half of byte 6, the variant the upper two bits of byte 8. */
static void mark(uid *u, unsigned version)
{
    u->bytes[6] = (uint8_t)((u->bytes[6] & 0x0f) | version << 4);
    u->bytes[8] = (uint8_t)((u->bytes[8] & 0x3f) | 0x80);
}

uid uid_make(int64_t now_ms, const uint8_t chance[10])
{
    uid made;

    assert(now_ms >= 0 && now_ms < INT64_C(1) << 48);
    for (int i = 0; i < 6; i++)
        made.bytes[i] = (uint8_t)(now_ms >> (40 - 8 * i));
    memcpy(made.bytes + 6, chance, 10);
    mark(&made, 7);
    return made;
}

uid uid_derive(str key, uint32_t leg)
{
    const uint8_t leg_bytes[4] = {(uint8_t)(leg >> 24), (uint8_t)(leg >> 16), (uint8_t)(leg >> 8),
                                  (uint8_t)leg};
    struct hash_sha256_ctx ctx;
    uint8_t hash[HASH_SIZE];
    uid made;

    hash_sha256_init(&ctx);
    hash_sha256_update(&ctx, key.ptr, key.len);
    hash_sha256_update(&ctx, leg_bytes, sizeof leg_bytes);
    hash_sha256_final(&ctx, hash);
    hash_sha256_release(&ctx);
    memcpy(made.bytes, hash, sizeof made.bytes);
    mark(&made, 8);
    return made;
}

bool uid_eq(uid a, uid b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

bool uid_is_zero(uid u)
{
    return uid_eq(u, (uid){{0}});
}

static bool hyphen_before(size_t byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void uid_write(uid u, char out[36])
{
    for (size_t i = 0; i < sizeof u.bytes; i++) {
        if (hyphen_before(i))
            *out++ = '-';
        str_hex(&u.bytes[i], 1, out);
        out += 2;
    }
}

bool uid_parse(str s, uid *out)
{
    uid parsed;
    size_t at = 0;

    if (s.len != 36)
        return false;
    for (size_t i = 0; i < sizeof parsed.bytes; i++) {
        if (hyphen_before(i) && s.ptr[at++] != '-')
            return false;
        /* One id, one text: capitals are another text. */
        if ((s.ptr[at] >= 'A' && s.ptr[at] <= 'F') ||
            (s.ptr[at + 1] >= 'A' && s.ptr[at + 1] <= 'F') ||
            !str_unhex((str){s.ptr + at, 2}, &parsed.bytes[i], 1))
            return false;
        at += 2;
    }
    *out = parsed;
    return true;
}
