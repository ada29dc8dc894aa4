/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A house where nothing is founded yet, and a browser that goes through the wizard.
 */
#ifndef TESTS_FOUND_SCENE_H
#define TESTS_FOUND_SCENE_H

#include "login_scene.h"

#include "deeds/found_draft.h"
#include "deeds/letter.h"
#include "deeds/member.h"

static inline int open_empty(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    const struct http_config config = {.port_given = true,
                                       .threads = 1,
                                       .pool = 2,
                                       .rate_off = true,
                                       .hooks = http_room_hooks(),
                                       .world = scene->test.world,
                                       .lang = LANG_EN};

    assert_int_equal(http_serve(&scene->server, &config), YES);
    scene->port = http_port(scene->server);
    *state = scene;
    return 0;
}

static inline void make_link(struct scene *scene, char path[80])
{
    struct found_link link;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    ctx.actor.console = true;
    assert_int_equal(deed_found_link(&ctx, &link), YES);
    test_done(&ctx);
    (void)snprintf(path, 80, "/en/found/%.*s", (int)sizeof link.token, link.token);
}

static inline void begin(struct scene *scene)
{
    char path[80];

    make_link(scene, path);
    assert_goes_to(post(scene, path, path, S("")), "/en/found");
}

static inline const char *step_path(int step)
{
    static char path[32];

    (void)snprintf(path, sizeof path, "/en/found/step/%d", step);
    return path;
}

static inline const struct reply *give(struct scene *scene, int step, const char *fields)
{
    return post(scene, step_path(step), step_path(step), str_of(fields));
}

/* What each step wants, as a browser sends it. */
static const char *const good[] = {
    NULL,
    "lang=fr&name=La+Traboule&sentence=Ce+que+nous+faisons&place=Lyon&zone=Europe%2FParis"
    "&email=bonjour%40example.org&go=next",
    "legal_form=scic&go=next",
    "currency=EUR&hours=1&hour_limit=10&hour_ceiling=100&credits=1&credit_name=Filons"
    "&credit_code=FIL&credit_limit=200&credit_ceiling=2000&go=next",
    "quorum=25&college_0=Work&weight_0=50&college_1=Use&weight_1=30&college_2=Support"
    "&weight_2=20&college_3=&weight_3=&college_4=&weight_4=&go=next",
    "share=20&share_least=2&go=next",
    "fee_running=5%2C2&fee_reserve=2.3&fee_solidarity=1.5&sample=38&go=next",
    "iban=FR76+3000+6000+0112+3456+7890+189&bic=agrifrpp&go=next",
    "founder_0_name=Ada+Perrin&founder_0_email=Ada%40example.org&founder_0_trade=tailor"
    "&founder_0_college=Work&founder_0_password=correct+horse&founder_1_name=Bruno"
    "&founder_1_email=bruno%40example.org&founder_1_trade=&founder_1_college=Use"
    "&founder_2_name=Zo%C3%A9&founder_2_email=zoe%40example.org&founder_2_trade="
    "&founder_2_college=&go=next",
    "keys=1&go=next",
};

static inline void walk(struct scene *scene, int first, int last)
{
    for (int step = first; step <= last; step++) {
        char next[32];

        (void)snprintf(next, sizeof next, "%s", step_path(step + 1));
        assert_goes_to(give(scene, step, good[step]), next);
    }
}

#define IN_EMPTY(test) cmocka_unit_test_setup_teardown(test, open_empty, close_scene)

#endif
