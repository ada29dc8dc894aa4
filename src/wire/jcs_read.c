/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The reader: it goes over entries that the checker has passed, and so may skip.
 */
#include "base/buf.h"
#include "wire/jcs.h"
#include "wire/jcs_in.h"

int jcs_control(str rest)
{
    uint8_t point;

    if (!str_starts(rest, S("u00")) || rest.len < 5 || (rest.ptr[4] >= 'A' && rest.ptr[4] <= 'F') ||
        !str_unhex(str_sub(rest, 3, 2), &point, 1))
        return -1;
    return point < 0x20 ? point : -1;
}

bool jcs_is_name_char(int c, bool later)
{
    return (c >= 'a' && c <= 'z') || (later && ((c >= '0' && c <= '9') || c == '_'));
}

/* --- skipping --- */

/* Behind the text that opens at `at`. */
static size_t behind_text(str s, size_t at)
{
    for (at++; at < s.len && s.ptr[at] != '"'; at++)
        if (s.ptr[at] == '\\')
            at++;
    return at + 1;
}

/* Behind the bracket that closes the one at `at`. */
static size_t behind_bracket(str s, size_t at)
{
    unsigned depth = 0;

    while (at < s.len) {
        const char c = s.ptr[at];

        if (c == '"') {
            at = behind_text(s, at);
            continue;
        }
        at++;
        if (c == '{' || c == '[')
            depth++;
        if ((c == '}' || c == ']') && --depth == 0)
            break;
    }
    return at;
}

static size_t behind_word(str s, size_t at)
{
    while (at < s.len && s.ptr[at] != ',' && s.ptr[at] != '}' && s.ptr[at] != ']')
        at++;
    return at;
}

/* The value that begins at `at`. */
static struct jcs value_at(str s, size_t at)
{
    const char c = s.ptr[at];
    size_t end;
    enum jcs_kind kind;

    if (c == '"') {
        kind = JCS_TEXT;
        end = behind_text(s, at);
    } else if (c == '{' || c == '[') {
        kind = c == '{' ? JCS_OBJECT : JCS_LIST;
        end = behind_bracket(s, at);
    } else {
        kind = c == 't' || c == 'f' ? JCS_BOOL : JCS_INT;
        end = behind_word(s, at);
    }
    return (struct jcs){kind, str_sub(s, at, end - at)};
}

struct jcs jcs_root(str entry)
{
    return (struct jcs){JCS_OBJECT, entry};
}

bool jcs_next(struct jcs_walk *walk, str *name, struct jcs *value)
{
    const str s = walk->of.written;
    size_t at = walk->at + 1; /* past the bracket, later past the comma */

    if (walk->of.kind != JCS_OBJECT && walk->of.kind != JCS_LIST)
        return false;
    if (at >= s.len || s.ptr[at] == '}' || s.ptr[at] == ']')
        return false;
    *name = STR_NONE;
    if (walk->of.kind == JCS_OBJECT) {
        const size_t end = behind_text(s, at);

        *name = str_sub(s, at + 1, end - at - 2);
        at = end + 1;
    }
    *value = value_at(s, at);
    walk->at = at + value->written.len;
    return true;
}

struct jcs jcs_get(struct jcs object, str name)
{
    struct jcs_walk walk = {.of = object};
    struct jcs value;
    str found;

    if (object.kind == JCS_OBJECT)
        while (jcs_next(&walk, &found, &value))
            if (str_eq(found, name))
                return value;
    return (struct jcs){JCS_NONE, STR_NONE};
}

/* --- typed --- */

bool jcs_int(struct jcs value, int64_t *out)
{
    return value.kind == JCS_INT && str_to_int64(value.written, out);
}

bool jcs_bool(struct jcs value, bool *out)
{
    if (value.kind != JCS_BOOL)
        return false;
    *out = value.written.ptr[0] == 't';
    return true;
}

static str between_quotes(str written)
{
    return str_sub(written, 1, written.len - 2);
}

bool jcs_plain(struct jcs value, str *out)
{
    if (value.kind != JCS_TEXT)
        return false;
    const str inside = between_quotes(value.written);

    if (str_find_char(inside, '\\') < inside.len)
        return false;
    *out = inside;
    return true;
}

/* The byte that the characters behind a backslash stand for; *at goes behind them. */
static char unescaped(str s, size_t *at)
{
    const char c = s.ptr[(*at)++];

    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'u':
        *at += 4;
        return (char)jcs_control(str_sub(s, *at - 5, 5));
    default:
        return c;
    }
}

bool jcs_text(struct jcs value, struct arena *arena, str *out)
{
    struct buf text;

    if (value.kind != JCS_TEXT)
        return false;
    if (jcs_plain(value, out))
        return true;
    const str inside = between_quotes(value.written);

    /* A text never grows when its escapes are undone. */
    buf_init(&text, arena, inside.len);
    for (size_t at = 0; at < inside.len;) {
        const char c = inside.ptr[at++];

        buf_put_char(&text, c == '\\' ? unescaped(inside, &at) : c);
    }
    *out = buf_failed(&text) ? STR_NONE : buf_str(&text);
    return true;
}

bool jcs_hex(struct jcs value, uint8_t *out, size_t len)
{
    str hex;

    if (!jcs_plain(value, &hex))
        return false;
    for (size_t i = 0; i < hex.len; i++)
        if (hex.ptr[i] >= 'A' && hex.ptr[i] <= 'F')
            return false;
    return str_unhex(hex, out, len);
}

static bool is_kind(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!jcs_is_name_char((uint8_t)text.ptr[i], i > 0))
            return false;
    return text.len > 0 && text.len <= JCS_KIND_SIZE_MAX;
}

no jcs_head_read(str entry, struct jcs_head *head)
{
    const struct jcs root = jcs_root(entry);
    struct jcs_head read;
    int64_t version;

    if (!jcs_int(jcs_get(root, S("v")), &version) || version != JCS_VERSION ||
        !jcs_plain(jcs_get(root, S("k")), &read.kind) || !is_kind(read.kind) ||
        !jcs_int(jcs_get(root, S("at")), &read.at) || read.at < 0 ||
        !jcs_hex(jcs_get(root, S("id")), read.id, sizeof read.id))
        return NO_ENTRY_NOT_CANONICAL;
    *head = read;
    return YES;
}
