/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/log.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

/* PIPE_BUF: up to here a pipe keeps the lines of several threads and processes whole. */
enum { LINE_SIZE = 4096 };

/* A line being written. It lives on the stack because the log must work when there is no memory
 * left. */
struct line {
    char text[LINE_SIZE];
    size_t len;
    bool cut;
};

static void put(struct line *line, const char *text, size_t len)
{
    /* Room is kept for the closing quote, the mark of a cut and the newline. */
    if (line->cut || line->len + len > sizeof line->text - sizeof "\" cut=true\n") {
        line->cut = true;
        return;
    }
    memcpy(line->text + line->len, text, len);
    line->len += len;
}

static void put_word(struct line *line, const char *word)
{
    put(line, word, strlen(word));
}

static void put_hex(struct line *line, const char *prefix, uint32_t value, int digits)
{
    put_word(line, prefix);
    while (digits-- > 0)
        put(line, &"0123456789abcdef"[value >> (4 * digits) & 15], 1);
}

/* Controls would move a terminal's cursor, C1 and line separators too; all leave as escapes. */
static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029 ||
           (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

static void put_point(struct line *line, str value, size_t from, size_t to, uint32_t point)
{
    if (point == '"' || point == '\\') {
        put_word(line, "\\");
        put(line, value.ptr + from, 1);
    } else if (point == '\n') {
        put_word(line, "\\n");
    } else if (is_control(point)) {
        put_hex(line, "\\u", point, 4);
    } else if (point == 0xfffd && to - from == 1) {
        put_hex(line, "\\x", (uint8_t)value.ptr[from], 2);
    } else {
        put(line, value.ptr + from, to - from);
    }
}

static void put_quoted(struct line *line, const char *text)
{
    const str value = str_of(text);
    size_t at = 0;

    put_word(line, "\"");
    if (line->cut)
        return;
    while (at < value.len && !line->cut) {
        const size_t from = at;
        const uint32_t point = utf8_next(value, &at);

        put_point(line, value, from, at, point);
    }
    line->text[line->len++] = '"';
}

static const char *level_name(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return "debug";
    case LOG_INFO:
        return "info";
    case LOG_WARN:
        return "warn";
    case LOG_ERROR:
        return "error";
    }
    return "error";
}

void log_line(enum log_level level, const char *room, const char *what, ...)
{
    struct line line = {.len = 0};
    va_list pairs;

    put_word(&line, "level=");
    put_word(&line, level_name(level));
    put_word(&line, " room=");
    put_word(&line, room);
    put_word(&line, " what=");
    put_quoted(&line, what);
    va_start(pairs, what);
    for (const char *name; !line.cut && (name = va_arg(pairs, const char *)) != NULL;) {
        put_word(&line, " ");
        put_word(&line, name);
        put_word(&line, "=");
        put_quoted(&line, va_arg(pairs, const char *));
    }
    va_end(pairs);
    if (line.cut) {
        memcpy(line.text + line.len, " cut=true", 9);
        line.len += 9;
    }
    line.text[line.len++] = '\n';
    /* Whoever reads stderr may be gone; there is nobody left to tell. */
    (void)!write(STDERR_FILENO, line.text, line.len);
}
