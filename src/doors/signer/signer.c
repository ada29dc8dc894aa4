/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/signer/signer.h"

#include "doors/signer/frame.h"
#include "doors/signer/process.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

/* A question and its answer, each with room to grow into. */
enum { TALK_BYTES = 5 << 20, SIGNER_PATH = 4096, VKEYS_MAX = 64 * 1024, STOP_MS = 2000 };

struct signer {
    struct arena own, talk; /* where this lives; one question and its answer */
    pthread_mutex_t mutex;
    struct process process;
    int patience_ms;
    char data[SIGNER_PATH];
};

no signer_start(struct signer **out, const char *data)
{
    struct arena own;

    if (!arena_init(&own, sizeof(struct signer) + 64))
        return NO_OUT_OF_MEMORY;
    struct signer *signer = arena_take(&own, sizeof *signer);
    const int len = snprintf(signer->data, sizeof signer->data, "%s", data);

    signer->own = own;
    signer->process.socket = -1;
    signer->patience_ms = SIGNER_PATIENCE_MS;
    (void)pthread_mutex_init(&signer->mutex, NULL);
    no answer = NO_OUT_OF_MEMORY;

    if (arena_init(&signer->talk, TALK_BYTES))
        answer = len > 0 && (size_t)len < sizeof signer->data
                     ? process_ready(&signer->process, signer->data, signer->patience_ms)
                     : NO_IO_FAILED;
    if (answer == YES)
        *out = signer;
    else
        signer_stop(signer);
    return answer;
}

void signer_stop(struct signer *signer)
{
    if (signer == NULL)
        return;
    struct arena own = signer->own;

    process_end(&signer->process, STOP_MS);
    (void)pthread_mutex_destroy(&signer->mutex);
    if (signer->talk.start != NULL)
        arena_release(&signer->talk);
    arena_release(&own);
}

void signer_patience(struct signer *signer, int patience_ms)
{
    signer->patience_ms = patience_ms;
}

/* --- one question ------------------------------------------------------------------------------
 */

/* The turn of this thread; false when it does not come within the patience. */
static bool begin(struct signer *signer, struct buf *question)
{
    const int64_t until_ms = process_now_ms() + signer->patience_ms;
    const struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};

    if (pthread_mutex_clocklock(&signer->mutex, CLOCK_MONOTONIC, &until) != 0)
        return false;
    arena_reset(&signer->talk);
    frame_begin(question, &signer->talk, 4096);
    return true;
}

static void end(struct signer *signer)
{
    (void)pthread_mutex_unlock(&signer->mutex);
}

/* Sends what was put into `question`; *rest is the body of an answer that is YES. */
static no ask(struct signer *signer, struct buf *question, enum frame_kind kind, str *rest)
{
    struct frame_head head;
    no answer;

    if (!frame_end(question, kind))
        return NO_TOO_LARGE;
    TRY(process_ready(&signer->process, signer->data, signer->patience_ms));
    TRY(process_ask(&signer->process, &signer->talk, buf_str(question), signer->patience_ms, &head,
                    rest));
    return frame_no(&head, &answer) ? answer : NO_SIGNER_DOWN;
}

/* The next text of an answer, copied for the caller. */
static no text_of(str *rest, struct arena *arena, str *text)
{
    str there;

    if (!frame_take_text(rest, &there))
        return NO_SIGNER_DOWN;
    *text = arena_str(arena, there);
    return arena_overflowed(arena) ? NO_OUT_OF_MEMORY : YES;
}

no signer_keys(struct signer *signer, struct arena *arena, str origin, struct keeper_vkeys *vkeys)
{
    struct keeper_vkeys read;
    struct buf question;
    str rest;

    if (!begin(signer, &question))
        return NO_SIGNER_DOWN;
    frame_put_text(&question, origin);
    no answer = ask(signer, &question, FRAME_KEYS, &rest);

    if (answer == YES)
        answer = text_of(&rest, arena, &read.logs);
    if (answer == YES)
        answer = text_of(&rest, arena, &read.witness);
    if (answer == YES)
        *vkeys = read;
    end(signer);
    return answer;
}

no signer_sign(struct signer *signer, struct arena *arena, const struct keeper_ask *wanted,
               str *lines)
{
    struct buf question;
    str rest;

    if (!begin(signer, &question))
        return NO_SIGNER_DOWN;
    frame_put_text(&question, wanted->origin);
    frame_put_number(&question, wanted->old_size);
    frame_put_text(&question,
                   (str){(const char *)wanted->proof, wanted->proof_n * sizeof *wanted->proof});
    frame_put_text(&question, wanted->text);
    no answer = wanted->proof_n > TREE_PROOF_MAX ? NO_SIGNER_WOULD_FORK
                                                 : ask(signer, &question, FRAME_SIGN, &rest);

    if (answer == YES)
        answer = text_of(&rest, arena, lines);
    end(signer);
    return answer;
}

static no cosign_answer(str rest, struct arena *arena, struct keeper_answer *answer)
{
    uint64_t status;
    str body;

    if (!frame_take_number(&rest, &status) || status > 599)
        return NO_SIGNER_DOWN;
    TRY(text_of(&rest, arena, &body));
    *answer = (struct keeper_answer){.status = (int)status, .body = body};
    return YES;
}

no signer_cosign(struct signer *signer, struct arena *arena, const struct keeper_request *request,
                 struct keeper_answer *answer)
{
    struct buf question;
    str rest;

    if (request->log_vkeys.len > VKEYS_MAX)
        return NO_TOO_LARGE;
    if (request->body.len > SIGNER_BODY_MAX) {
        *answer = (struct keeper_answer){.status = 400};
        return YES;
    }
    if (!begin(signer, &question))
        return NO_SIGNER_DOWN;
    frame_put_text(&question, request->own);
    frame_put_number(&question, request->now_s);
    frame_put_text(&question, request->log_vkeys);
    frame_put_text(&question, request->body);
    no said = ask(signer, &question, FRAME_COSIGN, &rest);

    if (said == YES)
        said = cosign_answer(rest, arena, answer);
    end(signer);
    return said;
}

no signer_state(struct signer *signer, struct arena *arena, str origin, str *note)
{
    struct buf question;
    str rest;

    if (!begin(signer, &question))
        return NO_SIGNER_DOWN;
    frame_put_text(&question, origin);
    no answer = ask(signer, &question, FRAME_LAST, &rest);

    if (answer == YES)
        answer = text_of(&rest, arena, note);
    end(signer);
    return answer;
}
