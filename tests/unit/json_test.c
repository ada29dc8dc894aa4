/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/json.h"

#include <string.h>

static struct arena arena;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 8 << 20) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct json *parsed(str text)
{
    const struct json *root = NULL;
    int line = 0;

    if (json_parse_foreign(&arena, text, &root, &line) != YES)
        fail_msg("line %d of %.*s", line, (int)text.len, text.ptr);
    return root;
}

static void documents_are_read(void **state)
{
    static const char text[] =
        "{\"name\": \"Caf\\u00e9 \\ud83d\\ude00\", \"n\": -9223372036854775808,\n"
        "\"yes\": true, \"no\": false, \"nothing\": null,\n"
        "\"list\": [1, [], {}, \"\"], \"in\": {\"deep\": 7}}";
    const struct json *root, *list;
    int line = 7;

    (void)state;
    arena_reset(&arena);
    assert_int_equal(json_parse(&arena, str_of(text), &root, &line), YES);
    assert_int_equal(line, 7);
    assert_int_equal(root->kind, JSON_OBJECT);
    assert_int_equal(root->items_n, 7);
    assert_str(root->items[0].name, "name");
    assert_str(json_text_of(root, S("name"), STR_NONE), "Café 😀");
    assert_true(json_int_of(root, S("n"), 0) == INT64_MIN);
    assert_true(json_bool_of(root, S("yes"), false));
    assert_false(json_bool_of(root, S("no"), true));
    assert_int_equal(json_get(root, S("nothing"))->kind, JSON_NULL);
    list = json_get(root, S("list"));
    assert_int_equal(list->kind, JSON_LIST);
    assert_int_equal(list->items_n, 4);
    assert_int_equal(list->items[0].number, 1);
    assert_int_equal(list->items[1].kind, JSON_LIST);
    assert_int_equal(list->items[2].kind, JSON_OBJECT);
    assert_int_equal(list->items[3].kind, JSON_TEXT);
    assert_int_equal(json_int_of(json_get(root, S("in")), S("deep"), 0), 7);
}

static void what_is_absent_has_a_default(void **state)
{
    const struct json *root = parsed(S("{\"a\": \"x\", \"b\": 1, \"c\": true}"));

    (void)state;
    assert_null(json_get(root, S("d")));
    assert_null(json_get(NULL, S("d")));
    assert_null(json_get(json_get(root, S("a")), S("d")));
    assert_str(json_text_of(root, S("b"), S("other")), "other");
    assert_str(json_text_of(NULL, S("b"), S("other")), "other");
    assert_int_equal(json_int_of(root, S("a"), 5), 5);
    assert_int_equal(json_int_of(root, S("c"), 5), 5);
    assert_true(json_bool_of(root, S("b"), true));
}

