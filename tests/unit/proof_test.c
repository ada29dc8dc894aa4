/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "golden.h"
#include "tlog_data.h"

#include "rules/tree.h"
#include "wire/policy.h"
#include "wire/proof.h"

static char room[4 << 20];

#define HEAD "c2sp.org/tlog-proof@v1\n"
/* Leaf 0 is what stands before entry 1, then leaf 2. */
#define SIDES                                        \
    "fsRk/KKB3mnnooxqBgFQ6GxwYln98uHQfT4VTmAnUXA=\n" \
    "TQ+0q5dk5p2mIsMbTMbvCye0mNw5NV6AmO3FoMWVocY=\n"
#define GOLDEN_FILE HEAD "index 1\n" SIDES "\n" GOLDEN_COSIGNED
#define LEAF_1 "ba6ea076cd13fb8dc1cd85462b9329c0f173f24a35ac4dd419667c807f782965"

static const char golden_policy[] =
    "log " GOLDEN_VKEY "\nwitness w " GOLDEN_WITNESS_VKEY "\nquorum w\n";

static struct policy policy;

static str write_again(struct arena *arena, const struct proof *proof)
{
    struct buf out;

    buf_init(&out, arena, 0);
    proof_put(&out, proof);
    assert_false(buf_failed(&out));
    return buf_str(&out);
}

/* What a member's program does with a file: read it, weigh the checkpoint, climb to the root. */
static no check_file(str bytes, const struct tree_hash *leaf)
{
    struct hash_sha256_ctx sha;
    struct policy_verdict verdict;
    struct proof proof;
    struct tree_hash sides[PROOF_HASHES_MAX], root;

    TRY(proof_parse(bytes, &proof));
    TRY(policy_check_checkpoint(&policy, proof.note, &verdict));
    for (size_t i = 0; i < proof.hashes_n; i++)
        memcpy(sides[i].bytes, proof.hashes[i], HASH_SIZE);
    memcpy(root.bytes, verdict.checkpoint.root, HASH_SIZE);
    hash_sha256_init(&sha);
    const no answer = tree_inclusion_verify(&sha, proof.index, verdict.checkpoint.size, leaf, sides,
                                            proof.hashes_n, &root);

    hash_sha256_release(&sha);
    return answer;
}

static int set_up(void **state)
{
    unsigned line;

    (void)state;
    return policy_parse(str_of(golden_policy), &policy, &line) == YES ? 0 : -1;
}

static struct tree_hash golden_leaf(void)
{
    struct tree_hash leaf;

    assert_true(str_unhex(S(LEAF_1), leaf.bytes, HASH_SIZE));
    return leaf;
}

static void golden_is_read_written_and_holds(void **state)
{
    const struct tree_hash leaf = golden_leaf();
    struct arena arena;
    struct proof proof;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    assert_int_equal(proof_parse(S(GOLDEN_FILE), &proof), YES);
    assert_int_equal(proof.index, 1);
    assert_int_equal(proof.hashes_n, 2);
    assert_int_equal(proof.extra.len, 0);
    assert_str(proof.note, GOLDEN_COSIGNED);
    assert_str(write_again(&arena, &proof), GOLDEN_FILE);
    assert_int_equal(check_file(S(GOLDEN_FILE), &leaf), YES);
}

