/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/epcqr.h"

#include "base/utf8.h"
#include "wire/decimal.h"
#include "wire/iban.h"
#include "wire/qr.h"
#include "wire/rf.h"

#include <assert.h>

#define AMOUNT_MOST INT64_C(99999999999)
enum { LINES_LEAST = 7, LINES_MOST = 12, NAME_MOST = 70, TEXT_MOST = 140, NOTE_MOST = 70 };
/* The lines, by their place. */
enum {
    TAG,
    VERSION,
    CHARSET,
    IDENTIFICATION,
    BIC,
    NAME,
    IBAN,
    AMOUNT,
    PURPOSE,
    REFERENCE,
    TEXT,
    NOTE
};

/* --- reading ---------------------------------------------------------------------------------- */

/* The lines of a payload, missing ones empty; false when there are too few or too many. */
static bool split(str payload, str lines[LINES_MOST])
{
    size_t count = 0;
    bool more = true;

    for (str rest = payload; more; count++) {
        const str all = rest;
        str line;

        more = str_cut(all, '\n', &line, &rest);
        if (str_ends(line, S("\r")))
            line = str_sub(line, 0, line.len - 1);
        if (count >= LINES_MOST && line.len > 0)
            return false;
        if (count < LINES_MOST)
            lines[count] = line;
    }
    return count >= LINES_LEAST;
}

/* Characters, where the charset is known to have one a byte or to be UTF-8. */
static bool too_long(str text, bool utf8, size_t most)
{
    return (utf8 ? utf8_count(text) : text.len) > most;
}

static bool is_purpose(str purpose)
{
    for (size_t i = 0; i < purpose.len; i++)
        if (!(purpose.ptr[i] >= 'A' && purpose.ptr[i] <= 'Z') &&
            !(purpose.ptr[i] >= '0' && purpose.ptr[i] <= '9'))
            return false;
    return purpose.len <= 4;
}

/* "EUR12.34": one or two decimals or none, no sign. */
static bool read_amount(str line, int64_t *cents)
{
    const str number = str_sub(line, 3, line.len);
    const size_t dot = str_find_char(number, '.');

    if (line.len == 0) {
        *cents = 0;
        return true;
    }
    return str_starts(line, S("EUR")) && !str_starts(number, S("-")) && number.len <= dot + 3 &&
           decimal_parse(number, 2, DECIMAL_EXACT, cents) == YES && *cents > 0 &&
           *cents <= AMOUNT_MOST;
}

static enum epcqr_flaw check_head(const str lines[LINES_MOST])
{
    const bool old = str_eq(lines[VERSION], S("001"));

    if (!str_eq(lines[TAG], S("BCD")))
        return EPCQR_SHAPE;
    if (!old && !str_eq(lines[VERSION], S("002")))
        return EPCQR_VERSION;
    if (lines[CHARSET].len != 1 || lines[CHARSET].ptr[0] < '1' || lines[CHARSET].ptr[0] > '8')
        return EPCQR_CHARSET;
    if (!str_eq(lines[IDENTIFICATION], S("SCT")))
        return EPCQR_IDENTIFICATION;
    if (lines[BIC].len == 0)
        return old ? EPCQR_BIC_REQUIRED : EPCQR_GOOD;
    return bic_check(lines[BIC]) == BIC_GOOD ? EPCQR_GOOD : EPCQR_BIC;
}

static enum epcqr_flaw check_body(const str lines[LINES_MOST], int64_t *cents)
{
    const bool utf8 = lines[CHARSET].ptr[0] == '1';
    struct iban iban;
    struct rf rf;

    if (lines[NAME].len == 0 || too_long(lines[NAME], utf8, NAME_MOST))
        return EPCQR_NAME;
    if (iban_check(lines[IBAN], &iban) != IBAN_GOOD)
        return EPCQR_IBAN;
    if (!read_amount(lines[AMOUNT], cents))
        return EPCQR_AMOUNT;
    if (!is_purpose(lines[PURPOSE]))
        return EPCQR_PURPOSE;
    if (lines[REFERENCE].len > 0 && lines[TEXT].len > 0)
        return EPCQR_REMITTANCE_BOTH;
    if (lines[REFERENCE].len > 0 && rf_check(lines[REFERENCE], &rf) != RF_GOOD)
        return EPCQR_REFERENCE;
    if (too_long(lines[TEXT], utf8, TEXT_MOST))
        return EPCQR_TEXT;
    return too_long(lines[NOTE], utf8, NOTE_MOST) ? EPCQR_NOTE : EPCQR_GOOD;
}

