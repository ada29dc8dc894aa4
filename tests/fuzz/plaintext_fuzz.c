/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any valid text as HTML: what comes out is clean, not much longer, has no blank at its ends and
 * never three line breaks in a row.
 */
#include "wire/plaintext.h"

#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct arena *arena, str html)
{
    str text, line;

    assert(plaintext_of_html(arena, html, &text) == YES);
    assert(utf8_clean(text, true));
    assert(text.len <= html.len + html.len / 2);
    assert(str_find(text, S("\n\n\n")) == text.len);
    assert(str_trim(text).len == text.len);
    assert(plaintext_line(arena, html, &line) == YES);
    assert(utf8_clean(line, false));
    assert(str_find(line, S("  ")) == line.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const str html = {(const char *)data, size};
    static char block[8 << 20];
    struct arena arena;

    if (!utf8_valid(html) || size > PLAINTEXT_SIZE_MAX)
        return 0;
    arena_init_on(&arena, block, sizeof block);
    check(&arena, html);
    return 0;
}
