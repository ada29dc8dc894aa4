/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/log_in.h"

#include <string.h>

enum { PREFIX = sizeof "log " - 1 };

/* In the order of the manual. */
static const struct cli_command commands[] = {
    {"log verify", CLI_NOTHING, "DIR|URL --policy FILE|--vkey KEY [--old FILE]... [--foreign]",
     "fingerprint a register again, from its public files alone",
     "reprendre toutes les empreintes d'un registre, à partir de ses seuls fichiers publics",
     log_cli_verify},
    {"log prove", CLI_NOTHING, "DIR|URL INDEX [--policy FILE|--vkey KEY] [--leaf FILE]",
     "write the proof of an entry, and the entry", "écrire la preuve d'une écriture, et l'écriture",
     log_cli_prove},
    {"log verify-proof", CLI_NOTHING, "FILE --leaf FILE --policy FILE|--vkey KEY",
     "check a proof, without asking anyone", "vérifier une preuve, sans rien demander à personne",
     log_cli_verify_proof},
    {"log watch", CLI_NOTHING, "[DIR|URL]... --policy FILE --state DIR",
     "compare what a register and its witnesses show with what was seen before",
     "comparer ce que montrent un registre et ses témoins avec ce qui a été vu avant",
     log_cli_watch},
    {"log evidence", CLI_NOTHING, "CHECKPOINT CHECKPOINT --vkey KEY|--policy FILE [--log DIR|URL]",
     "say whether two checkpoints exclude each other",
     "dire si deux points de contrôle s'excluent l'un l'autre", log_cli_evidence},
    {"log status", CLI_WORLD, "", "how far this register is published and witnessed",
     "jusqu'où ce registre est publié et vu par des témoins", log_cli_status},
    {"log policy", CLI_WORLD, "[FILE]", "show or set who must witness this register",
     "montrer ou fixer qui doit être témoin de ce registre", log_cli_set_policy},
    {"log peer", CLI_WORLD, "add VKEY [URL] [--mirror]|drop ORIGIN|list",
     "the registers of other co-ops that this one witnesses",
     "les registres d'autres coopératives dont celle-ci est témoin", log_cli_peer},
    {"log key", CLI_WORLD, "", "the keys that other co-ops must know",
     "les clés que les autres coopératives doivent connaître", log_cli_key},
    {"log keygen", CLI_WORLD, "", "make the signer's keys where there are none",
     "créer les clés du signataire là où il n'y en a pas", log_cli_keygen},
    {"log rotate", CLI_WORLD, "[--end]",
     "a new key of the log beside the old one; --end drops that",
     "une nouvelle clé du registre à côté de l'ancienne ; --end retire celle-ci", log_cli_rotate},
    {"log audit", CLI_WORLD, "", "the audit, and the public files against the register",
     "l'audit, et les fichiers publics comparés au registre", log_cli_audit},
};

const struct cli_command *cli_log_at(size_t i)
{
    return i < sizeof commands / sizeof commands[0] ? &commands[i] : NULL;
}

static const struct cli_command *find(const char *name)
{
    for (size_t i = 0; cli_log_at(i) != NULL; i++)
        if (strcmp(commands[i].name + PREFIX, name) == 0)
            return &commands[i];
    return NULL;
}

enum cli_need cli_need_of(const struct cli_command *command, const char *first)
{
    if (command->run != cli_log)
        return command->need;
    const struct cli_command *sub = first == NULL ? NULL : find(first);

    return sub == NULL ? CLI_NOTHING : sub->need;
}

int log_cli_usage(struct cli *cli, const char *name)
{
    return cli_usage(cli, find(name));
}

int cli_log(struct cli *cli)
{
    const struct cli_command *command = cli->argc > 0 ? find(cli->argv[0]) : NULL;

    if (command == NULL) {
        for (size_t i = 0; cli_log_at(i) != NULL; i++)
            (void)cli_usage(cli, cli_log_at(i));
        return CLI_USAGE;
    }
    cli->argc--;
    cli->argv++;
    return command->run(cli);
}
