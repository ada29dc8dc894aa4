/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The tree of the register: from entries to one fingerprint of 32 bytes (the root), and the proofs
 * that an entry is under a root (inclusion) and that a newer root kept all of an older one, in its
 * order (consistency). SHA-256, RFC 6962 section 2.1; how proofs are checked is RFC 9162 sections
 * 2.1.3.2 and 2.1.4.2.
 *
 * A node is named by level and index: the root of the perfect subtree over the leaves from index *
 * 2^level up to, not including, (index + 1) * 2^level. Level 0 are the leaves. Sizes are numbers of
 * leaves, 0 to TREE_SIZE_MAX.
 *
 * `sha` is the caller's context of base/hash.h, one per thread, between two fingerprints.
 */
#ifndef RULES_TREE_H
#define RULES_TREE_H

#include "base/hash.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_SIZE_MAX ((uint64_t)INT64_MAX)
enum {
    TREE_HEIGHT_MAX = 63,
    TREE_PROOF_MAX = TREE_HEIGHT_MAX + 1, /* inclusion never needs the last */
    TREE_FRONTIER_SIZE_MAX = TREE_HEIGHT_MAX * HASH_SIZE
};

struct tree_hash {
    uint8_t bytes[HASH_SIZE];
};
bool tree_equal(const struct tree_hash *a, const struct tree_hash *b);

/* --- fingerprints ---------------------------------------------------------------------------- */

/* Of an entry: SHA-256(0x00 || entry). */
void tree_leaf(struct hash_sha256_ctx *sha, str entry, struct tree_hash *leaf);
/* Of a node: SHA-256(0x01 || left || right). `out` may be one of the two. */
void tree_node(struct hash_sha256_ctx *sha, const struct tree_hash *left,
               const struct tree_hash *right, struct tree_hash *out);
/* The root of size 0, SHA-256 of nothing. */
struct tree_hash tree_empty(void);
/* The root over `n` nodes of one level, side by side: of all leaves, or of the 256 fingerprints of
 * a tile. */
void tree_over(struct hash_sha256_ctx *sha, const struct tree_hash *nodes, size_t n,
               struct tree_hash *root);

/* --- the frontier: what appending must remember ---------------------------------------------- */

/* The roots of the perfect subtrees that a tree of `size` leaves falls into, largest and leftmost
 * first; one for each bit of `size`. {.size = 0} is the empty tree. */
struct tree_frontier {
    uint64_t size;
    struct tree_hash roots[TREE_HEIGHT_MAX];
};
/* Appends a leaf: one node for each that becomes whole, one on average. Asserts that size is below
 * TREE_SIZE_MAX. */
void tree_frontier_push(struct hash_sha256_ctx *sha, struct tree_frontier *frontier,
                        const struct tree_hash *leaf);
void tree_frontier_root(struct hash_sha256_ctx *sha, const struct tree_frontier *frontier,
                        struct tree_hash *root);
/* For a column beside one that holds the size: the fingerprints alone, 32 bytes for each bit of
 * `size`. Returns how many bytes it wrote. */
size_t tree_frontier_write(const struct tree_frontier *frontier,
                           uint8_t out[TREE_FRONTIER_SIZE_MAX]);
/* NO_REGISTER_DAMAGED when `bytes` cannot be the frontier of `size` leaves (length, or a size past
 * TREE_SIZE_MAX). That the fingerprints are right only a root can tell. */
no tree_frontier_parse(uint64_t size, str bytes, struct tree_frontier *frontier) MUST_USE;

/* --- checking -------------------------------------------------------------------------------- */

/* That `leaf` is the leaf number `index` of the tree of `size` leaves with this root.
 * NO_PROOF_DOES_NOT_HOLD else, also for proofs of a wrong length and sizes past TREE_SIZE_MAX. */
no tree_inclusion_verify(struct hash_sha256_ctx *sha, uint64_t index, uint64_t size,
                         const struct tree_hash *leaf, const struct tree_hash *proof,
                         size_t proof_n, const struct tree_hash *root) MUST_USE;
/* That the first `old_size` leaves of the tree with root `root` are the tree with root `old_root`.
 * From size 0 nothing is proven and the proof must be empty; a root of size 0 must be tree_empty().
 * NO_PROOF_DOES_NOT_HOLD else. */
no tree_consistency_verify(struct hash_sha256_ctx *sha, uint64_t old_size, uint64_t size,
                           const struct tree_hash *old_root, const struct tree_hash *root,
                           const struct tree_hash *proof, size_t proof_n) MUST_USE;

/* --- building -------------------------------------------------------------------------------- */

/* Where nodes are kept: tiles, a database, memory. `node` gives the root of a perfect subtree that
 * lies wholly in the tree asked about; any no of it ends the building and is handed up. */
struct tree_source {
    no (*node)(void *self, unsigned level, uint64_t index, struct tree_hash *out);
    void *self;
};
/* The first `n` are the proof; a leaf's sibling comes first. */
struct tree_proof {
    size_t n;
    struct tree_hash hashes[TREE_PROOF_MAX];
};
/* The root of the tree's first `size` leaves, however long it has grown since: at most 63 nodes are
 * asked for. The nos of the source; NO_NOT_FOUND past TREE_SIZE_MAX. */
no tree_root_build(struct hash_sha256_ctx *sha, const struct tree_source *source, uint64_t size,
                   struct tree_hash *root) MUST_USE;
/* PATH of RFC 6962 section 2.1.1. The nos of the source; NO_NOT_FOUND when `index` is not below
 * `size`, or `size` is past TREE_SIZE_MAX. */
no tree_inclusion_build(struct hash_sha256_ctx *sha, const struct tree_source *source,
                        uint64_t index, uint64_t size, struct tree_proof *proof) MUST_USE;
/* PROOF of RFC 6962 section 2.1.2; empty from size 0 and between equal sizes. The nos of the
 * source; NO_NOT_FOUND when `old_size` is above `size`, or `size` is past TREE_SIZE_MAX. */
no tree_consistency_build(struct hash_sha256_ctx *sha, const struct tree_source *source,
                          uint64_t old_size, uint64_t size, struct tree_proof *proof) MUST_USE;

#endif
