/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Backups: what is in them, what a restore refuses, and who stays erased.
 */
#include "backup_scene.h"

/* --- there and back --------------------------------------------------------------------------- */

static void a_backup_comes_back_whole(void **state)
{
    struct scene *scene = *state;
    struct backup_restore back;

    trade(scene, 300);
    assert_true(publish(scene) > 300);
    trade(scene, 3); /* recorded and not published: in the database alone */
    assert_int_equal(back_up(scene, "backup"), YES);
    trade(scene, 2);
    assert_int_equal(restore(scene, "backup", "back", &back), YES);
    assert_true(back.openings);
    assert_int_equal(back.erased, 0);
    shell(scene, "diff -r $D/log $D-back/log; test ! -e $D-backup/signer; test ! -e $D-back/signer;"
                 " test ! -e $D-back.restoring; test ! -e $D-back/private.db;"
                 " test \"$(stat -c %a $D-backup/private.db $D-backup/filon.db $D-back/filon.db"
                 " $D-back/log/vkey | tr '\\n' ' ')\" = '600 600 600 644 '");
    move_in(scene, "back");
    assert_int_equal(audit(scene).n, 0);
    trade(scene, 2);
    assert_int_equal(audit(scene).n, 0);
}

static void nothing_is_needed_to_be_published(void **state)
{
    struct scene *scene = *state;
    struct backup_restore back;

    assert_int_equal(back_up(scene, "backup"), YES);
    assert_int_equal(restore(scene, "backup", "back", &back), YES);
    assert_int_equal(back.manifest.checkpoint.len, 0);
}

static void what_the_publisher_is_at_is_left_out(void **state)
{
    struct scene *scene = *state;
    struct backup_restore back;

    trade(scene, 20);
    const uint64_t n = publish(scene);
    char command[300];

    (void)snprintf(command, sizeof command,
                   "cp $D/log/checkpoint $D/log/old; "
                   "echo later >$D/log/checkpoints/%d; echo half >$D/log/checkpoint.part; "
                   "mkdir -p $D/log/tile/1; echo later >$D/log/tile/0/001",
                   (int)n + 1);
    shell(scene, command);
    assert_int_equal(back_up(scene, "backup"), YES);
    shell(scene, "test ! -e $D-backup/log/tile/0/001; test -e $D-backup/log/old;"
                 " test ! -e $D-backup/log/checkpoint.part; ls $D-backup/log/checkpoints >$D-list;"
                 " test \"$(wc -l <$D-list)\" = 1");
    assert_int_equal(restore(scene, "backup", "back", &back), YES);
}

static void a_backup_wants_a_folder_of_its_own(void **state)
{
    struct scene *scene = *state;

    (void)publish(scene);
    shell(scene, "mkdir $D-full; echo x >$D-full/x; mkdir $D-empty; echo x >$D-file");
    assert_int_equal(back_up(scene, "full"), NO_BACKUP_FOLDER_TAKEN);
    assert_int_equal(back_up(scene, "file"), NO_IO_FAILED);
    assert_int_equal(back_up(scene, "no/such"), NO_NOT_FOUND);
    assert_int_equal(back_up(scene, "empty"), YES);
    assert_int_equal(back_up(scene, "empty"), NO_BACKUP_FOLDER_TAKEN);
    shell(scene, "mkdir $D/log/inside; ln -s $D/log/inside $D-inside");
    assert_int_equal(back_up(scene, "inside"), NO_BACKUP_FOLDER_TAKEN);
}

/* --- openings --------------------------------------------------------------------------------- */

struct opening {
    uint8_t bytes[REGISTER_OPENING];
};

/* The opening of the member's admission, and with `entry` of their slot in that transaction. */
static struct opening opening_of(struct scene *scene, int64_t member, int64_t entry)
{
    const struct register_row row = entry == 0 ? row_about(scene, REGISTER_MEMBER, member)
                                               : row_about(scene, REGISTER_TXN, entry);
    struct register_receipt receipt;
    struct opening opening;
    struct ctx ctx;

    test_as(&scene->test, &ctx, member, ROLE_MEMBER);
    assert_int_equal(view_register_receipt(&ctx, row.idx, member, &receipt), YES);
    assert_int_equal(receipt.slots_n, 1);
    memcpy(opening.bytes, receipt.slots[0].opening, sizeof opening.bytes);
    test_done(&ctx);
    return opening;
}

