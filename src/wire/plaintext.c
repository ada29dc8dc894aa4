/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/plaintext.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "wire/entities.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

enum { UTF8_SIZE_MAX = 4 };

/* The text being written: what separates it from the next character waits until there is one. */
struct writer {
    struct buf out;
    unsigned breaks; /* line breaks owed, at most 2 */
    bool blank;      /* a space owed */
};

/* What a tag does to the text around it. */
enum effect { EFFECT_BREAK, EFFECT_PARAGRAPH, EFFECT_ITEM, EFFECT_CELL, EFFECT_HIDE };

static const struct {
    const char *name;
    enum effect effect;
} tags[] = {
    {"br", EFFECT_BREAK},        {"p", EFFECT_PARAGRAPH},      {"li", EFFECT_ITEM},
    {"div", EFFECT_BREAK},       {"ul", EFFECT_PARAGRAPH},     {"ol", EFFECT_PARAGRAPH},
    {"h1", EFFECT_PARAGRAPH},    {"h2", EFFECT_PARAGRAPH},     {"h3", EFFECT_PARAGRAPH},
    {"h4", EFFECT_PARAGRAPH},    {"h5", EFFECT_PARAGRAPH},     {"h6", EFFECT_PARAGRAPH},
    {"tr", EFFECT_BREAK},        {"td", EFFECT_CELL},          {"th", EFFECT_CELL},
    {"table", EFFECT_PARAGRAPH}, {"hr", EFFECT_PARAGRAPH},     {"pre", EFFECT_PARAGRAPH},
    {"dt", EFFECT_BREAK},        {"dd", EFFECT_BREAK},         {"dl", EFFECT_PARAGRAPH},
    {"section", EFFECT_BREAK},   {"article", EFFECT_BREAK},    {"header", EFFECT_BREAK},
    {"footer", EFFECT_BREAK},    {"figure", EFFECT_PARAGRAPH}, {"blockquote", EFFECT_PARAGRAPH},
    {"script", EFFECT_HIDE},     {"style", EFFECT_HIDE},       {"template", EFFECT_HIDE},
    {"iframe", EFFECT_HIDE},     {"noscript", EFFECT_HIDE},    {"title", EFFECT_HIDE},
};

static void owe_breaks(struct writer *writer, unsigned breaks)
{
    if (writer->breaks < breaks)
        writer->breaks = breaks;
}

/* Whatever is owed between the last character and the next; nothing before the first. */
static void pay(struct writer *writer)
{
    if (writer->out.len > 0) {
        for (unsigned i = 0; i < writer->breaks; i++)
            buf_put_char(&writer->out, '\n');
        if (writer->breaks == 0 && writer->blank)
            buf_put_char(&writer->out, ' ');
    }
    writer->breaks = 0;
    writer->blank = false;
}

static void put_point(struct writer *writer, uint32_t point)
{
    if (point == '\n' || point == 0x2028 || point == 0x2029) {
        owe_breaks(writer, writer->breaks == 0 ? 1 : 2);
        return;
    }
    if (point == ' ' || point == '\t' || point == '\f' || point == 0xa0) {
        writer->blank = true;
        return;
    }
    char bytes[UTF8_SIZE_MAX];
    struct arena room;
    struct buf one;

    arena_init_on(&room, bytes, sizeof bytes);
    buf_init(&one, &room, sizeof bytes);
    utf8_put(&one, point);
    if (!utf8_clean(buf_str(&one), false))
        return;
    pay(writer);
    buf_put(&writer->out, buf_str(&one));
}

/* --- tags ------------------------------------------------------------------------------------- */

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
    return small(c) >= 'a' && small(c) <= 'z';
}

/* Bytes to the first `needle` and over it, or all when it is absent; small letters only in
 * `needle`. */
static size_t over(str text, str needle)
{
    for (size_t at = 0; at + needle.len <= text.len; at++) {
        size_t same = 0;

        while (same < needle.len && small(text.ptr[at + same]) == needle.ptr[same])
            same++;
        if (same == needle.len)
            return at + needle.len;
    }
    return text.len;
}

/* Bytes of a tag that begins at `text`, its '>' included; a '>' inside a quoted value does not end
 * it. */
static size_t tag_len(str text)
{
    char quote = '\0';

    for (size_t at = 1; at < text.len; at++) {
        const char c = text.ptr[at];

        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '>')
            return at + 1;
        else if ((c == '"' || c == '\'') && text.ptr[at - 1] == '=')
            quote = c;
    }
    return text.len;
}

