/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Publishes the register of a store as DATA/log, with the keys of logmaker.h, in one go and without
 * a publisher, a signer or a witness: for tests of what comes after.
 */
#ifndef TESTS_PUBLISHING_H
#define TESTS_PUBLISHING_H

#include "logmaker.h"

#include "deeds/register.h"

static inline no publishing_add(void *maker, const struct register_row *row)
{
    ((struct logmaker *)maker)->time_s = (uint64_t)row->at_s;
    logmaker_add(maker, row->body);
    return YES;
}

/* The key of the register bears its own name. */
static inline void publishing_name(struct logmaker *maker, str origin)
{
    if (note_key_make(origin, NOTE_ED25519, maker->pairs[0].public_key, &maker->keys[0]) != YES)
        logmaker_die("origin");
}

static inline void publishing_keys(struct logmaker *maker)
{
    struct buf text;

    buf_init(&text, &maker->arena, 512);
    note_key_put(&text, &maker->keys[0]);
    buf_put_char(&text, '\n');
    logmaker_put(maker, S("vkey"), buf_str(&text));
    arena_rewind(&maker->arena, maker->mark);
    logmaker_policy(maker, "policy", NULL);
}

/* What the signer remembers of the register: its last note. */
static inline void publishing_state(struct logmaker *maker, const char *data, str origin)
{
    char path[600], hex[2 * HASH_SIZE];
    uint8_t hash[HASH_SIZE];
    const char *log = maker->folder;

    hash_sha256(origin.ptr, origin.len, hash);
    str_hex(hash, sizeof hash, hex);
    (void)snprintf(path, sizeof path, "signer/state/%.*s", (int)sizeof hex, hex);
    maker->folder = data;
    logmaker_checkpoint(maker, path);
    maker->folder = log;
}

/* Entries below `size` (0: all); the caller's reader in ctx->db. Returns how many. */
static inline uint64_t publishing(struct ctx *ctx, const char *data, int64_t size)
{
    struct logmaker *maker = calloc(1, sizeof *maker);
    char folder[512], kept[64];
    str origin;

    (void)snprintf(folder, sizeof folder, "%s/log", data);
    logmaker_begin(maker, folder);
    if (view_register_origin(ctx, &origin) != YES ||
        view_register_rows(ctx, 0, size == 0 ? INT64_MAX : size, publishing_add, maker) != YES)
        logmaker_die("register");
    publishing_name(maker, origin);
    logmaker_edge(maker);
    (void)snprintf(kept, sizeof kept, "checkpoints/%" PRIu64, maker->frontier.size);
    logmaker_checkpoint(maker, kept);
    logmaker_checkpoint(maker, "checkpoint");
    publishing_keys(maker);
    publishing_state(maker, data, origin);
    const uint64_t n = maker->frontier.size;

    logmaker_end(maker);
    free(maker);
    return n;
}

#endif
