/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The signer as its server meets it: a real process (this same test program: /proc/self/exe), a
 * real folder. What it answers to registers of others, row by row: signer_table_test.c; disks that
 * fail and processes that die: signer_fault_test.c; files that are wrong, and keys: keeper_test.c.
 */
#include "cm.h"
#include "golden.h"
#include "signer_scene.h"

#include "doors/signer/process.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

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

/* --- the golden bytes --------------------------------------------------------------------------
 */

#define GOLDEN_TEXT_1 "coop.example/log\n1\nfsRk/KKB3mnnooxqBgFQ6GxwYln98uHQfT4VTmAnUXA=\n"
#define GOLDEN_LINE_1                                                                 \
    "\xe2\x80\x94 coop.example/log "                                                  \
    "4kmjg+5tJsx9HjrPqI7qjMDGT9axPusMA6NEqrw1HYU7M5iHDutLPykzr2t4khYPsW4Z8SaUDjaewl2" \
    "HVQXK/JcMigg=\n"

static void our_checkpoints_are_signed_byte_for_byte(void **state)
{
    struct tree_proof proof = {.n = 0};
    struct witness_request request;
    struct keeper_vkeys vkeys;
    str lines, note;

    (void)state;
    assert_int_equal(signer_keys(scene.signer, &scene.arena, SCENE_ORIGIN, &vkeys), YES);
    assert_str(vkeys.logs, GOLDEN_VKEY "\n");
    assert_int_equal(signer_state(scene.signer, &scene.arena, SCENE_ORIGIN, &note), NO_NOT_FOUND);
    assert_int_equal(scene_sign_text(&scene, 0, &proof, S(GOLDEN_TEXT_1), &lines), YES);
    assert_str(lines, GOLDEN_LINE_1);
    assert_int_equal(witness_request_parse(S(GOLDEN_REQUEST), &request), YES);
    proof.n = request.hashes_n;
    for (size_t i = 0; i < proof.n; i++)
        memcpy(proof.hashes[i].bytes, request.hashes[i], HASH_SIZE);
    assert_int_equal(scene_sign_text(&scene, 1, &proof, S(GOLDEN_TEXT), &lines), YES);
    assert_str(lines, GOLDEN_LINE);
    assert_int_equal(signer_state(scene.signer, &scene.arena, SCENE_ORIGIN, &note), YES);
    assert_str(note, GOLDEN_NOTE);
}

static void theirs_are_cosigned_byte_for_byte(void **state)
{
    struct keeper_request request = {.own = S("coop2.example/log"),
                                     .log_vkeys = S(GOLDEN_VKEY "\n"),
                                     .body = S("old 0\n\n" GOLDEN_TEXT_1 "\n" GOLDEN_LINE_1),
                                     .now_s = GOLDEN_TIME};
    struct keeper_answer answer;
    struct keeper_vkeys vkeys;
    str note;

    (void)state;
    /* The witness is another co-op: its own log has another key. */
    signer_stop(scene.signer);
    scene_put_key(&scene, "log.key", 64);
    scene_start(&scene);
    assert_int_equal(signer_keys(scene.signer, &scene.arena, request.own, &vkeys), YES);
    assert_str(vkeys.witness, GOLDEN_WITNESS_VKEY "\n");
    assert_int_equal(signer_cosign(scene.signer, &scene.arena, &request, &answer), YES);
    assert_int_equal(answer.status, 200);
    request.body = S(GOLDEN_REQUEST);
    assert_int_equal(signer_cosign(scene.signer, &scene.arena, &request, &answer), YES);
    assert_int_equal(answer.status, 200);
    assert_str(answer.body, GOLDEN_WITNESS_LINE);
    assert_int_equal(signer_state(scene.signer, &scene.arena, SCENE_ORIGIN, &note), YES);
    assert_str(note, GOLDEN_COSIGNED);
}

static void the_witness_is_named_after_the_log(void **state)
{
    static const char *const names[][2] = {{"a.example/log", "a.example/witness+"},
                                           {"a.example/log/2", "a.example/witness+"},
                                           {"a.example", "a.example/witness+"}};
    struct keeper_vkeys vkeys;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(signer_keys(scene.signer, &scene.arena, str_of(names[i][0]), &vkeys), YES);
        assert_true(str_starts(vkeys.witness, str_of(names[i][1])));
    }
    assert_int_equal(signer_keys(scene.signer, &scene.arena, S("a b"), &vkeys), NO_KEY_MALFORMED);
}

