/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "tlog_data.h"

#include "base/hash.h"
#include "base/sign.h"

#include <string.h>

/* RFC 8032 section 7.1, tests 1 to 3. */
static const struct {
    const char *seed, *key, *message, *signature;
} examples[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d"
     "8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6"
     "594a7c15e9716ed28dc027beceea1ec40a"},
};

static void examples_of_the_rfc(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const size_t len = strlen(examples[i].message) / 2;
        uint8_t seed[32], key[32], bytes[8], wanted[64], signature[64];
        struct sign_pair pair;
        const str message = {(const char *)bytes, len};

        assert_true(str_unhex(str_of(examples[i].seed), seed, 32));
        assert_true(str_unhex(str_of(examples[i].key), key, 32));
        assert_true(str_unhex(str_of(examples[i].message), bytes, len));
        assert_true(str_unhex(str_of(examples[i].signature), wanted, 64));
        sign_pair_of_seed(seed, &pair);
        assert_memory_equal(pair.public_key, key, 32);
        sign_make(&pair, len == 0 ? STR_NONE : message, signature);
        assert_memory_equal(signature, wanted, 64);
        assert_true(sign_holds(key, message, wanted));
        assert_true(sign_holds_strictly(key, message, wanted));
    }
}

static void one_bit_is_another_signature(void **state)
{
    uint8_t seed[32] = {1}, signature[64];
    char text[] = "a decision of the members";
    struct sign_pair pair;
    const str message = {text, strlen(text)};

    (void)state;
    sign_pair_of_seed(seed, &pair);
    sign_make(&pair, message, signature);
    for (size_t bit = 0; bit < 64 * 8; bit++) {
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(sign_holds(pair.public_key, message, signature));
        assert_false(sign_holds_strictly(pair.public_key, message, signature));
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < message.len * 8; bit++) {
        text[bit / 8] ^= (char)(1 << bit % 8);
        assert_false(sign_holds(pair.public_key, message, signature));
        assert_false(sign_holds_strictly(pair.public_key, message, signature));
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 32 * 8; bit++) {
        uint8_t key[32];

        memcpy(key, pair.public_key, 32);
        key[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(sign_holds(key, message, signature));
        assert_false(sign_holds_strictly(key, message, signature));
    }
    assert_true(sign_holds(pair.public_key, message, signature));
}

static void wiping_leaves_nothing(void **state)
{
    const uint8_t seed[32] = {9}, nothing[sizeof(struct sign_pair)] = {0};
    struct sign_pair pair;

    (void)state;
    sign_pair_of_seed(seed, &pair);
    sign_wipe(&pair, sizeof pair);
    assert_memory_equal(&pair, nothing, sizeof pair);
}

static char room[4 << 20];

/* Points of small order and encodings that are not canonical: the two checks differ as measured. */
static void hard_cases_of_cctv(void **state)
{
    struct arena arena;
    size_t strict = 0, open = 0;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    struct tlog_rows rows = tlog_open(&arena, "ed25519-cctv");

    while (tlog_next(&rows)) {
        const str key = tlog_hex(&arena, tlog_text(&rows, "key"));
        const str signature = tlog_hex(&arena, tlog_text(&rows, "sig"));
        const str message = tlog_text(&rows, "msg");

        assert_int_equal(key.len, 32);
        assert_int_equal(signature.len, 64);
        const bool by_libsodium =
            sign_holds_strictly((const uint8_t *)key.ptr, message, (const uint8_t *)signature.ptr);
        const bool by_openssl =
            sign_holds((const uint8_t *)key.ptr, message, (const uint8_t *)signature.ptr);

        assert_int_equal(by_libsodium, tlog_bool(&rows, "libsodium_1.0.18"));
        assert_int_equal(by_openssl, tlog_bool(&rows, "openssl_3.0"));
        assert_int_equal(by_openssl, tlog_bool(&rows, "go_1.19"));
        strict += by_libsodium;
        open += by_openssl;
    }
    assert_int_equal(rows.count, 548);
    assert_int_equal(strict, 27);
    assert_int_equal(open, 127);
}

static void ed25519_of_wycheproof(void **state)
{
    struct arena arena;
    size_t valid = 0;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    struct tlog_rows rows = tlog_open(&arena, "wycheproof-ed25519");

    while (tlog_next(&rows)) {
        const str key = tlog_hex(&arena, tlog_text(&rows, "pk"));
        const str signature = tlog_hex(&arena, tlog_text(&rows, "sig"));
        const str message = tlog_hex(&arena, tlog_text(&rows, "msg"));
        const bool wanted = str_eq(tlog_text(&rows, "result"), S("valid"));

        assert_int_equal(key.len, 32);
        if (signature.len != SIGN_SIZE) { /* our types cannot even say it */
            assert_false(wanted);
            continue;
        }
        assert_int_equal(
            sign_holds((const uint8_t *)key.ptr, message, (const uint8_t *)signature.ptr), wanted);
        assert_int_equal(
            sign_holds_strictly((const uint8_t *)key.ptr, message, (const uint8_t *)signature.ptr),
            wanted);
        valid += wanted;
    }
    assert_int_equal(rows.count, 99);
    assert_int_equal(valid, 60);
}

/* Here because the vectors are; the function is of base/hash.h. */
static void hmac_sha256_of_wycheproof(void **state)
{
    struct arena arena;
    size_t valid = 0;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    struct tlog_rows rows = tlog_open(&arena, "wycheproof-hmac_sha256");

    while (tlog_next(&rows)) {
        const str tag = tlog_hex(&arena, tlog_text(&rows, "tag"));
        const bool wanted = str_eq(tlog_text(&rows, "result"), S("valid"));
        uint8_t made[HASH_SIZE];

        hash_hmac_sha256(tlog_hex(&arena, tlog_text(&rows, "key")),
                         tlog_hex(&arena, tlog_text(&rows, "msg")), made);
        assert_true(tag.len == 16 || tag.len == 32);
        assert_int_equal(hash_equal(made, tag.ptr, tag.len), wanted);
        valid += wanted;
    }
    assert_int_equal(rows.count, 99);
    assert_int_equal(valid, 36);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_rfc),   cmocka_unit_test(one_bit_is_another_signature),
        cmocka_unit_test(wiping_leaves_nothing), cmocka_unit_test(hard_cases_of_cctv),
        cmocka_unit_test(ed25519_of_wycheproof), cmocka_unit_test(hmac_sha256_of_wycheproof),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
