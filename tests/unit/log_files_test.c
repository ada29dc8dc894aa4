/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * doors/log: the public files of a register, read from a folder, and files that are put whole.
 */
#include "tlog_data.h"

#include "doors/log/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char folder[64];

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/log_files_test.XXXXXX");
    return arena_init(&arena, 4 << 20) && mkdtemp(folder) != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    char command[128];

    (void)state;
    arena_release(&arena);
    (void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *in_folder(const char *path)
{
    static char name[256];

    (void)snprintf(name, sizeof name, "%s/%s", folder, path);
    return name;
}

static unsigned mode_of(const char *path)
{
    struct stat info;

    return stat(in_folder(path), &info) == 0 ? info.st_mode & 0777 : 0;
}

static str bytes_of(const char *path)
{
    struct log_files files;
    str bytes = STR_NONE;

    assert_int_equal(log_files_open(&files, &arena, str_of(folder)), YES);
    assert_int_equal(log_files_get(&files, &arena, str_of(path), 1 << 16, &bytes), YES);
    log_files_close(&files);
    return bytes;
}

/* --- put ------------------------------------------------------------------------------------- */

static void a_file_is_put_whole_with_its_folders(void **state)
{
    struct log_folder put;

    (void)state;
    (void)umask(022);
    assert_int_equal(log_folder_open(&put, folder, false, false), YES);
    assert_int_equal(log_file_put(&put, S("tile/0/x001/x234/067"), S("first")), YES);
    assert_str(bytes_of("tile/0/x001/x234/067"), "first");
    assert_int_equal(log_file_put(&put, S("tile/0/x001/x234/067"), S("2nd")), YES);
    assert_str(bytes_of("tile/0/x001/x234/067"), "2nd");
    assert_int_equal(log_file_put(&put, S("checkpoint"), STR_NONE), YES);
    assert_int_equal(bytes_of("checkpoint").len, 0);
    assert_int_equal(mode_of("tile/0/x001"), 0755);
    assert_int_equal(mode_of("tile/0/x001/x234/067"), 0644);
    assert_int_equal(mode_of("tile/0/x001/x234/067.part"), 0);
    log_folder_close(&put);
}

static void what_a_crash_left_is_in_nobodys_way(void **state)
{
    struct log_folder put;

    (void)state;
    assert_int_equal(log_folder_open(&put, in_folder("own"), true, true), YES);
    assert_int_equal(log_file_put(&put, S("state/a.part"), S("a longer rest of before")), YES);
    assert_int_equal(log_file_put(&put, S("state/a"), S("new")), YES);
    assert_str(bytes_of("own/state/a"), "new");
    assert_int_equal(mode_of("own"), 0700);
    assert_int_equal(mode_of("own/state/a"), 0600);
    log_folder_close(&put);
}

static void what_cannot_be_put_leaves_the_old(void **state)
{
    struct log_folder put;

    (void)state;
    assert_int_equal(log_folder_open(&put, in_folder("no/where"), true, false), NO_IO_FAILED);
    assert_int_equal(log_folder_open(&put, in_folder("no"), false, false), NO_NOT_FOUND);
    assert_int_equal(log_folder_open(&put, folder, false, false), YES);
    assert_int_equal(log_file_put(&put, S("a"), S("old")), YES);
    /* The name on the way is taken by a folder. */
    assert_int_equal(mkdir(in_folder("a.part"), 0755), 0);
    assert_int_equal(log_file_put(&put, S("a"), S("new")), NO_IO_FAILED);
    assert_str(bytes_of("a"), "old");
    /* A link may not lead the writer elsewhere. */
    assert_int_equal(symlink("/tmp", in_folder("b")), 0);
    assert_int_equal(log_file_put(&put, S("b/c"), S("new")), NO_IO_FAILED);
    assert_int_equal(log_file_put(&put, S("a/c"), S("new")), NO_IO_FAILED);
    log_folder_close(&put);
}

/* --- get ------------------------------------------------------------------------------------- */

static void addresses_are_a_folder_or_http(void **state)
{
    static const struct {
        const char *where;
        no answer;
    } rows[] = {
        {"http://127.0.0.1:1/log/", YES},
        {"https://coop.example/log", YES},
        {"ftp://coop.example/log", NO_BAD_REQUEST},
        {"file:///etc", NO_BAD_REQUEST},
        {"http://coop.example/?q=", NO_BAD_REQUEST},
        {"http://coop.example/#", NO_BAD_REQUEST},
        {"http://coop.example/ a", NO_BAD_REQUEST},
        {"http://coop.example/\r\nX: y", NO_BAD_REQUEST},
        {"", NO_BAD_REQUEST},
        {"/no/such/folder", NO_NOT_FOUND},
        {"/dev/null", NO_NOT_FOUND},
        {"/", YES},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct log_files files;
        const no answer = log_files_open(&files, &arena, str_of(rows[i].where));

        if (answer != rows[i].answer)
            fail_msg("%s: %s", rows[i].where, no_line(answer)->name);
        if (answer == YES)
            log_files_close(&files);
    }
}

static void a_server_that_is_not_there_is_said(void **state)
{
    struct log_files files;
    str note;

    (void)state;
    assert_int_equal(log_files_open(&files, &arena, S("http://127.0.0.1:1/log/")), YES);
    assert_str(files.where, "http://127.0.0.1:1/log");
    assert_int_equal(log_files_checkpoint(&files, &arena, &note), NO_PEER_FAILED);
    assert_int_equal(files.ask, 0);
    log_files_close(&files);
}

static void put_tile(const char *path, size_t size, const char *bytes)
{
    struct log_folder put;
    char room[TILE_SIZE + 1] = {0};

    assert_int_equal(log_folder_open(&put, folder, false, false), YES);
    assert_int_equal(
        log_file_put(&put, str_of(path), bytes == NULL ? (str){room, size} : (str){bytes, size}),
        YES);
    log_folder_close(&put);
}

static void tiles_have_the_size_of_their_width(void **state)
{
    static const struct {
        struct tile tile;
        no answer;
        size_t size;
    } rows[] = {
        {{false, 0, 256, 0}, YES, TILE_SIZE},
        {{false, 0, 3, 0}, YES, 96}, /* gone, out of the full one */
        {{false, 0, 2, 1}, YES, 64},
        {{false, 0, 3, 1}, NO_REGISTER_DAMAGED, 0},
        {{false, 0, 4, 1}, NO_REGISTER_DAMAGED, 0},
        {{false, 0, 5, 1}, NO_NOT_FOUND, 0},
        {{false, 0, 256, 2}, NO_REGISTER_DAMAGED, 0},
        {{false, 0, 256, 3}, NO_REGISTER_DAMAGED, 0},
        {{false, 0, 7, 3}, NO_REGISTER_DAMAGED, 0},
        {{true, 0, 2, 0}, YES, 5},
        {{true, 0, 3, 0}, NO_REGISTER_DAMAGED, 0}, /* half a length behind two */
        {{true, 0, 4, 0}, NO_REGISTER_DAMAGED, 0}, /* cut */
        {{true, 0, 2, 2}, NO_REGISTER_DAMAGED, 0}, /* an entry more */
        {{true, 0, 2, 1}, YES, 5},                 /* out of the full one, not looked at further */
    };
    struct log_files files;

    (void)state;
    put_tile("tile/0/000", TILE_SIZE, NULL);
    put_tile("tile/0/001.p/2", 64, NULL);
    put_tile("tile/0/001.p/3", 95, NULL);
    put_tile("tile/0/001.p/4", 129, NULL);
    put_tile("tile/0/002", TILE_SIZE + 1, NULL);
    put_tile("tile/0/003", 7 * 32 - 1, NULL);
    put_tile("tile/entries/000.p/2", 5, "\0\1a\0\0");
    put_tile("tile/entries/000.p/3", 6, "\0\1a\0\0\0");
    put_tile("tile/entries/000.p/4", 6, "\0\1a\0\2b");
    put_tile("tile/entries/002.p/2", 8, "\0\1a\0\0\0\1b");
    put_tile("tile/entries/001", 7, "\0\1a\0\0\0\0");
    assert_int_equal(log_files_open(&files, &arena, str_of(folder)), YES);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        str bytes = STR_NONE;
        const no answer = log_files_tile(&files, &arena, &rows[i].tile, &bytes);

        if (answer != rows[i].answer || (answer == YES && bytes.len != rows[i].size))
            fail_msg("row %zu: %s, %zu bytes", i, no_line(answer)->name, bytes.len);
    }
    log_files_close(&files);
}

