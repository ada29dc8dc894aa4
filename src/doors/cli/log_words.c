/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"
#include "base/time.h"
#include "doors/cli/log_in.h"

#include <inttypes.h>

/* --- exit codes ------------------------------------------------------------------------------ */

int log_cli_code(no why)
{
    if (why == YES)
        return LOG_CLI_OK;
    if (why == NO_CHECKPOINT_FORKED || why == NO_CHECKPOINT_ROLLED_BACK)
        return LOG_CLI_FORK;
    if (why == NO_QUORUM_UNMET)
        return LOG_CLI_QUORUM;
    if (why == NO_POLICY_MALFORMED || why == NO_KEY_MALFORMED || why == NO_KEY_KIND_UNKNOWN ||
        why == NO_BAD_REQUEST)
        return LOG_CLI_USAGE;
    return LOG_CLI_BAD;
}

int log_cli_worse(int a, int b)
{
    static const int rank[] = {[LOG_CLI_OK] = 0,
                               [LOG_CLI_QUORUM] = 1,
                               [LOG_CLI_USAGE] = 2,
                               [LOG_CLI_BAD] = 3,
                               [LOG_CLI_FORK] = 4};

    return rank[a] > rank[b] ? a : b;
}

static void say_no_json(struct cli *cli, str where, no why)
{
    struct buf out;
    struct json_out j = {.out = &out};

    buf_init(&out, cli->ctx.arena, 256);
    json_open(&j, '{');
    json_name(&j, S("ok"));
    json_bool(&j, false);
    json_name(&j, S("why"));
    json_text(&j, str_of(no_line(why)->name));
    json_name(&j, S("number"));
    json_int(&j, (int64_t)why);
    json_name(&j, S("where"));
    json_text(&j, where);
    json_close(&j, '}');
    (void)fprintf(cli->out, "%.*s\n", (int)out.len, out.ptr);
}

int log_cli_no(struct cli *cli, str where, no why)
{
    const str words = cli_words(cli->ctx.lang, why);

    (void)fprintf(cli->err, "filon: %.*s%s%.*s\n", (int)where.len, where.ptr,
                  where.len > 0 ? ": " : "", (int)words.len, words.ptr);
    if (cli->json)
        say_no_json(cli, where, why);
    return log_cli_code(why);
}

/* --- what is asked --------------------------------------------------------------------------- */

bool log_cli_file(struct cli *cli, const char *path, size_t most, str *bytes, int *code)
{
    const no answer = cli_read_file(cli, path, most, bytes);

    *code = answer == YES ? LOG_CLI_OK : LOG_CLI_USAGE;
    if (answer != YES)
        (void)log_cli_no(cli, str_of(path), answer);
    return answer == YES;
}

static const struct policy *parse(struct cli *cli, const char *name, str text, int *code)
{
    struct policy *policy = arena_take(cli->ctx.arena, sizeof *policy);
    struct buf where;
    unsigned line = 0;
    const no answer = policy == NULL ? NO_OUT_OF_MEMORY : policy_parse(text, policy, &line);

    *code = log_cli_code(answer);
    if (answer == YES)
        return policy;
    buf_init(&where, cli->ctx.arena, 256);
    buf_put(&where, str_of(name));
    if (line > 0)
        buf_printf(&where, ":%u", line);
    *code = log_cli_no(cli, buf_str(&where), answer);
    return NULL;
}

const struct policy *log_cli_policy(struct cli *cli, const char *name, bool vkey, bool needed,
                                    int *code)
{
    const char *file = cli_option(cli, "--policy"), *key = vkey ? cli_option(cli, "--vkey") : NULL;
    struct buf made;
    str text;

    *code = LOG_CLI_OK;
    if (file != NULL && key == NULL)
        return log_cli_file(cli, file, POLICY_SIZE_MAX, &text, code) ? parse(cli, file, text, code)
                                                                     : NULL;
    if ((file == NULL && key == NULL && needed) || (file != NULL && key != NULL))
        *code = log_cli_usage(cli, name);
    if (key == NULL || *code != LOG_CLI_OK)
        return NULL;
    buf_init(&made, cli->ctx.arena, 512);
    buf_printf(&made, "log %s\nquorum none\n", key);
    return parse(cli, "--vkey", buf_str(&made), code);
}

/* --- what is answered ------------------------------------------------------------------------ */

void log_cli_say(struct cli *cli, str text, const struct letter_word *words, size_t words_n)
{
    struct buf out;

    buf_init(&out, cli->ctx.arena, 512);
    letter_fill(&out, text, words, words_n);
    (void)fprintf(cli->out, "%.*s\n", (int)out.len, out.ptr);
}

str log_cli_number(struct cli *cli, uint64_t number)
{
    struct buf out;

    buf_init(&out, cli->ctx.arena, 24);
    buf_printf(&out, "%" PRIu64, number);
    return buf_str(&out);
}

str log_cli_hex(struct cli *cli, const uint8_t hash[HASH_SIZE])
{
    char hex[2 * HASH_SIZE];

    str_hex(hash, HASH_SIZE, hex);
    return arena_str(cli->ctx.arena, (str){hex, sizeof hex});
}

/* A cosignature may name any time; a calendar ends. */
static str moment(struct cli *cli, uint64_t at_s)
{
    static const uint64_t last_s = (uint64_t)(INT64_MAX / NS_PER_S);
    const struct civil when =
        time_civil((int64_t)(at_s < last_s ? at_s : last_s) * NS_PER_S, &(struct zone){0});
    struct buf out;

    buf_init(&out, cli->ctx.arena, 64);
    time_put_moment(&out, cli->ctx.lang, &when);
    return buf_str(&out);
}

void log_cli_say_witnesses(struct cli *cli, const struct policy *policy,
                           const struct policy_verdict *verdict)
{
    const int n = __builtin_popcountll(verdict->witnesses);
    const struct letter_word words[] = {{"n", log_cli_number(cli, (uint64_t)n)},
                                        {"of", log_cli_number(cli, policy->witnesses_n)},
                                        {"when", moment(cli, verdict->newest_s)}};

    if (policy->witnesses_n == 0)
        return;
    log_cli_say(cli,
                n == 0 ? lang_text(cli->ctx.lang, T_log_cosigned_none)
                       : lang_text_n(cli->ctx.lang, T_log_cosigned, n),
                words, sizeof words / sizeof words[0]);
}

void log_cli_json_verdict(struct json_out *json, const struct policy *policy,
                          const struct policy_verdict *verdict, struct cli *cli)
{
    json_open(json, '{');
    json_name(json, S("ok"));
    json_bool(json, verdict->met);
    json_name(json, S("origin"));
    json_text(json, verdict->checkpoint.origin);
    json_name(json, S("size"));
    json_int(json, (int64_t)verdict->checkpoint.size);
    json_name(json, S("root"));
    json_text(json, log_cli_hex(cli, verdict->checkpoint.root));
    json_name(json, S("witnesses"));
    json_open(json, '[');
    for (size_t i = 0; i < policy->witnesses_n; i++)
        if ((verdict->witnesses >> i & 1) != 0)
            json_text(json, policy->witnesses[i].name);
    json_close(json, ']');
    json_name(json, S("quorum"));
    json_bool(json, verdict->met);
    json_name(json, S("witnessed_at"));
    json_int(json, (int64_t)verdict->newest_s);
}

void log_cli_json_end(struct cli *cli, struct json_out *json)
{
    json_close(json, '}');
    (void)fprintf(cli->out, "%.*s\n", (int)json->out->len, json->out->ptr);
}
