/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The part of gettext's .po that we write: comments, msgid, msgid_plural (the same key), msgstr,
 * msgstr[0], msgstr[1].
 */
#include "tplgen/tplgen.h"

#include <stdlib.h>
#include <string.h>

static const str fine_space = {"\xE2\x80\xAF", 3}; /* U+202F */

/* What the reader is in the middle of. */
enum field { FIELD_NONE, FIELD_ID, FIELD_PLURAL, FIELD_STR, FIELD_STR_0, FIELD_STR_1, FIELD_COUNT };

struct reader {
    struct tool *tool;
    const char *path;
    enum lang lang;
    int line, entry_line;
    enum field field;
    bool has[FIELD_COUNT];
    struct buf text[FIELD_COUNT];
    bool header;
};

static struct message *message_of(struct tool *tool, str key)
{
    struct words *words = &tool->words;

    for (size_t i = 0; i < words->n; i++)
        if (str_eq(words->items[i].key, key))
            return &words->items[i];
    if (words->n == words->cap) {
        const size_t cap = words->cap == 0 ? 1024 : 2 * words->cap;
        struct message *more = arena_take_many(&tool->arena, cap, sizeof *more);

        if (more == NULL)
            fail_at(words->path[LANG_EN], 1, "out of memory");
        if (words->n > 0)
            memcpy(more, words->items, words->n * sizeof *more);
        words->items = more;
        words->cap = cap;
    }
    words->items[words->n] = (struct message){.key = arena_str(&tool->arena, key)};
    return &words->items[words->n++];
}

/* People write ordinary spaces; French typography wants a fine one that does not break before ; : !
 * ? % » and after «. */
static str french(struct tool *tool, str text)
{
    static const str open = {"\xC2\xAB ", 3}, close = {"\xC2\xBB", 2};
    struct buf out;

    buf_init(&out, &tool->arena, text.len + 16);
    for (size_t i = 0; i < text.len; i++) {
        const str next = str_sub(text, i + 1, 2);
        const bool before =
            next.len > 0 && (strchr(";:!?%", next.ptr[0]) != NULL || str_eq(next, close));
        const bool after = i >= 2 && str_eq(str_sub(text, i - 2, 3), open);

        if (text.ptr[i] == ' ' && (before || after))
            buf_put(&out, fine_space);
        else
            buf_put_char(&out, text.ptr[i]);
    }
    return arena_str(&tool->arena, buf_str(&out));
}

static bool is_key(str key)
{
    for (size_t i = 0; i < key.len; i++)
        if (!is_name_char(key.ptr[i]) && key.ptr[i] != '.' && key.ptr[i] != '-')
            return false;
    return key.len > 0;
}

static void check_braces(const struct reader *reader, str key, str text)
{
    str name;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '{' && text.ptr[i] != '}')
            continue;
        const bool twice = i + 1 < text.len && text.ptr[i + 1] == text.ptr[i];
        const size_t len = twice ? 2 : words_placeholder(text, i, &name);

        if (len == 0)
            fail_at(reader->path, reader->entry_line,
                    "a brace alone in key \"%.*s\" (write {{ or }})", STR_ARGS(key));
        i += len - 1;
    }
}

static void keep_text(struct reader *reader, struct message *message, int form, enum field field)
{
    str text = buf_str(&reader->text[field]);

    if (!reader->has[field] || text.len == 0)
        fail_at(reader->path, reader->entry_line, "key \"%.*s\" has no words",
                STR_ARGS(message->key));
    check_braces(reader, message->key, text);
    message->text[reader->lang][form] = reader->lang == LANG_FR
                                            ? french(reader->tool, text)
                                            : arena_str(&reader->tool->arena, text);
}

