/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Every row of the table by which a witness answers (C2SP tlog-witness; specs register 3.6), asked
 * of a real signer: what it says, and what it remembers afterwards.
 */
#include "cm.h"
#include "golden.h"
#include "signer_scene.h"

#include "base/base64.h"

static struct scene scene;

static int set_up(void **state)
{
    (void)state;
    scene_set(&scene);
    scene_start(&scene);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scene_clear(&scene);
    return 0;
}

/* --- table 3.6 ---------------------------------------------------------------------------------
 */

enum twist {
    STRAIGHT,
    NOT_A_BODY,
    TOO_MANY_HASHES,
    NOT_A_NOTE,
    UNKNOWN_ORIGIN,
    OTHER_KEY,
    BROKEN_SIGNATURE,
    EXTRA_HASH,
    WRONG_HASH,
    HASH_LESS,
    OTHER_ROOT_OF_NOTHING,
    OLD_ABOVE,
};

struct row {
    const char *what;
    enum twist twist;
    int history;
    uint64_t old, size;
    int status;
    const char *body;    /* at 409 */
    uint64_t remembered; /* afterwards */
};

/* In order: each begins where the last one ended. */
static const struct row rows[] = {
    {"no body", NOT_A_BODY, 0, 0, 5, 400, "", 0},
    {"64 hashes", TOO_MANY_HASHES, 0, 0, 5, 400, "", 0},
    {"no note", NOT_A_NOTE, 0, 0, 5, 400, "", 0},
    {"origin unknown", UNKNOWN_ORIGIN, 0, 0, 5, 404, "", 0},
    {"unknown before its old", UNKNOWN_ORIGIN, 0, 7, 5, 404, "", 0},
    {"another key", OTHER_KEY, 0, 0, 5, 403, "", 0},
    {"another key before its old", OTHER_KEY, 0, 9, 5, 403, "", 0},
    {"a signature that fails", BROKEN_SIGNATURE, 0, 0, 5, 403, "", 0},
    {"old above size", OLD_ABOVE, 0, 6, 5, 400, "", 0},
    {"old above size before another old", OLD_ABOVE, 0, 9, 3, 400, "", 0},
    {"old, and never seen", STRAIGHT, 0, 2, 5, 409, "0\n", 0},
    {"a proof from nothing", EXTRA_HASH, 0, 0, 5, 422, "", 0},
    {"nothing, with another root", OTHER_ROOT_OF_NOTHING, 0, 0, 0, 422, "", 0},
    {"nothing", STRAIGHT, 0, 0, 0, 200, "", 0},
    {"the first", STRAIGHT, 0, 0, 5, 200, "", 5},
    {"as if never seen", STRAIGHT, 0, 0, 5, 409, "5\n", 5},
    {"another old", STRAIGHT, 0, 3, 8, 409, "5\n", 5},
    {"another root at one size", STRAIGHT, 1, 5, 5, 422, "", 5},
    {"a refresh with a proof", EXTRA_HASH, 0, 5, 5, 422, "", 5},
    {"another history", STRAIGHT, 1, 5, 9, 422, "", 5},
    {"a wrong hash", WRONG_HASH, 0, 5, 9, 422, "", 5},
    {"a hash less", HASH_LESS, 0, 5, 9, 422, "", 5},
    {"a hash more", EXTRA_HASH, 0, 5, 9, 422, "", 5},
    {"a refresh", STRAIGHT, 0, 5, 5, 200, "", 5},
    {"larger", STRAIGHT, 0, 5, 9, 200, "", 9},
    {"smaller", STRAIGHT, 0, 5, 7, 409, "9\n", 9},
    {"smaller, said as it is", OLD_ABOVE, 0, 9, 7, 400, "", 9},
    {"back to nothing", OLD_ABOVE, 0, 9, 0, 400, "", 9},
    {"much larger", STRAIGHT, 0, 9, 512, 200, "", 512},
};

static str body_with_hashes(size_t n)
{
    static const uint8_t hash[HASH_SIZE];
    struct buf out;

    buf_init(&out, &scene.arena, 8192);
    buf_put(&out, S("old 0\n"));
    for (size_t i = 0; i < n; i++) {
        base64_put(&out, hash, sizeof hash);
        buf_put_char(&out, '\n');
    }
    buf_put(&out, S("\n" GOLDEN_NOTE));
    return buf_str(&out);
}

static str other_root_of_nothing(void)
{
    static const uint8_t hash[HASH_SIZE];
    struct buf out;

    buf_init(&out, &scene.arena, 256);
    buf_put(&out, SCENE_PEER);
    buf_put(&out, S("\n0\n"));
    base64_put(&out, hash, sizeof hash);
    buf_put_char(&out, '\n');
    return buf_str(&out);
}

static struct tree_proof proof_of(const struct row *row)
{
    struct tree_proof proof = scene_proof(&scene, row->history, row->old, row->size);

    proof.hashes[proof.n].bytes[0] = 1;
    if (row->twist == EXTRA_HASH)
        proof.n++;
    if (row->twist == HASH_LESS)
        proof.n--;
    if (row->twist == WRONG_HASH)
        proof.hashes[1].bytes[7] ^= 0x10;
    return proof;
}

static str body_of(const struct row *row)
{
    const struct tree_proof proof = proof_of(row);
    const struct sign_pair peer = scene.peer;
    str body;

    if (row->twist == NOT_A_BODY)
        return S("old five\n\n" GOLDEN_NOTE);
    if (row->twist == TOO_MANY_HASHES)
        return body_with_hashes(64);
    if (row->twist == NOT_A_NOTE)
        return S("old 0\n\n" GOLDEN_TEXT);
    if (row->twist == OTHER_KEY)
        scene.peer = golden_pair(100);
    body = scene_body_of(
        &scene, row->old, &proof,
        row->twist == OTHER_ROOT_OF_NOTHING
            ? other_root_of_nothing()
            : scene_text(&scene,
                         row->twist == UNKNOWN_ORIGIN ? S("unknown.example/log") : SCENE_PEER,
                         row->history, row->size));
    scene.peer = peer;
    if (row->twist == BROKEN_SIGNATURE) {
        char *bytes = arena_take(&scene.arena, body.len);

        memcpy(bytes, body.ptr, body.len);
        bytes[body.len - 20] = bytes[body.len - 20] == 'A' ? 'B' : 'A';
        body.ptr = bytes;
    }
    return body;
}

static void every_row_of_the_table(void **state)
{
    struct keeper_answer answer;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];

        assert_int_equal(scene_cosign_body(&scene, body_of(row), SCENE_NOW, &answer), YES);
        if (answer.status != row->status || scene_remembered(&scene, 1) != row->remembered)
            fail_msg("%s: %d instead of %d, remembers %d", row->what, answer.status, row->status,
                     (int)scene_remembered(&scene, 1));
        if (row->status != 200)
            assert_str(answer.body, row->body);
        else
            assert_true(str_starts(answer.body, S("\xe2\x80\x94 coop.example/witness ")));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_of_the_table, set_up, tear_down),
    };

    if (argc == 3 && strcmp(argv[1], "signer-worker") == 0)
        return signer_worker(argv[2]);
    return cmocka_run_group_tests_name("signer_table", tests, NULL, NULL);
}
