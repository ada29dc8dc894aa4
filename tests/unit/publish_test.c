/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The publisher with the real signer: files, quorum, witnesses of every kind, disks and clocks.
 */
#include "publish_scene.h"

#include "doors/log/verify.h"

#include <sys/stat.h>

static const char one_of_the_good[] = "group good any w1 w2\nquorum good\n";

static void publish(struct publish_scene *scene)
{
    assert_int_equal(publish_round(scene->publisher), YES);
}

static void verify_all(struct publish_scene *scene)
{
    struct log_verify verify = {.files = &scene->publisher->files, .arena = &scene->co.test.arena};
    static struct policy policy;
    unsigned line;

    assert_int_equal(policy_parse(file_of(scene, "policy"), &policy, &line), YES);
    verify.policy = &policy;
    const no answer = log_verify(&verify);

    if (answer != YES)
        fail_msg("%s: %s", no_line(answer)->name, verify.where);
    assert_int_equal(verify.entries, verify.verdict.checkpoint.size);
}

/* --- without witnesses ------------------------------------------------------------------------
 */

static void without_a_policy_it_is_published_at_once(void **state)
{
    struct publish_scene *scene = *state;

    publish(scene);
    const struct register_state at = state_of(scene);

    assert_true(at.recorded > 0);
    assert_int_equal(at.published, at.recorded);
    assert_int_equal(at.witnessed, at.recorded);
    assert_int_equal(at.still, REGISTER_MOVES);
    assert_int_equal(size_published(scene), at.recorded);
    verify_all(scene);
}

static void nothing_is_published_before_the_founding(void **state)
{
    struct publish_scene *scene = *state;
    struct test_world empty;
    struct publisher *publisher;

    test_world_open(&empty);
    const struct publish_config config = {
        .world = empty.world, .data = empty.dir, .signer = scene->signer};

    assert_int_equal(publish_open(&publisher, &config), YES);
    assert_int_equal(publish_round(publisher), YES);
    publish_close(publisher);
    test_world_close(&empty);
}

static void the_register_names_its_keys_and_its_program_once(void **state)
{
    struct publish_scene *scene = *state;
    struct register_keys keys;
    struct ctx ctx;

    publish(scene);
    const int64_t size = state_of(scene).recorded;

    test_as(&scene->co.test, &ctx, 0, 0);
    assert_int_equal(view_register_keys(&ctx, &keys), YES);
    assert_true(str_eq(keys.logs, file_of(scene, "vkey")));
    test_done(&ctx);
    publisher_again(scene);
    publish(scene);
    assert_int_equal(state_of(scene).recorded, size);
    assert_int_equal(size_published(scene), size);
}

static void partial_files_go_when_they_are_full(void **state)
{
    struct publish_scene *scene = *state;
    char path[64];

    publish(scene);
    (void)snprintf(path, sizeof path, "tile/0/000.p/%d", (int)size_published(scene));
    assert_non_null(file_of(scene, path).ptr);
    while (state_of(scene).recorded < 255)
        one_more(scene);
    publish(scene);
    assert_non_null(file_of(scene, path).ptr);
    for (int i = 0; i < 10; i++)
        one_more(scene);
    publish(scene);
    assert_null(file_of(scene, path).ptr);
    assert_int_equal(file_of(scene, "tile/0/000").len, TILE_SIZE);
    assert_int_equal(file_of(scene, "tile/1/000.p/1").len, TILE_HASH_SIZE);
    assert_null(file_of(scene, "tile/entries/000.p/255").ptr);
    verify_all(scene);
}

static void two_publishers_are_one_too_many(void **state)
{
    struct publish_scene *scene = *state;
    struct publisher *other = NULL;
    const struct publish_config config = {
        .world = scene->co.test.world, .data = scene->co.test.dir, .signer = scene->signer};

    assert_int_equal(publish_open(&other, &config), NO_PUBLISHER_RUNNING);
    assert_null(other);
}

/* --- damage ------------------------------------------------------------------------------------
 */

static void shell(const struct publish_scene *scene, const char *command)
{
    char line[512];

    (void)snprintf(line, sizeof line, "cd '%s/log' && %s", scene->co.test.dir, command);
    assert_int_equal(system(line), 0);
}

