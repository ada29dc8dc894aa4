/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/iban.h"

#include <stdint.h>
#include <string.h>

/* ISO 13616 registry, release 101: country, in SEPA or not, what follows the check digits:
 * n digits, a capitals, c both, each with its count. */
struct country {
    char code[3];
    uint8_t sepa;
    char shape[16];
};

static const struct country countries[] = {
    {"AD", 1, "n8c12"},    {"AE", 0, "n19"},      {"AL", 1, "n8c16"},    {"AT", 1, "n16"},
    {"AZ", 0, "a4c20"},    {"BA", 0, "n16"},      {"BE", 1, "n12"},      {"BG", 1, "a4n6c8"},
    {"BH", 0, "a4c14"},    {"BI", 0, "n23"},      {"BR", 0, "n23a1c1"},  {"BY", 0, "c4n4c16"},
    {"CH", 1, "n5c12"},    {"CR", 0, "n18"},      {"CY", 1, "n8c16"},    {"CZ", 1, "n20"},
    {"DE", 1, "n18"},      {"DJ", 0, "n23"},      {"DK", 1, "n14"},      {"DO", 0, "c4n20"},
    {"EE", 1, "n16"},      {"EG", 0, "n25"},      {"ES", 1, "n20"},      {"FI", 1, "n14"},
    {"FK", 0, "a2n12"},    {"FO", 0, "n14"},      {"FR", 1, "n10c11n2"}, {"GB", 1, "a4n14"},
    {"GE", 0, "a2n16"},    {"GI", 1, "a4c15"},    {"GL", 0, "n14"},      {"GR", 1, "n7c16"},
    {"GT", 0, "c24"},      {"HN", 0, "a4n20"},    {"HR", 1, "n17"},      {"HU", 1, "n24"},
    {"IE", 1, "a4n14"},    {"IL", 0, "n19"},      {"IQ", 0, "a4n15"},    {"IS", 1, "n22"},
    {"IT", 1, "a1n10c12"}, {"JO", 0, "a4n4c18"},  {"KW", 0, "a4c22"},    {"KZ", 0, "n3c13"},
    {"LB", 0, "n4c20"},    {"LC", 0, "a4c24"},    {"LI", 1, "n5c12"},    {"LT", 1, "n16"},
    {"LU", 1, "n3c13"},    {"LV", 1, "a4c13"},    {"LY", 0, "n21"},      {"MC", 1, "n10c11n2"},
    {"MD", 1, "c20"},      {"ME", 1, "n18"},      {"MK", 1, "n3c10n2"},  {"MN", 0, "n16"},
    {"MR", 0, "n23"},      {"MT", 1, "a4n5c18"},  {"MU", 0, "a4n19a3"},  {"NI", 0, "a4n20"},
    {"NL", 1, "a4n10"},    {"NO", 1, "n11"},      {"OM", 0, "n3c16"},    {"PK", 0, "a4c16"},
    {"PL", 1, "n24"},      {"PS", 0, "a4c21"},    {"PT", 1, "n21"},      {"QA", 0, "a4c21"},
    {"RO", 1, "a4c16"},    {"RS", 1, "n18"},      {"RU", 0, "n14c15"},   {"SA", 0, "n2c18"},
    {"SC", 0, "a4n20a3"},  {"SD", 0, "n14"},      {"SE", 1, "n20"},      {"SI", 1, "n15"},
    {"SK", 1, "n20"},      {"SM", 1, "a1n10c12"}, {"SO", 0, "n19"},      {"ST", 0, "n21"},
    {"SV", 0, "a4n20"},    {"TL", 0, "n19"},      {"TN", 0, "n20"},      {"TR", 0, "n6c16"},
    {"UA", 0, "n6c19"},    {"VA", 1, "n18"},      {"VG", 0, "a4n16"},    {"XK", 0, "n16"},
    {"YE", 0, "a4n4c18"},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static const struct country *country_of(const char *iban)
{
    for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++)
        if (memcmp(countries[i].code, iban, 2) == 0)
            return &countries[i];
    return NULL;
}

