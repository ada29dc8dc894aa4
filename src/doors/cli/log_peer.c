/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * filon log peer add|drop|list: the other co-ops whose registers this one witnesses.
 */
#include "deeds/register_house.h"
#include "doors/cli/log_in.h"
#include "wire/lines.h"

#include <string.h>

static const char name[] = "peer";

static int add(struct cli *cli, bool mirror)
{
    struct register_peer_form form = {.vkey = str_of(cli->argv[1]),
                                      .url = cli->argc > 2 ? str_of(cli->argv[2]) : S(""),
                                      .mirror = mirror};
    const no answer = deed_register_peer_add(&cli->ctx, &form);

    if (answer != YES)
        return log_cli_no(cli, form.vkey, answer);
    (void)fprintf(cli->out, "%.*s\n", (int)form.origin.len, form.origin.ptr);
    return LOG_CLI_OK;
}

static int drop(struct cli *cli)
{
    const str origin = str_of(cli->argv[1]);
    const no answer = deed_register_peer_drop(&cli->ctx, origin);

    return answer == YES ? LOG_CLI_OK : log_cli_no(cli, origin, answer);
}

/* --- list --------------------------------------------------------------------------------------
 */

static void put_json(struct cli *cli, const struct register_peer *peer)
{
    struct buf out;
    struct json_out j = {.out = &out};
    str rest = peer->vkeys, vkey;

    buf_init(&out, cli->ctx.arena, 512);
    json_open(&j, '{');
    json_name(&j, S("origin"));
    json_text(&j, peer->origin);
    json_name(&j, S("url"));
    json_text(&j, peer->url);
    json_name(&j, S("cosigned"));
    json_bool(&j, (peer->state & PEER_COSIGNED) != 0);
    json_name(&j, S("mirrored"));
    json_bool(&j, (peer->state & PEER_MIRRORED) != 0);
    json_name(&j, S("differs"));
    json_bool(&j, (peer->state & PEER_DIFFERS) != 0);
    json_name(&j, S("vkeys"));
    json_open(&j, '[');
    while (lines_next(&rest, &vkey))
        json_text(&j, vkey);
    json_close(&j, ']');
    log_cli_json_end(cli, &j);
}

static void put_line(struct cli *cli, const struct register_peer *peer)
{
    const bool cosigned = (peer->state & PEER_COSIGNED) != 0;

    (void)fprintf(cli->out, "%c%c%c %.*s %.*s\n%.*s", cosigned ? 'c' : '-',
                  (peer->state & PEER_MIRRORED) != 0 ? 'm' : '-',
                  (peer->state & PEER_DIFFERS) != 0 ? '!' : '-', (int)peer->origin.len,
                  peer->origin.ptr, (int)peer->url.len, peer->url.ptr,
                  cosigned ? (int)peer->vkeys.len : 0, peer->vkeys.ptr);
}

static int list(struct cli *cli)
{
    struct register_peer *peers;
    size_t n;
    const no answer = view_register_peers(&cli->ctx, &peers, &n);

    if (answer != YES)
        return log_cli_no(cli, S(""), answer);
    for (size_t i = 0; i < n; i++)
        if (cli->json)
            put_json(cli, &peers[i]);
        else
            put_line(cli, &peers[i]);
    return LOG_CLI_OK;
}

int log_cli_peer(struct cli *cli)
{
    const bool mirror = cli_flag(cli, "--mirror");

    if ((cli->argc == 2 || cli->argc == 3) && strcmp(cli->argv[0], "add") == 0)
        return add(cli, mirror);
    if (cli->argc == 2 && !mirror && strcmp(cli->argv[0], "drop") == 0)
        return drop(cli);
    if (cli->argc == 1 && !mirror && strcmp(cli->argv[0], "list") == 0)
        return list(cli);
    return log_cli_usage(cli, name);
}