static void every_flip_of_a_file_is_noticed(void **state)
{
    const struct tree_hash leaf = golden_leaf();
    char text[] = GOLDEN_FILE;
    size_t malformed = 0, broken = 0;

    (void)state;
    for (size_t bit = 0; bit < 8 * (sizeof text - 1); bit++) {
        text[bit / 8] ^= (char)(1 << bit % 8);
        const no answer = check_file((str){text, sizeof text - 1}, &leaf);

        if (answer == YES)
            fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
        malformed += answer == NO_PROOF_MALFORMED;
        broken += answer == NO_PROOF_DOES_NOT_HOLD;
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_true(malformed > 0 && broken > 0);
    for (size_t cut = 0; cut < sizeof text - 1; cut++)
        assert_int_not_equal(check_file((str){text, cut}, &leaf), YES);
}

static void another_leaf_does_not_hold(void **state)
{
    struct tree_hash leaf = golden_leaf();

    (void)state;
    leaf.bytes[31] ^= 1;
    assert_int_equal(check_file(S(GOLDEN_FILE), &leaf), NO_PROOF_DOES_NOT_HOLD);
}

static void forms(void **state)
{
    static const struct {
        const char *text;
        no answer;
    } rows[] = {
        {HEAD "index 0\n\nx", YES},
        {HEAD "extra QQ==\nindex 0\n" SIDES "\nx\n", YES},
        {HEAD "index 9223372036854775807\n\nx", YES},
        {HEAD "index 9223372036854775808\n\nx", NO_PROOF_MALFORMED},
        {HEAD "extra \nindex 0\n\nx", NO_PROOF_MALFORMED},
        {HEAD "extra\nindex 0\n\nx", NO_PROOF_MALFORMED},
        {HEAD "extra QR==\nindex 0\n\nx", NO_PROOF_MALFORMED},
        {HEAD "extra QQ==\nextra QQ==\nindex 0\n\nx", NO_PROOF_MALFORMED},
        {HEAD "extra QQ==\n\nx", NO_PROOF_MALFORMED},
        {HEAD "index 0\nextra QQ==\n\nx", NO_PROOF_MALFORMED},
        {HEAD "index 00\n\nx", NO_PROOF_MALFORMED},
        {HEAD "index  0\n\nx", NO_PROOF_MALFORMED},
        {HEAD "index 0 \n\nx", NO_PROOF_MALFORMED},
        {HEAD "index\n\nx", NO_PROOF_MALFORMED},
        {HEAD "index 0\n\n", NO_PROOF_MALFORMED},
        {HEAD "index 0\n" SIDES, NO_PROOF_MALFORMED},
        {HEAD "index 0\n" SIDES "x\n\nx", NO_PROOF_MALFORMED},
        {HEAD "\nindex 0\n\nx", NO_PROOF_MALFORMED},
        {HEAD, NO_PROOF_MALFORMED},
        {"", NO_PROOF_MALFORMED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct proof proof = {.index = 77};
        struct arena arena;

        if (proof_parse(str_of(rows[i].text), &proof) != rows[i].answer)
            fail_msg("row %zu", i);
        arena_init_on(&arena, room, sizeof room);
        if (rows[i].answer == YES)
            assert_str(write_again(&arena, &proof), rows[i].text);
        else
            assert_int_equal(proof.index, 77);
    }
}

static void bounds(void **state)
{
    struct arena arena;
    struct buf out;
    struct proof proof;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    buf_init(&out, &arena, 0);
    buf_put(&out, S(HEAD "index 0\n"));
    for (int i = 0; i < PROOF_HASHES_MAX; i++)
        buf_put(&out, S("qFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=\n"));
    const size_t len = out.len;

    buf_put(&out, S("\nnote\n"));
    assert_int_equal(proof_parse(buf_str(&out), &proof), YES);
    assert_int_equal(proof.hashes_n, PROOF_HASHES_MAX);
    out.len = len;
    buf_put(&out, S("qFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=\n\nnote\n"));
    assert_int_equal(proof_parse(buf_str(&out), &proof), NO_PROOF_MALFORMED);
    buf_clear(&out);
    buf_put(&out, S(HEAD "index 0\n\n"));
    while (out.len < PROOF_SIZE_MAX)
        buf_put_char(&out, 'x');
    assert_int_equal(proof_parse(buf_str(&out), &proof), YES);
    buf_put_char(&out, 'x');
    assert_int_equal(proof_parse(buf_str(&out), &proof), NO_PROOF_MALFORMED);
}

static void public_files(void **state)
{
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    struct tlog_rows rows = tlog_open(&arena, "tlog-proof-parse");

    while (tlog_next(&rows)) {
        const str id = tlog_text(&rows, "id");
        const str bytes = tlog_base64(&arena, tlog_text(&rows, "proof_b64"));
        struct proof proof;
        const no answer = proof_parse(bytes, &proof);

        if ((answer == YES) != str_eq(tlog_text(&rows, "expect"), S("parses")))
            fail_msg("%.*s", (int)id.len, id.ptr);
        if (answer == YES)
            assert_true(str_eq(write_again(&arena, &proof), bytes));
    }
    assert_int_equal(rows.count, 7);
}

static void golden_file(void **state)
{
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    assert_str(tlog_file(&arena, "golden/log/proof-1.tlog-proof"), GOLDEN_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_is_read_written_and_holds),
        cmocka_unit_test(every_flip_of_a_file_is_noticed),
        cmocka_unit_test(another_leaf_does_not_hold),
        cmocka_unit_test(forms),
        cmocka_unit_test(bounds),
        cmocka_unit_test(public_files),
        cmocka_unit_test(golden_file),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
