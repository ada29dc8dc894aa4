/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Questions to other co-ops, all at once: a slow one costs no more time than its own. Addresses are
 * those that the policy has, so any host may be asked; nothing is followed elsewhere, and no answer
 * takes more room than a checkpoint may.
 */
#include "doors/jobs/publish_in.h"

#include <time.h>

enum { LOOK_MS = 20, FIRST_ROOM = 2048 };

int64_t publish_clock_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static size_t take(char *bytes, size_t size, size_t count, void *self)
{
    struct publish_call *call = self;
    const size_t n = size * count;

    if (n > PUBLISH_REPLY_MAX - call->bytes.len)
        return 0;
    buf_put_bytes(&call->bytes, bytes, n);
    return buf_failed(&call->bytes) ? 0 : n;
}

static void set_up(struct publish_call *call, int64_t most_ms)
{
    CURL *curl = call->curl;
    struct arena *arena = &call->publisher->scratch;

    curl_easy_reset(curl);
    (void)curl_easy_setopt(curl, CURLOPT_URL, arena_cstr(arena, call->url));
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "filon/" FILON_VERSION);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)most_ms);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, call);
    (void)curl_easy_setopt(curl, CURLOPT_PRIVATE, call);
    if (call->body.ptr != NULL) {
        (void)curl_easy_setopt(curl, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.ptr);
        (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)call->body.len);
        (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, call->headers);
    }
    buf_init(&call->bytes, arena, FIRST_ROOM);
    call->ended = false;
    call->status = 0;
    call->is_size = false;
    call->reply = STR_NONE;
}

static no begin(struct publisher *p, struct publish_call *call, int64_t most_ms)
{
    call->publisher = p;
    if (call->curl == NULL)
        call->curl = curl_easy_init();
    if (call->headers == NULL && call->body.ptr != NULL)
        call->headers = curl_slist_append(NULL, "Content-Type: text/plain; charset=utf-8");
    if (call->curl == NULL)
        return NO_OUT_OF_MEMORY;
    set_up(call, most_ms);
    return curl_multi_add_handle(p->multi, call->curl) == CURLM_OK ? YES : NO_OUT_OF_MEMORY;
}

static void take_answer(struct publish_call *call, CURLcode got)
{
    const char *type = NULL;
    long status = 0;

    call->ended = true;
    if (got != CURLE_OK)
        return;
    (void)curl_easy_getinfo(call->curl, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(call->curl, CURLINFO_CONTENT_TYPE, &type);
    call->status = (int)status;
    call->is_size = str_eq(str_of(type), WITNESS_SIZE_TYPE);
    call->reply = buf_str(&call->bytes);
}

bool publish_take(void *self, struct publish_call *call)
{
    (void)self;
    (void)call;
    return false;
}

/* Those that have ended; some of them ask again. */
static no collect(struct publisher *p, int64_t until_ms, size_t *open,
                  bool (*done)(void *self, struct publish_call *call), void *self)
{
    const CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(p->multi, &left)) != NULL) {
        struct publish_call *call = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        const CURLcode got = message->data.result;

        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        (void)curl_multi_remove_handle(p->multi, call->curl);
        take_answer(call, got);
        const int64_t left_ms = until_ms - publish_clock_ms();

        if (done(self, call) && left_ms > 0)
            TRY(begin(p, call, left_ms));
        else
            (*open)--;
    }
    return YES;
}

static no run(struct publisher *p, size_t open, int64_t until_ms,
              bool (*done)(void *self, struct publish_call *call), bool (*idle)(void *self),
              void *self)
{
    int running;

    while (open > 0 && publish_clock_ms() < until_ms && !atomic_load(&p->stopping)) {
        if (curl_multi_perform(p->multi, &running) != CURLM_OK)
            return NO_IO_FAILED;
        TRY(collect(p, until_ms, &open, done, self));
        if (idle != NULL && !idle(self))
            break;
        if (open > 0)
            (void)curl_multi_poll(p->multi, NULL, 0, LOOK_MS, NULL);
    }
    return YES;
}

static void end(struct publisher *p, struct publish_call *call)
{
    if (call->curl != NULL) {
        /* Without effect when it has ended. */
        (void)curl_multi_remove_handle(p->multi, call->curl);
        curl_easy_cleanup(call->curl);
    }
    curl_slist_free_all(call->headers);
    call->curl = NULL;
    call->headers = NULL;
}

no publish_ask(struct publisher *p, struct publish_call *calls, size_t n, int64_t most_ms,
               bool (*done)(void *self, struct publish_call *call), bool (*idle)(void *self),
               void *self)
{
    const int64_t until_ms = publish_clock_ms() + most_ms;
    no answer = YES;

    for (size_t i = 0; i < n && answer == YES; i++)
        answer = begin(p, &calls[i], most_ms);
    if (answer == YES)
        answer = run(p, n, until_ms, done, idle, self);
    for (size_t i = 0; i < n; i++)
        end(p, &calls[i]);
    return answer;
}
