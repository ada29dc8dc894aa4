/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tidy/tidy.h"

#include <string.h>

bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

size_t line_at(str text, size_t position)
{
    size_t line = 1;

    for (size_t i = 0; i < position && i < text.len; i++)
        line += text.ptr[i] == '\n';
    return line;
}

/* Where the comment that starts at `at` ends (after its last character). */
static size_t comment_end(str text, size_t at)
{
    const bool block = text.ptr[at + 1] == '*';

    for (size_t i = at + 2; i < text.len; i++) {
        if (!block && text.ptr[i] == '\n')
            return i;
        if (block && text.ptr[i] == '*' && i + 1 < text.len && text.ptr[i + 1] == '/')
            return i + 2;
    }
    return text.len;
}

/* Where the literal that starts with a quote at `at` ends; a line end ends it too, so that one slip
 * stays one line. */
static size_t literal_end(str text, size_t at)
{
    for (size_t i = at + 1; i < text.len && text.ptr[i] != '\n'; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] == text.ptr[at])
            return i + 1;
    }
    return text.len < at + 1 ? text.len : at + 1;
}

static void blank(char *code, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (code[i] != '\n')
            code[i] = ' ';
}

/* `#include "x"` keeps its quotes: it is read by includes.c. */
static bool is_include(str text, size_t at)
{
    size_t start = at;

    while (start > 0 && text.ptr[start - 1] != '\n')
        start--;
    return str_starts(str_sub(text, start, at - start), S("#include"));
}

void strip_c(struct tidy *tidy, struct file *file)
{
    const str text = file->text;
    char *code = tidy_take(tidy, text.len + 1);
    size_t quotes = 0;

    if (text.len > 0)
        memcpy(code, text.ptr, text.len);
    for (size_t i = 0; i < text.len; i++)
        quotes += text.ptr[i] == '"';
    file->literals = tidy_take(tidy, (quotes / 2 + 1) * sizeof *file->literals);
    for (size_t i = 0; i < text.len;) {
        const char c = text.ptr[i], next = i + 1 < text.len ? text.ptr[i + 1] : '\0';
        size_t end = i + 1;

        if (c == '/' && (next == '*' || next == '/')) {
            end = comment_end(text, i);
            blank(code, i, end);
        } else if ((c == '"' && !is_include(text, i)) ||
                   (c == '\'' && !(i > 0 && is_name_char(text.ptr[i - 1])))) {
            end = literal_end(text, i);
            if (c == '"' && end > i + 1 && file->literals_n <= quotes / 2)
                file->literals[file->literals_n++] =
                    (struct literal){str_sub(text, i + 1, end - i - 2), line_at(text, i)};
            blank(code, i, end);
        }
        i = end;
    }
    file->code = (str){code, text.len};
}
