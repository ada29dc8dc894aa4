/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Fingerprints and passwords. SHA-256 and HMAC by OpenSSL, Argon2id and constant-time compare by
 * libsodium.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_SIZE = 32, PASSWORD_HASH_SIZE = 128 };

void hash_sha256(const void *bytes, size_t len, uint8_t out[HASH_SIZE]);
/* The same for many fingerprints or for pieces: the caller owns the context, one per thread; final
 * starts the next one. About 2.5 times as fast as hash_sha256 on 65 bytes, because OpenSSL looks
 * the method up only once. Asserts memory. */
struct hash_sha256_ctx {
    void *method, *state;
};
void hash_sha256_init(struct hash_sha256_ctx *ctx);
void hash_sha256_update(struct hash_sha256_ctx *ctx, const void *bytes, size_t len);
void hash_sha256_final(struct hash_sha256_ctx *ctx, uint8_t out[HASH_SIZE]);
void hash_sha256_release(struct hash_sha256_ctx *ctx);
void hash_hmac_sha256(str key, str message, uint8_t out[HASH_SIZE]);
/* The same of a || b under a key of 32 bytes, on a context that is warm: three times as fast. */
void hash_hmac_sha256_with(struct hash_sha256_ctx *ctx, const uint8_t key[HASH_SIZE], str a, str b,
                           uint8_t out[HASH_SIZE]);
void hash_hmac_sha1(str key, str message, uint8_t out[20]); /* RFC 6238 only */
bool hash_equal(const void *a, const void *b, size_t len);  /* constant time */

/* A password to its Argon2id string (19 MiB, t=2, one lane; RFC 9106), zero-terminated, parameters
 * inside. NO_OUT_OF_MEMORY. About 20 ms of one core: never call it in a loop thread. */
no hash_password(str password, char out[PASSWORD_HASH_SIZE]) MUST_USE;
bool hash_password_is(str password, const char *stored);
/* Fills with bytes of the system's generator; never fails (asserts that there is one). */
void hash_random(void *bytes, size_t len);
/* Bytes to unpadded base64url (RFC 4648 section 5); `out` must hold (4*len+2)/3 bytes, no
 * terminator. Back: exactly `len` bytes, false on another length, a foreign character or spare bits
 * that are not zero; `out` is then untouched. */
void hash_base64url(const void *bytes, size_t len, char *out);
bool hash_base64url_read(str text, uint8_t *out, size_t len);

#endif
