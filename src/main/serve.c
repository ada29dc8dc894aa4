/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "main/serve.h"

#include "base/log.h"
#include "deeds/audit.h"
#include "deeds/found_draft.h"
#include "deeds/house.h"
#include "doors/cli/cli.h"
#include "doors/cli/demo.h"
#include "doors/http/hooks.h"
#include "doors/http/server.h"
#include "doors/jobs/erasures.h"
#include "doors/jobs/jobs.h"
#include "main/publishing.h"
#include "main/relay.h"
#include "main/world.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READERS = 14, DEMO_ARENA = 64 << 20, ERASE_ARENA = 64 << 20 };

static int fail(const struct serve_options *options, const char *what, no why)
{
    const str words = cli_words(options->lang, why);

    (void)fprintf(stderr, "filon: %s: %.*s\n", what, (int)words.len, words.ptr);
    return CLI_REFUSED;
}

/* What the system itself refused: its own words are the best ones. */
static int fail_system(const char *what)
{
    (void)fprintf(stderr, "filon: %s: %s\n", what, strerror(errno));
    return CLI_REFUSED;
}

static no make_demo(struct real_world *world, const struct serve_options *options)
{
    struct arena arena;
    struct ctx ctx;
    const struct demo_size size = {options->members, options->offers, options->orders};

    if (!arena_init(&arena, DEMO_ARENA))
        return NO_OUT_OF_MEMORY;
    world_ctx(world, &arena, &ctx);
    ctx.lang = options->lang;
    ctx.db = ctx.world->reader_take(ctx.world->self);
    const no answer = demo_make(&ctx, &size, isatty(STDERR_FILENO) == 1);

    if (ctx.db != NULL)
        ctx.world->reader_give_back(ctx.world->self, ctx.db);
    arena_release(&arena);
    return answer;
}

/* Nobody who left may be there again because an older file is, not for one request. */
static no erase_again(struct real_world *world, const char *data)
{
    struct arena arena;
    struct ctx ctx;

    if (!arena_init(&arena, ERASE_ARENA))
        return NO_OUT_OF_MEMORY;
    world_ctx(world, &arena, &ctx);
    ctx.db = ctx.world->reader_take(ctx.world->self);
    const no answer = erasures_begin(&ctx, data);

    ctx.world->reader_give_back(ctx.world->self, ctx.db);
    arena_release(&arena);
    return answer;
}

/* Nothing is founded: a link for whoever reads this terminal opens the wizard. */
static void print_founding_link(struct real_world *world, const char *origin, enum lang lang)
{
    char block[64 * 1024];
    struct found_link link;
    struct arena arena;
    struct ctx ctx;

    arena_init_on(&arena, block, sizeof block);
    world_ctx(world, &arena, &ctx);
    if (ctx_house(&ctx)->state != HOUSE_FOUNDING)
        return;
    const no answer = deed_found_link(&ctx, &link);

    if (answer == YES)
        (void)printf("%s %s/%s/found/%.*s\n",
                     lang == LANG_FR ? "Fonder la coop\xc3\xa9rative :" : "Found the co-op:",
                     origin, lang == LANG_FR ? "fr" : "en", (int)sizeof link.token, link.token);
    else
        log_line(LOG_WARN, "serve", "the founding link could not be made", "no",
                 no_line(answer)->name, NULL);
}

/* What happened while the clock was wrong cannot be undone by a program; somebody must know. */
static void warn_of_clock(const struct world *world)
{
    char block[64 * 1024], seconds[24];
    struct arena arena;
    struct ctx ctx = {.world = world, .arena = &arena};
    int64_t ahead_ns = 0;

    arena_init_on(&arena, block, sizeof block);
    ctx.now_ns = world->now_ns(world->self);
    ctx.db = world->reader_take(world->self);
    const no answer = view_clock_ahead(&ctx, &ahead_ns);
    world->reader_give_back(world->self, ctx.db);
    (void)snprintf(seconds, sizeof seconds, "%lld", (long long)(ahead_ns / NS_PER_S));
    if (answer == YES && ahead_ns > 0)
        log_line(LOG_WARN, "serve", "the book is ahead of the clock: filon audit says since when",
                 "seconds", seconds, NULL);
}

