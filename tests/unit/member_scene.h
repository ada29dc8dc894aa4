/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the tests of members look at: rows, letters, the history of a person.
 */
#ifndef TESTS_MEMBER_SCENE_H
#define TESTS_MEMBER_SCENE_H

#include "login_scene.h"

#include "deeds/desk.h"
#include "deeds/join.h"
#include "deeds/letter.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "store/sql_account.h"
#include "store/sql_coop.h"
#include "store/sql_people.h"

/* --- what the tests look at ------------------------------------------------------------------- */

static inline struct sql_member by_email(struct scene *scene, const char *email)
{
    struct sql_member member = {.id = 0};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    const no found = sql_member_by_email(ctx.db, ctx.arena, str_of(email), &member);

    assert_true(found == YES || found == NO_NOT_FOUND);
    test_done(&ctx);
    return member;
}

static inline size_t count_letters(struct scene *scene, enum letter_kind kind, int64_t member)
{
    struct sql_letter *list;
    struct ctx ctx;
    size_t n, found = 0;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(sql_letter_due(ctx.db, ctx.arena, ctx.now_ns, 1000, &list, &n), YES);
    for (size_t i = 0; i < n; i++)
        found += list[i].kind == kind && (member == 0 || list[i].member == member);
    test_done(&ctx);
    return found;
}

static inline struct sql_export_event last_event(struct scene *scene, int64_t member)
{
    struct sql_export_event *events;
    struct ctx ctx;
    size_t n;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(sql_export_events(ctx.db, ctx.arena, member, &events, &n), YES);
    assert_true(n > 0);
    test_done(&ctx);
    return events[n - 1];
}

static inline const char *desk_path(int64_t member, const char *what)
{
    static char path[80];

    (void)snprintf(path, sizeof path, "/en/desk/members/%lld%s", (long long)member, what);
    return path;
}

static inline int64_t ask_to_join(struct scene *scene)
{
    assert_goes_to(post(scene, "/en/join", "/en/join",
                        S("name=Farid+O.&email=Farid%40Example.org&trade=baker&place=Lyon"
                          "&why=Bread&statutes=1")),
                   "/en/join/asked");
    return by_email(scene, "farid@example.org").id;
}

static inline void forget_cookies(struct scene *scene)
{
    memset(scene->cookies, 0, sizeof scene->cookies);
}

#endif
