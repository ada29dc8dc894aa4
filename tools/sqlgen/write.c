/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sqlgen/room.h"

#include <string.h>

enum { WIDTH = 100 };

#define P(s) (int)(s).len, (s).ptr

static void put(struct buf *out, const char *text)
{
    buf_put(out, str_of(text));
}

/* How far the last line of the text has come. */
static size_t column(const struct buf *out)
{
    const str text = buf_str(out);
    size_t at = text.len;

    while (at > 0 && text.ptr[at - 1] != '\n')
        at--;
    return text.len - at;
}

static void put_comment(struct buf *out, str comment)
{
    str line, rest = comment;
    bool more = comment.len > 0;

    if (!more)
        return;
    put(out, "/* ");
    while (more) {
        more = str_cut(rest, '\n', &line, &rest);
        for (size_t i = 0; i < line.len; i++) {
            buf_put_char(out, line.ptr[i]);
            /* A comment's end, or a comment's start, inside a comment. */
            if (i + 1 < line.len &&
                (memcmp(line.ptr + i, "*/", 2) == 0 || memcmp(line.ptr + i, "/*", 2) == 0))
                buf_put_char(out, ' ');
        }
        put(out, more ? "\n * " : " */\n");
    }
}

/* A C string literal for each line of `sql`. */
static void put_literal(struct buf *out, str sql)
{
    put(out, "\"");
    for (size_t i = 0; i < sql.len; i++) {
        const char c = sql.ptr[i];

        if (c == '\n')
            put(out, "\\n\"\n     \"");
        else if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c == '?' && i > 0 && sql.ptr[i - 1] == '?')
            put(out, "\\?"); /* no trigraph */
        else
            buf_put_char(out, c);
    }
    put(out, "\"");
}

static void put_row_type(struct buf *out, const struct row *row)
{
    buf_printf(out, "struct %s%.*s", row->existing ? "" : "sql_", P(row->name));
}

static size_t blob_size(enum type type)
{
    return type == TYPE_BLOB16 ? 16 : type == TYPE_BLOB32 ? 32 : 0;
}

static void put_type(struct buf *out, const struct field *field)
{
    static const char *const names[] = {
        [TYPE_INT] = "int64_t", [TYPE_BOOL] = "bool",      [TYPE_STR] = "str",
        [TYPE_BLOB] = "str",    [TYPE_BLOB16] = "uint8_t", [TYPE_BLOB32] = "uint8_t",
        [TYPE_I32] = "int32_t", [TYPE_U32] = "uint32_t",
    };

    if (field->type == TYPE_ENUM)
        buf_put(out, field->enum_name);
    else
        put(out, names[field->type]);
}

static void put_struct(struct buf *out, const struct row *row)
{
    put_comment(out, row->comment);
    buf_printf(out, "struct sql_%.*s {\n", P(row->name));
    for (size_t i = 0; i < row->fields.n; i++) {
        const struct field *field = &row->fields.at[i];

        put(out, "    ");
        put_type(out, field);
        buf_printf(out, " %.*s", P(field->name));
        if (blob_size(field->type) > 0)
            buf_printf(out, "[%zu]", blob_size(field->type));
        put(out, ";\n");
    }
    put(out, "};\n\n");
}

/* Before an argument of about `size` characters: on this line or on the next. */
static void next_argument(struct buf *out, size_t size)
{
    put(out, column(out) + size + 4 > WIDTH ? ",\n    " : ", ");
}

static void put_param(struct buf *out, const struct field *field)
{
    const size_t size = blob_size(field->type);

    next_argument(out, field->name.len + 16 + field->enum_name.len);
    if (size > 0)
        put(out, "const ");
    put_type(out, field);
    buf_printf(out, " %.*s", P(field->name));
    if (size > 0)
        buf_printf(out, "[%zu]", size);
}

