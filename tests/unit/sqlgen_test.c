/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The generator of statements: what it reads, what it writes, and each way it says where a file is
 * wrong. What the written code does on a database is db_kinds_test.c.
 */
#include "sqlgen/room.h"

#include "cm.h"

#include <string.h>

enum { ARENA_SIZE = 8 << 20 };

static struct arena arena;
static struct room room;

static no read_text(const char *text, struct fault *fault)
{
    arena_reset(&arena);
    *fault = (struct fault){0};
    return room_read(&arena, S("shop"), str_of(text), &room, fault);
}

static void read_well(const char *text)
{
    struct fault fault;

    if (read_text(text, &fault) != YES)
        fail_msg("line %d: %s", fault.line, fault.what);
}

static void has(const struct buf *text, const char *part)
{
    if (str_find(buf_str(text), str_of(part)) == buf_str(text).len)
        fail_msg("'%s' is not in:\n%.*s", part, (int)text->len, text->ptr);
}

static void parameters_are_numbered(void **state)
{
    (void)state;
    read_well("--: pay(int to, int sum) -> none\n"
              "UPDATE purse SET a = a + :sum, b = ':to' || \":sum\" -- :nobody; at all\n"
              "  /* :nobody; */ WHERE id = :to AND c::text = 'it''s' AND d = :sum;\n");
    assert_str(room.statements[0].sqlite, "UPDATE purse SET a = a + ?2, b = ':to' || \":sum\" \n"
                                          "WHERE id = ?1 AND c::text = 'it''s' AND d = ?2");
    assert_str(room.statements[0].postgres, "UPDATE purse SET a = a + $2, b = ':to' || \":sum\" \n"
                                            "WHERE id = $1 AND c::text = 'it''s' AND d = $2");
}

static void two_dialects(void **state)
{
    (void)state;
    read_well("--: now(int a) -> int\n-- sqlite\nSELECT :a + 1;\n\n-- postgres\nSELECT :a + 2;\n"
              "--: then(int a) -> int\n-- postgres\nSELECT :a + 3;\n-- sqlite\nSELECT :a + 4;\n");
    assert_str(room.statements[0].sqlite, "SELECT ?1 + 1");
    assert_str(room.statements[0].postgres, "SELECT $1 + 2");
    assert_str(room.statements[1].sqlite, "SELECT ?1 + 4");
    assert_str(room.statements[1].postgres, "SELECT $1 + 3");
}

static void directives_go_on(void **state)
{
    (void)state;
    read_well("--: include \"rules/order.h\"\n"
              "--: row struct order(int id,\n--:     i32 part.size)\n"
              "-- All of them,\n-- newest first.\n"
              "--: order_list(int after,\n--:     enum order_state state)\n--:     -> many order\n"
              "SELECT id, size FROM orders WHERE id > :after AND state = :state;\n");
    assert_str(room.includes[0], "\"rules/order.h\"");
    assert_true(room.rows[0].existing);
    assert_str(room.rows[0].fields.at[1].name, "part.size");
    assert_str(room.statements[0].comment, "All of them,\nnewest first.");
    assert_int_equal(room.statements[0].params.at[1].type, TYPE_ENUM);
    assert_int_equal(room.statements[0].result, RESULT_MANY);
    assert_ptr_equal(room.statements[0].row, &room.rows[0]);
}

