/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/log_in.h"
#include "wire/proof.h"

#include <string.h>

static const char name[] = "verify-proof";

/* The proof first, then who signed: a checkpoint that too few witnesses saw may still prove. */
static no check(const struct policy *policy, str entry, const struct proof *proof,
                struct policy_verdict *verdict)
{
    struct hash_sha256_ctx sha;
    struct tree_hash leaf, root, hashes[PROOF_HASHES_MAX];

    TRY(policy_weigh_checkpoint(policy, proof->note, verdict));
    hash_sha256_init(&sha);
    tree_leaf(&sha, entry, &leaf);
    memcpy(root.bytes, verdict->checkpoint.root, HASH_SIZE);
    memcpy(hashes, proof->hashes, sizeof hashes);
    const no answer = tree_inclusion_verify(&sha, proof->index, verdict->checkpoint.size, &leaf,
                                            hashes, proof->hashes_n, &root);

    hash_sha256_release(&sha);
    TRY(answer);
    return verdict->met ? YES : NO_QUORUM_UNMET;
}

static void say(struct cli *cli, const struct policy *policy, const struct proof *proof,
                const struct policy_verdict *verdict)
{
    const struct letter_word words[] = {{"index", log_cli_number(cli, proof->index)},
                                        {"origin", verdict->checkpoint.origin},
                                        {"n", log_cli_number(cli, verdict->checkpoint.size)}};
    struct buf out;
    struct json_out j = {.out = &out};

    if (!cli->json) {
        log_cli_say(cli,
                    lang_text_n(cli->ctx.lang, T_log_proven, (int64_t)verdict->checkpoint.size),
                    words, sizeof words / sizeof words[0]);
        log_cli_say_witnesses(cli, policy, verdict);
        return;
    }
    buf_init(&out, cli->ctx.arena, 1024);
    log_cli_json_verdict(&j, policy, verdict, cli);
    json_name(&j, S("index"));
    json_int(&j, (int64_t)proof->index);
    log_cli_json_end(cli, &j);
}

int log_cli_verify_proof(struct cli *cli)
{
    int code;
    const struct policy *policy = log_cli_policy(cli, name, true, true, &code);
    const char *leaf = cli_option(cli, "--leaf");
    struct proof *proof = arena_take(cli->ctx.arena, sizeof *proof);
    struct policy_verdict verdict;
    str entry, bytes;

    if (policy == NULL)
        return code;
    if (cli->argc != 1 || cli->argv[0][0] == '-' || leaf == NULL || proof == NULL)
        return log_cli_usage(cli, name);
    if (!log_cli_file(cli, cli->argv[0], PROOF_SIZE_MAX, &bytes, &code) ||
        !log_cli_file(cli, leaf, TILE_ENTRY_SIZE_MAX, &entry, &code))
        return code;
    no answer = proof_parse(bytes, proof);

    if (answer == YES)
        answer = check(policy, entry, proof, &verdict);
    if (answer != YES)
        return log_cli_no(cli, str_of(cli->argv[0]), answer);
    say(cli, policy, proof, &verdict);
    return LOG_CLI_OK;
}
