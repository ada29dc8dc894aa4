/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Fingerprints and the frontier.
 */
#include "rules/tree.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct tree_hash) == HASH_SIZE, "an array of them is a run of bytes");

bool tree_equal(const struct tree_hash *a, const struct tree_hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_SIZE) == 0;
}

void tree_leaf(struct hash_sha256_ctx *sha, str entry, struct tree_hash *leaf)
{
    static const uint8_t prefix = 0x00;

    hash_sha256_update(sha, &prefix, 1);
    if (entry.len > 0)
        hash_sha256_update(sha, entry.ptr, entry.len);
    hash_sha256_final(sha, leaf->bytes);
}

void tree_node(struct hash_sha256_ctx *sha, const struct tree_hash *left,
               const struct tree_hash *right, struct tree_hash *out)
{
    uint8_t bytes[1 + 2 * HASH_SIZE] = {0x01};

    memcpy(bytes + 1, left->bytes, HASH_SIZE);
    memcpy(bytes + 1 + HASH_SIZE, right->bytes, HASH_SIZE);
    hash_sha256_update(sha, bytes, sizeof bytes);
    hash_sha256_final(sha, out->bytes);
}

struct tree_hash tree_empty(void)
{
    return (struct tree_hash){{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4,
                               0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b,
                               0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}};
}

void tree_over(struct hash_sha256_ctx *sha, const struct tree_hash *nodes, size_t n,
               struct tree_hash *root)
{
    struct tree_frontier frontier;

    frontier.size = 0;
    for (size_t i = 0; i < n; i++)
        tree_frontier_push(sha, &frontier, &nodes[i]);
    tree_frontier_root(sha, &frontier, root);
}

/* --- the frontier --- */

static unsigned roots_of(uint64_t size)
{
    return (unsigned)__builtin_popcountll(size);
}

void tree_frontier_push(struct hash_sha256_ctx *sha, struct tree_frontier *frontier,
                        const struct tree_hash *leaf)
{
    assert(frontier->size < TREE_SIZE_MAX);
    unsigned n = roots_of(frontier->size);
    struct tree_hash whole = *leaf;

    /* Each bit that carries is a subtree that becomes the left half of a larger one. */
    for (uint64_t carry = frontier->size; (carry & 1) != 0; carry >>= 1)
        tree_node(sha, &frontier->roots[--n], &whole, &whole);
    frontier->roots[n] = whole;
    frontier->size++;
}

void tree_frontier_root(struct hash_sha256_ctx *sha, const struct tree_frontier *frontier,
                        struct tree_hash *root)
{
    unsigned n = roots_of(frontier->size);
    struct tree_hash made = n == 0 ? tree_empty() : frontier->roots[--n];

    while (n > 0)
        tree_node(sha, &frontier->roots[--n], &made, &made);
    *root = made;
}

size_t tree_frontier_write(const struct tree_frontier *frontier,
                           uint8_t out[TREE_FRONTIER_SIZE_MAX])
{
    const size_t size = roots_of(frontier->size) * HASH_SIZE;

    memcpy(out, frontier->roots, size);
    return size;
}

no tree_frontier_parse(uint64_t size, str bytes, struct tree_frontier *frontier)
{
    if (size > TREE_SIZE_MAX || bytes.len != roots_of(size) * HASH_SIZE)
        return NO_REGISTER_DAMAGED;
    frontier->size = size;
    if (bytes.len > 0)
        memcpy(frontier->roots, bytes.ptr, bytes.len);
    return YES;
}
