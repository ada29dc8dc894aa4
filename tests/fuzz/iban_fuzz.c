/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as an IBAN, a reference, a BIC, a payment code, an amount, a rate or a Base32 secret:
 * what is taken can be written, and what was written is taken again as the same.
 */
#include "wire/iban.h"

#include "wire/decimal.h"
#include "wire/epcqr.h"
#include "wire/rate.h"
#include "wire/rf.h"
#include "wire/totp.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_numbers(struct arena *arena, str text)
{
    struct iban iban, again;
    struct rf rf, rf_again;
    struct buf out;

    if (iban_check(text, &iban) == IBAN_GOOD) {
        buf_init(&out, arena, 0);
        iban_put(&out, &iban);
        assert(iban_check(buf_str(&out), &again) == IBAN_GOOD);
        assert(str_eq(iban_str(&iban), iban_str(&again)));
    }
    if (rf_check(text, &rf) == RF_GOOD) {
        assert(rf_make(str_sub(rf_str(&rf), 4, rf.len), &rf_again) == YES);
        assert(str_eq(rf_str(&rf), rf_str(&rf_again)));
    }
    (void)bic_check(text);
}

static void check_payment(struct arena *arena, str text)
{
    struct epcqr transfer, again;
    struct buf out;

    if (epcqr_parse(text, &transfer) != EPCQR_GOOD)
        return;
    buf_init(&out, arena, 0);
    /* Other charsets, version 001 and control characters are read but not written. */
    if (epcqr_write(&out, &transfer) == YES) {
        assert(epcqr_parse(buf_str(&out), &again) == EPCQR_GOOD);
        assert(again.amount_cents == transfer.amount_cents);
        assert(str_eq(again.name, transfer.name) && str_eq(again.text, transfer.text));
    }
}

static void check_amounts(str text)
{
    int64_t n;
    struct rate rate;

    (void)decimal_parse(text, 6, DECIMAL_HALF_EVEN, &n);
    if (decimal_parse_price(text, DECIMAL_COMMA_GROUPS, 2, &n) == YES)
        assert(n >= 0);
    if (decimal_parse_price(text, DECIMAL_COMMA_DECIDES, 3, &n) == YES)
        assert(n >= 0);
    if (rate_parse(text, &rate) == YES && rate_convert_half_even(&rate, 1000, 2, 2, &n) == YES)
        assert(n >= 0);
}

static void check_secret(struct arena *arena, str text)
{
    uint8_t secret[64];
    struct buf out;
    size_t len, len_again;

    if (!totp_read_base32(text, secret, sizeof secret, &len))
        return;
    buf_init(&out, arena, 0);
    totp_put_base32(&out, (str){(const char *)secret, len});
    assert(totp_read_base32(buf_str(&out), secret, sizeof secret, &len_again) && len == len_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char block[1 << 16];
    const str text = {(const char *)data, size};
    struct arena arena;

    arena_init_on(&arena, block, sizeof block);
    check_numbers(&arena, text);
    check_payment(&arena, text);
    check_amounts(text);
    check_secret(&arena, text);
    return 0;
}
