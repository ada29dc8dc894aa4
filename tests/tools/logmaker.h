/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Writes a register of any size as public files, for tests and benches: entries in, tiles, bundles
 * and signed checkpoints out, with keys that everybody knows. It shares the tree's frontier with
 * the program and nothing with doors/log/verify: roots come from another way than the one that is
 * tested.
 */
#ifndef TESTS_LOGMAKER_H
#define TESTS_LOGMAKER_H

#include "base/hash.h"
#include "rules/tree.h"
#include "wire/note.h"
#include "wire/tile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LOGMAKER_LEVELS = 8, LOGMAKER_TIME_S = 1767225600, LOGMAKER_WITNESSES = 3 };
#define LOGMAKER_ORIGIN "coop.example/log"

struct logmaker {
    const char *folder;
    struct hash_sha256_ctx sha;
    struct tree_frontier frontier;
    struct tree_hash hashes[LOGMAKER_LEVELS][TILE_WIDTH];
    unsigned counts[LOGMAKER_LEVELS];
    uint64_t indexes[LOGMAKER_LEVELS];
    struct arena arena; /* the bundle at hand, then small things */
    struct buf bundle;
    size_t mark;
    /* The register's key, then the witnesses'. */
    struct sign_pair pairs[1 + LOGMAKER_WITNESSES];
    struct note_key keys[1 + LOGMAKER_WITNESSES];
    int witnesses;   /* how many cosign, */
    uint64_t time_s; /* and when */
};

static inline void logmaker_die(const char *what)
{
    perror(what);
    exit(1);
}

/* The folders of a path, made. */
static inline void logmaker_put(struct logmaker *maker, str path, str bytes)
{
    char name[512];

    (void)snprintf(name, sizeof name, "%s/%.*s", maker->folder, (int)path.len, path.ptr);
    for (char *at = name + 1; (at = strchr(at, '/')) != NULL; at++) {
        *at = 0;
        if (mkdir(name, 0755) != 0 && errno != EEXIST)
            logmaker_die(name);
        *at = '/';
    }
    FILE *file = fopen(name, "wb");

    if (file == NULL ||
        fwrite(bytes.ptr == NULL ? "" : bytes.ptr, 1, bytes.len, file) != bytes.len ||
        fclose(file) != 0)
        logmaker_die(name);
}

static inline void logmaker_keys(struct logmaker *maker)
{
    static const char *const names[] = {LOGMAKER_ORIGIN, "w1.example/witness", "w2.example/witness",
                                        "w3.example/witness"};

    for (size_t i = 0; i <= LOGMAKER_WITNESSES; i++) {
        uint8_t seed[SIGN_SEED_SIZE];

        memset(seed, (int)(i + 1), sizeof seed);
        sign_pair_of_seed(seed, &maker->pairs[i]);
        if (note_key_make(str_of(names[i]), i == 0 ? NOTE_ED25519 : NOTE_COSIGNATURE,
                          maker->pairs[i].public_key, &maker->keys[i]) != YES)
            logmaker_die("key");
    }
}

static inline void logmaker_begin(struct logmaker *maker, const char *folder)
{
    *maker = (struct logmaker){
        .folder = folder, .witnesses = LOGMAKER_WITNESSES, .time_s = LOGMAKER_TIME_S};
    if (!arena_init(&maker->arena, 40 << 20))
        logmaker_die("memory");
    buf_init(&maker->bundle, &maker->arena, TILE_WIDTH * (2 + TILE_ENTRY_SIZE_MAX));
    maker->mark = arena_mark(&maker->arena);
    hash_sha256_init(&maker->sha);
    logmaker_keys(maker);
}

static inline void logmaker_end(struct logmaker *maker)
{
    hash_sha256_release(&maker->sha);
    arena_release(&maker->arena);
}

static inline void logmaker_tile(struct logmaker *maker, bool entries, unsigned level)
{
    const struct tile tile = {entries, (uint8_t)level, (uint16_t)maker->counts[level],
                              maker->indexes[level]};
    struct buf path;

    buf_init(&path, &maker->arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, &tile);
    logmaker_put(maker, buf_str(&path),
                 entries ? buf_str(&maker->bundle)
                         : (str){(const char *)maker->hashes[level],
                                 (size_t)maker->counts[level] * HASH_SIZE});
    arena_rewind(&maker->arena, maker->mark);
}

