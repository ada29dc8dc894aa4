/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * How long a commit waits for its witnesses: three co-ops on this machine cosign for a fourth,
 * whose publisher runs here. And what being a witness costs: one checkpoint cosigned again and
 * again, each time to the disk. Usage: publish PROGRAM [commits].
 */
#include "bench.h"

#include "launch.h"

#include "base/hash.h"
#include "deeds/register.h"
#include "deeds/register_house.h"
#include "doors/jobs/publish.h"
#include "main/world.h"

#include <curl/curl.h>

enum { WITNESSES = 3, COMMITS = 60, COSIGNED = 300, PATIENCE_S = 10 };
enum { LATENCY_MS = 2000, COSIGN_MS = 5, COSIGN_SLOW_MS = 20 };

struct bench {
    const char *program;
    char dir[64], data[WITNESSES + 1][96]; /* the last is ours */
    struct server witnesses[WITNESSES];
    struct real_world *world;
    struct signer *signer;
    struct publisher *publisher;
};

static void fail(const char *what)
{
    (void)fprintf(stderr, "publish: %s\n", what);
    exit(1);
}

/* What a command says on standard output, without its last line end. */
static void run(const struct bench *bench, const char *words, const char *data, char *out,
                size_t size)
{
    char command[1024];

    (void)snprintf(command, sizeof command, "%s %s --data %s", bench->program, words, data);
    FILE *pipe = popen(command, "r");
    const size_t got = pipe == NULL ? 0 : fread(out, 1, size - 1, pipe);

    if (pipe == NULL || pclose(pipe) != 0)
        fail(command);
    out[got] = 0;
    if (got > 0 && out[got - 1] == '\n')
        out[got - 1] = 0;
}

/* A key of a witness, as soon as its server has put it into its register. */
static void key_of(const struct bench *bench, int of, char *key, size_t size)
{
    char command[512];

    (void)snprintf(command, sizeof command,
                   "for i in $(seq 100); do %s log key --data %s 2>/dev/null && break;"
                   " sleep 0.1; done | sed -n 's/^witness //p'",
                   bench->program, bench->data[of]);
    FILE *pipe = popen(command, "r");
    const size_t got = pipe == NULL ? 0 : fread(key, 1, size - 1, pipe);

    if (pipe == NULL || pclose(pipe) != 0 || got == 0)
        fail("no keys");
    key[got - 1] = 0;
}

/* --- ours --------------------------------------------------------------------------------------
 */

static void with_ctx(struct bench *bench, no (*deed)(struct ctx *, void *), void *form)
{
    struct arena arena;
    struct ctx ctx;

    if (!arena_init(&arena, 1 << 20))
        fail("memory");
    world_ctx(bench->world, &arena, &ctx);
    ctx.db = ctx.world->reader_take(ctx.world->self);
    if (deed(&ctx, form) != YES)
        fail("a deed was refused");
    ctx.world->reader_give_back(ctx.world->self, ctx.db);
    arena_release(&arena);
}

static no set_policy(struct ctx *ctx, void *text)
{
    struct register_policy_form form = {.text = str_of(text)};

    return deed_register_policy(ctx, &form);
}

/* One commit with one entry. */
static no commit(struct ctx *ctx, void *size)
{
    struct register_state state;
    uint8_t sha256[HASH_SIZE];

    hash_random(sha256, sizeof sha256);
    TRY(deed_register_release(ctx, S("bench"), sha256));
    TRY(view_register_state(ctx, &state));
    *(int64_t *)size = state.recorded;
    return YES;
}

static int64_t size_published(const struct bench *bench)
{
    char path[160], line[512] = "";
    int64_t size = 0;

    (void)snprintf(path, sizeof path, "%s/log/checkpoint", bench->data[WITNESSES]);
    FILE *file = fopen(path, "r");

    if (file == NULL)
        return 0;
    if (fgets(line, sizeof line, file) != NULL && fgets(line, sizeof line, file) != NULL)
        (void)str_to_int64(str_trim(str_of(line)), &size);
    (void)fclose(file);
    return size;
}

static double wait_ms(struct bench *bench)
{
    int64_t size = 0;
    const double start = bench_now();

    with_ctx(bench, commit, &size);
    while (size_published(bench) < size) {
        if (bench_now() - start > PATIENCE_S)
            fail("nothing is published");
        (void)usleep(500);
    }
    return (bench_now() - start) * 1000;
}

/* --- setting up --------------------------------------------------------------------------------
 */

static void found(struct bench *bench, int which)
{
    char out[1024];

    (void)snprintf(bench->data[which], sizeof bench->data[which], "%s/%d", bench->dir, which);
    run(bench, "found tests/coop.json", bench->data[which], out, sizeof out);
}