static void hostile_texts_are_refused(void **state)
{
    static const struct {
        str text;
        int line;
    } rows[] = {
        {{"", 0}, 1},
        {{" \n", 2}, 2},
        {{"{\"a\":1,\n\"a\":2}", 14}, 2},
        {{"{\"a\":1.5}", 9}, 1},
        {{"[1,\n2,\n3e2]", 11}, 3},
        {{"[1E400]", 7}, 1},
        {{"[-0.0]", 6}, 1},
        {{"[\"a\\u0000b\"]", 12}, 1},
        {{"[\"a\0b\"]", 7}, 1},
        {{"[\"\xff\"]", 5}, 1},
        {{"[\"\xc0\xaf\"]", 6}, 1},
        {{"[\"\xed\xa0\x80\"]", 7}, 1},
        {{"[\"\\ud800\"]", 10}, 1},
        {{"[\"\\udc00\\ud800\"]", 16}, 1},
        {{"[\"a\nb\"]", 7}, 1},
        {{"[\"\\x\"]", 6}, 1},
        {{"[\"abc", 5}, 1},
        {{"[\"abc\\", 6}, 1},
        {{"[1,]", 4}, 1},
        {{"[1 2]", 5}, 1},
        {{"{\"a\":1,}", 8}, 1},
        {{"{a:1}", 5}, 1},
        {{"{'a':1}", 7}, 1},
        {{"{\"a\"}", 5}, 1},
        {{"[1]]", 4}, 1},
        {{"{}{}", 4}, 1},
        {{"[1]\n\nx", 6}, 3},
        {{"[1]\0", 4}, 1},
        {{"[9223372036854775808]", 21}, 1},
        {{"[01]", 4}, 1},
        {{"[+1]", 4}, 1},
        {{"[.5]", 4}, 1},
        {{"[NaN]", 5}, 1},
        {{"[Infinity]", 10}, 1},
        {{"[-]", 3}, 1},
        {{"[0x10]", 6}, 1},
        {{"nul", 3}, 1},
        {{"\xef\xbb\xbf[]", 5}, 1},
        {{"[] // x", 7}, 1},
        {{"/**/[]", 6}, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct json *root = NULL;
        int line = 0;

        arena_reset(&arena);
        if (json_parse(&arena, rows[i].text, &root, &line) != NO_BAD_REQUEST || root != NULL ||
            line != rows[i].line)
            fail_msg("row %zu, line %d", i, line);
    }
}

static no parse_nested(int depth, const struct json **root)
{
    static char text[10000];
    int line;

    memset(text, '[', (size_t)depth);
    memset(text + depth, ']', (size_t)depth);
    arena_reset(&arena);
    return json_parse(&arena, (str){text, 2 * (size_t)depth}, root, &line);
}

static void depth_and_size_are_bounded(void **state)
{
    static char text[JSON_SIZE_MAX + 1];
    _Alignas(16) char block[256];
    struct arena small;
    const struct json *root = NULL;
    int line = 7;

    (void)state;
    assert_int_equal(parse_nested(JSON_DEPTH_MAX + 1, &root), NO_BAD_REQUEST);
    assert_int_equal(parse_nested(5000, &root), NO_BAD_REQUEST);
    assert_null(root);
    assert_int_equal(parse_nested(JSON_DEPTH_MAX, &root), YES);
    root = NULL;
    memset(text, ' ', sizeof text);
    text[0] = '1';
    assert_int_equal(json_parse(&arena, (str){text, sizeof text}, &root, &line), NO_TOO_LARGE);
    assert_int_equal(json_parse(&arena, (str){text, sizeof text - 1}, &root, &line), YES);
    assert_int_equal(root->number, 1);
    root = NULL;
    arena_init_on(&small, block, sizeof block);
    assert_int_equal(json_parse(&small, S("[1,2,3,4,5]"), &root, &line), NO_TOO_LARGE);
    assert_null(root);
    assert_int_equal(line, 7);
    /* A list of brackets is larger in memory than as text. */
    memset(text, ',', sizeof text);
    for (size_t i = 1; i < sizeof text - 1; i += 2)
        text[i] = '1';
    text[0] = '[';
    text[sizeof text - 3] = ' ';
    text[sizeof text - 2] = ']';
    arena_init_on(&small, block, sizeof block);
    assert_int_equal(json_parse(&small, (str){text, sizeof text - 1}, &root, &line), NO_TOO_LARGE);
}

/* RFC 8785 appendix B, and the borders between its forms. */
static void reals_of_others_are_shortest(void **state)
{
    static const struct {
        const char *typed, *text;
    } rows[] = {
        {"0.0", "0"},
        {"-0.0", "0"},
        {"5e-324", "5e-324"},
        {"-5e-324", "-5e-324"},
        {"1.7976931348623157e308", "1.7976931348623157e+308"},
        {"9007199254740992.0", "9007199254740992"},
        {"295147905179352825856.0", "295147905179352830000"},
        {"9.999999999999997e22", "9.999999999999997e+22"},
        {"1e23", "1e+23"},
        {"1.0000000000000001e23", "1.0000000000000001e+23"},
        {"999999999999999700000.0", "999999999999999700000"},
        {"999999999999999900000.0", "999999999999999900000"},
        {"1e21", "1e+21"},
        {"9.999999999999997e-7", "9.999999999999997e-7"},
        {"0.000001", "0.000001"},
        {"333333333.3333332", "333333333.3333332"},
        {"333333333.33333325", "333333333.33333325"},
        {"-0.0000033333333333333333", "-0.0000033333333333333333"},
        {"1424953923781206.2", "1424953923781206.2"},
        {"48.850", "48.85"},
        {"100.0", "100"},
        {"-1.54939699141711", "-1.54939699141711"},
        {"1.5e1", "15"},
        {"12e-1", "1.2"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        arena_reset(&arena);
        const struct json *root = parsed(str_of(rows[i].typed));
        assert_int_equal(root->kind, JSON_REAL);
        assert_str(root->text, rows[i].text);
    }
}

/* Every real reads back as itself. */
static void reals_go_round(void **state)
{
    uint64_t seed = 20261121;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        const uint64_t bits = chance_next(&seed);
        double value;
        char text[40];

        memcpy(&value, &bits, sizeof value);
        if (value - value != 0)
            continue;
        (void)snprintf(text, sizeof text, "%.17e", value);
        arena_reset(&arena);
        const struct json *root = parsed(str_of(text));
        assert_true(strtod(arena_cstr(&arena, root->text), NULL) == value);
    }
}

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
        json_text(j, value->text);
        break;
    case JSON_REAL:
        if (j->comma)
            buf_put_char(j->out, ',');
        buf_put(j->out, value->text);
        j->comma = true;
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

static str written(const struct json *value)
{
    struct buf *out = arena_take(&arena, sizeof *out);
    struct json_out j = {.out = out};

    buf_init(out, &arena, 0);
    write_value(&j, value);
    return buf_str(out);
}

static void documents_are_written(void **state)
{
    static const char canonical[] =
        "{\"a\":[1,-2,[],{}],\"b\":{\"\":\"\"},\"c\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f"
        "é😀\xe2\x80\xa8\",\"d\":true,\"e\":false,\"f\":null}";
    struct buf out;
    struct json_out j = {.out = &out};

    (void)state;
    arena_reset(&arena);
    buf_init(&out, &arena, 0);
    json_open(&j, '{');
    json_name(&j, S("a"));
    json_open(&j, '[');
    json_int(&j, 1);
    json_int(&j, -2);
    json_open(&j, '[');
    json_close(&j, ']');
    json_open(&j, '{');
    json_close(&j, '}');
    json_close(&j, ']');
    json_name(&j, S("b"));
    json_open(&j, '{');
    json_name(&j, STR_NONE);
    json_text(&j, STR_NONE);
    json_close(&j, '}');
    json_name(&j, S("c"));
    json_text(&j, S("\"\\/\b\f\n\r\t\0\x1f\x7fé😀\u2028"));
    json_name(&j, S("d"));
    json_bool(&j, true);
    json_name(&j, S("e"));
    json_bool(&j, false);
    json_name(&j, S("f"));
    json_nothing(&j);
    json_close(&j, '}');
    assert_str(buf_str(&out), canonical);
}

static void wrong_bytes_are_mended(void **state)
{
    struct buf out;
    struct json_out j = {.out = &out};

    (void)state;
    arena_reset(&arena);
    buf_init(&out, &arena, 0);
    json_text(&j, S("a\xff\"\n\xc3"));
    assert_str(buf_str(&out), "\"a\ufffd\\\"\\n\ufffd\"");
}

/* Writing a document and reading it again gives the same bytes: texts of any code points below
 * U+10000. */
static void texts_go_round(void **state)
{
    uint64_t seed = 20261121;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        struct buf text, out;
        struct json_out j = {.out = &out};

        arena_reset(&arena);
        buf_init(&text, &arena, 0);
        buf_init(&out, &arena, 0);
        for (uint64_t n = chance_next(&seed) % 40; n > 0; n--) {
            const uint8_t one = (uint8_t)(1 + chance_next(&seed) % 126);

            buf_put(&text,
                    chance_next(&seed) % 3 == 0 ? S("é\u2028€") : (str){(const char *)&one, 1});
        }
        json_text(&j, buf_str(&text));
        assert_true(str_eq(parsed(buf_str(&out))->text, buf_str(&text)));
    }
}

