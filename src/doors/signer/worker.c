/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/log.h"
#include "doors/jail/jail.h"
#include "doors/signer/frame.h"
#include "doors/signer/signer.h"
#include "wire/checkpoint.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A question and what is made of it: a body, its note, the notes read and written, an answer. */
enum { WORKER_BYTES = 4 << 20, FILES_MAX = 16 };

/* --- the jail ----------------------------------------------------------------------------------
 */

/* OpenSSL reads its own files and takes its memory at the first use of each method. */
static void warm_up(const struct keeper *keeper)
{
    uint8_t signature[SIGN_SIZE];

    sign_make(&keeper->witness, S("once"), signature);
    (void)sign_holds(keeper->witness.public_key, S("once"), signature);
    (void)sign_holds(keeper->witness.public_key, S("other"), signature);
}

/* A sanitizer takes terabytes of addresses and system calls of its own; a build with one is for
 * tests and has no jail. */
static bool lock_in(const struct keeper *keeper)
{
#ifdef __SANITIZE_ADDRESS__
    return keeper->folder >= 0;
#else
    static const int calls[] = {SYS_openat,      SYS_close,     SYS_fstat,   SYS_newfstatat,
                                SYS_fsync,       SYS_renameat2, SYS_geteuid,
#ifdef SYS_renameat
                                SYS_renameat,
#endif
                                SYS_rt_sigreturn};

    return jail_enter(&(struct jail){.memory_max = (size_t)512 << 20,
                                     .files_max = FILES_MAX,
                                     .file_size_max = SIZE_MAX,
                                     .folder = keeper->folder,
                                     .calls = calls,
                                     .calls_n = sizeof calls / sizeof calls[0]});
#endif
}

/* --- frames ------------------------------------------------------------------------------------
 */

static bool read_all(void *bytes, size_t len)
{
    char *at = bytes;

    while (len > 0) {
        const ssize_t n = read(STDIN_FILENO, at, len);

        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static bool write_all(str bytes)
{
    while (bytes.len > 0) {
        const ssize_t n = write(STDIN_FILENO, bytes.ptr, bytes.len);

        if (n <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)n, bytes.len);
    }
    return true;
}

static bool answer_with(struct arena *arena, no answer, struct buf *made)
{
    struct buf none;

    if (answer == YES && frame_end(made, YES))
        return write_all(buf_str(made));
    frame_begin(&none, arena, 0);
    return frame_end(&none, answer == YES ? NO_OUT_OF_MEMORY : answer) && write_all(buf_str(&none));
}

/* --- questions ---------------------------------------------------------------------------------
 */

/* Each reads its question from `body`, *wrong when it cannot be read, and writes its answer. */

static no ask_keys(struct keeper *keeper, struct arena *arena, str body, struct buf *out,
                   bool *wrong)
{
    struct keeper_vkeys vkeys;
    str origin;

    *wrong = !frame_take_text(&body, &origin);
    if (*wrong)
        return NO_BAD_REQUEST;
    TRY(keeper_vkeys(keeper, arena, origin, &vkeys));
    frame_put_text(out, vkeys.logs);
    frame_put_text(out, vkeys.witness);
    return YES;
}

static no ask_sign(struct keeper *keeper, struct arena *arena, str body, struct buf *out,
                   bool *wrong)
{
    struct tree_hash hashes[TREE_PROOF_MAX];
    struct keeper_ask ask = {.proof = hashes};
    str proof, lines;

    *wrong = !frame_take_text(&body, &ask.origin) || !frame_take_number(&body, &ask.old_size) ||
             !frame_take_text(&body, &proof) || !frame_take_text(&body, &ask.text) ||
             proof.len % HASH_SIZE != 0 || proof.len > sizeof hashes;
    if (*wrong)
        return NO_BAD_REQUEST;
    ask.proof_n = proof.len / HASH_SIZE;
    if (proof.len > 0)
        memcpy(hashes, proof.ptr, proof.len);
    TRY(keeper_sign(keeper, arena, &ask, &lines));
    frame_put_text(out, lines);
    return YES;
}

static no ask_cosign(struct keeper *keeper, struct arena *arena, str body, struct buf *out,
                     bool *wrong)
{
    struct keeper_request request;
    struct keeper_answer answer;

    *wrong = !frame_take_text(&body, &request.own) || !frame_take_number(&body, &request.now_s) ||
             !frame_take_text(&body, &request.log_vkeys) || !frame_take_text(&body, &request.body);
    if (*wrong)
        return NO_BAD_REQUEST;
    TRY(keeper_cosign(keeper, arena, &request, &answer));
    frame_put_number(out, (uint64_t)answer.status);
    frame_put_text(out, answer.body);
    return YES;
}

static no ask_last(struct keeper *keeper, struct arena *arena, str body, struct buf *out,
                   bool *wrong)
{
    str origin, note;

    *wrong = !frame_take_text(&body, &origin);
    if (*wrong)
        return NO_BAD_REQUEST;
    TRY(keeper_last(keeper, arena, origin, &note));
    frame_put_text(out, note);
    return YES;
}

static no ask(struct keeper *keeper, struct arena *arena, uint32_t kind, str body, struct buf *out,
              bool *wrong)
{
    switch ((enum frame_kind)kind) {
    case FRAME_KEYS:
        return ask_keys(keeper, arena, body, out, wrong);
    case FRAME_SIGN:
        return ask_sign(keeper, arena, body, out, wrong);
    case FRAME_COSIGN:
        return ask_cosign(keeper, arena, body, out, wrong);
    case FRAME_LAST:
        return ask_last(keeper, arena, body, out, wrong);
    }
    *wrong = true;
    return NO_BAD_REQUEST;
}

/* One question; false when the conversation is over, in peace or not. */
static bool turn(struct keeper *keeper, struct arena *arena)
{
    struct frame_head head;
    struct buf out;
    bool wrong = false;

    arena_reset(arena);
    if (!read_all(&head, sizeof head))
        return false;
    char *body = frame_head_valid(&head) ? arena_take(arena, head.len) : NULL;

    if (body == NULL || !read_all(body, head.len)) {
        log_line(LOG_ERROR, "signer", "a wrong frame", NULL);
        return false;
    }
    frame_begin(&out, arena, 1024);
    const no answer = ask(keeper, arena, head.kind, (str){body, head.len}, &out, &wrong);

    if (wrong)
        log_line(LOG_ERROR, "signer", "a wrong question", NULL);
    return !wrong && answer_with(arena, answer, &out);
}

int signer_worker(const char *data)
{
    struct keeper keeper;
    struct arena arena;
    struct buf hello;

    /* It ends when the server does, and not before: a signal to the whole group would take it away
     * from requests that still run. */
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)close_range(STDERR_FILENO + 1, ~0U, 0);
    if (!arena_init(&arena, WORKER_BYTES))
        return 1;
    no opened = keeper_open(&keeper, data);

    if (opened == YES) {
        warm_up(&keeper);
        opened = lock_in(&keeper) ? YES : NO_SIGNER_DOWN;
    }
    frame_begin(&hello, &arena, 0);
    const bool heard = answer_with(&arena, opened, &hello);

    while (opened == YES && heard && turn(&keeper, &arena))
        continue;
    if (opened == YES)
        keeper_close(&keeper);
    arena_release(&arena);
    return opened == YES && heard ? 0 : 1;
}
