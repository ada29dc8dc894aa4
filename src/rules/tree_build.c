/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Building roots and proofs from nodes kept elsewhere, RFC 6962 section 2.1. The recursions of the
 * RFC go down one path, so they are loops here; they meet the proof's hashes from the root, and the
 * proof wants them from the leaf.
 */
#include "rules/tree.h"

#include <assert.h>

/* Leaves from `start` up to, not including, `end`. */
struct range {
    uint64_t start, end;
};

/* The root over a range that begins a subtree, as each half of a tree does: its perfect subtrees,
 * the smallest and rightmost first. */
static no range_root(struct hash_sha256_ctx *sha, const struct tree_source *source,
                     struct range range, struct tree_hash *root)
{
    struct tree_hash made, left;
    const uint64_t end = range.end;

    while (range.end > range.start) {
        const unsigned level = (unsigned)__builtin_ctzll(range.end - range.start);
        const uint64_t index = (range.end >> level) - 1;

        TRY(source->node(source->self, level, index, range.end == end ? &made : &left));
        if (range.end != end)
            tree_node(sha, &left, &made, &made);
        range.end = index << level;
    }
    *root = made;
    return YES;
}

/* Where RFC 6962 cuts a range of two leaves or more: after the largest power of two below its
 * length. */
static uint64_t cut_of(struct range range)
{
    const uint64_t last = range.end - range.start - 1;

    return range.start + (UINT64_C(1) << (63 - __builtin_clzll(last)));
}

static no add_range(struct hash_sha256_ctx *sha, const struct tree_source *source,
                    struct range range, struct tree_proof *proof)
{
    assert(proof->n < TREE_PROOF_MAX);
    TRY(range_root(sha, source, range, &proof->hashes[proof->n]));
    proof->n++;
    return YES;
}

/* Goes down to the half that holds `leaf`, and adds the other half. */
static no descend(struct hash_sha256_ctx *sha, const struct tree_source *source, uint64_t leaf,
                  struct range *range, struct tree_proof *proof)
{
    const uint64_t cut = cut_of(*range);
    const struct range left = {range->start, cut}, right = {cut, range->end};

    TRY(add_range(sha, source, leaf < cut ? right : left, proof));
    *range = leaf < cut ? left : right;
    return YES;
}

static void put_reversed(const struct tree_proof *from, struct tree_proof *to)
{
    to->n = from->n;
    for (size_t i = 0; i < from->n; i++)
        to->hashes[i] = from->hashes[from->n - 1 - i];
}

no tree_root_build(struct hash_sha256_ctx *sha, const struct tree_source *source, uint64_t size,
                   struct tree_hash *root)
{
    if (size > TREE_SIZE_MAX)
        return NO_NOT_FOUND;
    if (size > 0)
        return range_root(sha, source, (struct range){0, size}, root);
    *root = tree_empty();
    return YES;
}

no tree_inclusion_build(struct hash_sha256_ctx *sha, const struct tree_source *source,
                        uint64_t index, uint64_t size, struct tree_proof *proof)
{
    struct range range = {0, size};
    struct tree_proof down;

    if (index >= size || size > TREE_SIZE_MAX)
        return NO_NOT_FOUND;
    down.n = 0;
    while (range.end - range.start > 1)
        TRY(descend(sha, source, index, &range, &down));
    put_reversed(&down, proof);
    return YES;
}

no tree_consistency_build(struct hash_sha256_ctx *sha, const struct tree_source *source,
                          uint64_t old_size, uint64_t size, struct tree_proof *proof)
{
    struct range range = {0, size};
    struct tree_proof down;

    if (old_size > size || size > TREE_SIZE_MAX)
        return NO_NOT_FOUND;
    down.n = 0;
    /* Down to the subtree whose last leaf is the old tree's last. */
    while (old_size > 0 && range.end != old_size)
        TRY(descend(sha, source, old_size - 1, &range, &down));
    /* When that subtree is the old tree, the verifier has its root already. */
    if (range.start > 0)
        TRY(add_range(sha, source, range, &down));
    put_reversed(&down, proof);
    return YES;
}
