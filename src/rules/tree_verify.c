/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Checking proofs, RFC 9162 sections 2.1.3.2 and 2.1.4.2.
 */
#include "rules/tree.h"

/* A node on its way to the root: its index at its level, and that of the level's last node. */
struct climb {
    uint64_t at, last;
};

static void climb_level(struct climb *climb)
{
    climb->at >>= 1;
    climb->last >>= 1;
}

/* Climbs to the node above; whether the partner, which the proof has next, stands on the left. A
 * last node without partner is its own parent: such levels are passed in one go. */
static bool climb_has_left(struct climb *climb)
{
    const bool left = (climb->at & 1) != 0 || climb->at == climb->last;

    while (left && (climb->at & 1) == 0 && climb->at != 0)
        climb_level(climb);
    climb_level(climb);
    return left;
}

static no holds(bool truth)
{
    return truth ? YES : NO_PROOF_DOES_NOT_HOLD;
}

no tree_inclusion_verify(struct hash_sha256_ctx *sha, uint64_t index, uint64_t size,
                         const struct tree_hash *leaf, const struct tree_hash *proof,
                         size_t proof_n, const struct tree_hash *root)
{
    struct climb climb = {index, size - 1};
    struct tree_hash made = *leaf;

    if (index >= size || size > TREE_SIZE_MAX)
        return NO_PROOF_DOES_NOT_HOLD;
    for (size_t i = 0; i < proof_n; i++) {
        if (climb.last == 0)
            return NO_PROOF_DOES_NOT_HOLD;
        if (climb_has_left(&climb))
            tree_node(sha, &proof[i], &made, &made);
        else
            tree_node(sha, &made, &proof[i], &made);
    }
    return holds(climb.last == 0 && tree_equal(&made, root));
}

/* Both roots from one proof, 0 < old_size < size, proof_n > 0. */
static no verify_growth(struct hash_sha256_ctx *sha, uint64_t old_size, uint64_t size,
                        const struct tree_hash *old_root, const struct tree_hash *root,
                        const struct tree_hash *proof, size_t proof_n)
{
    struct climb climb = {old_size - 1, size - 1};
    /* A whole old tree is itself the first node, which the proof then leaves out. */
    const bool whole = (old_size & (old_size - 1)) == 0;
    struct tree_hash old_made = whole ? *old_root : proof[0], made = old_made;

    while ((climb.at & 1) != 0)
        climb_level(&climb);
    for (size_t i = whole ? 0 : 1; i < proof_n; i++) {
        if (climb.last == 0)
            return NO_PROOF_DOES_NOT_HOLD;
        if (climb_has_left(&climb)) {
            tree_node(sha, &proof[i], &old_made, &old_made);
            tree_node(sha, &proof[i], &made, &made);
        } else {
            tree_node(sha, &made, &proof[i], &made);
        }
    }
    return holds(climb.last == 0 && tree_equal(&old_made, old_root) && tree_equal(&made, root));
}

no tree_consistency_verify(struct hash_sha256_ctx *sha, uint64_t old_size, uint64_t size,
                           const struct tree_hash *old_root, const struct tree_hash *root,
                           const struct tree_hash *proof, size_t proof_n)
{
    const struct tree_hash empty = tree_empty();

    if (old_size > size || size > TREE_SIZE_MAX)
        return NO_PROOF_DOES_NOT_HOLD;
    if (old_size == 0 && !tree_equal(old_root, &empty))
        return NO_PROOF_DOES_NOT_HOLD;
    if (old_size == size)
        return holds(proof_n == 0 && tree_equal(old_root, root));
    if (old_size == 0)
        return holds(proof_n == 0);
    if (proof_n == 0)
        return NO_PROOF_DOES_NOT_HOLD;
    return verify_growth(sha, old_size, size, old_root, root, proof, proof_n);
}
