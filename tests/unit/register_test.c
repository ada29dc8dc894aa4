/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The register as deeds write it: what enters, what is committed to, what erasing leaves.
 */
#include "register_scene.h"

#include "wire/jcs.h"

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
    TRY(send_one(ctx, form));
    return NO_NOT_ALLOWED;
}

static no send_one_try_another(struct ctx *ctx, void *form)
{
    TRY(send_one(ctx, form));
    assert_int_equal(deed_try(ctx, send_and_refuse, form), NO_NOT_ALLOWED);
    return send_one(ctx, form);
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
        cmocka_unit_test_setup_teardown(erasing_leaves_no_opening_in_any_file, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
