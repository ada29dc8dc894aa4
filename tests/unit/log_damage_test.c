/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * No byte of a published register can change without being found: every byte of a small one,
 * the first, middle and last of every file of a large one; files cut, gone, longer.
 */
#include "log_scene.h"

#include <ftw.h>

static struct log_scene *scene;
static int files_n;
static int (*each_file)(const char *path, long size);

static int visit(const char *path, const struct stat *info, int type, struct FTW *at)
{
    (void)at;
    if (type != FTW_F)
        return 0;
    files_n++;
    return each_file(path + strlen(scene->folder) + 1, (long)info->st_size);
}

static void walk(const char *folder, int (*each)(const char *path, long size))
{
    files_n = 0;
    each_file = each;
    assert_int_equal(nftw(log_at(scene, folder), visit, 8, FTW_PHYS), 0);
}

static void flip(const char *path, long at)
{
    FILE *file = fopen(log_at(scene, path), "r+b");
    int byte = 0;

    assert_non_null(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    byte = fgetc(file);
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_not_equal(fputc(byte ^ 0x04, file), EOF);
    assert_int_equal(fclose(file), 0);
}

/* --- every byte of a small one --------------------------------------------------------------- */

/* Where the witness's own line begins in a note: what is broken there may be no line of a witness
 * that we know any more, and then it is the quorum that is missing. */
static long witness_line(const char *path)
{
    char bytes[1024] = "";
    FILE *file = fopen(log_at(scene, path), "rb");

    assert_non_null(file);
    assert_true(fread(bytes, 1, sizeof bytes - 1, file) > 0);
    (void)fclose(file);
    const char *line = strstr(bytes, "\xe2\x80\x94 coop2");

    return line == NULL ? (long)sizeof bytes : line - bytes;
}

static int flip_every_byte(const char *path, long size)
{
    const long line = strcmp(path, "g/checkpoint") == 0 ? witness_line(path) : size;

    for (long at = 0; at < size; at++) {
        flip(path, at);
        const int code = log_run(scene, "verify @g --policy policy --foreign");

        flip(path, at);
        if (code != 1 && !(code == 4 && at >= line))
            fail_msg("byte %ld of %s: %d\n%s%s", at, path, code, scene->out, scene->err);
    }
    return 0;
}

static void every_byte_of_a_small_register_counts(void **state)
{
    scene = *state;
    log_copy(scene, SHARED_GOLDEN "/log", "g");
    log_shell(scene,
              "printf 'log coop.example/log+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chm"
              "QSVTG4\\nwitness w coop2.example/witness+b41ebf3b+BCmsuuFBvMrwsi4alNNNC8c2HlJt"
              "C/4SyJeUvJMilm3X\\nquorum w\\n' >policy; mkdir g/checkpoints; mv g/checkpoint.1"
              " g/checkpoints/1; rm g/proof* g/add*");
    log_expect(scene, 0, "verify @g --policy policy --foreign", "Kept checkpoints: 1.");
    walk("g", flip_every_byte);
    assert_int_equal(files_n, 4);
    log_expect(scene, 0, "verify @g --policy policy --foreign", NULL);
}

/* --- every file of a larger one -------------------------------------------------------------- */

static void expect_damage(const char *path, const char *what, bool good)
{
    const int code = log_run(scene, "verify @a --policy policy --foreign");

    if (code != (good ? 0 : 1))
        fail_msg("%s %s: %d\n%s%s", path, what, code, scene->out, scene->err);
}

/* These say nothing about the register, and these may go: kept checkpoints, and partial tiles of
 * earlier sizes. */
static bool is_aside(const char *path)
{
    return strcmp(path, "a/keys.txt") == 0 || strcmp(path, "a/vkey") == 0;
}

static bool may_go(const char *path)
{
    return is_aside(path) || strstr(path, "checkpoints/") != NULL ||
           (strstr(path, ".p/") != NULL && strstr(path, "002.p/88") == NULL &&
            strcmp(path, "a/tile/1/000.p/2") != 0);
}

static int damage(const char *path, long size)
{
    const long places[] = {0, size / 2, size - 1};
    char command[400];

    for (size_t i = 0; i < 3; i++) {
        flip(path, places[i]);
        expect_damage(path, "with another byte", is_aside(path));
        flip(path, places[i]);
    }
    (void)snprintf(command, sizeof command, "cp %s kept && truncate -s -1 %s", path, path);
    log_shell(scene, command);
    expect_damage(path, "without its last byte", is_aside(path));
    (void)snprintf(command, sizeof command, "truncate -s 0 %s", path);
    log_shell(scene, command);
    expect_damage(path, "empty", is_aside(path));
    (void)snprintf(command, sizeof command, "cp kept %s && printf x >>%s", path, path);
    log_shell(scene, command);
    expect_damage(path, "with a byte more", is_aside(path));
    (void)snprintf(command, sizeof command, "rm %s", path);
    log_shell(scene, command);
    expect_damage(path, "gone", may_go(path));
    (void)snprintf(command, sizeof command, "cp kept %s", path);
    log_shell(scene, command);
    return 0;
}

static void no_file_of_a_register_may_be_damaged(void **state)
{
    scene = *state;
    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_policy_of_keys(scene, "a/keys.txt");
    walk("a", damage);
    assert_int_equal(files_n, 33);
    expect_damage("a", "whole", true);
}

/* Entries and tiles changed so that they fit each other: only the signed root tells. */
static void a_register_rewritten_as_a_whole_is_found(void **state)
{
    scene = *state;
    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_copy(scene, SHARED_LOGS "/synth-600-fork", "b");
    log_policy_of_keys(scene, "a/keys.txt");
    log_shell(scene, "rm -r a/tile a/checkpoints && cp -r b/tile a/tile");
    log_expect(scene, 1, "verify @a --policy policy --foreign", "checkpoint: ");
    log_expect(scene, 1, "prove @a 599", "damaged");
    log_expect(scene, 1, "prove @a 0", "damaged");
}

/* Files that are newer than the checkpoint: the publisher is at work. */
static void what_is_newer_is_not_damage(void **state)
{
    scene = *state;
    log_copy(scene, SHARED_LOGS "/synth-600", "a");
    log_policy_of_keys(scene, "a/keys.txt");
    log_shell(scene, "cd a/tile && cp 0/002.p/88 0/002.p/89 && cp 0/002.p/88 0/002.p/090 && "
                     "cp entries/002.p/88 entries/002.p/88.part && cp 0/000 0/003 && cp 0/000 2");
    log_expect(scene, 0, "verify @a --policy policy --foreign", NULL);
    /* The full tile stands in for the partial one that went. */
    log_shell(scene, "cd a/tile && rm 0/002.p/* entries/002.p/88* && cp 0/001 0/002");
    log_expect(scene, 1, "verify @a --policy policy --foreign", "tile/entries/002.p/88");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, log_scene_open, log_scene_close)
    const struct CMUnitTest tests[] = {
        TEST(every_byte_of_a_small_register_counts),
        TEST(no_file_of_a_register_may_be_damaged),
        TEST(a_register_rewritten_as_a_whole_is_found),
        TEST(what_is_newer_is_not_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
