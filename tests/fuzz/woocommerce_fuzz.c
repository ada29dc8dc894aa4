/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as a file: what is read keeps the promises of woocommerce.h, lines only go up, and the
 * file ends.
 */
#include "wire/woocommerce.h"

#include "base/money.h"
#include "base/utf8.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct product_row *row)
{
    assert(row->id.len + row->sku.len > 0);
    assert(utf8_clean(row->name, false) && row->name.len > 0);
    assert(utf8_clean(row->summary, true) && utf8_clean(row->description, true));
    assert(!row->has_price || (row->price_minor >= 0 && row->price_minor <= MONEY_MAX));
    assert(row->type != PRODUCT_VARIATION || row->has_parent);
    assert(row->attributes_count <= PRODUCT_ATTRIBUTES_MAX && row->stock >= 0);
    assert(row->categories.count <= PRODUCT_LIST_MAX && row->children_count <= PRODUCT_LIST_MAX);
    for (size_t i = 0; i < row->categories.count; i++)
        assert(utf8_clean(row->categories.items[i], false));
}

static void read_all(struct arena *arena, str text)
{
    static struct woocommerce file;
    struct csv_wrong wrong;
    struct product_row row;
    no answer = woocommerce_open(&file, arena, text, 2, &wrong);
    const size_t mark = arena_mark(arena);
    uint32_t line = 0;

    while (answer == YES || answer == NO_FILE_LINES_REFUSED) {
        answer = woocommerce_next(&file, arena, &row, &wrong);
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
