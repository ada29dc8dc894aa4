/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/utf8.h"

#include <string.h>

enum { REPLACEMENT = 0xfffd };

static bool is_ascii_8(const char *bytes)
{
    uint64_t eight;

    memcpy(&eight, bytes, sizeof eight);
    return (eight & UINT64_C(0x8080808080808080)) == 0;
}

static bool continues(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Bytes of the sequence that starts at `p` with `left` bytes to go; 0 when it is not well-formed
 * (Unicode table 3-7). */
static size_t sequence_len(const uint8_t *p, size_t left)
{
    const uint8_t lead = p[0];

    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4 || left < 2 || !continues(p[1]))
        return 0;
    if (lead < 0xe0)
        return 2;
    /* Overlong after E0 and F0, surrogates after ED, past U+10FFFF after F4. */
    if ((lead == 0xe0 && p[1] < 0xa0) || (lead == 0xed && p[1] > 0x9f) ||
        (lead == 0xf0 && p[1] < 0x90) || (lead == 0xf4 && p[1] > 0x8f) || left < 3 ||
        !continues(p[2]))
        return 0;
    if (lead < 0xf0)
        return 3;
    return left >= 4 && continues(p[3]) ? 4 : 0;
}

bool utf8_valid(str s)
{
    const uint8_t *bytes = (const uint8_t *)s.ptr;
    size_t at = 0;

    while (at < s.len) {
        if (s.len - at >= 8 && is_ascii_8(s.ptr + at)) {
            at += 8;
            continue;
        }
        /* Past the whole eight before looking for ASCII again: words of French have an accent in
         * most of them. */
        const size_t until = s.len - at >= 8 ? at + 8 : s.len;

        while (at < until) {
            const size_t len = sequence_len(bytes + at, s.len - at);

            if (len == 0)
                return false;
            at += len;
        }
    }
    return true;
}

static bool is_clean(uint32_t point, bool lines)
{
    if (point < 0x20)
        return lines && (point == '\t' || point == '\n');
    if (point < 0x7f)
        return true;
    return point >= 0xa0 && point != 0x2028 && point != 0x2029 &&
           !(point >= 0x202a && point <= 0x202e) && !(point >= 0x2066 && point <= 0x2069) &&
           !(point >= 0xfdd0 && point <= 0xfdef) && (point & 0xfffe) != 0xfffe;
}

bool utf8_clean(str s, bool lines)
{
    size_t at = 0;

    if (!utf8_valid(s))
        return false;
    while (at < s.len) {
        const uint32_t point = utf8_next(s, &at);

        if (lines && point == '\r' && at < s.len && s.ptr[at] == '\n')
            continue;
        if (!is_clean(point, lines))
            return false;
    }
    return true;
}

size_t utf8_count(str s)
{
    size_t count = 0;

    for (size_t i = 0; i < s.len; i++)
        count += !continues((uint8_t)s.ptr[i]);
    return count;
}

str utf8_head(str s, size_t points)
{
    size_t at = 0;

    if (s.len <= points)
        return s;
    while (at < s.len && points-- > 0)
        (void)utf8_next(s, &at);
    return (str){s.ptr, at};
}

uint32_t utf8_next(str s, size_t *at)
{
    const uint8_t *p = (const uint8_t *)s.ptr + *at;
    const size_t len = sequence_len(p, s.len - *at);

    *at += len == 0 ? 1 : len;
    switch (len) {
    case 1:
        return p[0];
    case 2:
        return (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU);
    case 3:
        return (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
    case 4:
        return (p[0] & 0x07U) << 18 | (p[1] & 0x3fU) << 12 | (p[2] & 0x3fU) << 6 | (p[3] & 0x3fU);
    default:
        return REPLACEMENT;
    }
}

void utf8_put(struct buf *out, uint32_t point)
{
    char bytes[4];
    size_t len = 0;

    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
        point = REPLACEMENT;
    if (point < 0x80) {
        bytes[len++] = (char)point;
    } else if (point < 0x800) {
        bytes[len++] = (char)(0xc0 | point >> 6);
        bytes[len++] = (char)(0x80 | (point & 0x3f));
    } else if (point < 0x10000) {
        bytes[len++] = (char)(0xe0 | point >> 12);
        bytes[len++] = (char)(0x80 | (point >> 6 & 0x3f));
        bytes[len++] = (char)(0x80 | (point & 0x3f));
    } else {
        bytes[len++] = (char)(0xf0 | point >> 18);
        bytes[len++] = (char)(0x80 | (point >> 12 & 0x3f));
        bytes[len++] = (char)(0x80 | (point >> 6 & 0x3f));
        bytes[len++] = (char)(0x80 | (point & 0x3f));
    }
    buf_put_bytes(out, bytes, len);
}