static void damaged_files_are_written_again(void **state)
{
    static const char *const damages[] = {
        "printf x | dd of=$(ls tile/0/000.p/* | tail -n 1) conv=notrunc bs=1 seek=3 2>/dev/null",
        "f=$(ls tile/entries/000.p/* | tail -n 1); printf x | dd of=$f bs=1 seek=9 conv=notrunc",
        "rm -r tile",
        "rm -r tile/entries",
        "rm checkpoint policy vkey",
        "for f in $(find . -type f); do : >$f; done"};
    struct publish_scene *scene = *state;

    publish(scene);
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        shell(scene, damages[i]);
        publisher_again(scene);
        one_more(scene);
        publish(scene);
        assert_int_equal(size_published(scene), state_of(scene).recorded);
        /* Kept checkpoints may have been emptied too: those are gone. */
        shell(scene, "find checkpoints -empty -delete; find . -name '*.part' -delete;"
                     " find tile -empty -delete");
        verify_all(scene);
    }
}

static void a_disk_that_refuses_stops_nothing_but_the_publisher(void **state)
{
    struct publish_scene *scene = *state;

    publish(scene);
    const uint64_t before = size_published(scene);

    shell(scene, "mv tile kept && : >tile");
    one_more(scene);
    assert_int_equal(publish_round(scene->publisher), NO_IO_FAILED);
    assert_int_equal(publish_round(scene->publisher), NO_IO_FAILED);
    assert_int_equal(size_published(scene), before);
    one_more(scene);
    shell(scene, "rm tile && mv kept tile");
    publish(scene);
    assert_int_equal(size_published(scene), before + 2);
    verify_all(scene);
}

/* A row that was edited no longer leads to the head: nothing is signed, and no file is replaced. */
static void an_edited_row_is_never_signed(void **state)
{
    struct publish_scene *scene = *state;

    publish(scene);
    const uint64_t size = size_published(scene);
    char path[64];

    (void)snprintf(path, sizeof path, "tile/entries/000.p/%d", (int)size);
    const str before = file_of(scene, path);

    one_more(scene);
    publish_close(scene->publisher);
    edit(&scene->co, "DROP TRIGGER log_entry_no_update; UPDATE log_entry SET body = "
                     "replace(body, '\"txn\"', '\"txm\"') WHERE kind = 5");
    publisher_open(scene);
    assert_int_equal(publish_round(scene->publisher), NO_REGISTER_DAMAGED);
    assert_int_equal(state_of(scene).still, REGISTER_UNSURE);
    assert_int_equal(size_published(scene), size);
    assert_true(before.len > 0 && str_eq(before, file_of(scene, path)));
}

/* --- the quorum --------------------------------------------------------------------------------
 */

static void the_quorum_makes_a_checkpoint(void **state)
{
    struct publish_scene *scene = *state;
    struct policy_verdict verdict;

    set_policy(scene, "group all 2 w0 w1 w2\nquorum all\n");
    publish(scene);
    assert_int_equal(weigh(scene, &verdict), YES);
    assert_true(verdict.met);
    assert_int_equal(verdict.witnesses, 7);
    const struct register_state at = state_of(scene);

    assert_int_equal(at.witnessed, at.recorded);
    assert_int_equal(at.witnesses_n, 3);
    assert_int_equal(at.quorum_n, 2);
    assert_true(str_starts(file_of(scene, "policy"), S("log la-traboule-")));
}

