/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/jobs/evidence.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/log.h"

enum { FINGERPRINT = 16 };

static no put(const struct log_folder *log, struct arena *arena, str folder, str name, str bytes)
{
    struct buf path;

    buf_init(&path, arena, 256);
    buf_put(&path, folder);
    buf_put_char(&path, '/');
    buf_put(&path, name);
    return buf_failed(&path) ? NO_OUT_OF_MEMORY : log_file_put(log, buf_str(&path), bytes);
}

no evidence_write(const struct log_folder *log, struct arena *arena, const char *room,
                  const struct evidence *evidence)
{
    uint8_t sha256[HASH_SIZE];
    char hex[FINGERPRINT];
    struct buf folder;

    hash_sha256(evidence->theirs.ptr, evidence->theirs.len, sha256);
    str_hex(sha256, sizeof hex / 2, hex);
    buf_init(&folder, arena, 128);
    buf_printf(&folder, "evidence/%.*s%llu-%.*s", (int)evidence->before.len,
               evidence->before.len == 0 ? "" : evidence->before.ptr,
               (unsigned long long)evidence->size, (int)sizeof hex, hex);
    if (buf_failed(&folder))
        return NO_OUT_OF_MEMORY;
    TRY(put(log, arena, buf_str(&folder), S("theirs"), evidence->theirs));
    if (evidence->ours.len > 0)
        TRY(put(log, arena, buf_str(&folder), S("ours"), evidence->ours));
    TRY(put(log, arena, buf_str(&folder), S("about"), evidence->about));
    log_line(LOG_ERROR, room, "two histories exclude each other", "evidence",
             arena_cstr(arena, buf_str(&folder)), "about", arena_cstr(arena, evidence->about),
             NULL);
    return YES;
}
