/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "sqlgen/room.h"

#include <assert.h>

/* Where we are in one statement's text. `at_start` is true until the line has its first character.
 */
struct scan {
    str text;
    size_t at;
    int lines;
    bool at_start, blank;
    struct buf sqlite, postgres;
    const struct fields *params;
    bool used[FIELDS_MAX];
    struct fault *fault;
};

static char peek(const struct scan *scan, size_t ahead)
{
    return scan->at + ahead < scan->text.len ? scan->text.ptr[scan->at + ahead] : '\0';
}

static void put(struct scan *scan, char c)
{
    buf_put_char(&scan->sqlite, c);
    buf_put_char(&scan->postgres, c);
    scan->blank = scan->at_start = false;
}

static no copy_quoted(struct scan *scan)
{
    const char quote = peek(scan, 0);

    do {
        scan->lines += peek(scan, 0) == '\n';
        put(scan, peek(scan, 0));
        scan->at++;
        if (scan->at >= scan->text.len)
            return fault_say(scan->fault, 0, "a quote %c is not closed", quote);
    } while (peek(scan, 0) != quote);
    put(scan, quote);
    scan->at++;
    return YES;
}

static no skip_block_comment(struct scan *scan)
{
    while (scan->at < scan->text.len && !(peek(scan, 0) == '*' && peek(scan, 1) == '/')) {
        scan->lines += peek(scan, 0) == '\n';
        scan->at++;
    }
    if (scan->at >= scan->text.len)
        return fault_say(scan->fault, 0, "a comment /* is not closed");
    scan->at += 2;
    return YES;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* `:name` becomes ?N for SQLite and $N for PostgreSQL, N the place in the list of parameters. */
static no put_param(struct scan *scan)
{
    size_t len = 0;

    while (is_word(peek(scan, 1 + len)))
        len++;
    const str name = str_sub(scan->text, scan->at + 1, len);
    for (size_t i = 0; i < scan->params->n; i++) {
        if (!str_eq(scan->params->at[i].name, name))
            continue;
        buf_printf(&scan->sqlite, "?%zu", i + 1);
        buf_printf(&scan->postgres, "$%zu", i + 1);
        scan->used[i] = true;
        scan->blank = scan->at_start = false;
        scan->at += 1 + len;
        return YES;
    }
    return fault_say(scan->fault, 0, ":%.*s is not a parameter", (int)name.len, name.ptr);
}

/* A line's end is kept, so that the generated text can be read; blanks around it are not. */
static void put_blank(struct scan *scan)
{
    if (peek(scan, 0) == '\n') {
        scan->lines++;
        if (!scan->at_start)
            put(scan, '\n');
        scan->at_start = true;
    } else if (!scan->at_start) {
        put(scan, ' ');
    }
    scan->at++;
}

static no scan_one(struct scan *scan)
{
    const char c = peek(scan, 0), next = peek(scan, 1);

    if (c == '-' && next == '-') {
        if (peek(scan, 2) == ':')
            return fault_say(scan->fault, 0, "the statement above does not end with ;");
        while (scan->at < scan->text.len && peek(scan, 0) != '\n')
            scan->at++;
        return YES;
    }
    if (c == '/' && next == '*')
        return skip_block_comment(scan);
    if (c == '\'' || c == '"')
        return copy_quoted(scan);
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        put_blank(scan);
        return YES;
    }
    if (c == '?' || c == '$' || (c == '@' && is_word(next)))
        return fault_say(scan->fault, 0, "%c is not for here: a parameter is written :name", c);
    if (c == ':' && next != ':' && is_word(next))
        return put_param(scan);
    put(scan, c);
    scan->at++;
    if (c == ':' && next == ':') {
        put(scan, ':');
        scan->at++;
    }
    return YES;
}

static no scan_finish(struct scan *scan, struct sql *sql)
{
    if (scan->at >= scan->text.len)
        return fault_say(scan->fault, 0, "the statement does not end with ;");
    if (scan->blank)
        return fault_say(scan->fault, 0, "the statement is empty");
    for (size_t i = 0; i < scan->params->n; i++) {
        const str name = scan->params->at[i].name;

        if (!scan->used[i])
            return fault_say(scan->fault, 0, "parameter %.*s is not used", (int)name.len, name.ptr);
    }
    sql->sqlite = str_trim(buf_str(&scan->sqlite));
    sql->postgres = str_trim(buf_str(&scan->postgres));
    if (sql->sqlite.len > SQL_SIZE_MAX || sql->postgres.len > SQL_SIZE_MAX)
        return fault_say(scan->fault, 0, "the statement is longer than %d bytes", SQL_SIZE_MAX);
    assert(!buf_failed(&scan->sqlite) && !buf_failed(&scan->postgres));
    return YES;
}

no sql_read(struct arena *arena, str text, const struct fields *params, struct sql *sql,
            struct fault *fault)
{
    struct scan scan = {
        .text = text, .at_start = true, .blank = true, .params = params, .fault = fault};
    no answer = YES;

    buf_init(&scan.sqlite, arena, 512);
    buf_init(&scan.postgres, arena, 512);
    while (answer == YES && scan.at < text.len && peek(&scan, 0) != ';')
        answer = scan_one(&scan);
    if (answer == YES)
        answer = scan_finish(&scan, sql);
    sql->end = scan.at + 1;
    sql->lines = scan.lines;
    return answer;
}
