/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/jobs/peers.h"

#include "base/log.h"
#include "base/time.h"
#include "doors/jobs/evidence.h"
#include "doors/jobs/peers_in.h"
#include "doors/log/compare.h"
#include "wire/lines.h"
#include "wire/note.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { SCRATCH = 64 << 20, PAUSE_S = 60 };

/* --- one note ----------------------------------------------------------------------------------
 */

/* A checkpoint of this peer that one of its keys signed. */
static no read_note(struct peer_look *look, str bytes, struct checkpoint *checkpoint)
{
    struct note *note = arena_take(&look->all->scratch, sizeof *note);
    struct note_key keys[KEEPER_TRUSTED_MAX];
    str rest = look->peer->vkeys, vkey;
    size_t n = 0;

    if (note == NULL)
        return NO_OUT_OF_MEMORY;
    while (n < KEEPER_TRUSTED_MAX && lines_next(&rest, &vkey))
        if (note_key_parse(vkey, &keys[n]) == YES)
            n++;
    TRY(note_parse(bytes, note));
    TRY(note_verify(note, keys, n, NULL));
    TRY(checkpoint_parse(note->text, checkpoint));
    return str_eq(checkpoint->origin, look->peer->origin) ? YES : NO_CHECKPOINT_ELSEWHERE;
}

/* --- comparing ---------------------------------------------------------------------------------
 */

static no write_evidence(struct peer_look *look, struct ctx *ctx, str shown, str known,
                         const struct checkpoint *size, const char *what)
{
    struct buf about, before;

    buf_init(&about, &look->all->scratch, 512);
    buf_printf(&about, "%.*s: %s\n", (int)look->peer->origin.len, look->peer->origin.ptr, what);
    buf_init(&before, &look->all->scratch, 32);
    buf_printf(&before, "%.8s-", look->hex);
    TRY(evidence_write(&look->all->log, &look->all->scratch, "peers",
                       &(struct evidence){.before = buf_str(&before),
                                          .size = size->size,
                                          .theirs = shown,
                                          .ours = known,
                                          .about = buf_str(&about)}));
    return deed_register_peer_differs(ctx, look->peer->origin);
}

static void complain(const struct peer_look *look, const char *what, no why)
{
    char origin[CHECKPOINT_ORIGIN_MAX + 1];

    (void)snprintf(origin, sizeof origin, "%.*s", (int)look->peer->origin.len,
                   look->peer->origin.ptr);
    log_line(LOG_WARN, "peers", what, "peer", origin, "no", no_line(why)->name, NULL);
}

/* What it shows now against what is known of it. *newer: whether the first is as large at least. */
static no compare(struct peer_look *look, struct ctx *ctx, str shown, str known, bool *newer)
{
    struct checkpoint a, b;
    enum log_pair pair;

    *newer = true;
    TRY(read_note(look, shown, &a));
    /* A key that is no longer trusted: what it signed is no longer known. */
    if (read_note(look, known, &b) != YES)
        return YES;
    *newer = a.size >= b.size;
    TRY(log_compare(&look->web, &look->all->scratch, &a, &b, &pair, NULL));
    if (pair == LOG_FORKED) {
        TRY(write_evidence(look, ctx, shown, known, &a, "two views exclude each other"));
        return NO_CHECKPOINT_FORKED;
    }
    return pair == LOG_UNPROVEN ? NO_PROOF_DOES_NOT_HOLD : YES;
}

static no compare_all(struct peer_look *look, struct ctx *ctx, str shown, bool *newer)
{
    bool newer_than_cosigned = true;
    str known;
    no there = log_files_checkpoint(&look->kept, &look->all->scratch, &known);

    *newer = true;
    if (there == YES)
        TRY(compare(look, ctx, shown, known, newer));
    else if (there != NO_NOT_FOUND)
        return there;
    there = signer_state(look->all->config.signer, &look->all->scratch, look->peer->origin, &known);
    if (there == YES)
        TRY(compare(look, ctx, shown, known, &newer_than_cosigned));
    return there == YES || there == NO_NOT_FOUND ? YES : there;
}

/* --- one peer ----------------------------------------------------------------------------------
 */

