/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/cli.h"

#include "deeds/house.h"
#include "deeds/import.h"
#include "pages/lang.h"

#include <errno.h>
#include <inttypes.h>

enum { BAR_WIDTH = 30 };

/* --- the file --- */

static FILE *open_file(struct cli *cli, const char *path)
{
    struct buf name;

    buf_init(&name, cli->ctx.arena, 256);
    if (path[0] != '/' && cli->folder != NULL)
        buf_printf(&name, "%s/", cli->folder);
    buf_put(&name, str_of(path));
    buf_put_char(&name, 0);
    return fopen(name.ptr, "rb");
}

/* The whole file in an arena of its own, because it may be as large as the command's. */
static no read_whole(FILE *file, struct arena *arena, str *bytes)
{
    if (fseek(file, 0, SEEK_END) != 0)
        return NO_IO_FAILED;
    const long size = ftell(file);

    if (size < 0 || fseek(file, 0, SEEK_SET) != 0)
        return NO_IO_FAILED;
    if (size > IMPORT_FILE_MAX)
        return NO_TOO_LARGE;
    if (!arena_init(arena, (size_t)size + 64))
        return NO_OUT_OF_MEMORY;
    char *all = arena_take(arena, (size_t)size);

    *bytes = (str){all, (size_t)size};
    return all != NULL && fread(all, 1, (size_t)size, file) == (size_t)size ? YES : NO_IO_FAILED;
}

static no read_import(struct cli *cli, const char *path, struct arena *arena, str *bytes)
{
    FILE *file = open_file(cli, path);

    if (file == NULL)
        return errno == ENOENT ? NO_NOT_FOUND : NO_IO_FAILED;
    const no answer = read_whole(file, arena, bytes);

    (void)fclose(file);
    return answer;
}

/* --- the report --- */

