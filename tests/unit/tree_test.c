/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The tree against a naive transcription of RFC 6962, for every pair of small sizes; and what must
 * not hold.
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

/* --- the naive definition -------------------------------------------------------------------- */

enum { SMALL = 130, PAIRS = 65 };
static struct tree_hash small[SMALL];

static void fill_small(void)
{
    for (size_t i = 0; i < SMALL; i++) {
        const char entry[2] = {(char)i, (char)(i * 7)};

        /* One entry of no bytes and one of one, too. */
        tree_leaf(&sha, (str){entry, i < 2 ? i : 2}, &small[i]);
    }
}

static size_t half_of(size_t n)
{
    size_t k = 1;

    while (k * 2 < n)
        k *= 2;
    return k;
}

/* MTH, PATH and SUB as RFC 6962 section 2.1 writes them. */
static struct tree_hash naive_root(const struct tree_hash *leaves, size_t n)
{
    struct tree_hash root;

    if (n == 0)
        return tree_empty();
    if (n == 1)
        return leaves[0];
    const size_t k = half_of(n);
    const struct tree_hash left = naive_root(leaves, k), right = naive_root(leaves + k, n - k);
    uint8_t bytes[65] = {1};

    memcpy(bytes + 1, left.bytes, 32);
    memcpy(bytes + 33, right.bytes, 32);
    hash_sha256(bytes, sizeof bytes, root.bytes);
    return root;
}

static void naive_path(size_t m, const struct tree_hash *leaves, size_t n, struct tree_proof *out)
{
    if (n <= 1)
        return;
    const size_t k = half_of(n);

    if (m < k)
        naive_path(m, leaves, k, out);
    else
        naive_path(m - k, leaves + k, n - k, out);
    out->hashes[out->n++] = m < k ? naive_root(leaves + k, n - k) : naive_root(leaves, k);
}

static void naive_sub(size_t m, const struct tree_hash *leaves, size_t n, bool whole,
                      struct tree_proof *out)
{
    const size_t k = half_of(n);

    if (m == n) {
        if (!whole)
            out->hashes[out->n++] = naive_root(leaves, n);
        return;
    }
    if (m <= k)
        naive_sub(m, leaves, k, whole, out);
    else
        naive_sub(m - k, leaves + k, n - k, false, out);
    out->hashes[out->n++] = m <= k ? naive_root(leaves + k, n - k) : naive_root(leaves, k);
}

/* A source over small[], that refuses what is not in a tree of `size` leaves. */
struct kept {
    uint64_t size;
    size_t asked;
};

static no small_node(void *self, unsigned level, uint64_t index, struct tree_hash *out)
{
    struct kept *kept = self;

    assert_true(level < 8);
    assert_true((index + 1) << level <= kept->size);
    kept->asked++;
    *out = naive_root(small + (index << level), (size_t)1 << level);
    return YES;
}

static void check_proof(const struct tree_proof *got, const struct tree_proof *wanted)
{
    assert_int_equal(got->n, wanted->n);
    assert_memory_equal(got->hashes, wanted->hashes, got->n * HASH_SIZE);
}

static void roots_are_the_definition(void **state)
{
    struct tree_frontier frontier = {.size = 0}, again;
    uint8_t bytes[TREE_FRONTIER_SIZE_MAX];
    struct kept kept = {0};
    const struct tree_source source = {small_node, &kept};

    (void)state;
    fill_small();
    for (size_t n = 0; n <= SMALL; n++) {
        const struct tree_hash wanted = naive_root(small, n);
        struct tree_hash root;

        tree_frontier_root(&sha, &frontier, &root);
        check_hash(&root, &wanted);
        tree_over(&sha, small, n, &root);
        check_hash(&root, &wanted);
        kept = (struct kept){n, 0};
        assert_int_equal(tree_root_build(&sha, &source, n, &root), YES);
        check_hash(&root, &wanted);
        assert_int_equal(kept.asked, __builtin_popcountll(n));
        const size_t len = tree_frontier_write(&frontier, bytes);

        assert_int_equal(len, 32 * __builtin_popcountll(n));
        assert_int_equal(tree_frontier_parse(n, (str){(char *)bytes, len}, &again), YES);
        tree_frontier_root(&sha, &again, &root);
        check_hash(&root, &wanted);
        if (n < SMALL)
            tree_frontier_push(&sha, &frontier, &small[n]);
    }
}

