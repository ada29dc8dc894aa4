/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/hash.h"
#include "base/id.h"

#include <string.h>

static void check_text(uid u, const char *wanted)
{
    char text[36];

    uid_write(u, text);
    assert_str(((str){text, sizeof text}), wanted);
}

static void ids_carry_their_time(void **state)
{
    /* RFC 9562 appendix A.6. */
    static const uint8_t chance[10] = {0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f};

    (void)state;
    check_text(uid_make(INT64_C(0x017f22e279b0), chance), "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

static void later_ids_are_larger(void **state)
{
    uint8_t high[10], low[10] = {0};

    (void)state;
    memset(high, 0xff, sizeof high);
    for (int64_t ms = 0; ms < INT64_C(1) << 47; ms = ms * 3 + 1) {
        const uid earlier = uid_make(ms, high), later = uid_make(ms + 1, low);

        assert_true(memcmp(earlier.bytes, later.bytes, 16) < 0);
        assert_int_equal(earlier.bytes[6] >> 4, 7);
        assert_int_equal(earlier.bytes[8] >> 6, 2);
        assert_int_equal(later.bytes[8] >> 6, 2);
    }
}

static void derived_ids_are_a_fingerprint(void **state)
{
    const uid leg = uid_derive(S("key"), 0x01020304);
    uint8_t hash[HASH_SIZE];

    (void)state;
    hash_sha256("key\1\2\3\4", 7, hash);
    hash[6] = (uint8_t)((hash[6] & 0x0f) | 0x80);
    hash[8] = (uint8_t)((hash[8] & 0x3f) | 0x80);
    assert_memory_equal(leg.bytes, hash, 16);
    assert_true(uid_eq(leg, uid_derive(S("key"), 0x01020304)));
    assert_false(uid_eq(leg, uid_derive(S("key"), 0x01020305)));
    assert_false(uid_eq(leg, uid_derive(S("kez"), 0x01020304)));
    assert_false(uid_is_zero(uid_derive(STR_NONE, 0)));
    assert_true(uid_is_zero((uid){{0}}));
}

static void texts_are_read(void **state)
{
    static const char *const wrong[] = {
        "",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017F22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2079b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c0739}",
        "017f22e279b0-7cc3-98c4-dc0c0-c07398f",
        "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398F",
        "F17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
    };
    uint64_t seed = 20261121;
    uid u = {{7}};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (uid_parse(str_of(wrong[i]), &u))
            fail_msg("%s", wrong[i]);
    assert_int_equal(u.bytes[0], 7);
    for (int i = 0; i < 1000; i++) {
        char text[36];
        uid again;

        for (size_t j = 0; j < sizeof u.bytes; j++)
            u.bytes[j] = (uint8_t)chance_next(&seed);
        uid_write(u, text);
        assert_true(uid_parse((str){text, sizeof text}, &again) && uid_eq(u, again));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_carry_their_time),
        cmocka_unit_test(later_ids_are_larger),
        cmocka_unit_test(derived_ids_are_a_fingerprint),
        cmocka_unit_test(texts_are_read),
    };

    return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