static void keep_entry(struct reader *reader, str key)
{
    if (!is_key(key))
        fail_at(reader->path, reader->entry_line, "\"%.*s\" is not a key", STR_ARGS(key));
    struct message *message = message_of(reader->tool, key);

    if (message->line[reader->lang] != 0)
        fail_at(reader->path, reader->entry_line, "key \"%.*s\" is there twice", STR_ARGS(key));
    const bool plural = reader->has[FIELD_PLURAL];

    if (plural && !str_eq(buf_str(&reader->text[FIELD_PLURAL]), key))
        fail_at(reader->path, reader->entry_line, "msgid_plural of \"%.*s\" is another key",
                STR_ARGS(key));
    if (message->line[LANG_EN] != 0 && message->plural != plural)
        fail_at(reader->path, reader->entry_line, "key \"%.*s\" is a plural in one language only",
                STR_ARGS(key));
    message->plural = plural;
    message->line[reader->lang] = reader->entry_line;
    keep_text(reader, message, 0, plural ? FIELD_STR_0 : FIELD_STR);
    if (plural)
        keep_text(reader, message, 1, FIELD_STR_1);
}

static void keep_header(struct reader *reader)
{
    const str text = buf_str(&reader->text[FIELD_STR]);
    const str rule = reader->lang == LANG_FR ? S("plural=(n > 1)") : S("plural=(n != 1)");

    if (str_find(text, S("charset=UTF-8")) == text.len)
        fail_at(reader->path, reader->entry_line, "the header has no charset=UTF-8");
    if (str_find(text, rule) == text.len)
        fail_at(reader->path, reader->entry_line, "the header has no \"%.*s\"", STR_ARGS(rule));
    reader->header = true;
}

static void end_entry(struct reader *reader)
{
    if (reader->has[FIELD_ID]) {
        const str key = buf_str(&reader->text[FIELD_ID]);

        if (key.len == 0)
            keep_header(reader);
        else
            keep_entry(reader, key);
    }
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        reader->has[i] = false;
        buf_clear(&reader->text[i]);
    }
    reader->field = FIELD_NONE;
}

/* "..." with \n \t \" \\ appended to the field. */
static void read_quoted(struct reader *reader, str line)
{
    struct buf *out = &reader->text[reader->field];

    line = str_trim(line);
    if (reader->field == FIELD_NONE || line.len < 2 || line.ptr[0] != '"' ||
        line.ptr[line.len - 1] != '"')
        fail_at(reader->path, reader->line, "a quoted text is expected");
    for (size_t i = 1; i + 1 < line.len; i++) {
        char c = line.ptr[i];

        if (c == '"')
            fail_at(reader->path, reader->line, "a quote inside a text must be written \\\"");
        if (c == '\\') {
            if (++i + 1 >= line.len)
                fail_at(reader->path, reader->line, "unknown escape");
            c = line.ptr[i];
            if (c != 'n' && c != 't' && c != '"' && c != '\\')
                fail_at(reader->path, reader->line, "unknown escape \\%c", c);
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        buf_put_char(out, c);
    }
}

static void read_line(struct reader *reader, str line)
{
    static const struct {
        str word;
        enum field field;
    } fields[] = {
        {{"msgid_plural ", 13}, FIELD_PLURAL}, {{"msgid ", 6}, FIELD_ID},
        {{"msgstr[0] ", 10}, FIELD_STR_0},     {{"msgstr[1] ", 10}, FIELD_STR_1},
        {{"msgstr ", 7}, FIELD_STR},
    };

    if (line.len == 0 || line.ptr[0] == '#') {
        if (str_starts(line, S("#,")) && str_find(line, S("fuzzy")) < line.len)
            fail_at(reader->path, reader->line, "a fuzzy entry: decide its words");
        return;
    }
    if (line.ptr[0] == '"') {
        read_quoted(reader, line);
        return;
    }
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (!str_starts(line, fields[i].word))
            continue;
        if (fields[i].field == FIELD_ID) {
            end_entry(reader);
            reader->entry_line = reader->line;
        }
        reader->field = fields[i].field;
        if (reader->has[reader->field] || (reader->field != FIELD_ID && !reader->has[FIELD_ID]))
            fail_at(reader->path, reader->line, "out of order");
        reader->has[reader->field] = true;
        read_quoted(reader, str_sub(line, fields[i].word.len, line.len));
        return;
    }
    fail_at(reader->path, reader->line, "unknown line");
}

