/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A folder with a signer, a register of ours and one of a peer, each with a second history that
 * parts from the first at an entry: what a fork would look like. Every signature that came out is
 * written down, and two roots at one size, or a size after a larger one, fail the test at once.
 */
#ifndef TESTS_SIGNER_SCENE_H
#define TESTS_SIGNER_SCENE_H

#include "cm.h"
#include "tool.h"

#include "doors/signer/signer.h"
#include "rules/tree.h"
#include "wire/note.h"
#include "wire/witness.h"

enum { SCENE_LEAVES = 512, SCENE_PARTS_AT = 1, SCENE_NOW = 1767225600 };

#define SCENE_ORIGIN S("coop.example/log")
#define SCENE_PEER S("peer.example/log")

struct scene {
    struct tool_folder folder;
    char data[128];
    struct signer *signer;
    struct arena arena;
    struct hash_sha256_ctx sha;
    struct tree_hash leaves[2][SCENE_LEAVES]; /* [1] is the other history */
    struct sign_pair peer;
    struct note_key peer_key;
    str peer_vkey;
    /* What was signed for us, and cosigned for the peer. */
    uint64_t size[2];
    struct tree_hash root[2];
    bool any[2];
};

/* --- trees ----------------------------------------------------------------------------------- */

struct scene_source {
    struct scene *scene;
    int history;
};

static inline no scene_node(void *self, unsigned level, uint64_t index, struct tree_hash *out)
{
    struct scene_source *source = self;

    tree_over(&source->scene->sha,
              source->scene->leaves[source->history] + ((size_t)index << level), (size_t)1 << level,
              out);
    return YES;
}

static inline struct tree_hash scene_root(struct scene *scene, int history, uint64_t size)
{
    struct tree_hash root;

    tree_over(&scene->sha, scene->leaves[history], (size_t)size, &root);
    return root;
}

static inline struct tree_proof scene_proof(struct scene *scene, int history, uint64_t from,
                                            uint64_t to)
{
    struct scene_source self = {scene, history};
    const struct tree_source source = {scene_node, &self};
    struct tree_proof proof = {.n = 0};

    if (from <= to)
        assert_int_equal(tree_consistency_build(&scene->sha, &source, from, to, &proof), YES);
    return proof;
}

static inline str scene_text(struct scene *scene, str origin, int history, uint64_t size)
{
    struct checkpoint checkpoint = {.origin = origin, .size = size};
    const struct tree_hash root = size == 0 ? tree_empty() : scene_root(scene, history, size);
    struct buf out;

    memcpy(checkpoint.root, root.bytes, HASH_SIZE);
    buf_init(&out, &scene->arena, 512);
    assert_int_equal(checkpoint_put(&out, &checkpoint), YES);
    return buf_str(&out);
}

/* --- the folder ------------------------------------------------------------------------------ */

/* A key whose seed counts up from `first`, as those of specs register 3.9 do. */
static inline void scene_put_key(struct scene *scene, const char *name, uint8_t first)
{
    char text[2 * SIGN_SEED_SIZE], path[256];
    uint8_t seed[SIGN_SEED_SIZE];

    for (uint8_t i = 0; i < SIGN_SEED_SIZE; i++)
        seed[i] = (uint8_t)(first + i);
    str_hex(seed, sizeof seed, text);
    (void)snprintf(path, sizeof path, "data/signer/%s", name);
    tool_put(&scene->folder, path, text, sizeof text);
    (void)snprintf(path, sizeof path, "%s/signer/%s", scene->data, name);
    assert_int_equal(chmod(path, 0600), 0);
}

/* Our keys are the golden ones. */
static inline void scene_put_keys(struct scene *scene)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/signer", scene->data);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/signer/state", scene->data);
    assert_int_equal(mkdir(path, 0700), 0);
    scene_put_key(scene, "log.key", 0);
    scene_put_key(scene, "witness.key", 32);
}

/* Everything but the signer. */
static inline void scene_set(struct scene *scene)
{
    static const uint8_t peer_seed[SIGN_SEED_SIZE] = {7};
    struct buf vkey;

    memset(scene, 0, sizeof *scene);
    tool_folder_make(&scene->folder);
    (void)snprintf(scene->data, sizeof scene->data, "%s/data", scene->folder.path);
    assert_int_equal(mkdir(scene->data, 0700), 0);
    assert_true(arena_init(&scene->arena, (size_t)64 << 20));
    hash_sha256_init(&scene->sha);
    for (int h = 0; h < 2; h++)
        for (int i = 0; i < SCENE_LEAVES; i++) {
            const char entry[2] = {(char)i, (char)(i >> 8 | (i < SCENE_PARTS_AT ? 0 : h << 6))};

            tree_leaf(&scene->sha, (str){entry, sizeof entry}, &scene->leaves[h][i]);
        }
    sign_pair_of_seed(peer_seed, &scene->peer);
    assert_int_equal(
        note_key_make(SCENE_PEER, NOTE_ED25519, scene->peer.public_key, &scene->peer_key), YES);
    buf_init(&vkey, &scene->arena, 256);
    note_key_put(&vkey, &scene->peer_key);
    buf_put_char(&vkey, '\n');
    scene->peer_vkey = buf_str(&vkey);
    scene_put_keys(scene);
}

