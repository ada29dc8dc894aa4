/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Text of people: valid UTF-8 (no overlong, no surrogate, no past U+10FFFF), and one fold for
 * searching and comparing, the same for every database: utf8proc's NFKC_Casefold, marks stripped,
 * ligatures opened (cœur = coeur, straße = strasse).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

bool utf8_valid(str s);
/* Valid, and no C0/C1 control but (when `lines`) tab, newline and CR newline, no U+2028/9, no
 * bidirectional embedding, override or isolate, no noncharacter. */
bool utf8_clean(str s, bool lines);
/* Code points; `s` must be valid. */
size_t utf8_count(str s);
/* The longest prefix of at most `points` code points. */
str utf8_head(str s, size_t points);
/* Next code point at *at, advancing it; U+FFFD and one byte on invalid input. */
uint32_t utf8_next(str s, size_t *at);
void utf8_put(struct buf *out, uint32_t point);

/* The fold, in `arena`; STR_NONE when the arena is full. Invalid bytes become spaces, typographic
 * apostrophes and hyphens their ASCII likes. Folding a fold changes nothing. */
str utf8_fold(struct arena *arena, str s);
/* Calls `word` for each word of a folded text: letters and digits, 1..64 bytes (longer are cut),
 * apostrophes and hyphens split
 * ("l'atelier" gives "l" and "atelier"). */
void utf8_words(str folded, void (*word)(void *self, str word), void *self);
/* Two capital letters for a person's or co-op's name, of its first and its last word: "Nadia B." ->
 * "NB", "Amina" -> "A", "Café de la Gare" -> "CG"; STR_NONE when it has no letter or digit, or the
 * arena is full. */
str utf8_initials(struct arena *arena, str name);
/* What someone typed in a one-line field: trimmed, runs of blanks (of any width, also tabs and
 * newlines) to one space, NFC; invalid bytes become U+FFFD. In `arena`; STR_NONE when it is full.
 */
str utf8_tidy_line(struct arena *arena, str s);

#endif