static void wait_for_signal(void)
{
    sigset_t stop;
    int which;

    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGINT);
    (void)sigaddset(&stop, SIGTERM);
    while (sigwait(&stop, &which) != 0)
        continue;
}

static int serve_signed(struct real_world *world, const struct serve_options *options,
                        struct publishing *publishing)
{
    const struct world *functions = world_functions(world);
    struct http_server *http;
    struct jobs *jobs;
    struct relay relay;
    char mail[4096], log[4096], origin[256];
    const int len = snprintf(mail, sizeof mail, "%s/mail", options->data);
    const bool to_folder = options->smtp == NULL && len > 0 && (size_t)len < sizeof mail;
    const int log_len = snprintf(log, sizeof log, "%s/log", options->data);
    struct http_config config = {.address = options->address,
                                 .port = options->port,
                                 .port_given = options->port_given,
                                 .origin = options->origin,
                                 .secure = options->secure,
                                 .front_trusted = options->front_trusted,
                                 .lang = options->lang,
                                 .world = functions,
                                 .rate_off = options->rate_off,
                                 .threads = 2,
                                 .signer = publishing->signer,
                                 .log_dir = (size_t)log_len < sizeof log ? log : NULL,
                                 .hooks = http_room_hooks()};

    if (to_folder)
        (void)mkdir(mail, 0700);
    (void)snprintf(origin, sizeof origin, "port %u", options->port);
    no answer = http_serve(&http, &config);
    if (answer != YES)
        return fail_system(origin);
    (void)snprintf(origin, sizeof origin, "http://%s:%u",
                   options->address == NULL ? "127.0.0.1" : options->address, http_port(http));
    const struct jobs_config letters = {.world = functions,
                                        .data = options->data,
                                        .smtp = options->smtp,
                                        .from = options->from,
                                        .mail_dir = to_folder ? mail : NULL,
                                        .origin =
                                            options->origin != NULL ? options->origin : origin};
    answer = jobs_start(&jobs, &letters);
    if (answer == YES) {
        world_on_wake(world, jobs_wake, jobs);
        publishing_start(publishing, options->data, letters.origin);
        answer = relay_start(&relay, functions, options->data);
        if (answer != YES)
            log_line(LOG_WARN, "serve", "commands cannot reach this server", NULL);
        (void)printf("%s/%s/\n", letters.origin, options->lang == LANG_FR ? "fr" : "en");
        print_founding_link(world, letters.origin, options->lang);
        warn_of_clock(functions);
        (void)fflush(stdout);
        wait_for_signal();
        if (answer == YES)
            relay_stop(&relay);
    }
    http_stop(http);
    world_on_wake(world, NULL, NULL);
    if (answer == YES)
        jobs_stop(jobs);
    return CLI_OK;
}

static int serve_world(struct real_world *world, const struct serve_options *options)
{
    struct publishing publishing;

    publishing_prepare(&publishing, world, options->data);
    const int code = serve_signed(world, options, &publishing);

    publishing_stop(&publishing);
    return code;
}

int serve_run(const struct serve_options *options)
{
    struct real_world *world;
    sigset_t stop;

    /* Every thread is born with these blocked, so that sigwait alone hears them. */
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGINT);
    (void)sigaddset(&stop, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &stop, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    if (mkdir(options->data, 0700) != 0 && errno != EEXIST)
        return fail_system(options->data);
    no answer = world_open(&world, options->data, READERS);

    if (answer != YES)
        return fail(options, options->data, answer);
    const bool empty = world_functions(world)->house(world_functions(world)->self)->name.len == 0;

    if (options->demo && empty)
        answer = make_demo(world, options);
    const char *what = "demonstration";

    if (answer == YES) {
        answer = erase_again(world, options->data);
        what = "erasures";
    }
    const int code = answer != YES        ? fail(options, what, answer)
                     : options->only_make ? CLI_OK
                                          : serve_world(world, options);

    world_close(world);
    return code;
}
