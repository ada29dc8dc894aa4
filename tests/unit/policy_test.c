/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "policy_text.h"

static struct policy other;

/* --- reading --------------------------------------------------------------------------------- */

#define WHOLE                                            \
    "# whom we trust\n"                                  \
    "\n"                                                 \
    "log @L https://coop.example/log\n"                  \
    " \t# \xff is no UTF-8, and may stand here\n"        \
    "witness east @W\n"                                  \
    "\twitness  w1\t@1 \thttps://w1.example/\xc3\xa9 \n" \
    "witness w2 @2\n"                                    \
    "group north any w1 w2\n"                            \
    "witness \xe2\x84\xaa @3\n"                          \
    "group all-of-us 2 east north \xe2\x84\xaa\n"        \
    "quorum all-of-us\n"

static void whole_is_read(void **state)
{
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    (void)parsed(&arena, WHOLE);
    assert_int_equal(policy.logs_n, 1);
    assert_str(policy.logs[0].key.name, "coop.example/log");
    assert_str(policy.logs[0].url, "https://coop.example/log");
    assert_int_equal(policy.witnesses_n, 4);
    assert_str(policy.witnesses[0].name, "east");
    assert_str(policy.witnesses[0].key.name, "coop2.example/witness");
    assert_int_equal(policy.witnesses[0].url.len, 0);
    assert_str(policy.witnesses[1].url, "https://w1.example/\xc3\xa9");
    assert_str(policy.witnesses[3].name, "\xe2\x84\xaa");
    assert_int_equal(policy.groups_n, 2);
    assert_int_equal(policy.groups[0].witnesses, 6);
    assert_int_equal(policy.groups[0].needed, 1);
    assert_int_equal(policy.groups[1].witnesses, 9);
    assert_int_equal(policy.groups[1].groups, 1);
    assert_int_equal(policy.groups[1].needed, 2);
    assert_int_equal(policy.quorum, POLICY_GROUP);
    assert_int_equal(policy.quorum_at, 1);
}