void words_read(struct tool *tool, enum lang lang, const char *path)
{
    struct reader reader = {.tool = tool, .path = path, .lang = lang};
    str rest, line;

    tool->words.path[lang] = path;
    if (!file_read(tool, path, &rest))
        fail_at(path, 1, "cannot be read");
    for (size_t i = 0; i < FIELD_COUNT; i++)
        buf_init(&reader.text[i], &tool->arena, 4096);
    while (rest.len > 0) {
        (void)str_cut(rest, '\n', &line, &rest);
        reader.line++;
        read_line(&reader, str_trim(line));
    }
    end_entry(&reader);
    if (!reader.header)
        fail_at(path, 1, "there is no header entry (msgid \"\")");
}

size_t words_placeholder(str text, size_t at, str *name)
{
    size_t end = at + 1;

    while (end < text.len && is_name_char(text.ptr[end]))
        end++;
    if (text.ptr[at] != '{' || end == at + 1 || end >= text.len || text.ptr[end] != '}')
        return 0;
    *name = (str){text.ptr + at + 1, end - at - 1};
    return end + 1 - at;
}

static bool has_placeholder(const struct message *message, enum lang lang, str name)
{
    str found;

    for (int form = 0; form < FORMS; form++) {
        const str text = message->text[lang][form];

        for (size_t i = 0; i < text.len; i++) {
            if (text.ptr[i] != '{')
                continue;
            if (words_placeholder(text, i, &found) > 0 && str_eq(found, name))
                return true;
            i += i + 1 < text.len && text.ptr[i + 1] == '{'; /* {{ is a brace */
        }
    }
    return false;
}

bool words_has_placeholder(const struct message *message, str name)
{
    return has_placeholder(message, LANG_EN, name) || (message->plural && str_eq(name, S("n")));
}

/* Every placeholder of `from` must be in `to`. The {n} of a plural may be left out ("one offer").
 */
static void check_placeholders(const struct tool *tool, const struct message *message,
                               enum lang from, enum lang to)
{
    str name;

    for (int form = 0; form < FORMS; form++) {
        const str text = message->text[from][form];

        for (size_t i = 0; i < text.len; i++) {
            if (text.ptr[i] != '{')
                continue;
            if (words_placeholder(text, i, &name) == 0)
                i++; /* {{ */
            else if (!has_placeholder(message, to, name) &&
                     !(message->plural && str_eq(name, S("n"))))
                fail_at(tool->words.path[to], message->line[to],
                        "key \"%.*s\" has no {%.*s}, the other language has",
                        STR_ARGS(message->key), STR_ARGS(name));
        }
    }
}

static int by_key(const void *a, const void *b)
{
    const struct message *left = a, *right = b;

    return str_cmp(left->key, right->key);
}

static bool same_enum(str a, str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        const char left = is_name_char(a.ptr[i]) ? a.ptr[i] : '_',
                   right = is_name_char(b.ptr[i]) ? b.ptr[i] : '_';

        if (left != right)
            return false;
    }
    return true;
}

void words_check(struct tool *tool)
{
    struct words *words = &tool->words;

    for (size_t i = 0; i < words->n; i++) {
        const struct message *message = &words->items[i];

        for (enum lang lang = 0; lang < LANG_COUNT; lang++)
            if (message->line[lang] == 0)
                fail_at(words->path[1 - lang], message->line[1 - lang],
                        "key \"%.*s\" is missing in %s", STR_ARGS(message->key), words->path[lang]);
        check_placeholders(tool, message, LANG_EN, LANG_FR);
        check_placeholders(tool, message, LANG_FR, LANG_EN);
        for (size_t j = 0; j < i; j++)
            if (same_enum(words->items[j].key, message->key))
                fail_at(words->path[LANG_EN], message->line[LANG_EN],
                        "key \"%.*s\" has the C name of \"%.*s\"", STR_ARGS(message->key),
                        STR_ARGS(words->items[j].key));
    }
    if (words->n > 0)
        qsort(words->items, words->n, sizeof words->items[0], by_key);
}

const struct message *words_find(const struct words *words, str key)
{
    size_t low = 0, high = words->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = str_cmp(key, words->items[middle].key);

        if (order == 0)
            return &words->items[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
