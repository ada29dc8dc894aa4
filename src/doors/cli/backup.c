/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * filon backup, filon restore (doors/backup/backup.h).
 */
#include "doors/backup/backup.h"
#include "base/json.h"
#include "doors/cli/log_in.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void step(void *self, const char *what, uint64_t done, uint64_t of)
{
    struct cli *cli = self;

    if (!cli->tty)
        return;
    if (of > 0)
        (void)fprintf(cli->err, "\r%-12s %3d %%   ", what, (int)(done * 100 / of));
    else
        (void)fprintf(cli->err, "\r%-12s %" PRIu64 "   ", what, done);
}

static void end_steps(struct cli *cli)
{
    if (cli->tty)
        (void)fprintf(cli->err, "\r%32s\r", "");
}

/* Where the caller stands is not where a server does. */
static const char *path_of(struct cli *cli, const char *path)
{
    struct buf whole;

    if (path[0] == '/' || cli->folder == NULL)
        return path;
    buf_init(&whole, cli->ctx.arena, 256);
    buf_put(&whole, str_of(cli->folder));
    buf_put_char(&whole, '/');
    buf_put(&whole, str_of(path));
    return arena_cstr(cli->ctx.arena, buf_str(&whole));
}

static int say_no(struct cli *cli, const char *where, no why)
{
    end_steps(cli);
    (void)log_cli_no(cli, str_of(where), why);
    return CLI_REFUSED;
}

static void open_json(struct json_out *json, struct buf *out, struct cli *cli,
                      const struct manifest *manifest)
{
    buf_init(out, cli->ctx.arena, 1024);
    *json = (struct json_out){.out = out};
    json_open(json, '{');
    json_name(json, S("ok"));
    json_bool(json, true);
    json_name(json, S("files"));
    json_int(json, (int64_t)manifest->files_n);
    json_name(json, S("register"));
    json_int(json, (int64_t)manifest->register_size);
    json_name(json, S("root"));
    json_text(json, log_cli_hex(cli, manifest->root.bytes));
    json_name(json, S("checkpoint"));
    json_bool(json, manifest->checkpoint.len > 0);
}

/* --- backup ----------------------------------------------------------------------------------- */

static void say_taken(struct cli *cli, const struct backup_take *take)
{
    const struct letter_word words[] = {
        {"folder", str_of(take->to)},
        {"files", log_cli_number(cli, take->made.files_n)},
        {"bytes", log_cli_number(cli, (take->bytes + (1 << 20) - 1) >> 20)},
        {"entries", log_cli_number(cli, take->made.register_size)}};

    log_cli_say(cli, lang_text(cli->ctx.lang, T_backup_done), words,
                sizeof words / sizeof words[0]);
    if (take->made.checkpoint.len == 0)
        log_cli_say(cli, lang_text(cli->ctx.lang, T_backup_unpublished), NULL, 0);
}

int cli_backup(struct cli *cli)
{
    const char *to = cli_option(cli, "--to");
    struct backup_take take = {
        .ctx = &cli->ctx, .data = cli->data, .progress = {.step = step, .self = cli}};
    struct json_out json;
    struct buf out;

    if (to == NULL || to[0] == 0 || cli->argc > 0)
        return cli_usage(cli, cli_command_find("backup"));
    take.to = path_of(cli, to);
    const no answer = backup_take(&take);

    if (answer != YES)
        return say_no(cli, take.where, answer);
    end_steps(cli);
    if (!cli->json) {
        say_taken(cli, &take);
        return CLI_OK;
    }
    open_json(&json, &out, cli, &take.made);
    json_name(&json, S("bytes"));
    json_int(&json, (int64_t)take.bytes);
    log_cli_json_end(cli, &json);
    return CLI_OK;
}

/* --- restore ---------------------------------------------------------------------------------- */

static void say_restored(struct cli *cli, const struct backup_restore *restore)
{
    const struct letter_word words[] = {
        {"folder", str_of(restore->data)},
        {"made", restore->manifest.made},
        {"entries", log_cli_number(cli, restore->manifest.register_size)},
        {"n", log_cli_number(cli, (uint64_t)restore->erased)}};
    const size_t n = sizeof words / sizeof words[0];
    const enum lang lang = cli->ctx.lang;

    log_cli_say(cli, lang_text(lang, T_restore_done), words, n);
    if (!restore->openings)
        log_cli_say(cli, lang_text(lang, T_restore_no_openings), words, n);
    if (restore->erased > 0)
        log_cli_say(cli, lang_text_n(lang, T_restore_erased, restore->erased), words, n);
}

static void say_restored_json(struct cli *cli, const struct backup_restore *restore)
{
    struct json_out json;
    struct buf out;

    open_json(&json, &out, cli, &restore->manifest);
    json_name(&json, S("openings"));
    json_bool(&json, restore->openings);
    json_name(&json, S("erased"));
    json_int(&json, restore->erased);
    log_cli_json_end(cli, &json);
}

/* The world ends before the folder gets its name. */
static no check(struct cli *cli, struct backup_restore *restore)
{
    void *world;
    struct ctx ctx = cli->ctx;

    TRY(cli->worlds->open(&world, restore->folder, &ctx));
    const no answer = backup_restore_check(restore, &ctx);

    cli->worlds->close(world, &ctx);
    return answer;
}

int cli_restore(struct cli *cli)
{
    const char *from = cli_option(cli, "--from");
    struct backup_restore restore = {.arena = cli->ctx.arena,
                                     .data = cli->data,
                                     .from = from,
                                     .progress = {.step = step, .self = cli}};

    if (from == NULL || from[0] == 0 || cli->argc > 0)
        return cli_usage(cli, cli_command_find("restore"));
    no answer = backup_restore_files(&restore);

    if (answer == YES)
        answer = check(cli, &restore);
    if (answer == YES)
        answer = backup_restore_put(&restore);
    if (answer != YES) {
        backup_restore_drop(&restore);
        return say_no(cli, restore.where, answer);
    }
    end_steps(cli);
    if (cli->json)
        say_restored_json(cli, &restore);
    else
        say_restored(cli, &restore);
    return CLI_OK;
}
