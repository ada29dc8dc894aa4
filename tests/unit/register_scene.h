/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A founded co-op for the tests of its register: hours are sent, the audit is asked, the file is
 * edited by somebody with the disk in their hands.
 */
#ifndef TESTS_REGISTER_SCENE_H
#define TESTS_REGISTER_SCENE_H

#include "cm.h"

#include "deeds/account.h"
#include "deeds/audit.h"
#include "deeds/register.h"
#include "deeds/session.h"
#include "wire/jcs.h"
#include "world.h"

#include <sqlite3.h>

struct scene {
    struct test_world test;
    struct hash_sha256_ctx sha;
};

static inline int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    test_found(&scene->test);
    hash_sha256_init(&scene->sha);
    *state = scene;
    return 0;
}

static inline int tear_down(void **state)
{
    struct scene *scene = *state;

    test_world_close(&scene->test);
    hash_sha256_release(&scene->sha);
    free(scene);
    return 0;
}

/* --- helpers -----------------------------------------------------------------------------------
 */

struct send {
    int64_t from, to, amount;
    struct ledger_done done;
};

static inline no send_one(struct ctx *ctx, void *send_)
{
    struct send *send = send_;
    struct ledger_leg leg = {.amount = send->amount, .currency = 2, .code = CODE_SEND};

    TRY(ledger_purse_of(ctx, send->from, 2, &leg.debit));
    TRY(ledger_purse_of(ctx, send->to, 2, &leg.credit));
    return ledger_post(ctx,
                       &(struct ledger_ask){.journal = JOURNAL_TIME,
                                            .cause = CAUSE_SEND,
                                            .label = S("\"hours\" \xc3\xa9\n"),
                                            .legs = &leg,
                                            .legs_n = 1},
                       &send->done);
}

static inline struct send send_hours(struct scene *scene, int64_t from, int64_t to, int64_t minutes)
{
    struct send form = {.from = from, .to = to, .amount = minutes};
    struct ctx ctx;

    test_as(&scene->test, &ctx, from, ROLE_MEMBER);
    assert_int_equal(deed_run(&ctx, send_one, &form), YES);
    test_done(&ctx);
    return form;
}

static inline struct register_row row_about(struct scene *scene, enum register_kind kind,
                                            int64_t ref)
{
    struct register_row row = {.idx = -1};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_about(&ctx, kind, ref, &row), YES);
    test_done(&ctx);
    return row;
}

struct seen {
    char first[64];
    int64_t n;
};

static inline void note(void *seen_, const struct audit_finding *finding)
{
    struct seen *seen = seen_;

    if (seen->n++ == 0)
        (void)snprintf(seen->first, sizeof seen->first, "%s %lld", finding->what,
                       (long long)finding->entry);
}

static inline struct seen audit(struct scene *scene)
{
    struct seen seen = {.n = 0};
    struct audit_report report = {.say = note, .self = &seen};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    const size_t mark = arena_mark(ctx.arena);

    assert_int_equal(view_audit(&ctx, &report), YES);
    arena_rewind(ctx.arena, mark);
    test_done(&ctx);
    assert_int_equal(report.findings_n, seen.n);
    assert_true(report.log.rows_n > 0);
    return seen;
}

/* Edits the file as somebody with the disk in their hands would. */
static inline void edit(struct scene *scene, const char *sql)
{
    char path[128];
    sqlite3 *db;

    world_close(scene->test.real);
    (void)snprintf(path, sizeof path, "%s/filon.db", scene->test.dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    (void)sqlite3_close(db);
    assert_int_equal(world_open(&scene->test.real, scene->test.dir, 4), YES);
    scene->test.world = world_functions(scene->test.real);
}

/* Copies files of the folder while nobody has it open. */
static inline void copy_store(struct scene *scene, const char *from, const char *to)
{
    char command[256];

    world_close(scene->test.real);
    (void)snprintf(command, sizeof command, "cp %s/%s %s/%s", scene->test.dir, from,
                   scene->test.dir, to);
    assert_int_equal(system(command), 0);
    (void)snprintf(command, sizeof command, "rm -f %s/filon.db-wal", scene->test.dir);
    assert_int_equal(system(command), 0);
    assert_int_equal(world_open(&scene->test.real, scene->test.dir, 4), YES);
    scene->test.world = world_functions(scene->test.real);
}

#endif
