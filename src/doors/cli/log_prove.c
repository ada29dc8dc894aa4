/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/log_in.h"
#include "wire/proof.h"

#include <string.h>

static const char name[] = "prove";

/* What goes into the file, and what it was made of. */
struct made {
    str note, entry;
    struct policy_verdict verdict; /* its checkpoint alone, without a policy */
    struct tree_hash leaf;
    struct tree_proof proof;
};

static no read_checkpoint(struct cli *cli, struct log_files *files, const struct policy *policy,
                          struct made *made)
{
    struct note *note = arena_take(cli->ctx.arena, sizeof *note);

    if (note == NULL)
        return NO_OUT_OF_MEMORY;
    TRY(log_files_checkpoint(files, cli->ctx.arena, &made->note));
    if (policy != NULL)
        return policy_check_checkpoint(policy, made->note, &made->verdict);
    TRY(note_parse(made->note, note));
    return checkpoint_parse(note->text, &made->verdict.checkpoint);
}

/* Nobody is given a proof that does not hold: a file may be damaged. */
static no build(struct cli *cli, struct log_files *files, struct hash_sha256_ctx *sha,
                uint64_t index, struct made *made)
{
    const uint64_t size = made->verdict.checkpoint.size;
    struct log_nodes *nodes = arena_take(cli->ctx.arena, sizeof *nodes);
    struct tree_hash root;

    if (nodes == NULL)
        return NO_OUT_OF_MEMORY;
    if (index >= size)
        return NO_NOT_FOUND;
    log_nodes_init(nodes, files, cli->ctx.arena, sha, size);
    const struct tree_source source = log_nodes_source(nodes);
    no answer = log_files_entry(files, cli->ctx.arena, index, size, &made->entry);

    if (answer == YES)
        answer = tree_inclusion_build(sha, &source, index, size, &made->proof);
    if (answer != YES)
        return answer == NO_NOT_FOUND ? NO_REGISTER_DAMAGED : answer;
    tree_leaf(sha, made->entry, &made->leaf);
    memcpy(root.bytes, made->verdict.checkpoint.root, HASH_SIZE);
    return tree_inclusion_verify(sha, index, size, &made->leaf, made->proof.hashes, made->proof.n,
                                 &root) == YES
               ? YES
               : NO_REGISTER_DAMAGED;
}

static str file_of(struct cli *cli, uint64_t index, const struct made *made)
{
    struct proof *proof = arena_take(cli->ctx.arena, sizeof *proof);
    struct buf out;

    if (proof == NULL)
        return STR_NONE;
    proof->index = index;
    proof->hashes_n = made->proof.n;
    memcpy(proof->hashes, made->proof.hashes, made->proof.n * HASH_SIZE);
    proof->note = made->note;
    buf_init(&out, cli->ctx.arena, made->note.len + 4096);
    proof_put(&out, proof);
    return buf_failed(&out) ? STR_NONE : buf_str(&out);
}

static void say_json(struct cli *cli, uint64_t index, const struct made *made, str file)
{
    struct buf out;
    struct json_out j = {.out = &out};

    buf_init(&out, cli->ctx.arena, 2 * file.len + 1024);
    json_open(&j, '{');
    json_name(&j, S("origin"));
    json_text(&j, made->verdict.checkpoint.origin);
    json_name(&j, S("size"));
    json_int(&j, (int64_t)made->verdict.checkpoint.size);
    json_name(&j, S("index"));
    json_int(&j, (int64_t)index);
    json_name(&j, S("leaf"));
    json_text(&j, log_cli_hex(cli, made->leaf.bytes));
    json_name(&j, S("proof"));
    json_text(&j, file);
    log_cli_json_end(cli, &j);
}

/* The folder of a path, held, and its name in there. */
static no put_leaf(struct cli *cli, const char *path, str entry)
{
    const char *slash = strrchr(path, '/');
    const str folder = slash == NULL ? S(".") : (str){path, (size_t)(slash - path)};
    const str leaf = str_of(slash == NULL ? path : slash + 1);
    struct log_folder put;

    if (leaf.len == 0 || str_find(leaf, S("..")) < leaf.len || leaf.len >= LOG_PATH_MAX - 8)
        return NO_BAD_REQUEST;
    TRY(log_folder_open(&put, folder.len == 0 ? "/" : arena_cstr(cli->ctx.arena, folder), false,
                        false));
    const no answer = log_file_put(&put, leaf, entry);

    log_folder_close(&put);
    return answer;
}

static no prove(struct cli *cli, const struct policy *policy, struct log_files *files,
                uint64_t index, struct made *made)
{
    struct hash_sha256_ctx sha;

    TRY(read_checkpoint(cli, files, policy, made));
    hash_sha256_init(&sha);
    const no answer = build(cli, files, &sha, index, made);

    hash_sha256_release(&sha);
    return answer;
}

int log_cli_prove(struct cli *cli)
{
    int code;
    const struct policy *policy = log_cli_policy(cli, name, true, false, &code);
    const char *leaf = cli_option(cli, "--leaf");
    struct log_files files;
    struct made made = {.note = STR_NONE};
    int64_t index;

    if (code != LOG_CLI_OK)
        return code;
    if (cli->argc != 2 || cli->argv[0][0] == '-' || !str_to_int64(str_of(cli->argv[1]), &index) ||
        index < 0)
        return log_cli_usage(cli, name);
    no answer = log_files_open(&files, cli->ctx.arena, str_of(cli->argv[0]));

    if (answer != YES)
        return log_cli_no(cli, str_of(cli->argv[0]), answer);
    answer = prove(cli, policy, &files, (uint64_t)index, &made);
    log_files_close(&files);
    const str file = answer == YES ? file_of(cli, (uint64_t)index, &made) : STR_NONE;

    if (answer == YES && file.len == 0)
        answer = NO_OUT_OF_MEMORY;
    if (answer == YES && leaf != NULL)
        answer = put_leaf(cli, leaf, made.entry);
    if (answer != YES)
        return log_cli_no(cli, str_of(cli->argv[0]), answer);
    if (cli->json)
        say_json(cli, (uint64_t)index, &made, file);
    else
        (void)fwrite(file.ptr, 1, file.len, cli->out);
    return LOG_CLI_OK;
}