static void without_the_quorum_the_last_one_is_served(void **state)
{
    struct publish_scene *scene = *state;
    struct policy_verdict verdict;

    set_policy(scene, "group all 2 w0 w1 w2\nquorum all\n");
    publish(scene);
    const uint64_t before = size_published(scene);

    scene->witnesses[1].is = scene->witnesses[2].is = FAILING;
    one_more(scene);
    publish(scene);
    assert_int_equal(size_published(scene), before);
    assert_int_equal(state_of(scene).published, before + 1);
    assert_int_equal(state_of(scene).witnessed, before);
    /* An hour later what there is goes out, and is not called witnessed. */
    world_shift_clock(scene->co.test.real, (PUBLISH_UNWITNESSED_MAX_S - 60) * NS_PER_S);
    publish(scene);
    assert_int_equal(size_published(scene), before);
    world_shift_clock(scene->co.test.real, 120 * NS_PER_S);
    publish(scene);
    assert_int_equal(weigh(scene, &verdict), YES);
    assert_int_equal(verdict.checkpoint.size, before + 1);
    assert_false(verdict.met);
    assert_int_equal(state_of(scene).witnessed, before);
    assert_int_equal(state_of(scene).witnesses_n, 1);
    /* And when they are back it is. */
    scene->witnesses[1].is = GOOD;
    world_shift_clock(scene->co.test.real, PUBLISH_BACK_OFF_MAX_S * NS_PER_S);
    publish(scene);
    assert_int_equal(weigh(scene, &verdict), YES);
    assert_true(verdict.met);
    assert_int_equal(state_of(scene).witnessed, before + 1);
}

static void who_has_cosigned_is_not_asked_again_before_the_refresh(void **state)
{
    struct publish_scene *scene = *state;
    struct policy_verdict before, after;

    set_policy(scene, "group all all w0 w1 w2\nquorum all\n");
    publish(scene);
    const int asked = scene->witnesses[0].asked;

    assert_int_equal(weigh(scene, &before), YES);
    publish(scene);
    publish(scene);
    assert_int_equal(scene->witnesses[0].asked, asked);
    world_shift_clock(scene->co.test.real, (PUBLISH_REFRESH_S + 1) * NS_PER_S);
    publish(scene);
    assert_int_equal(scene->witnesses[0].asked, asked + 1);
    assert_int_equal(weigh(scene, &after), YES);
    assert_int_equal(after.checkpoint.size, before.checkpoint.size);
    assert_true(after.oldest_s > before.oldest_s);
}

static void who_fails_is_asked_more_and_more_seldom(void **state)
{
    struct publish_scene *scene = *state;

    scene->witnesses[0].is = FAILING;
    set_policy(scene, one_of_the_good);
    publish(scene);
    assert_int_equal(scene->witnesses[0].asked, 1);
    for (int i = 0; i < 600; i++) {
        world_shift_clock(scene->co.test.real, NS_PER_S);
        if (i % 60 == 0)
            one_more(scene);
        publish(scene);
    }
    assert_in_range(scene->witnesses[0].asked, 8, 12);
}

/* --- witnesses of every kind ------------------------------------------------------------------
 */

struct kind {
    enum behaviour is;
    bool counts, stands_still;
};
static const struct kind kinds_of_witness[BEHAVIOURS] = {
    [GOOD] = {GOOD, true, false},
    [DOWN] = {DOWN, false, false},
    [SLOW] = {SLOW, false, false},
    [FAILING] = {FAILING, false, false},
    [GARBAGE] = {GARBAGE, false, false},
    [OTHER_KEY] = {OTHER_KEY, false, false},
    [BAD_LINE] = {BAD_LINE, false, false},
    [HUGE] = {HUGE, false, false},
    [REDIRECTS] = {REDIRECTS, false, false},
    [WITH_MLDSA] = {WITH_MLDSA, true, false},
    [BEHIND] = {BEHIND, true, false},
    [ALWAYS_BEHIND] = {ALWAYS_BEHIND, false, false},
    [LARGER] = {LARGER, false, false},
    [LARGER_SHOWN] = {LARGER_SHOWN, false, true},
    [WITHOUT_SIZE] = {WITHOUT_SIZE, false, false},
    [DENIES] = {DENIES, false, false},
    [UNKNOWN] = {UNKNOWN, false, false},
};