static void frontiers_of_another_size_are_damaged(void **state)
{
    static char bytes[TREE_FRONTIER_SIZE_MAX + HASH_SIZE];
    static const struct {
        uint64_t size;
        size_t len;
        no wanted;
    } cases[] = {
        {0, 0, YES},
        {0, 1, NO_REGISTER_DAMAGED},
        {0, 32, NO_REGISTER_DAMAGED},
        {1, 32, YES},
        {1, 31, NO_REGISTER_DAMAGED},
        {1, 33, NO_REGISTER_DAMAGED},
        {3, 32, NO_REGISTER_DAMAGED},
        {3, 64, YES},
        {4, 64, NO_REGISTER_DAMAGED},
        {TREE_SIZE_MAX, 63 * 32, YES},
        {TREE_SIZE_MAX, 64 * 32, NO_REGISTER_DAMAGED},
        {TREE_SIZE_MAX + 1, 32, NO_REGISTER_DAMAGED},
        {UINT64_MAX, 64 * 32, NO_REGISTER_DAMAGED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tree_frontier frontier = {.size = 77};

        assert_int_equal(tree_frontier_parse(cases[i].size, (str){bytes, cases[i].len}, &frontier),
                         cases[i].wanted);
        assert_int_equal(frontier.size, cases[i].wanted == YES ? cases[i].size : 77);
    }
}

static void every_small_inclusion_is_the_definition(void **state)
{
    struct kept kept = {0};
    const struct tree_source source = {small_node, &kept};
    size_t checked = 0;

    (void)state;
    fill_small();
    for (size_t n = 1; n <= SMALL; n++) {
        const struct tree_hash root = naive_root(small, n);

        for (size_t i = 0; i < n; i++, checked++) {
            struct tree_proof wanted = {.n = 0}, got = {.n = 99};

            naive_path(i, small, n, &wanted);
            kept = (struct kept){n, 0};
            assert_int_equal(tree_inclusion_build(&sha, &source, i, n, &got), YES);
            check_proof(&got, &wanted);
            assert_int_equal(tree_inclusion_verify(&sha, i, n, &small[i], got.hashes, got.n, &root),
                             YES);
            /* The neighbour's place is not this leaf's. */
            if (n > 1)
                assert_int_equal(
                    tree_inclusion_verify(&sha, i ^ 1, n, &small[i], got.hashes, got.n, &root),
                    NO_PROOF_DOES_NOT_HOLD);
        }
    }
    print_message("# %zu proofs of inclusion\n", checked);
    assert_int_equal(checked, SMALL * (SMALL + 1) / 2);
}

static void every_small_consistency_is_the_definition(void **state)
{
    struct kept kept = {0};
    const struct tree_source source = {small_node, &kept};
    struct tree_hash roots[SMALL + 1];
    size_t checked = 0;

    (void)state;
    fill_small();
    for (size_t n = 0; n <= SMALL; n++)
        roots[n] = naive_root(small, n);
    for (size_t n = 0; n <= SMALL; n++)
        for (size_t m = 0; m <= n; m++, checked++) {
            struct tree_proof wanted = {.n = 0}, got = {.n = 99};

            if (m > 0)
                naive_sub(m, small, n, true, &wanted);
            kept = (struct kept){n, 0};
            assert_int_equal(tree_consistency_build(&sha, &source, m, n, &got), YES);
            check_proof(&got, &wanted);
            assert_int_equal(
                tree_consistency_verify(&sha, m, n, &roots[m], &roots[n], got.hashes, got.n), YES);
        }
    print_message("# %zu proofs of consistency\n", checked);
    assert_int_equal(checked, (SMALL + 1) * (SMALL + 2) / 2);
}

/* A proof between two sizes says nothing of another old size, nor the other way round. */
static void a_proof_holds_for_its_old_size_only(void **state)
{
    enum { SIZES = 20 };
    struct kept kept = {SIZES, 0};
    const struct tree_source source = {small_node, &kept};
    struct tree_hash roots[SIZES + 1];
    struct tree_proof proof;

    (void)state;
    fill_small();
    for (size_t n = 0; n <= SIZES; n++)
        roots[n] = naive_root(small, n);
    for (size_t n = 1; n <= SIZES; n++)
        for (size_t m = 1; m < n; m++) {
            assert_int_equal(tree_consistency_build(&sha, &source, m, n, &proof), YES);
            for (size_t claim = 0; claim <= SIZES + 1; claim++)
                assert_int_equal(tree_consistency_verify(&sha, claim, n, &roots[m], &roots[n],
                                                         proof.hashes, proof.n),
                                 claim == m ? YES : NO_PROOF_DOES_NOT_HOLD);
            assert_int_equal(
                tree_consistency_verify(&sha, m, n, &roots[n], &roots[m], proof.hashes, proof.n),
                NO_PROOF_DOES_NOT_HOLD);
        }
}

/* --- nothing may be touched ------------------------------------------------------------------ */

static void check_flips(uint8_t *bytes, size_t len, no (*verify)(const void *self),
                        const void *self)
{
    for (size_t i = 0; i < len; i++) {
        bytes[i] ^= (uint8_t)(1u << (i % 8));
        assert_int_equal(verify(self), NO_PROOF_DOES_NOT_HOLD);
        bytes[i] ^= (uint8_t)(1u << (i % 8));
    }
    assert_int_equal(verify(self), YES);
}

struct claim {
    uint64_t old_size, size;
    struct tree_hash first, root; /* a leaf or the old root */
    struct tree_proof proof;
};

static no verify_inclusion(const void *self)
{
    const struct claim *claim = self;

    return tree_inclusion_verify(&sha, claim->old_size, claim->size, &claim->first,
                                 claim->proof.hashes, claim->proof.n, &claim->root);
}

static no verify_consistency(const void *self)
{
    const struct claim *claim = self;

    return tree_consistency_verify(&sha, claim->old_size, claim->size, &claim->first, &claim->root,
                                   claim->proof.hashes, claim->proof.n);
}

static void check_touched(struct claim *claim, no (*verify)(const void *self))
{
    check_flips(claim->first.bytes, HASH_SIZE, verify, claim);
    check_flips(claim->root.bytes, HASH_SIZE, verify, claim);
    if (claim->proof.n > 0)
        check_flips(claim->proof.hashes[0].bytes, claim->proof.n * HASH_SIZE, verify, claim);
    claim->proof.n++;
    claim->proof.hashes[claim->proof.n - 1] = claim->root;
    assert_int_equal(verify(claim), NO_PROOF_DOES_NOT_HOLD);
    claim->proof.n--;
    if (claim->proof.n > 0) {
        claim->proof.n--;
        assert_int_equal(verify(claim), NO_PROOF_DOES_NOT_HOLD);
        claim->proof.n++;
    }
}

static void a_touched_byte_is_noticed(void **state)
{
    struct kept kept = {PAIRS, 0};
    const struct tree_source source = {small_node, &kept};

    (void)state;
    fill_small();
    for (size_t n = 1; n <= PAIRS; n += n < 20 ? 1 : 5)
        for (size_t m = 1; m <= n; m += n < 20 ? 1 : 3) {
            struct claim claim = {m - 1, n, small[m - 1], naive_root(small, n), {0}};

            assert_int_equal(tree_inclusion_build(&sha, &source, m - 1, n, &claim.proof), YES);
            check_touched(&claim, verify_inclusion);
            claim.old_size = m;
            claim.first = naive_root(small, m);
            assert_int_equal(tree_consistency_build(&sha, &source, m, n, &claim.proof), YES);
            check_touched(&claim, verify_consistency);
        }
}

static void what_is_no_claim_does_not_hold(void **state)
{
    const struct tree_hash empty = tree_empty();
    struct tree_hash leaf = {{7}};
    struct tree_proof proof = {.n = 5};
    struct kept kept = {0};
    const struct tree_source source = {small_node, &kept};
    static const struct {
        uint64_t index, size;
    } outside[] = {{0, 0},         {1, 1}, {5, 4}, {UINT64_MAX, 1}, {0, TREE_SIZE_MAX + 1},
                   {3, UINT64_MAX}};

    (void)state;
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        assert_int_equal(tree_inclusion_verify(&sha, outside[i].index, outside[i].size, &leaf,
                                               proof.hashes, 0, &leaf),
                         NO_PROOF_DOES_NOT_HOLD);
        assert_int_equal(
            tree_inclusion_build(&sha, &source, outside[i].index, outside[i].size, &proof),
            NO_NOT_FOUND);
    }
    assert_int_equal(tree_consistency_build(&sha, &source, 2, 1, &proof), NO_NOT_FOUND);
    assert_int_equal(tree_consistency_build(&sha, &source, 2, TREE_SIZE_MAX + 1, &proof),
                     NO_NOT_FOUND);
    assert_int_equal(tree_root_build(&sha, &source, TREE_SIZE_MAX + 1, &leaf), NO_NOT_FOUND);
    assert_int_equal(proof.n, 5);
    assert_int_equal(leaf.bytes[0], 7);

    /* Size 0 has one root, and from it nothing is proven. */
    assert_int_equal(tree_consistency_verify(&sha, 0, 0, &empty, &empty, NULL, 0), YES);
    assert_int_equal(tree_consistency_verify(&sha, 0, 9, &empty, &leaf, NULL, 0), YES);
    assert_int_equal(tree_consistency_verify(&sha, 0, 0, &leaf, &leaf, NULL, 0),
                     NO_PROOF_DOES_NOT_HOLD);
    assert_int_equal(tree_consistency_verify(&sha, 0, 9, &leaf, &leaf, NULL, 0),
                     NO_PROOF_DOES_NOT_HOLD);
    assert_int_equal(tree_consistency_verify(&sha, 0, 9, &empty, &leaf, &leaf, 1),
                     NO_PROOF_DOES_NOT_HOLD);
    assert_int_equal(tree_consistency_verify(&sha, 9, 8, &leaf, &leaf, NULL, 0),
                     NO_PROOF_DOES_NOT_HOLD);
    assert_int_equal(tree_consistency_verify(&sha, 1, TREE_SIZE_MAX + 1, &leaf, &leaf, &leaf, 1),
                     NO_PROOF_DOES_NOT_HOLD);
}

