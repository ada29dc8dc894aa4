/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Ed25519 (RFC 8032): keys, signatures, and two ways to check one, because libraries do not agree
 * on points of small order. What a member signs must pass the strict check before it enters a
 * register: then every verifier, old or new, accepts it. Notes of registers are checked as OpenSSL
 * and Go do it, so that a program of others never has another verdict than ours. Of 548 hard cases
 * of C2SP/CCTV the strict check takes 27, all among the 127 of the other.
 */
#ifndef BASE_SIGN_H
#define BASE_SIGN_H

#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGN_SEED_SIZE = 32, SIGN_KEY_SIZE = 32, SIGN_SECRET_SIZE = 64, SIGN_SIZE = 64 };

/* A key pair. `secret` is the seed and the public key, as libsodium wants it; wipe it after use. */
struct sign_pair {
    uint8_t public_key[SIGN_KEY_SIZE];
    uint8_t secret[SIGN_SECRET_SIZE];
};

/* The pair of a seed, which must be unpredictable (hash_random). */
void sign_pair_of_seed(const uint8_t seed[SIGN_SEED_SIZE], struct sign_pair *pair);
/* Zeroes that the compiler may not leave out; for pairs and for the seeds they came from. */
void sign_wipe(void *secret, size_t size);

/* The same message and pair always give the same signature. */
void sign_make(const struct sign_pair *pair, str message, uint8_t signature[SIGN_SIZE]);

/* For members' signatures: libsodium's check, which also refuses public keys and commitments of
 * small order and encodings that are not canonical. */
bool sign_holds_strictly(const uint8_t key[SIGN_KEY_SIZE], str message,
                         const uint8_t signature[SIGN_SIZE]);
/* For notes of registers: the verdict of OpenSSL and of Go. Asserts memory. */
bool sign_holds(const uint8_t key[SIGN_KEY_SIZE], str message, const uint8_t signature[SIGN_SIZE]);

#endif
