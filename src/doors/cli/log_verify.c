/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/log_in.h"

enum { NOTES_MOST = LOG_NOTE_MAX };

static const char name[] = "verify";

static void progress(void *self, uint64_t done, uint64_t of)
{
    struct cli *cli = self;

    if (cli->tty && of > 0)
        (void)fprintf(cli->err, "\r%3d %%", (int)(done * 100 / of));
}

static void say_json(struct cli *cli, const struct log_verify *verify)
{
    struct buf out;
    struct json_out j = {.out = &out};

    buf_init(&out, cli->ctx.arena, 1024);
    log_cli_json_verdict(&j, verify->policy, &verify->verdict, cli);
    json_name(&j, S("entries"));
    json_int(&j, (int64_t)verify->entries);
    json_name(&j, S("files"));
    json_int(&j, (int64_t)verify->files_n);
    json_name(&j, S("kept"));
    json_int(&j, (int64_t)verify->kept_n);
    json_name(&j, S("olds"));
    json_int(&j, (int64_t)verify->olds_n);
    log_cli_json_end(cli, &j);
}

static void say(struct cli *cli, const struct log_verify *verify)
{
    const struct checkpoint *checkpoint = &verify->verdict.checkpoint;
    const struct letter_word words[] = {
        {"origin", checkpoint->origin},
        {"n", log_cli_number(cli, checkpoint->size)},
        {"root", log_cli_hex(cli, checkpoint->root)},
        {"files", log_cli_number(cli, verify->files_n)},
        {"kept", log_cli_number(cli, verify->kept_n)},
        {"olds", log_cli_number(cli, verify->olds_n)},
    };
    const size_t n = sizeof words / sizeof words[0];
    const enum lang lang = cli->ctx.lang;

    log_cli_say(cli, lang_text_n(lang, T_log_verified, (int64_t)checkpoint->size), words, n);
    log_cli_say(cli, lang_text(lang, T_log_verified_root), words, n);
    log_cli_say(cli, lang_text(lang, T_log_verified_files), words, n);
    log_cli_say_witnesses(cli, verify->policy, &verify->verdict);
}

static int run(struct cli *cli, struct log_verify *verify)
{
    const no answer = log_verify(verify);

    if (cli->tty)
        (void)fputs("\r", cli->err);
    if (answer != YES)
        return log_cli_no(cli, str_of(verify->where), answer);
    if (cli->json)
        say_json(cli, verify);
    else
        say(cli, verify);
    return LOG_CLI_OK;
}

/* Every --old FILE; false and *code when one cannot be read or there are too many. */
static bool read_olds(struct cli *cli, struct log_old *olds, size_t *n, int *code)
{
    const char *path;

    for (*n = 0; (path = cli_option(cli, "--old")) != NULL; ++*n) {
        if (*n == LOG_OLDS_MAX) {
            *code = log_cli_usage(cli, name);
            return false;
        }
        olds[*n].name = str_of(path);
        if (!log_cli_file(cli, path, NOTES_MOST, &olds[*n].note, code))
            return false;
    }
    return true;
}

int log_cli_verify(struct cli *cli)
{
    struct log_old olds[LOG_OLDS_MAX];
    struct log_files files;
    struct log_verify verify = {.files = &files, .arena = cli->ctx.arena, .olds = olds};
    int code;

    verify.policy = log_cli_policy(cli, name, true, true, &code);
    if (verify.policy == NULL || !read_olds(cli, olds, &verify.olds_n, &code))
        return code;
    verify.foreign = cli_flag(cli, "--foreign");
    verify.progress = progress;
    verify.self = cli;
    if (cli->argc != 1 || cli->argv[0][0] == '-')
        return log_cli_usage(cli, name);
    const no answer = log_files_open(&files, cli->ctx.arena, str_of(cli->argv[0]));

    if (answer != YES)
        return log_cli_no(cli, str_of(cli->argv[0]), answer);
    code = run(cli, &verify);
    log_files_close(&files);
    return code;
}
