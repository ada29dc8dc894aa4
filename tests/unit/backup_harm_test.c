/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Backups that were cut, damaged or edited: nothing of them is ever served.
 */
#include "backup_scene.h"

static void expect_no(struct scene *scene, no wanted, const char *where, const char *what)
{
    struct backup_restore back;
    const no answer = restore(scene, "edited", "back", &back);

    if (answer != wanted || strstr(back.where, where) == NULL)
        fail_msg("%s: %s at \"%s\", not %s at \"%s\"", what, no_line(answer)->name, back.where,
                 no_line(wanted)->name, where);
    shell(scene, "test ! -e $D-back; test ! -e $D-back.restoring");
}

static void fresh(struct scene *scene)
{
    shell(scene, "rm -rf $D-edited; cp -a $D-backup $D-edited");
}

/* Every file in turn: one byte, the last byte, the whole. */
static void every_file_is_held_to_the_manifest(void **state)
{
    struct scene *scene = *state;
    char name[256], command[600];

    trade(scene, 270);
    (void)publish(scene);
    assert_int_equal(back_up(scene, "backup"), YES);
    shell(scene, "cd $D-backup; find . -type f -printf '%P\\n' | sort >$D-list");
    FILE *list = fopen(beside(scene, "list"), "r");
    int files = 0;

    while (list != NULL && fgets(name, sizeof name, list) != NULL) {
        static const char *const harms[] = {"printf '\\377' | dd of=$F bs=1 seek=$(($(stat -c %s "
                                            "$F) / 2)) conv=notrunc status=none",
                                            "truncate -s -1 $F", "rm $F"};

        name[strcspn(name, "\n")] = 0;
        for (size_t i = 0; i < 3 && strcmp(name, MANIFEST_NAME) != 0; i++) {
            if (i == 2 && strcmp(name, "private.db") == 0)
                continue; /* may be gone */
            fresh(scene);
            (void)snprintf(command, sizeof command, "cd $D-edited; F=%s; %s", name, harms[i]);
            shell(scene, command);
            expect_no(scene, NO_BACKUP_FILE_DIFFERS, name, harms[i]);
        }
        files++;
    }
    (void)fclose(list);
    assert_true(files >= 9);
}

struct harm {
    const char *command; /* in the backup's folder */
    no wanted;
    const char *where;
};

static void a_folder_that_is_no_backup_is_refused(void **state)
{
    static const struct harm harms[] = {
        {"rm MANIFEST", NO_BACKUP_UNFINISHED, "edited"},
        {": >MANIFEST", NO_BACKUP_MANIFEST_WRONG, "MANIFEST"},
        {"sed -i 's/backup 1/backup 2/' MANIFEST", NO_BACKUP_MANIFEST_WRONG, "MANIFEST"},
        {"truncate -s 300 MANIFEST", NO_BACKUP_MANIFEST_WRONG, "MANIFEST"},
        {"truncate -s -1 MANIFEST", NO_BACKUP_REGISTER_DIFFERS, "log/checkpoint"},
        {"sed -i '/ filon.db/d' MANIFEST", NO_BACKUP_MANIFEST_WRONG, "MANIFEST"},
        {"sed -i '/ filon.db/p' MANIFEST", NO_BACKUP_MANIFEST_WRONG, "MANIFEST"},
        {"sed -i 's| log/vkey| log/../vkey|' MANIFEST", NO_BACKUP_MANIFEST_WRONG, "MANIFEST"},
        {"sed -i 's| log/vkey| /etc/vkey|' MANIFEST", NO_BACKUP_MANIFEST_WRONG, "MANIFEST"},
        {"sed -i 's| log/vkey| signer/key|' MANIFEST", NO_BACKUP_MANIFEST_WRONG, "MANIFEST"},
        {"sed -i '/ log.vkey/d' MANIFEST", NO_BACKUP_FILE_UNKNOWN, "log/vkey"},
        {"echo x >log/more", NO_BACKUP_FILE_UNKNOWN, "log/more"},
        {"ln -s /etc/passwd log/link", NO_BACKUP_FILE_UNKNOWN, "log/link"},
        {"mkfifo pipe", NO_BACKUP_FILE_UNKNOWN, "pipe"},
        {"rm log/policy; ln -s vkey log/policy", NO_BACKUP_FILE_UNKNOWN, "log/policy"},
        {"sed -i '/^register/s/ [0-9]*/&0/' MANIFEST", NO_BACKUP_REGISTER_DIFFERS, "filon.db"},
        {"sed -i '/^register/s/[0-9a-f]$/z/' MANIFEST", NO_BACKUP_MANIFEST_WRONG, "MANIFEST"},
        {"sed -i '/^register/s/.$/0/;/^register/s/..$/ff/' MANIFEST", NO_BACKUP_REGISTER_DIFFERS,
         "filon.db"},
    };
    struct scene *scene = *state;
    char command[600];

    trade(scene, 5);
    (void)publish(scene);
    assert_int_equal(back_up(scene, "backup"), YES);
    for (size_t i = 0; i < sizeof harms / sizeof harms[0]; i++) {
        fresh(scene);
        (void)snprintf(command, sizeof command, "cd $D-edited; %s", harms[i].command);
        shell(scene, command);
        expect_no(scene, harms[i].wanted, harms[i].where, harms[i].command);
    }
    shell(scene, "rm -rf $D-edited");
    expect_no(scene, NO_NOT_FOUND, "edited", "no folder");
}

