/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What json_parse takes, json_write writes and json_parse takes again, to the same bytes.
 */
#include "base/json.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_value(struct json_out *j, const struct json *value)
{
    switch (value->kind) {
    case JSON_NULL:
        json_nothing(j);
        break;
    case JSON_BOOL:
        json_bool(j, value->truth);
        break;
    case JSON_INT:
        json_int(j, value->number);
        break;
    case JSON_TEXT:
    case JSON_REAL:
        json_text(j, value->text);
        break;
    case JSON_LIST:
    case JSON_OBJECT:
        json_open(j, value->kind == JSON_LIST ? '[' : '{');
        for (size_t i = 0; i < value->items_n; i++) {
            if (value->kind == JSON_OBJECT)
                json_name(j, value->items[i].name);
            write_value(j, &value->items[i]);
        }
        json_close(j, value->kind == JSON_LIST ? ']' : '}');
        break;
    }
}

static str rewrite(struct arena *arena, const struct json *value)
{
    struct buf out;
    struct json_out j = {.out = &out};

    buf_init(&out, arena, 0);
    write_value(&j, value);
    return buf_str(&out);
}

static void check(struct arena *arena, str text)
{
    const struct json *root;
    int line = 0;

    if (json_parse(arena, text, &root, &line) != YES) {
        const no foreign = json_parse_foreign(arena, text, &root, &line);

        assert(foreign == YES || foreign == NO_TOO_LARGE || line > 0);
        return;
    }
    const str once = rewrite(arena, root);
    const no again = arena_overflowed(arena) ? NO_TOO_LARGE : json_parse(arena, once, &root, &line);

    /* Escapes may make a text longer than what is taken, and two copies more than the arena. */
    assert(again == YES || again == NO_TOO_LARGE);
    if (again != YES)
        return;
    const str twice = rewrite(arena, root);
    assert(arena_overflowed(arena) || str_eq(twice, once));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;

    if (!arena_init(&arena, 1 << 20))
        return 0;
    check(&arena, (str){(const char *)data, size});
    arena_release(&arena);
    return 0;
}
