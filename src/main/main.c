/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One program: filon COMMAND. Reads the options that every command has, then serves, asks the
 * server that holds the folder, or opens the folder itself.
 */
#include "base/log.h"
#include "doors/cli/cli.h"
#include "doors/photo/photo.h"
#include "doors/signer/signer.h"
#include "main/relay.h"
#include "main/serve.h"
#include "main/world.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CLI_READERS = 2, KEPT_BYTES = 8 << 20, WORDS_MAX = 256 };

static enum lang lang_of_environment(void)
{
    const char *lang = getenv("LC_ALL");

    if (lang == NULL || lang[0] == 0)
        lang = getenv("LANG");
    return lang != NULL && strncmp(lang, "fr", 2) == 0 ? LANG_FR : LANG_EN;
}

/* Sets up a command's context from its words: --data, --json, --lang are everyone's. False for a
 * language that filon does not speak. */
static bool read_common(struct cli *cli)
{
    const char *lang = cli_option(cli, "--lang"), *data = cli_option(cli, "--data");

    cli->json = cli_flag(cli, "--json");
    cli->ctx.lang = lang == NULL              ? lang_of_environment()
                    : strcmp(lang, "fr") == 0 ? LANG_FR
                                              : LANG_EN;
    if (cli->data == NULL)
        cli->data = data != NULL                   ? data
                    : getenv("FILON_DATA") != NULL ? getenv("FILON_DATA")
                                                   : "data";
    return lang == NULL || strcmp(lang, "fr") == 0 || strcmp(lang, "en") == 0;
}

/* The folder's world for a command that opens it itself. */
static no open_world(void **out, const char *data, struct ctx *ctx)
{
    struct real_world *world;

    TRY(world_open(&world, data, CLI_READERS));
    ctx->world = world_functions(world);
    ctx->now_ns = ctx->world->now_ns(ctx->world->self);
    ctx->db = ctx->world->reader_take(ctx->world->self);
    *out = world;
    return YES;
}

static void close_world(void *world, struct ctx *ctx)
{
    ctx->world->reader_give_back(ctx->world->self, ctx->db);
    ctx->db = NULL;
    world_close(world);
}

static const struct cli_worlds worlds = {open_world, close_world};

int command_run(const struct world *world, const char *data, const char *folder, int argc,
                char **argv, int out, int err)
{
    struct arena arena;
    struct cli cli = {.data = data,
                      .folder = folder,
                      .argc = argc - 1,
                      .argv = argv + 1,
                      .tty = isatty(err) == 1};
    const struct cli_command *command = argc > 0 ? cli_command_find(argv[0]) : NULL;
    int code = CLI_USAGE;

    if (command == NULL || command->run == NULL || !arena_init(&arena, CLI_ARENA))
        return CLI_USAGE;
    cli.ctx = (struct ctx){
        .world = world, .arena = &arena, .actor = {.console = true, .roles = ROLE_FACILITATOR}};
    cli.worlds = world == NULL ? &worlds : NULL;
    cli.out = fdopen(dup(out), "w");
    cli.err = fdopen(dup(err), "w");
    const bool understood = read_common(&cli) && (command->usage[0] != 0 || cli.argc == 0);

    if (world != NULL) {
        cli.ctx.now_ns = world->now_ns(world->self);
        cli.ctx.db = world->reader_take(world->self);
    }
    if (cli.out != NULL && cli.err != NULL)
        code = understood ? command->run(&cli) : cli_usage(&cli, command);
    if (cli.ctx.db != NULL)
        world->reader_give_back(world->self, cli.ctx.db);
    if (cli.out != NULL)
        (void)fclose(cli.out);
    if (cli.err != NULL)
        (void)fclose(cli.err);
    arena_release(&arena);
    return code;
}

/* Only `found`, `serve` and `demo` begin a folder: whoever mistypes the path of an audit must not
 * be told that all is well in an empty one. */
static no find_folder(const struct cli_command *command, const char *data)
{
    char file[4096];
    const int len = snprintf(file, sizeof file, "%s/filon.db", data);

    if (strcmp(command->name, "found") == 0) {
        (void)mkdir(data, 0700);
        return YES;
    }
    return len > 0 && (size_t)len < sizeof file && access(file, F_OK) == 0 ? YES : NO_NOT_FOUND;
}

