/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * filon user list | link HANDLE | role HANDLE +facilitator -auditor | code-off HANDLE
 */
#include "base/json.h"
#include "deeds/account.h"
#include "deeds/account_list.h"
#include "deeds/desk.h"
#include "deeds/sign_in.h"
#include "doors/cli/cli.h"

#include <string.h>

enum { PAGE = 500 };

static int usage(struct cli *cli)
{
    return cli_usage(cli, cli_command_find("user"));
}

static void print(struct cli *cli, str text)
{
    (void)fwrite(text.ptr, 1, text.len, cli->out);
}

/* --- list ------------------------------------------------------------------------------------ */

static void put_roles(struct buf *out, uint32_t roles)
{
    bool first = true;

    for (uint32_t role = 1; role <= ROLE_MEDIATOR; role *= 2) {
        if ((roles & role) == 0)
            continue;
        buf_put(out, first ? S("") : S(","));
        buf_put(out, str_of(role_name(role)));
        first = false;
    }
}

static void put_roles_json(struct json_out *j, uint32_t roles)
{
    json_name(j, S("roles"));
    json_open(j, '[');
    for (uint32_t role = 1; role <= ROLE_MEDIATOR; role *= 2)
        if ((roles & role) != 0)
            json_text(j, str_of(role_name(role)));
    json_close(j, ']');
}

static void put_line_json(struct buf *out, const struct member_line *line)
{
    struct json_out j = {.out = out};

    json_open(&j, '{');
    json_name(&j, S("id"));
    json_int(&j, line->id);
    json_name(&j, S("handle"));
    json_text(&j, line->handle);
    json_name(&j, S("name"));
    json_text(&j, line->name);
    json_name(&j, S("email"));
    json_text(&j, line->email);
    json_name(&j, S("status"));
    json_text(&j, str_of(line->status));
    put_roles_json(&j, line->roles);
    json_close(&j, '}');
    buf_put_char(out, '\n');
}

static void put_line(struct buf *out, const struct member_line *line)
{
    buf_printf(out, "%-20.*s %-10s %-28.*s %-32.*s ", (int)line->handle.len, line->handle.ptr,
               line->status, (int)line->name.len, line->name.ptr, (int)line->email.len,
               line->email.len == 0 ? "" : line->email.ptr);
    put_roles(out, line->roles);
    buf_put_char(out, '\n');
}

static int list(struct cli *cli)
{
    int64_t after = 0;

    for (size_t n = PAGE; n == PAGE;) {
        const size_t mark = arena_mark(cli->ctx.arena);
        const struct member_line *lines;
        struct buf out;
        const no answer = view_member_list(&cli->ctx, after, PAGE, &lines, &n);

        if (answer != YES)
            return cli_no(cli, answer);
        buf_init(&out, cli->ctx.arena, 0);
        for (size_t i = 0; i < n; i++) {
            if (cli->json)
                put_line_json(&out, &lines[i]);
            else
                put_line(&out, &lines[i]);
            after = lines[i].id;
        }
        print(cli, buf_str(&out));
        arena_rewind(cli->ctx.arena, mark);
    }
    return CLI_OK;
}

/* --- link ------------------------------------------------------------------------------------ */

static str handle_of(const char *word)
{
    const str handle = str_of(word);

    return handle.len > 0 && handle.ptr[0] == '@' ? str_sub(handle, 1, handle.len) : handle;
}

/* The path only: which address the house has from outside is the server's to know. */
static int link_for(struct cli *cli, const char *handle)
{
    struct sign_in_console form = {.handle = handle_of(handle)};
    const no answer = deed_sign_in_console(&cli->ctx, &form);

    if (answer != YES)
        return cli_no(cli, answer);
    (void)fprintf(cli->out, cli->json ? "{\"path\":\"/login/link/%.*s\"}\n" : "/login/link/%.*s\n",
                  (int)sizeof form.token, form.token);
    return CLI_OK;
}

/* --- role ------------------------------------------------------------------------------------ */

static int role_of(struct cli *cli)
{
    struct account_roles form = {.handle = handle_of(cli->argv[1])};
    struct buf out;

    for (int i = 2; i < cli->argc; i++) {
        const char *word = cli->argv[i];
        const uint32_t role = word[0] == 0 ? 0 : role_of_name(str_of(word + 1));

        if ((word[0] != '+' && word[0] != '-') || role == 0)
            return usage(cli);
        if (word[0] == '+')
            form.add |= role;
        else
            form.take |= role;
    }
    const no answer = deed_account_roles(&cli->ctx, &form);

    if (answer != YES)
        return cli_no(cli, answer);
    buf_init(&out, cli->ctx.arena, 0);
    if (cli->json) {
        struct json_out j = {.out = &out};

        json_open(&j, '{');
        json_name(&j, S("handle"));
        json_text(&j, form.handle);
        put_roles_json(&j, form.roles);
        json_close(&j, '}');
    } else
        put_roles(&out, form.roles);
    buf_put_char(&out, '\n');
    print(cli, buf_str(&out));
    return CLI_OK;
}

/* --- code-off -------------------------------------------------------------------------------- */

static int code_off(struct cli *cli, const char *handle)
{
    const struct desk_code_off form = {.handle = handle_of(handle), .reason = S("filon user")};
    const no answer = deed_desk_code_off(&cli->ctx, &form);

    return answer == YES ? CLI_OK : cli_no(cli, answer);
}

int cli_user(struct cli *cli)
{
    if (cli->argc == 1 && strcmp(cli->argv[0], "list") == 0)
        return list(cli);
    if (cli->argc == 2 && strcmp(cli->argv[0], "link") == 0)
        return link_for(cli, cli->argv[1]);
    if (cli->argc >= 3 && strcmp(cli->argv[0], "role") == 0)
        return role_of(cli);
    if (cli->argc == 2 && strcmp(cli->argv[0], "code-off") == 0)
        return code_off(cli, cli->argv[1]);
    return usage(cli);
}
