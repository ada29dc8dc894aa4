/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/backup/restore_in.h"

#include "deeds/audit.h"
#include "deeds/backup.h"
#include "deeds/register.h"
#include "deeds/register_incident.h"
#include "doors/jobs/erasures.h"
#include "doors/log/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { KEYS_MAX = 4096 };

/* --- the public files ------------------------------------------------------------------------- */

/* The keys of the register as the backup has them, as a policy that asks for no witness: whether
 * the quorum had been met is no question of whether the files are whole. */
static no read_policy(struct backup_restore *restore, struct log_files *files,
                      struct policy **policy)
{
    struct buf text;
    unsigned line;
    str keys, key;

    *policy = arena_take(restore->arena, sizeof **policy);
    if (*policy == NULL)
        return NO_TOO_LARGE;
    TRY(log_files_get(files, restore->arena, S("vkey"), KEYS_MAX, &keys));
    buf_init(&text, restore->arena, 1024);
    while (keys.len > 0) {
        (void)str_cut(keys, '\n', &key, &keys);
        if (key.len > 0)
            buf_printf(&text, "log %.*s\n", (int)key.len, key.ptr);
    }
    buf_put(&text, S("quorum none\n"));
    return buf_failed(&text) ? NO_TOO_LARGE : policy_parse(buf_str(&text), *policy, &line);
}

static void files_step(void *restore, uint64_t done, uint64_t of)
{
    restore_step(restore, "register", done, of);
}

static no check_tiles(struct backup_restore *restore, struct log_files *files,
                      struct tree_hash *root)
{
    struct log_verify verify = {
        .files = files, .arena = restore->arena, .progress = files_step, .self = restore};
    struct policy *policy;
    const no known = read_policy(restore, files, &policy);

    if (known != YES)
        return restore_no(restore, "log/vkey",
                          known == NO_NOT_FOUND ? NO_BACKUP_FILE_DIFFERS : known);
    verify.policy = policy;
    const no answer = log_verify(&verify);

    if (answer != YES) {
        char where[LOG_WHERE_MAX + sizeof "log/"];

        (void)snprintf(where, sizeof where, "log/%s", verify.where);
        return restore_no(restore, where, answer);
    }
    /* MANIFEST has it verbatim; a note with other signatures would be another. */
    if (!str_eq(verify.note, restore->manifest.checkpoint))
        return restore_no(restore, "log/checkpoint", NO_BACKUP_REGISTER_DIFFERS);
    memcpy(root->bytes, verify.verdict.checkpoint.root, sizeof root->bytes);
    return YES;
}

/* --- the register ----------------------------------------------------------------------------- */

static no check_root(struct backup_restore *restore, struct ctx *ctx, uint64_t size,
                     const struct tree_hash *expected)
{
    struct tree_hash root;
    const no answer = view_register_root(ctx, size, &root);

    if (answer == NO_NOT_FOUND || answer == NO_REGISTER_DAMAGED ||
        (answer == YES && !tree_equal(&root, expected)))
        return restore_no(restore, "filon.db", NO_BACKUP_REGISTER_DIFFERS);
    return restore_no(restore, "filon.db", answer);
}

static bool is_ours(struct ctx *ctx, const struct checkpoint *checkpoint)
{
    str origin;

    return view_register_origin(ctx, &origin) == YES && str_eq(origin, checkpoint->origin);
}

static no check_log(struct backup_restore *restore, struct ctx *ctx)
{
    struct note *note = arena_take(restore->arena, sizeof *note);
    char path[BACKUP_PATH_MAX];
    struct checkpoint checkpoint;
    struct log_files files;
    struct tree_hash root;

    if (note == NULL)
        return NO_TOO_LARGE;
    TRY(backup_path(path, restore->folder, "log"));
    TRY(restore_no(restore, "log", log_files_open(&files, restore->arena, str_of(path))));
    no answer = check_tiles(restore, &files, &root);

    log_files_close(&files);
    TRY(answer);
    TRY(note_parse(restore->manifest.checkpoint, note));
    TRY(checkpoint_parse(note->text, &checkpoint));
    if (!is_ours(ctx, &checkpoint) || checkpoint.size > restore->manifest.register_size)
        return restore_no(restore, "log/checkpoint", NO_BACKUP_REGISTER_DIFFERS);
    return check_root(restore, ctx, checkpoint.size, &root);
}

/* --- the audit -------------------------------------------------------------------------------- */

static void note_finding(void *restore_, const struct audit_finding *finding)
{
    struct backup_restore *restore = restore_;

    if (restore->findings++ == 0)
        (void)snprintf(restore->where, sizeof restore->where,
                       "%s (entry %" PRId64 ", transfer %" PRId64 ", account %" PRId64
                       ", register %" PRId64 ")",
                       finding->what, finding->entry, finding->seq, finding->account,
                       finding->index);
}

static void audit_step(void *restore, int64_t done, int64_t of)
{
    restore_step(restore, "audit", (uint64_t)done, (uint64_t)of);
}

static no audit(struct backup_restore *restore, struct ctx *ctx)
{
    struct audit_report report = {.say = note_finding, .progress = audit_step, .self = restore};
    const size_t mark = arena_mark(ctx->arena);

    restore->findings = 0;
    TRY(view_audit(ctx, &report));
    arena_rewind(ctx->arena, mark);
    return report.findings_n == 0 ? YES : NO_BACKUP_AUDIT_FAILED;
}

/* --- the whole -------------------------------------------------------------------------------- */

static no erase_again(struct backup_restore *restore, struct ctx *ctx)
{
    restore->erased = 0;
    restore->still = false;
    if (access(restore->data, F_OK) != 0)
        return YES;
    return restore_no(restore, "erasures",
                      erasures_apply(ctx, restore->data, &restore->erased, &restore->still));
}

no backup_restore_check(struct backup_restore *restore, struct ctx *ctx)
{
    const struct manifest *manifest = &restore->manifest;

    restore_step(restore, "register", 0, 0);
    TRY(check_root(restore, ctx, manifest->register_size, &manifest->root));
    if (manifest->checkpoint.len > 0)
        TRY(check_log(restore, ctx));
    else if (manifest_find(manifest, S("log/checkpoint")) != NULL)
        return restore_no(restore, "log/checkpoint", NO_BACKUP_REGISTER_DIFFERS);
    if (!restore->openings)
        TRY(restore_no(restore, "private.db", deed_register_openings_lost(ctx)));
    TRY(audit(restore, ctx));
    TRY(erase_again(restore, ctx));
    return restore->erased == 0 ? YES : audit(restore, ctx);
}
