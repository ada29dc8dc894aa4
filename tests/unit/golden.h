/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One small register of ours, every byte of which follows from two seeds: three entries, their
 * checkpoint signed by the register and cosigned by one witness. The same bytes are checked by a
 * verifier that was written by others, in Go.
 */
#ifndef TESTS_GOLDEN_H
#define TESTS_GOLDEN_H

#include "cm.h"

#include "wire/note.h"

#include <string.h>

#define GOLDEN_VKEY "coop.example/log+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define GOLDEN_WITNESS_VKEY \
    "coop2.example/witness+b41ebf3b+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
#define GOLDEN_TEXT "coop.example/log\n3\nqFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=\n"
#define GOLDEN_LINE                                                                   \
    "\xe2\x80\x94 coop.example/log "                                                  \
    "4kmjg0EzPwzwmkYttahASDiutWo2RIak5XT0so3s2lKx8IbT7/y0y9NuNYkGugX7thUm53mzDqTDTFZ" \
    "xUCEak6SRCgQ=\n"
#define GOLDEN_WITNESS_LINE                                                           \
    "\xe2\x80\x94 coop2.example/witness "                                             \
    "tB6/OwAAAABpVbkAG/GKcxt3/f3jbgr2aToir3AE2RmatJJRDLyAGFnE3loPWjcwrKnOQs9u7+id9/j" \
    "xoWeIDGSWefgQsRw/caDkBg==\n"
#define GOLDEN_NOTE GOLDEN_TEXT "\n" GOLDEN_LINE
#define GOLDEN_COSIGNED GOLDEN_NOTE GOLDEN_WITNESS_LINE
#define GOLDEN_PROOF                                                      \
    "um6gds0T+43BzYVGK5MpwPFz8ko1rE3UGWZ8gH94KWU=\n" /* leaf 1, then 2 */ \
    "TQ+0q5dk5p2mIsMbTMbvCye0mNw5NV6AmO3FoMWVocY=\n"
#define GOLDEN_REQUEST "old 1\n" GOLDEN_PROOF "\n" GOLDEN_NOTE
enum { GOLDEN_TIME = 1767225600 };

static inline struct note_key golden_key(const char *vkey)
{
    struct note_key key;

    assert_int_equal(note_key_parse(str_of(vkey), &key), YES);
    return key;
}

/* Seeds 00 01 .. 1f of the register and 20 21 .. 3f of the witness. */
static inline struct sign_pair golden_pair(uint8_t first)
{
    uint8_t seed[SIGN_SEED_SIZE];
    struct sign_pair pair;

    for (uint8_t i = 0; i < SIGN_SEED_SIZE; i++)
        seed[i] = (uint8_t)(first + i);
    sign_pair_of_seed(seed, &pair);
    return pair;
}
enum { GOLDEN_SEED = 0x00, GOLDEN_WITNESS_SEED = 0x20 };

#endif
