/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/log/audit_in.h"

#include "deeds/register.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void audit_say(struct log_auditing *auditing, const char *what, str file, int64_t expected,
               int64_t found)
{
    struct audit_finding finding = {
        .what = what, .table = "log", .expected = expected, .found = found};
    const str shown = str_sub(file, 0, sizeof finding.row - 1);

    memcpy(finding.row, shown.ptr, shown.len);
    auditing->audit->findings_n++;
    auditing->audit->found(auditing->audit->self, &finding);
}

/* --- tiles ------------------------------------------------------------------------------------ */

struct partials {
    struct log_auditing *auditing;
    const struct level *level;
    bool entries;
    unsigned at;
    no failed;
};

/* What the file of the first `width` must be. */
static str bytes_of(const struct log_auditing *auditing, bool entries, const struct level *level,
                    unsigned width)
{
    if (entries)
        return (str){auditing->bundle.ptr, auditing->ends[width - 1]};
    return (str){(const char *)level->hashes, (size_t)width * HASH_SIZE};
}

static no compare(struct log_auditing *auditing, bool entries, unsigned at, unsigned width,
                  bool needed)
{
    const struct level *level = &auditing->levels[at];
    const struct tile tile = {entries, (uint8_t)at, (uint16_t)width, level->index};
    struct arena *arena = auditing->audit->ctx->arena;
    const str wanted = bytes_of(auditing, entries, level, width);
    const size_t mark = arena_mark(arena);
    struct buf path;
    str found;

    buf_init(&path, arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, &tile);
    const no answer =
        log_files_get(&auditing->files, arena, buf_str(&path), wanted.len + 1, &found);

    auditing->audit->files_n += answer == YES;
    if (answer == NO_NOT_FOUND && needed)
        audit_say(auditing, "REGISTER_FILE_MISSING", buf_str(&path), 0, 0);
    else if (answer == NO_TOO_LARGE || (answer == YES && !str_eq(found, wanted)))
        audit_say(auditing, "REGISTER_FILE_DIFFERS", buf_str(&path), (int64_t)wanted.len,
                  answer == YES ? (int64_t)found.len : 0);
    arena_rewind(arena, mark);
    return answer == NO_NOT_FOUND || answer == NO_TOO_LARGE ? YES : answer;
}

static void partial(void *partials_, str name)
{
    struct partials *partials = partials_;
    int64_t width;

    if (partials->failed != YES || !str_to_int64(name, &width) || width <= 0 ||
        width >= partials->level->count)
        return;
    partials->failed =
        compare(partials->auditing, partials->entries, partials->at, (unsigned)width, false);
}

/* Those of earlier checkpoints, while they are there: what somebody has read and kept. */
static no compare_partials(struct log_auditing *auditing, bool entries, unsigned at)
{
    const struct level *level = &auditing->levels[at];
    const struct tile tile = {entries, (uint8_t)at, 1, level->index};
    struct arena *arena = auditing->audit->ctx->arena;
    struct partials partials = {auditing, level, entries, at, YES};
    const size_t mark = arena_mark(arena);
    struct buf path;

    buf_init(&path, arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, &tile);
    path.len -= 2; /* "/1" */
    TRY(log_files_list(&auditing->files, arena, buf_str(&path), partial, &partials));
    arena_rewind(arena, mark);
    return partials.failed;
}

static no check_tile(struct log_auditing *auditing, bool entries, unsigned at)
{
    TRY(compare(auditing, entries, at, auditing->levels[at].count, true));
    return compare_partials(auditing, entries, at);
}

static no push(struct log_auditing *auditing, unsigned at, const struct tree_hash *hash)
{
    struct level *level = &auditing->levels[at];
    struct tree_hash up;

    level->hashes[level->count++] = *hash;
    if (level->count < TILE_WIDTH)
        return YES;
    if (at == 0)
        TRY(check_tile(auditing, true, 0));
    TRY(check_tile(auditing, false, at));
    tree_over(&auditing->sha, level->hashes, TILE_WIDTH, &up);
    level->count = 0;
    level->index++;
    return at + 1 < AUDIT_LEVELS ? push(auditing, at + 1, &up) : YES;
}

static no check_edge(struct log_auditing *auditing)
{
    if (auditing->levels[0].count > 0)
        TRY(check_tile(auditing, true, 0));
    for (unsigned at = 0; at < AUDIT_LEVELS; at++)
        if (auditing->levels[at].count > 0)
            TRY(check_tile(auditing, false, at));
    return YES;
}

/* --- entries ---------------------------------------------------------------------------------- */

static no take_row(void *auditing_, const struct register_row *row)
{
    struct log_auditing *auditing = auditing_;
    struct log_audit *audit = auditing->audit;
    struct tree_hash leaf;

    if (auditing->levels[0].count == 0)
        buf_clear(&auditing->bundle);
    if (row->body.len > TILE_ENTRY_SIZE_MAX)
        return NO_REGISTER_DAMAGED;
    tile_bundle_put(&auditing->bundle, row->body);
    if (buf_failed(&auditing->bundle))
        return NO_TOO_LARGE;
    auditing->ends[auditing->levels[0].count] = auditing->bundle.len;
    tree_leaf(&auditing->sha, row->body, &leaf);
    tree_frontier_push(&auditing->sha, &auditing->tree, &leaf);
    TRY(push(auditing, 0, &leaf));
    if (audit->progress != NULL && auditing->tree.size % 65536 == 0)
        audit->progress(audit->self, (int64_t)auditing->tree.size, (int64_t)audit->size);
    return audit_kept(auditing);
}

static no walk(struct log_auditing *auditing)
{
    struct log_audit *audit = auditing->audit;

    TRY(audit_kept(auditing));
    TRY(view_register_rows(audit->ctx, 0, (int64_t)audit->size, take_row, auditing));
    TRY(check_edge(auditing));
    return audit_last(auditing);
}

static no run(struct log_auditing *auditing)
{
    struct log_audit *audit = auditing->audit;

    TRY(audit_begin(auditing));
    if (!audit->published)
        return YES;
    buf_init(&auditing->bundle, audit->ctx->arena, 256 << 10);
    TRY(db_snapshot(audit->ctx->db));
    const no answer = walk(auditing);

    db_snapshot_end(audit->ctx->db);
    return answer;
}

no log_audit(struct log_audit *audit)
{
    struct log_auditing *auditing = arena_take(audit->ctx->arena, sizeof *auditing);
    char path[LOG_PATH_MAX];

    audit->published = audit->forked = audit->quorum_met = false;
    audit->size = audit->files_n = 0;
    audit->findings_n = 0;
    if (auditing == NULL || snprintf(path, sizeof path, "%s/log", audit->data) >= LOG_PATH_MAX)
        return NO_TOO_LARGE;
    *auditing = (struct log_auditing){.audit = audit};
    const no opened = log_files_open(&auditing->files, audit->ctx->arena, str_of(path));

    if (opened != YES)
        return opened == NO_NOT_FOUND ? YES : opened;
    hash_sha256_init(&auditing->sha);
    const no answer = run(auditing);

    hash_sha256_release(&auditing->sha);
    log_files_close(&auditing->files);
    return answer;
}