/* The size up to which files are copied; 0 when only checkpoints were kept so far. */
static uint64_t size_kept(struct peer_look *look)
{
    const struct tile first = {false, 0, 1, 0};
    struct checkpoint checkpoint;
    str bytes, known;

    if (log_files_checkpoint(&look->kept, &look->all->scratch, &known) != YES ||
        read_note(look, known, &checkpoint) != YES || checkpoint.size == 0)
        return 0;
    struct tile tile = first;

    tile.width = (uint16_t)tile_width(checkpoint.size, 0, 0);
    return log_files_tile(&look->kept, &look->all->scratch, &tile, &bytes) == YES ? checkpoint.size
                                                                                  : 0;
}

static no look_at(struct peer_look *look, struct ctx *ctx)
{
    struct checkpoint checkpoint;
    bool newer;
    str shown;

    TRY(log_files_checkpoint(&look->web, &look->all->scratch, &shown));
    TRY(read_note(look, shown, &checkpoint));
    TRY(compare_all(look, ctx, shown, &newer));
    if (!newer) {
        complain(look, "it shows less than it did", NO_CHECKPOINT_ROLLED_BACK);
        return YES;
    }
    if ((look->peer->state & PEER_MIRRORED) != 0)
        TRY(peers_mirror(look, size_kept(look), &checkpoint));
    TRY(log_file_put(&look->folder, S("checkpoint"), shown));
    const no seen = deed_register_peer_seen(ctx, look->peer->origin, shown);

    return seen == NO_TOO_EARLY || seen == NO_REGISTER_STANDS_STILL ? YES : seen;
}

static no open_look(struct peer_look *look)
{
    struct peers *all = look->all;
    struct buf path;

    buf_init(&path, &all->scratch, 256);
    buf_printf(&path, "%s/mirror/%.*s", all->config.data, PEERS_HEX, look->hex);
    TRY(log_folder_open(&look->folder, arena_cstr(&all->scratch, buf_str(&path)), true, false));
    TRY(log_files_open(&look->kept, &all->scratch, buf_str(&path)));
    TRY(log_files_open(&look->web, &all->scratch, look->peer->url));
    look->web.cancel = &all->stopping;
    return YES;
}

static void close_look(struct peer_look *look)
{
    if (look->web.curl != NULL || look->web.fd >= 0)
        log_files_close(&look->web);
    if (look->kept.fd >= 0)
        log_files_close(&look->kept);
    if (look->folder.fd >= 0)
        log_folder_close(&look->folder);
}

static no look_at_one(struct peers *all, struct ctx *ctx, const struct register_peer *peer,
                      const char hex[PEERS_HEX])
{
    struct peer_look look = {.all = all, .peer = peer};

    look.web.fd = look.kept.fd = look.folder.fd = -1;
    memcpy(look.hex, hex, PEERS_HEX);
    no answer = open_look(&look);

    if (answer == YES)
        answer = look_at(&look, ctx);
    close_look(&look);
    if (answer != YES && answer != NO_STOPPING)
        complain(&look, "it could not be followed", answer);
    return answer;
}

/* --- whose turn it is --------------------------------------------------------------------------
 */

/* NULL: there are more than can be kept in mind. */
static int64_t *time_of(struct peers *all, const char hex[PEERS_HEX])
{
    for (size_t i = 0; i < all->times_n; i++)
        if (memcmp(all->times[i].hex, hex, PEERS_HEX) == 0)
            return &all->times[i].next_ns;
    if (all->times_n == PEERS_MAX)
        return NULL;
    memcpy(all->times[all->times_n].hex, hex, PEERS_HEX);
    return &all->times[all->times_n++].next_ns;
}

