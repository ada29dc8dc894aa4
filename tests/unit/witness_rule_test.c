/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "golden.h"
#include "tlog_data.h"

#include "rules/witness.h"
#include "wire/witness.h"

static char room[1 << 20];
static struct hash_sha256_ctx sha;

/* --- a register of 0 to LEAVES entries ------------------------------------------------------- */

enum { LEAVES = 9 };
static struct tree_hash leaves[LEAVES], forked[LEAVES];

static no node_of(void *self, unsigned level, uint64_t index, struct tree_hash *out)
{
    const struct tree_hash *from = self;

    tree_over(&sha, from + (index << level), (size_t)1 << level, out);
    return YES;
}

static struct tree_hash root_of(struct tree_hash *from, uint64_t size)
{
    const struct tree_source source = {node_of, from};
    struct tree_hash root;

    assert_int_equal(tree_root_build(&sha, &source, size, &root), YES);
    return root;
}

static struct tree_proof proof_of(uint64_t old, uint64_t size)
{
    const struct tree_source source = {node_of, leaves};
    struct tree_proof proof;

    assert_int_equal(tree_consistency_build(&sha, &source, old, size, &proof), YES);
    return proof;
}

static int set_up(void **state)
{
    (void)state;
    hash_sha256_init(&sha);
    for (int i = 0; i < LEAVES; i++) {
        const char entry[] = {(char)i, 'e'}, other[] = {(char)i, i < 2 ? 'e' : 'f'};

        tree_leaf(&sha, (str){entry, 2}, &leaves[i]);
        tree_leaf(&sha, (str){other, 2}, &forked[i]);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    hash_sha256_release(&sha);
    return 0;
}

static struct witness_state held_at(uint64_t size)
{
    return (struct witness_state){.seen = true, .size = size, .root = root_of(leaves, size)};
}

/* From `old` to `size`, everything right. */
static struct witness_ask right_ask(uint64_t old, uint64_t size, struct tree_proof *proof)
{
    *proof = proof_of(old <= size ? old : size, size);
    return (struct witness_ask){.well_formed = true,
                                .origin_known = true,
                                .is_signed = true,
                                .old = old,
                                .size = size,
                                .root = root_of(leaves, size),
                                .proof = proof->hashes,
                                .proof_n = proof->n};
}

/* --- the witness ----------------------------------------------------------------------------- */

/* Any state, any size asked from it: only what is old, then what is new. */
static void takes_what_keeps_the_old(void **state)
{
    (void)state;
    for (uint64_t old = 0; old <= LEAVES; old++)
        for (uint64_t size = 0; size <= LEAVES; size++) {
            const struct witness_state held = held_at(old), before = {.seen = false};
            struct witness_state next = {.size = 77};
            struct tree_proof proof;
            const struct witness_ask ask = right_ask(old, size, &proof);
            const bool grows = old <= size;

            assert_int_equal(witness_decide(&sha, &held, &ask, &next),
                             grows ? WITNESS_TAKEN : WITNESS_MALFORMED);
            assert_int_equal(next.size, grows ? size : 77);
            if (grows)
                assert_true(next.seen && tree_equal(&next.root, &ask.root));
            /* Never seen is size 0. */
            if (old == 0)
                assert_int_equal(witness_decide(&sha, &before, &ask, &next), WITNESS_TAKEN);
            else if (grows)
                assert_int_equal(witness_decide(&sha, &before, &ask, &next), WITNESS_ELSEWHERE);
        }
}

/* Every single fault, and what stands above it in the table wins over it. */
enum fault {
    BODY = 1,
    PROOF_LONG = 2,
    ORIGIN = 4,
    SIGNATURE = 8,
    OLD_ABOVE = 16,
    OLD_OTHER = 32,
    PROOF = 64,
    FAULTS = 128
};

static enum witness_status wanted_for(unsigned faults)
{
    if (faults & (BODY | PROOF_LONG))
        return WITNESS_MALFORMED;
    if (faults & ORIGIN)
        return WITNESS_UNKNOWN;
    if (faults & SIGNATURE)
        return WITNESS_UNTRUSTED;
    if (faults & OLD_ABOVE)
        return WITNESS_MALFORMED;
    if (faults & OLD_OTHER)
        return WITNESS_ELSEWHERE;
    return faults & PROOF ? WITNESS_INCONSISTENT : WITNESS_TAKEN;
}

static void the_order_of_the_table(void **state)
{
    (void)state;
    for (unsigned faults = 0; faults < FAULTS; faults++) {
        const struct witness_state held = held_at(5);
        struct witness_state next = {.size = 77};
        struct tree_proof proof;
        struct witness_ask ask = right_ask(5, 8, &proof);

        ask.well_formed = !(faults & BODY);
        ask.origin_known = !(faults & ORIGIN);
        ask.is_signed = !(faults & SIGNATURE);
        if (faults & PROOF)
            proof.hashes[0].bytes[0] ^= 1;
        if (faults & OLD_OTHER)
            ask.old = 4;
        if (faults & OLD_ABOVE)
            ask.old = 9;
        if (faults & PROOF_LONG)
            ask.proof_n = WITNESS_PROOF_MAX + 1;
        if (witness_decide(&sha, &held, &ask, &next) != wanted_for(faults))
            fail_msg("faults %x", faults);
        assert_int_equal(next.size, faults == 0 ? 8 : 77);
    }
}

static void inconsistent_in_every_way(void **state)
{
    const struct witness_state held = held_at(5), nothing = held_at(0), before = {.seen = false};
    struct witness_state next, other = held;
    struct tree_proof proof;
    struct witness_ask ask = right_ask(5, 5, &proof);

    (void)state;
    assert_int_equal(witness_decide(&sha, &held, &ask, &next), WITNESS_TAKEN); /* a refresh */
    ask.root = root_of(forked, 5);
    assert_int_equal(witness_decide(&sha, &held, &ask, &next), WITNESS_INCONSISTENT);
    ask = right_ask(5, 5, &proof);
    ask.proof_n = 1;
    assert_int_equal(witness_decide(&sha, &held, &ask, &next), WITNESS_INCONSISTENT);

    ask = right_ask(5, 8, &proof);
    ask.proof_n--;
    assert_int_equal(witness_decide(&sha, &held, &ask, &next), WITNESS_INCONSISTENT);
    ask.proof_n = 0;
    assert_int_equal(witness_decide(&sha, &held, &ask, &next), WITNESS_INCONSISTENT);
    /* A proof that is right, but not from what we hold. */
    ask = right_ask(5, 8, &proof);
    other.root = root_of(forked, 5);
    assert_int_equal(witness_decide(&sha, &other, &ask, &next), WITNESS_INCONSISTENT);

    ask = right_ask(0, 8, &proof);
    ask.proof_n = 1;
    assert_int_equal(witness_decide(&sha, &before, &ask, &next), WITNESS_INCONSISTENT);
    assert_int_equal(witness_decide(&sha, &nothing, &ask, &next), WITNESS_INCONSISTENT);
    ask = right_ask(0, 0, &proof);
    ask.root.bytes[31] ^= 1;
    assert_int_equal(witness_decide(&sha, &before, &ask, &next), WITNESS_INCONSISTENT);
    assert_int_equal(witness_decide(&sha, &nothing, &ask, &next), WITNESS_INCONSISTENT);
}

/* --- whole requests -------------------------------------------------------------------------- */

/* One register known under one key, as a deed will do it. */
static enum witness_status serve(struct witness_state *held, str body, str origin,
                                 const struct note_key *key)
{
    static struct note note;
    struct witness_request request = {.old = 0};
    struct checkpoint checkpoint = {.size = 0};
    struct tree_hash proof[WITNESS_PROOF_MAX];
    struct witness_ask ask = {.well_formed = false};

    if (witness_request_parse(body, &request) == YES && note_parse(request.note, &note) == YES &&
        checkpoint_read(note.text, &checkpoint) == YES) {
        for (size_t i = 0; i < request.hashes_n; i++)
            memcpy(proof[i].bytes, request.hashes[i], HASH_SIZE);
        ask = (struct witness_ask){.well_formed = true,
                                   .origin_known = str_eq(checkpoint.origin, origin),
                                   .is_signed = note_verify(&note, key, 1, NULL) == YES,
                                   .old = request.old,
                                   .size = checkpoint.size,
                                   .proof = proof,
                                   .proof_n = request.hashes_n};
        memcpy(ask.root.bytes, checkpoint.root, HASH_SIZE);
    }
    return witness_decide(&sha, held, &ask, held);
}

static struct witness_state golden_held(void)
{
    struct witness_state held = {.seen = true, .size = 1};

    assert_true(str_unhex(S("7ec464fca281de69e7a28c6a060150e86c706259fdf2e1d07d3e154e60275170"),
                          held.root.bytes, HASH_SIZE));
    return held;
}

static void golden_request_is_taken(void **state)
{
    const struct note_key key = golden_key(GOLDEN_VKEY);
    struct witness_state held = golden_held();
    uint64_t sizes[2] = {1, 3};

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(held.size, sizes[i]);
        assert_int_equal(serve(&held, S(GOLDEN_REQUEST), S("coop.example/log"), &key),
                         i == 0 ? WITNESS_TAKEN : WITNESS_ELSEWHERE);
    }
    assert_int_equal(serve(&held, S("old 3\n\n" GOLDEN_NOTE), S("coop.example/log"), &key),
                     WITNESS_TAKEN);
}

