/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * filon rebuild: what can be derived is made anew: the gazetteer, the number of members, the sums
 * of months and the marks on accounts' chains, the search index. It may run beside a server: it
 * takes the writer's turn for a few hundred offers at a time.
 */
#include "deeds/house.h"
#include "deeds/ledger.h"
#include "deeds/offer_index.h"
#include "doors/cli/cli.h"

#include <inttypes.h>

enum { AT_A_TIME = 2000 };

static no reindex(struct cli *cli, int64_t *done)
{
    struct offer_reindex_form form = {.most = AT_A_TIME};

    *done = 0;
    do {
        const size_t mark = arena_mark(cli->ctx.arena);

        TRY(deed_offer_reindex(&cli->ctx, &form));
        arena_rewind(cli->ctx.arena, mark);
        *done += form.n;
        if (cli->tty)
            fprintf(cli->err, "\r%" PRId64 " ", *done);
    } while (form.n > 0);
    if (cli->tty)
        fprintf(cli->err, "\r");
    return YES;
}

int cli_rebuild(struct cli *cli)
{
    int64_t offers = 0;
    no answer = deed_place_reload(&cli->ctx);

    if (answer == YES)
        answer = deed_house_recount(&cli->ctx);
    if (answer == YES)
        answer = deed_ledger_rebuild(&cli->ctx);
    if (answer == YES)
        answer = reindex(cli, &offers);
    if (answer != YES)
        return cli_no(cli, answer);
    if (cli->json)
        fprintf(cli->out, "{\"offers\":%" PRId64 "}\n", offers);
    else if (cli->ctx.lang == LANG_FR)
        fprintf(cli->out, "Index refait : %" PRId64 " offres et besoins.\n", offers);
    else
        fprintf(cli->out, "Index made again: %" PRId64 " offers and needs.\n", offers);
    return CLI_OK;
}
