/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * jansson reads, we copy what it read into the arena and give its memory back at once.
 */
#include "base/json.h"

/* Two of jansson's names are also ours. */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_NULL JANSSON_NULL
#define JSON_REAL JANSSON_REAL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_NULL
#undef JSON_REAL

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what is refused before jansson sees it --- */

/* Where the string that opens at `at` ends. */
static size_t skip_string(str text, size_t at)
{
    for (at++; at < text.len && text.ptr[at] != '"'; at++)
        if (text.ptr[at] == '\\')
            at++;
    return at;
}

static bool in_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/* Where the number that begins at `at` ends, its last character; *real when it has a point or an
 * exponent. */
static size_t skip_number(str text, size_t at, bool *real)
{
    *real = false;
    for (; at < text.len && in_number(text.ptr[at]); at++)
        *real = *real || text.ptr[at] == '.' || text.ptr[at] == 'e' || text.ptr[at] == 'E';
    return at - 1;
}

/* Depth and reals, which jansson would take; *line counts. It need not be JSON at all: jansson
 * tells later. */
static bool is_bearable(str text, bool reals, int *line)
{
    int depth = 0;
    bool real = false;

    *line = 1;
    for (size_t at = 0; at < text.len; at++) {
        const char c = text.ptr[at];

        if (c == '"')
            at = skip_string(text, at);
        else if (c == '[' || c == '{')
            depth++;
        else if (c == ']' || c == '}')
            depth--;
        else if (c == '\n')
            (*line)++;
        else if (c == '-' || (c >= '0' && c <= '9'))
            at = skip_number(text, at, &real);
        if (depth > JSON_DEPTH_MAX || (real && !reals))
            return false;
    }
    return true;
}

/* --- reals --- */

/* The fewest digits that read back as `value`, without their zeros at the end, and the power of ten
 * of the first. */