static str tag_name(str tag, bool *closes)
{
    size_t from = 1, end;

    *closes = tag.len > 1 && tag.ptr[1] == '/';
    from += *closes;
    for (end = from; end < tag.len &&
                     (is_letter(tag.ptr[end]) || (tag.ptr[end] >= '0' && tag.ptr[end] <= '9'));)
        end++;
    return str_sub(tag, from, end - from);
}

static void apply(struct writer *writer, enum effect effect, bool closes)
{
    switch (effect) {
    case EFFECT_BREAK:
        owe_breaks(writer, 1);
        break;
    case EFFECT_PARAGRAPH:
        owe_breaks(writer, 2);
        break;
    case EFFECT_ITEM:
        owe_breaks(writer, 1);
        if (!closes) {
            put_point(writer, '-');
            writer->blank = true;
        }
        break;
    case EFFECT_CELL:
        writer->blank = true;
        break;
    case EFFECT_HIDE:
        break;
    }
}

/* The rest of an element whose words are not for readers: to its closing tag, or to the end. */
static size_t hidden_len(str behind, str name)
{
    char closing[16] = "</";

    assert(name.len + 2 <= sizeof closing);
    for (size_t i = 0; i < name.len; i++)
        closing[2 + i] = small(name.ptr[i]);
    const size_t to_name = over(behind, (str){closing, name.len + 2});

    return to_name + over(str_sub(behind, to_name, behind.len), S(">"));
}

static size_t pass_element(struct writer *writer, str text)
{
    const size_t len = tag_len(text);
    bool closes;
    const str name = tag_name(str_sub(text, 0, len), &closes);

    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (!str_eq_nocase(name, str_of(tags[i].name)))
            continue;
        apply(writer, tags[i].effect, closes);
        return tags[i].effect == EFFECT_HIDE && !closes
                   ? len + hidden_len(str_sub(text, len, text.len), name)
                   : len;
    }
    return len;
}

/* Bytes of markup that begin at the '<' of `text`, their effect done; 0 when it is only a less-than
 * sign. */
static size_t pass_markup(struct writer *writer, str text)
{
    if (str_starts(text, S("<!--")))
        return over(text, S("-->"));
    if (text.len < 2)
        return 0;
    if (text.ptr[1] == '!' || text.ptr[1] == '?')
        return over(text, S(">"));
    if (is_letter(text.ptr[1]) || (text.ptr[1] == '/' && text.len > 2 && is_letter(text.ptr[2])))
        return pass_element(writer, text);
    return 0;
}

/* --- the two ways in -------------------------------------------------------------------------- */

no plaintext_of_html(struct arena *arena, str html, str *text)
{
    struct writer writer = {0};

    if (html.len > PLAINTEXT_SIZE_MAX)
        return NO_FIELD_TOO_LONG;
    buf_init(&writer.out, arena, html.len);
    for (size_t at = 0; at < html.len;) {
        const str here = str_sub(html, at, html.len);
        uint32_t point;
        const size_t markup = here.ptr[0] == '<' ? pass_markup(&writer, here) : 0;
        const size_t entity = markup == 0 ? entities_read(here, &point) : 0;

        at += markup + entity;
        if (markup == 0 && entity == 0)
            point = utf8_next(html, &at);
        /* CR is half of a line break, or a whole old one. */
        if (markup == 0 && !(point == '\r' && at < html.len && html.ptr[at] == '\n'))
            put_point(&writer, point == '\r' ? '\n' : point);
    }
    if (buf_failed(&writer.out))
        return NO_OUT_OF_MEMORY;
    *text = buf_str(&writer.out);
    return YES;
}

no plaintext_line(struct arena *arena, str line, str *text)
{
    struct writer writer = {0};

    buf_init(&writer.out, arena, line.len);
    for (size_t at = 0; at < line.len;) {
        const uint32_t point = utf8_next(line, &at);
        const bool breaks = point == '\r' || point == '\n' || point == 0x2028 || point == 0x2029;

        put_point(&writer, breaks ? ' ' : point);
    }
    *text = utf8_tidy_line(arena, buf_str(&writer.out));
    return buf_failed(&writer.out) || arena_overflowed(arena) ? NO_OUT_OF_MEMORY : YES;
}
