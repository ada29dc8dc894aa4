/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Roots and proofs of trees up to the largest size: all leaves are alike but for a few, so every
 * node can be known.
 */
#include "cm.h"

#include "rules/tree.h"

#include <string.h>

static struct hash_sha256_ctx sha;

static int start(void **state)
{
    (void)state;
    hash_sha256_init(&sha);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    hash_sha256_release(&sha);
    return 0;
}

static void check_hash(const struct tree_hash *got, const struct tree_hash *wanted)
{
    assert_memory_equal(got->bytes, wanted->bytes, HASH_SIZE);
}

/* A tree of any size whose leaves are all alike but for a few: every node can be known. */
enum { ODD_ONES = 6 };
struct vast {
    struct tree_hash alike[TREE_HEIGHT_MAX]; /* the perfect subtree of each level */
    uint64_t odd[ODD_ONES];
    uint64_t size;
    size_t asked;
};

static void vast_leaf(const struct vast *vast, uint64_t index, struct tree_hash *out)
{
    *out = vast->alike[0];
    for (size_t i = 0; i < ODD_ONES; i++)
        if (vast->odd[i] == index) {
            memset(out, 0, sizeof *out);
            memcpy(out, &index, sizeof index);
        }
}

static struct tree_hash vast_perfect(const struct vast *vast, unsigned level, uint64_t index)
{
    struct tree_hash made;
    bool odd = false;

    for (size_t i = 0; i < ODD_ONES; i++)
        odd = odd || vast->odd[i] >> level == index;
    if (!odd)
        return vast->alike[level];
    if (level == 0) {
        vast_leaf(vast, index, &made);
        return made;
    }
    const struct tree_hash left = vast_perfect(vast, level - 1, index * 2);
    const struct tree_hash right = vast_perfect(vast, level - 1, index * 2 + 1);

    tree_node(&sha, &left, &right, &made);
    return made;
}

static no vast_node(void *self, unsigned level, uint64_t index, struct tree_hash *out)
{
    struct vast *vast = self;

    assert_true(level < TREE_HEIGHT_MAX);
    assert_true(index < vast->size >> level);
    vast->asked++;
    *out = vast_perfect(vast, level, index);
    return YES;
}

static void vast_init(struct vast *vast, uint64_t *chance, uint64_t old_size, uint64_t size)
{
    tree_leaf(&sha, S("alike"), &vast->alike[0]);
    for (size_t l = 1; l < TREE_HEIGHT_MAX; l++)
        tree_node(&sha, &vast->alike[l - 1], &vast->alike[l - 1], &vast->alike[l]);
    vast->size = size;
    vast->odd[0] = old_size - 1;
    vast->odd[1] = old_size;
    for (size_t i = 2; i < ODD_ONES; i++)
        vast->odd[i] = chance_next(chance) % size;
}

/* The root of the whole, cut as the RFC cuts it, from perfect subtrees. */
static struct tree_hash vast_root(struct vast *vast, uint64_t first, uint64_t size)
{
    struct tree_hash made;
    uint64_t k = 1;

    while (k < size)
        k *= 2;
    if (k == size)
        return vast_perfect(vast, (unsigned)__builtin_ctzll(k), first / k);
    k /= 2;
    const struct tree_hash left = vast_root(vast, first, k);
    const struct tree_hash right = vast_root(vast, first + k, size - k);

    tree_node(&sha, &left, &right, &made);
    return made;
}

