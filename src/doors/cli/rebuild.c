/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/cli.h"

int cli_rebuild(struct cli *cli)
{
    return cli_no(cli, NO_NOT_FOUND);
}