static inline void logmaker_add(struct logmaker *maker, str entry)
{
    struct tree_hash hash;

    if (maker->counts[0] == 0)
        buf_clear(&maker->bundle);
    tile_bundle_put(&maker->bundle, entry);
    tree_leaf(&maker->sha, entry, &hash);
    tree_frontier_push(&maker->sha, &maker->frontier, &hash);
    for (unsigned level = 0; level < LOGMAKER_LEVELS; level++) {
        maker->hashes[level][maker->counts[level]++] = hash;
        if (maker->counts[level] < TILE_WIDTH)
            return;
        if (level == 0)
            logmaker_tile(maker, true, 0);
        logmaker_tile(maker, false, level);
        tree_over(&maker->sha, maker->hashes[level], TILE_WIDTH, &hash);
        maker->counts[level] = 0;
        maker->indexes[level]++;
    }
}

/* The tiles at the edge that are not full: a checkpoint of this size needs them. */
static inline void logmaker_edge(struct logmaker *maker)
{
    if (maker->counts[0] > 0)
        logmaker_tile(maker, true, 0);
    for (unsigned level = 0; level < LOGMAKER_LEVELS; level++)
        if (maker->counts[level] > 0)
            logmaker_tile(maker, false, level);
}

/* The checkpoint of the entries so far, at `path`. */
static inline void logmaker_checkpoint(struct logmaker *maker, const char *path)
{
    struct checkpoint checkpoint = {.origin = maker->keys[0].name, .size = maker->frontier.size};
    struct tree_hash root;
    struct buf text, note;

    tree_frontier_root(&maker->sha, &maker->frontier, &root);
    memcpy(checkpoint.root, root.bytes, HASH_SIZE);
    buf_init(&text, &maker->arena, 512);
    buf_init(&note, &maker->arena, 2048);
    if (checkpoint_put(&text, &checkpoint) != YES)
        logmaker_die("checkpoint");
    buf_put(&note, buf_str(&text));
    buf_put_char(&note, '\n');
    if (note_sign(&note, buf_str(&text), &maker->keys[0], &maker->pairs[0]) != YES)
        logmaker_die("sign");
    for (int i = 1; i <= maker->witnesses; i++)
        if (note_cosign(&note, buf_str(&text), &maker->keys[i], &maker->pairs[i], maker->time_s) !=
            YES)
            logmaker_die("cosign");
    logmaker_put(maker, str_of(path), buf_str(&note));
    arena_rewind(&maker->arena, maker->mark);
}

/* The policy of a reader: two of the three witnesses; `urls` (NULL, or one for each) are theirs. */
static inline void logmaker_policy(struct logmaker *maker, const char *path,
                                   const char *const *urls)
{
    struct buf text;

    buf_init(&text, &maker->arena, 2048);
    buf_put(&text, S("log "));
    note_key_put(&text, &maker->keys[0]);
    for (int i = 1; i <= LOGMAKER_WITNESSES; i++) {
        buf_printf(&text, "\nwitness w%d ", i);
        note_key_put(&text, &maker->keys[i]);
        if (urls != NULL)
            buf_printf(&text, " %s", urls[i - 1]);
    }
    buf_put(&text, S("\ngroup two 2 w1 w2 w3\nquorum two\n"));
    logmaker_put(maker, str_of(path), buf_str(&text));
    arena_rewind(&maker->arena, maker->mark);
}

/* A canonical entry of about `size` bytes (at least 96), `at_s` its time. */
static inline str logmaker_entry(char *room, size_t size, uint64_t n, int64_t at_s)
{
    const int head = snprintf(
        room, size + 1, "{\"at\":%" PRId64 ",\"id\":\"%032" PRIx64 "\",\"k\":\"txn\",\"note\":\"",
        at_s, n);
    const size_t tail = sizeof "\",\"v\":1}" - 1;

    memset(room + head, 'x', size - (size_t)head - tail);
    memcpy(room + size - tail, "\",\"v\":1}", tail);
    return (str){room, size};
}

#endif
