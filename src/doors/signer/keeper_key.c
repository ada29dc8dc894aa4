/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/log.h"
#include "doors/signer/disk.h"
#include "doors/signer/keeper_in.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 64 hex digits and an end of line, which may be missing. */
enum { SEED_TEXT = 2 * SIGN_SEED_SIZE + 1 };

static no key_no(no why, const char *what, const char *name)
{
    log_line(LOG_ERROR, "signer", what, "file", name, NULL);
    return why;
}

bool keeper_has(const struct keeper *keeper, const char *name)
{
    struct stat is;

    return fstatat(keeper->folder, name, &is, AT_SYMLINK_NOFOLLOW) == 0;
}

/* --- files -------------------------------------------------------------------------------------
 */

static no read_key(const struct keeper *keeper, const char *name, struct sign_pair *pair)
{
    char room[4 * SEED_TEXT];
    uint8_t seed[SIGN_SEED_SIZE];
    struct arena arena;
    str text = STR_NONE;

    arena_init_on(&arena, room, sizeof room);
    const no answer = disk_read(keeper->folder, name, SEED_TEXT, &arena, &text);

    if (answer != YES && answer != NO_TOO_LARGE)
        return answer;
    if (str_ends(text, S("\n")))
        text.len--;
    const bool read =
        answer == YES && text.len == SEED_TEXT - 1 && str_unhex(text, seed, sizeof seed);

    if (read)
        sign_pair_of_seed(seed, pair);
    sign_wipe(seed, sizeof seed);
    sign_wipe(room, sizeof room);
    return read ? YES : key_no(NO_SIGNER_KEY_DAMAGED, "a key is 64 hex digits", name);
}

static no make_key(const struct keeper *keeper, const char *name, struct sign_pair *pair)
{
    uint8_t seed[SIGN_SEED_SIZE];
    char text[SEED_TEXT];
    bool replaced;

    hash_random(seed, sizeof seed);
    str_hex(seed, sizeof seed, text);
    text[SEED_TEXT - 1] = '\n';
    const no answer = disk_put(keeper->folder, name, (str){text, sizeof text}, &replaced);

    if (answer == YES)
        sign_pair_of_seed(seed, pair);
    sign_wipe(seed, sizeof seed);
    sign_wipe(text, sizeof text);
    return answer;
}

static no read_or_make(const struct keeper *keeper, const char *name, bool fresh,
                       struct sign_pair *pair)
{
    const no answer = read_key(keeper, name, pair);

    if (answer != NO_NOT_FOUND)
        return answer;
    return fresh ? make_key(keeper, name, pair)
                 : key_no(NO_SIGNER_KEY_MISSING, "there is state and no key", name);
}

static bool same(const struct sign_pair *a, const struct sign_pair *b)
{
    return memcmp(a->public_key, b->public_key, SIGN_KEY_SIZE) == 0;
}

no keeper_read_keys(struct keeper *keeper, bool fresh)
{
    TRY(read_or_make(keeper, "log.key", fresh, &keeper->logs[0]));
    TRY(read_or_make(keeper, "witness.key", fresh, &keeper->witness));
    const no answer = read_key(keeper, "log-old.key", &keeper->logs[1]);

    if (answer != YES && answer != NO_NOT_FOUND)
        return answer;
    /* The same key twice is a rotation that was cut short: keeper_rotate goes on with it. */
    keeper->logs_n = answer == YES && !same(&keeper->logs[0], &keeper->logs[1]) ? 2 : 1;
    for (size_t i = 0; i < keeper->logs_n; i++)
        if (same(&keeper->logs[i], &keeper->witness))
            return key_no(NO_SIGNER_KEY_DAMAGED, "the witness signs with a key of its own",
                          "witness.key");
    return YES;
}

/* --- names -------------------------------------------------------------------------------------
 */

no keeper_log_key(const struct keeper *keeper, size_t i, str origin, struct note_key *key)
{
    return note_key_make(origin, NOTE_ED25519, keeper->logs[i].public_key, key);
}

