/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The ledger against the disk and against a bare SQLite program that keeps the same rows and
 * chains: one entry per commit, 64 clients with group commit, bulk posting, a hot account. Source
 * of the targets: specs ledger 5.
 */
#include "bench.h"

#include "deeds/found.h"
#include "deeds/ledger.h"
#include "main/world.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>

enum {
    ROUNDS = 3,
    ACCOUNTS = 1000,
    SINGLE = 2000,
    PER_CLIENT = 600,
    CLIENTS = 64,
    BULK = 200000,
    BATCH = 1000
};

static struct real_world *world;
static int64_t accounts[ACCOUNTS];

static void must(no answer, const char *what)
{
    if (answer != YES) {
        (void)fprintf(stderr, "%s: %s\n", what, no_line(answer)->name);
        exit(1);
    }
}

/* --- the disk ----------------------------------------------------------------------------------
 */

static double fdatasyncs(const char *dir)
{
    char path[300], block[4096] = {0};

    (void)snprintf(path, sizeof path, "%s/sync", dir);
    const int file = open(path, O_RDWR | O_CREAT, 0600);
    if (file < 0 || pwrite(file, block, sizeof block, 0) < 0 || fsync(file) != 0)
        exit(1);
    const double start = bench_now();
    int n = 0;

    while (bench_now() - start < 1.0) {
        block[0] = (char)n++;
        if (pwrite(file, block, sizeof block, 0) < 0 || fdatasync(file) != 0)
            exit(1);
    }
    (void)close(file);
    return n / (bench_now() - start);
}

/* --- a bare program: same rows, same chains, no rules --------------------------------------------
 */

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        (void)fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        exit(1);
    }
    return stmt;
}

static void run(sqlite3_stmt *stmt, int n, const int64_t *values)
{
    for (int i = 0; i < n; i++)
        (void)sqlite3_bind_int64(stmt, i + 1, values[i]);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        continue;
    (void)sqlite3_reset(stmt);
}

static sqlite3 *bare_open(const char *dir, const char *name, const char *schema)
{
    char path[300];
    sqlite3 *db;

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    (void)unlink(path);
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", NULL, NULL, NULL) !=
            SQLITE_OK ||
        sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK)
        exit(1);
    return db;
}

/* What both bare programs share: two accounts move, and know their last transfer. */
struct bare {
    sqlite3 *db;
    sqlite3_stmt *insert, *entry, *debit, *credit;
    int64_t last[ACCOUNTS];
};

static void bare_begin(struct bare *bare)
{
    sqlite3_stmt *add = prepare(bare->db, "INSERT INTO account VALUES (?1,0,0,0,0)");

    bare->debit =
        prepare(bare->db, "UPDATE account SET debits=debits+?2,last=?3,n=n+1 WHERE id=?1");
    bare->credit =
        prepare(bare->db, "UPDATE account SET credits=credits+?2,last=?3,n=n+1 WHERE id=?1");
    for (int64_t i = 0; i < ACCOUNTS; i++) {
        run(add, 1, &i);
        bare->last[i] = 0;
    }
    (void)sqlite3_finalize(add);
}

static void bare_move(struct bare *bare, int64_t from, int64_t to, int64_t seq)
{
    run(bare->debit, 3, (int64_t[]){from, 100, seq});
    run(bare->credit, 3, (int64_t[]){to, 100, seq});
    bare->last[from] = bare->last[to] = seq;
}

static void bare_end(struct bare *bare)
{
    (void)sqlite3_finalize(bare->insert);
    (void)sqlite3_finalize(bare->entry);
    (void)sqlite3_finalize(bare->debit);
    (void)sqlite3_finalize(bare->credit);
    (void)sqlite3_close(bare->db);
}

static const char account_schema[] =
    "CREATE TABLE account (id INTEGER PRIMARY KEY, debits INT, credits INT, last INT, n INT);";

