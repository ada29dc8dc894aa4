/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/cli.h"

#include "deeds/audit.h"

#include <inttypes.h>

static void put_id(FILE *out, const char *name, int64_t id)
{
    if (id != 0)
        (void)fprintf(out, " %s %" PRId64, name, id);
}

static void say_json(struct cli *cli, const struct audit_finding *f)
{
    (void)fprintf(cli->out,
                  "{\"finding\":\"%s\",\"entry\":%" PRId64 ",\"transfer\":%" PRId64
                  ",\"account\":%" PRId64 ",\"order\":%" PRId64 ",\"offer\":%" PRId64
                  ",\"register\":%" PRId64 ",\"parameter\":\"%.*s\",\"expected\":%" PRId64
                  ",\"found\":%" PRId64 "}\n",
                  f->what, f->entry, f->seq, f->account, f->order, f->offer, f->index,
                  (int)f->name.len, f->name.ptr, f->expected, f->found);
}

static void say(void *self, const struct audit_finding *f)
{
    struct cli *cli = self;

    if (cli->json) {
        say_json(cli, f);
        return;
    }
    (void)fprintf(cli->out, "%s:", f->what);
    put_id(cli->out, "entry", f->entry);
    put_id(cli->out, "transfer", f->seq);
    put_id(cli->out, "account", f->account);
    put_id(cli->out, "order", f->order);
    put_id(cli->out, "offer", f->offer);
    if (str_starts(str_of(f->what), S("REGISTER_")))
        (void)fprintf(cli->out, " register %" PRId64, f->index);
    if (f->name.len > 0)
        (void)fprintf(cli->out, " parameter %.*s", (int)f->name.len, f->name.ptr);
    (void)fprintf(cli->out, " expected %" PRId64 ", found %" PRId64 "\n", f->expected, f->found);
}

static void progress(void *self, int64_t done, int64_t of)
{
    struct cli *cli = self;

    if (cli->tty)
        (void)fprintf(cli->err, "\r%3d %%", (int)(of > 0 ? done * 100 / of : 100));
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
                {"register", "in the register", "au registre", report->register_n},
                {"findings", "findings", "anomalies", report->findings_n}};

    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        if (cli->json)
            (void)fprintf(cli->out, "%s\"%s\":%" PRId64, i == 0 ? "{" : ",", sums[i].json,
                          sums[i].n);
        else
            (void)fprintf(cli->out, "%s%" PRId64 " %s", i == 0 ? "" : ", ", sums[i].n,
                          cli->ctx.lang == LANG_FR ? sums[i].fr : sums[i].en);
    (void)fputs(cli->json ? "}\n" : "\n", cli->out);
}

int cli_audit(struct cli *cli)
{
    struct audit_report report = {.say = say, .progress = progress, .self = cli};
    const no answer = view_audit(&cli->ctx, &report);

    if (cli->tty)
        (void)fputs("\r", cli->err);
    if (answer != YES)
        return cli_no(cli, answer);
    say_sums(cli, &report);
    return report.findings_n == 0 ? CLI_OK : CLI_REFUSED;
}
