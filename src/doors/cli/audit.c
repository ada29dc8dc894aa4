/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/log_in.h"

#include "base/json.h"
#include "base/time.h"
#include "deeds/audit.h"
#include "deeds/register.h"
#include "doors/log/audit.h"

#include <inttypes.h>
#include <string.h>

static void put_id(FILE *out, const char *name, int64_t id)
{
    if (id != 0)
        (void)fprintf(out, " %s %" PRId64, name, id);
}

static void say_json(struct cli *cli, const struct audit_finding *f)
{
    const struct {
        const char *name;
        int64_t n;
    } ids[] = {{"entry", f->entry}, {"transfer", f->seq},  {"account", f->account},
               {"order", f->order}, {"offer", f->offer},   {"expected", f->expected},
               {"found", f->found}, {"register", f->index}};
    const size_t mark = arena_mark(cli->ctx.arena);
    struct buf out;
    struct json_out j = {.out = &out};

    buf_init(&out, cli->ctx.arena, 512);
    json_open(&j, '{');
    json_name(&j, S("finding"));
    json_text(&j, str_of(f->what));
    json_name(&j, S("table"));
    json_text(&j, str_of(f->table));
    json_name(&j, S("row"));
    json_text(&j, str_of(f->row));
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        json_name(&j, str_of(ids[i].name));
        json_int(&j, ids[i].n);
    }
    json_close(&j, '}');
    (void)fprintf(cli->out, "%.*s\n", (int)out.len, out.ptr);
    arena_rewind(cli->ctx.arena, mark);
}

static void say(void *self, const struct audit_finding *f)
{
    struct cli *cli = self;

    if (cli->json) {
        say_json(cli, f);
        return;
    }
    (void)fprintf(cli->out, "%s: %s %s,", f->what, f->table, f->row);
    put_id(cli->out, "entry", f->entry);
    put_id(cli->out, "transfer", f->seq);
    put_id(cli->out, "account", f->account);
    put_id(cli->out, "order", f->order);
    put_id(cli->out, "offer", f->offer);
    if (str_starts(str_of(f->what), S("REGISTER_")))
        (void)fprintf(cli->out, " register %" PRId64, f->index);
    (void)fprintf(cli->out, " expected %" PRId64 ", found %" PRId64 "\n", f->expected, f->found);
}

static void progress(void *self, int64_t done, int64_t of)
{
    struct cli *cli = self;

    if (cli->tty)
        (void)fprintf(cli->err, "\r%3d %%", (int)(of > 0 ? done * 100 / of : 100));
}

/* Nothing is wrong with the book; with the machine's clock something is, or was. */
static void say_clock(struct cli *cli, const struct audit_clock *clock)
{
    const bool french = cli->ctx.lang == LANG_FR;
    struct buf out;

    if (clock->entries_n == 0)
        return;
    buf_init(&out, cli->ctx.arena, 256);
    if (cli->json) {
        buf_printf(&out, "{\"clock\":{\"since_entry\":%" PRId64 ",\"since\":\"",
                   clock->since_entry);
        time_put_iso(&out, clock->since_ns);
        buf_printf(&out, "\",\"entries\":%" PRId64 ",\"ahead_s\":%" PRId64 "}}\n", clock->entries_n,
                   clock->ahead_ns / NS_PER_S);
    } else {
        buf_put(&out, french ? S("horloge : depuis l’écriture ") : S("clock: since entry "));
        buf_printf(&out, "%" PRId64 " (", clock->since_entry);
        time_put_iso(&out, clock->since_ns);
        buf_printf(&out,
                   french ? "), %" PRId64 " en avance sur l’horloge de la machine, la dernière de"
                          : "), %" PRId64 " ahead of this machine's clock, the last by",
                   clock->entries_n);
        buf_printf(&out, " %" PRId64 " s (docs/install.md)\n", clock->ahead_ns / NS_PER_S);
    }
    (void)fwrite(out.ptr, 1, out.len, cli->out);
}

