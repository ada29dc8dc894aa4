/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as a table: rows keep the promises of csv.h; written again and read again they are the
 * same.
 */
#include "wire/csv.h"

#include "base/utf8.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads all rows and writes them to `out`; the answer that ended the file. */
static no copy(struct arena *arena, str text, struct buf *out)
{
    static struct csv_reader reader;
    struct csv_wrong wrong = {0};
    struct csv_row row;
    uint32_t line = 0;
    no answer = csv_open(&reader, text, &wrong);

    while (answer == YES) {
        answer = csv_next(&reader, arena, &row, &wrong);
        if (answer != YES)
            break;
        assert(row.line > line && row.count >= 1 && row.count <= CSV_COLUMNS_MAX);
        line = row.line;
        for (size_t i = 0; i < row.count; i++)
            assert(utf8_valid(row.fields[i]) && row.fields[i].len <= CSV_FIELD_MAX);
        csv_put_row(out, ',', CSV_EXACT, row.fields, row.count);
    }
    assert(answer == NO_NOT_FOUND || (wrong.line >= 1 && wrong.why == answer));
    return answer;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char block[8 << 20];
    struct arena arena;
    struct buf once, twice;

    arena_init_on(&arena, block, sizeof block);
    buf_init(&once, &arena, 4096);
    if (copy(&arena, (str){(const char *)data, size}, &once) == NO_NOT_FOUND) {
        buf_init(&twice, &arena, once.len + 1);
        /* Nothing but blanks and empty fields is no file the second time. */
        if (copy(&arena, buf_str(&once), &twice) == NO_NOT_FOUND)
            assert(str_eq(buf_str(&once), buf_str(&twice)));
    }
    assert(!buf_failed(&once));
    return 0;
}
