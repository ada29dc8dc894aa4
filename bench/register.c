/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The register: how long a whole one takes to check with the program itself, how much memory that
 * needs, and how long one proof takes. Entries of 300 bytes, canonical, three witnesses. Usage:
 * register PROGRAM. With BENCH_BIG=1 also 10,000,000 entries, which need 3.4 GB of disk for a
 * while.
 */
#include "bench.h"

#include "logmaker.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum {
    ENTRIES = 1000000,
    BIG_ENTRIES = 10000000,
    ENTRY_BYTES = 300,
    VERIFY_S = 10,
    BIG_VERIFY_S = 120,
    VERIFY_MIB = 64,
    VERIFY_ROUNDS = 3,
    PROOFS = 101,
    PROOF_MS = 20
};

static struct logmaker maker;

static void make_log(const char *folder, uint64_t n)
{
    char entry[ENTRY_BYTES + 1];

    logmaker_begin(&maker, folder);
    for (uint64_t i = 0; i < n; i++)
        logmaker_add(&maker, logmaker_entry(entry, ENTRY_BYTES, i,
                                            LOGMAKER_TIME_S - 1000000 + (int64_t)(i / 100)));
    logmaker_edge(&maker);
    logmaker_checkpoint(&maker, "checkpoint");
    logmaker_policy(&maker, "policy", NULL);
    logmaker_end(&maker);
}

/* Runs the program, its answer thrown away; must end with 0. How long it took, and its memory. */
static double run(char **argv, double *mib)
{
    const double start = bench_now();
    struct rusage usage;
    int status = -1;
    const pid_t child = fork();

    if (child == 0) {
        const int nowhere = open("/dev/null", O_WRONLY);

        (void)dup2(nowhere, STDOUT_FILENO);
        (void)execv(argv[0], argv);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0) {
        (void)fprintf(stderr, "register: %s log %s ended with %d\n", argv[0], argv[2], status);
        exit(1);
    }
    *mib = (double)usage.ru_maxrss / 1024;
    return bench_now() - start;
}

static void bench_verify(char *program, char *folder, const char *name, double limit_s, int rounds)
{
    char policy[300], line[100], log[] = "log", verify[] = "verify", option[] = "--policy";
    char *argv[] = {program, log, verify, folder, option, policy, NULL};
    double times[VERIFY_ROUNDS], mib = 0, peak = 0;

    (void)snprintf(policy, sizeof policy, "%s/policy", folder);
    for (int i = 0; i < rounds; i++) {
        times[i] = run(argv, &mib);
        peak = mib > peak ? mib : peak;
    }
    (void)snprintf(line, sizeof line, "register: verify %s", name);
    bench_line(line, bench_median(times, (size_t)rounds), "s", limit_s, 0);
    (void)snprintf(line, sizeof line, "register: memory to verify %s", name);
    bench_line(line, peak, "MiB", VERIFY_MIB, 0);
}

static void bench_prove(char *program, char *folder, uint64_t n)
{
    char policy[300], index[24], log[] = "log", prove[] = "prove", option[] = "--policy";
    char *argv[] = {program, log, prove, folder, index, option, policy, NULL};
    double times[PROOFS], mib;

    (void)snprintf(policy, sizeof policy, "%s/policy", folder);
    for (uint64_t i = 0; i < PROOFS; i++) {
        (void)snprintf(index, sizeof index, "%" PRIu64, i * 7919 * 131 % n);
        times[i] = run(argv, &mib) * 1000;
    }
    bench_line("register: a proof from tiles, program and all", bench_median(times, PROOFS), "ms",
               PROOF_MS, 0);
}

/* With a register of its own on the disk: reading it is part of the figure, from the page cache
 * when there is room. */
static void with_log(char *program, uint64_t n, const char *name, double limit_s, int rounds)
{
    char folder[64];

    bench_folder(folder, sizeof folder);
    make_log(folder, n);
    bench_verify(program, folder, name, limit_s, rounds);
    bench_prove(program, folder, n);
    bench_folder_end(folder);
}

int main(int argc, char **argv)
{
    const char *big = getenv("BENCH_BIG");

    if (argc != 2) {
        (void)fputs("usage: register PROGRAM\n", stderr);
        return 2;
    }
    with_log(argv[1], ENTRIES, "1,000,000 entries", VERIFY_S, VERIFY_ROUNDS);
    if (big != NULL && strcmp(big, "1") == 0)
        with_log(argv[1], BIG_ENTRIES, "10,000,000 entries", BIG_VERIFY_S, 1);
    return 0;
}
