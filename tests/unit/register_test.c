/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The register as deeds write it: what enters, what is committed to, what the audit finds when a
 * row is edited behind its back, what erasing leaves.
 */
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

static int set_up(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    test_found(&scene->test);
    hash_sha256_init(&scene->sha);
    *state = scene;
    return 0;
}

static int tear_down(void **state)
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

static no send(struct ctx *ctx, void *send_)
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

static struct send send_hours(struct scene *scene, int64_t from, int64_t to, int64_t minutes)
{
    struct send form = {.from = from, .to = to, .amount = minutes};
    struct ctx ctx;

    test_as(&scene->test, &ctx, from, ROLE_MEMBER);
    assert_int_equal(deed_run(&ctx, send, &form), YES);
    test_done(&ctx);
    return form;
}

static struct register_row row_about(struct scene *scene, enum register_kind kind, int64_t ref)
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

static void note(void *seen_, const struct audit_finding *finding)
{
    struct seen *seen = seen_;

    if (seen->n++ == 0)
        (void)snprintf(seen->first, sizeof seen->first, "%s %lld", finding->what,
                       (long long)finding->entry);
}

static struct seen audit(struct scene *scene)
{
    struct seen seen = {.n = 0};
    struct audit_report report = {.say = note, .self = &seen};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_audit(&ctx, &report), YES);
    test_done(&ctx);
    assert_int_equal(report.findings_n, seen.n);
    assert_true(report.register_n > 0);
    return seen;
}

/* Edits the file as somebody with the disk in their hands would. */
static void edit(struct scene *scene, const char *sql)
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
static void copy_store(struct scene *scene, const char *from, const char *to)
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

/* --- what enters -------------------------------------------------------------------------------
 */

struct reading {
    struct scene *scene;
    struct tree_frontier tree;
    int64_t kinds[REGISTER_KINDS];
    int64_t at;
};

static no read_row(void *reading_, const struct register_row *row)
{
    struct reading *reading = reading_;
    struct jcs_head head;
    struct tree_hash leaf;

    assert_int_equal(row->idx, reading->tree.size);
    assert_int_equal(jcs_entry_check(row->body), YES);
    assert_int_equal(jcs_head_read(row->body, &head), YES);
    assert_true(str_eq(head.kind, register_kind_name((enum register_kind)row->kind)));
    assert_true(head.at >= reading->at && head.at == row->at_s);
    reading->at = head.at;
    reading->kinds[row->kind]++;
    tree_leaf(&reading->scene->sha, row->body, &leaf);
    tree_frontier_push(&reading->scene->sha, &reading->tree, &leaf);
    return YES;
}

static struct reading read_all(struct scene *scene)
{
    struct reading reading = {.scene = scene};
    struct tree_frontier head;
    struct tree_hash ours, theirs;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_rows(&ctx, 0, INT64_MAX, read_row, &reading), YES);
    assert_int_equal(view_register_head(&ctx, &head), YES);
    test_done(&ctx);
    assert_int_equal(head.size, reading.tree.size);
    tree_frontier_root(&scene->sha, &reading.tree, &ours);
    tree_frontier_root(&scene->sha, &head, &theirs);
    assert_true(tree_equal(&ours, &theirs));
    return reading;
}

static void a_founding_is_the_first_entries(void **state)
{
    struct scene *scene = *state;
    const struct reading reading = read_all(scene);
    struct ctx ctx;
    str origin;

    assert_int_equal(reading.kinds[REGISTER_GENESIS], 1);
    assert_int_equal(reading.kinds[REGISTER_MEMBER], 4);
    assert_true(reading.kinds[REGISTER_PARAM] >= 10);
    assert_int_equal(reading.kinds[REGISTER_TXN], 0);
    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_register_origin(&ctx, &origin), YES);
    assert_true(str_starts(origin, S("la-traboule-")) && str_ends(origin, S("/log")));
    test_done(&ctx);
    assert_int_equal(audit(scene).n, 0);
}

static void each_entry_of_the_ledger_has_its_txn(void **state)
{
    struct scene *scene = *state;

    for (int i = 0; i < 20; i++)
        (void)send_hours(scene, scene->test.amina, scene->test.bruno, 10 + i);
    test_world_reopen(&scene->test);
    (void)send_hours(scene, scene->test.bruno, scene->test.chloe, 5);
    assert_int_equal(read_all(scene).kinds[REGISTER_TXN], 21);
    assert_int_equal(audit(scene).n, 0);
}

