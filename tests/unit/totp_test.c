/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/no.h"
#include "wire/totp.h"

#include <string.h>

static struct arena arena;

#define SECRET S("12345678901234567890") /* of both RFCs */

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 1u << 16) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* RFC 4226, appendix D. */
static void codes_of_rfc_4226(void **state)
{
    static const char *const wanted[] = {"755224", "287082", "359152", "969429", "338314",
                                         "254676", "287922", "162583", "399871", "520489"};
    char code[TOTP_DIGITS];

    (void)state;
    for (uint64_t counter = 0; counter < 10; counter++) {
        totp_code(SECRET, counter, TOTP_DIGITS, code);
        assert_memory_equal(code, wanted[counter], TOTP_DIGITS);
    }
}

/* RFC 6238, appendix B, the SHA-1 rows. */
static void codes_of_rfc_6238(void **state)
{
    static const struct {
        int64_t at_s;
        const char *wanted;
    } cases[] = {
        {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
        {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"},
    };
    char code[TOTP_DIGITS_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        totp_code(SECRET, (uint64_t)totp_step(cases[i].at_s), TOTP_DIGITS_MAX, code);
        assert_memory_equal(code, cases[i].wanted, TOTP_DIGITS_MAX);
    }
}

static void a_typed_code_is_checked(void **state)
{
    static const struct {
        const char *typed;
        int64_t now_s, last_step;
        no answer;
        int64_t step;
    } cases[] = {
        /* 287082 is the code of step 1, 30 s to 59 s. */
        {"287082", 30, -1, YES, 1},
        {"287082", 59, -1, YES, 1},
        {" 287 082 ", 59, -1, YES, 1},
        {"287082", 29, -1, YES, 1}, /* the member's clock is ahead */
        {"287082", 89, -1, YES, 1}, /* or behind */
        {"287082", 90, -1, NO_CODE_WRONG, 0},
        {"755224", 0, -1, YES, 0}, /* the very first step has none before it */
        {"287082", 59, 0, YES, 1},
        {"287082", 59, 1, NO_CODE_WRONG, 0}, /* used already */
        {"287082", 59, 5, NO_CODE_WRONG, 0},
        {"287083", 59, -1, NO_CODE_WRONG, 0},
        {"28708", 59, -1, NO_CODE_WRONG, 0},
        {"2870822", 59, -1, NO_CODE_WRONG, 0},
        {"", 59, -1, NO_CODE_WRONG, 0},
        {"28708x", 59, -1, NO_CODE_WRONG, 0},
        {"-87082", 59, -1, NO_CODE_WRONG, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t step = 0;

        assert_int_equal(
            totp_check(SECRET, str_of(cases[i].typed), cases[i].now_s, cases[i].last_step, &step),
            cases[i].answer);
        assert_int_equal(step, cases[i].step);
    }
}

/* RFC 4648, section 10, without padding. */
static void base32_goes_both_ways(void **state)
{
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"", ""},
        {"f", "MY"},
        {"fo", "MZXQ"},
        {"foo", "MZXW6"},
        {"foob", "MZXW6YQ"},
        {"fooba", "MZXW6YTB"},
        {"foobar", "MZXW6YTBOI"},
    };
    uint8_t bytes[8];
    size_t len;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out;

        buf_init(&out, &arena, 0);
        totp_put_base32(&out, str_of(cases[i].bytes));
        assert_str(buf_str(&out), cases[i].text);
        assert_true(totp_read_base32(str_of(cases[i].text), bytes, sizeof bytes, &len));
        assert_str(((str){(const char *)bytes, len}), cases[i].bytes);
    }
    assert_true(totp_read_base32(S("mzxw 6ytb-oi======"), bytes, sizeof bytes, &len));
    assert_str(((str){(const char *)bytes, len}), "foobar");
    assert_false(totp_read_base32(S("MZXW6YT1"), bytes, sizeof bytes, &len));
    assert_false(totp_read_base32(S("MZXW6YTB"), bytes, 4, &len));
    assert_false(totp_read_base32((str){"MY\0", 3}, bytes, sizeof bytes, &len));
}

static void the_app_is_told_by_uri(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, &arena, 0);
    totp_put_uri(&out, S("Vélos & Cie"), S("nadia@example.org"), S("foobar"));
    assert_str(buf_str(&out), "otpauth://totp/V%C3%A9los%20%26%20Cie:nadia%40example.org"
                              "?secret=MZXW6YTBOI&issuer=V%C3%A9los%20%26%20Cie");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_of_rfc_4226),       cmocka_unit_test(codes_of_rfc_6238),
        cmocka_unit_test(a_typed_code_is_checked), cmocka_unit_test(base32_goes_both_ways),
        cmocka_unit_test(the_app_is_told_by_uri),
    };

    return cmocka_run_group_tests_name("totp", tests, start, stop);
}
