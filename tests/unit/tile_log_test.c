/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Whole logs of others, of which every file and every root is made again from the entries alone;
 * and proofs read from their tiles.
 */
#include "cm.h"
#include "tlog_data.h"

#include "rules/tree.h"
#include "wire/tile.h"

#include <dirent.h>

static struct arena arena;
static struct hash_sha256_ctx sha;

static int start(void **state)
{
    (void)state;
    hash_sha256_init(&sha);
    return arena_init(&arena, 8u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    hash_sha256_release(&sha);
    arena_release(&arena);
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

static str path_of(const struct tile *tile)
{
    struct buf out;

    buf_init(&out, &arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&out, tile);
    assert_false(buf_failed(&out));
    assert_true(out.len <= TILE_PATH_SIZE_MAX);
    return buf_str(&out);
}

enum { LEAVES_MAX = 600 };
struct log {
    const char *folder;
    struct tree_hash leaves[LEAVES_MAX];
    struct tree_hash uppers[LEAVES_MAX / TILE_WIDTH]; /* what tiles of level 1 hold */
    size_t size;
};

static str log_file(const struct log *log, str path)
{
    char name[256];

    (void)snprintf(name, sizeof name, "%s/%.*s", log->folder, (int)path.len, path.ptr);
    return tlog_file(&arena, name);
}

/* Every entry of the bundles that a log of `size` must have. */
static void log_read(struct log *log, uint64_t size)
{
    struct tile_walk walk = {.to = size};
    struct tile tile;

    log->size = 0;
    while (tile_walk_next(&walk, &tile) && tile.entries) {
        struct tile_bundle bundle = {.bytes = log_file(log, path_of(&tile))};
        str entry;

        assert_int_equal(tile_bundle_check(bundle.bytes, tile.width), YES);
        while (tile_bundle_next(&bundle, &entry) == YES) {
            assert_true(log->size < LEAVES_MAX);
            tree_leaf(&sha, entry, &log->leaves[log->size++]);
        }
    }
    assert_int_equal(log->size, size);
    for (size_t i = 0; i < size / TILE_WIDTH; i++)
        tree_over(&sha, log->leaves + i * TILE_WIDTH, TILE_WIDTH, &log->uppers[i]);
}

/* A bundle of an earlier size is the beginning of the full one; a tile is its fingerprints. */
static void check_file(const struct log *log, const struct tile *tile)
{
    const str got = log_file(log, path_of(tile));
    const struct tree_hash *level = tile->level == 0 ? log->leaves : log->uppers;

    if (tile->entries) {
        struct tile_bundle bundle = {.bytes = got};
        size_t index = tile->index * TILE_WIDTH;
        struct tree_hash leaf;
        str entry;

        assert_int_equal(tile_bundle_check(got, tile->width), YES);
        for (; tile_bundle_next(&bundle, &entry) == YES; index++) {
            tree_leaf(&sha, entry, &leaf);
            assert_true(tree_equal(&leaf, &log->leaves[index]));
        }
        return;
    }
    assert_true(tile->level < 2);
    assert_int_equal(got.len, tile->width * TILE_HASH_SIZE);
    assert_memory_equal(got.ptr, level + tile->index * TILE_WIDTH, got.len);
}

/* Every file that is new between two checkpoints; how many. */
static size_t check_growth(const struct log *log, uint64_t from, uint64_t to)
{
    struct tile_walk walk = {.from = from, .to = to};
    struct tile tile;
    size_t files = 0;

    for (; tile_walk_next(&walk, &tile); files++) {
        const size_t mark = arena_mark(&arena);

        check_file(log, &tile);
        arena_rewind(&arena, mark);
    }
    return files;
}

static uint64_t checkpoint_of(const struct log *log, const char *name, struct tree_hash *root)
{
    return tlog_checkpoint(&arena, log_file(log, str_of(name)), root->bytes);
}

/* Files below a folder of the shared data. */
static size_t count_files(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    size_t count = 0;
    char name[512];

    if (dir == NULL)
        return 1;
    while ((entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        (void)snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        count += count_files(name);
    }
    closedir(dir);
    return count;
}

static size_t count_tiles(const struct log *log)
{
    const char *folder = getenv("FILON_SHARED");
    char path[512];

    (void)snprintf(path, sizeof path, "%s/data/tlog/dev/%s/tile",
                   folder == NULL ? "../shared" : folder, log->folder);
    return count_files(path);
}

/* A log whose checkpoints are known: every file of it, and every root, from its entries. */
static void check_log(struct log *log, const char *pattern, const uint64_t *sizes, size_t sizes_n)
{
    struct tree_hash wanted, root;
    uint64_t before = 0;
    size_t files = 0;

    (void)checkpoint_of(log, "checkpoint", &wanted); /* skips when the log is not there */
    log_read(log, sizes[sizes_n - 1]);
    for (size_t i = 0; i < sizes_n; i++) {
        char name[64];

        (void)snprintf(name, sizeof name, "%s%llu", pattern, (unsigned long long)sizes[i]);
        assert_int_equal(checkpoint_of(log, name, &wanted), sizes[i]);
        tree_over(&sha, log->leaves, sizes[i], &root);
        assert_true(tree_equal(&root, &wanted));
        files += check_growth(log, before, sizes[i]);
        before = sizes[i];
    }
    assert_int_equal(checkpoint_of(log, "checkpoint", &wanted), log->size);
    assert_true(tree_equal(&root, &wanted));
    print_message("# %s: %zu entries, %zu files, %zu checkpoints\n", log->folder, log->size, files,
                  sizes_n);
    assert_int_equal(files, count_tiles(log));
}

static const uint64_t synth_sizes[] = {0, 1, 2, 255, 256, 257, 511, 512, 513, 600};
enum { SYNTH_N = sizeof synth_sizes / sizeof synth_sizes[0] };

static void a_log_of_600_is_made_again(void **state)
{
    static struct log log = {.folder = "logs/synth-600"};

    (void)state;
    check_log(&log, "checkpoints/", synth_sizes, SYNTH_N);
}

static void its_fork_is_made_again(void **state)
{
    static struct log log = {.folder = "logs/synth-600-fork"};

    (void)state;
    check_log(&log, "checkpoints/", synth_sizes, SYNTH_N);
}

static void a_log_of_tessera_is_made_again(void **state)
{
    static struct log log = {.folder = "logs/tessera-15"};
    uint64_t sizes[16];

    (void)state;
    for (size_t i = 0; i < 16; i++)
        sizes[i] = i;
    check_log(&log, "checkpoint.", sizes, 16);
}

static void the_golden_log_is_made_again(void **state)
{
    static struct log log = {.folder = "golden/log"};
    const str text = tlog_file(&arena, "golden/golden.json");
    const struct json *golden;
    struct tree_hash root, wanted;
    struct buf bundle;
    int line;

    (void)state;
    assert_int_equal(json_parse(&arena, text, &golden, &line), YES);
    const struct json *entries = json_get(golden, S("entries"));
    const struct json *leaves = json_get(golden, S("leaf_hashes_hex"));
    const struct json *roots = json_get(golden, S("roots_hex"));

    log_read(&log, 3);
    buf_init(&bundle, &arena, 0);
    assert_int_equal(entries->items_n, 3);
    for (size_t i = 0; i < 3; i++) {
        struct tree_hash leaf;

        tile_bundle_put(&bundle, entries->items[i].text);
        tree_leaf(&sha, entries->items[i].text, &leaf);
        assert_memory_equal(leaf.bytes, tlog_hex(&arena, leaves->items[i].text).ptr, HASH_SIZE);
        assert_true(tree_equal(&leaf, &log.leaves[i]));
    }
    for (size_t i = 0; i <= 3; i++) {
        tree_over(&sha, log.leaves, i, &root);
        assert_memory_equal(root.bytes, tlog_hex(&arena, roots->items[i].text).ptr, HASH_SIZE);
    }
    assert_true(str_eq(buf_str(&bundle),
                       tlog_hex(&arena, json_text_of(golden, S("bundle_3_hex"), STR_NONE))));
    assert_true(str_eq(buf_str(&bundle), log_file(&log, S("tile/entries/000.p/3"))));
    assert_true(str_eq(entries->items[1].text, tlog_file(&arena, "golden/leaf-1")));
    assert_int_equal(checkpoint_of(&log, "checkpoint", &wanted), 3);
    assert_true(tree_equal(&root, &wanted));
    assert_int_equal(checkpoint_of(&log, "checkpoint.1", &wanted), 1);
    assert_true(tree_equal(&log.leaves[0], &wanted));
    assert_int_equal(check_growth(&log, 0, 3), count_tiles(&log));
}

/* --- proofs from tiles ----------------------------------------------------------------------- */

/* Nodes read from the files of a log that has `size` entries now. */
struct tiled {
    const struct log *log;
    uint64_t size;
};

static no tiled_node(void *self, unsigned level, uint64_t index, struct tree_hash *out)
{
    const struct tiled *tiled = self;
    struct tile_span span = tile_span_of_node(level, index);
    struct tree_hash hashes[TILE_WIDTH];
    const size_t mark = arena_mark(&arena);

    assert_true(tile_is_within(&span.tile, tiled->size));
    span.tile.width = (uint16_t)tile_width(tiled->size, span.tile.level, span.tile.index);
    const str bytes = log_file(tiled->log, path_of(&span.tile));

    assert_int_equal(bytes.len, span.tile.width * TILE_HASH_SIZE);
    memcpy(hashes, bytes.ptr, bytes.len);
    arena_rewind(&arena, mark);
    tree_over(&sha, hashes + span.first, span.count, out);
    return YES;
}

static void proofs_are_built_from_tiles(void **state)
{
    static struct log log = {.folder = "logs/synth-600"};
    struct tiled tiled = {&log, 600};
    const struct tree_source source = {tiled_node, &tiled};
    struct tree_hash roots[SYNTH_N], root;
    struct tree_proof proof;

    (void)state;
    (void)checkpoint_of(&log, "checkpoint", &root);
    log_read(&log, 600);
    for (size_t j = 0; j < SYNTH_N; j++) {
        char name[64];

        (void)snprintf(name, sizeof name, "checkpoints/%d", (int)synth_sizes[j]);
        (void)checkpoint_of(&log, name, &roots[j]);
        assert_int_equal(tree_root_build(&sha, &source, synth_sizes[j], &root), YES);
        assert_true(tree_equal(&root, &roots[j]));
        for (size_t i = 0; i <= j; i++) {
            assert_int_equal(
                tree_consistency_build(&sha, &source, synth_sizes[i], synth_sizes[j], &proof), YES);
            assert_int_equal(tree_consistency_verify(&sha, synth_sizes[i], synth_sizes[j],
                                                     &roots[i], &roots[j], proof.hashes, proof.n),
                             YES);
        }
    }
    for (uint64_t i = 0; i < 600; i += 7) {
        assert_int_equal(tree_inclusion_build(&sha, &source, i, 600, &proof), YES);
        assert_int_equal(tree_inclusion_verify(&sha, i, 600, &log.leaves[i], proof.hashes, proof.n,
                                               &roots[SYNTH_N - 1]),
                         YES);
    }
}

/* The fork shares a beginning; from the first size at which its root differs, nothing it can show
 * makes the two one log. */
static void a_fork_is_noticed(void **state)
{
    static struct log log = {.folder = "logs/synth-600"}, fork = {.folder = "logs/synth-600-fork"};
    struct tiled tiled = {&fork, 600};
    const struct tree_source source = {tiled_node, &tiled};
    struct tree_hash root, now;
    struct tree_proof proof;
    size_t same = 0, different = 0;

    (void)state;
    (void)checkpoint_of(&fork, "checkpoint", &now);
    log_read(&fork, 600);
    for (size_t i = 1; i < SYNTH_N; i++) {
        struct tree_hash forked;
        char name[64];

        (void)snprintf(name, sizeof name, "checkpoints/%d", (int)synth_sizes[i]);
        (void)checkpoint_of(&log, name, &root);
        (void)checkpoint_of(&fork, name, &forked);
        const bool equal = tree_equal(&root, &forked);

        assert_int_equal(tree_consistency_build(&sha, &source, synth_sizes[i], 600, &proof), YES);
        assert_int_equal(
            tree_consistency_verify(&sha, synth_sizes[i], 600, &root, &now, proof.hashes, proof.n),
            equal ? YES : NO_PROOF_DOES_NOT_HOLD);
        same += equal;
        different += !equal;
    }
    print_message("# fork: %zu checkpoints in common, %zu not\n", same, different);
    assert_true(same > 0 && different > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_log_of_600_is_made_again, fresh),
        cmocka_unit_test_setup(its_fork_is_made_again, fresh),
        cmocka_unit_test_setup(a_log_of_tessera_is_made_again, fresh),
        cmocka_unit_test_setup(the_golden_log_is_made_again, fresh),
        cmocka_unit_test_setup(proofs_are_built_from_tiles, fresh),
        cmocka_unit_test_setup(a_fork_is_noticed, fresh),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
