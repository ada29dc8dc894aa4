/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/rf.h"

#include "wire/iban.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char capital(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

no rf_make(str body, struct rf *rf)
{
    struct rf made = {.text = "RF00", .len = 4};

    if (body.len == 0)
        return NO_FIELD_MISSING;
    if (body.len > RF_BODY_SIZE_MAX)
        return NO_FIELD_TOO_LONG;
    for (size_t i = 0; i < body.len; i++) {
        const char c = capital(body.ptr[i]);

        if (!is_digit(c) && !(c >= 'A' && c <= 'Z'))
            return NO_FIELD_WRONG;
        made.text[made.len++] = c;
    }
    const unsigned check = 98 - iban_mod_97(rf_str(&made));

    made.text[2] = (char)('0' + check / 10);
    made.text[3] = (char)('0' + check % 10);
    *rf = made;
    return YES;
}

struct rf rf_of_order(int64_t order)
{
    assert(order > 0);
    char digits[20];
    size_t at = sizeof digits;
    struct rf rf = {.len = 0};

    for (; order > 0; order /= 10)
        digits[--at] = (char)('0' + order % 10);
    const no made = rf_make((str){digits + at, sizeof digits - at}, &rf);

    assert(made == YES);
    (void)made;
    return rf;
}

no rf_order(const struct rf *rf, int64_t *order)
{
    const str body = str_sub(rf_str(rf), 4, rf->len);

    return body.len > 0 && is_digit(body.ptr[0]) && body.ptr[0] != '0' && str_to_int64(body, order)
               ? YES
               : NO_FIELD_WRONG;
}

enum rf_flaw rf_check(str typed, struct rf *rf)
{
    struct rf read = {.len = 0};
    bool strange = false, cut = false;

    for (size_t i = 0; i < typed.len; i++) {
        const char c = capital(typed.ptr[i]);

        if (is_blank(c))
            continue;
        strange = strange || (!is_digit(c) && !(c >= 'A' && c <= 'Z'));
        if (read.len == RF_SIZE_MAX)
            cut = true;
        else
            read.text[read.len++] = c;
    }
    if (read.len < 2 || memcmp(read.text, "RF", 2) != 0)
        return RF_PREFIX;
    if (read.len < 5 || cut)
        return RF_LENGTH;
    if (strange || !is_digit(read.text[2]) || !is_digit(read.text[3]))
        return RF_FORMAT;
    /* 00, 01 and 99 pass the sum but are never made. */
    if (iban_mod_97(rf_str(&read)) != 1 || memcmp(read.text + 2, "02", 2) < 0 ||
        memcmp(read.text + 2, "98", 2) > 0)
        return RF_CHECKSUM;
    *rf = read;
    return RF_GOOD;
}

str rf_str(const struct rf *rf)
{
    return (str){rf->text, rf->len};
}

void rf_put(struct buf *out, const struct rf *rf)
{
    for (size_t at = 0; at < rf->len; at += 4) {
        buf_put(out, at > 0 ? S(" ") : STR_NONE);
        buf_put(out, str_sub(rf_str(rf), at, 4));
    }
}
