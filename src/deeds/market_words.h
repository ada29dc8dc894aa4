/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The words by which offers are found: what is written into the index and what is asked of it go
 * through the same door, so that accents, capitals, ligatures and a plural s never hide an offer.
 * Beside words the index holds tokens (letter and number) that no person can type: g cell, h fine
 * cell, c category, k kind, s side, p price band, u currency (design/stack.md section 2, a and c).
 */
#ifndef DEEDS_MARKET_WORDS_H
#define DEEDS_MARKET_WORDS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MARKET_WORDS_MAX = 12, MARKET_BANDS = 13, MARKET_WORD_SIZE = 72 };

/* A word as the index has it: without a plural's last s or x; empty for little words ("de", "the")
 * and single letters; a letter followed by digits only ("k2") gets a z, so that it is no token.
 * `folded` is one word of utf8_words. Written into `out`, whose start the answer is. */
str market_word(str folded, char out[MARKET_WORD_SIZE]);

/* Every word of `text` behind a space: " cargo bike move". */
void market_words_put(struct buf *out, struct arena *arena, str text);

/* The words that somebody searches, at most MARKET_WORDS_MAX, in `arena`. When all of them are
 * little words, they are taken as they are, and nothing will be found. */
struct market_words {
    str list[MARKET_WORDS_MAX];
    size_t n;
};
void market_words_of(struct arena *arena, str typed, struct market_words *words);

/* Which band a price in the money of the books is in, 0 (nothing) to MARKET_BANDS. */
int64_t market_band(int64_t minor);

#endif
