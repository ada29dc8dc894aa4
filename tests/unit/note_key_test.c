/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "golden.h"
#include "tlog_data.h"

#include "wire/note.h"

static char room[1 << 20];

static void names(void **state)
{
    static const struct {
        const char *name;
        bool valid;
    } rows[] = {
        {"coop.example/log", true},
        {"caf\xc3\xa9.example", true},
        {"\xe2\x80\x94", true},
        {"a\x7f", true},
        {"\xe2\x80\x8b", true}, /* U+200B is no blank */
        {"", false},
        {"a+b", false},
        {"a b", false},
        {"a\nb", false},
        {"a\tb", false},
        {"a\x1f", false},
        {"a\xc2\x85", false},
        {"a\xc2\xa0", false},
        {"\xe1\x9a\x80", false},
        {"\xe2\x80\x80", false},
        {"\xe2\x80\x8a", false},
        {"\xe2\x80\xa8", false},
        {"\xe2\x80\xa9", false},
        {"\xe2\x80\xaf", false},
        {"\xe2\x81\x9f", false},
        {"\xe3\x80\x80", false},
        {"a\xff", false},
        {"\xed\xa0\x80", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (note_name_valid(str_of(rows[i].name)) != rows[i].valid)
            fail_msg("row %zu", i);
}

static void golden_keys(void **state)
{
    static const char *const vkeys[] = {GOLDEN_VKEY, GOLDEN_WITNESS_VKEY};
    static const enum note_key_type types[] = {NOTE_ED25519, NOTE_COSIGNATURE};

    (void)state;
    for (int i = 0; i < 2; i++) {
        const struct sign_pair pair = golden_pair(i == 0 ? GOLDEN_SEED : GOLDEN_WITNESS_SEED);
        const struct note_key key = golden_key(vkeys[i]);
        struct note_key made;
        struct arena arena;
        struct buf out;

        arena_init_on(&arena, room, sizeof room);
        buf_init(&out, &arena, 0);
        assert_int_equal(key.type, types[i]);
        assert_memory_equal(key.public_key, pair.public_key, SIGN_KEY_SIZE);
        assert_int_equal(note_key_make(key.name, types[i], pair.public_key, &made), YES);
        assert_int_equal(made.id, key.id);
        note_key_put(&out, &made);
        assert_str(buf_str(&out), vkeys[i]);
    }
}

static void every_flip_of_a_key_is_refused(void **state)
{
    char text[] = GOLDEN_VKEY;
    const size_t len = strlen(text);

    (void)state;
    for (size_t bit = 0; bit < 8 * len; bit++) {
        struct note_key key = {.id = 77};

        text[bit / 8] ^= (char)(1 << bit % 8);
        const no answer = note_key_parse((str){text, len}, &key);

        assert_true(answer == NO_KEY_MALFORMED || answer == NO_KEY_KIND_UNKNOWN);
        assert_int_equal(key.id, 77);
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (size_t cut = 0; cut < len; cut++)
        assert_int_not_equal(note_key_parse((str){text, cut}, &(struct note_key){.id = 0}), YES);
}

static void keys_refused(void **state)
{
    static const struct {
        const char *vkey;
        no answer;
    } rows[] = {
        {"coop.example/log+E249A383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
         NO_KEY_MALFORMED},
        {"coop.example/log+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4\n",
         NO_KEY_MALFORMED},
        {"coop.example/log+e249a383", NO_KEY_MALFORMED},
        {"coop.example/log+e249a383+", NO_KEY_MALFORMED},
        {"coop.example/log+e249a383+AQ==", NO_KEY_MALFORMED},
        {"coop.example/log+e249a383+AQOh", NO_KEY_MALFORMED},
        {"coop.example/log+e249a383+BgAAAA==", NO_KEY_KIND_UNKNOWN},
        {"+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4", NO_KEY_MALFORMED},
    };
    const struct sign_pair pair = golden_pair(GOLDEN_SEED);
    struct note_key key;
    char name[NOTE_NAME_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(note_key_parse(str_of(rows[i].vkey), &key), rows[i].answer);
    memset(name, 'n', sizeof name);
    assert_int_equal(note_key_make((str){name, NOTE_NAME_MAX}, NOTE_ED25519, pair.public_key, &key),
                     YES);
    assert_int_equal(
        note_key_make((str){name, NOTE_NAME_MAX + 1}, NOTE_ED25519, pair.public_key, &key),
        NO_KEY_MALFORMED);
}

static void public_vkeys(void **state)
{
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    struct tlog_rows rows = tlog_open(&arena, "vkey");

    while (tlog_next(&rows)) {
        const str vkey = tlog_text(&rows, "vkey");
        const bool wanted = str_eq(tlog_text(&rows, "expect"), S("accept"));
        struct note_key key;
        struct buf out;

        assert_int_equal(note_key_parse(vkey, &key) == YES, wanted);
        if (!wanted)
            continue;
        assert_int_equal(key.type, json_int_of(rows.row, S("type"), NOTE_ED25519));
        buf_init(&out, &arena, 0);
        note_key_put(&out, &key);
        assert_true(str_eq(buf_str(&out), vkey));
    }
    assert_int_equal(rows.count, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(golden_keys),
        cmocka_unit_test(every_flip_of_a_key_is_refused),
        cmocka_unit_test(keys_refused),
        cmocka_unit_test(public_vkeys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