static void put_output(struct buf *out, const struct statement *statement)
{
    if (statement->result == RESULT_NONE)
        return;
    next_argument(out, 24 + (statement->row == NULL ? 0 : statement->row->name.len));
    switch (statement->result) {
    case RESULT_NONE:
        return;
    case RESULT_CHANGED:
        put(out, "int64_t *changed");
        return;
    case RESULT_INT:
        put(out, "int64_t *value");
        return;
    case RESULT_ONE:
        put_row_type(out, statement->row);
        put(out, " *row");
        return;
    case RESULT_MANY:
        put_row_type(out, statement->row);
        put(out, " **rows");
        next_argument(out, 14);
        put(out, "size_t *rows_n");
        return;
    case RESULT_EACH:
        put(out, "no (*each)(void *self, const ");
        put_row_type(out, statement->row);
        put(out, " *row)");
        next_argument(out, 10);
        put(out, "void *self");
        return;
    }
}

static void put_head(struct buf *out, const struct statement *statement)
{
    buf_printf(out, "no sql_%.*s(struct db *db", P(statement->name));
    if (statement->result == RESULT_ONE || statement->result == RESULT_MANY)
        put(out, ", struct arena *arena");
    for (size_t i = 0; i < statement->params.n; i++)
        put_param(out, &statement->params.at[i]);
    put_output(out, statement);
    put(out, ")");
}

static void put_from(struct buf *out, const struct room *room)
{
    buf_printf(out,
               "/* SPDX-License-Identifier: AGPL-3.0-or-later\n"
               " *\n"
               " * Written by tools/sqlgen from src/store/sql/%.*s.sql: change that.\n"
               " */\n",
               P(room->name));
}

