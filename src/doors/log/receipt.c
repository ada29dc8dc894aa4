/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/log/receipt.h"

#include "base/json.h"
#include "wire/jcs.h"
#include "wire/proof.h"

#include <string.h>

/* --- the file -------------------------------------------------------------------------------- */

void log_receipt_put(struct buf *out, const struct log_receipt *receipt)
{
    struct json_out json = {.out = out};

    json_open(&json, '{');
    json_name(&json, S("entry"));
    json_text(&json, receipt->entry);
    json_name(&json, S("index"));
    json_int(&json, receipt->index);
    json_name(&json, S("opens"));
    json_open(&json, '[');
    for (size_t i = 0; i < receipt->opens_n; i++) {
        char hex[2 * REGISTER_OPENING];

        str_hex(receipt->opens[i].opening, REGISTER_OPENING, hex);
        json_open(&json, '{');
        json_name(&json, S("opening"));
        json_text(&json, (str){hex, sizeof hex});
        json_name(&json, S("payload"));
        json_text(&json, receipt->opens[i].payload);
        json_name(&json, S("slot"));
        json_int(&json, receipt->opens[i].slot);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_name(&json, S("origin"));
    json_text(&json, receipt->origin);
    json_name(&json, S("v"));
    json_int(&json, 1);
    json_close(&json, '}');
}

static bool read_open(const struct json *json, struct log_receipt_open *open)
{
    open->slot = json_int_of(json, S("slot"), -1);
    open->payload = json_text_of(json, S("payload"), STR_NONE);
    return open->slot >= 0 && open->payload.ptr != NULL &&
           str_unhex(json_text_of(json, S("opening"), STR_NONE), open->opening, REGISTER_OPENING);
}

no log_receipt_parse(struct arena *arena, str text, struct log_receipt *out)
{
    struct log_receipt receipt = {.opens_n = 0};
    const struct json *root;
    int line;

    if (text.len > LOG_RECEIPT_SIZE_MAX || json_parse(arena, text, &root, &line) != YES)
        return NO_RECEIPT_MALFORMED;
    const struct json *opens = json_get(root, S("opens"));

    receipt.entry = json_text_of(root, S("entry"), STR_NONE);
    receipt.origin = json_text_of(root, S("origin"), S(""));
    receipt.index = json_int_of(root, S("index"), 0);
    if (receipt.entry.ptr == NULL || json_int_of(root, S("v"), 0) != 1 || opens == NULL ||
        opens->kind != JSON_LIST || opens->items_n == 0 || opens->items_n > LOG_RECEIPT_OPENS_MAX)
        return NO_RECEIPT_MALFORMED;
    for (; receipt.opens_n < opens->items_n; receipt.opens_n++)
        if (!read_open(&opens->items[receipt.opens_n], &receipt.opens[receipt.opens_n]))
            return NO_RECEIPT_MALFORMED;
    *out = receipt;
    return YES;
}

/* --- the proof ------------------------------------------------------------------------------- */

static no build(struct log_files *files, struct arena *scratch, struct hash_sha256_ctx *sha,
                const struct checkpoint *checkpoint, struct proof *file, str entry)
{
    struct log_nodes *nodes = arena_take(scratch, sizeof *nodes);
    struct tree_hash leaf, root;
    struct tree_proof proof;

    if (nodes == NULL)
        return NO_OUT_OF_MEMORY;
    log_nodes_init(nodes, files, scratch, sha, checkpoint->size);
    const struct tree_source source = log_nodes_source(nodes);
    const no answer = tree_inclusion_build(sha, &source, file->index, checkpoint->size, &proof);

    if (answer != YES)
        return answer == NO_NOT_FOUND ? NO_REGISTER_DAMAGED : answer;
    tree_leaf(sha, entry, &leaf);
    memcpy(root.bytes, checkpoint->root, HASH_SIZE);
    if (tree_inclusion_verify(sha, file->index, checkpoint->size, &leaf, proof.hashes, proof.n,
                              &root) != YES)
        return NO_REGISTER_DAMAGED;
    file->hashes_n = proof.n;
    memcpy(file->hashes, proof.hashes, proof.n * HASH_SIZE);
    return YES;
}

no log_proof_put(struct buf *out, struct log_files *files, struct arena *scratch, uint64_t index,
                 str entry)
{
    struct note *note = arena_take(scratch, sizeof *note);
    struct proof *file = arena_take(scratch, sizeof *file);
    struct checkpoint checkpoint;
    struct hash_sha256_ctx sha;

    if (note == NULL || file == NULL)
        return NO_OUT_OF_MEMORY;
    TRY(log_files_checkpoint(files, scratch, &file->note));
    TRY(note_parse(file->note, note));
    TRY(checkpoint_parse(note->text, &checkpoint));
    if (index >= checkpoint.size)
        return NO_NOT_FOUND;
    file->index = index;
    hash_sha256_init(&sha);
    const no answer = build(files, scratch, &sha, &checkpoint, file, entry);

    hash_sha256_release(&sha);
    if (answer == YES)
        proof_put(out, file);
    return answer;
}

/* --- checking -------------------------------------------------------------------------------- */

static enum log_receipt_verdict verdict(bool good)
{
    return good ? LOG_STEP_GOOD : LOG_STEP_BAD;
}

static bool slot_is(struct jcs commitments, int64_t slot, uint8_t commitment[HASH_SIZE])
{
    struct jcs_walk walk = {.of = commitments};
    struct jcs value;
    str name;

    if (commitments.kind != JCS_LIST)
        return false;
    for (int64_t i = 0; jcs_next(&walk, &name, &value); i++)
        if (i == slot)
            return jcs_hex(value, commitment, HASH_SIZE);
    return false;
}

static bool opens_fit(struct hash_sha256_ctx *sha, const struct log_receipt *receipt)
{
    if (jcs_entry_check(receipt->entry) != YES)
        return false;
    const struct jcs commitments = jcs_get(jcs_root(receipt->entry), S("cs"));

    for (size_t i = 0; i < receipt->opens_n; i++) {
        const struct log_receipt_open *open = &receipt->opens[i];
        uint8_t said[HASH_SIZE], made[HASH_SIZE];

        if (!slot_is(commitments, open->slot, said))
            return false;
        register_commit(sha, open->opening, open->payload, made);
        if (!hash_equal(said, made, HASH_SIZE))
            return false;
    }
    return true;
}

static bool place_holds(struct hash_sha256_ctx *sha, str entry, const struct proof *proof,
                        const struct checkpoint *checkpoint)
{
    struct tree_hash leaf, root, hashes[PROOF_HASHES_MAX];

    tree_leaf(sha, entry, &leaf);
    memcpy(root.bytes, checkpoint->root, HASH_SIZE);
    for (size_t i = 0; i < proof->hashes_n; i++)
        memcpy(hashes[i].bytes, proof->hashes[i], HASH_SIZE);
    return tree_inclusion_verify(sha, proof->index, checkpoint->size, &leaf, hashes,
                                 proof->hashes_n, &root) == YES;
}

static no check_policy(struct arena *arena, str note, str text, struct log_receipt_check *check)
{
    struct policy *policy = arena_take(arena, sizeof *policy);
    struct policy_verdict *found = arena_take(arena, sizeof *found);
    unsigned line;

    if (policy == NULL || found == NULL)
        return NO_OUT_OF_MEMORY;
    TRY(policy_parse(text, policy, &line));
    const no answer = policy_weigh_checkpoint(policy, note, found);

    if (answer == NO_NOTE_MALFORMED || answer == NO_CHECKPOINT_MALFORMED)
        return NO_PROOF_MALFORMED;
    check->steps[LOG_STEP_SIGNED] = verdict(answer == YES);
    if (answer != YES)
        return YES;
    check->steps[LOG_STEP_WITNESSES] = verdict(found->met);
    check->of_n = policy->witnesses_n;
    check->witnesses_n = (uint64_t)__builtin_popcountll(found->witnesses);
    check->newest_s = found->newest_s;
    check->nobody = policy->quorum == POLICY_NOBODY;
    return YES;
}

static no check_proof(struct hash_sha256_ctx *sha, struct arena *arena,
                      const struct log_receipt *receipt, str text, str policy,
                      struct log_receipt_check *check)
{
    struct note *note = arena_take(arena, sizeof *note);
    struct proof *proof = arena_take(arena, sizeof *proof);
    struct checkpoint checkpoint;

    if (note == NULL || proof == NULL)
        return NO_OUT_OF_MEMORY;
    TRY(proof_parse(text, proof));
    if (note_parse(proof->note, note) != YES || checkpoint_parse(note->text, &checkpoint) != YES)
        return NO_PROOF_MALFORMED;
    check->index = proof->index;
    check->size = checkpoint.size;
    check->steps[LOG_STEP_PLACE] = verdict(place_holds(sha, receipt->entry, proof, &checkpoint));
    return policy.len == 0 ? YES : check_policy(arena, proof->note, policy, check);
}

no log_receipt_check(struct arena *arena, const struct log_receipt *receipt, str proof, str policy,
                     struct log_receipt_check *out)
{
    struct log_receipt_check check = {.size = 0};
    struct hash_sha256_ctx sha;
    no answer = YES;

    hash_sha256_init(&sha);
    check.steps[LOG_STEP_OPENS] = verdict(opens_fit(&sha, receipt));
    if (proof.len > 0)
        answer = check_proof(&sha, arena, receipt, proof, policy, &check);
    hash_sha256_release(&sha);
    if (answer == YES)
        *out = check;
    return answer;
}
