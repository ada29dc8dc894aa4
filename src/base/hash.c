/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/hash.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <string.h>

/* RFC 9106 leaves the choice; these are OWASP's 19 MiB, two passes, one lane: 19 ms of one core
 * here. */
enum { PASSWORD_PASSES = 2, PASSWORD_MEMORY = 19456 * 1024 };

static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES, "libsodium's string fits");
static_assert(HASH_SIZE == SHA256_DIGEST_LENGTH, "32 bytes");

/* OpenSSL fails here only without memory; a fingerprint that is not one would be worse than no
 * process. */
static void must(bool done)
{
    assert(done);
}

void hash_sha256(const void *bytes, size_t len, uint8_t out[HASH_SIZE])
{
    must(SHA256(len == 0 ? (const void *)"" : bytes, len, out) != NULL);
}

void hash_sha256_init(struct hash_sha256_ctx *ctx)
{
    EVP_MD *method = EVP_MD_fetch(NULL, "SHA256", NULL);
    EVP_MD_CTX *state = EVP_MD_CTX_new();

    must(method != NULL && state != NULL && EVP_DigestInit_ex2(state, method, NULL) == 1);
    *ctx = (struct hash_sha256_ctx){method, state};
}

void hash_sha256_update(struct hash_sha256_ctx *ctx, const void *bytes, size_t len)
{
    must(EVP_DigestUpdate(ctx->state, bytes, len) == 1);
}

void hash_sha256_final(struct hash_sha256_ctx *ctx, uint8_t out[HASH_SIZE])
{
    must(EVP_DigestFinal_ex(ctx->state, out, NULL) == 1 &&
         EVP_DigestInit_ex2(ctx->state, ctx->method, NULL) == 1);
}

void hash_sha256_release(struct hash_sha256_ctx *ctx)
{
    EVP_MD_CTX_free(ctx->state);
    EVP_MD_free(ctx->method);
    *ctx = (struct hash_sha256_ctx){NULL, NULL};
}

static void hmac(const EVP_MD *method, str key, str message, uint8_t *out)
{
    const void *key_bytes = key.len == 0 ? "" : key.ptr;
    const uint8_t *bytes = (const uint8_t *)(message.len == 0 ? "" : message.ptr);

    assert(key.len <= 1 << 20);
    must(HMAC(method, key_bytes, (int)key.len, bytes, message.len, out, NULL) != NULL);
}

void hash_hmac_sha256(str key, str message, uint8_t out[HASH_SIZE])
{
    hmac(EVP_sha256(), key, message, out);
}

/* RFC 2104 section 2: the key is shorter than a block of 64 bytes, so it is padded with zeros. */
static void start_padded(struct hash_sha256_ctx *ctx, const uint8_t key[HASH_SIZE], uint8_t pad)
{
    uint8_t block[64];

    for (size_t i = 0; i < sizeof block; i++)
        block[i] = (i < HASH_SIZE ? key[i] : 0) ^ pad;
    hash_sha256_update(ctx, block, sizeof block);
}

void hash_hmac_sha256_with(struct hash_sha256_ctx *ctx, const uint8_t key[HASH_SIZE], str a, str b,
                           uint8_t out[HASH_SIZE])
{
    uint8_t inner[HASH_SIZE];

    start_padded(ctx, key, 0x36);
    hash_sha256_update(ctx, a.ptr, a.len);
    hash_sha256_update(ctx, b.ptr, b.len);
    hash_sha256_final(ctx, inner);
    start_padded(ctx, key, 0x5c);
    hash_sha256_update(ctx, inner, sizeof inner);
    hash_sha256_final(ctx, out);
}

void hash_hmac_sha1(str key, str message, uint8_t out[20])
{
    hmac(EVP_sha1(), key, message, out);
}

bool hash_equal(const void *a, const void *b, size_t len)
{
    return len == 0 || sodium_memcmp(a, b, len) == 0;
}

no hash_password(str password, char out[PASSWORD_HASH_SIZE])
{
    char made[PASSWORD_HASH_SIZE];

    must(sodium_init() >= 0);
    if (crypto_pwhash_str_alg(made, password.len == 0 ? "" : password.ptr, password.len,
                              PASSWORD_PASSES, PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return NO_OUT_OF_MEMORY;
    memcpy(out, made, sizeof made);
    return YES;
}

bool hash_password_is(str password, const char *stored)
{
    must(sodium_init() >= 0);
    return crypto_pwhash_str_verify(stored, password.len == 0 ? "" : password.ptr, password.len) ==
           0;
}

void hash_random(void *bytes, size_t len)
{
    must(sodium_init() >= 0);
    randombytes_buf(bytes, len);
}

/* RFC 4648 section 5. */
static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void hash_base64url(const void *bytes, size_t len, char *out)
{
    const uint8_t *in = bytes;
    uint32_t bits = 0;
    int held = 0;

    for (size_t i = 0; i < len; i++) {
        bits = (bits << 8 | in[i]) & 0xffff;
        for (held += 8; held >= 6; held -= 6)
            *out++ = base64url[bits >> (held - 6) & 63];
    }
    if (held > 0)
        *out = base64url[bits << (6 - held) & 63];
}

static int base64url_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

static bool is_base64url(str text, size_t len)
{
    /* Bits that no byte needs must be zero, else two texts would be one token. */
    const int spare = (int)(text.len * 6 - len * 8);

    for (size_t i = 0; i < text.len; i++)
        if (base64url_digit(text.ptr[i]) < 0)
            return false;
    return text.len == 0 || (base64url_digit(text.ptr[text.len - 1]) & ((1 << spare) - 1)) == 0;
}

bool hash_base64url_read(str text, uint8_t *out, size_t len)
{
    uint32_t bits = 0;
    int held = 0;

    if (text.len != (4 * len + 2) / 3 || !is_base64url(text, len))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bits = (bits << 6 | (uint32_t)base64url_digit(text.ptr[i])) & 0xffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            *out++ = (uint8_t)(bits >> held);
        }
    }
    return true;
}
