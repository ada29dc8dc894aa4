/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "policy_text.h"
#include "tlog_data.h"

static void golden_under_policies(void **state)
{
    static const struct {
        const char *pattern;
        no answer;
    } rows[] = {
        {"log @L\nwitness w @W\nquorum w\n", YES},
        {"log @L\nquorum none\n", YES},
        {"log @L\nwitness w @1\nquorum none\n", YES},
        {"log @L\nwitness w @1\nquorum w\n", NO_QUORUM_UNMET},
        {"log @L\nwitness w @W\nwitness x @1\ngroup g all w x\nquorum g\n", NO_QUORUM_UNMET},
        {"log @L\nwitness w @W\nwitness x @1\ngroup g any w x\nquorum g\n", YES},
        {"witness w @W\nquorum w\n", NO_NOTE_UNSIGNED},
        {"quorum none\n", NO_NOTE_UNSIGNED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct policy_verdict verdict = {.newest_s = 77};
        struct arena arena;

        arena_init_on(&arena, room, sizeof room);
        (void)parsed(&arena, rows[i].pattern);
        if (policy_check_checkpoint(&policy, S(GOLDEN_COSIGNED), &verdict) != rows[i].answer)
            fail_msg("row %zu", i);
        if (rows[i].answer != YES)
            assert_int_equal(verdict.newest_s, 77);
        else
            assert_int_equal(verdict.checkpoint.size, 3);
        assert_int_equal(policy_weigh_checkpoint(&policy, S(GOLDEN_COSIGNED), &verdict),
                         rows[i].answer == NO_QUORUM_UNMET ? YES : rows[i].answer);
        if (rows[i].answer != NO_NOTE_UNSIGNED)
            assert_int_equal(verdict.met, rows[i].answer == YES);
    }
}

/* A note over golden's text with lines of the witnesses 1 to 3 at the given times (0: none). */
static str note_at(struct arena *arena, const char *lines, const uint64_t *times, size_t n)
{
    struct buf out;

    buf_init(&out, arena, 0);
    buf_put(&out, S(GOLDEN_TEXT "\n"));
    buf_put(&out, str_of(lines));
    for (size_t i = 0; i < n; i++) {
        const struct sign_pair pair = golden_pair((uint8_t)(0x40 + 0x20 * (i % 3)));
        const struct note_key key = witness_key((int)(i % 3));

        if (times[i] > 0)
            assert_int_equal(note_cosign(&out, S(GOLDEN_TEXT), &key, &pair, times[i]), YES);
    }
    return buf_str(&out);
}

static void times_of_the_witnesses(void **state)
{
    /* w1 twice, the later first; w2 once; w3 not. */
    static const uint64_t times[] = {900, 500, 0, 300, 0, 0};
    struct policy_verdict verdict;
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    (void)parsed(&arena, "log @L\nwitness a @1\nwitness b @2\nwitness c @3\n"
                         "group g 2 a b c\nquorum g\n");
    const str note = note_at(&arena, GOLDEN_LINE, times, 6);

    assert_int_equal(policy_check_checkpoint(&policy, note, &verdict), YES);
    assert_int_equal(verdict.witnesses, 3);
    assert_int_equal(verdict.newest_s, 900);
    assert_int_equal(verdict.oldest_s, 500);
    assert_int_equal(verdict.time_s[0], 900);
    assert_int_equal(verdict.time_s[1], 500);
    assert_int_equal(verdict.time_s[2], 0);
    /* Only those after 600: too few. */
    assert_false(policy_met(&policy, 1));

    (void)parsed(&arena, "log @L\nwitness c @3\nquorum none\n");
    assert_int_equal(policy_check_checkpoint(&policy, note, &verdict), YES);
    assert_int_equal(verdict.witnesses, 0);
    assert_int_equal(verdict.newest_s, 0);
    assert_int_equal(verdict.oldest_s, 0);

    (void)parsed(&arena, "log @L\nwitness a @1\nwitness b @2\nwitness c @3\nquorum none\n");
    const uint64_t mixed[] = {100, 300, 200};

    assert_int_equal(
        policy_check_checkpoint(&policy, note_at(&arena, GOLDEN_LINE, mixed, 3), &verdict), YES);
    assert_int_equal(verdict.witnesses, 7);
    assert_int_equal(verdict.newest_s, 300);
    assert_int_equal(verdict.oldest_s, 100);
}

/* A register of the policy that is not the checkpoint's cannot vouch for it; nor can a witness. */
static void only_the_register_itself_signs(void **state)
{
    const struct sign_pair pair = golden_pair(GOLDEN_SEED), second = golden_pair(0x40);
    struct note_key key, rotated;
    struct policy_verdict verdict;
    struct arena arena;
    struct buf note, text;
    unsigned line;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    assert_int_equal(note_key_make(S("other.example/log"), NOTE_ED25519, second.public_key, &key),
                     YES);
    buf_init(&text, &arena, 0);
    buf_put(&text, S("quorum none\nlog " GOLDEN_VKEY "\nlog "));
    note_key_put(&text, &key);
    buf_put_char(&text, '\n');
    assert_int_equal(policy_parse(buf_str(&text), &policy, &line), YES);
    buf_init(&note, &arena, 0);
    buf_put(&note, S(GOLDEN_TEXT "\n"));
    assert_int_equal(note_sign(&note, S(GOLDEN_TEXT), &key, &second), YES);
    assert_int_equal(policy_check_checkpoint(&policy, buf_str(&note), &verdict), NO_NOTE_UNSIGNED);
    buf_put(&note, S(GOLDEN_LINE));
    assert_int_equal(policy_check_checkpoint(&policy, buf_str(&note), &verdict), YES);

    /* A new key beside the old one, under the same name: either is enough, both are checked. */
    assert_int_equal(
        note_key_make(S("coop.example/log"), NOTE_ED25519, second.public_key, &rotated), YES);
    buf_clear(&text);
    buf_put(&text, S("quorum none\nlog " GOLDEN_VKEY "\nlog "));
    note_key_put(&text, &rotated);
    buf_put_char(&text, '\n');
    assert_int_equal(policy_parse(buf_str(&text), &policy, &line), YES);
    assert_int_equal(policy_check_checkpoint(&policy, S(GOLDEN_NOTE), &verdict), YES);
    buf_clear(&note);
    buf_put(&note, S(GOLDEN_TEXT "\n"));
    assert_int_equal(note_sign(&note, S(GOLDEN_TEXT), &rotated, &second), YES);
    assert_int_equal(policy_check_checkpoint(&policy, buf_str(&note), &verdict), YES);
    buf_put(&note, S(GOLDEN_LINE));
    assert_int_equal(policy_check_checkpoint(&policy, buf_str(&note), &verdict), YES);
    buf_put(&note, S("\xe2\x80\x94 coop.example/log 4kmjgwAA\n"));
    assert_int_equal(policy_check_checkpoint(&policy, buf_str(&note), &verdict), NO_SIGNATURE_BAD);
    (void)pair;
}

static void what_cannot_be_weighed(void **state)
{
    const struct sign_pair pair = golden_pair(GOLDEN_SEED);
    const struct note_key key = golden_key(GOLDEN_VKEY);
    struct policy_verdict verdict;
    struct arena arena;
    struct buf note;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    (void)parsed(&arena, "log @L\nwitness w @W\nquorum none\n");
    assert_int_equal(policy_check_checkpoint(&policy, S(GOLDEN_TEXT), &verdict), NO_NOTE_MALFORMED);
    buf_init(&note, &arena, 0);
    buf_put(&note, S("coop.example/log\nthree\n\n"));
    assert_int_equal(note_sign(&note, S("coop.example/log\nthree\n"), &key, &pair), YES);
    assert_int_equal(policy_check_checkpoint(&policy, buf_str(&note), &verdict),
                     NO_CHECKPOINT_MALFORMED);
    assert_int_equal(policy_check_checkpoint(&policy,
                                             S(GOLDEN_NOTE "\xe2\x80\x94 coop2.example/witness "
                                                           "tB6/OwAA\n"),
                                             &verdict),
                     NO_SIGNATURE_BAD);
}

static void logs_of_600_entries(void **state)
{
    static const char *const logs[] = {"synth-600", "synth-600-fork"};
    struct policy_verdict verdicts[2];
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    for (int i = 0; i < 2; i++) {
        char path[64];
        struct buf text;
        str key, rest;
        unsigned line;

        (void)snprintf(path, sizeof path, "logs/%s/keys.txt", logs[i]);
        rest = tlog_file(&arena, path);
        buf_init(&text, &arena, 0);
        (void)str_cut(rest, '\n', &key, &rest);
        buf_printf(&text, "log %.*s\n", (int)key.len, key.ptr);
        for (int w = 1; w <= 3; w++) {
            (void)str_cut(str_trim(rest), '\n', &key, &rest);
            buf_printf(&text, "witness w%d %.*s\n", w, (int)key.len, key.ptr);
        }
        buf_put(&text, S("group g all w1 w2 w3\nquorum g\n"));
        assert_int_equal(policy_parse(buf_str(&text), &policy, &line), YES);
        (void)snprintf(path, sizeof path, "logs/%s/checkpoint", logs[i]);
        assert_int_equal(policy_check_checkpoint(&policy, tlog_file(&arena, path), &verdicts[i]),
                         YES);
        assert_int_equal(verdicts[i].checkpoint.size, 600);
        assert_int_equal(verdicts[i].newest_s, GOLDEN_TIME);
    }
    /* Both are good notes: a fork is seen only side by side. */
    assert_memory_not_equal(verdicts[0].checkpoint.root, verdicts[1].checkpoint.root, HASH_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_under_policies),
        cmocka_unit_test(times_of_the_witnesses),
        cmocka_unit_test(only_the_register_itself_signs),
        cmocka_unit_test(what_cannot_be_weighed),
        cmocka_unit_test(logs_of_600_entries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
