/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the audit finds when a row is edited behind the register's back: every column of entries and
 * transfers, parameters, the register's own tables.
 */
#include "register_scene.h"

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
        {"DELETE FROM param WHERE name = 'quorum.percent'", "PARAM_DIFFERS 0"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_edited_column_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(edited_registers_and_parameters_are_found, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
