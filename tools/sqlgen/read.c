/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sqlgen/room.h"

#include <stdarg.h>
#include <stdio.h>

struct reader {
    struct arena *arena;
    str rest; /* what is not read yet, from the start of a line */
    int line; /* number of that line */
    struct buf comment;
    bool comment_open; /* a comment stands right above */
    struct room *room;
    struct fault *fault;
};

static const struct {
    const char *name;
    enum type type;
} types[] = {
    {"int", TYPE_INT},       {"bool", TYPE_BOOL},     {"str", TYPE_STR}, {"blob", TYPE_BLOB},
    {"blob16", TYPE_BLOB16}, {"blob32", TYPE_BLOB32}, {"i32", TYPE_I32}, {"u32", TYPE_U32},
};

static const struct {
    const char *name;
    enum result result;
    bool has_row;
} results[] = {
    {"none", RESULT_NONE, false}, {"changed", RESULT_CHANGED, false}, {"int", RESULT_INT, false},
    {"one", RESULT_ONE, true},    {"many", RESULT_MANY, true},        {"each", RESULT_EACH, true},
};

/* Names that the generated function gives to its other arguments. */
static const struct {
    const char *name;
    unsigned results; /* a bit for each enum result */
} taken[] = {
    {"db", ~0u},
    {"arena", 1u << RESULT_ONE | 1u << RESULT_MANY},
    {"changed", 1u << RESULT_CHANGED},
    {"value", 1u << RESULT_INT},
    {"row", 1u << RESULT_ONE},
    {"rows", 1u << RESULT_MANY},
    {"rows_n", 1u << RESULT_MANY},
    {"each", 1u << RESULT_EACH},
    {"self", 1u << RESULT_EACH},
};

no fault_say(struct fault *fault, int line, const char *format, ...)
{
    va_list args;

    fault->line = line;
    va_start(args, format);
    (void)vsnprintf(fault->what, sizeof fault->what, format, args);
    va_end(args);
    return NO_BAD_REQUEST;
}

bool is_name(str s, bool path)
{
    bool first = true;

    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        const bool letter = (c >= 'a' && c <= 'z') || c == '_', digit = c >= '0' && c <= '9';

        if (path && c == '.' && !first) {
            first = true;
            continue;
        }
        if (!letter && (!digit || first))
            return false;
        first = false;
    }
    return !first;
}

static str next_line(struct reader *reader)
{
    str line;

    (void)str_cut(reader->rest, '\n', &line, &reader->rest);
    reader->line++;
    return line;
}

static no read_field(struct reader *reader, str text, bool path, struct field *field)
{
    const str trimmed = str_trim(text);
    size_t at = trimmed.len;

    while (at > 0 && trimmed.ptr[at - 1] != ' ')
        at--;
    const str type = str_trim(str_sub(trimmed, 0, at));
    field->name = str_sub(trimmed, at, trimmed.len);
    if (type.len == 0 || !is_name(field->name, path))
        return fault_say(reader->fault, reader->line, "'%.*s' is not a type and a name",
                         (int)trimmed.len, trimmed.ptr);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        field->type = types[i].type;
        if (str_eq(type, str_of(types[i].name)))
            return YES;
    }
    field->type = TYPE_ENUM;
    field->enum_name = type;
    if (str_starts(type, S("enum ")) && is_name(str_trim(str_sub(type, 5, type.len)), false))
        return YES;
    return fault_say(reader->fault, reader->line, "'%.*s' is not a type", (int)type.len, type.ptr);
}

/* `int id, str name` without the brackets. */
static no read_fields(struct reader *reader, str list, bool path, struct fields *fields)
{
    str part, rest = list;
    bool more = str_trim(list).len > 0;

    while (more) {
        struct field *field = &fields->at[fields->n];

        if (fields->n == FIELDS_MAX)
            return fault_say(reader->fault, reader->line, "more than %d fields", FIELDS_MAX);
        more = str_cut(rest, ',', &part, &rest);
        TRY(read_field(reader, part, path, field));
        for (size_t i = 0; i < fields->n; i++)
            if (str_eq(fields->at[i].name, field->name))
                return fault_say(reader->fault, reader->line, "'%.*s' is there twice",
                                 (int)field->name.len, field->name.ptr);
        fields->n++;
    }
    return YES;
}

/* `head(list) tail`; false when the brackets are not there. */
static bool cut_brackets(str text, str *head, str *list, str *tail)
{
    str rest;

    if (!str_cut(text, '(', head, &rest) || !str_cut(rest, ')', list, tail))
        return false;
    *head = str_trim(*head);
    *tail = str_trim(*tail);
    return true;
}

