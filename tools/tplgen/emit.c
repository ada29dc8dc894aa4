/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tplgen/tplgen.h"

/* A C compiler must take strings of 4095 bytes (C17 5.2.4.1); each byte may need four. */
enum { PIECE = 4000 };

void emit_c_string(struct buf *out, str text)
{
    buf_put_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];

        if (c == '\n')
            buf_put(out, S("\\n"));
        else if (c == '"' || c == '\\' || c == '?') /* ? because of trigraphs */
            buf_put_bytes(out, (char[]){'\\', (char)c}, 2);
        else if (c < ' ' || c == 0x7F)
            buf_printf(out, "\\%03o", c);
        else
            buf_put_char(out, (char)c);
    }
    buf_put_char(out, '"');
}

void emit_buf_put(struct buf *out, const char *indent, str text)
{
    while (text.len > 0) {
        size_t len = text.len < PIECE ? text.len : PIECE;

        while (len < text.len && ((unsigned char)text.ptr[len] & 0xC0) == 0x80)
            len--; /* not inside a character */
        buf_printf(out, "%sbuf_put(out, S(", indent);
        emit_c_string(out, (str){text.ptr, len});
        buf_put(out, S("));\n"));
        text = str_sub(text, len, text.len);
    }
}

void emit_escaped(struct buf *out, str text, enum put put)
{
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];

        if (c == '&')
            buf_put(out, S("&amp;"));
        else if (c == '<')
            buf_put(out, S("&lt;"));
        else if (c == '>')
            buf_put(out, S("&gt;"));
        else if (c == '"' && put != PUT_IS_TEXT)
            buf_put(out, S("&#34;"));
        else if (c == '\'' && put != PUT_IS_TEXT)
            buf_put(out, S("&#39;"));
        else
            buf_put_char(out, c);
    }
}

void emit_flush(struct work *work)
{
    emit_buf_put(work->out, "    ", buf_str(&work->literal));
    buf_clear(&work->literal);
}

void emit_line(struct work *work)
{
    emit_flush(work);
    buf_printf(work->out, "#line %d ", work->line);
    emit_c_string(work->out, str_of(work->room->path));
    buf_put_char(work->out, '\n');
}

void emit_literal(struct work *work, str text)
{
    buf_put(&work->literal, text);
    work->fresh = false;
}

/* A line break with the blanks around it: one line break, or nothing when the line showed nothing;
 * a space in a tag. */
static void emit_break(struct work *work)
{
    while (work->literal.len > 0 && (work->literal.ptr[work->literal.len - 1] == ' ' ||
                                     work->literal.ptr[work->literal.len - 1] == '\t'))
        work->literal.len--;
    if (work->place.at != AT_TEXT) {
        buf_put_char(&work->literal, ' ');
        return;
    }
    if (!work->fresh)
        buf_put_char(&work->literal, '\n');
    work->fresh = true;
}

void emit_markup(struct work *work, int line, str rest)
{
    const char c = rest.ptr[0];
    const bool was_comment = work->place.at == AT_COMMENT, keeps = place_keeps_space(&work->place);

    place_step(&work->place, work->room->path, line, rest);
    if (was_comment || work->place.at == AT_COMMENT)
        return; /* HTML comments are for us, not for the reader's browser */
    if (!keeps && (c == '\n' || c == '\r')) {
        emit_break(work);
        return;
    }
    if (!keeps && (c == ' ' || c == '\t')) {
        const size_t len = work->literal.len;
        const bool after_blank =
            len > 0 && (work->literal.ptr[len - 1] == ' ' || work->literal.ptr[len - 1] == '\n');

        if (work->fresh || after_blank)
            return;
        buf_put_char(&work->literal, ' ');
        return;
    }
    buf_put_char(&work->literal, c);
    work->fresh = false;
}
