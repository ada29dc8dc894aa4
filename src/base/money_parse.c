/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What people type in a field of money. Two languages put the same two characters to opposite uses,
 * so every guess that could be wrong by a thousand is refused instead.
 */
#include "base/money.h"
#include "base/utf8.h"

#include <string.h>

enum { TYPED_MAX = 80, MINUTES_PER_HOUR = 60, HUNDREDTHS = 100 };

/* Stand for signs in the plain text below, where every character is one byte. */
enum { EURO = 1, POUND = 2 };

/* 0 when no amount has this character. */
static char plain_char(uint32_t point)
{
    switch (point) {
    case ' ':
    case '\t':
    case 0xa0:
    case 0x2009:
    case 0x202f:
        return ' ';
    case '-':
    case 0x2212:
        return '-';
    case '\'':
    case 0x2019:
        return '\'';
    case 0x20ac:
        return EURO;
    case 0xa3:
        return POUND;
    case '$':
    case '.':
    case ',':
    case ':':
        return (char)point;
    default:
        break;
    }
    if (point >= 'a' && point <= 'z')
        return (char)(point - 'a' + 'A');
    return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') ? (char)point : 0;
}

static no make_plain(str typed, char plain[TYPED_MAX], str *out)
{
    size_t len = 0;

    for (size_t at = 0; at < typed.len; len++) {
        if (len == TYPED_MAX || (plain[len] = plain_char(utf8_next(typed, &at))) == 0)
            return NO_FIELD_NOT_AN_AMOUNT;
    }
    *out = str_trim((str){plain, len});
    return out->len == 0 ? NO_FIELD_MISSING : YES;
}

static bool take_start(str *s, str start)
{
    if (start.len == 0 || !str_starts(*s, start))
        return false;
    *s = str_trim((str){s->ptr + start.len, s->len - start.len});
    return true;
}

static bool take_end(str *s, str end)
{
    if (end.len == 0 || !str_ends(*s, end))
        return false;
    *s = str_trim((str){s->ptr, s->len - end.len});
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- numbers --- */

/* "1234" or "1 234": groups of three, one separator throughout. */
static bool is_whole(str s)
{
    char separator = 0;
    size_t group = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (is_digit(s.ptr[i])) {
            group++;
            continue;
        }
        if (separator == 0 ? group == 0 || group > 3 : s.ptr[i] != separator || group != 3)
            return false;
        separator = s.ptr[i];
        if (separator != ' ' && separator != '\'' && separator != '.' && separator != ',')
            return false;
        group = 0;
    }
    return separator == 0 ? group > 0 : group == 3;
}

static bool is_digits(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_digit(s.ptr[i]))
            return false;
    return s.len > 0;
}

static size_t count_char(str s, char c)
{
    size_t count = 0;

    for (size_t i = 0; i < s.len; i++)
        count += s.ptr[i] == c;
    return count;
}

/* Cuts at what must be the decimal separator; without one *fraction is empty. */
static void cut_fraction(str s, unsigned decimals, str *whole, str *fraction)
{
    const size_t dots = count_char(s, '.'), commas = count_char(s, ',');
    size_t at = s.len;

    *whole = s;
    *fraction = STR_NONE;
    while (at > 0 && s.ptr[at - 1] != '.' && s.ptr[at - 1] != ',')
        at--;
    /* None, or one kind several times: those separate thousands. */
    if (at == 0 || (dots + commas > 1 && (dots == 0 || commas == 0)))
        return;
    /* One before three digits separates thousands where the unit has no decimals at all. */
    if (dots + commas == 1 && decimals == 0 && s.len - at == 3)
        return;
    *whole = (str){s.ptr, at - 1};
    *fraction = (str){s.ptr + at, s.len - at};
}

/* value * 10 + each digit of `digits`; separators are skipped. False past MONEY_MAX. */
static bool add_digits(str digits, int64_t *value)
{
    for (size_t i = 0; i < digits.len; i++) {
        if (!is_digit(digits.ptr[i]))
            continue;
        *value = *value * 10 + (digits.ptr[i] - '0');
        if (*value > MONEY_MAX)
            return false;
    }
    return true;
}