static size_t shortest_digits(double value, char digits[20], int *exponent)
{
    char text[32];
    size_t len = 0;

    for (int precision = 0; precision < 17; precision++) {
        (void)snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    const str s = str_of(text);
    const size_t e = str_find_char(s, 'e');
    int64_t power = 0;
    const str sign_and_power = str_sub(s, e + 1, SIZE_MAX);

    (void)str_to_int64(str_starts(sign_and_power, S("+")) ? str_sub(sign_and_power, 1, SIZE_MAX)
                                                          : sign_and_power,
                       &power);
    for (size_t i = 0; i < e; i++)
        if (text[i] != '.')
            digits[len++] = text[i];
    while (len > 1 && digits[len - 1] == '0')
        len--;
    *exponent = (int)power;
    return len;
}

static void put_zeros(struct buf *out, int count)
{
    while (count-- > 0)
        buf_put_char(out, '0');
}

/* As RFC 8785 section 3.2.2.3 (ECMAScript Number::toString) writes it. */
static void put_real(struct buf *out, double value)
{
    char digits[20];
    int exponent;
    const size_t len = shortest_digits(value < 0 ? -value : value, digits, &exponent);
    const int point = exponent + 1, n = (int)len;
    const str all = {digits, len};

    if (value < 0)
        buf_put_char(out, '-');
    if (point >= n && point <= 21) {
        buf_put(out, all);
        put_zeros(out, point - n);
    } else if (point > 0 && point <= 21) {
        buf_put(out, str_sub(all, 0, (size_t)point));
        buf_put_char(out, '.');
        buf_put(out, str_sub(all, (size_t)point, SIZE_MAX));
    } else if (point > -6 && point <= 0) {
        buf_put(out, S("0."));
        put_zeros(out, -point);
        buf_put(out, all);
    } else {
        buf_put_char(out, digits[0]);
        if (n > 1)
            buf_put_char(out, '.');
        buf_put(out, str_sub(all, 1, SIZE_MAX));
        buf_put(out, exponent < 0 ? S("e") : S("e+"));
        buf_put_int(out, exponent);
    }
}

static str real_text(struct arena *arena, double value)
{
    struct buf out;

    buf_init(&out, arena, 32);
    /* Zero has no sign in ECMAScript's text. */
    if (value == 0)
        buf_put_char(&out, '0');
    else
        put_real(&out, value);
    return buf_str(&out);
}

/* --- copying --- */

static void copy_value(struct arena *arena, json_t *from, struct json *to);

static void copy_list(struct arena *arena, json_t *from, struct json *to)
{
    const size_t n = json_array_size(from);
    struct json *items = arena_take_many(arena, n, sizeof *items);

    to->kind = JSON_LIST;
    to->items = items;
    to->items_n = items == NULL ? 0 : n;
    for (size_t i = 0; i < to->items_n && !arena_overflowed(arena); i++)
        copy_value(arena, json_array_get(from, i), &items[i]);
}

static void copy_object(struct arena *arena, json_t *from, struct json *to)
{
    const size_t n = json_object_size(from);
    struct json *items = arena_take_many(arena, n, sizeof *items);
    struct json *item = items;

    to->kind = JSON_OBJECT;
    to->items = items;
    to->items_n = items == NULL ? 0 : n;
    if (items == NULL)
        return;
    for (void *at = json_object_iter(from); at != NULL && !arena_overflowed(arena);
         at = json_object_iter_next(from, at), item++) {
        item->name =
            arena_str(arena, (str){json_object_iter_key(at), json_object_iter_key_len(at)});
        copy_value(arena, json_object_iter_value(at), item);
    }
}

static void copy_value(struct arena *arena, json_t *from, struct json *to)
{
    switch (json_typeof(from)) {
    case JANSSON_OBJECT:
        copy_object(arena, from, to);
        break;
    case JSON_ARRAY:
        copy_list(arena, from, to);
        break;
    case JSON_STRING:
        to->kind = JSON_TEXT;
        to->text = arena_str(arena, (str){json_string_value(from), json_string_length(from)});
        break;
    case JSON_INTEGER:
        to->kind = JSON_INT;
        to->number = json_integer_value(from);
        break;
    case JANSSON_REAL:
        to->kind = JSON_REAL;
        to->text = real_text(arena, json_real_value(from));
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        to->kind = JSON_BOOL;
        to->truth = json_typeof(from) == JSON_TRUE;
        break;
    case JANSSON_NULL:
        to->kind = JSON_NULL;
        break;
    }
}

/* --- the document --- */

static no parse(struct arena *arena, str text, bool reals, const struct json **root, int *line)
{
    json_error_t error;
    int at_line;

    if (text.len > JSON_SIZE_MAX)
        return NO_TOO_LARGE;
    if (!is_bearable(text, reals, &at_line)) {
        *line = at_line;
        return NO_BAD_REQUEST;
    }
    json_t *parsed = json_loadb(text.len == 0 ? "" : text.ptr, text.len,
                                JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);

    if (parsed == NULL) {
        if (json_error_code(&error) == json_error_out_of_memory)
            return NO_OUT_OF_MEMORY;
        *line = error.line < 1 ? 1 : error.line;
        return NO_BAD_REQUEST;
    }
    struct json *made = arena_take(arena, sizeof *made);

    if (made != NULL)
        copy_value(arena, parsed, made);
    json_decref(parsed);
    if (arena_overflowed(arena))
        return NO_TOO_LARGE;
    *root = made;
    return YES;
}

no json_parse(struct arena *arena, str text, const struct json **root, int *line)
{
    return parse(arena, text, false, root, line);
}

no json_parse_foreign(struct arena *arena, str text, const struct json **root, int *line)
{
    return parse(arena, text, true, root, line);
}

const struct json *json_get(const struct json *object, str name)
{
    if (object == NULL || object->kind != JSON_OBJECT)
        return NULL;
    for (size_t i = 0; i < object->items_n; i++)
        if (str_eq(object->items[i].name, name))
            return &object->items[i];
    return NULL;
}

str json_text_of(const struct json *object, str name, str otherwise)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->kind == JSON_TEXT ? member->text : otherwise;
}

int64_t json_int_of(const struct json *object, str name, int64_t otherwise)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->kind == JSON_INT ? member->number : otherwise;
}

bool json_bool_of(const struct json *object, str name, bool otherwise)
{
    const struct json *member = json_get(object, name);

    return member != NULL && member->kind == JSON_BOOL ? member->truth : otherwise;
}
