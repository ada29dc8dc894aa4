/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes: nothing is read past the end, what is made is valid, and folding or tidying twice is
 * doing it once.
 */
#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A second opinion on validity: point by point, without the fast path. */
static bool is_valid_slowly(str s)
{
    size_t at = 0;

    while (at < s.len) {
        const size_t from = at;

        if (utf8_next(s, &at) == 0xfffd && at - from == 1)
            return false;
    }
    assert(at == s.len);
    return true;
}

static void check_word(void *self, str word)
{
    const str *folded = self;

    assert(word.len >= 1 && word.len <= 64);
    assert(word.ptr >= folded->ptr && word.ptr + word.len <= folded->ptr + folded->len);
    assert(utf8_valid(word));
}

static void check(struct arena *arena, str s)
{
    const str folded = utf8_fold(arena, s), line = utf8_tidy_line(arena, s);
    str words = folded;

    assert(utf8_valid(s) == is_valid_slowly(s));
    assert(!utf8_clean(s, true) || utf8_valid(s));
    assert(utf8_head(s, s.len / 2).len <= s.len);
    assert(utf8_valid(folded) && str_eq(utf8_fold(arena, folded), folded));
    assert(utf8_valid(line) && str_eq(utf8_tidy_line(arena, line), line));
    assert(utf8_count(utf8_initials(arena, s)) <= 2);
    utf8_words(folded, check_word, &words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;

    if (size > 2048 || !arena_init(&arena, 1 << 20))
        return 0;
    check(&arena, (str){(const char *)data, size});
    assert(!arena_overflowed(&arena));
    arena_release(&arena);
    return 0;
}