static void open_ours(struct bench *bench)
{
    struct publish_config config = {.data = bench->data[WITNESSES]};

    found(bench, WITNESSES);
    if (world_open(&bench->world, config.data, 4) != YES ||
        signer_start(&bench->signer, config.data) != YES)
        fail("our own co-op cannot be opened");
    config.world = world_functions(bench->world);
    config.signer = bench->signer;
    if (publish_open(&bench->publisher, &config) != YES || publish_round(bench->publisher) != YES)
        fail("nothing can be published");
}

static void exchange_keys(struct bench *bench)
{
    char policy[4096] = "", key[512], out[1024], vkey[1024], path[160];
    size_t len = 0;

    (void)snprintf(path, sizeof path, "%s/log/vkey", bench->data[WITNESSES]);
    FILE *file = fopen(path, "r");

    if (file == NULL || fgets(vkey, sizeof vkey, file) == NULL)
        fail(path);
    (void)fclose(file);
    vkey[strcspn(vkey, "\n")] = 0;
    for (int i = 0; i < WITNESSES; i++) {
        char words[2048];

        key_of(bench, i, key, sizeof key);
        (void)snprintf(words, sizeof words, "log peer add '%s'", vkey);
        run(bench, words, bench->data[i], out, sizeof out);
        len += (size_t)snprintf(policy + len, sizeof policy - len,
                                "witness w%d %s http://127.0.0.1:%u/witness\n", i, key,
                                bench->witnesses[i].port);
    }
    (void)snprintf(policy + len, sizeof policy - len, "group all all w0 w1 w2\nquorum all\n");
    with_ctx(bench, set_policy, policy);
    world_on_commit(bench->world, publish_wake, bench->publisher);
    if (publish_start(bench->publisher) != YES)
        fail("no thread");
}

/* --- being a witness ---------------------------------------------------------------------------
 */

static size_t drop(char *bytes, size_t size, size_t count, void *self)
{
    (void)bytes, (void)self;
    return size * count;
}

static double cosign_ms(CURL *curl, const char *body)
{
    long status = 0;
    const double start = bench_now();

    (void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    if (curl_easy_perform(curl) != CURLE_OK ||
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200)
        fail("a witness does not cosign");
    return (bench_now() - start) * 1000;
}

static void cosigning(const struct bench *bench, double *times, size_t n)
{
    static char note[8192], body[9000];
    char path[160], url[128];
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: text/plain");
    CURL *curl = curl_easy_init();

    (void)snprintf(path, sizeof path, "%s/log/checkpoint", bench->data[WITNESSES]);
    FILE *file = fopen(path, "r");

    if (file == NULL || fread(note, 1, sizeof note - 1, file) == 0 || curl == NULL)
        fail(path);
    (void)fclose(file);
    (void)snprintf(body, sizeof body, "old %lld\n\n%s", (long long)size_published(bench), note);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/witness/add-checkpoint",
                   bench->witnesses[0].port);
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    for (size_t i = 0; i < n; i++)
        times[i] = cosign_ms(curl, body);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
}

int main(int argc, char **argv)
{
    static double waits[1000], times[COSIGNED];
    struct bench bench = {.program = argc > 1 ? argv[1] : "build/filon"};
    int64_t commits = COMMITS;

    if (argc == 3 && strcmp(argv[1], "signer-worker") == 0)
        return signer_worker(argv[2]);
    if (argc > 2 && (!str_to_int64(str_of(argv[2]), &commits) || commits < 1 || commits > 1000)) {
        (void)fputs("usage: publish PROGRAM [commits]\n", stderr);
        return 2;
    }
    bench_folder(bench.dir, sizeof bench.dir);
    for (int i = 0; i < WITNESSES; i++) {
        found(&bench, i);
        launch(&bench.witnesses[i], bench.program, bench.data[i], NULL);
    }
    open_ours(&bench);
    exchange_keys(&bench);
    for (int64_t i = 0; i < commits; i++) {
        waits[i] = wait_ms(&bench);
        /* At no fixed place in the publisher's second. */
        (void)usleep((useconds_t)(i * 7919 % 1000) * 1000);
    }
    cosigning(&bench, times, COSIGNED);
    bench_line("register, commit to witnessed by 3, median", bench_median(waits, (size_t)commits),
               "ms", LATENCY_MS, 0);
    bench_line("register, commit to witnessed by 3, p99", waits[(commits * 99 - 1) / 100], "ms",
               LATENCY_MS, 0);
    bench_line("register, add-checkpoint, median", bench_median(times, COSIGNED), "ms", COSIGN_MS,
               0);
    bench_line("register, add-checkpoint, p99", times[(COSIGNED * 99 - 1) / 100], "ms",
               COSIGN_SLOW_MS, 0);
    publish_stop(bench.publisher);
    world_on_commit(bench.world, NULL, NULL);
    publish_close(bench.publisher);
    signer_stop(bench.signer);
    world_close(bench.world);
    for (int i = 0; i < WITNESSES; i++)
        launch_stop(&bench.witnesses[i]);
    bench_folder_end(bench.dir);
    return 0;
}
