/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/log_in.h"
#include "doors/log/compare.h"

static const char name[] = "evidence";

static const struct {
    const char *json;
    enum lang_key words;
    int code;
} answers[] = {
    [LOG_SAME] = {"same", T_log_evidence_same, LOG_CLI_OK},
    [LOG_CONSISTENT] = {"consistent", T_log_evidence_consistent, LOG_CLI_OK},
    [LOG_FORKED] = {"forked", T_log_evidence_forked, LOG_CLI_FORK},
    [LOG_UNPROVEN] = {"unproven", T_log_evidence_unproven, LOG_CLI_OK},
};

static void say(struct cli *cli, const struct checkpoint *a, const struct checkpoint *b,
                enum log_pair pair)
{
    const struct letter_word words[] = {{"origin", a->origin},
                                        {"a", log_cli_number(cli, a->size)},
                                        {"b", log_cli_number(cli, b->size)}};
    struct buf out;
    struct json_out j = {.out = &out};

    if (!cli->json) {
        log_cli_say(cli, lang_text(cli->ctx.lang, answers[pair].words), words,
                    sizeof words / sizeof words[0]);
        return;
    }
    buf_init(&out, cli->ctx.arena, 512);
    json_open(&j, '{');
    json_name(&j, S("evidence"));
    json_bool(&j, pair == LOG_FORKED);
    json_name(&j, S("pair"));
    json_text(&j, str_of(answers[pair].json));
    json_name(&j, S("origin"));
    json_text(&j, a->origin);
    json_name(&j, S("sizes"));
    json_open(&j, '[');
    json_int(&j, (int64_t)a->size);
    json_int(&j, (int64_t)b->size);
    json_close(&j, ']');
    log_cli_json_end(cli, &j);
}

static no compare(struct cli *cli, const char *log, const struct checkpoint *a,
                  const struct checkpoint *b, enum log_pair *pair)
{
    struct log_files files;

    if (log == NULL)
        return log_compare(NULL, cli->ctx.arena, a, b, pair, NULL);
    TRY(log_files_open(&files, cli->ctx.arena, str_of(log)));
    const no answer = log_compare(&files, cli->ctx.arena, a, b, pair, NULL);

    log_files_close(&files);
    return answer;
}

/* Only what the register signed counts: anybody can write two texts. */
static bool read_two(struct cli *cli, const struct policy *policy, struct policy_verdict *both,
                     int *code)
{
    for (int i = 0; i < 2; i++) {
        str note;

        if (!log_cli_file(cli, cli->argv[i], LOG_NOTE_MAX, &note, code))
            return false;
        no answer = policy_weigh_checkpoint(policy, note, &both[i]);

        if (answer == YES && i == 1 &&
            !str_eq(both[0].checkpoint.origin, both[1].checkpoint.origin))
            answer = NO_CHECKPOINT_ELSEWHERE;
        if (answer != YES) {
            *code = log_cli_no(cli, str_of(cli->argv[i]), answer);
            return false;
        }
    }
    return true;
}

int log_cli_evidence(struct cli *cli)
{
    int code;
    const struct policy *policy = log_cli_policy(cli, name, true, true, &code);
    const char *log = cli_option(cli, "--log");
    struct policy_verdict both[2];
    enum log_pair pair;

    if (policy == NULL)
        return code;
    if (cli->argc != 2 || cli->argv[0][0] == '-' || cli->argv[1][0] == '-')
        return log_cli_usage(cli, name);
    if (!read_two(cli, policy, both, &code))
        return code;
    const no answer = compare(cli, log, &both[0].checkpoint, &both[1].checkpoint, &pair);

    if (answer != YES)
        return log_cli_no(cli, str_of(log), answer);
    say(cli, &both[0].checkpoint, &both[1].checkpoint, pair);
    return log != NULL && pair == LOG_UNPROVEN ? LOG_CLI_BAD : answers[pair].code;
}
