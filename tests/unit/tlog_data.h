/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The public test vectors of transparency logs, data/tlog/dev of the shared files: one JSON object
 * a line, whole logs as folders of files. A test whose vectors are absent is skipped (shared.h).
 */
#ifndef TESTS_TLOG_DATA_H
#define TESTS_TLOG_DATA_H

#include "cm.h"
#include "shared.h"

#include "base/json.h"

#include <string.h>

/* A file of a log or of golden/, whole: tlog_file(arena, "logs/synth-600/checkpoint"). */
static inline str tlog_file(struct arena *arena, const char *path)
{
    char name[400];

    (void)snprintf(name, sizeof name, "data/tlog/dev/%s", path);
    return shared_file(arena, name);
}

/* --- vectors, line by line ------------------------------------------------------------------- */

struct tlog_rows {
    struct arena *arena;
    str rest;
    size_t mark, count;
    const struct json *row; /* lives until the next tlog_next */
};

/* tlog_open(arena, "merkle-inclusion"), then while (tlog_next(&rows)) ... rows.row. */
static inline struct tlog_rows tlog_open(struct arena *arena, const char *name)
{
    char path[128];

    (void)snprintf(path, sizeof path, "%s.jsonl", name);
    const str text = tlog_file(arena, path);

    return (struct tlog_rows){.arena = arena, .rest = text, .mark = arena_mark(arena)};
}

static inline bool tlog_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A copy in which an integer that may be past int64_t (2^64 - 1 is a favourite of these vectors) is
 * a text, so that our reader of JSON takes the line. */
static inline str tlog_quote_large(struct arena *arena, str line)
{
    struct buf out;
    bool inside = false;

    buf_init(&out, arena, line.len + 64);
    for (size_t at = 0; at < line.len; at++) {
        size_t end = at;

        while (!inside && end < line.len && tlog_digit(line.ptr[end]))
            end++;
        if (end - at >= 19) {
            buf_put_char(&out, '"');
            buf_put(&out, str_sub(line, at, end - at));
            buf_put_char(&out, '"');
            at = end - 1;
            continue;
        }
        if (inside && line.ptr[at] == '\\')
            buf_put_char(&out, line.ptr[at++]);
        else if (line.ptr[at] == '"')
            inside = !inside;
        buf_put_char(&out, line.ptr[at]);
    }
    assert_false(buf_failed(&out));
    return buf_str(&out);
}

/* The next line, parsed in the arena, which is rewound: what was taken for the last one is gone. A
 * line that cannot be read fails the test, also one past JSON_SIZE_MAX: none is passed over. */
static inline bool tlog_next(struct tlog_rows *rows)
{
    str line;
    int bad = 0;

    if (rows->rest.len == 0)
        return false;
    const str all = rows->rest;

    (void)str_cut(all, '\n', &line, &rows->rest);
    rows->count++;
    arena_rewind(rows->arena, rows->mark);
    if (json_parse_foreign(rows->arena, tlog_quote_large(rows->arena, line), &rows->row, &bad) !=
        YES)
        fail_msg("line %zu of the vectors (%zu bytes) cannot be read", rows->count, line.len);
    return true;
}

static inline str tlog_text(const struct tlog_rows *rows, const char *name)
{
    return json_text_of(rows->row, str_of(name), STR_NONE);
}

static inline bool tlog_bool(const struct tlog_rows *rows, const char *name)
{
    return json_bool_of(rows->row, str_of(name), false);
}

static inline uint64_t tlog_number(const struct tlog_rows *rows, const char *name)
{
    const struct json *member = json_get(rows->row, str_of(name));
    uint64_t number = 0;

    assert_non_null(member);
    if (member->kind == JSON_INT)
        return (uint64_t)member->number;
    assert_int_equal(member->kind, JSON_TEXT);
    for (size_t i = 0; i < member->text.len; i++)
        number = number * 10 + (uint64_t)(member->text.ptr[i] - '0');
    return number;
}

/* The n-th text of a list; the list's length when it is one, 0 for null or none. */
static inline size_t tlog_list_n(const struct tlog_rows *rows, const char *name)
{
    const struct json *list = json_get(rows->row, str_of(name));

    return list == NULL || list->kind != JSON_LIST ? 0 : list->items_n;
}

static inline str tlog_item(const struct tlog_rows *rows, const char *name, size_t n)
{
    assert_true(n < tlog_list_n(rows, name));
    return json_get(rows->row, str_of(name))->items[n].text;
}

/* --- bytes ----------------------------------------------------------------------------------- */

/* RFC 4648 section 4, for vectors only: a reader of its own, so that what is tested does not also
 * read the question. Anything malformed fails the test. */
static inline str tlog_base64(struct arena *arena, str text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *bytes = arena_take(arena, text.len / 4 * 3 + 1);
    size_t len = 0;
    uint32_t bits = 0;
    int held = 0;

    assert_non_null(bytes);
    assert_int_equal(text.len % 4, 0);
    for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
        const char *digit = memchr(digits, text.ptr[i], 64);

        assert_non_null(digit);
        bits = (bits << 6 | (uint32_t)(digit - digits)) & 0xffffff;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes[len++] = (char)(bits >> held & 0xff);
        }
    }
    return (str){bytes, len};
}

static inline str tlog_hex(struct arena *arena, str text)
{
    uint8_t *bytes = arena_take(arena, text.len / 2 + 1);

    assert_non_null(bytes);
    assert_true(str_unhex(text, bytes, text.len / 2));
    return (str){(const char *)bytes, text.len / 2};
}

/* Size and root of a checkpoint: its second and third line. */
static inline uint64_t tlog_checkpoint(struct arena *arena, str note, uint8_t root[32])
{
    str origin, size, rest, line;
    int64_t n = -1;

    assert_true(str_cut(note, '\n', &origin, &rest));
    note = rest;
    assert_true(str_cut(note, '\n', &size, &rest));
    note = rest;
    assert_true(str_cut(note, '\n', &line, &rest));
    assert_true(str_to_int64(size, &n) && n >= 0);
    const str bytes = tlog_base64(arena, line);

    assert_int_equal(bytes.len, 32);
    memcpy(root, bytes.ptr, 32);
    return (uint64_t)n;
}

#endif
