/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "rules/witness.h"

enum witness_status witness_decide(struct hash_sha256_ctx *sha, const struct witness_state *state,
                                   const struct witness_ask *ask, struct witness_state *next)
{
    const struct witness_state held =
        state->seen ? *state : (struct witness_state){.size = 0, .root = tree_empty()};

    if (!ask->well_formed || ask->proof_n > WITNESS_PROOF_MAX)
        return WITNESS_MALFORMED;
    if (!ask->origin_known)
        return WITNESS_UNKNOWN;
    if (!ask->is_signed)
        return WITNESS_UNTRUSTED;
    if (ask->old > ask->size)
        return WITNESS_MALFORMED;
    if (ask->old != held.size)
        return WITNESS_ELSEWHERE;
    /* From the root that we hold, never from one that the request could name. */
    if (tree_consistency_verify(sha, held.size, ask->size, &held.root, &ask->root, ask->proof,
                                ask->proof_n) != YES)
        return WITNESS_INCONSISTENT;
    *next = (struct witness_state){.seen = true, .size = ask->size, .root = ask->root};
    return WITNESS_TAKEN;
}

/* The first row with the status in it decides; 409 and 200 depend on what came with them. */
static const struct {
    int from, to;
    enum witness_meaning meaning;
} meanings[] = {
    {0, 0, WITNESS_BACK_OFF},     {408, 408, WITNESS_BACK_OFF}, {422, 422, WITNESS_ALARM},
    {425, 425, WITNESS_BACK_OFF}, {429, 429, WITNESS_BACK_OFF}, {500, 599, WITNESS_BACK_OFF},
};

static enum witness_meaning conflict_means(const struct witness_answer *answer, uint64_t our_size)
{
    if (!answer->has_size || answer->size > our_size)
        return WITNESS_ALARM;
    return answer->retried ? WITNESS_BACK_OFF : WITNESS_PROVE;
}

enum witness_meaning witness_answer_means(const struct witness_answer *answer, uint64_t our_size)
{
    if (answer->status == WITNESS_TAKEN)
        return answer->cosigned ? WITNESS_KEEP : WITNESS_CONFIGURE;
    if (answer->status == WITNESS_ELSEWHERE)
        return conflict_means(answer, our_size);
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (answer->status >= meanings[i].from && answer->status <= meanings[i].to)
            return meanings[i].meaning;
    return WITNESS_CONFIGURE;
}
