/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The second model of the register's one form of JSON, for tests and fuzzing: parse with our parser
 * of JSON, hold the tree against the limits, write it in order, compare. Nothing of wire/jcs.c is
 * in it.
 */
#ifndef TESTS_JCS_MODEL_H
#define TESTS_JCS_MODEL_H

#include "base/json.h"
#include "wire/jcs.h"

#include <string.h>

/* Our parser refuses U+0000 in a text, which the form allows. Whether a text is in the form does
 * not change when each "\u0000" becomes "\u0001", and no name may have either. */
static inline str model_without_zero(struct arena *arena, str entry)
{
    const str found = arena_str(arena, entry);
    char *bytes = arena->start + (found.ptr - arena->start);

    for (size_t i = 0; i + 6 <= found.len; i++)
        if (memcmp(bytes + i, "\\u0000", 6) == 0)
            bytes[i + 5] = '1';
    return found;
}

static inline bool model_name(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        const char *alphabet =
            i == 0 ? "abcdefghijklmnopqrstuvwxyz" : "abcdefghijklmnopqrstuvwxyz0123456789_";

        if (memchr(alphabet, name.ptr[i], strlen(alphabet)) == NULL)
            return false;
    }
    return name.len >= 1 && name.len <= 32;
}

static inline bool model_limits(const struct json *value, int depth, int *members)
{
    if (value->kind == JSON_INT)
        return value->number >= -9007199254740991 && value->number <= 9007199254740991;
    if (value->kind == JSON_TEXT || value->kind == JSON_BOOL)
        return true;
    if ((value->kind != JSON_LIST && value->kind != JSON_OBJECT) || depth > 8)
        return false;
    for (size_t i = 0; i < value->items_n; i++) {
        if (value->kind == JSON_OBJECT && (++*members > 1024 || !model_name(value->items[i].name)))
            return false;
        if (!model_limits(&value->items[i], depth + 1, members))
            return false;
    }
    return true;
}

/* The member whose name comes next behind `last` (or first, when it is NULL). */
static inline const struct json *model_next(const struct json *object, const struct json *last)
{
    const struct json *next = NULL;

    for (size_t i = 0; i < object->items_n; i++) {
        const struct json *item = &object->items[i];

        if ((last == NULL || str_cmp(last->name, item->name) < 0) &&
            (next == NULL || str_cmp(item->name, next->name) < 0))
            next = item;
    }
    return next;
}

static inline void model_write(struct json_out *out, const struct json *value)
{
    if (value->kind == JSON_TEXT) {
        json_text(out, value->text);
    } else if (value->kind == JSON_INT) {
        json_int(out, value->number);
    } else if (value->kind == JSON_BOOL) {
        json_bool(out, value->truth);
    } else if (value->kind == JSON_LIST) {
        json_open(out, '[');
        for (size_t i = 0; i < value->items_n; i++)
            model_write(out, &value->items[i]);
        json_close(out, ']');
    } else {
        json_open(out, '{');
        for (const struct json *m = model_next(value, NULL); m != NULL; m = model_next(value, m)) {
            json_name(out, m->name);
            model_write(out, m);
        }
        json_close(out, '}');
    }
}

/* Whether the entry is in the one form. */
static inline bool model_is_good(struct arena *arena, str entry)
{
    const struct json *root = NULL;
    struct buf again;
    int line, members = 0;

    if (entry.len < 2 || entry.len > 65535)
        return false;
    entry = model_without_zero(arena, entry);
    if (json_parse(arena, entry, &root, &line) != YES || root->kind != JSON_OBJECT ||
        !model_limits(root, 1, &members))
        return false;
    buf_init(&again, arena, entry.len + 1);
    model_write(&(struct json_out){.out = &again}, root);
    return str_eq(buf_str(&again), entry);
}

/* Whether the reader of jcs.h sees in a value what our parser saw. */
static inline bool model_agrees(struct arena *arena, struct jcs value, const struct json *wanted)
{
    struct jcs_walk walk = {.of = value};
    struct jcs item;
    str text, name;
    int64_t number;
    bool truth;

    if (wanted->kind == JSON_TEXT)
        return jcs_text(value, arena, &text) && str_eq(text, wanted->text);
    if (wanted->kind == JSON_INT)
        return jcs_int(value, &number) && number == wanted->number;
    if (wanted->kind == JSON_BOOL)
        return jcs_bool(value, &truth) && truth == wanted->truth;
    if (value.kind != (wanted->kind == JSON_LIST ? JCS_LIST : JCS_OBJECT))
        return false;
    for (size_t i = 0; i < wanted->items_n; i++)
        if (!jcs_next(&walk, &name, &item) || !str_eq(name, wanted->items[i].name) ||
            !model_agrees(arena, item, &wanted->items[i]))
            return false;
    return !jcs_next(&walk, &name, &item);
}

/* The reader on a good entry; true also where our parser cannot follow (U+0000). */
static inline bool model_reads(struct arena *arena, str entry)
{
    const struct json *root = NULL;
    int line;

    return json_parse(arena, entry, &root, &line) != YES ||
           model_agrees(arena, jcs_root(entry), root);
}

#endif