static void progress(void *self, int64_t done, int64_t of)
{
    struct cli *cli = self;
    char bar[BAR_WIDTH + 1] = "";
    const int full = of > 0 ? (int)(done * BAR_WIDTH / of) : BAR_WIDTH;

    for (int i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < full ? '#' : '.';
    (void)fprintf(cli->err, "\r[%s] %3d %%", bar, of > 0 ? (int)(done * 100 / of) : 100);
    (void)fflush(cli->err);
}

static void say_lines(struct cli *cli, const struct import_form *form)
{
    const bool french = cli->ctx.lang == LANG_FR;

    for (size_t i = 0; i < form->lines_n; i++) {
        const struct import_refused *line = &form->lines[i];
        const str why = cli_words(cli->ctx.lang, line->why);

        (void)fprintf(cli->err, "%s %" PRIu32 "%s%s%s%.*s\n", french ? "ligne" : "line", line->line,
                      line->field == NULL ? "" : ", ", line->field == NULL ? "" : line->field,
                      french ? " : " : ": ", (int)why.len, why.ptr);
    }
    if (form->refused > (int64_t)form->lines_n)
        (void)fprintf(cli->err,
                      french ? "et %" PRId64 " autres lignes\n" : "and %" PRId64 " more lines\n",
                      form->refused - (int64_t)form->lines_n);
}

static void say_money(struct cli *cli, const struct import_form *form)
{
    const bool french = cli->ctx.lang == LANG_FR;
    const char *code = ctx_house(&cli->ctx)->units[0].unit.code;

    if (form->without_prices)
        (void)fprintf(cli->err,
                      french ? "Le fichier ne dit pas sa monnaie : les prix sont restés dehors. "
                               "Dites --currency %s, ou --rate SEK=0.088.\n"
                             : "The file does not name its money: prices were left out. "
                               "Say --currency %s, or --rate SEK=0.088.\n",
                      code);
    else if (form->in_books && form->source == IMPORT_WOOCOMMERCE)
        (void)fprintf(cli->err, french ? "Prix lus en %s.\n" : "Prices read as %s.\n", code);
}

static void say_sums(struct cli *cli, const struct import_form *form, bool done)
{
    const bool french = cli->ctx.lang == LANG_FR;

    (void)fprintf(cli->out,
                  french ? "%" PRId64 " venues, %" PRId64 " changées, %" PRId64
                           " inchangées, %" PRId64 " refusées.%s\n"
                         : "%" PRId64 " came in, %" PRId64 " changed, %" PRId64
                           " the same, %" PRId64 " refused.%s\n",
                  form->added, form->changed, form->same, form->refused,
                  done     ? ""
                  : french ? " Rien n’a été écrit."
                           : " Nothing was written.");
}

static void say_json(struct cli *cli, const struct import_form *form, no answer)
{
    (void)fprintf(
        cli->out,
        "{\"source\":\"%s\",\"dry_run\":%s,\"written\":%s,\"no\":%s%s%s,\"added\":%" PRId64
        ",\"changed\":%" PRId64 ",\"same\":%" PRId64 ",\"refused\":%" PRId64
        ",\"without_prices\":%s,\"lines\":[",
        import_source_name(form->source), form->dry_run ? "true" : "false",
        answer == YES && !form->dry_run ? "true" : "false", answer == YES ? "" : "\"",
        answer == YES ? "null" : no_line(answer)->name, answer == YES ? "" : "\"", form->added,
        form->changed, form->same, form->refused, form->without_prices ? "true" : "false");
    for (size_t i = 0; i < form->lines_n; i++) {
        const struct import_refused *line = &form->lines[i];

        (void)fprintf(cli->out, "%s{\"line\":%" PRIu32 ",\"field\":", i == 0 ? "" : ",",
                      line->line);
        (void)fprintf(cli->out, line->field == NULL ? "null" : "\"%s\"", line->field);
        (void)fprintf(cli->out, ",\"no\":\"%s\"}", no_line(line->why)->name);
    }
    (void)fputs("]}\n", cli->out);
}

static int report(struct cli *cli, const struct import_form *form, no answer)
{
    const bool of_lines = form->lines_n > 0;

    if (cli->tty && !cli->json)
        (void)fprintf(cli->err, "\r%*s\r", BAR_WIDTH + 10, "");
    if (cli->json)
        say_json(cli, form, answer);
    else {
        say_lines(cli, form);
        if (answer == YES || answer == NO_FILE_LINES_REFUSED) {
            say_money(cli, form);
            say_sums(cli, form, answer == YES && !form->dry_run);
        }
    }
    if (answer != YES && !(of_lines && cli->json))
        return cli_no(cli, answer);
    return answer == YES && form->refused == 0 ? CLI_OK : CLI_REFUSED;
}

/* --- the command --- */

int cli_import(struct cli *cli)
{
    struct import_form form = {.rate = str_of(cli_option(cli, "--rate")),
                               .currency = str_of(cli_option(cli, "--currency")),
                               .seller = str_of(cli_option(cli, "--as")),
                               .dry_run = cli_flag(cli, "--dry-run"),
                               .keep_good = cli_flag(cli, "--keep-good"),
                               .admit = cli_flag(cli, "--admit"),
                               .self = cli};
    struct arena file = {0};

    if (cli->argc != 2 || !import_source_of(str_of(cli->argv[0]), &form.source) ||
        cli->argv[1][0] == '-')
        return cli_usage(cli, cli_command_find("import"));
    if (cli->tty && !cli->json)
        form.progress = progress;
    no answer = read_import(cli, cli->argv[1], &file, &form.bytes);

    if (answer != YES)
        (void)fprintf(cli->err, "%s:\n", cli->argv[1]);
    else
        answer = deed_import(&cli->ctx, &form);
    const int code =
        answer == YES || form.lines_n > 0 ? report(cli, &form, answer) : cli_no(cli, answer);

    if (file.start != NULL)
        arena_release(&file);
    return code;
}