static void a_file_has_an_end(void **state)
{
    struct log_files files;
    str bytes;

    (void)state;
    put_tile("checkpoint", 100, NULL);
    assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0);
    assert_int_equal(log_files_open(&files, &arena, str_of(folder)), YES);
    assert_int_equal(log_files_get(&files, &arena, S("checkpoint"), 99, &bytes), NO_TOO_LARGE);
    assert_int_equal(log_files_get(&files, &arena, S("checkpoint"), 100, &bytes), YES);
    assert_int_equal(log_files_get(&files, &arena, S("pipe"), 100, &bytes), NO_NOT_FOUND);
    assert_int_equal(log_files_get(&files, &arena, S("nobody"), 100, &bytes), NO_NOT_FOUND);
    assert_int_equal(log_files_get(&files, &arena, S("checkpoint/a"), 100, &bytes), NO_NOT_FOUND);
    log_files_close(&files);
}

/* --- nodes: every root and proof of a real register, out of its tiles ------------------------ */

static void the_tiles_of_a_register_give_its_roots(void **state)
{
    static const uint64_t sizes[] = {0, 1, 2, 255, 256, 257, 511, 512, 513, 600};
    struct hash_sha256_ctx sha;
    struct log_files files;
    struct log_nodes nodes;

    (void)state;
    hash_sha256_init(&sha);
    (void)tlog_file(&arena, "logs/synth-600/checkpoint"); /* or skips */
    assert_int_equal(log_files_open(&files, &arena, S("../shared/data/tlog/dev/logs/synth-600")),
                     YES);
    log_nodes_init(&nodes, &files, &arena, &sha, 600);
    const struct tree_source source = log_nodes_source(&nodes);

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char path[64];
        struct tree_hash root, wanted, leaf;
        struct tree_proof proof;
        str entry;

        (void)snprintf(path, sizeof path, "logs/synth-600/checkpoints/%d", (int)sizes[i]);
        (void)tlog_checkpoint(&arena, tlog_file(&arena, path), wanted.bytes);
        assert_int_equal(tree_root_build(&sha, &source, sizes[i], &root), YES);
        assert_true(tree_equal(&root, &wanted));
        if (sizes[i] == 0)
            continue;
        assert_int_equal(tree_inclusion_build(&sha, &source, sizes[i] - 1, sizes[i], &proof), YES);
        assert_int_equal(log_files_entry(&files, &arena, sizes[i] - 1, 600, &entry), YES);
        tree_leaf(&sha, entry, &leaf);
        assert_int_equal(tree_inclusion_verify(&sha, sizes[i] - 1, sizes[i], &leaf, proof.hashes,
                                               proof.n, &root),
                         YES);
    }
    log_files_close(&files);
    hash_sha256_release(&sha);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_put_whole_with_its_folders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_crash_left_is_in_nobodys_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_put_leaves_the_old, set_up, tear_down),
        cmocka_unit_test_setup_teardown(addresses_are_a_folder_or_http, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_is_not_there_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tiles_have_the_size_of_their_width, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_has_an_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_tiles_of_a_register_give_its_roots, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
