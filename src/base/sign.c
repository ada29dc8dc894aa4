/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/sign.h"

#include <assert.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <sodium.h>

static_assert(SIGN_SEED_SIZE == crypto_sign_SEEDBYTES, "libsodium's seed");
static_assert(SIGN_KEY_SIZE == crypto_sign_PUBLICKEYBYTES, "libsodium's public key");
static_assert(SIGN_SECRET_SIZE == crypto_sign_SECRETKEYBYTES, "libsodium's secret key");
static_assert(SIGN_SIZE == crypto_sign_BYTES, "libsodium's signature");

/* Without memory or a generator there is no honest answer: no process is better than a wrong one.
 */
static void must(bool done)
{
    assert(done);
}

static const uint8_t *bytes_of(str message)
{
    return (const uint8_t *)(message.len == 0 ? "" : message.ptr);
}

void sign_pair_of_seed(const uint8_t seed[SIGN_SEED_SIZE], struct sign_pair *pair)
{
    must(sodium_init() >= 0);
    must(crypto_sign_seed_keypair(pair->public_key, pair->secret, seed) == 0);
}

void sign_wipe(void *secret, size_t size)
{
    sodium_memzero(secret, size);
}

void sign_make(const struct sign_pair *pair, str message, uint8_t signature[SIGN_SIZE])
{
    must(sodium_init() >= 0);
    must(crypto_sign_detached(signature, NULL, bytes_of(message), message.len, pair->secret) == 0);
}

bool sign_holds_strictly(const uint8_t key[SIGN_KEY_SIZE], str message,
                         const uint8_t signature[SIGN_SIZE])
{
    must(sodium_init() >= 0);
    return crypto_sign_verify_detached(signature, bytes_of(message), message.len, key) == 0;
}

bool sign_holds(const uint8_t key[SIGN_KEY_SIZE], str message, const uint8_t signature[SIGN_SIZE])
{
    EVP_PKEY *public_key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, SIGN_KEY_SIZE);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    must(public_key != NULL && ctx != NULL);
    must(EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, public_key) == 1);
    const bool holds =
        EVP_DigestVerify(ctx, signature, SIGN_SIZE, bytes_of(message), message.len) == 1;

    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(public_key);
    /* A refusal leaves its reason in the thread's queue, where TLS would take it for its own. */
    ERR_clear_error();
    return holds;
}
