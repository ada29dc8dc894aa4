/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Checking whole registers from their files: registers of others, registers of every awkward size,
 * forks, steps back, quorums, and the rules of filon's own entries. What damage does is in
 * log_damage_test.c, what comes over the web in log_web_test.c.
 */
#include "log_scene.h"

/* --- registers of others --------------------------------------------------------------------- */

static void registers_of_others_are_sound(void **state)
{
    struct log_scene *scene = *state;

    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_copy(scene, SHARED_LOGS "/tessera-15", "t");
    log_copy(scene, SHARED_GOLDEN "/log", "g");
    log_policy_of_keys(scene, "a/keys.txt");
    log_expect(scene, 0, "verify @a --policy policy --foreign", "600 entries");
    assert_non_null(strstr(scene->out, "Kept checkpoints: 10."));
    assert_non_null(strstr(scene->out, "3 witnesses of 3"));
    log_shell(scene, "{ printf 'log ' && cat t/vkey && echo quorum none; } >t.policy");
    log_expect(scene, 0, "verify @t --policy t.policy --foreign", "15 entries");
    log_shell(scene,
              "printf 'log coop.example/log+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chm"
              "QSVTG4\\nwitness w coop2.example/witness+b41ebf3b+BCmsuuFBvMrwsi4alNNNC8c2HlJt"
              "C/4SyJeUvJMilm3X\\nquorum w\\n' >g.policy");
    log_expect(scene, 0, "verify @g --policy g.policy --foreign --old g/checkpoint.1 --json",
               "\"size\":3,\"root\":\"a855bdf0");
    /* Bytes that nobody calls an entry of filon are said to be none. */
    log_expect(scene, 1, "verify @t --policy t.policy", "entry 0");
}

static void a_fork_is_found_where_it_is(void **state)
{
    struct log_scene *scene = *state;

    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_copy(scene, SHARED_LOGS "/synth-600-fork", "b");
    log_policy_of_keys(scene, "a/keys.txt");
    log_expect(scene, 0, "verify @b --policy policy --foreign", NULL);
    /* They part at entry 300. */
    log_expect(scene, 0,
               "verify @b --policy policy --foreign --old a/checkpoints/0 --old a/checkpoints/1 "
               "--old a/checkpoints/256 --old a/checkpoints/257",
               "Yours: 4.");
    log_expect(scene, 3, "verify @b --policy policy --foreign --old a/checkpoints/511",
               "a/checkpoints/511");
    log_expect(scene, 3, "verify @b --policy policy --foreign --old a/checkpoint", "a/checkpoint");
    log_expect(scene, 3,
               "verify @b --policy policy --foreign --old a/checkpoints/1 --old a/checkpoints/513 "
               "--json",
               "\"number\":790");
    /* A kept one of the other history. */
    log_shell(scene, "cp a/checkpoints/511 b/checkpoints/511");
    log_expect(scene, 3, "verify @b --policy policy --foreign", "checkpoints/511");
    /* A damaged register is no fork, whatever else was signed. */
    log_shell(scene, "printf x | dd of=b/tile/entries/002.p/88 bs=1 seek=100 conv=notrunc "
                     "2>/dev/null");
    log_expect(scene, 1, "verify @b --policy policy --foreign --old a/checkpoint", "damaged");
}

static void a_step_back_is_found(void **state)
{
    struct log_scene *scene = *state;

    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_policy_of_keys(scene, "a/keys.txt");
    log_shell(scene, "cp a/checkpoint new && cp a/checkpoints/513 a/checkpoint");
    log_expect(scene, 3, "verify @a --policy policy --foreign",
               "checkpoints/600: The register has");
    log_shell(scene, "rm a/checkpoints/600");
    log_expect(scene, 0, "verify @a --policy policy --foreign", "513 entries");
    log_expect(scene, 3, "verify @a --policy policy --foreign --old new", "new: The register has");
    /* Somebody else's file of that name proves nothing. */
    log_shell(scene, "sed s/600/700/ new >a/checkpoints/700");
    log_expect(scene, 1, "verify @a --policy policy --foreign", "checkpoints/700");
}

