/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tplgen/tplgen.h"

#include <string.h>

enum piece { PIECE_END, PIECE_MARKUP, PIECE_DIRECTIVE, PIECE_COMMENT };

struct cursor {
    const char *path;
    str rest; /* what is still to read */
    int line;
};

static void go(struct cursor *cursor, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        cursor->line += cursor->rest.ptr[i] == '\n';
    cursor->rest = (str){cursor->rest.ptr + bytes, cursor->rest.len - bytes};
}

/* Bytes of a {directive}, its braces included; braces and quotes inside may nest. */
static size_t directive_len(const struct cursor *cursor)
{
    const str text = cursor->rest;
    int depth = 0;

    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];

        if (c == '"' || c == '\'') {
            const char quote = c;
            for (i++; i < text.len && text.ptr[i] != quote; i++)
                i += text.ptr[i] == '\\';
        }
        depth += (c == '{') - (c == '}');
        if (depth == 0)
            return i + 1;
    }
    fail_at(cursor->path, cursor->line, "unclosed {");
}

/* One piece: *text is a directive without braces, or markup from here on, of which one byte is
 * meant ({{ counts as one). The cursor stays before it; *len is what to go. */
static enum piece look(const struct cursor *cursor, str *text, size_t *len)
{
    const str rest = cursor->rest;

    *text = rest;
    *len = 1;
    if (rest.len == 0)
        return PIECE_END;
    if (str_starts(rest, S("{{")) || str_starts(rest, S("}}"))) {
        *len = 2;
        *text = str_sub(rest, 1, rest.len);
        return PIECE_MARKUP;
    }
    if (rest.ptr[0] == '}')
        fail_at(cursor->path, cursor->line, "} alone (write }})");
    if (rest.ptr[0] != '{')
        return PIECE_MARKUP;
    if (str_starts(rest, S("{#"))) {
        *len = str_find(rest, S("#}")) + 2;
        if (*len > rest.len)
            fail_at(cursor->path, cursor->line, "unclosed {#");
        return PIECE_COMMENT;
    }
    *len = directive_len(cursor);
    *text = str_trim(str_sub(rest, 1, *len - 2));
    return PIECE_DIRECTIVE;
}

static void add_template(struct tool *tool, size_t room, int line, str directive)
{
    const char *path = tool->rooms[room].path;
    const str head = str_trim(str_sub(directive, strlen("template "), directive.len));
    const size_t open = str_find_char(head, '(');
    const str name = str_trim((str){head.ptr, open});

    if (!is_name(name) || open == head.len || !str_ends(head, S(")")))
        fail_at(path, line, "a template is written {template name(type name, ...)}");
    for (size_t i = 0; i < tool->templates_n; i++)
        if (str_eq(tool->templates[i].name, name))
            fail_at(path, line, "template \"%.*s\" is already in %s", STR_ARGS(name),
                    tool->rooms[tool->templates[i].room].path);
    if (tool->templates_n == TEMPLATES_MAX)
        fail_at(path, line, "more than %d templates", TEMPLATES_MAX);
    str params = str_trim(str_sub(head, open + 1, head.len - open - 2));
    if (str_eq(params, S("void")))
        params = STR_NONE;
    tool->templates[tool->templates_n++] = (struct template){name, params, room, line};
}

void scan_templates(struct tool *tool, size_t room)
{
    struct cursor cursor = {tool->rooms[room].path, tool->rooms[room].source, 1};
    str text;
    size_t len;

    for (;;) {
        const enum piece piece = look(&cursor, &text, &len);

        if (piece == PIECE_END)
            return;
        if (piece == PIECE_DIRECTIVE && str_starts(text, S("template ")))
            add_template(tool, room, cursor.line, text);
        go(&cursor, len);
    }
}

static void put_prototype(struct buf *out, const struct template *template)
{
    buf_printf(out, "void page_%.*s(struct buf *out, const struct page *page",
               STR_ARGS(template->name));
    if (template->params.len > 0)
        buf_put(out, S(", "));
    for (size_t i = 0; i < template->params.len; i++)
        buf_put_char(out, template->params.ptr[i] == '\n' ? ' ' : template->params.ptr[i]);
    buf_put(out, S(")"));
}

static void begin_template(struct work *work, const struct template *template)
{
    work->line = template->line;
    work->place = (struct place){.at = AT_TEXT};
    work->fresh = true;
    work->vars_n = 0;
    work->depth = 0;
    expr_add_params(work, template->params);
    buf_put_char(work->out, '\n');
    emit_line(work);
    put_prototype(work->out, template);
    buf_put(work->out, S("\n{\n    (void)page;\n"));
}

static void end_template(struct work *work)
{
    const struct place *place = &work->place;

    if (place->at == AT_VALUE)
        fail_at(work->room->path, place->line, "unclosed quote of attribute %s", place->attr);
    if (place->at != AT_TEXT || place->raw != RAW_NONE)
        fail_here(work, "the template ends %s",
                  place->raw == RAW_NONE ? place_name(place) : "inside a raw element");
    if (work->literal.len > 0 && work->literal.ptr[work->literal.len - 1] == '\n')
        work->literal.len--; /* so that a template may be called in the middle of a line */
    emit_flush(work);
    buf_put(work->out, S("}\n"));
}

static void fail_unclosed(struct work *work, const struct template *template)
{
    static const char *const names[] = {[BLOCK_IF] = "if", [BLOCK_FOR] = "for"};

    if (work->depth > 0)
        fail_at(work->room->path, work->blocks[work->depth - 1].line, "unclosed {%s}",
                names[work->blocks[work->depth - 1].kind]);
    fail_at(work->room->path, template->line, "unclosed {template %.*s}: an {end} is missing",
            STR_ARGS(template->name));
}

