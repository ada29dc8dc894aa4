/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Base64 is base64url in groups of four, with two other digits and padding: the bits are done in
 * one place, hash.c.
 */
#include "base/base64.h"

#include "base/hash.h"

#include <string.h>

enum { GROUP = 4, GROUP_BYTES = 3 };

static void write_group(const uint8_t *bytes, size_t len, char out[GROUP])
{
    hash_base64url(bytes, len, out);
    for (size_t i = 0; i < GROUP; i++)
        if (i > len)
            out[i] = '=';
        else if (out[i] == '-')
            out[i] = '+';
        else if (out[i] == '_')
            out[i] = '/';
}

void base64_write(const void *bytes, size_t len, char *out)
{
    const uint8_t *in = bytes;

    for (size_t at = 0; at < len; at += GROUP_BYTES, out += GROUP)
        write_group(in + at, len - at < GROUP_BYTES ? len - at : GROUP_BYTES, out);
}

void base64_put(struct buf *out, const void *bytes, size_t len)
{
    const uint8_t *in = bytes;

    for (size_t at = 0; at < len; at += GROUP_BYTES) {
        char group[GROUP];

        write_group(in + at, len - at < GROUP_BYTES ? len - at : GROUP_BYTES, group);
        buf_put(out, (str){group, GROUP});
    }
}

/* `len` bytes from the digits of a group, whose padding is known to be right; false when they are
 * not exactly those bytes. */
static bool read_group(const char group[GROUP], size_t len, uint8_t out[GROUP_BYTES])
{
    char url[GROUP];

    for (size_t i = 0; i <= len; i++) {
        url[i] = group[i];
        if (url[i] == '-' || url[i] == '_')
            return false;
        if (url[i] == '+')
            url[i] = '-';
        else if (url[i] == '/')
            url[i] = '_';
    }
    return hash_base64url_read((str){url, len + 1}, out, len);
}

static size_t padding(str text)
{
    if (text.len < GROUP || text.ptr[text.len - 1] != '=')
        return 0;
    return text.ptr[text.len - 2] == '=' ? 2 : 1;
}

bool base64_len(str text, size_t *len)
{
    uint8_t bytes[GROUP_BYTES];

    if (text.len % GROUP != 0)
        return false;
    const size_t held = text.len / GROUP * GROUP_BYTES - padding(text);

    for (size_t at = 0, from = 0; at < text.len; at += GROUP, from += GROUP_BYTES)
        if (!read_group(text.ptr + at, held - from < GROUP_BYTES ? held - from : GROUP_BYTES,
                        bytes))
            return false;
    *len = held;
    return true;
}

static bool is_digit(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

bool base64_len_any_spare(str text, size_t *len)
{
    const size_t spare_in = GROUP - 1 - padding(text);
    size_t before, behind;
    char last[GROUP];

    if (text.len < GROUP)
        return base64_len(text, len);
    memcpy(last, text.ptr + text.len - GROUP, GROUP);
    if (padding(text) > 0 && is_digit(last[spare_in]))
        last[spare_in] = 'A'; /* all bits zero */
    if (!base64_len(str_sub(text, 0, text.len - GROUP), &before) ||
        !base64_len((str){last, GROUP}, &behind) || before % GROUP_BYTES != 0)
        return false;
    *len = before + behind;
    return true;
}

bool base64_read(str text, uint8_t *out, size_t len)
{
    size_t held;

    if (!base64_len(text, &held) || held != len)
        return false;
    for (size_t at = 0; at < len; at += GROUP_BYTES, text.ptr += GROUP)
        (void)read_group(text.ptr, len - at < GROUP_BYTES ? len - at : GROUP_BYTES, out + at);
    return true;
}