static int run_on_folder(const struct cli_command *command, const struct cli *asked, int argc,
                         char **argv)
{
    const char *data = asked->data;
    struct real_world *world;
    char folder[4096];
    int code;

    if (cli_need_of(command, argc > 1 ? argv[1] : NULL) == CLI_NOTHING)
        return command_run(NULL, data, NULL, argc, argv, STDOUT_FILENO, STDERR_FILENO);
    if (relay_ask(data, argc, argv, &code))
        return code;
    no answer = find_folder(command, data);

    if (answer == NO_NOT_FOUND) {
        (void)fprintf(stderr,
                      asked->ctx.lang == LANG_FR ? "filon: %s : il n’y a pas de coopérative ici\n"
                                                 : "filon: %s: there is no co-operative here\n",
                      data);
        return CLI_REFUSED;
    }
    answer = world_open(&world, data, CLI_READERS);
    if (answer != YES) {
        const str words = cli_words(asked->ctx.lang, answer);

        (void)fprintf(stderr, "filon: %s: %.*s\n", data, (int)words.len, words.ptr);
        return CLI_REFUSED;
    }
    code = command_run(world_functions(world), data, getcwd(folder, sizeof folder), argc, argv,
                       STDOUT_FILENO, STDERR_FILENO);
    world_close(world);
    return code;
}

/* 0 when the option is absent; false when it is no whole number. */
static bool number_option(struct cli *cli, const char *name, int64_t *number)
{
    const char *value = cli_option(cli, name);

    *number = 0;
    return value == NULL || (str_to_int64(str_of(value), number) && *number >= 0);
}

static int serve(const struct cli_command *command, struct cli *cli)
{
    struct serve_options options = {.demo = strcmp(command->name, "demo") == 0};
    const char *port = cli_option(cli, "--port");
    int64_t number = 8080;
    bool understood = read_common(cli);

    options.data = cli->data;
    options.lang = cli->ctx.lang;
    options.address = cli_option(cli, "--address");
    options.origin = cli_option(cli, "--origin");
    options.smtp = cli_option(cli, "--smtp");
    options.from = cli_option(cli, "--from");
    options.only_make = cli_flag(cli, "--only-make");
    options.front_trusted = cli_flag(cli, "--behind-front");
    options.rate_off = cli_flag(cli, "--no-rate-limit");
    (void)cli_flag(cli, "--wizard");
    options.secure = options.origin != NULL && strncmp(options.origin, "https:", 6) == 0;
    understood = number_option(cli, "--members", &options.members) && understood;
    understood = number_option(cli, "--offers", &options.offers) && understood;
    understood = number_option(cli, "--orders", &options.orders) && understood;
    if (port != NULL && (!str_to_int64(str_of(port), &number) || number < 0 || number > 65535))
        understood = false;
    if (!understood || cli->argc > 0)
        return cli_usage(cli, command);
    options.port = (uint16_t)number;
    options.port_given = true;
    return serve_run(&options);
}

/* A search takes and gives back some hundred kilobytes: kept, they cost no call into the kernel. */
static void keep_memory(void)
{
    (void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    (void)mallopt(M_TOP_PAD, KEPT_BYTES / 16);
}

/* The folder is read here, to know whether a server holds it, and the language is that of this
 * session: a server's own may be another. What is left of the words goes on with both said. */
static int run_words(const struct cli_command *command, struct cli *cli)
{
    char *words[WORDS_MAX], name[16], french[] = "--lang=fr", english[] = "--lang=en",
                                      json[] = "--json";
    int n = 0;

    if (!read_common(cli) || cli->argc > WORDS_MAX - 3)
        return cli_usage(cli, command);
    (void)snprintf(name, sizeof name, "%s", command->name);
    words[n++] = name;
    for (int i = 0; i < cli->argc; i++)
        words[n++] = cli->argv[i];
    words[n++] = cli->ctx.lang == LANG_FR ? french : english;
    if (cli->json)
        words[n++] = json;
    return run_on_folder(command, cli, n, words);
}

int main(int argc, char **argv)
{
    struct cli cli = {.out = stdout, .err = stderr, .argc = argc - 2, .argv = argv + 2};
    const struct cli_command *command = argc > 1 ? cli_command_find(argv[1]) : NULL;
    char *help[] = {argv[0], "help", NULL};

    if (argc == 2 && strcmp(argv[1], "photo-worker") == 0)
        return photo_worker();
    if (argc == 3 && strcmp(argv[1], "signer-worker") == 0)
        return signer_worker(argv[2]);
    (void)signal(SIGPIPE, SIG_IGN);
    keep_memory();
    if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0))
        command = cli_command_find("version");
    if (argc > 1 && strcmp(argv[1], "--help") == 0)
        command = cli_command_find("help");
    if (command == NULL) {
        (void)command_run(NULL, NULL, NULL, 1, help + 1, STDERR_FILENO, STDERR_FILENO);
        return CLI_USAGE;
    }
    if (command->need == CLI_SERVER)
        return serve(command, &cli);
    return run_words(command, &cli);
}
