/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/totp.h"

#include "base/hash.h"

#include <assert.h>
#include <string.h>

enum { SHA1_SIZE = 20 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void totp_code(str secret, uint64_t counter, size_t digits, char *out)
{
    assert(digits >= TOTP_DIGITS && digits <= TOTP_DIGITS_MAX);
    uint8_t mac[SHA1_SIZE], moving[8];

    for (size_t i = 0; i < sizeof moving; i++)
        moving[i] = (uint8_t)(counter >> (8 * (7 - i)));
    hash_hmac_sha1(secret, (str){(const char *)moving, sizeof moving}, mac);
    /* Dynamic truncation: the low half of the last byte says where the 31 bits stand. */
    const uint8_t *at = mac + (mac[SHA1_SIZE - 1] & 15);
    uint32_t bits = (uint32_t)(at[0] & 0x7f) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
                    (uint32_t)at[3];

    for (size_t i = digits; i > 0; i--, bits /= 10)
        out[i - 1] = (char)('0' + bits % 10);
}

int64_t totp_step(int64_t at_s)
{
    assert(at_s >= 0);
    return at_s / TOTP_PERIOD_S;
}

/* The digits of what was typed; false unless there are exactly six. */
static bool read_typed(str typed, char code[TOTP_DIGITS])
{
    size_t len = 0;

    for (size_t i = 0; i < typed.len; i++) {
        if (typed.ptr[i] == ' ' || typed.ptr[i] == '\t')
            continue;
        if (typed.ptr[i] < '0' || typed.ptr[i] > '9' || len == TOTP_DIGITS)
            return false;
        code[len++] = typed.ptr[i];
    }
    return len == TOTP_DIGITS;
}

no totp_check(str secret, str typed, int64_t now_s, int64_t last_step, int64_t *step)
{
    const int64_t present = totp_step(now_s);
    char code[TOTP_DIGITS], right[TOTP_DIGITS];
    int64_t found = -1;

    if (!read_typed(str_trim(typed), code))
        return NO_CODE_WRONG;
    for (int64_t at = present > 0 ? present - 1 : 0; at <= present + 1; at++) {
        totp_code(secret, (uint64_t)at, TOTP_DIGITS, right);
        if (hash_equal(code, right, sizeof right) && at > last_step)
            found = at;
    }
    if (found < 0)
        return NO_CODE_WRONG;
    *step = found;
    return YES;
}

/* RFC 3986: letters, digits and -._~ stand for themselves. */
static void put_encoded(struct buf *out, str text)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';

        if (plain) {
            buf_put_char(out, (char)c);
            continue;
        }
        buf_put_char(out, '%');
        buf_put_char(out, hex[c >> 4]);
        buf_put_char(out, hex[c & 15]);
    }
}

void totp_put_uri(struct buf *out, str issuer, str account, str secret)
{
    buf_put(out, S("otpauth://totp/"));
    put_encoded(out, issuer);
    buf_put_char(out, ':');
    put_encoded(out, account);
    buf_put(out, S("?secret="));
    totp_put_base32(out, secret);
    buf_put(out, S("&issuer="));
    put_encoded(out, issuer);
}

void totp_put_base32(struct buf *out, str bytes)
{
    uint32_t bits = 0;
    unsigned held = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        bits = bits << 8 | (uint8_t)bytes.ptr[i];
        for (held += 8; held >= 5; held -= 5)
            buf_put_char(out, alphabet[bits >> (held - 5) & 31]);
    }
    if (held > 0)
        buf_put_char(out, alphabet[bits << (5 - held) & 31]);
}

static int base32_value(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    const char *at = c == '\0' ? NULL : memchr(alphabet, c, sizeof alphabet - 1);

    return at == NULL ? -1 : (int)(at - alphabet);
}

bool totp_read_base32(str text, uint8_t *out, size_t size, size_t *len)
{
    uint32_t bits = 0;
    unsigned held = 0;
    size_t written = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (str_find_char(S(" -="), text.ptr[i]) < 3)
            continue;
        const int value = base32_value(text.ptr[i]);

        if (value < 0)
            return false;
        bits = bits << 5 | (uint32_t)value;
        held += 5;
        if (held < 8)
            continue;
        if (written == size)
            return false;
        held -= 8;
        out[written++] = (uint8_t)(bits >> held);
    }
    *len = written;
    return true;
}
