/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/log/compare.h"

#include <string.h>

static no build(struct hash_sha256_ctx *sha, struct log_nodes *nodes, uint64_t small,
                uint64_t large, struct log_pair_proof *made)
{
    const struct tree_source source = log_nodes_source(nodes);

    TRY(tree_consistency_build(sha, &source, small, large, &made->proof));
    return tree_root_build(sha, &source, small, &made->root);
}

static enum log_pair judge(struct hash_sha256_ctx *sha, const struct checkpoint *small,
                           const struct checkpoint *large, const struct log_pair_proof *made)
{
    struct tree_hash small_root, large_root;

    memcpy(small_root.bytes, small->root, HASH_SIZE);
    memcpy(large_root.bytes, large->root, HASH_SIZE);
    /* Do the tiles belong to the larger one at all? */
    if (tree_consistency_verify(sha, small->size, large->size, &made->root, &large_root,
                                made->proof.hashes, made->proof.n) != YES)
        return LOG_UNPROVEN;
    return tree_equal(&made->root, &small_root) ? LOG_CONSISTENT : LOG_FORKED;
}

static no by_tiles(struct log_files *files, struct arena *scratch, const struct checkpoint *small,
                   const struct checkpoint *large, enum log_pair *pair, struct log_pair_proof *made)
{
    struct hash_sha256_ctx sha;
    struct log_nodes nodes;

    hash_sha256_init(&sha);
    log_nodes_init(&nodes, files, scratch, &sha, large->size);
    const no answer = build(&sha, &nodes, small->size, large->size, made);

    *pair = answer == YES ? judge(&sha, small, large, made) : LOG_UNPROVEN;
    hash_sha256_release(&sha);
    return answer == NO_NOT_FOUND || answer == NO_REGISTER_DAMAGED ? YES : answer;
}

no log_compare(struct log_files *files, struct arena *scratch, const struct checkpoint *a,
               const struct checkpoint *b, enum log_pair *pair, struct log_pair_proof *proof)
{
    const struct checkpoint *small = a->size < b->size ? a : b, *large = small == a ? b : a;
    struct log_pair_proof made = {.proof = {.n = 0}};
    no answer = YES;

    if (a->size == b->size)
        *pair = memcmp(a->root, b->root, HASH_SIZE) == 0 ? LOG_SAME : LOG_FORKED;
    else if (small->size == 0) /* the root of nothing is the beginning of everything */
        *pair = LOG_CONSISTENT;
    else if (files == NULL)
        *pair = LOG_UNPROVEN;
    else
        answer = by_tiles(files, scratch, small, large, pair, &made);
    if (proof != NULL)
        *proof = made;
    return answer;
}
