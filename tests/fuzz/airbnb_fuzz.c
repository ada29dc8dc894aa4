/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as a file: what is read keeps the promises of airbnb.h, lines only go up, and the file
 * ends.
 */
#include "wire/airbnb.h"

#include "base/money.h"
#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct listing_row *row)
{
    assert(row->id.len >= 1 && row->id.len <= 20);
    assert(utf8_clean(row->title, false) && row->title.len > 0);
    assert(utf8_clean(row->description, true));
    assert(row->latitude_e6 >= -90000000 && row->latitude_e6 <= 90000000);
    assert(row->longitude_e6 >= -180000000 && row->longitude_e6 <= 180000000);
    assert(!row->has_price || (row->price_minor >= 0 && row->price_minor <= MONEY_MAX));
    assert(row->minimum_nights >= 1 && row->reviews >= 0);
}

static void read_all(struct arena *arena, str text)
{
    static struct airbnb file;
    struct csv_wrong wrong;
    struct listing_row row;
    no answer = airbnb_open(&file, arena, text, 2, &wrong);
    const size_t mark = arena_mark(arena);
    uint32_t line = 0;

    while (answer == YES || answer == NO_FILE_LINES_REFUSED) {
        answer = airbnb_next(&file, arena, &row, &wrong);
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