static void what_is_old_must_be_of_this_register(void **state)
{
    struct log_scene *scene = *state;

    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_copy(scene, SHARED_LOGS "/tessera-15", "t");
    log_policy_of_keys(scene, "a/keys.txt");
    log_expect(scene, 1, "verify @a --policy policy --foreign --old t/checkpoint", "t/checkpoint");
    log_shell(scene, "sed -i \"1s|^|log $(cat t/vkey)\\n|\" policy");
    log_expect(scene, 1, "verify @a --policy policy --foreign --old t/checkpoint",
               "of another register");
    log_shell(scene, "sed s/bGTz/bGTy/ a/checkpoint >forged");
    log_expect(scene, 1, "verify @a --policy policy --foreign --old forged", "forged");
    log_expect(scene, 1, "verify @a --policy policy --foreign --old policy", "policy");
    log_expect(scene, 2, "verify @a --policy policy --foreign --old nobody", "nobody");
}

/* --- whom we believe ------------------------------------------------------------------------- */

static void the_policy_decides(void **state)
{
    struct log_scene *scene = *state;

    log_make(scene, "a", 3);
    log_expect(scene, 0, "verify @a --policy policy", "3 witnesses of 3");
    log_shell(scene, "grep -v w2.example a/checkpoint >c && mv c a/checkpoint");
    log_expect(scene, 0, "verify @a --policy policy", "2 witnesses of 3");
    log_shell(scene, "grep -v w1.example a/checkpoint >c && mv c a/checkpoint");
    log_expect(scene, 4, "verify @a --policy policy", "Too few witnesses");
    log_shell(scene, "sed -i 's/quorum two/quorum none/' policy");
    log_expect(scene, 0, "verify @a --policy policy --json", "\"witnesses\":[\"w3\"]");
    log_shell(scene, "grep -v '^. coop' a/checkpoint >c && mv c a/checkpoint");
    log_expect(scene, 1, "verify @a --policy policy", "checkpoint");
    log_expect(scene, 2, "verify @a --policy nobody", "nobody");
    log_shell(scene, "echo quorum >bad");
    log_expect(scene, 2, "verify @a --policy bad", "bad:1");
    log_expect(scene, 2, "verify @a --vkey coop.example/log+00000000+AQ==", "--vkey");
}

/* --- words ----------------------------------------------------------------------------------- */

static void words_that_make_no_sense_are_usage(void **state)
{
    static const char *const rows[] = {
        "",
        "nobody",
        "verify",
        "verify @a",
        "verify --policy policy",
        "verify @a @a --policy policy",
        "verify @a --policy policy --nobody",
        "verify @a --policy policy --vkey x",
        "verify ftp://coop.example/log --policy policy",
        "prove",
        "prove @a",
        "prove @a x",
        "prove @a -1",
        "prove @a 1 2",
        "verify-proof",
        "verify-proof p --leaf l",
        "verify-proof p --policy policy",
        "verify-proof nobody --leaf policy --policy policy",
        "watch @a --policy policy",
        "watch @a --state @s",
        "watch @a --policy policy --state @s --nobody",
        "evidence --policy policy",
        "evidence a/checkpoint --policy policy",
        "evidence a/checkpoint a/checkpoint",
        "evidence a/checkpoint nobody --policy policy",
    };
    struct log_scene *scene = *state;

    log_make(scene, "a", 3);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        log_expect(scene, 2, rows[i], NULL);
    log_expect(scene, 1, "verify @nobody --policy policy", "nobody");
    log_shell(scene, "rm a/checkpoint");
    log_expect(scene, 1, "verify @a --policy policy", "checkpoint");
}

/* --- sizes ----------------------------------------------------------------------------------- */

static void every_awkward_size_is_sound(void **state)
{
    static const uint64_t sizes[] = {0, 1, 2, 255, 256, 257, 511, 512, 513, 65535, 65536, 65793};
    struct log_scene *scene = *state;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char name[16], words[64], found[64];

        (void)snprintf(name, sizeof name, "a%zu", i);
        (void)snprintf(words, sizeof words, "verify @a%zu --policy policy --json", i);
        (void)snprintf(found, sizeof found, "\"entries\":%" PRIu64, sizes[i]);
        log_make(scene, name, sizes[i]);
        log_expect(scene, 0, words, found);
    }
}

