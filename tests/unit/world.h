/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A real world for tests: a data folder of its own, the real writer, a clock that the test may
 * move. Founded or empty.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include "deeds/found.h"
#include "deeds/house.h"
#include "deeds/ledger.h"
#include "deeds/order.h"
#include "main/world.h"
#include "rules/offer.h"
#include "store/sql_member.h"
#include "store/sql_offer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct test_world {
    char dir[64];
    struct real_world *real;
    const struct world *world;
    struct arena arena;
    int64_t amina, bruno, chloe,
        daniel; /* founders; chloe is the mediator, amina the facilitator, bruno the accountant */
};

static inline void test_world_open(struct test_world *test)
{
    *test = (struct test_world){.dir = "/tmp/filon-test-XXXXXX"};
    assert(mkdtemp(test->dir) != NULL);
    assert(world_open(&test->real, test->dir, 4) == YES);
    test->world = world_functions(test->real);
    assert(arena_init(&test->arena, 32 << 20));
}

static inline void test_world_reopen(struct test_world *test)
{
    world_close(test->real);
    assert(world_open(&test->real, test->dir, 4) == YES);
    test->world = world_functions(test->real);
}

static inline void test_world_close(struct test_world *test)
{
    char command[128];

    world_close(test->real);
    arena_release(&test->arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", test->dir);
    assert(strncmp(test->dir, "/tmp/filon-test-", 16) == 0 && system(command) == 0);
}

/* A context of this member (0 = a visitor) with a reader; give it back with test_done. */
static inline void test_as(struct test_world *test, struct ctx *ctx, int64_t member, uint32_t roles)
{
    *ctx = (struct ctx){
        .world = test->world, .arena = &test->arena, .actor = {.member = member, .roles = roles}};
    ctx->now_ns = test->world->now_ns(test->world->self);
    ctx->db = test->world->reader_take(test->world->self);
}

static inline void test_done(struct ctx *ctx)
{
    ctx->world->reader_give_back(ctx->world->self, ctx->db);
    ctx->db = NULL;
}

/* La Traboule in Lyon: euro with 5.2 + 2.3 + 1.5 %, hours (-10 h .. 100 h), credits FIL (-200 ..
 * 2000). */
static inline void test_found(struct test_world *test)
{
    static const struct founder founders[] = {
        {.name = {"Amina K.", 8},
         .email = {"amina@example.org", 17},
         .password = {"correct horse", 13}},
        {.name = {"Bruno L.", 8},
         .email = {"bruno@example.org", 17},
         .password = {"correct horse", 13}},
        {.name = {"Chlo\xc3\xa9 M.", 9},
         .email = {"chloe@example.org", 17},
         .password = {"correct horse", 13}},
        {.name = {"Daniel N.", 9},
         .email = {"daniel@example.org", 18},
         .password = {"correct horse", 13}},
    };
    struct found_form form = {.name = S("La Traboule"),
                              .sentence = S("The market that belongs to those who work it"),
                              .legal_form = S("scic"),
                              .place = S("Lyon"),
                              .zone = S("Europe/Paris"),
                              .email = S("bonjour@example.org"),
                              .lat = 45748000,
                              .lon = 4847000,
                              .lang = LANG_FR,
                              .currency = S("EUR"),
                              .hours = true,
                              .credits = true,
                              .credit_code = S("FIL"),
                              .credit_name = S("Filons"),
                              .hour_floor = 600,
                              .hour_ceiling = 6000,
                              .credit_floor = 20000,
                              .credit_ceiling = 200000,
                              .fee_running_bp = 520,
                              .fee_reserve_bp = 230,
                              .fee_solidarity_bp = 150,
                              .share_minor = 2000,
                              .quorum_percent = 25,
                              .founders = founders,
                              .founders_n = 4};
    struct ctx ctx;

    test_as(test, &ctx, 0, 0);
    ctx.actor.console = true;
    assert(deed_found(&ctx, &form) == YES);
    test_done(&ctx);
    test->amina = form.first_member;
    test->bruno = test->amina + 1;
    test->chloe = test->amina + 2;
    test->daniel = test->amina + 3;
}

#endif
