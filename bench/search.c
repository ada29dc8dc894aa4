/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Searching a large market: words, 10 km around a place, a highest price, as the page asks it, each
 * answer with its twelve cards. Usage: search DATA-FOLDER [searches]. The folder is one of
 * tests/tools/seed or of `filon demo`; its words are drawn so that the most frequent are in half of
 * all offers.
 */
#include "bench.h"

#include "deeds/market_search.h"
#include "main/world.h"
#include "rules/geo.h"

enum { READERS = 1, ARENA = 1 << 20, SEARCHES = 2000, P99_MS = 50 };

static uint64_t state = 7;

static int64_t below(int64_t n)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((state >> 33) % (uint64_t)n);
}

struct kind {
    const char *name;
    const char *const *words;
    int64_t words_n;
    enum market_sort sort;
};

static const char *const frequent[] = {"bike", "fresh bike", "repair", "bike repair", "old bread"};
static const char *const common[] = {"cooking", "piano lesson", "soap", "local cheese",
                                     "wood table"};
static const char *const rare[] = {"calligraphy", "antique beekeeping", "word123", "word4711 bike",
                                   "baroque welding"};
static const char *const none[] = {"zeppelin", "bike zeppelin", "submarine"};
#define KIND(name, list, sort)                                      \
    {                                                               \
        name, list, (int64_t)(sizeof(list) / sizeof(*(list))), sort \
    }
static const struct kind kinds[] = {
    KIND("very frequent words, nearest", frequent, MARKET_NEAREST),
    KIND("very frequent words, newest", frequent, MARKET_NEWEST),
    KIND("very frequent words, cheapest", frequent, MARKET_CHEAPEST),
    KIND("common words, nearest", common, MARKET_NEAREST),
    KIND("rare words, nearest", rare, MARKET_NEAREST),
    KIND("words of no offer", none, MARKET_NEAREST),
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static struct market_query query_of(const struct kind *kind)
{
    return (struct market_query){.side = MARKET_OFFERS,
                                 .words = str_of(kind->words[below(kind->words_n)]),
                                 .has_place = true,
                                 .lat = (int32_t)(45700000 + below(130000)),
                                 .lon = (int32_t)(4750000 + below(170000)),
                                 .radius_m = 10000,
                                 .price_max = 500 + below(15000),
                                 .sort = kind->sort,
                                 .page = 1 + below(3),
                                 .size = MARKET_PAGE_SIZE};
}

/* Processor time of this thread: what a search costs when the machine is busy with others. */
static double processor_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct times {
    double *wall, *processor;
};

static void one(const struct world *functions, struct arena *arena, const struct kind *kind,
                struct times times, int64_t *cards_n)
{
    const struct market_query query = query_of(kind);
    struct market_found found;
    struct ctx ctx = {.world = functions, .arena = arena};

    arena_reset(arena);
    const double start = bench_now(), processor = processor_now();

    ctx.db = functions->reader_take(functions->self);
    const no answer = view_market_search(&ctx, &query, &found);
    functions->reader_give_back(functions->self, ctx.db);
    if (answer != YES) {
        (void)fprintf(stderr, "search: %s\n", no_line(answer)->name);
        exit(1);
    }
    *cards_n += (int64_t)found.cards_n;
    *times.processor = (processor_now() - processor) * 1000;
    *times.wall = (bench_now() - start) * 1000;
}

static double at_percent(double *sorted, int64_t n, int64_t percent)
{
    return sorted[(n * percent) / 100 < n ? (n * percent) / 100 : n - 1];
}

int main(int argc, char **argv)
{
    const int64_t n = argc > 2 ? strtoll(argv[2], NULL, 10) : SEARCHES, each = n / KINDS + 1;
    double *all = calloc((size_t)(each * KINDS), sizeof *all);
    double *processor = calloc((size_t)each, sizeof *processor);
    struct real_world *world;
    struct arena arena;
    int64_t all_n = 0, offers = 0;
    char line[96];

    if (argc < 2 || all == NULL || processor == NULL || !arena_init(&arena, ARENA) ||
        world_open(&world, argv[1], READERS) != YES) {
        (void)fputs("usage: search DATA-FOLDER [searches]\n", stderr);
        return 2;
    }
    const struct world *functions = world_functions(world);
    struct ctx ctx = {.world = functions, .arena = &arena};

    ctx.db = functions->reader_take(functions->self);
    if (view_market_count(&ctx, MARKET_OFFERS, MARKET_ALL, 0, &offers) != YES)
        return 1;
    functions->reader_give_back(functions->self, ctx.db);
    (void)printf("# search in %lld offers\n", (long long)offers);
    for (int k = 0; k < KINDS; k++) {
        double *times = all + all_n;
        int64_t cards = 0;

        for (int64_t i = 0; i < each; i++)
            one(functions, &arena, &kinds[k], (struct times){&all[all_n++], &processor[i]}, &cards);
        qsort(times, (size_t)each, sizeof *times, bench_order);
        qsort(processor, (size_t)each, sizeof *processor, bench_order);
        (void)printf("# %-30s p50 %6.2f ms, p99 %6.2f ms; of processor p50 %6.2f ms, p99 %6.2f ms;"
                     " %.1f cards\n",
                     kinds[k].name, at_percent(times, each, 50), at_percent(times, each, 99),
                     at_percent(processor, each, 50), at_percent(processor, each, 99),
                     (double)cards / (double)each);
        if (k < 3) {
            (void)snprintf(line, sizeof line, "search p99, %s", kinds[k].name);
            bench_line(line, at_percent(times, each, 99), "ms", P99_MS, 0);
        }
    }
    qsort(all, (size_t)all_n, sizeof *all, bench_order);
    bench_line("search p99, all kinds together", at_percent(all, all_n, 99), "ms", P99_MS, 0);
    (void)printf("# search p50, all kinds together: %.2f ms\n", at_percent(all, all_n, 50));
    world_close(world);
    arena_release(&arena);
    free(processor);
    free(all);
    return 0;
}
