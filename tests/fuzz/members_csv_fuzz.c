/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as a file: what is read keeps the promises of members_csv.h, lines only go up, and the
 * file ends.
 */
#include "wire/members_csv.h"

#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct member_line *row)
{
    assert(row->email.len >= 3 && row->email.len <= 254);
    assert(str_find_char(row->email, 0x0a) == row->email.len);
    assert(utf8_clean(row->email, false) && utf8_clean(row->name, false));
    assert(row->name.len > 0 && utf8_count(row->name) <= 120);
    assert(row->shares >= 0);
}

static void read_all(struct arena *arena, str text)
{
    static struct members_csv file;
    struct csv_wrong wrong;
    struct member_line row;
    no answer = members_csv_open(&file, arena, text, &wrong);
    const size_t mark = arena_mark(arena);
    uint32_t line = 0;

    while (answer == YES || answer == NO_FILE_LINES_REFUSED) {
        answer = members_csv_next(&file, arena, &row, &wrong);
        if (answer == YES)
            check(&row);
        if (answer == YES || answer == NO_FILE_LINES_REFUSED) {
            assert((answer == YES ? row.line : wrong.line) > line);
            line = answer == YES ? row.line : wrong.line;
        }
        arena_rewind(arena, mark);
    }
    assert(answer != NO_OUT_OF_MEMORY);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char block[8 << 20];
    struct arena arena;

    arena_init_on(&arena, block, sizeof block);
    read_all(&arena, (str){(const char *)data, size});
    return 0;
}