/* More kept checkpoints than are held at once: each is compared, also the last. */
static void many_kept_checkpoints_are_all_compared(void **state)
{
    enum { MANY = 8300 };
    struct log_scene *scene = *state;
    struct logmaker *maker = malloc(sizeof *maker);
    char entry[128], path[64];

    logmaker_begin(maker, log_at(scene, "a"));
    maker->witnesses = 0;
    for (uint64_t i = 0; i < MANY; i++) {
        logmaker_add(maker, logmaker_entry(entry, 96, i, 1));
        (void)snprintf(path, sizeof path, "checkpoints/%d", (int)i + 1);
        logmaker_checkpoint(maker, path);
    }
    logmaker_edge(maker);
    logmaker_checkpoint(maker, "checkpoint");
    maker->folder = scene->folder;
    logmaker_policy(maker, "policy", NULL);
    logmaker_end(maker);
    free(maker);
    log_shell(scene, "sed -i 's/quorum two/quorum none/' policy; : >a/checkpoints/12.part");
    log_expect(scene, 0, "verify @a --policy policy --json", "\"kept\":8300");
    log_shell(scene, "cp a/checkpoints/8298 a/checkpoints/8299");
    log_expect(scene, 1, "verify @a --policy policy", "checkpoints/8299");
}

/* The largest bundle there can be, and a partial one beside it, in the memory of a command. */
static void the_largest_bundle_fits(void **state)
{
    struct log_scene *scene = *state;
    struct logmaker *maker = malloc(sizeof *maker);
    char *entry = malloc(TILE_ENTRY_SIZE_MAX + 1);

    logmaker_begin(maker, log_at(scene, "a"));
    for (uint64_t i = 0; i < TILE_WIDTH + 1; i++) {
        logmaker_add(maker, logmaker_entry(entry, TILE_ENTRY_SIZE_MAX, i, 1));
        if (i == TILE_WIDTH - 2)
            logmaker_edge(maker);
    }
    logmaker_edge(maker);
    logmaker_checkpoint(maker, "checkpoint");
    maker->folder = scene->folder;
    logmaker_policy(maker, "policy", NULL);
    logmaker_end(maker);
    free(maker);
    free(entry);
    log_expect(scene, 0, "verify @a --policy policy --json", "\"files\":7,");
}

/* --- entries of filon ------------------------------------------------------------------------ */

static void entries_of_filon_have_rules(void **state)
{
#define ENTRY(at) \
    "{\"at\":" at ",\"id\":\"00112233445566778899aabbccddeeff\",\"k\":\"txn\",\"v\":1}"
    static const struct {
        const char *entries[3];
        const char *why;
        int code;
    } rows[] = {
        {{ENTRY("5"), ENTRY("5"), ENTRY("6")}, "3 entries", 0},
        {{ENTRY("5"), ENTRY("4"), ENTRY("6")}, "entry 1: The entry is older", 1},
        {{ENTRY("5"), ENTRY("1767225900"), ENTRY("1767225900")}, "3 entries", 0},
        {{ENTRY("5"), ENTRY("6"), ENTRY("1767225901")}, "entry 2: The entry is dated", 1},
        {{ENTRY("5"), "{\"k\":\"txn\",\"v\":1}", ENTRY("6")}, "entry 1: The entry is not", 1},
        {{ENTRY("5"), ENTRY("6"), ENTRY("7") " "}, "entry 2: The entry is not", 1},
        {{"", ENTRY("6"), ENTRY("7")}, "entry 0: The entry is not", 1},
        {{ENTRY("5"), ENTRY("6.0"), ENTRY("7")}, "entry 1: The entry is not", 1},
    };
    struct log_scene *scene = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct logmaker *maker = malloc(sizeof *maker);

        logmaker_begin(maker, log_at(scene, "a"));
        for (size_t j = 0; j < 3; j++)
            logmaker_add(maker, str_of(rows[i].entries[j]));
        logmaker_edge(maker);
        logmaker_checkpoint(maker, "checkpoint");
        maker->folder = scene->folder;
        logmaker_policy(maker, "policy", NULL);
        logmaker_end(maker);
        free(maker);
        log_expect(scene, rows[i].code, "verify @a --policy policy", rows[i].why);
        log_expect(scene, 0, "verify @a --policy policy --foreign", NULL);
    }
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, log_scene_open, log_scene_close)
    const struct CMUnitTest tests[] = {
        TEST(registers_of_others_are_sound),
        TEST(a_fork_is_found_where_it_is),
        TEST(a_step_back_is_found),
        TEST(what_is_old_must_be_of_this_register),
        TEST(the_policy_decides),
        TEST(words_that_make_no_sense_are_usage),
        TEST(every_awkward_size_is_sound),
        TEST(many_kept_checkpoints_are_all_compared),
        TEST(the_largest_bundle_fits),
        TEST(entries_of_filon_have_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