static void every_flip_of_a_request_is_refused(void **state)
{
    const struct note_key key = golden_key(GOLDEN_VKEY);
    char body[] = GOLDEN_REQUEST;
    size_t seen[600] = {0};

    (void)state;
    for (size_t bit = 0; bit < 8 * (sizeof body - 1); bit++) {
        struct witness_state held = golden_held();

        body[bit / 8] ^= (char)(1 << bit % 8);
        const enum witness_status status =
            serve(&held, (str){body, sizeof body - 1}, S("coop.example/log"), &key);

        if (status == WITNESS_TAKEN)
            fail_msg("bit %zu of byte %zu", bit % 8, bit / 8);
        assert_int_equal(held.size, 1);
        seen[status]++;
        body[bit / 8] ^= (char)(1 << bit % 8);
    }
    print_message("requests: 400 %zu, 403 %zu, 404 %zu, 409 %zu, 422 %zu\n", seen[400], seen[403],
                  seen[404], seen[409], seen[422]);
    assert_true(seen[400] > 0 && seen[403] > 0 && seen[404] > 0 && seen[409] > 0 && seen[422] > 0);
}

static void public_requests(void **state)
{
    struct witness_state held = {.seen = false};
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    struct tlog_rows rows = tlog_open(&arena, "witness-http");

    while (tlog_next(&rows)) {
        const str origin = tlog_text(&rows, "origin"), wanted = tlog_text(&rows, "body_assert");
        const str public_key = tlog_hex(&arena, tlog_text(&rows, "log_vkey_pub_hex"));
        const int64_t status = json_int_of(rows.row, S("status_spec"), 0);
        struct note_key key;
        struct buf out;

        assert_int_equal(public_key.len, SIGN_KEY_SIZE);
        assert_int_equal(note_key_make(origin, NOTE_ED25519, (const uint8_t *)public_key.ptr, &key),
                         YES);
        assert_int_equal(
            serve(&held, tlog_base64(&arena, tlog_text(&rows, "body_b64")), origin, &key), status);
        if (status != WITNESS_ELSEWHERE)
            continue;
        /* body == "3\n" */
        buf_init(&out, &arena, 0);
        buf_printf(&out, "body == \"%d\\n\"", (int)held.size);
        assert_true(str_eq(buf_str(&out), wanted));
    }
    assert_int_equal(rows.count, 9);
    assert_int_equal(held.size, 5);
}

