/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The command line as a door: it parses words, calls one deed or view, writes the answer. The same
 * functions run in the program itself when no server holds the folder, and inside the server when
 * one does (main/relay.h): then `out` and `err` are the caller's terminal, handed over. So a
 * command must only speak through `cli`, and never end the process.
 *
 * Exit codes: 0 ok, 1 refused or wrong, 2 usage. Those of `filon log` also 3 and 4 (log_in.h).
 */
#ifndef DOORS_CLI_CLI_H
#define DOORS_CLI_CLI_H

#include "base/buf.h"
#include "base/lang.h"
#include "deeds/ctx.h"

#include <stdbool.h>
#include <stdio.h>

enum { CLI_OK = 0, CLI_REFUSED = 1, CLI_USAGE = 2 };
enum { CLI_ARENA = 64 << 20 };

/* For commands that make or mend a folder which no server may have: a world of their own there,
 * with a reader in ctx->db, and its end. The nos of world_open. */
struct cli_worlds {
    no (*open)(void **world, const char *data, struct ctx *ctx);
    void (*close)(void *world, struct ctx *ctx);
};

struct cli {
    struct ctx ctx; /* of the console; ctx.db is a reader */
    FILE *out, *err;
    const char *data;                /* the data folder */
    const char *folder;              /* the caller's working folder, for relative paths */
    const struct cli_worlds *worlds; /* NULL inside a server */
    bool json; /* --json: one JSON object or one per line on out, nothing else there */
    bool tty;  /* err is a terminal: progress may be drawn */
    int argc;  /* the words after the command's name, without the options above */
    char **argv;
};

enum cli_need { CLI_NOTHING, CLI_WORLD, CLI_SERVER };

/* One command. `need`: NOTHING runs at once, WORLD needs the data folder, SERVER is main's own
 * (serve, demo). */
struct cli_command {
    const char *name;
    enum cli_need need;
    const char *usage; /* what follows the name */
    const char *about_en, *about_fr;
    int (*run)(struct cli *cli);
};

/* The table, in the order of the manual; NULL past the end. */
const struct cli_command *cli_command_at(size_t i);
const struct cli_command *cli_command_find(const char *name);
/* What the command needs when `first` is its first word (NULL: none): `log` has subcommands, in a
 * table of their own with names "log SUB", and they differ. */
enum cli_need cli_need_of(const struct cli_command *command, const char *first);
const struct cli_command *cli_log_at(size_t i);

/* Why, in words for people: the text `no.NAME` of that language. */
str cli_words(enum lang lang, no why);
/* Says why, in the caller's language, and gives the exit code: a fault or refusal is CLI_REFUSED.
 * Wrong fields are named. */
int cli_no(struct cli *cli, no why);
int cli_usage(struct cli *cli, const struct cli_command *command);
/* Option "--name value" or "--name=value" taken out of argv; NULL when absent. A flag: cli_flag. */
const char *cli_option(struct cli *cli, const char *name);
bool cli_flag(struct cli *cli, const char *name);
/* The whole file (path relative to cli->folder; "-" is not allowed when a server runs it) in the
 * arena. NO_NOT_FOUND, NO_IO_FAILED, NO_TOO_LARGE past `most` bytes. */
no cli_read_file(struct cli *cli, const char *path, size_t most, str *bytes) MUST_USE;

/* --- the commands, one file each
 * ----------------------------------------------------------------------------------- */
int cli_found(struct cli *cli);
int cli_import(struct cli *cli);
int cli_audit(struct cli *cli);
int cli_statement(struct cli *cli);
int cli_user(struct cli *cli);
int cli_rebuild(struct cli *cli);
int cli_log(struct cli *cli);
int cli_backup(struct cli *cli);
int cli_restore(struct cli *cli);
int cli_version(struct cli *cli);
int cli_help(struct cli *cli);

#endif