static struct row *find_row(struct room *room, str name)
{
    for (size_t i = 0; i < room->rows_n; i++)
        if (str_eq(room->rows[i].name, name))
            return &room->rows[i];
    return NULL;
}

static str take_comment(struct reader *reader)
{
    const str comment =
        reader->comment_open ? arena_str(reader->arena, buf_str(&reader->comment)) : STR_NONE;

    buf_clear(&reader->comment);
    reader->comment_open = false;
    return comment;
}

static no read_include(struct reader *reader, str text)
{
    struct room *room = reader->room;
    const str quoted = str_trim(text);

    if (quoted.len < 3 || quoted.ptr[0] != '"' ||
        str_find_char(str_sub(quoted, 1, quoted.len), '"') != quoted.len - 2)
        return fault_say(reader->fault, reader->line, "include needs \"floor/room.h\"");
    if (room->includes_n == INCLUDES_MAX)
        return fault_say(reader->fault, reader->line, "more than %d includes", INCLUDES_MAX);
    room->includes[room->includes_n++] = quoted;
    return YES;
}

static no read_row(struct reader *reader, str text)
{
    struct room *room = reader->room;
    str head, list, tail;

    if (!cut_brackets(text, &head, &list, &tail) || tail.len > 0)
        return fault_say(reader->fault, reader->line, "a row is: row NAME(type name, ...)");
    if (room->rows_n == ROWS_MAX)
        return fault_say(reader->fault, reader->line, "more than %d rows", ROWS_MAX);
    struct row *row = &room->rows[room->rows_n];
    *row = (struct row){.existing = str_starts(head, S("struct "))};
    row->name = row->existing ? str_trim(str_sub(head, 7, head.len)) : head;
    row->comment = take_comment(reader);
    if (!is_name(row->name, false))
        return fault_say(reader->fault, reader->line, "'%.*s' is not a name", (int)head.len,
                         head.ptr);
    if (find_row(room, row->name) != NULL)
        return fault_say(reader->fault, reader->line, "row %.*s is there twice", (int)row->name.len,
                         row->name.ptr);
    TRY(read_fields(reader, list, row->existing, &row->fields));
    if (row->fields.n == 0)
        return fault_say(reader->fault, reader->line, "row %.*s has no field", (int)row->name.len,
                         row->name.ptr);
    room->rows_n++;
    return YES;
}

static no read_result(struct reader *reader, str text, struct statement *statement)
{
    str word, name;

    (void)str_cut(text, ' ', &word, &name);
    name = str_trim(name);
    if (str_starts(name, S("struct ")))
        name = str_trim(str_sub(name, 7, name.len));
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        if (!str_eq(word, str_of(results[i].name)))
            continue;
        statement->result = results[i].result;
        if (!results[i].has_row && name.len == 0)
            return YES;
        struct row *row = results[i].has_row ? find_row(reader->room, name) : NULL;
        if (row == NULL)
            return fault_say(reader->fault, reader->line, "'%.*s' is not a row of this file above",
                             (int)name.len, name.len > 0 ? name.ptr : "");
        row->used = true;
        statement->row = row;
        return YES;
    }
    return fault_say(reader->fault, reader->line,
                     "after -> comes none, changed, int, one ROW, many ROW or each ROW");
}

static no check_names(struct reader *reader, const struct statement *statement)
{
    for (size_t i = 0; i < reader->room->statements_n; i++)
        if (str_eq(reader->room->statements[i].name, statement->name))
            return fault_say(reader->fault, reader->line, "%.*s is there twice",
                             (int)statement->name.len, statement->name.ptr);
    for (size_t i = 0; i < statement->params.n; i++)
        for (size_t t = 0; t < sizeof taken / sizeof taken[0]; t++)
            if (taken[t].results >> statement->result & 1u &&
                str_eq(statement->params.at[i].name, str_of(taken[t].name)))
                return fault_say(reader->fault, reader->line,
                                 "a parameter here may not be called %s", taken[t].name);
    return YES;
}

/* Lines without SQL above a statement's text; *dialect is the word of a line `-- sqlite` or `--
 * postgres`. */
static void skip_to_sql(struct reader *reader, str *dialect)
{
    while (reader->rest.len > 0) {
        str line, rest;

        (void)str_cut(reader->rest, '\n', &line, &rest);
        line = str_trim(line);
        if (line.len > 0 && (!str_starts(line, S("--")) || str_starts(line, S("--:"))))
            return;
        const str word = str_trim(str_sub(line, 2, line.len));
        if (str_eq(word, S("sqlite")) || str_eq(word, S("postgres")))
            *dialect = word;
        (void)next_line(reader);
    }
}

