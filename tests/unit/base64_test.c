/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/base64.h"

#include <string.h>

/* RFC 4648 section 10, and the two digits that base64url has otherwise. */
static const struct {
    const char *bytes, *text;
} examples[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xfb\xff\xbf", "+/+/"},
};

static void examples_of_the_rfc(void **state)
{
    char room[64], text[64];
    struct arena arena;

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const size_t len = strlen(examples[i].bytes);
        struct buf out;
        uint8_t bytes[16];
        size_t held = 99;

        arena_init_on(&arena, room, sizeof room);
        buf_init(&out, &arena, 16);
        base64_put(&out, examples[i].bytes, len);
        assert_str(buf_str(&out), examples[i].text);
        memset(text, '#', sizeof text);
        base64_write(examples[i].bytes, len, text);
        assert_str(((str){text, BASE64_SIZE(len)}), examples[i].text);
        assert_int_equal(text[BASE64_SIZE(len)], '#');
        assert_true(base64_len(str_of(examples[i].text), &held));
        assert_int_equal(held, len);
        assert_true(base64_read(str_of(examples[i].text), bytes, len));
        assert_memory_equal(bytes, examples[i].bytes, len);
    }
}

static void refuses_any_other_form(void **state)
{
    static const char *const wrong[] = {
        "Z",        "Zg",       "Zg=",      "Zg===",    "=",          "==",
        "====",     "Z===",     "Zh==",     "Zm9=",     "Zm+=",       "Zm9v====",
        "Zg==Zg==", "Zm8=Zm8=", "Zm9vYg= ", " Zm9vYg=", "Zm9v\n",     "Zm9\n",
        "Zm 9v",    "Zm-v",     "Zm_v",     "Zm=v",     "Z=9v",       "=m9v",
        "Zg=v",     "Zm9vYg",   "Zm9v.A==", "Zm9\x80",  "\xc3\xa9==", "Zm9vYmE",
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t bytes[16] = {7, 7, 7, 7};
        size_t held = 99;

        if (base64_len(str_of(wrong[i]), &held))
            fail_msg("\"%s\" was read", wrong[i]);
        for (size_t len = 0; len < sizeof bytes; len++)
            assert_false(base64_read(str_of(wrong[i]), bytes, len));
        assert_int_equal(held, 99);
        assert_memory_equal(bytes, "\7\7\7\7\0\0", 6);
    }
}

/* Every text of four characters that is read is the one that writing gives. */
static void one_text_for_each_bytes(void **state)
{
    static const char digits[] = "AQgwBCDEabcz0129+/=-_ \n";
    size_t read = 0;

    (void)state;
    for (size_t n = 0; n < 23 * 23 * 23 * 23; n++) {
        char text[4], again[4];
        uint8_t bytes[3];
        size_t len;

        for (size_t i = 0, m = n; i < 4; i++, m /= 23)
            text[i] = digits[m % 23];
        if (!base64_len((str){text, 4}, &len))
            continue;
        assert_true(base64_read((str){text, 4}, bytes, len));
        assert_false(base64_read((str){text, 4}, bytes, len - 1));
        base64_write(bytes, len, again);
        assert_memory_equal(text, again, 4);
        read++;
    }
    assert_int_equal(read, 18 * 18 * 18 * 18 + 18 * 18 * 7 + 18 * 4);
}

static void spare_bits_are_told_from_nonsense(void **state)
{
    static const struct {
        const char *text;
        bool any;
        size_t len;
    } rows[] = {
        {"", true, 0},           {"Zg==", true, 1},      {"Zh==", true, 1},     {"Zm8=", true, 2},
        {"Zm9=", true, 2},       {"Zm9vZ/==", true, 4},  {"Zm9vYmF=", true, 5}, {"Zm9v", true, 3},
        {"Zg==Zh==", false, 0},  {"Zh==Zm9v", false, 0}, {"Z===", false, 0},    {"Z-==", false, 0},
        {"Zm.=", false, 0},      {"Zm==Zm9=", false, 0}, {"Zm9", false, 0},     {"====", false, 0},
        {"Zm 9vYmF=", false, 0}, {"Zm-vYmF=", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = 99;

        if (base64_len_any_spare(str_of(rows[i].text), &len) != rows[i].any)
            fail_msg("\"%s\"", rows[i].text);
        assert_int_equal(len, rows[i].any ? rows[i].len : 99);
    }
}

static void there_and_back(void **state)
{
    uint64_t seed = 41;

    (void)state;
    for (size_t len = 0; len < 200; len++) {
        uint8_t bytes[200], again[200];
        char text[BASE64_SIZE(200)];

        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)(chance_next(&seed) >> 56);
        base64_write(bytes, len, text);
        assert_true(base64_read((str){text, BASE64_SIZE(len)}, again, len));
        assert_memory_equal(bytes, again, len);
        assert_false(base64_read((str){text, BASE64_SIZE(len)}, again, len + 1));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_rfc),
        cmocka_unit_test(refuses_any_other_form),
        cmocka_unit_test(one_text_for_each_bytes),
        cmocka_unit_test(spare_bits_are_told_from_nonsense),
        cmocka_unit_test(there_and_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