no keeper_witness_key(const struct keeper *keeper, struct arena *arena, str origin,
                      struct note_key *key)
{
    const size_t at = str_find(origin, S("/log"));
    struct buf name;

    buf_init(&name, arena, origin.len + 16);
    buf_put(&name, str_sub(origin, 0, at));
    buf_put(&name, S("/witness"));
    if (buf_failed(&name))
        return NO_OUT_OF_MEMORY;
    return note_key_make(buf_str(&name), NOTE_COSIGNATURE, keeper->witness.public_key, key);
}

no keeper_vkeys(const struct keeper *keeper, struct arena *arena, str origin,
                struct keeper_vkeys *vkeys)
{
    struct note_key key;
    struct buf logs, witness;

    buf_init(&logs, arena, 512);
    buf_init(&witness, arena, 512);
    for (size_t i = 0; i < keeper->logs_n; i++) {
        TRY(keeper_log_key(keeper, i, origin, &key));
        note_key_put(&logs, &key);
        buf_put_char(&logs, '\n');
    }
    TRY(keeper_witness_key(keeper, arena, origin, &key));
    note_key_put(&witness, &key);
    buf_put_char(&witness, '\n');
    if (buf_failed(&logs) || buf_failed(&witness))
        return NO_OUT_OF_MEMORY;
    *vkeys = (struct keeper_vkeys){buf_str(&logs), buf_str(&witness)};
    return YES;
}

/* --- offline commands --------------------------------------------------------------------------
 */

no keeper_keygen(const char *data, struct arena *arena, str origin, struct keeper_vkeys *vkeys)
{
    struct keeper keeper;
    bool fresh;

    TRY(keeper_enter(&keeper, data, &fresh));
    no answer =
        keeper_has(&keeper, "log.key") ? NO_SIGNER_KEY_THERE : keeper_read_keys(&keeper, fresh);

    if (answer == YES)
        answer = keeper_vkeys(&keeper, arena, origin, vkeys);
    keeper_close(&keeper);
    return answer;
}

/* The key that signs keeps its second name before it loses its first: a crash in between leaves one
 * key under two names, and never none. */
static no rotate(struct keeper *keeper)
{
    if (keeper->logs_n > 1)
        return NO_SIGNER_KEY_THERE;
    keeper->logs[1] = keeper->logs[0];
    if (!keeper_has(keeper, "log-old.key") &&
        linkat(keeper->folder, "log.key", keeper->folder, "log-old.key", 0) != 0)
        return NO_IO_FAILED;
    TRY(disk_sync(keeper->folder));
    TRY(make_key(keeper, "log.key", &keeper->logs[0]));
    keeper->logs_n = 2;
    return YES;
}

static no retire(struct keeper *keeper, struct arena *arena, str origin)
{
    struct kept kept;

    if (keeper->logs_n < 2)
        return NO_NOT_FOUND;
    TRY(kept_get(keeper, arena, origin, &kept));
    if (!kept.by_newest)
        return NO_TOO_EARLY;
    if (unlinkat(keeper->folder, "log-old.key", 0) != 0)
        return NO_IO_FAILED;
    keeper->logs_n = 1;
    return disk_sync(keeper->folder);
}

no keeper_rotate(const char *data, struct arena *arena, str origin, struct keeper_vkeys *vkeys)
{
    struct keeper keeper;

    TRY(keeper_open(&keeper, data));
    no answer = rotate(&keeper);

    if (answer == YES)
        answer = keeper_vkeys(&keeper, arena, origin, vkeys);
    keeper_close(&keeper);
    return answer;
}

no keeper_retire(const char *data, struct arena *arena, str origin, struct keeper_vkeys *vkeys)
{
    struct keeper keeper;

    TRY(keeper_open(&keeper, data));
    no answer = retire(&keeper, arena, origin);

    if (answer == YES)
        answer = keeper_vkeys(&keeper, arena, origin, vkeys);
    keeper_close(&keeper);
    return answer;
}