/* --- our own register --------------------------------------------------------------------------
 */

static void ours_is_not_cosigned(void)
{
    const struct keeper_request ours = {
        .own = SCENE_ORIGIN, .log_vkeys = S(GOLDEN_VKEY "\n"), .body = S("old 0\n\n" GOLDEN_NOTE)};
    struct keeper_answer answer;

    assert_int_equal(signer_cosign(scene.signer, &scene.arena, &ours, &answer), YES);
    assert_int_equal(answer.status, 404);
}

static void our_register_never_forks(void **state)
{
    static const struct {
        int history;
        uint64_t old, size;
        no answer;
    } steps[] = {
        {0, 3, 5, NO_SIGNER_ELSEWHERE},
        {0, 0, 5, YES},
        {0, 5, 5, YES}, /* the same again */
        {0, 0, 5, NO_SIGNER_ELSEWHERE},
        {1, 5, 5, NO_SIGNER_WOULD_FORK},
        {1, 5, 9, NO_SIGNER_WOULD_FORK},
        {0, 5, 4, NO_SIGNER_WOULD_FORK},
        {0, 5, 0, NO_SIGNER_WOULD_FORK},
        {0, 4, 4, NO_SIGNER_ELSEWHERE},
        {1, 0, 6, NO_SIGNER_ELSEWHERE},
        {0, 5, 300, YES},
        {0, 5, 300, NO_SIGNER_ELSEWHERE},
        {1, 300, 301, NO_SIGNER_WOULD_FORK},
    };
    struct tree_proof none = {.n = 0};
    struct keeper_answer answer;
    str lines;

    (void)state;
    ours_is_not_cosigned();
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (scene_sign(&scene, steps[i].history, steps[i].old, steps[i].size) != steps[i].answer)
            fail_msg("step %zu", i);
    assert_int_equal(scene_remembered(&scene, 0), 300);
    /* Another origin than it says, a line more, nonsense. */
    assert_int_equal(
        scene_sign_text(&scene, 300, &none, scene_text(&scene, SCENE_PEER, 0, 300), &lines),
        NO_CHECKPOINT_MALFORMED);
    assert_int_equal(scene_sign_text(&scene, 300, &none, S(GOLDEN_TEXT "more\n"), &lines),
                     NO_CHECKPOINT_MALFORMED);
    assert_int_equal(scene_sign_text(&scene, 300, &none, S(""), &lines), NO_CHECKPOINT_MALFORMED);
    /* Neither key does the other's work. */
    assert_int_equal(scene_cosign(&scene, 0, 0, 5, &answer), YES);
    const struct keeper_ask theirs = {
        .origin = SCENE_PEER, .old_size = 5, .text = scene_text(&scene, SCENE_PEER, 0, 5)};

    assert_int_equal(signer_sign(scene.signer, &scene.arena, &theirs, &lines), NO_NOT_ALLOWED);
    ours_is_not_cosigned();
}

/* --- time --------------------------------------------------------------------------------------
 */

static uint64_t time_of(str line)
{
    struct note_line parsed;

    assert_int_equal(note_line_parse(str_sub(line, 0, line.len - 1), &parsed), YES);
    return cosignature_time_s(parsed.signature);
}

static void no_cosignature_is_older_than_the_last(void **state)
{
    struct keeper_answer answer;

    (void)state;
    for (int restarts = 0; restarts < 2; restarts++) {
        const uint64_t old = restarts == 0 ? 0 : 5;

        assert_int_equal(
            scene_cosign_body(&scene, scene_body(&scene, 0, old, 5), SCENE_NOW, &answer), YES);
        assert_int_equal(time_of(answer.body), SCENE_NOW);
        assert_int_equal(scene_cosign_body(&scene, scene_body(&scene, 0, 5, 5), 17, &answer), YES);
        assert_int_equal(time_of(answer.body), SCENE_NOW);
        signer_stop(scene.signer);
        scene_start(&scene);
    }
    assert_int_equal(scene_cosign_body(&scene, scene_body(&scene, 0, 5, 6), SCENE_NOW + 9, &answer),
                     YES);
    assert_int_equal(time_of(answer.body), SCENE_NOW + 9);
}

/* --- the process -------------------------------------------------------------------------------
 */

