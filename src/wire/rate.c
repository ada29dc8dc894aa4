/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/rate.h"

#include "base/money.h"
#include "wire/decimal.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define ONE INT64_C(1000000000000) /* 10^DECIMAL_PLACES_MAX */
#define RATE_MOST 1000000

__extension__ typedef __int128 wide;

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

static bool is_code(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z') && !(s.ptr[i] >= '0' && s.ptr[i] <= '9'))
            return false;
    return s.len >= 2 && s.len <= 8;
}

no rate_parse(str text, struct rate *rate)
{
    str code, number;
    char plain[32];
    int64_t scaled;

    if (!str_cut(text, '=', &code, &number))
        return NO_RATE_MISSING;
    code = str_trim(code);
    number = str_trim(number);
    if (!is_code(code))
        return NO_FIELD_WRONG;
    if (number.len > sizeof plain)
        return NO_FIELD_NOT_A_NUMBER;
    for (size_t i = 0; i < number.len; i++)
        plain[i] = number.ptr[i] == ',' ? '.' : number.ptr[i];
    TRY(decimal_parse((str){plain, number.len}, DECIMAL_PLACES_MAX, DECIMAL_EXACT, &scaled));
    if (scaled <= 0 || scaled > RATE_MOST * ONE)
        return NO_FIELD_OUT_OF_RANGE;
    const int64_t divisor = common_divisor(scaled, ONE);

    *rate = (struct rate){.numerator = scaled / divisor, .denominator = ONE / divisor};
    memcpy(rate->code, code.ptr, code.len);
    return YES;
}

static int64_t power_of_ten(unsigned exponent)
{
    int64_t n = 1;

    while (exponent-- > 0)
        n *= 10;
    return n;
}

no rate_convert_half_even(const struct rate *rate, int64_t minor, unsigned from, unsigned to,
                          int64_t *converted)
{
    assert(from <= 4 && to <= 4 && minor >= -MONEY_MAX && minor <= MONEY_MAX);
    /* 53 + 60 + 14 bits: it fits. */
    const wide above = (wide)minor * rate->numerator * power_of_ten(to);
    const wide below = (wide)rate->denominator * power_of_ten(from);
    wide whole = above / below;
    const wide rest = above % below < 0 ? -(above % below) : above % below;

    if (2 * rest > below || (2 * rest == below && whole % 2 != 0))
        whole += minor < 0 ? -1 : 1;
    if (whole > MONEY_MAX || whole < -MONEY_MAX)
        return NO_AMOUNT_TOO_LARGE;
    *converted = (int64_t)whole;
    return YES;
}
