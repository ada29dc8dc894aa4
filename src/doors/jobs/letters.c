/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/jobs/letters.h"

#include "base/log.h"
#include "base/time.h"
#include "deeds/house.h"
#include "deeds/letter_send.h"
#include "doors/jobs/jobs.h"
#include "doors/jobs/letter_text.h"
#include "wire/mail.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROUND_MAX = 50, CONNECT_S = 10, SEND_S = 60 };

/* --- to a folder ---------------------------------------------------------------------------------
 */

static bool write_all(int fd, str bytes)
{
    while (bytes.len > 0) {
        const ssize_t written = write(fd, bytes.ptr, bytes.len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes = str_sub(bytes, (size_t)written, bytes.len);
    }
    return true;
}

/* Written under another name first, so that nobody who looks finds half a letter. */
static no to_folder(struct ctx *ctx, const char *folder, const struct letter *letter, str text)
{
    struct buf name, draft;

    buf_init(&name, ctx->arena, 256);
    buf_init(&draft, ctx->arena, 256);
    buf_printf(&name, "%s/%09lld.eml", folder, (long long)letter->id);
    buf_printf(&draft, "%s/.%09lld.part", folder, (long long)letter->id);
    const char *path = arena_cstr(ctx->arena, buf_str(&name)),
               *part = arena_cstr(ctx->arena, buf_str(&draft));
    const int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    if (fd < 0)
        return NO_IO_FAILED;
    const bool written = write_all(fd, text);

    if (close(fd) != 0 || !written || rename(part, path) != 0) {
        (void)unlink(part);
        return NO_IO_FAILED;
    }
    return YES;
}

/* --- to a mail server ------------------------------------------------------------------------ */

static size_t give(char *to, size_t size, size_t count, void *self)
{
    str *rest = self;
    const size_t room = size * count, n = rest->len < room ? rest->len : room;

    if (n > 0)
        memcpy(to, rest->ptr, n);
    *rest = str_sub(*rest, n, rest->len);
    return n;
}

static no to_server(struct ctx *ctx, CURL *curl, const struct jobs_config *config, str from, str to,
                    str text)
{
    struct curl_slist *readers = curl_slist_append(NULL, arena_cstr(ctx->arena, to));
    str rest = text;

    if (readers == NULL)
        return NO_OUT_OF_MEMORY;
    curl_easy_reset(curl);
    (void)curl_easy_setopt(curl, CURLOPT_URL, config->smtp);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    /* STARTTLS where it is offered; a server that must have it is written smtps:// */
    (void)curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_cstr(ctx->arena, from));
    (void)curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, readers);
    (void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    (void)curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
    (void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SEND_S);
    const CURLcode sent = curl_easy_perform(curl);

    curl_slist_free_all(readers);
    if (sent != CURLE_OK)
        log_line(LOG_WARN, "letters", "the mail server did not take a letter", "why",
                 curl_easy_strerror(sent), NULL);
    return sent == CURLE_OK ? YES : NO_PEER_FAILED;
}

/* --- one letter ------------------------------------------------------------------------------ */

/* The number and the instant make it unique; the house's name stands behind it, as RFC 5322 3.6.4
 * asks. */
static str message_id(struct ctx *ctx, const struct letter *letter, str from)
{
    str name, host;
    struct buf id;

    (void)str_cut(from, '@', &name, &host);
    buf_init(&id, ctx->arena, 96);
    buf_printf(&id, "%lld.%lld@", (long long)letter->id,
               (long long)(letter->created_ns / NS_PER_S));
    buf_put(&id, host);
    return buf_str(&id);
}

static no put_together(struct ctx *ctx, const struct jobs_config *config,
                       const struct letter *letter, const struct letter_facts *facts,
                       struct buf *text, str *from)
{
    struct buf subject, body, unsubscribe;

    buf_init(&subject, ctx->arena, 256);
    buf_init(&body, ctx->arena, 2048);
    buf_init(&unsubscribe, ctx->arena, 256);
    letter_write(ctx, letter, facts, str_of(config->origin), &subject, &body, &unsubscribe);
    *from = config->from != NULL ? str_of(config->from) : ctx_house(ctx)->email;
    const struct mail mail = {.from_name = ctx_house(ctx)->name,
                              .from = *from,
                              .to = facts->to,
                              .subject = buf_str(&subject),
                              .id = message_id(ctx, letter, *from),
                              .at_ns = ctx->now_ns,
                              .unsubscribe = buf_str(&unsubscribe),
                              .lang = facts->lang == LANG_FR ? S("fr") : S("en"),
                              .body = buf_str(&body)};

    buf_init(text, ctx->arena, 4096);
    return mail_write(text, &mail);
}

/* YES: it has left, or never will have to. */
static no send_one(struct ctx *ctx, CURL *curl, const struct jobs_config *config,
                   const struct letter *letter)
{
    struct letter_facts facts;
    struct buf text;
    str from;

    TRY(view_letter_facts(ctx, letter, &facts));
    if (!facts.wanted || facts.to.len == 0)
        return YES;
    TRY(put_together(ctx, config, letter, &facts, &text, &from));
    if (config->smtp != NULL)
        return to_server(ctx, curl, config, from, facts.to, buf_str(&text));
    return to_folder(ctx, config->mail_dir, letter, buf_str(&text));
}

static no send_round(struct ctx *ctx, CURL *curl, const struct jobs_config *config)
{
    const struct letter *letters;
    size_t n;

    TRY(view_letters_due(ctx, ROUND_MAX, &letters, &n));
    for (size_t i = 0; i < n; i++) {
        const size_t mark = arena_mark(ctx->arena);
        const no sent = send_one(ctx, curl, config, &letters[i]);

        if (sent == NO_STOPPING)
            return sent;
        if (sent != YES)
            log_line(LOG_WARN, "letters", "a letter waits", "no", no_line(sent)->name, NULL);
        TRY(sent == YES ? deed_letter_sent(ctx, letters[i].id)
                        : deed_letter_later(ctx, &letters[i]));
        /* A silent server must not hold up the timers of orders, which wait for this thread. */
        if (sent == NO_PEER_FAILED)
            return YES;
        arena_rewind(ctx->arena, mark);
    }
    return YES;
}

no letters_send(struct ctx *ctx, const struct jobs_config *config)
{
    CURL *curl = NULL;

    if (config->smtp == NULL && config->mail_dir == NULL)
        return YES;
    if (config->smtp != NULL && (curl = curl_easy_init()) == NULL)
        return NO_OUT_OF_MEMORY;
    const no answer = send_round(ctx, curl, config);

    if (curl != NULL)
        curl_easy_cleanup(curl);
    return answer;
}
