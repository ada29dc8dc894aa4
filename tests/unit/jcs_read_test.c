/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Reading the register's entries once they are checked.
 */
#include "cm.h"

#include "wire/jcs.h"

static struct arena arena;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 8u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

static const char sample_text[] =
    "{\"a\":{\"k\":\"inner\"},\"at\":1767225600,\"cs\":[\"00ff\",\"00FF\"],"
    "\"id\":\"00112233445566778899aabbccddeeff\",\"k\":\"txn\",\"ok\":true,"
    "\"t\":\"l\\n\\\"\\u0000\\u001f\\\\n\",\"v\":1}";
static const str sample = {sample_text, sizeof sample_text - 1};

static void members_are_read(void **state)
{
    const struct jcs root = jcs_root(sample);
    struct jcs list = jcs_get(root, S("cs")), value;
    struct jcs_walk walk = {.of = list};
    uint8_t bytes[2] = {7, 7};
    int64_t number = 5;
    bool truth = false;
    str text = S("old"), name;

    (void)state;
    assert_int_equal(jcs_entry_check(sample), YES);
    assert_true(jcs_plain(jcs_get(root, S("k")), &text));
    assert_str(text, "txn");
    assert_true(jcs_plain(jcs_get(jcs_get(root, S("a")), S("k")), &text));
    assert_str(text, "inner");
    assert_true(jcs_int(jcs_get(root, S("at")), &number));
    assert_int_equal(number, 1767225600);
    assert_true(jcs_bool(jcs_get(root, S("ok")), &truth));
    assert_true(truth);
    /* Escapes are undone, and only where there is an arena. */
    assert_false(jcs_plain(jcs_get(root, S("t")), &text));
    assert_true(jcs_text(jcs_get(root, S("t")), &arena, &text));
    assert_true(str_eq(text, (str){"l\n\"\0\x1f\\n", 7}));
    assert_true(jcs_text(jcs_get(root, S("k")), &arena, &text));
    assert_ptr_equal(text.ptr, jcs_get(root, S("k")).written.ptr + 1);
    /* Another kind leaves what was there. */
    assert_false(jcs_int(jcs_get(root, S("k")), &number));
    assert_false(jcs_int(jcs_get(root, S("none")), &number));
    assert_false(jcs_bool(jcs_get(root, S("at")), &truth));
    assert_false(jcs_plain(jcs_get(root, S("at")), &text));
    assert_false(jcs_text(list, &arena, &text));
    assert_int_equal(number, 1767225600);
    assert_int_equal(jcs_get(list, S("k")).kind, JCS_NONE);
    assert_int_equal(jcs_get(jcs_get(root, S("at")), S("k")).kind, JCS_NONE);
    /* Lists; hexadecimal in small letters and of the right length only. */
    assert_int_equal(list.kind, JCS_LIST);
    assert_true(jcs_next(&walk, &name, &value));
    assert_false(jcs_hex(value, bytes, 1));
    assert_true(jcs_hex(value, bytes, 2));
    assert_memory_equal(bytes, "\x00\xff", 2);
    assert_true(jcs_next(&walk, &name, &value));
    assert_false(jcs_hex(value, bytes, 2));
    assert_false(jcs_next(&walk, &name, &value));
    walk = (struct jcs_walk){.of = jcs_get(root, S("at"))};
    assert_false(jcs_next(&walk, &name, &value));
}

static void a_full_arena_is_told(void **state)
{
    _Alignas(16) char block[16];
    struct arena small;
    str text = S("old");

    (void)state;
    arena_init_on(&small, block, sizeof block);
    assert_true(jcs_text(jcs_get(jcs_root(S("{\"a\":\"\\n0123456789012345678901\"}")), S("a")),
                         &small, &text));
    assert_int_equal(text.len, 0);
    assert_true(arena_overflowed(&small));
}

static void heads_are_read(void **state)
{
    static const struct {
        const char *entry;
        no wanted;
    } cases[] = {
#define ID "\"id\":\"00112233445566778899aabbccddeeff\""
        {"{\"at\":0," ID ",\"k\":\"a\",\"v\":1}", YES},
        {"{\"at\":1," ID ",\"k\":\"a_2\",\"v\":1}", YES},
        {"{}", NO_ENTRY_NOT_CANONICAL},
        {"{" ID ",\"k\":\"a\",\"v\":1}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":-1," ID ",\"k\":\"a\",\"v\":1}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":\"1\"," ID ",\"k\":\"a\",\"v\":1}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1,\"k\":\"a\",\"v\":1}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1,\"id\":\"0011\",\"k\":\"a\",\"v\":1}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1,\"id\":\"00112233445566778899AABBCCDDEEFF\",\"k\":\"a\",\"v\":1}",
         NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1," ID ",\"v\":1}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1," ID ",\"k\":\"\",\"v\":1}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1," ID ",\"k\":\"A\",\"v\":1}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1," ID ",\"k\":\"a23456789012345678901234567890123\",\"v\":1}",
         NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1," ID ",\"k\":\"a\"}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1," ID ",\"k\":\"a\",\"v\":2}", NO_ENTRY_NOT_CANONICAL},
        {"{\"at\":1," ID ",\"k\":\"a\",\"v\":true}", NO_ENTRY_NOT_CANONICAL},
#undef ID
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct jcs_head head = {.at = 77};

        assert_int_equal(jcs_entry_check(str_of(cases[i].entry)), YES);
        if (jcs_head_read(str_of(cases[i].entry), &head) != cases[i].wanted)
            fail_msg("%s", cases[i].entry);
        assert_int_equal(head.at == 77, cases[i].wanted != YES);
    }
    struct jcs_head head;

    assert_int_equal(jcs_head_read(sample, &head), YES);
    assert_str(head.kind, "txn");
    assert_int_equal(head.at, 1767225600);
    assert_memory_equal(head.id, "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff",
                        16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(members_are_read, fresh),
        cmocka_unit_test(a_full_arena_is_told),
        cmocka_unit_test(heads_are_read),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
