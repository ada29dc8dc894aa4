/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Words out of what other platforms call a description: HTML, entities, control characters. What
 * comes out is plain text in UTF-8; it is escaped like any other text when it is shown, so nothing
 * here needs to be safe as HTML, only readable. One pass, each byte looked at a bounded number of
 * times.
 */
#ifndef WIRE_PLAINTEXT_H
#define WIRE_PLAINTEXT_H

#include "base/arena.h"
#include "base/no.h"
#include "base/str.h"

enum { PLAINTEXT_SIZE_MAX = 256 * 1024 };

/* Tags go, blocks and <br> become line breaks, list items lines with "- ", script, style and
 * comments go with what they hold, entities become their characters. Line breaks of the source
 * stay, since shops write paragraphs so; blanks are joined, at most one empty line stands between
 * two. Control characters and bidirectional overrides are dropped. `html` must be valid UTF-8.
 * NO_FIELD_TOO_LONG past PLAINTEXT_SIZE_MAX bytes, NO_OUT_OF_MEMORY. `text` is in `arena`, never
 * longer than `html` by more than a half. */
no plaintext_of_html(struct arena *arena, str html, str *text) MUST_USE;

/* One line of words, such as a title: blanks and line breaks joined to one space, control
 * characters and bidirectional overrides dropped, NFC. Entities and tags are left as they stand,
 * because a title is not HTML. `line` must be valid UTF-8. NO_OUT_OF_MEMORY. */
no plaintext_line(struct arena *arena, str line, str *text) MUST_USE;

#endif