static void put_guard(struct buf *out, str room)
{
    put(out, "STORE_SQL_");
    for (size_t i = 0; i < room.len; i++) {
        const char c = room.ptr[i];

        buf_put_char(out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    put(out, "_H\n");
}

void room_write_header(struct buf *out, const struct room *room)
{
    put_from(out, room);
    put(out, "#ifndef ");
    put_guard(out, room->name);
    put(out, "#define ");
    put_guard(out, room->name);
    put(out, "\n#include \"store/db.h\"\n");
    for (size_t i = 0; i < room->includes_n; i++)
        buf_printf(out, "#include %.*s\n", P(room->includes[i]));
    put(out, "\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n");
    for (size_t i = 0; i < room->rows_n; i++)
        if (!room->rows[i].existing)
            put_struct(out, &room->rows[i]);
    buf_printf(out, "extern const struct db_text sql_%.*s_texts[];\n\n", P(room->name));
    for (size_t i = 0; i < room->statements_n; i++) {
        put_comment(out, room->statements[i].comment);
        put_head(out, &room->statements[i]);
        put(out, " MUST_USE;\n");
    }
    put(out, "\n#endif\n");
}

/* --- code --- */

static size_t columns_of(const struct statement *statement)
{
    if (statement->row != NULL)
        return statement->row->fields.n;
    return statement->result == RESULT_INT ? 1 : 0;
}

static void put_texts(struct buf *out, const struct room *room)
{
    buf_printf(out, "const struct db_text sql_%.*s_texts[] = {\n", P(room->name));
    for (size_t i = 0; i < room->statements_n; i++) {
        const struct statement *statement = &room->statements[i];

        buf_printf(out, "    {\"%.*s\",\n     ", P(statement->name));
        put_literal(out, statement->sqlite);
        put(out, ",\n     ");
        put_literal(out, statement->postgres);
        buf_printf(out, ",\n     %zu},\n", columns_of(statement));
    }
    put(out, "    {NULL, NULL, NULL, 0},\n};\n");
}

static void put_reading(struct buf *out, const struct field *field, size_t at)
{
    const str name = field->name;

    if (blob_size(field->type) > 0) {
        buf_printf(out, "    TRY(db_blob_into(stmt, %zu, row->%.*s, %zu));\n", at, P(name),
                   blob_size(field->type));
        return;
    }
    if (field->type == TYPE_STR || field->type == TYPE_BLOB) {
        buf_printf(out, "    row->%.*s = db_%s_copy(stmt, %zu, arena);\n", P(name),
                   field->type == TYPE_STR ? "text" : "blob", at);
        return;
    }
    if (field->type == TYPE_BOOL) {
        buf_printf(out, "    row->%.*s = db_int(stmt, %zu) != 0;\n", P(name), at);
        return;
    }
    buf_printf(out, "    row->%.*s = ", P(name));
    if (field->type != TYPE_INT)
        buf_printf(out, "(__typeof__(row->%.*s))", P(name));
    buf_printf(out, "db_int(stmt, %zu);\n", at);
}

static bool has_text(const struct row *row)
{
    for (size_t i = 0; i < row->fields.n; i++)
        if (row->fields.at[i].type == TYPE_STR || row->fields.at[i].type == TYPE_BLOB)
            return true;
    return false;
}

/* Fills a row from the statement's columns; text goes into `arena`, or stays where it is when that
 * is NULL. */
static void put_reader(struct buf *out, const struct row *row)
{
    buf_printf(out, "\nstatic no read_%.*s(struct db_stmt *stmt, struct arena *arena, ",
               P(row->name));
    put_row_type(out, row);
    put(out, " *row)\n{\n");
    if (!has_text(row))
        put(out, "    (void)arena;\n");
    for (size_t i = 0; i < row->fields.n; i++)
        put_reading(out, &row->fields.at[i], i);
    put(out, has_text(row)
                 ? "    return arena != NULL && arena_overflowed(arena) ? NO_TOO_LARGE : YES;\n}\n"
                 : "    return YES;\n}\n");
}

static void put_bind(struct buf *out, const struct field *field, size_t at)
{
    const str name = field->name;

    switch (field->type) {
    case TYPE_STR:
        buf_printf(out, "    db_bind_text(stmt_, %zu, %.*s);\n", at, P(name));
        return;
    case TYPE_BLOB:
        buf_printf(out, "    db_bind_blob(stmt_, %zu, %.*s);\n", at, P(name));
        return;
    case TYPE_BLOB16:
    case TYPE_BLOB32:
        buf_printf(out, "    db_bind_blob(stmt_, %zu, (str){(const char *)%.*s, %zu});\n", at,
                   P(name), blob_size(field->type));
        return;
    case TYPE_INT:
    case TYPE_BOOL:
    case TYPE_I32:
    case TYPE_U32:
    case TYPE_ENUM:
        buf_printf(out, "    db_bind_int(stmt_, %zu, %s%.*s);\n", at,
                   field->type == TYPE_ENUM ? "(int64_t)" : "", P(name));
        return;
    }
}

/* Outputs stay untouched on a no: what is read goes to a local first. */
static void put_run(struct buf *out, const struct statement *statement)
{
    const str row = statement->row == NULL ? STR_NONE : statement->row->name;

    switch (statement->result) {
    case RESULT_NONE:
        put(out,
            "    const no no_ = db_finish(stmt_);\n    db_give_back(stmt_);\n    return no_;\n");
        return;
    case RESULT_CHANGED:
        put(out, "    const no no_ = db_finish(stmt_);\n"
                 "    if (no_ == YES)\n        *changed = db_changed(stmt_);\n"
                 "    db_give_back(stmt_);\n    return no_;\n");
        return;
    case RESULT_INT:
        put(out, "    no no_ = db_step(stmt_);\n"
                 "    const int64_t value_ = no_ == YES ? db_int(stmt_, 0) : 0;\n"
                 "    if (no_ == YES)\n        no_ = db_settle(stmt_);\n"
                 "    db_give_back(stmt_);\n"
                 "    if (no_ == YES)\n        *value = value_;\n    return no_;\n");
        return;
    case RESULT_ONE:
        buf_printf(out,
                   "    no no_ = db_step(stmt_);\n"
                   "    if (no_ == YES)\n        no_ = read_%.*s(stmt_, arena, &row_);\n"
                   "    if (no_ == YES)\n        no_ = db_settle(stmt_);\n"
                   "    db_give_back(stmt_);\n"
                   "    if (no_ == YES)\n        *row = row_;\n    return no_;\n",
                   P(row));
        return;
    case RESULT_MANY:
        buf_printf(out,
                   "    no no_;\n"
                   "    while ((no_ = db_step(stmt_)) == YES) {\n"
                   "        rows_ = db_rows_grow(arena, rows_, rows_n_, &room_, sizeof *rows_);\n"
                   "        no_ = rows_ == NULL ? NO_TOO_LARGE : read_%.*s(stmt_, arena, "
                   "&rows_[rows_n_++]);\n"
                   "        if (no_ != YES)\n            break;\n    }\n"
                   "    db_give_back(stmt_);\n"
                   "    if (no_ != NO_NOT_FOUND)\n        return no_;\n"
                   "    *rows = rows_;\n    *rows_n = rows_n_;\n    return YES;\n",
                   P(row));
        return;
    case RESULT_EACH:
        buf_printf(out,
                   "    no no_ = YES, each_ = YES;\n"
                   "    while (each_ == YES && (no_ = db_step(stmt_)) == YES) {\n"
                   "        row_ = none_;\n"
                   "        each_ = read_%.*s(stmt_, NULL, &row_);\n"
                   "        if (each_ == YES)\n            each_ = each(self, &row_);\n    }\n"
                   "    db_give_back(stmt_);\n"
                   "    if (each_ != YES)\n        return each_;\n"
                   "    return no_ == NO_NOT_FOUND ? YES : no_;\n",
                   P(row));
        return;
    }
}

static void put_locals(struct buf *out, const struct statement *statement)
{
    put(out, "    struct db_stmt *stmt_;\n");
    if (statement->row == NULL)
        return;
    put(out, "    ");
    put_row_type(out, statement->row);
    if (statement->result == RESULT_MANY) {
        put(out, " *rows_ = NULL;\n    size_t rows_n_ = 0, room_ = 0;\n");
    } else if (statement->result == RESULT_EACH) {
        put(out, " row_;\n    const ");
        put_row_type(out, statement->row);
        put(out, " none_ = {0};\n");
    } else {
        put(out, " row_ = {0};\n");
    }
}

static void put_function(struct buf *out, const struct room *room, size_t at)
{
    const struct statement *statement = &room->statements[at];

    put(out, "\n");
    put_head(out, statement);
    put(out, "\n{\n");
    put_locals(out, statement);
    buf_printf(out, "\n    TRY(db_take(db, &sql_%.*s_texts[%zu], &stmt_));\n", P(room->name), at);
    for (size_t i = 0; i < statement->params.n; i++)
        put_bind(out, &statement->params.at[i], i + 1);
    put_run(out, statement);
    put(out, "}\n");
}

void room_write_code(struct buf *out, const struct room *room)
{
    put_from(out, room);
    buf_printf(out,
               "#include \"store/sql_%.*s.h\"\n\n"
               "/* A parameter may have the name of a type: a column uid is a uid. */\n"
               "#pragma GCC diagnostic ignored \"-Wshadow\"\n\n",
               P(room->name));
    put_texts(out, room);
    for (size_t i = 0; i < room->rows_n; i++)
        if (room->rows[i].used)
            put_reader(out, &room->rows[i]);
    for (size_t i = 0; i < room->statements_n; i++)
        put_function(out, room, i);
}

void rooms_write(struct buf *out, const str *names, size_t names_n)
{
    put(out, "/* SPDX-License-Identifier: AGPL-3.0-or-later\n *\n"
             " * Written by tools/sqlgen from the files of src/store/sql.\n */\n#include "
             "\"store/db.h\"\n\n");
    for (size_t i = 0; i < names_n; i++)
        buf_printf(out, "extern const struct db_text sql_%.*s_texts[];\n", P(names[i]));
    put(out, "\nconst struct db_text *const db_rooms[] = {\n");
    for (size_t i = 0; i < names_n; i++)
        buf_printf(out, "    sql_%.*s_texts,\n", P(names[i]));
    put(out, "    NULL,\n};\n");
}