/* RFC 8785's own documents are canonical: read and written they stay as they are. */
static void canonical_documents_stay(void **state)
{
    static const char *const names[] = {"arrays",  "french", "structures",
                                        "unicode", "values", "weird"};
    const char *data = getenv("TEST_DATA");

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        static char bytes[4096];
        char path[512];

        (void)snprintf(path, sizeof path, "%s/jcs/output/%s.json",
                       data == NULL ? "../shared/data" : data, names[i]);
        FILE *file = fopen(path, "rb");
        if (file == NULL)
            skip();
        const str text = {bytes, fread(bytes, 1, sizeof bytes, file)};
        (void)fclose(file);
        arena_reset(&arena);
        const str again = written(parsed(text));
        assert_true(text.len > 0);
        if (!str_eq(again, text))
            fail_msg("%.*s\n%.*s", (int)text.len, text.ptr, (int)again.len, again.ptr);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_read),
        cmocka_unit_test(what_is_absent_has_a_default),
        cmocka_unit_test(hostile_texts_are_refused),
        cmocka_unit_test(depth_and_size_are_bounded),
        cmocka_unit_test(reals_of_others_are_shortest),
        cmocka_unit_test(reals_go_round),
        cmocka_unit_test(documents_are_written),
        cmocka_unit_test(wrong_bytes_are_mended),
        cmocka_unit_test(texts_go_round),
        cmocka_unit_test(canonical_documents_stay),
    };

    return cmocka_run_group_tests_name("json", tests, start, stop);
}