/* One wrong line each, and its number. */
static void refuses(void **state)
{
    static const struct {
        unsigned line;
        const char *pattern;
        no answer;
    } rows[] = {
        {0, "", NO_POLICY_MALFORMED},
        {0, "log @L\nwitness w @W\n", NO_POLICY_MALFORMED},
        {2, "log @L\nquorum none", NO_POLICY_MALFORMED},
        {1, "log\nquorum none\n", NO_KEY_MALFORMED},
        {1, "log coop.example/log\nquorum none\n", NO_KEY_MALFORMED},
        {1, "log a+b1a2b3c4+BgAAAA==\nquorum none\n", NO_KEY_KIND_UNKNOWN},
        {1, "log @W\nquorum none\n", NO_POLICY_MALFORMED},
        {1, "log @L u u\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "log @L\nlog @L\nquorum none\n", NO_POLICY_MALFORMED},
        {1, "witness w @L\nquorum none\n", NO_POLICY_MALFORMED},
        {1, "witness w\nquorum none\n", NO_KEY_MALFORMED},
        {1, "witness @W\nquorum none\n", NO_KEY_MALFORMED},
        {1, "witness none @W\nquorum none\n", NO_POLICY_MALFORMED},
        {1, "witness w @W u u\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\nwitness w @1\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\nwitness v @W\nquorum none\n", NO_POLICY_MALFORMED},
        {3, "witness w @W\ngroup g any w\nwitness g @1\nquorum w\n", NO_POLICY_MALFORMED},
        {1, "group\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g any\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g all\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g 0 w\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g 2 w\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g 01 w\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g 4294967297 w\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g some w\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup none any w\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup w any w\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g any none\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g any g\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "witness w @W\ngroup g any w w\nquorum none\n", NO_POLICY_MALFORMED},
        {1, "group g any w\nwitness w @W\nquorum none\n", NO_POLICY_MALFORMED},
        {3, "witness w @W\ngroup g any w\ngroup h any w\nquorum g\n", NO_POLICY_MALFORMED},
        {4, "witness w @W\ngroup g any w\ngroup h any g\ngroup i any g\nquorum g\n",
         NO_POLICY_MALFORMED},
        {3, "witness w @W\ngroup g any w\ngroup g any w\nquorum g\n", NO_POLICY_MALFORMED},
        {1, "quorum\n", NO_POLICY_MALFORMED},
        {1, "quorum w\nwitness w @W\n", NO_POLICY_MALFORMED},
        {1, "quorum none none\n", NO_POLICY_MALFORMED},
        {2, "quorum none\nquorum none\n", NO_POLICY_MALFORMED},
        {1, "Quorum none\n", NO_POLICY_MALFORMED},
        {1, "quorum none\r\n", NO_POLICY_MALFORMED},
        {1, "quorum none # later\n", NO_POLICY_MALFORMED},
        {1, "# \x7f\nquorum none\n", NO_POLICY_MALFORMED},
        {1, "# \x01\nquorum none\n", NO_POLICY_MALFORMED},
        {2, "\nsomething else\nquorum none\n", NO_POLICY_MALFORMED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena;
        unsigned line = 77;

        arena_init_on(&arena, room, sizeof room);
        policy.logs_n = 99;
        const no answer = policy_parse(text_of(&arena, rows[i].pattern), &policy, &line);

        if (answer != rows[i].answer || line != rows[i].line)
            fail_msg("row %zu: %s, line %u", i, no_line(answer)->name, line);
        assert_int_equal(policy.logs_n, 99);
    }
}

/* 64 witnesses and 32 groups; one more of each is refused. */
static void bounds(void **state)
{
    struct arena arena;
    struct buf out;
    unsigned line;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    buf_init(&out, &arena, 0);
    for (int i = 0; i <= POLICY_WITNESSES_MAX; i++) {
        uint8_t public_key[SIGN_KEY_SIZE] = {(uint8_t)i, 1};
        struct note_key key;

        assert_int_equal(note_key_make(S("w"), NOTE_COSIGNATURE, public_key, &key), YES);
        buf_printf(&out, "witness w%d ", i);
        note_key_put(&out, &key);
        buf_put_char(&out, '\n');
        const size_t len = out.len;

        buf_put(&out, S("quorum none\n"));
        assert_int_equal(policy_parse(buf_str(&out), &policy, &line),
                         i < POLICY_WITNESSES_MAX ? YES : NO_POLICY_MALFORMED);
        out.len = len;
    }
    assert_int_equal(line, POLICY_WITNESSES_MAX + 1);
    buf_clear(&out);
    buf_put(&out, S("witness g0 "));
    const struct note_key first = witness_key(0);

    note_key_put(&out, &first);
    buf_put_char(&out, '\n');
    for (int i = 1; i <= POLICY_GROUPS_MAX + 1; i++) {
        buf_printf(&out, "group g%d any g%d\n", i, i - 1);
        const size_t len = out.len;

        buf_printf(&out, "quorum g%d\n", i);
        assert_int_equal(policy_parse(buf_str(&out), &policy, &line),
                         i <= POLICY_GROUPS_MAX ? YES : NO_POLICY_MALFORMED);
        out.len = len;
    }
    assert_true(policy_met(&policy, 1));
    assert_false(policy_met(&policy, 2));
    buf_clear(&out);
    buf_put(&out, S("quorum none\n#"));
    while (out.len < POLICY_SIZE_MAX - 1)
        buf_put_char(&out, '#');
    buf_put_char(&out, '\n');
    assert_int_equal(policy_parse(buf_str(&out), &policy, &line), YES);
    buf_put_char(&out, '\n');
    assert_int_equal(policy_parse(buf_str(&out), &policy, &line), NO_POLICY_MALFORMED);
    assert_int_equal(line, 0);
}

static void many_registers(void **state)
{
    struct arena arena;
    struct buf out;
    unsigned line;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    buf_init(&out, &arena, 0);
    buf_put(&out, S("quorum none\n"));
    for (int i = 0; i <= POLICY_LOGS_MAX; i++) {
        const uint8_t public_key[SIGN_KEY_SIZE] = {(uint8_t)i, 2};
        struct note_key key;

        assert_int_equal(note_key_make(S("log"), NOTE_ED25519, public_key, &key), YES);
        buf_put(&out, S("log "));
        note_key_put(&out, &key);
        buf_put_char(&out, '\n');
        assert_int_equal(policy_parse(buf_str(&out), &policy, &line),
                         i < POLICY_LOGS_MAX ? YES : NO_POLICY_MALFORMED);
    }
}

/* --- deciding -------------------------------------------------------------------------------- */

/* Every set of four witnesses against the words of the policy. */
static void quorums(void **state)
{
#define FOUR "witness a @W\nwitness b @1\nwitness c @2\nwitness d @3\n"
    static const struct {
        const char *pattern;
        uint16_t met; /* bit n: when the witnesses of the bits of n have signed */
    } rows[] = {
        {FOUR "quorum none\n", 0xffff},
        {FOUR "quorum a\n", 0xaaaa},
        {FOUR "quorum d\n", 0xff00},
        {FOUR "group g any a b c d\nquorum g\n", 0xfffe},
        {FOUR "group g 1 a b c d\nquorum g\n", 0xfffe},
        {FOUR "group g all a b c d\nquorum g\n", 0x8000},
        {FOUR "group g 4 a b c d\nquorum g\n", 0x8000},
        {FOUR "group g 2 a b c d\nquorum g\n", 0xfee8},
        {FOUR "group g 3 a b c d\nquorum g\n", 0xe880},
        {FOUR "group g any a b\ngroup h all c d\ngroup i all g h\nquorum i\n", 0xe000},
        {FOUR "group g any a b\ngroup h all c d\ngroup i any g h\nquorum i\n", 0xfeee | 0x1000},
        {FOUR "group g all a b\ngroup h 2 g c d\nquorum h\n", 0xf000 | 0x0880 | 0x8000},
        {FOUR "group g any a b\ngroup h all c d\nquorum g\n", 0xeeee},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena;
        uint16_t met = 0;

        arena_init_on(&arena, room, sizeof room);
        (void)parsed(&arena, rows[i].pattern);
        for (uint64_t set = 0; set < 16; set++)
            met |= (uint16_t)(policy_met(&policy, set) << set);
        if (met != rows[i].met)
            fail_msg("row %zu: %04x", i, met);
    }
}

/* --- flips ----------------------------------------------------------------------------------- */

static bool same_policy(const struct policy *a, const struct policy *b)
{
    bool same = a->logs_n == b->logs_n && a->witnesses_n == b->witnesses_n &&
                a->groups_n == b->groups_n && a->quorum == b->quorum &&
                a->quorum_at == b->quorum_at;

    for (size_t i = 0; same && i < a->logs_n; i++)
        same = str_eq(a->logs[i].key.name, b->logs[i].key.name) &&
               memcmp(a->logs[i].key.public_key, b->logs[i].key.public_key, 32) == 0;
    for (size_t i = 0; same && i < a->witnesses_n; i++)
        same = str_eq(a->witnesses[i].key.name, b->witnesses[i].key.name) &&
               memcmp(a->witnesses[i].key.public_key, b->witnesses[i].key.public_key, 32) == 0;
    for (size_t i = 0; same && i < a->groups_n; i++)
        same = a->groups[i].witnesses == b->groups[i].witnesses &&
               a->groups[i].groups == b->groups[i].groups &&
               a->groups[i].needed == b->groups[i].needed;
    return same;
}

/* Every bit of a policy: refused, of no meaning (comments, addresses), or no longer satisfied by
 * what satisfied it. Nothing becomes enough that was too little. */
static void flips_never_loosen(void **state)
{
    struct policy_verdict verdict;
    struct arena arena;
    size_t refused = 0, neutral = 0, stricter = 0;
    unsigned line;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    const str enough = parsed(&arena, "# trusted\nlog @L http://l\nwitness a @W http://w\n"
                                      "witness b @1\nwitness c @2\ngroup g 1 a b c\nquorum g\n");
    char *bytes = arena_take(&arena, enough.len);

    memcpy(bytes, enough.ptr, enough.len);
    for (size_t bit = 0; bit < 8 * enough.len; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        const no answer = policy_parse((str){bytes, enough.len}, &other, &line);

        if (answer != YES)
            refused++;
        else if (same_policy(&policy, &other))
            neutral++;
        else if (policy_check_checkpoint(&other, S(GOLDEN_COSIGNED), &verdict) != YES)
            stricter++;
        else
            fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
    print_message("policy: %zu refused, %zu neutral, %zu stricter\n", refused, neutral, stricter);
    assert_true(refused > 0 && neutral > 0 && stricter > 0);

    const str short_of = parsed(&arena, "log @L\nwitness a @W\nwitness b @1\nwitness c @2\n"
                                        "group g 2 a b c\ngroup h all g\nquorum h\n");

    bytes = arena_take(&arena, short_of.len);
    memcpy(bytes, short_of.ptr, short_of.len);
    for (size_t bit = 0; bit < 8 * short_of.len; bit++) {
        bytes[bit / 8] ^= (char)(1 << bit % 8);
        if (policy_parse((str){bytes, short_of.len}, &other, &line) == YES)
            assert_int_not_equal(policy_check_checkpoint(&other, S(GOLDEN_COSIGNED), &verdict),
                                 YES);
        bytes[bit / 8] ^= (char)(1 << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_is_read), cmocka_unit_test(refuses),
        cmocka_unit_test(bounds),        cmocka_unit_test(many_registers),
        cmocka_unit_test(quorums),       cmocka_unit_test(flips_never_loosen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
