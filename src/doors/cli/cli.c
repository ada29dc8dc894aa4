/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/cli.h"

#include "pages/lang.h"

#include <errno.h>
#include <string.h>

static const struct cli_command commands[] = {
    {"found", CLI_WORLD, "FILE.json", "found a co-operative from a file",
     "fonder une coopérative depuis un fichier", cli_found},
    {"serve", CLI_SERVER, "[--port N] [--address A] [--origin URL] [--wizard]",
     "serve the co-operative", "servir la coopérative", NULL},
    {"demo", CLI_SERVER, "[--port N] [--only-make] [--members N --offers N --orders N]",
     "found a demonstration and serve it", "fonder une démonstration et la servir", NULL},
    {"import", CLI_WORLD,
     "inside-airbnb|woocommerce|members FILE [--dry-run] [--keep-good] [--rate SEK=0.088] "
     "[--currency SEK] [--as HANDLE] [--admit]",
     "bring in listings or members from a platform's export",
     "faire venir des annonces ou des membres depuis l'export d'une plateforme", cli_import},
    {"audit", CLI_WORLD, "", "recompute everything and name what is wrong",
     "tout recalculer et nommer ce qui est faux", cli_audit},
    {"statement", CLI_WORLD, "HANDLE|--coop [--currency CODE] [--csv]", "a member's statement",
     "le relevé d'un membre", cli_statement},
    {"user", CLI_WORLD, "list|link HANDLE|role HANDLE +ROLE|-ROLE|code-off HANDLE",
     "members, sign-in links, roles, lost telephones",
     "membres, liens de connexion, rôles, téléphones perdus", cli_user},
    {"rebuild", CLI_WORLD, "", "make again what is derived: search index, places, sums of months",
     "refaire ce qui se déduit : index de recherche, lieux, sommes des mois", cli_rebuild},
    {"backup", CLI_WORLD, "--to FOLDER", "write a backup, while the server runs",
     "écrire une sauvegarde, pendant que le serveur tourne", cli_backup},
    {"restore", CLI_NOTHING, "--from FOLDER",
     "check a backup from end to end and put it in the data folder",
     "vérifier une sauvegarde de bout en bout et la mettre dans le dossier de données",
     cli_restore},
    {"log", CLI_NOTHING, "verify|prove|verify-proof|watch|evidence ...",
     "the register: check it, prove an entry (filon help log)",
     "le registre : le vérifier, prouver une écriture (filon help log)", cli_log},
    {"version", CLI_NOTHING, "", "the program's version", "la version du programme", cli_version},
    {"help", CLI_NOTHING, "[COMMAND]", "this help", "cette aide", cli_help},
};

const struct cli_command *cli_command_at(size_t i)
{
    return i < sizeof commands / sizeof commands[0] ? &commands[i] : NULL;
}

const struct cli_command *cli_command_find(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

str cli_words(enum lang lang, no why)
{
    char key[64];
    enum lang_key found;
    const int len = snprintf(key, sizeof key, "no.%s", no_line(why)->name);

    if (len > 0 && (size_t)len < sizeof key && lang_key_find((str){key, (size_t)len}, &found))
        return lang_text(lang, found);
    return str_of(no_line(why)->name);
}

int cli_no(struct cli *cli, no why)
{
    const str words = cli_words(cli->ctx.lang, why);

    (void)fprintf(cli->err, "filon: %.*s\n", (int)words.len, words.ptr);
    for (size_t i = 0; i < cli->ctx.wrongs_n; i++) {
        const str reason = cli_words(cli->ctx.lang, cli->ctx.wrongs[i].why);

        (void)fprintf(cli->err, "  %s: %.*s\n", cli->ctx.wrongs[i].field, (int)reason.len,
                      reason.ptr);
    }
    return CLI_REFUSED;
}

int cli_usage(struct cli *cli, const struct cli_command *command)
{
    (void)fprintf(cli->err, "filon %s%s%s\n", command->name, command->usage[0] == 0 ? "" : " ",
                  command->usage);
    return CLI_USAGE;
}

static void drop(struct cli *cli, int at, int count)
{
    for (int i = at; i + count < cli->argc; i++)
        cli->argv[i] = cli->argv[i + count];
    cli->argc -= count;
}

const char *cli_option(struct cli *cli, const char *name)
{
    const size_t len = strlen(name);

    for (int i = 0; i < cli->argc; i++) {
        char *word = cli->argv[i];

        if (strcmp(word, name) == 0 && i + 1 < cli->argc) {
            const char *value = cli->argv[i + 1];

            drop(cli, i, 2);
            return value;
        }
        if (strncmp(word, name, len) == 0 && word[len] == '=') {
            drop(cli, i, 1);
            return word + len + 1;
        }
    }
    return NULL;
}

bool cli_flag(struct cli *cli, const char *name)
{
    for (int i = 0; i < cli->argc; i++)
        if (strcmp(cli->argv[i], name) == 0) {
            drop(cli, i, 1);
            return true;
        }
    return false;
}

no cli_read_file(struct cli *cli, const char *path, size_t most, str *bytes)
{
    struct buf name;

    buf_init(&name, cli->ctx.arena, 256);
    if (path[0] != '/' && cli->folder != NULL)
        buf_printf(&name, "%s/", cli->folder);
    buf_put(&name, str_of(path));
    buf_put_char(&name, 0);
    FILE *file = fopen(name.ptr, "rb");

    if (file == NULL)
        return errno == ENOENT ? NO_NOT_FOUND : NO_IO_FAILED;
    struct buf all;
    char block[65536];
    size_t got;

    buf_init(&all, cli->ctx.arena, sizeof block);
    while ((got = fread(block, 1, sizeof block, file)) > 0 && all.len <= most)
        buf_put_bytes(&all, block, got);
    const bool failed = ferror(file) != 0;

    (void)fclose(file);
    if (failed)
        return NO_IO_FAILED;
    if (all.len > most || buf_failed(&all))
        return NO_TOO_LARGE;
    *bytes = buf_str(&all);
    return YES;
}

int cli_version(struct cli *cli)
{
    (void)fprintf(cli->out, cli->json ? "{\"version\":\"%s\"}\n" : "filon %s\n", FILON_VERSION);
    return CLI_OK;
}

static void say_command(struct cli *cli, const struct cli_command *command)
{
    (void)fprintf(cli->out, "  filon %s%s%s\n      %s\n", command->name,
                  command->usage[0] == 0 ? "" : " ", command->usage,
                  cli->ctx.lang == LANG_FR ? command->about_fr : command->about_en);
}

int cli_help(struct cli *cli)
{
    const bool french = cli->ctx.lang == LANG_FR;

    if (cli->argc > 1 || (cli->argc == 1 && cli_command_find(cli->argv[0]) == NULL))
        return cli_usage(cli, cli_command_find("help"));
    (void)fprintf(cli->out, french ? "filon COMMANDE [--data DOSSIER] [--json] [--lang fr|en]\n\n"
                                   : "filon COMMAND [--data DIR] [--json] [--lang fr|en]\n\n");
    for (size_t i = 0; cli_command_at(i) != NULL; i++)
        if (cli->argc == 0 || strcmp(cli->argv[0], cli_command_at(i)->name) == 0)
            say_command(cli, cli_command_at(i));
    for (size_t i = 0; cli_log_at(i) != NULL; i++)
        if (cli->argc > 0 && strcmp(cli->argv[0], "log") == 0)
            say_command(cli, cli_log_at(i));
    return CLI_OK;
}
