/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/log/verify.h"

#include "doors/log/verify_in.h"
#include "wire/jcs.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

no walk_no(struct log_verify *verify, no why, const char *format, ...)
{
    va_list values;

    if (why == YES || verify->where[0] != 0)
        return why;
    va_start(values, format);
    (void)vsnprintf(verify->where, sizeof verify->where, format, values);
    va_end(values);
    return why;
}

/* --- entries --------------------------------------------------------------------------------- */

static no check_entry(struct walk *walk, str entry)
{
    struct jcs_head head;

    if (walk->verify->foreign)
        return YES;
    TRY(jcs_entry_check(entry));
    TRY(jcs_head_read(entry, &head));
    if (head.at < walk->at_s)
        return NO_ENTRY_TIME_BACK;
    walk->at_s = head.at;
    return YES;
}

static no take_entry(struct walk *walk, str entry, size_t end)
{
    struct tree_hash leaf;

    TRY(walk_no(walk->verify, check_entry(walk, entry), "entry %" PRIu64, walk->size));
    tree_leaf(walk->sha, entry, &leaf);
    walk->ends[walk->size % TILE_WIDTH] = end;
    walk->size++;
    walk->verify->entries++;
    TRY(walk_push(walk, 0, &leaf));
    return walk->size == walk->stop ? walk_stop(walk) : YES;
}

static no read_bundle(struct walk *walk, const struct tile *tile)
{
    struct log_verify *verify = walk->verify;
    struct buf path;
    no answer = log_files_tile(verify->files, verify->arena, tile, &walk->bundle);

    verify->files_n++;
    if (answer == YES)
        return YES;
    if (answer == NO_NOT_FOUND)
        answer = NO_REGISTER_DAMAGED;
    buf_init(&path, verify->arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, tile);
    return walk_no(verify, answer, "%.*s", (int)path.len, path.ptr);
}

static no take_bundle(struct walk *walk, const struct tile *tile)
{
    struct log_verify *verify = walk->verify;
    const size_t mark = arena_mark(verify->arena);
    struct tile_bundle bundle = {0};
    str entry;

    TRY(read_bundle(walk, tile));
    bundle.bytes = walk->bundle;
    while (bundle.count < tile->width) {
        TRY(tile_bundle_next(&bundle, &entry));
        TRY(take_entry(walk, entry, bundle.at));
    }
    /* The last bundle is compared with once more, at the edge. */
    if (tile->width == TILE_WIDTH)
        arena_rewind(verify->arena, mark);
    if (verify->progress != NULL)
        verify->progress(verify->self, walk->size, verify->verdict.checkpoint.size);
    return YES;
}

/* --- the whole ------------------------------------------------------------------------------- */

static no take_all(struct walk *walk)
{
    const uint64_t size = walk->verify->verdict.checkpoint.size;

    if (walk->stop == 0)
        TRY(walk_stop(walk));
    for (uint64_t at = 0; walk->size < size; at++) {
        const struct tile tile = {true, 0, (uint16_t)tile_width(size, 0, at), at};

        TRY(take_bundle(walk, &tile));
    }
    return walk_edge(walk);
}

static no check_root(struct walk *walk)
{
    struct log_verify *verify = walk->verify;
    struct tree_hash root;

    TRY(tree_root_build(walk->sha, &walk->source, walk->size, &root));
    if (memcmp(root.bytes, verify->verdict.checkpoint.root, HASH_SIZE) != 0)
        return walk_no(verify, NO_REGISTER_DAMAGED, "checkpoint");
    /* Who cosigned had seen the last entry. The last of them counts: a clock may be slow. */
    if (walk->size > 0 && verify->verdict.witnesses != 0 && !verify->foreign &&
        walk->at_s > (int64_t)verify->verdict.newest_s + LOG_AHEAD_S)
        return walk_no(verify, NO_ENTRY_TIME_AHEAD, "entry %" PRIu64, walk->size - 1);
    return YES;
}

static no check_checkpoint(struct log_verify *verify)
{
    no answer = log_files_checkpoint(verify->files, verify->arena, &verify->note);

    if (answer == YES)
        answer = policy_weigh_checkpoint(verify->policy, verify->note, &verify->verdict);
    return walk_no(verify, answer, "checkpoint");
}

static no run(struct walk *walk)
{
    struct log_verify *verify = walk->verify;
    uint64_t largest = 0;

    /* Listed first: what is published meanwhile is no step back. */
    TRY(walk_list_kept(walk, 0, &largest));
    TRY(check_checkpoint(verify));
    TRY(walk_check_larger(walk, largest));
    TRY(walk_stops_begin(walk));
    TRY(take_all(walk));
    TRY(check_root(walk));
    if (walk->fork != YES)
        return walk_no(verify, walk->fork, "%s", walk->fork_where);
    if (!verify->verdict.met)
        return walk_no(verify, NO_QUORUM_UNMET, "checkpoint");
    return YES;
}

no log_verify(struct log_verify *verify)
{
    struct walk *walk = arena_take(verify->arena, sizeof *walk);
    struct hash_sha256_ctx sha;

    assert(verify->olds_n <= LOG_OLDS_MAX);
    verify->where[0] = 0;
    verify->entries = verify->files_n = verify->kept_n = 0;
    if (walk == NULL)
        return NO_OUT_OF_MEMORY;
    hash_sha256_init(&sha);
    walk->verify = verify;
    walk->sha = &sha;
    walk->source = (struct tree_source){.node = walk_node, .self = walk};
    const no answer = run(walk);

    hash_sha256_release(&sha);
    return answer;
}
