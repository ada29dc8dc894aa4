/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the functions written by sqlgen do on a database: each result, each type, each no. The
 * statements are test_kinds.sql; this program brings its own schema in place of the house's.
 */
#include "base/asset.h"
#include "store/sql_test_kinds.h"

#include "cm.h"

#include <string.h>

static const char schema[] =
    "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, note BLOB, uid BLOB, hash BLOB, closed "
    "INTEGER,"
    " small INTEGER, flags INTEGER, colour INTEGER) STRICT;\n"
    "CREATE TABLE box (id INTEGER PRIMARY KEY, width INTEGER, height INTEGER, colour INTEGER, "
    "label TEXT) STRICT;\n"
    "CREATE TABLE plain (id INTEGER PRIMARY KEY, amount INTEGER CHECK (amount <> 13),"
    " thing INTEGER REFERENCES thing (id), later INTEGER REFERENCES thing (id) DEFERRABLE "
    "INITIALLY DEFERRED) STRICT;\n"
    "INSERT INTO thing (id, name, uid) VALUES (99, 'worn', x'0102');\n";

const struct db_text *const db_rooms[] = {sql_test_kinds_texts, NULL};

const struct asset *asset_at(size_t i)
{
    static const struct asset only = {
        .name = {"migrate/0001-kinds.sql", sizeof "migrate/0001-kinds.sql" - 1},
        .body = {schema, sizeof schema - 1}};

    return i == 0 ? &only : NULL;
}

enum { ARENA_SIZE = 1 << 20 };

static struct db *db;
static struct arena arena;
static const uint8_t uid16[16] = "0123456789abcdef",
                     hash32[32] = "0123456789abcdef0123456789ABCDEF";

static no put(int64_t id, str name)
{
    return sql_thing_put(db, id, name, (str){"\0\1\2", 3}, uid16, hash32, true, INT32_MIN,
                         UINT32_MAX, COLOUR_BLUE);
}

static void one_has_every_type(void **state)
{
    struct sql_thing thing;

    (void)state;
    assert_int_equal(put(INT64_MAX, S("caf\xc3\xa9; ?1 :id")), YES);
    assert_int_equal(sql_thing_get(db, &arena, INT64_MAX, &thing), YES);
    assert_true(thing.id == INT64_MAX);
    assert_str(thing.name, "caf\xc3\xa9; ?1 :id");
    assert_int_equal(thing.name.ptr[thing.name.len], '\0');
    assert_int_equal(thing.note.len, 3);
    assert_memory_equal(thing.note.ptr, "\0\1\2", 3);
    assert_memory_equal(thing.uid, uid16, 16);
    assert_memory_equal(thing.hash, hash32, 32);
    assert_true(thing.closed);
    assert_true(thing.small == INT32_MIN && thing.flags == UINT32_MAX &&
                thing.colour == COLOUR_BLUE);
}

static void none_and_empty_text_differ(void **state)
{
    struct sql_thing thing;

    (void)state;
    assert_int_equal(put(1, STR_NONE), YES);
    assert_int_equal(sql_thing_get(db, &arena, 1, &thing), YES);
    assert_null(thing.name.ptr);
    assert_int_equal(put(2, S("")), YES);
    assert_int_equal(sql_thing_get(db, &arena, 2, &thing), YES);
    assert_non_null(thing.name.ptr);
    assert_int_equal(thing.name.len, 0);
    assert_int_equal(sql_thing_put(db, 3, S("x"), S(""), uid16, hash32, false, 0, 0, COLOUR_NONE),
                     YES);
    assert_int_equal(sql_thing_get(db, &arena, 3, &thing), YES);
    assert_non_null(thing.note.ptr);
    assert_false(thing.closed);
}

static void a_no_leaves_outputs_alone(void **state)
{
    struct sql_thing thing = {.id = 7}, *things = &thing;
    size_t things_n = 7;
    int64_t value = 7;

    (void)state;
    assert_int_equal(sql_thing_get(db, &arena, 5, &thing), NO_NOT_FOUND);
    assert_int_equal(thing.id, 7);
    /* A uid of two bytes is no uid. */
    assert_int_equal(sql_thing_get(db, &arena, 99, &thing), NO_STORE_BROKEN);
    assert_int_equal(thing.id, 7);
    assert_int_equal(sql_thing_named(db, &arena, S("worn"), &things, &things_n), NO_STORE_BROKEN);
    assert_ptr_equal(things, &thing);
    assert_int_equal(things_n, 7);
    assert_int_equal(sql_plain_add(db, 13, 99, &value), NO_CONFLICT);
    assert_int_equal(value, 7);
}

static void many_grows(void **state)
{
    struct sql_thing *things;
    struct sql_plain *plains;
    size_t n;

    (void)state;
    assert_int_equal(sql_thing_named(db, &arena, S("same"), &things, &n), YES);
    assert_int_equal(n, 0);
    for (int64_t i = 1; i <= 70; i++) {
        assert_int_equal(put(i, S("same")), YES);
        assert_int_equal(sql_plain_put(db, i, 100 * i), YES);
    }
    assert_int_equal(sql_thing_named(db, &arena, S("same"), &things, &n), YES);
    assert_int_equal(n, 70);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(things[i].id, i + 1);
        assert_str(things[i].name, "same");
    }
    /* Rows without text grow where they lie. */
    const size_t mark = arena_mark(&arena);
    assert_int_equal(sql_plain_list(db, &arena, &plains, &n), YES);
    assert_int_equal(n, 70);
    assert_int_equal(plains[69].amount, 7000);
    assert_true(arena_mark(&arena) - mark <= 128 * sizeof *plains + 16);
}