/* Transfers alone, as in specs ledger 5: no entries, no rules. */
static double bare_chain(const char *dir, int64_t rows)
{
    struct bare bare = {.db = bare_open(dir, "chain.db",
                                        "CREATE TABLE transfer (seq INTEGER PRIMARY KEY, uid BLOB,"
                                        " debit INT, credit INT, amount INT, at INT,"
                                        " debit_prev INT, credit_prev INT);")};

    (void)sqlite3_exec(bare.db, account_schema, NULL, NULL, NULL);
    bare.insert =
        prepare(bare.db, "INSERT INTO transfer VALUES (?1,randomblob(16),?2,?3,?4,?5,?6,?7)");
    bare_begin(&bare);
    const double start = bench_now();

    for (int64_t i = 0; i < rows; i++) {
        const int64_t from = (i * 7919) % ACCOUNTS, to = (i * 104729 + 1) % ACCOUNTS, seq = i + 1;

        if (i % BATCH == 0)
            (void)sqlite3_exec(bare.db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        run(bare.insert, 7, (int64_t[]){seq, from, to, 100, seq, bare.last[from], bare.last[to]});
        bare_move(&bare, from, to, seq);
        if (i % BATCH == BATCH - 1)
            (void)sqlite3_exec(bare.db, "COMMIT", NULL, NULL, NULL);
    }
    const double rate = (double)rows / (bench_now() - start);

    bare_end(&bare);
    return rate;
}

/* The rows that the ledger keeps, entry and numbers included, and its unique keys; still no rule,
 * no hash, nothing read before or after. */
static double bare_rows(const char *dir, int64_t rows)
{
    struct bare bare = {
        .db = bare_open(
            dir, "rows.db",
            "CREATE TABLE entry (id INTEGER PRIMARY KEY, uid BLOB NOT NULL UNIQUE, hash BLOB,"
            " journal INT, year INT, num INT, day INT, piece TEXT, label TEXT, actor INT,"
            " cause INT, cause_id INT, corrects INT, at INT, first INT, n INT);"
            "CREATE UNIQUE INDEX entry_number ON entry (journal, year, num);"
            "CREATE TABLE transfer (seq INTEGER PRIMARY KEY, entry INT, debit INT, credit INT,"
            " amount INT, currency INT, code INT, flags INT, pending INT, expires INT, event INT,"
            " debit_prev INT, credit_prev INT);")};

    (void)sqlite3_exec(bare.db, account_schema, NULL, NULL, NULL);
    bare.entry = prepare(bare.db, "INSERT INTO entry VALUES (?1,randomblob(16),randomblob(32),7,"
                                  "2026,?1,20000,'B','bench',0,7,0,0,?1,?1,1)");
    bare.insert =
        prepare(bare.db, "INSERT INTO transfer VALUES (?1,?1,?2,?3,100,1,8,0,0,0,0,?4,?5)");
    bare_begin(&bare);
    const double start = bench_now();

    for (int64_t i = 0; i < rows; i++) {
        const int64_t from = (i * 7919) % ACCOUNTS, to = (i * 104729 + 1) % ACCOUNTS, seq = i + 1;

        if (i % BATCH == 0)
            (void)sqlite3_exec(bare.db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        run(bare.entry, 1, &seq);
        run(bare.insert, 5, (int64_t[]){seq, from, to, bare.last[from], bare.last[to]});
        bare_move(&bare, from, to, seq);
        if (i % BATCH == BATCH - 1)
            (void)sqlite3_exec(bare.db, "COMMIT", NULL, NULL, NULL);
    }
    const double rate = (double)rows / (bench_now() - start);

    bare_end(&bare);
    return rate;
}

/* --- the ledger ----------------------------------------------------------------------------------
 */

struct job {
    int64_t n, seed;
    bool hot;
};

static no post_one(struct ctx *ctx, int64_t i, bool hot)
{
    struct ledger_done done;
    const int64_t from = accounts[(i * 7919) % ACCOUNTS];
    const int64_t to = hot ? accounts[0] : accounts[(i * 104729 + 1) % ACCOUNTS];
    const struct ledger_leg leg = {.kind = LEDGER_LEG_PLAIN,
                                   .debit = from == to ? accounts[1] : from,
                                   .credit = to,
                                   .amount = 100,
                                   .currency = 1,
                                   .code = CODE_DIRECT};

    return ledger_post(ctx,
                       &(struct ledger_ask){.journal = JOURNAL_DIRECT,
                                            .cause = CAUSE_BENCH,
                                            .piece_ref = S("B"),
                                            .label = S("bench"),
                                            .legs = &leg,
                                            .legs_n = 1},
                       &done);
}

static no post_some(struct ctx *ctx, void *job_)
{
    const struct job *job = job_;

    if (job->n > 1)
        TRY(ledger_batch_open(ctx));
    for (int64_t i = 0; i < job->n; i++) {
        const size_t mark = arena_mark(ctx->arena);

        TRY(post_one(ctx, job->seed + i, job->hot));
        arena_rewind(ctx->arena, mark);
    }
    return job->n > 1 ? ledger_batch_close(ctx) : YES;
}

static void *client(void *job_)
{
    struct job job = *(struct job *)job_, one = {.n = 1, .hot = job.hot};
    struct arena arena;
    struct ctx ctx;

    if (!arena_init(&arena, 1 << 20))
        exit(1);
    for (int64_t i = 0; i < job.n; i++) {
        arena_reset(&arena);
        world_ctx(world, &arena, &ctx);
        one.seed = job.seed + i;
        must(deed_run(&ctx, post_some, &one), "entry");
    }
    arena_release(&arena);
    return NULL;
}

static double clients(int n, int64_t each, bool hot)
{
    pthread_t threads[CLIENTS];
    struct job jobs[CLIENTS];
    const double start = bench_now();

    for (int i = 0; i < n; i++) {
        jobs[i] = (struct job){.n = each, .seed = (int64_t)i * each, .hot = hot};
        if (pthread_create(&threads[i], NULL, client, &jobs[i]) != 0)
            exit(1);
    }
    for (int i = 0; i < n; i++)
        (void)pthread_join(threads[i], NULL);
    return (double)n * (double)each / (bench_now() - start);
}

static double bulk(int64_t rows)
{
    struct arena arena;
    struct ctx ctx;
    const double start = bench_now();

    if (!arena_init(&arena, 4 << 20))
        exit(1);
    for (int64_t done = 0; done < rows; done += BATCH) {
        struct job job = {.n = BATCH, .seed = done};

        arena_reset(&arena);
        world_ctx(world, &arena, &ctx);
        must(deed_run(&ctx, post_some, &job), "bulk");
    }
    arena_release(&arena);
    return (double)rows / (bench_now() - start);
}

static no open_accounts(struct ctx *ctx, void *unused)
{
    (void)unused;
    for (int64_t i = 0; i < ACCOUNTS; i++)
        TRY(ledger_account_of(ctx, i + 1, CHART_DIRECT, 1, &accounts[i]));
    return YES;
}

static void found(void)
{
    static const struct founder founder = {.name = {"Bench", 5},
                                           .email = {"bench@example.org", 17}};
    struct found_form form = {.name = S("Bench"),
                              .legal_form = S("other"),
                              .place = S("Lyon"),
                              .zone = S("Europe/Paris"),
                              .email = S("bench@example.org"),
                              .currency = S("EUR"),
                              .founders = &founder,
                              .founders_n = 1};
    struct arena arena;
    struct ctx ctx;

    if (!arena_init(&arena, 16 << 20))
        exit(1);
    world_ctx(world, &arena, &ctx);
    must(deed_found(&ctx, &form), "found");
    must(deed_run(&ctx, open_accounts, NULL), "accounts");
    arena_release(&arena);
}

int main(void)
{
    char dir[64];
    double single[ROUNDS], many[ROUNDS], many_rate[ROUNDS], load[ROUNDS], load_rate[ROUNDS],
        load_rows[ROUNDS], hot[ROUNDS], with[ROUNDS], load_with[ROUNDS];

    bench_folder(dir, sizeof dir);
    must(world_open(&world, dir, 2), dir);
    found();
    (void)clients(4, 500, false); /* the WAL's first growth is not what is measured */
    for (int i = 0; i < ROUNDS; i++) {
        const double disk = fdatasyncs(dir), bare = bare_chain(dir, BULK),
                     bare_whole = bare_rows(dir, BULK);

        world_register_off(world, true);
        single[i] = clients(1, SINGLE, false) / disk;
        many_rate[i] = clients(CLIENTS, PER_CLIENT, false);
        many[i] = many_rate[i] / disk;
        hot[i] = clients(CLIENTS, PER_CLIENT, true) / many_rate[i];
        load_rate[i] = bulk(BULK);
        load[i] = load_rate[i] / bare;
        load_rows[i] = load_rate[i] / bare_whole;
        world_register_off(world, false);
        with[i] = clients(CLIENTS, PER_CLIENT, false) / many_rate[i];
        load_with[i] = bulk(BULK) / load_rate[i];
        (void)printf(
            "# round %d: fdatasync %.0f/s, bare chain %.0f/s, 64 clients %.1f x fdatasync\n", i + 1,
            disk, bare, many[i]);
    }
    bench_line("one durable entry per commit / fdatasync overwrite", bench_median(single, ROUNDS),
               "x", 0.45, 1);
    bench_line("64 clients, durable entries", bench_median(many_rate, ROUNDS), "/s", 20000, 1);
    bench_line("bulk posting / bare SQLite program, the same rows", bench_median(load_rows, ROUNDS),
               "x", 0.6, 1);
    bench_line("bulk posting / bare SQLite chain, transfers alone", bench_median(load, ROUNDS), "x",
               0.6, 1);
    bench_line("bulk posting", bench_median(load_rate, ROUNDS), "entries/s", 100000, 1);
    bench_line("hot account / spread accounts", bench_median(hot, ROUNDS), "x", 0.9, 1);
    bench_line("64 clients, with the register / the ledger alone", bench_median(with, ROUNDS), "x",
               0.85, 1);
    (void)printf("# bulk posting with the register / the ledger alone: %.2f x\n",
                 bench_median(load_with, ROUNDS));
    world_close(world);
    bench_folder_end(dir);
    return 0;
}