/* The next class and its count of a shape such as "a4n14"; false at the end. */
static bool next_class(const char **shape, char *class, unsigned *count)
{
    if (**shape == '\0')
        return false;
    *class = *(*shape)++;
    for (*count = 0; is_digit(**shape); (*shape)++)
        *count = *count * 10 + (unsigned)(**shape - '0');
    return true;
}

static unsigned length_of(const struct country *country)
{
    const char *shape = country->shape;
    unsigned total = 4, count;
    char class;

    while (next_class(&shape, &class, &count))
        total += count;
    return total;
}

static bool has_shape(const struct country *country, const char *iban)
{
    const char *shape = country->shape, *at = iban + 4;
    unsigned count;
    char class;

    while (next_class(&shape, &class, &count))
        for (; count > 0; count--, at++)
            if ((class == 'n' && !is_digit(*at)) || (class == 'a' && !is_capital(*at)))
                return false;
    return true;
}

unsigned iban_mod_97(str moved)
{
    unsigned rest = 0;

    for (size_t i = 0; i < moved.len; i++) {
        const char c = moved.ptr[(i + 4) % moved.len];

        rest = is_digit(c) ? (rest * 10 + (unsigned)(c - '0')) % 97
                           : (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
    }
    return rest;
}

/* Capitals without blanks; false on any other character, or too many. */
static bool squeeze(str typed, struct iban *iban)
{
    for (size_t i = 0; i < typed.len; i++) {
        const str here = str_sub(typed, i, typed.len);
        char c = here.ptr[0];

        if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            continue;
        if (str_starts(here, S("\u00a0")) || str_starts(here, S("\u202f"))) {
            i += c == '\xc2' ? 1 : 2;
            continue;
        }
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if ((!is_digit(c) && !is_capital(c)) || iban->len == IBAN_SIZE_MAX)
            return false;
        iban->text[iban->len++] = c;
    }
    return true;
}

enum iban_flaw iban_check(str typed, struct iban *iban)
{
    struct iban read = {.len = 0};

    if (!squeeze(typed, &read) || read.len < 5 || !is_capital(read.text[0]) ||
        !is_capital(read.text[1]) || !is_digit(read.text[2]) || !is_digit(read.text[3]))
        return IBAN_FORMAT;
    const struct country *country = country_of(read.text);
    const int check = (read.text[2] - '0') * 10 + (read.text[3] - '0');

    if (country == NULL)
        return IBAN_COUNTRY;
    if (read.len != length_of(country))
        return IBAN_LENGTH;
    if (!has_shape(country, read.text))
        return IBAN_SHAPE;
    if (check < 2 || check > 98)
        return IBAN_CHECKDIGITS_RANGE;
    if (iban_mod_97(iban_str(&read)) != 1)
        return IBAN_CHECKSUM;
    *iban = read;
    return IBAN_GOOD;
}

no iban_parse(str typed, struct iban *iban)
{
    if (str_trim(typed).len == 0)
        return NO_FIELD_MISSING;
    return iban_check(typed, iban) == IBAN_GOOD ? YES : NO_FIELD_NOT_AN_IBAN;
}

str iban_str(const struct iban *iban)
{
    return (str){iban->text, iban->len};
}

void iban_put(struct buf *out, const struct iban *iban)
{
    for (size_t at = 0; at < iban->len; at += 4) {
        buf_put(out, at > 0 ? S(" ") : STR_NONE);
        buf_put(out, str_sub(iban_str(iban), at, 4));
    }
}

bool iban_is_sepa(const struct iban *iban)
{
    const struct country *country = country_of(iban->text);

    return country != NULL && country->sepa == 1;
}

enum bic_flaw bic_check(str bic)
{
    for (size_t i = 0; i < bic.len; i++)
        if (!is_capital(bic.ptr[i]) && !(is_digit(bic.ptr[i]) && i != 4 && i != 5))
            return BIC_FORMAT;
    return bic.len == 8 || bic.len == 11 ? BIC_GOOD : BIC_LENGTH;
}