/* A number in units of 10^-decimals. */
static no read_number(str s, unsigned decimals, int64_t *value)
{
    str whole, fraction;
    int64_t n = 0;

    cut_fraction(s, decimals, &whole, &fraction);
    if (!is_whole(whole) || fraction.len > decimals ||
        (whole.len < s.len && !is_digits(fraction)) ||
        /* "1,234.567,89" and "1.234.56" */
        (fraction.len > 0 && count_char(whole, whole.ptr[whole.len]) > 0))
        return NO_FIELD_NOT_AN_AMOUNT;
    if (!add_digits(whole, &n) || !add_digits(fraction, &n))
        return NO_AMOUNT_TOO_LARGE;
    for (size_t i = fraction.len; i < decimals; i++)
        if (!add_digits(S("0"), &n))
            return NO_AMOUNT_TOO_LARGE;
    *value = n;
    return YES;
}

/* --- units --- */

static str sign_of(const struct unit *unit, str code)
{
    static const char euro[] = {EURO}, pound[] = {POUND};

    if (unit->kind != UNIT_FIAT)
        return STR_NONE;
    if (str_eq(code, S("EUR")))
        return (str){euro, 1};
    if (str_eq(code, S("GBP")))
        return (str){pound, 1};
    return str_eq(code, S("USD")) ? S("$") : STR_NONE;
}

static no read_money(str s, const struct unit *unit, bool *negative, int64_t *value)
{
    const str code = {unit->code, strnlen(unit->code, sizeof unit->code)};
    const str sign = sign_of(unit, code);

    if (take_start(&s, sign) || take_start(&s, code)) {
        if (!*negative)
            *negative = take_start(&s, S("-"));
    } else if (!take_end(&s, sign)) {
        (void)take_end(&s, code);
    }
    return read_number(s, unit->exponent, value);
}

/* Hours and a half: hundredths of hours that are whole minutes. */
static no read_hours(str s, int64_t *minutes)
{
    int64_t hundredths;

    TRY(read_number(s, 2, &hundredths));
    if (hundredths % HUNDREDTHS * MINUTES_PER_HOUR % HUNDREDTHS != 0)
        return NO_FIELD_NOT_AN_AMOUNT;
    *minutes = hundredths / HUNDREDTHS * MINUTES_PER_HOUR +
               hundredths % HUNDREDTHS * MINUTES_PER_HOUR / HUNDREDTHS;
    return YES;
}

static no read_hours_and_minutes(str hours, str minutes, int64_t *value)
{
    int64_t whole, rest = 0;

    if (minutes.len > 2 || !is_digits(minutes) || !add_digits(minutes, &rest) ||
        rest >= MINUTES_PER_HOUR)
        return NO_FIELD_NOT_AN_AMOUNT;
    TRY(read_number(hours, 0, &whole));
    if (whole > (MONEY_MAX - rest) / MINUTES_PER_HOUR)
        return NO_AMOUNT_TOO_LARGE;
    *value = whole * MINUTES_PER_HOUR + rest;
    return YES;
}

static bool take_minutes_word(str *s)
{
    return take_end(s, S("MINUTES")) || take_end(s, S("MINUTE")) || take_end(s, S("MIN")) ||
           take_end(s, S("MN")) || take_end(s, S("M"));
}

static void take_hours_word(str *s)
{
    (void)(take_start(s, S("OURS")) || take_start(s, S("OUR")) || take_start(s, S("EURES")) ||
           take_start(s, S("EURE")));
}

static no read_time(str s, int64_t *minutes)
{
    str hours, rest;

    if (str_cut(s, ':', &hours, &rest))
        return rest.len == 2 ? read_hours_and_minutes(hours, rest, minutes)
                             : NO_FIELD_NOT_AN_AMOUNT;
    if (str_cut(s, 'H', &hours, &rest)) {
        hours = str_trim(hours);
        rest = str_trim(rest);
        take_hours_word(&rest);
        if (rest.len == 0)
            return read_hours(hours, minutes);
        (void)take_minutes_word(&rest);
        return read_hours_and_minutes(hours, rest, minutes);
    }
    if (take_minutes_word(&s))
        return read_number(s, 0, minutes);
    return read_hours(s, minutes);
}

no money_parse(str typed, struct unit unit, int64_t *minor)
{
    char plain[TYPED_MAX];
    str s;
    int64_t value;

    TRY(make_plain(typed, plain, &s));
    bool negative = take_start(&s, S("-"));

    if (unit.kind == UNIT_TIME)
        TRY(read_time(s, &value));
    else
        TRY(read_money(s, &unit, &negative, &value));
    *minor = negative ? -value : value;
    return YES;
}
