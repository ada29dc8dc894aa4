/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Policies for tests, with the keys of golden.h and of three more witnesses in them.
 */
#ifndef TESTS_POLICY_TEXT_H
#define TESTS_POLICY_TEXT_H

#include "cm.h"
#include "golden.h"

#include "wire/policy.h"

static char room[4 << 20];
static struct policy policy;

/* Keys of three more witnesses, of seeds 40.., 60.., 80... */
static inline struct note_key witness_key(int n)
{
    static const char *const names[] = {"w1.example", "w2.example", "w3.example"};
    const struct sign_pair pair = golden_pair((uint8_t)(0x40 + 0x20 * n));
    struct note_key key;

    assert_int_equal(note_key_make(str_of(names[n]), NOTE_COSIGNATURE, pair.public_key, &key), YES);
    return key;
}

/* A text with @L, @W, @1, @2, @3 in the places of the keys. */
static inline str text_of(struct arena *arena, const char *pattern)
{
    struct buf out;

    buf_init(&out, arena, 0);
    for (; *pattern != '\0'; pattern++)
        if (*pattern != '@') {
            buf_put_char(&out, *pattern);
        } else if (*++pattern == 'L') {
            buf_put(&out, S(GOLDEN_VKEY));
        } else if (*pattern == 'W') {
            buf_put(&out, S(GOLDEN_WITNESS_VKEY));
        } else {
            const struct note_key key = witness_key(*pattern - '1');

            note_key_put(&out, &key);
        }
    assert_false(buf_failed(&out));
    return buf_str(&out);
}

static inline str parsed(struct arena *arena, const char *pattern)
{
    const str text = text_of(arena, pattern);
    unsigned line = 0;

    if (policy_parse(text, &policy, &line) != YES)
        fail_msg("line %u of\n%.*s", line, (int)text.len, text.ptr);
    return text;
}

#endif
