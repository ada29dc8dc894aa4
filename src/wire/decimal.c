/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/decimal.h"

#include "base/money.h"

#include <assert.h>
#include <stdbool.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* *n = *n * 10 + digit, downwards from zero, where int64_t reaches one further. */
static bool add_digit(int64_t *n, char c)
{
    return !__builtin_mul_overflow(*n, 10, n) && !__builtin_sub_overflow(*n, c - '0', n);
}

static bool all_digits(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    return s.len > 0;
}

/* Whether the digits cut off ask for one more: above a half, or a half behind an odd last digit. */
static bool rounds_away(str rest, int64_t kept)
{
    bool more = false;

    if (rest.len == 0 || rest.ptr[0] < '5')
        return false;
    for (size_t i = 1; i < rest.len; i++)
        more = more || rest.ptr[i] != '0';
    return rest.ptr[0] > '5' || more || kept % 2 != 0;
}

static bool all_zeros(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '0')
            return false;
    return true;
}

no decimal_parse(str text, unsigned places, enum decimal_rest rest, int64_t *scaled)
{
    assert(places <= DECIMAL_PLACES_MAX);
    const bool negative = text.len > 0 && text.ptr[0] == '-';
    str whole, part;
    int64_t n = 0;

    if (text.len == 0)
        return NO_FIELD_MISSING;
    const bool dot = str_cut(str_sub(text, negative, text.len), '.', &whole, &part);

    if (!all_digits(whole) || (dot && !all_digits(part)))
        return NO_FIELD_NOT_A_NUMBER;
    const str cut = str_sub(part, places, part.len);

    if (rest == DECIMAL_EXACT && !all_zeros(cut))
        return NO_FIELD_NOT_AN_AMOUNT;
    for (size_t i = 0; i < whole.len; i++)
        if (!add_digit(&n, whole.ptr[i]))
            return NO_FIELD_OUT_OF_RANGE;
    for (size_t i = 0; i < places; i++)
        if (!add_digit(&n, i < part.len ? part.ptr[i] : '0'))
            return NO_FIELD_OUT_OF_RANGE;
    if (rounds_away(cut, n) && __builtin_sub_overflow(n, 1, &n))
        return NO_FIELD_OUT_OF_RANGE;
    if (!negative && __builtin_sub_overflow(0, n, &n))
        return NO_FIELD_OUT_OF_RANGE;
    *scaled = n;
    return YES;
}

/* --- prices ----------------------------------------------------------------------------------- */

static const char *const signs[] = {"$", "€", "£", "¥", "kr.", "kr", "zł", "Kč", "Fr.", "lei"};
static const char *const blanks[] = {" ", "\u00a0", "\u202f", "\u2009", "'", "\u2019"};

static size_t sign_before(str s)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (str_starts(s, str_of(signs[i])))
            return str_of(signs[i]).len;
    return 0;
}

static size_t sign_behind(str s)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (str_ends(s, str_of(signs[i])))
            return str_of(signs[i]).len;
    return 0;
}

static bool is_code(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < 'A' || s.ptr[i] > 'Z')
            return false;
    return s.len == 3;
}

static size_t blank_at(str s)
{
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
        if (str_starts(s, str_of(blanks[i])))
            return str_of(blanks[i]).len;
    return 0;
}

static str trim_blanks(str s)
{
    for (size_t len = blank_at(s); len > 0 && s.len > 0; len = blank_at(s))
        s = str_sub(s, len, s.len);
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
        while (s.len > 0 && str_ends(s, str_of(blanks[i])))
            s = str_sub(s, 0, s.len - str_of(blanks[i]).len);
    return str_trim(s);
}

/* Without the one sign or code before or behind the number. */
static str strip_currency(str s)
{
    if (is_code(str_sub(s, 0, 3)))
        return trim_blanks(str_sub(s, 3, s.len));
    if (s.len > 3 && is_code(str_sub(s, s.len - 3, 3)))
        return trim_blanks(str_sub(s, 0, s.len - 3));
    const size_t before = sign_before(s);

    if (before > 0)
        return trim_blanks(str_sub(s, before, s.len));
    return trim_blanks(str_sub(s, 0, s.len - sign_behind(s)));
}

enum { PLAIN_MAX = 40 };

/* "1 234,50" to "1234.50": `decides` is the mark before the decimals, `groups` the other. */
static no flatten(str s, char decides, char groups, char plain[PLAIN_MAX], size_t *len)
{
    size_t in_group = 0, groups_seen = 0, n = 0;
    bool decimals = false;

    for (size_t at = 0; at < s.len;) {
        const str here = str_sub(s, at, s.len);
        const size_t blank = here.ptr[0] == groups ? 1 : blank_at(here);
        const bool decides_here = here.ptr[0] == decides && blank == 0;

        if (n == PLAIN_MAX)
            return NO_FIELD_NOT_AN_AMOUNT;
        if ((blank > 0 || decides_here) && groups_seen > 0 && !decimals && in_group != 3)
            return NO_FIELD_NOT_AN_AMOUNT;
        if (blank > 0) {
            if (decimals || in_group == 0 || in_group > 3)
                return NO_FIELD_NOT_AN_AMOUNT;
            groups_seen++;
            in_group = 0;
        } else {
            in_group += is_digit(here.ptr[0]);
            decimals = decimals || decides_here;
            plain[n++] = decides_here ? '.' : here.ptr[0];
        }
        at += blank > 0 ? blank : 1;
    }
    if (groups_seen > 0 && !decimals && in_group != 3)
        return NO_FIELD_NOT_AN_AMOUNT;
    *len = n;
    return YES;
}

no decimal_parse_price(str text, enum decimal_comma comma, unsigned exponent, int64_t *minor)
{
    assert(exponent <= 4);
    const str number = strip_currency(trim_blanks(text));
    const bool by_comma = comma == DECIMAL_COMMA_DECIDES && str_find_char(number, ',') < number.len;
    char plain[PLAIN_MAX];
    size_t len;
    int64_t amount;

    if (trim_blanks(text).len == 0)
        return NO_FIELD_MISSING;
    TRY(flatten(number, by_comma ? ',' : '.', by_comma ? '.' : ',', plain, &len));
    const no answer = decimal_parse((str){plain, len}, exponent, DECIMAL_EXACT, &amount);

    if (answer == NO_FIELD_OUT_OF_RANGE)
        return NO_AMOUNT_TOO_LARGE;
    if (answer != YES)
        return NO_FIELD_NOT_AN_AMOUNT;
    if (amount < 0)
        return NO_FIELD_OUT_OF_RANGE;
    if (amount > MONEY_MAX)
        return NO_AMOUNT_TOO_LARGE;
    *minor = amount;
    return YES;
}

no decimal_parse_count(str text, int64_t least, int64_t most, int64_t *count)
{
    int64_t n;

    TRY(decimal_parse(text, 0, DECIMAL_HALF_EVEN, &n));
    if (str_find_char(text, '.') < text.len)
        return NO_FIELD_NOT_A_NUMBER;
    if (n < least || n > most)
        return NO_FIELD_OUT_OF_RANGE;
    *count = n;
    return YES;
}
