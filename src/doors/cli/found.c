/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/cli/cli.h"

#include "base/json.h"
#include "deeds/found.h"

#include <string.h>

/* The file, with what is taken when a name is absent; docs/commands.md has an example. Amounts are
 * whole minor units. */
static void read_form(struct cli *cli, const struct json *file, struct found_form *form)
{
    *form = (struct found_form){
        .name = json_text_of(file, S("name"), S("")),
        .sentence = json_text_of(file, S("sentence"), S("")),
        .legal_form = json_text_of(file, S("legal_form"), S("other")),
        .place = json_text_of(file, S("place"), S("")),
        .zone = json_text_of(file, S("zone"), S("Europe/Paris")),
        .email = json_text_of(file, S("email"), S("")),
        .iban = json_text_of(file, S("iban"), S("")),
        .bic = json_text_of(file, S("bic"), S("")),
        .lat = json_int_of(file, S("lat_microdegrees"), 0),
        .lon = json_int_of(file, S("lon_microdegrees"), 0),
        .lang = str_eq(json_text_of(file, S("lang"), S("fr")), S("fr")) ? LANG_FR : LANG_EN,
        .currency = json_text_of(file, S("currency"), S("EUR")),
        .hours = json_bool_of(file, S("hours"), true),
        .credits = json_bool_of(file, S("credits"), false),
        .credit_code = json_text_of(file, S("credit_code"), S("FIL")),
        .credit_name = json_text_of(file, S("credit_name"), S("")),
        .hour_floor = json_int_of(file, S("hour_floor_minutes"), 600),
        .hour_ceiling = json_int_of(file, S("hour_ceiling_minutes"), 6000),
        .credit_floor = json_int_of(file, S("credit_floor"), 20000),
        .credit_ceiling = json_int_of(file, S("credit_ceiling"), 200000),
        .fee_running_bp = json_int_of(file, S("fee_running_bp"), 520),
        .fee_reserve_bp = json_int_of(file, S("fee_reserve_bp"), 230),
        .fee_solidarity_bp = json_int_of(file, S("fee_solidarity_bp"), 150),
        .share_minor = json_int_of(file, S("share"), 2000),
        .quorum_percent = json_int_of(file, S("quorum_percent"), 25),
    };
    if (form->credits && form->credit_name.len == 0)
        form->credit_name = form->credit_code;
    (void)cli;
}

static uint32_t roles_of(const struct json *founder)
{
    static const struct {
        const char *name;
        uint32_t role;
    } known[] = {{"facilitator", ROLE_FACILITATOR},
                 {"accountant", ROLE_ACCOUNTANT},
                 {"auditor", ROLE_AUDITOR},
                 {"mediator", ROLE_MEDIATOR}};
    const struct json *roles = json_get(founder, S("roles"));
    uint32_t bits = 0;

    for (size_t i = 0; roles != NULL && i < roles->items_n; i++)
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
            if (str_eq(roles->items[i].text, str_of(known[k].name)))
                bits |= known[k].role;
    return bits;
}

static no read_founders(struct cli *cli, const struct json *file, struct found_form *form)
{
    const struct json *list = json_get(file, S("founders"));
    const size_t n = list == NULL || list->kind != JSON_LIST ? 0 : list->items_n;
    struct founder *founders = arena_take_many(cli->ctx.arena, n, sizeof *founders);

    if (n > FOUNDERS_MAX)
        return deed_wrong_bound(&cli->ctx, "founders", NO_FIELD_OUT_OF_RANGE, FOUNDERS_MAX);
    for (size_t i = 0; i < n; i++)
        founders[i] =
            (struct founder){.name = json_text_of(&list->items[i], S("name"), S("")),
                             .handle = json_text_of(&list->items[i], S("handle"), S("")),
                             .email = json_text_of(&list->items[i], S("email"), S("")),
                             .password = json_text_of(&list->items[i], S("password"), S("")),
                             .trade = json_text_of(&list->items[i], S("trade"), S("")),
                             .college = json_text_of(&list->items[i], S("college"), S("")),
                             .roles = roles_of(&list->items[i])};
    form->founders = founders;
    form->founders_n = n;
    return YES;
}

int cli_found(struct cli *cli)
{
    struct found_form form;
    const struct json *file;
    str bytes;
    int line = 0;

    if (cli->argc != 1)
        return cli_usage(cli, cli_command_find("found"));
    no answer = cli_read_file(cli, cli->argv[0], JSON_SIZE_MAX, &bytes);

    if (answer == YES) {
        answer = json_parse(cli->ctx.arena, bytes, &file, &line);
        if (answer != YES)
            (void)fprintf(cli->err, "%s:%d: JSON?\n", cli->argv[0], line);
    }
    if (answer == YES) {
        read_form(cli, file, &form);
        answer = read_founders(cli, file, &form);
    }
    if (answer == YES)
        answer = deed_found(&cli->ctx, &form);
    if (answer != YES)
        return cli_no(cli, answer);
    if (cli->json)
        (void)fprintf(cli->out, "{\"founded\":true,\"founders\":%zu}\n", form.founders_n);
    else
        (void)fprintf(cli->out,
                      cli->ctx.lang == LANG_FR ? "%.*s est fondée.\n" : "%.*s is founded.\n",
                      (int)form.name.len, form.name.ptr);
    return CLI_OK;
}
