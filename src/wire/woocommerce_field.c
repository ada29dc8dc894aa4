/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/time.h"
#include "wire/plaintext.h"
#include "wire/woocommerce_in.h"

enum { ISO_DATE_SIZE = 10 };

str woocommerce_unguard(str field)
{
    const bool guarded =
        field.len > 1 && field.ptr[0] == '\'' && str_find_char(S("=+-@"), field.ptr[1]) < 4;

    return guarded ? str_sub(field, 1, field.len) : field;
}

no woocommerce_unescape(struct arena *arena, str field, str *text)
{
    struct buf out;

    buf_init(&out, arena, field.len);
    for (size_t at = 0; at < field.len; at++) {
        const str here = str_sub(field, at, 3);

        if (str_eq(here, S("\\\\n"))) {
            buf_put(&out, S("\\n"));
            at += 2;
        } else if (str_starts(here, S("\\n"))) {
            buf_put_char(&out, '\n');
            at++;
        } else {
            buf_put_char(&out, field.ptr[at]);
        }
    }
    if (buf_failed(&out))
        return NO_OUT_OF_MEMORY;
    *text = buf_str(&out);
    return YES;
}

no woocommerce_words(struct arena *arena, str field, str *words)
{
    str text;

    TRY(plaintext_of_html(arena, field, &text));
    return plaintext_line(arena, text, words);
}

/* The item at *at, "\," undone, and *at moved behind its comma. NO_OUT_OF_MEMORY. */
static no take_item(struct arena *arena, str field, size_t *at, str *item)
{
    struct buf out;

    buf_init(&out, arena, 64);
    for (; *at < field.len && field.ptr[*at] != ','; (*at)++) {
        const bool escaped =
            field.ptr[*at] == '\\' && *at + 1 < field.len && field.ptr[*at + 1] == ',';

        *at += escaped;
        buf_put_char(&out, field.ptr[*at]);
    }
    *at += *at < field.len;
    *item = str_trim(buf_str(&out));
    return buf_failed(&out) ? NO_OUT_OF_MEMORY : YES;
}

no woocommerce_list(struct arena *arena, str field, struct str_list *list)
{
    size_t most = field.len > 0, count = 0;

    for (size_t i = 0; i < field.len; i++)
        most += field.ptr[i] == ',';
    if (most > PRODUCT_LIST_MAX)
        return NO_FIELD_TOO_LONG;
    str *items = arena_take_many(arena, most, sizeof *items);

    if (items == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t at = 0; at < field.len;) {
        str item, words;

        TRY(take_item(arena, field, &at, &item));
        TRY(woocommerce_words(arena, item, &words));
        if (words.len > 0)
            items[count++] = words;
    }
    *list = (struct str_list){items, count};
    return YES;
}

static bool is_number(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return text.len > 0;
}

struct product_ref woocommerce_ref(str field)
{
    const str number = str_sub(field, 3, field.len);

    if (str_starts(field, S("id:")) && is_number(number))
        return (struct product_ref){.id = number};
    return (struct product_ref){.sku = field};
}

bool woocommerce_is_url(str text)
{
    return str_starts(text, S("https://")) || str_starts(text, S("http://"));
}

void woocommerce_keep_urls(struct str_list *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        if (woocommerce_is_url(list->items[i]))
            list->items[kept++] = list->items[i];
    list->count = kept;
}

no woocommerce_day(str field, int32_t open, int32_t *days)
{
    if (field.len == 0) {
        *days = open;
        return YES;
    }
    if (field.len > ISO_DATE_SIZE && field.ptr[ISO_DATE_SIZE] != ' ' &&
        field.ptr[ISO_DATE_SIZE] != 'T')
        return NO_FIELD_NOT_A_DATE;
    return time_parse_iso_date(str_sub(field, 0, ISO_DATE_SIZE), days);
}