static no send_and_refuse(struct ctx *ctx, void *form)
{
    TRY(send(ctx, form));
    return NO_NOT_ALLOWED;
}

static no send_one_try_another(struct ctx *ctx, void *form)
{
    TRY(send(ctx, form));
    assert_int_equal(deed_try(ctx, send_and_refuse, form), NO_NOT_ALLOWED);
    return send(ctx, form);
}

static void what_is_refused_leaves_nothing(void **state)
{
    struct scene *scene = *state;
    struct send form = {.from = scene->test.amina, .to = scene->test.bruno, .amount = 30};
    struct ctx ctx;

    test_as(&scene->test, &ctx, form.from, ROLE_MEMBER);
    assert_int_equal(deed_run(&ctx, send_and_refuse, &form), NO_NOT_ALLOWED);
    assert_int_equal(deed_run(&ctx, send_one_try_another, &form), YES);
    test_done(&ctx);
    assert_int_equal(read_all(scene).kinds[REGISTER_TXN], 2);
    assert_int_equal(audit(scene).n, 0);
}

/* --- receipts ----------------------------------------------------------------------------------
 */

static void each_side_opens_its_own_slot(void **state)
{
    struct scene *scene = *state;
    const struct send sent = send_hours(scene, scene->test.amina, scene->test.bruno, 42);
    const struct register_row row = row_about(scene, REGISTER_TXN, sent.done.entry);
    const int64_t members[] = {scene->test.amina, scene->test.bruno};
    struct ctx ctx;

    for (size_t i = 0; i < 2; i++) {
        struct register_receipt receipt;
        uint8_t made[HASH_SIZE];
        char hex[2 * HASH_SIZE];

        test_as(&scene->test, &ctx, members[i], ROLE_MEMBER);
        assert_int_equal(view_register_receipt(&ctx, row.idx, members[i], &receipt), YES);
        assert_int_equal(receipt.slots_n, 1);
        assert_false(receipt.slots[0].erased);
        assert_true(str_find(receipt.slots[0].payload, S(",42,2,10,0,0,")) <
                    receipt.slots[0].payload.len);
        register_commit(&scene->sha, receipt.slots[0].opening, receipt.slots[0].payload, made);
        str_hex(made, sizeof made, hex);
        assert_true(str_find(receipt.row.body, (str){hex, sizeof hex}) < receipt.row.body.len);
        assert_int_equal(view_register_receipt(&ctx, row.idx, scene->test.chloe, &receipt), YES);
        assert_int_equal(receipt.slots_n, 0);
        test_done(&ctx);
    }
}

/* Specs register 4.2, reproduced by anybody's HMAC. */
static void a_commitment_is_an_hmac(void **state)
{
    struct scene *scene = *state;
    uint8_t opening[REGISTER_OPENING], made[HASH_SIZE], plain[HASH_SIZE];
    char hex[2 * HASH_SIZE];

    memset(opening, 0x55, sizeof opening);
    register_commit(&scene->sha, opening,
                    S("{\"amount\":1250,\"cur\":\"EUR\",\"from\":\"m/17\",\"to\":\"m/42\"}"), made);
    str_hex(made, sizeof made, hex);
    assert_memory_equal(hex, "5ea166b4", 8);
    assert_memory_equal(hex + 60, "6b77", 4);
    for (size_t len = 0; len < 200; len++) {
        const char text[200] = {(char)len, 'x'};

        hash_hmac_sha256_with(&scene->sha, opening, (str){text, len / 3},
                              (str){text + len / 3, len - len / 3}, made);
        hash_hmac_sha256((str){(const char *)opening, sizeof opening}, (str){text, len}, plain);
        assert_memory_equal(made, plain, sizeof made);
    }
}

/* --- what the audit finds ----------------------------------------------------------------------
 */

#define NO_TRIGGERS                                                                \
    "DROP TRIGGER entry_no_update; DROP TRIGGER transfer_no_update; DROP TRIGGER " \
    "log_entry_no_update; DROP TRIGGER log_entry_no_delete; DROP TRIGGER entry_no_delete; "