static void compile_template(struct work *work, struct cursor *cursor,
                             const struct template *template)
{
    bool done = false;
    str text;
    size_t len;

    begin_template(work, template);
    while (!done) {
        const enum piece piece = look(cursor, &text, &len);

        work->line = cursor->line;
        if (piece == PIECE_END || (piece == PIECE_DIRECTIVE && str_starts(text, S("template "))))
            fail_unclosed(work, template);
        else if (piece == PIECE_MARKUP)
            emit_markup(work, cursor->line, text);
        else if (piece == PIECE_DIRECTIVE && !block_compile(work, text, &done))
            value_compile(work, text);
        go(cursor, len);
    }
    end_template(work);
}

static void compile_outside(struct work *work, struct buf *header, str directive)
{
    const str file = str_trim(str_sub(directive, strlen("include"), directive.len));

    if (!str_starts(directive, S("include")) || file.len < 3 || file.ptr[0] != '"' ||
        !str_ends(file, S("\"")))
        fail_here(work, "unknown directive {%.*s} outside a template", STR_ARGS(directive));
    buf_printf(header, "#include %.*s\n", STR_ARGS(file));
}

static void compile_room(struct work *work, struct buf *includes)
{
    struct cursor cursor = {work->room->path, work->room->source, 1};
    size_t next = 0, len;
    str text;

    while (next < work->tool->templates_n && work->tool->templates[next].room != work->room_index)
        next++;
    for (;;) {
        const enum piece piece = look(&cursor, &text, &len);

        work->line = cursor.line;
        if (piece == PIECE_END)
            return;
        if (piece == PIECE_MARKUP && memchr(" \t\r\n", text.ptr[0], 4) == NULL)
            fail_here(work, "text outside a template");
        go(&cursor, len);
        if (piece == PIECE_DIRECTIVE && str_starts(text, S("template ")))
            compile_template(work, &cursor, &work->tool->templates[next++]);
        else if (piece == PIECE_DIRECTIVE)
            compile_outside(work, includes, text);
    }
}

static void put_file_name(struct buf *out, str room, const char *end)
{
    buf_printf(out, "page_%.*s%s", STR_ARGS(room), end);
}

static void write_header(struct work *work, const struct buf *includes)
{
    struct tool *tool = work->tool;
    struct buf guard, out, name;

    buf_init(&guard, &tool->arena, 64);
    for (size_t i = 0; i < work->room->name.len; i++) {
        const char c = work->room->name.ptr[i];
        buf_put_char(&guard, c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A'))
                             : is_name_char(c)    ? c
                                                  : '_');
    }
    buf_init(&out, &tool->arena, 4096);
    buf_printf(&out,
               "/* SPDX-License-Identifier: AGPL-3.0-or-later\n *\n * Written by tools/tplgen from "
               "%s. */\n",
               work->room->path);
    buf_printf(&out, "#ifndef PAGES_PAGE_%.*s_H\n#define PAGES_PAGE_%.*s_H\n\n",
               STR_ARGS(buf_str(&guard)), STR_ARGS(buf_str(&guard)));
    buf_put(&out, S("#include \"pages/put.h\"\n"));
    buf_put(&out, buf_str(includes));
    buf_put_char(&out, '\n');
    for (size_t i = 0; i < tool->templates_n; i++) {
        if (tool->templates[i].room != work->room_index)
            continue;
        put_prototype(&out, &tool->templates[i]);
        buf_put(&out, S(";\n"));
    }
    buf_put(&out, S("\n#endif\n"));
    buf_init(&name, &tool->arena, 64);
    put_file_name(&name, work->room->name, ".h");
    file_write(tool, arena_cstr(&tool->arena, buf_str(&name)), &out);
}

static void write_code(struct work *work)
{
    struct tool *tool = work->tool;
    struct buf out, name;

    buf_init(&out, &tool->arena, work->out->len + 4096);
    buf_printf(&out,
               "/* SPDX-License-Identifier: AGPL-3.0-or-later\n *\n * Written by tools/tplgen from "
               "%s. */\n",
               work->room->path);
    work->uses[work->room_index] = true;
    for (size_t i = 0; i < tool->rooms_n; i++) {
        if (!work->uses[i])
            continue;
        buf_put(&out, S("#include \"pages/"));
        put_file_name(&out, tool->rooms[i].name, ".h\"\n");
    }
    buf_put(&out, buf_str(work->out));
    if (buf_failed(work->out))
        fail_at(work->room->path, 1, "out of memory");
    buf_init(&name, &tool->arena, 64);
    put_file_name(&name, work->room->name, ".c");
    file_write(tool, arena_cstr(&tool->arena, buf_str(&name)), &out);
}

void scan_compile(struct tool *tool, size_t room)
{
    struct work *work = arena_take(&tool->arena, sizeof *work);
    struct buf code, includes;

    if (work == NULL)
        fail_at(tool->rooms[room].path, 1, "out of memory");
    work->tool = tool;
    work->room = &tool->rooms[room];
    work->room_index = room;
    work->out = &code;
    buf_init(&includes, &tool->arena, 256);
    buf_init(&work->literal, &tool->arena, 65536);
    buf_init(&code, &tool->arena, 65536);
    compile_room(work, &includes);
    write_header(work, &includes);
    write_code(work);
}
