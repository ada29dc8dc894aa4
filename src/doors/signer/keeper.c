/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/signer/keeper.h"

#include "base/log.h"
#include "doors/signer/disk.h"
#include "doors/signer/keeper_in.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_NAME = 2 * HASH_SIZE };

/* --- opening -----------------------------------------------------------------------------------
 */

static bool has_state(int state)
{
    const int copy = openat(state, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = copy < 0 ? NULL : fdopendir(copy);
    const struct dirent *file;
    bool any = folder == NULL;

    while (folder != NULL && !any && (file = readdir(folder)) != NULL)
        any = strlen(file->d_name) == STATE_NAME;
    if (folder != NULL)
        (void)closedir(folder);
    return any;
}

static no open_state(struct keeper *keeper, bool *fresh)
{
    struct stat is;
    bool made;

    if (fstatat(keeper->folder, "state", &is, AT_SYMLINK_NOFOLLOW) != 0 &&
        (keeper_has(keeper, "log.key") || keeper_has(keeper, "witness.key"))) {
        log_line(LOG_ERROR, "signer", "keys without the state of what they signed", "file", "state",
                 NULL);
        return NO_SIGNER_STATE_MISSING;
    }
    TRY(disk_folder(keeper->folder, "state", &keeper->state, &made));
    *fresh = !has_state(keeper->state);
    return YES;
}

no keeper_enter(struct keeper *keeper, const char *data, bool *fresh)
{
    char path[4096];
    bool made;
    const int len = snprintf(path, sizeof path, "%s/signer", data);

    *keeper = (struct keeper){.folder = -1, .state = -1, .lock = -1};
    if (len <= 0 || (size_t)len >= sizeof path)
        return NO_IO_FAILED;
    hash_sha256_init(&keeper->sha);
    no answer = disk_folder(AT_FDCWD, path, &keeper->folder, &made);

    if (answer == YES)
        answer = disk_lock(keeper->folder, &keeper->lock);
    if (answer == YES)
        answer = open_state(keeper, fresh);
    if (answer != YES)
        keeper_close(keeper);
    return answer;
}

no keeper_open(struct keeper *keeper, const char *data)
{
    bool fresh;

    TRY(keeper_enter(keeper, data, &fresh));
    no answer = keeper_read_keys(keeper, fresh);

    /* Whoever was here before may have died between a rename and its sync. */
    if (answer == YES)
        answer = disk_settle(keeper->state);
    if (answer != YES)
        keeper_close(keeper);
    return answer;
}

void keeper_close(struct keeper *keeper)
{
    const int files[] = {keeper->state, keeper->folder, keeper->lock};

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (files[i] >= 0)
            (void)close(files[i]);
    if (keeper->sha.state != NULL)
        hash_sha256_release(&keeper->sha);
    sign_wipe(keeper, sizeof *keeper);
    keeper->folder = keeper->state = keeper->lock = -1;
}

/* --- the state of an origin --------------------------------------------------------------------
 */

static void state_name(struct keeper *keeper, str origin, char name[STATE_NAME + 1])
{
    uint8_t hash[HASH_SIZE];

    hash_sha256_update(&keeper->sha, origin.ptr, origin.len);
    hash_sha256_final(&keeper->sha, hash);
    str_hex(hash, sizeof hash, name);
    name[STATE_NAME] = 0;
}

/* Whatever name it signed under: the name may change, the key is what vouches. */
static void note_whose(const struct keeper *keeper, const struct note *note, struct kept *kept)
{
    for (size_t i = 0; i < note->lines_n; i++) {
        const struct note_line *line = &note->lines[i];

        for (size_t k = 0; line->size == SIGN_SIZE && k < keeper->logs_n; k++)
            if (sign_holds(keeper->logs[k].public_key, note->text, line->signature)) {
                kept->ours = true;
                kept->by_newest = kept->by_newest || k == 0;
            }
        if (line->size != COSIGNATURE_SIZE ||
            !cosignature_holds(keeper->witness.public_key, line->signature, note->text))
            continue;
        kept->cosigned = true;
        if (cosignature_time_s(line->signature) > kept->cosigned_s)
            kept->cosigned_s = cosignature_time_s(line->signature);
    }
}

/* Our signature over it is its checksum too: no byte of the text can have changed. */
static bool read_kept(const struct keeper *keeper, struct arena *arena, str origin, str bytes,
                      struct kept *kept)
{
    struct note *note = arena_take(arena, sizeof *note);
    struct checkpoint checkpoint;

    if (note == NULL || note_parse(bytes, note) != YES ||
        checkpoint_read(note->text, &checkpoint) != YES || !str_eq(checkpoint.origin, origin))
        return false;
    *kept = (struct kept){.state = {.seen = true, .size = checkpoint.size}, .note = bytes};
    memcpy(kept->state.root.bytes, checkpoint.root, HASH_SIZE);
    note_whose(keeper, note, kept);
    return kept->ours || kept->cosigned;
}

no kept_get(struct keeper *keeper, struct arena *arena, str origin, struct kept *kept)
{
    char name[STATE_NAME + 1];
    str bytes;

    state_name(keeper, origin, name);
    const no answer = disk_read(keeper->state, name, KEEPER_NOTE_MAX, arena, &bytes);

    if (answer == NO_NOT_FOUND) {
        *kept = (struct kept){.state.seen = false};
        return YES;
    }
    if (answer != YES && answer != NO_TOO_LARGE)
        return answer;
    if (answer == YES && read_kept(keeper, arena, origin, bytes, kept))
        return YES;
    if (arena_overflowed(arena))
        return NO_OUT_OF_MEMORY;
    log_line(LOG_ERROR, "signer", "the state of a register is damaged: nothing is signed for it",
             "file", name, NULL);
    return NO_SIGNER_STATE_DAMAGED;
}

no kept_put(struct keeper *keeper, str origin, str note)
{
    char name[STATE_NAME + 1];
    bool replaced;

    if (note.len > KEEPER_NOTE_MAX)
        return NO_TOO_LARGE;
    state_name(keeper, origin, name);
    const no answer = disk_put(keeper->state, name, note, &replaced);

    keeper->unsure = keeper->unsure || (answer != YES && replaced);
    return answer;
}

no kept_sure(struct keeper *keeper)
{
    if (!keeper->unsure)
        return YES;
    TRY(disk_settle(keeper->state));
    keeper->unsure = false;
    return YES;
}

no keeper_last(struct keeper *keeper, struct arena *arena, str origin, str *note)
{
    struct kept kept;

    TRY(kept_sure(keeper));
    TRY(kept_get(keeper, arena, origin, &kept));
    if (!kept.state.seen)
        return NO_NOT_FOUND;
    *note = kept.note;
    return YES;
}