static void check_vast(uint64_t *chance, uint64_t old_size, uint64_t size)
{
    static struct vast vast;
    const struct tree_source source = {vast_node, &vast};
    struct tree_proof proof;
    struct tree_hash leaf, root;

    vast_init(&vast, chance, old_size, size);
    const struct tree_hash old_root = vast_root(&vast, 0, old_size);
    const struct tree_hash wanted = vast_root(&vast, 0, size);

    assert_int_equal(tree_root_build(&sha, &source, size, &root), YES);
    check_hash(&root, &wanted);
    assert_int_equal(tree_consistency_build(&sha, &source, old_size, size, &proof), YES);
    assert_int_equal(
        tree_consistency_verify(&sha, old_size, size, &old_root, &root, proof.hashes, proof.n),
        YES);
    if (proof.n > 0) {
        proof.hashes[proof.n - 1].bytes[3] ^= 4;
        assert_int_equal(
            tree_consistency_verify(&sha, old_size, size, &old_root, &root, proof.hashes, proof.n),
            NO_PROOF_DOES_NOT_HOLD);
    }
    for (size_t i = 0; i < ODD_ONES; i++) {
        if (vast.odd[i] >= size)
            continue;
        vast_leaf(&vast, vast.odd[i], &leaf);
        vast.asked = 0;
        assert_int_equal(tree_inclusion_build(&sha, &source, vast.odd[i], size, &proof), YES);
        assert_true(proof.n <= TREE_HEIGHT_MAX && vast.asked <= 2 * TREE_HEIGHT_MAX);
        assert_int_equal(
            tree_inclusion_verify(&sha, vast.odd[i], size, &leaf, proof.hashes, proof.n, &root),
            YES);
        assert_int_equal(tree_inclusion_verify(&sha, vast.odd[i], size, &vast.alike[0],
                                               proof.hashes, proof.n, &root),
                         NO_PROOF_DOES_NOT_HOLD);
    }
}

static void large_trees_are_proven(void **state)
{
    uint64_t chance = 20261126;

    (void)state;
    for (int i = 0; i < 300; i++) {
        const uint64_t size =
            1 + (chance_next(&chance) >> (24 + chance_next(&chance) % 30)) % (UINT64_C(1) << 40);

        check_vast(&chance, 1 + chance_next(&chance) % size, size);
    }
}

/* The longest proofs that there are: 63 for a leaf, 64 between two sizes. */
static void the_largest_tree_is_proven(void **state)
{
    static struct vast vast;
    const struct tree_source source = {vast_node, &vast};
    struct tree_proof proof;
    uint64_t chance = 7;

    (void)state;
    check_vast(&chance, TREE_SIZE_MAX - 1, TREE_SIZE_MAX);
    check_vast(&chance, 1, TREE_SIZE_MAX);
    check_vast(&chance, (UINT64_C(1) << 62) - 1, TREE_SIZE_MAX);
    vast_init(&vast, &chance, 1, TREE_SIZE_MAX);
    assert_int_equal(tree_inclusion_build(&sha, &source, 0, TREE_SIZE_MAX, &proof), YES);
    assert_int_equal(proof.n, TREE_HEIGHT_MAX);
    assert_int_equal(tree_consistency_build(&sha, &source, 3, TREE_SIZE_MAX, &proof), YES);
    assert_int_equal(proof.n, TREE_PROOF_MAX);
}

/* The way up would lead to these roots, but no tree is that large. */
static void past_the_largest_tree_nothing_holds(void **state)
{
    struct tree_hash leaf, root, proof[TREE_PROOF_MAX];

    (void)state;
    tree_leaf(&sha, S("alike"), &leaf);
    root = leaf;
    for (size_t i = 0; i < TREE_PROOF_MAX; i++) {
        proof[i] = leaf;
        if (i == TREE_PROOF_MAX - 1)
            assert_int_equal(tree_inclusion_verify(&sha, 0, TREE_SIZE_MAX, &leaf, proof, i, &root),
                             YES);
        tree_node(&sha, &root, &proof[i], &root);
    }
    assert_int_equal(
        tree_inclusion_verify(&sha, 0, TREE_SIZE_MAX + 2, &leaf, proof, TREE_PROOF_MAX, &root),
        NO_PROOF_DOES_NOT_HOLD);
    assert_int_equal(
        tree_consistency_verify(&sha, 1, TREE_SIZE_MAX + 2, &leaf, &root, proof, TREE_PROOF_MAX),
        NO_PROOF_DOES_NOT_HOLD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_trees_are_proven),
        cmocka_unit_test(the_largest_tree_is_proven),
        cmocka_unit_test(past_the_largest_tree_nothing_holds),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
