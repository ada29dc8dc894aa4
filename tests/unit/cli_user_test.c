/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * `filon user`: the list, a link to hand over, roles; and words that make no sense.
 */
#include "deeds/sign_in.h"
#include "doors/cli/cli.h"
#include "store/sql_account.h"

#include "cm.h"
#include "world.h"

struct scene {
    struct test_world test;
    struct cli cli;
    char *out, *err;
    size_t out_n, err_n;
};

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    test_found(&scene->test);
    test_as(&scene->test, &scene->cli.ctx, 0, 0);
    scene->cli.ctx.actor.console = true;
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;

    test_done(&scene->cli.ctx);
    test_world_close(&scene->test);
    free(scene->out);
    free(scene->err);
    free(scene);
    return 0;
}

/* Runs `filon user WORDS...`, words separated by blanks. */
static int user(struct scene *scene, bool json, const char *words)
{
    char text[256], *argv[8];
    struct cli *cli = &scene->cli;

    (void)snprintf(text, sizeof text, "%s", words);
    cli->argc = 0;
    for (char *word = text, *end; *word != 0 && cli->argc < 8; word = end) {
        end = word + strcspn(word, " ");
        if (*end != 0)
            *end++ = 0;
        argv[cli->argc++] = word;
    }
    free(scene->out);
    free(scene->err);
    cli->argv = argv;
    cli->json = json;
    cli->ctx.wrongs_n = 0;
    cli->out = open_memstream(&scene->out, &scene->out_n);
    cli->err = open_memstream(&scene->err, &scene->err_n);
    const int code = cli_user(cli);

    (void)fclose(cli->out);
    (void)fclose(cli->err);
    return code;
}

static bool says(const struct scene *scene, const char *what)
{
    return strstr(scene->out, what) != NULL;
}

/* The handle that the founding gave Amina. */
static str handle(struct scene *scene)
{
    struct sql_member member;
    struct ctx *ctx = &scene->cli.ctx;

    assert_int_equal(sql_member_get(ctx->db, ctx->arena, scene->test.amina, &member), YES);
    return member.handle;
}

static void lists_everyone(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(user(scene, false, "list"), CLI_OK);
    assert_true(says(scene, "amina@example.org") && says(scene, "facilitator") &&
                says(scene, "Chlo\xc3\xa9"));
    assert_int_equal(user(scene, true, "list"), CLI_OK);
    assert_true(says(scene, "{\"id\":1,\"handle\":"));
    assert_true(
        says(scene, "\"status\":\"active\",\"roles\":[\"member\",\"founder\",\"facilitator\"]}\n"));
    int lines = 0;

    for (const char *at = scene->out; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, 4);
}

static void hands_over_a_link_that_works(void **state)
{
    struct scene *scene = *state;
    char words[64];
    const str amina = handle(scene);

    (void)snprintf(words, sizeof words, "link @%.*s", (int)amina.len, amina.ptr);
    assert_int_equal(user(scene, false, words), CLI_OK);
    assert_true(str_starts(str_of(scene->out), S("/login/link/")));
    struct sign_in_link link = {.token = {scene->out + 12, 43}};

    assert_int_equal(deed_sign_in_link(&scene->cli.ctx, &link), YES);
    assert_int_equal(link.member, scene->test.amina);
    assert_int_equal(user(scene, true, words), CLI_OK);
    assert_true(str_starts(str_of(scene->out), S("{\"path\":\"/login/link/")));
    assert_int_equal(user(scene, false, "link nobody"), CLI_REFUSED);
    assert_int_equal(scene->out_n, 0);
    assert_true(scene->err_n > 0);
}

static void gives_and_takes_roles(void **state)
{
    struct scene *scene = *state;
    char words[96];
    const str amina = handle(scene);

    (void)snprintf(words, sizeof words, "role %.*s +auditor +mediator", (int)amina.len, amina.ptr);
    assert_int_equal(user(scene, false, words), CLI_OK);
    assert_string_equal(scene->out, "member,founder,facilitator,auditor,mediator\n");
    (void)snprintf(words, sizeof words, "role %.*s -auditor", (int)amina.len, amina.ptr);
    assert_int_equal(user(scene, true, words), CLI_OK);
    assert_true(says(scene, "\"roles\":[\"member\",\"founder\",\"facilitator\",\"mediator\"]}\n"));
    (void)snprintf(words, sizeof words, "role %.*s -facilitator", (int)amina.len, amina.ptr);
    assert_int_equal(user(scene, false, words), CLI_REFUSED);
    (void)snprintf(words, sizeof words, "role %.*s +member", (int)amina.len, amina.ptr);
    assert_int_equal(user(scene, false, words), CLI_REFUSED);
}

static no put_code_on(struct ctx *ctx, void *member)
{
    return sql_member_totp(ctx->db, *(const int64_t *)member, S("12345678901234567890"), 0);
}

static void switches_a_code_off(void **state)
{
    struct scene *scene = *state;
    struct ctx *ctx = &scene->cli.ctx;
    struct sql_member row;
    char words[64];
    const str amina = handle(scene);

    assert_int_equal(deed_run(ctx, put_code_on, &scene->test.amina), YES);
    (void)snprintf(words, sizeof words, "code-off @%.*s", (int)amina.len, amina.ptr);
    assert_int_equal(user(scene, false, words), CLI_OK);
    assert_int_equal(sql_member_get(ctx->db, ctx->arena, scene->test.amina, &row), YES);
    assert_int_equal(row.totp.len, 0);
    assert_int_equal(user(scene, false, "code-off nobody"), CLI_REFUSED);
}

static void says_how_it_is_used(void **state)
{
    static const char *const bad[] = {"",
                                      "what",
                                      "list all",
                                      "link",
                                      "link a b",
                                      "role",
                                      "role amina",
                                      "role amina auditor",
                                      "role amina +",
                                      "role amina +king",
                                      "role amina -"};
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(user(scene, false, bad[i]), CLI_USAGE);
        assert_int_equal(scene->out_n, 0);
        assert_non_null(strstr(scene->err, "filon user list|link"));
    }
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(lists_everyone),        IN_SCENE(hands_over_a_link_that_works),
        IN_SCENE(gives_and_takes_roles), IN_SCENE(switches_a_code_off),
        IN_SCENE(says_how_it_is_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
