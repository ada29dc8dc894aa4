/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The words by which people are found: of the name, the handle and the trade, folded as everywhere
 * (base/utf8.h). Whatever deed changes one of the three calls member_words_put.
 */
#ifndef DEEDS_MEMBER_WORDS_H
#define DEEDS_MEMBER_WORDS_H

#include "deeds/ctx.h"

enum { MEMBER_WORDS_ASKED = 3 };

/* Inside a deed: forgets the words that this member had and notes those of now; none of who left.
 */
no member_words_put(struct ctx *ctx, int64_t member) MUST_USE;

/* What somebody searches: at most MEMBER_WORDS_ASKED words, each as the range [from, past) of what
 * begins with it; words not given are the range of every word. In the arena. */
struct member_ask {
    str from[MEMBER_WORDS_ASKED], past[MEMBER_WORDS_ASKED];
    size_t n;
};
void member_words_asked(struct arena *arena, str typed, struct member_ask *ask);

/* "Nadia Benali" to "nadia-benali"; a number behind it when that is taken. In the arena. */
no member_make_handle(struct ctx *ctx, str name, str *handle) MUST_USE;

#endif