static void every_edited_column_is_found(void **state)
{
    static const char *const columns[] = {
        "entry SET uid = randomblob(16)",
        "entry SET body_hash = randomblob(32)",
        "entry SET journal = journal + 1",
        "entry SET year = year + 1",
        "entry SET num = num + 100",
        "entry SET book_date = book_date + 1",
        "entry SET piece_ref = 'other'",
        "entry SET label = 'other'",
        "entry SET actor = actor + 1",
        "entry SET cause = cause + 1",
        "entry SET cause_id = cause_id + 1",
        "entry SET corrects = 1",
        "entry SET booked_ns = booked_ns + 1",
        "transfer SET debit = 99",
        "transfer SET credit = 99",
        "transfer SET amount = amount + 1",
        "transfer SET currency = 1",
        "transfer SET code = code + 1",
        "transfer SET flags = flags + 256",
        "transfer SET expires_ns = 1",
        "transfer SET event_ns = 1",
        "transfer SET debit_prev = 99",
        "transfer SET credit_prev = 99",
        "transfer SET pending_seq = 1",
    };
    struct scene *scene = *state;

    for (int i = 0; i < 3; i++)
        (void)send_hours(scene, scene->test.amina, scene->test.bruno, 10 + i);
    edit(scene, NO_TRIGGERS);
    copy_store(scene, "filon.db", "kept");
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        const bool entry = strncmp(columns[i], "entry", 5) == 0;
        char sql[512];

        (void)snprintf(sql, sizeof sql, "UPDATE %s WHERE %s = 2", columns[i], entry ? "id" : "seq");
        edit(scene, sql);
        const struct seen seen = audit(scene);

        if (seen.n == 0 || strstr(seen.first, " 2") == NULL)
            print_message("%s: %lld, %s\n", columns[i], (long long)seen.n, seen.first);
        assert_true(seen.n > 0);
        copy_store(scene, "kept", "filon.db");
        assert_int_equal(audit(scene).n, 0);
    }
}

static void edited_registers_and_parameters_are_found(void **state)
{
    static const struct {
        const char *sql, *what;
    } edits[] = {
        {"UPDATE param SET value = value + 1 WHERE name = 'quorum.percent'", "PARAM_DIFFERS 0"},
        {"UPDATE param SET decided_by = 7 WHERE name = 'quorum.percent'", "PARAM_DIFFERS 0"},
        {"DELETE FROM param WHERE name = 'quorum.percent'", "PARAM_LOST 0"},
        {"INSERT INTO param VALUES ('fee.new', 1, 0, 0)", "PARAM_DIFFERS 0"},
        {"UPDATE log_entry SET body = replace(body, 'quorum', 'forum') WHERE body LIKE '%quorum%'",
         "REGISTER_HEAD_DIFFERS 0"},
        {"UPDATE log_entry SET body = body || ' ' WHERE idx = 3", "REGISTER_NOT_CANONICAL 0"},
        {"UPDATE log_entry SET at_s = at_s + 1 WHERE idx = 3", "REGISTER_ROW_DIFFERS 0"},
        {"UPDATE log_entry SET kind = 8 WHERE kind = 1", "REGISTER_ROW_DIFFERS 0"},
        {"DELETE FROM log_entry WHERE idx = 2", "REGISTER_GAP 0"},
        {"DELETE FROM log_open WHERE idx = (SELECT MAX(idx) FROM log_entry WHERE kind = 7)",
         "REGISTER_OPENING_LOST 0"},
        {"UPDATE log_payload SET payload = replace(payload, 'Amina', 'Anita')",
         "REGISTER_PAYLOAD_DIFFERS 0"},
        {"UPDATE log_head SET size = size + 1", ""},
        {"DELETE FROM entry WHERE id = 3; DELETE FROM transfer WHERE seq = 3", ""},
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        char sql[512];

        (void)snprintf(sql, sizeof sql, NO_TRIGGERS "DROP TRIGGER transfer_no_delete; %s",
                       edits[i].sql);
        for (int n = 0; n < 3; n++)
            (void)send_hours(scene, scene->test.amina, scene->test.bruno, 10 + n);
        if (strstr(edits[i].sql, "SET size") != NULL) {
            world_close(scene->test.real); /* such a head does not even open */
            char path[128];
            sqlite3 *db;

            (void)snprintf(path, sizeof path, "%s/filon.db", scene->test.dir);
            assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
            assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
            (void)sqlite3_close(db);
            assert_int_equal(world_open(&scene->test.real, scene->test.dir, 4),
                             NO_REGISTER_DAMAGED);
            assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
            assert_int_equal(
                sqlite3_exec(db, "UPDATE log_head SET size = size - 1", NULL, NULL, NULL),
                SQLITE_OK);
            (void)sqlite3_close(db);
            assert_int_equal(world_open(&scene->test.real, scene->test.dir, 4), YES);
            scene->test.world = world_functions(scene->test.real);
        } else {
            edit(scene, sql);
            const struct seen seen = audit(scene);

            if (edits[i].what[0] != 0)
                assert_string_equal(seen.first, edits[i].what);
            assert_true(seen.n > 0);
        }
        void *again = scene;

        (void)tear_down(&again);
        (void)set_up(&again);
        *state = scene = again;
    }
}