static void header_is_typed(void **state)
{
    struct buf out;

    (void)state;
    read_well(
        "--: row thing(int a, bool b, str c, blob d, blob16 e, blob32 f, i32 g, u32 h, enum x i)\n"
        "-- Ends */ early?\n"
        "--: one_of(blob16 e) -> one thing\nSELECT :e;\n"
        "--: many_of(str s, bool b) -> many thing\nSELECT :s, :b;\n"
        "--: each_of() -> each thing\nSELECT 1;\n"
        "--: count_of() -> int\nSELECT 1;\n"
        "--: change(enum x i) -> changed\nSELECT :i;\n"
        "--: drop(u32 h) -> none\nSELECT :h;\n");
    buf_init(&out, &arena, 0);
    room_write_header(&out, &room);
    has(&out, "#ifndef STORE_SQL_SHOP_H\n");
    has(&out, "struct sql_thing {\n    int64_t a;\n    bool b;\n    str c;\n    str d;\n    "
              "uint8_t e[16];\n"
              "    uint8_t f[32];\n    int32_t g;\n    uint32_t h;\n    enum x i;\n};\n");
    has(&out, "/* Ends * / early? */\n");
    has(&out, "no sql_one_of(struct db *db, struct arena *arena, const uint8_t e[16],\n    struct "
              "sql_thing *row) MUST_USE;");
    has(&out, "no sql_many_of(struct db *db, struct arena *arena, str s, bool b, struct sql_thing "
              "**rows,");
    has(&out, "size_t *rows_n) MUST_USE;");
    has(&out, "no (*each)(void *self, const struct sql_thing *row)");
    has(&out, "no sql_count_of(struct db *db, int64_t *value) MUST_USE;");
    has(&out, "no sql_change(struct db *db, enum x i, int64_t *changed) MUST_USE;");
    has(&out, "no sql_drop(struct db *db, uint32_t h) MUST_USE;");
}

static void code_holds_both_texts(void **state)
{
    struct buf out;

    (void)state;
    read_well("--: row thing(int a, int b)\n"
              "--: get(int a) -> one thing\nSELECT a, '\\ \" ?\?'\nFROM t WHERE a = :a;\n");
    buf_init(&out, &arena, 0);
    room_write_code(&out, &room);
    has(&out,
        "    {\"get\",\n     \"SELECT a, '\\\\ \\\" ?\\?'\\n\"\n     \"FROM t WHERE a = ?1\",\n");
    has(&out, "     \"FROM t WHERE a = $1\",\n     2},\n    {NULL, NULL, NULL, 0},\n};\n");
    has(&out, "TRY(db_take(db, &sql_shop_texts[0], &stmt_));");
    buf_clear(&out);
    rooms_write(&out, (const str[]){S("one"), S("two")}, 2);
    has(&out, "    sql_one_texts,\n    sql_two_texts,\n    NULL,\n};\n");
}

