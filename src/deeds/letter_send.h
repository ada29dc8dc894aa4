/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The outbox from the side of whoever empties it: what is due, what a letter must say, what became
 * of it.
 */
#ifndef DEEDS_LETTER_SEND_H
#define DEEDS_LETTER_SEND_H

#include "deeds/letter.h"

enum { LETTER_TRIES_MAX = 10 };

struct letter {
    int64_t id;
    enum letter_kind kind;
    int64_t member, ref, arg, tries, created_ns;
    str email, secret;
};

/* Everything that the words of a letter need. Texts that do not belong to the kind are empty. */
struct letter_facts {
    str to;         /* the address; empty: there is nobody to write to, the letter is dropped */
    str name;       /* of the reader; may be empty */
    enum lang lang; /* the reader's */
    bool wanted;    /* false: this kind was switched off */
    int64_t notice; /* enum account_notice that switches it off; 0 = always sent */
    str other;      /* the other side of the order, or who asks to join */
    str title, reference, reason;
    int64_t receipt; /* place in the register of what it tells of; -1 = nothing there */
};

/* The letters whose time has come, the longest waiting first, at most `most`. */
no view_letters_due(struct ctx *ctx, int64_t most, const struct letter **letters,
                    size_t *letters_n) MUST_USE;
no view_letter_facts(struct ctx *ctx, const struct letter *letter,
                     struct letter_facts *facts) MUST_USE;
/* It has left, or will never have to: the secret is forgotten. */
no deed_letter_sent(struct ctx *ctx, int64_t id) MUST_USE;
/* It could not leave: again after 1, 2, 4 ... minutes, given up (and its secret forgotten) after
 * LETTER_TRIES_MAX. */
no deed_letter_later(struct ctx *ctx, const struct letter *letter) MUST_USE;

#endif
