/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A founded co-op, one context, and the letters that wait: for the tests of sessions, of signing in
 * and of accounts.
 */
#ifndef TESTS_ACCOUNT_SCENE_H
#define TESTS_ACCOUNT_SCENE_H

#include "deeds/account.h"
#include "deeds/account_list.h"
#include "deeds/letter.h"
#include "deeds/letter_off.h"
#include "deeds/link.h"
#include "deeds/member.h"
#include "deeds/session.h"
#include "deeds/sign_in.h"
#include "store/sql_account.h"
#include "store/sql_letter.h"
#include "store/sql_session.h"
#include "wire/totp.h"

#include "cm.h"
#include "world.h"

#include "base/time.h"

static const int64_t minute_ns = 60 * NS_PER_S;

struct scene {
    struct test_world test;
    struct ctx ctx;
};

static inline int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    test_found(&scene->test);
    test_as(&scene->test, &scene->ctx, 0, 0);
    *state = scene;
    return 0;
}

static inline int close_scene(void **state)
{
    struct scene *scene = *state;

    test_done(&scene->ctx);
    test_world_close(&scene->test);
    free(scene);
    return 0;
}

/* The same reader with another person before it, now. */
static inline struct ctx *as(struct scene *scene, int64_t member, uint32_t roles)
{
    struct ctx *ctx = &scene->ctx;

    ctx->actor = (struct actor){.member = member, .roles = roles};
    ctx->wrongs_n = 0;
    ctx->now_ns = ctx->world->now_ns(ctx->world->self);
    return ctx;
}

static inline void later(struct scene *scene, int64_t ns)
{
    world_shift_clock(scene->test.real, ns);
}

static inline str sign_in(struct scene *scene, int64_t member, const char *before)
{
    struct session_open form = {.member = member, .agent = S("Test/1"), .before = str_of(before)};

    assert_int_equal(deed_session_open(as(scene, 0, 0), &form), YES);
    return arena_str(&scene->test.arena, (str){form.cookie, sizeof form.cookie});
}

static inline no who(struct scene *scene, str cookie, int64_t *member)
{
    struct session session;
    const no answer = view_session(as(scene, 0, 0), cookie, &session);

    if (answer == YES)
        *member = session.member;
    return answer;
}

static inline size_t letters(struct scene *scene, struct sql_letter **list)
{
    struct ctx *ctx = as(scene, 0, 0);
    size_t n;

    assert_int_equal(sql_letter_due(ctx->db, ctx->arena, ctx->now_ns, 1000, list, &n), YES);
    return n;
}

/* The newest letter waiting. */
static inline struct sql_letter last_letter(struct scene *scene)
{
    struct sql_letter *list;
    const size_t n = letters(scene, &list);

    assert_true(n > 0);
    return list[n - 1];
}

/* Asks for a link by letter. */
static inline no ask(struct scene *scene, const char *email)
{
    const struct sign_in_ask form = {.email = str_of(email), .target = S("/orders/1")};

    return deed_sign_in_ask(as(scene, 0, 0), &form);
}

static inline no try_password(struct scene *scene, const char *email, const char *password,
                              const char *network, struct sign_in_password *out)
{
    struct sign_in_password form = {
        .email = str_of(email), .password = str_of(password), .network = str_of(network)};
    const no answer = deed_sign_in_password(as(scene, 0, 0), &form);

    if (out != NULL)
        *out = form;
    return answer;
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

#endif
