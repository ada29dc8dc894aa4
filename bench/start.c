/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Starting and standing still: from exec to the first page with status 200, memory when nothing is
 * asked, size of the program. Usage: start PROGRAM DATA-FOLDER [path]. The folder must not be in
 * use.
 */
#include "bench.h"

#include "launch.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/stat.h>

enum { ROUNDS = 7, START_MS = 200, IDLE_MIB = 64, PROGRAM_MIB = 12, IDLE_SECONDS = 2 };

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int status_of(uint16_t port, const char *path)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    char text[4096] = "";
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int len =
        snprintf(text, sizeof text,
                 "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n", path, port);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (const struct sockaddr *)&to, sizeof to) != 0 ||
        write(fd, text, (size_t)len) != len || read(fd, text, sizeof text - 1) < 12) {
        (void)close(fd);
        return 0;
    }
    (void)close(fd);
    return atoi(text + 9);
}

static double start_ms(const char *program, const char *data, const char *path)
{
    struct server server;
    const double start = bench_now();

    launch(&server, program, data, NULL);
    const int status = status_of(server.port, path);
    const double ms = (bench_now() - start) * 1000;

    launch_stop(&server);
    if (status != 200) {
        (void)fprintf(stderr, "start: %s answered %d\n", path, status);
        exit(1);
    }
    return ms;
}

static double resident_mib(pid_t pid)
{
    char path[64], line[256];
    double kib = 0;

    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *status = fopen(path, "r");

    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, "VmRSS:", 6) == 0)
            kib = strtod(line + 6, NULL);
    if (status == NULL || fclose(status) != 0 || kib <= 0)
        fail(path);
    return kib / 1024;
}

static double idle_mib(const char *program, const char *data, const char *path)
{
    struct server server;

    launch(&server, program, data, NULL);
    for (int i = 0; i < 20; i++)
        (void)status_of(server.port, path);
    (void)sleep(IDLE_SECONDS);
    const double mib = resident_mib(server.pid);

    launch_stop(&server);
    return mib;
}

int main(int argc, char **argv)
{
    double times[ROUNDS];
    struct stat program;

    if (argc < 3) {
        (void)fputs("usage: start PROGRAM DATA-FOLDER [path]\n", stderr);
        return 2;
    }
    const char *path = argc > 3 ? argv[3] : "/en/";

    for (int i = 0; i < ROUNDS; i++)
        times[i] = start_ms(argv[1], argv[2], path);
    bench_line("start, exec to the first 200", bench_median(times, ROUNDS), "ms", START_MS, 0);
    bench_line("memory when idle", idle_mib(argv[1], argv[2], path), "MiB", IDLE_MIB, 0);
    if (stat(argv[1], &program) != 0)
        fail(argv[1]);
    bench_line("program", (double)program.st_size / (1 << 20), "MiB", PROGRAM_MIB, 0);
    return 0;
}
