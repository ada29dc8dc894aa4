/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pages/put.h"

#include <stddef.h>

enum { SCRATCH = 256 };

/* What a byte becomes: 0 = itself. Tables, because most bytes of a page are read here. */
enum { SAFE, AMPERSAND, LESS, GREATER, QUOTE, APOSTROPHE, ZERO };

static const unsigned char text_class[256] = {
    [0] = ZERO, ['&'] = AMPERSAND, ['<'] = LESS, ['>'] = GREATER};
static const unsigned char attr_class[256] = {
    [0] = ZERO,      ['&'] = AMPERSAND, ['<'] = LESS,
    ['>'] = GREATER, ['"'] = QUOTE,     ['\''] = APOSTROPHE};

static str escape_of(unsigned char class)
{
    switch (class) {
    case AMPERSAND:
        return S("&amp;");
    case LESS:
        return S("&lt;");
    case GREATER:
        return S("&gt;");
    case QUOTE:
        return S("&#34;");
    case APOSTROPHE:
        return S("&#39;");
    default:
        return S("\xEF\xBF\xBD");
    }
}

/* Runs of harmless bytes go out in one piece. */
static void put_escaped(struct buf *out, str s, const unsigned char class[256])
{
    size_t from = 0;

    for (size_t at = 0; at < s.len; at++) {
        const unsigned char kind = class[(unsigned char)s.ptr[at]];

        if (kind == SAFE)
            continue;
        buf_put_bytes(out, s.ptr + from, at - from);
        buf_put(out, escape_of(kind));
        from = at + 1;
    }
    if (from < s.len)
        buf_put_bytes(out, s.ptr + from, s.len - from);
}

void put_text_str(struct buf *out, const struct page *page, str s)
{
    (void)page;
    put_escaped(out, s, text_class);
}

void put_text_html(struct buf *out, const struct page *page, html markup)
{
    (void)page;
    buf_put(out, markup.s);
}

void put_text_url(struct buf *out, const struct page *page, url address)
{
    (void)page;
    put_escaped(out, address.s, text_class);
}

void put_text_int(struct buf *out, const struct page *page, int64_t n)
{
    if (n >= 0 && n < 1000)
        buf_put_int(out, n);
    else
        money_put_count(out, page->lang, n);
}

void put_text_uint(struct buf *out, const struct page *page, uint64_t n)
{
    if (n <= INT64_MAX)
        put_text_int(out, page, (int64_t)n);
    else
        put_attr_uint(out, page, n);
}

/* A unit's name is chosen by members: what money_put writes is text like any other. */
void put_text_money(struct buf *out, const struct page *page, money amount)
{
    char block[SCRATCH] __attribute__((aligned(16)));
    struct arena arena;
    struct buf text;

    arena_init_on(&arena, block, sizeof block);
    buf_init(&text, &arena, SCRATCH / 2);
    money_put(&text, page->lang, amount);
    put_text_str(out, page, buf_str(&text));
}

void put_attr_str(struct buf *out, const struct page *page, str s)
{
    (void)page;
    put_escaped(out, s, attr_class);
}

void put_attr_url(struct buf *out, const struct page *page, url address)
{
    (void)page;
    put_escaped(out, address.s, attr_class);
}

void put_attr_money(struct buf *out, const struct page *page, money amount)
{
    char block[SCRATCH] __attribute__((aligned(16)));
    struct arena arena;
    struct buf text;

    arena_init_on(&arena, block, sizeof block);
    buf_init(&text, &arena, SCRATCH / 2);
    money_put(&text, page->lang, amount);
    put_attr_str(out, page, buf_str(&text));
}

void put_attr_int(struct buf *out, const struct page *page, int64_t n)
{
    (void)page;
    buf_put_int(out, n);
}

void put_attr_uint(struct buf *out, const struct page *page, uint64_t n)
{
    char digits[20];
    size_t at = sizeof digits;

    (void)page;
    do {
        digits[--at] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    buf_put_bytes(out, digits + at, sizeof digits - at);
}

void put_value_money(struct buf *out, const struct page *page, money amount)
{
    (void)page;
    money_put_field(out, amount);
}

void put_value_token(struct buf *out, const struct page *page, form_token token)
{
    put_attr_str(out, page, token.draw(token.self));
}

void put_uid(struct buf *out, const struct page *page, uid id)
{
    char text[36];

    (void)page;
    uid_write(id, text);
    buf_put_bytes(out, text, sizeof text);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void put_url_str(struct buf *out, const struct page *page, str s)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t from = 0;

    (void)page;
    for (size_t at = 0; at < s.len; at++) {
        const unsigned char c = (unsigned char)s.ptr[at];

        if (is_unreserved(c))
            continue;
        buf_put_bytes(out, s.ptr + from, at - from);
        buf_put_bytes(out, (char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
        from = at + 1;
    }
    if (from < s.len)
        buf_put_bytes(out, s.ptr + from, s.len - from);
}