static no round_of(struct peers *all, struct ctx *ctx)
{
    struct register_peer *peers;
    size_t n;

    TRY(view_register_peers(ctx, &peers, &n));
    for (size_t i = 0; i < n && !atomic_load(&all->stopping); i++) {
        const size_t mark = arena_mark(&all->scratch);
        uint8_t sha256[HASH_SIZE];
        char hex[PEERS_HEX];

        hash_sha256(peers[i].origin.ptr, peers[i].origin.len, sha256);
        str_hex(sha256, sizeof sha256, hex);
        int64_t *next_ns = time_of(all, hex);

        if ((peers[i].state & PEER_COSIGNED) == 0 || peers[i].url.len == 0 || next_ns == NULL ||
            *next_ns > ctx->now_ns)
            continue;
        const no answer = look_at_one(all, ctx, &peers[i], hex);

        *next_ns = ctx->now_ns + (answer == YES ? PEERS_EVERY_S : PEERS_AGAIN_S) * NS_PER_S;
        arena_rewind(&all->scratch, mark);
    }
    return YES;
}

no peers_round(struct peers *all)
{
    const struct world *world = all->config.world;
    struct ctx ctx = {.world = world, .arena = &all->scratch, .actor = {.clock = true}};

    arena_reset(&all->scratch);
    ctx.now_ns = world->now_ns(world->self);
    ctx.db = world->reader_take(world->self);
    const no answer = round_of(all, &ctx);

    if (ctx.db != NULL)
        world->reader_give_back(world->self, ctx.db);
    return answer;
}

/* --- the thread --------------------------------------------------------------------------------
 */

static bool pause_is_over(struct peers *all)
{
    struct timespec until;

    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PAUSE_S;
    (void)pthread_mutex_lock(&all->mutex);
    while (!atomic_load(&all->stopping))
        if (pthread_cond_timedwait(&all->end, &all->mutex, &until) != 0)
            break;
    (void)pthread_mutex_unlock(&all->mutex);
    return !atomic_load(&all->stopping);
}

static void *loop(void *self)
{
    struct peers *all = self;

    while (pause_is_over(all)) {
        const no answer = peers_round(all);

        if (answer != YES && answer != NO_STOPPING)
            log_line(LOG_WARN, "peers", "a round was not finished", "no", no_line(answer)->name,
                     NULL);
    }
    return NULL;
}

static no open_folder(struct peers *all, const char *name, struct log_folder *folder)
{
    struct buf path;

    buf_init(&path, &all->own, 256);
    buf_printf(&path, "%s/%s", all->config.data, name);
    return log_folder_open(folder, arena_cstr(&all->own, buf_str(&path)), true, false);
}

no peers_open(struct peers **out, const struct peers_config *config)
{
    struct arena own;

    if (!arena_init(&own, sizeof(struct peers) + 16384))
        return NO_OUT_OF_MEMORY;
    struct peers *all = arena_take(&own, sizeof *all);

    all->config = *config;
    all->own = own;
    all->log.fd = all->mirror.fd = -1;
    hash_sha256_init(&all->sha);
    (void)pthread_mutex_init(&all->mutex, NULL);
    (void)pthread_cond_init(&all->end, NULL);
    no answer = arena_init(&all->scratch, SCRATCH) ? YES : NO_OUT_OF_MEMORY;

    if (answer == YES)
        answer = open_folder(all, "log", &all->log);
    if (answer == YES)
        answer = open_folder(all, "mirror", &all->mirror);
    if (answer == YES)
        *out = all;
    else
        peers_close(all);
    return answer;
}

no peers_start(struct peers *all)
{
    all->running = pthread_create(&all->thread, NULL, loop, all) == 0;
    return all->running ? YES : NO_OUT_OF_MEMORY;
}

void peers_stop(struct peers *all)
{
    (void)pthread_mutex_lock(&all->mutex);
    atomic_store(&all->stopping, true);
    (void)pthread_cond_signal(&all->end);
    (void)pthread_mutex_unlock(&all->mutex);
    if (all->running)
        (void)pthread_join(all->thread, NULL);
    all->running = false;
}

void peers_close(struct peers *all)
{
    if (all->log.fd >= 0)
        log_folder_close(&all->log);
    if (all->mirror.fd >= 0)
        log_folder_close(&all->mirror);
    if (all->scratch.start != NULL)
        arena_release(&all->scratch);
    hash_sha256_release(&all->sha);
    (void)pthread_cond_destroy(&all->end);
    (void)pthread_mutex_destroy(&all->mutex);
    struct arena own = all->own;

    arena_release(&own);
}