static void openings_lie_in_a_file_of_their_own(void **state)
{
    struct scene *scene = *state;
    const struct send sent = send_hours(scene, scene->test.amina, scene->test.bruno, 42);
    const struct opening a = opening_of(scene, scene->test.amina, 0),
                         b = opening_of(scene, scene->test.bruno, sent.done.entry);
    struct backup_restore back;

    trade(scene, 200);
    assert_int_equal(back_up(scene, "backup"), YES);
    assert_true(folder_has(beside(scene, "backup"), a.bytes, sizeof a.bytes));
    assert_true(folder_has(beside(scene, "backup"), b.bytes, sizeof b.bytes));
    shell(scene, "rm $D-backup/private.db");
    assert_false(folder_has(beside(scene, "backup"), a.bytes, sizeof a.bytes));
    assert_false(folder_has(beside(scene, "backup"), b.bytes, sizeof b.bytes));

    /* Without them the co-op comes back, and its register says what it lost. */
    assert_int_equal(restore(scene, "backup", "back", &back), YES);
    assert_false(back.openings);
    move_in(scene, "back");
    assert_int_equal(audit(scene).n, 0);
    const struct register_row said = row_about(scene, REGISTER_INCIDENT, 0);

    assert_true(str_find(said.body, S("\"what\":\"openings_lost\"")) < said.body.len);
    /* Somebody who leaves has nothing more to be forgotten; what is written from now on is kept. */
    leave(scene, scene->test.daniel);
    (void)send_hours(scene, scene->test.amina, scene->test.bruno, 5);
    assert_int_equal(audit(scene).n, 0);
    /* The incident excuses what came before it and nothing else. */
    edit(scene, "DELETE FROM log_open WHERE idx = (SELECT max(idx) FROM log_open)");
    assert_string_equal(strtok(audit(scene).first, " "), "REGISTER_OPENING_LOST");
}

static void an_opening_that_is_deleted_is_found(void **state)
{
    struct scene *scene = *state;

    trade(scene, 2);
    edit(scene, "DELETE FROM log_open WHERE idx = (SELECT max(idx) FROM log_open)");
    assert_string_equal(strtok(audit(scene).first, " "), "REGISTER_OPENING_LOST");
}

/* --- where it goes ---------------------------------------------------------------------------- */

static void a_folder_in_use_is_left_alone(void **state)
{
    struct scene *scene = *state;
    struct backup_restore back;

    assert_int_equal(back_up(scene, "backup"), YES);
    shell(scene, "mkdir $D-back; echo mine >$D-back/note");
    assert_int_equal(restore(scene, "backup", "back", &back), NO_RESTORE_FOLDER_TAKEN);
    shell(scene, "test \"$(cat $D-back/note)\" = mine; rm -r $D-back; mkdir $D-back.restoring;"
                 " echo half >$D-back.restoring/half");
    assert_int_equal(restore(scene, "backup", "back", &back), NO_RESTORE_LEFT_OVER);
    shell(scene, "test \"$(cat $D-back.restoring/half)\" = half; rm -r $D-back.restoring;"
                 " mkdir $D-back");
    assert_int_equal(restore(scene, "backup", "back", &back), YES);
    assert_int_equal(restore(scene, "backup", "back", &back), NO_RESTORE_FOLDER_TAKEN);
}

static void the_signer_stays_where_it_is(void **state)
{
    struct scene *scene = *state;
    struct backup_restore back;

    (void)publish(scene);
    assert_int_equal(back_up(scene, "backup"), YES);
    shell(scene, "mkdir -p $D-back/signer; echo mark >$D-back/signer/mark");
    assert_int_equal(restore(scene, "backup", "back", &back), YES);
    shell(scene, "test \"$(cat $D-back/signer/mark)\" = mark; test -e $D-back/log/checkpoint;"
                 " test ! -e $D-back.restoring; rm $D-back/filon.db*");
    move_in(scene, "back"); /* a store of its own, as nothing was founded */
}

/* --- who left --------------------------------------------------------------------------------- */

static void keep_erasures(struct scene *scene)
{
    int64_t seen = -1;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(erasures_round(&ctx, scene->test.dir, &seen), YES);
    assert_true(seen >= 0);
    test_done(&ctx);
}

static void who_left_does_not_come_back(void **state)
{
    struct scene *scene = *state;
    const struct opening opening = opening_of(scene, scene->test.daniel, 0);
    const char *const name = "Daniel N.";
    struct backup_restore back;

    trade(scene, 3);
    (void)publish(scene);
    assert_int_equal(back_up(scene, "backup"), YES);
    leave(scene, scene->test.daniel);
    const struct register_row was = row_about(scene, REGISTER_ERASE, scene->test.daniel);

    keep_erasures(scene);
    keep_erasures(scene); /* nothing twice */
    shell(scene, "test \"$(wc -l <$D/erasures)\" = 1; mkdir $D-back; cp $D/erasures $D-back/");
    assert_true(folder_has(beside(scene, "backup"), name, strlen(name)));
    assert_int_equal(restore(scene, "backup", "back", &back), YES);
    assert_int_equal(back.erased, 1);
    assert_false(back.still);
    assert_false(folder_has(beside(scene, "back"), opening.bytes, sizeof opening.bytes));
    assert_false(folder_has(beside(scene, "back"), name, strlen(name)));
    shell(scene, "rm -rf $D-backup");
    move_in(scene, "back");
    assert_int_equal(audit(scene).n, 0);
    const struct register_row again = row_about(scene, REGISTER_ERASE, scene->test.daniel);

    assert_int_equal(again.idx, was.idx);
    keep_erasures(scene); /* the second erasure has a moment of its own */
}