/* --- erasing -----------------------------------------------------------------------------------
 */

static bool file_has(const char *dir, const char *name, const uint8_t *bytes, size_t len)
{
    char path[128], *text;
    bool has = false;

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "rb");

    if (file == NULL)
        return false;
    (void)fseek(file, 0, SEEK_END);
    const long size = ftell(file);

    rewind(file);
    text = malloc((size_t)size + 1);
    assert_int_equal(fread(text, 1, (size_t)size, file), size);
    (void)fclose(file);
    has = memmem(text, (size_t)size, bytes, len) != NULL;
    free(text);
    return has;
}

static bool any_file_has(struct scene *scene, const uint8_t *bytes, size_t len)
{
    return file_has(scene->test.dir, "filon.db", bytes, len) ||
           file_has(scene->test.dir, "filon.db-wal", bytes, len);
}

static no erase(struct ctx *ctx, void *member)
{
    TRY(register_member(ctx, *(int64_t *)member, false));
    return register_erase(ctx, *(int64_t *)member);
}

static void erasing_leaves_no_opening_in_any_file(void **state)
{
    struct scene *scene = *state;
    int64_t daniel = scene->test.daniel;
    const struct register_row row = row_about(scene, REGISTER_MEMBER, daniel);
    struct register_receipt receipt;
    uint8_t opening[REGISTER_OPENING];
    struct ctx ctx;

    (void)send_hours(scene, scene->test.amina, daniel, 60);
    test_as(&scene->test, &ctx, daniel, ROLE_MEMBER);
    assert_int_equal(view_register_receipt(&ctx, row.idx, daniel, &receipt), YES);
    assert_int_equal(receipt.slots_n, 1);
    memcpy(opening, receipt.slots[0].opening, sizeof opening);
    assert_true(any_file_has(scene, opening, sizeof opening));
    assert_int_equal(deed_run(&ctx, erase, &daniel), YES);
    assert_false(any_file_has(scene, opening, sizeof opening));
    assert_int_equal(view_register_receipt(&ctx, row.idx, daniel, &receipt), YES);
    assert_true(receipt.slots[0].erased);
    test_done(&ctx);
    assert_int_equal(audit(scene).n, 0);
    /* Books are kept for ten years, and so is what proves them. */
    world_shift_clock(scene->test.real, INT64_C(11) * 366 * 86400 * 1000000000);
    const struct register_row moved = row_about(scene, REGISTER_TXN, 1);

    test_as(&scene->test, &ctx, daniel, ROLE_MEMBER);
    assert_int_equal(view_register_receipt(&ctx, moved.idx, daniel, &receipt), YES);
    assert_false(receipt.slots[0].erased);
    memcpy(opening, receipt.slots[0].opening, sizeof opening);
    assert_int_equal(deed_run(&ctx, erase, &daniel), YES);
    assert_int_equal(view_register_receipt(&ctx, moved.idx, daniel, &receipt), YES);
    assert_true(receipt.slots[0].erased);
    assert_false(any_file_has(scene, opening, sizeof opening));
    test_done(&ctx);
    assert_int_equal(audit(scene).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_founding_is_the_first_entries, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_entry_of_the_ledger_has_its_txn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_refused_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_side_opens_its_own_slot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_commitment_is_an_hmac, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_edited_column_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(edited_registers_and_parameters_are_found, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(erasing_leaves_no_opening_in_any_file, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
