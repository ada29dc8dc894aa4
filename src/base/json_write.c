/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"

#include "base/utf8.h"

#include <assert.h>

static void put_comma(struct json_out *j)
{
    if (j->comma)
        buf_put_char(j->out, ',');
    j->comma = true;
}

void json_open(struct json_out *j, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    put_comma(j);
    buf_put_char(j->out, bracket);
    j->comma = false;
}

void json_close(struct json_out *j, char bracket)
{
    assert(bracket == '}' || bracket == ']');
    buf_put_char(j->out, bracket);
    j->comma = true;
}

static void put_escaped(struct buf *out, char c)
{
    static const char short_of[] = {['"'] = '"',  ['\\'] = '\\', ['\b'] = 'b', ['\f'] = 'f',
                                    ['\n'] = 'n', ['\r'] = 'r',  ['\t'] = 't'};
    char escape[6] = {'\\', 'u', '0', '0', 0, 0};

    if (short_of[(uint8_t)c] != 0) {
        escape[1] = short_of[(uint8_t)c];
        buf_put_bytes(out, escape, 2);
        return;
    }
    str_hex((const uint8_t *)&c, 1, escape + 4);
    buf_put_bytes(out, escape, sizeof escape);
}

static bool is_plain(char c)
{
    return (uint8_t)c >= 0x20 && c != '"' && c != '\\';
}

/* Text that is UTF-8 leaves in runs, between the few characters that JSON escapes. */
static void put_valid(struct buf *out, str s)
{
    size_t from = 0;

    for (size_t at = 0; at < s.len; at++) {
        if (is_plain(s.ptr[at]))
            continue;
        buf_put_bytes(out, s.ptr + from, at - from);
        put_escaped(out, s.ptr[at]);
        from = at + 1;
    }
    if (from < s.len)
        buf_put_bytes(out, s.ptr + from, s.len - from);
}

static void put_mended(struct buf *out, str s)
{
    for (size_t at = 0; at < s.len;) {
        const uint32_t point = utf8_next(s, &at);

        if (point < 0x80 && !is_plain((char)point))
            put_escaped(out, (char)point);
        else
            utf8_put(out, point);
    }
}

static void put_quoted(struct buf *out, str s)
{
    buf_put_char(out, '"');
    if (utf8_valid(s))
        put_valid(out, s);
    else
        put_mended(out, s);
    buf_put_char(out, '"');
}

void json_name(struct json_out *j, str name)
{
    put_comma(j);
    put_quoted(j->out, name);
    buf_put_char(j->out, ':');
    j->comma = false;
}

void json_text(struct json_out *j, str value)
{
    put_comma(j);
    put_quoted(j->out, value);
}

void json_int(struct json_out *j, int64_t value)
{
    put_comma(j);
    buf_put_int(j->out, value);
}

void json_bool(struct json_out *j, bool value)
{
    put_comma(j);
    buf_put(j->out, value ? S("true") : S("false"));
}

void json_nothing(struct json_out *j)
{
    put_comma(j);
    buf_put(j->out, S("null"));
}
