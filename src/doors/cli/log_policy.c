/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * filon log policy [FILE]: who must witness the register. filon log status: how far it is.
 */
#include "deeds/register.h"
#include "deeds/register_house.h"
#include "doors/cli/log_in.h"

static void print(struct cli *cli, str text)
{
    (void)fwrite(text.ptr, 1, text.len, cli->out);
}

/* --- policy ------------------------------------------------------------------------------------
 */

static int show_policy(struct cli *cli)
{
    struct buf out;
    struct json_out j = {.out = &out};
    str text;
    const no answer = view_register_policy(&cli->ctx, &text);

    if (answer != YES)
        return log_cli_no(cli, S(""), answer);
    if (!cli->json) {
        print(cli, text);
        return LOG_CLI_OK;
    }
    buf_init(&out, cli->ctx.arena, text.len + 64);
    json_open(&j, '{');
    json_name(&j, S("policy"));
    json_text(&j, text);
    log_cli_json_end(cli, &j);
    return LOG_CLI_OK;
}

int log_cli_set_policy(struct cli *cli)
{
    struct register_policy_form form = {.line = 0};
    struct buf where;
    int code;

    if (cli->argc > 1)
        return log_cli_usage(cli, "policy");
    if (cli->argc == 0)
        return show_policy(cli);
    if (!log_cli_file(cli, cli->argv[0], REGISTER_POLICY_MAX, &form.text, &code))
        return code;
    const no answer = deed_register_policy(&cli->ctx, &form);

    if (answer == YES)
        return LOG_CLI_OK;
    buf_init(&where, cli->ctx.arena, 256);
    buf_put(&where, str_of(cli->argv[0]));
    if (form.line > 0)
        buf_printf(&where, ":%u", form.line);
    return log_cli_no(cli, buf_str(&where), answer);
}

/* --- status ------------------------------------------------------------------------------------
 */

static const struct {
    const char *json;
    enum lang_key words;
    int code;
} stills[] = {
    [REGISTER_MOVES] = {"moves", T_log_status_moves, LOG_CLI_OK},
    [REGISTER_ROLLED_BACK] = {"rolled_back", T_log_status_rolled_back, LOG_CLI_FORK},
    [REGISTER_FORKED] = {"forked", T_log_status_forked, LOG_CLI_FORK},
    [REGISTER_UNSURE] = {"unsure", T_log_status_unsure, LOG_CLI_QUORUM},
};

static void put_status(struct cli *cli, str origin, const struct register_state *state)
{
    struct buf out;
    struct json_out j = {.out = &out};
    const struct {
        str name;
        int64_t number;
    } numbers[] = {{S("recorded"), state->recorded},     {S("published"), state->published},
                   {S("witnessed"), state->witnessed},   {S("witnessed_at"), state->witnessed_at_s},
                   {S("witnesses"), state->witnesses_n}, {S("quorum"), state->quorum_n}};

    buf_init(&out, cli->ctx.arena, 256);
    json_open(&j, '{');
    json_name(&j, S("origin"));
    json_text(&j, origin);
    json_name(&j, S("state"));
    json_text(&j, str_of(stills[state->still].json));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        json_name(&j, numbers[i].name);
        json_int(&j, numbers[i].number);
    }
    log_cli_json_end(cli, &j);
}

int log_cli_status(struct cli *cli)
{
    struct register_state state;
    str origin;

    if (cli->argc != 0)
        return log_cli_usage(cli, "status");
    no answer = view_register_origin(&cli->ctx, &origin);

    if (answer == YES)
        answer = view_register_state(&cli->ctx, &state);
    if (answer != YES)
        return log_cli_no(cli, S(""), answer == NO_NOT_FOUND ? NO_NOT_FOUNDED : answer);
    if (state.still > REGISTER_UNSURE)
        state.still = REGISTER_UNSURE;
    const struct letter_word words[] = {
        {"origin", origin},
        {"recorded", log_cli_number(cli, (uint64_t)state.recorded)},
        {"published", log_cli_number(cli, (uint64_t)state.published)},
        {"witnessed", log_cli_number(cli, (uint64_t)state.witnessed)},
        {"n", log_cli_number(cli, (uint64_t)state.witnesses_n)},
        {"quorum", log_cli_number(cli, (uint64_t)state.quorum_n)}};

    if (cli->json)
        put_status(cli, origin, &state);
    else {
        log_cli_say(cli, lang_text(cli->ctx.lang, T_log_status), words,
                    sizeof words / sizeof words[0]);
        log_cli_say(cli, lang_text(cli->ctx.lang, stills[state.still].words), words, 1);
    }
    return stills[state.still].code;
}
