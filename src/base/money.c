/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/money.h"

#include <assert.h>
#include <string.h>

#define NARROW_SPACE "\u202f"
#define MINUS "\u2212"

enum { EXPONENT_MAX = 18, MINUTES_PER_HOUR = 60 };

/* A product of two amounts; C17 has no name for it. */
__extension__ typedef __int128 wide;

no money_add(money a, money b, money *sum)
{
    int64_t minor;

    if (a.unit.id != b.unit.id)
        return NO_CURRENCY_DIFFERS;
    if (__builtin_add_overflow(a.minor, b.minor, &minor))
        return NO_SUM_WOULD_OVERFLOW;
    *sum = (money){minor, a.unit};
    return YES;
}

no money_sub(money a, money b, money *difference)
{
    int64_t minor;

    if (a.unit.id != b.unit.id)
        return NO_CURRENCY_DIFFERS;
    if (__builtin_sub_overflow(a.minor, b.minor, &minor))
        return NO_SUM_WOULD_OVERFLOW;
    *difference = (money){minor, a.unit};
    return YES;
}

no money_share(int64_t amount, int64_t times, int64_t per, int64_t *floored)
{
    assert(per > 0);
    const wide product = (wide)amount * times;
    const wide share = product / per - (product % per < 0);

    if (share < INT64_MIN || share > INT64_MAX)
        return NO_SUM_WOULD_OVERFLOW;
    *floored = (int64_t)share;
    return YES;
}

/* --- writing --- */

/* An amount is written from its last digit backwards into a piece of stack, and put once: pages
 * hold hundreds of them. */
struct backwards {
    char text[96];
    size_t at;
};

static void before(struct backwards *b, const char *text, size_t len)
{
    b->at -= len;
    memcpy(b->text + b->at, text, len);
}

static void before_word(struct backwards *b, const char *word)
{
    before(b, word, strlen(word));
}

static void before_char(struct backwards *b, char c)
{
    b->text[--b->at] = c;
}

static uint64_t absolute(int64_t n)
{
    return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

/* `digits` digits of `left`, zeros in front; gives back what is left of it. */
static uint64_t before_digits(struct backwards *b, uint64_t left, unsigned digits)
{
    for (unsigned i = 0; i < digits; i++, left /= 10)
        before_char(b, (char)('0' + left % 10));
    return left;
}

static void before_grouped(struct backwards *b, enum lang lang, uint64_t left)
{
    while (left >= 1000) {
        left = before_digits(b, left, 3);
        before_word(b, lang == LANG_FR ? NARROW_SPACE : ",");
    }
    do {
        left = before_digits(b, left, 1);
    } while (left > 0);
}

static void put_backwards(struct buf *out, const struct backwards *b)
{
    buf_put_bytes(out, b->text + b->at, sizeof b->text - b->at);
}

/* The sign people know a currency by; NULL for those that go by their code. */
static const char *unit_sign(const struct unit *unit)
{
    static const struct {
        char code[4];
        const char *sign;
    } signs[] = {{"EUR", "\u20ac"}, {"GBP", "\u00a3"}, {"USD", "$"}};

    for (size_t i = 0; unit->kind == UNIT_FIAT && i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(unit->code, signs[i].code, sizeof unit->code) == 0)
            return signs[i].sign;
    return NULL;
}

static str unit_code(const struct unit *unit)
{
    return (str){unit->code, strnlen(unit->code, sizeof unit->code)};
}

static void before_time(struct backwards *b, enum lang lang, uint64_t minutes)
{
    const char *space = lang == LANG_FR ? NARROW_SPACE : " ";
    const uint64_t hours = minutes / MINUTES_PER_HOUR, rest = minutes % MINUTES_PER_HOUR;

    if (hours == 0) {
        before_word(b, "min");
        before_word(b, space);
        before_grouped(b, lang, rest);
        return;
    }
    if (rest != 0) {
        (void)before_digits(b, rest, 2);
        before_word(b, space);
    }
    before_char(b, 'h');
    before_word(b, space);
    before_grouped(b, lang, hours);
}

void money_put(struct buf *out, enum lang lang, money amount)
{
    const char *sign = unit_sign(&amount.unit);
    const str code = unit_code(&amount.unit);
    struct backwards b = {.at = sizeof b.text};
    uint64_t left = absolute(amount.minor);

    assert(amount.unit.exponent <= EXPONENT_MAX);
    if (amount.unit.kind == UNIT_TIME) {
        before_time(&b, lang, left);
    } else {
        if (sign == NULL)
            before(&b, code.ptr, code.len);
        else if (lang == LANG_FR)
            before_word(&b, sign);
        if (lang == LANG_FR)
            before_word(&b, NARROW_SPACE);
        else if (sign == NULL)
            before_char(&b, ' ');
        if (amount.unit.exponent > 0) {
            left = before_digits(&b, left, amount.unit.exponent);
            before_char(&b, lang == LANG_FR ? ',' : '.');
        }
        before_grouped(&b, lang, left);
        if (sign != NULL && lang != LANG_FR)
            before_word(&b, sign);
    }
    if (amount.minor < 0)
        before_word(&b, MINUS);
    put_backwards(out, &b);
}

static void put_plain(struct buf *out, int64_t minor, unsigned decimals, char point, uint64_t whole)
{
    struct backwards b = {.at = sizeof b.text};
    uint64_t left = absolute(minor) % whole;

    if (decimals > 0) {
        (void)before_digits(&b, left, decimals);
        before_char(&b, point);
    }
    left = absolute(minor) / whole;
    do {
        left = before_digits(&b, left, 1);
    } while (left > 0);
    if (minor < 0)
        before_char(&b, '-');
    put_backwards(out, &b);
}

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

void money_put_plain(struct buf *out, money amount)
{
    const unsigned decimals = amount.unit.exponent;

    assert(decimals <= EXPONENT_MAX);
    put_plain(out, amount.minor, decimals, '.', power_of_ten(decimals));
}

void money_put_field(struct buf *out, money amount)
{
    if (amount.unit.kind == UNIT_TIME)
        put_plain(out, amount.minor, 2, ':', MINUTES_PER_HOUR);
    else
        money_put_plain(out, amount);
}

void money_put_count(struct buf *out, enum lang lang, int64_t count)
{
    struct backwards b = {.at = sizeof b.text};

    before_grouped(&b, lang, absolute(count));
    if (count < 0)
        before_word(&b, MINUS);
    put_backwards(out, &b);
}