static const struct {
    int line;
    const char *what, *text;
} wrong[] = {
    {1, "SQL without a line", "SELECT 1;\n"},
    {1, "is not a name", "--: Get() -> none\nSELECT 1;\n"},
    {1, "a statement is:", "--: get -> none\nSELECT 1;\n"},
    {1, "a statement is:", "--: get() none\nSELECT 1;\n"},
    {1, "a statement is:", "--: get(int a\nSELECT 1;\n"},
    {1, "'int' is not a type and a name", "--: get(int a, int) -> none\nSELECT :a;\n"},
    {1, "'' is not a type and a name", "--: get(int a,) -> none\nSELECT :a;\n"},
    {1, "'float' is not a type", "--: get(float a) -> none\nSELECT :a;\n"},
    {1, "'enum' is not a type", "--: get(enum a) -> none\nSELECT :a;\n"},
    {1, "'int A' is not a type and a name", "--: get(int A) -> none\nSELECT :A;\n"},
    {1, "'int a.b' is not a type and a name", "--: get(int a.b) -> none\nSELECT 1;\n"},
    {1, "'a' is there twice", "--: get(int a, str a) -> none\nSELECT :a;\n"},
    {1, "after -> comes", "--: get() -> some\nSELECT 1;\n"},
    {1, "after -> comes", "--: get() -> all of it\nSELECT 1;\n"},
    {1, "'it' is not a row", "--: get() -> none it\nSELECT 1;\n"},
    {1, "'' is not a row", "--: get() -> one\nSELECT 1;\n"},
    {1, "'later' is not a row", "--: get() -> one later\nSELECT 1;\n--: row later(int a)\n"},
    {3, "get is there twice", "--: get() -> none\nSELECT 1;\n--: get() -> none\nSELECT 1;\n"},
    {1, "may not be called db", "--: get(int db) -> none\nSELECT :db;\n"},
    {1, "may not be called value", "--: get(int value) -> int\nSELECT :value;\n"},
    {1, "may not be called changed", "--: get(int changed) -> changed\nSELECT :changed;\n"},
    {2, "may not be called rows_n",
     "--: row r(int a)\n--: get(int rows_n) -> many r\nSELECT :rows_n;\n"},
    {2, "may not be called self", "--: row r(int a)\n--: get(int self) -> each r\nSELECT :self;\n"},
    {2, "may not be called arena",
     "--: row r(int a)\n--: get(int arena) -> one r\nSELECT :arena;\n"},
    {3, ":b is not a parameter", "--: get(int a) -> none\nSELECT :a,\n :b;\n"},
    {2, "parameter b is not used", "--: get(int a, int b) -> none\nSELECT :a, ':b';\n"},
    {2, "? is not for here", "--: get(int a) -> none\nSELECT ?1;\n"},
    {2, "$ is not for here", "--: get(int a) -> none\nSELECT $1;\n"},
    {2, "@ is not for here", "--: get(int a) -> none\nSELECT @a;\n"},
    {2, "the statement is empty", "--: get() -> none\n;\n"},
    {2, "the statement is empty", "--: get() -> none\n/* nothing */;\n"},
    {4, "does not end with ;", "--: get() -> none\nSELECT 1\n  FROM x\n"},
    {3, "the statement above does not end",
     "--: get() -> none\nSELECT 1\n--: put() -> none\nSELECT 2;\n"},
    {2, "does not end with ;", "--: get() -> none\n"},
    {2, "the statement above does not end", "--: get() -> none\n--: put() -> none\nSELECT 2;\n"},
    {2, "text after ;", "--: get() -> none\nSELECT 1; SELECT 2;\n"},
    {3, "a quote ' is not closed", "--: get() -> none\nSELECT 'a;\n"},
    {3, "a quote \" is not closed", "--: get() -> none\nSELECT \"a;\n"},
    {3, "a comment /* is not closed", "--: get() -> none\nSELECT 1 /* a;\n"},
    {3, "is written again for the other", "--: get() -> none\n-- sqlite\nSELECT 1;\n"},
    {4, "is written again for the other",
     "--: get() -> none\n-- sqlite\nSELECT 1;\n-- sqlite\nSELECT 2;\n"},
    {1, "a row is:", "--: row r\n"},
    {1, "a row is:", "--: row r(int a) extra\n"},
    {1, "is not a name", "--: row R(int a)\n"},
    {1, "row r has no field", "--: row r()\n"},
    {2, "row r is there twice", "--: row r(int a)\n--: row struct r(int a)\n"},
    {1, "'a' is there twice", "--: row r(int a, int a)\n"},
    {1, "'int a.b' is not a type and a name", "--: row r(int a.b)\n"},
    {1, "'int a..b' is not a type and a name", "--: row struct r(int a..b)\n"},
    {1, "include needs", "--: include rules/order.h\n"},
    {1, "include needs", "--: include \"\"\n"},
};

static void each_error_has_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct fault fault;

        if (read_text(wrong[i].text, &fault) != NO_BAD_REQUEST)
            fail_msg("row %zu was taken: %s", i, wrong[i].text);
        if (strstr(fault.what, wrong[i].what) == NULL)
            fail_msg("row %zu says '%s', not '%s'", i, fault.what, wrong[i].what);
        if (fault.line != wrong[i].line)
            fail_msg("row %zu (%s) says line %d, not %d", i, wrong[i].what, fault.line,
                     wrong[i].line);
    }
}