static void only_one_signer_has_the_folder(void **state)
{
    struct signer *second;
    struct keeper_vkeys vkeys;

    (void)state;
    assert_int_equal(signer_start(&second, scene.data), NO_SIGNER_RUNNING);
    assert_int_equal(keeper_rotate(scene.data, &scene.arena, SCENE_ORIGIN, &vkeys),
                     NO_SIGNER_RUNNING);
    assert_int_equal(scene_sign(&scene, 0, 0, 5), YES);
    signer_stop(scene.signer);
    scene_start(&scene);
    assert_int_equal(scene_remembered(&scene, 0), 5);
}

static void a_wrong_frame_ends_the_process(void **state)
{
    static const struct {
        const char *what;
        struct frame_head head;
        str body;
    } frames[] = {
        {"magic", {1, FRAME_KEYS, 0}, {"", 0}},
        {"length", {FRAME_MAGIC, FRAME_KEYS, FRAME_MAX + 1}, {"", 0}},
        {"kind", {FRAME_MAGIC, 0, 0}, {"", 0}},
        {"kind past the last", {FRAME_MAGIC, FRAME_LAST + 1, 0}, {"", 0}},
        {"no text", {FRAME_MAGIC, FRAME_LAST, 0}, {"", 0}},
        {"half a length", {FRAME_MAGIC, FRAME_LAST, 4}, {"\1\0\0\0", 4}},
        {"a text past the end", {FRAME_MAGIC, FRAME_LAST, 8}, {"\1\0\0\0\0\0\0\0", 8}},
        {"a text past all", {FRAME_MAGIC, FRAME_LAST, 8}, {"\377\377\377\377\377\377\377\377", 8}},
        {"half a question", {FRAME_MAGIC, FRAME_SIGN, 8}, {"\0\0\0\0\0\0\0\0", 8}},
    };
    struct process process = {.socket = -1};

    (void)state;
    signer_stop(scene.signer);
    scene.signer = NULL;
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        struct frame_head head;
        struct buf frame;
        str body;

        buf_init(&frame, &scene.arena, 64);
        buf_put_bytes(&frame, &frames[i].head, sizeof frames[i].head);
        buf_put(&frame, frames[i].body);
        assert_int_equal(process_ready(&process, scene.data, 5000), YES);
        const int64_t until_ms = process_now_ms() + 60000;

        /* It leaves by itself, long before it would be killed. */
        if (process_ask(&process, &scene.arena, buf_str(&frame), 60000, &head, &body) !=
                NO_SIGNER_DOWN ||
            process.pid != 0 || process_now_ms() >= until_ms)
            fail_msg("%s was answered", frames[i].what);
    }
    assert_int_equal(process_ready(&process, scene.data, 5000), YES);
    process_end(&process, 5000);
    assert_int_equal(process.pid, 0);
}

static void large_questions_are_bounded(void **state)
{
    struct keeper_answer answer;
    char *bytes = arena_take(&scene.arena, SIGNER_BODY_MAX + 1);

    (void)state;
    memset(bytes, 'a', SIGNER_BODY_MAX + 1);
    for (size_t more = 0; more < 2; more++) {
        assert_int_equal(
            scene_cosign_body(&scene, (str){bytes, SIGNER_BODY_MAX + more}, 1, &answer), YES);
        assert_int_equal(answer.status, 400);
    }
    const struct keeper_request keys = {.log_vkeys = {bytes, 64 * 1024 + 1}};
    const struct keeper_request wrong = {
        .own = SCENE_ORIGIN, .log_vkeys = S("nonsense\n"), .body = scene_body(&scene, 0, 0, 5)};

    assert_int_equal(signer_cosign(scene.signer, &scene.arena, &keys, &answer), NO_TOO_LARGE);
    assert_int_equal(signer_cosign(scene.signer, &scene.arena, &wrong, &answer), NO_KEY_MALFORMED);
    assert_int_equal(scene_cosign(&scene, 0, 0, 5, &answer), YES);
}

/* --- many at once ------------------------------------------------------------------------------
 */

enum { CALLERS = 64, ROUNDS = 3 };

struct caller {
    pthread_t thread;
    uint64_t signed_size[ROUNDS];
    int wrong;
};

