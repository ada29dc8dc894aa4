/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/csv.h"

#include "base/utf8.h"

#include <string.h>

#define SEPARATORS S(",;\t")
enum { SEPARATORS_COUNT = 3 };
#define BYTE_ORDER_MARK S("\xef\xbb\xbf")

static no refuse(struct csv_wrong *wrong, uint32_t line, no why)
{
    *wrong = (struct csv_wrong){.line = line, .why = why};
    return why;
}

/* --- the file as a whole --------------------------------------------------------------------- */

static bool is_end_of_line(char c)
{
    return c == '\n' || c == '\r';
}

/* Control bytes that no table has; a form feed does turn up in old exports. */
static bool is_binary(unsigned char c)
{
    return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
}

/* The line that starts at *at, without its end, which *at is moved behind. */
static str take_line(str text, size_t *at)
{
    const size_t from = *at;
    size_t end = from;

    while (end < text.len && !is_end_of_line(text.ptr[end]))
        end++;
    *at = end;
    if (*at < text.len)
        *at += text.ptr[end] == '\r' && end + 1 < text.len && text.ptr[end + 1] == '\n' ? 2 : 1;
    return (str){text.ptr + from, end - from};
}

/* Valid but for a last character that lacks up to three bytes. */
static bool ends_inside_a_character(str line)
{
    for (size_t missing = 1; missing <= 3 && missing <= line.len; missing++) {
        const unsigned char lead = (unsigned char)line.ptr[line.len - missing];
        const size_t wants = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1;

        if (wants > missing)
            return utf8_valid(str_sub(line, 0, line.len - missing));
        if (lead < 0x80 || lead >= 0xc0)
            return false;
    }
    return false;
}

/* The first line with a byte that no text has, or 0. */
static uint32_t find_binary(str text)
{
    uint32_t line_number = 1;

    for (size_t at = 0; at < text.len; line_number++) {
        const str line = take_line(text, &at);

        for (size_t i = 0; i < line.len; i++)
            if (is_binary((unsigned char)line.ptr[i]))
                return line_number;
    }
    return 0;
}

static no check_text(str text, struct csv_wrong *wrong)
{
    const uint32_t binary = find_binary(text);
    uint32_t line_number = 1;
    bool blank = true;

    /* Looked for first: a picture is not UTF-8 either, but that is not what to tell a person. */
    if (binary > 0)
        return refuse(wrong, binary, NO_FILE_NOT_CSV);
    for (size_t at = 0; at < text.len; line_number++) {
        const str line = take_line(text, &at);

        if (!utf8_valid(line)) {
            const bool last = line.ptr + line.len == text.ptr + text.len;

            return refuse(wrong, line_number,
                          last && ends_inside_a_character(line) ? NO_FILE_CUT : NO_FILE_NOT_UTF8);
        }
        blank = blank && str_trim(line).len == 0;
    }
    return blank ? refuse(wrong, 1, NO_FILE_NOT_CSV) : YES;
}

/* Which of the three stands most often in the first row outside quotes; none at all is a table of
 * one column. */
static char find_separator(str text)
{
    size_t counts[SEPARATORS_COUNT] = {0};
    bool quoted = false;
    size_t best = 0;

    for (size_t at = 0; at < text.len && (quoted || !is_end_of_line(text.ptr[at])); at++) {
        quoted ^= text.ptr[at] == '"';
        for (size_t i = 0; i < SEPARATORS_COUNT; i++)
            counts[i] += !quoted && text.ptr[at] == SEPARATORS.ptr[i];
    }
    for (size_t i = 1; i < SEPARATORS_COUNT; i++)
        if (counts[i] > counts[best])
            best = i;
    return SEPARATORS.ptr[best];
}

static bool is_blank_line(str line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] != ' ')
            return false;
    return true;
}

/* Spreadsheets' own first line "sep=;". */
static void read_separator(struct csv_reader *reader)
{
    size_t at = reader->at;
    const str line = take_line(reader->text, &at);

    if (line.len == 5 && str_eq_nocase(str_sub(line, 0, 4), S("sep=")) &&
        str_find_char(SEPARATORS, line.ptr[4]) < SEPARATORS.len) {
        reader->separator = line.ptr[4];
        reader->at = at;
        reader->line++;
        return;
    }
    /* Lines may be blank before the first row; one of tabs is a row of empty fields. */
    for (at = reader->at; is_blank_line(take_line(reader->text, &at)); reader->line++)
        reader->at = at;
    reader->separator = find_separator(str_sub(reader->text, reader->at, reader->text.len));
}