enum epcqr_flaw epcqr_parse(str payload, struct epcqr *transfer)
{
    str lines[LINES_MOST] = {{0}};
    int64_t cents = 0;

    if (!split(payload, lines))
        return EPCQR_SHAPE;
    enum epcqr_flaw flaw = check_head(lines);

    if (flaw == EPCQR_GOOD && lines[CHARSET].ptr[0] == '1' && !utf8_valid(payload))
        flaw = EPCQR_CHARSET;
    if (flaw == EPCQR_GOOD)
        flaw = check_body(lines, &cents);
    if (flaw == EPCQR_GOOD && payload.len > EPCQR_SIZE_MAX)
        flaw = EPCQR_TOO_LONG;
    if (flaw == EPCQR_GOOD)
        *transfer = (struct epcqr){.bic = lines[BIC],
                                   .name = lines[NAME],
                                   .iban = lines[IBAN],
                                   .amount_cents = cents,
                                   .purpose = lines[PURPOSE],
                                   .reference = lines[REFERENCE],
                                   .text = lines[TEXT],
                                   .note = lines[NOTE]};
    return flaw;
}

/* --- writing ---------------------------------------------------------------------------------- */

static no check_words(str words, size_t most)
{
    if (!utf8_valid(words))
        return NO_FIELD_NOT_UTF8;
    if (!utf8_clean(words, false))
        return NO_FIELD_CONTROL_CHARS;
    return utf8_count(words) > most ? NO_FIELD_TOO_LONG : YES;
}

static no check(const struct epcqr *transfer)
{
    if (transfer->name.len == 0)
        return NO_FIELD_MISSING;
    TRY(check_words(transfer->name, NAME_MOST));
    TRY(check_words(transfer->text, TEXT_MOST));
    TRY(check_words(transfer->note, NOTE_MOST));
    if (transfer->amount_cents < 0 || transfer->amount_cents > AMOUNT_MOST)
        return NO_FIELD_NOT_AN_AMOUNT;
    if (transfer->bic.len > 0 && bic_check(transfer->bic) != BIC_GOOD)
        return NO_FIELD_WRONG;
    if (!is_purpose(transfer->purpose) || (transfer->reference.len > 0 && transfer->text.len > 0))
        return NO_FIELD_WRONG;
    return YES;
}

static void put_amount(struct buf *out, int64_t cents)
{
    if (cents == 0)
        return;
    buf_put(out, S("EUR"));
    buf_put_int(out, cents / 100);
    buf_put_char(out, '.');
    buf_put_char(out, (char)('0' + cents / 10 % 10));
    buf_put_char(out, (char)('0' + cents % 10));
}

no epcqr_write(struct buf *out, const struct epcqr *transfer)
{
    assert(buf_str(out).len == 0);
    struct iban iban;
    struct rf rf = {.len = 0};

    TRY(check(transfer));
    TRY(iban_parse(transfer->iban, &iban));
    if (transfer->reference.len > 0 && rf_check(transfer->reference, &rf) != RF_GOOD)
        return NO_FIELD_WRONG;
    /* From here on only length and memory can refuse. */
    const str tail[] = {transfer->purpose, rf_str(&rf), transfer->text, transfer->note};
    size_t filled = sizeof tail / sizeof tail[0];

    while (filled > 0 && tail[filled - 1].len == 0)
        filled--;
    buf_put(out, S("BCD\n002\n1\nSCT\n"));
    buf_put(out, transfer->bic);
    buf_put_char(out, '\n');
    buf_put(out, transfer->name);
    buf_put_char(out, '\n');
    buf_put(out, iban_str(&iban));
    buf_put(out, transfer->amount_cents > 0 || filled > 0 ? S("\n") : STR_NONE);
    put_amount(out, transfer->amount_cents);
    for (size_t i = 0; i < filled; i++) {
        buf_put_char(out, '\n');
        buf_put(out, tail[i]);
    }
    if (buf_failed(out))
        return NO_OUT_OF_MEMORY;
    return buf_str(out).len > EPCQR_SIZE_MAX ? NO_TOO_LARGE : YES;
}

no epcqr_svg(struct buf *out, str payload)
{
    return qr_svg(out, payload, EPCQR_VERSION_MAX);
}