/* Signs from whatever is remembered to one more, until it was the one who did. */
static bool sign_next(struct arena *arena, const str *texts, const struct tree_proof *proofs,
                      uint64_t *size)
{
    for (;;) {
        struct note note;
        struct checkpoint checkpoint = {.size = 0};
        str last, lines;
        const no found = signer_state(scene.signer, arena, SCENE_ORIGIN, &last);

        if (found == YES &&
            (note_parse(last, &note) != YES || checkpoint_parse(note.text, &checkpoint) != YES))
            return false;
        const uint64_t old = checkpoint.size;
        const struct keeper_ask ask = {.origin = SCENE_ORIGIN,
                                       .old_size = old,
                                       .proof = proofs[old].hashes,
                                       .proof_n = proofs[old].n,
                                       .text = texts[old]};
        const no answer = signer_sign(scene.signer, arena, &ask, &lines);

        *size = old + 1;
        if (answer == YES || answer != NO_SIGNER_ELSEWHERE)
            return answer == YES;
        arena_reset(arena);
    }
}

static str next_texts[CALLERS * ROUNDS];
static struct tree_proof next_proofs[CALLERS * ROUNDS];

static void *call(void *self)
{
    struct caller *caller = self;
    struct arena arena;

    if (!arena_init(&arena, 1 << 20))
        return NULL;
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(&arena);
        caller->wrong += !sign_next(&arena, next_texts, next_proofs, &caller->signed_size[i]);
    }
    arena_release(&arena);
    return NULL;
}

static void sixty_four_callers_sign_each_size_once(void **state)
{
    struct caller *callers = arena_take(&scene.arena, CALLERS * sizeof *callers);
    int times[CALLERS * ROUNDS + 1] = {0};

    (void)state;
    for (uint64_t i = 0; i < CALLERS * ROUNDS; i++) {
        next_texts[i] = scene_text(&scene, SCENE_ORIGIN, 0, i + 1);
        next_proofs[i] = scene_proof(&scene, 0, i, i + 1);
    }
    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
    for (int i = 0; i < CALLERS; i++) {
        assert_int_equal(pthread_join(callers[i].thread, NULL), 0);
        assert_int_equal(callers[i].wrong, 0);
        for (int k = 0; k < ROUNDS; k++)
            times[callers[i].signed_size[k]]++;
    }
    for (int i = 1; i <= CALLERS * ROUNDS; i++)
        assert_int_equal(times[i], 1);
    assert_int_equal(scene_remembered(&scene, 0), CALLERS * ROUNDS);
}

/* --- how long ----------------------------------------------------------------------------------
 */

static int by_size(const void *a, const void *b)
{
    const int64_t *one = a, *other = b;

    return (*one > *other) - (*one < *other);
}

static int64_t now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Printed, not judged: a disk shared with others has bad days. */
static void add_checkpoint_is_measured(void **state)
{
    enum { TIMES = 200 };
    int64_t took[TIMES];
    struct keeper_answer answer;

    (void)state;
    for (uint64_t i = 0; i < TIMES; i++) {
        const str body = scene_body(&scene, 0, i, i + 1);
        const int64_t from = now_us();

        assert_int_equal(scene_cosign_body(&scene, body, SCENE_NOW + i, &answer), YES);
        took[i] = now_us() - from;
        assert_int_equal(answer.status, 200);
    }
    qsort(took, TIMES, sizeof took[0], by_size);
    print_message("# add-checkpoint: p50 %d us, p99 %d us\n", (int)took[TIMES / 2],
                  (int)took[TIMES * 99 / 100]);
}

#define ON_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ON_A_FOLDER(our_checkpoints_are_signed_byte_for_byte),
        ON_A_FOLDER(theirs_are_cosigned_byte_for_byte),
        ON_A_FOLDER(the_witness_is_named_after_the_log),
        ON_A_FOLDER(our_register_never_forks),
        ON_A_FOLDER(no_cosignature_is_older_than_the_last),
        ON_A_FOLDER(only_one_signer_has_the_folder),
        ON_A_FOLDER(a_wrong_frame_ends_the_process),
        ON_A_FOLDER(large_questions_are_bounded),
        ON_A_FOLDER(sixty_four_callers_sign_each_size_once),
        ON_A_FOLDER(add_checkpoint_is_measured),
    };

    if (argc == 3 && strcmp(argv[1], "signer-worker") == 0)
        return signer_worker(argv[2]);
    return cmocka_run_group_tests_name("signer", tests, NULL, NULL);
}