static void say_sums(struct cli *cli, const struct audit_report *report)
{
    const struct {
        const char *json, *en, *fr;
        int64_t n;
    } sums[] = {{"accounts", "accounts", "comptes", report->accounts_n},
                {"entries", "entries", "écritures", report->entries_n},
                {"transfers", "transfers", "mouvements", report->transfers_n},
                {"orders", "orders", "commandes", report->orders_n},
                {"register", "in the register", "au registre", report->log.rows_n},
                {"absent", "whose openings are not present", "dont les ouvertures manquent",
                 report->log.absent_n},
                {"findings", "findings", "anomalies", report->findings_n}};

    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        if (sums[i].n == 0 && strcmp(sums[i].json, "absent") == 0)
            continue; /* as everywhere but after a restore without them */
        else if (cli->json)
            (void)fprintf(cli->out, "%s\"%s\":%" PRId64, i == 0 ? "{" : ",", sums[i].json,
                          sums[i].n);
        else
            (void)fprintf(cli->out, "%s%" PRId64 " %s", i == 0 ? "" : ", ", sums[i].n,
                          cli->ctx.lang == LANG_FR ? sums[i].fr : sums[i].en);
    (void)fputs(cli->json ? "}\n" : "\n", cli->out);
}

/* The book, the register in the store, and its public files when there are any. */
static no audit_all(struct cli *cli, struct audit_report *report, struct log_audit *files)
{
    size_t mark = arena_mark(cli->ctx.arena);

    TRY(view_audit(&cli->ctx, report));
    arena_rewind(cli->ctx.arena, mark);
    mark = arena_mark(cli->ctx.arena);
    TRY(log_audit(files));
    arena_rewind(cli->ctx.arena, mark);
    report->findings_n += files->findings_n;
    return YES;
}

static no audit_and_say(struct cli *cli, struct audit_report *report, struct log_audit *files)
{
    *report = (struct audit_report){.say = say, .progress = progress, .self = cli};
    *files = (struct log_audit){
        .ctx = &cli->ctx, .data = cli->data, .found = say, .progress = progress, .self = cli};
    const no answer = audit_all(cli, report, files);

    if (cli->tty)
        (void)fputs("\r", cli->err);
    TRY(answer);
    say_clock(cli, &report->clock);
    say_sums(cli, report);
    return YES;
}

int cli_audit(struct cli *cli)
{
    struct audit_report report;
    struct log_audit files;
    const no answer = audit_and_say(cli, &report, &files);

    if (answer != YES)
        return cli_no(cli, answer);
    return report.findings_n == 0 ? CLI_OK : CLI_REFUSED;
}

/* The publisher found that the signer, a witness or a mirror knows more, or something else. */
static bool stands_still(struct cli *cli)
{
    struct register_state state;

    return view_register_state(&cli->ctx, &state) == YES &&
           (state.still == REGISTER_ROLLED_BACK || state.still == REGISTER_FORKED);
}

/* The same with the exit codes of `filon log`, and a word on the files. */
int log_cli_audit(struct cli *cli)
{
    struct audit_report report;
    struct log_audit files;

    if (cli->argc > 0)
        return log_cli_usage(cli, "audit");
    const no answer = audit_and_say(cli, &report, &files);

    if (answer != YES)
        return log_cli_no(cli, S(""), answer);
    const struct letter_word words[] = {{"files", log_cli_number(cli, files.files_n)},
                                        {"n", log_cli_number(cli, files.size)}};

    if (!cli->json && files.findings_n == 0)
        log_cli_say(cli,
                    lang_text(cli->ctx.lang, files.published ? T_log_audited : T_log_audited_none),
                    words, 2);
    if (files.forked || stands_still(cli))
        return LOG_CLI_FORK;
    if (report.findings_n > 0)
        return LOG_CLI_BAD;
    return files.published && !files.quorum_met ? LOG_CLI_QUORUM : LOG_CLI_OK;
}