no csv_open(struct csv_reader *reader, str text, struct csv_wrong *wrong)
{
    if (str_starts(text, S("\xff\xfe")) || str_starts(text, S("\xfe\xff")))
        return refuse(wrong, 1, NO_FILE_NOT_UTF8);
    if (str_starts(text, BYTE_ORDER_MARK))
        text = str_sub(text, BYTE_ORDER_MARK.len, text.len);
    TRY(check_text(text, wrong));
    *reader = (struct csv_reader){.text = text, .line = 1};
    read_separator(reader);
    return YES;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* Counts a line break at `at` once, be it CR, LF or both. */
static bool breaks_line(str text, size_t at)
{
    return text.ptr[at] == '\n' ||
           (text.ptr[at] == '\r' && (at + 1 == text.len || text.ptr[at + 1] != '\n'));
}

static str undouble(struct arena *arena, str quoted)
{
    char *plain = arena_take(arena, quoted.len);
    size_t len = 0;

    if (plain == NULL)
        return STR_NONE;
    for (size_t at = 0; at < quoted.len; at++) {
        plain[len++] = quoted.ptr[at];
        at += quoted.ptr[at] == '"'; /* its twin */
    }
    return (str){plain, len};
}

/* The field that opens with the quote at reader->at; leaves `at` behind the closing one. */
static no take_quoted(struct csv_reader *reader, struct arena *arena, str *field,
                      struct csv_wrong *wrong)
{
    const str text = reader->text;
    const uint32_t opened = reader->line;
    const size_t from = reader->at + 1;
    size_t at = from;
    bool doubled = false;

    for (; at < text.len; at++) {
        if (text.ptr[at] == '"') {
            if (at + 1 == text.len || text.ptr[at + 1] != '"')
                break;
            doubled = true;
            at++;
        } else if (breaks_line(text, at)) {
            reader->line++;
        }
    }
    if (at == text.len)
        return refuse(wrong, opened, NO_FILE_CUT);
    reader->at = at + 1;
    *field = (str){text.ptr + from, at - from};
    if (field->len > CSV_FIELD_MAX)
        return refuse(wrong, opened, NO_FIELD_TOO_LONG);
    if (doubled)
        *field = undouble(arena, *field);
    return field->ptr == NULL ? refuse(wrong, opened, NO_OUT_OF_MEMORY) : YES;
}

static no take_plain(struct csv_reader *reader, str *field, struct csv_wrong *wrong)
{
    const str text = reader->text;
    const size_t from = reader->at;
    size_t at = from;

    while (at < text.len && text.ptr[at] != reader->separator && !is_end_of_line(text.ptr[at]))
        at++;
    if (at - from > CSV_FIELD_MAX)
        return refuse(wrong, reader->line, NO_FIELD_TOO_LONG);
    reader->at = at;
    *field = (str){text.ptr + from, at - from};
    return YES;
}

/* Behind a field: a separator (more to come), the end of the row, or neither. */
static no pass_end(struct csv_reader *reader, bool *more, struct csv_wrong *wrong)
{
    const str text = reader->text;

    *more = false;
    if (reader->at == text.len)
        return YES;
    if (text.ptr[reader->at] == reader->separator) {
        reader->at++;
        *more = true;
        return YES;
    }
    if (!is_end_of_line(text.ptr[reader->at]))
        return refuse(wrong, reader->line, NO_FILE_NOT_CSV);
    reader->at += !breaks_line(text, reader->at) ? 2 : 1;
    reader->line++;
    return YES;
}

static no take_row(struct csv_reader *reader, struct arena *arena, struct csv_row *row,
                   struct csv_wrong *wrong)
{
    const uint32_t line = reader->line;
    size_t count = 0;
    bool more = true;

    while (more) {
        if (count == CSV_COLUMNS_MAX)
            return refuse(wrong, line, NO_FILE_NOT_CSV);
        const bool quoted = reader->at < reader->text.len && reader->text.ptr[reader->at] == '"';

        TRY(quoted ? take_quoted(reader, arena, &reader->fields[count], wrong)
                   : take_plain(reader, &reader->fields[count], wrong));
        TRY(pass_end(reader, &more, wrong));
        count++;
    }
    const char last = reader->text.ptr[reader->at - 1];

    *row = (struct csv_row){reader->fields, count, line,
                            reader->at == reader->text.len && !is_end_of_line(last)};
    return YES;
}

no csv_next(struct csv_reader *reader, struct arena *arena, struct csv_row *row,
            struct csv_wrong *wrong)
{
    while (reader->at < reader->text.len) {
        const char first = reader->text.ptr[reader->at];
        struct csv_row read;
        const no answer = take_row(reader, arena, &read, wrong);

        if (answer != YES) {
            reader->at = reader->text.len;
            return answer;
        }
        /* A line with nothing on it is no row; one empty field in quotes is. */
        if (read.count > 1 || first == '"' || str_trim(read.fields[0]).len > 0) {
            *row = read;
            return YES;
        }
    }
    return NO_NOT_FOUND;
}

/* --- headers --------------------------------------------------------------------------------- */

/* Joins the words it is given by one space. */
static void join_word(void *self, str word)
{
    struct buf *name = self;

    buf_put(name, name->len > 0 ? S(" ") : STR_NONE);
    buf_put(name, word);
}

static str fold_name(struct arena *arena, str name)
{
    const str folded = utf8_fold(arena, name);
    struct buf out;

    buf_init(&out, arena, folded.len);
    utf8_words(folded, join_word, &out);
    return buf_str(&out);
}

no csv_head_read(struct csv_reader *reader, struct arena *arena, struct csv_head *head,
                 struct csv_wrong *wrong)
{
    struct csv_row row;
    const no answer = csv_next(reader, arena, &row, wrong);

    if (answer != YES)
        return answer == NO_NOT_FOUND ? refuse(wrong, 1, NO_FILE_NOT_CSV) : answer;
    str *names = arena_take_many(arena, row.count, sizeof *names);

    for (size_t i = 0; names != NULL && i < row.count; i++)
        names[i] = fold_name(arena, row.fields[i]);
    if (arena_overflowed(arena))
        return refuse(wrong, row.line, NO_OUT_OF_MEMORY);
    *head = (struct csv_head){names, row.count};
    return YES;
}

int csv_head_find(const struct csv_head *head, const char *names)
{
    str rest = str_of(names), name;

    do {
        const str all = rest;

        (void)str_cut(all, '|', &name, &rest);
        for (size_t i = 0; i < head->count; i++)
            if (str_eq(head->names[i], name))
                return (int)i;
    } while (rest.len > 0);
    return CSV_NO_COLUMN;
}

str csv_field(const struct csv_row *row, int column)
{
    return column == CSV_NO_COLUMN || (size_t)column >= row->count ? STR_NONE
                                                                   : str_trim(row->fields[column]);
}

no csv_row_fits(const struct csv_row *row, const struct csv_head *head)
{
    if (row->count < head->count)
        return row->cut ? NO_FILE_CUT : NO_FIELD_MISSING;
    for (size_t i = head->count; i < row->count; i++)
        if (str_trim(row->fields[i]).len > 0)
            return NO_FIELD_WRONG;
    return YES;
}

no csv_refuse_line(struct csv_wrong *wrong, uint32_t line, const char *field, no why)
{
    *wrong = (struct csv_wrong){line, field, why};
    return NO_FILE_LINES_REFUSED;
}

/* --- writing --------------------------------------------------------------------------------- */

static bool is_number(str field)
{
    size_t digits = 0;

    for (size_t i = 0; i < field.len; i++) {
        const char c = field.ptr[i];

        if (c >= '0' && c <= '9')
            digits++;
        else if (!(i == 0 && (c == '-' || c == '+')) && c != '.' && c != ',')
            return false;
    }
    return digits > 0;
}

static bool would_run(str field)
{
    return field.len > 0 && str_find_char(S("=+-@\t\r"), field.ptr[0]) < 6 && !is_number(field);
}

/* Blanks at the ends are quoted because readers trim, every separator because readers guess which
 * one it is, and "sep=" because a row of it and nothing would be taken for the line that says so.
 */
static bool needs_quotes(str field)
{
    if (str_trim(field).len < field.len || str_starts(field, BYTE_ORDER_MARK) ||
        str_eq_nocase(field, S("sep=")))
        return true;
    for (size_t i = 0; i < field.len; i++)
        if (str_find_char(SEPARATORS, field.ptr[i]) < SEPARATORS.len || field.ptr[i] == '"' ||
            is_end_of_line(field.ptr[i]))
            return true;
    return false;
}

static void put_field(struct buf *out, enum csv_style style, str field, bool quotes)
{
    const bool guard = style == CSV_SPREADSHEET && would_run(field);

    if (!quotes && !needs_quotes(field)) {
        buf_put(out, guard ? S("'") : STR_NONE);
        buf_put(out, field);
        return;
    }
    buf_put(out, guard ? S("\"'") : S("\""));
    for (str head, rest = field; rest.len > 0;) {
        const str all = rest;

        buf_put(out, str_cut(all, '"', &head, &rest) ? (str){head.ptr, head.len + 1} : head);
        if (head.len < all.len)
            buf_put_char(out, '"');
    }
    buf_put_char(out, '"');
}

void csv_put_row(struct buf *out, char separator, enum csv_style style, const str *fields,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_put_char(out, separator);
        /* A row of one empty field would be a blank line, which readers skip. */
        put_field(out, style, fields[i], count == 1 && fields[i].len == 0);
    }
    buf_put(out, S("\r\n"));
}
