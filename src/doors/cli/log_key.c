/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * filon log key: the verifier keys that other co-ops must know. filon log keygen | rotate: with the
 * signer's own functions, so not while a server's signer has its folder.
 */
#include "deeds/register.h"
#include "deeds/register_house.h"
#include "doors/cli/log_in.h"
#include "doors/signer/keeper.h"
#include "wire/lines.h"

static void put_json(struct cli *cli, str logs, str witness)
{
    struct buf out;
    struct json_out j = {.out = &out};
    str vkey;

    buf_init(&out, cli->ctx.arena, 512);
    json_open(&j, '{');
    json_name(&j, S("logs"));
    json_open(&j, '[');
    while (lines_next(&logs, &vkey))
        json_text(&j, vkey);
    json_close(&j, ']');
    json_name(&j, S("witness"));
    json_text(&j, str_trim(witness));
    log_cli_json_end(cli, &j);
}

/* "log KEY" for who adds us as a peer, "witness KEY" for who takes us as a witness. */
static int show(struct cli *cli, str logs, str witness)
{
    str vkey;

    if (cli->json) {
        put_json(cli, logs, witness);
        return LOG_CLI_OK;
    }
    while (lines_next(&logs, &vkey))
        (void)fprintf(cli->out, "log %.*s\n", (int)vkey.len, vkey.ptr);
    witness = str_trim(witness);
    (void)fprintf(cli->out, "witness %.*s\n", (int)witness.len, witness.ptr);
    return LOG_CLI_OK;
}

int log_cli_key(struct cli *cli)
{
    struct register_keys keys;

    if (cli->argc != 0)
        return log_cli_usage(cli, "key");
    const no answer = view_register_keys(&cli->ctx, &keys);

    return answer == YES ? show(cli, keys.logs, keys.witness) : log_cli_no(cli, S(""), answer);
}

static int change(struct cli *cli, no (*with)(const char *data, struct arena *arena, str origin,
                                              struct keeper_vkeys *vkeys))
{
    struct keeper_vkeys vkeys;
    str origin;
    no answer = view_register_origin(&cli->ctx, &origin);

    if (answer == NO_NOT_FOUND)
        answer = NO_NOT_FOUNDED;
    if (answer == YES)
        answer = with(cli->data, cli->ctx.arena, origin, &vkeys);
    return answer == YES ? show(cli, vkeys.logs, vkeys.witness) : log_cli_no(cli, S(""), answer);
}

int log_cli_keygen(struct cli *cli)
{
    return cli->argc != 0 ? log_cli_usage(cli, "keygen") : change(cli, keeper_keygen);
}

int log_cli_rotate(struct cli *cli)
{
    const bool end = cli_flag(cli, "--end");

    return cli->argc != 0 ? log_cli_usage(cli, "rotate")
                          : change(cli, end ? keeper_retire : keeper_rotate);
}
