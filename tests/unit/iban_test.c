/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "shared.h"

#include "base/no.h"
#include "wire/iban.h"
#include "wire/rf.h"

#include <string.h>

static struct arena arena;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 1u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* What the vectors of specs/bank.md call a flaw. */
static const char *iban_word(enum iban_flaw flaw)
{
    switch (flaw) {
    case IBAN_GOOD:
        return "OK";
    case IBAN_LENGTH:
        return "LENGTH";
    case IBAN_CHECKDIGITS_RANGE:
        return "CHECKDIGITS_RANGE";
    case IBAN_CHECKSUM:
        return "CHECKSUM";
    case IBAN_COUNTRY:
        return "COUNTRY";
    case IBAN_SHAPE:
        return "SHAPE";
    case IBAN_FORMAT:
        break;
    }
    return "FORMAT";
}

static const char *rf_word(enum rf_flaw flaw)
{
    static const char *const words[] = {"OK", "PREFIX", "LENGTH", "FORMAT", "CHECKSUM"};

    return words[flaw];
}

static void ibans_are_checked(void **state)
{
    static const struct {
        const char *typed, *wanted, *compact;
    } cases[] = {
        {"FR1420041010050500013M02606", "OK", "FR1420041010050500013M02606"},
        {"fr14 2004 1010 0505 0001 3m02 606", "OK", "FR1420041010050500013M02606"},
        {" FR76\u00a03000\u202f6000 0112 3456 7890 189\r\n", "OK", "FR7630006000011234567890189"},
        {"DE89370400440532013000", "OK", "DE89370400440532013000"},
        {"NO9386011117947", "OK", "NO9386011117947"},
        {"LC55HEMM000100010012001200023015", "OK", "LC55HEMM000100010012001200023015"},
        {"", "FORMAT", NULL},
        {"FR", "FORMAT", NULL},
        {"FR76", "FORMAT", NULL},
        {"FRA6 3000", "FORMAT", NULL},
        {"1476 3000 6000", "FORMAT", NULL},
        {"FR76-3000-6000-0112-3456-7890-189", "FORMAT", NULL},
        {"FR7630006000011234567890\xd9\xa1\xd9\xa8\xd9\xa9", "FORMAT", NULL},
        {"FR76\xc2", "FORMAT", NULL},
        {"FR7630006000011234567890189 0000000000", "FORMAT", NULL},
        {"ZZ7630006000011234567890189", "COUNTRY", NULL},
        {"FR763000600001123456789018", "LENGTH", NULL},
        {"NL91ABNA04171643000", "LENGTH", NULL},
        {"NL9112340417164300", "SHAPE", NULL},
        {"NL91ABN10417164300", "SHAPE", NULL},
        {"DE8937040044053201300A", "SHAPE", NULL},
        {"DE00210501700012345678", "CHECKDIGITS_RANGE", NULL},
        {"DE99210501700012345678", "CHECKDIGITS_RANGE", NULL},
        {"DE89370400440532013001", "CHECKSUM", NULL},
        {"FR7630006000011234567809189", "CHECKSUM", NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct iban iban = {.len = 0};

        assert_string_equal(iban_word(iban_check(str_of(cases[i].typed), &iban)), cases[i].wanted);
        assert_str(iban_str(&iban), cases[i].compact == NULL ? "" : cases[i].compact);
    }
}

static void ibans_are_printed_in_fours(void **state)
{
    struct iban iban;
    struct buf out;

    (void)state;
    assert_int_equal(iban_parse(S("fr1420041010050500013m02606"), &iban), YES);
    buf_init(&out, &arena, 0);
    iban_put(&out, &iban);
    assert_str(buf_str(&out), "FR14 2004 1010 0505 0001 3M02 606");
    assert_true(iban_is_sepa(&iban));
    assert_int_equal(iban_parse(S("TN5910006035183598478831"), &iban), YES);
    assert_false(iban_is_sepa(&iban));
    assert_int_equal(iban_parse(S("  "), &iban), NO_FIELD_MISSING);
    assert_int_equal(iban_parse(S("FR76"), &iban), NO_FIELD_NOT_AN_IBAN);
}

/* Every line of a table `input TAB expected ...`, against `check`. */
static void check_vectors(const char *path, size_t least, const char *(*check)(str input))
{
    str rest = shared_file(&arena, path), line, input, expected;
    size_t count = 0;

    (void)str_cut(rest, '\n', &line, &rest);
    while (rest.len > 0) {
        const str all = rest;

        (void)str_cut(all, '\n', &line, &rest);
        (void)str_cut(line, '\t', &input, &expected);
        (void)str_cut(expected, '\t', &expected, &line);
        if (!str_eq(expected, str_of(check(input))))
            fail_msg("%.*s: wanted %.*s, got %s", (int)input.len, input.ptr, (int)expected.len,
                     expected.ptr, check(input));
        count++;
    }
    assert_true(count >= least);
}

static const char *check_iban(str input)
{
    struct iban iban;

    return iban_word(iban_check(input, &iban));
}

static const char *check_rf(str input)
{
    struct rf rf;

    return rf_word(rf_check(input, &rf));
}

static const char *check_bic(str input)
{
    /* The pattern of 2014 allows digits where that of 2009 wants letters; ours is the newer. */
    static const char *const words[] = {"OK", "FORMAT", "LENGTH"};

    return str_eq(input, S("E097AEXX")) && bic_check(input) == BIC_GOOD ? "OK_2014_ONLY"
                                                                        : words[bic_check(input)];
}

static void published_ibans_agree(void **state)
{
    (void)state;
    check_vectors("data/bank/iban.tsv", 150, check_iban);
}

static void published_references_agree(void **state)
{
    (void)state;
    check_vectors("data/bank/rf.tsv", 20, check_rf);
}

static void published_bics_agree(void **state)
{
    (void)state;
    check_vectors("data/bank/bic.tsv", 5, check_bic);
}

static void references_are_made(void **state)
{
    static const struct {
        const char *body;
        no answer;
        const char *wanted;
    } cases[] = {
        {"539007547034", YES, "RF18539007547034"},
        {"5390075470y", YES, "RF185390075470Y"},
        {"COOP2025INV000042", YES, "RF13COOP2025INV000042"},
        {"A", YES, "RF25A"},
        {"000", YES, "RF04000"},
        {"ABCDEFGHIJKLMNOPQRSTU", YES, "RF95ABCDEFGHIJKLMNOPQRSTU"},
        {"ABCDEFGHIJKLMNOPQRSTUV", NO_FIELD_TOO_LONG, ""},
        {"", NO_FIELD_MISSING, ""},
        {"12-3", NO_FIELD_WRONG, ""},
        {"É", NO_FIELD_WRONG, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct rf rf = {.len = 0};

        assert_int_equal(rf_make(str_of(cases[i].body), &rf), cases[i].answer);
        assert_str(rf_str(&rf), cases[i].wanted);
    }
}

static void an_order_has_one_reference(void **state)
{
    struct rf rf = rf_of_order(539007547034), read;
    struct buf out;
    int64_t order;
    uint64_t seed = 42;

    (void)state;
    assert_str(rf_str(&rf), "RF18539007547034");
    buf_init(&out, &arena, 0);
    rf_put(&out, &rf);
    assert_str(buf_str(&out), "RF18 5390 0754 7034");
    for (int i = 0; i < 2000; i++) {
        const int64_t wanted = (int64_t)(chance_next(&seed) >> (1 + i % 63)) + 1;

        rf = rf_of_order(wanted);
        assert_int_equal(rf_check(rf_str(&rf), &read), RF_GOOD);
        assert_int_equal(rf_order(&read, &order), YES);
        assert_int_equal(order, wanted);
        /* One digit wrong is always seen. */
        rf.text[rf.len - 1] = (char)(rf.text[rf.len - 1] == '9' ? '0' : rf.text[rf.len - 1] + 1);
        assert_int_equal(rf_check(rf_str(&rf), &read), RF_CHECKSUM);
    }
    rf = rf_of_order(INT64_MAX);
    assert_int_equal(rf_check(rf_str(&rf), &read), RF_GOOD);
    assert_int_equal(rf_make(S("007"), &rf), YES);
    assert_int_equal(rf_order(&rf, &order), NO_FIELD_WRONG);
    assert_int_equal(rf_make(S("7A"), &rf), YES);
    assert_int_equal(rf_order(&rf, &order), NO_FIELD_WRONG);
    assert_int_equal(rf_make(S("99999999999999999999"), &rf), YES);
    assert_int_equal(rf_order(&rf, &order), NO_FIELD_WRONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ibans_are_checked),          cmocka_unit_test(ibans_are_printed_in_fours),
        cmocka_unit_test(published_ibans_agree),      cmocka_unit_test(published_references_agree),
        cmocka_unit_test(published_bics_agree),       cmocka_unit_test(references_are_made),
        cmocka_unit_test(an_order_has_one_reference),
    };

    return cmocka_run_group_tests_name("iban", tests, start, stop);
}
