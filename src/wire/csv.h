/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Tables as text: RFC 4180 and what programs really write. A reader goes over a file that is in
 * memory, row by row, and keeps no row: fields point into the file, or into the arena where a
 * doubled quote had to be undone.
 *
 * Read: fields in quotes, doubled quotes, line breaks inside quotes, rows ended by CRLF, LF or CR,
 * a BOM, `,` `;` or tab between fields (found from the first row, or told by a first line "sep=;"),
 * blank rows (skipped). Refused whole: a file with NUL or other control bytes, with anything behind
 * a closing quote, or that is not UTF-8; a guess there would put one person's data in another's
 * line.
 */
#ifndef WIRE_CSV_H
#define WIRE_CSV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CSV_COLUMNS_MAX = 512, CSV_FIELD_MAX = 1 << 20 };

/* Where a file is wrong. `line` is the physical line, from 1, counting line breaks inside quotes,
 * as an editor shows it; `field` is the English name of the column, or NULL when the whole line or
 * file is meant. */
struct csv_wrong {
    uint32_t line;
    const char *field;
    no why;
};

struct csv_reader {
    str text;
    size_t at;
    uint32_t line; /* of text[at] */
    char separator;
    str fields[CSV_COLUMNS_MAX];
};

/* One row; `fields` is the reader's and lasts until the next row, what it points to as long as the
 * file and the arena. */
struct csv_row {
    const str *fields;
    size_t count;
    uint32_t line; /* where it begins */
    bool cut;      /* the last row, with no line break behind it: it may be half a row */
};

/* Begins to read `text`, which must outlive the reader. NO_FILE_NOT_UTF8 (the first bad line; also
 * UTF-16), NO_FILE_NOT_CSV (binary, or nothing but blanks), NO_FILE_CUT (ends inside a character).
 * `wrong` is written on no. */
no csv_open(struct csv_reader *reader, str text, struct csv_wrong *wrong) MUST_USE;

/* The next row that is not blank. NO_NOT_FOUND at the end; NO_FILE_CUT (a quote opened on
 * wrong->line is never closed), NO_FILE_NOT_CSV (text behind a closing quote, more than
 * CSV_COLUMNS_MAX fields), NO_FIELD_TOO_LONG (a field past CSV_FIELD_MAX), NO_OUT_OF_MEMORY. After
 * any of these the file is over. `wrong` is written on no, but not at the end. */
no csv_next(struct csv_reader *reader, struct arena *arena, struct csv_row *row,
            struct csv_wrong *wrong) MUST_USE;

/* --- headers --------------------------------------------------------------------------------- */

/* The names of the columns, folded (case, accents), with runs of anything but letters and digits as
 * one space: "En stock ?" and "EN STOCK?" are both "en stock". */
struct csv_head {
    str *names;
    size_t count;
};
enum { CSV_NO_COLUMN = -1 };

/* Reads the first row as the header, in `arena`. NO_FILE_NOT_CSV when there is none; else as
 * csv_next. */
no csv_head_read(struct csv_reader *reader, struct arena *arena, struct csv_head *head,
                 struct csv_wrong *wrong) MUST_USE;
/* The first column called one of `names` ("price|prix", folded already, the earlier preferred), or
 * CSV_NO_COLUMN. */
int csv_head_find(const struct csv_head *head, const char *names);
/* The field of a column, trimmed; STR_NONE for CSV_NO_COLUMN or when the row is shorter. */
str csv_field(const struct csv_row *row, int column);
/* Whether the row has as many fields as the head. NO_FILE_CUT when it is short and may be half a
 * row; NO_FIELD_MISSING when it is short; NO_FIELD_WRONG when a field behind the last column is not
 * blank. */
no csv_row_fits(const struct csv_row *row, const struct csv_head *head) MUST_USE;

/* Notes that one line is refused, and why; `field` a literal or NULL. Returns
 * NO_FILE_LINES_REFUSED, the answer by which the readers of airbnb.h, woocommerce.h and
 * members_csv.h say that this line is out and the next may be asked for. */
no csv_refuse_line(struct csv_wrong *wrong, uint32_t line, const char *field, no why);

/* --- writing --------------------------------------------------------------------------------- */

/* CSV_EXACT writes what it is given, and reading gives it back. CSV_SPREADSHEET puts an apostrophe
 * before a field that a spreadsheet would run as a formula: one that begins with = + - @, tab or CR
 * and is not simply a number ("-12.50" stays). Use it for every file that a person will open and
 * that holds words of others (OWASP, "CSV injection"). */
enum csv_style { CSV_EXACT, CSV_SPREADSHEET };

/* One row with `separator`, ended by CRLF (RFC 4180), quotes only where needed. Whether all went
 * in: buf_failed. */
void csv_put_row(struct buf *out, char separator, enum csv_style style, const str *fields,
                 size_t count);

#endif