struct erasing_again {
    int64_t member, at_s;
    bool done;
};

/* In this order on one store: daniel (4) is there, 99 is not. */
static void numbers_that_are_given_again_are_nobody_s(void **state)
{
    struct scene *scene = *state;
    struct erasing_again cases[] = {{99, INT64_MAX, false},
                                    {scene->test.daniel, 1, false}, /* before daniel came */
                                    {scene->test.daniel, INT64_MAX, true},
                                    {scene->test.daniel, INT64_MAX, false}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct erase_again_form form = {
            .erasure = {.member = cases[i].member, .at_s = cases[i].at_s}};
        struct ctx ctx;

        test_as(&scene->test, &ctx, 0, 0);
        assert_int_equal(deed_member_erase_again(&ctx, &form), YES);
        test_done(&ctx);
        assert_int_equal(form.done, cases[i].done);
    }
}

/* A register that stands still takes no entry, and nobody waits for that to be forgotten. */
static void a_register_that_stands_still_forgets_all_the_same(void **state)
{
    struct scene *scene = *state;
    const struct opening opening = opening_of(scene, scene->test.daniel, 0);
    struct register_state still = {.still = REGISTER_ROLLED_BACK}, moves = {.recorded = 0};
    char line[64];
    int64_t done;
    bool waits;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_register_state(&ctx, &still), YES);
    (void)snprintf(line, sizeof line, "echo 7 %d 4102444800 >$D/erasures", (int)scene->test.daniel);
    shell(scene, line);
    assert_int_equal(erasures_apply(&ctx, scene->test.dir, &done, &waits), YES);
    assert_int_equal(done, 1);
    assert_true(waits);
    assert_false(folder_has(scene->test.dir, opening.bytes, sizeof opening.bytes));
    assert_int_equal(deed_register_state(&ctx, &moves), YES);
    assert_int_equal(erasures_apply(&ctx, scene->test.dir, &done, &waits), YES);
    assert_int_equal(done, 1);
    assert_false(waits);
    assert_int_equal(erasures_apply(&ctx, scene->test.dir, &done, &waits), YES);
    assert_int_equal(done, 0);
    test_done(&ctx);
    assert_int_equal(audit(scene).n, 0);
    (void)row_about(scene, REGISTER_ERASE, scene->test.daniel);
}

static void a_damaged_file_of_erasures_is_not_passed_over(void **state)
{
    static const struct {
        const char *bytes;
        no wanted;
        int n;
    } files[] = {
        {"", YES, 0},
        {"3 4 1700000000\\n", YES, 1},
        {"3 4 1700000000\\n5 9 17", YES, 1}, /* cut by a crash: was told to nobody */
        {"3 4\\n", NO_ERASURES_DAMAGED, 0},
        {"3 4 1700000000\\n\\n", NO_ERASURES_DAMAGED, 0},
        {"3 0 1700000000\\n", NO_ERASURES_DAMAGED, 0},
        {"-1 4 1700000000\\n", NO_ERASURES_DAMAGED, 0},
        {"3 Daniel 1700000000\\n", NO_ERASURES_DAMAGED, 0},
    };
    struct scene *scene = *state;
    struct erasures erasures;
    char command[200];

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        const size_t mark = arena_mark(&scene->test.arena);

        (void)snprintf(command, sizeof command, "printf -- '%s' >$D/erasures", files[i].bytes);
        shell(scene, command);
        assert_int_equal(erasures_read(&scene->test.arena, scene->test.dir, &erasures),
                         files[i].wanted);
        assert_true(files[i].wanted != YES || erasures.n == (size_t)files[i].n);
        arena_rewind(&scene->test.arena, mark);
    }
    /* What was cut goes, and the next line is whole. */
    shell(scene, "printf '3 77 1700000000\\n5 9 17' >$D/erasures");
    leave(scene, scene->test.daniel);
    keep_erasures(scene);
    assert_int_equal(erasures_read(&scene->test.arena, scene->test.dir, &erasures), YES);
    assert_int_equal(erasures.n, 2);
    assert_int_equal(erasures.list[0].member, 77);
    assert_int_equal(erasures.list[1].member, scene->test.daniel);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, backup_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_backup_comes_back_whole),
        TEST(nothing_is_needed_to_be_published),
        TEST(what_the_publisher_is_at_is_left_out),
        TEST(a_backup_wants_a_folder_of_its_own),
        TEST(openings_lie_in_a_file_of_their_own),
        TEST(an_opening_that_is_deleted_is_found),
        TEST(a_folder_in_use_is_left_alone),
        TEST(the_signer_stays_where_it_is),
        TEST(who_left_does_not_come_back),
        TEST(numbers_that_are_given_again_are_nobody_s),
        TEST(a_register_that_stands_still_forgets_all_the_same),
        TEST(a_damaged_file_of_erasures_is_not_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