/* `count` times `part` between head and tail; % in it is 0, 1, 2 ... */
static str repeated(const char *head, const char *part, int count, const char *tail)
{
    static char block[1 << 20];
    struct arena own;
    struct buf text;

    arena_init_on(&own, block, sizeof block);
    buf_init(&text, &own, 1 << 18);
    buf_put(&text, str_of(head));
    for (int i = 0; i < count; i++) {
        for (const char *c = part; *c != '\0'; c++) {
            if (*c == '%')
                buf_put_int(&text, i);
            else
                buf_put_char(&text, *c);
        }
    }
    buf_put(&text, str_of(tail));
    assert_false(buf_failed(&text));
    return buf_str(&text);
}

/* `count` of them are read, one more is refused. */
static void at_most(int count, const char *head, const char *part, const char *tail)
{
    struct fault fault;

    arena_reset(&arena);
    assert_int_equal(room_read(&arena, S("shop"), repeated(head, part, count, tail), &room, &fault),
                     YES);
    arena_reset(&arena);
    assert_int_equal(
        room_read(&arena, S("shop"), repeated(head, part, count + 1, tail), &room, &fault),
        NO_BAD_REQUEST);
}

static void too_much_is_refused(void **state)
{
    (void)state;
    at_most(INCLUDES_MAX, "", "--: include \"a%.h\"\n", "");
    at_most(ROWS_MAX, "", "--: row r%(int a)\n", "");
    at_most(STATEMENTS_MAX, "", "--: s%() -> none\nSELECT 1;\n", "");
    at_most(FIELDS_MAX - 1, "--: row r(int x", ", int a%", ")\n");
    at_most(SQL_SIZE_MAX - 8, "--: get() -> none\nSELECT 1", "1", ";\n");
}

static void a_room_has_a_name(void **state)
{
    struct fault fault;

    (void)state;
    assert_int_equal(room_read(&arena, S("Shop-2"), S(""), &room, &fault), NO_BAD_REQUEST);
    assert_true(is_name(S("a_b2"), false));
    assert_false(is_name(S("2a"), false));
    assert_false(is_name(S(""), false));
    assert_true(is_name(S("a.b.c"), true));
    assert_false(is_name(S("a.b"), false));
    assert_false(is_name(S("a."), true));
    assert_false(is_name(S(".a"), true));
}

/* Any text at all is read or refused: cut a good file at each byte, and change each byte. */
static void any_text_is_answered(void **state)
{
    static const char good[] =
        "-- x\n--: include \"a.h\"\n--: row r(int a, str b)\n"
        "--: get(int a, blob16 u) -> one r\n-- sqlite\nSELECT ':x', \"y\" /* */ WHERE :a = :u;\n"
        "-- postgres\nSELECT :a::int, :u;\n";
    struct fault fault;
    char text[sizeof good];

    (void)state;
    for (size_t cut = 0; cut < sizeof good; cut++) {
        arena_reset(&arena);
        (void)!room_read(&arena, S("shop"), (str){good, cut}, &room, &fault);
        for (const char *c = "\n;:'\"-( \xff"; cut < sizeof good - 1 && *c != '\0'; c++) {
            memcpy(text, good, sizeof good);
            text[cut] = *c;
            arena_reset(&arena);
            (void)!room_read(&arena, S("shop"), (str){text, sizeof good - 1}, &room, &fault);
        }
    }
}

static int open_arena(void **state)
{
    (void)state;
    return arena_init(&arena, ARENA_SIZE) ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_numbered), cmocka_unit_test(two_dialects),
        cmocka_unit_test(directives_go_on),        cmocka_unit_test(header_is_typed),
        cmocka_unit_test(code_holds_both_texts),   cmocka_unit_test(each_error_has_its_line),
        cmocka_unit_test(too_much_is_refused),     cmocka_unit_test(a_room_has_a_name),
        cmocka_unit_test(any_text_is_answered),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