static no read_sql(struct reader *reader, const struct fields *params, struct sql *sql)
{
    const no answer = sql_read(reader->arena, reader->rest, params, sql, reader->fault);

    reader->line += sql->lines;
    if (answer != YES) {
        reader->fault->line = reader->line + 1;
        return answer;
    }
    reader->rest = str_sub(reader->rest, sql->end, reader->rest.len);
    const str after = str_trim(next_line(reader));
    if (after.len > 0 && !str_starts(after, S("--")))
        return fault_say(reader->fault, reader->line, "text after ;");
    return YES;
}

static no read_both(struct reader *reader, struct statement *statement)
{
    str first = STR_NONE, second = STR_NONE;
    struct sql one, other;

    skip_to_sql(reader, &first);
    TRY(read_sql(reader, &statement->params, &one));
    statement->sqlite = one.sqlite;
    statement->postgres = one.postgres;
    if (first.len == 0)
        return YES;
    skip_to_sql(reader, &second);
    if (second.len == 0 || str_eq(first, second))
        return fault_say(reader->fault, reader->line,
                         "a statement written for one database is written again for the other");
    TRY(read_sql(reader, &statement->params, &other));
    if (str_eq(first, S("sqlite")))
        statement->postgres = other.postgres;
    else
        statement->sqlite = other.sqlite;
    return YES;
}

static no read_statement(struct reader *reader, str text)
{
    struct room *room = reader->room;
    str head, list, tail;

    if (!cut_brackets(text, &head, &list, &tail) || !str_starts(tail, S("->")))
        return fault_say(reader->fault, reader->line,
                         "a statement is: NAME(type name, ...) -> RESULT");
    if (!is_name(head, false))
        return fault_say(reader->fault, reader->line, "'%.*s' is not a name", (int)head.len,
                         head.ptr);
    if (room->statements_n == STATEMENTS_MAX)
        return fault_say(reader->fault, reader->line, "more than %d statements", STATEMENTS_MAX);
    struct statement *statement = &room->statements[room->statements_n];
    *statement = (struct statement){.name = head, .comment = take_comment(reader)};
    TRY(read_fields(reader, list, false, &statement->params));
    TRY(read_result(reader, str_trim(str_sub(tail, 2, tail.len)), statement));
    TRY(check_names(reader, statement));
    TRY(read_both(reader, statement));
    room->statements_n++;
    return YES;
}

/* A directive is complete when its bracket is closed and a statement has its arrow and result. */
static bool is_complete(str text)
{
    const size_t arrow = str_find(text, S("->"));

    if (str_starts(text, S("include ")))
        return true;
    if (str_find_char(text, ')') == text.len)
        return false;
    return str_starts(text, S("row ")) ||
           (arrow < text.len && str_trim(str_sub(text, arrow + 2, text.len)).len > 0);
}

static no read_directive(struct reader *reader, str line)
{
    struct buf whole;

    buf_init(&whole, reader->arena, 0);
    buf_put(&whole, str_trim(str_sub(line, 3, line.len)));
    while (!is_complete(buf_str(&whole)) && str_starts(reader->rest, S("--:"))) {
        buf_put_char(&whole, ' ');
        line = next_line(reader);
        buf_put(&whole, str_trim(str_sub(line, 3, line.len)));
    }
    const str text = buf_str(&whole);
    if (str_starts(text, S("include ")))
        return read_include(reader, str_sub(text, 8, text.len));
    if (str_starts(text, S("row ")))
        return read_row(reader, str_sub(text, 4, text.len));
    return read_statement(reader, text);
}

static void read_comment(struct reader *reader, str line)
{
    const str text = str_trim(str_sub(line, 2, line.len));

    if (reader->comment_open)
        buf_put_char(&reader->comment, '\n');
    buf_put(&reader->comment, text);
    reader->comment_open = true;
}

no room_read(struct arena *arena, str name, str text, struct room *room, struct fault *fault)
{
    struct reader reader = {.arena = arena, .rest = text, .room = room, .fault = fault};

    buf_init(&reader.comment, arena, 0);
    *room = (struct room){.name = name};
    if (!is_name(name, false))
        return fault_say(fault, 0, "the file's name is not a room's name");
    while (reader.rest.len > 0) {
        const str line = str_trim(next_line(&reader));

        if (str_starts(line, S("--:"))) {
            TRY(read_directive(&reader, line));
            (void)take_comment(&reader);
        } else if (str_starts(line, S("--"))) {
            read_comment(&reader, line);
        } else if (line.len == 0) {
            (void)take_comment(&reader);
        } else {
            return fault_say(fault, reader.line,
                             "SQL without a line `--: NAME(...) -> RESULT` above");
        }
    }
    return arena_overflowed(arena) ? fault_say(fault, reader.line, "the file is too large") : YES;
}
