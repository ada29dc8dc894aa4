/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The tree against the public vectors of transparency logs.
 */
#include "cm.h"
#include "tlog_data.h"

#include "rules/tree.h"

static struct arena arena;
static struct hash_sha256_ctx sha;

static int start(void **state)
{
    (void)state;
    hash_sha256_init(&sha);
    return arena_init(&arena, 4u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    hash_sha256_release(&sha);
    arena_release(&arena);
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

static void check_hash(const struct tree_hash *got, const struct tree_hash *wanted)
{
    assert_memory_equal(got->bytes, wanted->bytes, HASH_SIZE);
}

static struct tree_hash hash_of_hex(str hex)
{
    struct tree_hash hash;

    assert_true(str_unhex(hex, hash.bytes, HASH_SIZE));
    return hash;
}

static void eight_leaves_give_the_known_tree(void **state)
{
    struct tlog_rows rows = tlog_open(&arena, "rfc6962-tree");
    struct tree_frontier frontier = {.size = 0};
    struct tree_hash level[8], root;

    (void)state;
    assert_true(tlog_next(&rows));
    const struct json *levels = json_get(rows.row, S("node_hashes_by_level"));

    assert_int_equal(tlog_list_n(&rows, "leaf_inputs_hex"), 8);
    for (size_t i = 0; i < 8; i++)
        tree_leaf(&sha, tlog_hex(&arena, tlog_item(&rows, "leaf_inputs_hex", i)), &level[i]);
    for (size_t i = 0; i <= 8; i++) {
        const struct tree_hash wanted = hash_of_hex(tlog_item(&rows, "roots_by_size", i));

        tree_frontier_root(&sha, &frontier, &root);
        check_hash(&root, &wanted);
        tree_over(&sha, level, i, &root);
        check_hash(&root, &wanted);
        if (i < 8)
            tree_frontier_push(&sha, &frontier, &level[i]);
    }
    assert_int_equal(levels->items_n, 4);
    for (size_t l = 0; l < 4; l++)
        for (size_t i = 0; i < levels->items[l].items_n; i++) {
            const struct tree_hash wanted = hash_of_hex(levels->items[l].items[i].text);

            check_hash(&level[i], &wanted);
            if (i % 2 == 1)
                tree_node(&sha, &level[i - 1], &level[i], &level[i / 2]);
        }
    root = tree_empty();
    struct tree_hash nothing;

    hash_sha256(NULL, 0, nothing.bytes);
    check_hash(&root, &nothing);
}

/* A vector's fingerprint; false when it is not 32 bytes, which no struct tree_hash can hold: such a
 * vector is refused where it is read. */
static bool read_hash(str base64, struct tree_hash *hash)
{
    const str bytes = tlog_base64(&arena, base64);

    if (bytes.len != HASH_SIZE)
        return false;
    memcpy(hash->bytes, bytes.ptr, HASH_SIZE);
    return true;
}

static bool read_proof(const struct tlog_rows *rows, const char *name, struct tree_proof *proof)
{
    proof->n = tlog_list_n(rows, name);
    assert_true(proof->n <= TREE_PROOF_MAX);
    for (size_t i = 0; i < proof->n; i++)
        if (!read_hash(tlog_item(rows, name, i), &proof->hashes[i]))
            return false;
    return true;
}

/* What a file of vectors came to. */
struct count {
    size_t accepted, refused, unreadable, outside;
};

static void check_verdict(const struct tlog_rows *rows, struct count *count, bool readable,
                          no answer, bool wanted)
{
    const str id = tlog_text(rows, "id");

    assert_true(answer == YES || answer == NO_PROOF_DOES_NOT_HOLD);
    if ((readable && answer == YES) != wanted)
        fail_msg("%.*s: %s", (int)id.len, id.ptr, wanted ? "refused" : "accepted");
    if (!readable)
        count->unreadable++;
    else if (answer == YES)
        count->accepted++;
    else
        count->refused++;
}

static void check_count(const char *name, struct count got, struct count wanted)
{
    print_message("# %s: %zu accepted, %zu refused, %zu no fingerprints, %zu out of this design\n",
                  name, got.accepted, got.refused, got.unreadable, got.outside);
    assert_int_equal(got.accepted, wanted.accepted);
    assert_int_equal(got.refused, wanted.refused);
    assert_int_equal(got.unreadable, wanted.unreadable);
    assert_int_equal(got.outside, wanted.outside);
}

static void check_inclusion(const struct tlog_rows *rows, struct count *count, uint64_t index,
                            uint64_t size)
{
    struct tree_hash leaf = {{0}}, root = {{0}};
    struct tree_proof proof;
    no answer = NO_PROOF_DOES_NOT_HOLD;
    const bool readable = read_hash(tlog_text(rows, "leafHash"), &leaf) &&
                          read_hash(tlog_text(rows, "root"), &root) &&
                          read_proof(rows, "proof", &proof);

    if (readable)
        answer = tree_inclusion_verify(&sha, index, size, &leaf, proof.hashes, proof.n, &root);
    check_verdict(rows, count, readable, answer, !tlog_bool(rows, "wantErr"));
}

static void inclusion_vectors_hold(void **state)
{
    struct tlog_rows rows = tlog_open(&arena, "merkle-inclusion");
    struct count count = {0};

    (void)state;
    while (tlog_next(&rows))
        check_inclusion(&rows, &count, tlog_number(&rows, "leafIdx"),
                        tlog_number(&rows, "treeSize"));
    check_count("merkle-inclusion", count, (struct count){5, 37, 18, 0});
}

/* A range is a subtree when it begins at a multiple of the power of two that is as long as it is.
 */
static bool is_subtree(uint64_t first, uint64_t end)
{
    uint64_t length = 1;

    while (first < end && length < end - first)
        length *= 2;
    return first < end && first % length == 0;
}

/* A subtree is a tree of its own: its inclusion vectors are ours, told from its first leaf. Those
 * whose range is none say what a protocol of subtrees must refuse, and we have none. */
static void subtree_inclusion_vectors_hold(void **state)
{
    struct tlog_rows rows = tlog_open(&arena, "merkle-subtreeinclusion");
    struct count count = {0};

    (void)state;
    while (tlog_next(&rows)) {
        const uint64_t first = tlog_number(&rows, "start"), end = tlog_number(&rows, "end");

        if (first == 0 || is_subtree(first, end))
            check_inclusion(&rows, &count, tlog_number(&rows, "leafIdx") - first, end - first);
        else
            count.outside++;
    }
    check_count("merkle-subtreeinclusion", count, (struct count){9, 79, 26, 8});
}

static void check_consistency(const struct tlog_rows *rows, struct count *count, uint64_t old_size,
                              uint64_t size)
{
    struct tree_hash old_root = {{0}}, root = {{0}};
    struct tree_proof proof;
    no answer = NO_PROOF_DOES_NOT_HOLD;
    const bool readable = read_hash(tlog_text(rows, "root1"), &old_root) &&
                          read_hash(tlog_text(rows, "root2"), &root) &&
                          read_proof(rows, "proof", &proof);

    if (readable)
        answer =
            tree_consistency_verify(&sha, old_size, size, &old_root, &root, proof.hashes, proof.n);
    check_verdict(rows, count, readable, answer, !tlog_bool(rows, "wantErr"));
}

static void consistency_vectors_hold(void **state)
{
    struct tlog_rows rows = tlog_open(&arena, "merkle-consistency");
    struct count count = {0};

    (void)state;
    while (tlog_next(&rows))
        check_consistency(&rows, &count, tlog_number(&rows, "size1"), tlog_number(&rows, "size2"));
    check_count("merkle-consistency", count, (struct count){2, 37, 14, 0});
}

/* From leaf 0 a subtree's proof is the consistency proof; others are another protocol. */
static void subtree_consistency_vectors_hold(void **state)
{
    struct tlog_rows rows = tlog_open(&arena, "merkle-subtreeconsistency");
    struct count count = {0};

    (void)state;
    while (tlog_next(&rows)) {
        if (tlog_number(&rows, "start") == 0)
            check_consistency(&rows, &count, tlog_number(&rows, "end"), tlog_number(&rows, "size"));
        else
            count.outside++;
    }
    check_count("merkle-subtreeconsistency", count, (struct count){5, 45, 15, 10});
}

static void proofs_of_real_logs_hold(void **state)
{
    struct tlog_rows rows = tlog_open(&arena, "rekor-inclusion");
    struct count count = {0};

    (void)state;
    while (tlog_next(&rows)) {
        struct tree_hash leaf, root;
        struct tree_proof proof;

        tree_leaf(&sha, tlog_base64(&arena, tlog_text(&rows, "body_b64")), &leaf);
        assert_true(read_hash(tlog_text(&rows, "root_b64"), &root));
        assert_true(read_proof(&rows, "hashes_b64", &proof));
        const no answer =
            tree_inclusion_verify(&sha, tlog_number(&rows, "index"), tlog_number(&rows, "size"),
                                  &leaf, proof.hashes, proof.n, &root);

        check_verdict(&rows, &count, true, answer, str_eq(tlog_text(&rows, "merkle"), S("accept")));
    }
    check_count("rekor-inclusion", count, (struct count){27, 3, 0, 0});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(eight_leaves_give_the_known_tree, fresh),
        cmocka_unit_test_setup(inclusion_vectors_hold, fresh),
        cmocka_unit_test_setup(subtree_inclusion_vectors_hold, fresh),
        cmocka_unit_test_setup(consistency_vectors_hold, fresh),
        cmocka_unit_test_setup(subtree_consistency_vectors_hold, fresh),
        cmocka_unit_test_setup(proofs_of_real_logs_hold, fresh),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
