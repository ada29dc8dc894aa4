/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tidy/tidy.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MEMORY = 512 << 20 };

void tidy_say(struct tidy *tidy, const char *path, size_t line, const char *format, ...)
{
    va_list args;

    tidy->found++;
    if (line > 0)
        printf("%s:%zu: ", path, line);
    else
        printf("%s: ", path);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

void tidy_warn(const char *path, const char *format, ...)
{
    va_list args;

    printf("%s: warning: ", path);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

void *tidy_take(struct tidy *tidy, size_t size)
{
    void *block = arena_take(&tidy->arena, size);

    if (block == NULL) {
        fputs("tidy: the tree is larger than tidy's memory\n", stderr);
        exit(2);
    }
    return block;
}

static int run(struct tidy *tidy)
{
    floors_read(tidy, "tools/floors.txt");
    ratchet_read(tidy, "tools/tidy.ratchet");
    tree_read(tidy);
    includes_check(tidy);
    words_check(tidy);
    lengths_check(tidy);
    headers_check(tidy);
    lang_check(tidy);
    if (tidy->objects != NULL)
        objects_check(tidy);
    ratchet_check(tidy);
    return tidy->found == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct tidy *tidy = calloc(1, sizeof *tidy);
    int answer = 2;

    if (argc > 2)
        fputs("usage: tidy [OBJECTS]\n", stderr);
    else if (tidy == NULL || !arena_init(&tidy->arena, MEMORY))
        fputs("tidy: out of memory\n", stderr);
    else {
        tidy->objects = argv[1];
        answer = run(tidy);
        arena_release(&tidy->arena);
    }
    free(tidy);
    return answer;
}