static inline void scene_start(struct scene *scene)
{
    assert_int_equal(signer_start(&scene->signer, scene->data), YES);
}

static inline void scene_clear(struct scene *scene)
{
    signer_stop(scene->signer);
    scene->signer = NULL;
    hash_sha256_release(&scene->sha);
    arena_release(&scene->arena);
    tool_folder_remove(&scene->folder);
}

/* --- asking ---------------------------------------------------------------------------------- */

/* `who`: 0 our register, 1 the peer's. */
static inline void scene_was_signed(struct scene *scene, int who, int history, uint64_t size)
{
    const struct tree_hash root = size == 0 ? tree_empty() : scene_root(scene, history, size);

    if (scene->any[who] && size < scene->size[who])
        fail_msg("size %d was signed after %d", (int)size, (int)scene->size[who]);
    if (scene->any[who] && size == scene->size[who] && !tree_equal(&root, &scene->root[who]))
        fail_msg("two roots were signed at size %d", (int)size);
    scene->any[who] = true;
    scene->size[who] = size;
    scene->root[who] = root;
}

static inline no scene_sign_text(struct scene *scene, uint64_t old, const struct tree_proof *proof,
                                 str text, str *lines)
{
    const struct keeper_ask ask = {.origin = SCENE_ORIGIN,
                                   .old_size = old,
                                   .proof = proof->hashes,
                                   .proof_n = proof->n,
                                   .text = text};

    return signer_sign(scene->signer, &scene->arena, &ask, lines);
}

static inline no scene_sign(struct scene *scene, int history, uint64_t old, uint64_t size)
{
    const struct tree_proof proof = scene_proof(scene, history, old, size);
    str lines;
    const no answer =
        scene_sign_text(scene, old, &proof, scene_text(scene, SCENE_ORIGIN, history, size), &lines);

    if (answer == YES)
        scene_was_signed(scene, 0, history, size);
    return answer;
}

/* A body of add-checkpoint, signed by the peer's key under the checkpoint's origin. */
static inline str scene_body_of(struct scene *scene, uint64_t old, const struct tree_proof *proof,
                                str text)
{
    struct witness_request *request = arena_take(&scene->arena, sizeof *request);
    struct checkpoint checkpoint;
    struct note_key key;
    struct buf note, body;

    buf_init(&note, &scene->arena, 1024);
    buf_put(&note, text);
    buf_put_char(&note, '\n');
    assert_int_equal(checkpoint_read(text, &checkpoint), YES);
    assert_int_equal(note_key_make(checkpoint.origin, NOTE_ED25519, scene->peer.public_key, &key),
                     YES);
    assert_int_equal(note_sign(&note, text, &key, &scene->peer), YES);
    *request = (struct witness_request){.old = old, .hashes_n = proof->n, .note = buf_str(&note)};
    for (size_t i = 0; i < proof->n; i++)
        memcpy(request->hashes[i], proof->hashes[i].bytes, HASH_SIZE);
    buf_init(&body, &scene->arena, 4096);
    witness_request_put(&body, request);
    return buf_str(&body);
}

static inline str scene_body(struct scene *scene, int history, uint64_t old, uint64_t size)
{
    const struct tree_proof proof = scene_proof(scene, history, old, size);

    return scene_body_of(scene, old, &proof, scene_text(scene, SCENE_PEER, history, size));
}

static inline no scene_cosign_body(struct scene *scene, str body, uint64_t now_s,
                                   struct keeper_answer *answer)
{
    const struct keeper_request request = {
        .own = SCENE_ORIGIN, .log_vkeys = scene->peer_vkey, .body = body, .now_s = now_s};

    return signer_cosign(scene->signer, &scene->arena, &request, answer);
}

static inline no scene_cosign(struct scene *scene, int history, uint64_t old, uint64_t size,
                              struct keeper_answer *answer)
{
    const no said =
        scene_cosign_body(scene, scene_body(scene, history, old, size), SCENE_NOW, answer);

    if (said == YES && answer->status == 200)
        scene_was_signed(scene, 1, history, size);
    return said;
}

/* The size that the signer remembers; 0 when it never signed. */
static inline uint64_t scene_remembered(struct scene *scene, int who)
{
    struct note *note = arena_take(&scene->arena, sizeof *note);
    struct checkpoint checkpoint;
    str bytes;
    const no said =
        signer_state(scene->signer, &scene->arena, who == 0 ? SCENE_ORIGIN : SCENE_PEER, &bytes);

    if (said == NO_NOT_FOUND)
        return 0;
    assert_int_equal(said, YES);
    assert_int_equal(note_parse(bytes, note), YES);
    assert_int_equal(checkpoint_parse(note->text, &checkpoint), YES);
    return checkpoint.size;
}

#endif
