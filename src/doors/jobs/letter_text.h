/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The words of a letter: plain text in the reader's language, one subject, one thing to do.
 */
#ifndef DOORS_JOBS_LETTER_TEXT_H
#define DOORS_JOBS_LETTER_TEXT_H

#include "base/buf.h"
#include "deeds/letter_send.h"

/* One value of a text: `name` without braces. */
struct letter_word {
    const char *name;
    str value;
};

/* Writes `text` with each {name} replaced; a name that is not in the list stays as it is. Control
 * characters in a value become spaces, so that no value begins a line of its own, and values are
 * not looked into for names again. */
void letter_fill(struct buf *out, str text, const struct letter_word *words, size_t words_n);

/* `origin` "https://coop.example" begins every address. Writes one line into `subject`, lines ended
 * by \n into `body`, and into `unsubscribe` the address that switches this kind off (nothing for
 * kinds that cannot be). */
void letter_write(struct ctx *ctx, const struct letter *letter, const struct letter_facts *facts,
                  str origin, struct buf *subject, struct buf *body, struct buf *unsubscribe);

#endif