static void a_full_arena_says_so(void **state)
{
    static char block[16 * 1024];
    struct sql_thing *things = NULL, thing;
    struct sql_plain *plains = NULL;
    size_t n = 7;

    (void)state;
    for (int64_t i = 101; i <= 300; i++) {
        assert_int_equal(put(i, S("same")), YES);
        assert_int_equal(sql_plain_put(db, i, i), YES);
    }
    for (size_t size = 16; size < sizeof block; size += 16) {
        struct arena small;

        arena_init_on(&small, block, size);
        const no answer = sql_thing_named(db, &small, S("same"), &things, &n);
        assert_true(answer == NO_TOO_LARGE && things == NULL && n == 7);
        arena_init_on(&small, block, size);
        const no plain = sql_plain_list(db, &small, &plains, &n);
        assert_true(plain == (size < 256 * sizeof *plains ? NO_TOO_LARGE : YES));
        plains = NULL;
        n = 7;
    }
    struct arena none;
    arena_init_on(&none, block, 4);
    assert_int_equal(sql_thing_get(db, &none, 101, &thing), NO_TOO_LARGE);
}

struct walk {
    int64_t seen, stop_at;
    bool nested;
};

static no on_thing(void *self, const struct sql_thing *thing)
{
    struct walk *walk = self;

    walk->seen++;
    if (thing->id == walk->stop_at)
        return NO_GONE;
    if (walk->nested) {
        struct walk inner = {.stop_at = 5};

        /* The same statement, while it is in use. */
        assert_int_equal(sql_thing_each(db, thing->id, on_thing, &inner), NO_GONE);
        assert_int_equal(inner.seen, 5 - thing->id + 1);
    }
    assert_str(thing->name, "same");
    return YES;
}

static void each_stops_at_the_first_no(void **state)
{
    struct walk walk = {.stop_at = 3}, empty = {0}, nested = {.stop_at = 4, .nested = true};

    (void)state;
    for (int64_t i = 1; i <= 5; i++)
        assert_int_equal(put(i, S("same")), YES);
    assert_int_equal(sql_thing_each(db, 1, on_thing, &walk), NO_GONE);
    assert_int_equal(walk.seen, 3);
    assert_int_equal(sql_thing_each(db, 100, on_thing, &empty), YES);
    assert_int_equal(empty.seen, 0);
    assert_int_equal(sql_thing_each(db, 1, on_thing, &nested), NO_GONE);
    assert_int_equal(nested.seen, 4);
    /* Row 99 cannot be read; the five before it were given. */
    struct walk whole = {0};
    assert_int_equal(sql_thing_each(db, 1, on_thing, &whole), NO_STORE_BROKEN);
    assert_int_equal(whole.seen, 5);
}

static void changed_counts(void **state)
{
    int64_t changed = -1, count = -1;

    (void)state;
    for (int64_t i = 1; i <= 5; i++)
        assert_int_equal(put(i, i < 4 ? S("old") : S("other")), YES);
    assert_int_equal(sql_thing_rename(db, S("old"), S("new"), &changed), YES);
    assert_int_equal(changed, 3);
    assert_int_equal(sql_thing_rename(db, S("old"), S("new"), &changed), YES);
    assert_int_equal(changed, 0);
    assert_int_equal(sql_thing_count(db, &count), YES);
    assert_int_equal(count, 6);
}

static void an_existing_struct_is_filled(void **state)
{
    struct box box;

    (void)state;
    memset(&box, 0xff, sizeof box);
    assert_int_equal(sql_box_put(db, 4, 500, S("label")), YES);
    assert_int_equal(sql_box_get(db, &arena, 4, &box), YES);
    assert_true(box.size.width == 500 && box.size.height == 500 && box.colour == COLOUR_BLUE);
    assert_str(box.label, "label");
    assert_true(box.untouched == 0);
}

/* Outside a batch the commit comes after the row of RETURNING: the answer must wait for that. */
static void returning_waits_for_the_commit(void **state)
{
    int64_t id = -1, sum = -1;

    (void)state;
    assert_int_equal(sql_plain_add(db, 5, 12345, &id), NO_CONFLICT);
    assert_int_equal(sql_plain_later(db, 5, 12345, &id), NO_CONFLICT);
    assert_int_equal(id, -1);
    assert_int_equal(sql_plain_sum(db, &sum), YES);
    assert_int_equal(sum, 0);
    assert_int_equal(sql_plain_add(db, 5, 99, &id), YES);
    assert_int_equal(id, 1);
    assert_int_equal(sql_plain_sum(db, &sum), YES);
    assert_int_equal(sum, 5);
}

static void twice_is_a_conflict(void **state)
{
    (void)state;
    assert_int_equal(put(1, S("a")), YES);
    assert_int_equal(put(1, S("b")), NO_CONFLICT);
}

static void each_dialect_has_its_text(void **state)
{
    int64_t now = 0;

    (void)state;
    assert_int_equal(sql_now_ns(db, &now), YES);
    assert_true(now > INT64_C(1700000000000000000));
}

static int set_up(void **state)
{
    (void)state;
    return arena_init(&arena, ARENA_SIZE) && db_open(&db, ":memory:", DB_WRITER) == YES ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    db_close(db);
    arena_release(&arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_has_every_type),
        TEST(none_and_empty_text_differ),
        TEST(a_no_leaves_outputs_alone),
        TEST(many_grows),
        TEST(a_full_arena_says_so),
        TEST(each_stops_at_the_first_no),
        TEST(changed_counts),
        TEST(an_existing_struct_is_filled),
        TEST(returning_waits_for_the_commit),
        TEST(twice_is_a_conflict),
        TEST(each_dialect_has_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
