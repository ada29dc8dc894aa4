/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Runs a tool of ours on small files in a folder of its own; no shell in between.
 */
#ifndef TESTS_TOOL_H
#define TESTS_TOOL_H

#include "cm.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TOOL_PATH = 512, TOOL_TEXT = 65536 };

struct tool_folder {
    char path[64];
    char said[TOOL_TEXT]; /* stderr of the last run */
};

static inline void tool_folder_make(struct tool_folder *folder)
{
    (void)snprintf(folder->path, sizeof folder->path, P_tmpdir "/filon-test-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
}

static inline int tool_remove_one(const char *path, const struct stat *what, int kind,
                                  struct FTW *where)
{
    (void)what, (void)kind, (void)where;
    return remove(path);
}

static inline void tool_folder_remove(struct tool_folder *folder)
{
    assert_int_equal(nftw(folder->path, tool_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

/* Writes folder/name; the folder of `name` is made when it is missing (one level). */
static inline void tool_put(const struct tool_folder *folder, const char *name, const char *text,
                            size_t len)
{
    char path[TOOL_PATH];
    const char *slash = strrchr(name, '/');

    if (slash != NULL) {
        (void)snprintf(path, sizeof path, "%s/%.*s", folder->path, (int)(slash - name), name);
        (void)mkdir(path, 0700);
    }
    (void)snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* Reads folder/name into `text` (zero-terminated, cut to TOOL_TEXT); its length. */
static inline size_t tool_get(const struct tool_folder *folder, const char *name,
                              char text[TOOL_TEXT])
{
    char path[TOOL_PATH];

    (void)snprintf(path, sizeof path, "%s/%s", folder->path, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    const size_t len = fread(text, 1, TOOL_TEXT - 1, file);
    text[len] = '\0';
    (void)fclose(file);
    return len;
}

/* Runs argv[0] (a path from the project's root) inside the folder; its exit status, -1 when it was
 * killed. */
static inline int tool_run(struct tool_folder *folder, char *const argv[])
{
    const int tool = open(argv[0], O_RDONLY | O_CLOEXEC);
    int status;

    assert_true(tool >= 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (chdir(folder->path) != 0)
            _exit(126);
        const int said = open("said", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (said < 0 || dup2(said, STDERR_FILENO) < 0)
            _exit(126);
        (void)fexecve(tool, argv, environ);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    (void)close(tool);
    (void)tool_get(folder, "said", folder->said);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