#define AGAIN(name, event, said) \
    "; CREATE TRIGGER " name " BEFORE " event " BEGIN SELECT RAISE (ABORT, '" said "'); END"
static const struct {
    const char *file, *sql, *command;
    no wanted;
    const char *where;
} edits[] = {
    {"filon.db", "DROP TRIGGER log_entry_no_update", NULL, NO_STORE_BROKEN, "filon.db"},
    {"filon.db",
     "CREATE TRIGGER trap AFTER INSERT ON session BEGIN UPDATE member SET roles = 255; END", NULL,
     NO_STORE_BROKEN, "filon.db"},
    {"filon.db", "PRAGMA writable_schema = ON; DELETE FROM migration", NULL, NO_STORE_BROKEN,
     "filon.db"},
    {"filon.db",
     "DROP TRIGGER log_entry_no_update; UPDATE log_entry SET body = replace(body, "
     "'\"joined\":true', '\"joined\":false') WHERE kind = 7" AGAIN(
         "log_entry_no_update", "UPDATE ON log_entry", "the register is never changed"),
     NULL, NO_BACKUP_REGISTER_DIFFERS, "filon.db"},
    {"filon.db",
     "DROP TRIGGER log_entry_no_delete; DELETE FROM log_entry WHERE idx = (SELECT max(idx) "
     "FROM log_entry)" AGAIN("log_entry_no_delete", "DELETE ON log_entry",
                             "the register is never cut"),
     NULL, NO_BACKUP_REGISTER_DIFFERS, "filon.db"},
    {"filon.db", "UPDATE param SET value = value + 1 WHERE name = 'quorum.percent'", NULL,
     NO_BACKUP_AUDIT_FAILED, "PARAM_DIFFERS"},
    {"filon.db", "UPDATE account SET debits_posted = debits_posted + 1 WHERE id = 1", NULL,
     NO_BACKUP_AUDIT_FAILED, ""},
    {"private.db",
     "UPDATE log_open SET openings = randomblob(length(openings)) WHERE idx = "
     "(SELECT max(idx) FROM log_open)",
     NULL, NO_BACKUP_AUDIT_FAILED, "REGISTER_DIFFERS"},
    {"private.db", "DELETE FROM log_open WHERE idx = (SELECT max(idx) FROM log_open)", NULL,
     NO_BACKUP_AUDIT_FAILED, "REGISTER_OPENING_LOST"},
    {"private.db",
     "DROP TABLE log_open; CREATE VIEW log_open AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
     "SELECT i + 1 FROM n) SELECT i AS idx, x'00' AS openings FROM n",
     NULL, NO_STORE_BROKEN, "private.db"},
    {NULL, NULL, "cp filon.db private.db", NO_STORE_BROKEN, "private.db"},
    {NULL, NULL, "echo no database >filon.db", NO_STORE_BROKEN, "filon.db"},
    {NULL, NULL, "for f in log/tile/entries/000.p/*; do printf x >>$f; done", NO_REGISTER_DAMAGED,
     "log/"},
    {NULL, NULL, "rm log/vkey; sed -i '/ log.vkey/d' MANIFEST", NO_BACKUP_FILE_DIFFERS, "log/vkey"},
    {NULL, NULL, "rm log/checkpoint; sed -i '/ log.checkpoint$/d' MANIFEST", NO_NOT_FOUND,
     "checkpoint"},
    {NULL, NULL, "sed -i 's/^checkpoint$/checkpoint none/;/^checkpoint/q' MANIFEST",
     NO_BACKUP_REGISTER_DIFFERS, "log/checkpoint"},
    {NULL, NULL, "sed -i '2s/.*/1/' log/checkpoint", NO_SIGNATURE_BAD, "checkpoint"},
};

/* Who edits a backup and writes its sums anew still has the register against them. */
static void an_edited_backup_is_found_out(void **state)
{
    struct scene *scene = *state;

    trade(scene, 5);
    (void)publish(scene);
    assert_int_equal(back_up(scene, "backup"), YES);
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        char command[600];

        fresh(scene);
        if (edits[i].sql != NULL)
            edit_backup(scene, edits[i].file, edits[i].sql);
        if (edits[i].command != NULL) {
            (void)snprintf(command, sizeof command, "cd $D-edited; %s", edits[i].command);
            shell(scene, command);
        }
        sign_again(scene, "edited");
        expect_no(scene, edits[i].wanted, edits[i].where,
                  edits[i].sql != NULL ? edits[i].sql : edits[i].command);
    }
    /* And what was not edited passes when its sums are written anew. */
    struct backup_restore back;

    fresh(scene);
    sign_again(scene, "edited");
    assert_int_equal(restore(scene, "edited", "back", &back), YES);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, backup_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_file_is_held_to_the_manifest),
        TEST(a_folder_that_is_no_backup_is_refused),
        TEST(an_edited_backup_is_found_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