static no failing_node(void *self, unsigned level, uint64_t index, struct tree_hash *out)
{
    unsigned *left = self;

    (void)level, (void)index;
    if ((*left)-- == 0)
        return NO_STORE_BUSY;
    *out = small[0];
    return YES;
}

static void the_no_of_a_source_is_handed_up(void **state)
{
    struct tree_proof proof = {.n = 5};
    struct tree_hash root = {{7}};
    unsigned left;
    const struct tree_source source = {failing_node, &left};

    (void)state;
    for (unsigned good = 0; good < 3; good++) {
        left = good;
        assert_int_equal(tree_root_build(&sha, &source, 13 /* three nodes */, &root),
                         NO_STORE_BUSY);
        left = good;
        assert_int_equal(tree_inclusion_build(&sha, &source, 9, 13, &proof), NO_STORE_BUSY);
        left = good;
        assert_int_equal(tree_consistency_build(&sha, &source, 11, 13, &proof), NO_STORE_BUSY);
    }
    assert_int_equal(proof.n, 5);
    assert_int_equal(root.bytes[0], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_are_the_definition),
        cmocka_unit_test(frontiers_of_another_size_are_damaged),
        cmocka_unit_test(every_small_inclusion_is_the_definition),
        cmocka_unit_test(every_small_consistency_is_the_definition),
        cmocka_unit_test(a_proof_holds_for_its_old_size_only),
        cmocka_unit_test(a_touched_byte_is_noticed),
        cmocka_unit_test(what_is_no_claim_does_not_hold),
        cmocka_unit_test(the_no_of_a_source_is_handed_up),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
