/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A founded co-op behind its real door, whose register can be published as files with keys that
 * everybody knows (tools/logmaker.h).
 */
#ifndef TESTS_REGISTER_PAGE_SCENE_H
#define TESTS_REGISTER_PAGE_SCENE_H

#include "deeds/receipt.h"
#include "deeds/send.h"

#include "../tools/logmaker.h"
#include "login_scene.h"

struct proof_scene {
    struct scene scene; /* first: what login_scene.h takes */
    char log[96];
};

static inline int open_proof_scene(void **state)
{
    struct proof_scene *proof = calloc(1, sizeof *proof);
    struct scene *scene = &proof->scene;

    test_world_open(&scene->test);
    test_found(&scene->test);
    (void)snprintf(proof->log, sizeof proof->log, "%s/log", scene->test.dir);
    const struct http_config config = {.port_given = true,
                                       .threads = 1,
                                       .pool = 2,
                                       .rate_off = true,
                                       .hooks = http_room_hooks(),
                                       .world = scene->test.world,
                                       .log_dir = proof->log,
                                       .origin = "http://coop.example",
                                       .lang = LANG_EN};

    assert_int_equal(http_serve(&scene->server, &config), YES);
    scene->port = http_port(scene->server);
    *state = proof;
    return 0;
}

static inline void sign_in_as(struct scene *scene, const char *name)
{
    char fields[128];

    memset(scene->cookies, 0, sizeof scene->cookies);
    (void)snprintf(fields, sizeof fields, "account=%s%%40example.org&password=correct+horse", name);
    assert_goes_to(post(scene, "/en/login", "/en/login", str_of(fields)), "/en/account");
}

static inline void nobody(struct scene *scene)
{
    memset(scene->cookies, 0, sizeof scene->cookies);
}

/* "/fr/proof/12", good until the fourth next call. */
static inline const char *path_of(const char *format, long long index)
{
    static char paths[4][160];
    static unsigned next;
    char *path = paths[next++ % 4], *to = path;

    for (const char *c = format; *c != 0; c++)
        to += *c == '#' ? snprintf(to, 24, "%lld", index) : (*to = *c, 1);
    *to = 0;
    return path;
}

/* --- acts --------------------------------------------------------------------------------------
 */

static inline int64_t place_of(struct scene *scene, int64_t entry)
{
    int64_t index = -1;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_receipt_place(&ctx, entry, &index), YES);
    test_done(&ctx);
    return index;
}

/* Minutes from Amina to Bruno, as the form would; the answer, and the place of the entry. */
static inline no send_minutes(struct scene *scene, const char *amount, int64_t *index)
{
    struct send_form form = {
        .to = S("@bruno"), .unit = S(""), .amount = str_of(amount), .why = S("")};
    struct ctx ctx;

    test_as(&scene->test, &ctx, scene->test.amina, ROLE_MEMBER);
    form.unit = str_of(house_unit_of_kind(ctx_house(&ctx), UNIT_TIME)->unit.code);
    ctx.world->chance(ctx.world->self, &form.uid, sizeof form.uid);
    const no answer = deed_send(&ctx, &form);

    test_done(&ctx);
    if (answer == YES)
        *index = place_of(scene, form.entry);
    return answer;
}

/* --- publishing --------------------------------------------------------------------------------
 */

static inline no add_row(void *maker, const struct register_row *row)
{
    logmaker_add(maker, row->body);
    return YES;
}

/* The state as the publisher would note it. */
static inline void set_state(struct scene *scene, const struct register_state *state)
{
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    ctx.actor.clock = true;
    assert_int_equal(deed_register_state(&ctx, state), YES);
    test_done(&ctx);
}

static inline int64_t recorded(struct scene *scene)
{
    struct register_state state;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_state(&ctx, &state), YES);
    test_done(&ctx);
    return state.recorded;
}

/* Publishes the first `size` entries with the cosignatures of so many of the three witnesses, of
 * which two are wanted. */
static inline void publish(struct proof_scene *proof, int64_t size, int witnesses)
{
    struct logmaker *maker = malloc(sizeof *maker);
    struct ctx ctx;
    struct buf key;

    (void)mkdir(proof->log, 0700);
    logmaker_begin(maker, proof->log);
    maker->witnesses = witnesses;
    test_as(&proof->scene.test, &ctx, 0, 0);
    assert_int_equal(view_register_rows(&ctx, 0, size, add_row, maker), YES);
    test_done(&ctx);
    logmaker_edge(maker);
    logmaker_checkpoint(maker, "checkpoint");
    logmaker_policy(maker, "policy", NULL);
    buf_init(&key, &proof->scene.test.arena, 256);
    note_key_put(&key, &maker->keys[0]);
    buf_put_char(&key, '\n');
    logmaker_put(maker, S("vkey"), buf_str(&key));
    logmaker_end(maker);
    free(maker);
    set_state(&proof->scene,
              &(struct register_state){.published = size,
                                       .witnessed = witnesses >= 2 ? size : 0,
                                       .witnessed_at_s = witnesses >= 2 ? LOGMAKER_TIME_S : 0,
                                       .witnesses_n = witnesses,
                                       .quorum_n = 2});
}

#define IN_PROOF(test) cmocka_unit_test_setup_teardown(test, open_proof_scene, close_scene)

#endif
