/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/hash.h"

#include <string.h>

static void check_hash(const uint8_t *hash, size_t len, const char *wanted)
{
    char hex[2 * HASH_SIZE];

    str_hex(hash, len, hex);
    assert_str(((str){hex, 2 * len}), wanted);
}

/* FIPS 180-4 examples of NIST. */
static void sha256_is_nists(void **state)
{
    static const struct {
        const char *text, *hash;
    } rows[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    struct hash_sha256_ctx ctx;
    uint8_t hash[HASH_SIZE];

    (void)state;
    hash_sha256_init(&ctx);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hash_sha256(rows[i].text, strlen(rows[i].text), hash);
        check_hash(hash, sizeof hash, rows[i].hash);
        for (size_t j = 0; j < strlen(rows[i].text); j++)
            hash_sha256_update(&ctx, rows[i].text + j, 1);
        hash_sha256_final(&ctx, hash);
        check_hash(hash, sizeof hash, rows[i].hash);
    }
    for (int i = 0; i < 1000; i++) {
        char many[1000];

        memset(many, 'a', sizeof many);
        hash_sha256_update(&ctx, many, sizeof many);
    }
    hash_sha256_final(&ctx, hash);
    hash_sha256_release(&ctx);
    check_hash(hash, sizeof hash,
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    hash_sha256(NULL, 0, hash);
    check_hash(hash, sizeof hash, rows[0].hash);
}

/* RFC 4231 cases 1, 2, 6 and RFC 2202 cases 1, 2, 6. */
static void hmac_is_the_rfcs(void **state)
{
    static const uint8_t twenty[20] = {11, 11, 11, 11, 11, 11, 11, 11, 11, 11,
                                       11, 11, 11, 11, 11, 11, 11, 11, 11, 11};
    static char long_key[131];
    const str larger = S("Test Using Larger Than Block-Size Key - Hash Key First");
    uint8_t hash[HASH_SIZE];

    (void)state;
    memset(long_key, 0xaa, sizeof long_key);
    hash_hmac_sha256((str){(const char *)twenty, 20}, S("Hi There"), hash);
    check_hash(hash, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    hash_hmac_sha256(S("Jefe"), S("what do ya want for nothing?"), hash);
    check_hash(hash, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    hash_hmac_sha256((str){long_key, 131}, larger, hash);
    check_hash(hash, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    hash_hmac_sha256(STR_NONE, STR_NONE, hash);
    check_hash(hash, 32, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
    hash_hmac_sha1((str){(const char *)twenty, 20}, S("Hi There"), hash);
    check_hash(hash, 20, "b617318655057264e28bc0b6fb378c8ef146be00");
    hash_hmac_sha1(S("Jefe"), S("what do ya want for nothing?"), hash);
    check_hash(hash, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    hash_hmac_sha1((str){long_key, 80}, larger, hash);
    check_hash(hash, 20, "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

static void equality_sees_every_byte(void **state)
{
    uint8_t a[64] = {0}, b[64] = {0};

    (void)state;
    assert_true(hash_equal(a, b, sizeof a));
    assert_true(hash_equal(NULL, NULL, 0));
    for (size_t i = 0; i < sizeof a; i++) {
        b[i] = 1;
        assert_false(hash_equal(a, b, sizeof a));
        b[i] = 0;
    }
}

static void passwords_are_known_again(void **state)
{
    char stored[PASSWORD_HASH_SIZE], again[PASSWORD_HASH_SIZE];

    (void)state;
    assert_int_equal(hash_password(S("correct horse"), stored), YES);
    assert_true(str_starts(str_of(stored), S("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_true(hash_password_is(S("correct horse"), stored));
    assert_false(hash_password_is(S("correct horsf"), stored));
    assert_false(hash_password_is(S("correct hors"), stored));
    assert_false(hash_password_is(STR_NONE, stored));
    assert_int_equal(hash_password(S("correct horse"), again), YES);
    assert_string_not_equal(stored, again);
    assert_int_equal(hash_password(STR_NONE, again), YES);
    assert_true(hash_password_is(S(""), again));
    /* What is not a hash is nobody's. */
    assert_false(hash_password_is(S("x"), ""));
    assert_false(hash_password_is(S("x"), "x"));
    assert_false(hash_password_is(S("x"), "$argon2id$v=19$m=19456,t=2,p=1$"));
}

static void chance_differs(void **state)
{
    uint8_t a[32] = {0}, b[32] = {0};

    (void)state;
    hash_random(a, sizeof a);
    hash_random(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
}

/* RFC 4648 section 10, unpadded, and the two letters that differ from base64. */
static void base64url_is_the_rfcs(void **state)
{
    static const struct {
        const char *bytes, *text;
    } rows[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"},
    };
    static const struct {
        const char *text;
        size_t len;
    } wrong[] = {
        {"Zg==", 1}, {"Zh", 1},   {"Zm9", 2}, {"Zm8", 1}, {"Zm8", 3},       {"Zm+v", 3},
        {"Zm/v", 3}, {"Zm 9", 3}, {"Z", 1},   {"Z", 0},   {"\xc3\xa9g", 2},
    };
    uint8_t bytes[6];
    char text[8];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t len = strlen(rows[i].bytes);

        hash_base64url(rows[i].bytes, len, text);
        assert_str(((str){text, (4 * len + 2) / 3}), rows[i].text);
        assert_true(hash_base64url_read(str_of(rows[i].text), bytes, len));
        assert_memory_equal(bytes, rows[i].bytes, len);
    }
    memset(bytes, 7, sizeof bytes);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(hash_base64url_read(str_of(wrong[i].text), bytes, wrong[i].len));
    assert_int_equal(bytes[0], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_is_nists),          cmocka_unit_test(hmac_is_the_rfcs),
        cmocka_unit_test(equality_sees_every_byte), cmocka_unit_test(passwords_are_known_again),
        cmocka_unit_test(chance_differs),           cmocka_unit_test(base64url_is_the_rfcs),
    };

    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