static void try_kind(struct publish_scene *scene, const struct kind *kind)
{
    struct policy_verdict verdict;

    publish(scene); /* without a policy: it is known who we are */
    const uint64_t before = size_published(scene);

    scene->witnesses[0].is = kind->is;
    if (kind->is == LARGER_SHOWN)
        forge(scene, 1000, scene->witnesses[0].shown);
    set_policy(scene, one_of_the_good);
    one_more(scene);
    assert_int_equal(publish_round(scene->publisher),
                     kind->stands_still ? NO_REGISTER_STANDS_STILL : YES);
    assert_int_equal(weigh(scene, &verdict), YES);
    /* What excludes another one that we signed is not published any more. */
    assert_int_equal(verdict.checkpoint.size, kind->stands_still ? before : before + 2);
    if (!kind->stands_still)
        assert_int_equal(verdict.witnesses, kind->counts ? 7 : 6);
    assert_int_equal(state_of(scene).still,
                     kind->stands_still ? REGISTER_ROLLED_BACK : REGISTER_MOVES);
    assert_int_equal(scene->publisher->policy->witnesses[0].fails > 0, !kind->counts);
    if (kind->is == BEHIND || kind->is == ALWAYS_BEHIND)
        assert_int_equal(scene->witnesses[0].asked, 2);
}

static void witnesses_of_every_kind(void **state)
{
    for (size_t i = 0; i < BEHAVIOURS; i++) {
        assert_int_equal(publish_tear_down(state), 0);
        assert_int_equal(publish_set_up(state), 0);
        print_message("  kind %zu\n", i);
        try_kind(*state, &kinds_of_witness[i]);
    }
}

/* --- the start guard --------------------------------------------------------------------------
 */

static void too_few_answers_and_nothing_is_signed(void **state)
{
    struct publish_scene *scene = *state;

    publish(scene);
    const int64_t before = state_of(scene).published;

    for (int i = 0; i < WITNESSES; i++)
        scene->witnesses[i].is = DOWN;
    set_policy(scene, "group all 2 w0 w1 w2\nquorum all\n");
    publisher_again(scene);
    publish(scene);
    assert_int_equal(state_of(scene).still, REGISTER_UNSURE);
    assert_int_equal(state_of(scene).published, before);
    one_more(scene); /* the ledger goes on */
    for (int i = 0; i < WITNESSES; i++)
        scene->witnesses[i].is = GOOD;
    set_policy(scene, "group all 3 w0 w1 w2\nquorum all\n");
    world_shift_clock(scene->co.test.real, 120 * NS_PER_S);
    publish(scene);
    assert_int_equal(state_of(scene).still, REGISTER_MOVES);
    assert_int_equal(state_of(scene).witnessed, state_of(scene).recorded);
}

static void a_larger_one_at_the_start_stands_still(void **state)
{
    struct publish_scene *scene = *state;

    publish(scene);
    forge(scene, 1000, scene->witnesses[2].shown);
    set_policy(scene, one_of_the_good);
    publisher_again(scene);
    assert_int_equal(publish_round(scene->publisher), NO_REGISTER_STANDS_STILL);
    assert_int_equal(publish_round(scene->publisher), NO_REGISTER_STANDS_STILL);
    assert_int_equal(state_of(scene).still, REGISTER_ROLLED_BACK);
    shell(scene, "test $(ls evidence | wc -l) = 1 && test -s evidence/*/theirs && "
                 "test -s evidence/*/ours && test -s evidence/*/about");
}

int main(int argc, char **argv)
{
#define HERE(test) cmocka_unit_test_setup_teardown(test, publish_set_up, publish_tear_down)
    const struct CMUnitTest tests[] = {
        HERE(without_a_policy_it_is_published_at_once),
        HERE(nothing_is_published_before_the_founding),
        HERE(the_register_names_its_keys_and_its_program_once),
        HERE(partial_files_go_when_they_are_full),
        HERE(two_publishers_are_one_too_many),
        HERE(damaged_files_are_written_again),
        HERE(a_disk_that_refuses_stops_nothing_but_the_publisher),
        HERE(an_edited_row_is_never_signed),
        HERE(the_quorum_makes_a_checkpoint),
        HERE(without_the_quorum_the_last_one_is_served),
        HERE(who_has_cosigned_is_not_asked_again_before_the_refresh),
        HERE(who_fails_is_asked_more_and_more_seldom),
        HERE(witnesses_of_every_kind),
        HERE(too_few_answers_and_nothing_is_signed),
        HERE(a_larger_one_at_the_start_stands_still),
    };

    if (argc == 3 && strcmp(argv[1], "signer-worker") == 0)
        return signer_worker(argv[2]);
    return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