/* --- the register ---------------------------------------------------------------------------- */

static void what_answers_mean(void **state)
{
    static const struct {
        struct witness_answer answer;
        enum witness_meaning meaning;
    } rows[] = {
        {{.status = 200, .cosigned = true}, WITNESS_KEEP},
        {{.status = 200}, WITNESS_CONFIGURE},
        {{.status = 409, .has_size = true, .size = 0}, WITNESS_PROVE},
        {{.status = 409, .has_size = true, .size = 99}, WITNESS_PROVE},
        {{.status = 409, .has_size = true, .size = 100}, WITNESS_PROVE},
        {{.status = 409, .has_size = true, .size = 100, .retried = true}, WITNESS_BACK_OFF},
        {{.status = 409, .has_size = true, .size = 101}, WITNESS_ALARM},
        {{.status = 409, .has_size = true, .size = 101, .retried = true}, WITNESS_ALARM},
        {{.status = 409}, WITNESS_ALARM},
        {{.status = 409, .retried = true}, WITNESS_ALARM},
        {{.status = 422}, WITNESS_ALARM},
        {{.status = 422, .cosigned = true, .has_size = true, .size = 3}, WITNESS_ALARM},
        {{.status = 400}, WITNESS_CONFIGURE},
        {{.status = 401}, WITNESS_CONFIGURE},
        {{.status = 403}, WITNESS_CONFIGURE},
        {{.status = 404}, WITNESS_CONFIGURE},
        {{.status = 413}, WITNESS_CONFIGURE},
        {{.status = 204, .cosigned = true}, WITNESS_CONFIGURE},
        {{.status = 301}, WITNESS_CONFIGURE},
        {{.status = 600}, WITNESS_CONFIGURE},
        {{.status = -1}, WITNESS_CONFIGURE},
        {{.status = 0}, WITNESS_BACK_OFF},
        {{.status = 408}, WITNESS_BACK_OFF},
        {{.status = 425}, WITNESS_BACK_OFF},
        {{.status = 429}, WITNESS_BACK_OFF},
        {{.status = 500}, WITNESS_BACK_OFF},
        {{.status = 503}, WITNESS_BACK_OFF},
        {{.status = 599}, WITNESS_BACK_OFF},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (witness_answer_means(&rows[i].answer, 100) != rows[i].meaning)
            fail_msg("row %zu", i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_keeps_the_old),
        cmocka_unit_test(the_order_of_the_table),
        cmocka_unit_test(inconsistent_in_every_way),
        cmocka_unit_test(golden_request_is_taken),
        cmocka_unit_test(every_flip_of_a_request_is_refused),
        cmocka_unit_test(public_requests),
        cmocka_unit_test(what_answers_mean),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
